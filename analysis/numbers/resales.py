"""What is bought of another without its shares: shares that it held of a third, or a plant.

Shares that a holder sells on bring no money to the company whose shares they are:

- What is bought from people who are named as holders, such as shareholders or staff, or is part of such a purchase.
- What a company sells to buyers on the market, who are no investors in the seller.

The table of deals has a purchase of a plant or a business as equity, too; `ASSETS` names it.
"""

from functools import lru_cache

from analysis.ledger import Ledger

MARKET = "market-investors"
# What changes hands in a deal that buys no shares: as a sentence has it, and as a heading.
ASSETS = {
    "softbank-lordstown-purchase": ("its former car plant in Ohio", "plant"),
    "softbank-abb-robotics": ("its robotics business", "robotics business"),
}
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
