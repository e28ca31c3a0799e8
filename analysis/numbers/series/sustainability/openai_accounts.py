"""OpenAI's own figures: its accounts of a year, how its forecasts moved, and what it has raised at what price."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases, deals
from analysis.numbers import formats, quantities
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import Facts, ratio, value
from analysis.numbers.ledger_words import PAID, status_words
from analysis.numbers.row_keys import row_keys
from analysis.numbers.sustainability import forecasts

SALES, COST, LOSS = "sales", "costs", "losses"
# The lines of OpenAI's accounts by metric: words and kind.
LINES = {
    "revenue": ("Sales", SALES),
    "cost_of_revenue": ("Cost of what it sold", COST),
    "rd_expense": ("Research, with training", COST),
    "sales_marketing": ("Sales staff and marketing", COST),
    "total_costs": ("All costs", COST),
    "operating_loss": ("Loss from operations", LOSS),
    "fair_value_change_loss": ("Securities that rose in price, on paper", LOSS),
    "net_loss": ("Net loss for its shareholders", LOSS),
}
OTHER_COSTS, LEAST_SHOWN = "Other costs", 0.05  # US$ bn, below which a rest is rounding
NEEDED = ("revenue", "operating_loss", "rd_expense")  # an account that tells less is none
# What OpenAI has forecast, by metric.
PLANNED = {
    "revenue": "Sales",
    "revenue_ads": "Sales of ads",
    "cash_burn": "Cash burned",
    "cash_burn_revision": "Cash burned, more than a forecast before",
    "compute_spend": "Computing",
    "compute_spend_training": "Computing for training",
    "compute_spend_backup": "Computing in reserve",
    "inference_spend": "Answering users",
    "microsoft_spend_contracted": "Spending at Microsoft",
    "operating_loss": "Loss from operations",
    "net_loss": "Net loss",
}
NEAR = pd.Timedelta(days=45)  # within which a price of the company belongs to a round


def accounts(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the lines of OpenAI's newest account that tells what it spent on: name, kind, value (US$ bn), label,
    newer (as told later, when other lines were not; US$ bn, NaN where that is the same), period (words); and the rows
    behind it.

    A line that was restated later stands as it was told with the others, lest two accounts be mixed.
    """
    f = Facts(ledger, "sustainability")
    told = {metric: f.happened("openai", metric) for metric in LINES}
    spans = [set(zip(told[metric]["start"], told[metric]["end"], strict=True)) for metric in NEEDED]
    shared = sorted(set.intersection(*spans), key=lambda span: span[1])
    if not shared:
        return pd.DataFrame(columns=["name", "kind", "value", "label", "newer", "period"]), []
    start, end = shared[-1]
    newest = {m: r[(r["start"] == start) & (r["end"] == end)] for m, r in told.items()}
    newest = {m: r for m, r in newest.items() if len(r)}
    oldest = min((newest[m] for m in NEEDED), key=lambda r: r["as_of"].iloc[0])
    rows = {m: quantities.same_account(f, m, oldest) for m in newest}
    frame = pd.DataFrame(
        [(*LINES[m], value(r), formats.plain(value(r), "usd_bn"), value(newest[m])) for m, r in rows.items()],
        columns=["name", "kind", "value", "label", "newer"],
    )
    frame["newer"] = frame["newer"].where(frame["newer"] != frame["value"])
    return frame.assign(period=f.period(next(iter(rows.values()))).words), list(rows.values())


