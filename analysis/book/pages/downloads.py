"""What readers take away and what pages load when touched: figures, tables, archives."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import paths
from analysis.book.drawing import cards, charts
from analysis.book.drawing.renderer import VEGA_LITE, renderer
from analysis.book.pages import markup, sbom
from analysis.book.running import notebooks
from analysis.book.running.files import keep_whole
from analysis.figures import tables
from analysis.ledger import Ledger
from analysis.ledger.schema import tables as schema
from analysis.numbers import formats


def as_script(name: str, key: str, value: object) -> str:
    """A value as a script that keeps it under ``window[name][key]``: also readable from the file system, where fetch is not."""
    body = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"(window.{name} = window.{name} || {{}})[{json.dumps(key)}] = {body};\n"


def of_chapter(
    path: Path,
    site: Path,
    cache: Path,
    as_known: str,
    results: dict[str, dict[str, Any]],
    alive: Callable[[], object] = lambda: None,
) -> None:
    """An executed chapter as a notebook with its numbers filled in; for each of its figures the data as CSV, the drawing as
    SVG and PNG, the specification as a script."""
    folder = site / "_figures"
    for made in (folder, site / "notebooks"):
        made.mkdir(parents=True, exist_ok=True)
    book = notebooks.read(path)
    notebooks.write(notebooks.filled(book, results), site / "notebooks" / path.name)
    for spec in notebooks.figures(book):
        alive()
        meta = spec["usermeta"]["roundtrip"]
        name, count = meta["id"], len(meta["sources"])
        wide, _ = charts.draw(spec, cache / "svg")
        foot = f"Round Trip · {as_known} · {count} source{'s' if count != 1 else ''} · CC BY 4.0"
        card = cards.figure_card(wide, meta["title"], meta["subtitle"], foot)
        (folder / f"{name}.svg").write_text(cards.on_paper(wide), encoding="utf-8")
        (folder / f"{name}.png").write_bytes(cards.to_png(card, cache / "png", name))
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([meta["columns"], *meta["rows"]])
        (folder / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")
        (folder / f"{name}.js").write_text(
            as_script("roundtripSpecs", name, charts.interactive(spec)), encoding="utf-8"
        )


def of_ledger(
    data: Path | None, as_of: str, site: Path, cache: Path, alive: Callable[[], object] = lambda: None
) -> list[dict[str, Any]]:
    """What a site holds of the ledger whatever the chapters say: tables to take away and to browse, the bill of its parts.

    Returns its last `changes`.
    """
    ledger = Ledger.load(data, as_of)
    ledger_files(ledger, site / "data")
    table_scripts(ledger, site / "_data")
    sbom.write(site / "sbom.json", cache)
    return changes(ledger)


def vega(cache: Path) -> str:
    """Vega, Vega-Lite and Vega-Embed as one script of the site's own, in a function of its own, kept in the cache.

    Its top-level names would otherwise collide with Sphinx's.
    """
    from importlib.metadata import version

    kept = cache / f"vega-{version('vl-convert-python')}-{VEGA_LITE}.js"
    if kept.exists() and (text := kept.read_text(encoding="utf-8")).endswith("})();\n"):
        return text
    bundle = renderer().javascript_bundle("window.roundtripVega = { embed: vegaEmbed };", vl_version=VEGA_LITE)
    text = f"(function () {{\n{bundle}\n}})();\n"
    keep_whole(kept, text)
    return text


def known_lines(ledger: Ledger, name: str) -> bytes:
    """The file of a table, without the rows that became known after the ledger's day."""
    data = (ledger.directory / schema()[name].file).read_bytes()
    if ledger.as_of >= ledger.newest or "as_of" not in schema()[name].columns:
        return data
    header, *rows = data.decode("utf-8-sig").splitlines(keepends=True)
    place = next(csv.reader([header])).index("as_of")
    day = f"{ledger.as_of:%Y-%m-%d}"
    return "".join([header, *(r for r in rows if next(csv.reader([r]))[place] <= day)]).encode()


def ledger_files(ledger: Ledger, folder: Path) -> None:
    """Each table as CSV and Parquet, and all of them with their schema in one archive: the same bytes every time."""
    folder.mkdir(parents=True)
    files = {schema()[name].file: known_lines(ledger, name) for name in schema()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for name in schema():
        frame = ledger.history.get(name, ledger[name])[list(schema()[name].columns)]
        frame.reset_index(drop=True).to_parquet(folder / f"{name}.parquet", index=False)
    schema_text = paths.SCHEMA.read_bytes()
    (folder / "datapackage.json").write_bytes(schema_text)
    with zipfile.ZipFile(folder / "ledger.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted((files | {"datapackage.json": schema_text}).items()):
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, data)


def table_scripts(ledger: Ledger, folder: Path) -> None:
    """Every row of each table for the page that lists them, with the history of each key."""
    folder.mkdir(parents=True)
    for name in tables.BROWSED:
        (folder / f"{name}.js").write_text(
            as_script("roundtripTables", name, tables.browsed(ledger, name)), encoding="utf-8"
        )


def changes(ledger: Ledger, most: int = 30) -> list[dict[str, Any]]:
    """The last days on which facts became known, newest first: day, title, items of HTML."""
    from analysis.numbers.formats import amount_text

    history = {name: rows for name, rows in ledger.history.items() if "as_of" in rows}
    days = sorted({d for rows in history.values() for d in rows["as_of"].dropna()}, reverse=True)[:most]
    url = ledger.sources.set_index("source")["url"]
    found = []
    for day in days:
        items = []
        for name, rows in history.items():
            for row in rows[rows["as_of"] == day].to_dict("records"):
                items.append(f"{_sentence(ledger, name, row, amount_text)} ({_cited(row, url)})")
        words = f"{len(items)} fact{'s' if len(items) != 1 else ''} of {formats.day(day.date())}"
        found.append({"day": f"{day:%Y-%m-%d}", "title": words, "items": items})
    return found


def _cited(row: dict[str, Any], url: pd.Series) -> str:
    return markup.link(str(url.get(row["source"], "") or ""), row["source"])


def _sentence(ledger: Ledger, name: str, row: dict[str, Any], amount: Any) -> str:
    """A row of the ledger as a line of text, escaped."""
    if name == "deals":
        text = amount(row["low_usd_bn"], row["high_usd_bn"])
        sum_ = f", US$ {text} bn" if text and text[0].isdigit() else f", {text}" if text else ""
        words = f"{ledger.name(row['payer'])} → {ledger.name(row['payee'])}, {row['kind']}: {row['status']}{sum_}. {row['note']}"
    elif name == "terms":
        words = f"{row['parties']}, {row['topic']}: {row['after']}"
    elif name == "metrics":
        words = f"{ledger.name(row['entity'])}, {row['metric'].replace('_', ' ')}: {row['value']:g} {row['unit']} ({row['basis']})"
    elif name == "sites":
        words = f"{row['name']}: {row['status']}"
    else:
        key = schema()[name].columns[0]
        words = f"{schema()[name].title}: {row[key]}"
    return markup.escape(words.strip())
