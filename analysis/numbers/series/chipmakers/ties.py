"""What suppliers and customers are to each other: gifts and orders, shares, guarantees, purchases both ways.

Judgements:

- A firm whose shares a supplier buys together with gigawatts to be built with its chips is its customer.
- A right to shares that is paid for in advance and one that is not make the same tie: NVIDIA is to get shares.
- A pool of firms without names is no firm: it is drawn, and not counted. A vehicle whose shares NVIDIA buys is one.
- A firm of which the press alone tells says so beside its name.
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models.deals import SUPPLY_KINDS
from analysis.numbers import formats
from analysis.numbers.chipmakers.promises import (
    ANNOUNCED,
    CLOSED,
    PRESS,
    SIGNED,
    STATES,
    facts,
    made,
    warrant_worth,
)
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import NAN
from analysis.numbers.series.chipmakers.promised import POOLS, SUPPLIERS, customers

GIVEN, WARRANT, SECURED, ORDERED = "shares it buys or gives", "its warrant, fully vested", "its guarantee", "its orders"
NO_PRICE, NO_WORTH = "no price published", "worth not known"
HOLDS, GETS, BACKS, BUYS, SELLS = RELATIONS = ("holds shares", "gets shares", "backs", "buys from", "sells to")
SHARE_RELATIONS = {CLOSED: HOLDS, SIGNED: GETS, ANNOUNCED: GETS, PRESS: GETS}
COIN_SIZES, MOST_COINS = (1, 2, 5, 10, 20, 50, 100), 140  # US$ bn, and how many are drawn
MOST_FIRMS, MOST_NAMED = 24, 3  # that are drawn, and that a title names


def pairs(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What each supplier gives a customer and what it gets in orders.

    Returns
    -------
    DataFrame
        One row a pair and side: name, side, value (US$ bn at the ceiling, NaN where none is published), label; pairs
        with a price for both sides first, then largest first.
    DataFrame
        The deals behind it.
    """
    rows = ledger.deals[(ledger.deals["status"] != "cancelled") & ~counted.in_talks(ledger.deals)]
    ours = made(rows, SUPPLIERS)
    ours = ours[
        (ours["state"] != PRESS) & (ours["role"].eq("payment") | ours["payer"].ne("nvidia") | ours["kind"].ne("equity"))
    ]
    ours = ours.assign(customer=customers(ours))
    f = facts(ledger, "central")
    found, used = [], [rows.head(0)]
    for (supplier, customer), given in ours.groupby(["payer", "customer"]):
        orders = rows[(rows["payer"] == customer) & (rows["payee"] == supplier) & rows["kind"].isin(SUPPLY_KINDS)]
        if orders.empty:
            continue
        name = f"{short_name(ledger.name(supplier))} and {short_name(ledger.name(customer))}"
        sides = {
            GIVEN: given[given["kind"] == "equity"],
            SECURED: given[given["kind"] == "guarantee"],
            ORDERED: orders[orders["role"] == "payment"],
        }
        for side, part in sides.items():
            sums = counted.total(part)
            if sums.high or side == ORDERED:
                text = ("more than " * sums.is_open) + formats.quantity(sums.high, "usd_bn", has_unit=False)
                found.append((name, side, sums.high or NAN, text if sums.high else NO_PRICE))
        if (given["kind"] == "warrant").any():
            worth, _ = warrant_worth(f, supplier, customer)
            text = NO_WORTH if pd.isna(worth) else formats.quantity(worth, "usd_bn", has_unit=False)
            found.append((name, WARRANT, worth, text))
        used += [given[rows.columns], orders]
    frame = pd.DataFrame(found, columns=["name", "side", "value", "label"])
    size = frame.groupby("name")["value"].transform("max").fillna(0.0)
    is_silent = frame["label"].eq(NO_PRICE).groupby(frame["name"]).transform("any")
    frame = frame.assign(size=size, is_silent=is_silent)
    frame = frame.sort_values(["is_silent", "size", "name"], ascending=[True, False, True], kind="stable")
    return frame.drop(columns=["size", "is_silent"]).reset_index(drop=True), pd.concat(used)


def pairs_finding(frame: pd.DataFrame) -> str:
    """How many of the pairs name no price for the order, in a sentence (see `pairs`)."""
    count, silent = frame["name"].nunique(), int((frame["label"] == NO_PRICE).sum())
    if not silent:
        return "What each supplier gives a customer, and the orders that it gets"
    if silent == count:
        return "No order from a customer that its supplier supports has a published price"
    orders = f"{formats.spelled(silent).capitalize()} of {formats.spelled(count)} orders"
    return f"{orders} by customers that suppliers support {'has' if silent == 1 else 'have'} no published price"


