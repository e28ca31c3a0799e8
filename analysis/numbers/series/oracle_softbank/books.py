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
GUIDED = "spending, as guided"
LINE_NAMES = {CASH_IN: "brings in", SPENDING: "spends", GUIDED: "plans to spend"}
BRINGS, OWES, AT_MOST, BACKS = "OpenAI pays", "others owe", "others owe, at the longest", "NVIDIA guarantees"
CONTRACT, LEASES = "OpenAI's contract with Oracle", "Oracle's leases"
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
    share, part, _ = books.openai_share_of_backlog(f)
    rows = f.metric("oracle", "rpo")
    first, last = (formats.amount(v, "usd_bn") for v in rows["value"].iloc[[0, -1]])
    if share > 0:
        percent = formats.rounded(100 * share, 0)
        then = part["end"].iloc[0]
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


def cash_lines(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the lines of what `cash` gives: end, line (its name with its last value), value; and each line's kind."""
    known = frame[~frame["is_guided"]]
    parts = {kind: known[known["kind"] == kind] for kind in (CASH_IN, SPENDING)}
    if frame["is_guided"].any():
        parts[GUIDED] = frame[frame["is_guided"]]
    named = {f"{LINE_NAMES[kind]} {rows['label'].iloc[-1]}": (kind, rows) for kind, rows in parts.items() if len(rows)}
    lines = [rows.assign(line=name) for name, (_, rows) in named.items()]
    drawn = pd.concat(lines) if lines else frame.assign(line="")
    return drawn.reset_index(drop=True), {name: kind for name, (kind, _) in named.items()}


def cash_finding(ledger: Ledger, scenario: str = "central") -> str:
    """Return in a sentence how the guided spending compares with the cash that the business brings in."""
    found = books.oracle(ledger, scenario).by_name()
    cover, guided, flow = (found[name] for name in ("capex_cover", "capex_guidance", "ocf"))
    if not cover.value:
        return "Oracle's capex and its operating cash flow"
    notes = Facts(ledger, "oracle_softbank", scenario).last("oracle", "capex_guidance")["note"]
    limit = "up to " if notes.str.match(r"(?i)up to\b").any() else ""
    times = f"{limit}{formats.rounded(cover.value, 1)}"
    if not (guided.period and flow.period):
        return f"Oracle plans to spend {times} times its cash flow"
    return f"In {guided.period.words} Oracle plans to spend {times} times its cash flow of {flow.period.words}"


def maturities(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return how long the contract, leases and loans run, and the ledger's rows.

    Leases are drawn from the day on which the first of them is to begin, from the contract's start where Oracle has
    not said it; Vantage's loan from the day on which its term was known.

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
    dated = contract.dropna(subset=["start", "end"])
    commencing = lending.lease_beginnings(f)
    from_contract = dated["start"].iloc[0] if len(dated) else ledger.as_of
    leases_from = commencing[["start", "end"]].iloc[0] if len(commencing) else [from_contract] * 2
    signed = books.signing_day(f, "softbank-bridge-2026")
    spans = [
        *_dated(CONTRACT, dated, BRINGS),
        *_term(LEASES, lease_terms, *leases_from),
        *_term("Vantage's loan in Texas", loan_terms if len(loan) else loan, *[loan_terms["as_of"].min()] * 2),
        *(_dated("SoftBank's bridge loan", bridge.assign(start=signed), OWES) if pd.notna(signed) else []),
        *_dated("OpenAI's lease in Ohio, first part", ohio, BRINGS),
        *_dated("NVIDIA's guarantee in Ohio, first part", guarantee, BACKS),
    ]
    frame = pd.DataFrame(spans, columns=["what", "start", "end", "kind"])
    years = frame.groupby("what")["end"].transform(lambda ends: "–".join(dict.fromkeys(ends.dt.strftime("%Y"))))
    frame = frame.assign(label=years.where(~frame["what"].duplicated(keep="last"), ""))
    return frame, [contract, ohio, guarantee, lease_terms, commencing, loan, loan_terms, bridge]


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


def maturity_finding(spans: pd.DataFrame) -> str:
    """Return in a sentence how much longer Oracle's leases run than OpenAI's contract (see `maturities`)."""
    contract, leases = (spans[spans["what"] == what] for what in (CONTRACT, LEASES))
    if contract.empty or leases.empty:
        return "How long each promise runs"
    decade = leases["end"].max().year // 10 * 10
    years = round((contract["end"].iloc[0] - contract["start"].iloc[0]).days / periods.DAYS_PER_YEAR)
    return (
        f"OpenAI's contract runs about {formats.spelled(years)} year{'s' * (years > 1)}, "
        f"Oracle's leases into the {decade}s"
    )


def maturity_subtitle(rows: list[pd.DataFrame]) -> str:
    """Return from which day each promise of `maturities` is drawn."""
    *_, commencing, _, _, _ = rows
    begins = "the first of them is to begin" if len(commencing) else "the contract starts"
    return (
        f"From start to end, as reported. Oracle's leases, for all its customers, are drawn from when {begins}, "
        "loans from the day on which their term became known."
    )


def maturity_note(rows: list[pd.DataFrame]) -> str:
    """Return what is known of the terms that `maturities` draws."""
    contract, *_, loan, loan_terms, _ = rows
    known = contract.dropna(subset=["start", "end"])
    is_by_year = ((known["start"].dt.dayofyear == 1) & (known["end"].dt.strftime("%m-%d") == "12-31")).any()
    notes = loan_terms.loc[loan_terms["note"] != "", "note"].tail(1) if len(loan) else []
    return " ".join(
        [f"Vantage's loan: {note[:1].lower()}{note[1:]}" for note in notes]
        + (["Start and end of the contract are known by year only."] if is_by_year else [])
        + (["Its start is the press's."] if known["note"].str.contains("is the press's").any() else [])
    )
