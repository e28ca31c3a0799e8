"""Tables for readers: escaped, linked, searchable, with an address for each row."""

import pandas as pd

from analysis import templates
from analysis.ledger import Ledger, Problem
from analysis.ledger.schema import tables as schema
from analysis.numbers import plaintext
from analysis.numbers.formats import amount_text
from analysis.numbers.index import recent_rows
from analysis.numbers.ledger import unknown
from analysis.numbers.row_keys import row_keys

# Notes on companies are not dated and can tell later news; a figure draws the states of rights.
HIDDEN = {"entities": ("note",), "terms": ("state", "holder")}
BROWSED = ("deals", "metrics", "terms", "sites", "chips", "prices", "outside_models", "entities")
PLAIN = 25  # rows of a ledger table that the page holds; the site's script loads the others when it is touched
STORED = 3  # rows of a browsed table that its text holds
LONG = 40  # characters from which a cell is a sentence
PARTIES = ("payer", "payee", "entity", "vendor", "provider")


class Table:
    """A frame as an HTML table, and as lines of text where a notebook stores it.

    ``ids`` are the rows' ids, ``links`` the addresses behind a column's cells. A ``browsed`` table shows its
    first rows and can be searched, filtered and sorted as a whole by the site's script.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        name: str,
        caption: str,
        ids: list[str] | None = None,
        links: dict[str, list[str]] | None = None,
        is_browsed: bool = False,
    ):
        self.frame, self.name, self.caption = frame, name, caption
        self.ids, self.links, self.is_browsed = ids, links or {}, is_browsed

    @property
    def numeric(self) -> set[str]:
        return {c for c in self.frame.columns if pd.api.types.is_numeric_dtype(self.frame[c]) or c.startswith("US$")}

    def _kind(self, column: str) -> str:
        """Class of a column: numbers are set to the right, sentences get room so that their rows do not grow tall."""
        if column in self.numeric:
            return "rt-r"
        lengths = self.frame[column].astype(str).str.len()
        return "rt-long" if lengths[lengths > 0].quantile(0.75) > LONG else ""

    def _url(self, column: str, row: int) -> str:
        """Address behind a cell: a web address or one of the report's own sources, otherwise empty."""
        url = self.links[column][row] if column in self.links else ""
        return url if url.startswith(("https://", "http://", "references.html#")) else ""

    def _rows(self) -> list[dict[str, object]]:
        """Every row as the template takes it: its id and its cells as text, with the address behind each."""
        columns = list(self.frame.columns)
        text = self.frame.astype(object).where(self.frame.notna(), "").astype(str)
        numeric = self.numeric
        return [
            {
                "id": self.ids[i] if self.ids else "",
                "cells": [
                    {"text": value, "url": self._url(column, i), "is_numeric": column in numeric}
                    for column, value in zip(columns, row, strict=True)
                ],
            }
            for i, row in enumerate(text.itertuples(index=False, name=None))
        ]

    def _repr_html_(self) -> str:
        rows = self._rows()
        table = templates.render(
            "figures/table.html",
            name=self.name,
            caption=self.caption,
            columns=[{"name": c, "kind": self._kind(c)} for c in self.frame.columns],
            rows=rows[:PLAIN] if self.is_browsed else rows,
            count=len(rows),
            is_browsed=self.is_browsed,
        )
        return str(table)

    def __repr__(self) -> str:
        """Lines of text; of a browsed table only the number of rows and the first few, which are its newest facts."""
        caption = f"{self.caption}: {len(self.frame)} rows" if self.is_browsed else self.caption
        shown = self.frame.head(STORED) if self.is_browsed else self.frame
        rows = shown.itertuples(index=False, name=None)
        return plaintext.block(f"table-{self.name}", caption, columns=list(self.frame.columns), rows=rows)


