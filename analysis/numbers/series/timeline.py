"""What the figures of the timeline draw: which lane a deal has, and the words beside its marks.

Judgements:

- The `MOST_LANES` firms with most money have a lane each, companies of a group together; other chip makers share one,
  and so does everyone else. Plans, which are no contracts, have the first.
- What is signed or paid is firm up to its low end; a ceiling, a condition, a plan and what is only said are not.
"""

from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import PAUSED, SIGNED_STATUSES
from analysis.models import deals as counted
from analysis.numbers import formats, named_sums, vintages
from analysis.numbers.company_names import short_name
from analysis.numbers.timeline import LARGE, PLAN, events, story
from analysis.numbers.timeline.events import IN_PART
from analysis.numbers.timeline.quarters import peak, quarter_words, quarters
from analysis.numbers.words import BASIS_WORDS, DEAL_WORDS

MOST_LANES = 6
PLANS_LANE, CHIP_LANE, OTHERS_LANE = "Plans, no contracts", "Other chip makers", "Others"
SHARED_LANES = (CHIP_LANE, OTHERS_LANE)
NO_PRICE = "no price"


def marked_events(ledger: Ledger) -> pd.DataFrame:
    """Return `timeline.events` with what is drawn of each.

    Returns
    -------
    DataFrame
        The columns of `timeline.events` with lane, counts (what the number of a plan counts, or ""), firm (US$ bn: what
        of ``size`` is signed or paid, at its low end), and label (the words beside the mark); empty without an event.
    """
    found = events(ledger)
    if found.empty:
        return found
    lanes = _lanes(ledger, found)
    counts = named_sums.counts(ledger)
    told = zip(found["deal"], found["as_of"], found["size"], strict=True)
    found = found.assign(counts=[counts.get((day, size), "") if deal == PLAN else "" for deal, day, size in told])
    found = found.assign(lane=lanes, firm=[_firm(r) for r in found.itertuples(index=False)])
    first = ~found.duplicated("deal")
    labels = [_label(r, is_first) for r, is_first in zip(found.itertuples(index=False), first, strict=True)]
    return found.assign(label=labels)


def lane_names(found: pd.DataFrame) -> list[str]:
    """Return the lanes of `marked_events` from above: plans, firms by their money, those that share a lane."""
    sizes = found.groupby(["lane", "deal"])["size"].max().groupby("lane").sum()
    firms = sizes.drop(labels=[PLANS_LANE, *SHARED_LANES], errors="ignore").sort_values(ascending=False, kind="stable")
    return [lane for lane in (PLANS_LANE, *firms.index, *SHARED_LANES) if lane in sizes.index]


def _lanes(ledger: Ledger, found: pd.DataFrame) -> pd.Series:
    kinds = ledger.entities.set_index("entity")["kind"]
    own = found[found["role"] != "claim"]
    sums = own.groupby(["party", "deal"])["size"].max().groupby("party").sum()
    sums = sums[(sums >= LARGE) & ~kinds.reindex(sums.index).eq("pool")]
    named = set(sums.nlargest(MOST_LANES, keep="first").index)
    names = {
        party: short_name(ledger.name(party))
        if party in named
        else CHIP_LANE
        if kinds.get(party) == "chipmaker"
        else OTHERS_LANE
        for party in found["party"].unique()
    }
    return found["party"].map(names).where(found["role"] != "claim", PLANS_LANE)


def _firm(row: Any) -> float:
    if row.role != "payment" or row.is_off:
        return 0.0
    if row.what == "closed in part":
        return float(row.closed)
    return float(row.low) if row.status in SIGNED_STATUSES else 0.0


def _amount(row: Any) -> str:
    """The amount of an event in US$ bn, without the unit."""
    if not row.size:
        return NO_PRICE
    if row.what in IN_PART:
        return f"{formats.rounded(row.part, 1)} of {formats.rounded(row.size, 1)}"
    return formats.quantity(None, "usd_bn", row.low, row.low if row.is_open else row.size, row.is_open, has_unit=False)


def _noun(row: Any) -> str:
    return "letter" if row.is_letter and row.role == "contingent" else DEAL_WORDS[row.kind].name


