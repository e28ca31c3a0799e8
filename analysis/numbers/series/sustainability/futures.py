"""Twenty futures and what decides between them, as the figures draw them."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.sustainability import cash, choices
from analysis.numbers.sustainability import futures as sampled

MOST = 6  # causes that are drawn, the largest
# Causes in more words than a sentence has room for.
LONG_NAMES = {
    choices.SURPRISES: "Luck: how well sales go",
    "attainment": "Growth, against its plan",
    "take_up": "How much of its orders it pays",
    "overlap": "Overlap of chips and clouds",
    "delay": "How late data centres start",
    "shape": "When payments fall due",
    "other_share": "What else it spends",
}


def futures(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return `sampled.futures` with year (the last of the model), label (what is missing, in words) and rank."""
    table, years = sampled.futures(ledger, scenario), cash.cases(ledger, scenario)["year"]
    return table.assign(
        year=int(years.max()) if len(table) else 0,
        label=[cash.missing(value) for value in table["value"]],
        rank=[f"{place} of {len(table)}, from the best" for place in table["place"]],
    )


def depths(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the depths to name: after (how many futures are better), value (US$ bn) and label; without those of 0."""
    last, rows = cash.ends(ledger, scenario), []
    for after, column, words in (
        (sampled.SHOWN // 2, "gap_median", "half lack more\nthan {}"),
        (sampled.SHOWN - 1, "gap_high", "one in twenty lacks more\nthan {}"),
    ):
        gap = float(last.loc[cash.LEAD, column]) if cash.LEAD in last.index else 0.0
        if gap >= cash.LEAST:
            rows.append((after, gap, words.format(cash.missing(gap))))
    return pd.DataFrame(rows, columns=["after", "value", "label"])


def heads(table: pd.DataFrame) -> tuple[str, str]:
    """Return what stands above the `futures` in which nothing is missing, and above the others."""
    short = sampled.short(table)
    enough = len(table) - short
    return f"{enough} have enough" if enough else "", f"{short} run short" if short else ""


def futures_finding(table: pd.DataFrame) -> str:
    """Return in a sentence in how many of some `futures` money is short."""
    short, total = sampled.short(table), len(table)
    count = "all" if short == total else "none" if not short else formats.spelled(short)
    when = f"by {table['year'].iloc[0]}"
    if not short:
        return f"In none of {formats.spelled(total)} futures of our model OpenAI runs short of money {when}"
    return f"In {count} of {formats.spelled(total)} futures of our model OpenAI runs short of money {when}"


def levers(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the `MOST` causes that move the shortfall by signed and announced orders most, the largest first.

    Returns
    -------
    DataFrame
        Columns name (for readers), cause, moves and error (as `choices.moves` has them), low and high (US$ bn: the
        median shortfall at the better and at the worse end), year (the last of the model) and label.
    """
    table, years = choices.moves(ledger, scenario, cash.LEAD).head(MOST), cash.cases(ledger, scenario)["year"]
    ends = table[["low", "high"]].astype(float).clip(lower=0)
    frame = table[["cause", "moves", "error"]].assign(low=ends.min(axis=1), high=ends.max(axis=1))
    return frame.assign(
        name=table["cause"].map(LONG_NAMES).fillna(table["name"].str.capitalize()),
        year=int(years.max()) if len(table) else 0,
        label=[
            f"{formats.rounded(low, 0)} to {formats.rounded(high, 0)}"
            for low, high in zip(*frame[["low", "high"]].T.to_numpy(), strict=True)
        ],
    )


def levers_finding(table: pd.DataFrame) -> str:
    """Return in a sentence which of the `levers` moves the shortfall most."""
    first = table.iloc[0]
    low, high = first[["low", "high"]].astype(float).round(0 if first["high"] >= 10 else 1)  # as the labels say
    moved = formats.whole_bn(high - low)
    if first["cause"] == choices.SURPRISES:
        if len(table) > 1 and not choices.leads(first, table.iloc[1]):
            return "Luck moves the shortfall about as far as our largest choice"
        return f"Our guess about sales matters most: luck in them moves the shortfall by {moved}"
    return f"One choice moves the shortfall by {moved}: {choices.CAUSE_NAMES[first['cause']]}"
