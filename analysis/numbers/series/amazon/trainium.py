"""Trainium and its rivals: list prices, rates, the utilisation at which they cost the same, the chips of the contract.

- An offer is compared with other chips' offers by its newest list price, one offer a chip: the one whose peak FP8 is
  cheapest, so that two sizes of a machine do not count twice.
"""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import compute
from analysis.numbers import amazon as numbers
from analysis.numbers import formats
from analysis.numbers.amazon import AWS, OFFER, RIVAL
from analysis.numbers.facts import Facts, nan_if_unknown, ratio, value

FORMATS = {"fp8": "FP8", "bf16": "BF16"}
COSTS = ["usd_per_chip_hour", *FORMATS, "tbps"]
RATES = ["fp8_dense_pflops", "hbm_tbps"]


def block_offers(ledger: Ledger) -> pd.DataFrame:
    """Return the newest capacity-block offer of each chip, cheapest peak FP8 first.

    Returns
    -------
    DataFrame
        Rows of prices with the columns of `compute.offers`; costs are NaN where the chip's rate is not published or 0.
    """
    offers = compute.offers(ledger.prices, ledger.chips)
    blocks = offers[offers["pricing"] == "capacity_block"].sort_values("as_of", kind="stable")
    newest = blocks.drop_duplicates("instance", keep="last")
    finite = newest.assign(**{c: newest[c].where(np.isfinite(newest[c])) for c in COSTS})
    return finite.sort_values("fp8").drop_duplicates("chip")


def peak_prices(offers: pd.DataFrame) -> pd.DataFrame:
    """Return the cost of peak rates of offers: chip, as_of, format, cost (US$ per dense PFLOP-hour), label."""
    long = offers.melt(["chip", "as_of"], list(FORMATS), var_name="format", value_name="cost").dropna(subset="cost")
    return long.assign(format=long["format"].map(FORMATS), label=[formats.amount(v, "usd") for v in long["cost"]])


def price_finding(ledger: Ledger, scenario: str, offers: pd.DataFrame) -> str:
    """Return in a sentence how much cheaper the offer is than its rival, or which one is the cheapest."""
    found = {r.key: r.value for r in numbers.chip_price(ledger, scenario)}
    more = found["amazon.advantage_fp8"]
    if more is not None and more > 0:
        return f"At list price {OFFER} gives {formats.rounded(more, 0)}% more peak FP8 for a dollar than an {RIVAL}"
    best = offers.iloc[0]
    return (
        f"{best['chip']} is the cheapest peak FP8 among the list prices known, at {formats.amount(best['fp8'], 'usd')}"
    )


def chip_rates(ledger: Ledger) -> pd.DataFrame:
    """Return the chips whose peak rate and bandwidth are both published.

    Returns
    -------
    DataFrame
        Rows of chips with maker (the vendor's name), label (the names of all chips at this point, at the first of
        them) and narrow_label (Amazon's and the yardstick's only, for which a phone has room).
    """
    chips = ledger.chips.dropna(subset=RATES)
    together = chips.groupby(RATES)["chip"].transform(", ".join) if len(chips) else chips["chip"]
    label = together.where(~chips.duplicated(RATES), "")
    is_told = (chips["vendor"] == "amazon") | (chips["chip"] == RIVAL)
    maker = chips["vendor"].map(ledger.name)
    return chips.assign(maker=maker, label=label, narrow_label=label.where(is_told, ""))


def chips_finding(chips: pd.DataFrame) -> str:
    """Return in a sentence how Amazon's newest chip compares with the fastest rival (see `chip_rates`; not for
    none)."""
    is_own = chips["vendor"] == "amazon"
    own = chips[is_own].sort_values(["year", "chip"], na_position="first").tail(1)
    rival = chips[~is_own].sort_values("fp8_dense_pflops", ascending=False, kind="stable").head(1)
    peak, bandwidth = (100 * ratio(value(own, c), value(rival, c)) for c in RATES)
    if pd.isna(peak) or pd.isna(bandwidth):
        return f"{chips.loc[chips['fp8_dense_pflops'].idxmax(), 'chip']} has the highest peak of the chips here"
    return (
        f"A {own['chip'].iloc[0]} has {formats.rounded(peak, 0)}% of the peak and "
        f"{formats.rounded(bandwidth, 0)}% of the bandwidth of the fastest rival"
    )


