"""The whole network for its picture: which parties it names, in which row, and what flows between them.

Judgements:

- Rows follow the money downwards: sources from outside, investors between, OpenAI, its suppliers, the suppliers'
  suppliers.
- A firm stands by its name if it puts `NAMED_INVESTOR` into OpenAI or moves `NAMED_PARTY` in all; the others of
  its role share a box. Sites always do: they are places, not firms. So do banks and buyers of bonds.
- Drawn is what amounts to `LEAST_DRAWN`, and what OpenAI has ordered without a price. Those who sell shares that they
  hold are left out, for nothing of it reaches OpenAI. The table has all.
- What merchants pay without a published amount is part of what customers pay.
"""

from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models.network import SCOPES
from analysis.numbers import modelling, quantities
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import Facts, value

OPENAI, CUSTOMERS = "OpenAI", "Customers"
SOURCES, INVESTORS, CENTRE, SUPPLIERS, CHAIN = range(5)  # rows from above
NAMED_INVESTOR, NAMED_PARTY = 2.0, 25.0  # US$ bn
LEAST_DRAWN = 12.0  # US$ bn
MAX_BOXES = 5  # boxes in a row, shared ones included
SHARED_BOXES = {
    "customers": (CUSTOMERS, SOURCES),
    "investors": ("Other investors", SOURCES),
    "lenders": ("Lenders", SOURCES),
    "sellers": ("Sellers of shares", INVESTORS),
    "suppliers": ("Other suppliers", SUPPLIERS),
    "neoclouds": ("Other neoclouds", CHAIN),
    "chipmakers": ("Other chip makers", CHAIN),
    "sites": ("Sites and power", CHAIN),
}
LINK_COLUMNS = ["payer", "payee", "kind", "firm", "low", "high", "is_open", "unpriced", "deals"]


def _payments(ledger: Ledger) -> pd.DataFrame:
    """The payments of the network, companies of a group as their group, with the kind of money and the high ends."""
    deals, is_signed = ledger.deals, counted.firmness(ledger.deals) == 0
    is_counted = deals.index.isin(counted.payments(deals).index) & deals["scope"].isin(SCOPES).to_numpy()
    rows = deals[is_counted]
    ends, money = counted.bounds(rows), [counted.money_of(kind) for kind in rows["kind"]]
    own = {"is_signed": is_signed[is_counted], "low": ends["low"], "high": ends["high"], "money": money}
    return modelling.parties(ledger).grouped(rows, **own)


def _role(kind: str, pays: pd.DataFrame, gets: pd.DataFrame) -> str:
    """The role of a party in the picture by its kind and by what it pays and gets."""
    is_supplier = (gets["payer"].eq("openai") & gets["kind"].isin(["compute", "lease"])).any()
    if kind == "merchant":
        return "customers"
    if kind == "developer":
        return "sites"
    if kind == "cloud" or (kind in ("chipmaker", "neocloud", "lab") and is_supplier):
        return "suppliers"
    if kind == "chipmaker":
        return "chipmakers"
    if kind in ("neocloud", "lab"):
        return "neoclouds"
    if pays.empty and len(gets) and gets["kind"].eq("equity").all():
        return "sellers"
    by_money = pays.groupby("money")["high"].sum()
    return "lenders" if len(by_money) and by_money.idxmax() == "debt" else "investors"


def places(ledger: Ledger) -> pd.DataFrame:
    """Where each party with a payment stands in the picture.

    Returns
    -------
    DataFrame
        Indexed by entity: place (name of the box), row (`SOURCES` to `CHAIN`), size (US$ bn paid or received, the
        larger).
    """
    rows, kinds = _payments(ledger), ledger.entities.set_index("entity")["kind"]
    found = []
    for entity in sorted({*rows["payer"], *rows["payee"]} - {"openai"}):
        pays, gets = rows[rows["payer"] == entity], rows[rows["payee"] == entity]
        role = _role(kinds[entity], pays, gets)
        size = max(pays["high"].sum(), gets["high"].sum())
        invested = pays.loc[(pays["payee"] == "openai") & (pays["kind"] == "equity"), "high"].sum()
        is_firm = kinds[entity] != "pool"
        is_named = is_firm and (size >= NAMED_PARTY or invested >= NAMED_INVESTOR)
        row = SHARED_BOXES[role][1]
        if is_firm and is_named and role in ("investors", "lenders"):
            row = INVESTORS
        found.append((entity, role, row, size, is_named and role not in ("sites", "sellers", "customers")))
    frame = pd.DataFrame(found, columns=["entity", "role", "row", "size", "is_named"]).set_index("entity")
    frame["is_named"] &= _has_room(frame)
    names = pd.Series({e: short_name(ledger.name(e)) for e in frame.index}, dtype=str)
    shared = frame["role"].map({role: name for role, (name, _) in SHARED_BOXES.items()})
    frame["place"] = names.where(frame["is_named"], shared)
    rows_shared = frame["role"].map({role: row for role, (_, row) in SHARED_BOXES.items()})
    frame["row"] = frame["row"].where(frame["is_named"], rows_shared)
    frame.loc["openai", ["role", "row", "size", "place"]] = ["openai", CENTRE, rows["high"].sum(), OPENAI]
    return frame[["place", "row", "size"]].astype({"row": int, "size": float})


