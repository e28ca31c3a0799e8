"""How each key of a ledger table came to its state: what the site's script unfolds below a row."""

import pandas as pd

from analysis.figures.tables import anchor, source_urls
from analysis.ledger import Ledger
from analysis.ledger.schema import tables as schema
from analysis.numbers import formats
from analysis.numbers.row_keys import row_keys


def history_of(ledger: Ledger, name: str) -> dict[str, list[list[str]]]:
    """Each key of a table that was stated more than once: day, what was said, source and id of each row, oldest first.

    The keys of the result are the ids of the newest rows.
    """
    key = list(schema()[name].key)
    rows = ledger.history[name].sort_values("as_of", kind="stable")
    rows = rows[rows.duplicated(key, keep=False)]
    if rows.empty:
        return {}
    steps = pd.DataFrame(
        {
            "day": rows["as_of"].dt.strftime("%Y-%m-%d"),
            "said": _said(rows, name),
            "url": source_urls(ledger, rows),
            "id": [anchor(k) for k in row_keys(rows)],
        }
    )
    keys = map(tuple, ledger[name].astype(str)[key].to_numpy())
    newest = dict(zip(keys, [anchor(k) for k in row_keys(ledger[name])], strict=True))
    groups = steps.groupby([newest[tuple(k)] for k in rows.astype(str)[key].to_numpy()], sort=False)
    return {str(id_): group.to_numpy().tolist() for id_, group in groups}


def _said(rows: pd.DataFrame, name: str) -> list[str]:
    """What each row states, in a few words."""
    if name == "deals":
        amounts = [formats.amount_text(a, b) for a, b in zip(rows["low_usd_bn"], rows["high_usd_bn"], strict=True)]
        return [
            f"{s}{f', US$ {a} bn' if a else ''}. {n}".strip()
            for s, a, n in zip(rows["status"], amounts, rows["note"], strict=True)
        ]
    if name in ("terms", "quotes"):
        return [str(v) for v in rows["after" if name == "terms" else "words"]]
    if name == "sites":
        planned = rows["planned_gw"].map("{:g} GW planned".format, na_action="ignore").fillna("")
        return [f"{s}. {p} {n}".strip() for s, p, n in zip(rows["status"], planned, rows["note"], strict=True)]
    column = "value" if "value" in rows else "usd_per_hour" if "usd_per_hour" in rows else "note"
    return [f"{v:g}" if isinstance(v, float) else str(v) for v in rows[column]]
