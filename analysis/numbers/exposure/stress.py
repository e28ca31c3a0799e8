"""What is missed when OpenAI pays only a share of its contracts, year after year, and who cannot do without them."""

import itertools

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import clearing
from analysis.numbers import formats, quantities
from analysis.numbers.exposure.accounts import Choices, accounts, choices, horizon
from analysis.numbers.exposure.liabilities import BUILDERS, Network, network, suppliers
from analysis.numbers.exposure.owed import exposures, facts
from analysis.numbers.exposure.reverse import TRIED, distress, reverse
from analysis.numbers.facts import NAN, Facts, names, ratio, text, value
from analysis.numbers.results import Results

SHARES = (1.0, 0.75, 0.5, 0.25, 0.0)  # of its contracts that OpenAI pays, in every year


def cleared(f: Facts, chosen: Choices, share: float) -> tuple[Network, np.ndarray, np.ndarray]:
    """Return the network, and what each party does not pay and does not get by year, when OpenAI pays a share.

    Returns
    -------
    Network
        The parties, OpenAI first, and the years.
    ndarray, ndarray
        (years, parties), US$ bn: not paid of its own duties, and not received of what is due to it.
    """
    made = network(f, chosen, share)
    found = clearing.over_years(made.liabilities, made.inflow, made.cash, made.minimum, 0, share)
    owed = made.liabilities.copy()
    owed[:, 0] *= share
    totals = owed.sum(axis=2, keepdims=True)
    parts = np.divide(owed, totals, out=np.zeros_like(owed), where=totals > 0)
    got = np.einsum("ti,tij->tj", found.paid, parts)
    return made, found.missed, np.maximum(made.liabilities.sum(axis=1) - got, 0.0)


def missed_anyway(ledger: Ledger, scenario: str = "central") -> np.ndarray:
    """Return what is missed in all years though OpenAI pays in full, US$ bn, with each choice at each of its ends.

    Empty where OpenAI owes nobody a published amount.
    """
    f = facts(ledger, scenario)
    if not suppliers(f):
        return np.array([])
    tried = [choices(f, **{field: end}) for field in TRIED for end in ("low", "high")]
    return np.array([cleared(f, chosen, 1.0)[2][:, 1:].sum() for chosen in tried])


