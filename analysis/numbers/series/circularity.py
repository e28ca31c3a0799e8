"""What the figures of the chapter on circularity draw, and what they find."""

import functools
import math
import textwrap

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models.circularity import MEASURES
from analysis.numbers import formats
from analysis.numbers.circularity import builders, choices, loops, measures, partners, weeks
from analysis.numbers.circularity.measures import HEADLINE, NO_CIRCLE
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import value

AGREED, REPORTED = "announced, signed or paid", "with press reports and talks"
LABS = {partners.LAB: "OpenAI", partners.CONTROL: "Anthropic"}
OUTLOOK, TOGETHER, ESTIMATE, OWN = "own outlook", "their sum", "estimate by others", "OpenAI's computing"
# Sums that others have published: entity, metrics of their ends.
ESTIMATES = (
    ("hyperscalers-4", ("capex_low", "capex_high")),
    ("hyperscalers-5", ("capex",)),
)
A_YEAR = pd.Timedelta(days=366)
EVENT_LINE = 20  # characters
FALLEN = 0.2  # per cent by which the highest share must exceed the last to be told
LEAST_MOVE, MOST_DEALS = 0.003, 8  # of the share, and of the deals that are shown
BY_LOT, EVERY = "Partners shuffled at random", "All ways to count, combined"


def _whole(value: float) -> str:
    return formats.rounded(value, 0)


def _percent(value: float) -> str:
    return formats.amount(value, "pct")


def _in_percent(table: pd.DataFrame, *more: str) -> pd.DataFrame:
    """The measures in per cent instead of as shares of 1."""
    return table.assign(**{m: 100 * table[m] for m in (*MEASURES, *more)})


