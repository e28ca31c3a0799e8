"""What the figures of the chapter on circularity draw, and what they find."""

import math
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models.circularity import MEASURES
from analysis.models.specifications import CHOICES, CHOSEN
from analysis.numbers import circularity as numbers
from analysis.numbers import formats
from analysis.numbers.circularity import loops as rings
from analysis.numbers.circularity import measures, partners, telecom
from analysis.numbers.network import short_name

BACK, FROM_OUTSIDE = "can come back", "needs outside money"
AGREED, REPORTED = "announced, signed or paid", "with press reports and talks"
TWO, MORE = "two parties", "three or more"
PROMISED, DRAWN, PLANNED = "promised", "drawn", "announced or optional"
LABS = {partners.LAB: "OpenAI", partners.CONTROL: "Anthropic"}
LOOPS = 8  # drawn
LITTLE = 5.0  # per cent: almost nothing goes round
LEVELS: dict[str, dict[Any, str]] = {
    "period": {
        "life": "over the whole life of the deals",
        "near": "this year and next",
        "later": "the three years after",
    },
    "amounts": {
        "low": "only what depends on nothing",
        "middle": "the middle of each range",
        "high": "the most that may be paid",
    },
    "status": {
        "signed": "signed or paid only",
        "announced": "announced deals too",
        "reported": "press reports and talks too",
    },
    "chips": {False: "unpriced chips left out", True: "unpriced chips priced by gigawatt"},
    "letters": {False: "letters and guarantees left out", True: "letters and guarantees as if paid"},
    "chain": {True: "partners' deals among themselves too", False: "OpenAI's own deals only"},
    "pools": {False: "unnamed investors outside", True: "unnamed investors as parties"},
}


def _whole(value: float) -> str:
    return formats.rounded(value, 0)


def _in_percent(table: pd.DataFrame, *more: str) -> pd.DataFrame:
    """The measures in per cent instead of as shares of 1."""
    return table.assign(**{m: 100 * table[m] for m in (*MEASURES, *more)})


