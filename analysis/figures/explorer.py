"""The page on which a reader moves the choices: what it ships, and how it shows in a notebook."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from markupsafe import Markup

from analysis import templates
from analysis.ledger import Ledger
from analysis.models import funding
from analysis.numbers import formats, modelling, plaintext
from analysis.numbers.facts import Facts

MIME = "application/vnd.roundtrip.explorer+json"
PATHS = 2000
SEED = 20251217
SLIDERS = (
    ("attainment", "Growth: share of OpenAI's forecast growth that comes true", 0.2, 1.4, 0.05),
    ("other_share", "Margin: costs besides computing, as a share of revenue", 0.1, 0.8, 0.05),
    ("take_up", "Take-up: share of the contracts that is used", 0.1, 1.0, 0.05),
    ("rent", "Cost of a gigawatt for a year, US$ bn", 6.0, 20.0, 0.5),
    ("rate", "Discount rate", 0.0, 0.2, 0.01),
)


def normals(years: int) -> np.ndarray:
    """The common random numbers of the page, (years, 2000), in thousandths so that they travel as small integers."""
    drawn = np.random.Generator(np.random.PCG64(SEED)).standard_normal((years, PATHS))
    return np.clip(np.rint(drawn * 1000), -32767, 32767).astype("<i2")


class Explorer:
    """What the page needs: inputs known on the day, choices, sliders and the common random numbers."""

    def __init__(self, ledger: Ledger, scenario: str = "central"):
        choose = ledger.assumptions(scenario)
        self.inputs, self.choices = modelling.inputs(ledger, choose), modelling.choices(choose)
        live = Facts(ledger, "explore").metric("openai", "compute_capacity")
        self.start = {
            "attainment": choose["revenue_attainment"].central,
            "other_share": choose["other_cost_share"].central,
            "take_up": choose["take_up"].central,
            "rent": choose["rent_per_gw_year"].central,
            "rate": choose["discount_rate"].central,
        }
        self.gw = (
            modelling.capacity(float(live["value"].iloc[-1]), self.inputs.years, choose["gw_2030"].central)
            if len(live) and self.inputs is not None
            else None
        )

    def compute(self, by_capacity: bool = False, **changed: float) -> dict[str, object]:
        """The page's numbers in Python, at its starting values or changed ones."""
        if self.inputs is None:
            raise ValueError("revenue, forecasts or cash are not all known on this day")
        values = self.start | changed
        drawn = {k: values[k] for k in ("attainment", "other_share", "take_up")}
        gw = self.gw if by_capacity else None
        paths = normals(len(self.inputs.plan)) / 1000
        return funding.explore(self.inputs, self.choices, paths, drawn, values["rate"], gw, values["rent"])

    def data(self) -> dict[str, object]:
        """Everything the script reads, as JSON."""
        if self.inputs is None:
            return {}
        i, c = self.inputs, self.choices
        numbers = {
            name: [float(f"{v:.9g}") for v in getattr(i, name)]
            for name in ("plan", "obligations", "firm", "conditional")
        }
        return numbers | {
            "years": [int(y) for y in i.years],
            "base_revenue": i.base_revenue,
            "base_cash": float(f"{i.base_cash:.9g}"),
            "choices": c.central() | {"sigma": c.sigma, "persistence": c.persistence},
            "start": self.start,
            "gw": None if self.gw is None else [float(f"{v:.9g}") for v in self.gw],
            "paths": PATHS,
            "normals": base64.b64encode(normals(len(i.plan)).tobytes()).decode(),
        }

    def _gaps(self, found: dict[str, Any]) -> Iterator[tuple[int, float, float, float]]:
        """Each year with the low, median and high gap of what `compute` found."""
        assert self.inputs is not None
        return zip(self.inputs.years, found["low"], found["median"], found["high"], strict=True)

    def fallback(self) -> Markup:
        """The table that stands there without the script."""
        if self.inputs is None:
            return templates.render("figures/explorer_fallback.html", rows=None)
        found = self.compute()
        rows = [(year, *(formats.rounded(v, 0) for v in gap)) for year, *gap in self._gaps(found)]
        return templates.render("figures/explorer_fallback.html", rows=rows)

    def page(self) -> Markup:
        """The controls, the drawing's place and the fallback, as HTML."""
        if self.inputs is None:
            return self.fallback()
        sliders = [
            {
                "name": name,
                "label": label,
                "low": f"{low:g}",
                "high": f"{high:g}",
                "step": f"{step:g}",
                "start": f"{self.start[name]:g}",
                "is_disabled": name == "rent",
            }
            for name, label, low, high, step in SLIDERS
        ]
        return templates.render(
            "figures/explorer.html",
            data=json.dumps(self.data(), sort_keys=True),
            has_capacity=self.gw is not None,
            sliders=sliders,
            fallback=self.fallback(),
        )

    def as_text(self) -> str:
        """What a notebook stores of the page: the starting values, and the gap at them."""
        if self.inputs is None:
            return plaintext.block("explore", "Revenue, forecasts or cash are not all known on this day.")
        found = self.compute()
        rows = [
            *((words, float(self.start[name])) for name, words, *_ in SLIDERS),
            ("Year", "5%, US$ bn", "Median", "95%"),
            *((int(year), *map(float, gap)) for year, *gap in self._gaps(found)),
        ]
        return plaintext.block("explore", "Gap at the starting values", columns=("Choice", "Starts at"), rows=rows)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {
            MIME: {"html": str(self.page())},
            "text/html": str(self.fallback()),
            "text/plain": self.as_text(),
        }
