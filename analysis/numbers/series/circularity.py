"""What the figures of the chapter on circularity draw, and what they find."""

import textwrap

import pandas as pd

from analysis.ledger import Ledger
from analysis.models.circularity import MEASURES
from analysis.numbers import circularity as numbers
from analysis.numbers import formats
from analysis.numbers.circularity import choices, measures, partners, telecom, weeks
from analysis.numbers.network import short_name

AGREED, REPORTED = "announced, signed or paid", "with press reports and talks"
PROMISED, DRAWN, PLANNED = "promised", "drawn", "announced or optional"
LABS = {partners.LAB: "OpenAI", partners.CONTROL: "Anthropic"}
EVENT_LINE = 20  # characters
LEAST_MOVE, MOST_DEALS = 0.005, 8  # of the share, and of the deals that are shown
NUMBERS = ["name", "low", "high", "told"]


def _whole(value: float) -> str:
    return formats.rounded(value, 0)


def _in_percent(table: pd.DataFrame, *more: str) -> pd.DataFrame:
    """The measures in per cent instead of as shares of 1."""
    return table.assign(**{m: 100 * table[m] for m in (*MEASURES, *more)})


def days(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the share that can go round as known in each week: wide as `weeks.by_week`, in per cent, and long.

    The long table has a row a week and line: day, line, high, and for what is agreed low and top, the ends of the band
    (per cent).
    """
    table = _in_percent(weeks.by_week(ledger, scenario), "with_reported", "low", "high", "feasible")
    agreed = table[["day", "low"]].assign(line=AGREED, high=table["maximum"], top=table["high"])
    reported = table[["day"]].assign(line=REPORTED, high=table["with_reported"])
    return table, pd.concat([agreed, reported], ignore_index=True)


def jumps(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the weeks in which the share moved most (`weeks.jumps`): day, high (per cent), line, label (in lines)."""
    found = weeks.jumps(ledger, scenario)
    words = ["\n".join(textwrap.wrap(event, EVENT_LINE)) for event in found["event"]]
    return found.assign(high=100 * found["maximum"], line=AGREED, label=words)


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


def without(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the deals without which the share that can go round would be another (`specifications.jackknife`).

    Returns
    -------
    DataFrame
        The largest move first, at most `MOST_DEALS`: name (the deal in words), value (the share without it, per cent),
        amount (US$ bn) and label.
    """
    found = measures.without_each(ledger, scenario)
    found = found[found["moves"].abs() >= LEAST_MOVE].head(MOST_DEALS).reset_index(drop=True)
    names = [measures.pair_of_names(ledger, ledger.part("deals", "deal", deal)) for deal in found["deal"]]
    value = 100 * found["without"]
    return found.assign(name=names, value=value, label=[f"{_whole(v)}%" for v in value])


def without_finding(frame: pd.DataFrame, told: float) -> str:
    """Return in a sentence between what the share lies when one deal is left out (see `without`)."""
    low, high = (_whole(v) for v in (frame["value"].min(), frame["value"].max()))
    ends = low if low == high else f"{low} to {high}"
    return f"Without one deal {ends}% could go round instead of {_whole(told)}%; most rests on {frame['name'].iloc[0]}"


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
    """Return how far each choice alone moves the share that can go round, and all of them together.

    Returns
    -------
    DataFrame
        All of them, then one row a choice, the widest first: name, low, high, told (the share as counted; all per
        cent) and label.
    """
    alone, life = choices.one_at_a_time(ledger, scenario), choices.every_way(ledger, scenario)
    life = life.loc[life[choices.PERIOD] == choices.LIFE, "maximum"]
    every = pd.DataFrame([(choices.EVERY, life.min(), life.max(), alone["told"].iloc[0])], columns=NUMBERS)
    frame = pd.concat([every, alone[NUMBERS]], ignore_index=True)
    words = ["–".join(dict.fromkeys([_whole(r.low), _whole(r.high)])) for r in frame.itertuples()]
    return frame.assign(label=[f"{w}%" for w in words])


def ways_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence what the share is, between what it may lie, and which choice moves it most."""
    found = choices.ranges(ledger, scenario).by_name()
    every = ways(ledger, scenario).iloc[0]
    title = f"{_whole(every['told'])}% by our count, {every['label']} by others"
    return f"{title}; most depends on {found['mover'].text}" if found["has_mover"].value else title