def grid(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return what each party misses in each year for each share that OpenAI pays.

    Returns
    -------
    DataFrame
        Columns share (0 to 1), year, party, name, not_received (US$ bn of what is due to it) and not_paid (US$ bn of
        its own duties), has_accounts.
    """
    f = facts(ledger, scenario)
    if not suppliers(f):
        columns = ["share", "year", "party", "name", "not_received", "not_paid", "has_accounts"]
        return pd.DataFrame(columns=columns)
    chosen, found = choices(f), []
    for share in SHARES:
        made, missed, lost = cleared(f, chosen, share)
        for t, i in itertools.product(range(len(made.years)), range(1, len(made.parties))):
            party = made.parties[i]
            found.append(
                {
                    "share": share,
                    "year": int(made.years[t]),
                    "party": party,
                    "name": party if party == BUILDERS else ledger.name(party),
                    "not_received": round(float(lost[t, i]), 9),
                    "not_paid": round(float(missed[t, i]), 9),
                    "has_accounts": party in made.known,
                }
            )
    return pd.DataFrame(found)


def clearing_years(ledger: Ledger, scenario: str = "central") -> Results:
    """What the suppliers miss over the years, who cannot do without OpenAI, and who could."""
    f = facts(ledger, scenario)
    table, lost = reverse(ledger, scenario), grid(ledger, scenario)
    owes = quantities.outstanding_supply(f)
    known = table[table["has_accounts"]]
    rows = [r for p in known["party"] for r in getattr(accounts(f, p, choices(f)), "rows", [])]
    fragile = known[known["bridged"] > 0].sort_values("bridged", ascending=False, kind="stable").head(1)
    rivals = known.drop(fragile.index).loc[lambda other: other["bridged_high"] > value(fragile, "bridged_low")]
    sturdy = known[known["bridged_high"] <= 0]
    wavering = known[(known["bridged"] <= 0) & (known["bridged_high"] > 0)]
    unknown = table[~table["has_accounts"]]
    half = lost[lost["share"] == 0.5] if len(lost) else lost
    first = half[half["party"] != BUILDERS]["not_received"].sum() if len(half) else NAN
    behind = half.loc[half["party"] == BUILDERS, "not_received"].sum() if len(half) else NAN
    full = lost[lost["share"] == 1.0] if len(lost) else lost
    already = float(full["not_received"].sum()) if len(full) else NAN
    rank, others = distress(ledger, scenario), missed_anyway(ledger, scenario)
    largest = exposures(ledger, scenario).query("high > 0").head(1)
    is_largest = bool(len(fragile)) and text(fragile, "name") == text(largest, "name")
    how = "Own cash and cash flow without OpenAI, guided spending, leases; no new loans; choices as in the assumptions."
    return Results(
        [
            f.result(
                "accounts", "Suppliers whose accounts the ledger holds in full", names(known), "text", owes, *rows
            ),
            f.result("has_stress", "A supplier's accounts are held in full", len(known) > 0, "flag", owes, *rows),
            f.result("stress_last_year", "Last year of the stress", int(horizon(f)[-1]), "year", owes),
            f.result(
                "half_missing",
                "What suppliers do not get if OpenAI pays half",
                float(first),
                "usd_bn",
                owes,
                *rows,
                how=how,
            ),
            f.result(
                "half_all",
                "What suppliers would not be paid if OpenAI pays half of each contract",
                float(first) - float(full.loc[full["party"] != BUILDERS, "not_received"].sum()) if len(half) else NAN,
                "usd_bn",
                owes,
                *rows,
                how=f"{how} What they pass on of it is no second loss.",
            ),
            f.result(
                "full_missing",
                "What is missed though OpenAI pays in full",
                already,
                "usd_bn",
                owes,
                *rows,
                low=others.min(initial=already) if len(others) else NAN,
                high=others.max(initial=already) if len(others) else NAN,
                how=f"{how} The range: one choice at a time at its ends.",
            ),
            f.result(
                "is_passed_on",
                "If OpenAI pays half, others than its suppliers miss money too",
                bool(len(half) and behind - already >= 1),
                "flag",
                owes,
                *rows,
            ),
            f.result(
                "is_absorbed",
                "If OpenAI pays half, suppliers with accounts still pay their own bills",
                bool(len(known) and behind - already < 1),
                "flag",
                owes,
                *rows,
            ),
            f.result(
                "half_behind",
                "Of it, passed on to those whom the suppliers then cannot pay",
                max(0.0, float(behind - already)) if len(half) else NAN,
                "usd_bn",
                owes,
                *rows,
                how=how,
            ),
            f.result("fragile", "Supplier that needs OpenAI most", text(fragile, "name"), "text", owes, *rows),
            f.result(
                "fragile_share",
                f"Part of its contract that {text(fragile, 'name') or 'it'} needs to pay its own bills",
                _percent(fragile, "bridged"),
                "pct",
                owes,
                *rows,
                low=_percent(fragile, "bridged_low"),
                high=_percent(fragile, "bridged_high"),
                how=f"{how} Others lend until the last year. The range: one choice at a time at its ends.",
            ),
            f.result(
                "is_saved",
                "It needs a part of OpenAI's payments, and all of them are enough",
                bool(0 < value(fragile, "bridged") <= 1),
                "flag",
                owes,
                *rows,
            ),
            f.result(
                "is_beyond_help",
                "Even payment in full is not enough for it",
                bool(value(fragile, "bridged") > 1),
                "flag",
                owes,
                *rows,
            ),
            f.result(
                "fragile_widest",
                "The choice that moves this share most",
                (fragile["widest"].iloc[0] or None) if len(fragile) else None,
                "text",
                owes,
                *rows,
            ),
            f.result(
                "rivals", "Suppliers whose range of it overlaps with that one", names(rivals), "text", owes, *rows
            ),
            f.result("has_rivals", "The range of another supplier overlaps", len(rivals) > 0, "flag", owes, *rows),
            f.result("has_fragile", "A supplier cannot do without OpenAI", len(fragile) > 0, "flag", owes, *rows),
            f.result("is_largest", "It holds the largest order, too", is_largest, "flag", owes, *rows),
            f.result(
                "fragile_borrows",
                "What it lacks at worst if OpenAI pays in full",
                value(fragile, "borrow_full"),
                "usd_bn",
                owes,
                *rows,
                how=how,
            ),
            f.result(
                "fragile_borrows_half",
                "What it lacks at worst if OpenAI pays half",
                value(fragile, "borrow_half"),
                "usd_bn",
                owes,
                *rows,
                how=how,
            ),
            f.result(
                "is_short_anyway",
                "It lacks money even if OpenAI pays in full",
                bool(value(fragile, "borrow_full") > 0.05),
                "flag",
                owes,
                *rows,
            ),
            f.result(
                "sturdy_names",
                "Suppliers that could do without OpenAI, whatever we choose",
                names(sturdy),
                "text",
                owes,
                *rows,
            ),
            f.result("has_sturdy", "Some suppliers could do without OpenAI", len(sturdy) > 0, "flag", owes, *rows),
            f.result(
                "wavering_names",
                "Suppliers that could do without OpenAI in our middle, and not with every choice",
                names(wavering),
                "text",
                owes,
                *rows,
            ),
            f.result(
                "wavering_needs",
                "What each of them needs of OpenAI's payments when one choice is at its end",
                needs(wavering),
                "text",
                owes,
                *rows,
            ),
            f.result(
                "has_wavering",
                "Some could do without OpenAI by some choices only",
                len(wavering) > 0,
                "flag",
                owes,
                *rows,
            ),
            f.result(
                "no_accounts", "Suppliers whose accounts the ledger holds only in part", names(unknown), "text", owes
            ),
            f.result("has_no_accounts", "Some suppliers' accounts are missing", len(unknown) > 0, "flag", owes),
            f.result(
                "rank",
                "Part of what it has in the fullest year that OpenAI's default would use up",
                100 * ratio(value(rank.head(1), "debt_rank"), 1.0),
                "pct",
                owes,
                *rows,
            ),
        ]
    )


def needs(wavering: pd.DataFrame) -> str | None:
    """Return what each supplier needs of OpenAI's payments with its worst choice, in words; None for no supplier.

    ``wavering`` has name and bridged_high (a share of 1), as `reverse.reverse` gives them.
    """
    told = [
        (r.name, formats.amount(100 * r.bridged_high, "pct") if np.isfinite(r.bridged_high) else "more than all")
        for r in wavering.sort_values("bridged_high", ascending=False, kind="stable").itertuples(index=False)
    ]
    verbs = [" would need ", *[" "] * len(told)]
    return formats.listed([f"{name}{verb}{share}" for (name, share), verb in zip(told, verbs, strict=False)]) or None


def _percent(table: pd.DataFrame, column: str) -> float | None:
    """A share of the first row in per cent, None where there is none or no share is enough."""
    share = value(table, column)
    return 100 * share if np.isfinite(share) else None
