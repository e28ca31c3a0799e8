"""What each supplier goes without if OpenAI pays half of each contract, and what of it lands on its own creditors."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers.exposure.accounts import accounts, choices
from analysis.numbers.exposure.liabilities import BUILDERS
from analysis.numbers.exposure.owed import facts
from analysis.numbers.exposure.stress import grid
from analysis.numbers.facts import NAN, names, value
from analysis.numbers.quantities import outstanding_supply
from analysis.numbers.results import Results

ORACLE = "oracle"
LEAST = 0.05  # US$ bn: less is not told


def at_half(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return what half pay costs each supplier in all years, and what of it the supplier cannot pay others.

    Both are beyond what is missing though OpenAI pays in full.

    Returns
    -------
    DataFrame
        One row a supplier, who misses most first: party, name, missing (US$ bn that it does not get), passed_on (US$
        bn that it cannot pay its own creditors; 0 where its accounts are not known), anyway (what it cannot pay them
        though OpenAI pays in full, which comes on top; US$ bn) and has_accounts.
    """
    table = grid(ledger, scenario)
    table = table[(table["party"] != BUILDERS) & table["share"].isin([0.5, 1.0])]
    keys = ["party", "name", "has_accounts"]
    sums = table.groupby([*keys, "share"], as_index=False)[["not_received", "not_paid"]].sum()
    half, full = (sums[sums["share"] == share].set_index(keys) for share in (0.5, 1.0))
    frame = pd.DataFrame(
        {
            "missing": half["not_received"] - full["not_received"],
            "passed_on": (half["not_paid"] - full["not_paid"]).clip(lower=0.0),
            "anyway": full["not_paid"],
        }
    ).reset_index()
    return frame.sort_values(["missing", "party"], ascending=[False, True], kind="stable", ignore_index=True)


def half_of_oracle(ledger: Ledger, scenario: str = "central") -> Results:
    """What Oracle goes without if OpenAI pays half, and what of it lands on those whom Oracle pays."""
    f = facts(ledger, scenario)
    table = at_half(ledger, scenario)
    row = table[(table["party"] == ORACLE) & table["has_accounts"]] if len(table) else table
    owes = outstanding_supply(f)
    books = accounts(f, ORACLE, choices(f)) if len(row) else None
    rows = [owes[owes["payee"] == ORACLE], *(books.rows if books else [])]
    missing, passed = (value(row, column) if len(row) else NAN for column in ("missing", "passed_on"))
    passing = table[table["has_accounts"] & (table["passed_on"] >= LEAST)] if len(table) else table
    cash = f.last(ORACLE, "cash").dropna(subset=["end"])
    cash_day = f"{cash['end'].iloc[0]:%Y-%m-%d}" if len(cash) else None
    how = "Own cash and cash flow without OpenAI, guided spending, leases; no new loans; choices as in the assumptions."
    return Results(
        [
            f.result("oracle_half", "What Oracle would miss if OpenAI paid half", missing, "usd_bn", *rows, how=how),
            f.result(
                "oracle_half_behind",
                "Of it, what Oracle could then not pay its own creditors",
                passed,
                "usd_bn",
                *rows,
                how=how,
            ),
            f.result("has_oracle_half", "Half pay can be tested on Oracle", len(row) > 0, "flag", *rows),
            f.result(
                "is_oracle_passing_on", "At half pay Oracle fails to pay others, too", bool(passed >= 1), "flag", *rows
            ),
            f.result(
                "passing", "Suppliers that at half pay fail to pay others", names(passing) or None, "text", owes, *rows
            ),
            f.result("oracle_cash_day", "Day of the cash that the test counts for Oracle", cash_day, "date", cash),
        ]
    )
