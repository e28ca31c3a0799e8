"""Chapters as files: parameters, results, outputs without noise."""

import json
import re
from pathlib import Path
from typing import Any

import nbformat

from analysis.numbers import formats, results

STEM = re.compile(r"^[a-z][a-z0-9_]*$")
ROLE = re.compile(r"\{num\}`([^`]+)`")
VEGA = "application/vnd.vegalite.v6+json"
FIGURE = "application/vnd.roundtrip.figure+json"


def chapters(directory: Path) -> list[Path]:
    """The notebooks of a directory in the order of their names."""
    return sorted(p for p in directory.glob("*.ipynb") if STEM.match(p.stem))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def from_json(notebook: dict[str, Any]) -> nbformat.NotebookNode:
    return nbformat.from_dict(notebook)


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write the notebook the same way every time: sorted keys, one space, a newline at the end."""
    text = json.dumps(notebook, sort_keys=True, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop what differs from run to run: times, paths, versions; count the cells anew.

    The cell papermill injects goes, and its values take the place of the defaults in the parameters cell.
    """
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    injected = [c for c in notebook.cells if "injected-parameters" in c.metadata.get("tags", [])]
    notebook.cells = [c for c in notebook.cells if c not in injected]
    count = 0
    for cell in notebook.cells:
        tags = [t for t in cell.metadata.get("tags", []) if t != "injected-parameters"]
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type != "code":
            continue
        if injected and "parameters" in tags:
            # Where the tables lay on the machine of the build is nothing to a reader.
            lines = [
                line
                for line in injected[0].source.splitlines()
                if line.strip() and not line.startswith(("#", "data ="))
            ]
            cell.source = "\n".join(["data = None", *lines])
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            output.metadata = nbformat.from_dict({})
            if "execution_count" in output:
                output.execution_count = count
    return notebook


def collect(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """Every result that the notebook's outputs carry, in order."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {}).get(results.MIME)
            if data:
                found += data["results"]
    return found


def figures(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """Every chart specification that the notebook's outputs carry, in order."""
    outputs = (o for c in notebook.cells for o in c.get("outputs", []))
    return [o["data"][VEGA] for o in outputs if VEGA in o.get("data", {})]


def with_figures(notebook: nbformat.NotebookNode, drawn: list[dict[str, Any]]) -> nbformat.NotebookNode:
    """The notebook, changed in place, with what a page shows of each chart in place of its specification."""
    waiting = iter(drawn)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("data", {}).pop(VEGA, None) is not None:
                output.data[FIGURE] = next(waiting)
    return notebook


def part_of(result: dict[str, Any], part: str) -> str:
    """A result as text, whole or one part of it (``value``, ``low``, ``high``, ``date``, ``bare``)."""
    unit = result["unit"]
    if part == "":
        return str(result["text"])
    if part == "date":
        return formats.day(result["as_of"]) if result["as_of"] else formats.UNKNOWN
    if part in ("low", "high", "value"):
        return formats.figure(result[part], unit)
    if part == "bare":
        return formats.UNKNOWN if result["value"] is None else formats.plain(result["value"], unit)
    raise ValueError(f"unknown part {part!r} of {result['key']}; known: value, low, high, date, bare")


def filled(notebook: nbformat.NotebookNode, known: dict[str, dict[str, Any]]) -> nbformat.NotebookNode:
    """A copy whose prose has its numbers filled in and its conditions decided, for reading in plain Jupyter."""
    copy = nbformat.from_dict(json.loads(json.dumps(notebook)))
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = ROLE.sub(lambda m: _fill(m.group(1), known), decide(cell.source, known))
            cell.source = re.sub(r"\{(?:term|doc|ref|cite)\}`([^`<]+?)(?:\s*<[^`]*>)?`", r"\1", cell.source)
    return copy


def _fill(target: str, known: dict[str, dict[str, Any]]) -> str:
    key, _, part = target.partition(":")
    return part_of(known[key], part) if key in known else f"[{key}]"


WHEN = re.compile(r"^(:{3,})\{when\} +(not +)?(\S+)\n(.*?)^\1$\n?", re.M | re.S)


def decide(source: str, known: dict[str, dict[str, Any]]) -> str:
    """Keep the text of each ``{when}`` block that holds, drop the others."""

    def keep(match: re.Match[str]) -> str:
        _, negated, key, body = match.groups()
        is_true = bool(known[key]["value"]) if key in known else False
        return body if is_true != bool(negated) else ""

    return WHEN.sub(keep, source)
