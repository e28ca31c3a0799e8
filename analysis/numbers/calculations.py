"""Numbers that remember from which others they were computed, so that a reader can be shown the calculation.

A number that a chapter takes from a row of the ledger is `Calculated`, and so is every sum, difference, product and
ratio of such numbers: ``100 * ratio(value(part), value(whole))`` knows both and the rows that they come from. What
loses its trace on the way (numpy, rounding) is a plain float again, and is then shown without a calculation.
"""

from dataclasses import dataclass, replace

import pandas as pd

from analysis.models import deals
from analysis.numbers import formats
from analysis.numbers.ledger_words import deal_amount
from analysis.numbers.row_keys import keys_of, row_keys

MAX_TERMS = 8  # of a calculation that a note shows
MAX_SUMMANDS = 5  # rows of a sum that are shown one by one
ATOM, PRODUCT, SUM = range(3)  # how tightly a calculation holds together
PER_CENT = 100
CONSTANTS = (1, 4, 12, 100, 1000)  # numbers that need no words: months and quarters of a year, units of money


@dataclass(frozen=True)
class Term:
    """A term of a calculation: what stands before its number ("÷ ("), the number, what it is, its row, what follows."""

    operator: str
    text: str
    words: str = ""
    row: str = ""
    close: str = ""


@dataclass(frozen=True)
class Calculation:
    """How one number of a result came about; ``end`` says which: "" the value, "low" or "high" an end of its range."""

    end: str
    terms: tuple[Term, ...]
    text: str


@dataclass(frozen=True)
class _Leaf:
    """A number that is not computed here; ``rows`` are those of which it is in the last."""

    number: float
    unit: str = ""
    words: str = ""
    rows: pd.DataFrame | None = None
    operator: str = ""
    close: str = ""

    def term(self) -> Term:
        text = formats.amount(self.number, self.unit) if self.unit else formats.rounded(self.number, 2)
        row = next(iter(keys_of([] if self.rows is None else [self.rows.tail(1)])), "")
        return Term(self.operator, text, self.words, row, self.close)


class Calculated(float):
    """A float with the numbers that it was computed from."""

    _leaves: tuple[_Leaf, ...]
    _binding: int
    _is_percent: bool

    def __new__(
        cls, number: float, leaves: tuple[_Leaf, ...] = (), binding: int = ATOM, is_percent: bool = False
    ) -> "Calculated":
        made = super().__new__(cls, number)
        made._leaves, made._binding, made._is_percent = leaves or (_Leaf(float(number)),), binding, is_percent
        return made

    def __getnewargs__(self) -> tuple[float]:
        return (float(self),)

    def __add__(self, other: float) -> float:
        return _combined(super().__add__(other), self, other, "+")

    def __radd__(self, other: float) -> float:
        return self if isinstance(other, int) and other == 0 else _combined(super().__radd__(other), other, self, "+")

    def __sub__(self, other: float) -> float:
        return _combined(super().__sub__(other), self, other, formats.MINUS)

    def __rsub__(self, other: float) -> float:
        return _combined(super().__rsub__(other), other, self, formats.MINUS)

    def __mul__(self, other: float) -> float:
        if _is_hundred(other):
            return self.__rmul__(other)
        return _combined(super().__mul__(other), self, other, "×")

    def __rmul__(self, other: float) -> float:
        if _is_hundred(other):
            return Calculated(super().__rmul__(other), self._leaves, self._binding, is_percent=True)
        return _combined(super().__rmul__(other), other, self, "×")

    def __truediv__(self, other: float) -> float:
        is_rate = self._is_percent or (len(self._leaves) == 1 and self._leaves[0].unit == "pct")
        if _is_hundred(other) and is_rate:  # 4% is written as 4% and counts as 0.04
            return Calculated(super().__truediv__(other), self._leaves, self._binding)
        return _combined(super().__truediv__(other), self, other, "÷")

    def __rtruediv__(self, other: float) -> float:
        return _combined(super().__rtruediv__(other), other, self, "÷")

    def terms(self, unit: str) -> tuple[Term, ...]:
        """The calculation as a result in a unit shows it.

        Empty for a number that was not computed, and where nobody can say what one of its numbers is.
        """
        leaves = self._leaves if unit == "pct" else self._written()._leaves
        terms = tuple(leaf.term() for leaf in leaves) if 1 < len(leaves) <= MAX_TERMS else ()
        is_told = all(t.words or t.row or leaf.number in CONSTANTS for t, leaf in zip(terms, leaves, strict=False))
        return terms if is_told else ()

    def _written(self) -> "Calculated":
        """The same with the factor of a percentage written out, as it must be when it is computed with."""
        if not self._is_percent:
            return self
        hundred = _Leaf(float(PER_CENT))
        inner = Calculated(float(self), self._leaves, self._binding)
        return Calculated(float(self), (hundred, *_enclosed(inner, "×", self._binding == SUM)), PRODUCT)


