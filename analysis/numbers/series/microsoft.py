"""What the figures of the chapter on Microsoft draw, and what they find."""

import pandas as pd

from analysis.ledger import Ledger, latest
from analysis.models import deals, rights
from analysis.numbers import formats, quantities
from analysis.numbers import microsoft as numbers
from analysis.numbers.facts import NAN, Facts, value
from analysis.numbers.words import RIGHT_STATES

LANES = {
    "cloud-exclusivity": "New capacity",
    "api-exclusivity": "Selling the models",
    "frontier-distribution": "Agent platform",
    "ip-license": "Models and products",
}
SOLE = ("exclusive", "first_refusal", "disputed")  # states of a right that keep others out, or are said to
ROOM = 0.24  # share of the picture's width from which a label fits into its spell
FILED, DERIVED, GAP = "as filed", "estimated", "not stated"
PUBLISHED, IMPLIED = "published", "implied by Microsoft's books"
OPENAI, LEAST, OTHERS, NOT_SPLIT = "OpenAI", "OpenAI, at least", "all other customers", "not split"
BILLED, UNPAID, ORDERED = "paid or billed", "unpaid", "ordered"
BACKLOG, CONTRACT = "whole backlog", "OpenAI's contracts by then"


def rights_spells(ledger: Ledger) -> pd.DataFrame:
    """Return who held each right from when to when, one row a spell.

    Returns
    -------
    DataFrame
        lane (the right and its state at the end), right, state, holder, label (the state in words), start, end, words
        (what the term says), inside (the label where it fits into the spell).
    """
    history = ledger.history["terms"]
    known = history[history["term"].isin(LANES)]
    spells = rights.spells(known, LANES, ledger.as_of + pd.Timedelta(days=1)).rename(columns={"lane": "right"})
    spells["label"] = [
        RIGHT_STATES[s].format(ledger.name(h)) for s, h in zip(spells["state"], spells["holder"], strict=True)
    ]
    now = spells.groupby("right")["label"].last()
    spells.insert(0, "lane", [f"{right}: {now[right]}" for right in spells["right"]])
    is_wide = (spells["end"] - spells["start"]) > ROOM * (spells["end"].max() - spells["start"].min())
    return spells.assign(inside=spells["label"].where(is_wide, ""))


def rights_finding(spells: pd.DataFrame) -> str:
    """Return in a sentence what is left of Microsoft's exclusive rights (see `rights_spells`)."""
    sole = spells[spells["state"].isin(SOLE) & (spells["holder"] == "microsoft")]
    last = spells.groupby("right").tail(1)
    left = last[last.index.isin(sole.index)]
    if sole.empty:
        return "No right to OpenAI is Microsoft's alone"
    since = f"{sole['start'].min():%Y}"
    if left.empty:
        end = formats.day(sole["end"].max().date())
        return f"Microsoft had rights to OpenAI to itself from {since}; the last of them ended on {end}"
    if "disputed" in set(left["state"]):
        return "Microsoft gave up its call on OpenAI's capacity; who may sell the models is disputed"
    if LANES["cloud-exclusivity"] not in set(left["right"]):
        return "Microsoft gave up its call on OpenAI's capacity and kept the sale of its models"
    if "first_refusal" in set(left["state"]):
        return "Microsoft is no longer OpenAI's only cloud, but still has the first call on its capacity"
    return f"Since {since} Microsoft has been OpenAI's only cloud"


def stakes(ledger: Ledger) -> pd.DataFrame:
    """Return Microsoft's stake as filed, oldest first: stage (day), stake (per cent), line, label."""
    known = Facts(ledger, "microsoft").metric("microsoft", "stake_pct_of_openai", basis="actual")
    return pd.DataFrame(
        {
            "stage": [f"{d.day} {d:%b %Y}" for d in known["end"]],
            "stake": known["value"].to_list(),
            "line": "stake",
            "label": [formats.amount(v, "pct") for v in known["value"]],
        }
    )


