"""Published identities: a sum or quotient of published numbers, compared with the published result."""

import ast
import operator

import pandas as pd

from analysis.ledger.problems import FIRST_ROW, Problem, quoted
from analysis.ledger.schema import Table

MAX_FORMULA_LENGTH = 500
ROUNDING = 1e-9  # of binary fractions
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def arithmetic(formula: str) -> float:
    """The value of an expression of numbers, + - * / and brackets. Nothing in it is ever run.

    Raises
    ------
    ValueError
        for anything else, and for a division by zero.
    """

    def value(node: ast.AST) -> float:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value(node.left), value(node.right))
        raise ValueError(f"{quoted(formula)} is not plain arithmetic")

    if len(formula) > MAX_FORMULA_LENGTH:
        raise ValueError(f"{quoted(formula)} is too long for an identity")
    try:
        return value(ast.parse(formula.strip(), mode="eval").body)
    except (SyntaxError, ZeroDivisionError, RecursionError, MemoryError, OverflowError) as error:
        raise ValueError(f"{quoted(formula)} cannot be computed: {type(error).__name__}") from None


def find(table: Table, identities: pd.DataFrame) -> list[Problem]:
    """Identities that do not hold within their tolerance, or cannot be computed."""
    problems = []
    for i, formula, published, tolerance in identities[["formula", "published", "tolerance"]].itertuples():
        row = int(i) + FIRST_ROW
        try:
            ours = arithmetic(formula)
        except ValueError as error:
            problems.append(Problem(table.file, row, "formula", str(error)))
            continue
        if not abs(ours - published) <= tolerance + ROUNDING:
            message = f"{formula} is {ours:.6g}, published {published:g}, more than {tolerance:g} apart"
            problems.append(Problem(table.file, row, "published", message))
    return problems
