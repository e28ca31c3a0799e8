"""What the first page says of amounts: owed, promised, earned and lost."""

import pandas as pd

from analysis.ledger import Ledger, latest
from analysis.ledger.schema import CANCELLED
from analysis.models import bases
from analysis.models import deals as counted
from analysis.numbers import formats, quantities, vintages
from analysis.numbers.facts import NAN, Facts, day, ratio, text, total, value
from analysis.numbers.index import promised
from analysis.numbers.results import Result, Results
from analysis.numbers.sustainability.forecasts import told_by

RATE_BY = {"actual": "by its own word", "reported": "by press reports", "estimate": "by an estimate"}


def rates_shown(ledger: Ledger) -> pd.DataFrame:
    """The rows of customers' yearly rate that were the newest by their period on some day of the story, oldest first.

    A row that is told late, of an earlier month, never is.
    """
    rates = quantities.run_rate(Facts(ledger, "index")).sort_values(["as_of", "end"], kind="stable")
    newest = rates[(rates["end"] == rates["end"].cummax()) & ~rates.duplicated("as_of", keep="last")]
    return newest[newest["as_of"] >= vintages.story_start(ledger)]


def growth(ledger: Ledger) -> pd.DataFrame:
    """What OpenAI owed and was promised, and what customers paid in a year, as known on each day of the story.

    Returns
    -------
    DataFrame
        day, line ("owes", "gets" or "customers"), low, high (US$ bn), is_open (the high end is a
        floor); by day, from the start of the story (see `vintages.story_start`).
    """
    history, start = ledger.history["deals"], vintages.story_start(ledger)
    is_own = history["scope"].eq("openai") & (history["payer"].eq("openai") | history["payee"].eq("openai"))
    history = history[history["deal"].isin(history.loc[is_own, "deal"])]
    rows = []
    for day_ in sorted({d for d in history["as_of"] if d >= start} | {ledger.as_of}):
        view = latest(history, ["deal"], day_)
        paid = counted.payments(view, payer="openai", scope="openai")
        owed = counted.total(paid[~paid["kind"].isin(counted.FUNDING_KINDS)])
        got = counted.total(counted.payments(view, payee="openai", scope="openai", kind="equity"))
        rows += [(day_, "owes", owed.low, owed.high, owed.is_open), (day_, "gets", got.low, got.high, got.is_open)]
    rates = rates_shown(ledger)
    rows += [(r.as_of, "customers", r.value, r.value, False) for r in rates.itertuples()]
    rows += [(ledger.as_of, "customers", r.value, r.value, False) for r in rates.tail(1).itertuples()]
    frame = pd.DataFrame(rows, columns=["day", "line", "low", "high", "is_open"])
    return frame.sort_values("day", kind="stable", ignore_index=True)


def growth_finding(growth: pd.DataFrame) -> str:
    """Return in a sentence how what OpenAI has ordered grew, or by how much it has fallen from its most (see `growth`).

    A promise must be known (`growth` has a positive ``high``).
    """
    ordered = growth[growth["line"] == "owes"]
    start, end, most = ordered["high"].iloc[0], ordered["high"].iloc[-1], ordered["high"].max()
    if most == 0:
        return "No order of OpenAI's has a published price yet"
    now = _sum_of(ordered.iloc[-1])
    if end < most:
        largest = ordered[ordered["high"] == most].iloc[-1]
        return f"What OpenAI has ordered fell to {now}, from {_sum_of(largest)} in {largest['day']:%B %Y}"
    if start:
        first = formats.day(ordered["day"].iloc[0].date())
        return f"What OpenAI has ordered rose to {now} from {formats.amount(start, 'usd_bn')} on {first}"
    firm = ordered.loc[ordered["low"] > 0, "day"]
    if firm.empty:
        return f"What OpenAI has ordered rose to {now}, none of it firm"
    return f"What OpenAI has ordered rose to {now}; before {firm.iloc[0]:%B %Y} no order had a firm price"


def _sum_of(row: pd.Series) -> str:
    """The sum of a row of `growth`: one that is open by its low end."""
    ends = (None, row["low"], row["high"]) if row["low"] < row["high"] else (row["high"], None, None)
    return formats.about(ends[0], "usd_bn", *ends[1:], is_open=bool(row["is_open"]))


def owes(ledger: Ledger, scenario: str = "central") -> Result:
    """What OpenAI has agreed to pay."""
    f = Facts(ledger, "index", scenario)
    return f.amount("owes", "OpenAI has agreed to pay its suppliers: its priced orders", quantities.owed(f))


def gets(ledger: Ledger, scenario: str = "central") -> Result:
    """What investors have agreed to pay OpenAI."""
    f = Facts(ledger, "index", scenario)
    return f.amount("gets", "Investors have agreed to pay OpenAI", quantities.equity_promised(f))


