"""What our models said of figures that were not known, and what came."""

import functools

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases, scoring
from analysis.numbers import timespans
from analysis.numbers.facts import NAN, Facts, day
from analysis.numbers.facts import value as value_of
from analysis.numbers.results import Result, Results
from analysis.numbers.scorecard import words

SALES = ("revenue", "annualized_revenue")
BURN = "cash_burn"
FIGURE = ["metric", "start", "end"]
POINTS = ["point", "plan_point"]  # the errors of the middle and of the plan, each taken as a single number
ERRORS = {"error": "our models", "error_last": "the last value known", "error_plan": "OpenAI's own plan"}
QUARTER = pd.Timedelta(days=92)
FAR = 1.25  # times four quarters' pace from which a run rate is told as far above it
ABOVE = 3  # the first of `scoring.places` above the median
INSIDE, WIDE, OUTSIDE = "in the inner half", "in the outer range", "outside"


@functools.lru_cache(maxsize=16)
def statements(ledger: Ledger) -> pd.DataFrame:
    """Everything that was predicted by the ledger's day, with what came of it.

    Returns
    -------
    DataFrame
        The columns of the table, and: what `scoring.outcomes` says; ``name`` (the figure in words); ``verdict``; the
        errors in per cent of what came, of the statement (error), of the last value (error_last) and of the plan
        (error_plan), and those of `POINTS`; place (`scoring.places`). NaN, "" and -1 while nothing has come. By figure,
        case and day.
    """
    rows = ledger.history["predictions"].reset_index(drop=True)
    found = rows.join(scoring.outcomes(rows, ledger.history["metrics"]))
    came, said = found["outcome"].to_numpy(float), found[scoring.QUANTILES].to_numpy(float)
    size = np.where(came == 0, np.nan, np.abs(came))
    rivals = {"error_last": scoring.certain(found["last_value"]), "error_plan": scoring.around(found["plan"])}
    points = {"point": scoring.certain(found["p50"]), "plan_point": scoring.certain(found["plan"])}
    given = {"error": said} | rivals | points
    errors = {name: 100 * scoring.crps(quantiles, came) / size for name, quantiles in given.items()}
    is_known = ~np.isnan(came)
    held = [scoring.is_within(said, came, per_cent) for per_cent in scoring.ENDS]
    verdicts = np.where(held[0], INSIDE, np.where(held[1], WIDE, OUTSIDE))
    ends = timespans.year_ends(ledger)
    names = [
        f"{words.metric(r.metric)}, {words.period(r.start, r.end, ends.get(r.entity, 12))}"
        for r in found.itertuples(index=False)
    ]
    found = found.assign(
        name=pd.Series(names, index=found.index, dtype=object),
        verdict=np.where(is_known, verdicts, ""),
        place=np.where(is_known, scoring.places(said, came), -1),
        **errors,
    )
    return found.sort_values(["end", "metric", "case", "as_of"], kind="stable", ignore_index=True)


def settled(ledger: Ledger) -> pd.DataFrame:
    """The statements that something has settled; see `statements`."""
    found = statements(ledger)
    return found[found["outcome"].notna()].reset_index(drop=True)


def outcome_rows(ledger: Ledger, found: pd.DataFrame) -> pd.DataFrame:
    """The rows of metrics that settled some statements."""
    return ledger.history["metrics"].loc[sorted(set(found.loc[found["row"] >= 0, "row"]))]


def is_own(ledger: Ledger, found: pd.DataFrame) -> pd.Series:
    """Whether a filing or the company told what settled each statement; leaked accounts are the press's."""
    history, sources = ledger.history["metrics"], ledger["sources"]
    own = sources.loc[sources["kind"].isin(bases.OWN_KINDS), "source"]
    told = history[(history["basis"] == "actual") & history[["source", "second_source"]].isin([*own]).any(axis=1)]
    return found["row"].isin(told.index)


def teller(ledger: Ledger, found: pd.DataFrame) -> str | None:
    """By whom what settled some statements is known, in words; None where nothing is settled."""
    if found.empty:
        return None
    return "by a filing or OpenAI's own word" if is_own(ledger, found).all() else "by press reports"


def by_figure(found: pd.DataFrame) -> pd.DataFrame:
    """The mean error of each figure, in per cent of what came, of us and of our rivals, where all three spoke.

    Returns
    -------
    DataFrame
        Columns metric, start, end, name, number (of statements) and those of `ERRORS` and `POINTS`; in the order of the
        statements.
    """
    whole = found.dropna(subset=[*ERRORS])
    means = whole.groupby([*FIGURE, "name"], sort=False, dropna=False)[[*ERRORS, *POINTS]].mean()
    counts = whole.groupby([*FIGURE, "name"], sort=False, dropna=False).size().rename("number")
    return means.join(counts).reset_index()


