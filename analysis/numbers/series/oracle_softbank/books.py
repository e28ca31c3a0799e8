"""What Oracle owes and how long each promise runs: the tables of the figures, and their findings."""

import re

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases, deals, periods
from analysis.numbers import formats, quantities
from analysis.numbers.facts import Facts, ratio, value
from analysis.numbers.oracle_softbank import books

OPENAI, OTHERS, NOT_SPLIT = "OpenAI, per press", "all other customers", "not split"
OWN_MONEY = "own chips or prepaid"
CASH_IN, SPENDING, FREE_CASH = "cash from the business", "capital spending", "free cash flow"
DEBT, LEASES = "debt without leases", "leases signed, not begun"
BRINGS, OWES, BACKS = "OpenAI pays", "others owe", "NVIDIA guarantees"
CONTRACT = "OpenAI's contract with Oracle"
EARNED, EXPECTED = "earned", "expected by Oracle"
FISCAL_YEAR_END = 5  # the month in which Oracle's year ends


def backlog(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return Oracle's backlog at the end of each quarter.

    Returns
    -------
    DataFrame
        Its parts: quarter, part, value (US$ bn).
    DataFrame
        The whole: quarter, value, openai and own (what brings its own machines; both NaN where not named; US$ bn),
        label; oldest first.
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
            "label": [formats.rounded(v, 0) for v in whole["value"]],
        }
    ).reset_index(drop=True)
    # A quarter is split one way: two parts that may overlap are not drawn on top of one another.
    drawn_own = frame["own"].where(frame["openai"].isna())
    rest = frame["value"] - frame["openai"].fillna(0.0) - drawn_own.fillna(0.0)
    others = frame["openai"].isna().map({True: NOT_SPLIT, False: OTHERS})
    parts = pd.concat(
        [
            frame[["quarter"]].assign(part=others, value=rest),
            frame[["quarter"]].assign(part=OPENAI, value=frame["openai"]),
            frame[["quarter"]].assign(part=OWN_MONEY, value=drawn_own),
        ]
    )
    return parts.dropna(subset=["value"]).reset_index(drop=True), frame


def backlog_finding(ledger: Ledger, scenario: str = "central") -> str:
    """Return in a sentence how high Oracle's backlog is and what share of it was OpenAI's, or how it has moved."""
    f = Facts(ledger, "oracle_softbank", scenario)
    share, part, whole = books.openai_share_of_backlog(f)
    rows = f.metric("oracle", "rpo")
    first, last = (formats.amount(v, "usd_bn") for v in rows["value"].iloc[[0, -1]])
    if share > 0:
        percent = formats.rounded(100 * share, 0)
        then = part["end"].iloc[0]
        if then == rows["end"].iloc[-1]:
            return f"If the press is right, OpenAI is about {percent}% of Oracle's backlog of {last}"
        before = formats.amount(value(whole), "usd_bn")
        return (
            f"Oracle's backlog is {last}; of the {before} of {then:%B %Y} about {percent}% was OpenAI's, "
            "if the press is right"
        )
    quarters = round((rows["end"].iloc[-1] - rows["end"].iloc[0]).days / periods.DAYS_PER_YEAR * 4)
    if not quarters:
        return f"Oracle's backlog is {last}"
    return f"Oracle's backlog went from {first} to {last} in {formats.spelled(quarters)} quarter{'s' * (quarters > 1)}"


