"""What the figures of the chapter on sustainability draw, and what they find."""

import re
from typing import NamedTuple

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import outside
from analysis.numbers import formats, modelling, quantities
from analysis.numbers.facts import Facts
from analysis.numbers.sustainability import capacity, cash, clearing, forecasts

DUE, PLAN, SIMULATED = "contracts falling due", "OpenAI's own forecast", "simulated revenue, median"
REPRODUCED, NOT_REPRODUCED = "reproduced", "not reproduced"
SPELLING = {"ai": "AI", "gw": "GW", "us": "US", "altman": "Altman", "stargate": "Stargate"}
RESEARCH_ARM = re.compile(r" \(.*\)| Global Investment Research| & Company| Research")
HARDLY = 5  # US$ bn by which forecasts of a year may differ that hardly moved
SMALLEST = 0.015  # share of the largest loss from which a creditor is drawn


def _whole_bn(value: float) -> str:
    """An amount of US$ bn without decimals."""
    return formats.amount(round(value), "usd_bn")


def paths(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the simulated paths by year beside what is known of these years.

    Returns
    -------
    DataFrame
        Columns of `funding.summarise` (year, revenue_low, revenue_median, gap_low and so on; US$ bn), with plan
        (OpenAI's own forecast) and due (contracts that have a price); empty when the model cannot be calibrated.
    """
    made = modelling.simulated(ledger, scenario)
    return made[2].assign(plan=made[0].plan, due=made[0].obligations) if made else pd.DataFrame()


def revenue_lines(table: pd.DataFrame) -> pd.DataFrame:
    """Return the lines beside the simulated revenue, of a table of `paths`: year, line, value (US$ bn a year)."""
    names = {"revenue_median": SIMULATED, "due": DUE, "plan": PLAN}
    return table.rename(columns=names).melt("year", list(names.values()), "line", "value")


def revenue_finding(table: pd.DataFrame) -> str:
    """Return in a sentence when revenue passes the contracts, of a table of `paths`."""
    over = table.loc[table["revenue_median"] > table["due"], "year"]
    if over.empty:
        return "On the median path revenue never reaches the contracts falling due"
    if over.iloc[0] == table["year"].iloc[0]:
        return "On the median path revenue exceeds the contracts falling due from the start, before any other cost"
    return f"On the median path revenue passes the contracts falling due in {over.iloc[0]}, before any other cost"


def gap_finding(table: pd.DataFrame) -> str:
    """Return in a sentence what would still have to be raised, of a table of `paths`."""
    last = table.iloc[-1]
    low, high = max(0, round(last["gap_low"])), round(last["gap_high"])
    return (
        f"By {last['year']:.0f} OpenAI would still have to raise {formats.span(low, high, 'usd_bn')}, "
        f"{_whole_bn(last['gap_median'])} on the median path"
    )


def scenario_name(ledger: Ledger, scenario: str) -> str:
    """Return a scenario for readers, with the two choices that make it."""
    choose = ledger.assumptions(scenario)
    used, growth = (formats.rounded(100 * choose[c].central, 0) for c in ("take_up", "revenue_attainment"))
    return f"{scenario.replace(';', ', ').replace('_', ' ')}: {used}% used, {growth}% of growth"


class Shortfalls(NamedTuple):
    """How likely a shortfall is: a table of scenario, name (for readers), year, share (per cent), and the finding."""

    table: pd.DataFrame
    finding: str
    note: str


def shortfalls(ledger: Ledger, scenario: str) -> Shortfalls | None:
    """Return the share of paths without cash under each scenario, None when the model cannot be calibrated."""
    table = cash.scenarios(ledger, scenario)
    if scenario not in set(table["scenario"]):
        return None
    names = {s: scenario_name(ledger, s) for s in dict.fromkeys(table["scenario"])}
    ends = 100 * table.groupby("scenario")["probability"].last()
    others = ends.drop(scenario)
    beside = (
        f", on {formats.rounded(others.min(), 0)} to {formats.rounded(others.max(), 0)}% under the other scenarios"
        if len(others)
        else ""
    )
    is_dangerous = ends.get("fast", 0.0) > ends.get("central", 100.0)
    return Shortfalls(
        table.assign(share=100 * table["probability"].astype(float), name=table["scenario"].map(names)),
        f"Cash runs out on {formats.rounded(ends[scenario], 0)}% of paths{beside}",
        (
            "Fast is not safe: using every contract costs more than the plan's growth brings in time."
            if is_dangerous
            else ""
        ),
    )


def weights(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the Sobol indices of `cash.sensitivity` in per cent, with share, low and high (total, 95% interval)."""
    table = cash.sensitivity(ledger, scenario)
    indices = ["first", "first_error", "total", "total_error"]
    table = table.assign(**{c: 100 * table[c].astype(float) for c in indices})
    total, error = table["total"], table["total_error"]
    return table.assign(
        share=total.clip(lower=0), low=(total - error).clip(lower=0), high=(total + error).clip(lower=0)
    )


def rent_lines(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the gap by rent, of `capacity.rents`, with path: the capacity in readers' words."""
    table = capacity.rents(ledger, scenario)
    return table.assign(path=[f"{gw:g} GW in {modelling.CAPACITY_YEAR}" for gw in table["gw_2030"]])


def rent_ends(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the low and the high rent: rent, gap (US$ bn), label (the rent for readers)."""
    choose = ledger.assumptions(scenario)
    ends = list(dict.fromkeys([choose["rent_per_gw_year"].low, choose["rent_per_gw_year"].high]))
    gaps = [capacity.gap_at(ledger, scenario, choose["gw_2030"].central, r) for r in ends]
    return pd.DataFrame({"rent": ends, "gap": gaps, "label": [formats.amount(r, "usd_bn") for r in ends]})


def rent_finding(ends: pd.DataFrame) -> str:
    """Return in a sentence how far the rent moves the gap, of the rents of `rent_ends`."""
    at = [f"{_whole_bn(gap)} at {a}{label}" for gap, a, label in zip(ends["gap"], ["a rent of ", ""], ends["label"])]
    return f"The rent assumption decides the gap: {' and '.join(at)}"


def per_gw(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the revenue for each live gigawatt: end (for readers), revenue, gw, per_gw (US$ bn per GW), label."""
    table = quantities.revenue_per_gw(Facts(ledger, "sustainability", scenario))
    months = table["end"].dt.strftime("%b %Y")
    days = table["end"].dt.strftime("%d %b %Y")
    labels = [formats.rounded(v, 1) for v in table["per_gw"]]
    return table.assign(end=months if months.is_unique else days, label=labels)


def per_gw_finding(table: pd.DataFrame, plan: pd.DataFrame) -> str:
    """Return in a sentence what a gigawatt has brought, and what the capacity of ``plan`` (one row or none) would."""
    rate = f"Each live gigawatt has brought about {_whole_bn(table['per_gw'].mean())} a year"
    if plan.empty:
        return rate
    gw = float(plan["value"].iloc[-1])
    whole = _whole_bn(gw * table["per_gw"].iloc[-1])
    return f"{rate}; at that rate the {formats.amount(gw, 'gw')} it speaks of would bring {whole} a year"


def burn_finding(table: pd.DataFrame) -> str:
    """Return in a sentence how the forecasts of `forecasts.burns` changed."""
    years, sums = forecasts.hump_years(table), forecasts.hump_sums(table)
    if len(sums) < 2 or sums.index[-1] != forecasts.NEWEST:
        most = formats.amount(float(table["value"].max()), "usd_bn")
        return f"OpenAI expected to burn up to {most} in a single year"
    last = int(table["year"].max())
    ends = table.loc[table["year"] == last, "value"]
    still = f", while that for {last} hardly moved" if len(ends) > 1 and ends.max() - ends.min() <= HARDLY else ""
    first, newest = (formats.amount(float(sums.iloc[i]), "usd_bn") for i in (0, -1))
    return f"The burn forecast for {years[0]}–{years[-1]} grew from {first} to {newest}{still}"


def in_words(ledger: Ledger, key: str) -> str:
    """Return the key of a quantity for readers: ``openai_revenue`` as ``OpenAI revenue``."""
    return " ".join(SPELLING.get(w) or ledger.name(w) for w in key.split("_") if w)


def unit_in_words(unit: str) -> str:
    """Return a unit of the ledger for readers: ``usd_bn`` as ``US$ bn``; the unit itself if it has no sign."""
    sign = f"{formats.PREFIX.get(unit, '')} {formats.SUFFIX.get(unit, '').strip()}".strip()
    return sign or unit.replace("_", " ")


def published_figures(ledger: Ledger) -> pd.DataFrame:
    """Return the published figures that come with enough inputs, and what these inputs give.

    Returns
    -------
    DataFrame
        Columns of `outside.rerun`, with figure, unit and name (for readers), off (difference in per cent of the
        published figure, NaN where that is 0) and label (the same for readers); the largest
        difference first; the index is the place in `outside.rerun`.
    """
    table = outside.rerun(ledger.outside_models)
    table = table[table["verdict"] != forecasts.NO_INPUTS].reset_index(drop=True)
    figure = pd.Series([in_words(ledger, key) for key in table["output"]], dtype=object)
    name = table["publisher"].str.replace(RESEARCH_ARM, "", regex=True) + ": " + figure
    is_double = name.duplicated(keep=False) & (table["period"] != "")
    off = 100 * table["difference"].astype(float)
    labels = ["" if pd.isna(v) else f"{'+' if v > 0.05 else ''}{formats.rounded(v, 0)}%" for v in off]
    table = table.assign(
        figure=figure,
        unit=[unit_in_words(u) for u in table["unit"]],
        name=name.where(~is_double, name + ", " + table["period"]),
        off=off,
        label=labels,
    )
    return table.sort_values("off", key=abs, ascending=False, kind="stable")


def losses(table: pd.DataFrame) -> pd.DataFrame:
    """Return what each creditor of `clearing.stressed` misses, the largest loser first.

    Returns
    -------
    DataFrame
        Columns name, pays (OpenAI's share in words), missing (first round and chain, US$ bn), label; without those
        who miss next to nothing and without the case in which OpenAI pays all.
    """
    frame = table[table["share"] < 1].assign(missing=table["first_round"] + table["chain"])
    worst = frame.groupby("party")["missing"].transform("max")
    frame = frame.assign(worst=worst)[worst > SMALLEST * worst.max()]
    frame = frame.assign(
        pays=[f"pays {formats.rounded(100 * s, 0)}%" for s in frame["share"]],
        label=[formats.rounded(v, 1) for v in frame["missing"]],
    )
    order = ["worst", "party", "share"]
    return frame.sort_values(order, ascending=[False, True, False], kind="stable")


def losses_finding(table: pd.DataFrame) -> str:
    """Return in a sentence who bears most of the shortfall in `clearing.stressed` at a share of three quarters."""
    part = table[table["share"] == 0.75].sort_values("first_round", ascending=False, kind="stable")
    top = part[part["first_round"] > 0].head(2)
    most, whole = (formats.amount(rows["first_round"].sum(), "usd_bn") for rows in (top, part))
    verb = "bear" if len(top) > 1 else "bears"
    who = " and ".join(top["name"])
    due = f"If OpenAI pays three quarters of what is due in {part['year'].iloc[0]}"
    return f"{due}, {who} {verb} {most} of the {whole} shortfall"


def stressed(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return `clearing.stressed` with percent (of the contracts that OpenAI pays); empty where nobody misses
    anything."""
    table = clearing.stressed(ledger, scenario)
    return table.assign(percent=100 * table["share"].astype(float)) if table["first_round"].sum() else table.head(0)
