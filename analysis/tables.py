"""Tables for readers: escaped, linked, searchable, with an address for each row."""

import hashlib
import html

import pandas as pd

from analysis.ledger import Ledger, Problem
from analysis.ledger.schema import tables as schema
from analysis.numbers.facts import row_keys
from analysis.numbers.index import amount_text, recent_rows

HIDDEN = {"entities": ("note",)}  # notes on companies are not dated and can tell later news
PARTIES = ("payer", "payee", "entity", "vendor", "provider")


class Table:
    """A frame as an HTML table; in a notebook's stored output its text is a short digest."""

    def __init__(
        self,
        frame: pd.DataFrame,
        name: str,
        caption: str,
        ids: list[str] | None = None,
        links: dict[str, list[str]] | None = None,
    ):
        self.frame, self.name, self.caption = frame, name, caption
        self.ids, self.links = ids, links or {}

    def _cell(self, column: str, i: int, value: object) -> str:
        text = html.escape(str(value))
        target = self.links.get(column, [""] * (i + 1))[i]
        if target.startswith(("https://", "http://", "references.html#")):
            text = f'<a href="{html.escape(target, quote=True)}">{text}</a>'
        kind = " class='rt-r'" if column in self.numeric else ""
        return f"<td{kind}>{text}</td>"

    @property
    def numeric(self) -> set[str]:
        return {c for c in self.frame.columns if pd.api.types.is_numeric_dtype(self.frame[c]) or c.startswith("US$")}

    def _repr_html_(self) -> str:
        columns = list(self.frame.columns)
        text = self.frame.astype(object).where(self.frame.notna(), "")
        head = "".join(f"<th scope='col'{' class=rt-r' if c in self.numeric else ''}>{html.escape(str(c))}</th>" for c in columns)
        rows = []
        for i, row in enumerate(text.itertuples(index=False, name=None)):
            cells = "".join(self._cell(c, i, v) for c, v in zip(columns, row, strict=True))
            anchor = f" id='{html.escape(self.ids[i], quote=True)}'" if self.ids else ""
            rows.append(f"<tr{anchor}>{cells}</tr>")
        search = (
            f"<div class='rt-search'><label for='find-{self.name}'>Find</label><input id='find-{self.name}' type='search' "
            f"aria-controls='table-{self.name}' placeholder='company, kind, status, day …'><output for='find-{self.name}'></output></div>"
            if len(self.frame) > 12
            else ""
        )
        return (
            f"{search}<div class='rt-scroll' tabindex='0' role='region' aria-label='{html.escape(self.caption, quote=True)}'>"
            f"<table class='rt-table' id='table-{self.name}'><caption class='rt-hidden'>{html.escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        )

    def __repr__(self) -> str:
        digest = hashlib.sha256(self._repr_html_().encode()).hexdigest()[:12]
        return f"{self.caption}: {len(self.frame)} rows [{digest}]"


def anchor(row_key: str) -> str:
    """The id of a ledger row on the ledger page."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in row_key)


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
        url = ledger.sources.set_index("source")["url"]
        links["source"] = [url.get(s, "") or f"references.html#source-{s}" for s in frame["source"]]
    ids = [anchor(k) for k in row_keys(frame)] if name != "entities" else [f"entities-{e}" for e in frame["entity"]]
    words = {c: c.replace("_usd_bn", ", US$ bn").replace("_", " ") for c in shown.columns}
    return Table(shown.rename(columns=words), name, schema()[name].title, ids, links)


def rights(ledger: Ledger, keys: list[str]) -> Table:
    """Steps of some rights, oldest first."""
    rows = ledger.history["terms"]
    rows = rows[rows["term"].isin(keys)].sort_values(["as_of", "term"], kind="stable")
    url = ledger.sources.set_index("source")["url"]
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
        links={"Day": [url.get(s, "") for s in rows["source"]]},
    )


def changes(ledger: Ledger, days: int = 30) -> Table:
    """Statements about deals that became known in the last days, newest first."""
    rows = recent_rows(ledger, ledger.as_of - pd.Timedelta(days=days))
    url = ledger.sources.set_index("source")["url"]
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
        links={"Day": [url.get(s, "") for s in rows["source"]]},
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
    return Table(pd.DataFrame(rows, columns=["File", "Row", "Column", "What is wrong"]), "problems", "Problems of the ledger")


def counts_table(moved: pd.DataFrame) -> Table:
    """How many keys of each table were added, changed, cancelled or removed."""
    keys = moved[moved["column"] != "as_of"].drop_duplicates(["table", "key", "change"])
    counts = keys.groupby(["table", "change"]).size().rename("Rows").reset_index()
    return Table(counts.rename(columns={"table": "Table", "change": "Change"}), "counts", "Rows that moved, by table")


def days_before(ledger: Ledger, days: int) -> str:
    """The day so many days before the ledger's, as YYYY-MM-DD."""
    return f"{ledger.as_of - pd.Timedelta(days=days):%Y-%m-%d}"
