"""Later days that never were: the frozen ledger with rows that no chapter was written for, and the pages' text then.

The day is a Saturday on which nothing of the project's own ledger became known, so no story has a text for it.
"""

import csv
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from analysis import paths
from analysis.book.running import chapter_stories, notebooks
from analysis.ledger import Ledger
from analysis.numbers.results import Result
from analysis.numbers.story_rows import KEY_COLUMNS
from tests.conftest import read_rows, write_rows
from tests.ledgers import FROZEN

DAY = "2026-06-13"
Row = dict[str, str]
NEW_PARTY = {"entity": "new-party", "name": "New Party", "kind": "cloud", "country": "US", "ticker": "", "note": ""}
POLICY = {
    "term": "softbank-financial-policy",
    "topic": "leverage policy",
    "after": "LTV below 25% in normal times, 35% ceiling",
}
KEY_DAY = {"as_of": DAY, "name": "A later day", "sentence": "Much has become known."}


def table_of(folder: Path, table: str) -> list[Row]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def append(folder: Path, table: str, rows: Iterable[Row]) -> None:
    """Append rows to a table; a column that is not given is empty."""
    path = folder / f"{table}.csv"
    known = read_rows(path)
    write_rows(path, [*known, *([row.get(column, "") for column in known[0]] for row in rows)])


def last_of(folder: Path, table: str, **where: str) -> Row:
    """A copy of the newest row that matches, dated to the later day."""
    hits = [row for row in table_of(folder, table) if all(row[k] == v for k, v in where.items())]
    return max(hits, key=lambda row: row["as_of"]) | {"as_of": DAY}


def equity_of(folder: Path) -> list[Row]:
    """Newest row of each purchase of OpenAI's shares that is counted."""
    names = {r["deal"] for r in table_of(folder, "deals") if r["payee"] == "openai" and r["kind"] == "equity"}
    newest = [last_of(folder, "deals", deal=name) for name in sorted(names)]
    return [row for row in newest if row["role"] == "payment" and row["status"] != "cancelled"]


def paid_in_full(row: Row) -> Row:
    """The deal, closed and paid to its upper end, under no condition."""
    amount = row["high_usd_bn"] or row["low_usd_bn"]
    paid = {"status": "closed", "low_usd_bn": amount, "high_usd_bn": amount, "condition": ""}
    return row | paid | {"start": min(row["start"] or DAY, DAY), "end": DAY}


def copy_of(target: Path) -> Path:
    return Path(shutil.copytree(FROZEN, target))


def with_later_facts(folder: Path) -> Path:
    """Add to a copy of the frozen ledger a fact of every kind that can turn a sentence false.

    All of OpenAI's equity is paid in full; Amazon's order is amended; AMD's order and warrant are cancelled; a site is
    paused; a loss that could only be inferred is published; cash is published for a later day; another author
    forecasts; there are a new party, a guarantee and new talks.
    """
    amd = [last_of(folder, "deals", deal=name) for name in ("openai-amd-chips", "amd-openai-warrant")]
    order = last_of(folder, "deals", deal="openai-aws-compute")
    order |= {"status": "amended", "low_usd_bn": "150", "high_usd_bn": "150"}
    blank = {"as_of": DAY, "verified": "multi", "source": order["source"]}
    new = [
        {"deal": "openai-new-party-compute", "status": "signed", "kind": "compute", "role": "payment"}
        | {"scope": "openai", "payer": "openai", "payee": "new-party", "low_usd_bn": "33", "high_usd_bn": "33"},
        {"deal": "oracle-crusoe-guarantee", "status": "signed", "kind": "guarantee", "role": "contingent"}
        | {"scope": "chain", "payer": "oracle", "payee": "crusoe", "high_usd_bn": "105"},
        {"deal": "new-party-openai-equity", "status": "reported", "kind": "equity", "role": "payment"}
        | {"scope": "openai", "payer": "new-party", "payee": "openai", "low_usd_bn": "40", "high_usd_bn": "40"}
        | {"condition": "early talks"},
    ]
    paid = [paid_in_full(row) for row in equity_of(folder)]
    ended = [row | {"status": "cancelled", "condition": ""} for row in amd]
    append(folder, "deals", [*paid, order, *ended, *(blank | row for row in new)])
    append(folder, "sites", [last_of(folder, "sites", site="abilene") | {"status": "paused"}])
    mine = blank | {"entity": "openai", "unit": "usd_bn", "basis": "actual"}
    years = [{"start": f"{year}-01-01", "end": f"{year}-12-31"} for year in range(2026, 2030)]
    rival = mine | {"metric": "cash_burn", "basis": "projection", "by": "a-bank", "value": "90"}
    published = [
        mine | {"metric": "net_loss", "start": "2025-07-01", "end": "2025-09-30", "value": "21.3"},
        mine | {"metric": "cash", "end": "2026-03-31", "value": "60"},
    ]
    append(folder, "metrics", [*published, *(rival | year for year in years)])
    append(folder, "entities", [NEW_PARTY])
    append(folder, "vintages", [KEY_DAY])
    return folder


