"""The picture of a round trip: widths are true, rings are closed, lie inside the page and cross nothing."""

import itertools

import pandas as pd
import pytest

from analysis.figures.marks import round_trips

KINDS = ["back", "rest", "outside"]
SUMS = {
    "two rings": [(19, 7), (35, 2), (42, 0), (3, 0), (1, 0)],
    "four rings": [(40, 30), (20, 5), (20, 1), (20, 1)],
    "all comes back": [(100, 100)],
    "nothing comes back": [(60, 0), (40, 0)],
    "one dollar each": [(94, 0), *[(1, 0)] * 6],
}


def placed(name: str, view: round_trips.Places = round_trips.VIEWS[0]) -> round_trips._Placed:
    rows = [{"name": f"Firm {i}", "whole": whole, "back": back} for i, (whole, back) in enumerate(SUMS[name])]
    return round_trips._Placed(pd.DataFrame(rows), KINDS, view)


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


@pytest.mark.parametrize("view", round_trips.VIEWS, ids=lambda v: v.name)
@pytest.mark.parametrize("name", [n for n, sums in SUMS.items() if any(back for _, back in sums)])
def test_rings_close_inside_the_page_and_do_not_cross(name: str, view: round_trips.Places):
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
