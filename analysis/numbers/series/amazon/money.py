"""Money that goes in and comes back: equity, the contract, the backlog, the other lab.

- The suppliers whose equity is set beside orders are the clouds and chip makers that have put money into a lab.
"""

from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED, SIGNED_STATUSES
from analysis.models import deals
from analysis.numbers import amazon as numbers
from analysis.numbers import formats
from analysis.numbers.amazon import ANTHROPIC_ORDERS, AWS, EQUITY
from analysis.numbers.facts import Facts
from analysis.numbers.ledger_words import status_words

STATED = {EQUITY: "Amazon puts in", AWS: "OpenAI orders from AWS"}
REST = "Other customers"
CUSTOMERS = {AWS: "OpenAI's contract", ANTHROPIC_ORDERS: "Anthropic's contract"}
FLOOR = ", at least"
GAIN, EARNED = "gain on Anthropic, on paper", "operating income of AWS"
LABS = ("openai", "anthropic")
SUPPLIER_KINDS = ("cloud", "neocloud", "chipmaker")
PUT_IN, ORDERED = "equity promised or paid", "orders back"
NO_DEAL, UNPRICED = "no deal known", "amount not published"


def growth(ledger: Ledger) -> pd.DataFrame:
    """Return every statement of an amount of the equity and of the contract.

    Returns
    -------
    DataFrame
        Rows of deals, oldest first, with side (words), day, low and high (US$ bn, as they enter a sum), state (in
        words, see `ledger_words.status_words`).
    """
    history = ledger.history["deals"]
    known = history[history["deal"].isin(STATED) & history[["low_usd_bn", "high_usd_bn"]].notna().any(axis=1)]
    known = known.sort_values("as_of", kind="stable")
    ends = deals.bounds(known)
    state = [status_words(row) for row in known.to_dict("records")]
    return known.assign(side=known["deal"].map(STATED), day=known["as_of"], **ends, state=state)


def growth_finding(statements: pd.DataFrame) -> str:
    """Return in a sentence how the two sides grew (see `growth`; not for none)."""
    put, bought = (statements[statements["deal"] == deal] for deal in (EQUITY, AWS))
    equity = [formats.amount(v, "usd_bn") for v in put["high"].iloc[[0, -1]]] if len(put) else []
    orders = [formats.amount(v, "usd_bn") for v in bought["low"].iloc[[0, -1]]] if len(bought) else []
    if len(bought) and bought["status"].iloc[-1] == CANCELLED:
        return f"OpenAI's orders of {orders[1]} from AWS were cancelled"
    if not equity:
        return f"OpenAI has ordered {orders[1]} from AWS; no investment is known"
    is_talk = bool(deals.in_talks(put).iloc[-1])
    sum_ = f"{equity[1]} or more" if is_talk and put["low"].iloc[-1] == put["high"].iloc[-1] else f"up to {equity[-1]}"
    invests = f"Amazon is reported to be in talks to invest {sum_}" if is_talk else f"Amazon invests {sum_}"
    if not orders:
        return f"{invests} in OpenAI; no orders with a price at AWS are known"
    if bought["low"].iloc[-1] > bought["low"].iloc[0] and put["high"].iloc[-1] > put["high"].iloc[0]:
        is_paid = put["status"].iloc[-1] == "closed" and put["low"].iloc[-1] == put["high"].iloc[-1]
        became = f"{equity[1]}, paid" if is_paid else f"up to {equity[1]}"
        return f"Talk of about {equity[0]} became {became}; {orders[0]} of orders became {orders[1]}"
    if bought["day"].iloc[-1] <= put["day"].iloc[0]:
        return f"OpenAI first ordered {orders[1]} from AWS; now {invests}"
    return f"OpenAI has ordered {orders[1]} from AWS, and {invests}"


