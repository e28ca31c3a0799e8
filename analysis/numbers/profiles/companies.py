"""A company as its page tells it: what it is, its deals, what it reported, what it has at risk with OpenAI."""

import functools
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases
from analysis.models import deals as counted
from analysis.numbers import formats, quantities
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure.backers import signed_for_openai
from analysis.numbers.exposure.holders import holdings
from analysis.numbers.exposure.owed import exposures
from analysis.numbers.exposure.owed import facts as exposure_facts
from analysis.numbers.exposure.terms import NOT_PUBLISHED
from analysis.numbers.metric_names import metric_words
from analysis.numbers.profiles import burdens
from analysis.numbers.profiles.deals import STANDING, Deal, deal, states
from analysis.numbers.profiles.leads import LAB, Lead, lead
from analysis.numbers.profiles.money import Money
from analysis.numbers.profiles.own_counts import own_count
from analysis.numbers.profiles.rows import Statement, statements_of
from analysis.numbers.profiles.surprises import surprise
from analysis.numbers.timespans import DECEMBER, Period, year_ends
from analysis.numbers.words import COMPANY_KINDS, COUNTRIES

# The figures that a company's page tells first, in this order; all others follow by their day.
PRINCIPAL = (
    "revenue",
    "annualized_revenue",
    "operating_income",
    "net_income",
    "net_loss",
    "rpo",
    "free_cash_flow",
    "capex",
    "capex_guidance",
    "cash",
    "total_debt",
    "leases_not_commenced",
)


@dataclass(frozen=True)
class Metric:
    """A metric of a company: its name in words, what counts for the newest period, and all other statements."""

    name: str
    newest: Statement
    others: list[Statement]


@dataclass(frozen=True)
class Company:
    """A company as known on the day; ``kicker`` and ``lead`` say what it is, ``summary`` what matters most.

    ``details`` is the summary without what the lead says, ``surprise`` what a reader would
    tell a friend, if there is such a thing.
    """

    key: str
    name: str
    kicker: str
    lead: Lead
    surprise: str
    summary: str
    details: str
    size: float
    deals: list[Deal]
    statements: list[Statement]
    metrics: list[Metric]
    terms: list[Statement]
    sites: list[Statement]
    exposure: list[tuple[str, str]]
    note: str


