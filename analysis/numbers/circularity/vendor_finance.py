"""Vendor finance of the telecom boom and of today by the same ratios."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import leverage
from analysis.numbers.circularity.measures import facts
from analysis.numbers.facts import Facts, day, nan_if_unknown, ratio, value
from analysis.numbers.results import Results


def peak(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the row of a metric with its largest value (one row or none)."""
    return rows.nlargest(1, "value", keep="first")


def at_end_of(rows: pd.DataFrame, row: pd.DataFrame) -> pd.DataFrame:
    """Return the newest of the rows whose period ends with the one given (one row or none)."""
    return rows[rows["end"].isin(row["end"])].tail(1)


def finance(f: Facts) -> dict[str, pd.DataFrame]:
    """Return the ledger's rows behind the ratios, each one row or none.

    Lucent is taken at its peak of commitments and Nortel at its peak of loans drawn, NVIDIA as last stated.

    Returns
    -------
    dict
        promised, drawn and revenue of Lucent; loans and lost (the provision for them) of Nortel; nortel and cisco
        (commitments as quoted); claim (per cent of revenue), bought (shares) and sales (last quarter) of NVIDIA.
    """
    promised = peak(f.metric("lucent", "vendor_financing_commitments"))
    loans = peak(f.metric("nortel", "vendor_financing_drawn"))
    return {
        "promised": promised,
        "drawn": at_end_of(f.metric("lucent", "vendor_financing_drawn"), promised),
        "revenue": f.last("lucent", "revenue"),
        "loans": loans,
        "lost": at_end_of(f.metric("nortel", "vendor_financing_provision"), loans),
        "nortel": f.last("nortel", "vendor_financing_commitments"),
        "cisco": f.last("cisco", "vendor_financing_commitments"),
        "claim": f.last("nvidia", "vendor_financing_share_of_revenue"),
        "bought": f.last("nvidia", "non_marketable_equity_net_additions"),
        "sales": f.quarters("nvidia", "revenue").tail(1),
    }


def end_of(row: pd.DataFrame, form: str = "%B %Y") -> str:
    """Return the end of the period of the only row in words, "" where it is not known."""
    end = row["end"].iloc[-1] if len(row) else pd.NaT
    return "" if pd.isna(end) else f"{end:{form}}"


def vendors(ledger: Ledger, scenario: str = "central") -> Results:
    """Vendor finance of the telecom boom by the same ratios."""
    f = facts(ledger, scenario)
    known = finance(f)
    promised, drawn, revenue, claim, bought, sales = (
        known[k] for k in ("promised", "drawn", "revenue", "claim", "bought", "sales")
    )
    loans, lost, nortel, cisco = (known[k] for k in ("loans", "lost", "nortel", "cisco"))
    drawn_share = nan_if_unknown(leverage.customer_share, value(drawn), value(promised))
    lost_share = nan_if_unknown(leverage.customer_share, value(lost), value(loans))
    claimed_in = end_of(claim, " in %Y")
    return Results(
        [
            f.result("has_lucent", "Lucent's figures are in the ledger", len(promised) > 0, "flag", promised),
            f.result("lucent_promised", "Lucent's commitments to customers", value(promised), "usd_bn", promised),
            f.result("lucent_drawn", "Amount drawn of Lucent's commitments", value(drawn), "usd_bn", drawn),
            f.result(
                "lucent_drawn_share", "Share of Lucent's commitments drawn", 100 * drawn_share, "pct", drawn, promised
            ),
            f.result(
                "lucent_of_revenue",
                "Lucent's commitments as a share of revenue",
                100 * ratio(value(promised), value(revenue)),
                "pct",
                promised,
                revenue,
                how=(
                    f"Commitments at the end of {end_of(promised)} over revenue of the year to {end_of(revenue)}, as"
                    " quoted."
                    if end_of(promised) and end_of(revenue)
                    else ""
                ),
            ),
            f.result(
                "lucent_drawn_of_revenue",
                "Amount drawn from Lucent as a share of revenue",
                100 * ratio(value(drawn), value(revenue)),
                "pct",
                drawn,
                revenue,
            ),
            f.result("has_lucent_revenue", "Lucent's revenue is in the ledger", len(revenue) > 0, "flag", revenue),
            f.result(
                "nortel_promised", "Nortel's commitments to customers, as quoted", value(nortel), "usd_bn", nortel
            ),
            f.result("cisco_promised", "Cisco's commitments to customers, as quoted", value(cisco), "usd_bn", cisco),
            f.result(
                "has_peers",
                "Nortel's and Cisco's commitments are in the ledger",
                len(nortel) > 0 and len(cisco) > 0,
                "flag",
                nortel,
                cisco,
            ),
            f.result(
                "nortel_lost", "Nortel's loss provision as a share of loans drawn", 100 * lost_share, "pct", lost, loans
            ),
            f.result("nortel_day", "Nortel's loans as of", day(loans, "end"), "date", loans),
            f.result(
                "nvidia_claimed",
                f"NVIDIA's commitments, of revenue, as claimed{claimed_in}",
                value(claim),
                "pct",
                claim,
            ),
            f.result(
                "has_nvidia_claim", "The claim about NVIDIA's commitments is known", len(claim) > 0, "flag", claim
            ),
            f.result(
                "nvidia_put",
                "NVIDIA's net purchases of unlisted shares in its fiscal year",
                value(bought),
                "usd_bn",
                bought,
            ),
            f.result(
                "nvidia_put_share",
                "NVIDIA's purchases as a share of annualised last-quarter revenue",
                100 * ratio(value(bought), 4 * value(sales)),
                "pct",
                bought,
                sales,
            ),
            f.result(
                "has_nvidia_put", "NVIDIA's purchases of unlisted shares are known", len(bought) > 0, "flag", bought
            ),
        ]
    )
