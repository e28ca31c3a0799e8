"""What Oracle and SoftBank owe and how long each promise runs: the tables of the figures, and their findings."""

import re

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals, periods
from analysis.numbers import formats
from analysis.numbers.facts import Facts, value
from analysis.numbers.oracle_softbank import books
from analysis.numbers.vintages import story_start

OPENAI, OTHERS, NOT_SPLIT = "OpenAI, per press", "all other customers", "not split"
CASH_IN, SPENDING, FREE_CASH = "cash from the business", "capital spending", "free cash flow"
DEBT, LEASES = "debt without leases", "leases signed, not begun"
SHARES_BOUGHT, BORROWED, SHARES_SOLD = "uses: shares bought", "sources: loans", "sources: shares sold"
BRINGS, OWES = "brings money in", "must be paid"
INTO_OPENAI, LOANS = "into OpenAI", "borrowed, gross"
CONTRACT = "OpenAI's contract with Oracle"


def _facts(ledger: Ledger, scenario: str = "central") -> Facts:
    return Facts(ledger, "oracle_softbank", scenario)


def backlog(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return Oracle's backlog at the end of each quarter.

    Returns
    -------
    DataFrame
        Its parts: quarter, part, value (US$ bn).
    DataFrame
        The whole: quarter, value, openai (NaN where no part is named; US$ bn), label; oldest first.
    """
    f = _facts(ledger, scenario)
    whole = f.metric("oracle", "rpo").drop_duplicates("end", keep="last")
    _, part, _ = books.openai_share_of_backlog(f)
    frame = pd.DataFrame(
        {
            "quarter": whole["end"].dt.strftime("%b %Y"),
            "value": whole["value"],
            "openai": whole["end"].map(part.set_index("end")["value"]),
            "label": [formats.rounded(v, 0) for v in whole["value"]],
        }
    ).reset_index(drop=True)
    rest = frame["value"] - frame["openai"].fillna(0.0)
    others = frame["openai"].isna().map({True: NOT_SPLIT, False: OTHERS})
    parts = pd.concat(
        [
            frame[["quarter"]].assign(part=others, value=rest),
            frame[["quarter"]].assign(part=OPENAI, value=frame["openai"]),
        ]
    )
    return parts.dropna(subset=["value"]).reset_index(drop=True), frame


def backlog_finding(ledger: Ledger, scenario: str = "central") -> str:
    """Return in a sentence OpenAI's share of Oracle's backlog, or how the backlog has moved."""
    f = _facts(ledger, scenario)
    share, _, _ = books.openai_share_of_backlog(f)
    if share > 0:
        return f"About {formats.rounded(100 * share, 0)}% of Oracle's backlog is one customer"
    rows = f.metric("oracle", "rpo")
    first, last = (formats.amount(v, "usd_bn") for v in rows["value"].iloc[[0, -1]])
    quarters = round((rows["end"].iloc[-1] - rows["end"].iloc[0]).days / periods.DAYS_PER_YEAR * 4)
    if not quarters:
        return f"Oracle's backlog is {last}"
    return f"Oracle's backlog went from {first} to {last} in {formats.counted(quarters, 'quarter', 'quarters')}"


def cash(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return what Oracle's business brings in and what it spends, in years and guided, and the ledger's rows.

    Returns
    -------
    DataFrame
        year (in words), kind, value (US$ bn), label; by the year's end.
    list of DataFrame
        The rows behind it.
    """
    f = _facts(ledger, scenario)
    lines = {"operating_cash_flow": CASH_IN, "capex": SPENDING, "free_cash_flow": FREE_CASH}
    parts = [
        periods.years(f.metric("oracle", metric, basis="actual")).assign(kind=kind, how="to")
        for metric, kind in lines.items()
    ]
    parts.insert(2, f.last("oracle", "capex_guidance").assign(kind=SPENDING, how="guided to"))
    rows = pd.concat(parts)
    rows = rows[rows["end"].notna()].drop_duplicates(["end", "how", "kind"], keep="last")
    rows = rows.sort_values(["end", "how"], kind="stable")
    frame = pd.DataFrame(
        {
            "year": [f"Year {r.how} {r.end:%b %Y}" for r in rows.itertuples()],
            "kind": rows["kind"].to_numpy(),
            "value": rows["value"].to_numpy(float),
            "label": [formats.amount(v, "usd_bn", has_unit=False) for v in rows["value"]],
        }
    )
    return frame, parts


def cash_finding(ledger: Ledger, scenario: str = "central") -> str:
    """Return in a sentence how the guided spending compares with the cash that the business brings in."""
    found = books.oracle(ledger, scenario).by_name()
    cover, guided, flow = (found[name] for name in ("capex_cover", "capex_guidance", "ocf"))
    if not cover.value:
        return "Oracle's capex and its operating cash flow"
    times = formats.rounded(cover.value, 1)
    if not (guided.period and flow.period):
        return f"Oracle's guided capex is {times} times its operating cash flow"
    return (
        f"Oracle's capex guidance for {guided.period.words} is {times} times its operating cash flow of "
        f"{flow.period.words}"
    )


def debt(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return Oracle's debt and its leases that have not begun: rows of metrics with line and label, oldest first."""
    f = _facts(ledger, scenario)
    rows = pd.concat(
        [
            f.metric("oracle", metric).assign(line=line)
            for metric, line in (("total_debt", DEBT), ("leases_not_commenced", LEASES))
        ]
    )
    rows = rows[rows["end"].notna()].sort_values("end", kind="stable")
    return rows.assign(label=[formats.rounded(v, 0) for v in rows["value"]])


def debt_finding(rows: pd.DataFrame) -> str:
    """Return in a sentence how the leases of `debt` compare with the debt."""
    owed, leased = (value(rows[rows["line"] == line]) for line in (DEBT, LEASES))
    if leased > 2 * owed:
        reached = formats.amount(leased, "usd_bn")
        return f"Leases Oracle has signed but not begun reached {reached}, more than twice its debt"
    if pd.isna(owed):
        return "Leases Oracle has signed but not begun"
    return f"Oracle owes {formats.amount(owed, 'usd_bn')}" + (
        ", and its unstarted leases are on top" if leased > 0 else ""
    )


def softbank_deals(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return SoftBank's uses and sources since the story starts: rows of deals with side, use, money and the names."""
    f = _facts(ledger, scenario)
    bought, borrowed, sold = (
        rows[rows["first_as_of"] >= story_start(ledger)]
        for rows in (
            f.payments(payer="softbank", kind="equity"),
            f.payments(payee="softbank", kind="debt"),
            f.payments(payer="market-investors", payee="softbank"),
        )
    )
    is_openai = bought["payee"] == "openai"
    rows = pd.concat(
        [
            bought[is_openai].assign(side="uses", use=INTO_OPENAI, money=SHARES_BOUGHT),
            bought[~is_openai].assign(side="uses", use="other purchases", money=SHARES_BOUGHT),
            borrowed.assign(side="sources", use=LOANS, money=BORROWED),
            sold.assign(side="sources", use="shares sold", money=SHARES_SOLD),
        ]
    )
    return rows.assign(
        payer_name=[ledger.name(p) for p in rows["payer"]], payee_name=[ledger.name(p) for p in rows["payee"]]
    )


def softbank_sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of `softbank_deals` by use if an amount is published: side, use, money, value (US$ bn), label."""
    sums = []
    for (side, use, money), part in rows.groupby(["side", "use", "money"], sort=False):
        total = deals.total(part)
        label = formats.quantity(None, "usd_bn", total.low, total.high, total.is_open, has_unit=False)
        sums.append((side, use, money, total.high, label))
    frame = pd.DataFrame(sums, columns=["side", "use", "money", "value", "label"])
    return frame[frame["value"] > 0].reset_index(drop=True)


def softbank_finding(ledger: Ledger, sums: pd.DataFrame) -> str:
    """Return in a sentence what SoftBank has promised OpenAI and borrowed since the year in which the story starts."""
    known = sums.set_index("use")["value"]
    if not {INTO_OPENAI, LOANS} <= set(known.index):
        return "What SoftBank has promised and where the money comes from"
    promised, borrowed = (formats.amount(known[use], "usd_bn") for use in (INTO_OPENAI, LOANS))
    return f"SoftBank has promised OpenAI {promised} since {story_start(ledger).year} and borrowed {borrowed}"


def lengths(words: str) -> list[int]:
    """Return the years that words tell: 15 and 19 for ``15-19 years``, 15 for ``15 years on average``, else none."""
    found = re.search(r"\b(\d{1,2})(?:-(\d{1,2}))? years?\b", words)
    return [int(n) for n in found.groups() if n] if found else []


def maturities(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return how long the contract, leases and loans run, and the ledger's rows.

    Leases are drawn from the contract's start, the developers' loans from the day on which they were first heard of.

    Returns
    -------
    DataFrame
        what, start, end, kind (`BRINGS` or `OWES`), label (the year of the end).
    list of DataFrame
        The rows behind it.
    """
    f = _facts(ledger, scenario)
    contract, bridge, loan = (
        f.deal(k) for k in ("openai-oracle-compute", "softbank-bridge-2026", "vantage-frontier-loan")
    )
    lease_terms, loan_terms = f.term("oracle-lease-terms"), f.term("vantage-frontier-loan-term")
    dated = contract.dropna(subset=["start", "end"])
    leases_from = dated["start"].iloc[0] if len(dated) else ledger.as_of
    spans = [(CONTRACT, r.start, r.end, BRINGS) for r in dated.itertuples()]
    for name, rows, start in (
        ("Oracle's leases", lease_terms, leases_from),
        ("Developers' loans", loan_terms if len(loan) else loan, loan["first_as_of"].min()),
    ):
        for years in lengths(rows["after"].iloc[0]) if len(rows) else []:
            spans.append((f"{name}, {years} years", start, start + pd.DateOffset(years=years), OWES))
    signed = books.signing_day(f, "softbank-bridge-2026")
    if pd.notna(signed):
        spans += [("SoftBank's bridge loan", signed, r.end, OWES) for r in bridge.dropna(subset=["end"]).itertuples()]
    frame = pd.DataFrame(spans, columns=["what", "start", "end", "kind"])
    frame = frame.assign(label=[f"{end:%Y}" for end in frame["end"]])
    return frame, [contract, lease_terms, loan, loan_terms, bridge]


def maturity_finding(spans: pd.DataFrame) -> str:
    """Return in a sentence how much longer the leases run than the contract that pays for them (see `maturities`)."""
    contract = spans.loc[spans["what"] == CONTRACT, "end"]
    leases = spans.loc[spans["what"].str.startswith("Oracle's leases"), "end"]
    if contract.empty or leases.empty:
        return "How long each promise runs"
    decade = leases.max().year // 10 * 10
    return f"OpenAI's contract ends in {contract.iloc[0].year}; the leases signed for it run into the {decade}s"


def maturity_note(rows: list[pd.DataFrame]) -> str:
    """Return what is known of the terms that `maturities` draws."""
    contract, _, loan, loan_terms, _ = rows
    known = contract.dropna(subset=["start", "end"])
    is_by_year = ((known["start"].dt.dayofyear == 1) & (known["end"].dt.strftime("%m-%d") == "12-31")).any()
    notes = loan_terms.loc[loan_terms["note"] != "", "note"].tail(1) if len(loan) else []
    return " ".join(
        [f"Developers' loans: {note[:1].lower()}{note[1:]}" for note in notes]
        + (["Start and end of the contract are known by year only."] if is_by_year else [])
    )
