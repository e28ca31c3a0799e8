"""What Oracle owes and how long each promise runs: the tables of the figures, and their findings."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals, periods
from analysis.numbers import formats
from analysis.numbers.facts import NAN, Facts, value
from analysis.numbers.oracle_softbank import backer, books, lending

OPENAI, REST = "OpenAI, by press reports", "other customers, or not split"
OWN_MONEY = "own chips or prepaid"
CASH_IN, SPENDING, FREE_CASH = "cash from the business", "capital spending", "free cash flow"
LINE_NAMES = {CASH_IN: "brings in", SPENDING: "spends on building"}
BRINGS, OWES, AT_MOST, BACKS = "OpenAI pays", "others owe", "others owe, if it runs longest", "NVIDIA guarantees"
CONTRACT, LEASES = "OpenAI's contract with Oracle", "Oracle's leases"
ABILENE, OHIO = "Oracle's lease of Abilene", "OpenAI's lease in Ohio, first part"
Span = tuple[str, pd.Timestamp, pd.Timestamp, str]  # what, start, end, kind


def backlog(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return Oracle's backlog at the end of each quarter.

    Returns
    -------
    DataFrame
        Its parts: quarter, part, value (US$ bn).
    DataFrame
        The whole: quarter, value, openai and own (what brings its own machines; both NaN where not named; US$ bn),
        contract (the price of OpenAI's, NaN where it had none by then or is told as a part), label; oldest first.
    """
    f = Facts(ledger, "oracle_softbank", scenario)
    whole = f.metric("oracle", "rpo").drop_duplicates("end", keep="last")
    _, part, _ = books.openai_share_of_backlog(f)
    own = f.metric("oracle", "rpo_customer_funded_equipment").drop_duplicates("end", keep="last")
    frame = pd.DataFrame(
        {
            "quarter": whole["end"].dt.strftime("%b %Y"),
            "value": whole["value"],
            "openai": whole["end"].map(part.set_index("end")["value"]),
            "own": whole["end"].map(own.set_index("end")["value"]),
            "contract": _price_by(f, whole["end"]),
            "label": [formats.rounded(v, 0) for v in whole["value"]],
        }
    ).reset_index(drop=True)
    frame["contract"] = frame["contract"].where(frame["openai"].isna())
    # A quarter is split one way: two parts that may overlap are not drawn on top of one another.
    drawn_own = frame["own"].where(frame["openai"].isna())
    rest = frame["value"] - frame["openai"].fillna(0.0) - drawn_own.fillna(0.0)
    parts = pd.concat(
        [
            frame[["quarter"]].assign(part=REST, value=rest),
            frame[["quarter"]].assign(part=OPENAI, value=frame["openai"]),
            frame[["quarter"]].assign(part=OWN_MONEY, value=drawn_own),
        ]
    )
    return parts.dropna(subset=["value"]).reset_index(drop=True), frame


def _price_by(f: Facts, ends: pd.Series) -> list[float]:
    """The low end of the price that OpenAI's signed contract had on each of some days, US$ bn; NaN where it had none.

    A price that was told after the signature holds from the signature on, one that replaced another from its own day.
    """
    history = f.ledger.history["deals"]
    rows = history[history["deal"] == "openai-oracle-compute"].sort_values("as_of", kind="stable")
    priced = deals.signed(rows).dropna(subset=["low_usd_bn"])
    found = []
    for end in ends:
        known = rows[rows["as_of"] <= end].tail(1)
        price = pd.concat([priced.head(1), priced[priced["as_of"] <= end]]).tail(1)
        is_open = len(deals.outstanding(deals.signed(known))) > 0
        found.append(value(price, "low_usd_bn") if is_open else NAN)
    return found


