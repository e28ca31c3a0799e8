"""Lighthouse, simulated mobile, on each kind of page of a freshly built site served as a static host would.

Prints a table beside the weights before interaction; exits 1 when a page misses a target. Needs Node (npx).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from analysis.book.pages.addresses import Addresses
from analysis.book.publishing import chromium
from analysis.book.publishing.build import Settings, build
from tests.benchmarks.serving import served

VERSION = "13.5.0"
PUBLIC = "https://example.org/"
TARGETS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
LCP, BYTES = 2000, 250_000
ALL_PAGES = "--all" in sys.argv


def kinds(site: Path) -> list[str]:
    """The chapters of the sitemap and, of figures, companies and deals, the list and the largest page; all with
    --all."""
    root = ElementTree.parse(site / "sitemap.xml").getroot()
    pages = [u[0].text.removeprefix(PUBLIC) or "index.html" for u in root]
    chosen = [p for p in pages if "/" not in p]
    for folder in ("figures", "companies", "deals"):
        own = [p for p in pages if p.startswith(f"{folder}/") and not p.endswith("index.html")]
        largest = max(own, key=lambda p: (site / p).stat().st_size)
        chosen += [f"{folder}/index.html", *(own if ALL_PAGES else [largest])]
    return chosen


def main() -> int:
    npx, browser = shutil.which("npx"), chromium.find(is_whole=True)
    if not npx or not browser:
        print("Lighthouse needs Node with npx, and Chromium")
        return 1
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        site, out = Path(folder) / "site", Path(folder) / "report.json"
        build(Settings(out=site, addresses=Addresses(PUBLIC, "https://github.com/example/round-trip")))
        print(f"{'page':40} perf  a11y  best  seo   LCP ms  CLS    KB")
        with served(site) as home:
            for page in kinds(site):
                command = [
                    npx,
                    "--yes",
                    f"lighthouse@{VERSION}",
                    home + page,
                    "--quiet",
                    "--output=json",
                    f"--output-path={out}",
                ]
                command += [f"--chrome-flags=--headless=new {' '.join(chromium.FLAGS)}"]
                for last in (False, True):  # the browser's trace sometimes fails to start: once more
                    quiet = {"stdout": subprocess.DEVNULL, "stderr": None if last else subprocess.DEVNULL}
                    if (
                        subprocess.run(
                            command, check=last, env=os.environ | {"CHROME_PATH": browser}, **quiet
                        ).returncode
                        == 0
                    ):
                        break
                report = json.loads(out.read_text(encoding="utf-8"))
                scores = {k: round(100 * report["categories"][k]["score"]) for k in TARGETS}
                audits = report["audits"]
                lcp, cls = (
                    audits["largest-contentful-paint"]["numericValue"],
                    audits["cumulative-layout-shift"]["numericValue"],
                )
                weight = audits["total-byte-weight"]["numericValue"]
                misses = [k for k, v in TARGETS.items() if scores[k] < v]
                misses += [
                    n for n, bad in (("LCP", lcp > LCP), ("CLS", round(cls, 3) > 0), ("weight", weight > BYTES)) if bad
                ]
                failed += bool(misses)
                print(
                    f"{page:40} {'   '.join(f'{s:3}' for s in scores.values())}  {lcp:6.0f}  {cls:.3f} "
                    f" {weight / 1000:5.0f}  {' '.join(misses)}",
                    flush=True,
                )
                for name in misses:
                    refs = report["categories"].get(name, {}).get("auditRefs", [])
                    low = [r["id"] for r in refs if r["weight"] and (audits[r["id"]]["score"] or 0) < 1]
                    print(f"    {name}: {', '.join(low)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
