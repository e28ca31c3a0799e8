"""Put a finished site in place in one step, and clean up after builds that were killed."""

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2


def require_writable(out: Path) -> None:
    """Check that a site can be put at ``out``.

    Raises
    ------
    OSError
        Naming the folder, if it holds something else or cannot be written.
    """
    if out.exists() and not out.is_dir():
        raise OSError(errno.ENOTDIR, "the output exists and is not a folder", str(out))
    if out.is_dir() and any(out.iterdir()) and not (out / "results.json").exists():
        message = "the output folder holds something other than a built report; choose an empty or a new one"
        raise OSError(errno.EEXIST, message, str(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise OSError(error.errno, f"the output folder is not writable ({error.strerror})", str(out.parent)) from None


def _leftovers(out: Path) -> Iterator[Path]:
    return out.parent.glob(f".{out.name}.build-*")


def _remove_leftovers(out: Path) -> None:
    for old in _leftovers(out):
        shutil.rmtree(old, ignore_errors=True)


def remove_leftovers(out: Path) -> None:
    """Remove what killed builds of a site left beside it, unless a build is running now."""
    out = out.resolve()
    if not any(_leftovers(out)):
        return
    with contextlib.suppress(OSError), (out.parent / f".{out.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove_leftovers(out)


@contextlib.contextmanager
def working_folder(out: Path) -> Iterator[Path]:
    """A working folder on the same disk as the site, removed at the end of the block.

    A second build of the same site waits for the first one to end. Folders left by killed builds are removed.
    """
    out = out.resolve()
    lock = out.parent / f".{out.name}.lock"
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _remove_leftovers(out)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}.build-", dir=out.parent))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _swap(one: Path, other: Path) -> bool:
    """Exchange two folders in one step where the system can; False where it cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0


def put_in_place(new: Path, out: Path) -> None:
    """Move ``new`` to ``out``. An earlier site ends up in the working folder, which removes it.

    Where the system cannot exchange two folders, the old one is moved aside first, so that ``out`` is missing for
    an instant.
    """
    out = out.resolve()
    if not out.exists():
        new.rename(out)
    elif not _swap(new, out):
        aside = new.with_name("old")
        out.rename(aside)
        try:
            new.rename(out)
        except OSError:
            aside.rename(out)
            raise


def link_or_copy(source: str, target: str) -> None:
    """Give a file a second name, or copy it where the disk has no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def share_files(site: Path, version: Path) -> None:
    """Store the files that a version has in common with the newest one only once."""
    for path in [p for p in version.rglob("*") if p.is_file()]:
        twin = site / path.relative_to(version)
        if twin.is_file() and twin.stat().st_size == path.stat().st_size and twin.read_bytes() == path.read_bytes():
            path.unlink()
            link_or_copy(str(twin), str(path))
