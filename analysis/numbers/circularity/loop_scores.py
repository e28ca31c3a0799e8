"""Loop scores that others publish, beside our measure of the same pairs."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers.circularity.measures import facts, network_edges
from analysis.numbers.facts import NAN
from analysis.numbers.results import Results

SCORE = "loop_score_"  # of a pair, by the keys of both: loop_score_microsoft_openai
TOLD = "loop_score_microsoft_openai"  # the pair of which the chapter tells


def published(ledger: Ledger) -> pd.DataFrame:
    """Return the rows of outside models that score the loop of a pair."""
    rows = ledger.outside_models
    return rows[rows["quantity"].str.startswith(SCORE)]


def pair_of(quantity: str, entities: set[str]) -> tuple[str, str] | None:
    """Return the keys of the two entities that a score's name joins, None where they are not in the ledger."""
    parts = quantity.removeprefix(SCORE).split("_")
    splits = (("_".join(parts[:i]), "_".join(parts[i:])) for i in range(1, len(parts)))
    return next((pair for pair in splits if entities.issuperset(pair)), None)


def rival(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the published loop scores beside our measure of the same pairs.

    Returns
    -------
    DataFrame
        One row a pair: quantity (the score's name), pair (in words), theirs, ours (shares of 1), there, back (US$ bn).
        Ours is twice the smaller of the two payments over both.
    """
    amounts = network_edges(ledger, scenario).set_index(["payer", "payee"])["amount"]
    entities = set(ledger.entities["entity"])
    rows = []
    for quantity, theirs in published(ledger).groupby("quantity")["value"].last().items():
        pair = pair_of(str(quantity), entities)
        if pair is None:
            continue
        there, back = float(amounts.get(pair, 0.0)), float(amounts.get(pair[::-1], 0.0))
        ours = 2 * min(there, back) / (there + back) if there + back else 0.0
        words = " and ".join(ledger.name(p) for p in pair)
        rows.append((quantity, words, float(theirs), ours, there, back))
    return pd.DataFrame(rows, columns=["quantity", "pair", "theirs", "ours", "there", "back"])


def scores(ledger: Ledger, scenario: str = "central") -> Results:
    """The rival's score and ours for the best-known pair."""
    f = facts(ledger, scenario)
    table, known = rival(ledger, scenario), published(ledger)
    told = table[table["quantity"] == TOLD]
    theirs, ours = told[["theirs", "ours"]].iloc[0] if len(told) else (NAN, NAN)
    return Results(
        [
            f.result("has_rival", "Another loop score is published", len(told) > 0, "flag", known),
            f.result("rival_score", "Loop score of Microsoft and OpenAI, as published", 100 * theirs, "pct", known),
            f.result(
                "our_score",
                "Share of the money between Microsoft and OpenAI that goes both ways",
                100 * ours,
                "pct",
                known,
                how="Twice the smaller of the two flows over both.",
            ),
        ]
    )
