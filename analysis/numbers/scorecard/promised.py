"""What others forecast and promised, and what came of it."""

import functools
from collections.abc import Callable, Mapping

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED
from analysis.models import forecasts, promises
from analysis.numbers import formats, timespans
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import Facts
from analysis.numbers.results import Result, Results
from analysis.numbers.scorecard import words

LAB = "openai"
CLOSE = 10  # per cent
WHOLE = {1: "The one payment", 2: "Both payments"}
# What became of a promise that is neither kept nor open: of how many ("one"), and their verb.
REST = {
    "late": "{0} {1} late or told of later",
    "cut": "{0} {1} cut, dropped or missed",
    "untold": "{0} {1} due and not told of",
    "smaller": "{0} {1} replaced by a smaller number",
}
SAID = {"guidance": "guidance", "projection": "forecast"}
DROPPED = "dropped"
SITE_STATES = ("live", "under construction", "planned", "paused", DROPPED)


@functools.lru_cache(maxsize=16)
def others(ledger: Ledger) -> pd.DataFrame:
    """The forecasts of others that have been settled (`forecasts.settled`), with ``name`` and ``kind`` in words, and
    ``distance``: how far the number named lies from what came, per cent of what came, also where a floor held."""
    history = ledger.history
    found = forecasts.settled(history["metrics"], history["outside_models"])
    ends = timespans.year_ends(ledger)
    rows = found.itertuples(index=False)
    names = [
        f"{short_name(ledger.name(r.entity))}: {words.metric(r.metric)}, "
        f"{words.period(r.start, r.end, ends.get(r.entity, 12))} ({r.as_of:%-d %b %y})"
        for r in rows
    ]
    kind = found["author"].where(found["author"] != "", found["basis"].map(SAID))
    distance = 100 * (found["value"] - found["outcome"]) / found["outcome"].abs().replace(0, float("nan"))
    return found.assign(name=pd.Series(names, index=found.index, dtype=object), kind=kind, distance=distance)


@functools.lru_cache(maxsize=8)
def forecasts_of_others(ledger: Ledger, scenario: str = "central") -> Results:
    """How far off the forecasts of others were."""
    f = Facts(ledger, "scorecard", scenario)
    found = others(ledger)
    size = found["off"].abs()
    rows = ledger.history["metrics"].loc[sorted(set(found["row"]))]
    worst = found.loc[size[size > 0].nlargest(1).index]
    passed = found[found["is_floor"] & (found["off"] == 0) & (found["distance"].abs() > CLOSE)]
    far = passed.loc[passed["distance"].abs().nlargest(1).index]
    spending = found[found["metric"].isin(("capex", "capex_net")) & (size > CLOSE)]
    of_whom = list(dict.fromkeys(short_name(ledger.name(entity)) for entity in spending["entity"]))
    too_low = int((spending["off"] < 0).sum())
    close = int((found["distance"].abs() <= CLOSE).sum())
    is_far = len(worst) > 0 and bool((far["distance"].abs() > size.max()).any())
    close_of = f"{close} of {len(found)}" if len(found) else "none yet settled"

    count = _count_of(f, rows)
    return Results(
        [
            f.result("has_others", "Forecasts of others are settled", len(found) > 0, "flag", rows),
            count("others", "Forecasts of others that are settled", len(found)),
            count("others_close", f"Forecasts of others within {CLOSE}%", close),
            f.result("others_close_of", "Forecasts of others that came close", close_of, "text", rows),
            f.result("has_passed_floors", "Floors held, by more than that", len(passed) > 0, "flag", rows),
            count("passed_floors", "Forecasts that named a floor passed by more than that", len(passed)),
            f.result("farthest_floor", "The floor passed by most", _first(far, "name"), "text", rows),
            f.result(
                "farthest_floor_off",
                "It lay below what came by",
                _first(far.assign(off=far["distance"].abs()), "off"),
                "pct",
                rows,
            ),
            f.result("is_floor_farthest", "It lies further from what came than any miss", is_far, "flag", rows),
            f.result("has_miss", "One of them missed", bool((size > 0).any()), "flag", rows),
            f.result("close", "What counts as close", f"{CLOSE}%", "text"),
            f.result("others_worst", "The one furthest off", _first(worst, "name"), "text", rows),
            f.result("others_worst_off", "It was off by", _first(worst.assign(off=size), "off"), "pct", rows),
            count("spending", "Guidance and forecasts of capital spending that did not come close", len(spending)),
            f.result("spending_of", "They speak of", formats.listed(of_whom) or None, "text", rows),
            f.result(
                "spends_more",
                "All of them were too low",
                len(spending) > 2 and too_low == len(spending),
                "flag",
                rows,
            ),
        ]
    )


