"""A new chapter on a company: its notebook, its numbers, its figure and its line in the table of contents."""

import contextlib
import keyword
import os
import re
from pathlib import Path

import nbformat
import nbformat.v4

from analysis import paths, templates
from analysis.book.running import manuscript, notebooks
from analysis.ledger import Ledger
from analysis.ledger.problems import nearest, quoted
from analysis.models import deals
from analysis.numbers.company_names import short_name
from analysis.numbers.parties import CHAPTER_PARTIES, chapter_named

CODE = re.compile(r"^```python\n(.*?)^```\n", re.M | re.S)
MODULES = {
    "numbers": "analysis/numbers/{}.py",
    "series": "analysis/numbers/series/{}.py",
    "figures": "analysis/figures/{}.py",
}


def write_chapter(chapter: str, company: str | None = None, after: str | None = None) -> list[Path]:
    """Write the files of a new chapter and name it in the table of contents: all of it or nothing.

    Parameters
    ----------
    chapter
        Its name, which is that of its files and begins the keys of its numbers.
    company
        The key in ``data/entities.csv`` of the company that it is about; by default the one named like the chapter.
    after
        The page that it follows in the contents; by default the last chapter on companies, or else the last page.

    Returns
    -------
    list of Path
        The files written, the table of contents last.

    Raises
    ------
    ValueError
        The name is no name of a chapter or is taken; the ledger knows no such company, or no priced payment of it;
        the contents have no such page. Nothing was written.
    LedgerError, ManuscriptError
        The ledger or the table of contents is unsound.
    OSError
        A file cannot be written; none was.
    """
    _require_free(chapter)
    ledger = Ledger.load()
    company = _company(ledger, chapter, company)
    texts = _modules(chapter, company) | {
        _notebook(chapter): _book(chapter, short_name(ledger.name(company))),
        paths.TOC: _contents_with(chapter, after),
    }
    _write_all(texts)
    return list(texts)


def _notebook(chapter: str) -> Path:
    return paths.CHAPTERS / f"{chapter}.ipynb"


def _require_free(chapter: str) -> None:
    """Raise ValueError where a name cannot be that of a chapter and its modules, or is taken."""
    if not manuscript.STEM.fullmatch(chapter) or keyword.iskeyword(chapter):
        raise ValueError(
            f"{quoted(chapter)} cannot name a chapter: take small letters, digits and underscores, a letter first, "
            "and no word of Python's own."
        )
    page = paths.CHAPTERS / f"{chapter}.md"
    modules = [paths.ROOT / place.format(chapter) for place in MODULES.values()]
    for file in (_notebook(chapter), page, *modules, *(module.with_suffix("") for module in modules)):
        if file.exists():
            raise ValueError(f"the name {chapter} is taken: {manuscript.name_of(file)} exists.")


def _company(ledger: Ledger, chapter: str, company: str | None) -> str:
    """Return the key of a chapter's company; ValueError where the ledger has none, or no priced payment of it."""
    keys = list(ledger.entities["entity"])
    found = company or next((key for key in keys if chapter_named(key) == chapter), chapter)
    if found not in keys:
        hint = f"{nearest(found, keys)}. Add it, or name another with --company."
        raise ValueError(f"data/entities.csv has no company {quoted(found)}{hint}")
    known = deals.payments(ledger.deals)
    own = known[known[["payer", "payee"]].eq(found).any(axis="columns")]
    if deals.is_unpriced(own).all():
        raise ValueError(f"data/deals.csv has no payment to or from {found} at a published price: add one first.")
    return found


def _modules(chapter: str, company: str) -> dict[Path, str]:
    """Return the text of each module of a new chapter."""
    return {
        paths.ROOT / place.format(chapter): _filled(f"{room}.py", chapter=chapter, company=company)
        for room, place in MODULES.items()
    }


def _filled(template: str, **values: str) -> str:
    return templates.render(f"chapter/{template}.jinja", **values) + "\n"


def _book(chapter: str, name: str) -> str:
    """Return the notebook of a new chapter, which has not run yet."""
    shown = notebooks.MARKUP.sub(notebooks.BACKSLASHED, name)
    cells: list[nbformat.NotebookNode] = []
    for place, part in enumerate(CODE.split(_filled("chapter.md", chapter=chapter, name=shown))):
        if not part.strip():
            continue
        id, source = f"{chapter.replace('_', '-')}-{len(cells) + 1:02}", part.strip()
        if place % 2 == 0:
            cells.append(nbformat.v4.new_markdown_cell(source, id=id))
            continue
        tags = ["parameters", "hide-input"] if source.startswith("as_of") else ["hide-input"]
        cells.append(nbformat.v4.new_code_cell(source, id=id, metadata={"tags": tags}))
    return notebooks.text_of(notebooks.normalise(nbformat.v4.new_notebook(cells=cells)))


def _contents_with(chapter: str, after: str | None) -> str:
    """Return the table of contents with a chapter below another page and what belongs to that."""
    listed = manuscript.contents(paths.TOC)
    on_companies = [page for page in listed if page in CHAPTER_PARTIES]
    page = after or [*listed, *on_companies][-1]
    lines = manuscript.read_text(paths.TOC).splitlines()
    entry = re.compile(rf"( *)- file: *{re.escape(page)}(?:\.ipynb|\.md)? *(?:#.*)?")
    place = next((n for n, line in enumerate(lines) if entry.fullmatch(line)), None)
    if place is None:
        raise ValueError(f"{paths.TOC.name} has no line '- file: {page}' below which the chapter could stand.")
    margin = " " * lines[place].index("-")
    end = place + 1
    while end < len(lines) and lines[end].startswith(f"{margin} "):
        end += 1
    return "\n".join([*lines[:end], f"{margin}- file: {chapter}", *lines[end:]]) + "\n"


def _write_all(texts: dict[Path, str]) -> None:
    """Write new files and, last of all, one that is there; where one cannot be written, leave none of the new ones."""
    partial = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in texts}
    placed: list[Path] = []
    try:
        for path, text in texts.items():
            partial[path].write_text(text, encoding="utf-8")
        for path in texts:
            partial[path].replace(path)
            placed.append(path)
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise
    finally:
        for path in partial.values():
            with contextlib.suppress(OSError):
                path.unlink()
