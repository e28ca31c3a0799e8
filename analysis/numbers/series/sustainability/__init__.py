"""What the figures of the chapter on sustainability draw, and what they find."""

import re

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import outside
from analysis.numbers import formats
from analysis.numbers.sustainability import cash, forecasts, rationale
from analysis.numbers.words import SPELLING

REPRODUCED = "reproduced"
RESEARCH_ARM = re.compile(r" \(.*\)| Global Investment Research| & Company| Research")
HAS, PAYS, LEFT, MISSING = "has and earns", "must pay", "is left", "falls short"
# What each way of counting supposes, in a dozen words.
SUPPOSES = {
    "contracts": "OpenAI pays nearly all that it has signed, and about half of what is only announced.",
    "capacity": "It rents the gigawatts that a bank expects it to use.",
    "plan": "Its computing costs what its own forecasts leave for it.",
}
BALANCE = "balance"  # the word for what is left or missing
PAID = ("compute", "other")  # lines of `cash.BRIDGE` that are paid
LATER = "; its page is later than this day"


def _span_of(values: pd.Series) -> str:
    """The range of amounts in US$ bn, without decimals, as a sentence has it."""
    low, high = (formats.whole(end) for end in (values.min(), values.max()))
    return formats.or_nothing(formats.quantity(None, "usd_bn", low, high))


