"""Parts of the pages of companies and deals: lines, bars, cells and lists of sources, as the templates take them."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

import pandas as pd

from analysis import templates
from analysis.book.pages.fragments import cited, web_address
from analysis.ledger import Ledger
from analysis.models.deals import money_of
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.headlines import deals as deal_headlines
from analysis.numbers.headlines import headline
from analysis.numbers.profiles.addresses import company_page, deal_page
from analysis.numbers.profiles.burdens import Burden
from analysis.numbers.profiles.companies import Metric, Profiles
from analysis.numbers.profiles.deals import Deal, Step
from analysis.numbers.profiles.headings import heading_of, part_of
from analysis.numbers.profiles.money import Flow
from analysis.numbers.profiles.own_totals import NOTHING_NEWER, is_overtaken
from analysis.numbers.profiles.rows import Statement
from analysis.numbers.source_names import named
from analysis.numbers.words import BASIS_TOLD, RANK_WORDS

LEASES = "Has signed for leases that have not begun"
MOST_SOURCES = 40  # of one rank
OPEN_SOURCES = 8  # of the first rank that are not folded
LEAST_BAR = 0.6  # per cent of the width, so that a small amount is seen


class Sources:
    """The pages behind the rows of a ledger."""

    def __init__(self, ledger: Ledger):
        rows = ledger.sources
        text = rows.assign(published=rows["published"].dt.strftime("%Y-%m-%d").fillna(""))
        self.records = {r["source"]: r for r in text.to_dict("records")}

    def cited(self, keys: Iterable[str]) -> list[dict[str, str]]:
        """Sources as the templates take them."""
        return cited(list(keys), self.records)

    def of(self, statement: Statement) -> dict[str, str]:
        """Who first published what a row says, and the address of that page; empty where it is not known."""
        known = self.records.get(statement.sources[0]) if statement.sources else None
        if known is None:
            return {"publisher": "", "source": ""}
        return {
            "publisher": named(known),
            "source": web_address(str(known["url"])),
        }

    def ranked(self, keys: Iterable[str]) -> list[dict[str, Any]]:
        """The pages by rank, primary texts first, in the order given: name of the rank, count, the first of them."""
        known = list(dict.fromkeys(keys))
        by_rank = {
            rank: [k for k in known if self.records.get(k, {}).get("rank", "relay") == rank] for rank in RANK_WORDS
        }
        return [
            {
                "name": RANK_WORDS[rank],
                "count": len(own),
                "is_open": len(own) <= OPEN_SOURCES and not number,
                "sources": self.cited(own[:MOST_SOURCES]),
                "rest": "../references.html",
            }
            for number, (rank, own) in enumerate((rank, own) for rank, own in by_rank.items() if own)
        ]


class Site(Protocol):
    """What a line needs to know of the site."""

    profiles: Profiles
    sources: Sources


def bar(kind: str, low: float, high: float, largest: float) -> dict[str, str]:
    """A bar: its colour, and the ends of its firm and its light part in per cent of the largest."""
    ends = [100 * value / largest if largest else 0.0 for value in (low, high)]
    if ends[1]:
        ends = [max(end, LEAST_BAR) if end else 0.0 for end in ends]
    return {"kind": kind, "low": f"{ends[0]:.1f}", "high": f"{ends[1]:.1f}"}


def upper_end(step: Step) -> float:
    """The most that a row of a deal names, US$ bn; 0 without an amount."""
    return max((float(end) for end in (step.low, step.high) if pd.notna(end)), default=0.0)


def bar_of(step: Step, kind: str, largest: float) -> dict[str, str]:
    """The bar of a row of a deal."""
    low = 0.0 if pd.isna(step.low) else float(step.low)
    return bar(money_of(kind), low, upper_end(step), largest)


def statement_line(statement: Statement, site: Site) -> dict[str, str]:
    """A row of the ledger in a list of what became known."""
    cells, url, words, detail = statement.cells, "", statement.words, ""
    if statement.table == "deals":
        known = site.profiles.deals[cells["deal"]]
        at = next(i for i, step in enumerate(known.steps) if step.statement.key == statement.key)
        step = known.steps[at]
        url, words = f"../{deal_page(known.key)}", heading_of(site.profiles.statements, cells)
        detail = step_words(step) or step.news
        if not at:
            detail = f"{detail}, {step.amount or 'no amount published'}"
    elif statement.table == "metrics":
        value = formats.amount(cells["value"], cells["unit"])
        period = site.profiles.period_words(cells)
        words = f"{site.profiles.metric_words(cells['metric'])}{f', {period}' if period else ''}"
        detail = f"{value} ({BASIS_TOLD.get(cells['basis'], cells['basis'])})"
    elif statement.table == "terms":
        return term_line(statement, site)
    return {
        "day": statement.day_words,
        "words": words,
        "detail": detail,
        "url": url,
        **site.sources.of(statement),
    }


def step_words(step: Step) -> str:
    """What a row of a deal changed, in a sentence without its full stop."""
    words = "; ".join(step.changes) or ("" if step.news else "confirmed, without a change")
    return f"{words[:1].upper()}{words[1:]}"


def notes_of(deal: Deal) -> list[dict[str, str]]:
    """The ledger's notes on a deal by day, the newest first."""
    told = [(step.statement.day_words, str(step.statement.cells["note"] or "")) for step in reversed(deal.steps)]
    return [{"day": day, "note": note} for day, note in told if note]


