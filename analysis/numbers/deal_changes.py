"""Which deals turned or changed in amount since the key day before, which large ones are new, which rights ended."""

import functools
from typing import Any

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.view import SUBJECT
from analysis.models import bases
from analysis.models import deals as counted
from analysis.numbers import formats, vintages
from analysis.numbers.company_names import short_name
from analysis.numbers.headlines import deals, digest
from analysis.numbers.ledger_words import deal_amount
from analysis.numbers.words import DEAL_STATES, DEAL_WORDS, STATUS_WORDS

LARGE = 20.0  # US$ bn from which a new deal is told
# States in words.
TURNED = {"amended": "signed", "closed": "paid", "cancelled": "ended", "reported": STATUS_WORDS["reported"]}
SETTLED = "settled"  # of what was to be paid on a condition
# What a deal means, by its kind and its state.
STOOD_BEHIND = "the firm that it stands behind"  # a guarantee among OpenAI's deals stands behind OpenAI
BILL = "It adds to what {payer} has to pay"
MEANINGS = {
    ("guarantee", "signed"): f"If {STOOD_BEHIND} does not pay, {{payer}} has to step in, as far as the guarantee goes",
    ("debt", "signed"): "It has to be paid back, whatever comes",
    ("equity", "signed"): "It is money that {payee} need not pay back",
    ("equity", "paid"): "{payee} has the money and need not pay it back",
    ("compute", "signed"): BILL,
    ("chips", "signed"): BILL,
    ("lease", "signed"): BILL,
}
NO_PRICE = "none published"


