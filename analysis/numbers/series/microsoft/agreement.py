"""What the agreements come to in pictures: who holds which right, what Microsoft put in, booked, holds and is owed."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import rights
from analysis.numbers import formats
from analysis.numbers import microsoft as numbers
from analysis.numbers.facts import Facts, day
from analysis.numbers.results import Result
from analysis.numbers.series.microsoft.books import quarterly_results
from analysis.numbers.words import RIGHT_STATES

LANES = {
    "cloud-exclusivity": "New capacity",
    "api-exclusivity": "Models through a cloud",
    "frontier-distribution": "Agent platform",
    "ip-license": "Models and products",
}
SOLE = ("exclusive", "first_refusal", "disputed")  # states of a right that keep others out, or are said to
PUT, LOST, GAINED, BILLED = "paid or promised", "booked as losses", "booked as a gain", "revenue of a year"
WORTH, ORDERED = "on paper", "ordered"
PAID = "Paid for shares"
KINDS = (PUT, LOST, GAINED, BILLED, WORTH, ORDERED)
MOST_DOTS = 400  # of one sum: a part stands for more where it would take more of them


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
    told = ["A right is drawn from the first day on which a term of the ledger states who holds it."]
    first = spells.groupby("right")[["state", "holder"]].shift()
    is_second = spells.groupby("right").cumcount() == 1
    became_sole = first["state"].eq("held") & spells["state"].eq("exclusive") & first["holder"].eq(spells["holder"])
    told += [
        f"Whether “{s.right}” were {ledger.name(s.holder)}'s alone before {formats.day(s.start.date())}, no term says."
        for s in spells[is_second & became_sole].itertuples()
    ]
    return " ".join(told)


def account(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, int]:
    """Return what Microsoft put in, booked and holds, from what is past to what is promised, in equal parts.

    Returns
    -------
    DataFrame
        what, amount (US$ bn), kind (`PUT` to `ORDERED`), label; one column of whole parts a kind, by its name.
    int
        How much a part is, US$ bn.
    """
    found = _found(ledger, scenario)
    shown = ("billed", "stake_value", "azure_total")
    billed, worth, order = (found[key] for key in shown)
    results = quarterly_results(ledger)["value"].astype(float)
    losses = results[results < 0]
    quarters = formats.counted(len(losses), "quarter that shows one", "quarters that show one")
    known = [key for key in ("paid_in", "promised") if found[key].value is not None]
    put = found[known[0] if known else "promised"].value
    valued = day(Facts(ledger, "microsoft").last("microsoft", "stake_value_openai"), "end")
    rows = [
        (PAID if known[:1] == ["paid_in"] else "Promised for shares", put, PUT, ""),
        ("Booked as losses on OpenAI", -losses.sum() or None, LOST, f", in {quarters}"),
        ("Booked as a gain on OpenAI, on paper", results[results > 0].sum() or None, GAINED, ""),
        (f"Revenue from OpenAI in {found['billed_year'].value}", billed.value, BILLED, ""),
        ("Its stake, on paper", worth.value, WORTH, f", at its value of {formats.month(valued)}" if valued else ""),
        ("Ordered by OpenAI, to be used over years", order.low if order.value is None else order.value, ORDERED, ""),
    ]
    frame = pd.DataFrame(rows, columns=["what", "amount", "kind", "told"]).astype({"amount": float})
    frame = frame[frame["amount"] > 0].reset_index(drop=True)
    part = next(n for n in (1, 10, 100, 1000) if n == 1000 or frame["amount"].max() <= MOST_DOTS * n or frame.empty)
    amounts = [formats.about(v, "usd_bn", is_open=False) for v in frame["amount"]]
    dots = {kind: (frame["amount"] / part).round().astype(int) * (frame["kind"] == kind) for kind in KINDS}
    return frame.assign(label=amounts + frame.pop("told"), **dots), part


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
    if frame["kind"].eq(BILLED).any():
        told.append("The revenue includes older orders and the share of sales.")
    return " ".join([*told, *["The sums overlap and cannot be added."] * (len(frame) > 1)])


def account_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence what Microsoft paid in and what it holds; where that is not known, what `bills_finding`
    says."""
    frame, _ = account(ledger, scenario)
    amounts = frame.set_index("kind")["amount"].map(lambda v: formats.about(v, "usd_bn", is_open=False))
    begins = Facts(ledger, "microsoft").payments(payer="openai", payee="microsoft", kind="compute")["start"].min()
    if {PUT, WORTH, ORDERED} <= set(amounts.index) and not begins > ledger.as_of:
        put = "paid" if frame.loc[frame["kind"] == PUT, "what"].iloc[0] == PAID else "promised"
        held = f"its stake was last put at {amounts[WORTH]}, OpenAI's order is {amounts[ORDERED]}"
        return f"Microsoft has {put} {amounts[PUT]} for shares; {held}"
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
