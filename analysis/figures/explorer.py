"""The page on which a reader moves the choices: its data, and what a notebook shows of it."""

import functools
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from markupsafe import Markup

from analysis import mime_types, templates
from analysis.ledger import Ledger
from analysis.models import funding
from analysis.numbers import formats, modelling, plaintext
from analysis.numbers.sustainability.cash import CASE_NAMES, SCENARIO_NAMES

SLIDERS = (
    ("attainment", "Growth: how much of OpenAI's own forecast comes true", 0.2, 1.4),
    ("take_up", "Orders: how much of the contracts it pays", 0.1, 1.0),
    ("other_share", "Other costs, as a share of revenue", 0.1, 0.8),
    ("sigma", "Swings: how far sales stray in a year", 0.0, 0.4),
    ("rent", "Rent of a gigawatt for a year, US$ bn", 6.0, 20.0),
    ("rate", "Discount rate, a year", 0.0, 0.2),
)
FIRST = ("attainment", "take_up", "other_share")  # shown at once; the others are folded
HINTS = {
    "attainment": "At 100% sales grow as OpenAI forecasts, on average.",
    "sigma": "At 0% sales follow a smooth path. Nobody knows it: ours is a guess.",
    "other_share": "Staff, marketing, the share of partners. Computing comes on top.",
    "take_up": "Counts only when computing is counting signed and announced orders.",
    "rent": "Counts only when computing is counted by the machines it needs.",
    "rate": "What later money is worth today. Changes only the sum in today's money.",
}
SHORT_NAMES = {
    "attainment": "growth",
    "sigma": "swings",
    "other_share": "other costs",
    "take_up": "use of the contracts",
    "rent": "rent of a gigawatt",
    "rate": "discount rate",
}
BETTER = {"attainment": 1, "sigma": -1, "other_share": -1, "take_up": -1, "rent": -1}  # where the gap shrinks
ONLY_IN = {"take_up": "contracts", "rent": "capacity"}


