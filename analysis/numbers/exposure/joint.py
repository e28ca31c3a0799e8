"""The choices of the stress taken together: which two of them, and how many of all combinations, move a supplier."""

import functools
import itertools

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats, quantities
from analysis.numbers.exposure.accounts import accounts, choices
from analysis.numbers.exposure.liabilities import suppliers
from analysis.numbers.exposure.owed import facts
from analysis.numbers.exposure.reverse import TRIED, needed_share
from analysis.numbers.results import Results

MIDDLE, ENDS = "central", ("low", "high")
# What it means that a choice is at its low or its high end, in a clause.
CLAUSES = {
    "minimum": ("it keeps back little cash", "it keeps back much cash"),
    "growth": ("its other business grows least", "its other business grows most"),
    "capex_after": ("it builds least once its guidance ends", "it builds most once its guidance ends"),
    "running": ("idle capacity saves it least", "idle capacity saves it most"),
    "resale": ("nobody else pays for idle capacity", "others pay most for idle capacity"),
    "lease_years": ("its leases are shortest", "its leases are longest"),
}


@functools.lru_cache(maxsize=8)
def combinations(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the share that each supplier with accounts needs under every combination of the choices.

    Returns
    -------
    DataFrame
        One row a supplier and combination: party, name, a column for each of `reverse.TRIED` ("low", "central" or
        "high", each end that is not the middle), moved (how many of them are at an end) and share (when lenders
        bridge; above 1 or infinite: payment in full is not enough).
    """
    f = facts(ledger, scenario)
    middle, rows = choices(f), []
    open_ends = [
        [MIDDLE, *(end for end in ENDS if getattr(choices(f, **{field: end}), field) != getattr(middle, field))]
        for field in TRIED
    ]
    for party in suppliers(f):
        for combination in itertools.product(*open_ends):
            chosen = choices(f, **dict(zip(TRIED, combination, strict=True)))
            books = accounts(f, party, chosen)
            if books is None:
                break
            moved = sum(end != MIDDLE for end in combination)
            rows.append((party, ledger.name(party), *combination, moved, needed_share(books, chosen, is_bridged=True)))
    return pd.DataFrame(rows, columns=["party", "name", *TRIED, "moved", "share"])


def pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Return the worst two choices for each supplier that any one of them leaves unmoved, of a table of `combinations`.

    Returns
    -------
    DataFrame
        One row a supplier that needs OpenAI's money with two choices at an end, and with none or one of them not: the
        columns of the table, the largest share first.
    """
    alone = table[table["moved"] <= 1].groupby("party")["share"].max()
    two = table[(table["moved"] == 2) & table["party"].isin(alone.index[alone <= 0]) & (table["share"] > 0)]
    worst = two.sort_values("share", ascending=False, kind="stable")
    return worst.drop_duplicates("party").reset_index(drop=True)


def in_words(row: pd.Series) -> str:
    """Return what a row of `pairs` tells, in a clause: what the supplier would need, and if what."""
    ends = [CLAUSES[field][ENDS.index(row[field])] for field in TRIED if row[field] != MIDDLE]
    return f"{need_in_words(row)} if {formats.listed(ends)}"


def need_in_words(row: pd.Series) -> str:
    """Return what the supplier of a row of `pairs` would need, in a clause."""
    needs = formats.amount(100 * row["share"], "pct") if row["share"] < float("inf") else "more than all"
    return f"{row['name']} would need {needs} of OpenAI's payments"


def _part(share: float) -> str:
    """A part of the combinations, in words: none, or its per cent, at least one."""
    return f"{max(round(100 * share), 1)}%" if share else "none"


def joint_choices(ledger: Ledger, scenario: str = "central") -> Results:
    """What two choices at their ends do to the suppliers that one leaves standing, and what all combinations say."""
    f, table = facts(ledger, scenario), combinations(ledger, scenario)
    owes, broken = quantities.outstanding_supply(f), pairs(table)
    needs = table.assign(is_needed=table["share"] > 0).groupby("name")["is_needed"].mean().sort_values(ascending=False)
    told = [f"{name} in {_part(part)}" for name, part in needs.items()]
    how = "Each choice at its low end, middle and high end; a count of combinations, which is no probability."
    return Results(
        [
            f.result(
                "pair",
                "What two choices at their ends would do to suppliers that any one leaves able to pay",
                "; ".join(in_words(row) for _, row in broken.iterrows()) or None,
                "text",
                owes,
            ),
            f.result("has_pair", "Two choices move a supplier that one does not", len(broken) > 0, "flag", owes),
            f.result(
                "combined_needs",
                "In how many combinations of our choices each supplier needs some of OpenAI's money",
                formats.listed(told) or None,
                "text",
                owes,
                how=how,
            ),
            f.result("has_combined", "The choices can be combined", len(table) > 0, "flag", owes),
        ]
    )
