"""Figure of a default: who misses what when OpenAI pays less."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import grouped_bars
from analysis.ledger import Ledger
from analysis.numbers.facts import Facts
from analysis.numbers.series import sustainability as series

LOSS_ROLES = ("other", "second", "loss")  # the less OpenAI pays, the redder


def fig_sustainability_clearing(ledger: Ledger, scenario: str = "central") -> Any:
    """Who misses what when OpenAI pays less of a year's contracts."""
    table = series.stressed(ledger, scenario)
    if table.empty:
        why = "No contract with a price is known by this day."
        return empty_figure("fig-sustainability-clearing", "If OpenAI pays less", ledger, why)
    title, frame = series.losses_finding(table), series.losses(table)
    levels = list(dict.fromkeys(frame["pays"]))
    told = frame.sort_values(["share", "party"], ascending=[False, True])
    return make_figure(
        grouped_bars(
            frame,
            {"name": "Creditor", "pays": "OpenAI", "missing": "shortfall in the year, US$ bn"},
            group="pays",
            value="missing",
            colours=dict(zip(levels, LOSS_ROLES, strict=True)),
            thickness=11,
        ),
        id="fig-sustainability-clearing",
        title=title,
        subtitle=(
            f"Shortfall of each creditor if OpenAI pays 75, 50 or 25% of the contracts of {table['year'].iloc[0]},"
            " first round and chain, US$ bn."
        ),
        alt_text=describe(title, (f"{n} {p}: {v}" for n, p, v in told[["name", "pays", "label"]].to_numpy())),
        table=table,
        columns={
            "percent": "OpenAI pays, %",
            "name": "Creditor",
            "first_round": "First round, US$ bn",
            "chain": "Through the chain, US$ bn",
        },
        ledger=ledger,
        rows=[Facts(ledger, "sustainability").payments(payer="openai", scope="openai")],
        note=(
            "Suppliers pay their guided spending from cash flow, cash and what they get; no new loans. Suppliers"
            " without published accounts lose only what OpenAI does not pay."
        ),
    )
