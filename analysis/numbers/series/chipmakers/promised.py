"""How far the promises of the suppliers came: over time, by state, and the guarantees one by one.

Judgements:

- What NVIDIA stands for on a day is the newest row of each deal known by then, at its ceiling. A letter counts until it
  is cancelled; talks never count.
- A guarantee is given for the customer whose lease it secures (`FOR`), whoever is paid if it is called. It is in force
  from the start of the lease, or once something was paid on it; that payment is no further guarantee.
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.chipmakers.promises import (
    ANNOUNCED,
    CLOSED,
    GIVEN_UP,
    GUARANTEES,
    SHARES,
    SIGNED,
    facts,
    made,
    talked_before,
)
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure import backers
from analysis.numbers.facts import value
from analysis.numbers.words import DEAL_STATES

LETTER, FIRM_SHARES, FIRM_GUARANTEES = "letter of intent", "shares signed or paid", "guarantees signed"
OPTIONS = "guarantees announced"
SUPPLIERS = ("nvidia", "amd", "broadcom", "cerebras", "coreweave", "marvell")
FOR = {
    "nvidia-openai-guarantee-ohio": "openai",
    "broadcom-anthropic-lease-guarantee": "anthropic",
    "nvidia-compute-financing-backstop": "nvidia-customers",
}
# Pools of firms, as a guarantee for them is named.
POOLS = {"nvidia-customers": "lenders to its customers", "datacentre-lessors": "landlords of partners"}
BEGUN, LATER, CALLED = DEAL_STATES[bases.AGREED], "signed, begins later", "signed, called in part"
FILED, TALKED = "in Alphabet's report", "talked of before"
TWO_DIGITS = 10  # US$ bn: from here on decimals say nothing
SPAN = pd.Timedelta(days=500)  # of the picture of promises


def customers(rows: pd.DataFrame) -> list[str]:
    """For whom each promise is made."""
    return [FOR.get(deal, payee) for deal, payee in zip(rows["deal"], rows["payee"], strict=True)]


def _classes(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The deals behind each kind of promise of NVIDIA."""
    rows = made(rows, ("nvidia",))
    letters = rows[(rows["kind"] == "equity") & (rows["role"] == "contingent") & (rows["payee"] == "openai")]
    guarantees = rows[rows["sort"] == GUARANTEES]
    return {
        LETTER: letters[letters["state"] != GIVEN_UP],
        FIRM_SHARES: rows[(rows["sort"] == SHARES) & rows["state"].isin((CLOSED, SIGNED))],
        FIRM_GUARANTEES: guarantees[guarantees["state"] == SIGNED],
        OPTIONS: guarantees[guarantees["state"] == ANNOUNCED],
    }