def _count_of(f: Facts, rows: pd.DataFrame) -> Callable[[str, str, int], Result]:
    """A function that gives a count (its name, label and number) as a result which rests on some rows."""
    return lambda name, label, number: f.result(name, label, number, "count", rows)


def _of(number: int, total: int) -> str:
    return f"{number} of {total}" if total else "none yet settled"


def _first(frame: pd.DataFrame, column: str) -> object:
    return frame[column].iloc[0] if len(frame) else None


@functools.lru_cache(maxsize=16)
def promised(ledger: Ledger) -> pd.DataFrame:
    """The promises with a day, of money with an amount and of levels.

    Returns
    -------
    DataFrame
        The columns of `promises.of_money`, with ``what`` ("money", "plan" or "level"), ``name`` and ``amount`` in
        words; by promised day.
    """
    money = promises.of_money(ledger.history["deals"], ledger.as_of)
    money = money[money[["low", "high"]].notna().any(axis=1)]
    levels = promises.of_levels(ledger.history["metrics"], ledger.as_of)
    deals = ledger.deals.set_index("deal")
    found = [(*r, *_of_deal(ledger, deals.loc[r.key], r.low, r.high)) for r in money.itertuples(index=False)]
    found += [(*r, *_of_level(ledger, r.key, r.low, r.unit)) for r in levels.itertuples(index=False)]
    frame = pd.DataFrame(found, columns=[*promises.COLUMNS, "what", "name", "amount"])
    frame = frame.assign(**{c: pd.to_datetime(frame[c]) for c in promises.DAYS})
    return frame.sort_values(["promised_for", "name"], kind="stable", ignore_index=True)


def _of_deal(ledger: Ledger, row: pd.Series, low: float, high: float) -> tuple[str, str, str]:
    """What a promise of money is, who pays whom, and how much."""
    payer, payee = (short_name(ledger.name(row[side])) for side in ("payer", "payee"))
    amount = f"US$ bn: {formats.amount_text(low, high)}"
    return (
        ("plan", "OpenAI's plan for its computing" if row["payer"] == LAB else f"{payee}, headline plan", amount)
        if row["role"] == "claim"
        else ("money", f"{payer} to {payee}", amount)
    )


def _of_level(ledger: Ledger, key: str, level: float, unit: str) -> tuple[str, str, str]:
    """What a promised level is, whose it is, and how high."""
    entity, _, metric = key.partition("/")
    return "level", f"{short_name(ledger.name(entity))}: {words.metric(metric)}", formats.amount(level, unit)


@functools.lru_cache(maxsize=16)
def sites(ledger: Ledger) -> pd.DataFrame:
    """Every site that has been named for OpenAI, with ``now``: one of `SITE_STATES`; the newest rows."""
    history = ledger.history["sites"]
    is_lab = history["tenant"].str.split(";").map(lambda names: LAB in names).astype(bool)
    newest = ledger.sites[ledger.sites["site"].isin(history.loc[is_lab, "site"])]
    is_gone = newest["status"].eq(CANCELLED) | ~newest["tenant"].str.split(";").map(lambda names: LAB in names).astype(
        bool
    )
    return newest.assign(now=newest["status"].mask(is_gone, DROPPED))


