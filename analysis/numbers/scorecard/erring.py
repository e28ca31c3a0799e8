"""To which side our medians erred, on sales and on cash burned, in words."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.facts import Facts
from analysis.numbers.results import Results
from analysis.numbers.scorecard import predicted

CLEARLY = 0.75  # of our statements, from which an error to one side is told as ours and not as a lean
RULE = "Sales too low in three statements of four or more, and cash burned too high in most; less is a lean."


def is_clear(number: int, total: int) -> bool:
    """Return whether so many of some statements are enough to say that we err to this side."""
    return total > 0 and number >= CLEARLY * total


def how_often(number: int, total: int) -> str | None:
    """Return how many of some statements, in words: ``most of the time``, ``in 1 of 3 statements``; None for none."""
    if not total:
        return None
    if number == total > 1:
        return "every time"
    return "most of the time" if number < total < 2 * number else f"in {number} of {total} statements"


def is_above(found: pd.DataFrame) -> pd.Series:
    """Return of settled statements whether their median lay above what came."""
    return found["p50"] > found["outcome"]


def burn_finding(shown: pd.DataFrame, burned: str, period: str) -> str:
    """Return in a sentence how many of the medians that are shown lay above the cash burned, which words tell."""
    above, total = int(is_above(shown).sum()), len(shown)
    if total == 1:
        return f"OpenAI {burned} in {period}; our median was {'' if above else 'not '}higher"
    count = f"{formats.spelled(above)} of our {formats.spelled(total)} medians {'was' if above == 1 else 'were'} higher"
    if above == total:
        count = f"{'both' if total == 2 else f'all {formats.spelled(total)}'} of our medians were higher"
    return f"OpenAI {burned} in {period}; {count if above else 'none of our medians was higher'}"


def sides(ledger: Ledger, scenario: str = "central") -> Results:
    """How often sales came above our medians, and cash burned below them."""
    f, found = Facts(ledger, "scorecard", scenario), predicted.settled(ledger)
    sales, burn = found[found["metric"].isin(predicted.SALES)], found[found["metric"] == predicted.BURN]
    low, high = int((sales["place"] >= predicted.ABOVE).sum()), int(is_above(burn).sum())
    is_low, is_high = 2 * low > len(sales), 2 * high > len(burn)
    is_gloomy = is_clear(low, len(sales)) and (is_high or burn.empty)
    rows = [predicted.outcome_rows(ledger, part) for part in (sales, burn)]
    often = {"sales": how_often(low, len(sales)), "burn": how_often(high, len(burn))}
    counts = [f"In {number} of {len(part)} statements." for number, part in ((low, sales), (high, burn))]
    on_what = f"on sales {often['sales']}" + (f", on cash {often['burn']}" if len(burn) else "")
    return Results(
        [
            f.result(
                "sales_low_words",
                "How often our median for sales was too low",
                often["sales"],
                "text",
                rows[0],
                how=counts[0],
            ),
            f.result(
                "burn_high_words",
                "How often that for cash burned was too high",
                often["burn"],
                "text",
                rows[1],
                how=counts[1],
            ),
            f.result("burn_is_high", "Mostly it was", is_high, "flag", rows[1]),
            f.result("is_gloomy", "We clearly erred on the gloomy side", is_gloomy, "flag", *rows, how=RULE),
            f.result("is_leaning", "We leaned to it", is_low and not is_gloomy, "flag", *rows, how=RULE),
            f.result("gloomy_on", "On what, and how often", on_what if len(sales) else None, "text", *rows),
        ]
    )
