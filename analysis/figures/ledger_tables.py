"""The ledger's tables for readers: which six columns stand in sight, by what a table is filtered, what stands behind.

Notes on companies are not dated and can tell later news; they are not shown.
"""

from collections.abc import Callable, Mapping

import pandas as pd

from analysis.figures.browsing import Browsed, Column, Part, texts
from analysis.figures.ledger_history import history_of
from analysis.figures.tables import anchor, source_urls
from analysis.ledger import Ledger
from analysis.ledger.schema import tables as schema
from analysis.numbers import formats
from analysis.numbers.ledger_words import status_words
from analysis.numbers.profiles.addresses import company_page, deal_page
from analysis.numbers.profiles.companies import Profiles
from analysis.numbers.row_keys import row_keys
from analysis.numbers.source_names import names_by_key
from analysis.numbers.words import (
    COMPANY_KINDS,
    COUNTRIES,
    DEAL_WORDS,
    ROLE_NAMES,
    SCOPE_NAMES,
    VERIFIED_NAMES,
)

BROWSED = ("deals", "metrics", "terms", "quotes", "sites", "chips", "prices", "outside_models", "entities")
HIDDEN = {"entities": ("note",), "terms": ("state", "holder")}
SHOWN_ELSEWHERE = ("note", "as_of")
COMMA, ARROW = ", ", " → "


class _Rows:
    """The rows of a table on their way to readers."""

    def __init__(self, ledger: Ledger, name: str):
        frame = ledger[name]
        if "as_of" in frame:
            frame = frame.sort_values("as_of", ascending=False, kind="stable")
        self.ledger, self.name, self.frame = ledger, name, frame
        self.profiles = Profiles(ledger)
        self.pages = self.profiles.statements.by_company
        self.shown: set[str] = set()

    def take(self, column: str, words: Callable[[object], str] = str) -> list[str]:
        """A column as text, which then does not stand in the rest."""
        self.shown.add(column)
        return texts(self.frame, column, words)

    def party(self, key: str) -> Part:
        """A company's name, with its page where it has one."""
        return self.ledger.name(key), company_page(key) if key in self.pages else ""

    def parties(self, column: str) -> list[list[Part]]:
        """A column of companies, separated by semicolons, as links."""
        return [_joined([self.party(key) for key in cell.split(";") if key], COMMA) for cell in self.take(column)]

    def source(self, width: float = 1.4) -> Column:
        """Who first published, linked to the page."""
        urls = source_urls(self.ledger, self.frame)
        publishers = names_by_key(self.ledger.sources)
        cells: list[str | list[Part]] = [
            [(str(publishers.get(key, key)), url or f"references.html#source-{key}")] if key else ""
            for key, url in zip(texts(self.frame, "source"), urls, strict=True)
        ]
        return Column("Source", cells, width)

    def day(self) -> Column:
        """The day on which each row became known."""
        cells = self.take("as_of", lambda day: f"{day:%Y-%m-%d}")
        return Column("Known on", cells, 1.0)

    def table(self, columns: list[Column], facets: Mapping[str, list[str]] | None = None) -> Browsed:
        """The table of these columns, with all others behind each row."""
        table, frame = schema()[self.name], self.frame
        hidden = {*HIDDEN.get(self.name, ()), *SHOWN_ELSEWHERE, *self.shown}
        rest = {}
        for column in table.fields:
            if column.name in hidden or column.name not in frame:
                continue
            words: Callable[[object], str] = str
            if column.type == "date":
                words = lambda day: f"{day:%Y-%m-%d}"  # noqa: E731
            elif column.type in ("number", "integer"):
                words = "{:.10g}".format
            rest[column.name.replace("_usd_bn", ", US$ bn").replace("_", " ")] = texts(frame, column.name, words)
        ids = (
            [anchor(k) for k in row_keys(frame)]
            if self.name != "entities"
            else [f"entities-{e}" for e in frame["entity"]]
        )
        note = texts(frame, "note") if "note" not in HIDDEN.get(self.name, ()) else [""] * len(frame)
        return Browsed(self.name, table.title, ids, columns, note, rest, dict(facets or {}))