def _is_hundred(number: float) -> bool:
    """Whether a number only makes a share a percentage, or the reverse."""
    return isinstance(number, int | float) and not isinstance(number, Calculated) and number == PER_CENT


def _enclosed(number: Calculated, operator: str, has_brackets: bool) -> tuple[_Leaf, ...]:
    """The leaves of an operand behind an operator, in brackets where these are needed."""
    first, *others = number._leaves
    opening = "(" if has_brackets else ""
    found = [replace(first, operator=" ".join(filter(None, (operator, opening + first.operator)))), *others]
    if has_brackets:
        found[-1] = replace(found[-1], close=found[-1].close + ")")
    return tuple(found)


def _combined(number: float, left: float, right: float, operator: str) -> float:
    if number is NotImplemented:
        return NotImplemented
    sides = [side._written() if isinstance(side, Calculated) else Calculated(side) for side in (left, right)]
    is_sum = operator in ("+", formats.MINUS)
    first = _enclosed(sides[0], "", not is_sum and sides[0]._binding == SUM)
    tight = (operator == "÷" and sides[1]._binding != ATOM) or (operator == "×" and sides[1]._binding == SUM)
    second = _enclosed(sides[1], operator, tight or (operator == formats.MINUS and sides[1]._binding == SUM))
    return Calculated(number, (*first, *second), SUM if is_sum else PRODUCT)


# The unit of a column whose rows do not tell it.
COLUMN_UNITS = {
    "low_usd_bn": "usd_bn",
    "high_usd_bn": "usd_bn",
    "gw": "gw",
    "planned_gw": "gw",
    "live_gw": "gw",
    "fp8": "usd",
    "bf16": "usd",
}


def from_row(rows: pd.DataFrame, column: str) -> float:
    """The number in the last row, which it remembers."""
    unit = COLUMN_UNITS.get(column) or (str(rows["unit"].iloc[-1]) if column == "value" and "unit" in rows else "")
    number = float(rows[column].iloc[-1])
    return Calculated(number, (_Leaf(number, unit, rows=rows),))


def labelled(number: float, unit: str, words: str) -> float:
    """A number with words that say what it is."""
    return Calculated(number, (_Leaf(float(number), unit, words),))


def _calculation(number: object, unit: str, end: str) -> list[Calculation]:
    if not isinstance(number, Calculated) or formats.is_missing(number):
        return []
    terms = number.terms(unit)
    return [Calculation(end, terms, formats.amount(float(number), unit))] if terms else []


def shown(value: object, low: object, high: object, unit: str) -> list[Calculation]:
    """How a result was computed: its value, or else the ends of its range, which are one if they are alike.

    Parameters
    ----------
    value, low, high : object
        The numbers of the result; None or NaN where not known.
    unit : str
        Of the result.
    """
    if not formats.is_missing(value):
        return _calculation(value, unit, "")
    ends = [*_calculation(low, unit, "low"), *_calculation(high, unit, "high")]
    if len(ends) > 1 and ends[0].terms == ends[1].terms:
        return [replace(ends[0], end="")]
    return ends


def sum_of(rows: pd.DataFrame, text: str) -> list[Calculation]:
    """A sum of deals: the largest of them one by one, the others together (none for a single deal).

    Parameters
    ----------
    rows : DataFrame
        The deals that are added.
    text : str
        Their sum in words.
    """
    priced = rows[~deals.is_unpriced(rows)]
    if len(priced) < 2:
        return []
    ordered = priced.loc[deals.bounds(priced)["high"].sort_values(ascending=False, kind="stable").index]
    count = MAX_SUMMANDS if len(ordered) > MAX_SUMMANDS + 1 else len(ordered)
    shown, rest = ordered.head(count), ordered.iloc[count:]
    ends = zip(row_keys(shown), shown["low_usd_bn"], shown["high_usd_bn"], strict=True)
    terms = [Term("+" if i else "", deal_amount(low, high), "", row) for i, (row, low, high) in enumerate(ends)]
    if len(rest):
        others = deals.total(rest)
        amount = formats.quantity(None, "usd_bn", others.low, others.high, others.is_open)
        terms.append(Term("+", amount, f"{len(rest)} smaller ones"))
    return [Calculation("", tuple(terms), text)]
