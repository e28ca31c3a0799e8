"""A ledger whose every free text attacks the page: markup, scripts, templates, right-to-left and endless words, many rows."""

import json
import shutil
from pathlib import Path

from analysis import paths
from tests.conftest import read_rows, write_rows
from tests.ledgers import FROZEN

RUN = "window.hacked=1"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f'"><img src=x onerror={RUN}>',
    f"</script><script>{RUN}</script>",
    f"<svg onload={RUN}></svg>",
    f"[click](javascript:{RUN})",
    f"' onmouseover='{RUN}' x='",
    "{{ 7*7 }} {% raw %} ${7*7} {num}`index.owes`",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"]]><!--<a href=javascript:{RUN}>x</a>",
    "see =HYPERLINK(1)+cmd|' /C calc'!A0",
    f"\\<script>{RUN}<\\/script>",
    "مرحبا بالعالم هذا نص طويل من اليمين إلى اليسار",
    "שלום עולם " * 6,
    "W" * 120,
    "word " * 100,
]
TEXT = {
    "deals": ("condition", "note"),
    "entities": ("name", "ticker", "note"),
    "sources": ("title", "publisher", "publisher_of_record"),
    "metrics": ("note",),
    "terms": ("topic", "before", "after", "note"),
    "sites": ("name", "town", "region", "note"),
    "chips": ("process_node", "note"),
    "prices": ("region", "note"),
    "outside_models": ("publisher", "note"),
    "checks": ("unit", "note"),
    "assumptions": ("unit", "rationale"),
    "vintages": ("name", "sentence"),
    "groups": ("note",),
}


def write_hostile(root: Path, rows: int = 5000) -> None:
    """A copy of the ledger with a payload at the end of every free text, each in turn in every column, and ``rows`` more deals."""
    shutil.copytree(FROZEN, root)
    known = {r["name"]: r for r in json.loads(paths.SCHEMA.read_text(encoding="utf-8"))["resources"]}
    for name, columns in TEXT.items():
        path = root / known[name]["path"]
        header, *lines = read_rows(path)
        keys = {f["name"]: i for i, f in enumerate(known[name]["schema"]["fields"])}
        assert [*keys] == header
        for turn, line in enumerate(lines):
            for column in columns:
                if name == "prices" and column == "region":
                    continue  # a key: two rows must not become one
                line[keys[column]] = f"{line[keys[column]]} {PAYLOADS[turn % len(PAYLOADS)]}".strip()
        if name == "sources":
            for line in lines[::5]:
                line[keys["url"]] = f'https://example.org/"onmouseover="{RUN}"><script>{RUN}</script>'
        if name == "deals":
            base = dict(zip(header, next(r for r in lines if r[keys["role"]] == "claim"), strict=True))
            lines += [
                list((base | {"deal": f"claim-{n:05d}", "part_of": "", "parts": ""}).values()) for n in range(rows)
            ]
        write_rows(path, [header, *lines])
