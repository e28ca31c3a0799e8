"""What the chapter on Microsoft says."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models import equity, leverage, periods
from analysis.numbers import quantities
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, text, value
from analysis.numbers.results import Results


def _facts(ledger: Ledger, scenario: str) -> Facts:
    return Facts(ledger, "microsoft", scenario)


def quarter(row: pd.DataFrame) -> str | None:
    """The months of a period in words."""
    if not len(row):
        return None
    start, end = row["start"].iloc[-1], row["end"].iloc[-1]
    return f"{start:%B} to {end:%B %Y}"


def rights(ledger: Ledger, scenario: str = "central") -> Results:
    """Where the exclusive rights stand, and on which day each step was made."""
    f = _facts(ledger, scenario)
    cloud, api, ip = f.term("cloud-exclusivity"), f.term("api-exclusivity"), f.term("ip-license")
    history = ledger.history["terms"]
    steps = history[history["term"] == "cloud-exclusivity"]
    refusal = steps[steps["state"] == "first_refusal"].head(1)
    restructured = quantities.restructuring_day(f)
    has_ended = len(cloud) > 0 and bool(cloud["as_of"].iloc[0] >= restructured)
    joint = history[(history["term"] == "api-exclusivity") & (history["topic"] == "exclusivity")].tail(1)
    dispute = history[(history["term"] == "api-exclusivity") & (history["state"] == "disputed")]
    has_joint = len(joint) > 0 and bool(joint["as_of"].iloc[0] > restructured)
    frontier = f.term("frontier-distribution")
    return Results(
        [
            f.result("cloud_right", "What holds for new capacity", text(cloud, "after"), "text", cloud),
            f.result("cloud_right_day", "Since", day(cloud), "date", cloud),
            f.result("first_refusal_day", "First refusal replaced exclusivity on", day(refusal), "date", refusal),
            f.result("is_restructured", "The restructuring is signed", has_ended, "flag", cloud),
            f.result("api_right", "What holds for selling the models", text(joint, "after"), "text", joint),
            f.result("api_right_day", "Since", day(joint), "date", joint),
            f.result("has_joint_statement", "A joint statement has narrowed the sales right", has_joint, "flag", joint),
            f.result("has_dispute", "A dispute over the sales right is reported", len(dispute) > 0, "flag", dispute),
            f.result("dispute_day", "Dispute reported on", day(dispute), "date", dispute),
            f.result("has_frontier", "AWS distributes the agent platform", len(frontier) > 0, "flag", frontier),
            f.result("ip_right", "What holds for models and products", text(ip, "after"), "text", ip),
            f.result("api_row", "Latest row on the sales right", day(api), "date", api),
        ]
    )


def contract(ledger: Ledger, scenario: str = "central") -> Results:
    """The Azure commitment and what it makes of each dollar put in."""
    f = _facts(ledger, scenario)
    rows = f.payments(payer="openai", payee="microsoft", kind="compute")
    whole = f.deal("microsoft-openai-equity-total")
    funded = f.last("microsoft", "invested_in_openai")
    later = f.deal("microsoft-openai-equity-2024")
    parts = f.payments(payer="microsoft", payee="openai", kind="equity")
    azure, committed = counted.total(rows).low or NAN, value(whole, "low_usd_bn")
    term = f.choose["term_years.compute"]
    has_end = len(rows) > 0 and bool(rows["end"].notna().all())
    own_term = max(map(periods.contract_years, rows["start"], rows["end"]), default=NAN) if has_end else NAN
    years = (own_term, own_term, own_term) if has_end else (term.low, term.central, term.high)
    signed = ledger.history["deals"]
    signed = signed[(signed["deal"] == "openai-azure-compute") & signed["low_usd_bn"].notna()].head(1)
    return Results(
        [
            f.amount("azure_total", "Azure contract", rows),
            f.result("has_azure", "The size of the Azure contract is known", azure > 0, "flag", rows),
            f.result("azure_day", "Azure contract known since", day(signed), "date", signed),
            f.result(
                "azure_per_year",
                "Azure spending a year, on average",
                nan_if_unknown(lambda a, y: a / y, azure, years[1]),
                "usd_bn",
                rows,
                low=nan_if_unknown(lambda a, y: a / y, azure, years[2]),
                high=nan_if_unknown(lambda a, y: a / y, azure, years[0]),
                how="Contract amount over its term; no term is published, so the range is that of the assumed terms.",
            ),
            f.amount(
                "committed",
                "Funding Microsoft has committed",
                whole,
                "The company's own total, without the 2024 round.",
            ),
            f.result(
                "funded",
                "Funding Microsoft has really paid",
                value(funded),
                "usd_bn",
                funded,
                how="From the quarterly filing.",
            ),
            f.result("funded_day", "Paid by", day(funded, "end"), "date", funded),
            f.result("later", "Put in with the 2024 round", value(later, "low_usd_bn"), "usd_bn", later),
            f.amount("cheques", "All equity rows added up", parts),
            f.result(
                "orders_per_dollar",
                "Azure orders for each dollar put in",
                nan_if_unknown(lambda a, c: a / c, azure, committed),
                "usd",
                rows,
                whole,
                funded,
                low=nan_if_unknown(
                    lambda a, c: a / c, azure, committed + (0 if pd.isna(x := value(later, "low_usd_bn")) else x)
                ),
                high=nan_if_unknown(lambda a, c: a / c, azure, value(funded) if len(funded) else committed),
                how="Azure contract over the funding committed; low end with the 2024 round, high end over what was really paid.",
            ),
        ]
    )


def stake(ledger: Ledger, scenario: str = "central") -> Results:
    """Stake by round, its value, and the multiple of the money put in."""
    f = _facts(ledger, scenario)
    stakes = f.metric("microsoft", "stake_pct_of_openai")
    before, now = stakes.head(1) if len(stakes) > 1 else stakes.head(0), stakes.tail(1)
    worth, funded = f.last("microsoft", "stake_value_openai"), f.last("microsoft", "invested_in_openai")
    whole = f.deal("microsoft-openai-equity-total")
    pre, round_ = f.last("openai", "valuation_pre_money", basis="actual"), f.deal("openai-round-2026")
    after = dilution(ledger)
    post = after["post"]
    has_round = len(round_) > 0 and len(pre) > 0
    in_low, in_high = value(funded), value(whole, "low_usd_bn")
    return Results(
        [
            f.result("stake_before", "Stake before the restructuring", value(before), "pct", before),
            f.result("stake_now", "Stake after the restructuring", value(now), "pct", now),
            f.result("stake_value", "What Microsoft said it was worth", value(worth), "usd_bn", worth),
            f.result(
                "multiple",
                "Value of the stake over the money put in",
                nan_if_unknown(equity.multiple, value(worth), in_high),
                "x",
                worth,
                whole,
                funded,
                low=nan_if_unknown(equity.multiple, value(worth), in_high),
                high=nan_if_unknown(equity.multiple, value(worth), in_low if len(funded) else in_high),
                how="Stake value over funding committed; high end over funding really paid.",
            ),
            f.result("has_2026_round", "A later round has diluted the stake", has_round, "flag", round_, pre),
            f.result(
                "has_stake_range",
                "Microsoft's part in that round is not known",
                bool(after["low"] < after["high"]),
                "flag",
                round_,
                pre,
            ),
            f.result(
                "stake_diluted",
                "Stake after the round of 2026",
                None,
                "pct",
                now,
                round_,
                pre,
                low=after["low"],
                high=after["high"],
                how="Low: Microsoft took no part. High: it put in all that no other party is known to have put in.",
            ),
            f.result(
                "stake_diluted_value",
                "The stake at the price of that round",
                None,
                "usd_bn",
                now,
                round_,
                pre,
                low=after["low"] * post / 100,
                high=after["high"] * post / 100,
                how="Stake times post-money valuation. A price paid for new preferred shares is not a market value.",
            ),
            f.result(
                "round_post_money",
                "Post-money valuation of that round",
                post,
                "usd_bn",
                round_,
                pre,
                how="Pre-money plus the round.",
            ),
        ]
    )


def dilution(ledger: Ledger) -> dict[str, float]:
    """Stake in per cent after the 2026 round, without (low) and with (high) the most that Microsoft can have put in."""
    f = _facts(ledger, "central")
    now = value(f.last("microsoft", "stake_pct_of_openai"))
    pre = value(f.last("openai", "valuation_pre_money", basis="actual"))
    post = pre + value(f.deal("openai-round-2026"), "low_usd_bn")
    others, retail = f.deal("others-openai-equity-2026"), f.deal("retail-openai-equity-2026")
    room = value(others, "low_usd_bn") - value(retail, "low_usd_bn") if len(others) and len(retail) else 0.0
    without = nan_if_unknown(equity.stake_after, now / 100, pre, post)
    with_most = nan_if_unknown(equity.stake_after, now / 100, pre, post, room)
    return {"low": without * 100, "high": with_most * 100, "post": post}


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
    is_gain = len(last_net) > 0 and value(last_net) > 0
    known = [c for c in corners if not pd.isna(c)]
    how = "After-tax result over the stake after the restructuring, and pre-tax result over the stake held before it."
    return Results(
        [
            f.result(
                "result_pretax", "Result from OpenAI in the last quarter, before tax", value(last), "usd_bn", last
            ),
            f.result(
                "result_net", "Result from OpenAI in the last quarter, after tax", value(last_net), "usd_bn", last_net
            ),
            f.result("result_quarter", "The quarter", quarter(last_net), "text", last_net),
            f.result("is_gain", "The last quarter shows a gain", is_gain, "flag", last_net),
            f.result("loss_quarter", "Last quarter with a loss", quarter(losses), "text", losses),
            f.result("loss_pretax", "Microsoft's part of it, before tax", -pre_value, "usd_bn", losses),
            f.result("loss_net", "Microsoft's part of it, after tax", -net_value, "usd_bn", same),
            f.result("has_loss", "A loss can be inferred", len(known) > 0, "flag", losses, same, stakes),
            f.result("implied_new", "OpenAI's loss by the after-tax method", by_new, "usd_bn", same, stakes.tail(1)),
            f.result("implied_old", "OpenAI's loss by the pre-tax method", by_old, "usd_bn", losses, stakes.head(1)),
            f.result(
                "implied_loss",
                "OpenAI's loss in the last quarter that shows one",
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
    part = nan_if_unknown(lambda s, r: s * r / 100, value(share), value(last))
    growth = f.last("microsoft", "rpo_ex_openai_growth")
    revenue = f.quarters("microsoft", "revenue").tail(1)
    capex = f.quarters("microsoft", "capex").tail(1)
    years = nan_if_unknown(leverage.backlog_years, value(last), 4 * value(revenue))
    return Results(
        [
            f.result("rpo", "Commercial backlog", value(last), "usd_bn", last),
            f.result("rpo_day", "At the end of", day(last, "end"), "date", last),
            f.result("has_share", "The share of OpenAI in the backlog is published", len(share) > 0, "flag", share),
            f.result("rpo_share", "Share of OpenAI in Microsoft's backlog", value(share), "pct", share),
            f.result("rpo_openai", "OpenAI's part", part, "usd_bn", share, last, how="Share times backlog."),
            f.result(
                "rpo_rest",
                "Everyone else's part",
                value(last) - part,
                "usd_bn",
                share,
                last,
                how="Backlog less OpenAI's part.",
            ),
            f.result("rpo_rest_growth", "Growth of everyone else's part in a year", value(growth), "pct", growth),
            f.result(
                "rpo_years",
                "Backlog in years of revenue",
                years,
                "x",
                last,
                revenue,
                how="Backlog over four times the last quarter's revenue.",
            ),
            f.result("capex", "Capital spending in the last quarter", value(capex), "usd_bn", capex),
            f.result("capex_quarter", "The quarter", quarter(capex), "text", capex),
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
            f.amount("neoclouds", "Capacity bought from smaller clouds, as reported in sum", whole),
            f.amount("neoclouds_added", "The same, deal by deal", singles),
            f.result("neocloud_deals", "Deals with smaller clouds", len(singles) or None, "count", singles),
            f.amount("anthropic_equity", "Microsoft's money for Anthropic", put),
            f.amount("anthropic_orders", "Anthropic's Azure order", orders),
            f.result("has_anthropic", "Microsoft has a pact with Anthropic", len(put) > 0, "flag", put, orders),
        ]
    )


def revenue_share(ledger: Ledger, scenario: str = "central") -> Results:
    """Leaked payments of the revenue share, turned into a revenue."""
    f = _facts(ledger, scenario)
    paid = f.metric("openai", "revenue_share_paid_to_microsoft")
    year = quantities.last_year(paid)
    rate = f.last("openai", "revenue_share_pct", by="to-microsoft")
    implied = nan_if_unknown(lambda p, r: 100 * p / r, value(year), value(rate))
    reported = f.metric("openai", "revenue", basis="reported")
    same = reported[reported["end"] == year["end"].iloc[0]].tail(1) if len(year) else reported.head(0)
    return Results(
        [
            f.result("has_leak", "Payments of the revenue share have leaked", len(paid) > 0, "flag", paid),
            f.result("share_paid", "Revenue share paid in the last full year that leaked", value(year), "usd_bn", year),
            f.result("share_year", "The year", quantities.calendar_year(year), "year", year),
            f.result("share_rate", "Rate of the revenue share, as reported", value(rate), "pct", rate),
            f.result(
                "share_revenue",
                "Revenue it implies",
                implied,
                "usd_bn",
                year,
                rate,
                how="Payment over rate; a floor, because the payment is net.",
            ),
            f.result("share_reported", "Revenue reported for that year", value(same), "usd_bn", same),
        ]
    )
