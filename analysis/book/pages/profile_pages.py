"""The pages of companies and of deals: made from the ledger, without Sphinx or a script.

A page stays small whatever the ledger holds: what is too much for it is counted and left to the ledger's tables.
"""

from collections.abc import Collection
from itertools import islice
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis import templates
from analysis.book.pages import profile_lists as lists
from analysis.book.pages import profile_parts as parts
from analysis.book.pages import social
from analysis.book.pages.addresses import Addresses, citation, policy, theme_script
from analysis.book.pages.downloads import as_script
from analysis.book.pages.exports.markdown import SUFFIX
from analysis.book.pages.profile_lists import GROUPS, OPEN, grouped
from analysis.book.pages.versions import switcher
from analysis.figures.tables import anchor
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.glances import Glances, newest_first
from analysis.numbers.profiles.addresses import COMPANIES, DEALS, INDEX, company_page, deal_page
from analysis.numbers.profiles.companies import Company, Profiles
from analysis.numbers.profiles.deals import Deal, terms_of
from analysis.numbers.profiles.headings import heading_of
from analysis.numbers.profiles.money import MONEY, NO_SHARES_OF_ITS_OWN, Flow, amount_words, lined_up
from analysis.numbers.profiles.own_totals import totals
from analysis.numbers.profiles.standfirsts import standfirst
from analysis.numbers.words import VERIFIED_WORDS

