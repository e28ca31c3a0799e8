"""Vendor finance of the telecom boom and of today by the same ratios."""

import functools

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import leverage
from analysis.numbers import singles
from analysis.numbers.circularity.measures import facts
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, value
from analysis.numbers.results import Result, Results
from analysis.numbers.vendor_finance import VendorFinance, vendor_finance

NORTEL = {
    "nortel_arranged": ("nortel", "vendor_financing_arranged", "Loans that Nortel had arranged for its customers"),
}
FIRST, NOW = "lucent", "nvidia"  # the vendors of then and of now that the chapter tells by name


def finance(f: Facts) -> dict[str, VendorFinance]:
    """Return what is known of each vendor's finance, by its key (see `numbers.vendor_finance`)."""
    return {found.vendor: found for found in vendor_finance(f)}


def end_of(row: pd.DataFrame, form: str = "%B %Y") -> str:
    """Return the end of the period of the only row in words, "" where it is not known."""
    end = row["end"].iloc[-1] if len(row) else pd.NaT
    return "" if pd.isna(end) else f"{end:{form}}"


def _later(f: Facts) -> list[Result]:
    """What became of Lucent's promises within a year, and what Nortel had arranged for its customers."""
    found = []
    for name, metric, label in (
        ("promised", "vendor_financing_commitments", "Lucent's commitments to customers"),
        ("drawn", "vendor_financing_drawn", "Amount drawn of Lucent's commitments"),
    ):
        rows = f.happened(FIRST, metric)
        row = rows.iloc[1:].tail(1)
        words = f"{label}, {end_of(row)}".removesuffix(", ")
        found.append(f.result(f"lucent_{name}_later", words, value(row), "usd_bn", row))
    return found + singles.published(f, NORTEL)


