"""Where SoftBank's money for OpenAI comes from, and what it does to its balance."""

import re

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED
from analysis.models import deals
from analysis.numbers import singles
from analysis.numbers.facts import NAN, Facts, day, text, value
from analysis.numbers.results import Results

MARGIN_LOAN, BRIDGE = "softbank-openai-margin-loan", "softbank-bridge-2026"
BRIDGED = "softbank-openai-equity-2026-tranche"

DEALS = {
    "bridge_openai": ("softbank-openai-bridge-2025", "SoftBank's bridge loans of 2025 for OpenAI"),
    "bridge_ampere": ("softbank-ampere-bridge", "SoftBank's bridge loan for Ampere"),
}


def loans(f: Facts) -> pd.DataFrame:
    """SoftBank's loans and bonds, gross. Not in it is the loan on its shares in OpenAI, which is still in talks."""
    debt = f.payments(payee="softbank", kind="debt")
    return debt[(debt["deal"] != MARGIN_LOAN) | debt["deal"].isin(deals.signed(debt)["deal"])]


def sales(f: Facts, *, of_openai: bool = False) -> pd.DataFrame:
    """SoftBank's sales of shares: of other firms, or else of OpenAI, which a deal's scope or key tells."""
    rows = f.payments(payer="market-investors", payee="softbank", kind="equity")
    is_openai = (rows["scope"] == "openai") | rows["deal"].str.split("-").map(lambda parts: "openai" in parts)
    return rows[is_openai == of_openai]


def drawn_of_bridge(f: Facts) -> pd.DataFrame:
    """The tranches of shares in OpenAI that SoftBank has paid from its bridge loan of 2026, by the notes of the rows.

    How much of the loan is drawn is published nowhere else, nor what of it is repaid.
    """
    history = f.ledger.history["deals"]
    tranches = history[history["deal"].str.startswith(BRIDGED) & history["note"].str.contains("bridge")]
    paid = f.payments(payer="softbank", payee="openai", kind="equity").query("status == 'closed'")
    return paid[paid["deal"].isin(tranches["deal"])]


def undrawn(f: Facts) -> float:
    """What of the bridge loan of 2026 is not known to be drawn, US$ bn; 0 once it is carried out."""
    bridge, drawn = f.payments(payee="softbank", kind="debt").query("deal == @BRIDGE"), drawn_of_bridge(f)
    if bridge.empty or bridge["status"].eq(deals.CLOSED).any():
        return 0.0
    whole, paid = deals.total(bridge).high, deals.total(drawn).high if len(drawn) else 0.0
    return max(0.0, whole - paid)


def unpaid(f: Facts, loan: str) -> pd.DataFrame:
    """A signed loan (one row or none), unless it has been carried out and its last day has come: then it is repaid."""
    rows = deals.signed(f.deal(loan))
    return rows[~(rows["status"].eq(deals.CLOSED) & (rows["end"] <= f.ledger.as_of))]


def limits(words: str) -> tuple[float, float]:
    """The two limits that SoftBank's policy sets for its loan-to-value, per cent: in normal times, and the ceiling.

    Read from words such as ``LTV below 25% in normal times, 35% ceiling``; NaN where the words name none.
    """
    found = [float(n) for n in re.findall(r"(\d+(?:\.\d+)?)%", words)]
    return (found[0], found[1]) if len(found) == 2 else (NAN, NAN)


