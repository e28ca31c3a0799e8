"""What the holders of OpenAI's shares lose when their price falls, and what that does to SoftBank's loan-to-value."""

import functools
import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models import exposure
from analysis.numbers import singles
from analysis.numbers.exposure.owed import facts
from analysis.numbers.exposure.stakes import rounds, rows_behind, stake, stake_bought
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, text, value
from analysis.numbers.results import Result, Results

FOUNDATION = {
    "foundation": ("openai-foundation", "stake_value_openai", "Worth of the foundation's stake in OpenAI"),
    "foundation_part": ("openai-foundation", "stake_pct_of_openai", "The foundation's part of OpenAI"),
}
FALLS = (0.25, 0.5, 0.75)
SMALLEST = 1.0  # US$ bn from which an investor of the last round is named
SIGNED_FOR = "signed for or paid in the last round"
SIGNED_EARLIER = "signed for or paid in an earlier round"
PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")


@functools.lru_cache(maxsize=8)
def holdings(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return who holds OpenAI's shares and what each loses when their price falls.

    Holders without a published stake are listed with the shares that they signed for, at the last price.

    Returns
    -------
    DataFrame
        party, name, stake (per cent), worth (US$ bn), loss_25, loss_50, loss_75 (US$ bn), basis (words), is_floor (it
        has bought more that is not published); largest first, pools of unnamed holders left out. Empty before a
        valuation is known.
    """
    f = facts(ledger, scenario)
    known = rounds(f)
    losses = [f"loss_{fall * 100:.0f}" for fall in FALLS]
    columns = ["party", "name", "stake", "worth", *losses, "basis", "is_floor"]
    if not known:
        return pd.DataFrame(columns=columns)
    is_last = len(known[-1].pre) > 0
    pools = set(ledger.entities.loc[ledger.entities["kind"] == "pool", "entity"])
    stated = sorted(set(ledger.part("metrics", "metric", "stake_pct_of_openai")["entity"]) - pools)
    found = []
    for party in stated:
        part, worth, rows = stake(f, party)
        if worth > 0:
            is_diluted = len(rows) > 2
            how = f"stated stake, diluted by {'the last round' if is_last else 'an earlier round'}"
            how = how if is_diluted else "stated stake"
            found.append((party, part, worth, how, is_diluted and _bought_more(f, party)))
    payers = sorted(set(f.payments(payee="openai", scope="openai", kind="equity")["payer"]) - pools - set(stated))
    for party in payers:
        part, money = stake_bought(f, party)
        if money >= SMALLEST and not _holds_none(f, party):
            how = SIGNED_FOR if is_last else SIGNED_EARLIER
            found.append((party, part, part * value(known[-1].post), how, False))
    rows = [
        (p, ledger.name(p), 100 * part, worth, *(exposure.marked_down(worth, fall) for fall in FALLS), how, is_floor)
        for p, part, worth, how, is_floor in found
    ]
    frame = pd.DataFrame(rows, columns=columns)
    order = np.lexsort((frame["party"], -frame["worth"]))
    return frame.iloc[order].reset_index(drop=True)


def is_undiluted(ledger: Ledger, scenario: str = "central") -> bool:
    """Whether stakes are older than the last value, of which is not known how many shares were new."""
    f = facts(ledger, scenario)
    table, known = holdings(ledger, scenario), rounds(f)
    if table.empty or len(known[-1].pre):
        return False
    stated = [stake(f, party)[2][:1] for party in table["party"]]
    is_older = (rows[0]["end"].iloc[0] < known[-1].post["end"].iloc[0] for rows in stated if rows)
    return bool((table["basis"] == SIGNED_EARLIER).any()) or any(is_older)


def _holds_none(f: Facts, party: str) -> bool:
    """Whether a holder's own books, when it last spoke of its shares, carry none."""
    return bool(f.last(party, "carrying_value_openai")["value"].eq(0).any())


def _bought_more(f: Facts, party: str) -> bool:
    """Whether a holder took part in the last round with an amount that is not published."""
    known = counted.signed(f.ledger.deals)
    mine = known[(known["payer"] == party) & (known["payee"] == "openai") & (known["kind"] == "equity")]
    return bool(counted.is_unpriced(mine).any())


class Leverage(NamedTuple):
    """SoftBank's loan-to-value: stated, then with the shares bought since on credit and OpenAI at its last price."""

    stated: float
    now: float
    share: float
    normal: float
    ceiling: float
    rows: list[pd.DataFrame]
    borrowed: float = 0.0


def leverage(ledger: Ledger, scenario: str = "central") -> Leverage:
    """Return SoftBank's loan-to-value (per cent) and OpenAI's part of its holdings (0 to 1), NaN where not known."""
    f = facts(ledger, scenario)
    ltv = f.last("softbank", "ltv")
    then = f.metric("softbank", "stake_value_openai")
    then = then[then["end"].isin(ltv["end"])].tail(1)
    policy = f.term("softbank-financial-policy")
    limits = [float(p) for p in PERCENT.findall(policy["after"].iloc[0])] if len(policy) else []
    normal, ceiling = (limits[0], limits[-1]) if len(limits) > 1 else (NAN, NAN)
    _, worth, behind = stake(f, "softbank", is_due=True)
    if ltv.empty or then.empty or pd.isna(worth):
        return Leverage(value(ltv), NAN, NAN, normal, ceiling, [ltv, policy])
    holdings_then = value(then) / f.choices["softbank_openai_share"].central
    paid = f.payments(payer="softbank", payee="openai", scope="openai", kind="equity")
    paid = paid[(paid["status"] == "closed") & (paid["start"] > ltv["end"].iloc[0])]
    borrowed = counted.total(paid).low
    debt = value(ltv) / 100 * holdings_then + borrowed
    holds = holdings_then - value(then) + worth
    return Leverage(
        value(ltv), 100 * debt / holds, worth / holds, normal, ceiling, [ltv, then, policy, paid, *behind], borrowed
    )


def _as_told(f: Facts, first: pd.DataFrame, post: pd.DataFrame) -> list[Result]:
    """What the largest holder's stake is worth at the last value, and what it was put at before that."""
    told = f.last(text(first, "party") or "", "stake_value_openai")
    told = told[told["end"] < post["end"].max()]
    return [
        f.result("holder_worth", "Worth of its stake at that value", value(first, "worth"), "usd_bn", post),
        f.result("worth_then", "What its stake was put at before", value(told), "usd_bn", told),
        f.result("worth_then_day", "Day of that", day(told, "end"), "date", told),
        f.result("has_worth_then", "Its stake was put at an amount before", len(told) > 0, "flag", told),
    ]


def marked(ledger: Ledger, scenario: str = "central") -> Results:
    """What a halved price of OpenAI costs its holders, and SoftBank's loan-to-value after it."""
    f = facts(ledger, scenario)
    table, known = holdings(ledger, scenario), rounds(f)
    post = known[-1].post if known else f.metric("openai", "valuation_post_money")
    rows = [r for p in table["party"] for r in rows_behind(f, p)]
    before = f.metric("openai", "valuation_pre_money", basis="actual")
    newer = before[before["end"] > post["end"].max()].tail(1)
    first = table.head(1)
    half = float(table["loss_50"].sum()) if len(table) else NAN
    lent = leverage(ledger, scenario)
    after = {fall: nan_if_unknown(exposure.loan_to_value_after, lent.now, lent.share, fall) for fall in FALLS}
    reach, alike = (
        nan_if_unknown(exposure.fall_to_reach, lent.now, lent.ceiling, share) for share in (lent.share, 1.0)
    )
    how = (
        "Debt of the last statement and all OpenAI shares bought since on credit, over holdings with OpenAI at its last"
        " price; what else SoftBank bought, sold or repaid since is not in it."
    )
    return Results(
        [
            *singles.published(f, FOUNDATION),
            *singles.amounts(f, {"gifts": ("openai-foundation-philanthropy", "Gifts that the foundation announced")}),
            f.result("valuation", "OpenAI's last known value", value(post), "usd_bn", post),
            f.result("valuation_day", "Day of that value", day(post, "end"), "date", post),
            *_as_told(f, first, post),
            f.result("newer_price", "OpenAI's value before the money of a newer round", value(newer), "usd_bn", newer),
            f.result(
                "has_newer_price", "A newer round has a price, and none after it is told", len(newer) > 0, "flag", newer
            ),
            f.result("has_holders", "The value of holders' stakes is known", len(table) > 0, "flag", post, *rows),
            f.result("holder", "Largest holder with a known stake", text(first, "name"), "text", post, *rows),
            f.result(
                "holder_half",
                "What it loses at half the price",
                value(first, "loss_50"),
                "usd_bn",
                post,
                *rows,
                is_open=bool(first["is_floor"].any()),
            ),
            f.result(
                "holders_half",
                "Market value that holders of known stakes would lose if the price halves",
                half,
                "usd_bn",
                post,
                *rows,
                is_open=bool(table["is_floor"].any()),
            ),
            f.result(
                "has_signed_for",
                "Shares signed for in the last round count as held",
                bool((table["basis"] == SIGNED_FOR).any()),
                "flag",
                post,
            ),
            f.result("ltv", "SoftBank's loan-to-value as stated", lent.stated, "pct", *lent.rows),
            f.result("ltv_now", "SoftBank's loan-to-value today, by our count", lent.now, "pct", *lent.rows, how=how),
            f.result("ltv_half", "The same at half OpenAI's price", after[0.5], "pct", *lent.rows, how=how),
            f.result("ltv_quarter", "The same at a quarter of OpenAI's price", after[0.75], "pct", *lent.rows, how=how),
            f.result("ltv_normal", "SoftBank's own limit in normal times", lent.normal, "pct", *lent.rows),
            f.result("ltv_ceiling", "SoftBank's own ceiling", lent.ceiling, "pct", *lent.rows),
            f.result(
                "ltv_reach",
                "Fall of OpenAI's price at which SoftBank reaches its ceiling",
                100 * reach if reach <= 1 else None,
                "pct",
                *lent.rows,
                how=how,
            ),
            f.result(
                "ltv_reach_alike",
                "Fall of all that SoftBank holds at which it reaches its ceiling",
                100 * alike,
                "pct",
                *lent.rows,
                how=how,
            ),
            f.result(
                "has_ltv_stress",
                "SoftBank's loan-to-value can be stressed",
                after[0.5] == after[0.5],
                "flag",
                *lent.rows,
            ),
            f.result(
                "has_bought_since",
                "It has paid for shares of OpenAI since that statement",
                lent.borrowed > 0,
                "flag",
                *lent.rows,
            ),
            f.result("is_reached", "A fall of OpenAI's price alone reaches it", bool(reach <= 1), "flag", *lent.rows),
        ]
    )
