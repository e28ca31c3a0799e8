"""What a holder of OpenAI's shares owns at the newest price: its stake through the rounds since it was known."""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models import equity
from analysis.numbers.facts import NAN, Facts, nan_if_unknown, value

TOLD_WITHIN = 120  # days from the value before a round's money to the one after it


class Round(NamedTuple):
    """A value of OpenAI after new money (a row), that before it (a row or none), the deals that are the round."""

    post: pd.DataFrame
    pre: pd.DataFrame
    deals: list[str]


def rounds(f: Facts) -> tuple[Round, ...]:
    """The values of OpenAI that are known, oldest first; shares are diluted by those with a value before the money."""
    return _rounds(f.ledger)


@lru_cache(maxsize=32)
def _rounds(ledger: Ledger) -> tuple[Round, ...]:
    f = Facts(ledger, "exposure")
    posts, pres = f.metric("openai", "valuation_post_money"), f.metric("openai", "valuation_pre_money", basis="actual")
    known = f.ledger.deals
    totals = known[(known["role"] == "total") & (known["payee"] == "openai") & (known["scope"] == "openai")]
    totals = totals[totals["deal"].isin(known["part_of"])].sort_values("first_as_of", kind="stable")
    ends = [pd.Timestamp.min, *posts["end"]]
    found = []
    for at, (before, end) in enumerate(pairwise(ends)):
        pre = pres[(pres["end"] > before) & (end - pres["end"]).dt.days.between(0, TOLD_WITHIN)].tail(1)
        last = max(end, posts["as_of"].iloc[at])
        own = totals[(totals["first_as_of"] > before) & (totals["first_as_of"] <= last)]
        found.append(Round(posts.iloc[[at]], pre, list(own["deal"])))
    return tuple(found)


def bought(f: Facts, party: str, of: Round, is_due: bool = False) -> pd.DataFrame:
    """Shares of a round that a holder has signed for; if ``is_due``, without those to be paid after the day."""
    known = f.ledger.deals
    newest = known.loc[known["deal"].isin(of.deals) & (known["payer"] != party)]
    newest = newest.sort_values("first_as_of", kind="stable")["deal"].tail(1)
    rows = f.payments(payer=party, payee="openai", scope="openai", kind="equity", with_reported=False)
    rows = counted.signed(rows)
    rows = rows[rows["part_of"].isin(newest)]
    return rows[~(rows["start"] > f.ledger.as_of)] if is_due else rows


def stake(f: Facts, party: str, is_due: bool = False) -> tuple[float, float, list[pd.DataFrame]]:
    """Return a holder's stake at the newest valuation.

    A stake is diluted by each round since it was stated, and what the holder signed for in the round is added; if
    ``is_due``, without what is to be paid only after the day. A value without one before its money dilutes nobody:
    how many shares were new is not known.

    Returns
    -------
    float, float
        Stake, a share of 1, and its value, US$ bn; NaN where not known.
    list of DataFrame
        The rows behind it: the stake, the newest value and, of each round that dilutes it, three.
    """
    known = rounds(f)
    stated = f.metric(party, "stake_pct_of_openai")
    stated = stated[(stated["basis"] != "projection") & (stated["end"] <= f.ledger.as_of)].tail(1)
    if stated.empty or not known:
        return NAN, NAN, []
    part, newest = value(stated) / 100, known[-1].post
    behind = [stated, newest]
    for each in known:
        if len(each.pre) and stated["end"].iloc[0] < each.pre["end"].iloc[0]:
            paid = bought(f, party, each, is_due)
            amount = counted.total(paid).low
            part = nan_if_unknown(equity.stake_after, part, value(each.pre), value(each.post), amount)
            behind += [each.pre, each.post, paid]
    return part, part * value(newest), behind


def rows_behind(f: Facts, party: str) -> list[pd.DataFrame]:
    """The rows from which a holder's stake is known: those of `stake` or, without a stated one, of `stake_bought`."""
    stated = stake(f, party)[2]
    if stated:
        return stated
    return [rows for each in rounds(f) if len(each.pre) for rows in (each.pre, each.post, bought(f, party, each))]


def stake_bought(f: Facts, party: str) -> tuple[float, float]:
    """Return what a holder without a stated stake signed for: its share of OpenAI, of 1, and the money, US$ bn.

    Counted are rounds with a value before and after the money: theirs is the price, and they dilute older shares.
    """
    part = money = 0.0
    for each in rounds(f):
        if len(each.pre):
            amount = counted.total(bought(f, party, each)).low
            part = part * value(each.pre) / value(each.post) + amount / value(each.post)
            money += amount
    return part, money
