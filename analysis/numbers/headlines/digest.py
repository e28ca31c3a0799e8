"""The few changes of the last days that weigh most.

- A deal of OpenAI's own that was signed, paid or ended weighs more than one that was only reported or reworded: such
  deals come first, by their amount.
- The newest of OpenAI's rights that began, ended or passed to another has a place, though no amount says what it is
  worth.
- What is left goes to the largest other sums: of new deals around OpenAI, and the moves of amounts and of companies'
  figures; what is only forecast is left out.
"""

import functools

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers.headlines.recent import news

MOST = 5
MOST_SETTLED = 3  # of them at most deals that were signed, paid or ended, unless nothing else is known


def month_end(ledger: Ledger) -> pd.Timestamp:
    """Return the last day of the month before that of the report."""
    return ledger.as_of.replace(day=1) - pd.Timedelta(days=1)


@functools.lru_cache(maxsize=8)
def weightiest(ledger: Ledger, since: pd.Timestamp) -> pd.DataFrame:
    """Return what weighs most of the news since a day, in that order: at most `MOST` rows of `recent.news`.

    A deal has one place, by its newest row.
    """
    rows = news(ledger, since)
    rows = rows[rows["what"] != ""]
    rows = rows[(rows["deal"] == "") | ~rows["deal"].duplicated()]
    by_size = rows.sort_values("size", ascending=False, kind="stable", na_position="last")
    settled = by_size[by_size["what"] == "settled"]
    first = [settled.head(MOST_SETTLED), rows[rows["what"] == "right"].head(1)]
    chosen = pd.concat(first)
    rest = by_size[~by_size.index.isin(chosen.index) & (by_size["size"] > 0)]
    return pd.concat([chosen, rest]).head(MOST).reset_index(drop=True)
