"""The notebooks that papermill and MyST-NB write on their way, which no person reads: on one line, in a fifth of the
time."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat.v4.nbjson import BytesEncoder


def _on_one_line(notebook: dict[str, Any], *_: object, **__: object) -> str:
    return json.dumps(notebook, cls=BytesEncoder, ensure_ascii=False, sort_keys=True)


@contextlib.contextmanager
def on_one_line() -> Iterator[None]:
    """Have nbformat write notebooks on one line, and not hold them to their schema, which `notebooks.read` does."""
    written = nbformat.writes
    nbformat.writes = _on_one_line  # type: ignore[assignment]
    try:
        yield
    finally:
        nbformat.writes = written
