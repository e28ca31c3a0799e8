"""The sources under a figure: those of the rows that it draws or computes with, by what they give where many do."""

from collections.abc import Mapping

import pandas as pd

from analysis.models import deals as counted
from analysis.models.deals import money_of
from analysis.numbers.evidence import pages
from analysis.numbers.words import MONEY_WORDS

Rows = list[pd.DataFrame] | Mapping[str, list[pd.DataFrame]]


def priced(deals: pd.DataFrame) -> pd.DataFrame:
    """Return the deals with a published amount: one without it adds nothing to a sum."""
    return deals[~counted.is_unpriced(deals)]


def unpriced(deals: pd.DataFrame) -> pd.DataFrame:
    """Return the deals without a published amount: a figure that counts or names them rests on them too."""
    return deals[counted.is_unpriced(deals)]


def by_money(deals: pd.DataFrame) -> dict[str, list[pd.DataFrame]]:
    """Return deals by the kind of money that they move, in readers' words; a kind without a deal is left out."""
    kinds = deals["kind"].map(money_of)
    return {words.heading: [deals[kinds == money]] for money, words in MONEY_WORDS.items() if kinds.eq(money).any()}


def frames(rows: Rows) -> list[pd.DataFrame]:
    """Return the frames of a figure's rows that are not empty, grouped or not."""
    parts = rows if isinstance(rows, list) else [frame for group in rows.values() for frame in group]
    return [frame for frame in parts if len(frame)]


def source_groups(rows: Rows) -> dict[str, list[str]]:
    """Return the keys of the sources of each group of rows, each once in a group; those without a group as ``""``."""
    groups = {"": rows} if isinstance(rows, list) else rows
    found = {
        name: list(dict.fromkeys(s for frame in parts if len(frame) for s in pages(frame)))
        for name, parts in groups.items()
    }
    return {name: keys for name, keys in found.items() if keys}
