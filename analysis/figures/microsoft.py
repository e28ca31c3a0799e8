"""Figures of the chapter on Microsoft."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import grouped_bars, labelled_bars, labelled_columns, lanes, ranged_bars, stacked_columns
from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import formats, quantities
from analysis.numbers import microsoft as numbers
from analysis.numbers.facts import Facts
from analysis.numbers.series import microsoft as series

STATE_ROLES = {
    "exclusive": "orders",
    "first_refusal": "value",
    "held": "live",
    "open": "other",
    "distributor": "amazon",
    "disputed": "disputed",
}
LINE_ROLES = {series.BEFORE_TAX: "first", series.AFTER_TAX: "second"}
WAY_ROLES = {series.OURS: "first", series.PUBLISHED: "second", series.REPORTED: "other"}
PART_ROLES = {series.NOT_SPLIT: "other", series.OTHERS: "first", series.OPENAI: "second"}
MONEY_ROLES = {series.PAID_IN: "equity", series.ON_PAPER: "value"}


def fig_microsoft_rights(ledger: Ledger, scenario: str = "central") -> Any:
    """Swim lanes: who holds which right since when."""
    history = ledger.history["terms"]
    spells, left = series.rights_spells(ledger)
    if spells.empty:
        why = "No contract term known on this day states who holds a right."
        return empty_figure("fig-microsoft-rights", "Rights between Microsoft and OpenAI", ledger, why)
    title = series.rights_finding(spells)
    changes = int((spells["since"] > left).sum())
    said = (f"{s.lane} {s.label} from {formats.day(s.since.date())}" for s in spells.itertuples())
    return make_figure(
        lanes(
            spells,
            {"lane": "Right", "label": "State", "since": "Since", "words": "In words"},
            kind="label",
            colours={t: STATE_ROLES[s] for s in STATE_ROLES for t in spells.loc[spells["state"] == s, "label"]},
            label="inside",
            order=[lane for lane in series.LANES.values() if lane in set(spells["lane"])],
            legend_columns=3,
        ),
        id="fig-microsoft-rights",
        title=title,
        subtitle=(
            f"Who holds each right, {left:%B %Y} to {ledger.as_of:%B %Y}. Read from the contract terms in the ledger."
        ),
        alt_text=f"{title}. Four lanes of rights with {changes} changes since {left:%B %Y}: {'; '.join(said)}.",
        table=spells,
        columns={"lane": "Right", "label": "State", "since": "From", "end": "To", "words": "In words"},
        ledger=ledger,
        rows=[history[history["term"].isin(series.LANES)]],
        note="A lane starts where it enters the picture; older dates are in the data.",
    )


def fig_microsoft_stake(ledger: Ledger, scenario: str = "central") -> Any:
    """Stake by round, with the range after the newest one."""
    f = Facts(ledger, "microsoft", scenario)
    frame, rounds = series.stakes(ledger), f.deal("openai-round-2026")
    if frame.empty:
        why = "No stake is published by this day."
        return empty_figure("fig-microsoft-stake", "Microsoft's stake in OpenAI", ledger, why)
    first, last = frame["label"].iloc[0], frame["label"].iloc[-1]
    title = (
        f"Microsoft's share of OpenAI has gone from {first} to {last}"
        if len(frame) > 1
        else f"Microsoft owns {first} of OpenAI"
    )
    note = (
        "After the round: low if Microsoft took no part, high if it put in all that no one else is known to have"
        " put in."
    )
    return make_figure(
        ranged_bars(frame, {"stage": "Stage", "low": "per cent of OpenAI", "label": "Stake"}, name="stage"),
        id="fig-microsoft-stake",
        title=title,
        subtitle="As-converted stake in per cent; the pale part is a range.",
        alt_text=describe(title, (f"{r.stage}, {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"stage": "Stage", "low": "Low, %", "high": "High, %"},
        ledger=ledger,
        rows=[f.metric("microsoft", "stake_pct_of_openai"), rounds],
        note=note if len(rounds) else "",
    )


def fig_microsoft_return(ledger: Ledger, scenario: str = "central") -> Any:
    """Money in, and what the stake is said to be worth."""
    f = Facts(ledger, "microsoft", scenario)
    frame = series.money_and_value(ledger)
    if frame.empty:
        return empty_figure("fig-microsoft-return", "Money in and value", ledger, "Neither is known by this day.")
    multiple = next(r for r in numbers.stake(ledger, scenario) if r.key == "microsoft.multiple")
    times = formats.quantity(None, "x", multiple.low, multiple.high, has_unit=False)
    title = (
        f"On paper Microsoft's stake is worth {times} times its money; none of it is cash"
        if multiple.low is not None
        else "What Microsoft has put into OpenAI"
    )
    return make_figure(
        ranged_bars(
            frame,
            {"what": "What", "low": "US$ bn", "label": "Amount, US$ bn", "kind": "Kind"},
            name="what",
            kind="kind",
            colours=MONEY_ROLES,
        ),
        id="fig-microsoft-return",
        title=title,
        subtitle="US$ bn; the pale part is a range.",
        alt_text=describe(title, (f"{r.what}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"what": "What", "low": "Low, US$ bn", "high": "High, US$ bn", "kind": "Kind"},
        ledger=ledger,
        rows=[
            f.last("microsoft", "invested_in_openai"),
            f.last("microsoft", "stake_value_openai"),
            f.deal("microsoft-openai-equity-total"),
            f.deal("openai-round-2026"),
        ],
    )


def fig_microsoft_result(ledger: Ledger, scenario: str = "central") -> Any:
    """Microsoft's result from OpenAI by quarter, before and after tax."""
    frame = series.quarterly_results(ledger)
    if frame.empty:
        why = "Microsoft has not itemised it by this day."
        return empty_figure("fig-microsoft-result", "Microsoft's result from OpenAI", ledger, why)
    title, is_gain = series.result_finding(frame)
    return make_figure(
        grouped_bars(
            frame,
            {"quarter": "Quarter", "line": "Line", "value": "US$ bn", "basis": "Basis"},
            name="quarter",
            group="line",
            colours=LINE_ROLES,
            thickness=16,
        ),
        id="fig-microsoft-result",
        title=title,
        subtitle=(
            "Equity-method result from OpenAI by quarter, US$ bn. Quarters that Microsoft has not itemised are missing."
        ),
        alt_text=describe(title, (f"{r.quarter} {r.line} {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"quarter": "Quarter", "line": "Line", "value": "US$ bn", "basis": "Basis"},
        ledger=ledger,
        rows=[frame],
        note="The gain comes from new shares sold to others at a higher price; no cash reached Microsoft." * is_gain,
    )


def fig_microsoft_implied_loss(ledger: Ledger, scenario: str = "central") -> Any:
    """OpenAI's quarterly loss by every pair of result and stake, beside what others derived."""
    frame, rows = series.losses(ledger, scenario)
    if frame.empty:
        why = "No quarterly loss can be inferred by this day."
        return empty_figure("fig-microsoft-implied-loss", "The loss behind Microsoft's result", ledger, why)
    found = numbers.result(ledger, scenario).by_name()
    title = (
        f"OpenAI lost {found['implied_loss'].text} in {found['loss_quarter'].value}, "
        "depending on which result and which stake you take"
    )
    return make_figure(
        labelled_bars(
            frame,
            {"way": "Way", "value": "US$ bn, loss of the quarter", "kind": "Kind"},
            name="way",
            kind="kind",
            colours=WAY_ROLES,
        ),
        id="fig-microsoft-implied-loss",
        title=title,
        subtitle="Microsoft's part of the loss divided by its stake, US$ bn.",
        alt_text=describe(title, (f"{r.way}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"way": "Way", "value": "US$ bn", "kind": "Kind"},
        ledger=ledger,
        rows=rows,
        note="The matching pairs are after tax with the new stake (press) and before tax with the old one (Bernstein).",
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
    table = table.reindex(index=whole["quarter"], columns=list(reversed(PART_ROLES)))
    return make_figure(
        stacked_columns(
            parts,
            {"quarter": "End of", "part": "Customers", "value": "US$ bn"},
            part="part",
            colours=PART_ROLES,
            totals=whole,
        ),
        id="fig-microsoft-backlog",
        title=title,
        subtitle="Commercial remaining performance obligation at the end of each quarter, US$ bn.",
        alt_text=describe(title, (f"{r.quarter}: {r.label}" for r in whole.itertuples())),
        table=table.assign(whole=whole["value"].to_list()).reset_index(),
        columns={"quarter": "End of"} | {p: f"{p}, US$ bn" for p in table.columns} | {"whole": "Total, US$ bn"},
        ledger=ledger,
        rows=[f.metric("microsoft", "rpo"), f.metric("microsoft", "openai_share_of_rpo")],
    )


def fig_microsoft_azure_years(ledger: Ledger, scenario: str = "central") -> Any:
    """The Azure contract spread over years, with the range of the assumed terms."""
    f = Facts(ledger, "microsoft", scenario)
    rows = f.payments(payer="openai", payee="microsoft", kind="compute")
    total = deals.total(rows)
    if not total.high:
        why = "The size of the Azure contract is not known by this day."
        return empty_figure("fig-microsoft-azure-years", "Azure spending by year", ledger, why)
    frame = quantities.yearly_range(f, rows)
    term = f.choices["term_years.compute"]
    per_year = formats.span(total.high / term.high, total.high / term.low, "usd_bn")
    title = (
        f"{formats.amount(total.high, 'usd_bn')} of Azure means {per_year} a year on average, and no schedule is"
        " published"
    )
    said = (f"{r.year}: {r.central:.0f}, from {r.low:.0f} to {r.high:.0f}" for r in frame.itertuples())
    return make_figure(
        labelled_columns(
            frame,
            {"year": "Year", "central": "US$ bn a year", "low": "Low, US$ bn", "high": "High, US$ bn"},
            value="central",
            colours="orders",
            spread=("low", "high"),
        ),
        id="fig-microsoft-azure-years",
        title=title,
        subtitle=(
            "Contract amount by calendar year, US$ bn: bar with our central choice of term and ramp, line from the"
            " lowest to the highest."
        ),
        alt_text=describe(title, said),
        table=frame,
        columns={
            "year": "Year",
            "central": "Central, US$ bn",
            "low": "Low",
            "high": "High",
            "is_assumed": "Share on assumed dates",
        },
        ledger=ledger,
        rows=[rows],
        note="No schedule and no end date are published: every bar rests on an assumed term.",
    )
