"""Who pays if OpenAI does not, and the debt behind its suppliers."""

import re

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import formats, quantities, singles
from analysis.numbers.calculations import labelled
from analysis.numbers.exposure.accounts import yearly_flow
from analysis.numbers.exposure.owed import facts
from analysis.numbers.exposure.terms import NOT_PUBLISHED, stage
from analysis.numbers.facts import NAN, Facts, ratio, value
from analysis.numbers.results import Results

WHOSE = {"openai": "OpenAI", "chain": "a cloud, a landlord or their customers", "comparator": "Anthropic or others"}
OWN, LEASES, SITE = "its own debt", "leases signed, not begun", "loans to developers of its sites"
TERM = re.compile(r"\b[Tt]erm (\d+) years\b")
LONGER = re.compile(r"\btwo 1-year extensions\b")
COUNTED = {
    "partners_debt": ("openai-partners", "debt_tied_to_openai", "Debt of OpenAI's partners, by one count"),
    "private_loans": ("private-credit", "ai_loans", "Loans of private funds to AI firms, at least"),
}
GUARANTEED_SITE = "portsmouth"
REPORTED_CAPS = ("guarantees_max_exposure", "credit_derivatives_max_exposure", "guarantees_agreed_not_started")


def guarantee_rows(f: Facts) -> pd.DataFrame:
    """The guarantees that stand: rows of deals, those for OpenAI first, then by size."""
    rows = counted.guarantees(f.ledger.deals, f.ledger.as_of)
    rows = rows[rows["scope"].isin(list(WHOSE))]
    rank = rows["scope"].map(list(WHOSE).index)
    return rows.assign(rank=rank).sort_values(["rank", "high_usd_bn"], ascending=[True, False], kind="stable")


def signed_for_openai(f: Facts) -> pd.DataFrame:
    """The signed guarantees of OpenAI's own payments that have a cap: rows of deals, the largest first."""
    signed = counted.signed(guarantee_rows(f))
    return signed[(signed["scope"] == "openai") & signed["high_usd_bn"].notna()]