def _said(row: Any) -> str:
    """How an event is known, where nobody has agreed to it."""
    if row.role == "claim":
        return ""
    return "in talks" if row.is_talks else "press report" if row.status == counted.REPORTED else ""


def _label(row: Any, is_first: bool) -> str:
    """The words beside a mark: what the deal is at its first, and what has changed at each later one."""
    if row.role == "claim":
        return f"{_amount(row)}: {row.counts}" if row.counts else f"{row.name}: {_amount(row)}"
    return first_label(row) if is_first else _change(row)


def first_label(row: Any) -> str:
    """Return the words beside the first mark of a deal of `marked_events`: what it is, and how firm."""
    is_named = row.lane in SHARED_LANES or (row.side != row.lane and not row.on_behalf)
    noun = (f"{row.side}: " if is_named else "") + _noun(row) + (f" for {row.on_behalf}" if row.on_behalf else "")
    said = _said(row)
    if not row.size:
        return f"{noun}, {said or NO_PRICE}"
    return f"{noun} {_amount(row)}" + (f", {said}" if said else "")


def _change(row: Any) -> str:
    if row.what == "ended":
        return "ended"
    if row.what in ("closed", "closed in part"):
        return f"{_amount(row)} paid"
    if not row.size:
        return row.what if row.what in ("signed", "amended", PAUSED) else _said(row)
    if row.what == "paused in part":
        return f"{_amount(row)} {PAUSED}"
    is_told = row.what in ("signed", PAUSED) or (row.what == "amended" and row.size == row.before)
    return f"{row.what} {_amount(row)}" if is_told else _amount(row)


def words(row: Any) -> str:
    """Return an event of `marked_events` in one line: who pays whom for what, how much, and what is new."""
    if row.role == "claim":
        before = f", after {formats.rounded(row.before, 1)}" if row.what == "smaller number" else ""
        return f"{row.name}: {_amount(row)}{before}" + (f", {row.counts}" if row.counts else "")
    new = {"closed": "paid", "closed in part": "paid", "paused in part": PAUSED, "ended": "ended"}
    new |= {"amended": "amended", PAUSED: PAUSED}
    said = _said(row) or new.get(row.what, "")
    between = " " if said == "paid" or row.what in IN_PART else ", "
    return f"{row.name}, {_noun(row)}: {_amount(row)}" + (f"{between}{said}" if said else "")


def busiest_month(found: pd.DataFrame) -> pd.Period | None:
    """Return the month in which most deals of `marked_events` began or changed; None where it is not one month."""
    deals = found.groupby(found["as_of"].dt.to_period("M"))["deal"].nunique()
    return deals.idxmax() if deals.max() > 1 and deals.eq(deals.max()).sum() == 1 else None


def finding(found: pd.DataFrame) -> str:
    """Return what `marked_events` show: the month with the most deals, if there is one, or else how many they are."""
    month = busiest_month(found)
    if month is not None:
        most = found.loc[found["as_of"].dt.to_period("M") == month, "deal"].nunique()
        return f"{month.strftime('%B %Y')} saw the most: {formats.spelled(most)} large deals and plans began or changed"
    number = formats.counted(found["deal"].nunique(), "large deal or plan", "large deals and plans")
    return f"{number}, begun or changed on {formats.counted(len(found), 'occasion', 'occasions')}"


def quarters_told(ledger: Ledger) -> pd.DataFrame:
    """Return what each quarter added (see `timeline.quarters`), with its words; empty where nothing was added.

    Returns
    -------
    DataFrame
        The columns of `timeline.quarters` for the kinds that were ever added, with quarter_text, label (the amount) and
        told (the other side of the deal that added most, with its part, or "").
    """
    table = quarters(ledger)
    table = table[table["value"].groupby(table["kind"]).transform("max") > 0].reset_index(drop=True)
    return table.assign(
        quarter_text=[quarter_words(q) for q in table["quarter"]],
        label=[formats.rounded(v, 0 if v >= 10 else 1) if v else "" for v in table["value"]],
        told=[_largest_part(row) for row in table.itertuples()],
    )


def _largest_part(row: Any) -> str:
    """The other side of the deal that added most, with its amount where there were others."""
    name = row.largest.removeprefix("OpenAI to ").removesuffix(" to OpenAI").split(" to ")[0]
    amount = formats.rounded(row.largest_value, 0 if row.largest_value >= 10 else 1)
    return f"{name} {amount}" if name and row.deals > 1 else name


