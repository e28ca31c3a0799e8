"""The facts that a report could tell: what each says in words, the money in it, and the chapters that it belongs to.

Which of them a page does tell is found out after the chapters have run (`analysis.book.running.telling`).
"""

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.compare import CONFIRMING
from analysis.ledger.schema import SIGNED_STATUSES, tables
from analysis.ledger.view import SUBJECT
from analysis.numbers import formats, vintages
from analysis.numbers.headlines.deals import headline
from analysis.numbers.ledger_words import fact_words
from analysis.numbers.parties import BACKING, chapters_of, is_of_a_big_agreement
from analysis.numbers.row_keys import row_keys
from analysis.numbers.row_parties import parties_of
from analysis.numbers.story_rows import KEY_COLUMNS

LARGE = 20.0  # US$ bn from which a signed deal is news that no page may leave folded away
TURNS = ("IPO", "merger")  # topics of terms that are such news whatever money they name


@dataclass(frozen=True)
class Fact:
    """The newest statement of a deal, term, metric or site.

    Attributes
    ----------
    key
        ``table:key`` as stories name it, for a metric with period, basis and author.
    day
        On which it became what it is (YYYY-MM-DD): later rows that only confirm do not count.
    rows
        That day's row and those that confirm it (``table:key``), oldest first.
    parties
        Keys of the entities.
    usd_bn
        The most money that it names: the upper end of a deal, the ceiling of a guarantee, the value of a metric in
        dollars, what a site costs; NaN where it names none.
    is_weighty
        Whether it is a term of a big agreement, which counts whatever money it names.
    is_large
        Whether it is so large (see `LARGE` and `TURNS`) that a page shows it unfolded.
    words
        What the ledger says.
    end
        Last day of a metric's period (YYYY-MM-DD); empty where it has none.
    is_backing
        Whether it is a deal by which somebody stands behind OpenAI: a guarantee or a loan.
    total_of
        The parts of a deal that is the total of others (``table:key``).
    """

    key: str
    day: str
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    parties: tuple[str, ...]
    names: tuple[str, ...]
    usd_bn: float
    is_weighty: bool
    is_large: bool
    words: str
    end: str = ""
    is_backing: bool = False
    total_of: tuple[str, ...] = ()

    @property
    def row(self) -> str:
        """The newest row (``table:key``)."""
        return self.rows[-1]

    @property
    def series(self) -> str:
        """Its key, of a metric without period, basis and author; both ends of a range have the same."""
        if self.table != "metrics":
            return self.key
        return "/".join(self.key.split("/")[:2]).removesuffix("_low").removesuffix("_high")

    @property
    def table(self) -> str:
        return self.key.partition(":")[0]

    @property
    def amount(self) -> str:
        """The money in words; empty where it names none."""
        return "" if math.isnan(self.usd_bn) else formats.amount(self.usd_bn, "usd_bn")

    def as_dict(self) -> dict[str, Any]:
        """What pages and programs read of it."""
        return {
            "row": self.row,
            "day": self.day,
            "parties": list(self.names),
            "usd_bn": None if math.isnan(self.usd_bn) else self.usd_bn,
            "amount": self.amount,
            "is_weighty": self.is_weighty,
            "is_large": self.is_large,
            "words": self.words,
            "sources": list(self.sources),
        }

    def order(self) -> tuple[bool, float, str, str]:
        """What sorts facts: terms of the big agreements, then the most money, then the newest."""
        newest_first = f"{99999999 - int(self.day.replace('-', ''))}"
        return (not self.is_weighty, 0.0 if math.isnan(self.usd_bn) else -self.usd_bn, newest_first, self.key)


def _money(table: str, row: dict[str, Any]) -> float:
    """US$ bn, NaN where a row names no money."""
    if table == "deals":
        ends = [row["high_usd_bn"], row["low_usd_bn"]]
    elif table == "sites":
        ends = [row["investment_usd_bn"]]
    elif table == "metrics":
        factor = {"usd_bn": 1.0, "usd_mn": 1e-3}.get(row["unit"], math.nan)
        ends = [abs(row["value"]) * factor]
    else:
        ends = []
    known = [float(end) for end in ends if pd.notna(end)]
    return max(known, default=math.nan)


def _is_large(table: str, row: dict[str, Any]) -> bool:
    """Whether a row is a signed deal of `LARGE` money or a term of a topic of `TURNS`."""
    if table == "deals":
        is_binding = row["status"] in SIGNED_STATUSES and row["role"] in ("payment", "contingent")
        return is_binding and _money(table, row) >= LARGE
    return table == "terms" and row["topic"] in TURNS


def _statements(history: pd.DataFrame, key: list[str], content: list[str]) -> pd.DataFrame:
    """The rows of each key, oldest first, with ``rt_statement``, which counts how often a key has changed."""
    rows = history.sort_values("as_of", kind="stable")
    text = rows[content].astype(object).where(rows[content].notna(), "").astype(str)
    said = text.agg("\x1f".join, axis=1)
    names = rows[key].astype(object).where(rows[key].notna(), "").astype(str).agg("/".join, axis=1)
    is_new = said != said.groupby(names).shift()
    return rows.assign(rt_key=names, rt_statement=is_new.groupby(names).cumsum())


