"""What Microsoft reports: its result from OpenAI, its backlog, what it buys itself."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases, equity, leverage
from analysis.numbers import quantities
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, ratio, value
from analysis.numbers.results import Results


def _facts(ledger: Ledger, scenario: str) -> Facts:
    return Facts(ledger, "microsoft", scenario)


def quarter(row: pd.DataFrame) -> str | None:
    """The months of a period in words."""
    if not len(row):
        return None
    start, end = row["start"].iloc[-1], row["end"].iloc[-1]
    return f"{start:%B} to {end:%B %Y}"


def result(ledger: Ledger, scenario: str = "central") -> Results:
    """Microsoft's result from OpenAI and the loss it implies."""
    f = _facts(ledger, scenario)
    pretax = f.quarters("microsoft", "equity_method_result_openai_pretax")
    net = f.quarters("microsoft", "equity_method_result_openai")
    last, last_net = pretax.tail(1), net.tail(1)
    losses = pretax[pretax["value"] < 0].tail(1)
    same = net[net["end"] == losses["end"].iloc[-1]] if len(losses) else net.head(0)
    stakes = f.metric("microsoft", "stake_pct_of_openai")
    old, new = (value(stakes.head(1)) / 100, value(stakes.tail(1)) / 100) if len(stakes) else (NAN, NAN)
    pre_value, net_value = value(losses), value(same)
    by_new = -nan_if_unknown(equity.implied_net_result, net_value, new)
    by_old = -nan_if_unknown(equity.implied_net_result, pre_value, old)
    corners = [-nan_if_unknown(equity.implied_net_result, r, s) for r in (pre_value, net_value) for s in (old, new)]
    published = f.same_period("openai", "net_loss", losses)
    published = published[published["basis"].isin(bases.HAPPENED)]
    is_gain = len(last_net) > 0 and value(last_net) > 0
    known = [c for c in corners if not pd.isna(c)]
    is_inferred = len(known) > 0 and published.empty
    how = "After-tax result over the stake after the restructuring, and pre-tax result over the stake held before it."
    return Results(
        [
            f.result(
                "result_pretax",
                "Microsoft's last quarterly result from OpenAI, before tax",
                value(last),
                "usd_bn",
                last,
            ),
            f.result(
                "result_net",
                "Microsoft's last quarterly result from OpenAI, after tax",
                value(last_net),
                "usd_bn",
                last_net,
            ),
            f.result(
                "result_quarter", "Quarter of Microsoft's last result from OpenAI", quarter(last_net), "text", last_net
            ),
            f.result("is_gain", "Microsoft's last quarter shows a gain from OpenAI", is_gain, "flag", last_net),
            f.result(
                "loss_quarter",
                "Last quarter in which Microsoft shows a loss from OpenAI",
                quarter(losses),
                "text",
                losses,
            ),
            f.result("loss_pretax", "Microsoft's share of OpenAI's loss, before tax", -pre_value, "usd_bn", losses),
            f.result("loss_net", "Microsoft's share of OpenAI's loss, after tax", -net_value, "usd_bn", same),
            f.result("has_loss", "OpenAI's loss can only be inferred", is_inferred, "flag", losses, same, stakes),
            f.result(
                "has_published_loss", "OpenAI's loss of the quarter is reported", len(published) > 0, "flag", published
            ),
            f.result("published_loss", "OpenAI's reported loss of the quarter", value(published), "usd_bn", published),
            f.result(
                "implied_new", "OpenAI's quarterly loss by the after-tax method", by_new, "usd_bn", same, stakes.tail(1)
            ),
            f.result(
                "implied_old", "OpenAI's quarterly loss by the pre-tax method", by_old, "usd_bn", losses, stakes.head(1)
            ),
            f.result(
                "implied_loss",
                "OpenAI's implied loss in the latest quarter with one",
                None,
                "usd_bn",
                losses,
                same,
                stakes,
                low=min(known, default=NAN),
                high=max(known, default=NAN),
                how=how + " The range is that of all four pairs of result and stake.",
            ),
        ]
    )


