"""Every problem of a ledger at once, as ``file:row:column: what is wrong, the value, what would be right``.

The rules come from the schema; this module adds what a table schema cannot say: the latest row of a key
stands below the older ones, rows of role total agree with their parts, published identities hold.
"""

import ast
import difflib
import operator
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import paths
from analysis.ledger import crosschecks, reading_log
from analysis.ledger.assumptions import CENTRAL
from analysis.ledger.problems import Problem, quoted
from analysis.ledger.reading import read
from analysis.ledger.schema import Table, tables
from analysis.ledger.values import typed

MOST = 200
TOLERANCE = 0.05  # US$ bn: published totals are rounded to a tenth


def _say(table: Table, rows: np.ndarray, column: str, message: Callable[[int], str]) -> list[Problem]:
    problems = [Problem(table.file, int(i) + 2, column, message(int(i))) for i in rows[:MOST]]
    if len(rows) > MOST:
        more = f"and {len(rows) - MOST} more rows like it below"
        problems.append(Problem(table.file, int(rows[MOST]) + 2, column, more))
    return problems


def _nearest(value: str, known: set[str]) -> str:
    near = difflib.get_close_matches(value, known, n=1) if len(known) <= 2000 else []
    return f"; nearest is {quoted(near[0])}" if near else ""


def _references(table: Table, frames: dict[str, pd.DataFrame]) -> list[Problem]:
    problems, frame = [], frames[table.name]
    for ref in table.references:
        if ref.table not in frames:
            continue
        known = set(frames[ref.table][ref.key])
        values = frame[ref.column]
        bad = np.flatnonzero(~values.isin(known) & (values != ""))

        def say(i: int) -> str:
            hint = _nearest(values[i], known)
            return f"{quoted(values[i])} is not in {ref.table}{hint}; add it there or correct it"

        problems += _say(table, bad, ref.column, say)
    for field in table.fields:
        if not field.list_of or field.list_of["resource"] not in frames:
            continue
        known = set(frames[field.list_of["resource"]][field.list_of["field"]])
        for text, group in frame.groupby(field.name, sort=False):
            for part in str(text).split(field.list_of["separator"]) if text else ():
                if part not in known:
                    hint = _nearest(part, known)
                    message = f"{quoted(part)} is not in {field.list_of['resource']}{hint}; add it there or correct it"
                    problems += _say(table, group.index.to_numpy(), field.name, lambda _: message)
    return problems


def _plain(value: object) -> object:
    return value.date() if isinstance(value, pd.Timestamp) else value


def _codes(frame: pd.DataFrame, key: tuple[str, ...]) -> np.ndarray:
    """A number for each row, the same for rows of the same key."""
    codes = np.zeros(len(frame), np.int64)
    for column in key:
        part, values = pd.factorize(frame[column], use_na_sentinel=False)
        codes, _ = pd.factorize(codes * (len(values) + 1) + part)
    return codes


def _keys(table: Table, frame: pd.DataFrame) -> list[Problem]:
    key = list(table.primary_key)
    twice = np.flatnonzero(pd.Series(_codes(frame, table.primary_key)).duplicated())
    problems = []
    if twice.size:
        first = frame.reset_index(names="_row").groupby(key, dropna=False, sort=False)["_row"].transform("min")
        name = " and ".join(key)
        problems += _say(
            table,
            twice,
            key[0],
            lambda i: (
                f"{quoted(_plain(frame[key[0]][i]))} has the same {name} as row {first[i] + 2}; keep one, or give it its own day"
            ),
        )
    if table.is_append_only:
        codes = _codes(frame, table.key)
        days = frame["as_of"].to_numpy()
        order = np.argsort(codes, kind="stable")
        same = np.diff(codes[order]) == 0
        back = same & (np.diff(days[order]) < np.timedelta64(0))
        late = np.sort(order[1:][back])
        say = "is earlier than the row above it with the same key; new knowledge goes below, with its own day"
        problems += _say(table, late, "as_of", lambda i: f"'{pd.Timestamp(days[i]):%Y-%m-%d}' {say}")
    return problems


