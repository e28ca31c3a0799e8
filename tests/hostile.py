"""A ledger whose free texts attack the page: markup, scripts, templates, right-to-left and endless words, many rows."""

import shutil
from pathlib import Path

from analysis.ledger.schema import Table, tables
from tests.conftest import IS_WHOLE, read_rows, write_rows
from tests.ledgers import FROZEN

ROWS = 5000 if IS_WHOLE else 2000  # deals that are added
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


def free_texts(table: Table) -> list[str]:
    """The columns of a table that may hold any text: neither a key, a reference, a list, a pattern nor a choice."""
    bound = {*table.primary_key, *(reference.column for reference in table.references)}
    texts = [f for f in table.fields if f.type == "string" and not (f.pattern or f.enum or f.list_of)]
    return [f.name for f in texts if f.name not in bound]


def write_hostile(root: Path, rows: int = ROWS) -> None:
    """Write the frozen ledger with a payload at the end of every free text, and ``rows`` more deals."""
    shutil.copytree(FROZEN, root)
    for table in tables().values():
        if not (root / table.file).exists():
            continue  # an optional table that the frozen ledger is without
        header, *lines = read_rows(root / table.file)
        place = {name: i for i, name in enumerate(header)}
        for turn, line in enumerate(lines):
            for column in free_texts(table):
                line[place[column]] = f"{line[place[column]]} {PAYLOADS[turn % len(PAYLOADS)]}".strip()
        if table.name == "sources":
            for line in lines[::5]:
                line[place["url"]] = f'https://example.org/"onmouseover="{RUN}"><script>{RUN}</script>'
        if table.name == "deals":
            base = dict(zip(header, next(r for r in lines if r[place["role"]] == "claim"), strict=True))
            lines += [
                list((base | {"deal": f"claim-{n:05d}", "part_of": "", "parts": ""}).values()) for n in range(rows)
            ]
        write_rows(root / table.file, [header, *lines])