@functools.lru_cache(maxsize=8)
def vendors(ledger: Ledger, scenario: str = "central") -> Results:
    """Vendor finance of the telecom boom and of today, each over revenue of the same year."""
    f = facts(ledger, scenario)
    known, claim = finance(f), f.last(NOW, "vendor_financing_share_of_revenue")
    none = claim.head(0)

    def number(vendor: str, name: str) -> float:
        return float(getattr(known[vendor], name)) if vendor in known else NAN

    def rows(vendor: str) -> list[pd.DataFrame]:
        return [*known[vendor].rows, known[vendor].revenue_rows] if vendor in known else [none]

    loans = f.metric("nortel", "vendor_financing_drawn").nlargest(1, "value", keep="first")
    lost = f.metric("nortel", "vendor_financing_provision")
    lost = lost[lost["end"].isin(loans["end"])].tail(1)
    ohio = f.deal("nvidia-openai-guarantee-ohio")
    then_share, now_share = 100 * number(FIRST, "committed_share"), 100 * number(NOW, "committed_share")
    drawn_share = nan_if_unknown(leverage.customer_share, number(FIRST, "drawn"), number(FIRST, "committed"))
    lost_share = nan_if_unknown(leverage.customer_share, value(lost), value(loans))
    begun = "Signed guarantees whose first day has come, or of which none is published, at their ceilings."
    over = "Commitments at their ceiling over the newest year of revenue by then."
    return Results(
        [
            f.result("has_lucent", "Lucent's figures are in the ledger", FIRST in known, "flag", *rows(FIRST)),
            f.result(
                "lucent_promised",
                "Lucent's commitments to customers",
                number(FIRST, "committed"),
                "usd_bn",
                *rows(FIRST),
            ),
            f.result(
                "lucent_drawn", "Amount drawn of Lucent's commitments", number(FIRST, "drawn"), "usd_bn", *rows(FIRST)
            ),
            f.result(
                "lucent_drawn_share", "Share of Lucent's commitments drawn", 100 * drawn_share, "pct", *rows(FIRST)
            ),
            f.result(
                "lucent_of_revenue", "Lucent's commitments, of revenue", then_share, "pct", *rows(FIRST), how=over
            ),
            f.result(
                "has_lucent_revenue",
                "Lucent's revenue of that year is known",
                not pd.isna(then_share),
                "flag",
                *rows(FIRST),
            ),
            *_later(f),
            f.result("nortel_lost", "Nortel's loss provision, of loans drawn", 100 * lost_share, "pct", lost, loans),
            f.result("nortel_day", "Nortel's loans as of", day(loans, "end"), "date", loans),
            f.result("has_nortel_loss", "Nortel's loss provision is in the ledger", len(lost) > 0, "flag", lost),
            f.result(
                "has_guarantees",
                "NVIDIA has signed guarantees with a ceiling",
                number(NOW, "committed") > 0,
                "flag",
                *rows(NOW),
            ),
            f.result(
                "nvidia_promised",
                "NVIDIA's guarantees, at their ceilings",
                number(NOW, "committed"),
                "usd_bn",
                *rows(NOW),
            ),
            f.result(
                "nvidia_planned",
                "NVIDIA's guarantees that are announced or optional",
                number(NOW, "planned"),
                "usd_bn",
                *rows(NOW),
            ),
            f.result(
                "has_planned", "NVIDIA has announced further guarantees", number(NOW, "planned") > 0, "flag", *rows(NOW)
            ),
            f.result(
                "nvidia_of_revenue", "NVIDIA's signed guarantees, of revenue", now_share, "pct", *rows(NOW), how=over
            ),
            f.result(
                "nvidia_year",
                "End of the year of NVIDIA's revenue",
                day(known[NOW].revenue_rows, "end") if NOW in known else None,
                "date",
                *rows(NOW),
            ),
            f.result(
                "nvidia_in_force", "Of them in force on the day", number(NOW, "begun"), "usd_bn", *rows(NOW), how=begun
            ),
            f.result(
                "nvidia_in_force_of_revenue",
                "NVIDIA's guarantees in force, of revenue",
                100 * number(NOW, "begun_share"),
                "pct",
                *rows(NOW),
                how=begun,
            ),
            f.result(
                "has_to_begin",
                "Some of NVIDIA's signed guarantees have not begun",
                bool(number(NOW, "begun") < number(NOW, "committed")),
                "flag",
                *rows(NOW),
            ),
            f.result(
                "is_below_lucent",
                "NVIDIA's guarantees weigh no more than Lucent's commitments did",
                bool(now_share <= then_share),
                "flag",
                *rows(NOW),
                *rows(FIRST),
            ),
            f.result(
                "is_above_lucent",
                "NVIDIA's guarantees weigh more than Lucent's commitments did",
                bool(now_share > then_share),
                "flag",
                *rows(NOW),
                *rows(FIRST),
            ),
            f.result(
                "has_nvidia_share",
                "NVIDIA's guarantees over revenue are known",
                not pd.isna(now_share),
                "flag",
                *rows(NOW),
            ),
            f.result(
                "broadcom_promised",
                "Broadcom's guarantees, at their ceilings",
                number("broadcom", "committed"),
                "usd_bn",
                *rows("broadcom"),
            ),
            f.result(
                "broadcom_of_revenue",
                "Broadcom's guarantees, of revenue",
                100 * number("broadcom", "committed_share"),
                "pct",
                *rows("broadcom"),
                how=over,
            ),
            f.result(
                "broadcom_year",
                "End of the year of Broadcom's revenue",
                day(known["broadcom"].revenue_rows, "end") if "broadcom" in known else None,
                "date",
                *rows("broadcom"),
            ),
            f.result(
                "has_broadcom",
                "Broadcom has given a guarantee",
                number("broadcom", "committed") > 0,
                "flag",
                *rows("broadcom"),
            ),
            f.result("ohio", "Ceiling of NVIDIA's guarantees for Ohio", value(ohio, "high_usd_bn"), "usd_bn", ohio),
            f.result("nvidia_claimed", "NVIDIA's commitments, of revenue, as claimed", value(claim), "pct", claim),
            f.result(
                "has_nvidia_claim", "The claim about NVIDIA's commitments is known", len(claim) > 0, "flag", claim
            ),
        ]
    )
