"""The stress of Oracle as one sum: what half pay takes, what idle machines save, what is left and what is short.

- All is counted at the end of the last year, so it supposes that others lend in the years between.
- What idle machines save is their running costs, and what others pay for them if the choices let anybody rent them.
"""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers.exposure.accounts import Accounts, Choices, accounts, choices
from analysis.numbers.exposure.owed import facts
from analysis.numbers.exposure.reverse import needed_share, reverse
from analysis.numbers.exposure.stress import grid
from analysis.numbers.facts import NAN, Facts, value
from analysis.numbers.quantities import outstanding_supply
from analysis.numbers.results import Results

ORACLE = "oracle"
LEAST = 0.5  # US$ bn: less than this is not told


def left_over(books: Accounts, chosen: Choices, share: float) -> float:
    """Return what a supplier has above its least cash at the end of the last year when OpenAI pays a share, US$ bn."""
    effective = share + chosen.resale * (1 - share)
    own = books.flow - books.capex - books.leases + effective * (1 - chosen.running) * books.due
    return float((1 - chosen.minimum) * books.cash + own.sum())


def stressed(ledger: Ledger, scenario: str = "central") -> Results:
    """What half pay leaves Oracle short of, and the share at which it comes out even: one sum, asked both ways."""
    f, of_exposure = Facts(ledger, "oracle_softbank", scenario), facts(ledger, scenario)
    chosen = choices(of_exposure)
    owes = outstanding_supply(of_exposure)
    owes = owes[owes["payee"] == ORACLE]
    books = accounts(of_exposure, ORACLE, chosen) if len(owes) else None
    is_known = books is not None and float(books.due.sum()) > 0
    full, half, missing, share = (NAN,) * 4
    if books is not None and is_known:
        full, half = left_over(books, chosen, 1.0), left_over(books, chosen, 0.5)
        missing, share = 0.5 * float(books.due.sum()), needed_share(books, chosen, is_bridged=True)
    known = reverse(ledger, scenario).query("party == @ORACLE and has_accounts")
    ends = [100 * value(known, end) for end in ("bridged_low", "bridged_high")]
    low, high = (end if np.isfinite(end) else None for end in ends)
    is_within = is_known and half <= -LEAST and full >= LEAST
    unpaid = grid(ledger, scenario).query("party == @ORACLE and share == 1.0")["not_paid"].sum() if is_known else NAN
    rows: list[pd.DataFrame] = [owes, *(books.rows if books else [])]
    how = "At the end of the last year, on the middle of our choices; others lend in the years between."
    is_short = is_known and half <= -LEAST
    return Results(
        [
            f.result(
                "half_short",
                "What Oracle is short of in the end if OpenAI pays half",
                -half if is_short else NAN,
                "usd_bn",
                *rows,
                how=how,
            ),
            f.result(
                "full_short",
                "What Oracle cannot pay its creditors though OpenAI pays in full, if nobody lends",
                float(unpaid) if unpaid >= LEAST else NAN,
                "usd_bn",
                *rows,
                how="Over all years, on the middle of our choices.",
            ),
            f.result(
                "is_full_short", "It is short of that, and of more at half pay", bool(unpaid >= LEAST), "flag", *rows
            ),
            f.result("is_half_short", "Half pay leaves it short", is_short, "flag", *rows),
            f.result("is_half_borne", "It can bear half pay", is_known and not is_short, "flag", *rows),
            f.result(
                "half_saved",
                "What idle machines save Oracle at half pay",
                missing - (full - half),
                "usd_bn",
                *rows,
                how=how,
            ),
            f.result(
                "full_left", "What Oracle has left in the end if OpenAI pays in full", full, "usd_bn", *rows, how=how
            ),
            f.result(
                "even_share",
                "Part of its contract with which Oracle comes out even",
                100 * share,
                "pct",
                *rows,
                low=low,
                high=high,
                how=f"{how} The range: one choice at a time at its ends.",
            ),
            f.result(
                "has_even_range",
                "Another choice gives it another part, which can be told",
                is_within and bool(np.isfinite(ends).all()) and ends[0] < ends[1],
                "flag",
                *rows,
            ),
            f.result(
                "is_even_within",
                "Half pay is too little and full pay is enough",
                is_within,
                "flag",
                *rows,
            ),
            f.result("is_even_beyond", "Full pay is too little", is_known and full < LEAST, "flag", *rows),
        ]
    )