def by_month(statements: pd.DataFrame) -> pd.DataFrame:
    """Return what stood at the end of each month in which a side was told of anew (see `growth`; not for none).

    Returns
    -------
    DataFrame
        One row a part: month (words), side (words), value (US$ bn), look (``full`` paid, ``pale`` signed, ``outline``
        talk or on conditions), label (the side in words, in lines). A month that changes nothing is left out.
    """
    months = statements["day"].dt.to_period("M")
    made: list[tuple[str, str, float, str, str]] = []
    before: list[tuple[str, float, str, str]] = []
    for month in sorted(months.unique()):
        known = statements[months <= month].groupby("deal", sort=False).tail(1)
        parts = [part for row in known.itertuples() for part in _parts(row)]
        if parts != before:
            made += [(f"{month.start_time:%b %Y}", *part) for part in parts]
        before = parts
    return pd.DataFrame(made, columns=["month", "side", "value", "look", "label"])


def _parts(row: Any) -> list[tuple[str, float, str, str]]:
    """The parts of a side as one statement tells them (see `by_month`); none of what was given up."""
    if row.status == CANCELLED or not row.high:
        return []
    low, rest = (formats.plain(v, "usd_bn") for v in (row.low, row.high - row.low))
    if deals.is_talk(row.status, row.condition):
        is_open = pd.isna(row.high_usd_bn)
        told = f"{formats.plain(row.high, 'usd_bn')}{' or more' * is_open} in talks"
        return [(row.side, row.high, "outline", told)]
    is_paid, is_signed = row.status == deals.CLOSED, row.status in SIGNED_STATUSES
    state = "paid" if is_paid else "signed" if is_signed else row.state
    told = f"{low} {state}" + f"\n{rest} on conditions" * bool(row.high > row.low)
    firm = (row.side, row.low, "full" if is_paid else "pale" if is_signed else "outline", told)
    return [part for part in (firm, (row.side, row.high - row.low, "outline", told)) if part[1] > 0]


