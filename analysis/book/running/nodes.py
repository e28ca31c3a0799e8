"""The nodes of nbformat, made of what JSON says of a notebook."""

from typing import Any

from nbformat import NotebookNode

DEPTH = 4  # of nodes in a notebook: itself, a cell, an output, and its data by type


def of(value: Any, depth: int = DEPTH) -> Any:
    """Return a notebook as nodes; what lies deeper than `DEPTH`, as the data of charts, is large and stays as JSON
    says."""
    if isinstance(value, list):
        return [of(item, depth) for item in value]
    if not isinstance(value, dict) or not depth:
        return value
    return NotebookNode({key: of(item, depth - 1) for key, item in value.items()})
