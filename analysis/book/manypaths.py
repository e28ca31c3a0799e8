"""The funding model over very many paths: counted in parts, each in a fork, in constant memory (see `models.streaming`)."""

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.book import forks
from analysis.ledger import Ledger
from analysis.models import funding, streaming
from analysis.numbers import modelling

PARTS = 64  # at most; each counts its share of the blocks


class UnknownInputs(ValueError):
    """The funding model cannot be calibrated on what is known on the day."""


def _model(data: Path | None, as_of: str | None, scenario: str) -> tuple[funding.Inputs, funding.Choices]:
    ledger = Ledger.load(data, as_of)
    ledger.require_day()
    choose = ledger.assumptions(scenario)
    known = modelling.inputs(ledger, choose)
    if known is None:
        raise UnknownInputs(f"the funding model cannot be calibrated on what is known on {ledger.as_of:%Y-%m-%d}")
    return known, modelling.choices(choose)


def count_part(
    inputs: funding.Inputs, choices: funding.Choices, where: streaming.Bins, first: int, blocks: int, alive: Callable[[], None]
) -> streaming.Counts:
    """One part, a few blocks at a time, with a sign of life after each few."""
    made = None
    for start in range(first, first + blocks, 64):
        part = streaming.count(inputs, choices, where, start, min(64, first + blocks - start))
        made = part if made is None else made + part
        alive()
    assert made is not None
    return made


def many_paths(
    count: int,
    data: Path | None = None,
    as_of: str | None = None,
    scenario: str = "central",
    jobs: int | None = None,
    tell: Callable[[int, int], None] = lambda done, parts: None,
) -> pd.DataFrame:
    """The summary of at least ``count`` paths (whole blocks), as `streaming.summary`, with the number of paths.

    ``tell`` is called with the parts done and all parts. Raises ValueError for fewer than one path or inputs that
    are not known, RuntimeError when a part fails.
    """
    if count < 1:
        raise ValueError(f"count {count} must be 1 or more")
    inputs, choices = _model(data, as_of, scenario)
    where = streaming.bins(inputs, choices)
    blocks = -(-count // funding.BLOCK)
    parts = min(PARTS, blocks)
    edges = [blocks * k // parts for k in range(parts + 1)]
    tasks = [forks.Task(f"{a}", count_part, (inputs, choices, where, a, b - a)) for a, b in itertools.pairwise(edges)]
    total: streaming.Counts | None = None
    for done, outcome in enumerate(forks.run(tasks, max(1, jobs or os.cpu_count() or 1)), 1):
        if outcome.error is not None:
            raise RuntimeError(f"the part from block {outcome.name} on failed: {outcome.error}")
        total = outcome.value if total is None else total + outcome.value
        tell(done, parts)
    assert total is not None
    return streaming.summary(total, where, inputs.years).assign(paths=total.paths)
