"""Figures of the chapter on Microsoft."""

from typing import Any

from analysis.figures import rights
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import grouped_bars, ranged_bars, signed_columns, stacked_columns
from analysis.ledger import Ledger
from analysis.numbers import formats, quantities
from analysis.numbers.facts import Facts
from analysis.numbers.series import microsoft as series

RESULT_ROLES = {series.LOSS: "loss", series.GAIN: "value"}
ACCOUNT_ROLES = {
    series.PUT: "equity",
    series.WORTH: "other",
    series.BILLED: "customers",
    series.ORDERED: "orders",
}
REST = "other customers, or not split"
PARTS = {
    series.LEAST: series.OPENAI,
    series.OTHERS: REST,
    series.NOT_SPLIT: REST,
    series.NOT_TOLD: REST,
}  # as they are drawn
PART_ROLES = {series.OPENAI: "orders", REST: "other"}  # from below
SALES_ROLES = {series.SOLD: "customers", series.BOUGHT: "orders"}
CLOUD_ROLES = {series.BACKLOG: "other", series.CONTRACT: "orders"}


def fig_microsoft_rights(ledger: Ledger, scenario: str = "central") -> Any:
    """Swim lanes: who holds which right since when."""
    history = ledger.history["terms"]
    spells = series.rights_spells(ledger)
    if spells.empty:
        why = "No contract term known on this day states who holds a right."
        return empty_figure("fig-microsoft-rights", "Rights between Microsoft and OpenAI", ledger, why)
    title = series.rights_finding(spells)
    said = (f"{s.right}: {s.label} from {formats.day(s.start.date())}" for s in spells.itertuples())
    drawn, height, narrow_height = rights.lanes(spells)
    return make_figure(
        drawn,
        id="fig-microsoft-rights",
        title=title,
        subtitle=(
            "Who could use or sell what, and when. The stronger the colour, the more the right shuts others out."
            f"{' Dashed: no known term says.' * rights.has_blanks(spells)}"
        ),
        alt_text=describe(title, said),
        table=spells,
        columns={"right": "Right", "label": "State", "start": "From", "end": "To", "words": "In words"},
        ledger=ledger,
        rows=[history[history["term"].isin(series.LANES)]],
        note=series.rights_note(ledger, spells),
        height=round(height),
        narrow_height=round(narrow_height),
    )


def fig_microsoft_account(ledger: Ledger, scenario: str = "central") -> Any:
    """What Microsoft paid for shares beside what they are put at, and what OpenAI bought beside what it ordered."""
    f = Facts(ledger, "microsoft", scenario)
    frame = series.account(ledger, scenario)
    if frame.empty:
        why = "Neither what Microsoft put into OpenAI nor what it got is known by this day."
        return empty_figure("fig-microsoft-account", "Microsoft's account with OpenAI", ledger, why)
    title = series.account_finding(ledger, scenario)
    return make_figure(
        ranged_bars(
            frame,
            {"what": "What", "low": "Solid part, US$ bn", "high": "US$ bn", "label": "In words"},
            name="what",
            kind="kind",
            colours=ACCOUNT_ROLES,
            has_legend=False,
        ),
        id="fig-microsoft-account",
        title=title,
        subtitle="US$ bn. Grey: a value on paper. Hollow: promised, or not yet paid.",
        alt_text=describe(title, (f"{r.what}: {r.label}" for r in frame.itertuples())),
        table=frame[["what", "low", "high", "label"]],
        columns={"what": "What", "low": "Solid part, US$ bn", "high": "US$ bn", "label": "In words"},
        ledger=ledger,
        rows=[
            f.last("microsoft", "invested_in_openai"),
            f.last("microsoft", "spend_on_openai_cumulative"),
            f.last("microsoft", "revenue_from_openai"),
            f.last("microsoft", "receivable_from_openai"),
            f.last("microsoft", "stake_value_openai"),
            f.last("microsoft", "stake_pct_of_openai"),
            *quantities.closing_of_2026(f),
            f.last("openai", "valuation_post_money"),
            f.payments(payer="openai", payee="microsoft", kind="compute"),
        ],
        note=series.account_note(frame, ledger),
    )


def fig_microsoft_result(ledger: Ledger, scenario: str = "central") -> Any:
    """Microsoft's result from OpenAI by quarter, gaps marked."""
    f = Facts(ledger, "microsoft", scenario)
    frame = series.quarterly_results(ledger)
    if frame["value"].dropna().empty:
        why = "Microsoft has not itemised it by this day."
        return empty_figure("fig-microsoft-result", "Microsoft's result from OpenAI", ledger, why)
    title = series.result_finding(ledger, scenario)
    said = (f"{r.quarter} {r.label or series.GAP}" for r in frame.itertuples())
    return make_figure(
        signed_columns(
            frame,
            {"quarter": "Quarter", "value": "US$ bn, before tax", "net": "US$ bn, after tax", "kind": "Basis"},
            kind="sign",
            colours=RESULT_ROLES,
            pale="is_estimated",
            outlined=("part", "part_label"),
            missing=series.GAP,
        ),
        id="fig-microsoft-result",
        title=title,
        subtitle=series.result_subtitle(frame),
        alt_text=describe(title, said),
        table=frame.assign(kind=frame["kind"].where(frame["value"].notna(), series.GAP)),
        columns={
            "quarter": "Quarter",
            "value": "Before tax, US$ bn",
            "net": "After tax, US$ bn",
            "kind": "Basis before tax",
            "part": "OpenAI's published loss by the stake, US$ bn",
        },
        ledger=ledger,
        rows=[
            *(f.quarters("microsoft", f"equity_method_result_openai{end}") for end in ("_pretax", "")),
            f.quarters("microsoft", "revenue").tail(1),  # says that a quarter without a result is over
            f.happened("openai", "net_loss", months=3),
        ],
        note=series.result_note(frame),
    )


