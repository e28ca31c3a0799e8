"""What the first page says of equity that is talked about, or promised and still to be paid."""

import pandas as pd

from analysis.models import deals as counted
from analysis.numbers import formats, quantities
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import Facts
from analysis.numbers.results import Result


def equity_ahead(f: Facts) -> list[Result]:
    """Equity for OpenAI that is in talks, and what of the promised is still to be paid, by whom."""
    sought = f.payments(payee="openai", scope="openai", kind="equity", with_talks=True)
    talks = sought[counted.in_talks(sought)]
    to_come = quantities.equity_to_come(f)
    low, high = float(to_come["low"].sum()), float(to_come["high"].sum())
    unpaid = f.ledger.deals[f.ledger.deals["deal"].isin(to_come["deal"])]
    return [
        f.amount("talks", "Equity for OpenAI still in talks", talks),
        f.result("has_talks", "Part of the equity for OpenAI is still in talks", len(talks) > 0, "flag", talks),
        f.result("has_unpaid", "Part of the equity for OpenAI is still to be paid", high > 0, "flag", unpaid),
        f.result(
            "unpaid",
            "Equity promised to OpenAI and still to be paid",
            low if low == high > 0 else None,
            "usd_bn",
            unpaid,
            f.last("microsoft", "invested_in_openai", basis="actual"),
            low=low if high else None,
            high=high or None,
            how=(
                "Parts whose day of payment lies ahead or is not told, and Microsoft's commitment less what it has"
                " funded; at the high end what depends on conditions."
            ),
        ),
        f.result("unpaid_names", "Who still has to pay it", _payers(f, to_come), "text", unpaid),
    ]


def _payers(f: Facts, to_come: pd.DataFrame) -> str | None:
    """Who has how much still to pay, the largest first."""
    sums = to_come.groupby("payer")[["low", "high"]].sum().sort_values("high", ascending=False, kind="stable")
    told = [
        f"{short_name(f.ledger.name(r.Index))} {formats.quantity(None, 'usd_bn', r.low, r.high)}"
        for r in sums.itertuples()
    ]
    return formats.listed(told) or None
