"""A company's figure as a headline, beside the figure that it is to be compared with."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases
from analysis.models.periods import DAYS_PER_YEAR
from analysis.numbers import formats
from analysis.numbers.headlines.past import is_same, rows_of
from analysis.numbers.headlines.phrases import PRESS, is_pool, name_of, owned, sentence
from analysis.numbers.ledger_words import OPPOSITES
from analysis.numbers.metric_names import metric_words, within
from analysis.numbers.timespans import DECEMBER, Period, year_ends

Row = Mapping[str, Any]
HIGH, LOW = "_high", "_low"  # how the keys of the metrics end that are the two ends of a range
ENDS = {HIGH: "upper", LOW: "lower"}
SAID = ("actual", "reported")  # bases of what has come, whoever says it
GUARANTEES = "guarantees_max_exposure"
ALIKE = 12  # days by which two spans may differ that are compared
LONGEST_AGO = 1.3 * DAYS_PER_YEAR  # from which an older figure is no comparison
VERBS = {"projection": "was forecast at", "estimate": "was estimated at"}  # by basis
# What the note of a row says of a figure that is reckoned in another way than the one before.
RECOUNTED = re.compile(r"\bby accounting\b|\brestated\b|\bcounted otherwise\b|\bdefinition (?:wider|narrower)\b", re.I)
OTHERWISE = "; counted otherwise since"
EXPECTED = "paid in"  # of a metric of which an outlook says what a company will have done
# How names of metrics begin that are no noun which a company can have, and what is said instead.
REPHRASED = {"paid in": "what {} has paid in", "most that it": "the most that {}"}


def headline(history: pd.DataFrame, ledger: Ledger, row: Row) -> str:
    """Return what a row of a metric says as a sentence without its full stop.

    Parameters
    ----------
    history
        The rows of the metrics.
    ledger
        Whose names of companies are used.
    row
        Its cells by column.
    """
    before, period, hedge = comparable(history, row), _period(ledger, row), PRESS * (row["basis"] == "reported")
    subject, now = _subject(history, ledger, row), amount(history, row)
    hedge = (_signed_after(ledger, row, before) if before is not None else "") + hedge
    is_outlook = row["basis"] == "guidance"
    verb = (
        ""
        if subject.endswith(":")
        else "is"
        if is_outlook
        else VERBS.get(row["basis"], "stood at" if pd.isna(row["start"]) else "came to")
    )
    said = " ".join(filter(None, (subject, verb, now))) + _when(period)
    if row["basis"] in bases.FORECASTS and (words := within(metric_words(ledger, row["metric"]))).startswith(EXPECTED):
        said = _expected(ledger, row, now, words.removeprefix(EXPECTED), period)
    if before is None:
        return sentence(said + hedge)
    was, then = amount(history, before), _when(_period(ledger, before))
    if _is_of_one_period(before, row):
        if is_recounted(row) and was != now:
            return sentence(f"{subject}{_when(period)} is now {now}, after {was}{OTHERWISE}{hedge}")
        return sentence(f"{subject}{_when(period)} {_moved(row, before, was == now)} {now}{_from(was, now)}{hedge}")
    aside = OTHERWISE if is_recounted(row) else ""
    return sentence(said + (f", as{then}" if was == now else f", after {was}{then}") + aside + hedge)


def _expected(ledger: Ledger, row: Row, now: str, to_whom: str, period: Period) -> str:
    """What a company will have paid in by a day to come: "SoftBank expects to have paid in US$65bn to OpenAI by …"."""
    verb = "expects" if row["basis"] == "guidance" else "is expected"
    verb = {"expects": "expect", "is expected": "are expected"}[verb] if is_pool(ledger, row["entity"]) else verb
    by = f" by {period.words}" if period.words else ""
    return f"{name_of(ledger, row['entity'])} {verb} to have paid in {now}{to_whom}{by}"


def is_recounted(row: Row) -> bool:
    """Whether a figure is reckoned in another way than the one before it: no rise and no fall is to be told of it."""
    return bool(RECOUNTED.search(str(row.get("note") or "")))


def _signed_after(ledger: Ledger, row: Row, before: Row) -> str:
    """What a sum of guarantees counts that was signed after the day it is stated for, before it was published."""
    deals = ledger.history["deals"]
    if row["metric"] != GUARANTEES:
        return ""
    own = deals[(deals["payer"] == row["entity"]) & (deals["kind"] == "guarantee") & deals["status"].eq("signed")]
    own = own[(own["as_of"] > row["end"]) & (own["as_of"] <= row["as_of"])]
    late = own["high_usd_bn"].max()
    if not 0 < late <= row["value"] - before["value"]:
        return ""
    day = formats.day(own.loc[own["high_usd_bn"].idxmax(), "as_of"].date())
    return f"; it counts {formats.amount(late, 'usd_bn')} signed after that day, on {day}"


def _moved(row: Row, before: Row, is_unchanged: bool) -> str:
    if is_unchanged:
        return "stayed at"
    return (
        "fell to" if row["value"] < before["value"] else "rose to" if row["value"] > before["value"] else "changed to"
    )


def _from(was: str, now: str) -> str:
    return "" if was == now else f" from {was}"


def amount(history: pd.DataFrame, row: Row) -> str:
    """Return the value of a row in words: of one end of a range whose other end is said with it, the range."""
    low = twin(history, row) if row["metric"].endswith(HIGH) else None
    if low is not None:
        return formats.span(low["value"], row["value"], row["unit"])
    text = formats.amount(row["value"], row["unit"])
    opposite = OPPOSITES.get(row["metric"].rpartition("_")[2]) if row["value"] < 0 else None
    return f"{text} ({opposite})" if opposite else text


def twin(history: pd.DataFrame, row: Row) -> Row | None:
    """Return the row of the other end of a range, said on the same day for the same time; None where there is none."""
    tail = next((tail for tail in ENDS if row["metric"].endswith(tail)), "")
    if not tail:
        return None
    other = row["metric"].removesuffix(tail) + (LOW if tail == HIGH else HIGH)
    own = rows_of(history, {"entity": row["entity"], "metric": other})
    return next((r for r in reversed(own) if r["as_of"] == row["as_of"] and _is_of_one_period(r, row)), None)


def comparable(history: pd.DataFrame, row: Row) -> Row | None:
    """Return the figure that a row replaces, or the newest of an earlier period of the same length; None for none."""
    bases = SAID if row["basis"] in SAID else (row["basis"],)
    alike = {column: row[column] for column in ("entity", "metric", "unit", "by")}
    own = [r for r in rows_of(history, alike) if r["as_of"] <= row["as_of"] and r["basis"] in bases]
    same = [r for r in own if r["as_of"] < row["as_of"] and _is_of_one_period(r, row)]
    if same:
        return _newest(same, "as_of")
    if pd.isna(row["end"]):
        return None
    own = [r for r in own if r["end"] < row["end"] and (row["end"] - r["end"]).days <= LONGEST_AGO]
    if pd.isna(row["start"]):
        own = [r for r in own if pd.isna(r["start"])]
    else:
        length = (row["end"] - row["start"]).days
        own = [r for r in own if abs((r["end"] - r["start"]).days - length) <= ALIKE]
    return _newest(own, "end", "as_of") if own else None


def _newest(rows: list[dict[str, Any]], *by: str) -> Row:
    """The last of those that are the newest by some columns."""
    return max(reversed(rows), key=lambda r: [r[column] for column in by])


def _is_of_one_period(one: Row, other: Row) -> bool:
    return all(is_same(one[edge], other[edge]) for edge in ("start", "end"))


def _subject(history: pd.DataFrame, ledger: Ledger, row: Row) -> str:
    words = within(metric_words(ledger, row["metric"])).replace(", in total", " in total")
    side = next((end for tail, end in ENDS.items() if row["metric"].endswith(tail)), "")
    words = words.removesuffix(f", {side} end")
    outlook = "outlook for " if row["basis"] == "guidance" and "guidance" not in words else ""
    name = name_of(ledger, row["entity"])
    for begin, said in REPHRASED.items():
        if words.startswith(begin):
            return said.format(name) + words.removeprefix(begin)
    if "," in words:
        return f"{name}, {outlook}{words}:"
    end = f"the {side} end of " if side and twin(history, row) is None else ""
    if is_pool(ledger, row["entity"]):
        return f"{end}the {outlook}{words} of {name}"
    return end + owned(ledger, row["entity"], outlook + words)


def _period(ledger: Ledger, row: Row) -> Period:
    is_cumulative = str(row["metric"]).endswith("_cumulative")
    return Period.of(row["start"], row["end"], is_cumulative, year_ends(ledger).get(row["entity"], DECEMBER))


def _when(period: Period) -> str:
    words = period.words
    if not words:
        return ""
    if period.is_day or period.is_cumulative:
        return f" on {words}"
    return f" from {words}" if " to " in words and not words.startswith("the ") else f" in {words}"
