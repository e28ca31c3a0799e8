"""Our modelling choices, by scenario."""

import math
from typing import NamedTuple

import pandas as pd

from analysis.ledger.problems import nearest, require_known

CENTRAL = "central"


class Choice(NamedTuple):
    """What a parameter may be, in the unit of its row."""

    low: float
    central: float
    high: float


LEVELS = Choice._fields
FARTHEST_YEAR = 25  # from the years of its row to which a year may be set
LARGEST_MULTIPLE = 100  # of its high value, or of 1 where that is below 1, to which a choice may be set


def parse_scenario(scenario: str) -> tuple[str, dict[str, float]]:
    """The name of a scenario and the parameters that are set besides: ``slow;ramp=0.5;discount_rate=0.1``.

    Raises
    ------
    ValueError
        when a part is not ``name=number``.
    """
    name, *parts = str(scenario).split(";")
    found = {}
    for part in parts:
        key, sign, text = part.partition("=")
        try:
            found[key.strip()] = float(text)
        except ValueError:
            sign = ""
        if not sign or not key.strip() or not math.isfinite(found.get(key.strip(), math.nan)):
            raise ValueError(f"{part!r} in scenario {scenario!r} is not a setting; write parameter=number")
    return name.strip(), found


def bounds(unit: str, choice: Choice) -> tuple[float, float]:
    """The least and the most that a choice may be set to, in its own unit.

    A share lies between 0 and 1, or up to twice its high value where that is above 1 (sales can exceed a plan); a year
    lies near those of its row; anything else is positive and at most a hundred times its high value.
    """
    if unit == "share":
        return 0.0, 1.0 if choice.high <= 1 else 2 * choice.high
    if unit == "year":
        return choice.low - FARTHEST_YEAR, choice.high + FARTHEST_YEAR
    return 0.0, LARGEST_MULTIPLE * max(choice.high, 1.0)


class Assumptions:
    """The choices of a scenario: ``assumptions["discount_rate"]`` is its (low, central, high).

    A scenario holds only what it changes; everything else is taken from ``central``. Single parameters can be set after
    its name, ``slow;ramp=0.5``: low, central and high are then that number.

    Parameters
    ----------
    frame : the table assumptions
    scenario : the name of a scenario, with what is set besides

    Raises
    ------
    ValueError
        for an unknown scenario, or when a parameter that is set is unknown or its value outside its `bounds`.
    KeyError
        when an unknown parameter is asked for, with the nearest name.
    """

    def __init__(self, frame: pd.DataFrame, scenario: str = CENTRAL):
        known = list(dict.fromkeys(frame["scenario"])) or [CENTRAL]
        name, values = parse_scenario(scenario)
        require_known("scenario", name, known)
        self.scenario = scenario
        both = pd.concat([frame[frame["scenario"] == CENTRAL], frame[frame["scenario"] == name]])
        self.frame = both.drop_duplicates("parameter", keep="last").reset_index(drop=True)
        self._choices = {
            r.parameter: Choice(r.low, r.central, r.high)
            for r in self.frame[["parameter", "low", "central", "high"]].itertuples()
        }
        for key, value in values.items():
            if key not in self._choices:
                raise ValueError(f"no assumption {key!r} to set{nearest(key, self._choices)}")
            unit = str(self.frame.loc[self.frame["parameter"] == key, "unit"].iloc[0])
            low, high = bounds(unit, self._choices[key])
            if not low <= value <= high:
                hint = "; a decimal number takes a point, as in 0.5" if unit == "share" else ""
                raise ValueError(f"{key}={value:g} is outside {low:g} to {high:g} ({unit}){hint}")
            self._choices[key] = Choice(value, value, value)
            for column in Choice._fields:
                self.frame.loc[self.frame["parameter"] == key, column] = value

    def __getitem__(self, parameter: str) -> Choice:
        try:
            return self._choices[parameter]
        except KeyError:
            hint = nearest(parameter, self._choices)
            raise KeyError(f"no assumption {parameter!r} under scenario {self.scenario!r}{hint}") from None

    def __contains__(self, parameter: str) -> bool:
        return parameter in self._choices
