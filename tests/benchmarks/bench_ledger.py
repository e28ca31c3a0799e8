"""A ledger of a million rows: load, check, read as of a day, compare. Peer: frictionless on a tenth of it."""

import json
import resource
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import paths
from analysis.ledger import Ledger, compare
from tests.ledgers import FROZEN

ROWS = 1_000_000


def grow(directory: Path, rows: int) -> Path:
    """Copy the ledger with a deals table of at least ``rows`` rows: the real ones, and copies of them under new names.

    The copies hold a millionth of the amounts, so that all together still agree with what other tables say of them
    (a supplier's backlog with the contracts signed).
    """
    shutil.copytree(FROZEN, directory)
    real = pd.read_csv(directory / "deals.csv", dtype=str, keep_default_na=False)
    copies = -(-rows // len(real))
    tiled = pd.concat([real] * copies, ignore_index=True)
    number = np.repeat(np.arange(copies), len(real)).astype(str)
    for column in ("deal", "part_of"):
        named = tiled[column] != ""
        tiled.loc[named, column] = tiled.loc[named, column] + "-" + pd.Series(number)[named]
    is_copy = np.arange(len(tiled)) >= len(real)
    for column in ("low_usd_bn", "high_usd_bn"):
        scaled = is_copy & (tiled[column] != "")
        tiled.loc[scaled, column] = (tiled.loc[scaled, column].astype(float) * 1e-6).map("{:.9f}".format)
    tiled.to_csv(directory / "deals.csv", index=False, lineterminator="\n")
    return directory


def main(rows: int = ROWS) -> None:
    """Print how long each step takes; ``rows`` is the least number of deals."""
    with tempfile.TemporaryDirectory() as folder:
        big = grow(Path(folder) / "big", rows)
        began = time.perf_counter()
        ledger = Ledger.load(big)
        loaded = time.perf_counter()
        then = ledger.at("2025-12-17")
        viewed = time.perf_counter()
        moved = compare(then, ledger)
        done = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(
            f"{rows:,} rows: load and check {loaded - began:.2f} s, as_of {viewed - loaded:.2f} s, "
            f"compare {done - viewed:.2f} s ({len(moved):,} moved)"
        )
        print(f"in all {done - began:.2f} s (target 6) and {peak:.2f} GiB at the peak (target 2)")
        from frictionless import Schema, system, validate

        small = grow(Path(folder) / "small", rows // 10)
        schema = next(r for r in json.loads(paths.SCHEMA.read_text())["resources"] if r["name"] == "deals")["schema"]
        schema.pop("foreignKeys")
        present = pd.read_csv(small / "deals.csv", nrows=0).columns  # a ledger may lack optional columns
        schema["fields"] = [f for f in schema["fields"] if f["name"] in present]
        began = time.perf_counter()
        with system.use_context(trusted=True):
            report = validate(str(small / "deals.csv"), schema=Schema.from_descriptor(schema))
        assert report.valid, report.flatten(["type", "note"])[:3]
        peer = time.perf_counter() - began
        began = time.perf_counter()
        Ledger.load(small)
        ours = time.perf_counter() - began
        print(
            f"{rows // 10:,} rows: frictionless (one table, no references) {peer:.2f} s, "
            f"ours (all checks) {ours:.2f} s: {peer / ours:.1f} times faster"
        )


if __name__ == "__main__":
    main()