def backlog_parts(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the AWS backlog by quarter, in parts and whole.

    Returns
    -------
    DataFrame
        quarter, part (words, with `FLOOR` where a value of it is one), value (US$ bn), told (words in the part, empty
        in the rest): the contracts of the two labs as signed by then, and the rest.
    DataFrame
        quarter, value, label: the whole, oldest first.
    """
    rpo = Facts(ledger, "amazon").metric("amazon", "aws_rpo")
    rpo = rpo.drop_duplicates("end", keep="last").assign(quarter=rpo["end"].dt.strftime("%b %Y"))
    parts = []
    for row in rpo.itertuples():
        signed = {words: deals.total(numbers.as_signed_by(ledger, key, row.end)) for key, words in CUSTOMERS.items()}
        held = [(words, amount.low, amount.is_open) for words, amount in signed.items() if amount.low]
        rest = row.value - sum(amount for _, amount, _ in held)
        parts += [(row.quarter, *part) for part in [*held, (REST, max(rest, 0.0), False)]]
    frame = pd.DataFrame(parts, columns=["quarter", "part", "value", "is_open"])
    floors = frame.loc[frame["is_open"].astype(bool), "part"]
    frame = frame.assign(part=frame["part"].where(~frame["part"].isin(floors), frame["part"] + FLOOR))
    told = frame["value"].map(lambda v: formats.rounded(v, 0)) + frame["is_open"].map({True: "+", False: ""}).fillna("")
    frame = frame.assign(told=told.where(~frame["part"].isin([REST]), ""))
    whole = rpo[["quarter", "value"]].assign(label=[formats.plain(v, "usd_bn") for v in rpo["value"]])
    return frame.drop(columns="is_open"), whole.reset_index(drop=True)


def backlog_finding(ledger: Ledger, parts: pd.DataFrame, whole: pd.DataFrame) -> str:
    """Return in a sentence the newest backlog and what the two labs had signed for by then (see `backlog_parts`; not
    for none)."""
    last = whole.iloc[-1]
    held = parts[(parts["quarter"] == last["quarter"]) & (parts["part"] != REST)]
    total, when = formats.amount(last["value"], "usd_bn"), f"{pd.Timestamp(last['quarter']):%B %Y}"
    names = formats.listed([part.split("'")[0] for part in dict.fromkeys(held["part"])])
    if held.empty:
        return f"AWS's backlog was {total} in {when}, before any priced order of OpenAI's or Anthropic's"
    signed = formats.amount(held["value"].sum(), "usd_bn")
    signed += " or more" * bool(held["part"].str.endswith(FLOOR).any())
    newest = ledger.deals[ledger.deals["deal"].isin(CUSTOMERS)]
    if (newest["status"] == CANCELLED).any():
        return f"AWS's backlog was {total} in {when}; {names} had signed for {signed} by then"
    return f"AWS's backlog is {total}; {names} had signed for {signed}"


def backlog_note(parts: pd.DataFrame) -> str:
    """Return the reservations about the labs' orders (see `backlog_parts`); empty where none is drawn."""
    if set(parts["part"]) == {REST}:
        return ""
    return "Drawn as if all of these contracts were inside and unused; Amazon does not say."


def gains(ledger: Ledger) -> pd.DataFrame:
    """Return gains on Anthropic beside what AWS earned, by quarter: quarter, side (words), value (US$ bn), label."""
    f = Facts(ledger, "amazon")
    gain, earned = f.quarters("amazon", "gain_on_anthropic"), f.quarters("amazon", "aws_operating_income")
    earned = earned[earned["end"] >= gain["end"].min()] if len(gain) else earned.head(0)
    long = pd.concat([gain.assign(side=GAIN), earned.assign(side=EARNED)]).sort_values("end", kind="stable")
    quarter = [f"Q{(d.month + 2) // 3} {d.year}" for d in long["end"]]
    return long.assign(quarter=quarter, label=[formats.plain(v, "usd_bn") for v in long["value"]])


def gains_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence how the newest gain compares with what AWS earned (see `gains`; not for none)."""
    last = frame[frame["side"] == GAIN].iloc[-1]
    earned = frame[(frame["side"] == EARNED) & (frame["end"] == last["end"])]
    said = f"In a quarter Amazon gained {formats.amount(last['value'], 'usd_bn')} on Anthropic on paper"
    if earned.empty:
        return said
    return f"{said}, {'more' if last['value'] > earned['value'].iloc[-1] else 'less'} than AWS earned"


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
        for supplier in sorted(p for p in funders if kinds.get(p) in SUPPLIER_KINDS):
            put = f.payments(payer=supplier, payee=lab, kind="equity")
            back = f.payments(payer=lab, payee=supplier, kind=("compute", "chips"))
            if len(put) or len(back):
                used += [put, back]
                words = f"{ledger.name(supplier)} and {ledger.name(lab)}"
                rows += [(words, lab, supplier, side, deals.total(p)) for side, p in ((PUT_IN, put), (ORDERED, back))]
    frame = pd.DataFrame(rows, columns=["pair", "lab", "supplier", "side", "sum"])
    sums = pd.DataFrame([vars(s) for s in frame.pop("sum")], columns=["low", "high", "is_open", "undisclosed", "deals"])
    frame = frame.join(sums)
    labels = [_as_known(*row) for row in sums.itertuples(index=False)]
    is_served = [
        side == ORDERED and _runs_a_site_for(ledger, supplier, lab)
        for lab, supplier, side in zip(frame["lab"], frame["supplier"], frame["side"], strict=True)
    ]
    labels = [UNPRICED if s and n == NO_DEAL else n for s, n in zip(is_served, labels, strict=True)]
    return frame.assign(label=labels), used


def _runs_a_site_for(ledger: Ledger, supplier: str, lab: str) -> bool:
    """Whether a supplier runs a site for a lab, so that there must be an order."""
    sites = ledger.sites
    return bool((sites["operator"].eq(supplier) & sites["tenant"].str.split(";").map(lambda t: lab in t)).any())


def _as_known(low: float, high: float, is_open: bool, undisclosed: int, count: int) -> str:
    if count == undisclosed:
        return UNPRICED if count else NO_DEAL
    return formats.quantity(None, "usd_bn", low, high, is_open)


def pairs_finding(ledger: Ledger, sides: pd.DataFrame) -> str:
    """Return in a sentence in how many pairs equity stands beside orders (see `equity_and_orders`), and at which
    labs."""
    priced = sides[sides["high"] > 0].groupby(["lab", "supplier"], sort=False)["side"].nunique()
    both = priced[priced == 2].reset_index()
    if both.empty:
        return "No supplier that funds a lab has sold to it at a known price yet"
    counts = both.groupby("lab", sort=False).size()
    if set(LABS) <= set(counts.index):
        first, second = (ledger.name(lab) for lab in LABS)
        funders = both.groupby("lab")["supplier"].agg(set)
        fund = "supplier funds and supplies" if counts[LABS[1]] == 1 else "suppliers fund and supply"
        said = f"For sums that are known {formats.spelled(counts[LABS[1]])} {fund} {second}"
        if funders[LABS[0]] == funders[LABS[1]]:
            return f"{said} and {first} alike"
        is_part = funders[LABS[0]] <= funders[LABS[1]]
        return f"{said}, {formats.spelled(counts[LABS[0]])} {f'of them {first} too' if is_part else first}"
    lab = counts.index[0]
    fund = "funds and supplies" if counts[lab] == 1 else "fund and supply"
    return f"{_suppliers(ledger, both, lab)} {fund} {ledger.name(lab)} for sums that are known"


def _suppliers(ledger: Ledger, pairs: pd.DataFrame, lab: str) -> str:
    """The suppliers of a lab among pairs, as a sentence lists them; of a group the name before the bracket."""
    keys = pairs.loc[pairs["lab"] == lab, "supplier"]
    return formats.listed([ledger.name(key).partition(" (")[0] for key in keys])


def published_amounts(sides: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs (see `equity_and_orders`) with empty ends where none is published, as of an open high end."""
    is_priced = sides["deals"] > sides["undisclosed"]
    return sides.assign(
        low=sides["low"].where(is_priced), high=sides["high"].where(is_priced & ~sides["is_open"].astype(bool))
    )


def priced_pairs(sides: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of which both sides have a price (see `equity_and_orders`); all of them where none has."""
    is_priced = sides["high"].gt(0).groupby(sides["pair"]).transform("all")
    return sides[is_priced | ~is_priced.any()].reset_index(drop=True)


def pairs_note(ledger: Ledger, sides: pd.DataFrame, shown: pd.DataFrame) -> str:
    """Return the caveat about what has no bar (see `equity_and_orders` and `priced_pairs`)."""
    return f"{_without_a_bar(ledger, sides, shown)}{_on_conditions(ledger, sides)}"


def _on_conditions(ledger: Ledger, sides: pd.DataFrame) -> str:
    """What the partners may still put in, in a sentence after a space; nothing where nothing of it is signed."""
    rows = deals.signed(ledger.deals)
    is_more = (rows["role"] == "contingent") & (rows["kind"] == "equity") & rows["payer"].isin(sides["supplier"])
    more = rows[is_more & rows["payee"].isin(sides["lab"])]
    told = [
        f"{ledger.name(r.payer)} into {ledger.name(r.payee)}, {formats.amount_text(r.low_usd_bn, r.high_usd_bn)}"
        for r in more.itertuples()
    ]
    return f" Left out is what may still be put in on conditions: {'; '.join(told)}." if told else ""


def _without_a_bar(ledger: Ledger, sides: pd.DataFrame, shown: pd.DataFrame) -> str:
    """The caveat about pairs and sides without a bar."""
    if len(shown) < len(sides):
        hidden = sides.loc[~sides["pair"].isin(shown["pair"]), "pair"].drop_duplicates()
        why = "for want of a deal or its price on one side"
        return f"Some orders rest on press reports. Not drawn, {why}: {'; '.join(hidden)}."
    orders = sides[(sides["lab"] == "anthropic") & (sides["supplier"] == "amazon") & (sides["side"] == ORDERED)]
    if orders.empty or orders["high"].any():
        return "Some orders rest on press reports. A missing bar need not mean zero."
    names = f"{ledger.name('anthropic')} runs on {ledger.name('amazon')}'s chips"
    return f"{names}, but no order with an amount is published; a missing bar does not mean zero."
