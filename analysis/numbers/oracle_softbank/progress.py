"""How sites are named, and which of them do not go ahead."""

import pandas as pd

from analysis.numbers import formats
from analysis.numbers.words import COUNTRIES


def short_name(site: pd.Series) -> str:
    """Return a site's name without its other names and without the programme: ``Abilene``, ``UK``."""
    return str(site["name"]).split(" (")[0].removeprefix("Stargate ")


def site_name(site: pd.Series) -> str:
    """Return a site's short name with its state, or with its country if it is abroad."""
    name = short_name(site)
    place = site["region"] if site["country"] == "US" else COUNTRIES.get(site["country"], site["country"])
    return name if not place or place in name or name in place or name in ("UK", "UAE") else f"{name}, {place}"


def stopped_in_words(paused: pd.DataFrame, former: pd.DataFrame) -> str:
    """Return how many sites (rows) are paused and how many went to others or were dropped, each by name.

    ``one is paused (UK) and two are no longer OpenAI's (Abilene expansion and Norway)``; empty without any.
    """
    told = []
    for rows, words in ((paused, "paused"), (former, "no longer OpenAI's")):
        if len(rows):
            names = formats.listed(sorted(short_name(site) for _, site in rows.iterrows()))
            told.append(f"{formats.spelled(len(rows))} {'is' if len(rows) == 1 else 'are'} {words} ({names})")
    return formats.listed(told)
