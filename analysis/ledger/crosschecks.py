"""What one table says must be possible by another: stakes, backlogs, gigawatts.

Each rule refuses only what cannot be; what is merely odd is for the guard (`guard`), which asks for a second look.
- Stakes in a company stated for one day add up to at most 100%.
- The part of a backlog that one customer makes up is no more than the backlog, agrees with its stated share, and
  holds at least `LEAST` of what that customer signed in the year before.
- A deal that names a site in its key (``saline-debt``) has no more gigawatts than the site plans.
- Sites that the customer rents plan no more gigawatts than its contracts, or the largest claim, name.
"""

import numpy as np
import pandas as pd

from analysis.ledger.known import latest
from analysis.ledger.problems import FIRST_ROW, Problem
from analysis.ledger.schema import Table

POINTS = 0.5  # percentage points by which rounded stakes may pass 100
ROUNDING = 0.02  # of a backlog: its share is published in whole percent
LEAST = 0.75  # of what was signed in the year before: the rest may have been delivered
SPARE = 1.1  # announced gigawatts are round numbers
CUSTOMER = "openai"


def stakes(table: Table, metrics: pd.DataFrame) -> list[Problem]:
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


def backlogs(table: Table, metrics: pd.DataFrame, deals: pd.DataFrame) -> list[Problem]:
    rows = metrics[metrics["metric"].isin(["rpo", f"rpo_{CUSTOMER}", f"{CUSTOMER}_share_of_rpo"])]
    rows = rows[~rows.duplicated(list(table.key), keep="last")]
    signed = deals[
        (deals["role"] == "payment")
        & (deals["payer"] == CUSTOMER)
        & deals["status"].isin(["signed", "amended", "closed"])
    ]
    problems = []
    for (entity, end), group in rows.groupby(["entity", "end"]):
        known = {m: (float(v), int(i)) for i, m, v in zip(group.index, group["metric"], group["value"])}
        whole, part, share = (known.get(m) for m in ("rpo", f"rpo_{CUSTOMER}", f"{CUSTOMER}_share_of_rpo"))
        if part is None and whole and share:
            part = (whole[0] * share[0] / 100, share[1])
        if part is None:
            continue
        row, column = part[1] + FIRST_ROW, "value"
        if whole and part[0] > whole[0]:
            problems.append(
                Problem(
                    table.file,
                    row,
                    column,
                    f"the part {part[0]:g} of {entity}'s backlog is above the whole, {whole[0]:g}",
                )
            )
        if whole and share and abs(part[0] - whole[0] * share[0] / 100) > ROUNDING * whole[0]:
            message = (
                f"{part[0]:g} of {entity}'s backlog is not {share[0]:g}% of {whole[0]:g}; correct one of the three"
            )
            problems.append(Problem(table.file, row, column, message))
        own = signed[(signed["payee"] == entity) & (signed["as_of"] <= end)]
        since = own.groupby("deal")["as_of"].transform("min")
        recent = latest(own[since > end - pd.Timedelta(days=366)], ["deal"])
        contracts = recent["low_usd_bn"].fillna(0).sum()
        if part[0] < LEAST * contracts:
            message = f"{part[0]:g} of {entity}'s backlog on {end:%Y-%m-%d} is less than {LEAST:.0%} of the {contracts:g} that {CUSTOMER} signed in the year before"
            problems.append(Problem(table.file, row, column, message))
    return problems


def power(deals_table: Table, deals: pd.DataFrame, sites_table: Table, sites: pd.DataFrame) -> list[Problem]:
    """Gigawatts of the newest state of deals and sites."""
    problems = []
    now = latest(sites, ["site"])
    above = now[now["live_gw"] > now["planned_gw"] * SPARE]
    for row, live, planned in zip(above.index, above["live_gw"], above["planned_gw"]):
        problems.append(
            Problem(
                sites_table.file, int(row) + FIRST_ROW, "live_gw", f"live {live:g} GW is above the planned {planned:g}"
            )
        )
    planned = dict(zip(now["site"], now["planned_gw"]))
    with_power = deals[deals["gw"].notna()]
    live_deals = latest(with_power, ["deal"])
    live_deals = live_deals[live_deals["status"] != "cancelled"]
    for row, deal, gw in zip(live_deals.index, live_deals["deal"], live_deals["gw"]):
        named = [planned[part] for part in deal.split("-") if part in planned]
        most = max(named, default=np.nan)
        if gw > most * SPARE:
            message = f"{gw:g} GW, but the site that {deal} names plans {most:g}; correct the deal or the site"
            problems.append(Problem(deals_table.file, int(row) + FIRST_ROW, "gw", message))
    rented = now[(now["tenant"] == CUSTOMER) & (now["status"] != "cancelled")]
    is_claim = live_deals["role"] == "claim"
    contracts = live_deals.loc[~is_claim & (live_deals["payer"] == CUSTOMER), "gw"].sum()
    told = (
        max(contracts, live_deals.loc[is_claim, "gw"].max()) if is_claim.any() else contracts
    )  # claims hold contracts
    if len(rented) and told and rented["planned_gw"].sum() > told * SPARE:
        row = rented["planned_gw"].idxmax()
        message = f"sites rented by {CUSTOMER} plan {rented['planned_gw'].sum():g} GW, its contracts or the largest claim name {told:g}; look for a slip of the unit"
        problems.append(Problem(sites_table.file, int(row) + FIRST_ROW, "planned_gw", message))
    return problems


def find(tables: dict[str, Table], frames: dict[str, pd.DataFrame]) -> list[Problem]:
    """Every problem between tables that are sound by themselves."""
    problems = []
    if "metrics" in frames:
        problems += stakes(tables["metrics"], frames["metrics"])
    if {"metrics", "deals"} <= frames.keys():
        problems += backlogs(tables["metrics"], frames["metrics"], frames["deals"])
    if {"deals", "sites"} <= frames.keys():
        problems += power(tables["deals"], frames["deals"], tables["sites"], frames["sites"])
    return problems
