"""What the agreements of Microsoft and OpenAI say: rights, the Azure contract, the stake.

- The US$0.75bn that Microsoft put into the round of October 2024 counts beside the commitment that its filings name, as
  the press counts it; what it put into the round of 2026 is not published and counts nothing.
- A right without an end among its columns ends in the year that its term names behind "through".
"""

import re

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals, equity
from analysis.numbers import quantities
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, ratio, text, value
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
    cloud, api, ip = f.term("cloud-exclusivity"), f.term("api-exclusivity"), f.term("ip-license")
    research, share = f.term("research-ip"), f.term("revenue-share-openai-to-microsoft")
    history = ledger.history["terms"]
    steps = history[history["term"] == "cloud-exclusivity"]
    refusal = steps[steps["state"] == "first_refusal"].head(1)
    joint = history[(history["term"] == "api-exclusivity") & (history["topic"] == "exclusivity")].tail(1)
    dispute = history[(history["term"] == "api-exclusivity") & (history["state"] == "disputed")]
    return Results(
        [
            f.result("cloud_right", "Right to supply new capacity", text(cloud, "after"), "text", cloud),
            f.result("cloud_right_day", "Right to supply new capacity in force since", day(cloud), "date", cloud),
            f.result(
                "first_refusal_day", "Right of first refusal replaced exclusivity on", day(refusal), "date", refusal
            ),
            f.result("api_right", "Right to sell the models", text(joint, "after"), "text", joint),
            f.result("api_right_day", "Right to sell the models in force since", day(joint), "date", joint),
            f.result("dispute_day", "Dispute over the sales right reported on", day(dispute), "date", dispute),
            f.result("ip_right", "Right to models and products", text(ip, "after"), "text", ip),
            f.result("api_row", "Sales right last updated on", day(api), "date", api),
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


def paid(f: Facts) -> float:
    """What Microsoft is known to have paid OpenAI, US$ bn: what a filing calls funded, and its part in 2024."""
    total, (whole, _) = promised(f)
    return value(f.last("microsoft", "invested_in_openai")) + total - value(whole, "low_usd_bn")


def contract(ledger: Ledger, scenario: str = "central") -> Results:
    """The Azure commitment beside the money that Microsoft promised."""
    f = Facts(ledger, "microsoft", scenario)
    rows = f.payments(payer="openai", payee="microsoft", kind="compute")
    funded = f.last("microsoft", "invested_in_openai")
    total, (whole, later) = promised(f)
    parts = f.payments(payer="microsoft", payee="openai", kind="equity")
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
            f.result("azure_day", "Azure contract known since", day(signed), "date", signed),
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
            f.result("has_azure_end", "An end of the Azure contract is reported", has_end, "flag", rows),
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
                "Microsoft's commitment and its part in the 2024 round",
                total,
                "usd_bn",
                whole,
                later,
                how="The company's own total, with the 2024 round beside it.",
            ),
            f.result(
                "paid_in",
                "Paid in by Microsoft for shares, with its part in the 2024 round",
                paid(f),
                "usd_bn",
                funded,
                later,
                how="What its filings call funded, with the 2024 round beside it.",
            ),
            f.amount("cheques", "Sum of Microsoft's single investments", parts),
            f.result(
                "order_multiple",
                "Azure ordered at first over Microsoft's commitment and its part in the 2024 round",
                ratio(ordered, total),
                "x",
                signed,
                whole,
                later,
                how="What was ordered at first over both together.",
            ),
            f.result(
                "order_multiple_least",
                "Azure ordered at first over the most that Microsoft can have put in",
                ratio(ordered, total + quantities.stake_after_round(f)["unnamed"]),
                "x",
                signed,
                whole,
                later,
                f.standing("others-openai-equity-2026"),
                f.standing("retail-openai-equity-2026"),
                how="What was ordered at first over the commitment, the 2024 round,"
                " and all of the round of 2026 that no"
                " other investor is known to have put in.",
            ),
        ]
    )


