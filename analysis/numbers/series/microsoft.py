"""What the figures of the chapter on Microsoft draw, and what they find."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases, rights
from analysis.numbers import formats, quantities
from analysis.numbers import microsoft as numbers
from analysis.numbers.facts import Facts, value

LANES = {
    "cloud-exclusivity": "New capacity",
    "api-exclusivity": "Selling the models",
    "frontier-distribution": "Agent platform",
    "ip-license": "Models and products",
}
# What a state of a right is called, with the holder's name where one belongs to it.
STATES = {
    "exclusive": "{} alone",
    "first_refusal": "first call",
    "held": "held",
    "open": "open to others",
    "distributor": "{}",
    "disputed": "disputed",
}
SPAN = pd.Timedelta(days=500)  # of the picture of rights
ROOM = 0.24  # share of the picture's width from which a label fits into its spell
BEFORE_TAX, AFTER_TAX = "before tax", "after tax"
OURS, PUBLISHED, REPORTED = "our arithmetic", "published", "reported by press"
OPENAI, OTHERS, NOT_SPLIT = "OpenAI", "all other customers", "not split"
PAID_IN, ON_PAPER = "money put in", "value on paper"


def rights_spells(ledger: Ledger) -> tuple[pd.DataFrame, pd.Timestamp]:
    """Return who held each right from when to when, and the day on which the picture begins.

    Returns
    -------
    DataFrame
        One row a spell: lane, state, label (the state in words), start, end, since (the day it really began), words
        (what the term says), inside (the label where it fits into the spell).
    Timestamp
        The left end of the picture; spells that ended before it are left out.
    """
    history = ledger.history["terms"]
    known = history[history["term"].isin(LANES)]
    spells = rights.spells(known, LANES, ledger.as_of + pd.Timedelta(days=1))
    spells["label"] = [STATES[s].format(ledger.name(h)) for s, h in zip(spells["state"], spells["holder"], strict=True)]
    left = ledger.as_of - SPAN
    if spells.empty:
        return spells, left
    left = max(spells["start"].min(), left)
    spells = spells[spells["end"] > left].drop(columns="holder")
    drawn = spells.assign(since=spells["start"], start=spells["start"].clip(lower=left))
    is_wide = (drawn["end"] - drawn["start"]) > ROOM * (drawn["end"].max() - left)
    return drawn.assign(inside=drawn["label"].where(is_wide, "")), left


def rights_finding(spells: pd.DataFrame) -> str:
    """Return in a sentence who holds the call on new capacity and the sale of the models (see `rights_spells`)."""
    cloud = spells.loc[spells["lane"] == LANES["cloud-exclusivity"], "state"].to_list()
    if not cloud or cloud[-1] != "open":
        return "Microsoft still holds a first call on OpenAI's capacity"
    if "disputed" in set(spells["state"]):
        return "Microsoft gave up its call on OpenAI's capacity; who may sell the models is now disputed"
    return "Microsoft gave up its call on OpenAI's capacity and kept the sale of its models"


def stakes(ledger: Ledger) -> pd.DataFrame:
    """Return Microsoft's stake before and after each round: stage (words), low and high (per cent), label."""
    f = Facts(ledger, "microsoft")
    known = f.metric("microsoft", "stake_pct_of_openai")
    days = [formats.day(d.date()) for d in known["end"]]
    if len(days) > 1:
        days = [f"Before: {days[0]}", *(f"After: {d}" for d in days[1:])]
    frame = pd.DataFrame({"stage": days, "low": known["value"].to_list(), "high": known["value"].to_list()})
    after = quantities.stake_after_round(f)
    if len(frame) and pd.notna(after["low"]):
        known_on = formats.day(f.deal("openai-round-2026")["as_of"].iloc[0].date())
        frame.loc[len(frame)] = [f"After the round: {known_on}", after["low"], after["high"]]
    return frame.assign(
        label=[formats.quantity(None, "pct", a, b) for a, b in zip(frame["low"], frame["high"], strict=True)]
    )


def money_and_value(ledger: Ledger) -> pd.DataFrame:
    """Return what Microsoft put in and what its stake is said to be worth: what, low and high (US$ bn), kind, label."""
    f = Facts(ledger, "microsoft")
    funded, worth = f.last("microsoft", "invested_in_openai"), f.last("microsoft", "stake_value_openai")
    whole, after = f.deal("microsoft-openai-equity-total"), quantities.stake_after_round(f)
    priced = [after[end] * after["post"] / 100 for end in ("low", "high")]
    rows = [
        ("Paid in", value(funded), value(funded), PAID_IN),
        ("Committed", value(whole, "low_usd_bn"), value(whole, "high_usd_bn"), PAID_IN),
        ("Stake, as the company put it", value(worth), value(worth), ON_PAPER),
        ("Stake at the 2026 price", *priced, ON_PAPER),
    ]
    frame = pd.DataFrame(rows, columns=["what", "low", "high", "kind"]).dropna(subset=["high"], ignore_index=True)
    ends = zip(frame["low"], frame["high"], strict=True)
    return frame.assign(label=[formats.quantity(None, "usd_bn", a, b, has_unit=False) for a, b in ends])


