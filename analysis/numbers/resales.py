"""Shares that a holder sells on: the money does not reach the company whose shares they are.

- What is bought from people who are named as holders, such as shareholders or staff, or is part of such a purchase.
- What a company sells to buyers on the market, who are no investors in the seller.
"""

from functools import lru_cache

from analysis.ledger import Ledger

MARKET = "market-investors"
SELLERS = ("shareholders", "staff", "employees")  # in the names of those who sell shares of another


def are_holders(ledger: Ledger, company: str) -> bool:
    """Whether several are named as holders of the shares of another."""
    return any(word in ledger.name(company) for word in SELLERS)


@lru_cache(maxsize=8)
def resales(ledger: Ledger) -> frozenset[str]:
    """Return the keys of the deals in which a holder sells shares of another company."""
    rows = ledger.history["deals"]
    shares = rows[rows["kind"] == "equity"]
    holders = {key for key in shares["payee"] if are_holders(ledger, key)}
    wholes = set(shares.loc[shares["payee"].isin(holders), "deal"])
    is_resold = shares["payee"].isin(holders) | shares["part_of"].isin(wholes) | (shares["payer"] == MARKET)
    return frozenset(shares.loc[is_resold, "deal"])
