"""Who holds a right, and since when.

- The state of a right and its holder are columns of the terms: what the words of a row mean is decided by whoever
  enters it, not here.
- A row without a state says nothing about one and is left out.
- Rows that leave state and holder as they were are joined to the row before.
"""

from typing import Any

import pandas as pd

COLUMNS = ["lane", "state", "holder", "start", "end", "words"]


def spells(terms: pd.DataFrame, lanes: dict[str, str], until: pd.Timestamp) -> pd.DataFrame:
    """Spells of one state for each right.

    Parameters
    ----------
    terms : every row of the rights known (term, as_of, state, holder, after)
    lanes : the rights wanted, by key, with the name of their lane
    until : the day on which the last spell ends

    Returns
    -------
    One row a spell, by lane and day: lane, state, holder, start, end, words (those of its first row).
    """
    rows: list[dict[str, Any]] = []
    stated = terms[terms["state"] != ""].sort_values("as_of", kind="stable")
    for term, lane in lanes.items():
        own: list[dict[str, Any]] = []
        for row in stated[stated["term"] == term].itertuples():
            if own and (own[-1]["state"], own[-1]["holder"]) == (row.state, row.holder):
                continue
            if own:
                own[-1]["end"] = row.as_of
            spell = {"lane": lane, "state": row.state, "holder": row.holder}
            own.append(spell | {"start": row.as_of, "end": until, "words": row.after})
        rows += own
    return pd.DataFrame(rows, columns=COLUMNS)
