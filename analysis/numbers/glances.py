"""What a reader of a company's page wants to know at once: what happened last, and what comes next."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analysis.numbers.due import Due, due
from analysis.numbers.headlines import is_new
from analysis.numbers.profiles.companies import PRINCIPAL, Company, Profiles
from analysis.numbers.profiles.rows import Statement

EVENTS = ("deals", "terms", "sites", "metrics")  # what is told first of one day


@dataclass(frozen=True)
class Glance:
    """The newest event, None without one, and the next that the ledger knows of, None for none."""

    last: Statement | None
    next: Due | None


class Glances:
    """The newest and the next event of each company of some profiles."""

    def __init__(self, profiles: Profiles):
        self.profiles = profiles

    @cached_property
    def _due(self) -> dict[str, list[Due]]:
        """What is due by the companies that it is about, the nearest first."""
        found: dict[str, list[Due]] = defaultdict(list)
        for item in due(self.profiles.ledger):
            for party in self._parties(item):
                found[party].append(item)
        return found

    def _parties(self, item: Due) -> tuple[str, ...]:
        if item.deal:
            known = self.profiles.deals[item.deal]
            return tuple(dict.fromkeys((known.payer, known.payee)))
        return (item.key.partition(":")[2].partition("/")[0],)

    def of(self, known: Company) -> Glance:
        """Return both of a company, of one day the news of its deals before that of its rights, sites and figures."""
        return Glance(next(self.news(known), None), next(iter(self._due.get(known.key, ())), None))

    def news(self, known: Company) -> Iterator[Statement]:
        """The rows that name a company and say something new, the newest first; each is looked at when it is asked
        for."""
        ledger = self.profiles.ledger
        return (s for s in newest_first(known.statements) if is_new(ledger, s.table, s.cells))


def newest_first(statements: list[Statement]) -> list[Statement]:
    """The rows that name a company by day, those of one day by weight: deals, rights, sites, its principal figures."""
    rank = {metric: place for place, metric in enumerate(PRINCIPAL)}
    ordered = sorted(statements, key=lambda s: (EVENTS.index(s.table), rank.get(s.cells.get("metric", ""), len(rank))))
    return sorted(ordered, key=lambda s: s.day, reverse=True)
