"""Models against their laws, cases worked out by hand and figures from filings."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.ledger import Ledger
from analysis.models import compute, equity, flows, leverage, obligations, rights
from analysis.models import deals as counted
from analysis.numbers.facts import nan_if_unknown

TERMS = {"compute": 7, "chips": 4, "lease": 15, "equity": 0, "debt": 0, "other": 3}


def deal(**values) -> pd.DataFrame:
    row = {"deal": "d", "payer": "a", "payee": "b", "kind": "compute", "role": "payment", "status": "signed"}
    row |= {
        "low_usd_bn": 1.0,
        "high_usd_bn": 1.0,
        "start": pd.NaT,
        "end": pd.NaT,
        "first_as_of": pd.Timestamp("2025-06-30"),
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
    return pd.concat(rows, ignore_index=True)  # fmt: skip


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
    assert flows.net(table).sum() == pytest.approx(0, abs=1e-6)
    W, names = flows.matrix(table)
    assert W.sum() == pytest.approx(table["high"].sum())
    assert W.sum(axis=1)[names.index(table["payer"].iloc[0])] == pytest.approx(
        table[table["payer"] == table["payer"].iloc[0]]["high"].sum()
    )


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


def test_s_curve_and_flat_and_line_end_at_one():
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


def test_present_value_by_hand():
    assert obligations.present_value(pd.Series({2026: 10.0, 2027: 11.0}), 0.1, 2026) == pytest.approx(20)


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


def test_multiple_and_return():
    assert equity.multiple(135, 13) == pytest.approx(10.3846, abs=1e-4)
    assert equity.annual_return(4.0, 2.0) == pytest.approx(1.0)
    assert np.isnan(equity.annual_return(4.0, 0.0))
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


def test_chips_in_a_site():
    assert compute.chips_in(2, 1000, 2) == 1_000_000
    for gw, watts, overhead in ((1, 0, 1.5), (1, 700, 0.9)):
        with pytest.raises(ValueError):
            compute.chips_in(gw, watts, overhead)
    with pytest.raises(ValueError):
        compute.break_even_utilisation(0, 1)


def test_power_is_missing_where_it_is_not_published(ledger: Ledger):
    watts = compute.per_watt(ledger.chips)
    assert np.isnan(watts["Trainium2"]) and watts["H100"] == pytest.approx(1.979e6 / 700)


def test_leverage_by_hand():
    assert leverage.backlog_years(625, 4 * 81.273) == pytest.approx(1.9225, abs=1e-4)
    assert leverage.customer_share(300, 523) == pytest.approx(0.5736, abs=1e-4)
    assert leverage.capex_cover(50, 22.3) == pytest.approx(2.2422, abs=1e-4)
    assert leverage.loan_to_value(20.6, 100) == pytest.approx(0.206)
    debts = pd.DataFrame({"usd_bn": [40.0, 23.25], "end": pd.to_datetime(["2027-03-31", "2029-10-23"])})
    assert leverage.due_before(debts, pd.Timestamp("2028-01-01")) == 40
    for call in (lambda: leverage.customer_share(5, 4), lambda: leverage.backlog_years(1, 0), lambda: leverage.capex_cover(1, 0), lambda: leverage.loan_to_value(1, 0), lambda: leverage.customer_share(0, 0)):  # fmt: skip
        with pytest.raises(ValueError):
            call()


def test_four_quarters_must_follow_each_other(ledger: Ledger):
    rows = ledger.metrics[(ledger.metrics["entity"] == "amazon") & (ledger.metrics["metric"] == "aws_revenue")]
    assert leverage.trailing_four_quarters(rows) == pytest.approx(29.267 + 30.873 + 33 + 35.6)
    gap = rows[rows["end"] != pd.Timestamp("2025-09-30")]
    assert np.isnan(leverage.trailing_four_quarters(gap))


def test_rights_are_read_in_spells(ledger: Ledger):
    terms = ledger.history["terms"]
    spells = rights.spells(terms, {"cloud-exclusivity": "capacity"}, pd.Timestamp("2026-04-01"))
    assert spells["state"].tolist() == ["Microsoft alone", "first call", "open to others"]
    assert spells["end"].tolist()[:-1] == spells["start"].tolist()[1:], "a lane has no gaps"


def test_an_empty_table_spreads_to_nothing():
    assert obligations.by_year(deal().head(0), TERMS).empty
    assert counted.total(deal().head(0)).high == 0


def test_outside_money_by_hand():
    """OpenAI gets 10 from an investor and 20 from customers and pays 50 to a cloud: 20 of its own; the cloud keeps 40."""
    table = pd.DataFrame(
        {"payer": ["cloud", "openai"], "payee": ["openai", "cloud"], "year": [2026, 2026], "high": [10.0, 50.0]}
    )
    whole = flows.with_outside(table, pd.DataFrame({"payee": ["openai"], "year": [2026], "high": [20.0]}))
    found = whole.set_index(["payer", "payee"])["high"].to_dict()
    assert found == {
        ("cloud", "openai"): 10,
        ("customers", "openai"): 20,
        ("cloud", "outside"): 40,
        ("openai", "cloud"): 50,
        ("own funds", "openai"): 20,
    }


@given(tables_of_deals())
@settings(max_examples=30, deadline=None)
def test_with_outside_money_every_party_gets_what_it_pays(deals):
    table = flows.flows(deals, TERMS, 0.5)
    whole = flows.with_outside(table, pd.DataFrame({"payee": ["x"], "year": [2026], "high": [7.0]}))
    net = flows.net(whole).drop(["customers", "outside", "own funds"], errors="ignore")
    assert net.to_numpy() == pytest.approx(np.zeros(len(net)), abs=1e-6)


def test_outside_money_refuses_its_own_names():
    table = pd.DataFrame({"payer": ["outside"], "payee": ["b"], "year": [2026], "high": [1.0]})
    with pytest.raises(ValueError, match="stands for outside money"):
        flows.with_outside(table, pd.DataFrame({"payee": ["b"], "year": [2026], "high": [1.0]}))
    with pytest.raises(ValueError, match="negative"):
        flows.with_outside(table.assign(payer="a"), pd.DataFrame({"payee": ["b"], "year": [2026], "high": [-1.0]}))


@pytest.mark.parametrize(
    ("function", "values"),
    [
        (lambda a, b: a / b, (1.0, 0.0)),
        (lambda a, b: a / b, (np.float64(1), np.float64(0))),
        (lambda a, b: a / b, (0.0, 0.0)),
        (lambda a, b: a * b, (1e308, 10.0)),
        (equity.multiple, (135.0, 0.0)),
        (lambda a, b: a / b, (1.0, float("nan"))),
        (lambda a, b: a / b, (None, 2.0)),
    ],
    ids=["by zero", "by numpy's zero", "zero by zero", "infinite", "refused", "unknown", "missing"],
)
def test_a_quotient_without_meaning_is_not_known(function, values):
    assert np.isnan(nan_if_unknown(function, *values))


def test_a_quotient_with_meaning_is_itself():
    assert nan_if_unknown(lambda a, b: a / b, 1.0, 4.0) == 0.25