def quarterly_results(ledger: Ledger) -> pd.DataFrame:
    """Return Microsoft's result from OpenAI by quarter and line, oldest first.

    Returns
    -------
    DataFrame
        Rows of metrics with quarter (its months), line (before or after tax) and label.
    """
    f = Facts(ledger, "microsoft")
    pretax = f.quarters("microsoft", "equity_method_result_openai_pretax").assign(line=BEFORE_TAX)
    net = f.quarters("microsoft", "equity_method_result_openai").assign(line=AFTER_TAX)
    rows = pd.concat([pretax, net]).sort_values("end", ignore_index=True)
    months = [f"{s:%b}–{e:%b %Y}" for s, e in zip(rows["start"], rows["end"], strict=True)]
    return rows.assign(quarter=months, label=[formats.quantity(v, "usd_bn", has_unit=False) for v in rows["value"]])


def result_finding(results: pd.DataFrame) -> tuple[str, bool]:
    """Return what the last quarter shows, in a sentence, and whether it is a gain (see `quarterly_results`)."""
    net = results[results["line"] == AFTER_TAX]
    last = (net if len(net) else results).tail(1)
    words = formats.amount(abs(float(last["value"].iloc[0])), "usd_bn")
    if last["value"].iloc[0] > 0:
        return f"A gain on paper of {words} after tax ended the losses that Microsoft showed from OpenAI", True
    return f"Microsoft's share of OpenAI's losses reached {words} after tax in {numbers.quarter(last)}", False


def losses(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return OpenAI's loss of the last quarter that shows one, by every way to find it, and the rows behind.

    Returns
    -------
    DataFrame
        One row a way, smallest first: way, value (US$ bn), kind (whose arithmetic), label.
    list of DataFrame
        The rows of the ledger it rests on.
    """
    f = Facts(ledger, "microsoft", scenario)
    found = numbers.result(ledger, scenario).by_name()
    stakes = f.metric("microsoft", "stake_pct_of_openai")
    pretax = f.quarters("microsoft", "equity_method_result_openai_pretax")
    rows = [
        (f"{words}, {age} stake {formats.amount(stake, 'pct')}", float(loss) / stake * 100, OURS)
        for words, loss in (("Before tax", found["loss_pretax"].value), ("After tax", found["loss_net"].value))
        for age, stake in zip(("old", "new"), stakes["value"].iloc[[0, -1]] if len(stakes) else (), strict=False)
        if loss is not None
    ]
    end = pretax.loc[pretax["value"] < 0, "end"].max()
    theirs = f.metric("openai", "net_loss", basis="estimate", end=end) if rows else stakes.head(0)
    told = f.same_period("openai", "net_loss", pretax[pretax["value"] < 0].tail(1))
    told = told[told["basis"].isin(bases.HAPPENED)]
    if rows:
        names = ["Bernstein" if "pretax" in by else "Press" for by in theirs.get("by", ())]
        rows += [(f"{name}: as published", v, PUBLISHED) for name, v in zip(names, theirs["value"], strict=True)]
        rows += [("As reported", v, REPORTED) for v in told["value"]]
    frame = pd.DataFrame(rows, columns=["way", "value", "kind"]).sort_values("value", ignore_index=True)
    return frame.assign(label=[formats.rounded(v, 1) for v in frame["value"]]), [pretax, stakes, theirs, told]


def backlog_parts(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the backlog at the end of each quarter, in parts and whole.

    Returns
    -------
    DataFrame
        One row a quarter and part: quarter, part, value (US$ bn).
    DataFrame
        One row a quarter: quarter, value (US$ bn), label.
    """
    f = Facts(ledger, "microsoft")
    rpo = f.metric("microsoft", "rpo")
    share = rpo["end"].map(f.metric("microsoft", "openai_share_of_rpo").set_index("end")["value"]) / 100
    quarters = rpo["end"].dt.strftime("%b %Y")
    parts = pd.DataFrame(
        {
            "quarter": quarters,
            NOT_SPLIT: rpo["value"].where(share.isna()),
            OTHERS: rpo["value"] * (1 - share),
            OPENAI: rpo["value"] * share,
        }
    ).melt("quarter", var_name="part")
    labels = [formats.rounded(v, 0) for v in rpo["value"]]
    whole = pd.DataFrame({"quarter": quarters.to_list(), "value": rpo["value"].to_list(), "label": labels})
    return parts.dropna(ignore_index=True), whole


def backlog_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence how much of the backlog is OpenAI, or how large the backlog is where that is not known."""
    f = Facts(ledger, "microsoft", scenario)
    found = numbers.backlog(ledger, scenario).by_name()
    if found["has_share"].value:
        return (
            f"OpenAI alone is {formats.amount(float(found['rpo_share'].value), 'pct')} of what customers have promised"
            " Microsoft"
        )
    if f.metric("microsoft", "rpo")["end"].iloc[-1] < quantities.restructuring_day(f):
        return f"Microsoft's backlog stood at {found['rpo'].text} before the Azure contract entered it"
    return f"Microsoft's backlog stands at {found['rpo'].text}"
