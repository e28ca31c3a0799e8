"""What goes missing if OpenAI pays half, on whom it falls and on whom it falls further: the table of the figure."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure import half

LEAST = 0.05  # US$ bn: less is not told
MOST_UNTESTED = 2  # suppliers without accounts that are named


def borne(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the table of `half.at_half` as it falls: each supplier with accounts, the others together.

    Returns
    -------
    DataFrame
        name, missing, passed and own (of it borne by itself, NaN where not known), anyway (what it would lack though
        OpenAI paid in full; US$ bn), is_tested, label (lines).
    """
    table = half.at_half(ledger, scenario)
    table = table[table["missing"] >= LEAST].assign(name=lambda frame: frame["name"].map(short_name))
    tested, others = table[table["has_accounts"]], table[~table["has_accounts"]]
    rows = [(r.name, r.missing, r.passed_on, r.anyway, True) for r in tested.itertuples(index=False)]
    if len(others):
        names = list(others["name"])
        told = formats.listed(names) if len(names) <= MOST_UNTESTED else f"{formats.spelled(len(names))} others"
        rows.append((told[:1].upper() + told[1:], others["missing"].sum(), 0.0, 0.0, False))
    frame = pd.DataFrame(rows, columns=["name", "missing", "passed", "anyway", "is_tested"])
    own = (frame["missing"] - frame["passed"]).where(frame["is_tested"].astype(bool))
    few = ["" if is_tested else "\n(too few accounts)" for is_tested in frame["is_tested"]]
    return frame.assign(own=own, label=frame["missing"].map(formats.whole_bn) + pd.Series(few, index=frame.index))


def borne_finding(table: pd.DataFrame) -> str:
    """Return in a sentence what suppliers lose at half pay and what lands on others, of a table of `borne`."""
    whole, passed = (formats.whole_bn(table[column].sum()) for column in ("missing", "passed"))
    told = f"If OpenAI pays half, {whole} goes missing"
    return f"{told}; {passed} lands on suppliers' creditors" if table["passed"].sum() >= 1 else told


def floor(table: pd.DataFrame) -> tuple[str, str]:
    """Return what falls on the creditors of suppliers and who they are, of a table of `borne`; empty where nothing."""
    passed = table[table["passed"] >= 1]
    if passed.empty:
        return "", ""
    pronoun = "them" if len(passed) > 1 else "it"
    who = f"those who build for {formats.listed(list(passed['name']))}, rent to {pronoun} and lend to {pronoun}"
    return formats.whole_bn(table["passed"].sum()), f"lands on {who}"


def beside(table: pd.DataFrame) -> tuple[float, str]:
    """Return what the suppliers in `floor` lack though OpenAI pays in full (US$ bn), and that it adds to the rest.

    Of a table of `borne`; 0 and no words where they lack nothing, or more than the picture of the missing sum can hold.
    """
    passed = table[table["passed"] >= 1]
    anyway = float(passed["anyway"].sum())
    if anyway < 1 or anyway + passed["passed"].sum() > table["missing"].sum():
        return 0.0, ""
    who, verb = formats.listed(list(passed["name"])), "lacks" if len(passed) == 1 else "lack"
    whole = formats.whole_bn(anyway + passed["passed"].sum())
    told = f"Grey: the {formats.whole_bn(anyway)} that {who} {verb} even if OpenAI pays in full"
    return anyway, f"{told}. In all, {whole} short."