def cash(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return what Oracle's business brings in and what it spends, in years and guided, and the ledger's rows.

    Returns
    -------
    DataFrame
        year (in words), kind, value (US$ bn), label; by the year's end.
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
    whole = wide.dropna()
    fiscal = [end for end in (whole if len(whole) else wide).index if end.month == FISCAL_YEAR_END]
    # The newest year of each line, though the other lines of that year are not known.
    newest = {wide[kind].last_valid_index() for kind in wide} - {None}
    latest = sorted(end for end in newest if end not in fiscal and end > max(fiscal, default=pd.Timestamp.min))
    guided = f.last("oracle", "capex_guidance")
    guided = guided[guided["end"].notna() & ~guided["end"].isin(fiscal)]
    spans = [(f"Year to {end:%b %Y}", kind, wide.loc[end, kind]) for end in [*fiscal, *latest] for kind in wide]
    spans += [(f"Year to {r.end:%b %Y}, guided", SPENDING, r.value) for r in guided.itertuples()]
    frame = pd.DataFrame(spans, columns=["year", "kind", "value"]).dropna(subset=["value"])
    frame = frame.assign(label=[formats.amount(v, "usd_bn", has_unit=False) for v in frame["value"]])
    return frame.reset_index(drop=True), [*found.values(), guided]


def cash_finding(ledger: Ledger, scenario: str = "central") -> str:
    """Return in a sentence how the guided spending compares with the cash that the business brings in."""
    found = books.oracle(ledger, scenario).by_name()
    cover, guided, flow = (found[name] for name in ("capex_cover", "capex_guidance", "ocf"))
    if not cover.value:
        return "Oracle's capex and its operating cash flow"
    times = formats.rounded(cover.value, 1)
    if not (guided.period and flow.period):
        return f"Oracle plans to spend {times} times the cash that its business brought in"
    return (
        f"For {guided.period.words} Oracle plans to spend {times} times the cash that its business brought in "
        f"in {flow.period.words}"
    )


def growth(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return what Oracle's rented computers bring in by fiscal year, as earned and as it expects.

    Returns
    -------
    DataFrame
        year (in words), kind, value (US$ bn), label and end; oldest first.
    list of DataFrame
        The rows behind it.
    """
    f = Facts(ledger, "oracle_softbank", scenario)
    earned = f.happened("oracle", "cloud_infrastructure_revenue", 12)
    ahead = bases.best(periods.years(f.metric("oracle", "cloud_infrastructure_revenue", basis="guidance")))
    ahead = ahead[~ahead["end"].isin(earned["end"])]
    rows = pd.concat([earned.assign(kind=EARNED), ahead.assign(kind=EXPECTED)])
    frame = pd.DataFrame(
        {
            "year": [f"Year to {end:%B %Y}" for end in rows["end"]],
            "kind": rows["kind"],
            "value": rows["value"],
            "label": [formats.plain(v, "usd_bn") for v in rows["value"]],
            "end": rows["end"],
        }
    )
    return frame.sort_values("end", kind="stable", ignore_index=True), [earned, ahead]


def growth_finding(ledger: Ledger, frame: pd.DataFrame, scenario: str = "central") -> str:
    """Return in a sentence how far Oracle means to grow, and what OpenAI's contract is to that (see `growth`)."""
    ahead, last = frame[frame["kind"] == EXPECTED], frame.iloc[-1]
    year = f"the year to {last['end']:%B %Y}"
    if ahead.empty:
        return f"In {year} renting out computers brought Oracle {formats.amount(last['value'], 'usd_bn')}"
    aim = formats.amount(last["value"], "usd_bn")
    said = f"Oracle expects {aim} from renting out computers in {year}"
    f = Facts(ledger, "oracle_softbank", scenario)
    yearly = quantities.contract_per_year(f.standing("openai-oracle-compute"))
    if not yearly > 0:
        return said
    return f"{said}; an average year of OpenAI's contract is {formats.fraction(ratio(yearly, last['value']))} of that"


def debt(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return Oracle's debt and its leases that have not begun: rows of metrics with line and label, oldest first."""
    f = Facts(ledger, "oracle_softbank", scenario)
    rows = pd.concat(
        [
            f.metric("oracle", metric).assign(line=line)
            for metric, line in (("total_debt", DEBT), ("leases_not_commenced", LEASES))
        ]
    )
    rows = rows[rows["end"].notna()].sort_values("end", kind="stable")
    return rows.assign(quarter=rows["end"].dt.strftime("%b %Y"), label=[formats.rounded(v, 0) for v in rows["value"]])


def debt_finding(rows: pd.DataFrame) -> str:
    """Return in a sentence how the leases of `debt` compare with the debt."""
    owed, leased = (value(rows[rows["line"] == line]) for line in (DEBT, LEASES))
    if leased > 2 * owed:
        reached, when = formats.amount(leased, "usd_bn"), rows.loc[rows["line"] == LEASES, "end"].iloc[-1]
        return f"By {when:%B %Y} Oracle had signed {reached} of leases that had not begun, more than twice its debt"
    if pd.isna(owed):
        return "Leases Oracle has signed but not begun"
    return f"Oracle has debt of {formats.amount(owed, 'usd_bn')}" + (
        "; leases that have not begun come on top" if leased > 0 else ""
    )


def lengths(words: str) -> list[int]:
    """Return the years that words tell: 15 and 19 for ``15-19 years``, 15 for ``15 years on average``, else none."""
    found = re.search(r"\b(\d{1,2})(?:-(\d{1,2}))? years?\b", words)
    return [int(n) for n in found.groups() if n] if found else []


def maturities(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return how long the contract, leases and loans run, and the ledger's rows.

    Leases are drawn from the contract's start, Vantage's loan from the day on which its term was known.

    Returns
    -------
    DataFrame
        what, start, end, kind (`BRINGS` or `OWES`), label (the year of the end).
    list of DataFrame
        The rows behind it.
    """
    f = Facts(ledger, "oracle_softbank", scenario)
    contract, bridge, loan = (
        f.standing(k) for k in ("openai-oracle-compute", "softbank-bridge-2026", "vantage-frontier-loan")
    )
    ohio, guarantee = (deals.signed(f.deal(k)) for k in ("openai-sbenergy-ohio-lease", "nvidia-openai-guarantee-ohio"))
    lease_terms, loan_terms = f.term("oracle-lease-terms"), f.term("vantage-frontier-loan-term")
    dated = contract.dropna(subset=["start", "end"])
    leases_from = dated["start"].iloc[0] if len(dated) else ledger.as_of
    spans = [
        (what, r.start, r.end, kind)
        for what, rows, kind in (
            (CONTRACT, dated, BRINGS),
            ("OpenAI's lease in Ohio", ohio, BRINGS),
            ("NVIDIA's guarantee in Ohio, at the longest", guarantee, BACKS),
        )
        for r in rows.dropna(subset=["start", "end"]).itertuples()
    ]
    signed = books.signing_day(f, "softbank-bridge-2026")
    if pd.notna(signed):
        spans += [("SoftBank's bridge loan", signed, r.end, OWES) for r in bridge.dropna(subset=["end"]).itertuples()]
    for name, rows, start in (
        ("Vantage's loan in Texas", loan_terms if len(loan) else loan, loan_terms["as_of"].min()),
        ("Oracle's leases", lease_terms, leases_from),
    ):
        for years in lengths(rows["after"].iloc[0]) if len(rows) else []:
            spans.append((f"{name}, {years} years", start, start + pd.DateOffset(years=years), OWES))
    frame = pd.DataFrame(spans, columns=["what", "start", "end", "kind"])
    frame = frame.assign(label=[f"{end:%Y}" for end in frame["end"]])
    return frame, [contract, ohio, guarantee, lease_terms, loan, loan_terms, bridge]


def maturity_finding(spans: pd.DataFrame) -> str:
    """Return in a sentence how much longer Oracle's leases run than OpenAI's contract (see `maturities`)."""
    contract = spans[spans["what"] == CONTRACT]
    leases = spans.loc[spans["what"].str.startswith("Oracle's leases"), "end"]
    if contract.empty or leases.empty:
        return "How long each promise runs"
    decade = leases.max().year // 10 * 10
    start, end = (contract[day].iloc[0].year for day in ("start", "end"))
    return (
        f"If OpenAI's contract with Oracle starts in {start} it ends in {end}; Oracle's leases run into the {decade}s"
    )


def maturity_note(rows: list[pd.DataFrame]) -> str:
    """Return what is known of the terms that `maturities` draws."""
    contract, _, _, _, loan, loan_terms, _ = rows
    known = contract.dropna(subset=["start", "end"])
    is_by_year = ((known["start"].dt.dayofyear == 1) & (known["end"].dt.strftime("%m-%d") == "12-31")).any()
    notes = loan_terms.loc[loan_terms["note"] != "", "note"].tail(1) if len(loan) else []
    return " ".join(
        [f"Vantage's loan: {note[:1].lower()}{note[1:]}" for note in notes]
        + (["Start and end of the contract are known by year only."] if is_by_year else [])
        + (["Its start is the press's."] if known["note"].str.contains("is the press's").any() else [])
    )
