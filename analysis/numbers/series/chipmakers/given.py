"""What NVIDIA gives to others: shares that it buys, and what it would pay if others fail, beside what was spoken of.

Judgements:

- Press reports and mere rights to shares are left out; a letter of intent counts until it is given up.
- What was spoken of before a deal was signed is the letter, for shares of OpenAI, and the last amount of the press, for
  a guarantee.
- In Ohio the press counted the campus by its power plants, the contract counts its computers: talks of other
  gigawatts than those signed are not drawn around what was signed.
"""

import math

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.chipmakers.promises import (
    ANNOUNCED,
    CLOSED,
    GIVEN_UP,
    GUARANTEES,
    LETTER,
    SHARES,
    SIGNED,
    made,
    talked_before,
)
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure import backers
from analysis.numbers.series.chipmakers.promised import POOLS, customers

BUYS, BACKS = "What NVIDIA pays for shares", "What it would pay if others fail"
FULL, PALE, OUTLINE = "full", "pale", "outline"
OHIO = "nvidia-openai-guarantee-ohio"
# What a guarantee is for, where a name does not say it.
TOLD = {
    OHIO: "OpenAI's leases in Ohio",
    "nvidia-compute-financing-backstop": "loans to buyers of its chips, where it chooses",
}
Sum = tuple[str, str, str, float, str, str, float, str]  # of `COLUMNS`
COLUMNS = ["head", "name", "note", "value", "label", "look", "before", "before_label"]


def given(ledger: Ledger) -> tuple[pd.DataFrame, dict[str, list[pd.DataFrame]]]:
    """Return what NVIDIA has paid, signed and announced, and the rows behind it by what they tell.

    Returns
    -------
    DataFrame
        One row a sum: head (`BUYS` or `BACKS`), name (its state), note (for what), value (US$ bn, at the ceiling),
        label, look (`FULL`: paid, `PALE`: to be paid, `OUTLINE`: only if something happens), before (US$ bn spoken of
        before, NaN if none) and before_label.
    dict
        Rows of deals.
    """
    rows = made(ledger.deals, ("nvidia",)).assign(party=lambda r: customers(r))
    rows = rows[rows["high_usd_bn"].notna() & rows["role"].ne("payment") | rows["sort"].eq(SHARES)]
    is_share, is_given_up = rows["sort"].eq(SHARES), rows["state"].eq(GIVEN_UP)
    shares, letter = rows[is_share & ~is_given_up], rows[rows["deal"].eq(LETTER)]
    guarantees = rows[rows["sort"].eq(GUARANTEES) & ~is_given_up]
    talked = talked_before(ledger, counted.signed(guarantees))
    found = [*_shares(shares, letter), *_guarantees(ledger, guarantees, talked)]
    frame = pd.DataFrame(found, columns=COLUMNS)
    frame = frame[frame["value"] > 0].reset_index(drop=True)
    used = {"Shares": [shares, letter], "Guarantees": [guarantees, talked]}
    return frame, {words: parts for words, parts in used.items() if sum(map(len, parts))}


def _row(head: str, name: str, note: str, value: float, look: str, before: tuple[float, str] = (math.nan, "")) -> Sum:
    most = "up to\n" if look == OUTLINE else ""
    label = most + formats.about(value, "usd_bn", is_open=False)
    is_less = before[0] > value
    return (head, name, note, value, label, look, *(before if is_less else (math.nan, "")))


def _shares(shares: pd.DataFrame, letter: pd.DataFrame) -> list[Sum]:
    """The sums for shares: paid; for OpenAI, inside the letter if that was given up; for others."""
    paid, is_owed = shares[shares["state"] == CLOSED], shares["state"].isin((SIGNED, ANNOUNCED))
    own, others = shares[is_owed & shares["payee"].eq("openai")], shares[is_owed & shares["payee"].ne("openai")]
    stands, gone = letter[letter["state"] != GIVEN_UP], letter[letter["state"] == GIVEN_UP]
    firms, more = (len(set(rows["payee"])) for rows in (paid, others))
    before = counted.total(gone).high
    words = f"{formats.about(before, 'usd_bn', is_open=False)} by\nletter, given up"
    return [
        _row(BUYS, "Paid", f"to {formats.spelled(firms)} firm{'s' * (firms != 1)}", counted.total(paid).high, FULL),
        _row(BUYS, "Letter of intent", "to OpenAI, no contract", counted.total(stands).high, OUTLINE),
        _row(BUYS, "Signed", "to OpenAI, not seen paid", counted.total(own).high, PALE, (before, words)),
        _row(
            BUYS,
            "Signed or announced",
            f"to {formats.spelled(more)} other{'s' * (more != 1)}",
            counted.total(others).high,
            PALE,
        ),
    ]


