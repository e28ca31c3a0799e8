"""The modelling choices that are ours, by scenario."""

import difflib
from typing import NamedTuple

import pandas as pd

CENTRAL = "central"


class Choice(NamedTuple):
    low: float
    central: float
    high: float


class Assumptions:
    """``assumptions["discount_rate"]`` is its (low, central, high) under the scenario.

    A scenario holds only what it changes; everything else is taken from ``central``.
    Raises ValueError for an unknown scenario and KeyError for an unknown parameter, with the nearest name.
    """

    def __init__(self, frame: pd.DataFrame, scenario: str = CENTRAL):
        known = list(dict.fromkeys(frame["scenario"])) or [CENTRAL]
        if scenario not in known:
            near = difflib.get_close_matches(str(scenario), known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ValueError(f"unknown scenario {scenario!r}{hint} Known: {', '.join(known)}")
        self.scenario = scenario
        both = pd.concat([frame[frame["scenario"] == CENTRAL], frame[frame["scenario"] == scenario]])
        self.frame = both.drop_duplicates("parameter", keep="last").reset_index(drop=True)
        self._choices = {
            r.parameter: Choice(r.low, r.central, r.high) for r in self.frame[["parameter", "low", "central", "high"]].itertuples()
        }

    def __getitem__(self, parameter: str) -> Choice:
        try:
            return self._choices[parameter]
        except KeyError:
            near = difflib.get_close_matches(parameter, self._choices, n=1)
            hint = f"; nearest is {near[0]!r}" if near else ""
            raise KeyError(f"no assumption {parameter!r} under scenario {self.scenario!r}{hint}") from None

    def __contains__(self, parameter: str) -> bool:
        return parameter in self._choices
