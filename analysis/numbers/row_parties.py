"""Whom a row of a dated table is about."""

from typing import Any

PARTY_COLUMNS = {
    "deals": ("payer", "payee"),
    "terms": ("parties",),
    "metrics": ("entity",),
    "sites": ("operator", "developer", "tenant"),
}


def parties_of(table: str, row: dict[str, Any]) -> tuple[str, ...]:
    """The keys of the entities that a row of a dated table is about."""
    cells = (str(row[column] or "") for column in PARTY_COLUMNS[table])
    return tuple(dict.fromkeys(party for cell in cells for party in cell.split(";") if party))