def _joined(parts: list[Part], between: str) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        found += [(between, ""), part] if found else [part]
    return found


def _deals(rows: _Rows) -> Browsed:
    frame = rows.frame
    status = [status_words(row) for row in frame.to_dict("records")]
    kinds = rows.take("kind", lambda kind: DEAL_WORDS[str(kind)].heading)
    what: list[str | list[Part]] = [[(k, deal_page(d))] for k, d in zip(kinds, frame["deal"], strict=True)]
    who: list[str | list[Part]] = [
        _joined([rows.party(a), rows.party(b)], ARROW) for a, b in zip(frame["payer"], frame["payee"], strict=True)
    ]
    low, high = frame["low_usd_bn"], frame["high_usd_bn"]
    amounts = [formats.amount_text(a, b) or "undisclosed" for a, b in zip(low, high, strict=True)]
    rows.shown |= {"low_usd_bn", "high_usd_bn", "parts", "status"}
    columns = [
        Column("What", what, 1.1),
        Column("Who pays whom", who, 2.2),
        Column("US$ bn", amounts, 1.1, list(high.fillna(low))),
        Column("Status", status, 1.1),
        rows.day(),
        rows.source(),
    ]
    facets = {
        "Status": status,
        "What": kinds,
        "Counts as": texts(frame, "role", lambda role: ROLE_NAMES.get(str(role), str(role))),
        "Whose": texts(frame, "scope", lambda scope: SCOPE_NAMES.get(str(scope), str(scope))),
        "Checked": _verified(frame),
    }
    return rows.table(columns, facets)


def _verified(frame: pd.DataFrame) -> list[str]:
    return texts(frame, "verified", lambda word: VERIFIED_NAMES.get(str(word), str(word)))


def _value(value: float, unit: str, basis: str) -> str:
    text = formats.amount(value, unit)
    return text if basis in ("actual", "") else f"{text}, {basis}"


def _metrics(rows: _Rows) -> Browsed:
    frame = rows.frame
    told = frame.to_dict("records")
    periods = [rows.profiles.period_words(r) for r in told]
    values = [_value(r["value"], r["unit"], r["basis"]) for r in told]
    rows.shown |= {"value", "unit"}
    metric = [rows.profiles.metric_words(m) for m in frame["metric"]]
    columns = [
        Column("Company", rows.parties("entity"), 1.2),
        Column("What", metric, 1.6),
        Column("Value", values, 1.2, list(frame["value"])),
        Column("For", periods, 1.5),
        rows.day(),
        rows.source(),
    ]
    return rows.table(columns, {"Basis": texts(frame, "basis"), "Checked": _verified(frame)})


def _sentence_case(text: object) -> str:
    return f"{str(text)[:1].upper()}{str(text)[1:]}"


def _terms(rows: _Rows) -> Browsed:
    columns = [
        Column("What", rows.take("topic", _sentence_case), 1.2),
        Column("Between", rows.parties("parties"), 1.5),
        Column("From then on", rows.take("after"), 2.6),
        rows.day(),
        rows.source(),
    ]
    return rows.table(columns, {"Checked": _verified(rows.frame)})


def _quotes(rows: _Rows) -> Browsed:
    who = [Column("Who", rows.take("speaker"), 1.2), Column("For", rows.parties("entity"), 1.0)]
    said = [Column("Words", rows.take("words"), 2.6), Column("Said in", rows.take("occasion"), 1.4)]
    return rows.table([*who, *said, rows.day(), rows.source()], {"Checked": _verified(rows.frame)})


def _sites(rows: _Rows) -> Browsed:
    frame = rows.frame
    place = [
        ", ".join(filter(None, (region, COUNTRIES.get(country, country))))
        for region, country in zip(rows.take("region"), rows.take("country"), strict=True)
    ]
    status = rows.take("status")
    columns = [
        Column("Data centre", rows.take("name"), 1.8),
        Column("Where", place, 1.4),
        Column("GW planned", rows.take("planned_gw", "{:g}".format), 0.8, list(frame["planned_gw"])),
        Column("Status", status, 1.1),
        rows.day(),
        rows.source(),
    ]
    countries = texts(frame, "country", lambda c: COUNTRIES.get(str(c), str(c)))
    return rows.table(columns, {"Status": status, "Country": countries, "Checked": _verified(frame)})


