"""The pages of companies and of deals, and the lists of all of them: made from the ledger, without Sphinx or a script.

A page stays small whatever the ledger holds: what is too much for it is counted and left to the ledger's tables.
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis import templates
from analysis.book.pages import profile_parts as parts
from analysis.book.pages import social
from analysis.book.pages.addresses import Addresses, policy, theme_script
from analysis.book.pages.downloads import as_script
from analysis.book.pages.exports.markdown import SUFFIX
from analysis.book.pages.versions import switcher
from analysis.figures.tables import anchor
from analysis.numbers import formats
from analysis.numbers.profiles.addresses import COMPANIES, DEALS, INDEX, company_page, deal_page
from analysis.numbers.profiles.companies import Company, Profiles
from analysis.numbers.profiles.deals import OFF, STANDING, TALKS, UNCOUNTED, Deal, heading_of, terms_of
from analysis.numbers.profiles.money import amount_words
from analysis.numbers.profiles.standfirsts import standfirst
from analysis.numbers.words import MONEY_WORDS, VERIFIED_WORDS

ROOT = "../"
MOST_FLOWS = 8  # counterparties of one kind of money that a company's page lists
MOST_DEALS, MORE_DEALS = 10, 190  # deals of a group that are shown, and folded behind them
MOST_METRICS = 10
MOST_OTHERS = 40  # other statements of a metric
MOST_ROWS, MORE_ROWS = 15, 285  # of a timeline
MOST_TERMS = 10  # rights, and data centres, that are not folded
MOST_STEPS, MORE_STEPS = 12, 88  # of a deal
MOST_CHAPTERS = 4
MOST_LISTED = 500  # companies, and deals of a group, in the list of all
GROUPS = {
    STANDING: "Agreed, announced or reported",
    TALKS: "In talks",
    UNCOUNTED: "Guarantees, options, totals and plans, which no sum counts",
    OFF: "Cancelled",
}


class ProfilePages:
    """The pages of one site.

    Parameters
    ----------
    report
        What the build knows of the report, with the page index: site, titles, assets, and ``told_rows``, the ids of
        the ledger's rows that each chapter tells.
    """

    def __init__(self, profiles: Profiles, report: dict[str, Any], addresses: Addresses):
        self.profiles, self.report, self.addresses = profiles, report, addresses
        self.sources = parts.Sources(profiles.ledger)
        self.shared = {
            "site": report["site"],
            "root": ROOT,
            "policy": policy(),
            "theme_script": Markup(theme_script()),
        } | report["assets"]
        self.told = {name: frozenset(rows) for name, rows in report["told_rows"].items()}

    def write(self, target: Path) -> list[str]:
        """Write every page, and return them as paths from the top of the site."""
        for folder in (COMPANIES, DEALS):
            (target / folder).mkdir(parents=True)
        made = {f"{COMPANIES}/{INDEX}.html": self._companies(), f"{DEALS}/{INDEX}.html": self._deals()}
        made |= {company_page(key): self.company(known) for key, known in self.profiles.companies.items()}
        made |= {deal_page(key): self.deal(known) for key, known in self.profiles.deals.items()}
        for page, text in made.items():
            (target / page).write_text(text, encoding="utf-8")
        (target / "_data").mkdir(exist_ok=True)
        (target / "_data" / "names.js").write_text(as_script("roundtripNames", "all", self._names()), encoding="utf-8")
        return list(made)

    def _names(self) -> list[list[str]]:
        """What the search finds by name: address, name, and what it is, companies first, each the largest first."""
        companies = [[company_page(c.key), c.name, c.kicker] for c in self.profiles.companies.values()]
        return companies + [[deal_page(d.key), *parts.found_as(self.profiles, d)] for d in self.profiles.deals.values()]

    def _render(
        self, template: str, page: str, title: str, description: str, known_since: str = "", **values: object
    ) -> str:
        address, folder = self.addresses.page(page), page.partition("/")[0]
        image = self.addresses.page(f"{social.CARDS}/index.png")
        meta = social.meta_tags(title[:200], description[:300], address, image)
        return templates.render(
            f"profiles/{template}.html",
            **self.shared,
            title=title,
            meta=meta,
            canonical=address,
            copy=f"{page.rpartition('/')[2]}{SUFFIX}",
            switcher=switcher(self.report, page, ROOT, known_since, f"{folder}/{INDEX}.html"),
            **values,
        )

    def _chapters(self, rows: Collection[str]) -> list[dict[str, str]]:
        """The chapters that tell some rows (ids), those that tell most of them first."""
        counts = {
            name: len(told.intersection(rows)) for name, told in self.told.items() if name in self.report["titles"]
        }
        order = sorted((name for name, count in counts.items() if count), key=lambda name: (-counts[name], name))
        titles = self.report["titles"]
        return [{"page": f"{name}.html", "title": titles[name]} for name in order[:MOST_CHAPTERS]]

    def _party(self, key: str) -> dict[str, str]:
        is_known = key in self.profiles.statements.by_company and key in self.profiles.companies
        return {"name": self.profiles.ledger.name(key), "url": f"{ROOT}{company_page(key)}" if is_known else ""}

    def _line(self, known: Deal) -> dict[str, str]:
        return {
            "url": f"{ROOT}{deal_page(known.key)}",
            "title": known.title,
            "heading": heading_of(self.profiles.statements, known.newest.cells),
            "bare": formats.amount_text(known.newest.cells["low_usd_bn"], known.newest.cells["high_usd_bn"]),
            "status": known.status,
            "day": known.newest.day_words,
        }

    def _grouped(self, deals: Iterable[Deal]) -> dict[str, list[Deal]]:
        known = list(deals)
        return {state: own for state in GROUPS if (own := [d for d in known if d.state == state])}

    def _sides(self, key: str) -> list[dict[str, Any]]:
        """Money in and money out of a company by kind, as its page draws it."""
        money = self.profiles.money
        sides = (("Money in", "is_paid", money.into), ("Money out", "pays", money.out))
        largest = max((f.high for _, _, flows in sides for kind in MONEY_WORDS for f in flows(key, kind)), default=0.0)
        found = []
        for name, does, flows in sides:
            kinds = [
                {
                    "name": getattr(words, does),
                    "amount": amount_words(own),
                    "flows": [
                        {
                            "party": self._party(f.payer if does == "is_paid" else f.payee),
                            "amount": f.words,
                            "unpriced": f.unpriced if f.high else 0,
                            "bar": parts.bar(kind, f.low, f.high, largest),
                        }
                        for f in own[:MOST_FLOWS]
                    ],
                    "more": max(0, len(own) - MOST_FLOWS),
                }
                for kind, words in MONEY_WORDS.items()
                if (own := flows(key, kind))
            ]
            if kinds:
                found.append({"name": name, "kinds": kinds})
        return found

    def company(self, known: Company) -> str:
        """The page of a company."""
        lines = [parts.statement_line(s, self) for s in reversed(known.statements)]
        groups = [
            {
                "name": GROUPS[state],
                "deals": [self._line(d) for d in own[:MOST_DEALS]],
                "rest": [self._line(d) for d in own[MOST_DEALS : MOST_DEALS + MORE_DEALS]],
                "left_out": max(0, len(own) - MOST_DEALS - MORE_DEALS),
            }
            for state, own in self._grouped(known.deals).items()
        ]
        metrics = [parts.metric_line(m, self, MOST_OTHERS) for m in known.metrics]
        sides = self._sides(known.key)
        terms = [parts.term_line(s, self) for s in known.terms]
        places = [parts.statement_line(s, self) for s in known.sites]
        contents = [
            ("money", "Money in and out", sides),
            ("exposure", "At risk with OpenAI", known.exposure),
            ("deals", "Deals", groups),
            ("figures", "Figures", metrics),
            ("rights", "Rights and rules", known.terms),
            ("sites", "Data centres", known.sites),
            ("timeline", "What became known", lines),
            ("sources", "Sources", lines),
        ]
        return self._render(
            "company",
            company_page(known.key),
            known.name,
            f"{known.lead.sentence} {known.summary}",
            known_since=known.statements[0].day,
            company=known,
            chapters=self._chapters([anchor(s.key) for s in known.statements]),
            contents=[(id_, name) for id_, name, there in contents if there],
            sides=sides,
            deal_groups=groups,
            metrics=metrics[:MOST_METRICS],
            more_metrics=metrics[MOST_METRICS:],
            terms=terms[:MOST_TERMS],
            more_terms=terms[MOST_TERMS:MORE_ROWS],
            places=places[:MOST_TERMS],
            more_places=places[MOST_TERMS:MORE_ROWS],
            timeline=parts.by_day(lines[:MOST_ROWS]),
            earlier=parts.by_day(lines[MOST_ROWS : MOST_ROWS + MORE_ROWS]),
            earlier_count=len(lines[MOST_ROWS : MOST_ROWS + MORE_ROWS]),
            left_out=max(0, len(lines) - MOST_ROWS - MORE_ROWS),
            sources=self.sources.ranked([key for s in reversed(known.statements) for key in s.sources]),
        )

    def deal(self, known: Deal) -> str:
        """The page of a deal."""
        largest = max((parts.upper_end(step) for step in known.steps), default=0.0)
        steps = [
            {
                "id": anchor(step.statement.key),
                "day": step.statement.day_words,
                "changes": step.changes or ["told again, its terms the same"],
                "amount": step.amount if step.is_repriced else "",
                "bar": parts.bar_of(step, known.newest.cells["kind"], largest),
                "note": str(step.statement.cells["note"] or ""),
                "sources": self.sources.cited(step.statement.sources),
                "verified": VERIFIED_WORDS.get(step.statement.cells["verified"], ""),
            }
            for step in reversed(known.steps)
        ]
        inside = [self.profiles.deals[key] for key in self.profiles.statements.parts.get(known.key, [])]
        whole = self.profiles.deals.get(str(known.newest.cells["part_of"] or ""))
        statements = [step.statement for step in reversed(known.steps)]
        opening = standfirst(self.profiles.statements, known)
        return self._render(
            "deal",
            deal_page(known.key),
            known.title,
            f"{known.title}. {opening}",
            known_since=known.steps[0].statement.day,
            deal=known,
            standfirst=opening,
            first_day=known.steps[0].statement.day_words,
            payer=self._party(known.payer),
            payee=self._party(known.payee),
            chapters=self._chapters([anchor(s.key) for s in statements]),
            whole=self._line(whole) if whole else None,
            parts=[self._line(d) for d in inside[:MORE_DEALS]],
            more_parts=max(0, len(inside) - MORE_DEALS),
            steps=steps[:MOST_STEPS],
            earlier=steps[MOST_STEPS : MOST_STEPS + MORE_STEPS],
            left_out=max(0, len(steps) - MOST_STEPS - MORE_STEPS),
            terms=[parts.term_line(s, self) for s in terms_of(self.profiles.statements, known)],
            sources=self.sources.ranked([key for s in statements for key in s.sources]),
            row=anchor(known.newest.key),
        )

    def _companies(self) -> str:
        money, known = self.profiles.money, list(self.profiles.companies.values())
        names = (("orders", "Sells", "Buys"), ("equity", "Sells shares", "Invests"), ("debt", "Borrows", "Lends"))
        columns = [c for kind, gets, gives in names for c in ((gets, kind, money.into), (gives, kind, money.out))]
        rows = [
            {
                "name": c.name,
                "kicker": c.kicker,
                "file": company_page(c.key).rpartition("/")[2],
                "cells": parts.money_cells(c.key, columns),
                "deals": len(c.deals),
            }
            for c in known[:MOST_LISTED]
        ]
        parts.scale_cells(rows)
        words = (
            f"{formats.counted(len(known), 'company or group', 'companies and groups')} that a fact of the ledger "
            f"names, as known on {self.report['site']['as_of_words']}. Each has a page with its deals, its figures "
            "and the sources."
        )
        return self._render(
            "companies",
            f"{COMPANIES}/{INDEX}.html",
            "Companies",
            words,
            words=words,
            kinds=[name for name, *_ in columns],
            companies=rows,
            left_out=max(0, len(known) - MOST_LISTED),
        )

    def _deals(self) -> str:
        known = self.profiles.deals.values()
        words = (
            f"{formats.counted(len(known), 'deal', 'deals')} as known on {self.report['site']['as_of_words']}, each "
            "with its history and its sources."
        )
        groups = [
            {
                "name": GROUPS[state],
                "caption": formats.counted(len(own), "deal", "deals"),
                "deals": [self._line(d) for d in own[:MOST_LISTED]],
                "left_out": max(0, len(own) - MOST_LISTED),
            }
            for state, own in self._grouped(known).items()
        ]
        return self._render("deals", f"{DEALS}/{INDEX}.html", "Deals", words, words=words, groups=groups)