class Explorer:
    """What the page needs: inputs known on the day, the choices of each scenario, and where the sliders start.

    The page draws the same paths as the chapter, so it opens on the chapter's numbers.
    """

    def __init__(self, ledger: Ledger, scenario: str = "central"):
        self.scenario = scenario
        names = dict.fromkeys([scenario, *ledger["assumptions"]["scenario"]])
        made = {name: modelling.model(ledger, name) for name in names}
        mine = made[scenario]
        self.inputs = mine[0] if mine else None
        self.choices = {name: m[1] for name, m in made.items() if m is not None}
        self.rate = ledger.assumptions(scenario)["discount_rate"].central

    def start(self, scenario: str | None = None) -> dict[str, float]:
        """Where the sliders start under a scenario."""
        chosen = self.choices[scenario or self.scenario]
        starts = (
            chosen.central() | {"rate": self.rate} | {name: getattr(chosen, name) for name in funding.SINGLE_VALUED}
        )
        return {name: starts[name] for name, *_ in SLIDERS}

    def compute(self, case: str = "contracts", scenario: str | None = None, **changed: float) -> dict[str, Any]:
        """The page's numbers in Python, at its starting values or changed ones.

        Returns
        -------
        dict
            low, median, high of the gap (Y,), US$ bn; probability (share of paths short by the last year); present
            (the median gap as money of the base year, US$ bn).
        """
        if self.inputs is None:
            raise ValueError("revenue, forecasts or cash are not all known on this day")
        rate = changed.pop("rate", self.rate)
        chosen = funding.shifted(self.choices[scenario or self.scenario], **changed)
        gap = funding.simulate(self.inputs, chosen, case, modelling.PATHS, modelling.SEED)["gap"]
        table = funding.summarise({"gap": gap}, self.inputs.years, ("gap",))
        ends = {name: table[f"gap_{name}"].to_numpy() for name in ("low", "median", "high")}
        present = funding.quantiles(funding.present_gap(gap, rate), (0.5,))[0]
        return ends | {"probability": float(table["probability"].iloc[-1]), "present": present}

    def data(self) -> dict[str, object]:
        """Everything the script reads, as JSON."""
        if self.inputs is None:
            return {}
        i = self.inputs
        has_plan = "plan" in i.cases
        yearly = {
            "growth": i.growth,
            "plan": i.plan,
            "firm": i.firm,
            "conditional": i.conditional,
            "gw_path": i.gw_path,
        }
        return {name: [_short(v) for v in values] for name, values in yearly.items()} | {
            "years": [int(y) for y in i.years],
            "cases": i.cases,
            "start_revenue": _short(i.start_revenue),
            "open_share": i.open_share,
            "base_cash": _short(i.base_cash),
            "live_gw": _short(i.live_gw) if "capacity" in i.cases else None,
            "plan_compute": [_short(v) for v in funding.plan_compute(i)] if has_plan else None,
            "due": [[[_short(v) for v in row] for row in timing] for timing in i.due],
            "choices": {name: _constants(c) | {"triangles": c.triangles} for name, c in self.choices.items()},
            "scenario": self.scenario,
            "rate": self.rate,
            "only_in": ONLY_IN,
            "better": BETTER,
            "at_most_one": funding.AT_MOST_ONE,
            "paths": modelling.PATHS,
            "seed": modelling.SEED,
            "ours": {
                case: {name: np.vectorize(_short)(value).tolist() for name, value in found.items()}
                for case, found in self.ours.items()
            },
        }

    @functools.cached_property
    def ours(self) -> dict[str, dict[str, Any]]:
        """What `compute` finds at the starting values in each case, which the page opens on."""
        return {case: self.compute(case) for case in (self.inputs.cases if self.inputs else ())}

    def _gaps(self, found: dict[str, Any]) -> Iterator[tuple[int, float, float, float]]:
        """Each year with the low, median and high gap of what `compute` found."""
        assert self.inputs is not None
        return zip(self.inputs.years, found["low"], found["median"], found["high"], strict=True)

    def fallback(self) -> Markup:
        """The table that a reader sees without the script."""
        if self.inputs is None:
            return templates.render("figures/explorer_fallback.html", rows=None)
        rows = [(year, *(formats.rounded(v, 0) for v in gap)) for year, *gap in self._gaps(self.ours["contracts"])]
        return templates.render("figures/explorer_fallback.html", rows=rows)

    def page(self) -> Markup:
        """The controls, the drawing's place and the fallback, as HTML."""
        if self.inputs is None:
            return self.fallback()
        start = self.start()
        sliders = [
            {
                "name": name,
                "label": label,
                "short": SHORT_NAMES[name],
                "hint": HINTS[name],
                "low": f"{low:g}",
                "high": f"{high:g}",
                "start": f"{start[name]:.6g}",
                "is_first": name in FIRST,
                "is_disabled": ONLY_IN.get(name, "contracts") != "contracts",
            }
            for name, label, low, high in SLIDERS
        ]
        return templates.render(
            "figures/explorer.html",
            data=json.dumps(self.data(), sort_keys=True),
            cases=[(case, CASE_NAMES[case]) for case in self.inputs.cases],
            scenarios=[(name, SCENARIO_NAMES.get(name, name)) for name in self.choices],
            sliders=sliders,
            fallback=self.fallback(),
        )

    def as_text(self) -> str:
        """What a notebook stores of the page: the starting values, and the gap at them."""
        if self.inputs is None:
            return plaintext.block("explore", "Revenue, forecasts or cash are not all known on this day.")
        found, start = self.ours["contracts"], self.start()
        rows = [
            *((words, float(start[name])) for name, words, *_ in SLIDERS),
            ("Year", "5%, US$ bn", "Median", "95%"),
            *((int(year), *map(float, gap)) for year, *gap in self._gaps(found)),
        ]
        return plaintext.block("explore", "Gap at the starting values", columns=("Choice", "Starts at"), rows=rows)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {
            mime_types.EXPLORER: {"html": str(self.page())},
            "text/html": str(self.fallback()),
            "text/plain": self.as_text(),
        }


def _short(value: float) -> float:
    """A number for the page's data, with nine digits."""
    return float(f"{value:.9g}")


def _constants(choices: funding.Choices) -> dict[str, object]:
    return {"sigma": choices.sigma, "persistence": choices.persistence, "correlation": choices.correlation}
