"""What a company states of all its business, beside the deals of the ledger, and which of its figures are old."""

from collections.abc import Iterable

import pandas as pd

from analysis.models import bases
from analysis.numbers import formats
from analysis.numbers.profiles.companies import PRINCIPAL, Company, Metric, Profiles

# Sums of all that a company sells, and of what it must pay others, that its reports state.
TOTALS = (
    "revenue",
    "supply_capacity_commitments",
    "cloud_service_commitments_ai_clouds",
    "cloud_service_commitments",
    "purchase_commitments",
    "total_commitments",
    "leases_not_commenced",
)
DATED = (*PRINCIPAL, "stake_value_openai")  # figures that a company states again and again
QUARTER = 85  # days: so long before the newest end lies that of an older quarter
NOTHING_NEWER = "nothing newer in the ledger"


def totals(profiles: Profiles, company: Company) -> list[tuple[str, str]]:
    """Return what a company itself states, label and words, in the order of `TOTALS`; what it states no more is left
    out."""
    newest = {m.newest.cells["metric"]: m for m in company.metrics if m.newest.cells["basis"] == "actual"}
    told = []
    for metric in TOTALS:
        known = newest.get(metric)
        if known and not _is_old(company.metrics, known):
            cells = known.newest.cells
            words = f"{formats.amount(cells['value'], cells['unit'])} ({profiles.period_words(cells)})"
            told.append((known.name, words))
    return told


def is_overtaken(metrics: Iterable[Metric], metric: Metric) -> bool:
    """Whether a company has reported on a quarter that came after the newest that is known of one of its figures."""
    return metric.newest.cells["metric"] in DATED and _is_old(metrics, metric)


def _is_old(metrics: Iterable[Metric], metric: Metric) -> bool:
    ends = [m.newest.cells["end"] for m in metrics if m.newest.cells["basis"] in bases.HAPPENED]
    known = [end for end in ends if pd.notna(end)]
    cells = metric.newest.cells
    if cells["basis"] not in bases.HAPPENED or pd.isna(cells["end"]) or not known:
        return False
    return bool((max(known) - cells["end"]).days >= QUARTER)
