"""What the page on changes says: key results at each key day, and what moved between the last two."""

import functools
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.ledger import Ledger, compare, without_confirmations
from analysis.models import deals as counted
from analysis.numbers import circularity, deal_changes, formats, gap_moves, index, quantities, sustainability, vintages
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import Facts
from analysis.numbers.headlines import digest
from analysis.numbers.ledger_words import fact_words
from analysis.numbers.results import Result, Results, middle

GAP = "sustainability.gap"
# The results that are followed.
FOLLOWED: tuple[Callable[[Ledger, str], Result], ...] = (
    index.owes,
    index.gets,
    index.annual_sales,
    index.to_both_share,
    circularity.returns_share,
    sustainability.by_contracts,
)

# The followed results that are sums of deals: the rows, and the side that names the firm.
SUMS = {"index.owes": (quantities.supply, "payee"), "index.gets": (quantities.equity_promised, "payer")}
MOST_CAUSES = 3
OWN_WORD = ("index.run_rate",)  # told by OpenAI itself or of it: no deal moves it


@functools.lru_cache(maxsize=32)
def followed(view: Ledger, scenario: str = "central") -> dict[str, Result]:
    """The key results as known on the day of a view."""
    return {r.key: r for r in (function(view, scenario) for function in FOLLOWED)}


