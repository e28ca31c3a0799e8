"""Models against their laws, cases worked out by hand and figures from filings."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.ledger import Ledger
from analysis.models import (
    circularity,
    compute,
    equity,
    flows,
    leverage,
    network,
    obligations,
    periods,
    rights,
    sites,
)
from analysis.models import deals as counted
from analysis.numbers import modelling
from tests.conftest import shell_id

TERMS = {"compute": 7, "chips": 4, "lease": 15, "equity": 0, "debt": 0, "other": 3}


def deal(**values) -> pd.DataFrame:
    row = {"deal": "d", "payer": "a", "payee": "b", "kind": "compute", "role": "payment", "status": "signed"}
    row |= {
        "condition": "",
        "low_usd_bn": 1.0,
        "high_usd_bn": 1.0,
        "start": pd.NaT,
        "end": pd.NaT,
        "first_as_of": pd.Timestamp("2025-06-30"),
        "part_of": "",
        "parts": "",
    }
    return pd.DataFrame([row | values])


amounts = st.one_of(st.none(), st.floats(0, 500))
day = st.dates(min_value=pd.Timestamp("2015-01-01").date(), max_value=pd.Timestamp("2040-12-31").date())


@st.composite
def tables_of_deals(draw):
    rows = []
    for i in range(draw(st.integers(1, 8))):
        low, high = draw(amounts), draw(amounts)
        if low is not None and high is not None and low > high:
            low, high = high, low
        start, end = draw(st.one_of(st.none(), day)), draw(st.one_of(st.none(), day))
        if start and end and start > end:
            start, end = end, start
        kind = draw(st.sampled_from(["compute", "equity", "debt", "chips", "guarantee"]))
        rows.append(
            deal(
                deal=f"d{i}",
                low_usd_bn=np.nan if low is None else low,
                high_usd_bn=np.nan if high is None else high,
                start=pd.Timestamp(start) if start else pd.NaT,
                end=pd.Timestamp(end) if end else pd.NaT,
                first_as_of=pd.Timestamp(draw(day)),
                kind=kind,
                payer=draw(st.sampled_from("abc")),
                payee=draw(st.sampled_from("xyz")),
            )
        )
    return pd.concat(rows, ignore_index=True)


@given(tables_of_deals(), st.floats(0, 1), st.floats(0, 20))
@settings(max_examples=80, deadline=None)
def test_over_all_years_a_deal_is_paid_once(deals, ramp, term):
    spread = obligations.by_year(deals, TERMS | {"compute": term}, ramp)
    paid = spread.groupby("deal")[["low", "high"]].sum()
    ends = counted.bounds(deals).set_index(deals["deal"])
    for name in deals["deal"]:
        assert paid.loc[name, "low"] == pytest.approx(ends.loc[name, "low"], abs=1e-9)
        assert paid.loc[name, "high"] == pytest.approx(max(ends.loc[name, "high"], ends.loc[name, "low"]), abs=1e-9)
    assert (spread["low"] <= spread["high"] + 1e-9).all()


@given(tables_of_deals())
@settings(max_examples=40, deadline=None)
def test_what_is_paid_is_received(deals):
    table = flows.flows(deals, TERMS, 0.5)
    W, names = flows.matrix(table)
    assert W.sum() == pytest.approx(table["high"].sum())
    for side, axis in (("payer", 1), ("payee", 0)):
        sums = table.groupby(side)["high"].sum().reindex(names, fill_value=0.0)
        assert W.sum(axis=axis) == pytest.approx(sums.to_numpy())


@given(tables_of_deals(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_deals_does_not_matter(deals, random):
    order = list(range(len(deals)))
    random.shuffle(order)
    one, other = (flows.flows(d, TERMS, 0.5) for d in (deals, deals.iloc[order].reset_index(drop=True)))
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)


def test_a_flat_contract_by_hand():
    """120 over two years from 1 July 2025: 184, 365 and 181 of 730 days."""
    spread = obligations.by_year(
        deal(low_usd_bn=120.0, high_usd_bn=120.0, start=pd.Timestamp("2025-07-01"), end=pd.Timestamp("2027-06-30")),
        TERMS,
    )
    assert spread.set_index("year")["high"].to_dict() == pytest.approx(
        {2025: 120 * 184 / 730, 2026: 120 * 365 / 730, 2027: 120 * 181 / 730}
    )
    assert not spread["is_assumed"].any()


def test_a_growing_contract_by_hand():
    """A straight line from nothing over four years pays 1, 3, 5 and 7 sixteenths."""
    spread = obligations.by_year(
        deal(low_usd_bn=16.0, high_usd_bn=16.0, start=pd.Timestamp("2026-01-01"), end=pd.Timestamp("2029-12-31")),
        TERMS,
        ramp=1.0,
    )
    assert spread["high"].to_numpy() == pytest.approx([1, 3, 5, 7], rel=2e-3)  # a leap year shifts it a little


def test_the_conditional_part_of_equity_is_spread_and_the_firm_part_is_not():
    rows = deal(
        kind="equity",
        low_usd_bn=15.0,
        high_usd_bn=50.0,
        start=pd.Timestamp("2026-01-01"),
        end=pd.Timestamp("2027-12-31"),
    )
    spread = obligations.by_year(rows, TERMS).set_index("year")
    assert spread["low"].to_dict() == {2026: 15.0, 2027: 0.0}
    assert spread["high"].to_dict() == pytest.approx({2026: 15 + 17.5, 2027: 17.5})


def test_every_spending_curve_rises_from_zero_to_one():
    u = np.linspace(0, 1, 11)
    for ramp, shape in ((0.0, "ramp"), (0.3, "ramp"), (1.0, "ramp"), (0.0, "s-curve")):
        paid = obligations.cumulative(u, ramp, shape)
        assert paid[0] == 0 and paid[-1] == pytest.approx(1) and (np.diff(paid) >= 0).all()
    with pytest.raises(ValueError, match="unknown shape"):
        obligations.cumulative(u, 0, "square")
    with pytest.raises(ValueError, match="outside 0 to 1"):
        obligations.cumulative(u, 1.5)


def test_shares_refuse_missing_and_crossed_days():
    start, end = pd.Series([pd.Timestamp("2026-01-01")]), pd.Series([pd.Timestamp("2025-01-01")])
    with pytest.raises(ValueError, match="end before start"):
        obligations.shares(start, end)
    with pytest.raises(ValueError, match="needs a start and an end"):
        obligations.shares(start, pd.Series([pd.NaT]))


def test_an_order_without_a_start_begins_when_its_amount_was_known():
    """An order of 2025 is not spread from the day of the unpriced contract that it adds to."""
    day = pd.Timestamp
    deals = pd.DataFrame(
        {"kind": "compute", "start": day("NaT"), "end": day("2026-12-31")}
        | {"first_as_of": [day("2023-01-23")], "priced_as_of": [day("2025-10-28")]}
    )
    assert obligations.dated(deals, TERMS)["start"].tolist() == [day("2025-10-28")]
    assert obligations.dated(deals.drop(columns="priced_as_of"), TERMS)["start"].tolist() == [day("2023-01-23")]


def test_flow_matrix_names_the_bad_pair():
    with pytest.raises(ValueError, match="a to b is -1"):
        flows.matrix(pd.DataFrame({"payer": ["a"], "payee": ["b"], "high": [-1.0]}))


def test_microsoft_stake_by_hand():
    assert equity.stake_after(0.27, 730, 852) * 100 == pytest.approx(27 * 730 / 852)
    assert equity.stake_after(0.5, 100, 200, 100) == pytest.approx(0.75), "half of the new half, and the whole round"
    assert equity.stake_after(0.2, 10, 10) == 0.2


@pytest.mark.parametrize(
    ("stake", "pre", "post", "amount"), [(1.2, 1, 2, 0), (0.2, 3, 2, 0), (0.2, 1, 2, 5), (0.2, 0, 2, 0)]
)
def test_impossible_rounds_are_refused(stake, pre, post, amount):
    with pytest.raises(ValueError):
        equity.stake_after(stake, pre, post, amount)


def test_implied_losses_are_the_published_ones():
    """3.1 after tax over 27% is the 11.5 of the press; 4.1 before tax over 32.5% the 12.6 of the identity."""
    assert equity.implied_net_result(-3.1, 0.27) == pytest.approx(-11.5, abs=0.05)
    assert equity.implied_net_result(-4.1, 0.325) == pytest.approx(-12.6, abs=0.05)
    with pytest.raises(ValueError, match="stake 0"):
        equity.implied_net_result(-4.1, 0)


def test_multiple_of_money_put_in():
    assert equity.multiple(135, 13) == pytest.approx(10.3846, abs=1e-4)
    with pytest.raises(ValueError, match="invested 0"):
        equity.multiple(135, 0)


def test_price_of_a_pflop_hour_by_hand(ledger: Ledger):
    """H100 block of 1 March 2026: 31.464 / 8 chips / 1.979 PFLOPS; Trainium2: 35.7608 / 16 / 1.299."""
    offers = compute.offers(ledger.prices, ledger.chips).set_index(["instance", "pricing", "as_of"])
    h100 = offers.loc[("p5.48xlarge", "capacity_block", pd.Timestamp("2026-03-01")), "fp8"]
    trn2 = offers.loc[("trn2.48xlarge", "capacity_block", pd.Timestamp("2026-03-01")), "fp8"]
    assert (h100, trn2) == (pytest.approx(1.98737, abs=1e-5), pytest.approx(1.72059, abs=1e-5))
    assert compute.break_even_utilisation(trn2, h100) == pytest.approx(0.865765, abs=1e-5)
    assert compute.price_performance(trn2, h100) == pytest.approx(0.155048, abs=1e-5)


def test_chips_in_a_site_by_hand():
    assert compute.chips_in(2, 1000, 2) == 1_000_000
    for gw, watts, overhead in ((1, 0, 1.5), (1, 700, 0.9)):
        with pytest.raises(ValueError):
            compute.chips_in(gw, watts, overhead)
    with pytest.raises(ValueError):
        compute.break_even_utilisation(0, 1)


def test_leverage_by_hand():
    assert leverage.backlog_years(625, 4 * 81.273) == pytest.approx(1.9225, abs=1e-4)
    assert leverage.customer_share(300, 523) == pytest.approx(0.5736, abs=1e-4)
    assert leverage.capex_cover(50, 22.3) == pytest.approx(2.2422, abs=1e-4)
    for ratio, values in (
        (leverage.customer_share, (5, 4)),
        (leverage.customer_share, (0, 0)),
        (leverage.backlog_years, (1, 0)),
        (leverage.capex_cover, (1, 0)),
    ):
        with pytest.raises(ValueError):
            ratio(*values)


def test_four_quarters_must_follow_each_other(ledger: Ledger):
    rows = ledger.metrics[(ledger.metrics["entity"] == "amazon") & (ledger.metrics["metric"] == "aws_revenue")]
    assert leverage.trailing_four_quarters(rows) == pytest.approx(29.267 + 30.873 + 33 + 35.6)
    gap = rows[rows["end"] != pd.Timestamp("2025-09-30")]
    assert np.isnan(leverage.trailing_four_quarters(gap))


def test_rights_are_spells_without_gaps(ledger: Ledger):
    terms = ledger.history["terms"]
    spells = rights.spells(terms, {"cloud-exclusivity": "capacity"}, pd.Timestamp("2026-04-01"))
    assert spells["state"].tolist() == ["exclusive", "first_refusal", "open"]
    assert spells["end"].tolist()[:-1] == spells["start"].tolist()[1:], "a lane has no gaps"


def test_the_state_of_a_right_is_what_its_column_says():
    """Whatever the words: "non-exclusive" holds "exclusive", and a row without a state says nothing about one."""
    row = {"term": "t", "state": "held", "holder": "a", "after": "exclusive"}
    steps = [
        {"after": "non-exclusive licence, no longer Azure only"},
        {"after": "a note on the term", "state": "", "holder": ""},
        {"after": "unchanged"},
        {"after": "exclusive to another", "state": "exclusive", "holder": "b"},
        {"after": "handed over", "state": "exclusive", "holder": "c"},
    ]
    days = pd.date_range("2026-01-01", periods=len(steps), freq="D")
    terms = pd.DataFrame([row | step | {"as_of": day} for step, day in zip(steps, days, strict=True)])
    spells = rights.spells(terms, {"t": "lane", "none": "nobody's"}, pd.Timestamp("2026-02-01"))
    assert spells.to_numpy().tolist() == [
        ["lane", "held", "a", days[0], days[3], steps[0]["after"]],
        ["lane", "exclusive", "b", days[3], days[4], steps[3]["after"]],
        ["lane", "exclusive", "c", days[4], pd.Timestamp("2026-02-01"), steps[4]["after"]],
    ]


def test_no_deals_spread_to_no_rows():
    assert obligations.by_year(deal().head(0), TERMS).empty
    assert counted.total(deal().head(0)).high == 0


REFUSED = [
    (lambda: equity.stake_after(0.2, 3, 2), "pre-money 3 must be above 0 and at most post-money 2"),
    (lambda: equity.stake_after(0.2, 0, 2), "pre-money 0 must be above 0 and at most post-money 2"),
    (lambda: equity.stake_after(1.2, 1, 2), "stake 1.2 is outside 0 to 1"),
    (lambda: equity.stake_after(-0.1, 1, 2), "stake -0.1 is outside 0 to 1"),
    (lambda: equity.stake_after(0.2, 1, 2, 5), "amount 5 is outside 0 to the size of the round, 1"),
    (lambda: equity.stake_after(0.2, 1, 2, -1), "amount -1 is outside 0 to the size of the round, 1"),
    (lambda: equity.implied_net_result(1, 1.01), "stake 1.01 is outside (0, 1]"),
    (lambda: equity.multiple(1, 0), "invested 0 must be above 0"),
    (lambda: leverage.backlog_years(1, 0), "revenue 0 must be above 0"),
    (lambda: leverage.customer_share(5, 4), "customer's part 5 is outside 0 to the backlog 4"),
    (lambda: leverage.customer_share(-1, 4), "customer's part -1 is outside 0 to the backlog 4"),
    (lambda: leverage.customer_share(0, 0), "backlog 0 must be above 0"),
    (lambda: circularity.maximum_circulation(np.ones((2, 3))), "a flow matrix is square, not (2, 3)"),
    (lambda: circularity.maximum_circulation(np.ones((2, 2)), ["a"]), "1 names for 2 parties"),
    (
        lambda: circularity.maximum_circulation(np.ones((3, 3)), ["b", "a", "a"]),
        "party 'a' appears twice among the names",
    ),
    (
        lambda: circularity.maximum_circulation(np.array([[0, -1.0], [0, 0]]), ["x", "y"]),
        "the flow of x to y is -1.0; it must be a number of 0 or more",
    ),
    (
        lambda: circularity.maximum_circulation(np.array([[0, 0], [-1.0, 0]])),
        "the flow of 1 to 0 is -1.0; it must be a number of 0 or more",
    ),
    (
        lambda: circularity.finn_cycling_index(np.array([[0, 2.0], [0, 0]]), np.zeros(2), ["x", "y"]),
        "x pays 2 but gets 0; add the outside money that it needs to inflow",
    ),
    (
        lambda: circularity.finn_cycling_index(np.array([[0, 2.0], [2.0, 0]]), np.zeros(2)),
        "money that reaches party 0 never leaves: the system is singular",
    ),
    (
        lambda: circularity.finn_cycling_index(np.zeros((2, 2)), np.zeros(3)),
        "inflow is one number of 0 or more for each of the 2 parties",
    ),
    (lambda: circularity.round_trip(pd.DataFrame(), "a", "a"), "'a' cannot make a round trip with itself"),
]


@pytest.mark.parametrize(("call", "sentence"), REFUSED, ids=[shell_id(s) for _, s in REFUSED])
def test_an_impossible_input_is_refused_and_named(call, sentence: str):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        call()


def test_boundary_values_are_accepted():
    assert compute.chips_in(1, 1000, 1.25) == 800_000 and compute.chips_in(1, 1000, 1) == 1_000_000
    assert equity.stake_after(1, 0.5, 1, 0.5) == 1 and equity.stake_after(0, 0.5, 0.5) == 0
    assert equity.implied_net_result(1, 1) == 1 and equity.multiple(1, 0.5) == 2
    assert leverage.capex_cover(1, 0.5) == 2 and leverage.backlog_years(1, 0.5) == 2
    assert leverage.customer_share(0.5, 0.5) == 1 and leverage.customer_share(0, 0.5) == 0
    assert compute.break_even_utilisation(0.2, 0.4) == 0.5


def test_a_site_belongs_to_each_tenant_that_it_lists():
    frame = pd.DataFrame(
        {"tenant": ["openai", "meta;openai", "openai;meta", "a;openai;b", "openai-foundation", "meta", "", "o.enai"]}
    )
    assert sites.is_for(frame, "openai").tolist() == [True, True, True, True, False, False, False, False]
    assert sites.is_for(frame, "o.enai").tolist() == [False] * 7 + [True], "a name is no pattern"


def test_quarters_and_years_are_told_by_their_length():
    rows = pd.DataFrame(
        [
            ("thirteen weeks", "2025-06-29", "2025-09-27"),
            ("fourteen weeks", "2025-09-28", "2026-01-03"),
            ("half a year", "2025-01-01", "2025-06-30"),
            ("fiscal year", "2024-07-01", "2025-06-30"),
            ("calendar year", "2025-01-01", "2025-12-31"),
            ("a day", None, "2025-12-31"),
        ],
        columns=["what", "start", "end"],
    )
    rows = rows.assign(start=pd.to_datetime(rows["start"]), end=pd.to_datetime(rows["end"]))
    assert periods.quarters(rows)["what"].tolist() == ["thirteen weeks", "fourteen weeks"]
    assert periods.years(rows)["what"].tolist() == ["fiscal year", "calendar year"]
    assert periods.calendar_years(rows)["what"].tolist() == ["calendar year"]


def test_a_contract_includes_its_first_and_last_day():
    """Four years with one leap day: 1,461 days, four times 365.25."""
    assert periods.contract_years(pd.Timestamp("2025-01-01"), pd.Timestamp("2028-12-31")) == 4
    assert np.isnan(periods.contract_years(pd.Timestamp("2025-01-01"), pd.NaT))


def test_partners_are_the_named_firms_that_fund_or_supply():
    """A pool is no partner, a company counts as its group, and customers and other payees are none."""
    rows = [
        ("amazon", "openai", "equity"),
        ("equity-investors", "openai", "equity"),
        ("openai", "sb-energy", "lease"),
        ("openai", "broadcom", "chips"),
        ("openai", "helion", "commercial"),
        ("walmart", "openai", "commercial"),
    ]
    deals = pd.DataFrame(rows, columns=["payer", "payee", "kind"])
    known = network.Parties.known(
        pd.DataFrame({"entity": ["amazon", "equity-investors"], "kind": ["cloud", "pool"]}),
        pd.DataFrame({"entity": ["sb-energy"], "group": ["softbank"]}),
    )
    assert modelling.partners(known.grouped(deals), known, "openai") == ["amazon", "broadcom", "softbank"]


def test_statements_laid_end_to_end_reach_from_day_to_day():
    """A year of 12 less its first half of 4 leaves 8; with quarters of 5 and 6 after it, 19 from July to June."""
    days = [("2025-01-01", "2025-06-30"), ("2025-01-01", "2025-12-31"), ("2026-01-01", "2026-03-31")]
    days += [("2026-04-01", "2026-06-30"), ("2023-01-01", "2023-12-31")]
    told = pd.DataFrame([(*map(pd.Timestamp, d), v) for d, v in zip(days, (4.0, 12.0, 5.0, 6.0, 99.0), strict=True)],
                        columns=["start", "end", "value"])  # fmt: skip
    found, used = periods.bridge(told, pd.Timestamp("2025-07-01"), pd.Timestamp("2026-06-30"))
    assert found == 19 and list(used.index) == [0, 1, 2, 3]
    assert periods.bridge(told, pd.Timestamp("2025-01-01"), pd.Timestamp("2025-12-31"))[0] == 12, "by one, not by two"
    lacking, none = periods.bridge(told.iloc[1:], pd.Timestamp("2025-07-01"), pd.Timestamp("2026-06-30"))
    assert np.isnan(lacking) and none.empty, "without the first half the second is not known"
