"""Many runs of chapters, over days, scenarios and single choices, into one tidy table.

Every run is a papermill run of a chapter, in a fork here or on a Dask cluster (`cluster`); what it recorded is
kept in a folder beside the table as soon as it is done, so that an interrupted sweep goes on where it stopped. A
run that fails is told with its notebook kept, and the others are finished. The table is the same, byte for byte,
whoever ran what in which order.
"""

import difflib
import html
import itertools
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import paths
from analysis.book.running import forks, notebooks
from analysis.book.running.cache import cache_key
from analysis.book.running.environment import environment_digest
from analysis.book.running.files import digest, digest_of_files, files_below, write_whole
from analysis.ledger import Ledger

COLUMNS = [
    "chapter",
    "as_of",
    "scenario",
    "choices",
    "key",
    "label",
    "unit",
    "value",
    "low",
    "high",
    "is_open",
    "text",
    "known_on",
]


class SweepError(RuntimeError):
    """A sweep that could not begin, or whose cluster went away; what was done is kept."""


@dataclass(frozen=True)
class Variant:
    """One run: a chapter as known on a day, under a scenario, with single choices set (name, value)."""

    chapter: str
    as_of: str
    scenario: str
    choices: tuple[tuple[str, float], ...] = ()
    key: str = ""

    def parameters(self) -> dict[str, str]:
        """What papermill puts into the chapter's parameters cell."""
        return {"as_of": self.as_of, "scenario": ";".join([self.scenario, *(f"{k}={v:.12g}" for k, v in self.choices)])}

    def words(self) -> str:
        return f"{self.chapter} {self.as_of} {self.parameters()['scenario']}"


@dataclass(frozen=True)
class Done:
    """What became of a variant: its results, or an error with the notebook up to it."""

    variant: Variant
    results: list[dict[str, Any]] | None
    error: str = ""
    notebook: str = ""


def _one_of(name: str, known: list[str], what: str) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        raise ValueError(
            f"unknown {what} {name!r}{f'; did you mean {near[0]}?' if near else ''} Known: {', '.join(known)}"
        )


def plan(
    data: Path | None, chapters: list[str], days: list[str], scenarios: list[str], choices: dict[str, list[float]]
) -> list[Variant]:
    """Every combination, in order. Raises ValueError, before anything runs, for what is unknown, with the nearest name."""
    ledger = Ledger.load(data)
    known = [p.stem for p in notebooks.chapters(paths.CHAPTERS)]
    for chapter in chapters:
        _one_of(chapter, known, "chapter")
    for day in days:
        Ledger.load(data, day).require_day()
    for scenario in scenarios or ["central"]:
        ledger.assumptions(";".join([scenario, *(f"{k}=0" for k in choices)]))
    content = digest_of_files(files_below(ledger.directory), ledger.directory)
    environment = environment_digest()
    sets = [tuple(zip(choices, values, strict=True)) for values in itertools.product(*choices.values())]
    found = []
    for chapter in chapters or known:
        for day, scenario, chosen in itertools.product(
            days or [f"{ledger.as_of:%Y-%m-%d}"], scenarios or ["central"], sets
        ):
            variant = Variant(chapter, day, scenario, chosen)
            at = cache_key(paths.CHAPTERS / f"{chapter}.ipynb", variant.parameters(), day, environment)
            found.append(replace(variant, key=digest(at.digest(), content)))
    return found