def years(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the years with payments.

    Returns
    -------
    DataFrame
        The columns of `measures.by_year` with the measures in per cent, value (US$ bn) and label.
    DataFrame
        One row a part of a year: year, part, value (US$ bn).
    """
    table = measures.by_year(ledger, scenario)
    table = _in_percent(table[table["total"] > 0])
    table = table.assign(value=table["total"], label=[f"{_whole(v)}%" for v in table["maximum"]])
    back = table["total"] * table["maximum"] / 100
    parts = [
        table[["year"]].assign(part=part, value=value)
        for part, value in ((BACK, back), (FROM_OUTSIDE, table["total"] - back))
    ]
    return table, pd.concat(parts, ignore_index=True)


def years_finding(years: pd.DataFrame) -> str:
    """Return in a sentence in which year most can go round, and from when on little does (see `years`)."""
    top = years.loc[years["maximum"].idxmax()]
    most_from = years["maximum"][::-1].cummax()[::-1]  # of each year and all later ones
    later = years[most_from < LITTLE]
    if top["label"] == "0%":
        return "Almost none of the money between the parties can go round in any single year"
    if len(later) and top["maximum"] > LITTLE:
        return (
            f"In {top['year']} {top['label']} of the year's money can go round; "
            f"from {later['year'].iloc[0]} on almost none can"
        )
    return f"In {top['year']} up to {top['label']} of the year's money can go round"


def days(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the share that can go round as known in each week: wide as `measures.by_week`, in per cent, and long.

    The long table has a row a week and line: day, line, high (per cent).
    """
    table = _in_percent(measures.by_week(ledger, scenario), "with_reported", "low", "high", "feasible")
    lines = [
        table[["day"]].assign(line=words, high=table[column])
        for words, column in ((AGREED, "maximum"), (REPORTED, "with_reported"))
    ]
    return table, pd.concat(lines, ignore_index=True)


def jumps(table: pd.DataFrame) -> pd.DataFrame:
    """Return the weeks in which the share moved most, at most four: day, moved (points), value (see `days`)."""
    moved = table["maximum"].diff().fillna(0.0)
    top = table.assign(moved=moved)[moved.abs() >= 1].nlargest(4, "moved").sort_values("day")
    return top[["day", "moved", "maximum"]]


def days_finding(days: pd.DataFrame) -> str:
    """Return in a sentence how the part that can go round has moved (see `days`)."""
    first, last = days["maximum"].iloc[[0, -1]]
    since = f"since {days['day'].iloc[0]:%B %Y}"
    if abs(last - first) <= 1:
        return f"The share that can go round has stayed near {_whole(last)}% {since}"
    moved = "risen" if last > first else "fallen"
    reported = days["with_reported"].iloc[-1]
    more = f", {_whole(reported)}% with press reports and talks" if reported > last + 1 else ""
    highest = days["maximum"].max()
    past = f", after {_whole(highest)}% at its highest" if highest > max(first, last) + 1 else ""
    return f"The share that can go round has {moved} from {_whole(first)} to {_whole(last)}%{past}{more}, {since}"


def trips(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the two-sided partners of both labs with a price on both sides, by orders for each dollar.

    Returns
    -------
    DataFrame
        The columns of `partners.partners`, and name (partner and lab), lab, value (US$) and label.
    DataFrame
        All partners of OpenAI with a deal, as `partners.partners` has them.
    """
    found = []
    for lab, words in LABS.items():
        table = partners.priced(partners.partners(ledger, scenario, lab))
        names = [f"{short_name(n)} and {words}" for n in table["name"]]
        found.append(table.assign(name=names, lab=words, value=table["orders_per_dollar"]))
    both = pd.concat(found, ignore_index=True).sort_values("value", ascending=False, ignore_index=True)
    return both.assign(label=[formats.amount(v, "usd") for v in both["value"]]), partners.partners(ledger, scenario)


def trips_finding(trips: pd.DataFrame) -> str:
    """Return in a sentence between what the orders for a dollar lie (see `trips`)."""
    own = trips[trips["lab"] == LABS[partners.LAB]]
    if own.empty:
        return "No partner of OpenAI has a price on both sides"
    if len(own) == 1:
        name, label = own[["name", "label"]].iloc[0]
        return f"For each dollar put in, OpenAI ordered {label} from {name.split(' and ')[0]}"
    first, last = own.iloc[0], own.iloc[-1]
    names = [r["name"].split(" and ")[0] for r in (first, last)]
    return f"A dollar put in brought {names[0]} {first['label']} of OpenAI's orders, and {names[1]} {last['label']}"


def loops(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the widest loops: loop (in words), value (smallest payment), total (US$ bn), length, kind, label."""
    table = rings.loops(ledger, scenario).head(LOOPS)
    words = [" → ".join(short_name(ledger.name(p)) for p in ring) for ring in table["parties"]]
    return pd.DataFrame(
        {
            "loop": words,
            "length": table["length"].to_list(),
            "value": table["bottleneck"].to_list(),
            "total": table["total"].to_list(),
            "kind": [TWO if n == 2 else MORE for n in table["length"]],
            "label": [formats.rounded(v, 2) for v in table["bottleneck"]],
        }
    )


def loops_finding(loops: pd.DataFrame) -> str:
    """Return in a sentence what the widest loop carries, and the widest of three or more (see `loops`)."""
    first, longer = loops.iloc[0], loops[loops["kind"] == MORE]
    title = f"The widest loop, {first['loop']} and back, can carry {formats.amount(first['value'], 'usd_bn')}"
    if longer.empty or first["kind"] == MORE:
        return title
    return f"{title}; the widest of three or more, {formats.amount(longer['value'].iloc[0], 'usd_bn')}"


def vendors(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return vendor finance over revenue of the same year, of the vendors of which both are known, and the rows behind.

    Returns
    -------
    DataFrame
        One row a bar: name (vendor and year), state, value (per cent of revenue), amount, revenue (US$ bn), label.
    list of DataFrame
        The rows of the ledger it rests on.
    """
    known = [v for v in telecom.finance(measures.facts(ledger, scenario)).values() if v.revenue > 0]
    rows = [
        (f"{short_name(ledger.name(v.vendor))} {v.day:%Y}", state, 100 * amount / v.revenue, amount, v.revenue)
        for v in known
        for state, amount in ((PROMISED, v.committed), (DRAWN, v.drawn), (PLANNED, v.planned))
        if not pd.isna(amount)
    ]
    frame = pd.DataFrame(rows, columns=["name", "state", "value", "amount", "revenue"])
    labels = [f"{formats.rounded(v, 0)}%" for v in frame["value"]]
    return frame.assign(label=labels), [part for v in known for part in (*v.rows, v.revenue_rows)]


def vendors_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence how NVIDIA's guarantees compare with Lucent's commitments, as far as both are known."""
    found = {name: r.value for name, r in numbers.vendors(ledger, scenario).by_name().items()}
    now, then = found["nvidia_of_revenue"], found["lucent_of_revenue"]
    if now is None or then is None:
        return "How much vendors of the telecom boom had promised their customers, of a year's revenue"
    verb = "outweigh" if now > then else "weigh less than"
    return f"NVIDIA's guarantees, {_whole(now)}% of a year's revenue, {verb} Lucent's promises, {_whole(then)}%"


def ways(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the range of the share that can go round for each choice held fixed, all others open.

    But for the period itself, the period is the whole life of the deals.

    Returns
    -------
    DataFrame
        name (what is held fixed), low, high, middle (median), told (with only this choice changed), all per cent, and
        label.
    """
    table = measures.every_way(ledger, scenario)
    table = table.assign(maximum=100 * table["maximum"])
    rows = []
    for choice in CHOICES:
        for level in dict.fromkeys(table[choice]):
            is_here = (table[choice] == level) & ((choice == "period") | (table["period"] == CHOSEN["period"]))
            here = table.loc[is_here, "maximum"]
            others = [c for c in CHOICES if c != choice]
            one = table[(table[choice] == level) & (table[others] == pd.Series(CHOSEN)[others]).all(axis=1)]["maximum"]
            rows.append((LEVELS[choice][level], here.min(), here.max(), here.median(), one.iloc[0]))
    frame = pd.DataFrame(rows, columns=["name", "low", "high", "middle", "told"])
    return frame.assign(label=[f"{_whole(r.low)}–{_whole(r.high)}%" for r in frame.itertuples()])


def ways_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence between what the part that can go round lies over all combinations."""
    table = measures.every_way(ledger, scenario)["maximum"] * 100
    if _whole(table.max()) == "0":
        return "However it is counted, almost none of the money can go round"
    return f"In none of {len(table)} ways to count can more than {math.ceil(table.max())}% of the money go round"
