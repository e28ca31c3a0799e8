"""What the suppliers' books show: their stakes, their own commitments, and who their revenue comes from.

Judgements:

- What AMD can have sold to firms that it funds is at most its sales to data centres.
- NVIDIA's sales to AI clouds, industry and enterprises are no such ceiling: OpenAI and Anthropic, whose shares it buys,
  use its chips through large clouds, which are another part of its business.
- OpenAI may be any customer that CoreWeave does not name, or none of them: its part of a quarter is from nothing to
  that of the largest.
- Of Cerebras's backlog OpenAI's part is the floor of its order over the backlog, told as a simple fraction: the day of
  the backlog is before that of the order.
- NVIDIA's own word, the part of next year's business that its balance sheet is to support, is a guidance and no share
  of revenue.
"""

import math

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats, singles
from analysis.numbers.chipmakers.promises import facts
from analysis.numbers.facts import Facts, ratio, value
from analysis.numbers.results import Results

# Numbers as published: entity, metric, words for readers.
PUBLISHED = {
    "supply": ("nvidia", "supply_capacity_commitments", "What NVIDIA has ordered from its own suppliers"),
    "cloud": ("nvidia", "cloud_service_commitments", "Cloud services that NVIDIA has promised to buy"),
    "ai_cloud": ("nvidia", "cloud_service_commitments_ai_clouds", "Services that NVIDIA will buy from AI clouds"),
    "leases": ("nvidia", "leases_signed_for_third_parties", "Leases that NVIDIA signed for others"),
    "commitments": ("nvidia", "future_commitments_total", "NVIDIA's commitments in the table of its report"),
    "exposure": ("nvidia", "guarantees_max_exposure", "Most that NVIDIA may have to pay under guarantees"),
    "free_cash": ("nvidia", "free_cash_flow", "NVIDIA's free cash flow in a quarter"),
    "unlisted": ("nvidia", "non_marketable_equity", "NVIDIA's shares without a market price, in its balance"),
    "listed": ("nvidia", "publicly_held_equity_fair_value", "NVIDIA's listed shares at market value"),
    "locked": ("nvidia", "public_equity_under_lockup", "NVIDIA's listed shares that it may not yet sell"),
    "affiliates": (
        "nvidia",
        "vie_max_loss_exposure",
        "Most that NVIDIA may lose on holdings booked by the equity method",
    ),
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
    "cerebras_rpo": ("cerebras", "rpo", "Cerebras's backlog"),
    "core_margin": ("cerebras", "core_gross_margin", "Cerebras's gross margin before the cost of warrants"),
    "margin": ("cerebras", "gross_margin", "Cerebras's gross margin"),
    "cerebras_listing": ("cerebras", "ipo_proceeds", "What Cerebras raised as it went public"),
    "cerebras_worth": ("cerebras", "market_cap", "Cerebras's worth at the close of its first day on the exchange"),
    "per_gw": ("nvidia", "revenue_per_gw_vera_rubin", "What NVIDIA says a gigawatt of its newest systems brings it"),
    "per_gw_first": ("nvidia", "revenue_per_gw_hopper", "The same for the one before that"),
}


def books(ledger: Ledger, scenario: str = "central") -> Results:
    """What the suppliers publish, newest first."""
    f = facts(ledger, scenario)
    found = singles.published(f, PUBLISHED)
    supply = f.happened("nvidia", "supply_capacity_commitments")
    ohio, cash = f.standing("nvidia-openai-guarantee-ohio"), f.last("nvidia", "free_cash_flow")
    found.append(
        f.result(
            "supply_before",
            "What NVIDIA had ordered from its own suppliers, one statement earlier",
            value(supply.iloc[:-1].tail(1)),
            "usd_bn",
            supply.iloc[:-1].tail(1),
        )
    )
    found.append(
        f.result(
            "ohio_quarters",
            "NVIDIA's guarantee for Ohio over its free cash flow in a quarter",
            ratio(value(ohio, "high_usd_bn"), value(cash)),
            "x",
            ohio,
            cash,
        )
    )
    return Results(found)


def _part(f: Facts, entity: str, metric: str) -> tuple[float, tuple[pd.DataFrame, pd.DataFrame]]:
    """A part of a firm's revenue in percent, in the newest period of the part, and the rows behind it."""
    part = f.last(entity, metric)
    whole = f.same_period(entity, "revenue", part)
    return 100 * ratio(value(part), value(whole)), (part, whole)


def circular(ledger: Ledger, scenario: str = "central") -> Results:
    """How much of a supplier's business comes from firms that it funds: the bounds that can be told."""
    f = facts(ledger, scenario)
    nvidia, nvidia_rows = _part(f, "nvidia", "data_center_revenue_acie")
    amd, amd_rows = _part(f, "amd", "data_center_revenue")
    largest, order, backlog = (
        f.last("coreweave", "largest_customer_share_of_revenue"),
        f.deal("openai-cerebras-compute"),
        f.last("cerebras", "rpo"),
    )
    part = ratio(value(order, "low_usd_bn"), value(backlog))
    bounds = {
        "amd_share": ("Sales to firms that AMD funds, share of a quarter's revenue", amd, amd_rows),
        "coreweave_share": ("OpenAI's share of CoreWeave's revenue in the quarter", value(largest), (largest,)),
    }
    how = "From nothing to the part of the business in which they are found; no customer is named."
    return Results(
        [
            f.result(
                "nvidia_share",
                "NVIDIA's sales to AI clouds, industry and enterprises, share of a quarter's revenue",
                nvidia,
                "pct",
                *nvidia_rows,
            ),
            f.result(
                "has_bounds",
                "Some supplier shows a part of its business in which firms are that it funds",
                not all(math.isnan(x) for x in (nvidia, amd, value(largest), part)),
                "flag",
                *nvidia_rows,
                *amd_rows,
                largest,
                order,
                backlog,
            ),
            *(
                f.result(name, label, None, "pct", *rows, low=None if math.isnan(high) else 0.0, high=high, how=how)
                for name, (label, high, rows) in bounds.items()
            ),
            f.result(
                "cerebras_share",
                "OpenAI's share of Cerebras's backlog",
                None if math.isnan(part) else formats.fraction(min(1.0, part)),
                "text",
                order,
                backlog,
                how="Floor of OpenAI's order over the backlog; the order became known after the day of the backlog.",
            ),
        ]
    )
