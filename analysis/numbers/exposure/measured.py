"""What an order of OpenAI is measured by: its supplier's backlog and its supplier's revenue."""

from typing import NamedTuple

import pandas as pd

from analysis.ledger import latest
from analysis.models import deals as counted
from analysis.models import periods
from analysis.numbers.exposure.terms import NOT_PUBLISHED
from analysis.numbers.facts import NAN, Facts, ratio, value

BACKLOGS = ("rpo", "aws_rpo", "revenue_backlog")
REVENUES = ("revenue", "aws_revenue")
GREW, SHRANK, CHANGED = "grew", "shrank", "changed"
MOVES = (GREW, SHRANK, CHANGED)


class Base(NamedTuple):
    """A figure that an amount is measured by: US$ bn or a share of 1, what it is in words, its rows and its day."""

    value: float
    words: str
    rows: list[pd.DataFrame]
    day: str = ""  # the month of it, in short
    is_stated: bool = False  # by the supplier itself
    since: str = ""  # what the supplier's orders have done since: one of `MOVES`, or nothing


def _month(row: pd.DataFrame) -> str:
    return f"{row['end'].iloc[-1]:%B %Y}"


def _short_month(row: pd.DataFrame) -> str:
    return f"{row['end'].iloc[-1]:%b %Y}"


def _segment(metric: str) -> str:
    return " (AWS)" if metric.startswith("aws_") else ""


def _orders(known: pd.DataFrame, party: str) -> pd.DataFrame:
    rows = counted.payments(known, payer="openai", payee=party, scope="openai", kind=counted.SUPPLY_KINDS)
    return counted.outstanding(rows)


def _known(f: Facts, day: pd.Timestamp) -> pd.DataFrame:
    """The deals as they were known on a day."""
    return latest(f.ledger.history["deals"], ["deal"], day)


def _since(f: Facts, party: str, then: pd.DataFrame) -> str:
    """What the orders at a supplier have done since they were as given: one of `MOVES`, nothing if they are the same.

    They changed, and neither grew nor shrank, where one of them was dropped or the ends of the sum moved apart.
    """
    now = _orders(f.ledger.deals, party)
    before, after = counted.total(then), counted.total(now)
    low, high = after.low - before.low, after.high - before.high
    if not (low or high) and set(then["deal"]) <= set(now["deal"]):
        return ""
    if not set(then["deal"]) <= set(now["deal"]) or low * high < 0:
        return CHANGED
    return GREW if low + high > 0 else SHRANK


