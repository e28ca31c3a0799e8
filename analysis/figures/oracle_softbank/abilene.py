"""A walk with the money through the campus in Abilene: who pays whom, step by step."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import walk
from analysis.figures.marks.round_trips import STOP
from analysis.figures.sliders import Slider, Stop
from analysis.ledger import Ledger
from analysis.numbers.series.oracle_softbank import abilene

ID = "fig-oracle-abilene"
ROLES = {"orders": "orders", "debt": "debt", "equity": "equity"}  # rent is an order too, as in all sums
# Column and row of each party, on a wide page and on a phone.
PLACES = {
    abilene.OPENAI: ((0, 0), (0, 0)),
    abilene.ORACLE: ((1, 0), (0, 1)),
    abilene.NVIDIA: ((2, 0), (1, 1)),
    abilene.BANKS: ((0, 1), (0, 3)),
    abilene.OWNERS: ((1, 1), (0, 2)),
    abilene.LAND: ((2, 1), (1, 2)),
}
WALK, INVITATION = "Follow the money", "Press Play, or slide, to go through it payment by payment."


def fig_oracle_abilene(ledger: Ledger, scenario: str = "central") -> Any:
    """Who pays whom for the campus in Abilene, and which payments have a price."""
    steps, rows = abilene.walk(ledger, scenario)
    if steps.empty:
        return empty_figure(ID, "Who pays whom in Abilene", ledger, "No payment for the campus is known by this day.")
    title = abilene.finding(steps)
    drawn, height, narrow_height = walk(
        steps,
        {"payer": "Who pays", "payee": "Whom", "what": "For", "label": "Price"},
        boxes=abilene.parties(ledger),
        places=PLACES,
        colours=ROLES,
    )
    return make_figure(
        drawn,
        id=ID,
        title=title,
        subtitle="The payments for one campus, as far as they are known. Dashed: no price is published.",
        alt_text=describe(title, (f"{s.payer} to {s.payee}: {s.label} for {s.what}" for s in steps.itertuples())),
        table=steps,
        columns={
            "number": "Step",
            "payer": "Who pays",
            "payee": "Whom",
            "what": "For",
            "low": "At least, US$ bn",
            "high": "At most, US$ bn",
            "told": "What is known",
            "as_of": "Known on",
        },
        ledger=ledger,
        rows=rows,
        note=abilene.note(ledger, scenario),
        height=round(height),
        narrow_height=round(narrow_height),
        slider=_slider(steps),
    )


def _slider(steps: Any) -> Slider | None:
    """A slider that goes from payment to payment, or None where there is only one."""
    if len(steps) < 2:
        return None
    stops = [Stop(s.number, f"{s.number} of {len(steps)}", s.told) for s in steps.itertuples()]
    return Slider(STOP, WALK, [Stop(0, "", INVITATION), *stops], pace=3200)
