"""What the agreements come to in pictures: who holds which right, what Microsoft put in, holds and is to be paid."""

from collections.abc import Mapping

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import rights
from analysis.numbers import formats
from analysis.numbers import microsoft as numbers
from analysis.numbers.facts import Facts, day
from analysis.numbers.results import Result
from analysis.numbers.words import RIGHT_STATES

LANES = {
    "cloud-exclusivity": "New capacity",
    "api-exclusivity": "Models through a cloud",
    "frontier-distribution": "Agent platform",
    "ip-license": "Models and products",
}
SOLE = ("exclusive", "first_refusal", "disputed")  # states of a right that keep others out, or are said to
PUT, WORTH, BILLED, ORDERED = "paid or promised", "on paper", "revenue of a year", "ordered"
PAID = "Paid for shares"
KINDS = (PUT, WORTH, BILLED, ORDERED)


def rights_spells(ledger: Ledger) -> pd.DataFrame:
    """Return who held each right from when to when, one row a spell.

    Returns
    -------
    DataFrame
        right, state, holder, label (the state in words), start, end, words (what the term says).
    """
    history = ledger.history["terms"]
    known = history[history["term"].isin(LANES)]
    spells = rights.spells(known, LANES, ledger.as_of + pd.Timedelta(days=1)).rename(columns={"lane": "right"})
    spells["label"] = [
        RIGHT_STATES[s].format(ledger.name(h)) for s, h in zip(spells["state"], spells["holder"], strict=True)
    ]
    return spells


def rights_finding(spells: pd.DataFrame) -> str:
    """Return in a sentence what is left of Microsoft's exclusive rights (see `rights_spells`)."""
    sole = spells[spells["state"].isin(SOLE) & (spells["holder"] == "microsoft")]
    last = spells.groupby("right").tail(1)
    left = last[last.index.isin(sole.index)]
    if sole.empty:
        return "No right to OpenAI is Microsoft's alone"
    if left.empty:
        return f"Microsoft's last exclusive right to OpenAI ended on {formats.day(sole['end'].max().date())}"
    if "disputed" in set(left["state"]):
        return "Microsoft gave up its first call on OpenAI's computing; what Amazon may sell is disputed"
    if LANES["cloud-exclusivity"] not in set(left["right"]):
        given = "Microsoft gave up its first call on OpenAI's computing"
        if LANES["api-exclusivity"] not in set(left["right"]):
            return f"{given} and the sole sale of its models; the licence to them is still its alone"
        was_lost = (~spells["state"].isin(SOLE) & (spells["right"] == LANES["api-exclusivity"])).any()
        is_shared = last.loc[last["right"] == LANES["frontier-distribution"], "state"].eq("distributor").any()
        sold = "for plain calls to its models" if is_shared else "for calls to its models"
        return f"{given} but {'is again' if was_lost else 'remains'} the only cloud {sold}"
    if "first_refusal" in set(left["state"]):
        return "Microsoft is no longer OpenAI's only cloud, but still has the first call on its computing"
    return f"Since {sole['start'].min():%Y} Microsoft has been OpenAI's only cloud"


def rights_note(ledger: Ledger, spells: pd.DataFrame) -> str:
    """Return from when rights are drawn, and of which no term says whether they shut others out at first.

    Such a right is one that its holder is first said to hold, then to hold alone (see `rights_spells`).
    """
    told = ["A right is drawn from the first day on which a known contract states who holds it."]
    first = spells.groupby("right")[["state", "holder"]].shift()
    is_second = spells.groupby("right").cumcount() == 1
    became_sole = first["state"].eq("held") & spells["state"].eq("exclusive") & first["holder"].eq(spells["holder"])
    told += [
        f"Whether “{s.right}” were {ledger.name(s.holder)}'s alone before {formats.day(s.start.date())}, no term says."
        for s in spells[is_second & became_sole].itertuples()
    ]
    return " ".join(told)


