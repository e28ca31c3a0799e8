"""What the chapter on sustainability says."""

import functools
from typing import Any

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import clearing, funding, leverage, obligations, outside, periods
from analysis.models import deals as counted
from analysis.numbers import modelling, quantities
from analysis.numbers.facts import NAN, Facts, value
from analysis.numbers.results import Results

SHARES = (1.0, 0.75, 0.5, 0.25)
SOBOL_NAMES = {
    "attainment": "growth that comes true",
    "take_up": "contracts used (take-up)",
    "other_share": "other costs",
    "share_rate": "revenue share",
    "conditional": "conditional equity",
    "compute_floor": "cost of serving",
    "shock": "surprises in growth",
}


def _facts(ledger: Ledger, scenario: str) -> Facts:
    return Facts(ledger, "sustainability", scenario)


def calibrated_on(ledger: Ledger) -> list[pd.DataFrame]:
    """The rows the funding model is calibrated on."""
    metrics = ledger.part("metrics", "entity", "openai")
    own = metrics[metrics["metric"].isin(["revenue", "cash", "cash_burn"])]
    return [own, counted.payments(ledger.deals, scope="openai")]


def gap(ledger: Ledger, scenario: str = "central") -> Results:
    """The funding gap, its probability, and how sure the simulation is."""
    f = _facts(ledger, scenario)
    made = modelling.simulated(ledger, scenario)
    used = calibrated_on(ledger)
    if made is None:
        empty = {"gap_low": NAN, "gap_median": NAN, "gap_high": NAN, "probability": NAN, "error": NAN, "year": NAN}
        last, mid, plan, owed, base, path = empty, empty, NAN, NAN, None, NAN
    else:
        known, chosen, table = made
        last, middle = table.iloc[-1], min(modelling.CAPACITY_YEAR, int(known.years[-1]))
        mid = table[table["year"] == middle].iloc[0]
        plan = float(known.plan[known.years == middle][0])
        owed, base = float(known.obligations.sum()), known
        path = float(funding.central_path(known, chosen)["gap"].iloc[-1])
    first = table[table["probability"] > 0.5] if made is not None else pd.DataFrame()
    how = f"{modelling.PATHS:,} paths; 5 to 95 of a hundred, median in the middle."
    return Results(
        [
            f.result("is_known", "The model can be calibrated", made is not None, "flag", *used),
            f.result("gap", f"What OpenAI would still have to raise by {last['year']:.0f}" if made is not None else "What OpenAI would still have to raise", last["gap_median"], "usd_bn", *used, low=last["gap_low"], high=last["gap_high"], how=how),
            f.result("gap_2030", "Still to be raised by 2030", mid["gap_median"], "usd_bn", *used, low=mid["gap_low"], high=mid["gap_high"], how=how),
            f.result("last_year", "The last year", float(last["year"]), "year", *used),
            f.result("probability", "Paths on which cash runs out by then", 100 * last["probability"], "pct", *used, how="Share of paths with a shortfall up to the last year."),
            f.result("is_likely", "Cash runs out on most paths", bool(last["probability"] > 0.5), "flag", *used),
            f.result("probability_error", "Standard error of that share", 100 * last["error"], "pct", *used),
            f.result("first_year", "First year in which it does on most paths", float(first["year"].iloc[0]) if len(first) else None, "year", *used),
            f.result("central_gap", "The same without surprises, at the central choices", path, "usd_bn", *used),
            f.result("base_revenue", "Revenue of the base year", base.base_revenue if base else NAN, "usd_bn", *used),
            f.result("base_year", "The base year", float(base.base_year) if base else NAN, "year", *used),
            f.result("base_cash", "Cash at its end, estimated", base.base_cash if base else NAN, "usd_bn", *used, how="Last published cash, plus equity dated after it, less the burn of the rest of the year."),
            f.result("plan_2030", "Revenue of 2030 in OpenAI's own forecast", plan, "usd_bn", *used),
            f.result("obligations", "Contracts falling due in the model's years", owed, "usd_bn", *used),
        ]
    )  # fmt: skip


@functools.lru_cache(maxsize=2)
def scenarios(ledger: Ledger) -> pd.DataFrame:
    """Probability of a shortfall by year under each scenario: year, scenario, probability, error."""
    parts = []
    for name in dict.fromkeys(ledger["assumptions"]["scenario"]):
        made = modelling.simulated(ledger, name)
        if made is not None:
            parts.append(made[2][["year", "probability", "error"]].assign(scenario=name))
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["year", "probability", "error", "scenario"])
    )


