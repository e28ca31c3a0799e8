"""What one table says must be possible by another: stakes, backlogs, gigawatts.

Each rule refuses only what cannot be; what is merely odd is for the guard (`guard`), which asks for a second look.
- Stakes in a company stated for one day add up to at most 100%.
- The part of a backlog that one customer makes up is no more than the backlog, agrees with its stated share, and
  holds at least `MIN_SHARE_OF_SIGNED` of what that customer signed in the year before.
- A deal that names a site in its key (``saline-debt``) has no more gigawatts than the site plans.
- Sites that the customer rents plan no more gigawatts than its contracts, or the largest claim, name.
- A figure looked for in filings names a member for each axis, and has the unit of its metric.
- No two companies have one name: readers could not tell them apart.
- No fact became known long after the newest source was published.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.ledger.known import latest
from analysis.ledger.problems import FIRST_ROW, Problem, quoted
from analysis.ledger.schema import CANCELLED, SIGNED_STATUSES, Table

POINTS = 0.5  # percentage points by which rounded stakes may pass 100
ROUNDING = 0.02  # of a backlog: its share is published in whole percent
MIN_SHARE_OF_SIGNED = 0.75  # of what was signed in the year before: the rest may have been delivered
GW_MARGIN = 1.1  # announced gigawatts are round numbers
AFTER_SOURCES = pd.Timedelta(days=1830)  # nothing becomes known five years after the newest page was published
CUSTOMER = "openai"  # the one whose contracts the ledger follows


def names(table: Table, entities: pd.DataFrame) -> list[Problem]:
    """Companies with the name of one in a row above."""
    first: dict[str, int] = {}
    problems = []
    for row, name in enumerate(entities["name"], start=FIRST_ROW):
        above = first.setdefault(str(name).casefold(), row)
        if above != row:
            message = f"{quoted(name)} is the name of row {above} too; add what tells the two apart"
            problems.append(Problem(table.file, row, "name", message))
    return problems


def days(schema: Mapping[str, Table], frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Days on which a fact is said to have become known though nothing was published near them."""
    newest = frames["sources"]["published"].max()
    if pd.isna(newest):
        return []
    problems = []
    for name, frame in frames.items():
        if "source" not in frame or "as_of" not in frame:
            continue
        for row in frame.index[frame["as_of"] > newest + AFTER_SOURCES]:
            day = f"{frame['as_of'][row]:%Y-%m-%d}"
            message = f"{day} is long after the newest source, of {newest:%Y-%m-%d}; correct the day or add the source"
            problems.append(Problem(schema[name].file, int(row) + FIRST_ROW, "as_of", message))
    return problems


def stakes(table: Table, metrics: pd.DataFrame) -> list[Problem]:
    """Stakes in one company on one day that add up to more than all of it."""
    rows = metrics[metrics["metric"].str.startswith("stake_pct_of_")]
    rows = rows[~rows.duplicated(list(table.key), keep="last")]
    problems = []
    for (metric, end), group in rows.groupby(["metric", "end"]):
        total = group["value"].sum()
        if total > 100 + POINTS:
            parts = " + ".join(f"{e} {v:g}" for e, v in zip(group["entity"], group["value"]))
            message = f"{metric} on {end:%Y-%m-%d} adds up to {total:g}% ({parts}); at most 100, correct one"
            problems.append(Problem(table.file, int(group.index[-1]) + FIRST_ROW, "value", message))
    return problems


def _signed_before(signed: pd.DataFrame, payee: str, end: pd.Timestamp) -> float:
    """What was signed with a payee in the year before a day, low ends, US$ bn."""
    own = signed[(signed["payee"] == payee) & (signed["as_of"] <= end)]
    since = own.groupby("deal")["as_of"].transform("min")
    recent = latest(own[since > end - pd.Timedelta(days=366)], ["deal"])
    return float(recent["low_usd_bn"].fillna(0).sum())


def backlogs(table: Table, metrics: pd.DataFrame, deals: pd.DataFrame) -> list[Problem]:
    """The customer's part of a backlog against the whole, its stated share and what was just signed."""
    whole_name, part_name, share_name = "rpo", f"rpo_{CUSTOMER}", f"{CUSTOMER}_share_of_rpo"
    rows = metrics[metrics["metric"].isin([whole_name, part_name, share_name])]
    rows = rows[~rows.duplicated(list(table.key), keep="last")]
    is_signed = (deals["role"] == "payment") & (deals["payer"] == CUSTOMER) & deals["status"].isin(SIGNED_STATUSES)
    signed = deals.loc[is_signed, ["deal", "as_of", "payee", "low_usd_bn"]]
    problems = []
    for (entity, end), group in rows.groupby(["entity", "end"]):
        value = dict(zip(group["metric"], group["value"].astype(float)))
        row = dict(zip(group["metric"], group.index))
        whole, share = value.get(whole_name), value.get(share_name)
        by_share = None if whole is None or share is None else whole * share / 100
        part = value.get(part_name, by_share)
        if part is None:
            continue
        messages = []
        if whole is not None and part > whole:
            messages.append(f"the part {part:g} of {entity}'s backlog is above the whole, {whole:g}")
        if by_share is not None and whole is not None and abs(part - by_share) > ROUNDING * whole:
            messages.append(f"{part:g} of {entity}'s backlog is not {share:g}% of {whole:g}; correct one of the three")
        recent = _signed_before(signed, entity, end)
        if part < MIN_SHARE_OF_SIGNED * recent:
            messages.append(
                f"{part:g} of {entity}'s backlog on {end:%Y-%m-%d} is less than {MIN_SHARE_OF_SIGNED:.0%} of the "
                f"{recent:g} that {CUSTOMER} signed in the year before"
            )
        line = int(row[part_name if part_name in row else share_name]) + FIRST_ROW
        problems += [Problem(table.file, line, "value", message) for message in messages]
    return problems