def days(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what is matched of OpenAI's bill as known in each week: wide as `weeks.by_week`, in per cent, and long.

    The long table has a row a week and line: day, line, high (per cent).
    """
    table = _in_percent(weeks.by_week(ledger, scenario), "with_reported", "feasible")
    agreed = table[["day"]].assign(line=AGREED, high=table[HEADLINE])
    reported = table[["day"]].assign(line=REPORTED, high=table["with_reported"])
    return table, pd.concat([agreed, reported], ignore_index=True)


def jumps(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the weeks in which that part moved most (`weeks.jumps`): day, high (per cent), line, label (in lines)."""
    found = weeks.jumps(ledger, scenario)
    words = ["\n".join(textwrap.wrap(event, EVENT_LINE)) for event in found["event"]]
    return found.assign(high=100 * found[HEADLINE], line=AGREED, label=words)


def days_finding(days: pd.DataFrame) -> str:
    """Return in a sentence how the matched part has moved with the prices known (see `days`)."""
    first, last = days[HEADLINE].iloc[[0, -1]]
    start, now = (
        f"{days['day'].iloc[0]:%B %Y}",
        f"By known prices {_percent(last)} of OpenAI's priced orders are matched",
    )
    if abs(last - first) <= 1:
        return f"{now}, little changed since {start}"
    highest = days.loc[days[HEADLINE].idxmax()]
    if highest[HEADLINE] > max(first, last) + FALLEN:
        return f"{now}, after as much as {_percent(highest[HEADLINE])} in {highest['day']:%B %Y}"
    return f"{now}, {'up' if last > first else 'down'} from {_percent(first)} in {start}"


def without(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the deals without which another part would be matched (`share_specifications.jackknife`).

    Returns
    -------
    DataFrame
        The largest move first, at most `MOST_DEALS`: name (the deal in words, one of its own), value (the part without
        it, per cent), amount (US$ bn) and label.
    """
    found = measures.without_each(ledger, scenario)
    found = found[found["moves"].abs() >= LEAST_MOVE].head(MOST_DEALS).reset_index(drop=True)
    pairs = [_deal(ledger, r.deal, r.amount) for r in found.itertuples()]
    sums = [f", {formats.amount(amount, 'usd_bn')}" for amount in found["amount"]]
    value = 100 * found["without"]
    names = _told_apart(_told_apart(pairs, sums), [f" ({n})" for n in range(1, len(pairs) + 1)])
    return found.assign(name=names, value=value, label=[f"{_whole(v)}%" for v in value])


def _deal(ledger: Ledger, deal: str, amount: float) -> str:
    """A deal in words; where its parties have several of the kind with its amount and its year, or since when known."""
    row, sides = ledger.part("deals", "deal", deal), ["payer", "payee", "kind"]
    is_alike = (counted.payments(ledger.deals)[sides] == row[sides].iloc[0]).all(axis=1)
    words = measures.pair_of_names(ledger, row)
    if is_alike.sum() < 2:
        return words
    known, start = ledger.history.part("deals", "deal", (deal,))["as_of"].min(), row["start"].iloc[0]
    when = f"of {start.year}" if start < known else f"known since {known.year}"
    return f"{words}, {formats.amount(amount, 'usd_bn')} {when}"


def _told_apart(names: list[str], endings: list[str]) -> list[str]:
    """The names, with its ending each that several share: bars of one name would be drawn as one."""
    return [name + (ending if names.count(name) > 1 else "") for name, ending in zip(names, endings, strict=True)]


def without_finding(frame: pd.DataFrame, told: float) -> str:
    """Return in a sentence what would be matched without the deal that carries most (see `without`)."""
    least = frame.loc[frame["value"].idxmin()]
    return f"Without {least['name']}, {_whole(least['value'])}% would be matched instead of {_whole(told)}%"


def trips(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the two-sided partners of both labs with a price on both sides, by orders for each dollar.

    Returns
    -------
    DataFrame
        The columns of `partners.partners`, and name (partner and lab), lab, value (US$), label, and in US$ low
        and high (ordered for a dollar put in, at least and at most).
    DataFrame
        All partners of OpenAI with a deal, as `partners.partners` has them.
    """
    found = []
    for lab, words in LABS.items():
        table = partners.priced(partners.partners(ledger, scenario, lab))
        names = [f"{short_name(n)} and {words}" for n in table["name"]]
        told = [partners.trip_in_words(r) for r in table.to_dict("records")]
        ends = [partners.dollars_ordered(r) for r in table.to_dict("records")]
        spans = pd.DataFrame(ends, columns=["low", "high"], index=table.index, dtype=float)
        ratio = table["orders_per_dollar"]
        found.append(table.assign(name=names, lab=words, value=ratio, label=told).join(spans))
    both = pd.concat(found, ignore_index=True)
    both = both.sort_values(["lab", "value"], ascending=[False, False], ignore_index=True)
    return both, partners.partners(ledger, scenario)


def trips_finding(trips: pd.DataFrame) -> str:
    """Return in a sentence between what the orders for a dollar lie (see `trips`)."""
    own = trips[trips["lab"] == LABS[partners.LAB]]
    if own.empty:
        return "No partner of OpenAI has a price on both sides"
    if len(own) == 1:
        name, label = own[["name", "label"]].iloc[0]
        return f"For each dollar that {name.split(' and ')[0]} put in or promised, OpenAI has ordered {label} from it"
    first, last = own.iloc[0], own.iloc[-1]
    names = [r["name"].split(" and ")[0] for r in (first, last)]
    return f"For each dollar from {names[0]}, OpenAI ordered {first['label']}; from {names[1]}, {last['label']}"


@functools.lru_cache(maxsize=8)
def ways(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return what would be matched of OpenAI's bill by another count, without one deal and with partners shuffled.

    Returns
    -------
    DataFrame
        The least first, and last all ways to count: name, value (per cent), low and high (it and the share as counted,
        or the ends of all ways), told (the share as counted) and label.
    """
    told, every = choices.one_at_a_time(ledger, scenario)["told"].iloc[0], choices.every_way(ledger, scenario)
    frame = choices.otherwise(ledger, scenario)
    top, lot = without(ledger, scenario).head(1), loops.chance(ledger, scenario)
    more = [(f"Without {r.name}", r.value) for r in top.itertuples() if r.value < told]
    more += [(BY_LOT, 100 * lot.median)] if lot.index > NO_CIRCLE and not pd.isna(lot.median) else []
    rows = [*frame[["name", "value"]].itertuples(index=False, name=None), *more]
    frame = pd.DataFrame(rows, columns=["name", "value"]).sort_values("value", ignore_index=True)
    labels = [formats.about(v, "pct", is_open=False) for v in frame["value"]]
    frame = frame.assign(low=frame["value"].clip(upper=told), high=frame["value"].clip(lower=told), label=labels)
    low, high = every["returns"].min(), every["returns"].max()
    ends = (choices.outward([low], math.floor)[0], choices.outward([high], math.ceil)[0])
    words = formats.about(None, "pct", *ends, is_open=False)
    whole = pd.DataFrame([(EVERY, told, low, high, words)], columns=["name", "value", "low", "high", "label"])
    return (pd.concat([frame, whole], ignore_index=True) if len(frame) else whole).assign(told=told)


def ways_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence what the share is, and between what it may lie."""
    every = ways(ledger, scenario).iloc[-1]
    own = formats.about(every["told"], "pct", is_open=False)
    return f"{own} of OpenAI's priced orders are matched by our count, {every['label']} by others"


def clouds(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return what the largest builders mean to spend in a year, what others expect of them, and OpenAI's computing.

    Returns
    -------
    DataFrame
        name (with its period), kind, low and high (US$ bn), label, as_of.
    list of DataFrame
        Rows of metrics.
    """
    f = measures.facts(ledger, scenario)
    companies, rows = builders.outlooks(f)
    own = builders.computing(f, companies)
    found = [(f"{r.name}, {r.period}", OUTLOOK, r.low, r.high, r.as_of) for r in companies.itertuples()]
    if len(companies) > 1:
        ends = (companies["low"].sum(), companies["high"].sum())
        found.append((f"The {formats.spelled(len(companies))} together", TOGETHER, *ends, companies["as_of"].max()))
    for entity, metrics in ESTIMATES:
        told = pd.concat([f.metric(entity, metric, basis="estimate") for metric in metrics])
        told = told[told["end"] - told["start"] <= A_YEAR]  # a sum of two years is no bar among single ones
        for _, part in told[told["end"] >= ledger.as_of].groupby("end"):
            name = f"{ledger.name(entity)}, {f.period(part).words}"
            found.append((name, ESTIMATE, part["value"].min(), part["value"].max(), part["as_of"].max()))
            rows = [*rows, part]
    if len(own):
        found.append((f"OpenAI, {f.period(own).words}", OWN, value(own), value(own), own["as_of"].iloc[0]))
    frame = pd.DataFrame(found, columns=["name", "kind", "low", "high", "as_of"])
    labels = [formats.quantity(None, "usd_bn", r.low, r.high, has_unit=False) for r in frame.itertuples()]
    return frame.assign(label=labels), [*rows, own]


def clouds_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence what the builders mean to spend beside what OpenAI's computing costs (see `clouds`)."""
    companies, together, own = (frame[frame["kind"] == kind] for kind in (OUTLOOK, TOGETHER, OWN))
    if companies.empty:
        return "What others expect the largest clouds to spend"
    whole = together if len(together) else companies
    amount = formats.quantity(None, "usd_bn", *whole[["low", "high"]].iloc[0])
    count = formats.spelled(len(companies)).capitalize() if len(together) else "One"
    said = f"{count} {'companies mean' if len(together) else 'company means'} to spend {amount} in a year"
    if own.empty:
        return said
    return f"{said}; all of OpenAI's computing is put at {formats.amount(own['high'].iloc[0], 'usd_bn')}"
