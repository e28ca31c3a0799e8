"""What is predicted and promised, in readers' words."""

import pandas as pd

from analysis.numbers import formats
from analysis.numbers.sustainability.cash import CASE_NAMES
from analysis.numbers.timespans import DECEMBER, Period

# Our ways of counting computing, by the names that they have everywhere.
WAYS = CASE_NAMES
METRICS = {
    "annualized_revenue": "annualised sales",
    "capex": "capital spending",
    "capex_net": "capital spending, net",
    "cash_burn": "cash burned",
    "cloud_infrastructure_revenue": "cloud revenue",
    "compute_capacity": "capacity in use",
    "compute_spend": "spending on computing",
    "invested_in_openai": "invested in OpenAI",
    "revenue": "sales",
    "trainium_chips_deployed_for_anthropic": "Trainium chips for Anthropic",
}


def metric(name: str) -> str:
    """A metric of the ledger in words."""
    return METRICS.get(name, name.replace("_", " "))


def burned(amount: float) -> str | None:
    """What a company did that burned an amount of cash, US$ bn: below zero it took in more than it spent."""
    if pd.isna(amount):
        return None
    words = formats.amount(abs(amount), "usd_bn")
    return f"took in {words} more than it spent" if amount < 0 else f"burned {words}"


def period(start: pd.Timestamp, end: pd.Timestamp, year_end: int = DECEMBER) -> str:
    """A period as a label has room for: ``2025``, ``Jan–Mar 2026``, ``fiscal 2026``, ``31 Jul 2026``."""
    span = Period.of(start, end, year_end=year_end)
    if span.is_day or not span.months:
        return f"{end:%-d %b %Y}"
    return span.words if span.months == DECEMBER else f"{start:%b}–{end:%b %Y}"


def sales_of(metric: str, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Sales of a period, or their pace on a day, in a sentence: ``annualised sales at the end of Jul 2026``."""
    if metric == "revenue":
        return f"sales in {period(start, end)}"
    return f"annualised sales {f'at the end of {end:%b %Y}' if end.is_month_end else f'on {end:%-d %b %Y}'}"


def sales_name(metric: str, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """The same as a label has room for: ``annualised sales, Jul 2026``, a pace at a month's end; ``sales, 2025``."""
    if metric == "revenue" or not end.is_month_end:
        return f"{METRICS[metric]}, {period(start, end)}"
    return f"{METRICS[metric]}, {end:%b %Y}"