def quarters_finding(table: pd.DataFrame) -> str:
    """Return in which quarter most was added of each kind, of a table of `quarters_told`."""
    words = {"orders": "orders", "shares": "shares", "promises": "promises"}
    tops = [(words[kind], peak(table, kind)) for kind in words]
    told = [f"{name} in {top['quarter'].iloc[0].strftime('Q%q %Y')}" for name, top in tops if len(top)]
    first, *rest = told
    return formats.listed([f"{first[0].upper()}{first[1:].replace(' in ', ' peaked in ', 1)}", *rest])


def sums_told(ledger: Ledger) -> pd.DataFrame:
    """Return the sums that were named for OpenAI's computing (see `named_sums.climb_down`), by day.

    Returns
    -------
    DataFrame
        as_of, day (text), value (US$ bn), is_floor, told (what it counts), label (the amount), is_own (said by OpenAI
        itself), source.
    """
    named = named_sums.climb_down(ledger).query("kind == 'named'")
    if named.empty:
        return named
    counts = named_sums.counts(ledger)
    own = f", {BASIS_WORDS['guidance']}"
    return named.assign(
        day=named["as_of"].dt.strftime("%Y-%m-%d"),
        told=[counts[key] for key in zip(named["as_of"], named["value"], strict=True)],
        label=[f"{'more than ' if f else ''}{formats.rounded(v, 0)}"
               for v, f in zip(named["value"], named["is_floor"], strict=True)],
        is_own=named["name"].str.endswith(own),
    ).reset_index(drop=True)  # fmt: skip


def contracts_told(ledger: Ledger) -> pd.DataFrame:
    """Return the priced contracts for computing on each day on which their sum changed, and on the ledger's day.

    Returns
    -------
    DataFrame
        as_of, day (text), value (US$ bn, low ends), is_floor, told, label, cause (the supplier whose contract grew
        most on that day), rise (US$ bn since the day before).
    """
    rows = ledger.history["deals"]
    rows = rows[(rows["payer"] == "openai") & (rows["scope"] == "openai") & rows["kind"].isin(counted.SUPPLY_KINDS)]
    days = sorted({*rows.loc[rows["as_of"] >= vintages.story_start(ledger), "as_of"], ledger.as_of})
    sums = [named_sums.contracts_on(ledger, day) for day in days]
    own = rows[rows["role"] == "payment"].sort_values("as_of", kind="stable")
    added = own.groupby("deal")["low_usd_bn"].transform(lambda lows: lows.diff().fillna(lows))
    largest = own.assign(added=added).dropna(subset="added").sort_values("added", kind="stable")
    largest = largest.drop_duplicates("as_of", keep="last").set_index("as_of")
    is_floor = [s.is_open or s.low < s.high for s in sums]
    frame = pd.DataFrame({"as_of": days, "value": [s.low for s in sums], "is_floor": is_floor})
    frame = frame.assign(
        cause=[short_name(ledger.name(largest.at[d, "payee"])) if d in largest.index else "" for d in days],
        rise=frame["value"].diff().fillna(0.0),
    )
    is_new = (frame["value"] != frame["value"].shift()) | (frame["as_of"] == ledger.as_of)
    frame = frame[is_new & (frame["value"] > 0)]
    return frame.assign(
        day=frame["as_of"].dt.strftime("%Y-%m-%d"),
        told=named_sums.CONTRACTS,
        label=[
            f"{'at least ' if f else ''}{formats.rounded(v, 0)}"
            for v, f in zip(frame["value"], frame["is_floor"], strict=True)
        ],
    ).reset_index(drop=True)


def sums_finding(ledger: Ledger, scenario: str) -> str:
    """Return which sums OpenAI has named, and how its contracts grew."""
    known = {r.key: r for r in story(ledger, scenario)}
    most, plan, teller = (known[f"timeline.{n}"].text for n in ("claimed", "planned", "planned_by"))
    if known["timeline.has_fallen"].value:
        return f"OpenAI named {most}, then, {teller}, the narrower {plan}"
    return "What was named for OpenAI's computing, and what each number counts"