def annual_sales(ledger: Ledger, scenario: str = "central") -> Result:
    """What customers pay OpenAI in a year."""
    f = Facts(ledger, "index", scenario)
    rows = quantities.run_rate(f).tail(1)
    how = "The last month or quarter times what makes a year, as stated."
    return f.result("run_rate", "OpenAI's annualised sales", value(rows), "usd_bn", rows, how=how)


def totals(ledger: Ledger, scenario: str = "central") -> Results:
    """What OpenAI owes, what it is to receive, and what its customers pay."""
    f = Facts(ledger, "index", scenario)
    bill, equity = quantities.owed(f), quantities.equity_promised(f)
    owed, got = total(bill, "what OpenAI has agreed to pay"), total(equity, "what investors agreed to pay OpenAI")
    run_rate = quantities.run_rate(f).tail(1)
    year = quantities.latest_full_year(f.happened("openai", "revenue"))
    rates = f.metric("openai", "annualized_revenue")
    told = rates[(rates["basis"] == "guidance") & (rates["end"] > run_rate["end"].max())].tail(1)
    ratio_low = ratio(owed.low or NAN, value(run_rate))
    ratio_high = ratio(owed.high or NAN, value(run_rate))
    orders = quantities.supply(f)
    unpriced = orders[counted.is_unpriced(orders)]
    newest = f.quarters("openai", "revenue").tail(1)
    pace = 4 * value(newest) if _is_recent(newest, run_rate) else NAN
    ends = [
        end for end in (ratio_low, ratio_high, ratio(owed.low or NAN, pace), ratio(owed.high or NAN, pace)) if end > 0
    ]
    cash = f.last("openai", "cash")
    is_press = text(run_rate, "basis") == text(cash, "basis") == bases.REPORTED
    return Results(
        [
            owes(ledger, scenario),
            gets(ledger, scenario),
            *promised.equity_ahead(f),
            annual_sales(ledger, scenario),
            f.result("rate_by", "Who tells that rate", RATE_BY.get(text(run_rate, "basis") or ""), "text", run_rate),
            f.result(
                "is_press", "OpenAI's newest sales and cash are known from the press", is_press, "flag", run_rate, cash
            ),
            f.result("has_years", "Orders and a rate are known", ratio_high > 0, "flag", bill, run_rate),
            f.result("has_pace", "A quarter's revenue of about that time is known", pace > 0, "flag", newest, run_rate),
            f.result("pace", "Four times the sales of its newest quarter", pace, "usd_bn", newest),
            f.result(
                "years_at_pace",
                "Priced orders in years of four times the newest quarter",
                None,
                "x",
                bill,
                newest,
                low=ratio(owed.low or NAN, pace),
                high=ratio(owed.high or NAN, pace),
            ),
            f.result(
                "years_of_sales",
                "OpenAI's priced orders, in years of its sales",
                None,
                "x",
                bill,
                run_rate,
                newest,
                low=min(ends) if ends else NAN,
                high=max(ends) if ends else NAN,
                how="Orders with a published price over annualised sales, and over four times the newest quarter.",
            ),
            f.result("run_rate_day", "Run rate as of", day(run_rate, "end"), "date", run_rate),
            f.result(
                "has_rate_told", "OpenAI has named a rate that is still to come", len(told) > 0, "flag", told, run_rate
            ),
            f.result("rate_told", "Rate at which OpenAI says customers will pay, a year", value(told), "usd_bn", told),
            f.result("rate_told_day", "OpenAI names that rate for", day(told, "end"), "date", told),
            f.result(
                "years_told",
                "Commitments in years of that rate",
                None,
                "x",
                bill,
                told,
                low=ratio(owed.low or NAN, value(told)),
                high=ratio(owed.high or NAN, value(told)),
            ),
            f.result("revenue", "Revenue of the last full year", value(year), "usd_bn", year),
            f.result(
                "years_of_revenue",
                "OpenAI's orders, in years of its annualised sales",
                None,
                "x",
                bill,
                run_rate,
                low=ratio_low,
                high=ratio_high,
                how="Orders with a published price over annualised sales.",
            ),
            f.result(
                "owed_per_dollar",
                "Ordered for each dollar that investors have promised",
                None,
                "usd",
                bill,
                equity,
                low=ratio(owed.low or NAN, got.high),
                high=ratio(owed.high or NAN, got.low),
                how="Commitments over equity: low over all, high over the firm part.",
            ),
            f.result("undisclosed", "Orders without a published price", len(unpriced), "count", unpriced),
            f.result("has_undisclosed", "An order has no published price", len(unpriced) > 0, "flag", unpriced),
            f.result(
                "undisclosed_orders",
                "Orders without a published price, in words",
                f"{formats.spelled(len(unpriced))} further order{'s' if len(unpriced) > 1 else ''}",
                "text",
                unpriced,
            ),
        ]
    )


