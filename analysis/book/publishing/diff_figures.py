"""The figures of two readings of the report, side by side: which of them changed, and how each looked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from analysis.book.drawing import charts
from analysis.book.running import notebooks

Spec = dict[str, Any]


@dataclass(frozen=True)
class ChangedFigure:
    """A figure that differs between two readings; a side on which it is not shown is None.

    Attributes
    ----------
    id : of the figure
    chapter : the stem of the notebook that shows it
    old, new : its specifications
    """

    id: str
    chapter: str
    old: Spec | None
    new: Spec | None

    def titles(self) -> tuple[str, str]:
        """The title before and after; empty where the figure is not shown."""
        was, now = (spec["usermeta"]["roundtrip"]["title"] if spec else "" for spec in (self.old, self.new))
        return was, now

    def __str__(self) -> str:
        was, now = self.titles()
        if was == now:
            return f"{now}: its drawing  [{self.id}]"
        return f"{was or 'not shown'} -> {now or 'not shown'}  [{self.id}]"

    def drawings(self) -> tuple[Markup, Markup]:
        """Both drawings as SVG, empty where the figure is not shown; their ids differ, for they share a page."""
        old, new = (
            Markup(charts.to_svg(charts.shape(spec), f"{side}-{self.id}") if spec else "")  # our own renderer's
            for side, spec in (("old", self.old), ("new", self.new))
        )
        return old, new


def figures_of(executed: Mapping[str, NotebookNode]) -> dict[str, tuple[str, Spec]]:
    """The specification of each figure of the executed chapters, with its chapter, by id, in order."""
    return {
        spec["usermeta"]["roundtrip"]["id"]: (name, spec)
        for name, book in executed.items()
        for spec in notebooks.figures(book)
    }


def _seen(spec: Spec) -> str:
    """All of a figure that a reader sees; not the day on which it was made."""
    meta = spec["usermeta"]["roundtrip"]
    told = {name: meta[name] for name in ("title", "subtitle", "note", "rows") if name in meta}
    return json.dumps([{k: v for k, v in spec.items() if k != "usermeta"}, told], sort_keys=True, default=str)


def changed_figures(old: dict[str, tuple[str, Spec]], new: dict[str, tuple[str, Spec]]) -> list[ChangedFigure]:
    """The figures that a reader sees otherwise: those of the new reading in their order, then those it lacks."""
    found = []
    for id in dict.fromkeys([*new, *old]):
        chapter = (new.get(id) or old[id])[0]
        was, now = (side[id][1] if id in side else None for side in (old, new))
        if was is None or now is None or _seen(was) != _seen(now):
            found.append(ChangedFigure(id, chapter, was, now))
    return found