def anchor(row_key: str) -> str:
    """The id of a ledger row on the ledger page."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in row_key)


def _source_urls(ledger: Ledger, rows: pd.DataFrame) -> list[str]:
    """The web address of the source of each row, empty where it has none."""
    return rows["source"].map(ledger.sources.set_index("source")["url"]).fillna("").to_list()


def _shown(frame: pd.DataFrame, name: str, ledger: Ledger) -> pd.DataFrame:
    table = schema()[name]
    out = frame[[c for c in table.columns if c not in HIDDEN.get(name, ())]].copy()
    for field in table.fields:
        if field.name not in out:
            continue
        if field.type == "date":
            out[field.name] = out[field.name].dt.strftime("%Y-%m-%d").fillna("")
        elif field.type in ("number", "integer"):
            out[field.name] = out[field.name].map("{:.10g}".format, na_action="ignore").fillna("")
        elif field.name in PARTIES and name != "entities":
            out[field.name] = out[field.name].map(ledger.name)
    if name == "deals":
        amounts = [amount_text(a, b) for a, b in zip(frame["low_usd_bn"], frame["high_usd_bn"], strict=True)]
        out.insert(out.columns.get_loc("low_usd_bn"), "US$ bn", amounts)
        out = out.drop(columns=["low_usd_bn", "high_usd_bn", "parts"])
    return out


def ledger_table(ledger: Ledger, name: str) -> Table:
    """The latest rows of a table, newest first where it is dated; each source links its page."""
    frame = ledger[name]
    if "as_of" in frame:
        frame = frame.sort_values("as_of", ascending=False, kind="stable")
    shown = _shown(frame, name, ledger)
    links = {}
    if "source" in shown:
        urls, sources = _source_urls(ledger, frame), frame["source"]
        links["source"] = [u or f"references.html#source-{s}" for u, s in zip(urls, sources, strict=True)]
    ids = [anchor(k) for k in row_keys(frame)] if name != "entities" else [f"entities-{e}" for e in frame["entity"]]
    words = {c: c.replace("_usd_bn", ", US$ bn").replace("_", " ") for c in shown.columns}
    return Table(shown.rename(columns=words), name, schema()[name].title, ids, links, is_browsed=True)


def browsed(ledger: Ledger, name: str) -> dict[str, object]:
    """A ledger table as the site's script reads it: rows as text, ids, addresses, how each key came to its state.

    ``history`` has for each key that was stated more than once the day, what was said, the address of its
    source and the id of the row, oldest first.
    """
    table = ledger_table(ledger, name)
    text = table.frame.astype(object).where(table.frame.notna(), "").astype(str)
    found: dict[str, object] = {
        "caption": table.caption,
        "columns": [{"label": c, "numeric": c in table.numeric} for c in text.columns],
        "rows": text.to_numpy().tolist(),
        "ids": table.ids,
        "links": {str(list(text.columns).index(c)): v for c, v in table.links.items()},
    }
    if name in ledger.history:
        found["history"] = _history(ledger, name, table)
    return found


def _history(ledger: Ledger, name: str, table: Table) -> dict[str, list[list[str]]]:
    key = list(schema()[name].key)
    rows = ledger.history[name].sort_values("as_of", kind="stable")
    rows = rows[rows.duplicated(key, keep=False)]
    if rows.empty:
        return {}
    steps = pd.DataFrame(
        {
            "day": rows["as_of"].dt.strftime("%Y-%m-%d"),
            "said": _said(rows, name),
            "url": _source_urls(ledger, rows),
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
        amounts = [amount_text(a, b) for a, b in zip(rows["low_usd_bn"], rows["high_usd_bn"], strict=True)]
        return [
            f"{s}{f', US$ {a} bn' if a else ''}. {n}".strip()
            for s, a, n in zip(rows["status"], amounts, rows["note"], strict=True)
        ]
    if name == "terms":
        return [str(v) for v in rows["after"]]
    if name == "sites":
        planned = rows["planned_gw"].map("{:g} GW planned".format, na_action="ignore").fillna("")
        return [f"{s}. {p} {n}".strip() for s, p, n in zip(rows["status"], planned, rows["note"], strict=True)]
    column = "value" if "value" in rows else "usd_per_hour" if "usd_per_hour" in rows else "note"
    return [f"{v:g}" if isinstance(v, float) else str(v) for v in rows[column]]


def rights(ledger: Ledger, keys: list[str]) -> Table:
    """Steps of some rights, oldest first."""
    rows = ledger.history["terms"]
    rows = rows[rows["term"].isin(keys)].sort_values(["as_of", "term"], kind="stable")
    frame = pd.DataFrame(
        {
            "Day": rows["as_of"].dt.strftime("%Y-%m-%d"),
            "Topic": rows["topic"],
            "Before": rows["before"],
            "From then on": rows["after"],
        }
    )
    return Table(
        frame.reset_index(drop=True),
        "rights",
        "Rights, step by step",
        ids=[anchor(key) for key in row_keys(rows)],
        links={"Day": _source_urls(ledger, rows)},
    )


def changes(ledger: Ledger, days: int = 30) -> Table:
    """Statements about deals that became known in the last days, newest first."""
    rows = recent_rows(ledger, ledger.as_of - pd.Timedelta(days=days))
    frame = pd.DataFrame(
        {
            "Day": rows["as_of"].dt.strftime("%Y-%m-%d"),
            "Who pays whom": rows["payer"].map(ledger.name) + " → " + rows["payee"].map(ledger.name),
            "State": rows["status"] + ", " + rows["kind"],
            "US$ bn": [amount_text(a, b) for a, b in zip(rows["low_usd_bn"], rows["high_usd_bn"], strict=True)],
            "Note": rows["note"],
        }
    )
    return Table(
        frame.reset_index(drop=True),
        "changes",
        f"What changed in {days} days",
        links={"Day": _source_urls(ledger, rows)},
    )


def assumptions_table(ledger: Ledger) -> Table:
    """Our choices, by scenario."""
    rows = ledger["assumptions"]
    numbers = {c: rows[c].map("{:g}".format) for c in ("low", "central", "high")}
    frame = pd.DataFrame(
        {
            "Scenario": rows["scenario"],
            "Choice": rows["parameter"],
            "Low": numbers["low"],
            "Central": numbers["central"],
            "High": numbers["high"],
            "Unit": rows["unit"],
            "Why": rows["rationale"],
        }
    )
    return Table(frame, "assumptions", "Our choices", ids=[anchor(k) for k in row_keys(rows)])


def problems_table(problems: list[Problem]) -> Table:
    """Problems of a ledger, or one line that there are none."""
    rows = [(p.file, str(p.row), p.column, p.message) for p in problems] or [("", "", "", "no problems")]
    frame = pd.DataFrame(rows, columns=["File", "Row", "Column", "What is wrong"])
    return Table(frame, "problems", "Problems of the ledger")


def counts_table(moved: pd.DataFrame) -> Table:
    """How many keys of each table were added, changed, cancelled or removed."""
    keys = moved[moved["column"] != "as_of"].drop_duplicates(["table", "key", "change"])
    counts = keys.groupby(["table", "change"]).size().rename("Rows").reset_index()
    return Table(counts.rename(columns={"table": "Table", "change": "Change"}), "counts", "Rows that moved, by table")


def days_before(ledger: Ledger, days: int) -> str:
    """The day ``days`` before the ledger's, as YYYY-MM-DD."""
    return f"{ledger.as_of - pd.Timedelta(days=days):%Y-%m-%d}"


def steps_table(steps: pd.DataFrame) -> Table:
    """From each key day to the next: what the ledger learned and which key result moved most."""
    frame = pd.DataFrame(
        {
            "Day": steps["day"],
            "Name": steps["name"],
            "Added": steps["added"],
            "Changed": steps["changed"],
            "Cancelled": steps["cancelled"],
            "Moved most": [
                f"{m}: {a} → {b}" if m else ""
                for m, a, b in zip(steps["moved"], steps["was"], steps["now"], strict=True)
            ],
        }
    )
    return Table(frame, "steps", "From one key day to the next")


def unknown_table(ledger: Ledger) -> Table:
    """What has not been published, with the keys of the rows that lack it."""
    frame = unknown(ledger).rename(
        columns={"what": "Not published", "missing": "Rows without it", "of": "Of", "which": "Which"}
    )
    return Table(frame, "unknown", "What the ledger cannot know")
