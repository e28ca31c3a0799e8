"""Figures of SoftBank's money, and of who carries the risk."""

from typing import Any

from analysis.figures import marks
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.ledger import Ledger
from analysis.numbers.series.oracle_softbank import softbank
from analysis.numbers.vintages import story_start

MONEY_ROLES = {
    softbank.INTO: "equity",
    softbank.BOUGHT: "other",
    softbank.BORROWED: "debt",
    softbank.SOLD: "value",
}
RISK_ROLES = {
    softbank.LEASES: "orders",
    softbank.DEBT: "debt",
    softbank.GUARANTEE: "guarantees",
    softbank.EQUITY: "equity",
    softbank.OWN: "customers",
}


def fig_oracle_risk(ledger: Ledger, scenario: str = "central") -> Any:
    """The largest known promises behind the buildout besides OpenAI's own, by who bears them."""
    frame, rows = softbank.risks(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-oracle-risk", "Who carries the risk", ledger, "No promise is known by this day.")
    title = softbank.risks_finding(frame)
    return make_figure(
        marks.labelled_bars(
            frame,
            {"name": "Who and what", "kind": "Kind", "label": "US$ bn", "value": "US$ bn"},
            kind="kind",
            colours=RISK_ROLES,
            thickness=18,
            step=36,
        ),
        id="fig-oracle-risk",
        title=title,
        subtitle="Largest known promises behind the buildout besides OpenAI's own, US$ bn. "
        "They overlap: rent pays the builders' loans.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"name": "Who and what", "kind": "Kind", "value": "US$ bn"},
        ledger=ledger,
        rows=rows,
        note="Oracle's are for all its customers. Loans for sites count when reported, too; other clouds are left out."
        + softbank.more_leases(ledger, scenario),
    )


def fig_softbank_sources(ledger: Ledger, scenario: str = "central") -> Any:
    """SoftBank's uses and then its sources since the story starts."""
    rows = softbank.deals_since_start(ledger, scenario)
    frame = softbank.sums(rows)
    if frame.empty:
        why = "No payment is known by this day."
        return empty_figure("fig-softbank-sources", "SoftBank's sources and uses", ledger, why)
    parts = softbank.in_parts(ledger, frame, scenario)
    title, since = softbank.sums_finding(ledger, parts), story_start(ledger).year
    drawn, height = marks.stacks(
        softbank.stacked(parts),
        {"name": "For", "money": "Kind", "label": "Low to high, US$ bn", "value": "US$ bn"},
        kind="money",
        colours=MONEY_ROLES,
        hollow="is_to_come",
    )
    return make_figure(
        drawn,
        id="fig-softbank-sources",
        title=title,
        subtitle=f"Deals known since {since}, press reports included, US$ bn. Hollow: signed, announced or lined up,"
        " not known to be paid or drawn.",
        alt_text=describe(title, (f"{r.money}, {r.name}: {r.label}" for r in parts.itertuples())),
        table=rows,
        columns={
            "money": "Kind",
            "payer_name": "From",
            "payee_name": "To",
            "deal": "Deal",
            "low_usd_bn": "At least, US$ bn",
            "high_usd_bn": "At most, US$ bn",
            "status": "Status",
        },
        ledger=ledger,
        rows=[rows],
        note="The two need not match: new loans repay old ones, and operating cash, dividends and loans that are only"
        " talked of are not counted.",
        height=round(height),
        narrow_height=round(height),
    )
