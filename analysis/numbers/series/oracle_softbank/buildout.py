"""What is to be built, what stands, and what a gigawatt costs: the tables of the figures, and their findings."""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import formats
from analysis.numbers.facts import NAN
from analysis.numbers.oracle_softbank import buildout, per_gigawatt
from analysis.numbers.oracle_softbank.progress import short_name, site_name
from analysis.numbers.row_keys import row_keys
from analysis.numbers.series import squares
from analysis.numbers.words import COUNTRIES, IN_FULL, SITE_STATES

PLAN, CONTRACT, LOANS = "plan", "contract", "loans"
COMPUTE_PLAN = "openai-compute-plan"
HEADLINES = {
    "stargate-us-program": ("Stargate pledge", PLAN),
    "stargate-us-sites": ("Sites in the US, as planned", PLAN),
    "openai-oracle-compute": ("Oracle contract", CONTRACT),
    "oracle-linked-construction-loans-rated": ("Rated loans on sites that Oracle leases", LOANS),
}
GONE = "no longer OpenAI's"
RUNS, BEGUN, PLANNED, PAUSED = "runs", "begun, not known to run", "only planned", "paused"
ABROAD, UNNAMED = "Abroad", "United States"
WITHOUT = ", without Oracle"  # behind a place whose sites are not run by Oracle
# What a published cost of a gigawatt counts.
SHELL, ALL_IN, FACILITY, TO_COME = "no chips", "chips of today", "chips, power of the whole site", "chips to come"
SCOPES = (SHELL, ALL_IN, FACILITY, TO_COME)


def price(low: float, high: float) -> str:
    """Return an amount in US$ bn without its unit: ``1,400``, ``more than 300``, ``up to 40``."""
    return formats.quantity(None, "usd_bn", low, low if pd.isna(high) else high, bool(pd.isna(high)), has_unit=False)


