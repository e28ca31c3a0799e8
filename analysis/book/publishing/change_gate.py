"""The gate a change of the ledger passes: the rules of `ledger.guard`, and key results that move too far.

A change is compared with a revision of the repository or with a directory of tables, each read by its own schema.
"""

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.book.publishing.diff import size
from analysis.ledger import Ledger
from analysis.ledger.checks import examine
from analysis.ledger.corrections import listed
from analysis.ledger.guard import Frames, is_reviewed, lawful, pair_tables, review
from analysis.ledger.problems import Problem
from analysis.ledger.revision import Revision, read_revision
from analysis.ledger.schema import Table, read_schema, tables
from analysis.ledger.table_changes import Change
from analysis.numbers import changes
from analysis.numbers.row_keys import row_keys

FACTOR = 1.5


def _git(*arguments: str) -> bytes:
    """The output of a git command in this repository; a ValueError with git's message where it fails."""
    try:
        done = subprocess.run(["git", "-C", str(paths.ROOT), *arguments], capture_output=True, check=False)
    except OSError as error:
        raise ValueError(f"git is needed to read a revision: {error.strerror}") from None
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace").strip() or "git failed without a message")
    return done.stdout


def _unpack(commit: str, place: str, folder: Path) -> None:
    """Write what a commit holds at a place of the repository into a folder."""
    packed = _git("archive", "--format=tar", commit, "--", place)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def _schema_of(commit: str, folder: Path) -> Mapping[str, Table]:
    """The project's schema as a commit has it; today's if the commit has none."""
    place = (paths.DATA / paths.SCHEMA.name).resolve().relative_to(paths.ROOT.resolve()).as_posix()
    try:
        (folder / "schema.json").write_bytes(_git("show", f"{commit}:{place}"))
    except ValueError:
        return tables()
    return read_schema(folder / "schema.json")


def revision_of(reference: str, data: Path | None) -> Revision:
    """Read a directory, or the ledger as it stands in a revision, by the schema that it has there.

    Parameters
    ----------
    reference : a directory of tables, or a revision of the repository
    data : the directory whose earlier state is wanted (None: the project's own)

    Raises
    ------
    ValueError
        for what is neither, for a directory without tables, and for a ledger outside the repository compared with a
        revision.
    """
    if reference and Path(reference).is_dir():
        revision = read_revision(Path(reference), reference, tables())
        if revision.frames or not revision.schema:
            return revision
        raise ValueError(f"{reference} holds no table that could be read")
    inside = (data or paths.DATA).resolve()
    try:
        place = inside.relative_to(paths.ROOT.resolve()).as_posix()
    except ValueError:
        raise ValueError(f"{inside} is not in this repository; compare it with a directory") from None
    wanted = f"{reference}^{{commit}}"
    try:
        commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", wanted).decode().strip()
    except ValueError:
        raise ValueError(f"{reference!r} is neither a directory nor a revision of this repository") from None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _unpack(commit, place, folder / "tree")
        has_own = (folder / "tree" / place / paths.SCHEMA.name).is_file()
        return read_revision(folder / "tree" / place, reference, {} if has_own else _schema_of(commit, folder))


def moved_too_far(changed: list[Change], new: Frames, factor: float = FACTOR) -> list[Problem]:
    """New rows behind a key result that is more than ``factor`` times what it was, or less than that part of it.

    They pass with ``reviewed`` in the note of one of them: that of the row that moved it. What it was is computed from
    today's tables without the new rows, so that a registry or a schema that has changed does not count as a move.
    """
    fresh = [(c.table, c.added, row_keys(c.added)) for c in changed if c.is_append_only and len(c.added)]
    after = changes.followed(Ledger(new)) if fresh else {}
    behind: dict[str, list[tuple[Table, pd.DataFrame]]] = {key: [] for key in after}
    for key, now in after.items():
        used = set(now.rows)
        behind[key] += [(t, rows[[k in used for k in keys]]) for t, rows, keys in fresh if not used.isdisjoint(keys)]
    if not any(behind.values()):
        return []
    before = changes.followed(Ledger(new | {t.name: new[t.name].drop(rows.index) for t, rows, _ in fresh}))
    problems = []
    for key, now in after.items():
        was = before[key]
        a, b = size(was.as_dict()), size(now.as_dict())
        if not a or not b or 1 / factor <= b / a <= factor:
            continue
        if any(rows["note"].map(is_reviewed).any() for _, rows in behind[key]):
            continue
        message = (
            f"{now.label} moves from {was.text} to {now.text}, more than {factor:g} times; check it, "
            "then write 'reviewed' in the note"
        )
        problems += [Problem(t.file, int(i) + 2, t.columns[0], message) for t, rows in behind[key] for i in rows.index]
    return problems


@dataclass(frozen=True)
class Verdict:
    """What a change of the ledger does.

    Attributes
    ----------
    problems : what keeps it from passing, sorted by file and row
    lawful : lines that name better sources of old rows and listed corrections
    """

    problems: list[Problem]
    lawful: list[str]


def guard(
    reference: str, data: Path | None = None, factor: float = FACTOR, changelog: Path = paths.CHANGELOG
) -> Verdict:
    """Hold a change of the ledger against the rules.

    Parameters
    ----------
    reference : the revision or the directory to compare the tables with
    data : the directory of the tables (None: the project's own)
    factor : how many times what it was a key result may become
    changelog : the file that lists corrections; none are listed where it is missing

    Returns
    -------
    The problems, and the changes of old rows that are lawful.

    Raises
    ------
    ValueError
        for an unknown reference.
    """
    old = revision_of(reference, data)
    new, problems = examine(data)
    text = changelog.read_text(encoding="utf-8") if changelog.is_file() else ""
    changed = pair_tables(old, new, listed(text))
    problems = [*problems, *review(old, new, changed)]
    if not problems:
        problems = moved_too_far(changed, new, factor)
    return Verdict(sorted(set(problems)), lawful(changed))
