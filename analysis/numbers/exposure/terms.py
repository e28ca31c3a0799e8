"""What is known of how firm OpenAI's contracts are, and of whether they may be put off."""

import re

import pandas as pd

from analysis.ledger.schema import PAUSED
from analysis.models import deals as counted
from analysis.numbers import quantities
from analysis.numbers.facts import Facts
from analysis.numbers.words import DEAL_STATES

NOT_PUBLISHED = "not published"
NO_CONTRACT = "not published (no contract yet)"
PART = " (binding in part)"
ONLY = re.compile(r"\bonly\b")
GIGAWATTS = re.compile(r"(\d+(?:\.\d+)?) GW")
# Topics of terms that say whether, when or on what condition a contract must be kept.
DEFERRAL = (
    "Performance clause",
    "binding commitment",
    "cancellability",
    "condition",
    "cost overruns",
    "termination",
    "vendor financing condition",
)


def deferral(f: Facts, party: str) -> tuple[str, pd.DataFrame]:
    """Return what is known of whether OpenAI may put off, reduce or leave its contracts with a supplier, in the
    ledger's words, and the rows. When the sites are to be ready is no answer to that; what only the press tells says
    so."""
    terms = f.ledger.terms
    # The contract of a term is that with the first party named beside OpenAI; it affects the others.
    named = [str(parties).split(";") for parties in terms["parties"]]
    is_theirs = ["openai" in parties and next((p for p in parties if p != "openai"), "") == party for parties in named]
    rows = terms[pd.Series(is_theirs, terms.index, bool) & terms["topic"].isin(DEFERRAL) & (terms["after"] != "")]
    rows, changed = _in_force(f, party, rows)
    if len(changed) and changed["condition"].ne("").any():
        return "; ".join([*rows["after"], *changed.loc[changed["condition"] != "", "condition"]]), changed
    if len(rows):
        kinds = rows["source"].map(f.ledger.sources.set_index("source")["kind"])
        told = zip(rows["after"], kinds, strict=True)
        return "; ".join(f"{after} (by press reports)" if kind == "news" else after for after, kind in told), rows
    owed = quantities.outstanding_supply(f)
    theirs = owed[owed["payee"] == party]
    is_talked = len(theirs) > 0 and theirs["condition"].str.contains(counted.TALKING).all()
    return NO_CONTRACT if is_talked else NOT_PUBLISHED, theirs


def _in_force(f: Facts, party: str, terms: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return which terms of a contract still hold, and the orders whose newer conditions have replaced the others.

    A term speaks of a condition of an order. Once all orders at the supplier that had one on the term's day have
    another or none by a newer row, it no longer holds.
    """
    history = f.ledger.history["deals"].sort_values("as_of", kind="stable")
    owed = quantities.outstanding_supply(f)
    owed = owed[owed["payee"] == party]
    keep, changed = [], owed.head(0)
    for day in terms["as_of"]:
        then = history[history["as_of"] <= day].drop_duplicates("deal", keep="last").set_index("deal")["condition"]
        was = owed["deal"].map(then).fillna("")
        bound = owed[was != ""]
        newer = bound[(bound["condition"] != was[bound.index]) & (bound["as_of"] > day)]
        keep.append(bound.empty or len(newer) < len(bound))
        changed = changed if keep[-1] else newer
    return terms[pd.Series(keep, terms.index, dtype=bool)], changed


def stage(rows: pd.DataFrame) -> str:
    """Return how firm deals are, in words of `DEAL_STATES`, the firmest first."""
    known = set(counted.basis(rows))
    told = [words for basis, words in DEAL_STATES.items() if basis in known]
    at_rest = rows["status"] == PAUSED
    told += ["paused" if at_rest.all() else "partly paused"] * bool(at_rest.any())
    return ", ".join(told) or NOT_PUBLISHED


def _part_binding(f: Facts, party: str) -> list[str]:
    """The terms in force that say that only a part of OpenAI's order at a supplier binds, and newer conditions that
    do."""
    terms = f.ledger.terms
    found = terms[(terms["topic"] == "binding commitment") & terms["after"].str.contains(ONLY)]
    is_theirs = [{"openai", party} <= set(str(parties).split(";")) for parties in found["parties"]]
    rows, changed = _in_force(f, party, found[pd.Series(is_theirs, found.index, dtype=bool)])
    return [*rows["after"], *(words for words in changed["condition"] if ONLY.search(words))]


def is_part_binding(f: Facts, party: str) -> bool:
    """Whether a term says that only a part of OpenAI's order at a supplier binds."""
    return len(_part_binding(f, party)) > 0


def binding_gw(f: Facts, orders: pd.DataFrame) -> float:
    """Return how many gigawatts of orders bind: of a signed one all, or the part that a term names."""
    found = 0.0
    for party, rows in counted.signed(orders).groupby("payee"):
        size = float(rows["gw"].fillna(0.0).sum())
        named = [float(n) for words in _part_binding(f, str(party)) for n in GIGAWATTS.findall(words)]
        found += min([size, *named])
    return found