def by_day(found: pd.DataFrame) -> pd.DataFrame:
    """How the statements of each key day did.

    Returns
    -------
    DataFrame
        Oldest first: as_of, number (of statements settled), half and most (of them in the inner half and in nine tenths
        of our range), and the mean of each of `ERRORS` (per cent of what came, over the statements on which all three
        spoke).
    """
    half, most = found["verdict"].eq(INSIDE), found["verdict"].isin([INSIDE, WIDE])
    counts = (
        found.assign(half=half, most=most)
        .groupby("as_of")
        .agg(number=("place", "size"), half=("half", "sum"), most=("most", "sum"))
    )
    return counts.join(found.dropna(subset=[*ERRORS]).groupby("as_of")[[*ERRORS]].mean()).reset_index()


@functools.lru_cache(maxsize=8)
def scores(ledger: Ledger, scenario: str = "central") -> Results:
    """How many statements held, how far off they were, and whether rivals without a model did better."""
    f = Facts(ledger, "scorecard", scenario)
    every, found = statements(ledger), settled(ledger)
    rows = outcome_rows(ledger, found)
    figures = found.drop_duplicates(FIGURE)
    own = is_own(ledger, figures)
    n = len(found)

    def count(name: str, label: str, number: int, how: str = "") -> Result:
        return f.result(name, label, number, "count", rows, how=how)

    def flag(name: str, label: str, is_so: bool) -> Result:
        return f.result(name, label, bool(is_so), "flag", rows)

    held = {p: int((found["verdict"].isin((INSIDE, WIDE)[: 1 + (p == 90)])).sum()) for p in scoring.ENDS}
    each = by_figure(found)
    means = each[[*ERRORS, *POINTS]].mean()
    # The spread around the plan is ours, so the order of the two counts only where their middles have it, too.
    beats = means["error"] < means["error_plan"] and means["point"] < means["plan_point"]
    is_beaten = means["error"] > means["error_plan"] and means["point"] > means["plan_point"]
    sales = found[found["metric"].isin(SALES)]
    above = int((sales["place"] >= ABOVE).sum())
    then = every[every["made"] == "then"]
    how = "Continuous ranked probability score from five quantiles, in per cent of what came; the mean of the figures."
    return Results(
        [
            flag("has_statements", "The models have said something of figures not known", len(every) > 0),
            flag("has_settled", "Something has settled a statement", n > 0),
            count("statements", "Statements on record", len(every)),
            count("settled", "Statements settled", n),
            count("figures", "Figures that settled them", len(figures)),
            count("open", "Statements still open", len(every) - n),
            count("own", "Of these figures, told by a filing or the company", int(own.sum())),
            count("press", "Of these figures, told by the press only", int((~own).sum())),
            flag("has_press", "Some figures are told by the press only", bool((~own).any())),
            flag("only_hindcasts", "All that is settled was made later", n > 0 and not found["made"].eq("then").any()),
            flag("has_then_settled", "A statement made then is settled", (found["made"] == "then").any()),
            count("then", "Statements made then", len(then)),
            count("hindcasts", "Statements made later, with today's code", len(every) - len(then)),
            count(
                "held_half", "Outcomes in the inner half of our range", held[50], how="5 to 95% of paths are the range."
            ),
            count("held_most", "Outcomes in nine tenths of our paths", held[90]),
            count("sales", "Statements on revenue that are settled", len(sales)),
            count("sales_above", "Of these, outcomes above our median", above),
            flag("has_sales", "A statement on revenue is settled", len(sales) > 0),
            flag("is_too_low", "Most outcomes lie above our median", above > len(sales) / 2),
            flag("is_not_too_low", "At most half do", 0 < 2 * (len(sales) - above) >= len(sales)),
            *_plan_met(f, sales, ledger, above > len(sales) / 2),
            f.result("error", "Our mean error", means["error"], "pct", rows, how=how),
            f.result("error_last", "Mean error of the last value", means["error_last"], "pct", rows, how=how),
            f.result("error_plan", "Mean error of OpenAI's own plan", means["error_plan"], "pct", rows, how=how),
            flag("beats_last", "We did better than the last value", means["error"] < means["error_last"]),
            flag("beats_plan", "We did better than OpenAI's own plan", beats),
            flag("plan_beats", "OpenAI's own plan did better than we", is_beaten),
            flag("lead_is_burn", "Most of its lead is on cash burned", is_beaten and _is_lead_of_burn(each)),
            flag("is_even", "Neither did clearly better", means.notna().all() and not (beats or is_beaten)),
            *_worst_sale(f, sales, ledger),
            *_pace(f, sales, ledger),
            *_burn(f, found, ledger),
        ]
    )


def _is_lead_of_burn(each: pd.DataFrame) -> bool:
    """Whether more than half of what the plan's errors are below ours is on cash burned."""
    leads = each["error"] - each["error_plan"]
    return bool(leads[each["metric"] == BURN].sum() > leads.sum() / 2)


def _worst_sale(f: Facts, sales: pd.DataFrame, ledger: Ledger) -> list[Result]:
    """The statement on revenue that was furthest off."""
    worst = sales.nlargest(1, "error") if sales["error"].notna().any() else sales.head(0)
    row = worst.iloc[0] if len(worst) else None
    rows = outcome_rows(ledger, worst)
    name = words.sales_of(row["metric"], row["start"], row["end"]) if row is not None else None
    is_out = row is not None and row["verdict"] == OUTSIDE
    return [
        f.result("worst", "Our largest miss on sales", name, "text", rows),
        f.result("worst_day", "It rests on the facts of", day(worst), "date", rows),
        f.result("worst_said", "What the model gave", row["p50"] if row is not None else NAN, "usd_bn", rows),
        f.result("worst_came", "What came", row["outcome"] if row is not None else NAN, "usd_bn", rows),
        f.result("worst_by", "Who tells what came", teller(ledger, worst), "text", rows),
        f.result("worst_is_outside", "It lay outside our range", is_out, "flag", rows),
    ]


