"""Who holds a right, and since when.

- The state of a right is read from the words of its rows, so that a new row needs no change here: the
  first rule that fits decides. What no rule fits is "held".
- Rows that leave the state as it was are joined to the row before.
"""

from typing import Any

import pandas as pd

RULES = (
    ("disputed", ("legal action", "lawsuit", "suit filed")),
    ("open to others", ("no right of first refusal", "no longer", "on any cloud only")),
    ("first call", ("right of first refusal on new capacity",)),
    ("Amazon", ("aws sole", "amazon sole")),
    ("Microsoft alone", ("exclusive", "azure powers all", "stay on azure", "unchanged")),
)


def state(words: str) -> str:
    """The state a right is in, from the words of its row."""
    text = words.lower()
    return next((name for name, marks in RULES if any(m in text for m in marks)), "held")


def spells(terms: pd.DataFrame, lanes: dict[str, str], until: pd.Timestamp) -> pd.DataFrame:
    """Spells of one state for each right.

    Parameters: every row of the rights known (term, as_of, after, source, …); the rights wanted, by key, with
    the name of their lane; the day on which the last spell ends.
    Returns lane, state, start, end, words, one row a spell, in the order of the lanes and days.
    """
    rows: list[dict[str, Any]] = []
    for term, lane in lanes.items():
        known = terms[terms["term"] == term].sort_values("as_of", kind="stable")
        for row in known.itertuples():
            now = state(row.after)
            if rows and rows[-1]["lane"] == lane:
                rows[-1]["end"] = row.as_of
                if rows[-1]["state"] == now:
                    rows[-1]["end"] = until
                    continue
            rows.append({"lane": lane, "state": now, "start": row.as_of, "end": until, "words": row.after})
    return pd.DataFrame(rows, columns=["lane", "state", "start", "end", "words"])