class Profiles:
    """The profiles of all companies and deals of a ledger, each made once."""

    def __init__(self, ledger: Ledger, scenario: str = "central"):
        self.ledger, self.scenario = ledger, scenario
        self.statements, self.money = statements_of(ledger), Money(ledger)

    @functools.cached_property
    def deals(self) -> dict[str, Deal]:
        """Every deal known on the day, the largest first."""
        where = states(self.ledger)
        found = [deal(self.statements, key, where[key]) for key in self.statements.by_deal]
        return {d.key: d for d in sorted(found, key=lambda d: (-d.size, d.key))}

    @functools.cached_property
    def companies(self) -> dict[str, Company]:
        """Every company of the registry that a row names, by the most money that it pays or is paid."""
        known = self.ledger.entities
        rows = [r for r in known.to_dict("records") if r["entity"] in self.statements.by_company]
        found = [self._company(row) for row in rows]
        return {c.key: c for c in sorted(found, key=lambda c: (-c.size, -len(c.deals), c.key))}

    @functools.cached_property
    def _deals_of(self) -> dict[str, list[Deal]]:
        found: dict[str, list[Deal]] = defaultdict(list)
        for known in self.deals.values():
            for party in dict.fromkeys((known.payer, known.payee)):
                found[party].append(known)
        return found

    @functools.cached_property
    def _exposed(self) -> dict[str, dict[str, Any]]:
        return {r["party"]: r for r in exposures(self.ledger, self.scenario).to_dict("records")}

    @functools.cached_property
    def _holders(self) -> dict[str, dict[str, Any]]:
        return {r["party"]: r for r in holdings(self.ledger, self.scenario).to_dict("records")}

    def metric_words(self, metric: str) -> str:
        """The key of a metric as readers see it, see `metric_names`."""
        return metric_words(self.ledger, metric)

    def period_words(self, cells: dict[str, Any]) -> str:
        """The period that a row of a metric speaks of; empty where it has none."""
        is_cumulative = str(cells["metric"]).endswith("_cumulative")
        year_end = year_ends(self.ledger).get(cells["entity"], DECEMBER)
        return Period.of(cells["start"], cells["end"], is_cumulative, year_end).words

    def leases(self, key: str) -> burdens.Burden | None:
        """The leases of a company that have not begun, for all its customers; None where it files none."""
        return burdens.burden(exposure_facts(self.ledger, self.scenario), key, burdens.LEASES)

    def _company(self, row: dict[str, Any]) -> Company:
        key, statements = row["entity"], self.statements.by_company[row["entity"]]
        own = self._deals_of.get(key, [])
        place = COUNTRIES.get(row["country"], row["country"])
        what = (COMPANY_KINDS.get(row["kind"], row["kind"]), place, row["ticker"])
        opening = lead(self.ledger, self.money, key, row["kind"])
        told = self._summary(key, short_name(row["name"]), own)
        return Company(
            key=key,
            name=row["name"],
            kicker=" · ".join(filter(None, what)),
            lead=opening,
            surprise=surprise(self.ledger, self.money, key, self.scenario),
            summary=" ".join(told),
            details=" ".join(s for s in told if not opening.tells(s)),
            size=self.money.size(key),
            deals=own,
            statements=statements,
            metrics=self._metrics(key, statements),
            terms=_newest([s for s in statements if s.table == "terms"], "term"),
            sites=_newest([s for s in statements if s.table == "sites"], "site"),
            exposure=self._exposure(key),
            note=self._group(key),
        )

    def _group(self, key: str) -> str:
        """Whom a company counts as where the report adds up groups, or who counts as it."""
        pairs = dict(zip(self.ledger.groups["entity"], self.ledger.groups["group"], strict=True))
        members = [self.ledger.name(member) for member, group in pairs.items() if group == key]
        if key in pairs:
            return f"The chapters count it as {self.ledger.name(pairs[key])}; here its deals are its own."
        if members:
            return f"The chapters count {formats.listed(members)} as part of it; here each has its own deals."
        return ""

    @functools.cached_property
    def _owed(self) -> pd.DataFrame:
        return quantities.owed(exposure_facts(self.ledger, self.scenario))

    @functools.cached_property
    def _promised(self) -> pd.DataFrame:
        return quantities.equity_promised(exposure_facts(self.ledger, self.scenario))

    @functools.cached_property
    def _guaranteed(self) -> pd.DataFrame:
        return signed_for_openai(exposure_facts(self.ledger, self.scenario))

    def _summary(self, key: str, name: str, own: list[Deal]) -> list[str]:
        """What matters most about a company, in sentences: its money with OpenAI, or its largest deal."""
        told = self._with_lab(key, name)
        standing = [d for d in own if d.amount and d.state == STANDING]
        if not told and standing:
            told = [f"Its largest deal: {standing[0].title}."]
        with_lab = sum(LAB in (d.payer, d.payee) for d in own) if key != LAB else 0
        counts = formats.counted(len(own), "deal", "deals") if own else ""
        if counts and 0 < with_lab < len(own):
            counts += f", {formats.spelled(with_lab)} of them with {self.ledger.name(LAB)}"
        return [*told, f"{counts}."] if counts else told

    def _with_lab(self, key: str, name: str) -> list[str]:
        lab = self.ledger.name(LAB)
        if key == LAB:
            owes, gets = _about(self._owed), _about(self._promised)
            told = [f"{lab} has placed orders of {owes} with its suppliers."] if owes else []
            return told + ([f"Investors have agreed to pay it {gets} for shares."] if gets else [])
        owed = self._owed[self._owed["payee"] == key]
        put = self._promised[self._promised["payer"] == key]
        told = []
        if len(owed):
            amount = _about(owed)
            unpriced = int(counted.is_unpriced(owed).sum())
            beside = f", and agreed to more without a published price ({formats.counted(unpriced, 'deal', 'deals')})"
            told.append(
                f"{lab} has placed orders of {amount} with {name}{beside if unpriced else ''}."
                if amount
                else f"{lab} buys from {name}; how much it pays is not published."
            )
        row = self._exposed.get(key)
        if row and not pd.isna(row["backlog_share"]) and not row["since"]:
            share = formats.amount(formats.whole(100 * row["backlog_share"]), "pct")
            told.append(f"{lab} accounts for {share} of its backlog ({row['backlog_words']}).")
        if amount := _about(put):
            told.append(f"{lab} has been paid or promised {amount} by {name} for shares.")
            told += filter(None, [own_count(exposure_facts(self.ledger, self.scenario), key, put)])
        if cap := self._stands_behind(key):
            told.append(f"{name} has signed to stand behind {lab} with {cap}.")
        return told

    def _stands_behind(self, key: str) -> str:
        """The most that a company has signed to pay if OpenAI does not, in words; empty for all others."""
        rows = self._guaranteed
        cap = float(rows.loc[rows["payer"] == key, "high_usd_bn"].sum())
        gap = f", {burdens.GAP_WORDS}" * burdens.is_gap(rows[rows["payer"] == key])
        return f"up to {formats.amount(cap, 'usd_bn')}{gap}" if cap else ""

    def _metrics(self, key: str, statements: list[Statement]) -> list[Metric]:
        """What a company reported, or was said of it: what counts for the newest period of each metric."""
        found: dict[str, list[Statement]] = defaultdict(list)
        for statement in statements:
            if statement.table == "metrics":
                found[statement.cells["metric"]].append(statement)
        told = []
        for metric, rows in found.items():
            happened = [s for s in rows if s.cells["basis"] not in bases.FORECASTS] or rows
            newest = max(happened, key=_recency)
            others = sorted((s for s in rows if s is not newest), key=_recency, reverse=True)
            told.append(Metric(self.metric_words(metric), newest, others))
        by_day = sorted(told, key=lambda m: (m.newest.day, m.name), reverse=True)
        rank = {metric: place for place, metric in enumerate(PRINCIPAL)}
        return sorted(by_day, key=lambda m: rank.get(m.newest.cells["metric"], len(PRINCIPAL)))

    def _is_end_of_one_page(self, key: str) -> bool:
        """Whether one page alone gives the end of an order with a price, on which its spread over years rests."""
        owed = self._owed[(self._owed["payee"] == key) & ~counted.is_unpriced(self._owed)]
        return bool((owed["end"].notna() & (owed["verified"] == "single")).any())

    def _exposure(self, key: str) -> list[tuple[str, str]]:
        """What a company has at risk with OpenAI, label and words, as the chapter on exposure defines it."""
        told = []
        if row := self._exposed.get(key):
            amount = formats.quantity(None, "usd_bn", row["priced"], row["high"], row["is_open"])
            peak = f"{row['peak_year']}: {burdens.modelled(row['peak'])}" if row["peak_year"] else ""
            peak += "; an end of the term rests on one page" if peak and self._is_end_of_one_page(key) else ""
            moved = f", before orders {row['since']}" if row["since"] else ""
            told += [
                ("Orders from OpenAI", amount if row["high"] else "not published"),
                ("In today's money, by our model", burdens.modelled(row["discounted"])),
                ("Fullest year, by our model, each order spread over its term", peak),
                ("OpenAI's share of its backlog", _share(row["backlog_share"], row["backlog_words"] + moved)),
                ("That year, as a share of a year's revenue", _share(row["revenue_share"], row["revenue_words"])),
                (
                    "What is known of the contract's terms",
                    row["may_defer"] if row["may_defer"] != NOT_PUBLISHED else "",
                ),
            ]
            told += burdens.told(exposure_facts(self.ledger, self.scenario), key)
        told.append(("Signed to pay if OpenAI does not", self._stands_behind(key)))
        if row := self._holders.get(key):
            told += [
                ("Stake in OpenAI", f"{formats.amount(row['stake'], 'pct')} ({row['basis']})"),
                ("Worth at the last price", formats.amount(row["worth"], "usd_bn")),
                ("Lost if the price halves", formats.amount(row["loss_50"], "usd_bn")),
            ]
        return [(label, words) for label, words in told if words]


def _share(share: float, words: str) -> str:
    return "" if pd.isna(share) else f"{formats.amount(100 * share, 'pct')} ({words})"


def _about(deals: pd.DataFrame) -> str:
    """The sum of counted deals to two digits; empty where no amount is known."""
    sums = counted.total(deals) if len(deals) else None
    if not sums or not sums.high:
        return ""
    return formats.about(None, "usd_bn", sums.low, sums.high, is_open=sums.is_open)


def _recency(statement: Statement) -> tuple[str, str, str]:
    end = statement.cells["end"]
    return ("" if pd.isna(end) else f"{end:%Y-%m-%d}", statement.day, statement.key)


def _newest(statements: list[Statement], column: str) -> list[Statement]:
    """The newest row of each key, the newest first."""
    newest = {s.cells[column]: s for s in statements}
    return sorted(newest.values(), key=lambda s: (s.day, s.key), reverse=True)