def gaps(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the median gap by case and year: the columns of `cash.cases`; empty when the model cannot be
    calibrated."""
    return cash.cases(ledger, scenario)


def gap_finding(table: pd.DataFrame) -> str:
    """Return in a sentence what would still have to be raised, of a table of `gaps`."""
    last = table.groupby("case", sort=False).last()["gap_median"]
    counted = "at the median of our futures" if len(last) < 2 else "depending on the count"
    return f"By {table['year'].max():.0f} OpenAI would have to raise {_span_of(last)}, {counted}"


def _percent_span(values: pd.Series) -> str:
    """The range of shares in per cent, without decimals."""
    low, high = (formats.rounded(v, 0) for v in (values.min(), values.max()))
    return f"{low}%" if low == high else f"{low} to {high}%"


def bridges(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return `cash.bridge` in readers' words.

    Returns
    -------
    DataFrame
        The columns of `cash.bridge` with title (the line in readers' words), kind (`HAS`, `PAYS`, `LEFT` or `MISSING`)
        and label.
    """
    table = cash.bridge(ledger, scenario)
    return table.assign(
        title=table["line"].map(cash.BRIDGE | {"cash": BALANCE}).str.capitalize(),
        name=[f"by {name}" for name in table["name"]],
        kind=[_side(r.line, r.value) for r in table.itertuples()],
        label=[formats.rounded(v, 0) for v in table["value"]],
    )


def _side(line: str, value: float) -> str:
    """What a line of `cash.BRIDGE` is to OpenAI."""
    if line == "cash":
        return LEFT if value >= 0 else MISSING
    return PAYS if line in PAID else HAS


def bridge_finding(table: pd.DataFrame) -> str:
    """Return in a sentence what part of the sales in a table of `bridges` the computing takes."""
    spent = -table.loc[table["line"] == "compute", "value"] / table.loc[table["line"] == "revenue", "value"].mean()
    year = table["year"].iloc[0]
    when = f"By {year} computing would have"
    if spent.min() > 1:
        return f"{when} cost more than all sales{', on every count' if len(spent) > 1 else ''}"
    return f"{when} taken {_percent_span(100 * spent)} of OpenAI's sales"


def counts(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the ways of counting, the lead first: name, supposes (words), median and bad (what is missing in these
    futures, US$ bn without decimals) and runs_out (part of the futures in which cash does); for readers."""
    last = cash.ends(ledger, scenario)
    return pd.DataFrame(
        {
            "name": [f"By {cash.CASE_NAMES[case]}" for case in last.index],
            "supposes": [SUPPOSES[case] for case in last.index],
            "median": [formats.rounded(v, 0) for v in last["gap_median"]],
            "bad": [formats.rounded(v, 0) for v in last["gap_high"]],
            "runs_out": [
                f"{formats.rounded(cash.share(100 * v), 0)}% of futures" for v in last["probability"].astype(float)
            ],
        }
    )


def alternatives(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return `cash.scenarios` by the count that leads, with share (per cent of paths without cash) and label (the
    median gap for readers).

    A scenario that touches nothing that can be computed on the day is left out: it would seem to say that it matters
    little.
    """
    table = cash.scenarios(ledger, scenario)
    table = table[table["case"] == cash.LEAD]
    ours = table.loc[table["scenario"] == scenario, "gap_median"]
    is_idle = table["gap_median"].isin(ours) & (table["scenario"] != scenario)
    table = table[~is_idle]
    return table.assign(
        share=100 * table["probability"].astype(float),
        label=[cash.missing(v) for v in table["gap_median"]],
    )


def alternatives_finding(table: pd.DataFrame) -> str:
    """Return in a sentence what growth decides on the lead count, of a table of `alternatives`."""
    gaps = table[table["case"] == cash.LEAD].set_index("scenario")["label"]
    if not {"slow", "fast"} <= set(gaps.index):
        return f"What OpenAI lacks by {table['year'].iloc[0]:.0f} if one of our choices is another"
    fast, slow = gaps["fast"], gaps["slow"]
    lacks = f"OpenAI lacks {fast} if it grows exactly as planned"
    return f"{lacks} or slower" if slow == fast else f"{lacks}, {slow} if slower"


def explained(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return `rationale.explained` in readers' words: name, low, central, high, rests (on what), moves and alone
    (US$ bn), and case; what moves most first."""
    table = rationale.explained(ledger, scenario)
    sources = ledger["sources"].set_index("source")
    order = (table["high_gap"] - table["low_gap"]).astype(float).abs().sort_values(ascending=False, kind="stable").index
    rows = []
    for r in table.loc[order].rename(columns={"name": "words"}).itertuples():
        unit, scale = ("pct", 100) if r.unit == "share" else (r.unit, 1)
        ends = [choice_text(scale * v, unit) for v in (r.low, r.central, r.high)]
        if r.low == r.high:  # one size, no range
            ends[0] = ends[2] = ""
        rests = rationale.GUESS if r.is_guess else rests_on(sources, r.source)
        rests += LATER if r.is_later else ""
        moved, by_itself = (_from_to(*pair) for pair in ((r.low_gap, r.high_gap), (r.alone_low, r.alone_high)))
        rows.append((r.words, *ends, rests, moved, by_itself, cash.CASE_NAMES[r.case]))
    return pd.DataFrame(rows, columns=["name", "low", "central", "high", "rests", "moves", "alone", "case"])


def choice_text(value: float, unit: str) -> str:
    """A value of a choice in words."""
    return "1 year" if (value, unit) == (1, "years") else formats.amount(value, unit)


def _from_to(first: float, last: float) -> str:
    """Two amounts as they follow one another, empty where they are not known."""
    return "" if pd.isna(first) else f"{formats.rounded(first, 0)} to {formats.rounded(last, 0)}"


def rests_on(sources: pd.DataFrame, key: str) -> str:
    """Who published a source first, "published terms" where the choice names none."""
    if key not in sources.index:
        return "published terms"
    return str(sources.loc[key, "publisher_of_record"] or sources.loc[key, "publisher"])


def burn_lines(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `forecasts.burns` with the newest forecast called by its month."""
    newest = table.loc[table["vintage"] == forecasts.NEWEST, "as_of"]
    words = f"{newest.max():%B %Y}" if len(newest) else forecasts.NEWEST
    return table.assign(vintage=table["vintage"].replace(forecasts.NEWEST, words))


def burn_note(ledger: Ledger, table: pd.DataFrame) -> str:
    """Return who told the forecasts of `forecasts.burns`, and whether single years have been told anew since."""
    told = forecasts.burn_forecasts(ledger)
    told = told[(told["metric"] == forecasts.BURN) & (told["by"] == "")]
    newest = table.loc[table["vintage"] == forecasts.NEWEST, "as_of"].max()
    since = " Newer figures for single years are left out." if (told["as_of"] > newest).any() else ""
    shown = told[told["as_of"].isin(table["as_of"]) & told["source"].isin(table["source"])]
    if forecasts.told_by(ledger, shown) == forecasts.BY_ITSELF:
        return f"As OpenAI published them.{since}"
    return f"Known at least in part through the press alone.{since}"


def burn_finding(table: pd.DataFrame) -> str:
    """Return in a sentence how the forecasts of `forecasts.burns` changed."""
    years, sums = forecasts.hump_years(table), forecasts.hump_sums(table)
    if len(sums) < 2 or sums.index[-1] != forecasts.NEWEST:
        most = formats.amount(float(table["value"].max()), "usd_bn")
        return f"OpenAI expected to burn up to {most} in a single year"
    last = int(table["year"].max())
    ends = table.loc[table["year"] == last, "value"]
    still = f"; {last} hardly moved" if len(ends) > 1 and ends.max() - ends.min() <= forecasts.HARDLY else ""
    first, newest = (formats.amount(float(sums.iloc[i]), "usd_bn") for i in (0, -1))
    verb = "grew" if sums.iloc[-1] > sums.iloc[0] else "went"
    return f"Forecast burn for {years[0]}–{years[-1]} {verb} from {first} to {newest}{still}"


def in_words(ledger: Ledger, key: str) -> str:
    """Return the key of a quantity for readers: ``openai_revenue`` as ``OpenAI revenue``."""
    return " ".join(SPELLING.get(w) or ledger.name(w) for w in key.split("_") if w)


def unit_in_words(unit: str) -> str:
    """Return a unit of the ledger for readers: ``usd_bn`` as ``US$ bn``; the unit itself if it has no sign."""
    sign = f"{formats.PREFIX.get(unit, '')} {formats.SUFFIX.get(unit, '').strip()}".strip()
    return sign or unit.replace("_", " ")


def published_figures(ledger: Ledger) -> pd.DataFrame:
    """Return the published figures that come with enough inputs, and what these inputs give.

    Returns
    -------
    DataFrame
        Columns of `outside.rerun`, with figure, unit and name (for readers), off (difference in per cent of the
        published figure, NaN where that is 0) and label (the same for readers); the largest
        difference first; the index is the place in `outside.rerun`.
    """
    table = outside.rerun(ledger.outside_models)
    table = table[table["verdict"] != forecasts.NO_INPUTS].reset_index(drop=True)
    figure = pd.Series([in_words(ledger, key) for key in table["output"]], dtype=object)
    name = table["publisher"].str.replace(RESEARCH_ARM, "", regex=True) + ": " + figure
    is_double = name.duplicated(keep=False) & (table["period"] != "")
    off = 100 * table["difference"].astype(float)
    labels = ["" if pd.isna(v) else f"{'+' if v > 0.05 else ''}{formats.rounded(v, 0)}%" for v in off]
    table = table.assign(
        figure=figure,
        unit=[unit_in_words(u) for u in table["unit"]],
        name=name.where(~is_double, name + ", " + table["period"]),
        off=off,
        label=labels,
    )
    return table.sort_values("off", key=abs, ascending=False, kind="stable")