def relations(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who is NVIDIA's customer, supplier and part of whose shares it has or gets.

    By deals that are announced, signed, closed or reported; a letter of intent makes no relation.

    Returns
    -------
    DataFrame
        One row a tie that is drawn, by the number of ties, at most `MOST_FIRMS` names: name, relation, since (day).
    DataFrame
        One row a firm, also of those not drawn: name, ties (shares in whatever state are one).
    """
    rows = ledger.deals[(ledger.deals["status"] != "cancelled") & ~counted.in_talks(ledger.deals)]
    is_letter = (rows["kind"] == "equity") & (rows["role"] == "contingent") & (rows["payee"] == "openai")
    own = rows[(rows["payer"] == "nvidia") & ~is_letter].assign(relation="", party=lambda r: customers(r))
    is_share = own["kind"].isin(("equity", "warrant"))
    to = own["status"].map(STATES).map(SHARE_RELATIONS).where(is_share)
    to = to.mask(own["kind"] == "guarantee", BACKS).mask(own["kind"].isin((*SUPPLY_KINDS, "commercial")), BUYS)
    with_chips = own[is_share & (own["gw"].fillna(0) > 0)]
    sold = rows[(rows["payee"] == "nvidia") & rows["kind"].isin(SUPPLY_KINDS)].assign(party=lambda r: r["payer"])
    ties = pd.concat([own.assign(relation=to), with_chips.assign(relation=SELLS), sold.assign(relation=SELLS)])
    ties = ties.dropna(subset=["relation"]).reset_index(drop=True)
    names = [POOLS.get(p, "").capitalize() or short_name(ledger.name(p)) for p in ties["party"]]
    pools = set(ledger.entities.loc[ledger.entities["kind"] == "pool", "entity"])
    frame = pd.DataFrame(
        {
            "name": pd.Series(names, index=ties.index, dtype=str),
            "relation": ties["relation"],
            "since": ties["as_of"],
            "tie": ties["relation"].replace(GETS, HOLDS),
            "is_press": ties["status"] == counted.REPORTED,
            "is_pool": ties["party"].isin(pools) & (ties["relation"] == BACKS),
        }
    )
    is_press = frame.groupby("name")["is_press"].transform("all")
    frame["name"] = frame["name"].mask(is_press, frame["name"] + ", as reported")
    grouped = frame.groupby("name")
    firms = pd.DataFrame({"ties": grouped["tie"].nunique(), "is_pool": grouped["is_pool"].all()})
    firms = firms.reset_index().sort_values(["is_pool", "ties", "name"], ascending=[True, False, True])
    drawn = list(firms["name"])[:MOST_FIRMS]
    frame = frame.drop_duplicates(["name", "relation"]).set_index("name")
    frame = frame.loc[frame.index.isin(drawn)].loc[drawn] if drawn else frame
    return frame.reset_index()[["name", "relation", "since"]], firms[~firms["is_pool"]].reset_index(drop=True)


def relations_finding(firms: pd.DataFrame) -> str:
    """To how many firms NVIDIA is tied, and to which by several deals, in a sentence (see `relations`)."""
    count = f"NVIDIA is tied to {formats.spelled(len(firms))} firm{'s' * (len(firms) != 1)}"
    several = list(firms.loc[firms["ties"] > 1, "name"])
    if not several:
        return f"{count}, to none in more than one way"
    if len(several) > MOST_NAMED:
        return f"{count}, to {formats.spelled(len(several))} of them in more than one way"
    return f"{count}, to {formats.listed(several)} in more than one way"


def supply(ledger: Ledger) -> tuple[pd.DataFrame, int]:
    """Return what NVIDIA has ordered from its suppliers, by the day of its balance, and how much a coin stands for.

    Returns
    -------
    DataFrame
        One row a balance: quarter, value (US$ bn), label, coins (whole).
    int
        US$ bn a coin, so that at most `MOST_COINS` are drawn.
    """
    rows = facts(ledger, "central").happened("nvidia", "supply_capacity_commitments")
    size = next(size for size in COIN_SIZES if rows["value"].sum() / size <= MOST_COINS or size == COIN_SIZES[-1])
    frame = rows.assign(
        quarter=[f"{d:%b %Y}" for d in rows["end"]],
        label=[formats.about(v, "usd_bn", is_open=False) for v in rows["value"]],
        coins=[formats.whole(v / size) for v in rows["value"]],
    )
    return frame.reset_index(drop=True), size


def supply_finding(frame: pd.DataFrame) -> str:
    """What NVIDIA has ordered, in a sentence (see `supply`)."""
    first, last = (formats.about(v, "usd_bn", is_open=False) for v in frame["value"].iloc[[0, -1]])
    if frame["value"].iloc[-1] > frame["value"].iloc[0]:
        since, until = frame["quarter"].iloc[[0, -1]]
        return f"NVIDIA's own orders grew from {first} in {since} to {last} in {until}"
    return f"NVIDIA itself has promised its suppliers {last}"