def softbank(ledger: Ledger, scenario: str = "central") -> Results:
    """Where SoftBank's money comes from, and what it does to its balance."""
    f = Facts(ledger, "oracle_softbank", scenario)
    equity = f.payments(payer="softbank", payee="openai", kind="equity")
    paid = equity[equity["status"] == "closed"]
    ltvs = f.metric("softbank", "ltv")
    ltv, ltv_before = ltvs.tail(1), ltvs.iloc[-2:-1]
    gain = f.last("softbank", "gain_on_openai_cumulative")
    last_gain = f.quarters("softbank", "gain_on_openai").tail(1)
    debt = loans(f)
    sold = sales(f)
    landlord = f.standing("openai-sbenergy-equity")
    tranches = [f.deal(f"softbank-openai-equity-2026-tranche{i}") for i in (1, 2, 3)]
    margin, policy = f.deal("softbank-openai-margin-loan"), f.term("softbank-financial-policy")
    normal, ceiling = limits(text(policy, "after") or "")
    history = ledger.history["deals"]
    first_margin = history[history["deal"] == "softbank-openai-margin-loan"].sort_values("as_of", kind="stable").head(1)
    year_gain = f.happened("softbank", "gain_on_openai", 12).tail(1)
    unlisted = f.last("softbank", "unlisted_share_of_portfolio")
    stake_target = f.metric("softbank", "stake_pct_of_openai", basis="projection").tail(1)
    invested_target = f.metric("softbank", "invested_in_openai", basis="projection").tail(1)
    worth = f.last("softbank", "stake_value_openai")
    signed = f.payments(payer="softbank", payee="openai", kind="equity", with_reported=False)
    unpaid = signed[signed["status"] != "closed"]
    into_openai = (ledger.deals["payer"] == "softbank") & (ledger.deals["payee"] == "openai")
    gone = ledger.deals[into_openai & (ledger.deals["status"] == CANCELLED)]  # SoftBank's own count may be older
    return Results(
        [
            f.amount("softbank_total", "SoftBank's equity for OpenAI, all rounds", signed),
            f.amount("softbank_paid", "SoftBank's equity for OpenAI: paid", paid),
            f.amount("softbank_unpaid", "SoftBank's equity for OpenAI: still to be paid", unpaid),
            f.result("has_unpaid", "Part of SoftBank's equity is still to be paid", len(unpaid) > 0, "flag", signed),
            f.result("ltv", "SoftBank's loan-to-value, newest found", value(ltv), "pct", ltv),
            f.result("is_ltv_known", "SoftBank's loan-to-value is known", len(ltv) > 0, "flag", ltv),
            f.result(
                "is_ltv_not_up",
                "SoftBank's loan-to-value is known and has not risen",
                bool(len(ltv) > 0 and not value(ltv) > value(ltv_before)),
                "flag",
                ltvs.tail(2),
            ),
            f.result(
                "is_ltv_down",
                "SoftBank's loan-to-value has fallen",
                bool(value(ltv) < value(ltv_before)),
                "flag",
                ltvs.tail(2),
            ),
            f.result(
                "has_borrowed",
                "SoftBank has borrowed, and sold shares of other firms",
                bool(len(debt) > 0 and len(sold) > 0),
                "flag",
                debt,
                sold,
            ),
            f.amount("closing2", "SoftBank's second payment of 2025", f.deal("softbank-openai-equity-2025-closing2")),
            f.result("ltv_day", "SoftBank's loan-to-value as of", day(ltv, "end"), "date", ltv),
            f.result(
                "ltv_before", "SoftBank's loan-to-value one statement earlier", value(ltv_before), "pct", ltv_before
            ),
            f.result(
                "ltv_before_day", "SoftBank's earlier loan-to-value as of", day(ltv_before, "end"), "date", ltv_before
            ),
            f.result(
                "is_ltv_up",
                "SoftBank's loan-to-value has risen",
                bool(value(ltv) > value(ltv_before)),
                "flag",
                ltvs.tail(2),
            ),
            f.result("gain", "SoftBank's cumulative gains on OpenAI", value(gain), "usd_bn", gain),
            f.result(
                "last_gain", "SoftBank's gain on OpenAI in the last quarter", value(last_gain), "usd_bn", last_gain
            ),
            f.result(
                "last_gain_day", "SoftBank's gain on OpenAI: quarter's end", day(last_gain, "end"), "date", last_gain
            ),
            f.amount(
                "borrowed",
                "Gross borrowing by SoftBank",
                debt,
                "New loans repay old ones: a flow, not debt outstanding.",
            ),
            f.amount("sold", "Shares of other firms sold by SoftBank", sold),
            f.amount("tranche", "One tranche of SoftBank's equity of 2026", tranches[0]),
            f.result(
                "tranche3_day",
                "Last tranche of SoftBank's equity of 2026 due on",
                day(tranches[2], "start"),
                "date",
                tranches[2],
            ),
            f.result(
                "stake_target",
                "SoftBank's stake in OpenAI after all tranches",
                value(stake_target),
                "pct",
                stake_target,
            ),
            f.result(
                "invested_target",
                "SoftBank's money in OpenAI after all tranches",
                value(invested_target),
                "usd_bn",
                invested_target,
            ),
            f.result(
                "is_count_different",
                "SoftBank's own count of its money in OpenAI differs from its rounds",
                gone.empty and abs(value(invested_target) - deals.total(signed).high) > 1,
                "flag",
                invested_target,
                signed,
            ),
            f.amount("margin_loan", "Loan on SoftBank's OpenAI shares, talks", margin),
            f.amount("margin_loan_first", "Loan on SoftBank's OpenAI shares, as first talked of", first_margin),
            f.result("ltv_normal", "SoftBank's limit for its loan-to-value in normal times", normal, "pct", policy),
            f.result("ltv_ceiling", "SoftBank's ceiling for its loan-to-value", ceiling, "pct", policy),
            f.result(
                "is_ltv_over_normal",
                "SoftBank's newest loan-to-value is above its limit in normal times and within its ceiling",
                bool(normal < value(ltv) <= ceiling),
                "flag",
                ltv,
                policy,
            ),
            f.result(
                "is_ltv_over_ceiling",
                "SoftBank's newest loan-to-value is above its ceiling",
                bool(value(ltv) > ceiling),
                "flag",
                ltv,
                policy,
            ),
            f.result(
                "year_gain", "SoftBank's gain on OpenAI in its last fiscal year", value(year_gain), "usd_bn", year_gain
            ),
            f.result(
                "year_gain_day", "SoftBank's gain on OpenAI: fiscal year end", day(year_gain, "end"), "date", year_gain
            ),
            f.result("gain_day", "SoftBank's cumulative gains on OpenAI as of", day(gain, "end"), "date", gain),
            f.result("stake_value", "SoftBank's stake in OpenAI as it values it", value(worth), "usd_bn", worth),
            f.result(
                "unlisted",
                "Share of SoftBank's holdings that are not listed, by Standard and Poor's",
                value(unlisted),
                "pct",
                unlisted,
            ),
            f.amount("ampere", "SoftBank's purchase of Ampere", f.deal("softbank-ampere")),
            f.amount("ampere_oracle", "SoftBank's payment to Oracle for Ampere", f.deal("oracle-ampere-stake-sale")),
            *singles.amounts(f, DEALS),
            f.amount("landlord", "OpenAI's purchase of shares in its landlord SB Energy", landlord),
        ]
    )
