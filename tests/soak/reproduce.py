"""Two clones of the commit, built as differently as two machines would: every byte of what is published must agree.

The second differs in path, day, language, time zone, hash seed, cores, threads of the numeric libraries, umask,
home and fonts (it has none but for the browser). Compared: the whole site with its earlier versions, results,
executed notebooks, archive, the stored chapters as `accept` writes them, and the text of the PDF. Prints the digest
that the site's footer names: ``make reproduce``.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from analysis import paths
from analysis.book.publishing import chromium, seal

SHIM = """
import datetime, time
_shift = {days} * 86400
_time, _datetime, _date = time.time, datetime.datetime, datetime.date
time.time = lambda: _time() + _shift
time.time_ns = lambda: int(time.time() * 1e9)
_local, _gm = time.localtime, time.gmtime
time.localtime = lambda s=None: _local(time.time() if s is None else s)
time.gmtime = lambda s=None: _gm(time.time() if s is None else s)
"""


def machines(folder: Path) -> list[dict[str, object]]:
    """Two ways to be a machine: where, when and how a build runs."""
    languages = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split() or ["C"]
    other = next((lang for lang in languages if lang not in ("C", "POSIX", "C.utf8", "C.UTF-8")), "POSIX")
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    return [
        {
            "path": folder / "one",
            "env": {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"},
            "cores": cores,
            "threads": str(len(cores)),
            "jobs": "2",
            "umask": 0o022,
            "days": 0,
        },
        {
            "path": folder / "another place" / "with a longer näme",
            "env": {
                "LC_ALL": other,
                "LANG": other,
                "TZ": "Pacific/Kiritimati",
                "PYTHONHASHSEED": "4242",
                "PYTHONUTF8": "1",
            },
            "cores": cores[:1],
            "threads": "1",
            "jobs": "1",
            "umask": 0o077,
            "days": -2345,
        },
    ]


class Machine:
    """One of the two: a clone, and how commands run in it."""

    def __init__(self, told: dict[str, object]) -> None:
        self.root = Path(str(told["path"]))
        self.root.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(paths.ROOT), str(self.root)], check=True)
        self.home = self.root.with_name(f"{self.root.name}-home")
        self.home.mkdir()
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(told["threads"]))
        self.before: list[str] = []
        python_path = [str(self.root)]
        if told["days"] and shutil.which("faketime"):
            self.before = ["faketime", "-f", f"{told['days']}d"]
            threads["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
        elif told["days"]:  # without the tool, at least what Python says of the day
            (self.home / "sitecustomize.py").write_text(SHIM.format(days=told["days"]))
            python_path.append(str(self.home))
        if told["days"]:
            (self.home / "fonts.conf").write_text(f"<fontconfig><dir>{self.home}</dir></fontconfig>")
            threads["FONTCONFIG_FILE"] = str(self.home / "fonts.conf")
        self.env = {
            **os.environ,
            **told["env"],
            **threads,
            "HOME": str(self.home),
            "PYTHONPATH": os.pathsep.join(python_path),
        }  # type: ignore[dict-item]
        self.cores, self.umask, self.jobs = told["cores"], told["umask"], str(told["jobs"])

    def _become(self) -> None:
        os.umask(self.umask)  # type: ignore[arg-type]
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, self.cores)  # type: ignore[arg-type]

    def run(self, *arguments: str, is_faked: bool = True) -> str:
        command = [*(self.before if is_faked else []), sys.executable, "-m", "analysis.cli", *arguments]
        env = self.env if is_faked else {k: v for k, v in self.env.items() if k != "FONTCONFIG_FILE"}
        done = subprocess.run(
            command, cwd=self.root, env=env, preexec_fn=self._become, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{self.root.name}: {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
        return done.stdout

    def make(self, vintages: bool) -> dict[str, str]:
        """Digests by name of everything that is published."""
        site = self.root / "_build" / "html"
        self.run("build", "--jobs", self.jobs, *(["--vintages"] if vintages else []))
        found = {
            f"site/{p.relative_to(site).as_posix()}": hashlib.sha256(p.read_bytes()).hexdigest()
            for p in site.rglob("*")
            if p.is_file()
        }
        self.run("accept", "--jobs", self.jobs)
        for path in sorted((self.root / "chapters").glob("*.ipynb")):
            found[f"accepted/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
        if chromium.find():
            import pypdf

            pdf = self.root / "_build" / "report.pdf"
            self.run(
                "pdf", "--out", str(pdf), is_faked=False
            )  # a browser with a false clock or without fonts does not start
            text = "\n".join(re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(pdf).pages)
            found["text of the PDF"] = hashlib.sha256(text.encode()).hexdigest()
        return found


def main(vintages: bool = True) -> int:
    if subprocess.run(
        ["git", "-C", str(paths.ROOT), "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True
    ).stdout:
        print("there are changes that are not committed; what is compared is the commit", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="reproduce-") as name:
        two = [Machine(m) for m in machines(Path(name))]
        one, other = (m.make(vintages) for m in two)
        sites = [m.root / "_build" / "html" for m in two]
        differ = sorted(n for n in {*one, *other} if one.get(n) != other.get(n))
        for line in differ[:20]:
            print(f"differs: {line}")
        parts = {
            part: sum(n.startswith(part) for n in one)
            for part in ("site/at/", "site/data/", "site/notebooks/", "accepted/", "text of the PDF")
        }
        print(f"{len(one)} files compared ({', '.join(f'{n} {p}' for p, n in parts.items())}): {len(differ)} differ")
        if differ:
            return 1
        print(f"site {seal.read_digest(sites[0])}, computed anew {seal.compute_digest(sites[1])}")
        return 0 if seal.read_digest(sites[0]) == seal.compute_digest(sites[1]) else 1


if __name__ == "__main__":
    sys.exit(main("--newest" not in sys.argv))
