"""What goes missing if OpenAI pays half, on whom it falls and on whom it falls further: the table of the figure."""

from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure import half

MISSING, PASSED = "not paid to the supplier", "of it, not paid on by the supplier"
MOST_UNTESTED = 2  # suppliers without accounts that are named


def borne(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the table of `half.at_half` as it falls: each supplier with accounts, the others together.

    Returns
    -------
    DataFrame
        name, missing, passed and own (of it borne by itself, NaN where not known), anyway (what it would lack though
        OpenAI paid in full; US$ bn), is_tested, label (in words).
    """
    table = half.at_half(ledger, scenario)
    table = table[table["missing"] >= half.LEAST].assign(name=lambda frame: frame["name"].map(short_name))
    tested, others = table[table["has_accounts"]], table[~table["has_accounts"]]
    rows = [(r.name, r.missing, r.passed_on, r.anyway, True) for r in tested.itertuples(index=False)]
    if len(others):
        names = list(others["name"])
        told = formats.listed(names) if len(names) <= MOST_UNTESTED else f"{formats.spelled(len(names))} others"
        rows.append((told[:1].upper() + told[1:], others["missing"].sum(), 0.0, 0.0, False))
    frame = pd.DataFrame(rows, columns=["name", "missing", "passed", "anyway", "is_tested"])
    own = (frame["missing"] - frame["passed"]).where(frame["is_tested"].astype(bool))
    return frame.assign(own=own, label=[_told(r) for r in frame.itertuples(index=False)])


def _told(row: Any) -> str:
    """What a supplier is not paid, and what of it falls on others as far as that is known."""
    missing = formats.whole_bn(row.missing)
    if not row.is_tested:
        return f"{missing} (too few accounts)"
    return f"{missing}, of it {formats.rounded(row.passed, 0)} passed on" if row.passed >= 1 else missing


def parts(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of `borne` in bars: each supplier's whole (`MISSING`), and within it what it passes on (`PASSED`).

    Columns are name, part, value (US$ bn) and label, in the order of the table.
    """
    rows = []
    for r in table.itertuples(index=False):
        rows.append((r.name, MISSING, r.missing, r.label))
        if r.passed >= 1:
            rows.append((r.name, PASSED, r.passed, r.label))
    return pd.DataFrame(rows, columns=["name", "part", "value", "label"])


def borne_finding(table: pd.DataFrame) -> str:
    """Return in a sentence what suppliers are not paid at half pay and whose creditors bear what of it, of `borne`."""
    whole = formats.whole_bn(table["missing"].sum())
    told, passed = f"If OpenAI pays half, {whole} goes missing", table[table["passed"] >= 1]
    if passed.empty:
        return told
    whose = formats.listed([f"{name}'s" for name in passed["name"]])
    return f"{told}; {formats.whole_bn(passed['passed'].sum())} lands on {whose} creditors"


def anyway_note(table: pd.DataFrame) -> str:
    """Return in a sentence what those who pass on lack though OpenAI pays in full, of `borne`; empty where nothing."""
    passed = table[table["passed"] >= 1]
    anyway = float(passed["anyway"].sum())
    if anyway < 1:
        return ""
    who, verb = formats.listed(list(passed["name"])), "lacks" if len(passed) == 1 else "lack"
    whole = formats.whole_bn(anyway + passed["passed"].sum())
    return f"Left out: {formats.whole_bn(anyway)} that {who} {verb} even if OpenAI pays in full; with it, {whole}."