def with_facts_nobody_wrote_for(folder: Path) -> Path:
    """Add to a copy of the frozen ledger a guarantee, an order from a party new to it, and a newer row of a story."""
    source = table_of(folder, "deals")[-1]["source"]
    blank = {"as_of": DAY, "status": "signed", "verified": "primary", "source": source}
    new = [
        {"deal": "zz-guarantee", "kind": "guarantee", "role": "contingent", "scope": "chain"}
        | {"payer": "oracle", "payee": "crusoe", "high_usd_bn": "105"},
        {"deal": "zz-order", "kind": "compute", "role": "payment", "scope": "openai"}
        | {"payer": "openai", "payee": "new-party", "low_usd_bn": "33", "high_usd_bn": "33"},
    ]
    append(folder, "deals", [blank | row for row in new])
    after = "Azure is the first to ship; OpenAI may serve its products on any cloud"
    story = {"as_of": "2026-04-20", "before": "No right of first refusal", "after": after, "note": ""}
    append(folder, "terms", [last_of(folder, "terms", term="cloud-exclusivity") | story])
    append(folder, "entities", [NEW_PARTY | {"name": "New <b>Party</b>"}])
    append(folder, "vintages", [KEY_DAY])
    return folder


def with_every_deal_cancelled(folder: Path) -> Path:
    """Cancel on the later day every deal that a copy of the frozen ledger holds."""
    names = dict.fromkeys(row["deal"] for row in table_of(folder, "deals"))
    append(folder, "deals", [last_of(folder, "deals", deal=name) | {"status": "cancelled"} for name in names])
    return folder


def with_a_row_for(folder: Path, keys: Iterable[str]) -> Path:
    """Add a row of the later day to each key (``table:key``) that the ledger has: it ended, or is another number."""
    added: dict[str, list[Row]] = {}
    changes = {"deals": {"status": "cancelled"}, "sites": {"status": "cancelled"}, "metrics": {"value": "1234.5"}}
    for key in dict.fromkeys(keys):
        table, _, name = key.partition(":")
        where = dict(zip(KEY_COLUMNS[table], name.split("/"), strict=True))
        if any(all(row[k] == v for k, v in where.items()) for row in table_of(folder, table)):
            change = changes.get(table, {"after": f"The opposite of {name} holds", "topic": "end"})
            added.setdefault(table, []).append(last_of(folder, table, **where) | change)
    for table, rows in added.items():
        append(folder, table, rows)
    return folder


def pages(ledger: Ledger, results: dict[str, Result]) -> dict[str, str]:
    """What a reader of each chapter sees as plain text: stories, conditions and numbers filled in, and key numbers."""
    known = {key: result.as_dict() for key, result in results.items()}
    told = chapter_stories.told(chapter_stories.stories_of(paths.CHAPTERS), ledger)
    texts = {}
    for path in notebooks.chapters(paths.CHAPTERS):
        book = notebooks.filled(notebooks.read(path), known, told)
        text = "\n\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
        texts[path.stem] = re.sub(r":{3,}\{cards\} ([^\n]*)\n:{3,}", lambda cards: _cards(cards[1], results), text)
    return texts


