"""SoftBank's sources and uses, and who carries the risk: tables of the figures, their findings."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure import backers, measured
from analysis.numbers.exposure.liabilities import suppliers
from analysis.numbers.facts import NAN, Facts, ratio, value
from analysis.numbers.oracle_softbank import backer
from analysis.numbers.vintages import story_start

INTO, BOUGHT, BORROWED, SOLD = "into OpenAI", "other purchases", "loans", "shares sold"
PAID, DUE, STAKE_SOLD = "Paid into OpenAI", "Still due to OpenAI", "OpenAI shares sold"
BUYS, TO_BORROW = "Other purchases, signed", "Loans and bonds, announced"
DRAWN, UNDRAWN = "Bridge loan of 2026, drawn for OpenAI", "Bridge loan of 2026, the rest"
NAMES = {
    backer.BRIDGE: "Bridge loan of 2026, the facility",
    "softbank-bridge-2025": "Bridge loan of 2025",
    "softbank-arm-margin-loan-drawdown": "Drawn on Arm shares",
    "softbank-tmobile-sale": "T-Mobile shares sold",
    "softbank-nvidia-sale": "NVIDIA shares sold",
}
SMALL = {
    PAID: "Paid into OpenAI",
    DUE: "Still due to OpenAI",
    BOUGHT: "Other purchases",
    BORROWED: "Bonds",
    SOLD: "Others",
}
USES, SOURCES = "What it pays for", "Where it is from"  # stacks of the picture
SIDES = {INTO: USES, BOUGHT: USES, BORROWED: SOURCES, SOLD: SOURCES}
TO_COME = {USES: "still to pay", SOURCES: "lined up"}
ORACLE, LEASES_SIGNED = "oracle", "leases_not_commenced"
LEASES, DEBT, GUARANTEE, EQUITY, OWN = "leases", "debt", "guarantee", "equity", "customers' own"


def deals_since_start(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return SoftBank's uses and sources since the story starts: rows of deals with money, name and the parties."""
    f = Facts(ledger, "oracle_softbank", scenario)
    bought = f.payments(payer="softbank", kind="equity", with_reported=False)
    loans = backer.loans(f)
    is_openai, is_paid = bought["payee"] == "openai", bought["status"] == "closed"
    rows = pd.concat(
        [
            bought[is_openai & is_paid].assign(money=INTO, name=PAID),
            bought[is_openai & ~is_paid].assign(money=INTO, name=DUE),
            bought[~is_openai & is_paid].assign(money=BOUGHT),
            bought[~is_openai & ~is_paid].assign(money=BOUGHT, name=BUYS),
            loans.assign(money=BORROWED, name=loans["status"].map({"announced": TO_BORROW})),
            backer.sales(f).assign(money=SOLD),
            backer.sales(f, of_openai=True).assign(money=SOLD, name=STAKE_SOLD),
        ]
    )
    rows = rows[rows["first_as_of"] >= story_start(ledger)]
    return rows.assign(
        name=rows["name"].where(rows["name"].notna(), rows["deal"].map(NAMES).fillna(rows["money"].map(SMALL))),
        payer_name=[ledger.name(p) for p in rows["payer"]],
        payee_name=[ledger.name(p) for p in rows["payee"]],
    )


def sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of `deals_since_start` by name if an amount is published: name, money, value (US$ bn), label."""
    found = []
    for (money, name), part in rows.groupby(["money", "name"], sort=False):
        total = deals.total(part)
        label = formats.quantity(None, "usd_bn", total.low, total.high, total.is_open, has_unit=False)
        found.append((name, money, total.high, label))
    frame = pd.DataFrame(found, columns=["name", "money", "value", "label"])
    frame = frame[frame["value"] > 0]
    order = frame["money"].map([INTO, BOUGHT, BORROWED, SOLD].index)
    return frame.assign(order=order).sort_values(["order", "value"], ascending=[True, False], ignore_index=True)


def in_parts(ledger: Ledger, frame: pd.DataFrame, scenario: str = "central") -> pd.DataFrame:
    """Return the `sums` with the bridge loan of 2026 in two, what is known to be drawn and the rest; and is_to_come.

    What is to come is signed or announced, and not known to have been paid; it is last of its stack.
    """
    f = Facts(ledger, "oracle_softbank", scenario)
    bridge, drawn = frame[frame["name"] == NAMES[backer.BRIDGE]], backer.drawn_of_bridge(f)
    paid = deals.total(drawn).high if len(drawn) else 0.0
    is_all = f.deal(backer.BRIDGE)["status"].eq(deals.CLOSED).any()
    parts = [frame.drop(bridge.index)]
    for row in bridge.to_dict("records"):
        known = row["value"] if is_all else min(paid, row["value"])
        parts += [
            pd.DataFrame([row | {"name": name, "value": v, "label": formats.amount(v, "usd_bn", has_unit=False)}])
            for name, v in ((DRAWN, known), (UNDRAWN, row["value"] - known))
            if v > 0
        ]
    made = pd.concat(parts)
    side = made["money"].map(SIDES)
    made = made.assign(
        is_to_come=made["name"].isin([DUE, BUYS, UNDRAWN, TO_BORROW]), side=side, is_source=side == SOURCES
    )
    return made.sort_values(
        ["is_source", "is_to_come", "order", "value"], ascending=[True, True, True, False], ignore_index=True
    )


def stacked(parts: pd.DataFrame) -> pd.DataFrame:
    """Return the `in_parts` with stack: what a use or a source is a part of, its sum, and what is to come, in lines."""
    heads = {}
    for side, rows in parts.groupby("side"):
        moved, to_come = (rows.loc[rows["is_to_come"] == flag, "value"].sum() for flag in (False, True))
        more = f"and {formats.rounded(to_come, 0)}bn {TO_COME[str(side)]}" if to_come >= 0.5 else ""
        heads[side] = f"{side}\n{formats.or_nothing(formats.whole_bn(moved))}\n{more}"
    return parts.assign(stack=parts["side"].map(heads))


def sums_finding(ledger: Ledger, parts: pd.DataFrame) -> str:
    """Return in a sentence what SoftBank has paid OpenAI, and what it is known to have borrowed (see `in_parts`)."""
    moved = parts[~parts["is_to_come"]]
    paid, borrowed = (moved.loc[moved[c] == key, "value"].sum() for c, key in (("name", PAID), ("money", BORROWED)))
    if not paid:
        return "What SoftBank has promised and where the money comes from"
    words = f"Since {story_start(ledger).year} SoftBank has paid OpenAI {formats.amount(paid, 'usd_bn')}"
    return f"{words} and borrowed at least {formats.whole_bn(borrowed)}" if borrowed else words


def risks(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the largest known promises behind the buildout by who bears them, the largest first, and the rows.

    Returns
    -------
    DataFrame
        name, who, kind, value (US$ bn), label.
    list of DataFrame
        The rows behind it.
    """
    f = Facts(ledger, "oracle_softbank", scenario)
    leases, debt = f.last("oracle", "leases_not_commenced"), f.last("oracle", "total_debt")
    own = f.last("oracle", "rpo_customer_funded_equipment")
    of_deals = {
        ("Loans and bonds for sites, {}", "lenders to builders", DEBT): backers.site_loans(f),
        ("NVIDIA: guarantee in Ohio, at most", "NVIDIA", GUARANTEE): deals.signed(
            f.deal("nvidia-openai-guarantee-ohio")
        ),
        ("SoftBank: paid for shares of OpenAI", "SoftBank", EQUITY): f.payments(
            payer="softbank", payee="openai", kind="equity"
        ).query("status == 'closed'"),
        ("SoftBank: bridge loan of 2026, the facility", "SoftBank", DEBT): backer.unpaid(f, "softbank-bridge-2026"),
    }
    found = [
        (
            f"{name}, {rows['end'].iloc[0]:%B %Y}",
            who,
            kind,
            value(rows),
            formats.amount(value(rows), "usd_bn", has_unit=False),
        )
        for name, who, kind, rows in (
            ("Oracle: leases not begun", "Oracle", LEASES, leases),
            ("Oracle: debt without leases", "Oracle", DEBT, debt),
            ("Customers of Oracle: own chips or prepayment", "Oracle's customers", OWN, own),
        )
        if len(rows)
    ]
    for (name, who, kind), rows in of_deals.items():
        total = deals.total(rows)
        if total.high > 0:
            label = formats.quantity(None, "usd_bn", total.low, total.high, total.is_open, has_unit=False)
            counted = formats.counted(len(rows), "deal", "deals")
            found.append((name.format(counted), who, kind, total.high, label))
    frame = pd.DataFrame(found, columns=["name", "who", "kind", "value", "label"])
    frame = frame.sort_values("value", ascending=False, kind="stable", ignore_index=True)
    return frame, [leases, debt, own, *of_deals.values()]


def larger_leases(ledger: Ledger, scenario: str = "central") -> tuple[str, float]:
    """Return the cloud that has signed for most leases, if for more than Oracle, and its sales in Oracle's (a ratio).

    Returns
    -------
    str, float
        "" and NaN where none has signed for more, or where sales of one of them are not published.
    """
    f = Facts(ledger, "oracle_softbank", scenario)
    signed = {party: value(f.last(party, LEASES_SIGNED)) for party in (*suppliers(f), ORACLE)}
    most = max(signed, key=lambda party: (signed[party] if signed[party] == signed[party] else 0.0, party == ORACLE))
    times = ratio(*(measured.revenue(f, party).value for party in (most, ORACLE)))
    return (short_name(ledger.name(most)), times) if most != ORACLE and times == times else ("", NAN)


def risks_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence who bears the largest of the `risks`."""
    first = frame.iloc[0]
    amount = formats.amount(first["value"], "usd_bn")
    if first["kind"] != LEASES:
        return f"The largest of these promises lies with {first['who']}: {amount} of {first['kind']}"
    words = f"{first['who']} has signed for {amount} of leases for all its customers"
    debt = frame.loc[(frame["who"] == first["who"]) & (frame["kind"] == DEBT), "value"]
    if debt.empty:
        return words
    times = formats.amount(first["value"] / debt.iloc[0], "x")
    return f"{words}, {'about as much as' if times == formats.amount(1, 'x') else times} its debt"


def more_leases(ledger: Ledger, scenario: str = "central") -> str:
    """Return in a sentence that another cloud, which is not drawn, has signed for more leases; empty where none has."""
    name, times = larger_leases(ledger, scenario)
    return f" {name} has signed for more leases, beside {formats.amount(times, 'x')} Oracle's sales." if name else ""
