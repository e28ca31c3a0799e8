"""The published tables in Croissant 1.0, which search engines for data and tools for machine learning read."""

from typing import Any

from analysis.book.pages.addresses import Addresses

FILE = "croissant.json"
STANDARD = "http://mlcommons.org/croissant/1.0"
TYPES = {"string": "sc:Text", "date": "sc:Date", "number": "sc:Float", "integer": "sc:Integer", "boolean": "sc:Boolean"}
# As the standard gives it.
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def describe(package: dict[str, Any], citation: str, addresses: Addresses) -> dict[str, Any]:
    """Return the description of the tables.

    Parameters
    ----------
    package
        Their Data Package, with the sizes and digests of the files.
    citation
        How to cite them, as BibTeX.
    addresses
        Public addresses; files are named relative to the description where that of the site is not known.
    """
    (licence,) = package["licenses"]
    home = {"url": addresses.page("ledger.html")} if addresses.site else {}
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": STANDARD,
        "name": package["name"],
        "alternateName": package["title"],
        "description": package["description"],
        "license": licence["path"],
        "creator": {"@type": "Organization", "name": package["contributors"][0]["title"]},
        "version": package["version"],
        "datePublished": package["created"][:10],
        "citeAs": citation,
        **home,
        "distribution": [_file(resource, addresses) for resource in package["resources"]],
        "recordSet": [_record_set(resource) for resource in package["resources"]],
    }


def _file(resource: dict[str, Any], addresses: Addresses) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": resource["path"],
        "name": resource["path"],
        "description": resource["title"],
        "contentUrl": addresses.page(f"data/{resource['path']}") or resource["path"],
        "contentSize": f"{resource['bytes']} B",
        "encodingFormat": resource["mediatype"],
        "sha256": resource["hash"].removeprefix("sha256:"),
    }


def _record_set(resource: dict[str, Any]) -> dict[str, Any]:
    name, schema = resource["name"], resource["schema"]
    foreign = {
        key["fields"][0]: f"{key['reference']['resource'] or name}/{key['reference']['fields'][0]}"
        for key in schema.get("foreignKeys", [])
        if len(key["fields"]) == 1
    }
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": resource["description"],
        "key": [{"@id": f"{name}/{column}"} for column in schema["primaryKey"]],
        "field": [_field(name, resource["path"], field, foreign.get(field["name"], "")) for field in schema["fields"]],
    }


def _field(table: str, path: str, field: dict[str, Any], target: str) -> dict[str, Any]:
    described = {
        "@type": "cr:Field",
        "@id": f"{table}/{field['name']}",
        "name": field["name"],
        "description": field["description"],
        "dataType": TYPES[field["type"]],
        "source": {"fileObject": {"@id": path}, "extract": {"column": field["name"]}},
    }
    return described | ({"references": {"field": {"@id": target}}} if target else {})
