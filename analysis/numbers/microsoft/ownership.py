"""Microsoft's stake in OpenAI by round, its value, and the multiple of the money put in."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals, equity
from analysis.numbers import quantities
from analysis.numbers.facts import Facts, day, nan_if_unknown, value
from analysis.numbers.microsoft import agreement
from analysis.numbers.results import Results


def stake(ledger: Ledger, scenario: str = "central") -> Results:
    """Stake by round, its value, and the multiple of the money put in."""
    f = Facts(ledger, "microsoft", scenario)
    stakes = f.metric("microsoft", "stake_pct_of_openai")
    before, restructured = (stakes.head(1), stakes.iloc[[1]]) if len(stakes) > 1 else (stakes.head(0), stakes)
    now = f.last("microsoft", "stake_pct_of_openai")
    worth, funded = f.last("microsoft", "stake_value_openai"), f.last("microsoft", "invested_in_openai")
    total, (whole, later) = agreement.promised(f)
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
        nan_if_unknown(equity.multiple, value(worth), m) for m in (total, agreement.paid(f) if len(funded) else total)
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
