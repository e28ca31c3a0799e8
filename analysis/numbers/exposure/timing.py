"""When what OpenAI has ordered falls due, and its own count of it."""

from analysis.ledger import Ledger, latest
from analysis.models import deals as counted
from analysis.numbers import quantities
from analysis.numbers.exposure.owed import by_year, facts
from analysis.numbers.facts import NAN, day, nan_if_unknown, value
from analysis.numbers.results import Results

LITTLE = 0.2  # of all that is ordered


def cross_check(ledger: Ledger, scenario: str = "central") -> Results:
    """OpenAI's own count of its purchase commitments beside the ledger's sum as known on that day."""
    f = facts(ledger, scenario)
    own = f.last("openai", "purchase_commitments").dropna(subset=["end"])
    then = latest(f.ledger.history["deals"], ["deal"], own["end"].iloc[0]) if len(own) else ledger.deals.head(0)
    rows = counted.payments(then, payer="openai", scope="openai", kind=counted.SUPPLY_KINDS)
    return Results(
        [
            f.result("own_count", "OpenAI's own count of its purchase commitments", value(own), "usd_bn", own),
            f.result("own_day", "Purchase commitments as of", day(own, "end"), "date", own),
            f.amount("counted_then", "Priced orders, as known on that day", rows),
        ]
    )


def when(ledger: Ledger, scenario: str = "central") -> Results:
    """In which year most falls due, and how much of all of it rests on assumed dates."""
    f = facts(ledger, scenario)
    owed, spread = quantities.outstanding(f), by_year(f)
    total = spread.groupby("year")["high"].sum()
    even = by_year(f, is_even=True).groupby("year")["high"].sum()
    known = bool(total.sum() > 0)
    year = int(total.idxmax()) if known else None
    assumed = nan_if_unknown(lambda a, b: a / b, spread.loc[spread["is_assumed"], "high"].sum(), total.sum())
    later = spread[spread["year"] > ledger.as_of.year]
    is_far = known and later["high"].sum() > (1 - LITTLE) * total.sum()
    return Results(
        [
            f.result("peak_year", "Year in which most falls due", year, "year", owed),
            f.result("peak", "Due in that year", float(total.max()) if known else NAN, "usd_bn", owed),
            f.result(
                "peak_even", "Due in that year, spread evenly", float(even.max()) if known else NAN, "usd_bn", owed
            ),
            f.result(
                "ahead",
                f"Of OpenAI's orders, due after {ledger.as_of:%Y}",
                None,
                "usd_bn",
                owed,
                low=float(later["low"].sum()) if known else NAN,
                high=float(later["high"].sum()) if known else NAN,
                is_open=known and bool(counted.is_open_ended(owed).any()),
                how="By our spreading: no contract publishes its yearly payments.",
            ),
            f.result("is_far", "Little of it falls due by the end of the year", bool(is_far), "flag", owed),
            f.result("has_assumed", "A part of it rests on an assumed date", bool(assumed > 0), "flag", owed),
        ]
    )
