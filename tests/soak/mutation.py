"""Changes of the ledger's and the models' code, one at a time: do the tests notice? ``make mutation [SAMPLE=n]``.

Mutmut makes the changes and runs, for each, the tests that reach it. All of them take hours, so a sample of ``SAMPLE``
is drawn (seeded, default 400; 0 for all): the share that is noticed is printed with its 95% interval (Wilson), and
every change that was not noticed with what it changed.
"""

import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from analysis import paths
from tests.ledgers import FROZEN, SMALL

PARTS = ("analysis", "data", "chapters", "_config.yml", "_toc.yml", "references.bib", "requirements.lock")
TESTS = (
    "__init__",
    "conftest",
    "ledgers",
    "test_ledger",
    "test_deals",
    "test_network",
    "test_outside",
    "test_models",
    "test_circularity",
    "test_funding",
    "test_check",
    "test_view",
    "test_guard",
    "test_mutants",
)
SETTINGS = """
[tool.mutmut]
source_paths = ["analysis/ledger/", "analysis/models/"]
tests_dir = ["tests/"]
also_copy = ["analysis", "data", "chapters", "_config.yml", "_toc.yml", "references.bib", "requirements.lock"]
[tool.pytest.ini_options]
addopts = "-q -p no:cacheprovider -p no:xdist -p no:nbval"
filterwarnings = ["ignore"]
"""
LEAST = 0.85
TRIES = 2


def prepare(folder: Path) -> None:
    """A copy of the project with the tests that are quick enough to be run for each change."""
    for part in PARTS:
        source = paths.ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
    (folder / "tests" / "soak").mkdir(parents=True)
    for name in TESTS:
        shutil.copy(paths.ROOT / "tests" / f"{name}.py", folder / "tests")
    for ledger in (SMALL, FROZEN):
        shutil.copytree(ledger, folder / "tests" / ledger.name)
    for name in ("__init__", "mutants"):
        shutil.copy(paths.ROOT / "tests" / "soak" / f"{name}.py", folder / "tests" / "soak")
    (folder / "pyproject.toml").write_text(SETTINGS)


def mutmut(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def verdicts(folder: Path) -> dict[str, str]:
    """What became of each change that was tried; "not checked" for the others."""
    from mutmut.stats import status_by_exit_code

    found = {}
    for path in (folder / "mutants").rglob("*.meta"):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        found |= {name: status_by_exit_code[code] for name, code in codes.items()}
    return found


def wilson(hits: int, tried: int) -> tuple[float, float]:
    """The 95% interval of a share."""
    z, share = 1.96, hits / tried
    middle = (share + z * z / (2 * tried)) / (1 + z * z / tried)
    half = z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried)) / (1 + z * z / tried)
    return middle - half, middle + half


def main() -> int:
    sample, seed = int(os.environ.get("SAMPLE", "400")), int(os.environ.get("SEED", "1"))
    keep = os.environ.get("KEEP", "")
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        folder = Path(keep or name)
        if not (folder / "mutants").exists():
            prepare(folder)
            # A name that no change has: makes the changes and learns which tests reach what.
            mutmut(folder, "run", "--max-children", "1", "none.such")
        names = sorted(verdicts(folder))
        if not names:
            print("no change could be made; mutmut says:\n" + mutmut(folder, "run", "none.such")[-2000:])
            return 1
        chosen = names if not sample else sorted(random.Random(seed).sample(names, min(sample, len(names))))
        print(f"{len(names)} changes can be made, {len(chosen)} are tried", flush=True)
        for _ in range(TRIES):
            told = verdicts(folder)
            if waiting := [n for n in chosen if told[n] == "not checked"]:
                said = mutmut(folder, "run", "--max-children", str(os.cpu_count() or 1), *waiting)
        told = verdicts(folder)
        if all(told[n] == "not checked" for n in chosen):
            print(f"no change was tried; mutmut says:\n{said[-3000:]}")
            return 1
        counts = Counter(told[n] for n in chosen)
        noticed = sum(n for word, n in counts.items() if word in ("killed", "timeout", "segfault", "suspicious"))
        for n in chosen:
            if told[n] not in ("killed", "timeout", "segfault", "suspicious"):
                shown = [
                    line
                    for line in mutmut(folder, "show", n).splitlines()
                    if line[:1] in "+-" and line[:3] not in ("+++", "---")
                ]
                print(f"{told[n]}: {n}\n  " + "\n  ".join(shown))
        low, high = wilson(noticed, len(chosen))
        print(
            f"mutation: {dict(counts)}; {noticed / len(chosen):.1%} noticed (95% interval {low:.1%} to {high:.1%},"
            f" least {LEAST:.0%})"
        )
        return 0 if noticed / len(chosen) >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
