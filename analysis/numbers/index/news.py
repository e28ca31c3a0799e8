"""What the first page says of its day: what moved last, and how large the ledger is."""

from typing import Any

import pandas as pd

from analysis.ledger import Ledger, compare, without_confirmations
from analysis.ledger.schema import CANCELLED
from analysis.models import deals as counted
from analysis.numbers import references, vintages
from analysis.numbers.facts import Facts
from analysis.numbers.ledger_words import deal_moves, status_words
from analysis.numbers.results import Results
from analysis.numbers.words import DEAL_WORDS

ROLES = {"total": "counted in other rows", "claim": "a plan and no contract", "contingent": "conditional"}
SCOPES = ("openai", "chain")  # of deals: OpenAI's own, and those of its partners that its money or theirs runs on to
CONDITIONAL = ("guarantee", "warrant")  # kinds that say so themselves


def recent_rows(ledger: Ledger, since: pd.Timestamp, is_around_openai: bool = False) -> pd.DataFrame:
    """Rows of deals after a day that say something new: a row that only confirms is left out.

    ``is_around_openai`` leaves out the deals of others that only serve to compare.
    """
    deals = ledger.history["deals"]
    moved = without_confirmations(compare(ledger.at(since.date()), ledger, ("deals",)))
    rows = deals[(deals["as_of"] > since) & deals["deal"].isin(moved["key"])]
    rows = rows[rows["scope"].isin(SCOPES)] if is_around_openai else rows
    return rows.sort_values(["as_of", "deal"], ascending=[False, True])


def recent_changes(ledger: Ledger, since: pd.Timestamp, is_around_openai: bool = False) -> pd.DataFrame:
    """`recent_rows` with ``state`` (the status, the kind of money and what the row is) and ``said`` (what is new)."""
    history = ledger.history["deals"].sort_values("as_of", kind="stable")
    rows = recent_rows(ledger, since, is_around_openai)
    earlier = [history[(history["deal"] == r.deal) & (history["as_of"] < r.as_of)] for r in rows.itertuples()]
    cells = [{str(column): cell for column, cell in row.items()} for row in rows.to_dict("records")]
    return rows.assign(
        state=[_state(row, before) for row, before in zip(cells, earlier, strict=True)],
        said=[_said(row, before) for row, before in zip(cells, earlier, strict=True)],
    )


def _state(row: dict[str, Any], before: pd.DataFrame) -> str:
    was_agreed = (before["status"] != counted.REPORTED).any()
    is_off = row["status"] == CANCELLED and not was_agreed
    status = "came to nothing" if is_off else status_words(row)
    role = "" if row["kind"] in CONDITIONAL else ROLES.get(row["role"], "")
    return ", ".join(filter(None, [DEAL_WORDS[row["kind"]].name, status, role]))


def _said(row: dict[str, Any], before: pd.DataFrame) -> str:
    if before.empty:
        return "; ".join(filter(None, ["new", row["condition"]]))
    last = before.iloc[-1].to_dict()
    moves = deal_moves(last, row)
    # The press counts a campus by its power plants, its contract by the computers: one gigawatt was not the other.
    unlike = ("capacity",) if last["status"] == counted.REPORTED != row["status"] else ()
    told = "; ".join(
        _moved(what, "" if what in unlike else was, now) for what, was, now in moves if what != "condition"
    )
    return told or ("new terms" if moves else "restated")


def _moved(what: str, was: str, now: str) -> str:
    if not now:
        return f"{what} no longer stated"
    return f"{now} (was {was})" if was else f"{what} {now}"


def news(ledger: Ledger, scenario: str = "central") -> Results:
    """How much moved in the last month."""
    f = Facts(ledger, "index", scenario)
    since = ledger.as_of - pd.Timedelta(days=30)
    recent = recent_rows(ledger, since, is_around_openai=True)
    key_day = vintages.known(ledger)[-1]
    is_key_day = bool((ledger.vintages["as_of"] == ledger.as_of).any())
    return Results(
        [
            f.result("is_key_day", "The report stands on a key day", is_key_day, "flag"),
            f.result("day_sentence", "What made the day of the report matter", key_day.sentence, "text"),
            f.result("as_of", "Report as of", f"{ledger.as_of:%Y-%m-%d}", "date"),
            f.result(
                "moved",
                "Statements about the money around OpenAI in the thirty days before the report that say something new",
                len(recent),
                "count",
                how="Rows of deals that are new or change an amount, a state, a day or a condition.",
            ),
            f.result("deals", "Deals in the ledger", len(ledger.deals), "count"),
            f.result("sources", "Pages on which the facts rest", len(references.cited(ledger)), "count"),
        ]
    )
