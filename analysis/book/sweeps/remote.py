"""The helper beside a Dask worker: runs one chapter for each line of JSON it is given, in a fork, and answers with a line.

It ends when its input ends, which it does when the worker goes away.
"""

import json
import os
import sys

from analysis.book.running import forks
from analysis.book.sweeps.sweep import run_variant


def main() -> None:
    forks.end_with_parent()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else is printed is no answer
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
