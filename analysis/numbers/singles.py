"""Numbers that a chapter tells as the ledger has them: one metric or one deal each."""

from collections.abc import Mapping

from analysis.numbers.facts import Facts, value
from analysis.numbers.results import Result

Metric = tuple[str, str, str]  # entity, metric, label for readers
Deal = tuple[str, str]  # deal, label for readers


def published(f: Facts, metrics: Mapping[str, Metric]) -> list[Result]:
    """Return what counts for the newest period of each metric, by the name of its result."""
    found = []
    for name, (entity, metric, label) in metrics.items():
        row = f.last(entity, metric)
        unit = str(row["unit"].iloc[0]) if len(row) else "usd_bn"
        found.append(f.result(name, label, value(row), unit, row))
    return found


def amounts(f: Facts, deals: Mapping[str, Deal]) -> list[Result]:
    """Return the amount of each deal that stands, by the name of its result."""
    return [f.amount(name, label, f.standing(deal)) for name, (deal, label) in deals.items()]