def _pairs(table: Table, frame: pd.DataFrame) -> list[Problem]:
    problems = []
    for low, high in table.ordered:
        bad = np.flatnonzero((frame[low] > frame[high]).to_numpy())

        def say(i: int) -> str:
            a, b = (f"{v:g}" if isinstance(v := _plain(frame[c][i]), float) else v for c in (low, high))
            return f"{low} {a} is above {high} {b}; swap or correct them"

        problems += _say(table, bad, low, say)
    for one, other in table.distinct:
        bad = np.flatnonzero(((frame[one] == frame[other]) & (frame[one] != "")).to_numpy())
        problems += _say(
            table,
            bad,
            other,
            lambda i: f"{other} {quoted(frame[other][i])} is the same as {one}; they must differ",
        )
    return problems


def _steady(table: Table, frame: pd.DataFrame) -> list[Problem]:
    """What stays the same in all rows of a key: a deal's parties and role, a figure's unit. Otherwise sums would jump."""
    problems = []
    for key, columns in table.steady:
        codes = _codes(frame, key)
        _, first = np.unique(codes, return_index=True)
        for column in columns:
            values = frame[column].to_numpy(object)
            was = values[first[codes]]
            name = " and ".join(key)
            say = f"in the first row of this {name}; a different one needs a {name} of its own"
            bad = np.flatnonzero(values != was)
            problems += _say(table, bad, column, lambda i: f"{quoted(values[i])} but {quoted(was[i])} {say}")
    return problems


def _parents(table: Table, deals: pd.DataFrame) -> list[Problem]:
    """A deal is part of a total or a claim, and of none of its own parts."""
    once = deals.drop_duplicates("deal")
    role = dict(zip(once["deal"], once["role"]))
    parent = {deal: above for deal, above in zip(once["deal"], once["part_of"]) if above}

    def is_inside_itself(deal: str) -> bool:
        seen, above = {deal}, parent.get(deal)
        while above and above not in seen:
            seen.add(above)
            above = parent.get(above)
        return above == deal and parent[deal] != deal

    above = deals["part_of"].map(role)
    wrong = np.flatnonzero(above.notna() & ~above.isin(["total", "claim"]))
    problems = _say(
        table,
        wrong,
        "part_of",
        lambda i: f"{quoted(deals['part_of'][i])} has the role {above[i]}; a deal is part of a total or a claim",
    )
    round_trip = np.flatnonzero(deals["deal"].isin({d for d in parent if is_inside_itself(d)}))
    return problems + _say(
        table,
        round_trip,
        "part_of",
        lambda i: f"{quoted(deals['deal'][i])} would be a part of itself; correct the chain",
    )


