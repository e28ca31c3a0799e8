"""Files that readers download, and scripts with data that pages load on demand: notebooks, figures, tables."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.drawing import cards, charts
from analysis.book.drawing.renderer import VEGA_LITE, renderer
from analysis.book.pages import feed, sbom
from analysis.book.pages.addresses import Addresses
from analysis.book.pages.exports import datapackage
from analysis.book.running import notebooks
from analysis.book.running.files import keep_whole
from analysis.figures import ledger_tables
from analysis.ledger import Ledger, sound_ledgers
from analysis.ledger.schema import tables as schema
from analysis.ledger.sound_ledgers import Checked
from analysis.numbers import formats
from analysis.numbers.story_rows import row_from


def as_script(name: str, key: str, value: object) -> str:
    """A script that keeps a value under ``window[name][key]``. It also loads from the file system; fetch does not."""
    body = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"(window.{name} = window.{name} || {{}})[{json.dumps(key)}] = {body};\n"


def write_notebooks(
    executed: Path,
    site: Path,
    results: dict[str, dict[str, Any]],
    told: dict[str, list[dict[str, Any]]],
    news: dict[str, list[dict[str, Any]]],
    alive: Callable[[], object] = lambda: None,
) -> None:
    """Write the executed chapters with their numbers filled in, for readers to download.

    Parameters
    ----------
    executed
        Folder of the executed notebooks.
    site
        Folder of the site.
    results
        Of the whole report, by key.
    told
        What the ledger says of each key that a story names, as in the report.
    news
        What else became known of each chapter's parties, as in the report.
    alive
        Called before each notebook.
    """
    (site / "notebooks").mkdir(parents=True, exist_ok=True)
    rows = {key: [row_from(entry) for entry in entries] for key, entries in told.items()}
    for path in notebooks.chapters(executed):
        alive()
        filled = notebooks.filled(notebooks.read(path), results, rows)
        if fresh := news.get(path.stem):
            filled.cells.append(notebooks.news_cell([(formats.day(fact["day"]), fact["words"]) for fact in fresh]))
        notebooks.write(filled, site / "notebooks" / path.name)


def write_figure_files(
    chapters: list[Path], site: Path, cache: Path, as_known: str, alive: Callable[[], object] = lambda: None
) -> None:
    """Write for each figure of some chapters its data as CSV, its drawing as SVG and PNG, its specification as a
    script.

    Parameters
    ----------
    chapters
        The executed notebooks.
    site
        Folder of the site.
    cache
        Folder of kept drawings and pictures.
    as_known
        The day in words, for the pictures.
    alive
        Called before each figure.
    """
    (site / "_figures").mkdir(parents=True, exist_ok=True)
    for path in chapters:
        _write_figure_files(notebooks.figures(notebooks.read(path)), site / "_figures", cache, as_known, alive)


def _write_figure_files(
    specs: list[dict[str, Any]], folder: Path, cache: Path, as_known: str, alive: Callable[[], object]
) -> None:
    for spec in specs:
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


def _as_json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def write_results(
    folder: Path, site: dict[str, Any], results: list[dict[str, Any]], waiting: list[str], news: dict[str, list[str]]
) -> None:
    """Write ``results.json``: the day, scenario, digest and commit of a site, its results, and what waits or is new.

    A result is a line, so that two files can be compared; of indented text Python writes much less in a second.

    Parameters
    ----------
    folder
        Where the file goes.
    site
        What ``report.json`` says of the site.
    results
        Of the whole report.
    waiting
        What waits for an editor, a line each.
    news
        The rows (``table:key``) that each chapter's news show.
    """
    named = {key: site[key] for key in ("as_of", "scenario", "digest", "commit")}
    content = {key: _as_json(value) for key, value in (named | {"waiting": waiting, "news": news}).items()}
    lines = ",\n".join(map(_as_json, results))
    content["results"] = f"[\n{lines}\n]"
    text = ",\n".join(f"{_as_json(key)}: {content[key]}" for key in sorted(content))
    (folder / "results.json").write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


def write_ledger_files(
    known: Checked | None,
    data: Path | None,
    as_of: str,
    site: Path,
    cache: Path,
    addresses: Addresses,
    alive: Callable[[], object] = lambda: None,
) -> list[dict[str, Any]]:
    """Write what a site holds of the ledger whatever its chapters say, and the bill of materials.

    Parameters
    ----------
    known
        The ledger, if it has been checked already.
    data, as_of
        Directory of the tables (None: the project's own) and day of the report.
    site
        Folder of the site.
    cache
        Folder of kept files.
    addresses
        Public addresses.

    Returns
    -------
    list of dict
        See `feed.recent_changes`.
    """
    if known:
        sound_ledgers.keep(known)
    ledger = Ledger.load(data, as_of)
    write_tables(ledger, site / "data", addresses)
    write_table_scripts(ledger, site / "_data")
    sbom.write(site / "sbom.json", cache)
    return feed.recent_changes(ledger)


def vega(cache: Path) -> str:
    """Vega, Vega-Lite and Vega-Embed as one script of the site's own, kept in the cache.

    It is wrapped in a function because its top-level names would collide with Sphinx's.
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
    """The bytes of a table's file, without the rows that became known after the ledger's day.

    A table that a ledger need not have and has not is its header alone.
    """
    file = ledger.directory / schema()[name].file
    if not file.exists():
        return (",".join(schema()[name].columns) + "\n").encode()
    data = file.read_bytes()
    if ledger.as_of >= ledger.newest or "as_of" not in schema()[name].columns:
        return data
    header, *rows = data.decode("utf-8-sig").splitlines(keepends=True)
    place = next(csv.reader([header])).index("as_of")
    day = f"{ledger.as_of:%Y-%m-%d}"
    return "".join([header, *(r for r in rows if next(csv.reader([r]))[place] <= day)]).encode()


def write_tables(ledger: Ledger, folder: Path, addresses: Addresses) -> None:
    """Write each table as CSV and Parquet, and all with their descriptor in one archive; the same bytes every time."""
    folder.mkdir(parents=True)
    files = {schema()[name].file: known_lines(ledger, name) for name in schema()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for name in schema():
        frame = ledger.history.get(name, ledger[name])[list(schema()[name].columns)]
        frame.reset_index(drop=True).to_parquet(folder / f"{name}.parquet", index=False)
    package = datapackage.describe(paths.SCHEMA.read_bytes(), files, f"{ledger.as_of:%Y-%m-%d}", addresses)
    described = (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()
    (folder / datapackage.FILE).write_bytes(described)
    with zipfile.ZipFile(folder / "ledger.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted((files | {datapackage.FILE: described}).items()):
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, data)


def write_table_scripts(ledger: Ledger, folder: Path) -> None:
    """Write every row of each table, with the history of each key, for the page that lists them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ledger_tables.BROWSED:
        (folder / f"{name}.js").write_text(
            as_script("roundtripTables", name, ledger_tables.browsed(ledger, name)), encoding="utf-8"
        )
