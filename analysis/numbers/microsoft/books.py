"""What Microsoft reports: its result from OpenAI, its backlog, what it buys itself.

- The stake that belongs to a quarter's result is the one held in it, and the result that belongs to OpenAI is the one
  before Microsoft's tax. When the stake changed soon after, others divided by the new one, or the result after tax by
  either: all four readings are kept.
- What the result implies is told for the last quarter before the restructuring, which turned the line into gains on
  paper. A later quarter is told only to test the method, where OpenAI's loss of that quarter is published.
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases, equity, leverage
from analysis.numbers import quantities
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, value
from analysis.numbers.results import Results


def quarter(row: pd.DataFrame) -> str | None:
    """The months of a period in words."""
    if not len(row):
        return None
    start, end = row["start"].iloc[-1], row["end"].iloc[-1]
    return f"{start:%B} to {end:%B %Y}"


def stakes_of(stakes: pd.DataFrame, quarter_end: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the stake held in a quarter and the one that came after it (the same where none did), one row each."""
    held = stakes[stakes["end"] <= quarter_end].tail(1)
    held = held if len(held) else stakes.head(1)
    later = stakes[(stakes["end"] > quarter_end) & ~stakes.index.isin(held.index)].head(1)
    return held, later if len(later) else held


def telling_quarter(f: Facts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return Microsoft's last loss from OpenAI before the restructuring, before and after tax, one row or none each."""
    pretax = f.quarters("microsoft", "equity_method_result_openai_pretax")
    net = f.quarters("microsoft", "equity_method_result_openai")
    restructured = quantities.restructuring_day(f)
    losses = pretax[pretax["value"] < 0]
    if pd.notna(restructured):
        losses = losses[losses["end"] < restructured]
    return losses.tail(1), net[net["end"].isin(losses.tail(1)["end"])]


def tested_quarter(f: Facts) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the newest quarter for which OpenAI's loss is published and Microsoft shows a part of it.

    Returns
    -------
    DataFrame
        OpenAI's net loss, one row or none.
    DataFrame
        Microsoft's result from OpenAI before tax.
    DataFrame
        The stake held in the quarter.
    """
    pretax = f.quarters("microsoft", "equity_method_result_openai_pretax")
    shown = pretax[pretax["value"] < 0]
    published = f.happened("openai", "net_loss", months=3)
    published = published[published["end"].isin(shown["end"])].tail(1)
    stakes = f.metric("microsoft", "stake_pct_of_openai")
    held = stakes_of(stakes, published["end"].iloc[-1])[0] if len(published) else stakes.head(0)
    return published, shown[shown["end"].isin(published["end"])], held


def result(ledger: Ledger, scenario: str = "central") -> Results:
    """Microsoft's result from OpenAI, the loss it implies, and the loss that is published."""
    f = Facts(ledger, "microsoft", scenario)
    last = f.quarters("microsoft", "equity_method_result_openai_pretax").tail(1)
    net = f.quarters("microsoft", "equity_method_result_openai")
    last_net, gain = net.tail(1), net[net["value"] > 0].tail(1)
    losses, same = telling_quarter(f)
    stakes = f.metric("microsoft", "stake_pct_of_openai")
    old, new = stakes_of(stakes, losses["end"].iloc[-1]) if len(losses) else (stakes.head(0), stakes.head(0))
    readings = [
        -nan_if_unknown(equity.implied_net_result, value(part), value(share) / 100)
        for part in (losses, same)
        for share in (old, new)
    ]
    by_old, by_new = readings[0], readings[-1]
    told = f.same_period("openai", "net_loss", losses)
    happened = told[told["basis"].isin(bases.HAPPENED)]
    known = [v for v in readings if not pd.isna(v)]
    is_inferred = len(known) > 0 and not len(happened)
    published, shown, held = tested_quarter(f)
    tested = -nan_if_unknown(equity.implied_net_result, value(shown), value(held) / 100)
    year = f.happened("openai", "net_loss", months=12).tail(1)
    lines = ("net_loss_before_noncontrolling", "operating_loss")
    whole, operating = (quantities.same_account(f, line, year) for line in lines)
    since = last[(last["end"] > gain["end"].max()) & ~last["end"].isin(shown["end"])]
    half = f.happened("openai", "net_loss", months=6).tail(1)
    quarterly = f.same_period("openai", "operating_loss", published)
    return Results(
        [
            f.result(
                "result_quarter", "Quarter of Microsoft's last result from OpenAI", quarter(last_net), "text", last_net
            ),
            f.result("has_gain", "Microsoft has shown a gain from OpenAI", len(gain) > 0, "flag", gain),
            f.result("gain_net", "Microsoft's gain from OpenAI, after tax", value(gain), "usd_bn", gain),
            f.result("gain_quarter", "Quarter of Microsoft's gain from OpenAI", quarter(gain), "text", gain),
            f.result("has_new_loss", "A newer quarter shows a loss again", value(since) < 0, "flag", since),
            f.result("new_loss", "That loss, before tax", -value(since), "usd_bn", since),
            f.result("new_loss_quarter", "Quarter of that loss", quarter(since), "text", since),
            f.result(
                "loss_quarter",
                "Last quarter before the restructuring in which Microsoft shows a loss from OpenAI",
                quarter(losses),
                "text",
                losses,
            ),
            f.result("loss_pretax", "Microsoft's share of OpenAI's loss, before tax", -value(losses), "usd_bn", losses),
            f.result("shows_loss", "Microsoft has shown a loss from OpenAI", len(losses) > 0, "flag", losses),
            f.result("has_loss", "OpenAI's loss can only be inferred", is_inferred, "flag", losses, same, stakes),
            f.result("implied_new", "OpenAI's quarterly loss by the after-tax method", by_new, "usd_bn", same, new),
            f.result("implied_old", "OpenAI's quarterly loss by the pre-tax method", by_old, "usd_bn", losses, old),
            f.result(
                "implied_loss",
                "OpenAI's implied loss in the last quarter before the restructuring",
                None,
                "usd_bn",
                losses,
                same,
                old,
                new,
                low=min(known, default=NAN),
                high=max(known, default=NAN),
                how=(
                    "The result before or after tax, over the stake held before the restructuring or after it: the"
                    " least and the most of the four."
                ),
            ),
            f.result("loss_half", "OpenAI's net loss of the last half year told", value(half), "usd_bn", half),
            f.result("loss_year", "OpenAI's net loss of the last year told", value(year), "usd_bn", year),
            f.result(
                "loss_year_of",
                "Year of that net loss",
                quantities.calendar_year(year),
                "year",
                year,
            ),
            f.result("loss_whole", "OpenAI's net loss before minority interests", value(whole), "usd_bn", whole),
            f.result("loss_operating", "OpenAI's operating loss of that year", value(operating), "usd_bn", operating),
            f.result(
                "has_published_loss",
                "OpenAI's loss of a quarter is told beside the one Microsoft's books imply",
                not pd.isna(tested),
                "flag",
                published,
                shown,
            ),
            f.result(
                "is_loss_hidden", "They show less than half of it", tested < value(published) / 2, "flag", shown, held
            ),
            f.result("tested_quarter", "Quarter of that test", quarter(published), "text", published),
            f.result("published_loss", "OpenAI's loss in that quarter, as told", value(published), "usd_bn", published),
            f.result("tested_shown", "Microsoft's part of it, before tax", -value(shown), "usd_bn", shown),
            f.result(
                "part_of_loss",
                "Microsoft's part of that loss, by its stake",
                float(value(published)) * float(value(held)) / 100,
                "usd_bn",
                published,
                held,
                how="OpenAI's published loss times the stake held in the quarter.",
            ),
            f.result("tested_operating", "OpenAI's operating loss in it", value(quarterly), "usd_bn", quarterly),
            f.result(
                "tested_implied",
                "OpenAI's loss in that quarter by Microsoft's books",
                tested,
                "usd_bn",
                shown,
                held,
                how="Pre-tax result over the stake held in the quarter.",
            ),
        ]
    )


def backlog(ledger: Ledger, scenario: str = "central") -> Results:
    """Backlog with and without OpenAI."""
    f = Facts(ledger, "microsoft", scenario)
    rpo = f.metric("microsoft", "rpo")
    last = rpo.tail(1)
    share = f.happened("microsoft", "openai_share_of_rpo").tail(1)
    split = rpo[rpo["end"].isin(share["end"])].tail(1)
    is_newest = len(split) > 0 and bool(split["end"].iloc[-1] == last["end"].iloc[-1])
    part = value(share) / 100 * value(split)
    growth = f.last("microsoft", "rpo_ex_openai_growth")
    floor, floor_rows = backlog_floor(f, last)
    clouds = [f.payments(payer="openai", payee=cloud, kind="compute") for cloud in ("microsoft", "oracle", "amazon")]
    revenue = f.quarters("microsoft", "revenue").tail(1)
    years = nan_if_unknown(leverage.backlog_years, value(last), 4 * value(revenue))
    return Results(
        [
            f.result("rpo", "Microsoft's commercial backlog", value(last), "usd_bn", last),
            f.result("rpo_day", "Microsoft's backlog as of", day(last, "end"), "date", last),
            f.result("has_share", "OpenAI's share of Microsoft's backlog is published", len(split) > 0, "flag", share),
            f.result("has_newest_share", "OpenAI's share of the newest backlog is published", is_newest, "flag", share),
            f.result("rpo_share", "OpenAI's share of Microsoft's backlog when last told", value(share), "pct", share),
            f.result(
                "has_other_clouds",
                "OpenAI has ordered from Microsoft, Oracle and Amazon",
                all(len(rows) for rows in clouds),
                "flag",
                *clouds,
            ),
            f.result("share_day", "OpenAI's share of Microsoft's backlog as of", day(split, "end"), "date", share),
            f.result("rpo_split", "Microsoft's backlog on that day", value(split), "usd_bn", split),
            f.result(
                "rpo_openai",
                "OpenAI's part of Microsoft's backlog",
                part,
                "usd_bn",
                share,
                split,
                how="Share times backlog.",
            ),
            f.result(
                "rpo_rest",
                "Microsoft's backlog without OpenAI",
                value(split) - part,
                "usd_bn",
                share,
                split,
                how="Backlog less OpenAI's part.",
            ),
            f.result(
                "rpo_rest_growth", "Yearly growth of Microsoft's backlog without OpenAI", value(growth), "pct", growth
            ),
            f.result(
                "has_floor",
                "Only the least that OpenAI can be of the newest backlog is known",
                floor > 0 and not is_newest,
                "flag",
                last,
            ),
            f.result(
                "rpo_floor",
                "Least part of OpenAI in Microsoft's newest backlog",
                floor,
                "usd_bn",
                *floor_rows,
                how=(
                    "Backlog less that of a year before grown at the rate stated for all other customers: exact if"
                    " OpenAI had no part a year before, too low otherwise."
                ),
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
        ]
    )


def backlog_floor(f: Facts, row: pd.DataFrame) -> tuple[float, list[pd.DataFrame]]:
    """The least that OpenAI can be of a backlog (one row or none), US$ bn, and the rows behind; NaN if not known."""
    rpo = f.metric("microsoft", "rpo")
    growth = f.same_period("microsoft", "rpo_ex_openai_growth", row)
    before = rpo[rpo["end"] == row["end"].iloc[-1] - pd.DateOffset(years=1)] if len(row) else rpo.head(0)
    least = value(row) - value(before.tail(1)) * (1 + value(growth) / 100)
    return least, [row, before.tail(1), growth]


def payer(ledger: Ledger, scenario: str = "central") -> Results:
    """Microsoft as a buyer of capacity, and as an investor in a rival of OpenAI."""
    f = Facts(ledger, "microsoft", scenario)
    whole = f.deal("microsoft-neocloud-total")
    leases = f.metric("microsoft", "leases_not_commenced")
    newest = leases.tail(1)
    put, orders = f.standing("microsoft-anthropic-equity"), f.standing("anthropic-azure-compute")
    return Results(
        [
            f.amount("neoclouds", "Capacity Microsoft buys from smaller clouds, as reported in total", whole),
            f.result("leases", "Leases that Microsoft has signed and not begun", value(newest), "usd_bn", newest),
            f.result("leases_day", "Leases not begun as of", day(newest, "end"), "date", newest),
            f.amount("anthropic_equity", "Microsoft's investment in Anthropic", put),
            f.amount("anthropic_orders", "Anthropic's Azure order", orders),
            f.result("has_anthropic", "Microsoft has invested in Anthropic", len(put) > 0, "flag", put, orders),
        ]
    )