def _plan_met(f: Facts, sales: pd.DataFrame, ledger: Ledger, is_too_low: bool) -> list[Result]:
    """How many figures on revenue met OpenAI's plan, as the newest statement about each has it, and which did not."""
    newest = sales.dropna(subset=["plan"]).sort_values("as_of", kind="stable").drop_duplicates(FIGURE, keep="last")
    is_met = newest["outcome"] >= newest["plan"]
    missed = newest[~is_met].sort_values("end", kind="stable").tail(1)
    is_likely = is_too_low and bool(is_met.mean() > 0.5)
    rows = outcome_rows(ledger, newest)
    return [
        f.result("plan_is_met", "All of them met it", is_likely and missed.empty, "flag", rows),
        f.result("plan_is_missed", "Some of them missed it", is_likely and len(missed) > 0, "flag", rows),
        f.result("plan_figures", "Figures on revenue with a plan", len(newest), "count", rows),
        f.result("plan_met_in", "Of these, as high as planned or higher", int(is_met.sum()), "count", rows),
        f.result("plan_missed", "The last to miss it", missed["name"].iloc[0] if len(missed) else None, "text", rows),
    ]


def _pace(f: Facts, sales: pd.DataFrame, ledger: Ledger) -> list[Result]:
    """The run rate that was missed most, beside four times the last quarter before it: they may count other things."""
    worst = sales.nlargest(1, "error") if sales["error"].notna().any() else sales.head(0)
    rate = worst[worst["metric"] == "annualized_revenue"]
    quarters = f.quarters("openai", "revenue")
    age = rate["end"].max() - quarters["end"]
    quarter = quarters[(age >= pd.Timedelta(0)) & (age <= QUARTER)].tail(1)
    pace, came = 4 * value_of(quarter), float(rate["outcome"].max())
    rows = [quarter, outcome_rows(ledger, rate)]
    return [
        f.result("quarter_pace", "Four times the quarter before it", pace, "usd_bn", quarter, how="No growth in it."),
        f.result("quarter_day", "End of that quarter", day(quarter, "end"), "date", quarter),
        f.result("rate_outruns", "The rate is far above the quarter's pace", came > FAR * pace, "flag", *rows),
    ]


def _burn(f: Facts, found: pd.DataFrame, ledger: Ledger) -> list[Result]:
    """What the newest statements about cash burned said in each case, and what came."""
    burn = found[found["metric"] == BURN]
    newest = burn[(burn["end"] == burn["end"].max()) & (burn["as_of"] == burn["as_of"].max())] if len(burn) else burn
    rows, is_one = outcome_rows(ledger, newest), bool((burn["end"] == burn["end"].max()).all())
    came = float(newest["outcome"].iloc[0]) if len(newest) else NAN
    period = newest["name"].iloc[0].partition(", ")[2] if len(newest) else None
    middle = {"low": newest["p50"].min(), "high": newest["p50"].max()} if len(newest) else {}
    is_less = len(newest) > 0 and bool((newest["p50"] > came).all())
    contracts = newest[newest["case"] == "contracts"]
    is_wide = bool(((contracts["p95"] - contracts["p5"]) > 2 * abs(came)).any())
    return [
        f.result("has_burn", "A statement about cash burned is settled", len(newest) > 0, "flag", rows),
        f.result("burn_period", "Cash burned is known for", period, "text", rows),
        f.result("burn_said", "Our median, by case", None, "usd_bn", rows, **middle),
        f.result("burn_statements", "Statements about cash burned that are settled", len(burn), "count", rows),
        f.result("has_one_burn", "Several are about one period", len(burn) > 1 and is_one, "flag", rows),
        f.result("burn_by", "Who tells it", teller(ledger, newest), "text", rows),
        f.result("burn_is_less", "Less than each case said", is_less, "flag", rows),
        f.result(
            "burn_is_wide",
            "The range by signed and announced orders is wider than twice what came",
            is_wide,
            "flag",
            rows,
        ),
    ]


def places(found: pd.DataFrame) -> pd.DataFrame:
    """Where outcomes fell in our ranges: part (words), expected and came (per cent), number."""
    inside = ["in its lowest fifth", "below its median", "above its median", "in its highest fifth"]
    parts = ["below our range", *inside, "above our range"]
    edges = np.diff([0.0, *scoring.LEVELS, 1.0])
    fell = found["place"].to_numpy(int) if len(found) else np.array([], int)
    counts = np.bincount(fell, minlength=len(parts))
    came = 100 * counts / max(1, int(counts.sum()))
    return pd.DataFrame({"part": parts, "expected": 100 * edges, "came": came, "number": counts})