def fig_microsoft_backlog(ledger: Ledger, scenario: str = "central") -> Any:
    """Backlog by quarter, with OpenAI's part where it is published."""
    f = Facts(ledger, "microsoft", scenario)
    parts, whole = series.backlog_parts(ledger)
    if whole.empty:
        why = "No backlog is in the ledger by this day."
        return empty_figure("fig-microsoft-backlog", "Microsoft's backlog", ledger, why)
    title = series.backlog_finding(ledger, scenario)
    table = parts.pivot_table(index="quarter", columns="part", values="value", sort=False)
    table = table.reindex(
        index=whole["quarter"],
        columns=[series.OPENAI, series.LEAST, series.OTHERS, series.NOT_SPLIT, series.NOT_TOLD],
    )
    has_least = bool(parts["part"].eq(series.LEAST).any())
    return make_figure(
        stacked_columns(
            parts.replace({"part": PARTS}),
            {"quarter": "End of", "part": "Customers", "value": "US$ bn"},
            part="part",
            colours=PART_ROLES,
            totals=whole,
            inside="told",
            planned="is_untold",
        ),
        id="fig-microsoft-backlog",
        title=title,
        subtitle=(
            "What customers had promised Microsoft at the end of each quarter, US$ bn. Dashed: not split by Microsoft."
        ),
        alt_text=describe(title, (f"{r.quarter}: {r.label}" for r in whole.itertuples())),
        table=table.assign(whole=whole["value"].to_list()).reset_index(),
        columns={"quarter": "End of"} | {p: f"{p}, US$ bn" for p in table.columns} | {"whole": "Total, US$ bn"},
        ledger=ledger,
        rows=[f.metric("microsoft", "rpo"), f.metric("microsoft", "openai_share_of_rpo")],
        note="Solid where Microsoft gives it. A plus is the least that it can be: it need not have shrunk."
        if has_least
        else "",
    )


def fig_microsoft_sales(ledger: Ledger, scenario: str = "central") -> Any:
    """OpenAI's own sales in a year beside what Microsoft took in from it."""
    frame, rows = series.sold_and_bought(ledger)
    if frame.empty:
        why = "No year is known of which both are told."
        return empty_figure("fig-microsoft-sales", "OpenAI's sales and Microsoft's", ledger, why)
    title = series.sold_finding(frame)
    return make_figure(
        grouped_bars(
            frame,
            {"year": "Year", "side": "What", "value": "US$ bn"},
            name="year",
            group="side",
            colours=SALES_ROLES,
            thickness=22,
        ),
        id="fig-microsoft-sales",
        title=title,
        subtitle="US$ bn in the same twelve months.",
        alt_text=describe(title, (f"{r.year}, {r.side}: {r.label}" for r in frame.itertuples())),
        table=frame[["year", "side", "value"]],
        columns={"year": "Year", "side": "What", "value": "US$ bn"},
        ledger=ledger,
        rows=rows,
        note=(
            "Microsoft's sum is revenue recorded, paid or not; it includes its share of OpenAI's sales, and computing"
            " for research."
        ),
    )


def fig_microsoft_clouds(ledger: Ledger, scenario: str = "central") -> Any:
    """Backlogs of the clouds beside their contracts with OpenAI."""
    frame, rows = series.clouds(ledger)
    if frame.empty:
        why = "No backlog is in the ledger by this day."
        return empty_figure("fig-microsoft-clouds", "Backlogs of OpenAI's clouds", ledger, why)
    title = series.clouds_finding(frame)
    return make_figure(
        grouped_bars(
            frame,
            {"cloud": "Cloud", "what": "What", "value": "US$ bn"},
            name="cloud",
            group="what",
            colours=CLOUD_ROLES,
            thickness=15,
        ),
        id="fig-microsoft-clouds",
        title=title,
        subtitle="US$ bn: the newest backlog, and the price of OpenAI's orders signed by its day.",
        alt_text=describe(title, (f"{r.cloud}, {r.what}: {r.label}" for r in frame.itertuples())),
        table=frame.drop(columns=["is_open", "now", "is_now_open"]),
        columns={"cloud": "Cloud", "what": "What", "value": "US$ bn"},
        ledger=ledger,
        rows=rows,
        note=(
            "An order is no part of a backlog until it is booked, and leaves it as it is billed. Where a bar is"
            " missing, no order had a price by that day."
        ),
    )
