"""What the agreements come to in pictures: who holds which right, the stake, what is recorded and ordered in a year."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import rights
from analysis.numbers import formats
from analysis.numbers import microsoft as numbers
from analysis.numbers.facts import Facts
from analysis.numbers.words import RIGHT_STATES

LANES = {
    "cloud-exclusivity": "New capacity",
    "api-exclusivity": "Models through a cloud",
    "frontier-distribution": "Agent platform",
    "ip-license": "Models and products",
}
SOLE = ("exclusive", "first_refusal", "disputed")  # states of a right that keep others out, or are said to
BILLED, ORDERED = "paid or recorded in a year", "ordered"
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


def bills(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, int]:
    """Return what is ordered, and what was paid and recorded in a year, in equal parts.

    Returns
    -------
    DataFrame
        what, amount (US$ bn), kind, label, dots_ordered and dots_billed (whole parts).
    int
        How much a part is, US$ bn.
    """
    found = numbers.billing(ledger, scenario).by_name() | numbers.contract(ledger, scenario).by_name()
    order = found["azure_total"]
    amount = order.value if order.value is not None else order.low
    rows = [("Ordered, to be used over years", amount if found["has_azure"].value else None, ORDERED)]
    for key, words in (("billed", "Recorded by Microsoft in {}"), ("paid", "Paid by OpenAI in {}")):
        rows.append((words.format(found[f"{key}_year"].value), found[key].value, BILLED))
    frame = pd.DataFrame(rows, columns=["what", "amount", "kind"]).astype({"amount": float})
    frame = frame.dropna(subset=["amount"], ignore_index=True)
    part = next(n for n in (1, 10, 100, 1000) if n == 1000 or frame["amount"].max() <= MOST_DOTS * n or frame.empty)
    dots = (frame["amount"] / part).round().astype(int)
    is_ordered = frame["kind"] == ORDERED
    labels = [formats.amount(v, "usd_bn") for v in frame["amount"]]
    return frame.assign(label=labels, dots_ordered=dots * is_ordered, dots_billed=dots * ~is_ordered), part


def bills_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence what Microsoft booked beside what the contract needs."""
    found = numbers.billing(ledger, scenario).by_name() | numbers.contract(ledger, scenario).by_name()
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
