"""Single cycles: loops of several parties, and the round trip with one partner."""

from collections.abc import Sequence

import pandas as pd

from analysis.models.circularity.matrices import Matrix, edges_of
from analysis.models.deals import FUNDING_KINDS, SUPPLY_KINDS


def loops(flows: Matrix, max_length: int = 5, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Simple cycles of at most ``max_length`` parties.

    Parameters
    ----------
    flows, names
        As for `maximum_circulation`.
    max_length : int
        The most parties of a cycle.

    Returns
    -------
    DataFrame
        Columns parties (tuple, from the first in order of index), length, bottleneck (smallest payment of the
        cycle) and total (their sum), US$ bn, largest bottleneck first.
    """
    import networkx as nx  # takes a tenth of a second, and most processes never need it

    n, i, j, w = edges_of(flows, names)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from(zip(i.tolist(), j.tolist(), w.tolist(), strict=True))
    rows = []
    for cycle in nx.simple_cycles(graph, length_bound=max_length):
        start = cycle.index(min(cycle))
        ring = cycle[start:] + cycle[:start]
        amounts = [graph[a][b]["weight"] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)]
        label = tuple(names[k] for k in ring) if names is not None else tuple(ring)
        rows.append((label, len(ring), min(amounts), sum(amounts)))
    table = pd.DataFrame(rows, columns=["parties", "length", "bottleneck", "total"])
    return table.sort_values(
        ["bottleneck", "total", "length", "parties"], ascending=[False, False, True, True], ignore_index=True
    )


def round_trip(
    flows: pd.DataFrame,
    firm: str,
    lab: str = "openai",
    rate: float = 0.0,
    amount: str = "high",
    base_year: int | None = None,
) -> dict[str, float]:
    """The money a partner puts into a lab against what the lab pays it, over the same table of years.

    Parameters
    ----------
    flows : DataFrame
        Payments with payer, payee, year and the column named by ``amount`` (US$ bn), and kind if only equity and
        debt count as money in, and only compute, chips and leases as orders back.
    firm, lab : str
        The partner and the lab.
    rate : float
        Yearly discount rate, a share.
    amount : str
        The column of amounts.
    base_year : int, optional
        The year to discount to; the first of the payments between the two if none is given.

    Returns
    -------
    dict
        put_in, paid_back (US$ bn), returned (share of the money in that comes back, at most 1) and
        orders_per_dollar, and the same four discounted, ending in _today; NaN without money in.

    Raises
    ------
    ValueError
        When firm and lab are one.
    """
    if firm == lab:
        raise ValueError(f"{firm!r} cannot make a round trip with itself")
    put = flows[(flows["payer"] == firm) & (flows["payee"] == lab)]
    if "kind" in flows:
        put = put[put["kind"].isin(FUNDING_KINDS)]
    back = flows[(flows["payer"] == lab) & (flows["payee"] == firm)]
    if "kind" in flows:
        back = back[back["kind"].isin(SUPPLY_KINDS)]
    base = base_year if base_year is not None else min([*put["year"], *back["year"]], default=0)
    found: dict[str, float] = {}
    for ending, r in (("", 0.0), ("_today", rate)):
        into, out = (float((rows[amount] / (1 + r) ** (rows["year"] - base)).sum()) for rows in (put, back))
        ratio = out / into if into > 0 else float("nan")
        found |= {
            f"put_in{ending}": into,
            f"paid_back{ending}": out,
            f"returned{ending}": min(ratio, 1.0) if into > 0 else float("nan"),
            f"orders_per_dollar{ending}": ratio,
        }
    return found
