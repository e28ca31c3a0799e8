"""Trainium and its rivals: list prices.

- An offer is compared with other chips' offers by its newest list price, one offer a chip: the one whose peak FP8 is
  cheapest, so that two sizes of a machine do not count twice.
"""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import compute
from analysis.numbers import amazon as numbers
from analysis.numbers import formats
from analysis.numbers.amazon import OFFER, RIVAL

COSTS = ["usd_per_chip_hour", "fp8", "bf16", "tbps"]
OWN, OTHERS = "Amazon's own chips", "chips of others"


def block_offers(ledger: Ledger) -> pd.DataFrame:
    """Return the newest capacity-block offer of each chip, cheapest peak FP8 first.

    Returns
    -------
    DataFrame
        Rows of prices with the columns of `compute.offers`; costs are NaN where the chip's rate is not published or 0.
        And maker, `OWN` or `OTHERS`.
    """
    offers = compute.offers(ledger.prices, ledger.chips)
    blocks = offers[offers["pricing"] == "capacity_block"].sort_values("as_of", kind="stable")
    newest = blocks.drop_duplicates("instance", keep="last")
    finite = newest.assign(**{c: newest[c].where(np.isfinite(newest[c])) for c in COSTS})
    cheapest = finite.sort_values("fp8").drop_duplicates("chip")
    own = ledger.chips.loc[ledger.chips["vendor"] == "amazon", "chip"]
    return cheapest.assign(maker=np.where(cheapest["chip"].isin(own), OWN, OTHERS))


def price_finding(ledger: Ledger, scenario: str, offers: pd.DataFrame) -> str:
    """Return in a sentence how much cheaper the offer is than its rival, or which one is the cheapest."""
    found = {r.key: r.value for r in numbers.chip_price(ledger, scenario)}
    for key, rival in (("advantage_newer", found["amazon.newer_rival"]), ("advantage_fp8", RIVAL)):
        more = found[f"amazon.{key}"]
        if more is not None and more > 0:
            more_words = f"{formats.rounded(more, 0)}% more peak computing"
            return f"At list price a dollar bought {more_words} on {OFFER} than on the {rival}"
    best = offers.iloc[0]
    cost = formats.amount(best["fp8"], "usd")
    return (
        f"At the list prices of {best['as_of']:%B %Y} peak FP8 was cheapest on {best['chip']}: {cost} per petaflop-hour"
    )


def months(offers: pd.DataFrame) -> str:
    """Return the months of the prices, from the oldest to the newest."""
    oldest, newest = f"{offers['as_of'].min():%B %Y}", f"{offers['as_of'].max():%B %Y}"
    return newest if oldest == newest else f"{oldest} to {newest}"


def price_note(ledger: Ledger) -> str:
    """Return the reservations about list prices."""
    note = "Peak rates, not delivered performance; large customers pay less than list."
    prices = ledger.prices
    if ((prices["chip"] == OFFER) & (prices["pricing"] == "on_demand")).any():
        return f"{note} Without a reservation prices are others."
    if OFFER not in set(prices["chip"]):
        return f"{note} No price of {OFFER} is in the ledger yet."
    return f"{note} No on-demand price of {OFFER} is in the ledger, so on demand cannot be compared."
