"""Many runs of chapters, over days, scenarios and single choices, into one tidy table.

Each run is a papermill run of a chapter, in a fork here or on a Dask cluster (`cluster`). Its results are stored in
a folder beside the table as soon as it is done, so that an interrupted sweep continues where it stopped. The notebook
of a run that fails is kept, and the other runs are finished. The table has the same bytes whichever worker ran what,
in whatever order.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import paths, templates
from analysis.book.running import forks
from analysis.book.running.files import write_whole
from analysis.book.sweeps import cluster
from analysis.book.sweeps.variants import FinishedRun, Variant, run_variant
from analysis.digests import digest
from analysis.numbers import results

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


def run_locally(variants: list[Variant], data: Path | None, jobs: int | None) -> Iterator[FinishedRun]:
    """Run variants in forks on this machine, ``jobs`` at a time (default: one a core)."""
    by_key = {v.key: v for v in variants}
    given = {"data": str(data.resolve())} if data else {}
    tasks = [
        forks.Task(v.key, run_variant, (str(paths.CHAPTERS / f"{v.chapter}.ipynb"), v.parameters() | given))
        for v in variants
    ]
    for outcome in forks.run(tasks, max(1, jobs or os.cpu_count() or 1)):
        variant = by_key[outcome.name]
        if outcome.error is not None:
            yield FinishedRun(variant, None, f"{type(outcome.error).__name__}: {outcome.error}")
        else:
            yield FinishedRun.from_answer(variant, outcome.value)


# Results of finished runs, stored with a digest of their own


def _stored_results(folder: Path, variant: Variant) -> list[dict[str, Any]] | None:
    """The results of a run that was finished earlier; None if there are none or the file is damaged."""
    try:
        head, _, body = (folder / f"{variant.key}.json").read_text(encoding="utf-8").partition("\n")
        return json.loads(body) if head == digest(body) else None
    except (OSError, ValueError):
        return None


def _store_results(folder: Path, run: FinishedRun) -> None:
    body = json.dumps(run.results, sort_keys=True, ensure_ascii=False)
    write_whole(folder / f"{run.variant.key}.json", f"{digest(body)}\n{body}")


# The table and its summary


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def results_table(results: dict[Variant, list[dict[str, Any]]], order: list[Variant]) -> pd.DataFrame:
    """One row a result and variant.

    Parameters
    ----------
    results
        Results of the variants that were finished.
    order
        All variants of the plan, in its order.

    Returns
    -------
    DataFrame
        Columns `COLUMNS` and one for each choice that was set; rows in the order of the plan.
    """
    names = list(dict.fromkeys(name for v in order for name, _ in v.choices))
    rows = []
    for variant in order:
        chosen = dict(variant.choices)
        _, _, choices = variant.parameters()["scenario"].partition(";")
        run = (variant.chapter, variant.as_of, variant.scenario, choices)
        for r in results.get(variant, ()):
            numbers = (_number(r["value"]), _number(r["low"]), _number(r["high"]))
            result = (r["key"], r["label"], r["unit"], *numbers, bool(r["is_open"]), r["text"], r["as_of"])
            rows.append((*run, *result, *(chosen.get(n) for n in names)))
    frame = pd.DataFrame(rows, columns=[*COLUMNS, *names])
    return frame.astype(dict.fromkeys(("value", "low", "high", *names), float))


def write_table(frame: pd.DataFrame, out: Path) -> None:
    """Write the table as Parquet, whole or not at all; the same bytes for the same rows."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    frame.to_parquet(partial, index=False, compression="zstd")
    partial.replace(out)


@dataclass(frozen=True)
class Spread:
    """How far a result moved over the runs: its texts where it was lowest and highest, how many texts it had.

    ``size`` is the distance between its ends as a share of its largest size, 0 where it is no number.
    """

    label: str
    key: str
    low: str
    high: str
    texts: int
    size: float


def spreads(frame: pd.DataFrame) -> list[Spread]:
    """The results that had more than one text over the runs, largest spread first."""
    found = []
    frame = frame.assign(middle=results.middle(frame["value"], frame["low"], frame["high"]))
    for (key, label, _), group in frame.groupby(["key", "label", "unit"], sort=True):
        texts = group["text"].nunique()
        if texts < 2:
            continue
        middle = group["middle"]
        low, high, size = "", "", 0.0
        if middle.notna().any():
            low, high = (str(group.loc[i, "text"]) for i in (middle.idxmin(), middle.idxmax()))
            largest = middle.abs().max()
            size = float((middle.max() - middle.min()) / largest) if largest else 0.0
        found.append(Spread(label, key, low, high, texts, size))
    return sorted(found, key=lambda s: (-s.size, s.label, s.key))


def summary(frame: pd.DataFrame, failed: list[FinishedRun], variants: int) -> str:
    """An HTML page: how many runs there were, which failed, and how far each result moved over them."""
    return templates.render(
        "sweeps/summary.html",
        variants=variants,
        results=len(frame),
        failed=[{"label": run.variant.label(), "error": run.error} for run in failed],
        spreads=spreads(frame),
    )


@dataclass(frozen=True)
class SweepResult:
    """A finished sweep: the table, the runs that failed, how many runs were kept from an earlier sweep."""

    table: pd.DataFrame
    failed: list[FinishedRun]
    kept: int


def sweep(
    variants: list[Variant],
    out: Path,
    data: Path | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    tell: Callable[[FinishedRun], None] = lambda run: None,
    begin: Callable[[list[Variant]], None] = lambda waiting: None,
) -> SweepResult:
    """Run what is not yet done of a plan; write the table, its summary page and the notebooks that failed.

    Parameters
    ----------
    variants
        The plan, see `variants.plan`.
    out
        Path of the table; the summary and the finished runs are put beside it.
    data
        Directory of the tables; None is the project's own.
    jobs
        Runs at a time; None is one a core.
    scheduler
        Address of a Dask scheduler (``tcp://host:port``); None runs here.
    tell
        Called with each run as it ends.
    begin
        Called before the first with the variants that are to be run.

    Returns
    -------
    SweepResult

    Raises
    ------
    SweepError
        If a scheduler does not answer or a worker cannot be used.
    OSError
        If nothing can be written.
    """
    folder, failures = out.with_name(f"{out.name}.runs"), out.with_name(f"{out.name}.failed")
    folder.mkdir(parents=True, exist_ok=True)
    results = {v: stored for v in variants if (stored := _stored_results(folder, v)) is not None}
    waiting, kept = [v for v in variants if v not in results], len(results)
    begin(waiting)
    if scheduler and waiting:
        runs = cluster.run_remotely(waiting, data, scheduler)
    else:
        runs = run_locally(waiting, data, jobs)
    failed = []
    for run in runs:
        tell(run)
        if run.results is not None:
            results[run.variant] = run.results
            _store_results(folder, run)
            continue
        failed.append(run)
        if run.notebook:
            failures.mkdir(exist_ok=True)
            write_whole(failures / f"{run.variant.chapter}-{run.variant.key[:12]}.ipynb", run.notebook)
    frame = results_table(results, variants)
    write_table(frame, out)
    failed.sort(key=lambda run: variants.index(run.variant))
    write_whole(out.with_suffix(".html"), summary(frame, failed, len(variants)))
    return SweepResult(frame, failed, kept)
