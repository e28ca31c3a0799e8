"""The directive ``{guess} key``: a question to a reader, and its answer when asked for.

Its first paragraph is the question, what follows is the answer. Without a script the answer is folded; the page's
script puts a slider before it, which runs from 0 to a round number that does not give the answer away. A share is
also drawn as a hundred dots.

``:model:`` says that the answer is our model's, so that a guess lies above or below it and is not wrong. ``:opens: id``
names what the answer opens; the script of that element listens for it.
"""

import math
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from analysis import templates
from analysis.book.pages import fragments
from analysis.book.pages.roles import ResultAccess
from analysis.numbers import formats

ROUND = (1, 2, 5, 10)  # the first digits of a slider's end
ROOM = 1.8  # at least so many times the answer lies within the slider
STEPS = 50
VERDICTS = {"right": "about right", "under": "too low", "over": "too high"}
MODEL_VERDICTS = {"right": "about what our model finds", "under": "below our model", "over": "above our model"}


def slider_end(high: float, unit: str) -> float:
    """Return where the slider of an answer ends: 100 for a share, else a round number with room above the answer."""
    if unit == "pct" and high <= 100:
        return 100.0
    size = 10.0 ** math.floor(math.log10(ROOM * high))
    return size * next(n for n in ROUND if n * size >= ROOM * high)


class GuessDirective(SphinxDirective, ResultAccess):
    """``{guess}``: a question whose answer is a number; left out where the number is not known."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"model": directives.flag, "opens": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        result = self.result(self.arguments[0])
        if result is None:
            return []
        low, high = (result[end] if result[end] is not None else result["value"] for end in ("low", "high"))
        ends = [end for end in (low, high) if isinstance(end, int | float)]
        question, *answer = self.parse_content_to_nodes()
        if not ends or max(ends) <= 0:
            return []
        unit, most = result["unit"], slider_end(max(ends), result["unit"])
        html = templates.render(
            "pages/guess.html",
            question=fragments.plain_text(question),
            low=min(ends),
            high=max(ends),
            most=most,
            step=max(1.0, most / 100) if most >= STEPS else most / STEPS,
            before=formats.PREFIX.get(unit, ""),
            after=formats.SUFFIX.get(unit, ""),
            verdicts=MODEL_VERDICTS if "model" in self.options else VERDICTS,
            opens=self.options.get("opens"),
            is_of_hundred=unit == "pct" and most == 100,
            amounts=f"{min(ends):.0f}" if min(ends) == max(ends) else f"{min(ends):.0f} to {max(ends):.0f}",
        )
        before, rest = html.split("<!-- question -->")
        between, after = rest.split("<!-- answer -->")
        opening, middle, closing = (nodes.raw("", part, format="html") for part in (before, between, after))
        return [opening, question, middle, *answer, closing]