def account(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return what Microsoft paid for shares and what they are put at, then what OpenAI bought and ordered of it.

    Returns
    -------
    DataFrame
        what, kind (`PUT` to `ORDERED`), low (US$ bn: what is past, or on paper for sure), high (US$ bn: with what is
        promised or unpaid), label; the stake once a value, each with its day.
    """
    found = _found(ledger, scenario)
    billed, worth, order = (found[key] for key in ("billed", "stake_value", "azure_total"))
    is_paid = found["paid_in"].value is not None
    put = found["paid_in" if is_paid else "promised"].value
    unpaid = found["unpaid"].value if found["is_unpaid_of_bill"].value else 0.0
    waits = f", of which {formats.about(unpaid, 'usd_bn', is_open=False)} unpaid at its end" if unpaid else ""
    ordered = order.low if order.value is None else order.value
    newest, day_of_it = newest_worth(found)
    valued = day(Facts(ledger, "microsoft").last("microsoft", "stake_value_openai"), "end")
    rows = [
        (PAID if is_paid else "Promised for shares", PUT, put if is_paid else 0.0, put, ""),
        (f"Its stake, valued in {formats.month(valued)}" if valued else "", WORTH, worth.value, worth.value, ""),
        (f"Its stake, at the price of {day_of_it}", WORTH, newest.low, newest.high, ""),
        (
            f"Revenue from OpenAI, {found['billed_year'].value}",
            BILLED,
            (billed.value or 0) - unpaid,
            billed.value,
            waits,
        ),
        ("Ordered by OpenAI, over years", ORDERED, 0.0, ordered, ""),
    ]
    frame = pd.DataFrame(rows, columns=["what", "kind", "low", "high", "told"]).astype({"low": float, "high": float})
    frame = frame[frame["high"] > 0].reset_index(drop=True)
    is_range = frame["kind"].eq(WORTH) & frame["low"].lt(frame["high"])
    ends = zip(frame["low"].where(is_range, frame["high"]), frame["high"], strict=True)
    amounts = [formats.about(None, "usd_bn", low, high, is_open=False) for low, high in ends]
    return frame.assign(label=amounts + frame.pop("told"))


def newest_worth(found: Mapping[str, Result]) -> tuple[Result, str]:
    """Return Microsoft's stake at the newest price of OpenAI, and the month of that price; without ends if none is."""
    key, since = ("newer", "newer_price_day") if found["has_newer_price"].value else ("diluted", "round_day")
    known = found[since].value
    return found[f"stake_{key}_value"], formats.month(str(known)) if known else ""


def _found(ledger: Ledger, scenario: str) -> dict[str, Result]:
    functions = (numbers.billing, numbers.contract, numbers.stake)
    return {key: result for function in functions for key, result in function(ledger, scenario).by_name().items()}


def account_note(frame: pd.DataFrame, ledger: Ledger) -> str:
    """Return what the amounts hold, and leave out, beside what their names say (see `account`)."""
    spent = Facts(ledger, "microsoft").last("microsoft", "spend_on_openai_cumulative")
    told = []
    if len(spent) and frame["kind"].eq(PUT).any():
        whole = formats.about(float(spent["value"].iloc[-1]), "usd_bn", is_open=False)
        told.append(
            f"Shares only: with data centres for OpenAI it has spent over {whole}, by reports of sworn testimony."
        )
    if frame["kind"].eq(WORTH).any():
        told.append("A stake is worth what the next buyer pays for it.")
    if frame["kind"].eq(BILLED).any():
        told.append("The revenue includes older orders and the share of sales.")
    return " ".join(told)


def account_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence what Microsoft paid for shares, what they are put at, and what OpenAI ordered.

    Where that is not known it says what `bills_finding` says.
    """
    frame = account(ledger, scenario).drop_duplicates("kind", keep="last")
    amounts = frame.set_index("kind")["label"].str.partition(",")[0]
    begins = Facts(ledger, "microsoft").payments(payer="openai", payee="microsoft", kind="compute")["start"].min()
    if {PUT, WORTH, ORDERED} <= set(amounts.index) and not begins > ledger.as_of:
        put = "paid" if frame["what"].iloc[0] == PAID else "promised"
        since = frame.loc[frame["kind"] == WORTH, "what"].iloc[0].removeprefix("Its stake, ")
        held = (
            f"shares worth {amounts[WORTH]} {since}"
            if since.startswith("at")
            else f"shares {since} at {amounts[WORTH]}"
        )
        return f"Microsoft has {put} {amounts[PUT]} for {held}; OpenAI has ordered {amounts[ORDERED]}"
    if set(amounts.index) == {PUT}:
        return f"Microsoft has promised {amounts[PUT]} for shares; what it bills OpenAI is not published"
    return bills_finding(ledger, scenario)


def bills_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence what Microsoft booked beside what the contract needs."""
    found = _found(ledger, scenario)
    average = found["azure_per_year"]
    per_year = average.text if average.low is None else formats.span(average.low, average.high or average.low, "usd_bn")
    if average.low == average.high:
        per_year = formats.quantity(average.low, "usd_bn")
    begins = Facts(ledger, "microsoft").payments(payer="openai", payee="microsoft", kind="compute")["start"].min()
    over = f" from {begins:%Y} on" if begins > ledger.as_of else ""
    if found["has_bill"].value:
        told = f"Microsoft booked {found['billed'].text} from OpenAI in a year"
        return f"{told}; the order is for {found['azure_total'].text}{over}" if found["has_azure"].value else told
    if found["has_azure"].value:
        return f"OpenAI's orders of Azure average {per_year} a year{over}; what is billed is not published"
    return "What Microsoft bills OpenAI is not published by this day"
