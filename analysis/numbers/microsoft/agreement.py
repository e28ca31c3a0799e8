"""What the agreements of Microsoft and OpenAI say: rights, and the Azure contract beside the money promised.

- The US$0.75bn that Microsoft put into the round of October 2024 counts beside the commitment that its filings name, as
  the press counts it; what it put into the round of 2026 is not published and counts nothing.
- A right without an end among its columns ends in the year that its term names behind "through".
"""

import re

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import quantities
from analysis.numbers.facts import NAN, Facts, day, ratio, text, value
from analysis.numbers.microsoft import order
from analysis.numbers.results import Results

THROUGH = re.compile(r"\bthrough (\d{4})\b", re.IGNORECASE)


def through(term: pd.DataFrame) -> float | None:
    """Return the year to whose end a right runs by the words of its term (one row or none), None if it names none."""
    named = THROUGH.search(text(term, "after") or "")
    return float(named[1]) if named else None


def rights(ledger: Ledger, scenario: str = "central") -> Results:
    """Where the exclusive rights stand, and on which day each step was made."""
    f = Facts(ledger, "microsoft", scenario)
    api, ip = f.term("api-exclusivity"), f.term("ip-license")
    research, share = f.term("research-ip"), f.term("revenue-share-openai-to-microsoft")
    history = ledger.history["terms"]
    steps = history[history["term"] == "cloud-exclusivity"]
    refusal = steps[steps["state"] == "first_refusal"].head(1)
    return Results(
        [
            f.result(
                "first_refusal_day", "Right of first refusal replaced exclusivity on", day(refusal), "date", refusal
            ),
            f.result("api_end", "Year to whose end Azure alone sells the models", through(api), "year", api),
            f.result("ip_end", "Year to whose end the licence runs", through(ip), "year", ip),
            f.result("research_end", "Year to whose end research is shared", through(research), "year", research),
            f.result("share_end", "Year to whose end the revenue share runs", through(share), "year", share),
        ]
    )


def promised(f: Facts) -> tuple[float, tuple[pd.DataFrame, pd.DataFrame]]:
    """What Microsoft promised OpenAI, US$ bn, and the rows behind: its commitment and its part in the 2024 round."""
    whole, later = f.deal("microsoft-openai-equity-total"), f.deal("microsoft-openai-equity-2024")
    return value(whole, "low_usd_bn") + (value(later, "low_usd_bn") if len(later) else 0.0), (whole, later)


def newer(f: Facts, known: pd.DataFrame) -> pd.DataFrame:
    """Shares of OpenAI that Microsoft has signed for since a filing last told what it had (one row or none)."""
    rows = f.payments(payer="microsoft", payee="openai", kind="equity", with_reported=False)
    return rows[rows["first_as_of"] > known["as_of"].max()]


def paid(f: Facts) -> float:
    """What Microsoft is known to have paid OpenAI, US$ bn: what a filing calls funded, its part in 2024, and since."""
    total, (whole, _) = promised(f)
    funded = f.last("microsoft", "invested_in_openai")
    since = newer(f, funded).query("status == @deals.CLOSED")
    return value(funded) + total - value(whole, "low_usd_bn") + deals.total(since).low


def contract(ledger: Ledger, scenario: str = "central") -> Results:
    """The Azure commitment beside the money that Microsoft promised."""
    f = Facts(ledger, "microsoft", scenario)
    rows = f.payments(payer="openai", payee="microsoft", kind="compute")
    funded = f.last("microsoft", "invested_in_openai")
    total, (whole, later) = promised(f)
    since = newer(f, whole)
    total += deals.total(since).low
    azure = deals.total(rows).low or NAN
    term = f.choices["term_years.compute"]
    signed = order.signed(f)
    ordered = value(signed, "low_usd_bn")
    has_end = order.has_end(rows)
    end = quantities.calendar_year(rows) if has_end else None
    least, middle, most = order.per_year(f, rows)
    return Results(
        [
            f.amount("azure_total", "Azure contract", rows),
            f.result("has_azure", "The size of the Azure contract is known", azure > 0, "flag", rows),
            *order.since(f),
            f.result(
                "azure_per_year",
                "Azure spending a year, on average",
                middle,
                "usd_bn",
                rows,
                low=least,
                high=most,
                how="Contract amount over its term, from the day it became known; where no end is known, over the"
                " assumed terms.",
            ),
            f.result(
                "azure_term",
                "Length of the Azure contract in our choices, where no end is known",
                None,
                "years",
                rows,
                low=NAN if has_end or not azure > 0 else term.low,
                high=NAN if has_end or not azure > 0 else term.high,
                how="A choice; no filing gives a term.",
            ),
            f.result("azure_end", "Year in which the Azure contract ends, as reported", end, "year", rows),
            f.amount(
                "committed",
                "Funding Microsoft has committed",
                whole,
                "The company's own total, without the 2024 round.",
            ),
            f.result(
                "funded",
                "Paid in by Microsoft for shares, by its filings",
                value(funded),
                "usd_bn",
                funded,
                how="From the quarterly filing.",
            ),
            f.result("funded_day", "Funding paid as of", day(funded, "end"), "date", funded),
            f.result("later", "Microsoft's investment in the 2024 round", value(later, "low_usd_bn"), "usd_bn", later),
            f.result("later_day", "That round known since", day(later), "date", later),
            f.result(
                "promised",
                "Microsoft's commitment, its part in the 2024 round and what it has signed for since",
                total,
                "usd_bn",
                whole,
                later,
                since,
                how="The company's own total, with the 2024 round and newer deals beside it.",
            ),
            f.amount("since", "Signed for by Microsoft since its filing", since),
            f.result("has_since", "Microsoft has signed for more since its filing", len(since) > 0, "flag", since),
            f.result(
                "paid_in",
                "Paid in by Microsoft for shares, with its part in the 2024 round",
                paid(f),
                "usd_bn",
                funded,
                later,
                how="What its filings call funded, with the 2024 round beside it.",
            ),
            f.result(
                "order_multiple",
                "Azure ordered at first over what Microsoft has promised",
                ratio(ordered, total),
                "x",
                signed,
                whole,
                later,
                since,
                how="What was ordered at first over its commitment, the 2024 round and newer deals together.",
            ),
            f.result(
                "order_multiple_least",
                "Azure ordered at first over the most that Microsoft can have put in",
                ratio(ordered, total + quantities.stake_after_round(f)["unnamed"]),
                "x",
                signed,
                whole,
                later,
                since,
                f.standing("others-openai-equity-2026"),
                f.standing("retail-openai-equity-2026"),
                how="What was ordered at first over the commitment, the 2024 round, newer deals,"
                " and all of the round of 2026 that no"
                " other investor is known to have put in.",
            ),
        ]
    )
