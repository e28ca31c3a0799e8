"""What a reader can move beside a figure: one parameter of its chart, value by value, with words for each."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from analysis.numbers import formats


class Stop(NamedTuple):
    """A value of the parameter, the words for it, and a sentence on what is then seen ("" for the slider's own)."""

    value: str | float
    words: str
    told: str = ""


@dataclass(frozen=True)
class Slider:
    """A slider: the chart's parameter, what stands before the value's words, the values in order, and the index of the
    one that is drawn at first.

    ``otherwise`` is told at each stop without a sentence of its own; ``pace`` is the time in milliseconds that a stop
    is shown when the slider plays.
    """

    parameter: str
    label: str
    stops: list[Stop] = field(default_factory=list)
    start: int = 0
    otherwise: str = ""
    pace: int = 700

    def meta(self) -> dict[str, Any]:
        """Return what the page needs to know; empty when there is nothing to choose from."""
        if len(self.stops) < 2:
            return {}
        stops = [list(stop if stop.told else stop[:2]) for stop in self.stops]
        return {
            "parameter": self.parameter,
            "label": self.label,
            "stops": stops,
            "start": self.start,
            "otherwise": self.otherwise,
            "pace": self.pace,
        }


def day_slider(days: list[str]) -> Slider:
    """Return the slider of a chart that is replayed (see `figures.replay`): its ISO days, oldest first, the newest
    drawn."""
    words = [formats.day(day) for day in days]
    stops = [Stop(day, text) for day, text in zip(days, words, strict=True)]
    stops[-1] = stops[-1]._replace(told="Slide back to see what was known earlier.")
    return Slider("day", "As known on", stops, len(days) - 1, f"The title speaks of {words[-1]}.")
