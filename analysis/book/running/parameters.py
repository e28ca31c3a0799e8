"""The cell that holds a chapter's parameters, which a build sets: what of it would be ignored or set wrongly.

Papermill puts a cell with the values that a build gives below the cell with the tag ``parameters``, and says nothing
when there is none, when another cell sets a name again, or when something was computed from the old value before.
"""

import ast
import json
from collections.abc import Iterator, Sequence
from typing import Any

TAG = "parameters"
INJECTED = "injected-parameters"  # papermill's tag of the cell that it adds
# What a build gives where it differs from these defaults.
DEFAULTS = {"as_of": None, "data": None, "scenario": "central"}
COMPUTED = object()  # stands for a value that only a run would tell
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

Fault = tuple[int | None, int | None, str]  # cell and line, counted from 1, and what to do


def faults(cells: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    """Say what is wrong with the parameters of a chapter, as `manuscript.read_notebook` gives its cells."""
    code = [n for n, cell in enumerate(cells, start=1) if cell["cell_type"] == "code"]
    tagged = [n for n, cell in enumerate(cells, start=1) if TAG in _tags(cell)]
    for number, cell in enumerate(cells, start=1):
        if INJECTED in _tags(cell):
            yield number, None, f"has the tag {INJECTED}: a run with other values left it, so delete the cell"
    for number in tagged[1:]:
        yield number, None, f"has the tag {TAG} like cell {tagged[0]}: only one cell of a chapter holds its parameters"
    if not tagged:
        if code:
            yield None, None, f"has no cell with the tag {TAG}, so a build could not set its day: {_advice(code[0])}"
        return
    if tagged[0] not in code:
        yield tagged[0], None, f"has the tag {TAG} but is no code: {_advice(code[0] if code else None)}"
        return
    if tagged[0] != code[0]:
        yield tagged[0], None, f"has the tag {TAG}, but the code above it would run before the day is set: move it up"
    yield from _own_faults(tagged[0], cells[tagged[0] - 1]["source"])
    for number in code:
        if number not in tagged and INJECTED not in _tags(cells[number - 1]):
            yield from ((number, line, message) for line, message in _set_again(cells[number - 1]["source"]))


def assignments(source: str) -> dict[str, ast.stmt]:
    """Return the last statement that sets each name of a cell, as ``name = value`` or ``name: type = value``."""
    return {name: statement for statement in ast.parse(source).body if (name := _target(statement))}


def _tags(cell: dict[str, Any]) -> list[str]:
    return list(cell["metadata"].get("tags", []))


def _advice(first: int | None) -> str:
    lines = "; ".join(f"{name} = {_as_written(value)}" for name, value in DEFAULTS.items())
    return f"add one{f' above cell {first}' if first else ''} with {lines}"


def _target(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target = statement.target
    else:
        return None
    return target.id if isinstance(target, ast.Name) else None


def _own_faults(number: int, source: str) -> Iterator[Fault]:
    """Say which lines of the cell are no ``name = value``, and which of our names lack or have another value."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, RecursionError, MemoryError):
        return  # told as such
    found: dict[str, object] = {}
    for statement in statements:
        name = _target(statement)
        if name:
            found[name], is_value = _value(statement)
            if not is_value:
                what = f"{name} is computed, before a build sets {', '.join(DEFAULTS)}"
                yield number, statement.lineno, f"{what}: move the line to a cell below"
        elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            text = ast.unparse(statement).splitlines()[0]
            yield number, statement.lineno, f"{text!r} is no parameter (name = value): move the line to a cell below"
    for name, default in DEFAULTS.items():
        line = f"{name} = {_as_written(default)}"
        if name not in found:
            yield number, None, f"lacks {name}, which a build sets: add a line {line}"
        elif found[name] not in (default, COMPUTED):
            where = assignments(source)[name].lineno
            yield number, where, f"{name} is {_as_written(found[name])}, which each build would keep: write {line}"


def _value(statement: ast.stmt) -> tuple[object, bool]:
    """Return the value that a statement gives its name, and whether it is written there rather than computed."""
    assert isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
    try:
        return ast.literal_eval(statement.value), True
    except (ValueError, TypeError):
        return COMPUTED, False


def _as_written(value: object) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _set_again(source: str) -> Iterator[tuple[int, str]]:
    """Say where code outside the cell sets a name that a build sets."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, RecursionError, MemoryError):
        return  # told as such
    for node in _of_the_cell(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        elif isinstance(node, ast.alias):
            name = node.asname or node.name.partition(".")[0]
        else:
            continue
        if name in DEFAULTS:
            yield node.lineno, f"sets {name} again, which a build has set: choose another name"


def _of_the_cell(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below one that is not inside a function, a class or a comprehension, whose names are their own."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (*SCOPES, *COMPREHENSIONS)):
            yield child
            yield from _of_the_cell(child)
