"""What the picture of vendor finance, then and now, draws and says."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import circularity as numbers
from analysis.numbers import formats
from analysis.numbers.circularity import measures, telecom
from analysis.numbers.company_names import short_name
from analysis.numbers.vendor_finance import THEN, VendorFinance

PROMISED, BEGUN, DRAWN = "promised at most", "in force", "lent or paid out"
OLD, NEW, UNDATED = "loans and guarantees of then", "guarantees of today", "guarantees, start unknown"  # of the bars


def _whole(value: float) -> str:
    return formats.rounded(value, 0)


def _vendor_name(ledger: Ledger, known: VendorFinance) -> str:
    """A vendor and the year of its figures, with a mark where what it promised is an estimate."""
    is_estimate = any("estimate" in set(rows["basis"]) for rows in known.rows if "basis" in rows)
    return f"{short_name(ledger.name(known.vendor))} {known.day:%Y}{', an estimate' if is_estimate else ''}"


def vendors(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return vendor finance over revenue of the same year, of the vendors of which both are known, and the rows behind.

    Returns
    -------
    DataFrame
        One row a bar: name (vendor and year), state, value (per cent of revenue), amount, revenue (US$ bn), label (of
        all bars of a vendor).
    list of DataFrame
        The rows of the ledger it rests on.
    """
    known = [v for v in telecom.finance(measures.facts(ledger, scenario)).values() if v.revenue > 0 and v.committed > 0]
    rows = [
        (_vendor_name(ledger, v), state, 100 * amount / v.revenue, amount, v.revenue, _vendor_label(v))
        for v in known
        for state, amount in ((PROMISED, v.committed), (BEGUN, v.begun), (DRAWN, v.drawn))
        if not pd.isna(amount)
    ]
    frame = pd.DataFrame(rows, columns=["name", "state", "value", "amount", "revenue", "label"])
    return frame, [part for v in known for part in (*v.rows, v.revenue_rows)]


def vendor_bars(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return one bar a vendor of `vendors`: solid what is in force, hollow what is signed beyond it.

    Returns
    -------
    DataFrame
        Columns name, kind (`OLD`, `NEW`, or `UNDATED` where no start is published, so that nothing is drawn as in
        force), low and high (per cent of a year's revenue) and label.
    """
    table, _ = vendors(ledger, scenario)
    found = telecom.finance(measures.facts(ledger, scenario)).values()
    undated = {_vendor_name(ledger, v) for v in found if _is_undated(v)}
    old = {_vendor_name(ledger, v) for v in found if v.vendor in THEN}
    wide = table.pivot_table(index="name", columns="state", values="value", sort=False)
    ends = wide.reindex(columns=[BEGUN, PROMISED]).rename(columns={BEGUN: "low", PROMISED: "high"})
    bars = ends.rename_axis(columns=None).reset_index()
    kinds = [UNDATED if n in undated else OLD if n in old else NEW for n in bars["name"]]
    labels = table.drop_duplicates("name").set_index("name")["label"]
    return bars.assign(
        kind=kinds, low=bars["low"].where([k != UNDATED for k in kinds], 0.0), label=bars["name"].map(labels)
    )


def _is_undated(known: VendorFinance) -> bool:
    """Whether no first day is published of any guarantee that a firm of today has signed."""
    return known.vendor not in THEN and known.begun > 0 and bool(_starts(known).isna().all())


def _starts(known: VendorFinance) -> pd.Series:
    """The first days of a firm's signed guarantees."""
    return counted.signed(known.rows[0])["start"]


def _span(rows: pd.DataFrame) -> str:
    """The year of a vendor's revenue in words: the four quarters to a month, or a fiscal year to it."""
    words = "four quarters" if len(rows) > 1 else "year"
    return f"{words} to {rows['end'].max():%B %Y}"


def vendors_note(ledger: Ledger, scenario: str) -> str:
    """Return what is counted of each vendor, and whose guarantees are drawn as in force though no start is known."""
    f = measures.facts(ledger, scenario)
    today = [v for v in telecom.finance(f).values() if v.vendor not in THEN and v.revenue > 0 and v.committed > 0]
    years = formats.listed([f"{short_name(ledger.name(v.vendor))}, {_span(v.revenue_rows)}" for v in today])
    others = [v for v in today if "openai" not in set(counted.signed(v.rows[0])["scope"])]
    names = formats.listed([f"{short_name(ledger.name(v.vendor))}'s" for v in others])
    partly = [v for v in today if _starts(v).isna().any() and not _is_undated(v)]
    some = formats.listed([f"{short_name(ledger.name(v.vendor))}'s" for v in partly])
    return (
        "Lucent and Nortel lent and guaranteed loans; a guarantee of today is paid only if the customer does not."
        + (f" Revenue: {years}." if years else "")
        + (f" None of {names} are for OpenAI." if names else "")
        + (f" {some} without a published start are drawn as in force." if some else "")
        + " What is only announced is left out."
    )


def _vendor_label(known: VendorFinance) -> str:
    """What a vendor has promised, and what of it is in force if not all is, or was lent, in per cent of its revenue."""
    told = [f"{_whole(100 * known.committed_share)}%"]
    if _is_undated(known):
        told.append("start unknown")
    elif known.begun < known.committed:
        told.append(f"{_whole(100 * known.begun_share)}% in force")
    if not pd.isna(known.drawn):
        told.append(f"{_whole(100 * known.drawn_share)}% lent")
    return ", ".join(told)


def vendors_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence how NVIDIA's guarantees compare with Lucent's commitments, as far as both are known."""
    found = {name: r.value for name, r in numbers.vendors(ledger, scenario).by_name().items()}
    now, then = found["nvidia_of_revenue"], found["lucent_of_revenue"]
    if then is None:
        return "What vendors have promised to lend or guarantee their customers, as a share of a year's revenue"
    if now is None:
        return f"Lucent had promised credit of {_whole(then)}% of a year's revenue"
    told = f"NVIDIA guarantees at most {_whole(now)}% of a year's revenue"
    begun = f", {_whole(found['nvidia_in_force_of_revenue'])}% so far in force" if found["has_to_begin"] else ""
    return f"{told}{begun}; Lucent had promised {_whole(then)}%"