def operating(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the way from sales to the loss from operations, of a table of `accounts` with rows: name, kind, value
    (US$ bn, costs below 0, the loss last), label and period; costs that are not published apart are one line."""
    values = frame.set_index("name")["value"]
    sales, loss = (LINES[m][0] for m in ("revenue", "operating_loss"))
    parts = frame[(frame["kind"] == COST) & (frame["name"] != LINES["total_costs"][0])]
    rest = values[sales] + values[loss] - parts["value"].sum()
    rows = [(sales, SALES, values[sales])]
    rows += [(r.name, COST, -r.value) for r in parts.itertuples(index=False)]
    rows += [(OTHER_COSTS, COST, -rest)] if rest > LEAST_SHOWN else []
    rows.append((loss, LOSS, -values[loss]))
    made = pd.DataFrame(rows, columns=["name", "kind", "value"])
    return made.assign(label=[formats.plain(v, "usd_bn") for v in made["value"]], period=frame["period"].iloc[0])


def accounts_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence what costs OpenAI had for each dollar of sales (see `accounts`; not for none)."""
    values = frame.set_index("name")["value"]
    sales, loss = values[LINES["revenue"][0]], values[LINES["operating_loss"][0]]
    costs = formats.amount(ratio(sales + loss, sales), "usd")
    return f"In {frame['period'].iloc[0]} OpenAI had costs of {costs} for each dollar of sales"


def accounts_note(frame: pd.DataFrame) -> str:
    """Return which lines of `accounts` only the table has, and which have been restated since, and to what."""
    below = {LINES["fair_value_change_loss"][0], LINES["net_loss"][0]}
    said = ["Items below that loss are in the data."] if below & set(frame["name"]) else []
    newer = frame.dropna(subset=["newer"])
    told = [f"{r.name.lower()} ({formats.amount(r.newer, 'usd_bn')})" for r in newer.itertuples(index=False)]
    return " ".join([*said, *([f"Restated since, without the rest: {formats.listed(told)}."] if told else [])])


def revisions(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return each thing that OpenAI has forecast: its first forecast, its last, and what it became.

    Returns
    -------
    DataFrame
        metric, what (with its period), first and last (US$ bn), first_made and last_made (the day on which it was
        told, or where known the part of the year in which it was made), outcome (NaN where it is not known) and row
        (the key of the last row), in the order of `PLANNED` and of the years.
    list of DataFrame
        Rows of metrics.
    """
    f = Facts(ledger, "sustainability")
    found, used = [], []
    history = ledger.history.part("metrics", "entity", ("openai",))
    for metric, words in PLANNED.items():
        rows = history[(history["metric"] == metric) & (history["by"] == "") & history["start"].notna()]
        ahead = rows[rows["basis"].isin(bases.FORECASTS)].sort_values("as_of", kind="stable")
        ahead = ahead.drop_duplicates(["start", "end", "as_of"], keep="last").assign(vintage="")
        if metric == forecasts.BURN:
            ahead = forecasts.as_made(ledger, ahead)
        for (start, end), told in ahead.groupby(["start", "end"]):
            became = rows[(rows["start"] == start) & (rows["end"] == end) & rows["basis"].isin(bases.HAPPENED)]
            outcome = bases.best(became).tail(1)
            used += [told, outcome]
            first, last = told.iloc[0], told.iloc[-1]
            found.append(
                (
                    metric,
                    f"{words}, {f.period(told).words}",
                    float(first["value"]),
                    float(last["value"]),
                    first["vintage"] or f"{first['as_of']:%Y-%m-%d}",
                    last["vintage"] or f"{last['as_of']:%Y-%m-%d}",
                    value(outcome),
                    row_keys(told.tail(1))[0],
                )
            )
    columns = ["metric", "what", "first", "last", "first_made", "last_made", "outcome", "row"]
    return pd.DataFrame(found, columns=columns), used


def revisions_finding(table: pd.DataFrame) -> str:
    """Return in a sentence how the forecasts of sales and of the burn moved that moved most (see `revisions`)."""
    said = []
    for metric, words in (("revenue", "sales in"), ("cash_burn", "the burn of")):
        rows = table[(table["metric"] == metric) & (table["first"] > 0) & (table["first"] != table["last"])]
        if len(rows):
            row = rows.loc[(rows["last"] / rows["first"] - 1).abs().idxmax()]
            first, last = (formats.amount(row[end], "usd_bn") for end in ("first", "last"))
            said.append(f"{words} {row['what'].rpartition(', ')[2]} from {first} to {last}")
    if not said:
        return "What OpenAI has forecast of itself"
    return f"As known here, OpenAI moved its forecast of {', and of '.join(said)}"


def rounds(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, list[pd.DataFrame]]]:
    """Return what OpenAI has raised in rounds of many investors, and every sale of its shares that stands.

    Returns
    -------
    DataFrame
        The rounds: name (month), value (US$ bn raised, at the high end), price (of the company after it, US$ bn, NaN
        where it is not known) and label, oldest first.
    DataFrame
        The sales: day, who, amount (US$ bn as readers see it), part (of a round, or whole), state and price, oldest
        first.
    dict
        Rows of deals and of metrics: of the rounds, of their prices, and of the other sales.
    """
    f = Facts(ledger, "sustainability")
    known = deals.standing(ledger.deals)
    known = known[(known["kind"] == "equity") & (known["payee"] == "openai") & (known["role"] != "contingent")]
    known = known.sort_values(["first_as_of", "deal"], kind="stable")
    prices = f.happened("openai", "valuation_post_money")
    history = ledger.history["deals"]
    closed = history[history["status"] == "closed"].groupby("deal")["as_of"].min()
    ends = known["deal"].map(closed).fillna(known["as_of"])  # later rows of a round give it no later price
    known = known.assign(price=[_price(prices, *days) for days in zip(known["first_as_of"], ends, strict=True)])
    pools = ledger.entities.loc[ledger.entities["kind"] == "pool", "entity"]
    # A listing has no total of parts: the market pays at once.
    is_whole = (known["role"] == "total") | known.index.isin(deals.signed(known).index)
    whole = known[is_whole & (known["part_of"] == "") & known["payer"].isin(pools)]
    frame = pd.DataFrame(
        {
            "name": [f"{day:%B %Y}" for day in whole["first_as_of"]],
            "value": deals.bounds(whole)["high"].to_numpy(float),
            "price": whole["price"].to_numpy(float),
        }
    )
    amounts = [formats.amount_text(a, b) for a, b in zip(known["low_usd_bn"], known["high_usd_bn"], strict=True)]
    sales = pd.DataFrame(
        {
            "day": known["first_as_of"],
            "who": [short_name(ledger.name(party)) for party in known["payer"]],
            "amount": amounts,
            "part": (known["part_of"] != "").map({True: "part", False: "whole"}),
            "state": [_state(ledger, row) for row in known.to_dict("records")],
            "price": known["price"].where(known["deal"].isin(whole["deal"])),
        }
    )
    return (
        frame.assign(label=_labels(frame)),
        sales,
        {
            "The rounds": [whole.drop(columns="price")],
            "Prices of the company": [prices],
            "In the table only": [known[~known["deal"].isin(whole["deal"])].drop(columns="price")],
        },
    )


def _state(ledger: Ledger, row: dict[Hashable, Any]) -> str:
    """The state of a sale in words; of a round that is closed, also what of it is reported as paid."""
    words = status_words({str(column): cell for column, cell in row.items()})
    whole, paid = row["high_usd_bn"], deals.paid_of(ledger.deals, row["deal"])
    if row["status"] != deals.CLOSED or not paid or pd.isna(whole):
        return words
    return PAID if round(paid - whole, 3) >= 0 else f"{words}, {formats.plain(paid, 'usd_bn')} reported as paid"


def _labels(frame: pd.DataFrame) -> list[str]:
    return [
        formats.plain(r.value, "usd_bn") + ("" if pd.isna(r.price) else f" (at {formats.plain(r.price, 'usd_bn')})")
        for r in frame.itertuples()
    ]


def newest_price(ledger: Ledger) -> pd.DataFrame:
    """Return what was last told of the price of the company, in a round or otherwise (one row or none)."""
    return Facts(ledger, "sustainability").happened("openai", "valuation_post_money").tail(1)


def rounds_finding(frame: pd.DataFrame, newest: pd.DataFrame) -> str:
    """Return in a sentence what the rounds brought, and how the price of the company moved.

    Parameters
    ----------
    frame
        The rounds, see `rounds`.
    newest
        The newest price of the company, see `newest_price`.
    """
    amount, count = formats.whole_bn(frame["value"].sum()), formats.spelled(len(frame))
    prices = frame["price"].dropna()
    if len(prices) < 2:
        return f"In {count} round{'s' if len(frame) > 1 else ''} OpenAI has raised or been promised {amount}"
    first, last = (formats.amount(prices.iloc[i], "usd_bn") for i in (0, -1))
    said = f"In {count} rounds of {amount} OpenAI's price went from {first} to {last}"
    since = formats.amount(value(newest), "usd_bn") if len(newest) else last
    return said if since == last else f"{said}, and by {newest['end'].iloc[0]:%B %Y} to {since}"


def _price(prices: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> float:
    """The price of the company told for a round, US$ bn."""
    return value(prices[prices["end"].between(first - NEAR, last + NEAR)])
