"""Chapters as files: parameters, results, outputs without noise."""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import nbformat
import nbformat.v4
from nbformat.v4.rwbase import rejoin_lines, split_lines

from analysis import mime_types
from analysis.book.running import manuscript, markup, nodes, parameters
from analysis.book.running.cells import UNUSABLE
from analysis.book.running.problems import uncoloured
from analysis.figures import plain_charts
from analysis.numbers import formats, stories, story_rows

NUM_ROLE = re.compile(r"\{num\}`([^`]+)`")
TEXT_ROLE = re.compile(r"\{(?:term|doc|ref|cite)\}`([^`<]+?)(?:\s*<[^`]*>)?`")
WHEN_BLOCK = re.compile(
    r"^(?P<colons>:{3,})\{when\} +(?P<negated>not +)?(?P<key>\S+)\n(?P<body>.*?)^(?P=colons)$\n?", re.M | re.S
)
NEWS = re.compile(r"^(:{3,})\{news\}[ \t]*\n\1[ \t]*(?:\n|\Z)", re.M)
PARTS = ("value", "low", "high", "date", "bare", "about", "month")  # of a result, as in {num}`key:low`
# Kinds of output, by the beginning of their type, for which pages would need scripts of others.
UNSHOWABLE = {
    "application/javascript": "a script",
    "application/vnd.jupyter.widget": "a widget",
    "text/latex": "a formula in LaTeX",
}
MARKUP = re.compile(r"([\\`*_{}\[\]<>$|#~])")  # characters of a fact that Markdown would read as its own
BACKSLASHED = r"\\\1"
Book = TypeVar("Book", bound=dict[str, Any])  # a notebook as its JSON says, or as nodes
Told = Mapping[str, Sequence[story_rows.Row]]  # what the ledger says of each key that a story names


def chapters(directory: Path) -> list[Path]:
    """The notebooks of a directory in the order of their names."""
    return sorted(p for p in directory.glob("*.ipynb") if manuscript.STEM.match(p.stem))


def read(path: Path) -> nbformat.NotebookNode:
    """Return a notebook, stored or executed, its texts whole.

    Raises
    ------
    ManuscriptError : when the file is no notebook of format 4.
    """
    return rejoin_lines(nodes.of(manuscript.read_notebook(path)))


def read_all(directory: Path) -> dict[str, nbformat.NotebookNode]:
    """Return the notebooks of a directory by the names of their chapters, in order; see `read`."""
    return {path.stem: read(path) for path in chapters(directory)}


def news_cell(facts: Sequence[tuple[str, str]] | None = None) -> nbformat.NotebookNode:
    """The last cell of a chapter that leaves something untold: facts (day and words) or, for the site, a directive."""
    lines = [f"- **{day}:** {MARKUP.sub(BACKSLASHED, words)}" for day, words in facts or ()]
    body = "\n".join(lines) if facts else ":::{news}\n:::"
    return nbformat.v4.new_markdown_cell(f"## What else became known\n\n{body}", id="what-else-became-known")


def has_news(notebook: nbformat.NotebookNode) -> bool:
    """Return whether a chapter says itself where it shows what else became known."""
    return any(cell.cell_type == "markdown" and NEWS.search(cell.source) for cell in notebook.cells)