def _bounds(deals: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What an amount may be: "up to" starts at 0, "more than" and undisclosed have no upper end."""
    return deals["low_usd_bn"].fillna(0.0), deals["high_usd_bn"].fillna(np.inf)


def _totals(table: Table, deals: pd.DataFrame) -> list[Problem]:
    """Role total against its counted parts, on each day that the total or one of its parts was restated."""
    total = deals[(deals["role"] == "total") & (deals["parts"] != "")]
    parts = deals[(deals["role"] == "payment") & deals["part_of"].isin(set(total["deal"]))]
    if total.empty or parts.empty:
        return []
    days = pd.concat(
        [total[["deal", "as_of"]], parts[["part_of", "as_of"]].rename(columns={"part_of": "deal"})]
    ).drop_duplicates()
    days = days.merge(total.groupby("deal")["as_of"].min().rename("since"), on="deal")
    days = days[days["as_of"] >= days["since"]].drop(columns="since").sort_values("as_of")
    total = total.assign(row=total.index).sort_values("as_of")
    state = pd.merge_asof(days, total.assign(known=total["as_of"]), on="as_of", by="deal")
    members = parts[["deal", "part_of"]].drop_duplicates().rename(columns={"deal": "part"})
    pairs = state.merge(members, left_on="deal", right_on="part_of", suffixes=("", "_m")).sort_values("as_of")
    low, high = _bounds(parts)
    facts = parts.assign(part=parts["deal"], lo=low, hi=high, off=parts["status"] == "cancelled").sort_values("as_of")
    joined = pd.merge_asof(pairs, facts[["part", "as_of", "lo", "hi", "off"]], on="as_of", by="part")
    joined = joined[joined["lo"].notna() & (joined["off"] != True)]  # noqa: E712 (NaN: not known yet)
    sums = joined.groupby(["deal", "as_of"]).agg(lo=("lo", "sum"), hi=("hi", "sum")).reset_index()
    both = sums.merge(state, on=["deal", "as_of"])
    total_low, total_high = _bounds(both)
    over = both["lo"] > total_high + TOLERANCE
    under = (both["parts"] == "complete") & (both["hi"] < total_low - TOLERANCE)
    problems = []
    for r in both[(over | under) & (both["status"] != "cancelled")].itertuples():
        parts_range = f"{r.lo:g}" if r.lo == r.hi else f"{r.lo:g} to {r.hi:g}"
        low_text = "0" if np.isnan(r.low_usd_bn) else f"{r.low_usd_bn:g}"
        high_text = "no upper end" if np.isnan(r.high_usd_bn) else f"{r.high_usd_bn:g}"
        message = f"total {low_text} to {high_text} but its parts on {r.as_of:%Y-%m-%d} add up to {parts_range}; correct the part or the total"
        problems.append(Problem(table.file, int(r.row) + 2, "high_usd_bn" if over[r.Index] else "low_usd_bn", message))
    return problems


OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def arithmetic(formula: str) -> float:
    """The value of an expression of numbers, + - * / and brackets.

    Raises ValueError for anything else, without ever running it, and for a division by zero.
    """

    def value(node: ast.AST) -> float:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value(node.left), value(node.right))
        raise ValueError(f"{quoted(formula)} is not plain arithmetic")

    if len(formula) > 500:
        raise ValueError(f"{quoted(formula)} is too long for an identity")
    try:
        return value(ast.parse(formula.strip(), mode="eval").body)
    except (SyntaxError, ZeroDivisionError, RecursionError, MemoryError, OverflowError) as error:
        raise ValueError(f"{quoted(formula)} cannot be computed: {type(error).__name__}") from None


def _scenarios(table: Table, assumptions: pd.DataFrame) -> list[Problem]:
    """A scenario changes what the central one holds; a misspelt parameter would change nothing and say so to nobody."""
    known = set(assumptions.loc[assumptions["scenario"] == CENTRAL, "parameter"])
    bad = np.flatnonzero(~assumptions["parameter"].isin(known))

    def say(i: int) -> str:
        name = assumptions["parameter"][i]
        return f"{quoted(name)} is not in the scenario {CENTRAL}{_nearest(name, known)}; add it there or correct it"

    return _say(table, bad, "parameter", say)


def _identities(table: Table, identities: pd.DataFrame) -> list[Problem]:
    problems = []
    for i, formula, published, tolerance in identities[["formula", "published", "tolerance"]].itertuples():
        try:
            ours = arithmetic(formula)
        except ValueError as error:
            problems.append(Problem(table.file, int(i) + 2, "formula", str(error)))
            continue
        if not abs(ours - published) <= tolerance + 1e-9:
            message = f"{formula} is {ours:.6g}, published {published:g}, more than {tolerance:g} apart"
            problems.append(Problem(table.file, int(i) + 2, "published", message))
    return problems


def examine(directory: Path | str | None = None) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Read and check a ledger: its tables by name (those that could be read) and every problem found."""
    directory = Path(directory) if directory is not None else paths.DATA
    if not directory.is_dir():
        return {}, [Problem(str(directory), 1, "-", "is not a directory; name the one that holds the tables")]
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for table in tables().values():
        text, found = read(directory, table)
        problems += found
        if text is None:
            continue
        frames[table.name], found = typed(text, table)
        problems += found
        if len(frames[table.name]) < table.min_rows:
            message = f"the table has no rows; it needs at least {table.min_rows}"
            problems.append(Problem(table.file, 2, table.columns[0], message))
    for name, frame in frames.items():
        table = tables()[name]
        problems += _references(table, frames) + _keys(table, frame) + _pairs(table, frame) + _steady(table, frame)
    if "assumptions" in frames:
        problems += _scenarios(tables()["assumptions"], frames["assumptions"])
    if "deals" in frames:
        problems += _parents(tables()["deals"], frames["deals"])
        if not problems:  # a total is compared only when amounts and days could be read
            problems += _totals(tables()["deals"], frames["deals"])
    if not problems:
        problems += crosschecks.find(tables(), frames)
    if "checks" in frames:
        problems += _identities(tables()["checks"], frames["checks"])
    return frames, sorted(set(problems))


def check(directory: Path | str | None = None) -> list[Problem]:
    """Every problem of the ledger in ``directory`` (default: the project's own), sorted by file and row.

    Returns an empty list when there is none. Never raises for what is in the files.
    """
    reading_log.used_files(Path(directory) if directory is not None else paths.DATA)
    return examine(directory)[1]
