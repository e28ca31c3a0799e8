"""Ratios, differences and sums of quantities that know their period and what they rest on.

Two quantities are alike when they speak of periods of the same length and the same days, and rest on the same kind of
statement (what happened, an estimate, a forecast, talks); two forecasts besides when one author made them on one day.
A balance and a span are alike when the span ends on the balance's day. An amount of a contract has no period of its
own and is alike with any.

What is unlike is refused, or named: `ratio` and `difference` return the words that a reader needs when they are asked
to. A sum of unlike quantities means nothing, so `total` only refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.models import bases
from analysis.numbers.timespans import Period
from analysis.numbers.words import BASIS_NOUNS

NO_PERIOD = Period()
LENGTH, PERIOD, BASIS, FORECAST, UNIT = (
    "length of period",
    "period",
    "basis",
    "author or day of the forecast",
    "unit",
)


class UnlikeError(ValueError):
    """Quantities that must not be combined without a word; ``how`` names what differs."""

    def __init__(self, how: Sequence[str], words: str):
        super().__init__(f"unlike in {', '.join(how)}: {words}; name it or choose like ones")
        self.how = tuple(how)


@dataclass(frozen=True)
class Quantity:
    """A number with what it speaks of.

    Attributes
    ----------
    value : float
        In the unit; NaN where it is not known.
    unit : str
        One of the units of `results.Result`.
    period : Period
        Of an amount of a contract: empty.
    basis : str
        actual, reported, estimate, guidance, projection; of deals agreed, announced, reported, talks; empty where
        nothing is known.
    author, as_of : str
        Who said it, and on which day (YYYY-MM-DD) it became known.
    label : str
        What it is, for words: "capital spending".
    """

    value: float
    unit: str
    period: Period = NO_PERIOD
    basis: str = ""
    author: str = ""
    as_of: str = ""
    label: str = ""

    @property
    def words(self) -> str:
        """What it is, on what it rests and when: "the guidance for fiscal 2027 (capital spending)"."""
        noun, when = BASIS_NOUNS.get(self.basis, "the figure of"), self.period.words
        if not when:
            return self.label or "the amount"
        label = f" ({self.label})" if self.label else ""
        return f"{noun} {when}{label}"


@dataclass(frozen=True)
class Compared:
    """The number that two quantities make, how they are unlike (empty: they are alike), and words that say so."""

    value: float
    unlike: tuple[str, ...] = ()
    words: str = ""


def unlike(a: Quantity, b: Quantity) -> list[str]:
    """Return in what two quantities are unlike; nothing for those of which one is not known."""
    if not (a.basis and b.basis):
        return []
    found = []
    if a.period.end and b.period.end:
        found += _periods(a.period, b.period)
    kinds = {bases.kind_of(q.basis) for q in (a, b)}
    if len(kinds) > 1:
        found.append(BASIS)
    elif kinds == {"forecast"} and (a.author, a.as_of) != (b.author, b.as_of):
        found.append(FORECAST)
    return found


def _periods(a: Period, b: Period) -> list[str]:
    if a.is_day != b.is_day:
        return [] if a.end == b.end else [PERIOD]
    if a.months != b.months:
        return [LENGTH]
    return [] if (a.start, a.end) == (b.start, b.end) else [PERIOD]


def _compared(value: float, a: Quantity, b: Quantity, preposition: str, named: bool, extra: Sequence[str]) -> Compared:
    how = [*extra, *unlike(a, b)]
    words = f"{a.words} {preposition} {b.words}"
    if how and not named:
        raise UnlikeError(how, words)
    return Compared(value, tuple(how), words if how else "")


def ratio(part: Quantity, whole: Quantity, *, named: bool = False) -> Compared:
    """``part`` over ``whole``.

    Parameters
    ----------
    part, whole : Quantity
        Two numbers; their units may differ.
    named : bool
        Whether unlike ones are combined and named; otherwise they are refused.

    Returns
    -------
    Compared
        NaN where either is not known or the whole is 0.

    Raises
    ------
    UnlikeError
        For unlike ones that are not to be named.
    """
    value = part.value / whole.value if whole.value else float("nan")
    return _compared(value, part, whole, "over", named, ())


def difference(first: Quantity, second: Quantity, *, named: bool = False) -> Compared:
    """``first`` less ``second``, which have one unit; see `ratio`.

    Two balances of different days are alike: their difference is what the time between them added.
    """
    are_balances = first.period.is_day and second.period.is_day
    if are_balances:
        second = Quantity(second.value, second.unit, first.period, second.basis, second.author, second.as_of)
    units = () if first.unit == second.unit else (UNIT,)
    if units:
        raise UnlikeError(units, f"{first.unit} less {second.unit}")
    return _compared(first.value - second.value, first, second, "less", named, ())


def total(parts: Sequence[Quantity]) -> Quantity:
    """The sum of quantities of one unit, length of period, kind of basis and forecast, whose periods do not overlap.

    Returns
    -------
    Quantity
        Of the period from the first start to the last end; its basis is the weakest of theirs.

    Raises
    ------
    UnlikeError
        For unlike ones; there is no way to name such a sum.
    ValueError
        For no quantities at all.
    """
    if not parts:
        raise ValueError("nothing to add")
    first, *others = parts
    for other in others:
        how = [UNIT] if other.unit != first.unit else []
        how += [what for what in unlike(first, other) if what != PERIOD]
        if how:
            raise UnlikeError(how, f"{first.words} and {other.words}")
    for i, part in enumerate(parts):
        for other in parts[i + 1 :]:
            if part.period.overlaps(other.period):
                raise UnlikeError([PERIOD], f"{part.words} and {other.words} overlap")
    start, end = min(part.period.start for part in parts), max(part.period.end for part in parts)
    weakest = max((part.basis for part in parts), key=bases.order)
    return Quantity(
        sum(part.value for part in parts),
        first.unit,
        Period(start, end, first.period.is_cumulative, first.period.year_end),
        weakest,
        first.author,
        max(part.as_of for part in parts),
        first.label,
    )