def told_part(f: Facts, party: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return OpenAI's part of a supplier's backlog where somebody names it, and the backlog to set it against.

    That is the backlog of the same day; or the newest one if the part is the price of OpenAI's orders, these have not
    changed, and none of them had begun by then: an order of which nothing is used up is still in the backlog.

    Returns
    -------
    DataFrame, DataFrame
        A row of metrics each, or none (US$ bn).
    """
    part, every = f.last(party, "rpo_openai"), f.metric(party, "rpo")
    whole = every[every["end"].isin(part["end"])].tail(1)
    if part.empty or whole.empty or part["basis"].iloc[0] == "actual":
        return part, whole
    now, newest = _orders(f.ledger.deals, party), every.tail(1)
    is_unused = len(now) > 0 and bool((now["start"] > newest["end"].iloc[0]).all())
    is_price = value(part) == counted.total(now).low
    is_same = not _since(f, party, _orders(_known(f, part["as_of"].iloc[0]), party))
    return part, newest if is_unused and is_price and is_same else whole


def backlog(f: Facts, party: str) -> Base:
    """Return OpenAI's part of a supplier's backlog, 0 to 1.

    As last stated, or estimated where it never was; else as somebody names it (see `told_part`); else what OpenAI owed
    by the end of the backlog's quarter over that backlog, so that no contract is set against a backlog older than
    itself. A contract that had started by then counts as it was known when the backlog was published; what was amended
    on that day or later is not in the backlog.
    """
    stated = f.last(party, "openai_share_of_rpo", basis="actual")
    stated = stated if len(stated) else f.last(party, "openai_share_of_rpo")
    if len(stated):
        how = "stated" if stated["basis"].iloc[0] == "actual" else "estimated from growth without OpenAI"
        is_stated = stated["basis"].iloc[0] == "actual"
        since = _since(f, party, _orders(_known(f, stated["as_of"].iloc[0]), party))
        return Base(value(stated) / 100, f"{how}, {_month(stated)}", [stated], _short_month(stated), is_stated, since)
    part, whole = told_part(f, party)
    if len(part) and len(whole):
        how = "as filed" if part["basis"].iloc[0] == "actual" else "by press reports"
        words = f"{how}, {_month(whole)}"
        since = _since(f, party, _orders(_known(f, part["as_of"].iloc[0]), party))
        return Base(ratio(value(part), value(whole)), words, [part, whole], _short_month(whole), since=since)
    rows = pd.concat([f.last(party, metric) for metric in BACKLOGS]).dropna(subset=["end"])
    if rows.empty:
        return Base(NAN, NOT_PUBLISHED, [])
    newest = rows.sort_values("end", kind="stable").tail(1)
    end, published, deals = newest["end"].iloc[0], newest["as_of"].iloc[0], f.ledger.history["deals"]
    is_late = deals["status"].eq("amended") & (deals["as_of"] > end)
    can_be_in = (deals["as_of"] <= end) | (deals["start"] <= end) & ~(is_late & (deals["as_of"] >= published))
    owed = _orders(latest(deals[can_be_in], ["deal"], published), party)
    late = owed[is_late.reindex(owed.index, fill_value=False)]
    total = counted.total(owed)
    share = ratio(total.high or NAN, value(newest))
    if not share <= 1:
        return Base(NAN, f"contract newer than the backlog of {_month(newest)}", [newest])
    kind = "at least, " if total.is_open else "at most, " if total.low < total.high else ""
    changed = f" as changed in {late['as_of'].iloc[-1]:%B %Y}" if len(late) else ""
    words = f"{kind}if all of it is booked{changed}{_segment(newest['metric'].iloc[0])}, {_month(newest)}"
    return Base(share, words, [newest, owed], _short_month(newest), since=_since(f, party, owed))


def part_of_backlog(f: Facts, party: str) -> float:
    """Return what a share of the backlog that is stated or estimated as such comes to, US$ bn; else NaN.

    It is the share of the backlog of its own day, and may hold orders that came before those in the ledger.
    """
    if f.last(party, "openai_share_of_rpo").empty:
        return NAN
    share = backlog(f, party).rows[0]
    every = f.metric(party, "rpo")
    whole = every[every["end"].isin(share["end"])].tail(1)
    return value(share) / 100 * value(whole)


def revenue(f: Facts, party: str) -> Base:
    """Return a supplier's revenue of a year: its newest year, four quarters, or quarter times four, by its end."""
    found = []
    for metric in REVENUES:
        rows = f.metric(party, metric, basis="actual")
        year, quarters = periods.years(rows).tail(1), f.quarters(party, metric, basis="actual").tail(4)
        name = _segment(metric)
        if len(year):
            found.append((year["end"].iloc[0], 2, Base(value(year), f"year to {_month(year)}{name}", [year])))
        if len(quarters):
            end, words = quarters["end"].iloc[-1], f"to {_month(quarters)}{name}"
            four = float(quarters["value"].sum()) if len(quarters) == 4 else NAN
            base = (
                Base(four, f"four quarters {words}", [quarters])
                if four == four and (end - quarters["start"].iloc[0]).days < periods.YEAR_DAYS[1]
                else Base(4 * value(quarters), f"quarter {words}, times four", [quarters.tail(1)])
            )
            found.append((end, 1 if "four quarters" in base.words else 0, base))
        if found:
            break
    return max(found, key=lambda f_: f_[:2])[2] if found else Base(NAN, NOT_PUBLISHED, [])