def backlog(ledger: Ledger, scenario: str = "central") -> Results:
    """Backlog with and without OpenAI."""
    f = _facts(ledger, scenario)
    rpo = f.metric("microsoft", "rpo")
    last = rpo.tail(1)
    share = f.last("microsoft", "openai_share_of_rpo")
    if len(share) and len(last) and share["end"].iloc[0] != last["end"].iloc[0]:
        share = share.head(0)
    part = value(share) * value(last) / 100
    growth = f.last("microsoft", "rpo_ex_openai_growth")
    revenue = f.quarters("microsoft", "revenue").tail(1)
    capex = f.quarters("microsoft", "capex").tail(1)
    years = nan_if_unknown(leverage.backlog_years, value(last), 4 * value(revenue))
    return Results(
        [
            f.result("rpo", "Microsoft's commercial backlog", value(last), "usd_bn", last),
            f.result("rpo_day", "Microsoft's backlog as of", day(last, "end"), "date", last),
            f.result("has_share", "OpenAI's share of Microsoft's backlog is published", len(share) > 0, "flag", share),
            f.result("rpo_share", "OpenAI's share of Microsoft's backlog", value(share), "pct", share),
            f.result(
                "rpo_openai",
                "OpenAI's part of Microsoft's backlog",
                part,
                "usd_bn",
                share,
                last,
                how="Share times backlog.",
            ),
            f.result(
                "rpo_rest",
                "Microsoft's backlog without OpenAI",
                value(last) - part,
                "usd_bn",
                share,
                last,
                how="Backlog less OpenAI's part.",
            ),
            f.result(
                "rpo_rest_growth", "Yearly growth of Microsoft's backlog without OpenAI", value(growth), "pct", growth
            ),
            f.result(
                "rpo_years",
                "Microsoft's backlog in years of revenue",
                years,
                "x",
                last,
                revenue,
                how="Backlog over four times the last quarter's revenue.",
            ),
            f.result("capex", "Microsoft's capital spending in the last quarter", value(capex), "usd_bn", capex),
            f.result("capex_quarter", "Quarter of Microsoft's capital spending", quarter(capex), "text", capex),
        ]
    )


def payer(ledger: Ledger, scenario: str = "central") -> Results:
    """Microsoft as a buyer of capacity, and as an investor in a rival of OpenAI."""
    f = _facts(ledger, scenario)
    whole = f.deal("microsoft-neocloud-total")
    singles = f.payments(payer="microsoft", kind="compute", scope="chain")
    put, orders = f.deal("microsoft-anthropic-equity"), f.deal("anthropic-azure-compute")
    return Results(
        [
            f.amount("neoclouds", "Capacity Microsoft buys from smaller clouds, as reported in total", whole),
            f.amount("neoclouds_added", "Capacity Microsoft buys from smaller clouds, deal by deal", singles),
            f.result("neocloud_deals", "Microsoft's deals with smaller clouds", len(singles) or None, "count", singles),
            f.amount("anthropic_equity", "Microsoft's investment in Anthropic", put),
            f.amount("anthropic_orders", "Anthropic's Azure order", orders),
            f.result("has_anthropic", "Microsoft has invested in Anthropic", len(put) > 0, "flag", put, orders),
        ]
    )


def revenue_share(ledger: Ledger, scenario: str = "central") -> Results:
    """Leaked payments of the revenue share, turned into a revenue."""
    f = _facts(ledger, scenario)
    paid = f.happened("openai", "revenue_share_paid_to_microsoft")
    year = quantities.latest_full_year(paid)
    rate = f.last("openai", "revenue_share_pct", by="to-microsoft")
    implied = 100 * ratio(value(year), value(rate))
    same = f.same_period("openai", "revenue", year)
    return Results(
        [
            f.result("share_paid", "Revenue share paid in the last full year leaked", value(year), "usd_bn", year),
            f.result(
                "share_year", "Last full year of revenue share leaked", quantities.calendar_year(year), "year", year
            ),
            f.result("share_rate", "Rate of the revenue share, as reported", value(rate), "pct", rate),
            f.result(
                "share_revenue",
                "Revenue implied by the revenue share",
                implied,
                "usd_bn",
                year,
                rate,
                how="Payment over rate; a floor, because the payment is net.",
            ),
            f.result(
                "share_reported", "Revenue reported for the year of the revenue share", value(same), "usd_bn", same
            ),
        ]
    )