@functools.lru_cache(maxsize=8)
def turned(ledger: Ledger) -> pd.DataFrame:
    """Return the deals whose state is another than on the key day before, the most money first.

    Judgement: only what may move money counts, so plans and totals are left out; an amendment of a signed deal is no
    other state.

    Returns
    -------
    DataFrame
        The newest rows of these deals, with was and now (states in words).
    """
    known = vintages.known(ledger)
    if len(known) < 2:
        return ledger.deals.head(0).assign(was="", now="")
    before = _states(ledger.at(known[-2].day).deals)
    rows = ledger.deals[ledger.deals["role"].isin(("payment", "contingent"))]
    rows = rows.assign(was=rows["deal"].map(before), now=rows["deal"].map(_states(rows)))
    rows = rows[rows["was"].notna() & (rows["was"] != rows["now"])]
    size = rows[["low_usd_bn", "high_usd_bn"]].max(axis=1).fillna(0.0)
    return rows.loc[size.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _states(deals: pd.DataFrame) -> pd.Series:
    """The state of each deal in words, by its key."""
    is_part = (deals["status"] == "closed") & deals["condition"].ne("") & (deals["low_usd_bn"] < deals["high_usd_bn"])
    words = deals["status"].replace(TURNED).mask(is_part, "paid in part")
    words = words.mask((deals["status"] == counted.CLOSED) & (deals["role"] == "contingent"), SETTLED)
    return words.mask(counted.in_talks(deals), DEAL_STATES[bases.TALKS]).set_axis(deals["deal"])


def weighty(ledger: Ledger) -> pd.DataFrame:
    """Return what weighs most since the end of the month before (`digest.weightiest`), without the first of `turned`,
    which the page tells above."""
    rows = digest.weightiest(ledger, digest.month_end(ledger))
    return rows[~rows["deal"].isin(turned(ledger)["deal"].head(1))].reset_index(drop=True)


def turn(ledger: Ledger, rows: pd.DataFrame) -> str | None:
    """Return what happened to the first of `turned` as a sentence without its full stop; None for none."""
    if rows.empty:
        return None
    row = rows.iloc[0]
    return f"On {formats.day(row['as_of'].date())} {deals.news(ledger, *_both(ledger, row))}"


def statement(ledger: Ledger, row: pd.Series) -> str:
    """Return what a deal is by a row, against what it was on the key day before, for the inside of a sentence."""
    return deals.statement(ledger, *_both(ledger, row))


def _both(ledger: Ledger, row: pd.Series) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The cells of a row, and those of the same deal on the key day before."""
    was = ledger.at(vintages.known(ledger)[-2].day).deals
    was = was[was["deal"] == row["deal"]]
    return _cells(row), _cells(was.iloc[0]) if len(was) else None


def _cells(row: pd.Series) -> dict[str, Any]:
    return {str(k): v for k, v in row.items()}


def meaning(ledger: Ledger, rows: pd.DataFrame) -> str | None:
    """Return what the first of `turned` means for those who made it, as a sentence without its full stop; None where
    nothing can be said of all deals like it."""
    if rows.empty:
        return None
    row = rows.iloc[0]
    sides = {side: short_name(ledger.name(row[side])) for side in ("payer", "payee")}
    said = MEANINGS.get((row["kind"], row["now"]))
    if row["kind"] == "guarantee" and row["scope"] == SUBJECT and SUBJECT not in (row["payer"], row["payee"]):
        said = said and said.replace(STOOD_BEHIND, short_name(ledger.name(SUBJECT)))
    return said.format(**sides) if said else None


def resized(ledger: Ledger) -> pd.DataFrame:
    """Return the deals of which another amount is known than on the key day before, the largest change first.

    Those whose state is another as well are `turned`; cancelled ones, plans and totals are left out.

    Returns
    -------
    DataFrame
        The newest rows of these deals, with was and now (amounts in words) and change (US$ bn, of the high end: what
        was a ceiling and is firm now has none).
    """
    known = vintages.known(ledger)
    rows = counted.standing(ledger.deals)
    rows = rows[rows["role"].isin(("payment", "contingent")) & ~rows["deal"].isin(turned(ledger)["deal"])]
    if len(known) < 2:
        return rows.head(0).assign(was="", now="", change=0.0)
    before = ledger.at(known[-2].day).deals.set_index("deal")
    rows = rows[rows["deal"].isin(before.index)]
    then = before.loc[rows["deal"]]
    moved = counted.bounds(rows).to_numpy() - counted.bounds(then).to_numpy()
    was, now = (
        [deal_amount(*ends) or NO_PRICE for ends in zip(r["low_usd_bn"], r["high_usd_bn"], strict=True)]
        for r in (then, rows)
    )
    rows = rows.assign(was=was, now=now, change=np.abs(moved[:, 1]))[moved.any(axis=1)]
    return rows.sort_values("change", ascending=False, kind="stable", ignore_index=True)


def resizing(ledger: Ledger, rows: pd.DataFrame) -> str | None:
    """Return how many of `resized` changed by `LARGE` money, and the first of them, as a sentence without its full
    stop; None for none."""
    large = rows[rows["change"] >= LARGE]
    if large.empty:
        return None
    row, count = large.iloc[0], formats.spelled(len(large))
    told = f"that {_between(ledger, row)}, from {row['was']} to {row['now']}"
    if len(large) > 1:
        return f"The amount of {count} deals changed much: most {told}"
    return f"The amount of {count} deal changed much: {told}"


def ended_rights(ledger: Ledger) -> pd.DataFrame:
    """Return the newest rows of the terms by which a right has ended since the key day before."""
    known, rows = vintages.known(ledger), ledger.terms
    if len(known) < 2:
        return rows.head(0)
    before = ledger.at(known[-2].day).terms.set_index("term")["state"]
    was = rows["term"].map(before)
    return rows[(rows["state"] == "ended") & was.notna() & (was != "ended")].reset_index(drop=True)


def fresh(ledger: Ledger) -> pd.DataFrame:
    """Return OpenAI's signed deals of `LARGE` money or more that are new since the key day before, the largest first.

    Plans and totals are left out, and so is what only the press tells.
    """
    known = vintages.known(ledger)
    if len(known) < 2:
        return ledger.deals.head(0)
    rows = counted.signed(ledger.deals)
    rows = rows[rows["role"].isin(("payment", "contingent")) & (rows["scope"] == SUBJECT)]
    rows = rows[~rows["deal"].isin(ledger.at(known[-2].day).deals["deal"])]
    size = rows[["low_usd_bn", "high_usd_bn"]].max(axis=1).fillna(0.0)
    large = size[size >= LARGE].sort_values(ascending=False, kind="stable")
    return rows.loc[large.index].reset_index(drop=True)


def newest(ledger: Ledger, rows: pd.DataFrame) -> str | None:
    """Return how many deals are `fresh`, and the first of them, as a sentence without its full stop; None for none."""
    if rows.empty:
        return None
    row, count = rows.iloc[0], formats.spelled(len(rows)).capitalize()
    told = f"{_between(ledger, row)}, {deal_amount(row['low_usd_bn'], row['high_usd_bn'])}"
    return f"{count} large deals are new, the largest {told}" if len(rows) > 1 else f"{count} large deal is new, {told}"


def _between(ledger: Ledger, row: pd.Series) -> str:
    payer, payee = (short_name(ledger.name(row[side])) for side in ("payer", "payee"))
    return f"between {payer} and {payee} ({DEAL_WORDS[row['kind']].name})"