def _chips(rows: _Rows) -> Browsed:
    frame = rows.frame
    vendors = texts(frame, "vendor", lambda key: rows.ledger.name(str(key)))
    columns = [
        Column("Chip", rows.take("chip"), 1.2),
        Column("Maker", rows.parties("vendor"), 1.0),
        Column("Year", rows.take("year", "{:g}".format), 0.6, list(frame["year"])),
        Column("FP8, PFLOPS", rows.take("fp8_dense_pflops", "{:g}".format), 0.8, list(frame["fp8_dense_pflops"])),
        Column("Power, W", rows.take("tdp_w", "{:g}".format), 0.8, list(frame["tdp_w"])),
        rows.source(),
    ]
    return rows.table(columns, {"Maker": vendors})


def _prices(rows: _Rows) -> Browsed:
    frame = rows.frame
    providers = texts(frame, "provider", lambda key: rows.ledger.name(str(key)))
    pricing = texts(frame, "pricing", lambda word: str(word).replace("_", " "))
    columns = [
        Column("Instance", rows.take("instance"), 1.6),
        Column("Provider", rows.parties("provider"), 1.0),
        Column("Chip", rows.take("chip"), 0.9),
        Column("US$ an hour", rows.take("usd_per_hour", "{:.10g}".format), 0.9, list(frame["usd_per_hour"])),
        rows.day(),
        rows.source(),
    ]
    return rows.table(columns, {"Provider": providers, "Pricing": pricing})


def _outside_models(rows: _Rows) -> Browsed:
    frame = rows.frame
    told = zip(frame["value"], frame["unit"], strict=True)
    columns = [
        Column("By", rows.take("publisher"), 1.4),
        Column("What", rows.take("quantity", lambda key: rows.profiles.metric_words(str(key))), 1.8),
        Column("For", rows.take("period"), 0.9),
        Column("Value", [formats.amount(v, u) for v, u in told], 0.9, list(frame["value"])),
        rows.day(),
        rows.source(),
    ]
    rows.shown |= {"value", "unit"}
    return rows.table(columns, {"Direction": texts(frame, "direction")})


def _entities(rows: _Rows) -> Browsed:
    frame = rows.frame
    kinds = rows.take("kind", lambda kind: COMPANY_KINDS.get(str(kind), str(kind)))
    rows.shown.add("name")
    names: list[str | list[Part]] = [[rows.party(key)] for key in frame["entity"]]
    columns = [
        Column("Name", names, 2.0),
        Column("What it is", kinds, 1.6),
        Column("Country", rows.take("country", lambda c: COUNTRIES.get(str(c), str(c))), 1.0),
        Column("Ticker", rows.take("ticker"), 0.8),
    ]
    return rows.table(columns, {"What it is": kinds})


LAYOUTS = {
    "deals": _deals,
    "metrics": _metrics,
    "terms": _terms,
    "quotes": _quotes,
    "sites": _sites,
    "chips": _chips,
    "prices": _prices,
    "outside_models": _outside_models,
    "entities": _entities,
}


def ledger_table(ledger: Ledger, name: str) -> Browsed:
    """The latest rows of a table, newest first where it is dated; names and sources lead to their pages."""
    return LAYOUTS[name](_Rows(ledger, name))


def browsed(ledger: Ledger, name: str) -> dict[str, object]:
    """A ledger table as the site's script reads it (`Browsed.as_data`), with how each key came to its state.

    ``history`` has for each key that was stated more than once the day, what was said, the address of its
    source and the id of the row, oldest first.
    """
    table = ledger_table(ledger, name)
    found = table.as_data()
    if name in ledger.history:
        found["history"] = history_of(ledger, name)
    return found
