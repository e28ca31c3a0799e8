"""Files of 100 MiB, each hostile in its own way: refused with a place, in bounded time and memory."""

import multiprocessing
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from analysis import paths

SIZE = 100 << 20
SECONDS, MEMORY = 60.0, 1 << 30  # more than the process had before

CASES: dict[str, Callable[[bytes, bytes], bytes]] = {
    "one line of quotes": lambda head, row: head + b'"' * SIZE,
    "lines of quotes": lambda head, row: head + (b'"' * 999 + b"\n") * (SIZE // 1000),
    "empty fields": lambda head, row: head + b'""\n' * (SIZE // 3),
    "empty lines": lambda head, row: head + b"\n" * SIZE,
    "short rows": lambda head, row: head + b"a\n" * (SIZE // 2),
    "empty rows": lambda head, row: head + (b"," * head.count(b",") + b"\n") * 1_900_000,
    "a line of 50 MB": lambda head, row: head + row + b"\n" + b"a" * 50_000_000 + b"\n",
    "carriage returns": lambda head, row: head + b"\r" * SIZE,
    "zeros": lambda head, row: b"\0" * SIZE,
    "no text": lambda head, row: head + b"\xff" * SIZE,
    "one row again and again": lambda head, row: head + (row + b"\n") * (SIZE // len(row)),
    "a header without end": lambda head, row: b"a," * (SIZE // 2),
}


def _examine(folder: str, answer: Connection) -> None:
    from analysis.ledger import check

    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    problems = check(folder)
    seconds = time.monotonic() - began
    answer.send(
        (
            [str(p) for p in problems[:3]],
            len(problems),
            seconds,
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before,
        )
    )


def main() -> list[str]:
    """What escaped; prints each case."""
    lost = []
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(paths.DATA, Path(name) / "data"))
        head, row = (folder / "terms.csv").read_bytes().split(b"\n")[:2]
        for case, make in CASES.items():
            (folder / "terms.csv").write_bytes(make(head + b"\n", row))
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_examine, args=(str(folder), there))
            process.start()
            there.close()
            try:
                first, count, seconds, kilobytes = here.recv()
            except EOFError:
                lost.append(f"{case}: the check did not come back")
                continue
            process.join()
            print(
                f"  {case:26} {seconds:5.1f} s {kilobytes / 1024:6.0f} MiB  {count} problems, first"
                f" {first[0][:90] if first else '-'}",
                flush=True,
            )
            if not first or not first[0].startswith("terms.csv:") or seconds > SECONDS or kilobytes * 1024 > MEMORY:
                lost.append(f"{case}: {seconds:.0f} s, {kilobytes / 1024:.0f} MiB, {first}")
    print("\n".join(lost))
    print(
        f"files of 100 MiB: {len(CASES)} tried, {len(lost)} not refused in {SECONDS:.0f} s and {MEMORY >> 20} MiB more"
    )
    return lost
