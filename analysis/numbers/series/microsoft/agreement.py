"""What the agreements come to in pictures: who holds which right, the stake, what is recorded and ordered in a year."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import rights
from analysis.numbers import formats, quantities
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
ROOM = 0.24  # share of the picture's width from which a label fits into its spell
ALL_OWNERS, WITHOUT_NEWEST = "all owners counted", "newest rounds left out"
BILLED, UNPAID, ORDERED = "paid or recorded", "unpaid", "ordered"


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
        return "Microsoft gave up its first call on OpenAI's computing; what Amazon may sell is disputed"
    if LANES["cloud-exclusivity"] not in set(left["right"]):
        return "Microsoft gave up its first call on OpenAI's computing but remains the only cloud to sell its models"
    if "first_refusal" in set(left["state"]):
        return "Microsoft is no longer OpenAI's only cloud, but still has the first call on its computing"
    return f"Since {since} Microsoft has been OpenAI's only cloud"


def stakes(ledger: Ledger) -> pd.DataFrame:
    """Return Microsoft's stake as stated, oldest first: stage (day), stake (per cent), line, label.

    The first of several, from before the restructuring, leaves the newest rounds out: it is a line of its own.
    """
    f = Facts(ledger, "microsoft")
    known = f.metric("microsoft", "stake_pct_of_openai", basis="actual")
    is_first = known["end"].eq(known["end"].min()) & (known["end"] < quantities.restructuring_day(f)) & (len(known) > 1)
    return pd.DataFrame(
        {
            "stage": [f"{d.day} {d:%b %Y}" for d in known["end"]],
            "stake": known["value"].to_list(),
            "line": [WITHOUT_NEWEST if before else ALL_OWNERS for before in is_first],
            "label": [formats.amount(v, "pct") for v in known["value"]],
        }
    )


def stakes_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence what the stake is and was (see `stakes`; not for none)."""
    now, before = frame[frame["line"] == ALL_OWNERS], frame[frame["line"] == WITHOUT_NEWEST]
    last = frame["label"].iloc[-1]
    then = f"{before['label'].iloc[-1]} before it, the newest rounds left out" if len(before) else ""
    if len(now) > 1:
        earlier = f", after {now['label'].iloc[0]} at the restructuring"
        return f"Microsoft's stake in OpenAI is about {last}{earlier}" + (f" and {then}" if then else "")
    if then and len(now):
        return f"Microsoft's stake in OpenAI was put at {last} after the restructuring, and at {then}"
    return f"Microsoft owns {last} of OpenAI"


def bills(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return what was paid, billed and ordered in a year: what, low and high (US$ bn), kind, label."""
    found = numbers.billing(ledger, scenario).by_name() | numbers.contract(ledger, scenario).by_name()
    rows = []
    for key, words, kind in (
        ("paid", "Paid by OpenAI in {}", BILLED),
        ("billed", "Microsoft's revenue from OpenAI in {}", BILLED),
    ):
        rows.append((words.format(found[f"{key}_year"].value), found[key].value, found[key].value, kind))
    unpaid, order = found["unpaid"], found["azure_per_year"]
    if unpaid.value is not None:
        rows.append((f"Unpaid bills on {formats.day(str(found['unpaid_day'].value))}", *[unpaid.value] * 2, UNPAID))
    low, high = (order.value if end is None else end for end in (order.low, order.high))
    rows.append(("Azure contract, a year on average", low, high, ORDERED))
    frame = pd.DataFrame(rows, columns=["what", "low", "high", "kind"]).astype({"low": float, "high": float})
    frame = frame.dropna(subset=["high"], ignore_index=True)
    ends = zip(frame["low"], frame["high"], strict=True)
    return frame.assign(label=[formats.quantity(None, "usd_bn", a, b, has_unit=False) for a, b in ends])


def bills_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence what Microsoft took in beside what the contract needs."""
    found = numbers.billing(ledger, scenario).by_name() | numbers.contract(ledger, scenario).by_name()
    average = found["azure_per_year"]
    per_year = average.text if average.low is None else formats.span(average.low, average.high or average.low, "usd_bn")
    if average.low == average.high:
        per_year = formats.quantity(average.low, "usd_bn")
    over = f"if it ends in {found['azure_end'].value}"
    if not found["has_azure_end"].value:
        over = f"if it runs {found['azure_term'].text}"
    if found["has_bill"].value:
        told = f"Microsoft took in {found['billed'].text} from OpenAI in {found['billed_year'].value}"
        return f"{told}; the Azure order averages {per_year} a year {over}" if found["has_azure"].value else told
    if found["has_azure"].value:
        return f"{found['azure_total'].text} of Azure is {per_year} a year {over}; what is billed is not published"
    return "What Microsoft bills OpenAI is not published by this day"


def bills_subtitle(frame: pd.DataFrame) -> str:
    """Return what the bars are (see `bills`)."""
    unit = "US$ bn in a year, or on a day" if (frame["kind"] == UNPAID).any() else "US$ bn in a year"
    is_range = (frame["low"] < frame["high"]).any()
    return f"{unit}; the pale part runs over the terms that we assume." if is_range else f"{unit}."
