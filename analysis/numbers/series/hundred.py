"""Whom every hundred dollars go to that OpenAI is to pay, and how many of them are matched by those it pays."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import network
from analysis.models.circularity import returning
from analysis.numbers import formats
from analysis.numbers.circularity.measures import LAB, counted
from analysis.numbers.company_names import short_name

HUNDRED = 100


def payees(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return whom OpenAI is to pay at published prices, as `circularity.measures` counts it.

    Returns
    -------
    DataFrame
        The largest first: name, amount and back (US$ bn; ``back`` is matched by those it pays, each dollar once), share
        (per cent of the sum), dollars and dollars_back (of every hundred, whole, by largest remainder), is_own (whether
        its own money alone is as much as is matched).
    """
    known = counted(ledger, scenario)
    names = list(known.names)
    if LAB not in names:
        return pd.DataFrame(columns=["name", "amount", "back", "share", "dollars", "dollars_back", "is_own"])
    W, lab = known.flows(known.amounts(network.COUNTED)), names.index(LAB)
    frame = pd.DataFrame(
        {"name": [short_name(ledger.name(n)) for n in names], "amount": W[lab], "back": returning(W, lab)}
    )
    frame["is_own"] = W[:, lab] >= frame["back"] - 1e-6
    frame = frame[frame["amount"] > 0].sort_values(["amount", "name"], ascending=[False, True], ignore_index=True)
    parts = HUNDRED * frame[["amount", "back"]] / frame["amount"].sum()
    coming = whole_parts(parts["back"], round(parts["back"].sum()))
    rest = whole_parts(parts["amount"] - parts["back"], HUNDRED - coming.sum())
    return frame.assign(share=parts["amount"], dollars=coming + rest, dollars_back=coming)


def whole_parts(parts: pd.Series, total: int) -> pd.Series:
    """Return whole numbers near ``parts`` that sum to ``total``, by largest remainder."""
    if not total or not parts.sum():
        return pd.Series(0, index=parts.index)
    exact = parts * total / parts.sum()
    floors = np.floor(exact).astype(int)
    first = (exact - floors).sort_values(ascending=False, kind="stable").index[: total - floors.sum()]
    floors.loc[first] += 1
    return floors


def trip_finding(frame: pd.DataFrame) -> str:
    """Return in a short sentence how much of a hundred dollars is matched (see `payees`)."""
    back = HUNDRED * frame["back"].sum() / frame["amount"].sum()
    paid = "Of US$100 of OpenAI's priced orders"
    if not back:
        return f"{paid}, nothing is known to be matched by those it pays"
    told = "less than US$1" if back < 0.5 else f"about US${formats.rounded(back, 0)}"
    return f"{paid}, {told} is matched by money from those it pays"


class Leg(NamedTuple):
    """A part of the way of a hundred dollars: what happens, to which rows of `named` OpenAI pays, from which rows money
    can come back, and whether money comes from elsewhere."""

    told: str
    paid: tuple[int, ...] = ()
    rings: tuple[int, ...] = ()
    is_outside: bool = False


def legs(frame: pd.DataFrame) -> list[Leg]:
    """Return the way of a hundred dollars in sentences, from `named`; empty if none can come back."""
    rings = tuple(frame.index[frame["back"] > 0])
    if not rings:
        return []
    first, *others = (frame.loc[i] for i in rings)
    back, given = frame["back"].sum(), frame["back"] == 0
    told = [
        Leg(f"OpenAI has agreed to pay {first['name']} US${first['whole']} of every hundred.", rings[:1]),
        Leg(f"{_giver(first)} has put US${first['back']} into OpenAI, or promised it.", rings[:1], rings[:1]),
    ]
    told += [
        Leg(f"{r['name']} is to get US${r['whole']}. {_giver(r)} has put in or promised US${r['back']}.", (i,), (i,))
        for i, r in zip(rings[1:], others, strict=True)
    ]
    if given.any():
        names, verb = formats.listed(list(frame.loc[given, "name"])), "is" if given.sum() == 1 else "are"
        sum_ = frame.loc[given, "whole"].sum()
        told.append(Leg(f"{names} {verb} to get US${sum_}. None of it is matched.", tuple(frame.index[given])))
    end = f"So US${back} can come round."
    if back < HUNDRED:
        end += f" The other US${HUNDRED - back} would have to come from elsewhere."
    return [*told, Leg(end, (), rings, back < HUNDRED)]


def _giver(row: pd.Series) -> str:
    """Who has put in what matches a firm's bill."""
    return row["name"] if row["is_own"] else f"{row['name']}, or a firm that it pays,"


def named(frame: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return those who get a dollar of every hundred, those with a matched one first, the smallest together.

    Returns
    -------
    DataFrame
        At most ``most`` rows: name, whole and back (of every hundred, whole dollars), is_own (`payees`).
    """
    seen = frame[frame["dollars"] > 0].rename(columns={"dollars": "whole"})
    seen = seen.drop(columns="back").rename(columns={"dollars_back": "back"})[["name", "whole", "back", "is_own"]]
    seen = seen.sort_values(["back", "whole", "name"], ascending=[False, False, True], ignore_index=True)
    if len(seen) <= most:
        return seen
    kept, rest = seen.iloc[: most - 1], seen.iloc[most - 1 :]
    others = {"name": f"{len(rest)} others", "whole": rest["whole"].sum(), "back": rest["back"].sum()}
    others["is_own"] = False
    return pd.concat([kept, pd.DataFrame([others])], ignore_index=True)
