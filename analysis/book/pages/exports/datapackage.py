"""The schema of the ledger as a descriptor of the published files: Data Package version 2."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from analysis.book.pages.addresses import Addresses

FILE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def describe(schema: bytes, files: Mapping[str, bytes], as_of: str, addresses: Addresses) -> dict[str, Any]:
    """Return the descriptor.

    Parameters
    ----------
    schema
        The project's own ``datapackage.json``.
    files
        The published tables by file name.
    as_of
        Day of the report, YYYY-MM-DD.
    addresses
        Public addresses.
    """
    package = json.loads(schema)
    resources = [
        resource
        | {"bytes": len(files[resource["path"]])}
        | {"hash": f"sha256:{hashlib.sha256(files[resource['path']]).hexdigest()}"}
        for resource in package["resources"]
    ]
    people = [
        {k: v for k, v in person.items() if k != "role"} | {"roles": [person["role"]]}
        for person in package["contributors"]
    ]
    home = {"homepage": addresses.site} if addresses.site else {}
    created = {"created": f"{as_of}T00:00:00Z"}
    return {"$schema": PROFILE} | package | created | home | {"contributors": people, "resources": resources}