def _cards(keys: str, results: dict[str, Result]) -> str:
    return "\n\n".join(f"{results[key].label}: {results[key].text}." for key in keys.split() if key in results)


def sentences(text: str) -> list[str]:
    """The sentences of a page, list items and cells of a table among them."""
    parts = re.split(r"(?<=[.?!:])\s+|\n\s*\n|\n[-|]", text)
    return [" ".join(part.split()) for part in parts if part.strip()]


def with_turns(folder: Path) -> Path:
    """Add to a copy of the frozen ledger facts that turn what was told: terms that move, falls, sales, restatements.

    The Azure order is cut; Microsoft states its stake after the round, sells a third of it and books a loss again; a
    newer price of OpenAI is known; a quarter of its revenue falls short of what was predicted. OpenAI forecasts more
    burn and, in 2030, less cash; then it names a smaller sum for its computing, without a forecast beside it. SoftBank
    borrows more than its ceiling.
    """
    azure = last_of(folder, "deals", deal="openai-azure-compute") | {"status": "amended"}
    claim = last_of(folder, "deals", deal="openai-compute-plan") | {"low_usd_bn": "450", "high_usd_bn": "450"}
    append(folder, "deals", [azure | {"low_usd_bn": "180", "high_usd_bn": "180"}, claim])
    told = {"as_of": DAY, "source": azure["source"], "verified": "single", "unit": "usd_bn", "basis": "actual"}
    stake = told | {"entity": "microsoft", "metric": "stake_pct_of_openai", "unit": "pct"}
    books = told | {"entity": "microsoft", "metric": "equity_method_result_openai_pretax", "value": "-6"}
    openai = told | {"entity": "openai"}
    rows = [
        stake | {"as_of": "2026-05-01", "end": "2026-04-30", "value": "25"},
        stake | {"end": "2026-06-01", "value": "16.7"},
        books | {"start": "2026-01-01", "end": "2026-03-31"},
        told
        | {"entity": "microsoft", "metric": "revenue_from_openai", "start": "2025-04-01", "end": "2026-03-31"}
        | {"value": "24"},
        openai | {"metric": "valuation_post_money", "end": "2026-06-01", "value": "500"},
        openai | {"metric": "valuation_pre_money", "end": "2026-06-01", "value": "480"},
        openai | {"metric": "revenue", "start": "2025-10-01", "end": "2025-12-31", "value": "3.5"},
        openai | {"metric": "revenue", "start": "2026-01-01", "end": "2026-03-31", "value": "4"},
    ]
    plan = openai | {"as_of": "2026-05-15", "metric": "cash_burn", "basis": "projection"}
    burn = {2026: "75", 2027: "90", 2028: "60", 2029: "30", 2030: "-20"}
    rows += [plan | {"start": f"{y}-01-01", "end": f"{y}-12-31", "value": v} for y, v in burn.items()]
    whole = {"metric": "compute_spend", "start": "2026-01-01", "end": "2030-12-31"}
    rows += [
        plan | whole | {"basis": "guidance", "value": "500"},
        plan | whole | {"as_of": "2026-04-15", "end": "2026-12-31", "basis": "reported", "value": "50"},
    ]
    lost = openai | {"metric": "operating_loss", "basis": "reported"}
    rows += [lost | {"start": "2025-10-01", "end": "2025-12-31", "value": "6"}]
    rows += [lost | {"start": "2026-01-01", "end": "2026-03-31", "value": "9"}]
    borrowed = told | {"entity": "softbank", "metric": "ltv", "unit": "pct", "end": "2026-03-31", "value": "36"}
    append(folder, "metrics", [*rows, borrowed])
    append(folder, "terms", [last_of(folder, "terms", term="rating-sp-softbank") | POLICY])
    quarter = {"as_of": "2025-12-17", "entity": "openai", "metric": "revenue", "start": "2026-01-01"}
    quarter |= {"end": "2026-03-31", "p5": "4", "p25": "4.5", "p50": "5", "p75": "5.5", "p95": "6", "unit": "usd_bn"}
    rate = quarter | {"metric": "annualized_revenue", "start": "", "end": "2025-12-31"}
    year = quarter | {"start": "2025-01-01", "end": "2025-12-31"}
    low = {"p5": "8", "p25": "9", "p50": "10", "p75": "11", "p95": "12"}
    stated = {"last_value": "5", "made": "hindcast", "code": "0" * 12}
    said = [year | low | {"plan": "13"}, rate | low | {"plan": "20"}, quarter | {"plan": "5.2"}]
    path = folder / "predictions.csv"
    header = read_rows(FROZEN.parent / "ledger" / "predictions.csv")[0]
    write_rows(path, [header, *([(stated | row).get(column, "") for column in header] for row in said)])
    return folder


