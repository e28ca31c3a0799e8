"""The runs of a sweep: which there are, how one is made, and what comes of it."""

import itertools
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.running import manuscript, notebooks
from analysis.book.running.cache import cache_key
from analysis.book.running.environment import environment_digest
from analysis.book.running.files import files_below
from analysis.digests import digest, digest_of_files
from analysis.ledger import Ledger
from analysis.ledger.problems import require_known


class SweepError(RuntimeError):
    """A sweep that could not start, or whose cluster was lost; finished runs are kept."""


@dataclass(frozen=True)
class Variant:
    """One run: a chapter as known on a day, under a scenario, with single choices set (name, value).

    ``key`` is a digest of everything the run depends on.
    """

    chapter: str
    as_of: str
    scenario: str
    choices: tuple[tuple[str, float], ...] = ()
    key: str = ""

    def parameters(self) -> dict[str, str]:
        """The values papermill injects into the chapter's parameters cell."""
        return {"as_of": self.as_of, "scenario": ";".join([self.scenario, *(f"{k}={v:.12g}" for k, v in self.choices)])}

    def label(self) -> str:
        """Chapter, day and scenario with its choices, for messages."""
        return f"{self.chapter} {self.as_of} {self.parameters()['scenario']}"


@dataclass(frozen=True)
class FinishedRun:
    """A variant with its results, or with an error and the notebook up to the cell that failed."""

    variant: Variant
    results: list[dict[str, Any]] | None
    error: str = ""
    notebook: str = ""

    @classmethod
    def from_answer(cls, variant: Variant, answer: dict[str, Any]) -> "FinishedRun":
        """From what `run_variant` returned, possibly on another machine."""
        return cls(variant, answer.get("results"), answer.get("error", ""), answer.get("notebook", ""))


def parse_choices(settings: Iterable[str]) -> dict[str, list[float]]:
    """Read settings such as ``take_up=0.5,0.75``.

    Parameters
    ----------
    settings
        One text per choice: its name, an equals sign, numbers separated by commas.

    Returns
    -------
    dict
        The values to try of each choice, without repeats.

    Raises
    ------
    ValueError
        If a setting names no choice or gives no numbers.
    """
    choices: dict[str, list[float]] = {}
    for setting in settings:
        name, _, values = (part.strip() for part in setting.partition("="))
        try:
            numbers = [float(value) for value in split_list(values)]
        except ValueError:
            numbers = []
        if not name or not numbers:
            raise ValueError(f"--set {setting!r} is not a setting; write name=number,number")
        choices[name] = numbers
    return choices


def split_list(text: str) -> list[str]:
    """The parts of a comma-separated list, without blanks and repeats."""
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def plan(
    data: Path | None, chapters: list[str], days: list[str], scenarios: list[str], choices: dict[str, list[float]]
) -> list[Variant]:
    """Every combination of chapters, days, scenarios and choices.

    Parameters
    ----------
    data
        Directory of the tables; None is the project's own.
    chapters, days, scenarios
        Names and days (YYYY-MM-DD); empty means every chapter, the newest day, the central scenario.
    choices
        Values to try of single assumptions, by name.

    Returns
    -------
    list of Variant
        In the order given, the last of chapters, days, scenarios, choices varying fastest.

    Raises
    ------
    ValueError
        Before anything runs, for an unknown name (with the nearest known one), a day, or a value out of bounds.
    ManuscriptError
        If a chapter cannot be read.
    """
    manuscript.check(paths.CHAPTERS, paths.TOC)
    ledger = Ledger.load(data)
    known = [p.stem for p in notebooks.chapters(paths.CHAPTERS)]
    for chapter in chapters:
        require_known("chapter", chapter, known)
    for day in days:
        Ledger.load(data, day).require_day()
    for scenario in scenarios or ["central"]:
        ledger.assumptions(scenario)
        for name, values in choices.items():
            for value in values:
                ledger.assumptions(f"{scenario};{name}={value!r}")
    content = digest_of_files(files_below(ledger.directory), ledger.directory)
    environment = environment_digest()
    settings = [tuple(zip(choices, values, strict=True)) for values in itertools.product(*choices.values())]
    variants = []
    for chapter, day, scenario, chosen in itertools.product(
        chapters or known, days or [f"{ledger.as_of:%Y-%m-%d}"], scenarios or ["central"], settings
    ):
        variant = Variant(chapter, day, scenario, chosen)
        inputs = cache_key(paths.CHAPTERS / f"{chapter}.ipynb", variant.parameters(), day, environment)
        variants.append(replace(variant, key=digest(inputs.digest(), content)))
    return variants


def run_variant(
    source: str, parameters: dict[str, Any], is_whole: bool = False, alive: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Run one chapter in this process.

    Parameters
    ----------
    source
        Path of the notebook.
    parameters
        Values for its parameters cell.
    is_whole
        Whether to return the executed notebook and what it read instead of its results.
    alive
        Called now and then while the chapter runs.

    Returns
    -------
    dict
        Plain data: ``results``, or ``notebook`` and ``reads``, or ``error`` and the ``notebook`` up to it.
    """
    from analysis.book.running.chapters import ChapterError, execute

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / Path(source).name
        try:
            reads = execute(source, str(target), parameters, alive=alive)
        except ChapterError as error:
            unfinished = target.with_suffix(".running.ipynb")
            notebook = unfinished.read_text(encoding="utf-8") if unfinished.exists() else ""
            return {"error": str(error), "notebook": notebook}
        finally:
            os.chdir("/")  # the chapter ran in the folder that is about to be removed
        if is_whole:
            return {"notebook": target.read_text(encoding="utf-8"), "reads": reads}
        return {"results": notebooks.collect(notebooks.read(target))}
