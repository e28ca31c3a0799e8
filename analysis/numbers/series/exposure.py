"""What the figures of exposure draw, and what they find."""

import math
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure import backers, holders, joint, owed, reverse, stress
from analysis.numbers.exposure.liabilities import BUILDERS
from analysis.numbers.exposure.measured import part_of_backlog
from analysis.numbers.series.sustainability import choice_text, rests_on
from analysis.numbers.sustainability.rationale import GUESS

OTHERS = "all others"
ANYWAY, MORE = "missing in any case", "missing because OpenAI pays half"  # parts of what is not received at half
NAMED = 4  # suppliers named in the picture of the years


def _percent(share: float) -> str:
    return f"{formats.rounded(100 * share, 0)}%"


def creditors(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the table of `owed.exposures` with label (the amount as readers see it), shares in per cent and
    backlog_amount (see `measured.part_of_backlog`)."""
    table = owed.exposures(ledger, scenario)
    if table.empty:
        return table
    labels = [
        formats.quantity(None, "usd_bn", r.priced, r.high, r.is_open, has_unit=False)
        + (f" ({_percent(r.backlog_share)})" if r.backlog_share == r.backlog_share and not r.since else "")
        for r in table.itertuples()
    ]
    return table.assign(
        name=table["name"].map(short_name),
        label=labels,
        backlog_percent=100 * table["backlog_share"],
        backlog_amount=[part_of_backlog(owed.facts(ledger, scenario), party) for party in table["party"]],
        revenue_percent=100 * table["revenue_share"],
    )


def backlog_days(table: pd.DataFrame) -> str:
    """Return of which month each backlog is whose part is in a label of a table of `creditors`, the oldest first."""
    known = table[table["backlog_share"].notna() & (table["since"] == "")]
    order = pd.to_datetime(known["backlog_day"], format="%b %Y").sort_values(kind="stable").index
    by_day = known.loc[order].groupby("backlog_day", sort=False)["name"].agg(list)
    return "; ".join(f"{formats.listed(names)}: {day}" for day, names in by_day.items())


def order_books(table: pd.DataFrame) -> pd.DataFrame:
    """Return the orders of a table of `creditors` as parts of their suppliers' books.

    Columns are name, value (OpenAI's part, per cent; NaN where not known, or where orders have changed since), big (the
    same in words, ? where not known) and note (the amount that the part is of, and whether the part is
    stated or computed; the orders alone where no part is known).
    """
    parts = table["backlog_percent"].where(table["since"] == "")
    orders = [_of_backlog(r) if r.since == "" else _ordered(r) for r in table.itertuples()]
    bigs = ["?" if pd.isna(v) else f"{formats.rounded(v, 0)}%" for v in parts]
    return table.assign(value=parts, big=bigs, note=orders)


def _ordered(row: Any) -> str:
    return formats.quantity(None, "usd_bn", row.priced, row.high, row.is_open)


def _of_backlog(row: Any) -> str:
    """The amount that the part of a backlog is of, and how it is known: a row of `creditors` that has not moved."""
    if pd.isna(row.backlog_percent):
        return _ordered(row)
    if pd.notna(row.backlog_amount):
        return f"{formats.whole_bn(row.backlog_amount)}, {'stated' if row.is_stated else 'estimated'}"
    return f"{_ordered(row)}, computed"


def creditors_finding(table: pd.DataFrame) -> str:
    """Return in a sentence of whose order book OpenAI is how much, of a table of `creditors` with a priced row.

    Told are the largest order whose part is known, and the largest part where that is another supplier's.
    """
    priced = table[table["high"] > 0]
    first = priced.iloc[0]
    known = priced[priced["backlog_percent"].notna() & (priced["since"] == "")]
    if known.empty:
        order = formats.quantity(None, "usd_bn", first["priced"], first["high"], first["is_open"])
        return f"OpenAI's largest order is at {first['name']}: {order}"
    largest, deepest = known.iloc[0], known.loc[known["backlog_percent"].idxmax()]
    told = [
        f"{formats.rounded(r['backlog_percent'], 0)}% of {r['name']}'s{{}} ({r['backlog_day']})"
        for r in ([largest] if deepest["name"] == largest["name"] else [largest, deepest])
    ]
    book, *others = told
    return f"OpenAI's orders equal {book.format(' order book')}" + "".join(f" and {o.format('')}" for o in others)


def years(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what falls due to whom in each calendar year from the day's own on.

    Returns
    -------
    DataFrame
        Parts: year (int), part (the largest creditors by name, then the rest), value and conditional (of it conditional
        or up to; US$ bn).
    DataFrame
        The whole: year, value, even (with each contract spread evenly), label.
    """
    spread = owed.by_year(owed.facts(ledger, scenario))
    spread = spread[(spread["year"] >= ledger.as_of.year) & (spread["high"] > 0)]
    if spread.empty:
        return pd.DataFrame(columns=["year", "part", "value", "conditional"]), pd.DataFrame(
            columns=["year", "value", "even", "label"]
        )
    sums = spread.groupby("payee")["high"].sum().sort_values(ascending=False, kind="stable")
    top = list(sums.index[: NAMED if len(sums) > NAMED + 1 else NAMED + 1])
    parts = spread["payee"].map(lambda p: short_name(ledger.name(p)) if p in top else OTHERS)
    spread = spread.assign(part=parts, conditional=spread["high"] - spread["low"])
    frame = spread.groupby(["year", "part"], as_index=False)[["high", "conditional"]].sum()
    order = [short_name(ledger.name(p)) for p in top] + [OTHERS]
    frame = frame.rename(columns={"high": "value"}).sort_values(
        ["year", "part"], key=lambda c: c.map(order.index) if c.name == "part" else c, ignore_index=True
    )
    whole = frame.groupby("year", as_index=False)["value"].sum()
    even = owed.by_year(owed.facts(ledger, scenario), is_even=True).groupby("year")["high"].sum()
    whole = whole.assign(even=whole["year"].map(even).fillna(0.0))
    return frame, whole.assign(label=[formats.rounded(v, 0) for v in whole["value"]])


def years_finding(parts: pd.DataFrame, whole: pd.DataFrame) -> str:
    """Return in a sentence in which year most falls due and to whom most of it, of the tables of `years`."""
    top = whole.loc[whole["value"].idxmax()]
    first = parts[parts["year"] == top["year"]].sort_values("value", ascending=False, kind="stable").iloc[0]
    told = f"In {top['year']:.0f}, the heaviest year, {formats.whole_bn(top['value'])} may fall due"
    if first["part"] != OTHERS and first["value"] < top["value"]:
        told += f", {formats.whole_bn(first['value'])} of it to {first['part']}"
    return told


def heaviest_and_others(parts: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of `years` in two, who is paid most in the heaviest year and `OTHERS`: year, part, value."""
    top = whole.loc[whole["value"].idxmax(), "year"]
    first = parts[parts["year"] == top].sort_values("value", ascending=False, kind="stable")["part"].iloc[0]
    two = parts.assign(part=parts["part"].where(parts["part"] == first, OTHERS), is_other=parts["part"] != first)
    return two.groupby(["is_other", "part", "year"], as_index=False)["value"].sum()[["year", "part", "value"]]


def even_note(whole: pd.DataFrame) -> str:
    """Return in a sentence which year is the heaviest if each contract is spread evenly, of the sums of `years`."""
    even = whole.loc[whole["even"].idxmax()]
    return f"Spread evenly, the heaviest year is {even['year']:.0f}: {formats.whole_bn(even['even'])}."


def needed(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the suppliers with accounts of `reverse.reverse`, in per cent: name, value, low, high, label; the share
    needed without any loan as strict (words)."""
    table = reverse.reverse(ledger, scenario)
    table = table[table["has_accounts"]].sort_values(["bridged", "party"], ascending=[False, True], kind="stable")
    finite = table[table["bridged"] < math.inf]
    frame = finite.assign(
        name=finite["name"].map(short_name),
        value=100 * finite["bridged"],
        low=100 * finite["bridged_low"],
        high=100 * finite["bridged_high"].where(finite["bridged_high"] < math.inf, finite["bridged"]),
        strict=["more than all" if s > 1 else _percent(s) for s in finite["share"]],
    )
    ends = zip(frame["value"], frame["low"], frame["high"], strict=True)
    return frame.assign(label=[_need(*r) for r in ends]).reset_index(drop=True)


def _need(middle: float, low: float, high: float) -> str:
    """The share that a supplier needs, per cent, with its range where other choices give another."""
    told = "nothing" if middle <= 0 else "more than all" if middle > 100 else f"{formats.rounded(middle, 0)}%"
    ends = [formats.rounded(v, 0) for v in (low, high)]
    return told if ends[0] == ends[1] else f"{told} ({ends[0]}–{ends[1]}%)"


def needed_finding(table: pd.DataFrame) -> str:
    """Return in a sentence who needs OpenAI most, of a table of `needed` with a row."""
    first = table.iloc[0]
    if first["value"] <= 0:
        return "If lenders bridge the gaps, no supplier whose accounts we hold in full needs OpenAI's payments"
    if first["value"] > 100:
        return f"{first['name']} cannot meet its own payments even if OpenAI pays in full"
    share = formats.rounded(first["value"], 0)
    low, high = (formats.rounded(first[end], 0) for end in ("low", "high"))
    who = f"Even if lenders help, {first['name']} needs"
    if low == high:
        return f"{who} {share}% of OpenAI's payments"
    return f"{who} {low}–{high}% of OpenAI's payments, {share}% in the middle"


def needed_by_two(ledger: Ledger, scenario: str = "central") -> str:
    """Return in a sentence who needs OpenAI's money with two choices changed and with no single one; else nothing."""
    broken = joint.pairs(joint.combinations(ledger, scenario))
    if broken.empty:
        return ""
    return f" With two choices changed, {formats.listed([joint.need_in_words(r) for _, r in broken.iterrows()])}."


def missed(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return what suppliers do not get, and what is missing behind them in any case.

    Columns are year, pays (words), value (US$ bn) and share. What suppliers pass on of it is not counted a second time.
    """
    table = stress.grid(ledger, scenario)
    if table.empty:
        return pd.DataFrame(columns=["year", "pays", "value", "share"])
    is_behind = table["party"] == BUILDERS
    anyway = table[is_behind & (table["share"] == 1.0)].set_index("year")["not_received"]
    sums = table[~is_behind].groupby(["share", "year"], as_index=False)["not_received"].sum()
    sums["not_received"] += sums["year"].map(anyway).fillna(0.0)
    sums = sums.sort_values(["share", "year"], kind="stable", ignore_index=True)
    words = {1.0: "pays all", 0.0: "pays nothing"}
    return sums.assign(pays=[words.get(s, f"pays {_percent(s)}") for s in sums["share"]], value=sums["not_received"])


def missed_parts(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what is not received where OpenAI pays half, in its parts, of a table of `missed` with rows.

    Returns
    -------
    DataFrame
        Parts: year (int), part (`ANYWAY` or `MORE`; the first only where anything is missing in any case), value (US$
        bn).
    DataFrame
        The whole: year, value, label, nothing (what is not received where OpenAI pays nothing, US$ bn).
    """
    by_share = table.pivot(index="year", columns="share", values="value")
    anyway = by_share[1.0].clip(upper=by_share[0.5])
    parts = pd.DataFrame({ANYWAY: anyway, MORE: by_share[0.5] - anyway})
    parts = parts if anyway.sum() >= 1 else parts[[MORE]]
    frame = parts.rename_axis(columns="part").stack().rename("value").reset_index()
    whole = by_share[0.5].rename("value").reset_index().assign(nothing=by_share[0.0].to_numpy())
    return frame, whole.assign(label=[formats.rounded(v, 0) for v in whole["value"]])


def missed_finding(table: pd.DataFrame) -> str:
    """Return in a sentence what is missing at half beyond what is missing anyway, of a table of `missed`."""
    half, full = (table[table["share"] == share] for share in (0.5, 1.0))
    first, last = half["year"].iloc[0], half["year"].iloc[-1]
    anyway = full["value"].sum()
    more = formats.or_nothing(formats.whole_bn(half["value"].sum() - anyway))
    more += " more" if anyway >= 1 else ""
    return f"If OpenAI pays half, suppliers go without {more} {'in' if first == last else 'by'} {last}"


def losses(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the table of `holders.holdings` with short names and label (the loss at half the price and its range)."""
    table = holders.holdings(ledger, scenario)
    ends = ("loss_50", "loss_25", "loss_75")
    labels = ["{} ({}–{})".format(*(formats.rounded(row[end], 0) for end in ends)) for _, row in table.iterrows()]
    return table.assign(name=table["name"].map(short_name), label=labels)


def losses_finding(table: pd.DataFrame) -> str:
    """Return in a sentence what a halved price costs, of the table of `holders.holdings` with a row."""
    total = formats.whole_bn(table["loss_50"].sum())
    total += " or more" if table["is_floor"].any() else ""
    first = table.iloc[0]
    if len(table) == 1:
        return f"If the price of OpenAI's shares halved, {first['name']} would lose {total} of market value"
    return f"If OpenAI's price halved, known holders would lose {total} of market value, {first['name']} most"


def debts(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the table of `backers.debts` as readers see it: name, what, amount, stated (month) and until (words)."""
    table = backers.debts(ledger, scenario)
    return pd.DataFrame(
        {
            "name": table["name"].map(short_name),
            "what": [f"loans or bonds of {short_name(r.what)}" if r.what else r.kind for r in table.itertuples()],
            "amount": [formats.quantity(None, "usd_bn", r.low, r.value, has_unit=False) for r in table.itertuples()],
            "stated": [f"{d:%b %Y}" for d in table["day"]],
            "until": table["until"].to_numpy(),
        }
    )


def stress_choices(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return each choice of the stress in readers' words, what it rests on and what it moves (`reverse.by_choice`)."""
    table = reverse.by_choice(ledger, scenario)
    given = ledger.assumptions(scenario).frame.set_index("parameter")
    sources, rows = ledger["sources"].set_index("source"), []
    for r in table.itertuples(index=False):
        choice = given.loc[r.parameter]
        unit, scale = ("years", 1) if choice["unit"] == "years" else ("pct", 100)
        ends = [choice_text(scale * choice[end], unit) for end in ("low", "central", "high")]
        rests = GUESS if GUESS in choice["rationale"].lower() else rests_on(sources, choice["source"])
        lacks = f"{formats.rounded(r.lacks_low, 0)} to {formats.rounded(r.lacks_high, 0)}"
        rows.append((r.name, " / ".join(ends), rests, f"{_percent(r.share_low)} to {_percent(r.share_high)}", lacks))
    name = short_name(ledger.name(table["party"].iloc[0])) if len(table) else "the supplier"
    needs, short = f"Of its contract {name} needs", "US$ bn it lacks if paid in full"
    return pd.DataFrame(rows, columns=["Choice", "Low / middle / high", "Rests on", needs, short])
