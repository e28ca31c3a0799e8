"""Every hundred dollars that OpenAI is to pay, as a round trip; and the trip of one of them."""

from typing import Any

import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.figure_sources import by_money, priced
from analysis.figures.marks import returns, round_trip
from analysis.figures.marks.ring_layout import Lit
from analysis.figures.marks.round_trips import STOP
from analysis.figures.sliders import Slider, Stop
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.facts import Facts
from analysis.numbers.series import dollar, hundred

MATCHED, UNMATCHED = "matched by those it pays", "not matched, as far as is known"
OUTSIDE = "from others, as far as is known"
TRIP_ROLES = {MATCHED: "equity", UNMATCHED: "orders", OUTSIDE: "other"}
TRIP_WORDS = {"name": "Paid to", "whole": "Of every US$100", "back": "Of it matched"}
COLUMNS = {
    "name": "Paid to",
    "amount": "To be paid, middle of the range, US$ bn",
    "back": "Of it matched, US$ bn",
    "share": "Part of all, %",
}
RING = (
    "In the ring: money that these firms, or firms they pay, have put in or promised, also years before OpenAI pays. "
)
WALK, INVITATION = "Follow US$100", "Press Play, or slide, to see where they go and what can come back."
MOST_NAMED = 6  # of those who are paid in the round trip; the others stand in one place


def fig_index_trip(ledger: Ledger, scenario: str = "central") -> Any:
    """A hundred dollars that OpenAI is to pay, on their way, and the part of them that can come round."""
    paid = hundred.payees(ledger, scenario)
    if paid.empty:
        return empty_figure("fig-index-trip", "A round trip", ledger, "No order has a price by this day.")
    title, f, drawn = hundred.trip_finding(paid), Facts(ledger, "index", scenario), hundred.named(paid, MOST_NAMED)
    back = drawn["back"].sum()
    told = [f"{r.whole}{f', {r.back} of it matched' if r.back else ''}" for r in drawn.itertuples(index=False)]
    drawn, legs = drawn.assign(label=told, short_label=told), hundred.legs(drawn)
    chart, height, narrow_height = round_trip(
        drawn,
        TRIP_WORDS,
        middle=("OpenAI", "pays", f"US${hundred.HUNDRED}"),
        coming_back=(f"US${back}", "put in or promised by firms that it pays"),
        from_outside=(f"US${hundred.HUNDRED - back}", "would have to come from customers, lenders and other investors"),
        colours=TRIP_ROLES,
        walk=[Lit(leg.paid, leg.rings, leg.is_outside) for leg in legs],
    )
    return make_figure(
        chart,
        id="fig-index-trip",
        title=title,
        subtitle="Priced orders: what OpenAI has agreed to pay at published prices, with any loans and shares.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in drawn.itertuples(index=False))),
        table=paid,
        columns=COLUMNS,
        ledger=ledger,
        rows=by_money(matched_deals(f)),
        note=RING * bool(back) + f"{_counted(paid)} Nobody knows which dollar pays which bill.",
        height=round(height),
        narrow_height=round(narrow_height),
        slider=_walk(legs),
    )


def _counted(paid: pd.DataFrame) -> str:
    """What the hundred dollars stand for."""
    return f"Ranges count with their middle: {formats.whole_bn(paid['amount'].sum())} in all."


def _walk(legs: list[hundred.Leg]) -> Slider | None:
    """A slider that follows the money leg by leg, or None where there is nothing to follow."""
    if not legs:
        return None
    stops = [Stop(n, f"{n} of {len(legs)}", leg.told) for n, leg in enumerate(legs, 1)]
    return Slider(STOP, WALK, [Stop(0, "", INVITATION), *stops], pace=2400)


def fig_circularity_dollar(ledger: Ledger, scenario: str = "central") -> Any:
    """The trip of a dollar between OpenAI and the partner of the widest loop, in four steps."""
    frame, rows = dollar.trip(ledger, scenario)
    if frame.empty:
        why = "By this day no trip between OpenAI and one firm can be told at published prices."
        return empty_figure("fig-circularity-dollar", "The trip of a dollar", ledger, why)
    row = frame.iloc[0]
    title, steps = dollar.finding(row), dollar.steps(row)
    drawn, height, narrow_height = returns(
        row,
        {"given": f"{row['name']} to OpenAI, US$ bn", "owed": f"OpenAI to {row['name']}, US$ bn"},
        parties=(row["name"], "OpenAI"),
        steps=steps,
        colours=TRIP_ROLES,
    )
    return make_figure(
        drawn,
        id="fig-circularity-dollar",
        title=title,
        subtitle="The widest loop between OpenAI and one firm, to scale, over the whole life of its deals.",
        alt_text=describe(title, (f"{head}: {words}" for head, words in steps if head)),
        table=frame,
        columns={
            "name": "Partner",
            "given": "Pays OpenAI, US$ bn",
            "owed": "Is to be paid, US$ bn",
            "home": "Can come home, US$ bn",
        },
        ledger=ledger,
        rows=rows,
        note="The middle of each range. Nobody knows which dollar pays which bill.",
        height=round(height),
        narrow_height=round(narrow_height),
    )


def matched_deals(f: Facts) -> pd.DataFrame:
    """The priced deals by which OpenAI pays firms, and those by which money comes back: shares in it that they buy."""
    rows = priced(f.payments(scope="openai"))
    paid, bought = rows["payer"].eq("openai"), rows["payee"].eq("openai") & rows["kind"].eq("equity")
    return rows[paid | (bought & rows["payer"].isin(rows.loc[paid, "payee"]))]
