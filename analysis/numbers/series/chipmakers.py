"""What the figures of the chapter on the chipmakers draw, and what they find.

Judgements:

- What NVIDIA has promised on a day is the newest row of each deal known by then, at its ceiling. A letter counts
  until it is cancelled; talks never count.
- A guarantee is given for the customer whose lease it secures (`FOR`), whoever is paid if it is called.
- A firm whose shares a supplier buys together with gigawatts to be built with its chips is its customer.
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases
from analysis.models import deals as counted
from analysis.models.deals import SUPPLY_KINDS
from analysis.numbers import formats
from analysis.numbers.chipmakers.promises import facts, shares_of
from analysis.numbers.facts import value
from analysis.numbers.network import short_name
from analysis.numbers.words import DEAL_STATES

LETTER, SHARES, GUARANTEES, OPTIONS = "letter of intent", "shares", "guarantees", "guarantees announced"
GIVEN, SECURED, ORDERED = "shares it buys or gives", "guarantees, at most", "orders it gets"
VENDORS = ("nvidia", "amd", "broadcom", "cerebras", "coreweave")
FOR = {
    "nvidia-openai-guarantee-ohio": "openai",
    "broadcom-anthropic-lease-guarantee": "anthropic",
    "nvidia-compute-financing-backstop": "nvidia-customers",
}
FILED = "in Alphabet's report"
RELATIONS = ("holds shares", "holds rights", "backs debts", "buys from", "sells to")
MOST_FIRMS = 16
SPAN = pd.Timedelta(days=500)  # of the picture of promises


def _classes(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The deals behind each kind of promise of NVIDIA."""
    rows = rows[(rows["payer"] == "nvidia") & ~counted.in_talks(rows)]
    guarantees = rows[rows["kind"] == "guarantee"]
    letters = rows[(rows["kind"] == "equity") & (rows["role"] == "contingent") & (rows["payee"] == "openai")]
    return {
        LETTER: counted.standing(letters),
        SHARES: shares_of(rows, "nvidia"),
        GUARANTEES: counted.signed(guarantees),
        OPTIONS: guarantees[guarantees["status"] == "announced"],
    }


def promised(ledger: Ledger) -> pd.DataFrame:
    """What NVIDIA had promised from each day on: day, line (kind of promise), high (US$ bn at the ceiling), label.

    A kind of promise begins on the day of its first deal with an amount and goes on to the day of the ledger; what is
    older than `SPAN` is drawn at the picture's left end.
    """
    history = ledger.history["deals"]
    history = history[history["payer"] == "nvidia"].sort_values("as_of", kind="stable")
    found, begun = [], set()
    for day in [*sorted(set(history["as_of"])), ledger.as_of]:
        known = history[history["as_of"] <= day].drop_duplicates("deal", keep="last")
        for line, rows in _classes(known).items():
            high = counted.total(rows).high
            if high or line in begun:
                begun.add(line)
                found.append((day, line, high))
    frame = pd.DataFrame(found, columns=["day", "line", "high"])
    frame["day"] = pd.to_datetime(frame["day"]).clip(lower=ledger.as_of - SPAN)
    frame = frame.drop_duplicates(["day", "line"], keep="last").reset_index(drop=True)
    return frame.assign(label=[formats.amount(v, "usd_bn") for v in frame["high"]])


def promised_finding(frame: pd.DataFrame) -> str:
    """What NVIDIA has promised on the newest day, in a sentence (see `promised`)."""
    last = frame.groupby("line").tail(1).set_index("line")
    held = {line: last.loc[line, "label"] for line in last.index if last.loc[line, "high"] > 0}
    if GUARANTEES in held and LETTER in last.index and LETTER not in held:
        return f"NVIDIA's letter is gone; it now guarantees up to {held[GUARANTEES]}"
    if LETTER in held:
        return f"NVIDIA's letter of up to {held[LETTER]} is no contract"
    return "What NVIDIA has promised: " + ", ".join(f"{line} {label}" for line, label in held.items())


