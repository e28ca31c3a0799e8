"""Whether OpenAI has ordered more than its investors have signed for, and since when."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers.facts import Facts
from analysis.numbers.index import growth
from analysis.numbers.results import Result


def ordered_ahead(table: pd.DataFrame) -> tuple[pd.Timestamp | None, bool]:
    """Since when, up to the last day, more is ordered than promised for shares, and whether less was before.

    Parameters
    ----------
    table : DataFrame
        As `numbers.index.growth` returns it; high ends count.

    Returns
    -------
    Timestamp or None
        The first day of that time; None where on the last day no more is ordered than promised.
    bool
        Whether on an earlier day less was ordered than promised.
    """
    sums = table.pivot_table(index="day", columns="line", values="high", aggfunc="last")
    ahead = (sums["owes"] - sums["gets"]).dropna()
    behind = ahead.index[ahead <= 0]
    since = ahead.index[ahead.index > behind.max()] if len(behind) else ahead.index
    return (since.min() if len(since) else None), bool((ahead < 0).any())


def lead(f: Facts, ledger: Ledger) -> list[Result]:
    """Which is ahead, what OpenAI has ordered or what investors have signed for, and since when."""
    table = growth(ledger)
    since, was_behind = ordered_ahead(table)
    rows = f.payments(scope="openai")
    how = "Orders and loans with a price against shares, as known on each day, high ends."
    has_shares = bool((table.loc[table["line"] == "gets", "high"] > 0).any())
    return [
        f.result(
            "ordered_since",
            "Since then OpenAI has ordered more than investors have signed for",
            f"{since:%Y-%m-%d}" if since is not None else None,
            "date",
            rows,
            how=how,
        ),
        f.result("is_ordered_ahead", "OpenAI has ordered more", since is not None, "flag", rows, how=how),
        f.result("was_ordered_behind", "It had once ordered less", since is not None and was_behind, "flag", rows),
        f.result("is_signed_ahead", "Investors have signed for more", since is None and has_shares, "flag", rows),
    ]
