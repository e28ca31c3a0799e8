"""The picture of a round trip: widths are true, rings are closed, lie inside the page and cross nothing."""

import itertools

import pandas as pd
import pytest

from analysis.figures.marks import ring_layout
from analysis.ledger import Ledger
from analysis.models import network
from analysis.numbers.circularity import measures
from analysis.numbers.series import hundred

KINDS = ["back", "rest", "outside"]
SUMS = {
    "two rings": [(19, 7), (35, 2), (42, 0), (3, 0), (1, 0)],
    "four rings": [(40, 30), (20, 5), (20, 1), (20, 1)],
    "all comes back": [(100, 100)],
    "nothing comes back": [(60, 0), (40, 0)],
    "one dollar each": [(94, 0), *[(1, 0)] * 6],
}


def placed(name: str, view: ring_layout.Places = ring_layout.VIEWS[0]) -> ring_layout.Placed:
    rows = [{"name": f"Firm {i}", "whole": whole, "back": back} for i, (whole, back) in enumerate(SUMS[name])]
    return ring_layout.Placed(pd.DataFrame(rows), KINDS, view)


@pytest.mark.parametrize("name", SUMS)
def test_a_hundred_units_leave_and_arrive(name: str):
    """Ribbons leave the party in the middle side by side, and end as high as they began."""
    made, sums = placed(name), SUMS[name]
    flows = made.ribbons()
    assert flows["thick"].sum() == pytest.approx(made.unit * sum(whole for whole, _ in sums))
    assert list(flows["start"]) == pytest.approx(list(made.middle_top + flows["thick"].cumsum().shift(fill_value=0)))
    back = flows.loc[flows["kind"] == "back", "thick"].sum()
    assert back == pytest.approx(made.unit * sum(b for _, b in sums))
    ends = flows.groupby("row").agg(top=("end", "min"), thick=("thick", "sum"))
    assert ((ends["top"] + ends["thick"]).iloc[:-1].to_numpy() < ends["top"].iloc[1:].to_numpy()).all(), (
        "one below another"
    )
    assert made.height >= (ends["top"] + ends["thick"]).max()


@pytest.mark.parametrize("view", ring_layout.VIEWS, ids=lambda v: v.name)
@pytest.mark.parametrize("name", [n for n, sums in SUMS.items() if any(back for _, back in sums)])
def test_rings_close_inside_the_page_and_do_not_cross(name: str, view: ring_layout.Places):
    made = placed(name, view)
    rings = [made.ring(row) for row in made.rings]
    entry = made.middle_top
    for row, (path, thick) in zip(made.rings, rings, strict=True):
        assert thick == pytest.approx(made.unit * made.frame["back"][row])
        assert path[0] == pytest.approx((view.paid, made.paid_top[row] + thick / 2)), "it leaves where money arrived"
        assert path[-1] == pytest.approx((view.left, entry + thick / 2)), "and arrives below the ring before it"
        entry += thick
        xs, ys = zip(*path, strict=True)
        assert min(xs) >= thick / 2 and max(xs) <= view.width - thick / 2 and min(ys) >= thick / 2
    for (inner, a), (outer, b) in itertools.pairwise(rings):
        room = (a + b) / 2
        assert min(x for x, _ in outer) <= min(x for x, _ in inner) - room
        assert max(x for x, _ in outer) >= max(x for x, _ in inner) + room
        assert min(y for _, y in outer) <= min(y for _, y in inner) - room


def test_a_walk_lights_what_it_tells_of():
    """Stops are counted from 1, and at 0 everything is bright."""
    rows = [{"name": f"Firm {i}", "whole": whole, "back": back} for i, (whole, back) in enumerate(SUMS["two rings"])]
    walk = [
        ring_layout.Lit((0,)),
        ring_layout.Lit((0,), (0,)),
        ring_layout.Lit((2, 3)),
        ring_layout.Lit((), (0, 1), True),
    ]
    made = ring_layout.Placed(pd.DataFrame(rows), KINDS, ring_layout.VIEWS[0], walk)
    assert made.paid_stops(0).split() == ["0", "1", "2"] and made.paid_stops(3).split() == ["0", "3"]
    assert made.ring_stops(0).split() == ["0", "2", "4"] and made.ring_stops(1).split() == ["0", "4"]
    assert made.stops(lambda lit: lit.is_outside).split() == ["0", "4"]
    assert set(made.ribbons().query("row == 4")["stops"].str.split().map(tuple)) == {("0",)}, "no leg tells of it"


def test_the_way_of_a_hundred_dollars_is_told_to_the_last_dollar():
    frame = pd.DataFrame(
        {"name": ["Amazon", "Microsoft", "Oracle", "Cerebras"], "whole": [19, 35, 42, 4], "back": [7, 2, 0, 0]}
    ).assign(is_own=[True, False, True, True])
    legs = hundred.legs(frame)
    assert [leg.told for leg in legs] == [
        "OpenAI has agreed to pay Amazon US$19 of every hundred.",
        "Amazon has put US$7 into OpenAI, or promised it.",
        "Microsoft is to get US$35. Microsoft, or a firm that it pays, has put in or promised US$2.",
        "Oracle and Cerebras are to get US$46. None of it is matched.",
        "So US$9 can come round. The other US$91 would have to come from elsewhere.",
    ]
    assert {row for leg in legs for row in leg.paid} == set(frame.index), "each payment has its leg"
    assert legs[-1].rings == (0, 1) and legs[-1].is_outside


def test_nothing_is_followed_where_nothing_comes_back_and_all_where_all_does():
    assert hundred.legs(pd.DataFrame({"name": ["Oracle"], "whole": [100], "back": [0], "is_own": [True]})) == []
    legs = hundred.legs(pd.DataFrame({"name": ["Amazon"], "whole": [100], "back": [100], "is_own": [True]}))
    assert legs[-1].told == "So US$100 can come round." and not legs[-1].is_outside


def test_money_of_a_firm_that_is_paid_in_turn_is_not_called_the_first_firms_own(ledger: Ledger):
    """Each dollar comes back by the shortest way, so own money comes first."""
    paid = hundred.payees(ledger, "central").set_index("name")
    known = measures.counted(ledger, "central")
    names = [hundred.short_name(ledger.name(n)) for n in known.names]
    own = dict(zip(names, known.flows(known.amounts(network.COUNTED))[:, known.names.index("openai")], strict=True))
    for name, row in paid.iterrows():
        assert row["is_own"] == (own[name] >= row["back"] - 1e-6)
    assert paid["back"].sum() > 0
