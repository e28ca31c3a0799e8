"""Anthropic, the other lab that Amazon funds: what it has ordered and raised, and its sales beside its forecasts."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases, deals, periods
from analysis.models.deals import SUPPLY_KINDS
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import Facts, value
from analysis.numbers.row_keys import row_keys
from analysis.numbers.words import DEAL_STATES

LAB = "anthropic"
ORDER, SHARES, LOAN = "computing ordered", "shares sold", "loans for its chips"
KINDS = dict.fromkeys(SUPPLY_KINDS, ORDER) | {"equity": SHARES, "debt": LOAN}
PRESS = DEAL_STATES[bases.REPORTED]
PACE, FORECAST = "pace of sales, as told", "forecast of a year's sales"


def sides(ledger: Ledger) -> pd.DataFrame:
    """Return whom Anthropic has promised what, and who has given or promised it money: every deal with a price.

    Returns
    -------
    DataFrame
        name (the other side, with the month; each once), kind, value (US$ bn at the high end), low and high (US$ bn,
        NaN where an end is not known), label, state (words), row (its key); the largest of each kind first.
    """
    known = deals.standing(ledger.deals)
    ours = (known["payer"] == LAB) | (known["payee"] == LAB)
    rows = known[ours & known["kind"].isin(KINDS) & (known["part_of"] == "") & ~deals.is_unpriced(known)]
    is_order = rows["payer"] == LAB
    other = rows["payee"].where(is_order, rows["payer"]).map(ledger.name).map(short_name)
    amounts = [formats.amount_text(a, b) for a, b in zip(rows["low_usd_bn"], rows["high_usd_bn"], strict=True)]
    states = deals.basis(rows).map(DEAL_STATES)
    frame = pd.DataFrame(
        {
            "name": is_order.map({True: "To ", False: "From "}) + other + rows["first_as_of"].dt.strftime(", %b %Y"),
            "kind": rows["kind"].map(KINDS),
            "value": deals.bounds(rows)["high"],
            "low": rows["low_usd_bn"].astype(float),
            "high": rows["high_usd_bn"].astype(float),
            "state": states,
            "row": row_keys(rows),
            "label": [f"{a}, by press" if s == PRESS else a for a, s in zip(amounts, states, strict=True)],
        }
    )
    order = frame["kind"].map([ORDER, SHARES, LOAN].index)
    frame = frame.assign(order=order).sort_values(["order", "value", "name"], ascending=[True, False, True])
    again = frame.groupby("name").cumcount() + 1
    frame["name"] = frame["name"].where(again == 1, frame["name"] + " (" + again.astype(str) + ")")
    return frame.drop(columns="order").reset_index(drop=True)


def sides_finding(ledger: Ledger) -> str:
    """Return in a sentence what Anthropic has ordered beside what it sells."""
    f = Facts(ledger, "amazon")
    rows = f.payments(payer=LAB, kind=SUPPLY_KINDS)
    orders, by_press = deals.total(rows), deals.total(rows[deals.basis(rows) == bases.REPORTED])
    pace = f.last(LAB, "annualized_revenue")
    if not orders.high:
        return "Nobody has published what Anthropic has ordered"
    known = deals.standing(ledger.deals)
    known = known[(known["payer"] == LAB) & known["kind"].isin(SUPPLY_KINDS) & ~deals.in_talks(known)]
    is_floor = orders.is_open or bool(deals.is_unpriced(known).any())
    amount = formats.quantity(None, "usd_bn", orders.low, orders.high, is_floor)
    said = f"Anthropic has ordered {amount} of computing"
    if by_press.low:
        said += f" ({formats.whole_bn(by_press.low)} of it by press reports)"
    return f"{said} and sells at a pace of {formats.amount(value(pace), 'usd_bn')} a year" if len(pace) else said


def pace(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return what Anthropic's sales would be at the pace of the day, and the newest forecast of each year.

    Returns
    -------
    DataFrame
        day (of a forecast the end of its year), line, value (US$ bn), as_of and note.
    list of DataFrame
        Rows of metrics.
    """
    f = Facts(ledger, "amazon")
    told = f.happened(LAB, "annualized_revenue")
    rows = periods.years(f.metric(LAB, "revenue"))
    ahead = bases.best(rows[rows["basis"].isin(bases.FORECASTS)])
    frame = pd.concat([told.assign(line=PACE), ahead.assign(line=FORECAST)])
    frame = frame.assign(day=frame["end"])[["day", "line", "value", "as_of", "note"]]
    return frame.reset_index(drop=True), [told, ahead]


def pace_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence which forecast the pace of sales has passed (see `pace`; not for none)."""
    told, ahead = (frame[frame["line"] == line] for line in (PACE, FORECAST))
    if told.empty:
        last = ahead.iloc[-1]
        case = "In an optimistic case, press reports say, " if "optimistic" in last["note"] else ""
        return f"{case}Anthropic forecast sales of {formats.amount(last['value'], 'usd_bn')} for {last['day'].year}"
    now = told.iloc[-1]
    said = f"By {now['day']:%B %Y} Anthropic's sales ran at {formats.amount(now['value'], 'usd_bn')} a year"
    passed = ahead[(ahead["value"] < now["value"]) & (ahead["day"] > now["day"])]
    if passed.empty:
        return said
    year = passed["day"].iloc[-1].year
    return f"{said}, above its forecast for {year}"