def headlines(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the headlines with an amount, the widest first, and the ledger's rows.

    OpenAI's plan is listed as last stated, and above it as it was at its largest.

    Returns
    -------
    DataFrame
        deal, name, kind, low and high (US$ bn), value, label.
    list of DataFrame
        The rows behind it.
    """
    history = ledger.history["deals"]
    plans = history[(history["deal"] == COMPUTE_PLAN) & history["high_usd_bn"].notna()].sort_values(
        "as_of", kind="stable"
    )
    plans = plans.drop_duplicates("high_usd_bn")  # the day on which an amount was first stated
    largest = plans[plans["high_usd_bn"] == plans["high_usd_bn"].max()]
    plans = pd.concat([largest, plans.tail(1)]).drop_duplicates("high_usd_bn")
    standing = deals.standing(ledger.deals)
    known = standing.set_index("deal", drop=False).reindex(list(HEADLINES))
    rows = pd.concat([plans, known.dropna(how="all", subset=["low_usd_bn", "high_usd_bn"])]).reset_index(drop=True)
    names = [
        HEADLINES[r.deal][0] if r.deal in HEADLINES else f"OpenAI's plan, {r.as_of:%B %Y}" for r in rows.itertuples()
    ]
    frame = pd.DataFrame(
        {
            "deal": rows["deal"],
            "name": names,
            "kind": [HEADLINES[k][1] if k in HEADLINES else PLAN for k in rows["deal"]],
            "low": rows["low_usd_bn"].astype(float),
            "high": rows["high_usd_bn"].astype(float),
            "value": deals.bounds(rows)["high"].to_numpy(float),
            "label": [price(r.low_usd_bn, r.high_usd_bn) for r in rows.itertuples()],
        }
    )
    return frame.sort_values("value", ascending=False, kind="stable", ignore_index=True), [rows]


def headlines_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence which of the `headlines` is a customer's contract."""
    contract, plans = (frame[frame["kind"] == kind] for kind in (CONTRACT, PLAN))
    if len(contract) and len(plans):
        amount = contract["label"].iloc[0].replace("more than ", "more than US$")
        amount = amount if "US$" in amount else f"US${amount}"
        return f"One of these headlines is a priced contract: Oracle's, {amount}bn"
    if len(frame) == 1:
        return "One headline and no priced contract"
    return f"{len(frame)} headlines: they overlap and do not add up"


def site_words(site: pd.Series) -> str:
    """Return in words how much of a site runs: ``0.3 of 1.2 GW run``, ``8 GW``, ``not published, paused``."""
    planned, live = site["planned_gw"], site["live_gw"]
    if pd.isna(planned):
        return f"not published, {site['state']}"
    whole = formats.amount(planned, "gw")
    if site["state"] == IN_FULL:
        return f"all of {whole} runs"
    return f"{formats.amount(live, 'gw', has_unit=False)} of {whole} run" if live > 0 else whole


def site_list(ledger: Ledger) -> pd.DataFrame:
    """Return the sites named for OpenAI, those furthest on first, and last those that it no longer has.

    Returns
    -------
    DataFrame
        Rows of sites, the largest of each state first, with short (name and place), state (in words), nation and user
        (country and tenant in words), low and high (GW that run and that are planned, 0 where nothing is published) and
        label (capacity and state).
    """
    now, former = buildout.openai_sites(ledger.sites), buildout.former_sites(ledger)
    rows = pd.concat(
        [
            now.assign(state=now["status"].map(SITE_STATES), order=now["status"].map([*SITE_STATES].index)),
            former.assign(state=GONE, order=len(SITE_STATES)),
        ]
    )
    rows = rows.sort_values(
        ["order", "planned_gw", "name"], ascending=[True, False, True], kind="stable", ignore_index=True
    )
    is_live = rows["state"] == SITE_STATES["live"]
    return rows.assign(
        state=rows["state"].mask(is_live & (rows["live_gw"] >= rows["planned_gw"]), IN_FULL),
        short=[site_name(r) for _, r in rows.iterrows()],
        nation=rows["country"].map(lambda country: COUNTRIES.get(country, country)),
        user=rows["tenant"].map(ledger.name),
        high=rows["planned_gw"].fillna(0.0),
        low=rows["live_gw"].where(is_live).fillna(0.0),
    ).assign(label=lambda table: [_with_state(r) for _, r in table.iterrows()])


def _with_state(site: pd.Series) -> str:
    """The words for a site's capacity, and its state where they do not tell it."""
    words = site_words(site)
    return words if site["low"] > 0 or site["state"] in words else f"{words}, {site['state']}"


def places(sites: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Return where the sites of a `site_list` that are OpenAI's are, in squares, and how many GW a square is.

    Returns
    -------
    DataFrame
        name (a state of the US, or `ABROAD`; with `WITHOUT` where Oracle has no part, though it has elsewhere), label
        (the sites there with their capacity, GW), planned (GW), is_oracle, and the number of squares that are each of
        `RUNS`, `BEGUN`, `PLANNED` and `PAUSED`; Oracle's first, and of them the place with most.
    float
        NaN where no capacity is published.
    """
    now = sites[sites["state"] != GONE]
    name = now["region"].where(now["region"] != "", UNNAMED).where(now["country"] == "US", ABROAD)
    waits = now["status"].map({"planned": PLANNED, "paused": PAUSED}).fillna(BEGUN)
    each = squares.unit(now["high"].sum()) if now["high"].sum() > 0 else NAN
    found = []
    for (place, is_oracle), rows in now.groupby([name, is_oracles(now)], sort=False):
        row = {"name": place, "planned": rows["high"].sum(), "label": _names(rows), RUNS: rows["low"].sum()}
        row["is_oracle"] = is_oracle
        row |= {kind: (rows["high"] - rows["low"])[waits == kind].sum() for kind in (BEGUN, PLANNED, PAUSED)}
        found.append(row)
    frame = pd.DataFrame(found, columns=["name", "label", "planned", "is_oracle", RUNS, BEGUN, PLANNED, PAUSED])
    if each > 0:  # a lane without a square says nothing; the note names its sites
        frame = frame[frame["planned"] > 0].reset_index(drop=True)
    for kind in (RUNS, BEGUN, PLANNED, PAUSED):
        frame[kind] = [squares.count(gw, each) for gw in frame[kind]]
    if frame["is_oracle"].any():
        frame["name"] = frame["name"].where(frame["is_oracle"].astype(bool), frame["name"] + WITHOUT)
    return frame.sort_values(["is_oracle", "planned", "name"], ascending=[False, False, True], ignore_index=True), each


def is_oracles(sites: pd.DataFrame) -> pd.Series:
    """Whether Oracle is among those who run each site (rows of sites)."""
    return sites["operator"].str.split(";").map(lambda parties: "oracle" in parties)


def _names(rows: pd.DataFrame) -> str:
    """The sites of a place that publish a capacity, with it, GW, the largest first; the others where none does."""
    rows = rows.sort_values(["high", "name"], ascending=[False, True], kind="stable")
    known = [
        f"{short_name(r)} {formats.amount(r['high'], 'gw', has_unit=False)}"
        for _, r in rows[rows["high"] > 0].iterrows()
    ]
    return "; ".join(known) or f"{formats.listed([short_name(r) for _, r in rows.iterrows()])}: not published"


def sites_finding(ledger: Ledger) -> str:
    """Return in a sentence how much the sites for OpenAI are to have, and how much of it is known to run."""
    sites = buildout.openai_sites(ledger.sites)
    planned, live = sites["planned_gw"].sum(), sites["live_gw"].sum()
    if sites.empty:
        return "No site is named for OpenAI by this day"
    if not planned:
        return f"{formats.counted(len(sites), 'site', 'sites')} named for OpenAI, no capacity published"
    whole = formats.amount(planned, "gw")
    if live > 0:
        return f"Of {whole} planned at sites named for OpenAI, {formats.amount(live, 'gw')} is known to run"
    return f"The sites named for OpenAI plan {whole}, where that is published; what runs there is not"


def sites_subtitle(places: pd.DataFrame, each: float) -> str:
    """Return what a square stands for, and how much of the `places` is not run by Oracle."""
    square = f"Each square is {formats.amount(each, 'gw')} of planned capacity" if each > 0 else "Planned capacity"
    apart = float(places.loc[places["name"].str.endswith(WITHOUT), "planned"].sum())
    told = f" The lower lanes, {formats.amount(apart, 'gw')}, are without Oracle." if apart > 0 else ""
    return f"{square}, of the computers or of the whole site, as published; upper limits included.{told}"


def site_note(ledger: Ledger) -> str:
    """Return what the list of sites leaves open, and what its states mean."""
    listed = site_list(ledger)
    silent = [short_name(r) for _, r in listed[(listed["state"] != GONE) & ~(listed["high"] > 0)].iterrows()]
    is_part = (listed["state"] == SITE_STATES["live"]).any()
    gone = listed[listed["state"] == GONE]
    lost = [f"{short_name(r)} ({formats.amount(r['planned_gw'], 'gw')})" for _, r in gone.iterrows()]
    runs = is_oracles(buildout.openai_sites(ledger.sites))
    told = [
        "Without Oracle: it is not named among those who run these sites." if runs.any() and not runs.all() else "",
        f"Without a published capacity: {', '.join(silent)}." if silent else "",
        f"A site is called {SITE_STATES['live']} as soon as one building runs." if is_part else "",
        f"Not drawn, for they are no longer OpenAI's: {formats.listed(lost)}." if lost else "",
    ]
    return " ".join(filter(None, told))


def shells(ledger: Ledger) -> pd.DataFrame:
    """Return what a gigawatt costs without chips where it is published: rows of sites with who, value, scope, row."""
    rows = per_gigawatt.shells(ledger)
    return rows.assign(
        who=[site_name(r) for _, r in rows.iterrows()],
        value=rows["investment_usd_bn"] / rows["planned_gw"],
        scope="Cost of the site as published over its capacity; the chips are bought by Oracle.",
        kind=SHELL,
        row=row_keys(rows),
    )


def costs(ledger: Ledger) -> pd.DataFrame:
    """Return the published costs of a gigawatt: who, value (US$ bn), scope, kind (one of `SCOPES`), label, row.

    They are in the order of the scopes, the lowest of each first.
    """
    frame = per_gigawatt.published(ledger)
    kinds = np.select([frame[c].astype(bool) for c in ("is_today", "is_to_come")], [ALL_IN, TO_COME], FACILITY)
    frame = pd.concat([shells(ledger), frame.assign(kind=kinds)])[["who", "value", "scope", "kind", "row"]]
    frame = frame.assign(order=frame["kind"].map(SCOPES.index)).sort_values(
        ["order", "value", "who"], ignore_index=True
    )
    return frame.assign(label=[formats.rounded(v, 1) for v in frame["value"]])


def costs_finding(frame: pd.DataFrame) -> str:
    """Return the range of the `costs` in a sentence, with the chips of today and without."""
    shell, whole = (frame.loc[frame["kind"] == kind, "value"] for kind in (SHELL, ALL_IN))
    without = (
        formats.quantity(None, "usd_bn", np.floor(shell.min() + 0.5), np.floor(shell.max() + 0.5)) if len(shell) else ""
    )
    if whole.empty:
        return f"A gigawatt costs {without} before a chip is bought" if without else "What a gigawatt costs"
    words = formats.quantity(None, "usd_bn", whole.min(), whole.max())
    if without:
        return f"A gigawatt costs {words} with its chips, {without} without"
    if whole.min() < whole.max():
        return f"A gigawatt costs {words} with its chips"
    figures = "the only figure" if len(whole) == 1 else "every figure"
    return f"A gigawatt costs {words} with its chips by {figures} published"
