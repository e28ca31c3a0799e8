"""How a value is written for a reader: one place, so that prose, cards, tables and charts agree."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pandas as pd

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PREFIX = {"usd_bn": "US$", "usd": "US$", "usd_mn": "US$"}
SUFFIX = {
    "usd_bn": "bn",
    "usd_mn": "m",
    "pct": "%",
    "gw": " GW",
    "x": "×",
    "years": " years",
    "count_mn": " million",
    "bp": " basis points",
    "months": " months",
}
MINUS = "−"
UNKNOWN = "not known"
NOTHING = "nothing"


def decimal_of(value: float) -> Decimal:
    """The number that is meant: a sum of decimals is off by its last bits, and not alike in every Python."""
    return Decimal(f"{float(value):.12g}")


def rounded(value: float, digits: int) -> str:
    """Decimal text, thousands grouped, without trailing zeros.

    Parameters
    ----------
    value : float
        The number.
    digits : int
        The most digits after the point. Halves go away from zero: 42.25 to one digit is 42.3.
    """
    exact = decimal_of(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = f"{abs(exact):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return (MINUS if exact < 0 else "") + text


def digits_for(value: float, unit: str) -> int:
    """Digits after the point for a number in one of the units of `results.Result`.

    Money keeps what the ledger says, ratios three significant digits.
    """
    size = abs(value)
    if unit in ("count", "year", "bp"):
        return 0
    if unit == "usd_bn":
        return 0 if size >= 1000 else 1 if size >= 1 else 2
    if unit == "x":
        return 1 if size < 100 else 0
    if size >= 100:
        return 0
    if size >= 10:
        return 1 if unit != "pct" else (0 if abs(value - round(value)) < 0.05 else 1)
    return 2 if size < 1 or unit == "usd" else 1


def plain(value: float, unit: str) -> str:
    """The bare number, without its unit."""
    if unit == "year":
        return str(int(value))
    if unit == "usd" and abs(value) < 100:
        return (
            rounded(value, 2)
            if value == round(value)
            else f"{decimal_of(value).quantize(Decimal('0.01'), ROUND_HALF_UP)}"
        )
    return rounded(value, digits_for(value, unit))


def amount(value: float, unit: str, has_unit: bool = True) -> str:
    """One number with its unit: ``US$138bn``, ``4.5 GW``, ``−4.1``."""
    text = plain(value, unit)
    if not has_unit:
        return text
    sign, text = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}{PREFIX.get(unit, '')}{text}{SUFFIX.get(unit, '')}"


def whole(value: float) -> int:
    """The nearest whole number; a half goes away from zero, so that a title and a sentence round alike."""
    return int(decimal_of(value).quantize(Decimal(1), ROUND_HALF_UP))


def whole_bn(value: float) -> str:
    """An amount of US$ bn without decimals: ``US$138bn``; halves go away from zero, as everywhere."""
    return amount(whole(value), "usd_bn")


def or_nothing(text: str) -> str:
    """An amount as a sentence has it: "nothing" for ``US$0bn``, anything else as it is."""
    return NOTHING if text == amount(0, "usd_bn") else text


def span(low: float, high: float, unit: str, has_unit: bool = True) -> str:
    """A range: ``US$15–50bn``; with a negative end ``−4 to 10``."""
    if low < 0:
        return f"{amount(low, unit, has_unit)} to {amount(high, unit, has_unit)}"
    if not has_unit:
        return f"{plain(low, unit)}–{plain(high, unit)}"
    return f"{PREFIX.get(unit, '')}{plain(low, unit)}–{plain(high, unit)}{SUFFIX.get(unit, '')}"


def amount_text(low: float, high: float) -> str:
    """An amount of the ledger as its tables show it: 138, 15 to 50, up to 22.4, more than 10, or empty.

    Parameters
    ----------
    low, high : float
        US$ bn; NaN where an end is not known.
    """
    if pd.isna(low) and pd.isna(high):
        return ""
    if pd.isna(low):
        return f"up to {high:g}"
    if pd.isna(high):
        return f"more than {low:g}"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def day(value: str | dt.date) -> str:
    """``2026-02-27`` as ``27 February 2026``."""
    date = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{date.day} {date:%B} {date.year}"


def short_day(value: str | dt.date) -> str:
    """``2026-02-27`` as ``27 Feb 2026``, for tables and other narrow places."""
    date = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{date.day} {date:%b} {date.year}"


def cell_text(text: str) -> str:
    """A cell of a table for readers: an ISO day as ``27 Feb 2026``, unbroken; any other text as it is."""
    return short_day(text).replace(" ", "\N{NO-BREAK SPACE}") if ISO_DAY.fullmatch(text) else text


def month(value: str | dt.date) -> str:
    """``2026-02-27`` as ``February 2026``."""
    return day(value).partition(" ")[2]


def about(value: float | None, unit: str, low: float | None = None, high: float | None = None, *, is_open: bool) -> str:
    """Return an amount without decimals, for a sentence whose number opens the exact one: ``US$14–15bn``.

    Parameters
    ----------
    value, unit, low, high, is_open
        As for `quantity`. A value stands without its range; one below ten keeps two digits. A range without an upper
        end is told by its low end, ``at least US$708bn``, rounded down, or it would be none.
    """
    value, low, high = (None if v is None or is_missing(v) else _roughly(v, is_open) for v in (value, low, high))
    if is_open and value is None and low and high and low < high:
        return f"at least {amount(low, unit)}"
    ends = (low, high) if value is None else (None, None)
    return quantity(value, unit, *ends, is_open)


def _roughly(value: float, is_floor: bool) -> float:
    exact, rounding = decimal_of(value), ROUND_DOWN if is_floor else ROUND_HALF_UP
    return float(exact.quantize(Decimal(1).scaleb(min(exact.adjusted() - 1, 0)), rounding=rounding)) if value else 0.0


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: ``A``, ``A and B``, ``A, B and C``."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def counted(count: int, one: str, many: str) -> str:
    """A number of things: ``1 site``, ``3 sites``."""
    return f"{count:,} {one if count == 1 else many}"


SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def spelled(count: int) -> str:
    """A small count as a sentence writes it: ``three``; ``13`` where words would be long."""
    return SPELLED[count] if count < len(SPELLED) else str(count)


def dashed(words: str) -> str:
    """Words of the ledger with their ranges as readers write them: ``15-19 years`` as ``15–19 years``."""
    return re.sub(r"(?<=\d)-(?=\d)", "–", words)


FRACTIONS = {
    0.2: "a fifth",
    0.25: "a quarter",
    1 / 3: "a third",
    0.4: "two fifths",
    0.5: "half",
    0.6: "three fifths",
    2 / 3: "two thirds",
    0.75: "three quarters",
    0.8: "four fifths",
    0.9: "nine tenths",
    1: "all",
}


def fraction(share: float) -> str:
    """A share that is known only roughly, in words: ``about four fifths``; in percent below a sixth."""
    nearest = min(FRACTIONS, key=lambda known: abs(known - share))
    return f"about {FRACTIONS[nearest] if share > 1 / 6 else amount(whole(100 * share), 'pct')}"


def is_missing(value: object) -> bool:
    """Whether a value is None or NaN."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def quantity(
    value: object,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    is_open: bool = False,
    has_unit: bool = True,
) -> str:
    """A value with what is known of its range, as it stands in a sentence.

    Parameters
    ----------
    value : object
        A number in the unit, a text, a day (YYYY-MM-DD) or a truth value; None or NaN where only a range is known.
    unit : str
        One of the units of `results.Result`.
    low, high : float, optional
        Ends of the range, in the unit.
    is_open : bool
        Whether the high end is a floor.
    has_unit : bool
        Whether the unit is written; a picture leaves it to its subtitle.

    Returns
    -------
    str
        For example "US$138bn", "up to US$22bn", "US$15–50bn or more"; "not known" where nothing is.
    """
    if unit in ("text", "flag"):
        return UNKNOWN if is_missing(value) else str(value)
    if unit == "date":
        return UNKNOWN if is_missing(value) else day(str(value))
    ends = None if is_missing(low) or is_missing(high) else (float(low), float(high))  # type: ignore[arg-type]
    if is_missing(value):
        if ends is None:
            return UNKNOWN
        if ends[0] == ends[1]:
            return f"{'more than ' if is_open else ''}{amount(ends[0], unit, has_unit)}"
        text = f"up to {amount(ends[1], unit, has_unit)}" if ends[0] == 0 else span(*ends, unit, has_unit)
        return f"{text} or more" if is_open else text
    text = amount(float(value), unit, has_unit)  # type: ignore[arg-type]
    if ends and plain(ends[0], unit) != plain(ends[1], unit):
        text += f" ({span(*ends, unit, has_unit)}{' or more' if is_open else ''})"
    elif is_open:
        text = f"more than {text}"
    return text
