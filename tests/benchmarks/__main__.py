"""Every measurement the project claims, each beside a peer in the same run: ``make bench [ONLY=name]``."""

import importlib
import os
import sys

NAMES = ("circularity", "funding", "models", "ledger", "site")


def main() -> int:
    chosen = [n for n in os.environ.get("ONLY", "").split(",") if n] or list(NAMES)
    unknown = [n for n in chosen if n not in NAMES]
    if unknown:
        print(f"unknown benchmark {unknown[0]!r}; known: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in chosen:
        print(f"== {name}", flush=True)
        importlib.import_module(f"tests.benchmarks.bench_{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
