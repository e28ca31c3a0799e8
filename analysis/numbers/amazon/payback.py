"""Amazon's money in OpenAI against OpenAI's spending at AWS, both added up by the end of each year.

- The firm part of the equity counts from its first year; the central line adds half of a conditional part (a choice)
  in the year in which it would lapse.
- OpenAI pays the whole contract. How fast the spending grows is a choice.
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.assumptions import LEVELS
from analysis.models import deals, obligations
from analysis.numbers import modelling
from analysis.numbers.amazon.deal import AWS, EQUITY
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results

COLUMNS = ["year", "put_low", "put", "put_high", "spent_low", "spent", "spent_high"]


def paid_in_and_back(f: Facts) -> pd.DataFrame:
    """Return both sides by the end of each year, US$ bn, with the lowest and highest of our choices.

    Returns
    -------
    DataFrame
        Columns year, put and spent (central), each with _low and _high. Empty unless a contract with a price is known;
        of an equity that is not agreed the columns are NaN.
    """
    equity, aws = (deals.payments(f.deal(key)) for key in (EQUITY, AWS))
    if not deals.total(aws).high:
        return pd.DataFrame(columns=COLUMNS)
    ramp = f.choices["ramp"]

    def spent(which: str, shape: float) -> pd.Series:
        by_year = obligations.by_year(aws, modelling.terms(f.choices, which), shape)
        return by_year.groupby("year")["high"].sum().cumsum()

    tried = pd.concat(
        [spent(w, shape) for w in LEVELS for shape in (ramp.low, ramp.central, ramp.high)], axis=1
    ).ffill()
    frame = pd.DataFrame({"spent_low": tried.min(axis=1), "spent_high": tried.max(axis=1)})
    frame["spent"] = spent("central", ramp.central).reindex(frame.index).ffill()
    sums = deals.total(equity)
    if sums.high:
        row = equity.iloc[0]
        start = (row["start"] if pd.notna(row["start"]) else row["as_of"]).year
        end = row["end"].year if pd.notna(row["end"]) else start
        hoped = f.choices["conditional_paid"].central * (sums.high - sums.low)
        years = frame.index.to_series()
        frame["put_low"] = sums.low * (years >= start)
        frame["put"] = sums.low * (years >= start) + hoped * (years >= end)
        frame["put_high"] = sums.high * (years >= start)
    frame = frame.reindex(columns=COLUMNS[1:])
    return frame.rename_axis("year").reset_index()


def first_year(frame: pd.DataFrame, spent: str, put: str) -> float:
    """Return the first year by whose end what was spent passes, for good, what was put in; NaN where it never does."""
    is_ahead = (frame[put] > 0) & (frame[spent] > frame[put])
    passed = frame.loc[is_ahead[::-1].cummin()[::-1], "year"]
    return float(passed.iloc[0]) if len(passed) else NAN


def payback(ledger: Ledger, scenario: str = "central") -> Results:
    """Return the years by whose end OpenAI has spent more at AWS than Amazon has put into OpenAI."""
    f = Facts(ledger, "amazon", scenario)
    equity, aws = (deals.payments(f.deal(key)) for key in (EQUITY, AWS))
    frame = paid_in_and_back(f)
    pairs = (("spent_high", "put_low"), ("spent", "put"), ("spent_low", "put_high"))
    soon, middle, late = (first_year(frame, spent, put) for spent, put in pairs)
    firm, whole = (first_year(frame, "spent", put) for put in ("put_low", "put_high"))
    how = "First year end at which the spending, all of the contract paid, passes the equity; range over our choices."
    middling = "First year end at which the spending, in the middle of our choices, passes the equity."
    return Results(
        [
            f.result(
                "payback_year",
                "End of the year in which OpenAI's spending at AWS passes Amazon's money",
                middle,
                "year",
                equity,
                aws,
                low=soon,
                high=late,
                how=how,
            ),
            f.result(
                "payback_firm",
                "Year of that for the firm part",
                firm,
                "year",
                equity,
                aws,
                how=middling,
            ),
            f.result(
                "payback_whole",
                "Year by whose end OpenAI's spending at AWS passes Amazon's money",
                whole,
                "year",
                equity,
                aws,
                how=middling,
            ),
            f.result("has_payback", "A year of payback can be computed", middle == middle, "flag", equity, aws),
            *_payments(f),
        ]
    )


def _payments(f: Facts) -> Results:
    """Return the parts in which Amazon's money was paid, from the sums that it states."""
    stated = f.metric("amazon", "invested_in_openai").drop_duplicates("value")
    parts = [stated["value"].iloc[0], *stated["value"].diff().iloc[1:]] if len(stated) else []
    known = [*parts, NAN, NAN, NAN]
    told = [("first", "First"), ("second", "Second"), ("third", "Third")]
    return Results(
        [
            f.result(
                f"paid_{key}",
                f"{word} part of Amazon's money to OpenAI",
                known[i],
                "usd_bn",
                stated.iloc[max(i - 1, 0) : i + 1],
                how="Sum invested so far, less the sum before.",
            )
            for i, (key, word) in enumerate(told)
        ]
    )