def copied(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy whose cells, outputs and texts may be changed; what lies deeper, as the data of charts, is shared."""
    found = nbformat.NotebookNode(notebook)
    found.cells = [nbformat.NotebookNode(cell) for cell in notebook.cells]
    for cell in found.cells:
        if "outputs" in cell:
            cell.outputs = [nbformat.NotebookNode(output) for output in cell.outputs]
        for output in cell.get("outputs", []):
            if "data" in output:
                output["data"] = nbformat.NotebookNode(output["data"])
        if "attachments" in cell:
            cell.attachments = {name: nbformat.NotebookNode(data) for name, data in cell.attachments.items()}
    return found


def text_of(notebook: nbformat.NotebookNode) -> str:
    """The notebook's file as Jupyter writes it, text as one string a line: sorted keys, one space, a newline last."""
    lines = split_lines(copied(notebook))
    return json.dumps(lines, indent=1, sort_keys=True, ensure_ascii=False, separators=(",", ": ")) + "\n"


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write the notebook's file."""
    path.write_text(text_of(notebook), encoding="utf-8")


def hand_over(notebook: dict[str, Any], path: Path) -> None:
    """Write a notebook for the next step of a build, which no person reads: on one line, in a fifth of the time."""
    path.write_text(json.dumps(notebook, ensure_ascii=False, sort_keys=True), encoding="utf-8")


def normalise(notebook: Book) -> Book:
    """Drop what differs from run to run (times, paths, versions) and renumber the cells; changes the notebook in
    place.

    The cell that papermill injects is removed, and its values replace the defaults in the parameters cell.
    """
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    injected = [c for c in notebook["cells"] if parameters.INJECTED in c["metadata"].get("tags", [])]
    notebook["cells"] = [c for c in notebook["cells"] if c not in injected]
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", [])
        cell["metadata"] = {"tags": tags} if tags else {}
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    for number, cell in enumerate(code, start=1):
        if injected and parameters.TAG in cell["metadata"].get("tags", []):
            cell["source"] = _parameters(cell["source"], injected[0]["source"])
        cell["execution_count"] = number
        for output in cell["outputs"]:
            output["metadata"] = {}
            if "execution_count" in output:
                output["execution_count"] = number
    return notebook


def _parameters(stored: str, injected: str) -> str:
    """The parameters' cell with the values of a run, without the directory of the tables: a reader has another."""
    lines = stored.splitlines()
    given = {
        name: ast.get_source_segment(injected, statement) or ""
        for name, statement in parameters.assignments(injected).items()
    }
    own = parameters.assignments(stored)
    for name in sorted(own.keys() & given.keys() - {"data"}, key=lambda name: -own[name].lineno):
        lines[own[name].lineno - 1 : own[name].end_lineno] = [given[name]]
    return "\n".join(lines)


def collect(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """Every result that the notebook's outputs carry, in order."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {}).get(mime_types.RESULTS)
            if data:
                found += data["results"]
    return found


def figure_ids(cell: nbformat.NotebookNode) -> list[str]:
    """The ids of the figures that a cell of an executed notebook shows."""
    shown = (o["data"][mime_types.CHART] for o in cell.get("outputs", []) if mime_types.CHART in o.get("data", {}))
    return [spec["usermeta"]["roundtrip"]["id"] for spec in shown]


def figures(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """Every chart specification that the notebook's outputs carry, in order."""
    outputs = (o for c in notebook.cells for o in c.get("outputs", []))
    return [o["data"][mime_types.CHART] for o in outputs if mime_types.CHART in o.get("data", {})]


def _plain_charts(notebook: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    outputs = (o for c in notebook.cells for o in c.get("outputs", []) if mime_types.CHART in o.get("data", {}))
    return (o for o in outputs if plain_charts.is_plain(o["data"][mime_types.CHART]))


def has_plain_charts(notebook: nbformat.NotebookNode) -> bool:
    """Whether an executed notebook shows a chart that was made without `make_figure`."""
    return next(_plain_charts(notebook), None) is not None


def complete_charts(notebook: nbformat.NotebookNode, chapter: str, as_of: str) -> nbformat.NotebookNode:
    """The notebook, changed in place, with what the site needs in each chart that was made without `make_figure`."""
    for number, output in enumerate(_plain_charts(notebook), start=1):
        id = f"fig-{chapter.replace('_', '-')}-plain-{number}"
        output["data"][mime_types.CHART] = nbformat.from_dict(
            plain_charts.completed(output["data"][mime_types.CHART], id, as_of)
        )
    return notebook


def unshowable(cell: nbformat.NotebookNode) -> str | None:
    """Return what a cell shows that no page can, in words; None if it shows nothing of the kind."""
    shown = (mime for output in cell.get("outputs", []) for mime in output.get("data", {}))
    return next((words for mime in shown for end, words in UNSHOWABLE.items() if mime.startswith(end)), None)


def with_plain_prints(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook, changed in place, with what its cells print as a terminal would leave it: without colour codes, and
    of a line that is written over, as progress is, what was written last."""
    for output in (o for cell in notebook.cells for o in cell.get("outputs", []) if o.output_type == "stream"):
        lines = uncoloured(output.text).replace("\r\n", "\n").split("\n")
        output.text = UNUSABLE.sub("", "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines))
    return notebook


def with_figures(notebook: nbformat.NotebookNode, drawn: list[dict[str, Any]]) -> nbformat.NotebookNode:
    """The notebook, changed in place, with what a page shows of each chart in place of its specification."""
    waiting = iter(drawn)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("data", {}).pop(mime_types.CHART, None) is not None:
                output.data[mime_types.FIGURE] = next(waiting)
    return notebook


def part_of(result: dict[str, Any], part: str) -> str:
    """A result as text, whole or one part of it (``value``, ``low``, ``high``, ``date``, ``bare``), or without
    decimals (``about``), or a day's ``month``; no money is "nothing"."""
    unit = result["unit"]
    if part == "":
        return formats.or_nothing(str(result["text"]))
    if part == "date":
        return formats.day(result["as_of"]) if result["as_of"] else formats.UNKNOWN
    if part in ("low", "high", "value"):
        return formats.or_nothing(formats.quantity(result[part], unit))
    if part == "bare":
        return formats.UNKNOWN if result["value"] is None else formats.plain(result["value"], unit)
    if part == "about":
        ends = result["low"], result["high"]
        return formats.or_nothing(formats.about(result["value"], unit, *ends, is_open=result["is_open"]))
    if part == "month":
        return formats.UNKNOWN if result["value"] is None else formats.month(result["value"])
    raise ValueError(f"unknown part {part!r} of {result['key']}; known: {', '.join(PARTS)}")


def filled(
    notebook: nbformat.NotebookNode, known: dict[str, dict[str, Any]], told: Told | None = None
) -> nbformat.NotebookNode:
    """A copy for reading in plain Jupyter, its prose with numbers in place of roles and without conditions.

    Parameters
    ----------
    notebook
        An executed chapter; it is not changed.
    known
        All results of the report by key. A number that is not among them is left as its key in brackets.
    told
        What the ledger says of the keys of its stories.

    Returns
    -------
    nbformat.NotebookNode
        The copy, with the outputs of the original.
    """
    found = copied(notebook)
    shown: set[story_rows.Row] = set()
    for cell in found.cells:
        if cell.cell_type == "markdown":
            cell.source = plain_prose(tell(cell.source, told or {}, shown), known)
    return found


def plain_prose(source: str, known: dict[str, dict[str, Any]]) -> str:
    """Markdown with numbers in place of roles and without conditions: what a reader would see of a few sentences."""
    decided = markup.unfold(NEWS.sub("", decide(source, known)))
    return TEXT_ROLE.sub(r"\1", NUM_ROLE.sub(lambda match: _number(match[1], known), decided))


def _number(target: str, known: dict[str, dict[str, Any]]) -> str:
    """The text of a ``{num}`` role: ``key`` or ``key:part``."""
    key, _, part = target.partition(":")
    return part_of(known[key], part) if key in known else f"[{key}]"


def tell(source: str, told: Told, shown: set[story_rows.Row]) -> str:
    """Markdown with what each story tells in its place.

    ``shown`` holds the rows that the page shows in the ledger's words already, and is added to: once is enough.
    """

    def choice(block: re.Match[str]) -> str:
        chosen = stories.choose(stories.parse(block["key"], block["body"]), told.get(block["key"], ()))
        rows = [row for row in chosen.untold if row not in shown]
        shown.update(rows)
        words = (f"> **From the ledger, {formats.day(r.day)}:** {MARKUP.sub(BACKSLASHED, r.words)}\n" for r in rows)
        quoted = "\n".join(words)
        text = stories.with_days(chosen.text)
        return f"\n{quoted}\n" if rows else text

    return stories.STORY_BLOCK.sub(choice, source)


def decide(source: str, known: dict[str, dict[str, Any]]) -> str:
    """Markdown with the body of each ``{when}`` block whose condition holds, and without the other blocks."""

    def body_if_true(block: re.Match[str]) -> str:
        is_true = block["key"] in known and bool(known[block["key"]]["value"])
        return decide(block["body"], known) if is_true != bool(block["negated"]) else ""

    return WHEN_BLOCK.sub(body_if_true, source)