def with_overtaken(folder: Path) -> Path:
    """Add to a copy of the frozen ledger what overtakes an estimate, a backlog, a guarantee, a purchase and a lease.

    Orders are cut, one below what building costs; a guarantee is settled, shares are paid for; Oracle tells of fewer
    leases and not of its debt; AWS told of its backlog before an order was cut; a chip gets a price. SoftBank borrows
    more than its own limit allows; OpenAI publishes a quarter of which the one before is the press's.
    """
    cut = {
        "openai-oracle-compute": ("120", "4"),
        "openai-azure-compute": ("180", ""),
        "openai-aws-compute": ("70", "1"),
    }
    orders = [
        last_of(folder, "deals", deal=deal)
        | {"status": "amended", "low_usd_bn": amount, "high_usd_bn": amount, "gw": gigawatts}
        for deal, (amount, gigawatts) in cut.items()
    ]
    closed = [
        last_of(folder, "deals", deal=deal) | {"status": "closed"}
        for deal in ("nvidia-coreweave-backstop", "nvidia-openai-equity")
    ]
    called = last_of(folder, "deals", deal="nvidia-coreweave-backstop") | {"deal": "nvidia-crusoe-guarantee-paid"}
    called |= {"role": "payment", "scope": "openai", "payee": "crusoe", "low_usd_bn": "2", "high_usd_bn": "2"}
    closed.append(called | {"status": "closed", "start": DAY, "end": DAY})
    labs = last_of(folder, "deals", deal="openai-aws-compute") | {"as_of": "2026-04-20", "scope": "comparator"}
    labs |= {"deal": "anthropic-aws-compute", "payer": "anthropic", "low_usd_bn": "100", "high_usd_bn": "100"}
    append(folder, "deals", [labs, *orders, *closed])
    books = [
        last_of(folder, "metrics", entity="oracle", metric="rpo") | {"end": "2026-05-31"},
        last_of(folder, "metrics", entity="oracle", metric="leases_not_commenced")
        | {"end": "2026-05-31", "value": "60"},
        last_of(folder, "metrics", entity="amazon", metric="aws_rpo") | {"end": "2026-04-30", "as_of": "2026-05-01"},
        last_of(folder, "metrics", entity="softbank", metric="ltv") | {"end": "2026-03-31", "value": "31"},
    ]
    sold = last_of(folder, "metrics", entity="openai", metric="revenue") | {"start": "2025-10-01", "note": ""}
    books += [
        sold | {"end": "2025-12-31", "value": "4", "basis": "reported"},
        sold | {"start": "2026-01-01", "end": "2026-03-31", "value": "5", "basis": "actual"},
    ]
    append(folder, "terms", [last_of(folder, "terms", term="rating-sp-softbank") | POLICY])
    append(folder, "metrics", books)
    append(folder, "prices", [last_of(folder, "prices", chip="Trainium2") | {"chip": "Trainium3"}])
    return folder
