"""Figures of computing by capacity: the gap by rent, and what a gigawatt has brought."""

from typing import Any

import altair as alt

from analysis.figures.figure import describe, empty_figure, make_figure, padded_scale
from analysis.figures.marks import labelled_columns, layered, lines, reference_rules
from analysis.figures.palette import series as series_roles
from analysis.ledger import Ledger
from analysis.numbers.facts import Facts
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


def fig_sustainability_per_gw(ledger: Ledger, scenario: str = "central") -> Any:
    """Revenue for each live gigawatt."""
    f = Facts(ledger, "sustainability", scenario)
    frame = series.per_gw(ledger, scenario)
    if frame.empty:
        why = "OpenAI has not published its live capacity by this day."
        return empty_figure("fig-sustainability-per-gw", "Revenue for each gigawatt", ledger, why)
    plan = f.metric("openai", "compute_capacity_commitments").sort_values("as_of").tail(1)
    title = series.per_gw_finding(frame, plan)
    return make_figure(
        labelled_columns(
            frame,
            {"end": "End of", "per_gw": "US$ bn per GW"},
            x="end",
            value="per_gw",
            label="label",
            colours="customers",
            height=220,
            width=60,
        ),
        id="fig-sustainability-per-gw",
        title=title,
        subtitle=(
            "Annualised revenue over compute in use at the end of each year, US$ bn per GW, as the company published"
            " both."
        ),
        alt_text=describe(title, (f"{r.end}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"end": "End of", "revenue": "Annualised revenue, US$ bn", "gw": "GW", "per_gw": "US$ bn per GW"},
        ledger=ledger,
        rows=[f.metric("openai", "compute_capacity"), f.metric("openai", "annualized_revenue", basis="actual"), plan],
        note=(
            f"Only {len(frame)} points, published at once; nothing says that the next gigawatt sells as well as the"
            " last."
        ),
    )
