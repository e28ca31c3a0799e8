"""One module or package a chapter, one function a figure: the ledger in, an Altair chart out."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any


def all_figures() -> dict[str, Callable[..., Any]]:
    """Return every figure function of this room, ``fig_<chapter>_<topic>(ledger, scenario)``, by its name."""
    found: dict[str, Callable[..., Any]] = {}
    for module in sorted(m.name for m in pkgutil.walk_packages(__path__, f"{__name__}.")):
        members = inspect.getmembers(importlib.import_module(module), inspect.isfunction)
        found |= {n: f for n, f in members if n.startswith("fig_") and f.__module__ == module}
    return found
