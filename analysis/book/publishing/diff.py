"""What changed between two readings of the report: what turned, then what moved, then the facts of the ledger.

A side is a day of the project's ledger or a directory with a ledger of its own. The results of a side come
from its chapters, run or kept from an earlier build.
"""

import dataclasses
import json
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis import paths, templates
from analysis.book.publishing import diff_statements, untold
from analysis.book.publishing.diff_figures import ChangedFigure, Spec, changed_figures, figures_of
from analysis.book.publishing.settings import Settings, Tell, silent
from analysis.ledger import Ledger, compare, without_confirmations
from analysis.numbers import formats
from analysis.numbers.results import middle

NUMERIC = ("usd_bn", "usd", "usd_mn", "pct", "gw", "x", "years", "count", "count_mn", "bp")


@dataclass(frozen=True)
class Moved:
    """A result that changed. ``factor`` is new over old where both are numbers of one sign, else None."""

    key: str
    label: str
    unit: str
    old: str
    new: str
    factor: float | None

    def rank(self) -> tuple[int, float, str]:
        """Largest move first; then numbers that appeared, vanished or changed sign; then words, days, truth values."""
        if self.factor is not None:
            return (0, -abs(math.log(self.factor)), self.key)
        return (1 if self.unit in NUMERIC else 2, 0.0, self.key)


def size(result: dict[str, Any]) -> float | None:
    """The number by which a result is compared (see `results.middle`); None where that is not a number or not known."""
    if result["unit"] not in NUMERIC:
        return None
    found = middle(result["value"], result["low"], result["high"])
    return None if np.isnan(found) else float(found)


