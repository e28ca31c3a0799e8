"""Deals that are parts of other deals: the chain of parents, and totals against the sum of their parts."""

import numpy as np
import pandas as pd

from analysis.ledger.problems import FIRST_ROW, Problem, problems_at, quoted
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


def parents(table: Table, deals: pd.DataFrame) -> list[Problem]:
    """A deal is part of a total or a claim, and of none of its own parts."""
    is_first = ~deals["deal"].duplicated().to_numpy()
    names, roles = pd.Index(deals["deal"][is_first]), deals["role"].to_numpy()[is_first]
    place = names.get_indexer(deals["part_of"])  # of each row's total among the deals, -1 where there is none
    above = pd.Series(np.where(place >= 0, roles[place], None), deals.index)
    wrong = np.flatnonzero((place >= 0) & ~above.isin(["total", "claim"]))
    up = np.where(deals["part_of"][is_first] == "", -1, place[is_first])
    circular = np.flatnonzero(_on_a_circle(up)[names.get_indexer(deals["deal"])])

    def wrong_role(i: int) -> str:
        return f"{quoted(deals['part_of'][i])} has the role {above[i]}; a deal is part of a total or a claim"

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


def totals(table: Table, deals: pd.DataFrame) -> list[Problem]:
    """Role total against its counted parts, on each day that the total or one of its parts was restated.

    The parts never exceed the total; where they are said to be complete, neither does the total exceed them.
    """
    is_total = (deals["role"] == "total") & (deals["parts"] != "")
    is_part = (deals["role"] == "payment") & deals["part_of"].isin(set(deals["deal"][is_total]))
    names = pd.Index(deals["deal"].unique())  # merged by their number: a million texts take too long

    def numbered(rows: pd.Series, *columns: str) -> pd.DataFrame:
        return deals.loc[rows, [*STATED, *columns]].assign(
            **{column: names.get_indexer(deals.loc[rows, column]) for column in ("deal", *columns)}
        )

    total, parts = numbered(is_total), numbered(is_part, "part_of")
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
