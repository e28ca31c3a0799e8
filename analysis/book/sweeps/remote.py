"""The helper process of a Dask worker: for each line of JSON it reads, it runs a chapter in a fork and writes a line.

It exits at the end of its input, that is, when the worker stops.
"""

import json
import os
import sys

from analysis.book.running import forks
from analysis.book.sweeps.variants import run_variant


def main() -> None:
    forks.end_with_parent()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # other output must not mix with the answers
    forks.warm()
    for line in sys.stdin:
        asked = json.loads(line)
        (done,) = forks.run(
            [forks.Task("run", run_variant, (asked["source"], asked["parameters"], asked["is_whole"]))], 1
        )
        answer = done.value if done.error is None else {"error": f"{type(done.error).__name__}: {done.error}"}
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