def live_power(table: Table, sites: pd.DataFrame) -> list[Problem]:
    """Sites with more gigawatts live than planned."""
    now = latest(sites, ["site"])
    above = now[now["live_gw"] > now["planned_gw"] * GW_MARGIN]
    return [
        Problem(table.file, int(i) + FIRST_ROW, "live_gw", f"live {live:g} GW is above the planned {planned:g}")
        for i, live, planned in zip(above.index, above["live_gw"], above["planned_gw"])
    ]


def _deals_with_power(deals: pd.DataFrame) -> pd.DataFrame:
    newest = latest(deals.loc[deals["gw"].notna(), ["deal", "as_of", "status", "role", "payer", "gw"]], ["deal"])
    return newest[newest["status"] != CANCELLED]


def deal_power(table: Table, rows: pd.DataFrame, sites: pd.DataFrame) -> list[Problem]:
    """Deals (`_deals_with_power`) with more gigawatts than the largest site that their key names."""
    # A plan can shrink, and a power plant is larger than the load it feeds: the largest figure of the site counts.
    sizes = sites["planned_gw"]
    if "generation_gw" in sites:
        sizes = pd.concat([sizes, sites["generation_gw"]], axis=1).max(axis=1)
    planned = sizes.groupby(sites["site"]).max().to_dict()
    parts = pc.split_pattern(pa.array(rows["deal"], pa.string()), "-")
    is_site = pc.is_in(parts.flatten(), value_set=pa.array(planned, pa.string())).to_numpy(zero_copy_only=False)
    # Most of a million keys name no site, and need no look at each of their parts.
    rows = rows.iloc[np.unique(pc.list_parent_indices(parts).to_numpy()[is_site])]
    problems = []
    for i, deal, gw in zip(rows.index, rows["deal"], rows["gw"]):
        most = max((planned[part] for part in deal.split("-") if part in planned), default=float("nan"))
        if gw > most * GW_MARGIN:
            message = f"{gw:g} GW, but the site that {deal} names plans {most:g}; correct the deal or the site"
            problems.append(Problem(table.file, int(i) + FIRST_ROW, "gw", message))
    return problems


def rented_power(table: Table, rows: pd.DataFrame, sites: pd.DataFrame) -> list[Problem]:
    """Sites that the customer rents against its contracts, or the largest claim, which holds contracts.

    ``rows`` are the deals as `_deals_with_power` has them.
    """
    now = latest(sites, ["site"])
    rented = now[(now["tenant"] == CUSTOMER) & (now["status"] != CANCELLED)]
    is_claim = rows["role"] == "claim"
    contracts = rows.loc[~is_claim & (rows["payer"] == CUSTOMER), "gw"].sum()
    named = max(contracts, rows.loc[is_claim, "gw"].max()) if is_claim.any() else contracts
    planned = rented["planned_gw"].sum()
    if not named or planned <= named * GW_MARGIN:
        return []
    message = (
        f"sites rented by {CUSTOMER} plan {planned:g} GW, its contracts or the largest claim name {named:g}; "
        "check the units"
    )
    return [Problem(table.file, int(rented["planned_gw"].idxmax()) + FIRST_ROW, "planned_gw", message)]


def filed_figures(table: Table, filings: pd.DataFrame, metrics: pd.DataFrame) -> list[Problem]:
    """Figures of filings with more axes than members or the other way round, and in another unit than their metric."""
    units = dict(zip(metrics["metric"], metrics["unit"]))
    problems = []
    for i, row in filings.iterrows():
        axes, members = len(row["axis"].split()), len(row["member"].split())
        if axes != members:
            message = f"{members} members for {axes} axes; write one for each axis, in the same order"
            problems.append(Problem(table.file, int(i) + FIRST_ROW, "member", message))
        unit = units.get(row["metric"], row["unit"])
        if unit != row["unit"]:
            message = f"{row['metric']} is in {unit} in metrics.csv, here in {row['unit']}; correct unit and scale"
            problems.append(Problem(table.file, int(i) + FIRST_ROW, "unit", message))
    return problems


def find(tables: dict[str, Table], frames: dict[str, pd.DataFrame]) -> list[Problem]:
    """Every problem between tables that are sound by themselves."""
    problems = []
    if "entities" in frames:
        problems += names(tables["entities"], frames["entities"])
    if "sources" in frames:
        problems += days(tables, frames)
    if "metrics" in frames:
        problems += stakes(tables["metrics"], frames["metrics"])
    if {"metrics", "deals"} <= frames.keys():
        problems += backlogs(tables["metrics"], frames["metrics"], frames["deals"])
    if "sites" in frames:
        problems += live_power(tables["sites"], frames["sites"])
    if {"deals", "sites"} <= frames.keys():
        powered = _deals_with_power(frames["deals"])
        problems += deal_power(tables["deals"], powered, frames["sites"])
        problems += rented_power(tables["sites"], powered, frames["sites"])
    if {"filings", "metrics"} <= frames.keys():
        problems += filed_figures(tables["filings"], frames["filings"], frames["metrics"])
    return problems