def guarantees(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return who pays if another does not.

    Returns
    -------
    DataFrame
        guarantor, creditor (names), whose (debts, in words), low, high (US$ bn; up to), state (of
        `words.DEAL_STATES`), gw, until (year or words), condition.
    """
    rows = guarantee_rows(facts(ledger, scenario))
    return pd.DataFrame(
        {
            "guarantor": [ledger.name(p) for p in rows["payer"]],
            "creditor": [ledger.name(p) for p in rows["payee"]],
            "whose": rows["scope"].map(WHOSE).to_numpy(),
            "low": rows["low_usd_bn"].to_numpy(float),
            "high": rows["high_usd_bn"].to_numpy(float),
            "amount": [
                formats.amount_text(low, high)
                for low, high in zip(rows["low_usd_bn"], rows["high_usd_bn"], strict=True)
            ],
            "state": [stage(rows.loc[[i]]) for i in rows.index],
            "until": [f"{end:%Y}" if pd.notna(end) else NOT_PUBLISHED for end in rows["end"]],
            "condition": rows["condition"].to_numpy(),
        }
    )


def _until(f: Facts, row: pd.Series) -> str:
    """When a loan is due: its year; its length by a term or its newest note of one; or that it is not published."""
    if pd.notna(row["end"]):
        return f"{row['end']:%Y}"
    term = f.term(f"{row['deal']}-term")
    if len(term):
        return formats.dashed(f"after {term['after'].iloc[0]}")
    told = f.ledger.history["deals"].query("deal == @row.deal").sort_values("as_of", kind="stable")["note"]
    found = [(int(match[1]), LONGER.search(note)) for note in told.astype(str) if (match := TERM.search(note))]
    if found:
        years, has_extensions = found[-1]
        first = row["first_as_of"].year + years
        return f"about {first}–{first + 2}" if has_extensions else f"about {first}"
    return NOT_PUBLISHED


def developers(f: Facts, supplier: str) -> list[str]:
    """Those who build or let the sites on which a supplier serves OpenAI, by key."""
    sites, leases = f.ledger.sites, f.payments(payer=supplier, kind="lease", scope="chain")
    is_theirs = [
        supplier in str(s.operator).split(";") and "openai" in str(s.tenant).split(";") for s in sites.itertuples()
    ]
    built = {d for names in sites.loc[is_theirs, "developer"] for d in str(names).split(";") if d}
    return sorted((built | set(leases["payee"])) - {supplier})


def site_loans(f: Facts) -> pd.DataFrame:
    """Return the loans and bonds, each counted once, of those who build or let the sites that are to serve OpenAI."""
    known = sorted(set(quantities.outstanding_supply(f)["payee"]))
    loans = f.payments(kind="debt", scope="chain")
    return loans[loans["payee"].isin([d for supplier in known for d in developers(f, supplier)])]


def debts(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the debt behind each of OpenAI's suppliers of computing, as far as the ledger knows it.

    Returns
    -------
    DataFrame
        party (key), name, kind, what (words), low and value (US$ bn, both ends), until (year or words) and day (of
        the statement); the suppliers in alphabetical order of their keys.
    """
    f = facts(ledger, scenario)
    found = []
    for party in sorted(set(quantities.outstanding_supply(f)["payee"])):
        for metric, kind in (("total_debt", OWN), ("leases_not_commenced", LEASES)):
            row = f.last(party, metric)
            if len(row):
                found.append((party, kind, "", value(row), value(row), NOT_PUBLISHED, row["end"].iloc[0]))
        loans = f.payments(kind="debt", scope="chain")
        loans = loans[loans["payee"].isin(developers(f, party))]
        found += [
            (party, SITE, ledger.name(r["payee"]), r["low_usd_bn"], r["high_usd_bn"], _until(f, r), r["as_of"])
            for _, r in loans.iterrows()
        ]
    frame = pd.DataFrame(found, columns=["party", "kind", "what", "low", "value", "until", "day"])
    return frame.assign(name=[ledger.name(p) for p in frame["party"]])


def reported_caps(f: Facts) -> pd.DataFrame:
    """What firms with no guarantee among the deals report of theirs, at most: rows of metrics."""
    known = f.ledger.part("metrics", "metric", *REPORTED_CAPS)
    firms = sorted(set(known["entity"]) - set(guarantee_rows(f)["payer"]))
    found = [f.last(firm, metric) for firm in firms for metric in REPORTED_CAPS]
    return pd.concat(found) if found else known.head(0)


def is_guaranteed_site_live(ledger: Ledger) -> bool:
    """Whether a part of the site in Ohio runs, of whose leases NVIDIA has guaranteed some."""
    sites = ledger.sites
    return bool((sites["site"].eq(GUARANTEED_SITE) & sites["status"].eq("live")).any())


def beginning(f: Facts, guarantee: pd.DataFrame) -> tuple[str | None, str | None, pd.DataFrame]:
    """When the guarantee of leases in Ohio begins, which it does lease by lease.

    Once a part of the site runs, the year for which it was expected is no longer told.

    Returns
    -------
    str, str
        From when on it stands, and when its first lease begins, in words; None where no day is told.
    DataFrame
        Rows of the site.
    """
    site = f.ledger.history.part("sites", "site", (GUARANTEED_SITE,))
    live = site[site["status"] == "live"].sort_values("as_of", kind="stable")
    year = quantities.calendar_year(guarantee, "start")
    if year is None:
        return None, None, site.tail(1)
    if len(live):
        day = live["as_of"].iloc[0]
        return "from the start of each lease", f"a part of the site has been in service since {day:%B %Y}", live
    is_ahead = year >= f.ledger.as_of.year
    return f"from {year:.0f}", f"the first {'expected' if is_ahead else 'due'} in {year:.0f}", site.tail(1)


def backing(ledger: Ledger, scenario: str = "central") -> Results:
    """The largest guarantee for OpenAI, what it is to its guarantor, and the developers' loans."""
    f = facts(ledger, scenario)
    rows = guarantee_rows(f)
    mine, signed = signed_for_openai(f).head(1), counted.signed(rows)
    called = counted.called(ledger.deals).query("scope == 'openai'")
    talked = rows[(rows["scope"] == "openai") & ~rows.index.isin(signed.index) & rows["high_usd_bn"].notna()].head(1)
    others = rows[(rows["scope"] != "openai") & rows["high_usd_bn"].notna()]
    caps = reported_caps(f)
    flow, _, until, behind = yearly_flow(f, mine["payer"].iloc[0]) if len(mine) else (NAN, None, pd.NaT, [])
    deals = site_loans(f)
    told = deals[deals["status"] == counted.REPORTED]
    undated = [i for i, r in deals.iterrows() if _until(f, r) == NOT_PUBLISHED]
    amount = value(mine, "high_usd_bn")
    start, first_lease, site = beginning(f, mine)
    if len(called):
        first_lease = f"one of them called by {called['as_of'].min():%B %Y}"
    return Results(
        [
            *singles.published(f, COUNTED),
            f.result("has_guarantee", "Someone has signed to pay for OpenAI", len(mine) > 0, "flag", mine),
            f.result("has_called", "A guarantee for OpenAI has been called", len(called) > 0, "flag", called),
            f.amount("called", "Paid or to be paid in OpenAI's place", called),
            f.result("called_by", "Who pays in its place", _names(ledger, called["payer"]) or None, "text", called),
            f.result(
                "guarantor",
                "Who pays if OpenAI does not",
                ledger.name(mine["payer"].iloc[0]) if len(mine) else None,
                "text",
                mine,
            ),
            f.result(
                "guaranteed",
                "Most that a guarantor has to pay in OpenAI's place",
                None,
                "usd_bn",
                mine,
                low=0.0 if len(mine) else None,
                high=amount,
            ),
            f.result(
                "talked_guarantee",
                "Guarantee for OpenAI that is not signed, at most",
                None,
                "usd_bn",
                talked,
                low=0.0 if len(talked) else None,
                high=value(talked, "high_usd_bn"),
            ),
            f.result(
                "guaranteed_of_flow",
                "Guarantee over what its guarantor's business brings in within a year",
                100 * ratio(amount, labelled(flow, "usd_bn", "what its business brings in within a year")),
                "pct",
                mine,
                *behind,
            ),
            f.result(
                "guaranteed_flow_until",
                "End of that year",
                None if pd.isna(until) else f"{until:%Y-%m-%d}",
                "date",
                *behind,
            ),
            f.result("guaranteed_from", "The guarantee starts", start, "text", mine, site),
            f.result("first_lease", "When the first of its leases begins", first_lease, "text", mine, site, called),
            f.result("is_of_flow", "The guarantor's cash flow is published", flow == flow, "flag", mine, *behind),
            f.result(
                "other_guarantees",
                "Guarantees for others than OpenAI, at most",
                float(others["high_usd_bn"].sum()) if len(others) else None,
                "usd_bn",
                others,
                how="Signed, announced, reported or in talks; each up to its cap.",
            ),
            f.result(
                "reported_guarantees",
                "Guarantees and the like that these firms report, at most",
                _sum(caps),
                "usd_bn",
                caps,
            ),
            f.result(
                "reported_guarantors",
                "Firms that report guarantees of which no deal is known",
                _names(ledger, caps["entity"]) or None,
                "text",
                caps,
            ),
            f.result("has_reported_guarantees", "Such guarantees are reported", len(caps) > 0, "flag", caps),
            f.amount("site_loans", "Loans and bonds for sites meant for OpenAI", deals),
            f.amount("site_loans_told", "Of them known from press reports alone", told),
            f.result("has_site_loans_told", "Some are known from press reports alone", len(told) > 0, "flag", told),
            f.result("has_site_loans", "Such loans are known", len(deals) > 0, "flag", deals),
            f.result("site_loans_count", "Such loans", len(deals) or None, "count", deals),
            f.result("site_loans_undated", "Of them without a published due date", len(undated), "count", deals),
        ]
    )


def _names(ledger: Ledger, parties: pd.Series) -> str:
    return formats.listed([ledger.name(party) for party in dict.fromkeys(parties)])


def _sum(rows: pd.DataFrame) -> float | None:
    return float(rows["value"].sum()) if len(rows) else None
