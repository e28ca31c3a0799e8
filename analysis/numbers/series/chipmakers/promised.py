"""The guarantees of the suppliers, one by one.

Judgements:

- A guarantee is given for the customer whose lease it secures (`FOR`), whoever is paid if it is called. It is in force
  from the start of the lease, or once something was paid on it; that payment is no further guarantee.
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.chipmakers.promises import GIVEN_UP, GUARANTEES, facts, made
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure import backers
from analysis.numbers.facts import value
from analysis.numbers.words import DEAL_STATES

SUPPLIERS = ("nvidia", "amd", "broadcom", "cerebras", "coreweave", "marvell")
FOR = {
    "nvidia-openai-guarantee-ohio": "openai",
    "broadcom-anthropic-lease-guarantee": "anthropic",
    "nvidia-compute-financing-backstop": "nvidia-customers",
}
# Pools of firms, as a guarantee for them is named.
POOLS = {"nvidia-customers": "lenders to its customers", "datacentre-lessors": "landlords of partners"}
BEGUN, LATER, CALLED = DEAL_STATES[bases.AGREED], "signed, begins later", "signed, called in part"
FILED, UNBEGUN = "in Alphabet's report", "for sites, agreed and not begun"
TWO_DIGITS = 10  # US$ bn: from here on decimals say nothing
SAID = {LATER: "begins later", CALLED: "called in part"}  # beside an amount; an announcement says so itself


def customers(rows: pd.DataFrame) -> list[str]:
    """For whom each promise is made."""
    return [FOR.get(deal, payee) for deal, payee in zip(rows["deal"], rows["payee"], strict=True)]


def guarantees(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Guarantees for customers and sites, largest first, and the rows behind them.

    Each is a row: name, giver and taker (the two parts of it), value (US$ bn at most), kind, label.
    """
    rows = made(ledger.deals, SUPPLIERS)
    rows = rows[(rows["sort"] == GUARANTEES) & (rows["state"] != GIVEN_UP) & rows["high_usd_bn"].notna()]
    rows = rows[rows["role"] != "payment"]
    kinds = pd.Series([DEAL_STATES[b] for b in counted.basis(rows)], index=rows.index, dtype=str)
    is_running = rows["scope"].eq("openai") & backers.is_guaranteed_site_live(ledger)
    kinds = kinds.mask((kinds == BEGUN) & counted.is_called(rows, ledger.deals), CALLED)
    kinds = kinds.mask((kinds == BEGUN) & (rows["start"] > ledger.as_of) & ~is_running, LATER)
    givers = [short_name(ledger.name(payer)) for payer in rows["payer"]]
    takers = [f"for {POOLS.get(party) or short_name(ledger.name(party))}" for party in customers(rows)]
    frame = pd.DataFrame({"giver": givers, "taker": takers, "value": rows["high_usd_bn"].to_numpy()})
    frame.insert(0, "name", [f"{giver} {taker}" for giver, taker in zip(givers, takers, strict=True)])
    frame["kind"] = kinds.to_numpy()
    f = facts(ledger, "central")
    filed = {
        "for sites, by credit derivatives": f.last("google", "credit_derivatives_max_exposure"),
        UNBEGUN: f.last("google", "guarantees_agreed_not_started"),
        "for sites, by guarantees": f.last("google", "guarantees_max_exposure"),
    }
    for taker, row in filed.items():
        if len(row):
            frame.loc[len(frame)] = [f"Alphabet {taker}", "Alphabet", taker, value(row), FILED]
    # Two guarantees of one firm for the same party are one mark.
    frame = frame.groupby(["name", "giver", "taker", "kind"], as_index=False)["value"].sum()
    frame = frame.drop_duplicates("name").sort_values(["value", "name"], ascending=[False, True], ignore_index=True)
    amounts = [formats.rounded(v, 1 if v < TWO_DIGITS else 0) for v in frame["value"]]
    said = [SAID.get(kind, "" if kind in (BEGUN, FILED) else kind) for kind in frame["kind"]]
    frame = frame.assign(label=[f"{a}, {words}" if words else a for a, words in zip(amounts, said, strict=True)])
    return frame, [rows, *filed.values()]


def ribboned(frame: pd.DataFrame) -> pd.DataFrame:
    """The guarantees of `guarantees` as they are drawn, with note (the amount in words) and look: solid where in force,
    pale where it has still to begin, an outline where nothing is signed."""
    looks = pd.Series("outline", index=frame.index).mask(frame["kind"].isin((BEGUN, CALLED, FILED)), "full")
    looks = looks.mask((frame["kind"] == LATER) | (frame["taker"] == UNBEGUN), "pale")
    notes = [
        f"up to {formats.amount(v, 'usd_bn')}" + (f", {words}" if words else "")
        for v, words in zip(frame["value"], frame["label"].str.partition(", ")[2], strict=True)
    ]
    return frame.assign(note=notes, look=looks)


def guarantees_finding(frame: pd.DataFrame) -> str:
    """The largest guarantee that is signed, or else the largest, in a sentence (see `guarantees`)."""
    is_signed = frame["kind"].isin((BEGUN, LATER, CALLED))
    told = frame[is_signed] if is_signed.any() else frame
    first, words = told.iloc[0], "signed guarantee" if is_signed.any() else "guarantee"
    state = {LATER: ", not yet in force", CALLED: ", called in part"}.get(first["kind"], "")
    rank = "largest" if len(told) > 1 else "only"
    told = f"The {rank} {words}, {first['name']}, is up to {formats.amount(first['value'], 'usd_bn')}{state}"
    largest = frame.iloc[0]
    if largest["value"] <= first["value"] or largest["kind"] == FILED:
        return told
    return f"{told}; {largest['giver']} may give {formats.amount(largest['value'], 'usd_bn')} more"
