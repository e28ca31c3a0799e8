"""Forecasts by OpenAI and models by others: how they changed, and whether they can be rebuilt."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases, outside, periods
from analysis.numbers import formats
from analysis.numbers.facts import NAN, Facts, text, value
from analysis.numbers.results import Results

BURN = "cash_burn"
NEWEST = "newest"
VINTAGE = r"cash_burn(?:_vintage_(?P<of_year>\d{4})q(?P<of_quarter>[1-4]))?"  # metrics of forecasts
SEASONS = {"1": "early", "2": "spring", "3": "autumn", "4": "late"}
BY_PRESS, BY_ITSELF = "press reports", "its own publications"
HARDLY = 5  # US$ bn by which forecasts of a year may differ that hardly moved
NO_INPUTS = "not enough inputs"  # verdict of `outside.rerun`


def burn_forecasts(ledger: Ledger) -> pd.DataFrame:
    """Return the rows of OpenAI's forecasts of its cash burn, of any period."""
    rows = ledger.part("metrics", "entity", "openai")
    return rows[rows["metric"].str.startswith("cash_burn") & (rows["basis"] == "projection")]


def told_by(ledger: Ledger, rows: pd.DataFrame) -> str:
    """Return in words whether OpenAI itself published every one of some rows of its metrics, or the press told them."""
    sources = ledger["sources"]
    own = sources.loc[sources["kind"].isin(bases.OWN_KINDS), "source"]
    return BY_ITSELF if len(rows) and rows["source"].isin(own).all() else BY_PRESS


def burns(ledger: Ledger) -> pd.DataFrame:
    """Return the forecast burn by year, the oldest forecast first.

    Returns
    -------
    DataFrame
        Columns vintage (when the forecast was made; `NEWEST` for what was said last), year, value (US$ bn, below 0
        where it generates cash), as_of, source; one row a vintage and year. A forecast of several years that another
        replaced keeps its month as vintage, unless the ledger has it under the name of its quarter.
    """
    newest = Facts(ledger, "sustainability").forecast("openai", BURN).assign(vintage=NEWEST, made=pd.Timestamp.max)
    rows = pd.concat([_named_by_quarter(ledger), _replaced(ledger, newest), newest])
    rows = rows.assign(year=rows["start"].dt.year).sort_values(["made", "year", "as_of"], kind="stable")
    rows = rows.drop_duplicates(["vintage", "year"], keep="last")
    return rows[["vintage", "year", "value", "as_of", "source"]].reset_index(drop=True)


def as_made(ledger: Ledger, told: pd.DataFrame) -> pd.DataFrame:
    """Return OpenAI's forecasts of its burn in the order in which they were made, also those printed only later.

    Parameters
    ----------
    ledger
        As known on the day of the report.
    told
        Rows of such forecasts since the first, of any period.

    Returns
    -------
    DataFrame
        The rows, and those that name the quarter they were made in, with vintage (that quarter in words; empty where
        only the day is known on which the row was told) and made (a day). What was told in such a quarter of the same
        period is the same forecast, and left out.
    """
    named, told = _named_by_quarter(ledger), told.assign(vintage="", made=told["as_of"])
    of_named, of_told = (
        pd.MultiIndex.from_arrays([rows["start"], rows["end"], rows["made"].dt.to_period("Q")])
        for rows in (named, told)
    )
    rows = pd.concat([named, told[~of_told.isin(of_named)]]) if len(named) else told
    return rows.sort_values("made", kind="stable")


def _named_by_quarter(ledger: Ledger) -> pd.DataFrame:
    """The yearly rows of forecasts whose metric names the quarter they were made in, with vintage and made (a day)."""
    rows = burn_forecasts(ledger)
    rows = periods.years(rows[rows["metric"].str.fullmatch(VINTAGE) & (rows["metric"] != BURN)])
    of = rows["metric"].str.extract(f"^{VINTAGE}$")
    made = pd.PeriodIndex(of["of_year"] + "Q" + of["of_quarter"], freq="Q").to_timestamp()
    return rows.assign(vintage=of["of_quarter"].map(SEASONS) + " " + of["of_year"], made=made)


