"""How long OpenAI has promised Oracle to pay, and Oracle its landlords: the bars of the figure, and what it finds."""

import pandas as pd

from analysis.models import periods
from analysis.numbers.series.oracle_softbank.books import ABILENE, AT_MOST, CONTRACT, LEASES, OHIO, OWES

NAMES = {
    CONTRACT: "OpenAI pays Oracle",
    ABILENE: "Oracle pays rent for Abilene",
    LEASES: "Oracle pays rent for buildings to come",
    OHIO: "In Ohio OpenAI pays the rent itself",
}
RENT = (ABILENE, LEASES)
ALONE, AT_MOST_ALONE = "rent outside OpenAI's contract", "rent outside OpenAI's contract, if leases run longest"
# OpenAI's contract is for capacity on top of Abilene; for that campus neither its price nor its term is published.
APART, UNKNOWN = "rent of a campus that OpenAI's contract leaves out", "; OpenAI's terms not published"
ABILENE_DRAWN = "Abilene's rent: its start is not published; drawn from the day on which the term became known."
Gap = tuple[str, pd.Timestamp, pd.Timestamp, tuple[str, str]]  # row, from, to, words


def drawn(spans: pd.DataFrame) -> pd.DataFrame:
    """Return those of `books.maturities` that are drawn, in the order of `NAMES`: with name and detail (its years).

    Rent of Oracle's is parted where OpenAI's contract with it begins and ends; what is due outside it is `ALONE`. The
    contract leaves Abilene out, so its rent is `APART` throughout.
    """
    mine = spans[spans["what"].isin(list(NAMES))]
    if mine.empty:
        return mine.assign(name="", detail="")
    begin = mine.groupby("what")["start"].transform("min").dt.strftime("%Y")
    ends = mine.groupby("what")["label"].transform(lambda labels: "".join(labels))
    order = mine["what"].map([*NAMES].index)
    told = [
        f"{a} to {b}" if "–" not in b else f"{a} to between {b.replace('–', ' and ')}"
        for a, b in zip(begin, ends, strict=True)
    ]
    frame = mine.assign(name=mine["what"].map(NAMES), detail=told, order=order)
    return _parted(frame.sort_values("order", kind="stable", ignore_index=True))


def _parted(frame: pd.DataFrame) -> pd.DataFrame:
    """The bars with Oracle's rent in three: before OpenAI's contract, under it and after it."""
    contract = frame[frame["what"] == CONTRACT]
    if contract.empty:
        return frame
    first, last = contract["start"].min(), contract["end"].max()
    rent, apart = frame[frame["what"] == LEASES], frame[frame["what"] == ABILENE].assign(kind=APART)
    outside = rent["kind"].map({OWES: ALONE, AT_MOST: AT_MOST_ALONE})
    before = rent.assign(end=rent["end"].clip(upper=first), kind=outside)
    under = rent.assign(start=rent["start"].clip(lower=first), end=rent["end"].clip(upper=last))
    after = rent.assign(start=rent["start"].clip(lower=last), kind=outside)
    others = frame[~frame["what"].isin(RENT)]
    parts = pd.concat([others, apart, before, under, after]).query("end > start")
    parts = parts.sort_values(["order", "start"], ignore_index=True)
    detail = parts["detail"] + parts["kind"].map({APART: UNKNOWN}).fillna("")
    return parts.assign(detail=detail)


def longest_rent(spans: pd.DataFrame) -> pd.DataFrame:
    """Return the lease of Oracle's that ends last, and its first span (rows of `books.maturities`, or none)."""
    rent = spans[spans["what"].isin(RENT)]
    return rent[rent["what"] == rent.loc[rent["end"].idxmax(), "what"]] if len(rent) else rent


def gap(spans: pd.DataFrame) -> Gap | None:
    """Return the years after OpenAI's contract in which Oracle owes rent of its leases, None where there are none."""
    contract, rent = spans[spans["what"] == CONTRACT], spans[spans["what"] == LEASES]
    if contract.empty or rent.empty or rent["end"].max() <= contract["end"].max():
        return None
    start, end = contract["end"].max(), rent["end"].max()
    years = int((end - start).days / periods.DAYS_PER_YEAR)
    more = f"for up to {years} years" if years > 1 else "in the year after"
    return NAMES[CONTRACT], start, end, ("rent without OpenAI's promise", more)


def finding(spans: pd.DataFrame) -> str:
    """Return in a sentence how many years OpenAI has promised Oracle and Oracle its landlords (`books.maturities`)."""
    contract, leases = spans[spans["what"] == CONTRACT], longest_rent(spans)
    if contract.empty or leases.empty:
        return "How long each promise runs"
    promised = round(_years(contract["start"].iloc[0], contract["end"].iloc[0]))
    least = round(_years(leases["start"].iloc[0], leases["end"].iloc[0]))
    more = " or more" if len(leases) > 1 else ""
    told = f"{promised} year{'s' * (promised > 1)}"
    return f"OpenAI has promised Oracle about {told}; Oracle has promised landlords {least}{more}"


def _years(start: pd.Timestamp, end: pd.Timestamp) -> float:
    return (end - start).days / periods.DAYS_PER_YEAR


def subtitle(spans: pd.DataFrame) -> str:
    """Return what the bars are, of the spans of `books.maturities`."""
    has_rent = (spans["what"] == LEASES).any() and (spans["what"] == CONTRACT).any()
    is_pale = spans["what"].eq(ABILENE).any() or spans["kind"].eq(AT_MOST).any()
    red = " Purple: rent that OpenAI's contract covers; red: rent that it does not." if has_rent else ""
    return f"Each block is a year.{red}{' Pale: not certain.' if is_pale else ''}"


def note(spans: pd.DataFrame, rows: list[pd.DataFrame]) -> str:
    """Return what is known of the terms, of what `books.maturities` gives."""
    contract = rows[0].dropna(subset=["start", "end"])
    is_by_year = (contract["start"].dt.dayofyear == 1) & (contract["end"].dt.strftime("%m-%d") == "12-31")
    has, commencing = set(spans["what"]), rows[5]
    begins = "from when the first of them is to begin" if len(commencing) else "from the contract's start"
    return " ".join(
        (["Start and end of the contract are known by year only."] if is_by_year.any() else [])
        + (["Its start is from press reports."] if contract["note"].str.contains("is the press's").any() else [])
        + ([ABILENE_DRAWN] if ABILENE in has else [])
        + ([f"Buildings to come are for all of Oracle's customers, drawn {begins}."] if LEASES in has else [])
    )
