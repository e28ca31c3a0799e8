"""The lists of all companies and of all deals."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from analysis.book.pages import profile_parts as parts
from analysis.numbers import formats
from analysis.numbers.profiles.addresses import COMPANIES, DEALS, INDEX, company_page
from analysis.numbers.profiles.deals import OFF, STANDING, TALKS, UNCOUNTED, Deal
from analysis.numbers.profiles.money import NO_SHARES_OF_ITS_OWN, Flow

MOST_LISTED = 500  # companies, and deals of a group
MOST_OPEN = 25  # deals of a group that are not folded
GROUPS = {
    STANDING: "Agreed, announced or reported",
    TALKS: "In talks",
    UNCOUNTED: "Not counted: guarantees, options, plans, and totals of other deals",
    OFF: "Cancelled",
}
OPEN = (STANDING, TALKS)  # groups that a company's page does not fold
SCOPES = {
    "openai": "OpenAI's deals",
    "chain": "Deals behind them: those who sell to OpenAI or fund it, and their own suppliers and lenders",
    "comparator": "For comparison: deals of others, with no part in it",
    "history": "From earlier times",
}


class Pages(parts.Site, Protocol):
    """What a list needs to know of the site."""

    report: dict[str, Any]

    def line(self, known: Deal) -> dict[str, str]:
        """A deal in a list."""

    def render(
        self, template: str, page: str, title: str, description: str, known_since: str = "", **values: object
    ) -> str:
        """A page."""


def grouped(deals: Iterable[Deal]) -> dict[str, list[Deal]]:
    """Deals by where they stand, in the order of `GROUPS`."""
    known = list(deals)
    return {state: own for state in GROUPS if (own := [d for d in known if d.state == state])}


def companies(site: Pages) -> str:
    """The list of all companies: those with counted money by kind, the others by name."""
    money, known = site.profiles.money, list(site.profiles.companies.values())
    names = (("orders", "Sells", "Buys"), ("equity", "Sells shares", "Invests"), ("debt", "Borrows", "Lends"))
    into, out = _with_stakes(money.into), _with_stakes(money.out)
    columns = [c for kind, gets, gives in names for c in ((gets, kind, into), (gives, kind, out))]
    rows = [
        {
            "name": c.name,
            "kicker": c.kicker,
            "does": c.lead.deals_with or c.lead.does,
            "file": company_page(c.key).rpartition("/")[2],
            "cells": parts.money_cells(c.key, columns),
            "deals": len(c.deals),
        }
        for c in known[:MOST_LISTED]
    ]
    parts.scale_cells(rows)
    counts = formats.counted(len(known), "company or group", "companies and groups")
    words = (
        f"Who funds OpenAI, who sells to it, who stands behind it, and whom they pay in turn: {counts}, those with the "
        f"most money first, as known on {site.report['site']['as_of_words']}."
    )
    return site.render(
        "companies",
        f"{COMPANIES}/{INDEX}.html",
        "Companies",
        words,
        words=words,
        kinds=[name for name, *_ in columns],
        companies=[row for row in rows if _has_money(row)],
        others=sorted((row for row in rows if not _has_money(row)), key=lambda row: str(row["name"]).casefold()),
        left_out=max(0, len(known) - MOST_LISTED),
    )


def _with_stakes(flows: Callable[[str, str], list[Flow]]) -> Callable[[str, str], list[Flow]]:
    """Flows in which shares that a holder sells on, and plants, are shares: a column has room for one kind."""

    def all_of(company: str, kind: str) -> list[Flow]:
        more = NO_SHARES_OF_ITS_OWN if kind == "equity" else ()
        return [f for k in (kind, *more) for f in flows(company, k)]

    return all_of


def _has_money(row: dict[str, Any]) -> bool:
    return any(cell["text"] for cell in row["cells"])


def _scope(known: Deal) -> str:
    return str(known.newest.cells["scope"])


def deals(site: Pages) -> str:
    """The list of all deals, those of OpenAI first, in each part by where they stand."""
    known = list(site.profiles.deals.values())
    words = (
        f"Who has promised whom how much, and how firmly: {formats.counted(len(known), 'deal', 'deals')}, the largest "
        f"first, as known on {site.report['site']['as_of_words']}. Each has a page with its history and its sources."
    )
    scopes = [
        {
            "id": scope,
            "name": name,
            "short": name.partition(":")[0],
            "groups": [
                {
                    "name": GROUPS[state],
                    "deals": [site.line(d) for d in own[:MOST_OPEN]],
                    "rest": [site.line(d) for d in own[MOST_OPEN:MOST_LISTED]],
                    "is_open": state in OPEN,
                    "left_out": max(0, len(own) - MOST_LISTED),
                }
                for state, own in grouped(d for d in known if _scope(d) == scope).items()
            ],
        }
        for scope, name in SCOPES.items()
        if any(_scope(d) == scope for d in known)
    ]
    return site.render("deals", f"{DEALS}/{INDEX}.html", "Deals", words, words=words, scopes=scopes)