def break_evens(offers: pd.DataFrame) -> pd.DataFrame:
    """Return the utilisation at which the offer costs the same as each rival, in each format, lowest first.

    Parameters
    ----------
    offers
        One row a chip, as `block_offers` returns them.

    Returns
    -------
    DataFrame
        Columns chip, format, rival (both in words), share (per cent of the rival's utilisation), label.
    """
    own = offers[offers["chip"] == OFFER]
    costs = offers[offers["vendor"] != "amazon"].melt(["chip"], list(FORMATS), var_name="format", value_name="cost")
    costs["share"] = [
        100 * nan_if_unknown(compute.break_even_utilisation, value(own, name), cost)
        for name, cost in zip(costs["format"], costs["cost"], strict=True)
    ]
    frame = costs.dropna(subset="share").sort_values("share", kind="stable", ignore_index=True)
    words = frame["format"].map(FORMATS)
    label = [f"{formats.rounded(v, 0)}%" for v in frame["share"]]
    return frame.assign(format=words, rival=frame["chip"] + ", " + words, label=label)


def claimed_break_even(low: pd.DataFrame, high: pd.DataFrame) -> pd.DataFrame:
    """Return where break-even would lie if a claim of better price-performance held at equal utilisation.

    Parameters
    ----------
    low, high
        The ends of the claim, per cent more for a dollar (one row of metrics or none each).

    Returns
    -------
    DataFrame
        Columns low and high (per cent of the rival's utilisation): one row, or none where the claim is not known.
    """
    ends = {"low": [100 * ratio(100, 100 + value(high))], "high": [100 * ratio(100, 100 + value(low))]}
    return pd.DataFrame(ends).dropna()


def break_even_finding(shares: pd.DataFrame) -> str:
    """Return in a sentence how well the offer must be used (see `break_evens`; not for none)."""
    yardstick = shares[(shares["chip"] == RIVAL) & (shares["format"] == FORMATS["fp8"])]
    row = (yardstick if len(yardstick) else shares).iloc[0]
    article = "an" if row["chip"] == RIVAL else "a"
    return f"{OFFER} breaks even with {article} {row['chip']} if it is used {row['label']} as well"


def chip_counts(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return how many chips the contract's capacity feeds by every choice of power and overhead.

    Returns
    -------
    DataFrame
        Columns watts (W a chip), overhead (ratio), chips (million) and in words power, site, label.
    """
    f = Facts(ledger, "amazon", scenario)
    gw = value(f.deal(AWS), "gw")
    watts, overheads = (dict.fromkeys(f.choices[name]) for name in ("trainium_watts", "power_overhead"))
    rows = [
        (w, o, f"{w:,.0f} W a chip", f"overhead {o:g}", numbers.million_chips(gw, w, o))
        for w in watts
        for o in overheads
    ]
    frame = pd.DataFrame(rows, columns=["watts", "overhead", "power", "site", "chips"]).dropna(ignore_index=True)
    return frame.assign(label=[formats.rounded(v, 1) for v in frame["chips"]])


def chip_counts_finding(counts: pd.DataFrame, aws: pd.DataFrame) -> str:
    """Return in a sentence how many chips the contract feeds (see `chip_counts`; not for none)."""
    least, most = (formats.rounded(v, 1) for v in (counts["chips"].min(), counts["chips"].max()))
    capacity = formats.amount(value(aws, "gw"), "gw")
    return f"{capacity} feeds between {least} and {most} million Trainium chips; Amazon does not say"


def months(offers: pd.DataFrame) -> str:
    """Return the months of the prices, from the oldest to the newest."""
    oldest, newest = f"{offers['as_of'].min():%B %Y}", f"{offers['as_of'].max():%B %Y}"
    return newest if oldest == newest else f"{oldest} to {newest}"


def price_note(ledger: Ledger) -> str:
    """Return the reservations about list prices."""
    note = "Peak rates, not delivered performance; large customers pay less than list."
    prices = ledger.prices
    if ((prices["chip"] == OFFER) & (prices["pricing"] == "on_demand")).any():
        return note
    return f"{note} No on-demand price of {OFFER} is in the ledger, so on demand cannot be compared."


def chips_note(chips: pd.DataFrame) -> str:
    """Return the reservations about the comparison of chips (see `chip_rates`)."""
    note = "A chip is not a system: rivals sell racks of different sizes."
    is_silent = chips.loc[chips["vendor"] == "amazon", "tdp_w"].isna().all()
    return f"Amazon publishes no power for Trainium. {note}" if is_silent else note
