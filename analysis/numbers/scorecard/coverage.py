"""How often our ranges held, each figure counted once, and where they did not."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.scorecard import predicted

PROMISED = 90  # per cent of outcomes that our ranges are meant to hold
YEAR = pd.Timedelta(days=366)


def held_by_figure(found: pd.DataFrame) -> pd.Series:
    """The share of the statements about each figure whose range held, 0 to 1, from settled statements."""
    is_held = found["verdict"].isin([predicted.INSIDE, predicted.WIDE])
    shares: pd.Series = is_held.groupby([found[c] for c in predicted.FIGURE], dropna=False).mean()
    return shares


def is_one_sided(missed: pd.DataFrame) -> bool:
    """Whether the misses of each figure lie all above or all below our ranges."""
    sides = (missed["place"] > 0).groupby([missed[c] for c in predicted.FIGURE], dropna=False).nunique()
    return len(missed) > 0 and bool((sides == 1).all())


def coverage(ledger: Ledger, scenario: str = "central") -> Results:
    """How often our ranges held, on how many figures they did not, and how far ahead the longest of them looked."""
    f, found = Facts(ledger, "scorecard", scenario), predicted.settled(ledger)
    rows, shares = predicted.outcome_rows(ledger, found), held_by_figure(found)
    held = 100 * float(shares.mean()) if len(shares) else NAN
    missed = found[found["verdict"] == predicted.OUTSIDE]
    figures = len(missed.drop_duplicates(predicted.FIGURE))
    ahead = found["end"] - found["as_of"]
    return Results(
        [
            f.result(
                "coverage",
                "Outcomes in our ranges for nine in ten, each figure once",
                held,
                "pct",
                rows,
                how="The mean over the figures of the share of statements about each that held.",
            ),
            f.result(
                "held_of",
                "Ranges meant for nine outcomes in ten that held",
                f"{len(found) - len(missed)} of {len(found)}" if len(found) else None,
                "text",
                rows,
            ),
            f.result("is_wide_enough", "As many as there should be", held >= PROMISED, "flag", rows),
            f.result("is_overconfident", "Fewer than there should be", held < PROMISED, "flag", rows),
            f.result(
                "missed_figures",
                "Figures that an outcome missed, in words",
                f"{formats.spelled(figures)} figure{'s' * (figures > 1)}" if figures else None,
                "text",
                rows,
            ),
            f.result("is_missed_one_way", "Each of them always missed to one side", is_one_sided(missed), "flag", rows),
            f.result(
                "is_near_only",
                "No range that looked more than a year ahead is settled",
                len(found) > 0 and bool((ahead <= YEAR).all()),
                "flag",
                rows,
            ),
        ]
    )
