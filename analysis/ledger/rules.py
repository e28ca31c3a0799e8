"""What the schema says of a table beyond its single values: references, keys, pairs of columns, what stays the same."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.ledger.cells import Coded, codes, first_rows
from analysis.ledger.problems import FIRST_ROW, Problem, nearest, problems_at, quoted
from analysis.ledger.schema import Table


class Frames(dict[str, pd.DataFrame]):
    """Tables by name; ``texts`` holds the columns of text of each, coded."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, dict[str, Coded]] = {}
        self._places: dict[tuple[str, str, str, str], np.ndarray] = {}

    def codes(self, table: Table, key: Sequence[str]) -> np.ndarray:
        """A number for each row of a table, the same for rows of the same key."""
        return codes(self[table.name], key, self.texts[table.name])

    def places(self, table: str, column: str, other: str, key: str) -> np.ndarray:
        """The place of each row's text among the different ones of another column; -1 where it is not among them."""
        asked = table, column, other, key
        if asked not in self._places:
            self._places[asked] = self.texts[table][column].places_in(self.texts[other][key])
        return self._places[asked]


def _unknown(value: str, table: str, known: set[str]) -> str:
    return f"{quoted(value)} is not in {table}{nearest(value, known)}; add it there or correct it"


def _plain(value: object) -> object:
    return value.date() if isinstance(value, pd.Timestamp) else value


def _is_filled(cells: pd.Series) -> pd.Series:
    return cells.notna() if cells.dtype.kind in "fM" else cells != ""


def references(table: Table, frames: Frames) -> list[Problem]:
    """Keys that the table they refer to does not hold."""
    problems, frame = [], frames[table.name]
    for ref in table.references:
        if ref.table not in frames:
            continue
        is_known = frames.places(table.name, ref.column, ref.table, ref.key) >= 0
        bad = np.flatnonzero(~is_known & ~frames.texts[table.name][ref.column].is_in(""))
        if bad.size:
            values, known = frame[ref.column], set(frames.texts[ref.table][ref.key].values.to_pylist())
            problems += problems_at(table.file, bad, ref.column, lambda i: _unknown(values[i], ref.table, known))
    for field in table.fields:
        if not field.list_of or field.list_of["resource"] not in frames:
            continue
        other = field.list_of["resource"]
        known = set(frames[other][field.list_of["field"]])
        texts = frames.texts[table.name][field.name]
        for i, text in enumerate(texts.values.to_pylist()):
            for part in text.split(field.list_of["separator"]) if text else ():
                if part not in known:
                    message = _unknown(part, other, known)
                    problems += problems_at(table.file, np.flatnonzero(texts.codes == i), field.name, lambda _: message)
    return problems


def unique_keys(table: Table, frames: Frames) -> list[Problem]:
    """Rows whose key is already in a row above."""
    frame, key = frames[table.name], list(table.primary_key)
    again = np.flatnonzero(pd.Series(frames.codes(table, table.primary_key)).duplicated())
    if not again.size:
        return []
    first = frame.reset_index(names="_row").groupby(key, dropna=False, sort=False)["_row"].transform("min")
    name = " and ".join(key)

    def message(i: int) -> str:
        value = quoted(_plain(frame[key[0]][i]))
        return f"{value} has the same {name} as row {first[i] + FIRST_ROW}; keep one, or give it its own day"

    return problems_at(table.file, again, key[0], message)


def rising_days(table: Table, frames: Frames) -> list[Problem]:
    """Rows of an append-only table that are older than the row above with the same key."""
    if not table.is_append_only:
        return []
    frame = frames[table.name]
    key, days = frames.codes(table, table.key), frame["as_of"].to_numpy()
    order = np.argsort(key, kind="stable")
    is_same_key = np.diff(key[order]) == 0
    is_earlier = np.diff(days[order]) < np.timedelta64(0)
    late = np.sort(order[1:][is_same_key & is_earlier])
    rule = "is earlier than the row above it with the same key; new knowledge goes below, with its own day"
    return problems_at(table.file, late, "as_of", lambda i: f"'{pd.Timestamp(days[i]):%Y-%m-%d}' {rule}")


def ordered_pairs(table: Table, frames: Frames) -> list[Problem]:
    """Pairs of columns of which the first is above the second."""
    problems, frame = [], frames[table.name]
    for low, high in table.ordered:
        bad = np.flatnonzero((frame[low] > frame[high]).to_numpy())

        def message(i: int) -> str:
            a, b = (f"{v:g}" if isinstance(v := _plain(frame[c][i]), float) else v for c in (low, high))
            return f"{low} {a} is above {high} {b}; swap or correct them"

        problems += problems_at(table.file, bad, low, message)
    return problems


def distinct_pairs(table: Table, frames: Frames) -> list[Problem]:
    """Pairs of columns that are equal and must not be."""
    problems, frame = [], frames[table.name]
    for one, other in table.distinct:
        bad = np.flatnonzero(frames.places(table.name, other, table.name, one) == frames.texts[table.name][one].codes)
        rule = f"is the same as {one}; they must differ"
        problems += problems_at(table.file, bad, other, lambda i: f"{other} {quoted(frame[other][i])} {rule}")
    return problems


def steady_columns(table: Table, frames: Frames) -> list[Problem]:
    """What must stay the same in all rows of a key, as a deal's parties or a figure's unit; else sums would jump."""
    problems, frame = [], frames[table.name]
    for key, columns in table.steady:
        number = frames.codes(table, key)
        first = first_rows(number)
        name = " and ".join(key)
        rule = f"in the first row of this {name}; a different one needs a {name} of its own"
        for column in columns:
            own = frames.codes(table, [column])
            bad = np.flatnonzero(own != own[first[number]])
            values = frame[column].to_numpy(object)
            was = values[first[number]]
            problems += problems_at(
                table.file, bad, column, lambda i: f"{quoted(values[i])} but {quoted(was[i])} {rule}"
            )
    return problems


def filled_together(table: Table, frames: Frames) -> list[Problem]:
    """Cells that are empty though a column that belongs to them is filled."""
    problems, frame = [], frames[table.name]
    for columns in table.together:
        is_filled = np.column_stack([_is_filled(frame[c]) for c in columns])
        for column, own in zip(columns, is_filled.T):
            bad = np.flatnonzero(is_filled.any(axis=1) & ~own)
            message = f"is empty; {' and '.join(columns)} are filled together or not at all"
            problems += problems_at(table.file, bad, column, lambda _: message)
    return problems


def lasting_columns(table: Table, frames: Frames) -> list[Problem]:
    """Cells that are empty though an earlier row of the key fills them: what was true may no longer be."""
    problems, frame = [], frames[table.name]
    for column in table.lasting:
        is_filled = _is_filled(frame[column])
        bad = np.flatnonzero(is_filled.groupby(frames.codes(table, table.key)).cummax() & ~is_filled)
        message = f"is empty; earlier rows of this {' and '.join(table.key)} have a {column}, so say what it is now"
        problems += problems_at(table.file, bad, column, lambda _: message)
    return problems


RULES: tuple[Callable[[Table, Frames], list[Problem]], ...] = (
    references,
    unique_keys,
    rising_days,
    ordered_pairs,
    distinct_pairs,
    steady_columns,
    filled_together,
    lasting_columns,
)


def find(table: Table, frames: Frames) -> list[Problem]:
    """Every problem of one table, given all tables that could be read."""
    return [problem for rule in RULES for problem in rule(table, frames)]
