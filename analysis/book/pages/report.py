"""What the build knows of the report when the pages are rendered."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = "report.json"


@cache
def read_report(directory: str) -> dict[str, Any]:
    """Read what the build wrote beside the staged pages: the site, results by key, their pages, sources, versions."""
    return json.loads((Path(directory) / FILE).read_text(encoding="utf-8"))
