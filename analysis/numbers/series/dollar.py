"""The trip of one dollar: what OpenAI's partner in the widest loop pays it, and what comes back for orders."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.circularity import loops, measures
from analysis.numbers.company_names import short_name


def trip(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the widest loop if it is OpenAI's with one partner, and the deals behind it.

    Returns
    -------
    DataFrame
        One row or none: name (the partner), given (to OpenAI), owed (by OpenAI) and home (what of both can come back),
        US$ bn at the middle of ranges; is_scene (shares are bought and computing is sold).
    list of DataFrame
        Deals between the two.
    """
    found = loops.rings(ledger, scenario).by_name()
    name, given, owed = (found[key].value for key in ("pair_name", "pair_in", "pair_out"))
    columns = ["name", "given", "owed", "home", "is_scene"]
    if name is None:
        return pd.DataFrame(columns=columns), []
    row = (name, given, owed, min(float(str(given)), float(str(owed))), found["is_pair_scene"].value)
    return pd.DataFrame([row], columns=columns), [behind(ledger, str(name), scenario)]


def behind(ledger: Ledger, partner: str, scenario: str) -> pd.DataFrame:
    """Return the payments between OpenAI and a partner, by its short name, and the firms that are one with it."""
    deals = measures.payments(measures.facts(ledger, scenario))
    names = {key: short_name(ledger.name(key)) for key in {*deals["payer"], *deals["payee"]}}
    own = [key for key, name in names.items() if name == partner]
    sides = (deals["payer"].isin(own) & deals["payee"].eq("openai")) | (
        deals["payee"].isin(own) & deals["payer"].eq("openai")
    )
    return deals[sides & (deals["low_usd_bn"].notna() | deals["high_usd_bn"].notna())]


def steps(row: pd.Series) -> list[tuple[str, str]]:
    """Return the four steps of a trip (see `trip`), and last what others have to bring: what happens, and to what."""
    given, owed, home, rest = (
        formats.amount(v, "usd_bn") for v in (row["given"], row["owed"], row["home"], row["owed"] - row["home"])
    )
    first, second, last = (
        ("for shares", f"OpenAI's models run on {row['name']}'s computers", "the dollar, a sale and the shares")
        if row["is_scene"]
        else ("put in", f"OpenAI orders from {row['name']}", "the dollar and a sale")
    )
    return [
        (f"1  {given}", first),
        ("2  The order", second),
        (f"3  {owed}", f"for the bill: {home} can be {row['name']}'s own"),
        ("4  Home again", last),
        (rest, "from others") if row["owed"] > row["home"] else ("", ""),
    ]


def finding(row: pd.Series) -> str:
    """Return in a sentence what of the partner's money can come home (see `trip`)."""
    given, owed = (formats.amount(row[side], "usd_bn") for side in ("given", "owed"))
    if row["owed"] > row["given"]:
        return f"{row['name']}'s {given} can come home, but OpenAI's order there is {owed}"
    return f"Of {row['name']}'s {given} in OpenAI, {owed} can come home"
