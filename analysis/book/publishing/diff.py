"""What changed between two readings of the report: facts of the ledger, and results that moved.

A side is a day of the project's ledger or a directory with a ledger of its own. The results of a side come
from its chapters, run or kept from an earlier build.
"""

import dataclasses
import html
import json
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.book.publishing.settings import Settings, Tell, silent
from analysis.ledger import Ledger, compare
from analysis.numbers import formats

NUMERIC = ("usd_bn", "usd", "usd_mn", "pct", "gw", "x", "years", "count", "count_mn", "bp")
QUIET = ("source", "note", "verified", "as_of")  # columns that alone are no news


@dataclass(frozen=True)
class Moved:
    """A result that is not what it was. ``factor`` is new over old where both are numbers of one sign, else None."""

    key: str
    label: str
    unit: str
    old: str
    new: str
    factor: float | None

    def size(self) -> tuple[int, float, str]:
        """Largest move first; then numbers that appeared, vanished or changed sign; then words, days and truth values."""
        if self.factor is not None:
            return (0, -abs(math.log(self.factor)), self.key)
        return (1 if self.unit in NUMERIC else 2, 0.0, self.key)


def middle(result: dict[str, Any]) -> float | None:
    """One number for a result: its value, or the middle of its range."""
    values = [result["value"]] if result["value"] is not None else [result["low"], result["high"]]
    numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    return sum(numbers) / len(numbers) if numbers and result["unit"] in NUMERIC else None


def moved_results(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> list[Moved]:
    """The results whose text differs, largest move first; a result that only one side has counts as not known on the other."""
    found = []
    for key in sorted({*old, *new}):
        one, two = old.get(key), new.get(key)
        was, now = (r["text"] if r else formats.UNKNOWN for r in (one, two))
        if was == now:
            continue
        known = two or one
        assert known is not None
        a, b = (middle(r) if r else None for r in (one, two))
        factor = b / a if a and b and a * b > 0 else None
        found.append(Moved(key, known["label"], known["unit"], was, now, factor))
    return sorted(found, key=Moved.size)


@dataclass(frozen=True)
class Difference:
    """Two sides in words, the facts that moved (see `ledger.compare`), the results that moved."""

    old: str
    new: str
    facts: pd.DataFrame
    results: list[Moved]

    def counts(self) -> dict[str, int]:
        """Keys of facts by what happened to them; rows that only confirm are left out."""
        told = self.facts[~self.facts["column"].isin(QUIET)].drop_duplicates(["table", "key", "change"])
        return {str(k): int(v) for k, v in told["change"].value_counts().sort_index().items()}


def _side(text: str, scenario: str) -> Settings:
    """A day or a directory as what a build is asked for. Raises ValueError when it is neither."""
    path = Path(text)
    if path.is_dir():
        return Settings(data=path, scenario=scenario)
    if any(c in text for c in "/\\") or not text[:1].isdigit():
        raise ValueError(f"{text!r} is neither a day (YYYY-MM-DD) nor a directory")
    return Settings(as_of=text, scenario=scenario)


def results_for(settings: Settings, ledger: Ledger, tell: Tell = silent) -> dict[str, dict[str, Any]]:
    """All results of a report, from chapters run or kept. Raises ChapterError or BuildError."""
    from analysis.book.publishing.runs import run_stale
    from analysis.book.publishing.staging import results_of

    with tempfile.TemporaryDirectory() as folder:
        run_stale(settings, ledger, Path(folder), tell)
        return results_of(Path(folder))[0]


def diff(old: str, new: str, scenario: str = "central", tell: Tell = silent) -> Difference:
    """What changed from one side to the other.

    Raises ValueError for a side that is neither a day of the ledger nor a directory, LedgerError for an unsound
    ledger, ChapterError for a chapter that fails.
    """
    from analysis.book.publishing.build import load

    sides = [_side(text, scenario) for text in (old, new)]
    ledgers = [load(s) for s in sides]
    results = [results_for(s, ledger, tell) for s, ledger in zip(sides, ledgers, strict=True)]
    return Difference(old, new, compare(*ledgers), moved_results(*results))


def _times(moved: Moved) -> str:
    return f" (x {moved.factor:.3g})" if moved.factor else ""


def as_text(found: Difference, most: int = 40) -> str:
    """For a terminal: how many facts, then the results, largest move first, then the facts."""
    counts = ", ".join(f"{n} {what}" for what, n in found.counts().items()) or "none"
    lines = [f"From {found.old} to {found.new}", f"Facts: {counts}", f"Results that moved: {len(found.results)}"]
    lines += [f"  {m.label}: {m.old} -> {m.new}{_times(m)}  [{m.key}]" for m in found.results[:most]]
    if len(found.results) > most:
        lines.append(f"  and {len(found.results) - most} more (--format json has all)")
    facts = found.facts[~found.facts["column"].isin(QUIET)]
    for row in facts.head(most).itertuples(index=False):
        detail = f" {row.column}: {row.old or 'empty'} -> {row.new or 'empty'}" if row.column else ""
        lines.append(f"  {row.change} {row.table}: {row.key}{detail}")
    if len(facts) > most:
        lines.append(f"  and {len(facts) - most} more")
    return "\n".join(lines)


def as_json(found: Difference) -> str:
    facts = found.facts.to_dict("records")
    results = [dataclasses.asdict(m) for m in found.results]
    return json.dumps(
        {"old": found.old, "new": found.new, "counts": found.counts(), "results": results, "facts": facts},
        indent=1,
        ensure_ascii=False,
    )


def as_html(found: Difference) -> str:
    """A page of its own, without scripts or anything to load."""
    e = html.escape
    results = "".join(
        f"<tr><td>{e(m.label)}<br><code>{e(m.key)}</code></td><td>{e(m.old)}</td><td>{e(m.new)}</td><td>{f'{m.factor:.3g}' if m.factor else ''}</td></tr>"
        for m in found.results
    )
    told = found.facts[~found.facts["column"].isin(QUIET)]
    facts = "".join(
        f"<tr><td>{e(r.change)}</td><td>{e(r.table)}</td><td>{e(r.key)}</td><td>{e(r.column)}</td><td>{e(r.old)}</td><td>{e(r.new)}</td></tr>"
        for r in told.itertuples(index=False)
    )
    counts = ", ".join(f"{n} {what}" for what, n in found.counts().items()) or "none"
    title = f"Round Trip: from {e(found.old)} to {e(found.new)}"
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{title}</title>"
        "<style>body{font:1rem/1.5 Arial,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;font-size:.88rem}"
        "td,th{padding:.3rem .5rem;border-bottom:1px solid #ccc;text-align:left;vertical-align:top;overflow-wrap:anywhere}</style></head>"
        f"<body><h1>{title}</h1><p>Facts: {e(counts)}. Results that moved: {len(found.results)}.</p>"
        f"<h2>Results</h2><table><thead><tr><th>Number</th><th>Was</th><th>Is</th><th>Times</th></tr></thead><tbody>{results}</tbody></table>"
        f"<h2>Facts</h2><table><thead><tr><th>Change</th><th>Table</th><th>Key</th><th>Column</th><th>Was</th><th>Is</th></tr></thead><tbody>{facts}</tbody></table></body></html>\n"
    )


FORMATS = {"text": as_text, "json": as_json, "html": as_html}
