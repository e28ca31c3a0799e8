"""Figure of computing by capacity: the gap by rent."""

from typing import Any

import altair as alt

from analysis.figures.figure import empty_figure, make_figure, padded_scale
from analysis.figures.marks import layered, lines, reference_rules
from analysis.figures.palette import series as series_roles
from analysis.ledger import Ledger
from analysis.numbers.series import sustainability as series
from analysis.numbers.sustainability import capacity, cash


def fig_sustainability_rent(ledger: Ledger, scenario: str = "central") -> Any:
    """The gap by rent of a gigawatt-year."""
    frame, ends = series.rent_lines(ledger, scenario), series.rent_ends(ledger, scenario)
    if frame.empty:
        why = "OpenAI's live capacity is not published by this day."
        return empty_figure("fig-sustainability-rent", "The gap by rent", ledger, why)
    title = series.rent_finding(ends)
    names = list(dict.fromkeys(frame["path"]))
    x_scale = alt.Scale(domain=[frame["rent"].min(), frame["rent"].max()], nice=False)
    chart = lines(
        frame,
        {"path": "Capacity", "rent": "Rent, US$ bn", "gap": "gap, US$ bn"},
        line="path",
        x="rent",
        value="gap",
        colours=series_roles(names),
        x_title="rent of a gigawatt for a year, US$ bn",
        x_scale=x_scale,
        y_scale=padded_scale(frame["gap"], 0.1),
        has_points=False,
        legend_columns=3,
    )
    table = frame[frame["rent"] % 2 == 0].pivot(index="rent", columns="path", values="gap").reset_index()
    return make_figure(
        layered(chart, *reference_rules(ends, x="rent", label="label", x_scale=x_scale), height=300),
        id="fig-sustainability-rent",
        title=title,
        subtitle=(
            "Gap in the last year when computing is capacity times rent instead of the contracts; central choices, no"
            " surprises."
        ),
        alt_text=f"{title}. Lines rise with the rent, one for each capacity: {', '.join(names)}.",
        table=table,
        columns={"rent": "Rent, US$ bn per GW-year"} | {name: f"Gap at {name}, US$ bn" for name in names},
        ledger=ledger,
        rows=[capacity.models_with_rent(ledger), *cash.calibrated_on(ledger)],
        note="Grey dashes: the rent that bottom-up costs give, and the one that a bank's totals imply.",
    )