def _has_room(frame: pd.DataFrame) -> pd.Series:
    """Which parties are among the largest for which their row has room beside its shared boxes."""
    shared = pd.Series([row for _, row in SHARED_BOXES.values()]).value_counts()
    rank = frame[frame["is_named"]].groupby("row")["size"].rank(ascending=False, method="first")
    room = frame["row"].map(lambda row: MAX_BOXES - min(int(shared.get(row, 0)), MAX_BOXES - 1))
    return rank.reindex(frame.index).le(room)


def links(ledger: Ledger, place: pd.Series) -> pd.DataFrame:
    """Payments between the places of the picture by kind of money.

    Parameters
    ----------
    place
        The place of each entity (see `places`); parties without one are left out.

    Returns
    -------
    DataFrame
        payer, payee (places), kind ("orders", "equity", "debt" or "customers"), firm (US$ bn: signed or paid,
        depends on nothing), low (US$ bn: the low ends, also of what is only announced or reported), high (US$ bn: the
        most that is known of), is_open, unpriced (deals without a published
        amount), deals. Customers' money is that of one year, at its last stated rate.
    """
    rows, at = _payments(ledger), place.to_dict()
    told = [rows[column].to_list() for column in ("payer", "payee", "money", "is_signed", "low", "high")]
    told += [counted.is_open_ended(rows).to_list(), counted.is_unpriced(rows).to_list()]
    sums: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for pays, gets, money, is_signed, least, most, is_floor, is_unpriced in zip(*told, strict=True):
        payer, payee = at.get(pays), at.get(gets)
        is_fee = payer == CUSTOMERS and money == "orders"
        if payer and payee and payer != payee and not is_fee:
            link = payer, payee, money
            firm, low, high, is_open, unpriced, deals = sums.get(link, (0.0, 0.0, 0.0, False, 0, 0))
            firm += least if is_signed else 0.0
            is_open, unpriced = is_open or is_floor, unpriced + is_unpriced
            sums[link] = firm, low + least, high + most, is_open, unpriced, deals + 1
    paid = value(quantities.run_rate(Facts(ledger, "circularity")).tail(1))
    if not pd.isna(paid):
        sums[CUSTOMERS, OPENAI, "customers"] = (paid, paid, paid, False, 0, 0)
    return pd.DataFrame([(*link, *sums[link]) for link in sorted(sums)], columns=LINK_COLUMNS)


def behind(ledger: Ledger, place: pd.Series, table: pd.DataFrame) -> pd.DataFrame:
    """Return the deals behind links between places (rows of `links`), one row each."""
    rows, at = _payments(ledger), place.to_dict()
    links = set(table[["payer", "payee", "kind"]].itertuples(index=False, name=None))
    pairs = zip(rows["payer"].map(at), rows["payee"].map(at), rows["money"], strict=True)
    return rows[[pair in links for pair in pairs]]


def drawn(table: pd.DataFrame) -> pd.DataFrame:
    """The links that stand in the picture (see `links`); the others are in its table only."""
    payer, payee, kind, high, unpriced = (table[c].to_numpy() for c in ("payer", "payee", "kind", "high", "unpriced"))
    is_open_order = (payer == OPENAI) & (unpriced > 0)
    is_large = (high >= LEAST_DRAWN) | is_open_order | (kind == "customers")
    return table[is_large & (payee != SHARED_BOXES["sellers"][0])]