def _histories(ledger: Ledger, keys: Collection[str]) -> dict[str, pd.DataFrame]:
    """The rows of each dated table that facts are told of; with ``keys`` only of the first column that they name."""
    if not keys:
        return {table: ledger.history[table] for table in KEY_COLUMNS}
    named: dict[str, dict[str, None]] = {}
    for key in keys:
        table, _, name = key.partition(":")
        named.setdefault(table, {})[name.partition("/")[0]] = None
    return {t: ledger.history.part(t, KEY_COLUMNS[t][0], tuple(named[t])) for t in KEY_COLUMNS if t in named}


def facts(ledger: Ledger, keys: Collection[str] = ()) -> list[Fact]:
    """Return the facts known on the day of a ledger: terms of the big agreements first, then by money.

    Parameters
    ----------
    ledger
        As known on the day of the report.
    keys
        Only the facts of these, ``table:key``, where a metric without period, basis and author stands for all of them;
        every fact where there are none.
    """
    found = []
    inside = ledger.deals[ledger.deals["part_of"] != ""]
    parts = {whole: tuple("deals:" + own["deal"]) for whole, own in inside.groupby("part_of")}
    for table, history in _histories(ledger, keys).items():
        if history.empty:
            continue
        schema = tables()[table]
        key = list(schema.key)
        content = [c for c in schema.columns if c not in (*CONFIRMING, *key) and c in history]
        rows = _statements(history, key, content)
        newest = rows.groupby("rt_key")["rt_statement"].transform("max")
        rows = rows[rows["rt_statement"] == newest]
        rows = rows.assign(rt_row=row_keys(rows))
        own: dict[str, list[dict[str, Any]]] = {}
        for row in rows.to_dict("records"):
            own.setdefault(row["rt_key"], []).append(row)
        for name, said in own.items():
            row = said[-1]
            parties = parties_of(table, row)
            found.append(
                Fact(
                    key=f"{table}:{'/'.join(filter(None, name.replace(' 00:00:00', '').split('/')))}",
                    day=f"{said[0]['as_of']:%Y-%m-%d}",
                    rows=tuple(each["rt_row"] for each in said),
                    sources=tuple(dict.fromkeys(each["source"] for each in said if each["source"])),
                    parties=parties,
                    names=tuple(ledger.name(party) for party in parties),
                    usd_bn=_money(table, row),
                    is_weighty=table == "terms" and is_of_a_big_agreement(parties),
                    is_large=_is_large(table, row),
                    words=headline(ledger, row) if table == "deals" else fact_words(ledger, table, row),
                    end=f"{row['end']:%Y-%m-%d}" if table == "metrics" and pd.notna(row["end"]) else "",
                    is_backing=table == "deals" and row["scope"] == SUBJECT and row["kind"] in BACKING,
                    total_of=parts.get(row["deal"], ()) if table == "deals" and row["role"] == "total" else (),
                )
            )
    if keys:
        found = [fact for fact in found if any(fact.key == key or fact.key.startswith(f"{key}/") for key in keys)]
    return sorted(found, key=Fact.order)


def last_key_day(ledger: Ledger) -> str:
    """Return the key day before the ledger's own day (YYYY-MM-DD); empty where there is none."""
    known = vintages.known(ledger)
    return known[-2].day if len(known) > 1 else ""


def news(ledger: Ledger, chapters: Collection[str]) -> dict[str, list[Fact]]:
    """Return what became known since the last key day, by chapter, the weightiest first; sites are left out.

    Parameters
    ----------
    ledger
        As known on the day of the report.
    chapters
        Names of the chapters that the report has.
    """
    since = last_key_day(ledger)
    found: dict[str, list[Fact]] = {}
    for fact in facts(ledger):
        if fact.day > since and fact.table != "sites":
            for chapter in chapters_of(ledger, fact.parties, chapters, is_backing=fact.is_backing):
                found.setdefault(chapter, []).append(fact)
    return found


def untold(known: Iterable[Fact], told: set[str], ids: Callable[[Fact], list[str]]) -> list[Fact]:
    """Return the facts of which no row has its id among those ``told``; ``ids`` names the rows of a fact."""
    return [fact for fact in known if told.isdisjoint(ids(fact))]


def beside_told(left: Iterable[Fact], known: Iterable[Fact]) -> list[Fact]:
    """Return the untold facts that say more than what is told: the report's reader misses them.

    A total says no more than its parts, if all of them are told; an older period of a metric is history once a newer
    one is told; of a range told at one end the other end is no news.
    """
    left = list(left)
    keys = {fact.key for fact in left}
    newest: dict[str, str] = {}
    for fact in known:
        if fact.key not in keys:
            newest[fact.series] = max(newest.get(fact.series, ""), fact.end)
    return [
        fact
        for fact in left
        if not (fact.total_of and keys.isdisjoint(fact.total_of))
        and not (fact.table == "metrics" and fact.end <= newest.get(fact.series, ""))
    ]
