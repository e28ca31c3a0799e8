"""Who lends for the sites that Oracle leases and OpenAI is to use, how firm it is, and how long each promise runs."""

import re

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import formats, quantities
from analysis.numbers.exposure import backers
from analysis.numbers.facts import NAN, Facts, day, text, value
from analysis.numbers.results import Results


def lengths(words: str) -> list[int]:
    """Return the years that words tell: 15 and 19 for ``15-19 years``, 15 for ``15 years on average``, else none."""
    found = re.search(r"\b(\d{1,2})(?:-(\d{1,2}))? years?\b", words)
    return [int(n) for n in found.groups() if n] if found else []


def _undated(words: str) -> str:
    """Words of a term without the month in brackets behind them, which the sentence tells."""
    return re.sub(r" \([^()]*\)$", "", words)


def lease_beginnings(f: Facts) -> pd.DataFrame:
    """Return the row that says between which days (start, end) Oracle's leases not yet begun begin, or none."""
    return f.last("oracle", "leases_commencing")


def loans(ledger: Ledger, scenario: str = "central") -> Results:
    """Loans and bonds for sites: how much of them is closed, the largest, and those that were rated."""
    f = Facts(ledger, "oracle_softbank", scenario)
    loans, for_sites = f.deal("oracle-linked-construction-loans-rated"), backers.site_loans(f)
    closed = deals.signed(for_sites)
    return Results(
        [
            f.result("has_loans_rated", "Loans on Oracle's leases have been rated", len(loans) > 0, "flag", loans),
            f.amount(
                "loans_rated",
                "Construction loans rated on Oracle's leases",
                loans,
                "Overlaps single loans in the ledger.",
            ),
            f.amount("site_loans_closed", "Loans and bonds for sites that are signed or paid", closed),
            f.result(
                "has_reported_loans",
                "Some loans for sites are known from the press alone",
                len(closed) < len(for_sites),
                "flag",
                for_sites,
            ),
            f.amount("texas_loan", "Loan for the site in Shackelford County", f.deal("vantage-frontier-loan")),
            f.amount("michigan_bonds", "Bonds for the site in Michigan", f.deal("saline-debt")),
            f.amount(
                "abilene_loans", "Loans for the site in Abilene", f.payments(payee="abilene-venture", kind="debt")
            ),
            f.amount("abilene_whole", "Cost of the site in Abilene without chips", f.deal("abilene-jv")),
            f.amount("abilene_chips", "Oracle's chips for Abilene", f.deal("oracle-nvidia-gb200-abilene")),
        ]
    )


def terms(ledger: Ledger, scenario: str = "central") -> Results:
    """Contract, lease and loan: how long each runs."""
    f = Facts(ledger, "oracle_softbank", scenario)
    lease, jupiter = f.term("oracle-lease-terms"), f.term("jupiter-lease-term")
    bridge, loan = f.deal("softbank-bridge-2026"), f.term("vantage-frontier-loan-term")
    contract, unnamed = f.standing("openai-oracle-compute"), f.last("oracle", "unnamed_contract_revenue")
    lessor = f.deal("oracle-lessor-guarantee")
    longest = max(lengths(text(lease, "after") or ""), default=0)
    commencing = lease_beginnings(f)
    last_end = (commencing["end"] if len(commencing) else lease["as_of"]).max() + pd.DateOffset(years=longest)
    return Results(
        [
            *(
                f.result(name, label, _undated(formats.dashed(text(row, "after") or "")) or None, "text", row)
                for name, label, row in (
                    ("loan_terms", "Length of the loan for Shackelford County", loan),
                    ("lease_terms", "Oracle's lease terms", lease),
                    ("jupiter_lease", "Lease of the New Mexico site", jupiter),
                )
            ),
            f.result(
                "leases_into",
                "Oracle's longest leases run into the",
                f"{last_end.year // 10 * 10}s" if longest else None,
                "text",
                lease,
                commencing,
                how="The longest term, counted from when the last lease is to begin; where Oracle has not said it, "
                "from the day on which the term became known.",
            ),
            f.result(
                "leases_end",
                "Oracle's longest leases end in",
                last_end.year if longest and len(commencing) else NAN,
                "year",
                lease,
                commencing,
                how="The longest term, counted from when the last lease is to begin.",
            ),
            f.result(
                "is_outlasted",
                "Oracle's leases run longer than OpenAI's contract with it",
                longest > quantities.contract_years(contract),
                "flag",
                lease,
                contract,
            ),
            f.result(
                "unnamed_contract",
                "Revenue a year that Oracle expected of one unnamed contract, at least",
                value(unnamed),
                "usd_bn",
                unnamed,
            ),
            f.result("unnamed_contract_day", "Oracle told of an unnamed contract on", day(unnamed), "date", unnamed),
            f.result(
                "unnamed_contract_from",
                "Oracle expected revenue of an unnamed contract from",
                day(unnamed, "start"),
                "date",
                unnamed,
            ),
            f.amount("lessor_guarantee", "Oracle's guarantee of a lessor's borrowing", lessor),
            f.result("lessor_guarantee_end", "That borrowing is due by", day(lessor, "end"), "date", lessor),
            f.amount("bridge", "SoftBank's bridge loan of 2026", bridge),
            f.result("bridge_end", "SoftBank's bridge loan of 2026 due on", day(bridge, "end"), "date", bridge),
        ]
    )