def bills(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return what was paid, billed and ordered in a year: what, low and high (US$ bn), kind, label."""
    found = numbers.billing(ledger, scenario).by_name() | numbers.contract(ledger, scenario).by_name()
    rows = []
    for key, words, kind in (
        ("paid", "Paid by OpenAI in {}", BILLED),
        ("billed", "Billed by Microsoft in {}", BILLED),
    ):
        rows.append((words.format(found[f"{key}_year"].value), found[key].value, found[key].value, kind))
    unpaid, order = found["unpaid"], found["azure_per_year"]
    if unpaid.value is not None:
        rows.append((f"Unpaid of that on {formats.day(str(found['unpaid_day'].value))}", *[unpaid.value] * 2, UNPAID))
    low, high = (order.value if end is None else end for end in (order.low, order.high))
    rows.append(("Azure contract, a year on average", low, high, ORDERED))
    frame = pd.DataFrame(rows, columns=["what", "low", "high", "kind"]).astype({"low": float, "high": float})
    frame = frame.dropna(subset=["high"], ignore_index=True)
    ends = zip(frame["low"], frame["high"], strict=True)
    return frame.assign(label=[formats.quantity(None, "usd_bn", a, b, has_unit=False) for a, b in ends])


def bills_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence what was billed beside what the contract needs."""
    found = numbers.billing(ledger, scenario).by_name() | numbers.contract(ledger, scenario).by_name()
    average = found["azure_per_year"]
    per_year = average.text if average.low is None else formats.span(average.low, average.high or average.low, "usd_bn")
    if average.low == average.high:
        per_year = formats.quantity(average.low, "usd_bn")
    if found["has_bill"].value:
        told = f"Microsoft billed OpenAI {found['billed'].text} in {found['billed_year'].value}"
        return f"{told}; the Azure contract comes to {per_year} a year" if found["has_azure"].value else told
    if found["has_azure"].value:
        return f"{found['azure_total'].text} of Azure means {per_year} a year; what is billed is not published"
    return "What Microsoft bills OpenAI is not published by this day"


def quarterly_results(ledger: Ledger) -> pd.DataFrame:
    """Return Microsoft's result from OpenAI by quarter, oldest first, quarters without one left empty.

    Returns
    -------
    DataFrame
        quarter (its months), value (before tax, US$ bn, NaN in a gap), net (after tax), kind (filed or estimated),
        label (empty in a gap).
    """
    f = Facts(ledger, "microsoft")
    pretax = f.quarters("microsoft", "equity_method_result_openai_pretax").set_index("end")
    net = f.quarters("microsoft", "equity_method_result_openai").set_index("end")["value"]
    ends = [*pretax.index, *net.index]
    if not ends:
        return pd.DataFrame(columns=["quarter", "value", "net", "kind", "label"])
    last = max([*ends, *f.quarters("microsoft", "revenue")["end"]])
    days = pd.date_range(min(ends), last, freq="QE")
    frame = pd.DataFrame({"end": days, "value": pretax["value"].reindex(days).to_list()})
    basis = pretax["basis"].reindex(days)
    return frame.assign(
        quarter=[f"{d - pd.DateOffset(months=2):%b}–{d:%b %Y}" for d in days],
        net=net.reindex(days).to_list(),
        kind=[DERIVED if b == "estimate" else FILED for b in basis],
        label=["" if pd.isna(v) else formats.quantity(v, "usd_bn", has_unit=False) for v in frame["value"]],
    )


def result_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence what the line has shown."""
    found = numbers.result(ledger, scenario).by_name()
    if not found["loss_quarter"].value:
        return "What Microsoft has booked from OpenAI"
    loss = f"Microsoft booked {found['loss_pretax'].text} of OpenAI's losses in {found['loss_quarter'].value}"
    return f"{loss}, then a gain on paper" if found["has_gain"].value else loss


def losses(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return OpenAI's losses as published and as Microsoft's books imply them, by period, and the rows behind.

    Returns
    -------
    DataFrame
        One row a statement, oldest period first: what, low and high (US$ bn, a loss above 0), kind, label.
    list of DataFrame
        The rows of the ledger it rests on.
    """
    f = Facts(ledger, "microsoft", scenario)
    found = numbers.result(ledger, scenario).by_name()
    told = f.happened("openai", "net_loss").tail(4)
    whole = f.happened("openai", "net_loss_before_noncontrolling").tail(1)
    pretax, published = numbers.telling_quarter(f)[0], numbers.tested_quarter(f)[0]
    rows = [(e, f.period(told.iloc[[i]]).words, v, v, PUBLISHED) for i, (e, v) in enumerate(_ends(told))]
    rows += [(e, f"{f.period(whole).words}, minority interests included", v, v, PUBLISHED) for e, v in _ends(whole)]
    implied, tested = found["implied_loss"], found["tested_implied"]
    if implied.low is not None and implied.high is not None:
        name = f"{f.period(pretax).words}, implied"
        rows += [(e, name, implied.low, implied.high, IMPLIED) for e, _ in _ends(pretax)]
    if found["has_published_loss"].value:
        rows += [
            (e, f"{f.period(published).words}, implied", *[tested.value] * 2, IMPLIED) for e, _ in _ends(published)
        ]
    frame = pd.DataFrame(rows, columns=["end", "what", "low", "high", "kind"]).sort_values("end", kind="stable")
    frame["what"] = [w[:1].upper() + w[1:] for w in frame["what"]]
    ends = zip(frame["low"], frame["high"], strict=True)
    labels = [formats.quantity(None, "usd_bn", a, b, has_unit=False) for a, b in ends]
    return frame.assign(label=labels).reset_index(drop=True), [told, whole, pretax, published]


def _ends(rows: pd.DataFrame) -> list[tuple[pd.Timestamp, float]]:
    return list(zip(rows["end"], rows["value"], strict=True))


def losses_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence the published loss, or the implied one where none is published."""
    found = numbers.result(ledger, scenario).by_name()
    if found["has_published_loss"].value:
        return (
            f"OpenAI lost {found['published_loss'].text} in {found['tested_quarter'].value}; Microsoft's books imply"
            f" {found['tested_implied'].text}"
        )
    if found["implied_loss"].low is not None:
        return f"Microsoft's books imply that OpenAI lost {found['implied_loss'].text} in {found['loss_quarter'].value}"
    return "OpenAI's losses as published"


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
    share = rpo["end"].map(f.happened("microsoft", "openai_share_of_rpo").set_index("end")["value"]) / 100
    floors = [numbers.backlog_floor(f, rpo.iloc[[i]])[0] for i in range(len(rpo))]
    least = pd.Series(floors, index=rpo.index, dtype=float).where(share.isna()).clip(lower=0)
    quarters = rpo["end"].dt.strftime("%b %Y")
    parts = pd.DataFrame(
        {
            "quarter": quarters,
            NOT_SPLIT: rpo["value"].where(share.isna()) - least.fillna(0),
            OTHERS: rpo["value"] * (1 - share),
            OPENAI: rpo["value"] * share,
            LEAST: least,
        }
    ).melt("quarter", var_name="part")
    labels = [formats.rounded(v, 0) for v in rpo["value"]]
    whole = pd.DataFrame({"quarter": quarters.to_list(), "value": rpo["value"].to_list(), "label": labels})
    return parts.dropna(ignore_index=True), whole


def backlog_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence how much of the backlog is OpenAI, or how large the backlog is where that is not known."""
    f = Facts(ledger, "microsoft", scenario)
    found = numbers.backlog(ledger, scenario).by_name()
    if found["has_newest_share"].value:
        share = formats.amount(float(found["rpo_share"].value), "pct")
        return f"OpenAI alone is {share} of what customers have promised Microsoft"
    if found["has_floor"].value:
        return f"At least {found['rpo_floor'].text} of Microsoft's backlog of {found['rpo'].text} is OpenAI"
    if f.metric("microsoft", "rpo")["end"].iloc[-1] < quantities.restructuring_day(f):
        return f"Microsoft's backlog stood at {found['rpo'].text} before the Azure contract entered it"
    return f"Microsoft's backlog stands at {found['rpo'].text}"


CLOUDS = (("microsoft", "rpo"), ("amazon", "aws_rpo"), ("oracle", "rpo"))


def clouds(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the backlog of each cloud that OpenAI buys from, beside its contracts with OpenAI, and the rows behind.

    Returns
    -------
    DataFrame
        cloud (with the month of its backlog), what (whole backlog, or contracts known by its day), value (US$ bn),
        label; largest backlog first.
    list of DataFrame
        The rows of the ledger it rests on.
    """
    f = Facts(ledger, "microsoft")
    rows, used = [], []
    for entity, metric in CLOUDS:
        whole = f.last(entity, metric)
        if len(whole):
            at = whole["end"].iloc[-1]
            name = f"{ledger.name(entity)}, {at:%b %Y}"
            then = latest(ledger.history["deals"], ["deal"], at)  # a later order is in no backlog of that day
            orders = deals.payments(then, payer="openai", payee=entity, kind="compute")
            signed = deals.total(orders).low or NAN
            rows += [(name, BACKLOG, value(whole)), (name, CONTRACT, signed)]
            used += [whole, orders]
    frame = pd.DataFrame(rows, columns=["cloud", "what", "value"])
    size = frame.groupby("cloud")["value"].transform("max")
    frame = frame.assign(size=size).sort_values("size", ascending=False, kind="stable").dropna(subset=["value"])
    labels = [formats.rounded(v, 0) for v in frame["value"]]
    return frame.drop(columns="size").assign(label=labels).reset_index(drop=True), used


def clouds_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence how large OpenAI's contracts are beside the backlogs (see `clouds`)."""
    wide = frame.pivot_table(index="cloud", columns="what", values="value")
    if CONTRACT not in wide:
        return "Backlogs of the clouds that OpenAI buys from"
    both = wide.dropna().sum()
    signed, whole = (formats.whole_bn(float(both[k])) for k in (CONTRACT, BACKLOG))
    names = formats.listed([c.partition(",")[0] for c in wide.dropna().index])
    return f"OpenAI's contracts come to {signed} beside backlogs of {whole} at {names}"
