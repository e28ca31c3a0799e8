"""Tables for readers: escaped, linked, searchable, with an address for each row."""

import functools
from typing import Any

import pandas as pd

from analysis import templates
from analysis.ledger import Ledger, Problem
from analysis.numbers import formats, plaintext
from analysis.numbers.deal_changes import statement, weighty
from analysis.numbers.formats import cell_text
from analysis.numbers.headlines.phrases import sentence
from analysis.numbers.headlines.recent import news
from analysis.numbers.ledger import unknown
from analysis.numbers.profiles.addresses import deal_page
from analysis.numbers.row_keys import row_keys
from analysis.numbers.source_names import names_by_key
from analysis.numbers.sustainability.cash import SCENARIO_NAMES

UNITS = {"usd_bn": "US$ bn", "gw": "GW"}  # of choices, for readers
MONTHS = 5  # before that of the report, whose news the page on changes lists
LAST_DAYS = 30  # whose news the first page tells
SAID = "What happened"  # a column of sentences, which need no label on a phone
LONG = 40  # characters from which a cell is a sentence


class Table:
    """A frame as an HTML table, and as lines of text where a notebook stores it.

    ``ids`` are the rows' ids, ``links`` the addresses behind a column's cells, ``groups`` the heading under which each
    row stands. A closed table shows its caption until a reader opens it; a folded one has a fold for each group, of
    which the first is open.
    """

    is_closed = is_folded = False

    def __init__(
        self,
        frame: pd.DataFrame,
        name: str,
        caption: str,
        ids: list[str] | None = None,
        links: dict[str, list[str]] | None = None,
        is_closed: bool = False,
        groups: list[str] | None = None,
    ):
        self.frame, self.name, self.caption = frame, name, caption
        self.ids, self.links, self.groups = ids, links or {}, groups or []
        self.is_closed = is_closed or self.is_closed

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
        return safe_address(self.links[column][row]) if column in self.links else ""

    def _rows(self) -> list[dict[str, object]]:
        """Every row as the template takes it: its id and its cells as text, with the address behind each."""
        columns = list(self.frame.columns)
        text = self.frame.astype(object).where(self.frame.notna(), "").astype(str)
        numeric = self.numeric
        return [
            {
                "id": self.ids[i] if self.ids else "",
                "group": self.groups[i] if self.groups[i : i + 1] != self.groups[i - 1 : i] else "",
                "cells": [
                    {
                        "text": templates.curly(value) if column == SAID else cell_text(value),
                        "url": self._url(column, i),
                        "is_numeric": column in numeric,
                        "label": "" if column == SAID else column,
                    }
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
            is_closed=self.is_closed,
            parts=self._parts(rows),
        )
        return str(table)

    def _parts(self, rows: list[dict[str, object]]) -> list[dict[str, object]]:
        """The rows as one part, or as a part for each group of a folded table."""
        if not self.is_folded:
            return [{"name": "", "rows": rows}]
        parts: list[dict[str, Any]] = []
        for row in rows:
            if row["group"]:
                parts.append({"name": row["group"], "rows": []})
            parts[-1]["rows"].append(row | {"group": ""})
        return parts

    def __repr__(self) -> str:
        rows = self.frame.itertuples(index=False, name=None)
        return plaintext.block(f"table-{self.name}", self.caption, columns=list(self.frame.columns), rows=rows)


def safe_address(url: str) -> str:
    """The address if it is one of the web or of the report's own pages, otherwise empty."""
    return url if url.startswith(("https://", "http://", "references.html#", "companies/", "deals/")) else ""


@functools.lru_cache(maxsize=1 << 14)
def anchor(row_key: str) -> str:
    """The id of a ledger row on the ledger page."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in row_key)


def source_urls(ledger: Ledger, rows: pd.DataFrame) -> list[str]:
    """The web address of the source of each row, empty where it has none."""
    return rows["source"].map(ledger.sources.set_index("source")["url"]).fillna("").to_list()


def _publishers(ledger: Ledger, rows: pd.DataFrame) -> pd.Series:
    """Who published what each row says, and whose page that is."""
    return rows["source"].map(names_by_key(ledger.sources)).fillna(rows["source"])


def rights(ledger: Ledger, keys: list[str]) -> Table:
    """Steps of some rights, oldest first."""
    rows = ledger.history["terms"]
    rows = rows[rows["term"].isin(keys)].sort_values(["as_of", "term"], kind="stable")
    frame = pd.DataFrame(
        {
            "Known on": rows["as_of"].dt.strftime("%Y-%m-%d"),
            "Topic": rows["topic"],
            "Before": rows["before"],
            "Afterwards": rows["after"],
        }
    )
    return Table(
        frame.reset_index(drop=True),
        "rights",
        "Rights, step by step",
        ids=[anchor(key) for key in row_keys(rows)],
        links={"Known on": source_urls(ledger, rows)},
    )


def changes_around_openai(ledger: Ledger) -> Table:
    """What became known of OpenAI's own deals and its partners' in the last days."""
    rows = news(ledger, ledger.as_of - pd.Timedelta(days=LAST_DAYS), is_around_openai=True)
    return _news_table(ledger, rows, f"What changed in {LAST_DAYS} days")


def changes(ledger: Ledger) -> Table:
    """What became known in the month of the report and the `MONTHS` before, the newest first, a fold for each month."""
    since = ledger.as_of.replace(day=1) - pd.offsets.MonthBegin(MONTHS) - pd.Timedelta(days=1)
    rows = news(ledger, since)
    table = _news_table(ledger, rows, f"What became known in this month and the {MONTHS} before")
    table.groups, table.is_folded = [formats.month(day.date()) for day in rows["day"]], True
    return table


def digest(ledger: Ledger) -> Table:
    """What weighs most of the news since the end of the month before, but for the deal that the page begins with."""
    rows = weighty(ledger)
    frame = pd.DataFrame(
        {
            "Day": rows["day"].map("{:%Y-%m-%d}".format),
            SAID: rows["said"],
            "Source": _publishers(ledger, rows),
        }
    )
    links = {"Day": [deal_page(deal) if deal else "" for deal in rows["deal"]], "Source": source_urls(ledger, rows)}
    return Table(frame, "digest", "What else weighs most", links=links)


def _news_table(ledger: Ledger, rows: pd.DataFrame, caption: str) -> Table:
    frame = pd.DataFrame(
        {
            "Day": rows["day"].map("{:%Y-%m-%d}".format),
            SAID: rows["said"],
            "Amount, before → now": [_amounts(*ends) for ends in zip(rows["was"], rows["now"], strict=True)],
            "Source": _publishers(ledger, rows),
        }
    )  # fmt: skip
    links = {"Day": [deal_page(deal) if deal else "" for deal in rows["deal"]], "Source": source_urls(ledger, rows)}
    return Table(frame, "changes", caption, links=links)


def _amounts(was: str, now: str) -> str:
    return f"{was} → {now}" if was and now else now


def assumptions_table(ledger: Ledger) -> Table:
    """Our choices, then those that a scenario makes otherwise."""
    rows = ledger["assumptions"].sort_values("scenario", key=lambda names: names != "central", kind="stable")
    numbers = {c: rows[c].map("{:g}".format) for c in ("low", "central", "high")}
    frame = pd.DataFrame(
        {
            "Choice": rows["parameter"],
            "Low": numbers["low"],
            "Central": numbers["central"],
            "High": numbers["high"],
            "Unit": rows["unit"].replace(UNITS),
            "Why": rows["rationale"],
            "Scenario": rows["scenario"].replace(SCENARIO_NAMES),
        }
    ).reset_index(drop=True)
    caption = f"The {len(frame)} choices, each with its alternatives and why"
    return Table(frame, "assumptions", caption, ids=[anchor(k) for k in row_keys(rows)], is_closed=True)


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
    return Table(frame, "steps", "How many facts came with each of our days, and what moved most", is_closed=True)


def turned_table(ledger: Ledger, turned: pd.DataFrame, resized: pd.DataFrame) -> Table:
    """The deals in another state than before, then those of another amount (see `numbers.deal_changes`), folded."""
    rows = (pd.concat([turned, resized]) if len(resized) else turned).reset_index(drop=True)
    caption = "Which deals have changed status" + " or amount" * bool(len(resized))
    frame = pd.DataFrame(
        {
            "Day": pd.to_datetime(rows["as_of"]).dt.strftime("%Y-%m-%d"),
            SAID: [sentence(statement(ledger, row)) for _, row in rows.iterrows()],
            "Source": _publishers(ledger, rows),
        }
    )
    links = {"Day": [deal_page(deal) for deal in rows["deal"]], "Source": source_urls(ledger, rows)}
    return Table(frame, "turned", caption, links=links, is_closed=True)


def unknown_table(ledger: Ledger) -> Table:
    """What has not been published, with the keys of the rows that lack it."""
    frame = unknown(ledger).rename(
        columns={"what": "Not published", "missing": "Rows without it", "of": "Of", "which": "Which"}
    )
    return Table(frame, "unknown", "What the ledger cannot know")
