"""What the suppliers' books show: their stakes, their own commitments, and who their revenue comes from.

Judgements:

- OpenAI may be any customer that CoreWeave does not name, or none of them: its part of a quarter is from nothing to
  that of the largest.
- Of Cerebras's backlog OpenAI's part is at least the floor of its order over the backlog. The two days may differ.
- NVIDIA's own word, the part of next year's business that its balance sheet is to support, is a guidance and no share
  of revenue. AMD and Broadcom publish nothing from which a part could be told.
"""

import math

from analysis.ledger import Ledger
from analysis.numbers.chipmakers.promises import facts
from analysis.numbers.facts import NAN, ratio, value
from analysis.numbers.results import Results

# Numbers as published: entity, metric, words for readers.
PUBLISHED = {
    "supply": ("nvidia", "supply_capacity_commitments", "What NVIDIA has ordered from its own suppliers"),
    "cloud": ("nvidia", "cloud_service_commitments", "Cloud services that NVIDIA has promised to buy"),
    "ai_cloud": ("nvidia", "cloud_service_commitments_ai_clouds", "Services that NVIDIA will buy from young clouds"),
    "leases": ("nvidia", "leases_signed_for_third_parties", "Leases that NVIDIA signed for others"),
    "commitments": ("nvidia", "future_commitments_total", "NVIDIA's commitments in the table of its report"),
    "exposure": ("nvidia", "guarantees_max_exposure", "Most that NVIDIA may have to pay under guarantees"),
    "unlisted": ("nvidia", "non_marketable_equity", "NVIDIA's shares without a market price, in its balance"),
    "listed": ("nvidia", "publicly_held_equity_fair_value", "NVIDIA's listed shares at market value"),
    "locked": ("nvidia", "public_equity_under_lockup", "NVIDIA's listed shares that it may not yet sell"),
    "gains": ("nvidia", "unrealized_gains_investments", "NVIDIA's gains on shares that it has not sold"),
    "supported": (
        "nvidia",
        "share_of_next_year_business_supported_by_own_balance_sheet",
        "Next year's business that NVIDIA's balance sheet is to support",
    ),
    "ohio_low": ("nvidia", "ohio_first_generation_revenue_low", "Low end of what NVIDIA expects to sell in Ohio"),
    "ohio_high": ("nvidia", "ohio_first_generation_revenue_high", "High end of what NVIDIA expects to sell in Ohio"),
    "google_derivatives": ("google", "credit_derivatives_max_exposure", "Alphabet's credit derivatives, at most"),
    "google_agreed": ("google", "guarantees_agreed_not_started", "Alphabet's guarantees agreed and not begun"),
    "google_live": ("google", "guarantees_max_exposure", "Alphabet's guarantees for data centres, at most"),
    "largest": ("coreweave", "largest_customer_share_of_revenue", "Largest customer's share of CoreWeave's revenue"),
    "second": ("coreweave", "second_customer_share_of_revenue", "Second customer's share of CoreWeave's revenue"),
    "third": ("coreweave", "third_customer_share_of_revenue", "Third customer's share of CoreWeave's revenue"),
    "coreweave_rpo": ("coreweave", "rpo", "CoreWeave's backlog"),
    "cerebras_rpo": ("cerebras", "rpo", "Cerebras's backlog"),
    "core_margin": ("cerebras", "core_gross_margin", "Cerebras's gross margin before the cost of warrants"),
    "margin": ("cerebras", "gross_margin", "Cerebras's gross margin"),
}


def books(ledger: Ledger, scenario: str = "central") -> Results:
    """What the suppliers publish, newest first."""
    f = facts(ledger, scenario)
    found = []
    for name, (entity, metric, label) in PUBLISHED.items():
        row = f.last(entity, metric)
        unit = str(row["unit"].iloc[0]) if len(row) else "usd_bn"
        found.append(f.result(name, label, value(row), unit, row))
    supply = f.happened("nvidia", "supply_capacity_commitments")
    found.append(
        f.result(
            "supply_before",
            "What NVIDIA had ordered from its own suppliers, one statement earlier",
            value(supply.iloc[:-1].tail(1)),
            "usd_bn",
            supply.iloc[:-1].tail(1),
        )
    )
    return Results(found)


def circular(ledger: Ledger, scenario: str = "central") -> Results:
    """How much of a supplier's business comes from a firm that it funds: the bounds that can be told."""
    f = facts(ledger, scenario)
    largest, order, backlog = (
        f.last("coreweave", "largest_customer_share_of_revenue"),
        f.deal("openai-cerebras-compute"),
        f.last("cerebras", "rpo"),
    )
    part = ratio(value(order, "low_usd_bn"), value(backlog))
    floor = NAN if math.isnan(part) else min(100.0, 100 * part)
    return Results(
        [
            f.result(
                "coreweave_share",
                "OpenAI's share of CoreWeave's revenue in the quarter",
                None,
                "pct",
                largest,
                low=0.0 if len(largest) else None,
                high=value(largest),
                how="No customer is named: OpenAI may be the largest, or none of those listed.",
            ),
            f.result(
                "cerebras_share",
                "OpenAI's share of Cerebras's backlog, at least",
                floor,
                "pct",
                order,
                backlog,
                how="Floor of OpenAI's order over the backlog; the order became known after the day of the backlog.",
            ),
        ]
    )
