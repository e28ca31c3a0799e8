"""Deals that are parts of other deals: the chain of parents, and totals against the sum of their parts."""

import numpy as np
import pandas as pd

from analysis.ledger.cells import first_rows
from analysis.ledger.problems import FIRST_ROW, Problem, problems_at, quoted
from analysis.ledger.rules import Frames
from analysis.ledger.schema import CANCELLED, Table

STATED = ["deal", "as_of", "status", "low_usd_bn", "high_usd_bn", "parts"]
TOLERANCE = 0.05  # US$ bn: published totals are rounded to a tenth


def _on_a_circle(up: np.ndarray) -> np.ndarray:
    """Whether each deal is reached again on the way up from it, over others; ``up`` is the deal above, -1 where none.

    Whoever takes as many steps up as there are deals has left every chain that ends, and walks on a circle.
    """
    at, steps = np.append(up, -1), 1  # the last place stands for the top of every chain
    while steps < len(at) and (at >= 0).any():
        at, steps = at[at], 2 * steps
    found = np.zeros(len(up), bool)
    found[at[at >= 0]] = True
    return found & (up != np.arange(len(up)))


def parents(table: Table, frames: Frames) -> list[Problem]:
    """A deal is part of a total or a claim, and of none of its own parts."""
    deals, texts = frames[table.name], frames.texts[table.name]
    deal, roles = texts["deal"].codes, deals["role"].to_numpy()
    first = first_rows(deal)
    place = frames.places(table.name, "part_of", table.name, "deal")  # of each row's total among the deals
    may_have_parts = texts["role"].is_in("total", "claim")[first]
    wrong = np.flatnonzero((place >= 0) & ~may_have_parts[place])
    circular = np.flatnonzero(_on_a_circle(place[first])[deal])

    def wrong_role(i: int) -> str:
        role = roles[first[place[i]]]
        return f"{quoted(deals['part_of'][i])} has the role {role}; a deal is part of a total or a claim"

    def inside_itself(i: int) -> str:
        return f"{quoted(deals['deal'][i])} would be a part of itself; correct the chain"

    return [
        *problems_at(table.file, wrong, "part_of", wrong_role),
        *problems_at(table.file, circular, "part_of", inside_itself),
    ]


def _bounds(deals: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What an amount may be: "up to" starts at 0, "more than" and undisclosed have no upper end."""
    return deals["low_usd_bn"].fillna(0.0), deals["high_usd_bn"].fillna(np.inf)


def _states(total: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Each total as known on each day that it or one of its parts was restated; ``row`` is where it stands."""
    days = pd.concat([total[["deal", "as_of"]], parts[["part_of", "as_of"]].rename(columns={"part_of": "deal"})])
    days = days.drop_duplicates().merge(total.groupby("deal")["as_of"].min().rename("since"), on="deal")
    days = days[days["as_of"] >= days["since"]].drop(columns="since").sort_values("as_of")
    return pd.merge_asof(days, total.assign(row=total.index).sort_values("as_of"), on="as_of", by="deal")


def _sums(states: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Low and high sum of the parts that were known on each of those days and not cancelled."""
    members = parts[["deal", "part_of"]].drop_duplicates().rename(columns={"deal": "part"})
    pairs = states.merge(members, left_on="deal", right_on="part_of", suffixes=("", "_m")).sort_values("as_of")
    low, high = _bounds(parts)
    is_off = parts["status"] == CANCELLED
    facts = parts.assign(part=parts["deal"], part_low=low.mask(is_off), part_high=high).sort_values("as_of")
    known = pd.merge_asof(pairs, facts[["part", "as_of", "part_low", "part_high"]], on="as_of", by="part")
    known = known[known["part_low"].notna()]
    return known.groupby(["deal", "as_of"]).agg(low=("part_low", "sum"), high=("part_high", "sum")).reset_index()


def totals(table: Table, frames: Frames) -> list[Problem]:
    """Role total against its counted parts, on each day that the total or one of its parts was restated.

    The parts never exceed the total; where they are said to be complete, neither does the total exceed them.
    """
    deals, texts = frames[table.name], frames.texts[table.name]
    # Deals are merged by their number: a million texts take too long.
    number, whole = texts["deal"].codes, frames.places(table.name, "part_of", table.name, "deal")
    is_total = texts["role"].is_in("total") & ~texts["parts"].is_in("")
    has_parts = np.zeros(len(texts["deal"].values), bool)
    has_parts[number[is_total]] = True
    is_part = texts["role"].is_in("payment") & (whole >= 0) & has_parts[whole]
    total = deals.loc[is_total, STATED].assign(deal=number[is_total])
    parts = deals.loc[is_part, STATED].assign(deal=number[is_part], part_of=whole[is_part])
    if total.empty or parts.empty:
        return []
    states = _states(total, parts)
    both = _sums(states, parts).merge(states, on=["deal", "as_of"])
    total_low, total_high = _bounds(both)
    over = both["low"] > total_high + TOLERANCE
    under = (both["parts"] == "complete") & (both["high"] < total_low - TOLERANCE)
    problems = []
    for r in both[(over | under) & (both["status"] != CANCELLED)].itertuples():
        sums = f"{r.low:g}" if r.low == r.high else f"{r.low:g} to {r.high:g}"
        low = "0" if pd.isna(r.low_usd_bn) else f"{r.low_usd_bn:g}"
        high = "no upper end" if pd.isna(r.high_usd_bn) else f"{r.high_usd_bn:g}"
        message = (
            f"total {low} to {high} but its parts on {r.as_of:%Y-%m-%d} add up to {sums}; correct the part or the total"
        )
        column = "high_usd_bn" if over[r.Index] else "low_usd_bn"
        problems.append(Problem(table.file, int(r.row) + FIRST_ROW, column, message))
    return problems
