"""``make soak [ONLY=mutants,huge,faults,whole]``: the long runs, each printing what was tried and what was lost.

``whole`` runs the tests of which ``make test`` runs some cases of each kind.
"""

import concurrent.futures
import os
import subprocess
import sys
import time

from tests.soak import faults, huge, mutants

NAMES = ("mutants", "huge", "faults", "whole")
WHOLE = ["tests/browser", "tests/test_security.py", "chapters"]  # what `WHOLE_SUITE` makes longer
MUTANTS, KILLS = 10_000, 100


def run_mutants() -> int:
    """Ten thousand ledgers, on all cores; returns how many escaped."""
    cores = os.cpu_count() or 1
    began = time.monotonic()
    with concurrent.futures.ProcessPoolExecutor(cores) as pool:
        parts = list(pool.map(mutants.run, [MUTANTS] * cores, [1] * cores, [(i, cores) for i in range(cores)]))
    total, escaped = {"refused": 0, "read": 0}, []
    for kind in sorted({k for part in parts for k in part}):
        lines = [part[kind] for part in parts if kind in part]
        refused, read = (sum(line[word] for line in lines) for word in ("refused", "read"))
        lost = [e for line in lines for e in line["escaped"]]
        print(f"  {kind.replace('_', ' '):45} {refused:5} refused {read:5} read {len(lost):3} escaped")
        total["refused"] += refused
        total["read"] += read
        escaped += lost
    print("\n".join(escaped[:50]))
    print(
        f"mutated ledgers: {sum(total.values()) + len(escaped)} tried, {total['refused']} refused with their place,"
        f" {total['read']} read with their meaning, {len(escaped)} escaped, {time.monotonic() - began:.0f} s"
    )
    return len(escaped)


def main() -> int:
    chosen = [n for n in os.environ.get("ONLY", "").split(",") if n] or list(NAMES)
    if unknown := [n for n in chosen if n not in NAMES]:
        print(f"unknown run {unknown[0]!r}; known: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    lost = 0
    for name in chosen:
        print(f"== {name}", flush=True)
        if name == "mutants":
            lost += run_mutants()
        elif name == "huge":
            lost += len(huge.main())
        elif name == "whole":
            command = [sys.executable, "-m", "pytest", *WHOLE]
            lost += subprocess.run(command, env=os.environ | {"WHOLE_SUITE": "1"}).returncode != 0
        else:
            lost += sum(len(c.lost) for c in faults.main(KILLS))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
