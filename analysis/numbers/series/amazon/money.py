"""Money that goes in and comes back: equity, the contract, the fees that would pay for it, the other lab.

- The suppliers beside whose equity orders stand are the clouds and chip makers that have put money into a lab.
"""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import amazon as numbers
from analysis.numbers import formats, quantities
from analysis.numbers.amazon import AWS, EQUITY
from analysis.numbers.facts import Facts, ratio

STATED = {EQUITY: "Amazon invests (equity)", AWS: "OpenAI buys (AWS)"}
FLOWS = {EQUITY: "Amazon to OpenAI: equity", AWS: "OpenAI to Amazon: AWS"}
NEGLIGIBLE = 0.005  # US$ bn of a year up to which nothing is drawn
FEES = 40  # points of the curve of fees
LABS = ("openai", "anthropic")
SUPPLIERS = ("cloud", "neocloud", "chipmaker")
PUT_IN, ORDERED = "equity in", "orders back"
NO_DEAL, UNPRICED = "none", "amount not published"


def growth(ledger: Ledger) -> pd.DataFrame:
    """Return every statement of an amount of the equity and of the contract.

    Returns
    -------
    DataFrame
        Rows of deals, oldest first, with side (words), day, low and high (US$ bn, as they enter a sum).
    """
    history = ledger.history["deals"]
    known = history[history["deal"].isin(STATED) & history[["low_usd_bn", "high_usd_bn"]].notna().any(axis=1)]
    known = known.sort_values("as_of", kind="stable")
    ends = deals.bounds(known)
    return known.assign(side=known["deal"].map(STATED), day=known["as_of"], low=ends["low"], high=ends["high"])


def growth_finding(statements: pd.DataFrame) -> str:
    """Return in a sentence how the two sides grew (see `growth`; not for none)."""
    put, bought = (statements[statements["deal"] == deal] for deal in (EQUITY, AWS))
    equity = [formats.amount(v, "usd_bn") for v in put["high"].iloc[[0, -1]]] if len(put) else []
    orders = [formats.amount(v, "usd_bn") for v in bought["low"].iloc[[0, -1]]] if len(bought) else []
    if not orders:
        return f"Amazon invests about {equity[1]} in OpenAI; no orders with a price at AWS are known"
    if not equity:
        return f"OpenAI has ordered {orders[1]} from AWS; no investment is known"
    if bought["low"].iloc[-1] > bought["low"].iloc[0] and put["high"].iloc[-1] > put["high"].iloc[0]:
        return f"Talk of about {equity[0]} became {equity[1]}, and {orders[0]} of orders became {orders[1]}"
    if bought["day"].iloc[-1] <= put["day"].iloc[0]:
        return f"OpenAI had ordered {orders[1]} from AWS before Amazon was reported to invest about {equity[1]}"
    return f"OpenAI has ordered {orders[1]} from AWS, and Amazon invests about {equity[1]}"


