"""What each quarter added of orders, shares, promises that depend on something, and letters that bind nobody.

Judgements:

- Orders, shares and promises (guarantees, warrants) count once they are signed, at their high end; a letter of intent
  once the firms themselves have announced it. Talks, press reports and plans count nowhere.
- A quarter shows what it added. What a later quarter takes away again is not drawn: it is told at its deal.
- An order that is cut or ended on the day on which others are signed has moved to them: only what they have beyond it
  is added.
"""

import functools

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import SIGNED_STATUSES
from analysis.models import deals as counted
from analysis.numbers.facts import Facts
from analysis.numbers.results import Result
from analysis.numbers.timeline.events import events

WORDS = {
    "orders": "signed orders",
    "shares": "signed purchases of shares",
    "promises": "conditional promises",
    "letters": "letters of intent",
}
KINDS = tuple(WORDS)


@functools.lru_cache(maxsize=4)
def added(ledger: Ledger) -> pd.DataFrame:
    """Return the events that are no claims with kind (one of `KINDS`), quarter (Period) and value (what each added,
    US$ bn at the high end)."""
    found = events(ledger)
    rows = found[found["role"] != "claim"]
    is_letter = rows["is_letter"].astype(bool)
    is_firm = rows["status"].isin(SIGNED_STATUSES) | (is_letter & rows["status"].ne(counted.REPORTED))
    kind = rows["money"].map({"orders": "orders", "equity": "shares"})
    kind = kind.where(rows["role"] != "contingent", "promises").mask(is_letter, "letters")
    rows = rows.assign(kind=kind, firm=rows["size"].where(is_firm & ~rows["is_off"], 0.0))
    most = rows.groupby("deal")["firm"].cummax()
    rows = rows.assign(value=most - most.groupby(rows["deal"]).shift(fill_value=0.0))
    rows = rows.assign(value=rows["value"] * _share_not_moved(rows))
    return rows.assign(quarter=rows["as_of"].dt.to_period("Q"))


@functools.lru_cache(maxsize=4)
def quarters(ledger: Ledger) -> pd.DataFrame:
    """What each quarter added, for every quarter from the first event to the ledger's day.

    Returns
    -------
    DataFrame
        kind (one of `KINDS`), quarter (Period), value (US$ bn at the high end, from 0), deals (how many deals the
        amount is of), largest (the name of the one that added most, or "") and largest_value (US$ bn); by kind and
        quarter.
    """
    found = events(ledger)
    columns = ["kind", "quarter", "value", "deals", "largest", "largest_value"]
    if found.empty:
        return pd.DataFrame(columns=columns)
    rows = added(ledger)
    spans = pd.period_range(found["as_of"].min(), ledger.as_of, freq="Q")
    made = []
    for name in KINDS:
        for span in spans:
            part = rows[(rows["kind"] == name) & (rows["quarter"] == span) & (rows["value"] > 0)]
            by_deal = part.groupby("name")["value"].sum()
            largest = (str(by_deal.idxmax()), float(by_deal.max())) if len(by_deal) else ("", 0.0)
            made.append((name, span, float(part["value"].sum()), part["deal"].nunique(), *largest))
    return pd.DataFrame(made, columns=columns)


def _share_not_moved(rows: pd.DataFrame) -> pd.Series:
    """Of what each row of orders adds, the part (0 to 1) that no other order lost on the same day; 1 for other kinds.

    ``rows`` have as_of, deal, kind, firm (US$ bn after the row) and value (what it adds), by day.
    """
    lost = (rows.groupby("deal")["firm"].shift(fill_value=0.0) - rows["firm"]).clip(lower=0.0)
    is_order = rows["kind"] == "orders"
    sums = rows.assign(lost=lost)[is_order].groupby("as_of")[["value", "lost"]].sum()
    kept = (1 - sums["lost"] / sums["value"].where(sums["value"] > 0)).clip(lower=0.0)
    return rows["as_of"].map(kept).where(is_order).fillna(1.0)


def quarter_words(quarter: pd.Period) -> str:
    """A quarter as a sentence writes it: ``July to September 2025``."""
    return f"{quarter.start_time:%B} to {quarter.end_time:%B %Y}"


def peak(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The row of `quarters` in which most of a kind was added, the first of equals; no row where none was."""
    part = table[(table["kind"] == kind) & (table["value"] > 0)]
    return part.sort_values("value", ascending=False, kind="stable").head(1)


def peaks(f: Facts, ledger: Ledger) -> list[Result]:
    """The largest quarter of each kind, and in which order these came."""
    table = quarters(ledger)
    found = {kind: peak(table, kind) for kind in KINDS}
    rows = f.payments(scope="openai")
    return [r for kind in KINDS for r in _peak_results(f, kind, found[kind], rows)] + _order(f, table, found, rows)


def _peak_results(f: Facts, kind: str, top: pd.DataFrame, rows: pd.DataFrame) -> list[Result]:
    words, has = WORDS[kind], len(top) > 0
    most = float(top["value"].iloc[0]) if has else None
    name = quarter_words(top["quarter"].iloc[0]) if has else None
    how = "High ends of what was signed or, for letters, announced in the quarter."
    return [
        f.result(
            f"{kind}_most", f"Record {words.removeprefix('signed ')} in one quarter", most, "usd_bn", rows, how=how
        ),
        f.result(f"{kind}_quarter", f"Quarter with most {words}", name, "text", rows),
        f.result(f"has_{kind}", f"There are {words}", has, "flag", rows),
    ]


def _order(f: Facts, table: pd.DataFrame, found: dict[str, pd.DataFrame], rows: pd.DataFrame) -> list[Result]:
    firsts = {kind: top["quarter"].iloc[0] for kind, top in found.items() if len(top)}
    is_after = "orders" in firsts and "shares" in firsts and firsts["orders"] < firsts["shares"]
    is_last = is_after and "promises" in firsts and firsts["shares"] < firsts["promises"]
    until = table[table["quarter"] <= firsts["orders"]] if "orders" in firsts else table.head(0)
    sums = until.groupby("kind")["value"].sum()
    is_late = is_after and sums["shares"] < table.loc[table["kind"] == "shares", "value"].sum() / 2
    return [
        f.result(
            "are_shares_late",
            "Most purchases of shares were signed after the largest quarter of orders",
            bool(is_late),
            "flag",
            rows,
        ),
        f.result("is_promises_last", "Promises peaked after both", bool(is_last), "flag", rows),
    ]
