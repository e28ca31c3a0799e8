"""Copies of the pages of companies and deals in Markdown."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.book.pages.exports.markdown import SUFFIX, Copies, escaped, table
from analysis.book.pages.profile_parts import Site, statement_line, step_words, term_line
from analysis.numbers.profiles.addresses import COMPANIES, DEALS, INDEX, company_page, deal_page
from analysis.numbers.profiles.companies import Company
from analysis.numbers.profiles.deals import Deal, Step, terms_of
from analysis.numbers.profiles.standfirsts import standfirst
from analysis.numbers.words import VERIFIED_WORDS

MOST_LINES = 300  # of a list


def write(target: Path, site: Site, report: dict[str, Any]) -> None:
    """Write the copy of each company's and each deal's page, and of the lists of all, beside it."""
    copies, profiles = Copies(report), site.profiles
    made = {company_page(c.key): _company(c, site) for c in profiles.companies.values()}
    made |= {deal_page(d.key): _deal(d, site) for d in profiles.deals.values()}
    companies = (f"- {_link(company_page(c.key), c.name)}: {escaped(c.kicker)}" for c in profiles.companies.values())
    made[f"{COMPANIES}/{INDEX}.html"] = _list("# Companies", companies)
    made[f"{DEALS}/{INDEX}.html"] = _list("# Deals", map(_deal_line, profiles.deals.values()))
    for page, text in made.items():
        (target / f"{page}{SUFFIX}").write_text(copies.page(page, text), encoding="utf-8")


def _link(page: str, name: str) -> str:
    """A link from the page of a company or deal to the copy of another."""
    return f"[{escaped(name)}](../{page}{SUFFIX})"


def _list(heading: str, lines: Iterable[str]) -> str:
    """A part of a page: its heading and lines; nothing without a line."""
    known = list(lines)
    left = len(known) - MOST_LINES
    rest = [f"- {left} more: [the ledger](../data/ledger.zip)"] if left > 0 else []
    return "\n".join([heading, "", *known[:MOST_LINES], *rest, "", ""]) if known else ""


def _deal_line(known: Deal) -> str:
    return f"- {_link(deal_page(known.key), known.title)} ({known.status}; known on {known.newest.day_words})"


def _statement(line: dict[str, str]) -> str:
    """A row of the ledger in a list."""
    words = escaped(f"{line['words']}: {line['detail']}" if line["detail"] else line["words"])
    name = escaped(line["publisher"])
    source = f"[{name}](<{line['source']}>)" if line["source"] else name
    return f"- {line['day']}: {words}{f' ({source})' if source else ''}"


def _company(known: Company, site: Site) -> str:
    newest = [statement_line(m.newest, site) for m in known.metrics]
    metrics = [[line["words"], line["detail"], line["day"]] for line in newest]
    return "\n".join(
        [
            f"# {escaped(known.name)}\n",
            f"{escaped(known.kicker)}. {escaped(known.summary)} {escaped(known.note)}".strip() + "\n",
            _list("## Deals", map(_deal_line, known.deals)),
            f"## Figures\n\n{table(['What', 'Newest value', 'Known on'], metrics)}\n" if metrics else "",
            _list("## What became known", (_statement(statement_line(s, site)) for s in reversed(known.statements))),
        ]
    )


def _deal(known: Deal, site: Site) -> str:
    facts = (f"- {escaped(label)}: {escaped(words)}" for label, words in known.facts)
    terms = terms_of(site.profiles.statements, known)
    return "\n".join(
        [
            f"# {escaped(known.title)}\n",
            f"{escaped(standfirst(site.profiles.statements, known))}\n",
            _list("## What is known", facts),
            _list("## How it came to this", (_step(step, site) for step in reversed(known.steps))),
            _list("## Rights and rules between the two", (_statement(term_line(s, site)) for s in terms)),
            f"Row in the ledger: `{known.key}`\n",
        ]
    )


def _step(step: Step, site: Site) -> str:
    """A row of a deal: its day, what it changed, its note and pages."""
    cells = step.statement.cells
    pages = ", ".join(
        f"[{escaped(s['publisher'])}](<{s['url']}>)" if s["url"] else escaped(s["publisher"])
        for s in site.sources.cited(step.statement.sources)
    )
    words = escaped(f"{step_words(step)} {step.amount} {cells['note'] or ''}")
    return f"- {step.statement.day_words}: {words} ({pages}; {VERIFIED_WORDS.get(cells['verified'], '')})"