def in_and_out(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the equity and the contract by calendar year: side (words) and the columns of
    `quantities.yearly_range`."""
    f = Facts(ledger, "amazon", scenario)
    rows = {words: deals.payments(f.deal(key)) for key, words in FLOWS.items()}
    priced = {words: row for words, row in rows.items() if deals.total(row).high}
    if not priced:
        return pd.DataFrame(columns=["side", "year", "central", "low", "high", "is_assumed"])
    spread = [quantities.yearly_range(f, row).assign(side=words) for words, row in priced.items()]
    frame = pd.concat(spread, ignore_index=True)
    return frame[frame["high"] > NEGLIGIBLE]


def in_and_out_finding(equity: pd.DataFrame, aws: pd.DataFrame) -> str:
    """Return in a sentence what goes in and what comes back, of the two deals that count (one row or none each)."""
    put, back = deals.total(equity), deals.total(aws)
    orders = formats.amount(back.high, "usd_bn")
    if not put.high:
        return f"{orders} of orders, and no investment yet"
    verb = "would go" if equity["status"].iloc[0] == "reported" else "goes"
    money = f"{'At least' if put.is_open else 'At most'} {formats.amount(put.high, 'usd_bn')} {verb} in"
    if not back.high:
        return f"{money}; no orders with a price are known"
    end = quantities.calendar_year(aws)
    return f"{money}; {orders} comes back" + (f" over the years to {end:.0f}" if end else "")


def sales_curve(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the sales whose fees pay for an average year of the contract: fee (per cent), sales (US$ bn a year).

    Empty where no yearly amount of the contract is known.
    """
    f = Facts(ledger, "amazon", scenario)
    per_year, choice = quantities.contract_per_year(f.deal(AWS)), f.choices["merchant_fee"]
    rates = np.linspace(choice.low, choice.high, FEES)
    frame = pd.DataFrame({"fee": 100 * rates, "sales": [ratio(per_year, rate) for rate in rates]})
    return frame.dropna(ignore_index=True).drop_duplicates("fee")


def reported_sales(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the point of the curve at the reported fee (see `sales_curve`), with amount and label; empty for none."""
    found = {r.key: r.value for r in numbers.commerce(ledger, scenario)}
    fee, sales = found["amazon.fee"], found["amazon.sales_needed"]
    if fee is None or sales is None:
        return pd.DataFrame(columns=["fee", "sales", "amount", "label"])
    amount = formats.amount(round(sales), "usd_bn")
    label = f"{formats.amount(fee, 'pct')}: {amount} of sales"
    return pd.DataFrame({"fee": [float(fee)], "sales": [float(sales)], "amount": amount, "label": label})


def sales_finding(curve: pd.DataFrame, reported: pd.DataFrame) -> str:
    """Return in a sentence the sales that pay for a year, at the reported fee if there is one."""
    if len(reported):
        fee = formats.amount(reported["fee"].iloc[0], "pct")
        return f"At a fee of {fee} it takes {reported['amount'].iloc[0]} of sales a year to pay for one year of AWS"
    ends = formats.span(round(curve["sales"].min()), round(curve["sales"].max()), "usd_bn")
    return f"It takes {ends} of sales a year to pay for one year of AWS, depending on the fee"


def equity_and_orders(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return what each supplier puts into each lab and what the lab orders from it, and the deals behind.

    Returns
    -------
    DataFrame
        Two rows a pair: pair (words), lab and supplier (keys), side, low and high (US$ bn, as they enter a sum),
        is_open, deals and undisclosed (their numbers), label.
    list of DataFrame
        Rows of deals.
    """
    f = Facts(ledger, "amazon")
    kinds = ledger.entities.set_index("entity")["kind"]
    funders = {p for lab in LABS for p in f.payments(payee=lab, kind="equity")["payer"]}
    rows, used = [], []
    for lab in LABS:
        for supplier in sorted(p for p in funders if kinds.get(p) in SUPPLIERS):
            put = f.payments(payer=supplier, payee=lab, kind="equity")
            back = f.payments(payer=lab, payee=supplier, kind=("compute", "chips"))
            if len(put) or len(back):
                used += [put, back]
                words = f"{ledger.name(supplier)} and {ledger.name(lab)}"
                rows += [(words, lab, supplier, side, deals.total(p)) for side, p in ((PUT_IN, put), (ORDERED, back))]
    frame = pd.DataFrame(rows, columns=["pair", "lab", "supplier", "side", "sum"])
    sums = pd.DataFrame([vars(s) for s in frame.pop("sum")], columns=["low", "high", "is_open", "undisclosed", "deals"])
    frame = frame.join(sums)
    return frame.assign(label=[_as_known(*row) for row in sums.itertuples(index=False)]), used


def _as_known(low: float, high: float, is_open: bool, undisclosed: int, count: int) -> str:
    if count == undisclosed:
        return UNPRICED if count else NO_DEAL
    return formats.quantity(None, "usd_bn", low, high, is_open)


def pairs_finding(ledger: Ledger, sides: pd.DataFrame) -> str:
    """Return in a sentence in how many pairs equity stands beside orders (see `equity_and_orders`), and at which
    labs."""
    priced = sides[sides["high"] > 0].groupby(["lab", "pair"], sort=False)["side"].nunique()
    both = priced[priced == 2].reset_index()
    if both.empty:
        return "Suppliers' equity beside OpenAI's orders"
    labs = " and ".join(f"at {ledger.name(lab)}" for lab in both["lab"].unique())
    return (
        f"In {len(both)} of {sides['pair'].nunique()} pairs a supplier's equity stands beside orders with a price, "
        f"{labs}"
    )


def published_amounts(sides: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs (see `equity_and_orders`) with empty ends where none is published, as of an open high end."""
    is_priced = sides["deals"] > sides["undisclosed"]
    return sides.assign(
        low=sides["low"].where(is_priced), high=sides["high"].where(is_priced & ~sides["is_open"].astype(bool))
    )


def pairs_note(ledger: Ledger, sides: pd.DataFrame) -> str:
    """Return the caveat about missing bars (see `equity_and_orders`)."""
    orders = sides[(sides["lab"] == "anthropic") & (sides["supplier"] == "amazon") & (sides["side"] == ORDERED)]
    if orders.empty or orders["high"].any():
        return "A missing bar need not mean zero."
    names = f"{ledger.name('anthropic')} at {ledger.name('amazon')}"
    return f"Orders of {names} have no published amount; a missing bar does not mean zero."
