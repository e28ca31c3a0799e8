"""The gate a change of the ledger passes: the rules of `ledger.guard`, and key results that move too far.

What a change is held against is a revision of the repository or a directory of tables.
"""

import io
import subprocess
import tarfile
import tempfile
from pathlib import Path

from analysis import paths
from analysis.book.publishing.diff import middle
from analysis.ledger import Ledger
from analysis.ledger.checks import examine
from analysis.ledger.guard import Frames, added, is_reviewed, review
from analysis.ledger.problems import Problem
from analysis.ledger.schema import tables
from analysis.numbers import changes
from analysis.numbers.facts import row_keys

FACTOR = 1.5


def _git(*arguments: str) -> bytes:
    """What git answers about this repository. Raises ValueError with its own words when it does not."""
    try:
        done = subprocess.run(["git", "-C", str(paths.ROOT), *arguments], capture_output=True, check=False)
    except OSError as error:
        raise ValueError(f"git is needed to read a revision: {error.strerror}") from None
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace").strip() or "git did not answer")
    return done.stdout


def frames_of(reference: str, data: Path | None) -> Frames:
    """The tables of a directory, or of the ledger as it stands in a revision.

    Tables that cannot be read by today's schema are left out. Raises ValueError for what is neither, for a directory
    without tables, and for a ledger outside the repository held against a revision.
    """
    if reference and Path(reference).is_dir():
        if frames := examine(reference)[0]:
            return frames
        raise ValueError(f"{reference} holds no table that could be read")
    inside = (data or paths.DATA).resolve()
    try:
        place = inside.relative_to(paths.ROOT.resolve()).as_posix()
    except ValueError:
        raise ValueError(f"{inside} is not in this repository; hold it against a directory") from None
    try:
        commit = (
            _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}").decode().strip()
        )
    except ValueError:
        raise ValueError(f"{reference!r} is neither a directory nor a revision of this repository") from None
    packed = _git("archive", "--format=tar", commit, "--", place)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
        return examine(Path(folder) / place)[0]


def moved_too_far(old: Frames, new: Frames, factor: float = FACTOR) -> list[Problem]:
    """New rows behind a key result that is more than ``factor`` times what it was, or less than that part of it.

    They pass with ``reviewed`` in the note of one of them: that of the row that moved it.
    """
    before, after = (changes.followed(Ledger(frames)) for frames in (old, new))
    dated = [t for t in tables().values() if t.is_append_only and t.name in old and t.name in new]
    fresh = [(t, rows) for t in dated if len(rows := added(old[t.name], new[t.name], t))]
    problems = []
    for key, now in after.items():
        was = before[key]
        a, b = middle(was.as_dict()), middle(now.as_dict())
        if not a or not b or 1 / factor <= b / a <= factor:
            continue
        behind = [(t, rows[[k in now.rows for k in row_keys(rows)]]) for t, rows in fresh]
        if any(rows["note"].map(is_reviewed).any() for _, rows in behind):
            continue
        message = f"{now.label} moves from {was.text} to {now.text}, more than {factor:g} times; check it, then write 'reviewed' in the note"
        problems += [Problem(t.file, int(i) + 2, t.columns[0], message) for t, rows in behind for i in rows.index]
    return problems


def guard(reference: str, data: Path | None = None, factor: float = FACTOR) -> list[Problem]:
    """Everything that keeps a change of the ledger from passing, sorted by file and row.

    Parameters: a revision or a directory to hold the tables against; the directory of the tables (None: the
    project's own); how many times what it was a key result may become. Raises ValueError for an unknown reference.
    """
    old = frames_of(reference, data)
    new, problems = examine(data)
    problems = [*problems, *review(old, new)]
    if not problems and old.keys() == new.keys():
        problems = moved_too_far(old, new, factor)
    return sorted(set(problems))