def news_line(statement: Statement, site: Site) -> dict[str, str]:
    """A row of the ledger as a sentence, in the list of what became known last."""
    line = statement_line(statement, site)
    said = headline(site.profiles.ledger, statement.table, statement.cells)
    part = part_of(statement.cells) if statement.table == "deals" else ""
    return line | {"words": ", ".join(filter(None, (said, part))), "detail": ""}


def by_day(lines: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    """Lines of a timeline, those of one day together."""
    return [{"day": day, "lines": list(own)} for day, own in groupby(lines, key=itemgetter("day"))]


def term_line(statement: Statement, site: Site) -> dict[str, str]:
    """A right or rule in a list."""
    topic = str(statement.cells["topic"])
    words = statement.words
    names = formats.listed([site.profiles.ledger.name(p) for p in statement.parties])
    return {
        "day": statement.day_words,
        "words": f"{names}, {words}" if words.startswith(topic) else f"{names}, {topic}",
        "detail": "" if words.startswith(topic) else words,
        "url": "",
        **site.sources.of(statement),
    }


def metric_line(metric: Metric, site: Site, most: int, metrics: Sequence[Metric] = ()) -> dict[str, Any]:
    """A metric of a company: its newest value, and the other statements folded behind it; ``old`` says that a newer
    quarter is known of other ``metrics``."""
    return {
        "name": metric.name,
        "old": NOTHING_NEWER * is_overtaken(metrics, metric),
        **_told(metric.newest, site),
        **site.sources.of(metric.newest),
        "others": [_told(s, site) for s in metric.others[:most]],
    }


def lease_kind(leases: Burden, largest: float) -> dict[str, Any]:
    """What a company has signed to rent from landlords whom its report does not name, as a kind of its money."""
    amount = formats.amount(leases.amount, "usd_bn")
    flow = {
        "party": {"name": f"for all its customers, {leases.month}", "url": ""},
        "amount": amount,
        "unpriced": 0,
        "bar": bar("orders", leases.amount, leases.amount, largest),
    }
    return {"name": LEASES, "amount": amount, "flows": [flow], "shown": 1, "more": 0, "unpriced": []}


def member_lines(profiles: Profiles, key: str, news: Callable[[str], dict[str, str] | None]) -> list[dict[str, str]]:
    """The newest of each company that the chapters count as part of one, with its name and page."""
    pairs = zip(profiles.ledger.groups["entity"], profiles.ledger.groups["group"], strict=True)
    members = [member for member, group in pairs if group == key and member in profiles.companies]
    found = ((member, news(member)) for member in members)
    return [
        line | {"name": short_name(profiles.ledger.name(member)), "page": f"../{company_page(member)}"}
        for member, line in found
        if line
    ]


def _told(statement: Statement, site: Site) -> dict[str, str]:
    cells = statement.cells
    return {
        "value": formats.amount(cells["value"], cells["unit"]),
        "period": site.profiles.period_words(cells),
        "basis": BASIS_TOLD.get(cells["basis"], str(cells["basis"])),
        "day": statement.day_words,
    }


def money_cells(
    company: str, columns: Sequence[tuple[str, str, Callable[[str, str], list[Flow]]]]
) -> list[dict[str, Any]]:
    """The money of a company in the list of all: one cell a column, each of one kind of money."""
    found = []
    for _, kind, flows in columns:
        own = flows(company, kind)
        low, high = (round(sum(ends), 9) for ends in ((f.low for f in own), (f.high for f in own)))
        is_open = any(f.is_open for f in own)
        is_capped = is_open and round(high, 1) > round(low, 1)  # a deal that has a floor beside one that has a ceiling
        ends = (round(low, 1) or float("nan"), float("nan") if is_open and not is_capped else round(high, 1))
        text = f"{formats.amount_text(*ends)}{' or more' if is_capped else ''}" if high else ""
        low = max(0.0, low - sum(f.lined_up for f in own))
        found.append({"text": text, "low": low, "high": high, "money": kind})
    return found


def scale_cells(rows: list[dict[str, Any]]) -> None:
    """Give each cell its bar, all on one scale."""
    cells = [cell for row in rows for cell in row["cells"]]
    largest = max((cell["high"] for cell in cells), default=0.0)
    for cell in cells:
        cell["bar"] = bar(cell["money"], cell["low"], cell["high"], largest)


def found_as(profiles: Profiles, deal: Deal) -> tuple[str, str]:
    """What the search says of a deal: what became of it, as a sentence, and who pays whom."""
    said = deal_headlines.headline(profiles.ledger, deal.newest.cells)
    return templates.curly(said), f"Deal: {deal.title.partition(':')[0]}"