def guarantees(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Guarantees for customers and sites, largest first: name, value (US$ bn at most), kind, label; and their rows."""
    rows = counted.guarantees(ledger.deals)
    rows = rows[rows["payer"].isin(VENDORS) & rows["high_usd_bn"].notna()]
    kinds = [DEAL_STATES[b] for b in counted.basis(rows)]
    names = [
        f"{short_name(ledger.name(payer))} for {short_name(ledger.name(FOR.get(deal, payee)))}"
        for deal, payer, payee in zip(rows["deal"], rows["payer"], rows["payee"], strict=True)
    ]
    frame = pd.DataFrame({"name": names, "value": rows["high_usd_bn"].to_numpy(), "kind": kinds})
    f = facts(ledger, "central")
    filed = {
        "Alphabet, credit derivatives": f.last("google", "credit_derivatives_max_exposure"),
        "Alphabet, agreed and not begun": f.last("google", "guarantees_agreed_not_started"),
        "Alphabet, guarantees for sites": f.last("google", "guarantees_max_exposure"),
    }
    for name, row in filed.items():
        if len(row):
            frame.loc[len(frame)] = [name, value(row), FILED]
    # Two guarantees of one firm for the same party are one bar.
    frame = frame.groupby(["name", "kind"], as_index=False)["value"].sum()
    frame = frame.drop_duplicates("name").sort_values(["value", "name"], ascending=[False, True], ignore_index=True)
    return frame.assign(label=[formats.quantity(v, "usd_bn", has_unit=False) for v in frame["value"]]), [
        rows,
        *filed.values(),
    ]


def pairs(ledger: Ledger) -> tuple[pd.DataFrame, list[str]]:
    """What each supplier gives a customer and what it gets in orders, where amounts are published.

    Returns
    -------
    DataFrame
        One row a pair and side: name, side, value (US$ bn at the ceiling), label; largest pairs first.
    list of str
        The pairs of which the orders have no published amount.
    """
    rows = counted.standing(ledger.deals)
    rows = rows[rows["status"] != counted.REPORTED]
    ours = rows[rows["payer"].isin(VENDORS) & rows["kind"].isin(("equity", "guarantee", "warrant"))]
    ours = ours.assign(customer=[FOR.get(d, p) for d, p in zip(ours["deal"], ours["payee"], strict=True)])
    found, silent = [], []
    for (supplier, customer), given in ours.groupby(["payer", "customer"]):
        orders = rows[(rows["payer"] == customer) & (rows["payee"] == supplier) & rows["kind"].isin(SUPPLY_KINDS)]
        name = f"{short_name(ledger.name(supplier))} and {short_name(ledger.name(customer))}"
        bought = given[(given["kind"] == "equity") & ((given["role"] == "payment") | (supplier != "nvidia"))]
        sides = {GIVEN: bought, SECURED: given[given["kind"] == "guarantee"], ORDERED: orders}
        sums = {side: counted.total(part) for side, part in sides.items()}
        if len(orders) and not sums[ORDERED].high:
            silent.append(name)
        if len(orders):
            found += [(name, side, s.high, s.is_open) for side, s in sums.items() if s.high]
    frame = pd.DataFrame(found, columns=["name", "side", "value", "is_open"])
    size = frame.groupby("name")["value"].transform("max")
    frame = frame.assign(size=size).sort_values(["size", "name"], ascending=[False, True], kind="stable")
    frame = frame.reset_index(drop=True)
    labels = [
        ("more than " * is_open) + formats.quantity(v, "usd_bn", has_unit=False)
        for v, is_open in zip(frame["value"], frame["is_open"], strict=True)
    ]
    return frame.assign(label=labels), silent


def pairs_finding(frame: pd.DataFrame) -> str:
    """What the largest pair exchanges, in a sentence (see `pairs`)."""
    first = frame[frame["name"] == frame["name"].iloc[0]]
    is_order = first["side"] == ORDERED
    given = formats.amount(first.loc[~is_order, "value"].sum(), "usd_bn")
    ordered = first.loc[is_order]
    words = "more than" if ordered["is_open"].any() else "up to"
    priced = f"orders of {words} {formats.amount(ordered['value'].sum(), 'usd_bn')}"
    orders = priced if len(ordered) else "orders at no stated price"
    return f"{first['name'].iloc[0]}: up to {given} in shares and guarantees, {orders}"


def guarantees_finding(frame: pd.DataFrame) -> str:
    """The largest guarantee that is signed, or else the largest, in a sentence (see `guarantees`)."""
    is_signed = frame["kind"] == DEAL_STATES[bases.AGREED]
    first = (frame[is_signed] if is_signed.any() else frame).iloc[0]
    words = "signed guarantee" if is_signed.any() else "guarantee"
    return f"The largest {words} is {first['name']}: up to {formats.amount(first['value'], 'usd_bn')}"


def relations(ledger: Ledger) -> pd.DataFrame:
    """Who is NVIDIA's customer, supplier and part of whose shares it holds: name, relation, since (day), largest first.

    By deals that are announced, signed, closed or reported; a letter of intent makes no relation.
    """
    rows = counted.standing(ledger.deals)
    rows = rows[~counted.in_talks(rows)]
    is_letter = (rows["kind"] == "equity") & (rows["role"] == "contingent") & (rows["payee"] == "openai")
    own = rows[(rows["payer"] == "nvidia") & ~is_letter]
    is_share = own["kind"] == "equity"
    with_chips = own[own["kind"].isin(("equity", "warrant")) & (own["gw"].fillna(0) > 0)]
    sold = rows[(rows["payee"] == "nvidia") & rows["kind"].isin(SUPPLY_KINDS)]
    found = [
        *((p, RELATIONS[0], d) for p, d in own.loc[is_share & (own["role"] == "payment"), ["payee", "as_of"]].values),
        *(
            (p, RELATIONS[1], d)
            for p, d in own.loc[
                (own["kind"] == "warrant") | (is_share & (own["role"] != "payment")), ["payee", "as_of"]
            ].values
        ),
        *(
            (FOR.get(k, p), RELATIONS[2], d)
            for k, p, d in own.loc[own["kind"] == "guarantee", ["deal", "payee", "as_of"]].values
        ),
        *((p, RELATIONS[3], d) for p, d in own.loc[own["kind"].isin(SUPPLY_KINDS), ["payee", "as_of"]].values),
        *((p, RELATIONS[4], d) for p, d in sold[["payer", "as_of"]].values),
        *((p, RELATIONS[4], d) for p, d in with_chips[["payee", "as_of"]].values),
    ]
    frame = pd.DataFrame(found, columns=["party", "relation", "since"]).drop_duplicates(["party", "relation"])
    frame = frame.assign(name=[short_name(ledger.name(p)) for p in frame["party"]])
    frame = frame.drop_duplicates(["name", "relation"])
    count = frame.groupby("name")["relation"].transform("count")
    frame = frame.assign(ties=count).sort_values(["ties", "name"], ascending=[False, True], ignore_index=True)
    kept = list(dict.fromkeys(frame["name"]))[:MOST_FIRMS]
    return frame[frame["name"].isin(kept)].reset_index(drop=True)


def supply(ledger: Ledger) -> pd.DataFrame:
    """What NVIDIA has ordered from its suppliers, by the day of its balance: quarter, value (US$ bn), label."""
    rows = facts(ledger, "central").happened("nvidia", "supply_capacity_commitments")
    return rows.assign(
        quarter=[f"{d:%b %Y}" for d in rows["end"]],
        label=[formats.quantity(v, "usd_bn", has_unit=False) for v in rows["value"]],
    ).reset_index(drop=True)