def stake(ledger: Ledger, scenario: str = "central") -> Results:
    """Stake by round, its value, and the multiple of the money put in."""
    f = Facts(ledger, "microsoft", scenario)
    stakes = f.metric("microsoft", "stake_pct_of_openai")
    before, restructured = (stakes.head(1), stakes.iloc[[1]]) if len(stakes) > 1 else (stakes.head(0), stakes)
    now = f.last("microsoft", "stake_pct_of_openai")
    worth, funded = f.last("microsoft", "stake_value_openai"), f.last("microsoft", "invested_in_openai")
    total, (whole, later) = promised(f)
    closed, pre = quantities.closing_of_2026(f)
    round_ = f.standing(quantities.ROUND_2026)
    after = quantities.stake_after_round(f)
    has_round = len(round_) > 0 and len(pre) > 0
    told = f.metric("microsoft", "stake_pct_of_openai", basis="actual")
    since = told[told["end"] > closed["as_of"].max()] if has_round else told.head(0)
    filed, newest = since.head(1), since.tail(1)
    is_filed = len(filed) > 0
    low, high = (value(newest), value(newest)) if is_filed else (after["low"], after["high"])
    price = f.last("openai", "valuation_post_money")
    price = price[price["end"] > closed["as_of"].max()] if has_round else price.head(0)
    multiple, most = (
        nan_if_unknown(equity.multiple, value(worth), m) for m in (total, paid(f) if len(funded) else total)
    )
    tranches = f.payments(payee="openai", kind="equity")
    is_unpaid = (tranches["part_of"] == quantities.ROUND_2026) & (tranches["start"] > filed["end"].max())
    return Results(
        [
            f.result("stake_before", "Microsoft's stake before the restructuring", value(before), "pct", before),
            f.result(
                "stake_restructured",
                "Microsoft's stake after the restructuring",
                value(restructured),
                "pct",
                restructured,
            ),
            f.result("stake_now", "Microsoft's stake in OpenAI, as last stated", value(now), "pct", now),
            f.result("stake_day", "Microsoft's stake as of", day(now, "end"), "date", now),
            f.result("stake_value", "Microsoft's stated value of its stake", value(worth), "usd_bn", worth),
            f.result(
                "multiple",
                "Value of Microsoft's stake over money promised",
                multiple,
                "x",
                worth,
                whole,
                later,
                funded,
                low=multiple,
                high=most,
                how="Stake value over the commitment and the 2024 round; high end over what of both is paid.",
            ),
            f.result("has_2026_round", "A later round has diluted Microsoft's stake", has_round, "flag", round_, pre),
            f.result(
                "is_in_2026_round",
                "Microsoft is named in the round of 2026",
                has_round and len(deals.signed(f.standing("microsoft-openai-equity-2026"))) > 0,
                "flag",
                f.standing("microsoft-openai-equity-2026"),
            ),
            f.result("has_filed_stake", "Microsoft states its stake after the round of 2026", is_filed, "flag", filed),
            f.result("stake_filed", "Microsoft's stake after the round of 2026, as filed", value(filed), "pct", filed),
            f.result("stake_filed_day", "That stake as of", day(filed, "end"), "date", filed),
            f.result("has_newer_stake", "It has stated another since", _differ(filed, newest), "flag", filed, newest),
            f.result("round_day", "Day of the round of 2026", day(closed), "date", closed),
            f.result(
                "is_above_arithmetic",
                "Microsoft's stake is larger than by the arithmetic of the whole round of 2026",
                is_filed and value(filed) > after["high"],
                "flag",
                filed,
                round_,
                pre,
            ),
            f.result(
                "has_unpaid_round",
                "Part of the round of 2026 was still to be paid on the day of the filed stake",
                bool(is_unpaid.any()),
                "flag",
                filed,
                tranches[is_unpaid],
            ),
            f.result(
                "stake_diluted",
                "Microsoft's stake after the round of 2026, by arithmetic",
                None,
                "pct",
                restructured,
                round_,
                pre,
                low=after["low"],
                high=after["high"],
                how="Low: Microsoft took no part. High: it put in all that no other party is known to have put in.",
            ),
            f.result(
                "stake_diluted_value",
                "Value of Microsoft's stake at the price of the round of 2026",
                None,
                "usd_bn",
                now,
                round_,
                pre,
                low=low / 100 * after["post"],
                high=high / 100 * after["post"],
                how=(
                    "Newest stake (as filed after the round, else by arithmetic) times post-money valuation. A price"
                    " paid for new preferred shares is not a market value."
                ),
            ),
            f.result("is_round_newest", "No newer price is known", has_round and price.empty, "flag", round_, price),
            f.result("has_newer_price", "A newer price of OpenAI is known", len(price) > 0, "flag", price),
            f.result("newer_price", "Newest price of the whole of OpenAI", value(price), "usd_bn", price),
            f.result("newer_price_day", "OpenAI had that price on", day(price, "end"), "date", price),
            f.result(
                "stake_newer_value",
                "Value of Microsoft's stake at that price",
                None,
                "usd_bn",
                now,
                price,
                low=low * value(price) / 100,
                high=high * value(price) / 100,
                how="Newest stake times the newest post-money valuation.",
            ),
        ]
    )


def _differ(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return len(one) > 0 and value(one) != value(other)