def moved_results(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> list[Moved]:
    """The results whose text differs, largest move first; one that a side lacks counts as not known there."""
    found = []
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        was, now = (r["text"] if r else formats.UNKNOWN for r in (before, after))
        if was == now:
            continue
        known = after or before
        assert known is not None
        a, b = (size(r) if r else None for r in (before, after))
        factor = b / a if a and b and a * b > 0 else None
        found.append(Moved(key, known["label"], known["unit"], was, now, factor))
    return sorted(found, key=Moved.rank)


@dataclass(frozen=True)
class Difference:
    """Two sides as they were named, and what differs.

    Attributes
    ----------
    facts
        Cells of the ledger (see `ledger.compare`).
    results
        Numbers that moved, largest move first.
    turned
        Truth values, words, days, sentences and states that are now otherwise.
    new_deals, ended
        Deals that became known, and deals and sites that were cancelled or paused, in words with their amounts.
    figures
        Those that a reader sees otherwise.
    untold, waiting
        Facts of the new side that no page tells, the weightiest first, and its sentences that wait for an editor.
    """

    old: str
    new: str
    facts: pd.DataFrame
    results: list[Moved]
    turned: list[diff_statements.Turned]
    new_deals: list[str]
    ended: list[str]
    figures: list[ChangedFigure] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def news(self) -> pd.DataFrame:
        """The facts that moved, without rows that only confirm."""
        return without_confirmations(self.facts)

    def counts(self) -> dict[str, int]:
        """Number of keys by what happened to them."""
        keys = self.news().drop_duplicates(["table", "key", "change"])
        return {str(k): int(v) for k, v in keys["change"].value_counts().sort_index().items()}

    def counts_text(self) -> str:
        return ", ".join(f"{n} {change}" for change, n in self.counts().items()) or "none"


def _side(text: str, scenario: str) -> Settings:
    """The settings of a build for a day or a directory; ValueError if it is neither."""
    path = Path(text)
    if path.is_dir():
        return Settings(data=path, scenario=scenario)
    if any(c in text for c in "/\\") or not text[:1].isdigit():
        raise ValueError(f"{text!r} is neither a day (YYYY-MM-DD) nor a directory")
    return Settings(as_of=text, scenario=scenario)


@dataclass(frozen=True)
class Reading:
    """What the report says on one side: all results by key, the figures by id, and what it leaves untold."""

    results: dict[str, dict[str, Any]]
    figures: dict[str, tuple[str, Spec]]
    untold: untold.Untold | None


def reading_for(settings: Settings, ledger: Ledger, tell: Tell = silent, *, with_untold: bool = False) -> Reading:
    """One side of a comparison, from chapters run now or kept from earlier runs.

    Raises
    ------
    ChapterError
        If a chapter fails.
    BuildError
        If two chapters claim a key.
    """
    from analysis.book.publishing.runs import run_stale
    from analysis.book.publishing.staging import results_of
    from analysis.book.running import notebooks

    with tempfile.TemporaryDirectory() as folder:
        run_stale(settings, ledger, Path(folder), tell)
        chapters = notebooks.read_all(Path(folder))
        results = results_of(chapters)[0]
        left = untold.untold_of(chapters, ledger, results) if with_untold else None
        return Reading(results, figures_of(chapters), left)


def diff(old: str, new: str, scenario: str = "central", tell: Tell = silent) -> Difference:
    """What changed from one side to the other.

    Parameters
    ----------
    old, new
        A day of the project's ledger (YYYY-MM-DD) or a directory of tables.
    scenario
        Of the chapters.
    tell
        Called with a line for each chapter that runs.

    Returns
    -------
    Difference

    Raises
    ------
    ValueError
        If a side is neither a day of the ledger nor a directory.
    LedgerError
        If a ledger is unsound.
    ChapterError
        If a chapter fails.
    """
    from analysis.book.publishing.build import load

    sides = [_side(text, scenario) for text in (old, new)]
    ledgers = [load(s) for s in sides]
    first = reading_for(sides[0], ledgers[0], tell)
    second = reading_for(sides[1], ledgers[1], tell, with_untold=True)
    results = first.results, second.results
    before, after = zip(ledgers, results, strict=True)
    return Difference(
        old,
        new,
        facts=compare(*ledgers),
        results=[m for m in moved_results(*results) if m.unit not in ("flag", "text", "date")],
        turned=[
            *diff_statements.turned_results(*results),
            *diff_statements.turned_stories(paths.CHAPTERS, before, after),
            *diff_statements.turned_states(*ledgers),
        ],
        new_deals=diff_statements.new_deals(*ledgers),
        ended=diff_statements.ended(*ledgers),
        figures=changed_figures(first.figures, second.figures),
        untold=[untold.fact_line(*fact) for fact in second.untold.facts] if second.untold else [],
        waiting=list(second.untold.waiting) if second.untold else [],
    )


def _factor_text(moved: Moved) -> str:
    return f" (x {moved.factor:.3g})" if moved.factor else ""


def _listed(heading: str, lines: Sequence[object], most: int) -> list[str]:
    """A heading with the number of lines, and as many of them as are shown, indented."""
    shown = [f"{heading}: {len(lines)}", *(f"  {line}" for line in lines[:most])]
    return [*shown, f"  and {len(lines) - most} more (--format json has all)"] if len(lines) > most else shown


def as_text(found: Difference, most: int = 40) -> str:
    """For a terminal: what turned, new and ended deals, the numbers that moved, the facts; the first of each."""
    facts = found.news()
    cells = [
        f"{row.change} {row.table}: {row.key}"
        + (f" {row.column}: {row.old or 'empty'} -> {row.new or 'empty'}" if row.column else "")
        for row in facts.head(most).itertuples(index=False)
    ]
    moved = [f"{m.label}: {m.old} -> {m.new}{_factor_text(m)}  [{m.key}]" for m in found.results]
    lines = [
        f"From {found.old} to {found.new}",
        *_listed("What turned", found.turned, most),
        *_listed("Cancelled or paused", found.ended, most),
        *_listed("New deals", found.new_deals, most),
        *_listed("Results that moved", moved, most),
        *_listed("Figures that changed", found.figures, most),
        *_listed("Sentences that wait for an editor", found.waiting, most),
        *_listed("Facts that no page tells", found.untold, most),
        f"Facts: {found.counts_text()}",
        *(f"  {cell}" for cell in cells),
    ]
    if len(facts) > most:
        lines.append(f"  and {len(facts) - most} more")
    return "\n".join(lines)


def as_json(found: Difference) -> str:
    """Everything, for programs."""
    content = {
        "old": found.old,
        "new": found.new,
        "counts": found.counts(),
        "turned": [dataclasses.asdict(t) for t in found.turned],
        "ended": found.ended,
        "new_deals": found.new_deals,
        "results": [dataclasses.asdict(m) for m in found.results],
        "figures": [
            {"id": f.id, "chapter": f.chapter, "old": f.titles()[0], "new": f.titles()[1]} for f in found.figures
        ],
        "waiting": found.waiting,
        "untold": found.untold,
        "facts": found.facts.to_dict("records"),
    }
    return json.dumps(content, indent=1, ensure_ascii=False)


def as_html(found: Difference) -> str:
    """A page of its own, without scripts or anything to load, with every changed figure as it was and as it is."""
    return templates.render(
        "publishing/diff.html",
        old=found.old,
        new=found.new,
        counts=found.counts_text(),
        turned=found.turned,
        ended=found.ended,
        new_deals=found.new_deals,
        results=found.results,
        figures=[(figure, figure.titles(), figure.drawings()) for figure in found.figures],
        waiting=found.waiting,
        untold=found.untold,
        facts=found.news().to_dict("records"),
    )


FORMATS: dict[str, Callable[[Difference], str]] = {"text": as_text, "json": as_json, "html": as_html}