def promised(ledger: Ledger) -> pd.DataFrame:
    """What NVIDIA stood for from each day on: day, line (kind of promise), high (US$ bn at the ceiling), label.

    A kind of promise begins on the day of its first deal with an amount and goes on to the day of the ledger; what is
    older than `SPAN` stands at the picture's left end. A day on which nothing changes has no row.
    Where nothing is left of a kind, its line ends: high is NaN from then on.
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
    frame = frame.drop_duplicates(["day", "line"], keep="last")
    is_same = frame["high"].eq(frame.groupby("line")["high"].shift()) & frame["day"].ne(ledger.as_of)
    frame = _ended(frame[~is_same])
    return frame.assign(label=["none" if pd.isna(v) else formats.amount(v, "usd_bn") for v in frame["high"]])


def behind(ledger: Ledger) -> dict[str, list[pd.DataFrame]]:
    """Return the rows that gave the picture of `promised` its amounts, by the kind of promise."""
    rows = ledger.history["deals"]
    rows = rows[(rows["payer"] == "nvidia") & ~counted.is_unpriced(rows)]
    rows = rows.sort_values("as_of", kind="stable").drop_duplicates(["deal", "low_usd_bn", "high_usd_bn", "status"])
    return {line[0].upper() + line[1:]: [part] for line, part in _classes(rows).items() if len(part)}


def _ended(frame: pd.DataFrame) -> pd.DataFrame:
    """End each line at what stood last where nothing is left of a kind of promise; its value is NaN from then on."""
    before = frame.groupby("line")["high"].shift()
    ends = frame.assign(high=before)[frame["high"].eq(0) & before.gt(0)]
    kept = frame.assign(high=frame["high"].where(frame["high"] > 0))
    return pd.concat([ends, kept]).sort_values("day", kind="stable", ignore_index=True)


def promised_finding(frame: pd.DataFrame) -> str:
    """What NVIDIA stands for on the newest day, in a sentence (see `promised`)."""
    last = frame.groupby("line").tail(1).set_index("line")
    held = {
        line: formats.about(last.loc[line, "high"], "usd_bn", is_open=False)
        for line in last.index
        if last.loc[line, "high"] > 0
    }
    if FIRM_GUARANTEES in held and LETTER in last.index and LETTER not in held:
        return f"The letter is given up, the press says; signed guarantees reach {held[FIRM_GUARANTEES]}"
    if LETTER in held:
        return f"NVIDIA's letter of up to {held[LETTER]} is no contract"
    return "What NVIDIA has promised: " + ", ".join(f"{line} {label}" for line, label in held.items())


def guarantees(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Guarantees for customers and sites, largest first, and the rows behind them.

    Each is a row: name, value (US$ bn at most), kind, label. Where the press had written of more before one was signed,
    a row of the kind `TALKED` follows, of the same name and label.
    """
    rows = made(ledger.deals, SUPPLIERS)
    rows = rows[(rows["sort"] == GUARANTEES) & (rows["state"] != GIVEN_UP) & rows["high_usd_bn"].notna()]
    rows = rows[rows["role"] != "payment"]
    kinds = pd.Series([DEAL_STATES[b] for b in counted.basis(rows)], index=rows.index, dtype=str)
    is_running = rows["scope"].eq("openai") & backers.is_guaranteed_site_live(ledger)
    kinds = kinds.mask((kinds == BEGUN) & counted.is_called(rows, ledger.deals), CALLED)
    kinds = kinds.mask((kinds == BEGUN) & (rows["start"] > ledger.as_of) & ~is_running, LATER)
    names = [
        f"{short_name(ledger.name(payer))} for {POOLS.get(party) or short_name(ledger.name(party))}"
        for payer, party in zip(rows["payer"], customers(rows), strict=True)
    ]
    frame = pd.DataFrame({"name": names, "value": rows["high_usd_bn"].to_numpy(), "kind": kinds.to_numpy()})
    f = facts(ledger, "central")
    filed = {
        "Alphabet, credit derivatives": f.last("google", "credit_derivatives_max_exposure"),
        "Alphabet, agreed and not begun": f.last("google", "guarantees_agreed_not_started"),
        "Alphabet, guarantees for sites": f.last("google", "guarantees_max_exposure"),
    }
    for name, row in filed.items():
        if len(row):
            frame.loc[len(frame)] = [name, value(row), FILED]
    # Two guarantees of one firm for the same party are one mark.
    frame = frame.groupby(["name", "kind"], as_index=False)["value"].sum()
    frame = frame.drop_duplicates("name").sort_values(["value", "name"], ascending=[False, True], ignore_index=True)
    before = talked_before(ledger, counted.signed(rows)).set_index("deal")["high_usd_bn"]
    talked = pd.Series(rows["deal"].map(before).to_numpy(), index=names, dtype=float).groupby(level=0).max()
    talked = frame["name"].map(talked).where(lambda t: t > frame["value"])
    amounts = [formats.rounded(v, 1 if v < TWO_DIGITS else 0) for v in frame["value"]]
    told = ["" if pd.isna(t) else f", after talk of {formats.rounded(t, 0)}" for t in talked]
    frame = frame.assign(label=[a + t for a, t in zip(amounts, told, strict=True)])
    more = frame.assign(value=talked, kind=TALKED).dropna(subset=["value"])
    frame = pd.concat([frame, more]).sort_index(kind="stable").reset_index(drop=True)
    return frame, [rows, *filed.values()]


def guarantees_finding(frame: pd.DataFrame) -> str:
    """The largest guarantee that is signed, or else the largest, in a sentence (see `guarantees`)."""
    talked, frame = frame[frame["kind"] == TALKED].set_index("name")["value"], frame[frame["kind"] != TALKED]
    is_signed = frame["kind"].isin((BEGUN, LATER, CALLED))
    told = frame[is_signed] if is_signed.any() else frame
    first, words = told.iloc[0], "signed guarantee" if is_signed.any() else "guarantee"
    state = {LATER: ", not yet in force", CALLED: ", called in part"}.get(first["kind"], "")
    rank = "largest" if len(told) > 1 else "only"
    if first["name"] in talked:
        most, before = (formats.about(v, "usd_bn", is_open=False) for v in (first["value"], talked[first["name"]]))
        return f"The {rank} {words}, {first['name']}, is {most}, after talk of {before}"
    return f"The {rank} {words}, {first['name']}, is up to {formats.amount(first['value'], 'usd_bn')}{state}"