def backlog_finding(ledger: Ledger, scenario: str = "central") -> str:
    """Return in a sentence how high Oracle's backlog is and what share of it was OpenAI's, or how it has moved."""
    f = Facts(ledger, "oracle_softbank", scenario)
    share, _, whole = books.openai_share_of_backlog(f)
    rows = f.metric("oracle", "rpo")
    first, last = (formats.amount(v, "usd_bn") for v in rows["value"].iloc[[0, -1]])
    if share > 0:
        percent = formats.rounded(100 * share, 0)
        then = whole["end"].iloc[0]
        if then == rows["end"].iloc[-1]:
            return f"If the press is right, OpenAI is about {percent}% of Oracle's backlog of {last}"
        return f"Oracle's backlog is {last}; the press put OpenAI at {percent}% in {then:%B %Y}"
    quarters = round((rows["end"].iloc[-1] - rows["end"].iloc[0]).days / periods.DAYS_PER_YEAR * 4)
    if not quarters:
        return f"Oracle's backlog is {last}"
    return f"Oracle's backlog went from {first} to {last} in {formats.spelled(quarters)} quarter{'s' * (quarters > 1)}"


def backlog_subtitle(whole: pd.DataFrame) -> str:
    """Return what a table of `backlog` is, and what its outlines are."""
    told = "What customers had promised Oracle at the end of each quarter, US$ bn."
    if whole["contract"].isna().all():
        return told
    return f"{told} Dashed: the price of OpenAI's contract, where its part is not told."


def cash(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return what Oracle's business brings in and what it spends within twelve months, and the ledger's rows.

    Returns
    -------
    DataFrame
        end (of the twelve months), year (in words), kind, value (US$ bn), label, is_guided; by their end.
    list of DataFrame
        The rows behind it.
    """
    f = Facts(ledger, "oracle_softbank", scenario)
    lines = {"operating_cash_flow": CASH_IN, "capex": SPENDING, "free_cash_flow": FREE_CASH}
    found = {kind: f.happened("oracle", metric, 12) for metric, kind in lines.items()}
    wide = pd.DataFrame({kind: rows.set_index("end")["value"] for kind, rows in found.items()})
    # What is left of the cash after the spending: of two of them, the third follows.
    wide[CASH_IN] = wide[CASH_IN].fillna(wide[FREE_CASH] + wide[SPENDING])
    wide[SPENDING] = wide[SPENDING].fillna(wide[CASH_IN] - wide[FREE_CASH])
    wide[FREE_CASH] = wide[FREE_CASH].fillna(wide[CASH_IN] - wide[SPENDING])
    wide = wide[list(lines.values())].sort_index()
    guided = f.last("oracle", "capex_guidance")
    guided = guided[guided["end"].notna() & ~guided["end"].isin(wide[SPENDING].dropna().index)]
    spans = [(end, f"Year to {end:%b %Y}", kind, wide.loc[end, kind], False) for end in wide.index for kind in wide]
    spans += [(r.end, f"Year to {r.end:%b %Y}, guided", SPENDING, r.value, True) for r in guided.itertuples()]
    frame = pd.DataFrame(spans, columns=["end", "year", "kind", "value", "is_guided"]).dropna(subset=["value"])
    frame = frame.assign(label=[formats.amount(v, "usd_bn", has_unit=False) for v in frame["value"]])
    return frame.reset_index(drop=True), [*found.values(), guided]


def cash_years(frame: pd.DataFrame) -> pd.DataFrame:
    """Return of what `cash` gives the years that stand beside one another: year, part (words), value, label, is_guided.

    They are those that end in the month of the plan's (in the newest one's where there is none), and the newest twelve
    months of which both cash and spending are known.
    """
    known = frame[~frame["is_guided"] & frame["kind"].isin([CASH_IN, SPENDING])]
    plan = frame[frame["is_guided"]]
    both = known.groupby("end").filter(lambda rows: len(rows) == 2)
    months = (plan if len(plan) else frame)["end"].dt.month
    ends = {*frame.loc[frame["end"].dt.month == months.iloc[-1], "end"], *both["end"].tail(1)}
    drawn = pd.concat([known, plan])
    drawn = drawn[drawn["end"].isin(ends)].sort_values(["end", "kind"], kind="stable", ignore_index=True)
    label = drawn["label"].where(~drawn["is_guided"], drawn["label"] + " planned")
    return drawn.assign(year=drawn["end"].dt.strftime("%b %Y"), part=drawn["kind"].map(LINE_NAMES), label=label)


def cash_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence what Oracle spent for each dollar of its cash in the newest year with both (`cash`)."""
    known = frame[~frame["is_guided"]].pivot(index="end", columns="kind", values="value")
    both = known.reindex(columns=[CASH_IN, SPENDING]).dropna()
    if both.empty:
        return "What Oracle's business brings in, and what it spends on building"
    year = both.iloc[-1]
    ratio = formats.amount(year[SPENDING] / year[CASH_IN], "usd")
    return (
        f"In the year to {both.index[-1]:%B %Y} Oracle spent {ratio} on building for each dollar of operating cash flow"
    )


