"""Facts of a later day for a copy of the ledger: valid rows in every table, whatever the ledger says by then.

``python -m tests.append FOLDER`` copies the project there, appends the rows, accepts the chapters and runs the suite
without the browser. Nothing in the tests is edited for it, so it shows whether they would survive the next facts.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.ledger import Ledger
from tests.conftest import read_rows, write_rows

LEFT_OUT = shutil.ignore_patterns("_build", ".venv", ".git", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info")
LATER = pd.Timedelta(days=15)
Row = dict[str, str]


def newest(table: list[Row], **where: str) -> Row:
    """A copy of the row of the last day among those that match."""
    return dict(max((r for r in table if all(r[k] == v for k, v in where.items())), key=lambda r: r["as_of"]))


def grown(amount: str, factor: float) -> str:
    return f"{float(amount) * factor:.6g}" if amount else ""


def new_deals(table: list[Row], day: str) -> list[Row]:
    """A new investor; orders up to, more than and without an amount; an amendment and a cancellation of known deals."""
    blank = dict.fromkeys(table[0], "") | {
        "as_of": day,
        "verified": "single",
        "source": f"report-{day}",
        "status": "signed",
    }
    equity = blank | {
        "kind": "equity",
        "role": "payment",
        "scope": "openai",
        "payer": f"new-fund-{day}",
        "payee": "openai",
    }
    order = blank | {
        "kind": "compute",
        "role": "payment",
        "scope": "openai",
        "payer": "openai",
        "payee": f"new-cloud-{day}",
    }
    current = [newest(table, deal=deal) for deal in {r["deal"]: None for r in table}]
    owed = [r for r in current if r["payer"] == "openai" and r["role"] == "payment" and r["low_usd_bn"]]
    largest = max((r for r in owed if r["status"] != "cancelled"), key=lambda r: float(r["low_usd_bn"]))
    amended = largest | {k: grown(largest[k], 1.02) for k in ("low_usd_bn", "high_usd_bn")}
    dropped = next(r for r in current if r["role"] == "contingent" and r["status"] != "cancelled")
    changed = {"as_of": day, "source": f"filing-{day}", "note": "A later row of the same deal."}
    return [
        equity
        | {"deal": f"new-fund-openai-equity-{day}", "low_usd_bn": "3", "high_usd_bn": "5", "condition": "on a listing"},
        order | {"deal": f"openai-new-cloud-compute-{day}", "high_usd_bn": "4", "start": day, "note": "Up to 4."},
        order | {"deal": f"openai-new-cloud-more-{day}", "low_usd_bn": "2", "status": "announced", "gw": "0.1"},
        order | {"deal": f"openai-new-cloud-chips-{day}", "kind": "chips", "status": "reported"},
        amended | changed | {"status": "amended"},
        dropped | changed | {"status": "cancelled"},
    ]


def new_metrics(table: list[Row], day: str) -> list[Row]:
    """The newest statement about each of some figures, restated or of a later day; a figure that nobody gave before."""
    told = {"as_of": day, "source": f"filing-{day}", "note": ""}
    figures = {"softbank": "ltv", "oracle": "total_debt", "openai": "annualized_revenue", "microsoft": "rpo"}
    rows = []
    for entity, metric in figures.items():
        row = newest(table, entity=entity, metric=metric)
        moved = told | {"value": grown(row["value"], 1.05)}
        rows.append(row | moved | ({} if row["start"] else {"end": day}))
    revenue = newest(table, entity="openai", metric="revenue", basis="reported")
    first = (
        dict(table[0]) | told | {"entity": f"new-cloud-{day}", "metric": "stores", "start": "", "end": day, "by": ""}
    )
    return [
        *rows,
        revenue | told | {"value": grown(revenue["value"], 1.01), "note": "Restated."},
        first | {"value": "12", "unit": "count", "basis": "reported"},
    ]


def new_terms(table: list[Row], day: str) -> list[Row]:
    blank = dict.fromkeys(table[0], "") | {"as_of": day, "verified": "single", "source": f"filing-{day}"}
    lease = newest(table, term="oracle-lease-terms") | {"as_of": day, "source": f"filing-{day}", "note": ""}
    return [
        lease | {"before": lease["after"], "after": "15 years on average"},
        blank
        | {
            "term": f"new-cloud-minimum-{day}",
            "parties": f"openai;new-cloud-{day}",
            "topic": "minimum",
            "after": "Half a year",
        },
    ]


def new_quotes(table: list[Row], day: str) -> list[Row]:
    """What is quoted is said again, and someone speaks for the first time."""
    told = {"as_of": day, "source": f"report-{day}", "second_source": "", "note": "", "last_checked": ""}
    new = {"quote": f"new-fund-{day}", "entity": f"new-fund-{day}", "speaker": "A manager", "words": "We invest"}
    return [dict(table[-1]) | told, dict(table[-1]) | told | new]


def new_sites(table: list[Row], day: str) -> list[Row]:
    told = {"as_of": day, "source": f"filing-{day}", "note": ""}
    current = [newest(table, site=site) for site in {r["site"]: None for r in table}]
    opened = next(r for r in current if r["status"] in ("under construction", "live") and r["planned_gw"])
    place = {
        "name": "New Site",
        "town": "Fargo",
        "region": "North Dakota",
        "country": "US",
        "lat": "46.9",
        "lon": "-96.8",
    }
    blank = dict.fromkeys(table[0], "") | told | place | {"verified": "single"}
    return [
        opened | told | {"status": "live", "live_gw": opened["planned_gw"]},
        blank
        | {
            "site": f"new-site-{day}",
            "tenant": "openai",
            "operator": f"new-cloud-{day}",
            "planned_gw": "0.1",
            "status": "planned",
        },
    ]


def new_chips(table: list[Row], day: str) -> list[Row]:
    chip = {
        "chip": f"NC1-{day}",
        "vendor": f"new-cloud-{day}",
        "as_of": day,
        "verified": "single",
        "source": f"filing-{day}",
    }
    return [dict.fromkeys(table[0], "") | chip]


def new_prices(table: list[Row], day: str) -> list[Row]:
    """One instance cheaper on the day, and one of a new chip."""
    row = newest(table, pricing="capacity_block") | {"as_of": day, "source": f"filing-{day}", "note": ""}
    new = {"instance": f"nc1.{day}", "provider": f"new-cloud-{day}", "chip": f"NC1-{day}", "pricing": "on_demand"}
    return [row | {"usd_per_hour": grown(row["usd_per_hour"], 0.97)}, row | new]


def new_outside_models(table: list[Row], day: str) -> list[Row]:
    told = {"as_of": day, "source": f"report-{day}", "note": "", "period": "2030", "verified": "single"}
    model = dict(table[0]) | told | {"model": f"new-bank-{day}", "publisher": "New Bank", "unit": "usd_bn"}
    return [
        model | {"direction": "output", "quantity": "funding_gap", "value": "150"},
        model | {"direction": "input", "quantity": "cost_per_gw", "value": "45"},
    ]


def new_entities(table: list[Row], day: str) -> list[Row]:
    blank = dict.fromkeys(table[0], "") | {"country": "US"}
    return [
        blank | {"entity": f"new-fund-{day}", "name": "New Fund", "kind": "investor"},
        blank | {"entity": f"new-cloud-{day}", "name": "New Cloud", "kind": "neocloud"},
    ]


def new_sources(table: list[Row], day: str) -> list[Row]:
    blank = dict.fromkeys(table[0], "") | {"publisher": "New Paper", "published": day}
    return [
        blank | {"source": f"filing-{day}", "title": "A filing", "url": "https://example.org/filing", "kind": "filing"},
        blank | {"source": f"report-{day}", "title": "A report", "url": "https://example.org/report", "kind": "news"},
    ]


def new_checks(table: list[Row], day: str) -> list[Row]:
    new = {"check": f"new-cloud-orders-{day}", "formula": "4+2", "published": "6", "unit": "usd_bn", "tolerance": "0"}
    return [dict.fromkeys(table[0], "") | new | {"source": f"report-{day}"}]


def new_vintages(table: list[Row], day: str) -> list[Row]:
    return [{"as_of": day, "name": "A new fund", "sentence": "A new fund invests, and a new cloud is paid."}]


TABLES: dict[str, Callable[[list[Row], str], list[Row]]] = {
    "deals": new_deals,
    "metrics": new_metrics,
    "terms": new_terms,
    "quotes": new_quotes,
    "sites": new_sites,
    "chips": new_chips,
    "prices": new_prices,
    "outside_models": new_outside_models,
    "entities": new_entities,
    "sources": new_sources,
    "checks": new_checks,
    "vintages": new_vintages,
}


def append_facts(directory: Path) -> str:
    """Append rows of a day after the newest to every table of a ledger; returns the day."""
    day = f"{Ledger.load(directory).newest + LATER:%Y-%m-%d}"
    for name, rows_of in TABLES.items():
        path = directory / f"{name}.csv"
        header, *rows = read_rows(path)
        new = rows_of([dict(zip(header, r, strict=True)) for r in rows], day)
        write_rows(path, [header, *rows, *([row[column] for column in header] for row in new)])
    return day


def main(folder: Path) -> int:
    """Copy the project, append the facts, accept, run the suite; returns the suite's exit status."""
    shutil.copytree(paths.ROOT, folder, ignore=LEFT_OUT)
    print(f"appended facts of {append_facts(folder / 'data')}")
    here = {"cwd": folder, "env": os.environ | {"PYTHONPATH": str(folder)}}
    command = [sys.executable, "-m", "analysis"]
    subprocess.run([*command, "check", "--against", str(paths.DATA)], check=True, **here)
    subprocess.run([*command, "accept"], check=True, **here)
    return subprocess.run([sys.executable, "-m", "pytest", "--ignore=tests/browser"], check=False, **here).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