def spread(ledger: Ledger, scenario: str = "central") -> Results:
    """What the other scenarios say."""
    f = _facts(ledger, scenario)
    table = scenarios(ledger)
    used = calibrated_on(ledger)
    ends = table.groupby("scenario")["probability"].last() if len(table) else pd.Series(dtype=float)
    made = {name: modelling.simulated(ledger, name) for name in ("slow", "fast")}
    gaps = {k: (m[2]["gap_median"].iloc[-1] if m else NAN) for k, m in made.items()}
    return Results(
        [
            f.result("probability_slow", "The same if growth is slow", 100 * ends.get("slow", NAN), "pct", *used),
            f.result("probability_fast", "The same if the plan comes true", 100 * ends.get("fast", NAN), "pct", *used),
            f.result("gap_slow", "Median gap if growth is slow", gaps["slow"], "usd_bn", *used),
            f.result("gap_fast", "Median gap if the plan comes true", gaps["fast"], "usd_bn", *used),
        ]
    )  # fmt: skip


@functools.lru_cache(maxsize=2)
def matters(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Sobol indices of the gap: parameter, name, first, first_error, total, total_error; empty when not calibrated."""
    made = modelling.simulated(ledger, scenario)
    if made is None:
        return pd.DataFrame(columns=["parameter", "first", "first_error", "total", "total_error", "name"])
    known, chosen, _ = made
    ranges = {name: (getattr(chosen, name)[0], getattr(chosen, name)[2]) for name in funding.DRAWN} | {
        "shock": (-2.0, 2.0)
    }
    table = funding.sobol(funding.gap_of(known, chosen), ranges, samples=8192)
    return table.assign(name=table["parameter"].map(SOBOL_NAMES))


def weights(ledger: Ledger, scenario: str = "central") -> Results:
    """Which choice moves the gap most."""
    f = _facts(ledger, scenario)
    table = matters(ledger, scenario)
    used = calibrated_on(ledger)
    top: Any = table.iloc[0] if len(table) else {"name": None, "total": NAN, "total_error": NAN}
    second: Any = table.iloc[1] if len(table) > 1 else {"name": None, "total": NAN}
    return Results(
        [
            f.result("top_choice", "What matters most for the gap", top["name"], "text", *used),
            f.result("top_total", "Its part in the variance of the gap, with interactions", 100 * top["total"], "pct", *used, how="Total Sobol index over the ranges of our choices."),
            f.result("second_choice", "What matters next", second["name"], "text", *used),
            f.result("second_total", "Its part", 100 * second["total"], "pct", *used),
        ]
    )  # fmt: skip


def rents(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """The gap by rent of a gigawatt-year, for three paths of capacity: rent, gw_2030, gap (US$ bn)."""
    choose = ledger.assumptions(scenario)
    made = modelling.simulated(ledger, scenario)
    live = _facts(ledger, scenario).metric("openai", "compute_capacity")
    if made is None or live.empty:
        return pd.DataFrame(columns=["rent", "gw_2030", "gap"])
    known, chosen, _ = made
    rows = []
    for target in choose["gw_2030"]:
        gw = modelling.capacity(float(live["value"].iloc[-1]), known.years, target)
        rows += [(r, target, funding.rent_gap(known, chosen, gw, r)) for r in np.linspace(6, 20, 29)]
    return pd.DataFrame(rows, columns=["rent", "gw_2030", "gap"])


def rent(ledger: Ledger, scenario: str = "central") -> Results:
    """How far one number moves the gap."""
    f = _facts(ledger, scenario)
    choose = ledger.assumptions(scenario)
    table = rents(ledger, scenario)
    middle = table[table["gw_2030"] == choose["gw_2030"].central] if len(table) else table
    ends = [
        float(np.interp(r, middle["rent"], middle["gap"])) if len(middle) else NAN for r in choose["rent_per_gw_year"]
    ]
    live = f.last("openai", "compute_capacity", basis="actual")
    per = quantities.revenue_per_gw(f)
    theirs = f.ledger.outside_models
    theirs = theirs[theirs["model"].isin(["hsbc-2025-11", "nesov-gw-2025-10"])]
    return Results(
        [
            f.result("rent_low", "Low rent of a gigawatt-year", choose["rent_per_gw_year"].low, "usd_bn", theirs),
            f.result("rent_high", "High rent of a gigawatt-year", choose["rent_per_gw_year"].high, "usd_bn", theirs),
            f.result("gap_rent_low", "Gap at the low rent", ends[0], "usd_bn", live, theirs),
            f.result("gap_rent_high", "Gap at the high rent", ends[2], "usd_bn", live, theirs),
            f.result("has_rent", "Live capacity is known, so that the gap by rent can be computed", len(middle) > 0, "flag", live),
            f.result("per_gw", "Revenue for each live gigawatt, last", per["per_gw"].iloc[-1] if len(per) else NAN, "usd_bn", live, low=per["per_gw"].min() if len(per) else None, high=per["per_gw"].max() if len(per) else None, how="Annualised revenue over live capacity; range over the years known."),
        ]
    )  # fmt: skip


def rerun(ledger: Ledger, scenario: str = "central") -> Results:
    """How many published figures can be rebuilt from their published inputs."""
    f = _facts(ledger, scenario)
    table = outside.rerun(ledger.outside_models)
    models = ledger.outside_models
    tried = table[table["verdict"] != "not enough inputs"]
    good = (tried["verdict"] == "reproduced").sum()
    hsbc = models[models["model"] == "hsbc-2025-11"]
    theirs = hsbc[hsbc["quantity"] == "funding_gap"]
    return Results(
        [
            f.result("tried", "Published figures re-run", len(tried) or None, "count", models),
            f.result("reproduced", "Published figures rebuilt from their own inputs", int(good), "count", models),
            f.result("without_inputs", "Models that publish too few inputs", int((table["verdict"] == "not enough inputs").sum()), "count", models),
            f.result("has_models", "Models of others are known", len(tried) > 0, "flag", models),
            f.result("hsbc_gap", "Gap by HSBC for 2030", value(theirs), "usd_bn", theirs),
            f.result("has_hsbc", "The bank's gap is known", len(theirs) > 0, "flag", theirs),
        ]
    )  # fmt: skip


def burns(ledger: Ledger) -> pd.DataFrame:
    """Forecast cash burn by year and vintage of the forecast: vintage, year, value (US$ bn, positive is burn)."""
    rows = ledger.part("metrics", "entity", "openai")
    names = {"cash_burn_vintage_2025q1": "early 2025", "cash_burn_vintage_2025q3": "autumn 2025", "cash_burn": "newest"}
    rows = rows[rows["metric"].isin(names) & (rows["basis"] == "projection") & (rows["by"] == "")]
    rows = periods.years(rows)
    newest = rows[rows["metric"] == "cash_burn"]["as_of"].max()
    rows = rows[
        (rows["metric"] != "cash_burn") | (rows["as_of"] == newest) | (rows["as_of"] >= newest - pd.Timedelta(days=90))
    ]
    table = pd.DataFrame(
        {
            "vintage": rows["metric"].map(names),
            "year": rows["start"].dt.year,
            "value": rows["value"],
            "as_of": rows["as_of"],
            "source": rows["source"],
        }
    )
    order = {v: i for i, v in enumerate(names.values())}
    return table.sort_values(
        ["vintage", "year"], key=lambda s: s.map(order) if s.name == "vintage" else s, ignore_index=True
    )


def hump(ledger: Ledger, scenario: str = "central") -> Results:
    """How the forecast hump grew."""
    f = _facts(ledger, scenario)
    table = burns(ledger)
    sums = table[table["year"].between(2026, 2029)].groupby("vintage")["value"].agg(["sum", "size"])
    whole = sums[sums["size"] == 4]["sum"]
    metrics = f.ledger.part("metrics", "entity", "openai")
    rows = metrics[metrics["metric"].str.startswith("cash_burn") & (metrics["basis"] == "projection")]
    ends = table[table["year"] == 2030].set_index("vintage")["value"]
    return Results(
        [
            f.result("has_hump", "Several forecasts of the same years are known", len(whole) > 1, "flag", rows),
            f.result("hump_first", "Burn of 2026 to 2029 in the forecast of early 2025", whole.get("early 2025", NAN), "usd_bn", rows),
            f.result("hump_middle", "In the forecast of autumn 2025", whole.get("autumn 2025", NAN), "usd_bn", rows),
            f.result("hump_last", "In the newest forecast", whole.get("newest", NAN), "usd_bn", rows),
            f.result("hump_end", "Cash generated in the year after, in the newest forecast", -ends.get("newest", NAN), "usd_bn", rows),
        ]
    )  # fmt: skip


def _balance_sheet(f: Facts, party: str) -> tuple[float, float, list[pd.DataFrame]]:
    """What a supplier has to pay in a year and what it has for it without OpenAI (US$ bn), and the rows behind it.

    Duties: guided (or last four quarters') capital spending and interest. Means: operating cash flow of a year and
    cash. NaN where not known.
    """
    if party == "oracle":
        duty, means, interest = (
            f.last("oracle", "capex_guidance"),
            f.metric("oracle", "operating_cash_flow", basis="actual").tail(1),
            f.last("oracle", "interest_expense"),
        )
        cash = f.last("oracle", "cash")
        extra = 4 * value(interest) if len(interest) else 0.0
        return value(duty) + extra, value(means) + value(cash), [duty, means, interest, cash]
    if party == "amazon":
        duty, free, cash = (
            f.last("amazon", "capex_guidance"),
            f.last("amazon", "free_cash_flow"),
            f.last("amazon", "cash"),
        )
        spent = f.quarters("amazon", "capex").tail(4)
        means = value(free) + leverage.trailing_four_quarters(spent) + (value(cash) if len(cash) else 0.0)
        return value(duty), means, [duty, free, spent, cash]
    if party == "microsoft":
        duty, free, spent = (
            f.quarters("microsoft", "capex").tail(1),
            f.quarters("microsoft", "free_cash_flow").tail(1),
            f.quarters("microsoft", "capex_cash").tail(1),
        )
        return 4 * value(duty), 4 * (value(free) + value(spent)), [duty, free, spent]
    return NAN, NAN, []


BUILDERS = "builders, chipmakers and lenders"


def stressed(ledger: Ledger, scenario: str = "central", recovery: float = 1.0) -> pd.DataFrame:
    """Who misses what when OpenAI pays less of one year's contracts.

    The year is the first in which every large contract pays, by our spreading. Returns share (paid by OpenAI),
    party, name, first_round, chain (US$ bn).
    """
    f = _facts(ledger, scenario)
    choose = f.choose
    owes = quantities.supply(f)
    table = obligations.by_year(owes, modelling.terms(choose), choose["ramp"].central)
    if table.empty or not table["high"].sum():
        return pd.DataFrame(columns=["share", "party", "name", "first_round", "chain", "year"])
    year = stress_year(table)
    due = table[table["year"] == year].groupby("payee")["high"].sum()
    due = due[due > 0]
    parties = ["openai", *due.index, BUILDERS]
    n = len(parties)
    L, e = np.zeros((n, n)), np.zeros(n)
    L[0, 1 : n - 1] = due.to_numpy()
    e[0] = due.sum()
    for k, party in enumerate(due.index, 1):
        duty, means, _ = _balance_sheet(f, party)
        if not np.isnan(duty) and not np.isnan(means):
            L[k, n - 1], e[k] = duty, means
    rows = []
    for share in SHARES:
        lost = clearing.stress(L, e, 0, share, recovery)
        for k in range(1, n):
            first, total = lost["first_round"][k], lost["total"][k]
            rows.append(
                (
                    share,
                    parties[k],
                    BUILDERS if k == n - 1 else ledger.name(parties[k]),
                    first,
                    max(total - first, 0.0),
                    year,
                )
            )
    return pd.DataFrame(rows, columns=["share", "party", "name", "first_round", "chain", "year"])


def stress_year(table: pd.DataFrame) -> int:
    """The first year in which as many suppliers are paid as in any."""
    count = table[table["high"] > 0].groupby("year")["payee"].nunique()
    return int(count.index[count.to_numpy() == count.max()][0])


def stress(ledger: Ledger, scenario: str = "central") -> Results:
    """The stress at three quarters of a year's contracts."""
    f = _facts(ledger, scenario)
    table = stressed(ledger, scenario)
    part = table[table["share"] == 0.75]
    half = table[table["share"] == 0.5]
    owes = quantities.supply(f)
    sheets = [x for p in ("oracle", "amazon", "microsoft") for x in _balance_sheet(f, p)[2]]
    top = part.sort_values("first_round", ascending=False).head(1)
    chain = half[half["party"] == BUILDERS]["chain"].sum() if len(half) else NAN
    return Results(
        [
            f.result("stress_year", "The year", float(table["year"].iloc[0]) if len(table) else None, "year", owes),
            f.result("stress_missing", "Missing if OpenAI pays three quarters", part["first_round"].sum() if len(part) else NAN, "usd_bn", owes),
            f.result("stress_first", "Who misses most", top["name"].iloc[0] if len(top) else None, "text", owes),
            f.result("stress_first_amount", "Its part", top["first_round"].iloc[0] if len(top) else NAN, "usd_bn", owes),
            f.result("stress_chain", "Missed by those behind the suppliers if OpenAI pays half", chain, "usd_bn", owes, *sheets, how="Suppliers pay their own duties of the year from cash flow, cash and OpenAI's money; no new loans."),
            f.result("has_chain", "The loss reaches those behind the suppliers", bool(chain > 0.05), "flag", owes, *sheets),
            f.result("has_stress", "There are contracts to stress", len(table) > 0, "flag", owes),
        ]
    )  # fmt: skip