def _replaced(ledger: Ledger, newest: pd.DataFrame) -> pd.DataFrame:
    """The yearly rows of whole forecasts before the newest, with vintage (their month) and made (their day)."""
    rows = ledger.history.part("metrics", "entity", ("openai",))
    is_older = rows["as_of"] < newest["as_of"].min() if len(newest) else rows["as_of"].notna()
    rows = periods.years(
        rows[(rows["metric"] == BURN) & (rows["by"] == "") & (rows["basis"] == "projection") & is_older]
    )
    is_whole = rows.groupby("as_of")["as_of"].transform("size") >= bases.WHOLE_FORECAST
    has_name = rows["as_of"].dt.to_period("Q").isin(pd.PeriodIndex(_named_by_quarter(ledger)["made"], freq="Q"))
    rows = rows[is_whole & ~has_name]
    return rows.assign(vintage=rows["as_of"].dt.strftime("%B %Y"), made=rows["as_of"])


def hump_years(table: pd.DataFrame) -> list[int]:
    """Return the years of burn before the first year in which the newest forecast generates cash, none without one."""
    newest = table[table["vintage"] == NEWEST].set_index("year")["value"]
    good = newest.index[newest < 0]
    return list(range(int(newest.index.min()), int(good.min()))) if len(good) else []


def hump_sums(table: pd.DataFrame) -> pd.Series:
    """Return the burn of the hump's years, US$ bn, by vintage of `burns`, for those that forecast each of them."""
    years = hump_years(table)
    sums = table[table["year"].isin(years)].groupby("vintage", sort=False)["value"].agg(["sum", "size"])
    return sums.loc[sums["size"] == len(years), "sum"]


def hump(ledger: Ledger, scenario: str = "central") -> Results:
    """How the forecast hump grew."""
    f = Facts(ledger, "sustainability", scenario)
    table, rows = burns(ledger), burn_forecasts(ledger)
    years, sums = hump_years(table), hump_sums(table)
    span = f"{years[0]} to {years[-1]}" if years else None
    after = table[table["year"] == (years[-1] + 1 if years else None)]
    newest, before = after[after["vintage"] == NEWEST], after[after["vintage"] != NEWEST].tail(1)
    has_hump = len(sums) > 1
    is_near = abs(value(newest) - value(before)) <= HARDLY
    stays = has_hump and bool(sums.is_monotonic_increasing) and is_near
    steps = [f"{formats.amount(v, 'usd_bn')} ({made(table, vintage)})" for vintage, v in sums.items()]
    return Results(
        [
            f.result("has_hump", "Several forecasts of the same years are known", has_hump, "flag", rows),
            f.result("hump_span", "The years before the first that generates cash", span, "text", rows),
            f.result(
                "hump_path", "Burn of these years, forecast by forecast", " to ".join(steps) or None, "text", rows
            ),
            f.result("hump_last", "Burn of these years in the newest forecast", sums.get(NEWEST, NAN), "usd_bn", rows),
            f.result(
                "hump_end",
                "Cash generated in the first year after the burn, in the newest forecast",
                -value(newest),
                "usd_bn",
                rows,
            ),
            f.result("hump_end_before", "The same in an older forecast", -value(before), "usd_bn", rows),
            f.result("hump_before_made", "When that was made", text(before, "vintage"), "text", rows),
            f.result("hump_stays", "The burn grew, and the year after hardly moved", stays, "flag", rows),
            f.result("hump_end_moved", "The year after moved", has_hump and not is_near, "flag", rows),
        ]
    )


def made(table: pd.DataFrame, vintage: str) -> str:
    """Return when a forecast of `burns` was made, the newest by its month."""
    newest = table.loc[table["vintage"] == NEWEST, "as_of"].max()
    return f"{newest:%B %Y}" if vintage == NEWEST else vintage


def rerun(ledger: Ledger, scenario: str = "central") -> Results:
    """How many published figures can be rebuilt from their published inputs."""
    f = Facts(ledger, "sustainability", scenario)
    models = ledger.outside_models
    verdicts = outside.rerun(models)["verdict"]
    tried = int((verdicts != NO_INPUTS).sum())
    good, without = int((verdicts == "reproduced").sum()), int((verdicts == NO_INPUTS).sum())
    theirs = models[(models["model"] == "hsbc-2025-11") & (models["quantity"] == "funding_gap")]
    return Results(
        [
            f.result("tried", "Published figures recomputed", tried or None, "count", models),
            f.result("reproduced", "Published figures reproduced from their own inputs", good, "count", models),
            f.result("has_without_inputs", "A model publishes too few inputs", bool(without), "flag", models),
            f.result("has_models", "Other people's models are known", tried > 0, "flag", models),
            f.result("hsbc_gap", "HSBC's funding gap for 2030", value(theirs), "usd_bn", theirs),
            f.result("has_hsbc", "HSBC's funding gap is known", len(theirs) > 0, "flag", theirs),
        ]
    )