def _guarantees(ledger: Ledger, rows: pd.DataFrame, talked: pd.DataFrame) -> list[Sum]:
    """The ceilings of guarantees: signed for others, signed for OpenAI inside what was talked of, announced."""
    signed = rows[rows["state"] == SIGNED]
    said = counted.total(talked[_is_of_one_size(talked, signed)]).high
    own, others = signed[signed["party"].eq("openai")], signed[signed["party"].ne("openai")]
    announced = rows[rows["state"] == ANNOUNCED]
    words = f"{formats.about(said, 'usd_bn', is_open=False)}\nin talks"
    later = own[own["start"] > ledger.as_of]
    is_later = len(later) > 0 and not backers.is_guaranteed_site_live(ledger)
    since = f", from {later['start'].min():%Y}" if is_later else ""
    return [
        _row(BACKS, "Signed", _for(ledger, others), counted.total(others).high, OUTLINE),
        _row(BACKS, "Signed", _for(ledger, own) + since, counted.total(own).high, OUTLINE, (said, words)),
        _row(BACKS, "Announced", _for(ledger, announced), counted.total(announced).high, OUTLINE),
    ]


def _is_of_one_size(talked: pd.DataFrame, signed: pd.DataFrame) -> pd.Series:
    """Whether talks were of the gigawatts that were signed, or name none: of others, they were of another thing."""
    now = talked["deal"].map(signed.set_index("deal")["gw"])
    return talked["gw"].isna() | now.isna() | (talked["gw"] == now)


def _for(ledger: Ledger, rows: pd.DataFrame) -> str:
    """For what some guarantees are."""
    found = [
        TOLD.get(deal) or POOLS.get(party) or short_name(ledger.name(party))
        for deal, party in zip(rows["deal"], rows["party"], strict=True)
    ]
    return f"for {formats.listed(list(dict.fromkeys(found)))}" if found else ""


def given_finding(frame: pd.DataFrame) -> str:
    """Return what NVIDIA has paid and would pay, in a sentence (see `given`)."""
    letters = frame.loc[frame["name"] == "Letter of intent", "value"]
    is_signed = frame["head"].eq(BACKS) & frame["name"].eq("Signed")
    paid = frame[frame["look"] == FULL]["value"].sum()
    told = f"NVIDIA has paid {formats.about(paid, 'usd_bn', is_open=False)} for shares"
    if len(letters):
        return f"NVIDIA's letter of up to {formats.about(letters.sum(), 'usd_bn', is_open=False)} is no contract"
    if not is_signed.any():
        return told if paid else "NVIDIA has paid for no shares by this day"
    most = f"up to {formats.about(frame[is_signed]['value'].sum(), 'usd_bn', is_open=False)} if others fail"
    return f"{told}, and would pay {most}" if paid else f"NVIDIA would pay {most}"


def measures_of_ohio(ledger: Ledger) -> str:
    """Return by what the talks and the contract on Ohio count the campus, in a sentence, or "" (see `given`)."""
    own = made(ledger.deals, ("nvidia",))
    signed = counted.signed(own[own["deal"].eq(OHIO)])
    talked = talked_before(ledger, signed)
    if signed.empty or talked.empty or pd.isna(talked["gw"].iloc[0]) or pd.isna(signed["gw"].iloc[0]):
        return ""
    before, now = (f"{formats.rounded(rows['gw'].iloc[0], 2)} GW" for rows in (talked, signed))
    return f"The talks on Ohio were of {before} of power plants; what is signed covers {now} of computing."