@functools.lru_cache(maxsize=4)
def timeline(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """The key results at each key day: day, name, key, label, unit, text, value (NaN for a range), low, high,
    is_open."""
    rows = []
    for vintage in vintages.known(ledger):
        for key, r in followed(ledger.at(vintage.day), scenario).items():
            value = r.value if isinstance(r.value, int | float) else math.nan
            ends = [e if isinstance(e, int | float) else value for e in (r.low, r.high)]
            rows.append(
                (vintage.day, vintage.name, key, r.label, r.unit, r.text, float(value), *map(float, ends), r.is_open)
            )
    return pd.DataFrame(
        rows, columns=["day", "name", "key", "label", "unit", "text", "value", "low", "high", "is_open"]
    )


def compared(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """The known results of `timeline`, made comparable over time.

    Returns
    -------
    DataFrame
        The columns of `timeline` with ``middle`` (see `results.middle`; the low end, on every day, of a result whose
        range has no upper end on one of them)
        and ``share`` (0 to 1: of the largest that the result ever was); by result and day.
    """
    lines = timeline(ledger, scenario)
    middles = middle(lines["value"], lines["low"], lines["high"])
    is_open = lines["is_open"].groupby(lines["key"]).transform("any")
    lines = lines.assign(middle=lines["low"].where(is_open & lines["low"].notna(), middles), is_floor=is_open)
    known = lines[lines["middle"].notna()]
    top = known.groupby("key")[["high", "middle"]].max().max(axis=1)
    return known.assign(share=known["middle"] / known["key"].map(top.where(top > 0)))


def growth(known: pd.DataFrame) -> tuple[pd.Series, pd.Series] | None:
    """The first and the last day of `compared` with a priced commitment, as rows; None where none grew."""
    owes = known[(known["key"] == "index.owes") & (known["high"] > 0)].sort_values("day")
    if len(owes) < 2 or owes["high"].iloc[-1] <= owes["high"].iloc[0]:
        return None
    return owes.iloc[0], owes.iloc[-1]


@functools.lru_cache(maxsize=4)
def steps(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """From each key day to the next: day, name, added, changed, cancelled (keys of facts), and the key result that
    moved most.

    ``moved`` is its label, ``was`` and ``now`` its texts; empty where none moved.
    """
    lines = timeline(ledger, scenario)
    views = [(vintage, ledger.at(vintage.day)) for vintage in vintages.known(ledger)]
    rows = []
    for (old, before), (new, after) in itertools.pairwise(views):
        facts = without_confirmations(compare(before, after)).drop_duplicates(["table", "key", "change"])
        counts = facts["change"].value_counts()
        best = largest(lines, old.day, new.day)
        rows.append(
            (
                new.day,
                new.name,
                *(int(counts.get(c, 0)) for c in ("added", "changed", "cancelled")),
                *(best or ("", "", "", math.nan)),
            )
        )
    return pd.DataFrame(rows, columns=["day", "name", "added", "changed", "cancelled", "moved", "was", "now", "factor"])


def largest(lines: pd.DataFrame, old: str, new: str) -> tuple[str, str, str, float] | None:
    """The key result that moved by the largest factor between two days: label, was, is, factor; None when none
    moved."""
    best = None
    for _, group in lines.groupby("key", sort=False):
        was, now = (group[group["day"] == d].iloc[0] for d in (old, new))
        a, b = (middle(r["value"], r["low"], r["high"]) for r in (was, now))
        if was["text"] != now["text"] and a > 0 and b > 0:
            size = abs(math.log(b / a))
            if best is None or size > best[0]:
                best = (size, now["label"], was["text"], now["text"], b / a)
    return best[1:] if best else None


@dataclass(frozen=True)
class Move:
    """The step between two key days that changed a key result most: its result, the later day, and all in words."""

    key: str
    day: str
    words: str


def largest_moves(ledger: Ledger, scenario: str = "central") -> list[Move]:
    """The largest step of each followed result between two key days on which it is known; none where none moved."""
    found = []
    for key, lines in compared(ledger, scenario).groupby("key", sort=False):
        steps_ = lines.sort_values("day", kind="stable").reset_index(drop=True)
        sizes = steps_["middle"].diff().abs()
        if len(steps_) < 2 or not sizes.max() > 0:
            continue
        i = int(sizes.idxmax())
        was, now = steps_.loc[i - 1], steps_.loc[i]
        kind = "rise" if now["middle"] > was["middle"] else "fall"
        said = [formats.rounded(row["middle"], 0 if row["middle"] >= 1 else 1) for row in (was, now)]
        words = f"Largest {kind}: from {said[0]} to {said[1]} by {pd.Timestamp(now['day']):%B %Y}"
        if causes := _causes(str(key), ledger.at(was["day"]), ledger.at(now["day"]), is_floor=bool(now["is_floor"])):
            words += f", mostly {causes}"
            words += _firmed(ledger, str(key), [str(d) for d in steps_["day"]])
        elif key not in OWN_WORD:
            words += f" (“{now['name']}”)"
        found.append(Move(str(key), str(now["day"]), words))
    return found


def _causes(key: str, before: Ledger, after: Ledger, *, is_floor: bool) -> str:
    """The firms whose contracts or shares changed a sum most, with the change; empty for a result that is no sum."""
    if key not in SUMS:
        return ""
    rows, side = SUMS[key]
    sums = []
    for view in (before, after):
        own = rows(Facts(view, "changes"))
        ends = counted.bounds(own).groupby(own[side]).sum()
        sums.append(ends.assign(told=ends["low"] if is_floor else ends[["low", "high"]].mean(axis=1)))
    change = sums[1]["told"].sub(sums[0]["told"], fill_value=0.0)
    change = change[change.abs() >= change.abs().sum() / 10].sort_values(key=abs, ascending=False, kind="stable")
    told = [
        f"{short_name(after.name(str(p)))} ({'−' if v < 0 else ''}{formats.rounded(abs(v), 0)}{_of(sums[1], p, v)})"
        for p, v in change.items()
    ]
    return formats.listed(told[:MOST_CAUSES])


def _of(sums: pd.DataFrame, party: Any, change: float) -> str:
    """Of which range a change is the middle, where one firm's whole sum is new."""
    if party not in sums.index or not math.isclose(change, sums.at[party, "told"]):
        return ""
    low, high = (sums.at[party, end] for end in ("low", "high"))
    return f", the middle of {formats.rounded(low, 0)}–{formats.rounded(high, 0)}" if low < change < high else ""


def _firmed(ledger: Ledger, key: str, days: list[str]) -> str:
    """Whose range became a price between two key days, which raises the middle of a sum and is no new promise."""
    rows, side = SUMS[key]
    told = []
    for old, new in itertools.pairwise(days):
        before, after = (rows(Facts(ledger.at(day), "changes")).set_index("deal") for day in (old, new))
        was, now = counted.bounds(before), counted.bounds(after)
        both = [d for d in before.index if d in now.index and was.at[d, "low"] < was.at[d, "high"] == now.at[d, "low"]]
        firms = dict.fromkeys(short_name(ledger.name(after.at[d, side])) for d in both)
        told += [f"{firm} by {pd.Timestamp(new):%B %Y}" for firm in firms]
    return f". Without a new promise a range became a price: {formats.listed(told)}" if told else ""


def _gap(f: Facts, lines: pd.DataFrame, days: list[vintages.Vintage]) -> list[Result]:
    """What OpenAI has still to raise by our model on the last two key days."""
    own = lines[lines["key"] == GAP].set_index("day")
    was, now = [float(own["value"].get(vintage.day, math.nan)) for vintage in days] or [math.nan, math.nan]
    return gap_moves.results(f, was, now, days)


def last(ledger: Ledger, scenario: str = "central") -> Results:
    """What moved since the key day before."""
    f = Facts(ledger, "changes", scenario)
    known = vintages.known(ledger)
    before = known[-2] if len(known) > 1 else None
    since = formats.day(before.day) if before else "the day before"
    table = steps(ledger, scenario)
    row: Any = table.iloc[-1] if len(table) else None
    other, fresh, resized = deal_changes.turned(ledger), deal_changes.fresh(ledger), deal_changes.resized(ledger)
    rights, means = deal_changes.ended_rights(ledger), deal_changes.meaning(ledger, other)
    lapsed = [fact_words(ledger, "terms", {str(k): v for k, v in right.items()}) for right in rights.to_dict("records")]
    large = deal_changes.resizing(ledger, resized)
    has_moved = row is not None and row["moved"] != ""
    weighty = deal_changes.weighty(ledger)
    first = timeline(ledger, scenario)
    is_gap = has_moved and row["moved"] in set(first.loc[first["key"] == GAP, "label"])
    owes = first[first["key"] == "index.owes"]["high"].dropna()
    owes = owes[owes > 0]
    return Results(
        [
            f.result("has_before", "There is an earlier day to compare with", before is not None, "flag"),
            f.result("before", "Previous day of this report", before.day if before else None, "date"),
            f.result("before_name", "Name of that day", before.name if before else None, "text"),
            f.result(
                "added",
                f"New facts since {since}",
                int(row["added"]) if row is not None else None,
                "count",
                how="Keys of the ledger's tables that were not there before.",
            ),
            f.result(
                "turned",
                f"Deals that changed status since {since}",
                len(other),
                "count",
                other,
                how="In talks, a press report, announced, signed, paid or ended. Plans and totals are left out.",
            ),
            f.result(
                "turned_words",
                "Deals that changed status, in words",
                f"{formats.spelled(len(other))} deal{' has' if len(other) == 1 else 's have'} changed status"
                if len(other)
                else None,
                "text",
                other,
            ),
            f.result("turned_first", "The largest of them", deal_changes.turn(ledger, other), "text", other.head(1)),
            f.result("turned_means", "What it means", means, "text", other.head(1)),
            f.result("has_turned_means", "That can be said", means is not None, "flag", other.head(1)),
            f.result("has_turned", "A deal is in another state", len(other) > 0, "flag", other),
            f.result("has_fresh", f"Large deals are new since {since}", len(fresh) > 0, "flag", fresh),
            f.result("fresh_words", "These, in words", deal_changes.newest(ledger, fresh), "text", fresh),
            f.result("has_resized", "Deals changed in amount", len(resized) > 0, "flag", resized),
            f.result("has_large_resized", "A deal changed much in amount", bool(large), "flag", resized),
            f.result("resized_words", "That, in words", large, "text", resized),
            f.result("has_ended_right", f"A right has ended since {since}", bool(lapsed), "flag", rights),
            f.result("ended_rights", "The rights that ended", "; ".join(lapsed) or None, "text", rights),
            f.result("has_moved", "A result moved", has_moved, "flag"),
            f.result("has_other_moved", "It is not the shortfall that moved most", has_moved and not is_gap, "flag"),
            f.result(
                "moved",
                "Result that moved most",
                row["moved"] if has_moved else None,
                "text",
                how="By the factor between the middles of its ranges, among the results followed on this page.",
            ),
            *_gap(f, first, [before, known[-1]] if before else []),
            f.result("was", "Value before", row["was"] if has_moved else None, "text"),
            f.result("now", "Value now", row["now"] if has_moved else None, "text"),
            f.result(
                "first_day",
                "First day with a priced order",
                str(first.loc[owes.index[0], "day"]) if len(owes) else None,
                "date",
            ),
            f.result(
                "growth",
                "OpenAI's priced orders, as a multiple of those on the first day with a price",
                float(owes.iloc[-1] / owes.iloc[0]) if len(owes) > 1 else None,
                "x",
                f.payments(payer="openai", scope="openai"),
                how="High ends of both.",
            ),
            f.result("month_end", "End of the month before", f"{digest.month_end(ledger):%Y-%m-%d}", "date"),
            f.result("has_digest", "Something weighs since then", len(weighty) > 0, "flag"),
            f.result("has_growth", "Commitments have a history", len(owes) > 1, "flag"),
        ]
    )