def run_variant(
    source: str, parameters: dict[str, Any], is_whole: bool = False, alive: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Run one chapter here; its results, or the error and the notebook up to it, as plain data.

    ``is_whole`` asks for the executed notebook and what it read instead of the results.
    """
    from analysis.book.running.chapters import ChapterError, execute

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / Path(source).name
        try:
            reads = execute(source, str(target), parameters, alive=alive)
        except ChapterError as error:
            left = target.with_suffix(".running.ipynb")
            return {"error": str(error), "notebook": left.read_text(encoding="utf-8") if left.exists() else ""}
        finally:
            os.chdir("/")  # the folder goes
        if is_whole:
            return {"notebook": target.read_text(encoding="utf-8"), "reads": reads}
        return {"results": notebooks.collect(notebooks.read(target))}


def locally(variants: list[Variant], data: Path | None, jobs: int | None) -> Iterator[Done]:
    """Run variants in forks on this machine, ``jobs`` at a time (default: one a core)."""
    by_key = {v.key: v for v in variants}
    own = {"data": str(data.resolve())} if data else {}
    tasks = [
        forks.Task(v.key, run_variant, (str(paths.CHAPTERS / f"{v.chapter}.ipynb"), v.parameters() | own))
        for v in variants
    ]
    for outcome in forks.run(tasks, max(1, jobs or os.cpu_count() or 1)):
        variant = by_key[outcome.name]
        if outcome.error is not None:
            yield Done(variant, None, f"{type(outcome.error).__name__}: {outcome.error}")
        else:
            yield as_done(variant, outcome.value)


def as_done(variant: Variant, answer: dict[str, Any]) -> Done:
    return Done(variant, answer.get("results"), answer.get("error", ""), answer.get("notebook", ""))


# What is kept of finished runs


def _kept(folder: Path, variant: Variant) -> list[dict[str, Any]] | None:
    """The results of a run that was finished earlier; None when there is none or it is not whole."""
    try:
        head, _, body = (folder / f"{variant.key}.json").read_text(encoding="utf-8").partition("\n")
        return json.loads(body) if head == digest(body) else None
    except (OSError, ValueError):
        return None


def _keep(folder: Path, done: Done) -> None:
    body = json.dumps(done.results, sort_keys=True, ensure_ascii=False)
    write_whole(folder / f"{done.variant.key}.json", f"{digest(body)}\n{body}")


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def table_of(found: dict[Variant, list[dict[str, Any]]], order: list[Variant]) -> pd.DataFrame:
    """One row a result and variant, in the order of the plan; columns `COLUMNS` and one for each choice that was set."""
    names = list(dict.fromkeys(name for v in order for name, _ in v.choices))
    rows = []
    for variant in order:
        for r in found.get(variant, ()):
            chosen = dict(variant.choices)
            rows.append(
                (
                    variant.chapter, variant.as_of, variant.scenario, variant.parameters()["scenario"].partition(";")[2], r["key"], r["label"],
                    r["unit"], _number(r["value"]), _number(r["low"]), _number(r["high"]), bool(r["is_open"]), r["text"], r["as_of"],
                    *(chosen.get(n) for n in names),
                )
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=[*COLUMNS, *names])
    return frame.astype(dict.fromkeys(("value", "low", "high", *names), float))


def write_table(frame: pd.DataFrame, out: Path) -> None:
    """The table as Parquet, whole or not at all; the same bytes for the same rows."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    frame.to_parquet(partial, index=False, compression="zstd")
    partial.replace(out)


def summary(frame: pd.DataFrame, failed: list[Done], variants: int) -> str:
    """A page of its own: how many runs, which failed, and how far each result moved over them."""
    e = html.escape
    numbers = frame.assign(middle=frame["value"].fillna((frame["low"] + frame["high"]) / 2))
    lines = []
    for (key, label, unit), group in numbers.groupby(["key", "label", "unit"], sort=True):
        if group["text"].nunique() < 2:
            continue
        middle = group["middle"]
        low, high = (
            (group.loc[i, "text"] if middle.notna().any() else "" for i in (middle.idxmin(), middle.idxmax()))
            if middle.notna().any()
            else ("", "")
        )
        lines.append(
            (
                -(
                    abs(middle.max() - middle.min()) / abs(middle).max()
                    if middle.notna().any() and abs(middle).max()
                    else 0
                ),
                label,
                key,
                unit,
                low,
                high,
                group["text"].nunique(),
            )
        )
    rows = "".join(
        f"<tr><td>{e(label)}<br><code>{e(key)}</code></td><td>{e(low)}</td><td>{e(high)}</td><td>{count}</td></tr>"
        for _, label, key, _, low, high, count in sorted(lines)
    )
    bad = "".join(f"<li><code>{e(d.variant.words())}</code>: {e(d.error)}</li>" for d in failed)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>Round Trip: sweep</title>"
        "<style>body{font:1rem/1.5 Arial,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;font-size:.88rem}"
        "td,th{padding:.3rem .5rem;border-bottom:1px solid #ccc;text-align:left;vertical-align:top}</style></head>"
        f"<body><h1>Sweep of {variants} runs</h1><p>{variants - len(failed)} finished, {len(failed)} failed; {len(frame)} results.</p>"
        + (f"<h2>Failed</h2><ul>{bad}</ul>" if failed else "")
        + f"<h2>What moved</h2><p>Results with more than one value over the runs, largest spread first.</p><table><thead><tr><th>Result</th><th>Lowest</th><th>Highest</th><th>Values</th></tr></thead><tbody>{rows}</tbody></table></body></html>\n"
    )


@dataclass(frozen=True)
class Swept:
    """A finished sweep: the table, what failed, how many runs were taken from an earlier one."""

    table: pd.DataFrame
    failed: list[Done]
    kept: int


def sweep(
    variants: list[Variant],
    out: Path,
    data: Path | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    tell: Callable[[Done], None] = lambda done: None,
) -> Swept:
    """Run what is not yet done of a plan and write the table, its summary page and the notebooks that failed.

    ``tell`` is called with each run as it ends. Raises SweepError when a scheduler does not answer or a worker
    cannot be used; OSError when nothing can be written.
    """
    folder, failures = out.with_name(f"{out.name}.runs"), out.with_name(f"{out.name}.failed")
    folder.mkdir(parents=True, exist_ok=True)
    found = {v: kept for v in variants if (kept := _kept(folder, v)) is not None}
    waiting, already = [v for v in variants if v not in found], len(found)
    if scheduler and waiting:
        from analysis.book.sweeps.cluster import remotely

        running = remotely(waiting, data, scheduler)
    else:
        running = locally(waiting, data, jobs)
    failed = []
    for done in running:
        tell(done)
        if done.results is None:
            failed.append(done)
            if done.notebook:
                failures.mkdir(exist_ok=True)
                write_whole(failures / f"{done.variant.chapter}-{done.variant.key[:12]}.ipynb", done.notebook)
        else:
            found[done.variant] = done.results
            _keep(folder, done)
    frame = table_of(found, variants)
    write_table(frame, out)
    failed.sort(key=lambda d: variants.index(d.variant))
    write_whole(out.with_suffix(".html"), summary(frame, failed, len(variants)))
    return Swept(frame, failed, already)