def maturities(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return how long the contract, leases and loans run, and the ledger's rows.

    Leases run from the day on which the first of them is to begin, from the contract's start where Oracle has not said
    it; Abilene's and Vantage's loan from the day on which their term was known.

    Returns
    -------
    DataFrame
        what (a lane), start, end, kind (`BRINGS`, `OWES`, `AT_MOST` or `BACKS`), label (the year of the end, or both).
        A term of
        "15-19 years" is two spans of one lane, of which the second has the label.
    list of DataFrame
        The rows behind it.
    """
    f = Facts(ledger, "oracle_softbank", scenario)
    contract, loan = (f.standing(k) for k in ("openai-oracle-compute", "vantage-frontier-loan"))
    bridge = backer.unpaid(f, "softbank-bridge-2026")
    ohio, guarantee = (deals.signed(f.deal(k)) for k in ("openai-sbenergy-ohio-lease", "nvidia-openai-guarantee-ohio"))
    lease_terms, loan_terms = f.term("oracle-lease-terms"), f.term("vantage-frontier-loan-term")
    abilene = f.term("abilene-lease-term") if len(f.standing("oracle-abilene-lease")) else lease_terms.head(0)
    dated = contract.dropna(subset=["start", "end"])
    commencing = lending.lease_beginnings(f)
    from_contract = dated["start"].iloc[0] if len(dated) else ledger.as_of
    leases_from = commencing[["start", "end"]].iloc[0] if len(commencing) else [from_contract] * 2
    signed = books.signing_day(f, "softbank-bridge-2026")
    spans = [
        *_dated(CONTRACT, dated, BRINGS),
        *_term(ABILENE, abilene, *[abilene["as_of"].min()] * 2),
        *_term(LEASES, lease_terms, *leases_from),
        *_term("Vantage's loan in Texas", loan_terms if len(loan) else loan, *[loan_terms["as_of"].min()] * 2),
        *(_dated("SoftBank's bridge loan", bridge.assign(start=signed), OWES) if pd.notna(signed) else []),
        *_dated(OHIO, ohio, BRINGS),
        *_dated("NVIDIA's guarantee in Ohio, first part", guarantee, BACKS),
    ]
    frame = pd.DataFrame(spans, columns=["what", "start", "end", "kind"])
    years = frame.groupby("what")["end"].transform(lambda ends: "–".join(dict.fromkeys(ends.dt.strftime("%Y"))))
    frame = frame.assign(label=years.where(~frame["what"].duplicated(keep="last"), ""))
    return frame, [contract, ohio, guarantee, abilene, lease_terms, commencing, loan, loan_terms, bridge]


def _dated(what: str, rows: pd.DataFrame, kind: str) -> list[Span]:
    """The spans of deals whose start and end are both known."""
    return [(what, r.start, r.end, kind) for r in rows.dropna(subset=["start", "end"]).itertuples()]


def _term(what: str, rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> list[Span]:
    """The spans of a term in years (one row or none) that begins between two days: to its shortest end, its longest."""
    years = lending.lengths(rows["after"].iloc[0]) if len(rows) else []
    ends = [first + pd.DateOffset(years=n) for n in years[:1]] + [last + pd.DateOffset(years=n) for n in years[-1:]]
    ends = list(dict.fromkeys(ends))
    begins = [first, *ends[:1]]
    return [(what, a, b, kind) for a, b, kind in zip(begins, ends, (OWES, AT_MOST), strict=False)]