def _is_recent(quarter: pd.DataFrame, rate: pd.DataFrame) -> bool:
    """Whether a quarter (one row or none) ended in the half year before a run rate (one row or none)."""
    if quarter.empty or rate.empty:
        return False
    return bool(quarter["end"].iloc[0] > rate["end"].iloc[0] - pd.DateOffset(months=6))


def chipmakers(ledger: Ledger, scenario: str = "central") -> Results:
    """NVIDIA and AMD: chips against shares, in opposite directions."""
    f = Facts(ledger, "index", scenario)
    letter, equity, chips = (
        f.deal("nvidia-openai-loi"),
        counted.signed(f.standing("nvidia-openai-equity")),
        f.deal("openai-nvidia-chips-2026"),
    )
    amd = f.deal("openai-amd-chips")
    is_open = len(letter) > 0 and letter["status"].iloc[0] != CANCELLED
    ended = ledger.history["deals"].query("deal == 'nvidia-openai-loi' and status == 'cancelled'").head(1)
    return Results(
        [
            f.result(
                "letter_high", "NVIDIA's letter of intent, at most", value(letter, "high_usd_bn"), "usd_bn", letter
            ),
            f.result("letter_gw", "Capacity NVIDIA's letter of intent was tied to", value(letter, "gw"), "gw", letter),
            f.result("has_letter", "NVIDIA has announced a letter of intent", len(letter) > 0, "flag", letter),
            f.result("is_letter_open", "NVIDIA's letter of intent is open", is_open, "flag", letter),
            f.result("is_letter_dropped", "NVIDIA's letter of intent was dropped", len(ended) > 0, "flag", letter),
            f.result("letter_end", "NVIDIA's letter of intent reported dropped on", day(ended), "date", ended),
            f.amount("nvidia_equity", "NVIDIA's equity in the round of 2026", equity),
            f.result("has_nvidia_equity", "NVIDIA has signed for the round of 2026", len(equity) > 0, "flag", equity),
            f.result("is_nvidia_free", "No condition is known", bool(equity["condition"].eq("").any()), "flag", equity),
            f.result(
                "nvidia_gw",
                "NVIDIA systems OpenAI says it will use with the round of 2026",
                value(chips, "gw"),
                "gw",
                chips,
            ),
            f.result("amd_gw", "AMD chips OpenAI plans to buy", value(amd, "gw"), "gw", amd),
        ]
    )


def loss(ledger: Ledger, scenario: str = "central") -> Results:
    """What OpenAI loses and expects to burn."""
    f = Facts(ledger, "index", scenario)
    lost = f.happened("openai", "net_loss").tail(1)
    newest = f.forecast("openai", "cash_burn")
    ahead = newest[newest["value"] > 0]
    income = quantities.same_account(f, "revenue", lost)
    year = quantities.latest_full_year(f.happened("openai", "net_loss"))
    sales = quantities.same_account(f, "revenue", year)
    adjusted = quantities.same_account(f, "adjusted_net_loss", year)
    return Results(
        [
            f.result("year_loss", "OpenAI's net loss of its last full year", value(year), "usd_bn", year),
            f.result("year_of_loss", "Last full year of a net loss", quantities.calendar_year(year), "year", year),
            f.result("year_revenue", "Revenue in the year of that loss", value(sales), "usd_bn", sales),
            f.result("year_loss_adjusted", "That loss without such items", value(adjusted), "usd_bn", adjusted),
            f.result("loss", "OpenAI's net loss, the newest that we found", value(lost), "usd_bn", lost),
            f.result("loss_period", "Net loss: period", f.period(lost).words or None, "text", lost),
            f.result("loss_revenue", "Revenue in the period of the net loss", value(income), "usd_bn", income),
            f.result(
                "burn_ahead",
                "Cash OpenAI itself expects to burn",
                float(ahead["value"].sum()) if len(ahead) else None,
                "usd_bn",
                ahead,
                how="Sum of the years with a burn in the newest forecast.",
            ),
            f.result(
                "burn_first",
                "First year of burn",
                float(ahead["start"].min().year) if len(ahead) else None,
                "year",
                ahead,
            ),
            f.result(
                "burn_last", "Last year of burn", float(ahead["end"].max().year) if len(ahead) else None, "year", ahead
            ),
            f.result("has_burn_ahead", "A forecast of a burn is known", len(ahead) > 0, "flag", ahead),
            f.result("burn_by", "Who tells that forecast", told_by(ledger, newest), "text", newest),
            f.result("burn_day", "Burn forecast known on", day(newest.tail(1)), "date", newest.tail(1)),
        ]
    )