ROOT = "../"
MOST_FLOWS, MORE_FLOWS = 4, 12  # counterparties of one kind of money that a company's page shows, and folds
MOST_DEALS, MORE_DEALS = 6, 194  # deals of a group that are shown, and folded behind them
MOST_METRICS = 6
MOST_OTHERS = 40  # other statements of a metric
MOST_ROWS, MORE_ROWS = 6, 294  # of a timeline
MOST_TERMS = 3  # rights, and data centres, that are not folded
MOST_STEPS, MORE_STEPS = 6, 94  # of a deal
MOST_CHAPTERS = 4


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
        self.sources, self.glances = parts.Sources(profiles.ledger), Glances(profiles)
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
        made = {f"{COMPANIES}/{INDEX}.html": lists.companies(self), f"{DEALS}/{INDEX}.html": lists.deals(self)}
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

    def render(
        self, template: str, page: str, title: str, description: str, known_since: str = "", **values: object
    ) -> str:
        address, folder = self.addresses.page(page), page.partition("/")[0]
        image = self.addresses.page(f"{social.CARDS}/index.png")
        cite = citation(title, self.report["site"], address)
        meta = social.meta_tags(title[:200], description[:300], address, image)
        return templates.render(
            f"profiles/{template}.html",
            **self.shared,
            title=title,
            meta=meta,
            canonical=address,
            cite=[templates.curly(cite[0]), cite[1]],
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
        return {
            "name": short_name(self.profiles.ledger.name(key)),
            "url": f"{ROOT}{company_page(key)}" if is_known else "",
        }

    def line(self, known: Deal) -> dict[str, str]:
        return {
            "url": f"{ROOT}{deal_page(known.key)}",
            "title": known.title,
            "heading": heading_of(self.profiles.statements, known.newest.cells),
            "amount": known.amount,
            "runs": known.runs,
            "status": known.status,
            "day": known.newest.day_words,
        }

    def _sides(self, key: str) -> list[dict[str, Any]]:
        """Money in and money out of a company by kind, as its page draws it."""
        money = self.profiles.money
        sides = (("Money in", "is_paid", money.into), ("Money out", "pays", money.out))
        leases = self.profiles.leases(key)
        sizes = [f.high for _, _, flows in sides for kind in MONEY for f in flows(key, kind)]
        largest = max([*sizes, *([leases.amount] if leases else [])], default=0.0)
        found = []
        for name, does, flows in sides:
            by_kind = [(kind, words, own) for kind, words in MONEY.items() if (own := flows(key, kind))]
            by_kind.sort(key=lambda told: -sum(f.high for f in told[2]))
            kinds = [
                self._kind(kind, getattr(words, does), own, largest, "payer" if does == "is_paid" else "payee")
                for kind, words, own in by_kind
            ]
            if leases and does == "pays":
                kinds.append(parts.lease_kind(leases, largest))
            if kinds:
                found.append({"name": name, "kinds": kinds})
        return found

    def _kind(self, kind: str, name: str, flows: list[Flow], largest: float, other: str) -> dict[str, Any]:
        """The money of one kind on one side of a company: those with a price as bars, the others by name."""
        priced, colour = [f for f in flows if f.high], "equity" if kind in NO_SHARES_OF_ITS_OWN else kind
        return {
            "name": name,
            "amount": ", ".join(filter(None, (amount_words(flows), lined_up(flows)))),
            "flows": [
                {
                    "party": self._party(getattr(f, other)),
                    "amount": f.words,
                    "unpriced": f.unpriced,
                    "bar": parts.bar(colour, f.low - f.lined_up, f.high, largest),
                }
                for f in priced[: MOST_FLOWS + MORE_FLOWS]
            ],
            "shown": MOST_FLOWS if len(priced) > MOST_FLOWS + 1 else len(priced),
            "more": max(0, len(priced) - MOST_FLOWS - MORE_FLOWS),
            "unpriced": [self._party(getattr(f, other)) for f in flows if not f.high][:MORE_FLOWS],
        }

    def _glance(self, known: Company) -> list[dict[str, str]]:
        """What happened last to a company, and what comes next."""
        glance, told = self.glances.of(known), []
        if glance.last:
            told.append({"name": "Last"} | parts.news_line(glance.last, self))
        if glance.next:
            url = f"{ROOT}{deal_page(glance.next.deal)}" if glance.next.deal else ""
            day = formats.day(glance.next.day)
            words = {"words": glance.next.title, "detail": "", "publisher": "", "source": ""}
            told.append({"name": "Next", "day": day, "url": url} | words)
        return told

    def _last(self, key: str) -> dict[str, str] | None:
        news = list(self.glances.news(self.profiles.companies[key]))
        last = next((s for s in news if s.table == "deals"), next(iter(news), None))
        return parts.news_line(last, self) if last else None

    def company(self, known: Company) -> str:
        """The page of a company."""
        ordered = newest_first(known.statements)
        news = list(islice(self.glances.news(known), MOST_ROWS)) or ordered[:MOST_ROWS]
        told = {s.key for s in news}
        lines = [parts.news_line(s, self) for s in news]
        rest = [s for s in ordered if s.key not in told]
        older = [parts.statement_line(s, self) for s in rest[:MORE_ROWS]]
        groups = [
            {
                "name": GROUPS[state],
                "is_open": state in OPEN,
                "deals": [self.line(d) for d in own[:MOST_DEALS]],
                "rest": [self.line(d) for d in own[MOST_DEALS : MOST_DEALS + MORE_DEALS]],
                "left_out": max(0, len(own) - MOST_DEALS - MORE_DEALS),
            }
            for state, own in grouped(known.deals).items()
        ]
        metrics = [parts.metric_line(m, self, MOST_OTHERS, known.metrics) for m in known.metrics]
        sides = self._sides(known.key)
        terms = [parts.term_line(s, self) for s in known.terms]
        places = [parts.statement_line(s, self) for s in known.sites]
        contents = [
            ("money", "Money in its deals", sides),
            ("timeline", "News", lines),
            ("exposure", "At risk with OpenAI", known.exposure),
            ("deals", "Deals", groups),
            ("figures", "Figures", metrics),
            ("rights", "Rights and rules", known.terms),
            ("sites", "Data centres", known.sites),
            ("sources", "Sources", lines),
        ]
        return self.render(
            "company",
            company_page(known.key),
            known.name,
            f"{known.lead.sentence} {known.summary}",
            known_since=known.statements[0].day,
            company=known,
            glance=self._glance(known),
            chapters=self._chapters([anchor(s.key) for s in known.statements]),
            contents=[(id_, name) for id_, name, there in contents if there],
            sides=sides,
            totals=totals(self.profiles, known),
            members=parts.member_lines(self.profiles, known.key, self._last),
            has_leases=self.profiles.leases(known.key) is not None,
            deal_groups=groups,
            metrics=metrics[:MOST_METRICS],
            more_metrics=metrics[MOST_METRICS:],
            terms=terms[:MOST_TERMS],
            more_terms=terms[MOST_TERMS:MORE_ROWS],
            places=places[:MOST_TERMS],
            more_places=places[MOST_TERMS:MORE_ROWS],
            timeline=parts.by_day(lines),
            earlier=parts.by_day(older),
            earlier_count=len(older),
            left_out=max(0, len(rest) - MORE_ROWS),
            sources=self.sources.ranked([key for s in reversed(known.statements) for key in s.sources]),
        )

    def deal(self, known: Deal) -> str:
        """The page of a deal."""
        largest = max((parts.upper_end(step) for step in known.steps), default=0.0)
        steps = [
            {
                "id": anchor(step.statement.key),
                "day": step.statement.day_words,
                "words": parts.step_words(step),
                "amount": step.amount if step.is_repriced else "",
                "bar": parts.bar_of(step, known.newest.cells["kind"], largest),
                "news": step.news,
                "sources": self.sources.cited(step.statement.sources),
                "verified": VERIFIED_WORDS.get(step.statement.cells["verified"], ""),
            }
            for step in reversed(known.steps)
        ]
        inside = [self.profiles.deals[key] for key in self.profiles.statements.parts.get(known.key, [])]
        whole = self.profiles.deals.get(str(known.newest.cells["part_of"] or ""))
        statements = [step.statement for step in reversed(known.steps)]
        terms = [parts.term_line(s, self) for s in terms_of(self.profiles.statements, known)]
        opening = standfirst(self.profiles.statements, known)
        return self.render(
            "deal",
            deal_page(known.key),
            known.title,
            f"{known.title}. {opening}",
            known_since=known.steps[0].statement.day,
            deal=known,
            standfirst=opening,
            first_day=known.steps[0].statement.day_words,
            last_day=known.newest.day_words,
            notes=parts.notes_of(known),
            payer=self._party(known.payer),
            payee=self._party(known.payee),
            chapters=self._chapters([anchor(s.key) for s in statements]),
            whole=self.line(whole) if whole else None,
            parts=[self.line(d) for d in inside[:MORE_DEALS]],
            more_parts=max(0, len(inside) - MORE_DEALS),
            steps=steps[:MOST_STEPS],
            earlier=steps[MOST_STEPS : MOST_STEPS + MORE_STEPS],
            left_out=max(0, len(steps) - MOST_STEPS - MORE_STEPS),
            terms=terms[:MOST_TERMS],
            more_terms=terms[MOST_TERMS:MORE_ROWS],
            sources=self.sources.ranked([key for s in statements for key in s.sources]),
            row=anchor(known.newest.key),
        )