def _rest(counts: Mapping[str, int]) -> str | None:
    """The promises that are neither kept nor open, in a sentence after "of the rest"; None where there are none."""
    told = [
        REST[name].format(formats.spelled(number), "was" if number == 1 else "were")
        for name, number in counts.items()
        if number
    ]
    return formats.listed(told) or None


def kept(ledger: Ledger, scenario: str = "central") -> Results:
    """How many promises with a day were kept, and what became of the sites that were named for OpenAI."""
    f = Facts(ledger, "scorecard", scenario)
    found, named = promised(ledger), sites(ledger)
    states = found["state"].value_counts()
    late = int(sum(states.get(s, 0) for s in (promises.LATE, promises.TOLD_LATER)))
    cut = int(sum(states.get(s, 0) for s in (promises.CUT, promises.DROPPED, promises.MISSED)))
    done, over = int(states.get(promises.KEPT, 0)), int((found["state"] != promises.OPEN).sum())
    due = found[(found["what"] == "money") & (found["state"] != promises.OPEN)]
    paid = due[due["state"] == promises.KEPT]
    met, aims = done - len(paid), over - len(due)
    begun = found[(found["what"] == "money") & (found["state"] == promises.OPEN)]
    begun = begun[begun["key"].map(ledger.deals.set_index("deal")["status"]) == "closed"]
    smaller = found[found["state"] == promises.SMALLER]
    rest = {"late": late, "cut": cut, "untold": int(states.get(promises.UNTOLD, 0)), "smaller": len(smaller)}
    plans = ledger.history["deals"].query("deal in @smaller.key")

    count, count_sites = _count_of(f, ledger.deals.head(0)), _count_of(f, named)
    return Results(
        [
            f.result("has_promises", "Promises with a day are known", len(found) > 0, "flag"),
            count("promises", "Promises with a day", len(found)),
            count("kept", "Promises kept", done),
            count("late", "Late, or told later", rest["late"]),
            count("cut", "Cut, dropped or missed", rest["cut"]),
            count("untold", "Due, and not told of", rest["untold"]),
            count("smaller", "Headline plans of which a smaller number has been named since", rest["smaller"]),
            count("waiting", "Open", int(states.get(promises.OPEN, 0))),
            f.result("has_rest", "Promises are neither kept nor open", any(rest.values()), "flag"),
            f.result("rest_words", "Promises that are neither kept nor open, in words", _rest(rest), "text"),
            count("due", "Payments with a day that fell due or came early", len(due)),
            f.result("kept_of", "Promises kept, of those that are settled", _of(done, over), "text"),
            f.result("paid_of", "Payments for shares made in time, of those settled", _of(len(paid), len(due)), "text"),
            f.result("met_of", "Plans and targets met, of those settled", _of(met, aims), "text"),
            f.result("is_met_less", "Some of these were not met", met < aims, "flag"),
            f.result(
                "paid_words",
                "Payments for shares that fell due or came early, in words",
                WHOLE.get(len(paid), f"All {formats.spelled(len(paid))} payments"),
                "text",
            ),
            f.result(
                "money_kept",
                "All of them came in time",
                bool(len(due) > 0 and due["state"].eq(promises.KEPT).all()),
                "flag",
            ),
            f.result("has_part_paid", "Of a promise of shares only a part is paid", len(begun) > 0, "flag"),
            f.result(
                "part_paid", "Promises of which a part is paid", formats.listed(list(begun["name"])) or None, "text"
            ),
            f.result("has_smaller", "A smaller number has been named for a headline plan", len(smaller) > 0, "flag"),
            f.result("smaller_than", "The plan before", _first(smaller, "low"), "usd_bn", plans),
            f.result(
                "smaller_for",
                "It was for the time up to",
                smaller["promised_for"].iloc[0].year if len(smaller) else None,
                "year",
                plans,
            ),
            f.result("has_sites", "Sites have been named for OpenAI", len(named) > 0, "flag", named),
            count_sites("sites", "Sites ever named for OpenAI", len(named)),
            *(
                count_sites(f"sites_{state.split()[-1]}", f"Of these, {state}", int((named["now"] == state).sum()))
                for state in SITE_STATES
            ),
        ]
    )
