"""Exposure, clearing over years, the reverse stress, DebtRank and mark-downs: laws, cases by hand, published values."""

import numpy as np
import pandas as pd
import pytest

from analysis.figures import exposure_tables
from analysis.ledger import Ledger
from analysis.models import clearing, exposure
from analysis.models import deals as counted
from analysis.numbers import index, quantities
from analysis.numbers.exposure import accounts as books
from analysis.numbers.exposure import backers, half, holders, joint, owed, reverse, stakes, stress, terms
from analysis.numbers.exposure.liabilities import BUILDERS, network, suppliers
from analysis.numbers.series import exposure as series
from analysis.numbers.series import half_pay, squares
from analysis.numbers.series.oracle_softbank import softbank
from tests.conftest import add_row, change
from tests.ledgers import SMALL

DAYS = ("2025-01-31", "2025-12-17", "2026-02-27", None)


def deal(payee: str, low: float, high: float, gw: float = np.nan) -> dict:
    return {"payee": payee, "low_usd_bn": low, "high_usd_bn": high, "gw": gw}


# Exposure


@pytest.mark.parametrize("day", DAYS)
def test_exposure_adds_up_to_what_the_first_page_says_is_owed(view, live: Ledger, day: str | None):
    for ledger in (view(day), live if day is None else live.at(day)):
        table = owed.exposures(ledger)
        told = {r.key: r for r in index.totals(ledger)}["index.owes"]
        assert table["priced"].sum() == pytest.approx(told.low or 0.0)
        assert table["high"].sum() == pytest.approx(told.high or 0.0)
        assert bool(table["is_open"].any()) is told.is_open
        spread = owed.by_year(owed.facts(ledger))
        assert spread["low"].sum() == pytest.approx(told.low or 0.0), "over the years, too"
        assert spread["high"].sum() == pytest.approx(told.high or 0.0)
        by_year = spread.groupby("payee")["high"].sum()
        for r in table.itertuples():
            assert by_year.get(r.party, 0.0) == pytest.approx(r.high)
            assert r.discounted <= r.high + 1e-9


def test_states_of_what_is_owed_by_hand():
    rows = pd.DataFrame(
        [
            deal("a", 10, 10),
            deal("a", np.nan, 4),
            deal("b", 5, np.nan),
            deal("c", np.nan, np.nan, 6),
            deal("b", 1, 3),
        ]
    )
    table = exposure.by_creditor(rows).set_index("party")
    assert list(table.index) == ["a", "b", "c"]
    assert table["priced"].to_dict() == {"a": 10, "b": 6, "c": 0}
    assert table["conditional"].to_dict() == {"a": 4, "b": 2, "c": 0}
    assert table["is_open"].to_dict() == {"a": False, "b": True, "c": False}
    assert (table.loc["c", "unpriced"], table.loc["c", "unpriced_gw"]) == (1, 6)
    assert exposure.by_creditor(rows.head(0)).empty


def test_a_payment_is_discounted_from_the_middle_of_its_year():
    day = pd.Timestamp("2026-01-01")
    factors = exposure.discount_factors(pd.Series([2025, 2026, 2028]), day, 0.21)
    assert factors == pytest.approx([1.0, 1.21**-0.5, 1.21**-2.5])
    assert exposure.discount_factors(pd.Series([2040]), day, 0.0) == pytest.approx([1.0])


def test_a_backlog_is_set_against_what_was_known_by_its_end(live_copy):
    """A contract of a later day is no part of an older backlog."""
    ledger = Ledger.load(live_copy, "2026-03-31")
    base = owed.backlog(owed.facts(ledger), "amazon")
    rows = ledger.metrics
    whole = rows[(rows["entity"] == "amazon") & (rows["metric"] == "aws_rpo")].sort_values("end")["value"].iloc[-1]
    then = ledger.at("2025-12-31")
    known = counted.total(counted.payments(then.deals, payer="openai", payee="amazon", scope="openai")).high
    assert base.value == pytest.approx(known / whole)


def test_a_contract_that_had_begun_counts_at_its_amended_price(live_copy):
    """Cerebras's backlog of March had the price of January over it, 41%; another page said four fifths."""
    deals, metrics = (pd.read_csv(live_copy / f"{name}.csv") for name in ("deals", "metrics"))
    price = deals.query("deal == 'openai-cerebras-compute' and as_of == '2026-04-17'")["low_usd_bn"].item()
    whole = metrics.query("entity == 'cerebras' and metric == 'rpo' and end == '2026-03-31'")["value"].item()
    base = owed.backlog(owed.facts(Ledger.load(live_copy, "2026-08-31")), "cerebras")
    assert base.value == pytest.approx(price / whole) and base.words.startswith("at least")


def test_a_contract_signed_after_the_quarter_is_not_in_its_backlog(live_copy):
    """Microsoft's backlog of September came out a day after the order of 28 October, and did not hold it."""
    base = owed.backlog(owed.facts(Ledger.load(live_copy, "2025-10-31")), "microsoft")
    assert np.isnan(base.value)


def test_terms_tell_whether_a_contract_may_be_put_off(copy):
    assert terms.deferral(owed.facts(Ledger.load(copy)), "cerebras")[0] == terms.NOT_PUBLISHED
    add_row(
        copy / "terms.csv",
        {"term": "oracle-openai-risk-sharing"},
        term="openai-cerebras-exit",
        as_of="2026-03-20",
        parties="openai;cerebras;oracle",
        topic="termination",
        before="",
        after="Either side may leave within ninety days",
    )
    f = owed.facts(Ledger.load(copy))
    assert terms.deferral(f, "cerebras")[0] == "Either side may leave within ninety days (by press reports)"
    assert "ninety" not in terms.deferral(f, "oracle")[0], "it is not Oracle's contract"


def test_what_is_no_clause_answers_nothing(live_copy):
    """The table had 'some sites 2028' and 'term sheet' where it asks whether a contract may be left."""
    f = owed.facts(Ledger.load(live_copy, "2025-12-17"))
    assert terms.deferral(f, "oracle")[0] == terms.NOT_PUBLISHED
    assert terms.deferral(f, "broadcom")[0] == terms.NO_CONTRACT


def test_only_the_binding_part_of_an_order_binds(live_copy):
    """'7.2 GW is signed' counted all six of AMD's gigawatts, of which one binds, beside the 1.2 of a signed lease."""
    assert owed.largest(Ledger.load(live_copy, "2026-03-31")).by_name()["unpriced_signed"].value == pytest.approx(2.2)


def test_an_order_that_has_grown_is_no_part_of_an_older_backlog(live_copy):
    """'138 (16%)': the 16 were of the contract of November, 38."""
    table = series.creditors(Ledger.load(live_copy, "2026-03-31")).set_index("party")
    assert table.loc["amazon", "since"] == "grew" and "(" not in table.loc["amazon", "label"]


@pytest.mark.parametrize("day", ["2025-12-17", "2026-02-27", None])
def test_the_even_years_add_up_to_the_same(view, day: str | None):
    f = owed.facts(view(day))
    grown, even = owed.by_year(f)["high"].sum(), owed.by_year(f, is_even=True)["high"].sum()
    assert even == pytest.approx(grown)
    assert owed.exposures(view(day))["even"].dropna().gt(0).all()


# Clearing over years


def star(due: np.ndarray, own: np.ndarray, duties: np.ndarray) -> np.ndarray:
    """OpenAI owes one supplier, which owes those behind it: (T, 3, 3)."""
    made = np.zeros((len(due), 3, 3))
    made[:, 0, 1], made[:, 1, 2] = due, duties
    return made


def test_clearing_over_two_years_by_hand():
    """10 in hand, 4 kept; year one: 6 + 2 + 5 of 10 paid for a duty of 12 leaves 1; year two: 1 + 2 + 5 for 12."""
    liabilities = star(np.array([10.0, 10.0]), np.zeros(2), np.array([12.0, 12.0]))
    inflow = np.array([[0.0, 2.0, 0.0], [0.0, 2.0, 0.0]])
    got = clearing.over_years(liabilities, inflow, np.array([0.0, 10, 0]), np.array([0.0, 4, 0]), 0, 0.5)
    assert got.paid[:, 1] == pytest.approx([12, 8]) and got.missed[:, 1] == pytest.approx([0, 4])
    assert got.missed[:, 0] == pytest.approx([5, 5]) and got.cash[:, 1] == pytest.approx([5, 4])
    with pytest.raises(ValueError, match="outside 0 to 1"):
        clearing.over_years(liabilities, inflow, np.zeros(3), np.zeros(3), 0, 2)


def test_one_year_is_the_clearing_of_eisenberg_and_noe():
    rng = np.random.default_rng(5)
    L = rng.uniform(0, 10, (5, 5)) * (rng.random((5, 5)) < 0.6)
    np.fill_diagonal(L, 0)
    L[:, 0] = 0  # nobody owes the party that is stressed
    e = rng.uniform(0, 6, 5)
    for share in (0.0, 0.4, 1.0):
        one = clearing.over_years(L[None], e[None], np.zeros(5), np.zeros(5), 0, share)
        cut = L.copy()
        cut[0] *= share
        means = e.copy()
        means[0] = cut[0].sum()
        assert one.paid[0] == pytest.approx(clearing.clearing_vector(cut, means))


@pytest.mark.parametrize("seed", range(20))
def test_no_money_is_made_or_lost_over_the_years(seed: int):
    rng = np.random.default_rng(seed)
    L = rng.uniform(0, 10, (4, 5, 5))
    L[:, np.arange(5), np.arange(5)] = 0
    L[:, :, 0] = 0
    inflow, cash = rng.uniform(0, 5, (4, 5)), rng.uniform(0, 20, 5)
    share = rng.random()
    got = clearing.over_years(L, inflow, cash, cash / 4, 0, share)
    # All but the stressed party: what they hold at the end is what they held, what came in, and what it paid.
    held = got.cash[-1, 1:].sum()
    assert held == pytest.approx(cash[1:].sum() + inflow[:, 1:].sum() + got.paid[:, 0].sum())
    assert (got.missed >= -1e-9).all() and (got.cash[:, 1:] >= cash[1:] / 4 - 1e-9).all()


@pytest.mark.parametrize("seed", range(30))
def test_the_reverse_stress_clears_exactly(seed: int):
    """At the share a supplier meets all its payments and is left with nothing above its minimum in some year; a little
    below it misses one. Bisection over the clearing finds the same share."""
    rng = np.random.default_rng(seed)
    due, duties, inflow = rng.uniform(2, 12, 6), rng.uniform(4, 14, 6), rng.uniform(0, 5, 6)
    cash, floor = 12.0, 3.0
    share = clearing.least_share(inflow - duties, due, cash - floor)

    def missed(paid: float) -> float:
        come = np.zeros((6, 3))
        come[:, 1] = inflow
        got = clearing.over_years(
            star(due, inflow, duties), come, np.array([0, cash, 0]), np.array([0, floor, 0]), 0, paid
        )
        return float(got.missed[:, 1].sum())

    if share > 1:
        assert missed(1.0) > 1e-6
        return
    assert missed(share) == pytest.approx(0, abs=1e-9)
    left = cash - floor + np.cumsum(inflow - duties + share * due)
    assert share == 0 or left.min() == pytest.approx(0, abs=1e-9)
    if share > 1e-6:
        assert missed(share - 1e-6) > 0
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if missed(middle) < 1e-10 else (middle, high)
        assert high == pytest.approx(share, abs=1e-6)


def test_the_share_needed_at_its_edges():
    assert clearing.least_share(np.array([1.0]), np.array([5.0]), 0.0) == 0
    assert clearing.least_share(np.array([-10.0]), np.array([5.0]), 0.0) == 2
    assert clearing.least_share(np.array([-1.0, 5.0]), np.array([0.0, 5.0]), 0.0) == np.inf
    assert clearing.least_share(np.array([-1.0, 5.0]), np.array([0.0, 5.0]), 0.0, is_bridged=True) == 0
    assert clearing.least_share(np.array([-4.0, -4.0]), np.array([0.0, 10.0]), 2.0, is_bridged=True) == 0.6


# DebtRank


def test_debt_rank_by_hand():
    """A chain and back: 0 defaults and hits 1 by 0.5; 1 hits 2 by 0.4 of its 0.5, and 0 is full; 2 hits 1 no more to be
    passed on, since each passes its distress on once: 0.5 + 0.3 x 0.2."""
    impact = np.array([[0, 0.5, 0], [0.9, 0, 0.4], [0, 0.3, 0]])
    assert clearing.debt_rank(impact, np.array([1.0, 0, 0])) == pytest.approx([1.0, 0.56, 0.2])


def test_debt_rank_is_between_the_direct_loss_and_all():
    rng = np.random.default_rng(1)
    for _ in range(20):
        impact = rng.uniform(0, 0.6, (6, 6))
        np.fill_diagonal(impact, 0)
        shock = np.zeros(6)
        shock[0] = rng.random()
        rank = clearing.debt_rank(impact, shock)
        assert (rank[1:] >= np.minimum(1, impact[0, 1:] * shock[0]) - 1e-12).all() and (rank <= 1).all()
        assert (rank <= clearing.debt_rank(impact, np.minimum(1, shock * 1.5)) + 1e-12).all()
    assert clearing.debt_rank(np.full((2, 2), 7.0), np.array([1.0, 0])) == pytest.approx([1, 1])
    with pytest.raises(ValueError, match="0 or more"):
        clearing.debt_rank(-np.ones((2, 2)), np.zeros(2))


# Suppliers


def test_a_suppliers_year_by_hand():
    """Oracle in the small ledger: what its business brings in is the newer of the stated year and the one made of free
    cash flow and spending."""
    f = owed.facts(Ledger.load(SMALL))
    rate, start, end, _ = books.yearly_flow(f, "oracle")
    stated = f.metric("oracle", "operating_cash_flow")
    newest = stated[stated["end"] == stated["end"].max()]
    if end == newest["end"].iloc[0]:
        assert rate == newest["value"].iloc[-1] and start == newest["start"].iloc[-1]


def test_cash_flow_is_made_of_free_cash_flow_and_spending_of_the_same_time(live: Ledger):
    f = owed.facts(live.at("2026-08-31"))
    rate, start, end, rows = books.yearly_flow(f, "amazon")
    free = f.metric("amazon", "free_cash_flow", start=start, end=end)["value"].iloc[-1]
    spent = f.metric("amazon", "capex", start=start, end=end)["value"].iloc[-1]
    assert rate == pytest.approx(free + spent) and all(len(r) for r in rows)


def test_guided_spending_by_year_by_hand(copy):
    """Guided 120 for a year from June; before it the last year's spending; after it a part of the guidance."""
    f = owed.facts(Ledger.load(copy))
    years = np.arange(2026, 2029)
    row = f.metric("oracle", "capex_guidance").tail(1)
    day = row["end"].iloc[0] + pd.Timedelta(days=1)
    full, after, _ = books.spending(f, "oracle", years, day)
    assert full.sum() == 0, "nothing is guided from that day on"
    left = (pd.Timestamp("2026-12-31") - day).days + 1
    assert after == pytest.approx(row["value"].iloc[0] * np.array([left / 365, 1, 366 / 366]))
    within = row["start"].iloc[0]
    years = np.arange(within.year, 2029)
    full, after, _ = books.spending(f, "oracle", years, within)
    assert full.sum() == pytest.approx(row["value"].iloc[0], rel=0.005), "the guided year in full"


@pytest.mark.parametrize("day", DAYS[1:])
def test_the_stress_of_the_ledger_keeps_its_laws(view, live: Ledger, day: str | None):
    for ledger in (view(day), live if day is None else live.at(day)):
        f = owed.facts(ledger)
        table = stress.grid(ledger)
        due = sum(books.due_by_year(f, p).reindex(books.horizon(f), fill_value=0.0).sum() for p in suppliers(f))
        missed = table[table["party"] != BUILDERS].groupby("share")["not_received"].sum()
        assert missed.is_monotonic_decreasing, "the less OpenAI pays, the more is missed"
        assert missed[1.0] == pytest.approx(0, abs=1e-6) and missed[0.0] <= due + 1e-6
        behind = table[table["party"] == BUILDERS].groupby("share")["not_received"].sum()
        not_paid = table[table["party"] != BUILDERS].groupby("share")["not_paid"].sum()
        assert (behind.to_numpy() <= not_paid.to_numpy() + 1e-6).all()
        assert not table.loc[~table["has_accounts"] & (table["party"] != BUILDERS), "not_paid"].any()


@pytest.mark.parametrize("day", DAYS[1:])
def test_the_share_a_supplier_needs_agrees_with_the_clearing(live: Ledger, day: str | None):
    """The closed form of `reverse` and the network of `stress` say the same of every supplier of the ledger."""
    ledger = live if day is None else live.at(day)
    f = owed.facts(ledger)
    chosen = books.choices(f)
    for r in reverse.reverse(ledger).query("has_accounts").itertuples():
        for share, is_met in ((r.share + 1e-6, True), (r.share - 1e-3, False)):
            if not 0 <= share <= 1:
                continue
            made = network(f, chosen, share)
            got = clearing.over_years(made.liabilities, made.inflow, made.cash, made.minimum, 0, share)
            missed = got.missed[:, made.parties.index(r.party)].sum()
            assert bool(missed < 1e-6) is is_met, (r.party, share)
        if r.share > 1:
            made = network(f, chosen, 1.0)
            got = clearing.over_years(made.liabilities, made.inflow, made.cash, made.minimum, 0, 1.0)
            assert got.missed[:, made.parties.index(r.party)].sum() > 1e-6
        assert r.bridged <= r.share and r.bridged_low <= r.bridged <= r.bridged_high
        assert r.borrow_full <= r.borrow_half + 1e-9


def test_money_of_openai_is_not_in_a_suppliers_own_flow(live_copy):
    """What OpenAI pays a supplier, as published, is taken out of its cash flow, less the running costs."""
    before = owed.facts(Ledger.load(live_copy, "2026-08-31"))
    chosen = books.choices(before)
    rate = books.yearly_flow(before, "microsoft")[0]
    own = books.accounts(before, "microsoft", chosen)
    paid = before.metric("microsoft", "revenue_from_openai", basis="actual")["value"].iloc[-1]
    found = books.published(before.ledger, "central", "microsoft")
    expected = (rate - (1 - chosen.running) * paid) * (1 + chosen.growth) ** found.ahead * found.left
    assert own.flow.sum() == pytest.approx(expected.sum())


# Guarantees and debts


def test_every_guarantee_that_stands_is_told_once(live: Ledger):
    rows = live.deals
    standing = rows[(rows["kind"] == "guarantee") & (rows["status"] != "cancelled") & (rows["scope"] != "history")]
    table = backers.guarantees(live)
    assert len(table) == len(standing)
    assert table["high"].sum() == pytest.approx(standing["high_usd_bn"].sum())
    assert (table["state"].isin(["signed", "announced", "in talks"])).all()


def test_a_guarantee_in_talks_backs_nobody(live_copy):
    change(
        live_copy / "deals.csv", {"deal": "nvidia-openai-guarantee-ohio", "as_of": "2026-08-17"}, "status", "reported"
    )
    told = {r.key: r for r in backers.backing(Ledger.load(live_copy, "2026-08-31"))}
    assert told["exposure.has_guarantee"].value is False and told["exposure.guarantor"].value is None


# Holders


def test_mark_downs_by_hand():
    assert exposure.marked_down(80, 0.75) == 60
    assert exposure.loan_to_value_after(20, 0.5, 0.5) == pytest.approx(20 / 0.75)
    share = 0.4
    fall = exposure.fall_to_reach(20, 25, share)
    assert exposure.loan_to_value_after(20, share, fall) == pytest.approx(25)
    assert exposure.fall_to_reach(30, 25, share) == 0
    for wrong in ((1.5, 0.2), (0.2, -1)):
        with pytest.raises(ValueError, match="must be 0 to 1"):
            exposure.loan_to_value_after(20, *wrong)
    with pytest.raises(ValueError, match="nothing of value"):
        exposure.loan_to_value_after(20, 1, 1)


@pytest.mark.parametrize("day", DAYS)
def test_nobody_holds_more_than_all(view, live: Ledger, day: str | None):
    for ledger in (view(day), live if day is None else live.at(day)):
        table = holders.holdings(ledger)
        assert table["stake"].sum() <= 100 and table["name"].is_unique
        for fall, loss in ((0.25, "loss_25"), (0.5, "loss_50"), (0.75, "loss_75")):
            assert table[loss].to_numpy(float) == pytest.approx(fall * table["worth"].to_numpy(float))


def test_softbanks_loans_grow_with_what_it_has_paid_since(live_copy):
    """Two tranches of ten, paid after the last statement: debt grows by twenty, holdings by the change of the stake."""
    ledger = Ledger.load(live_copy, "2026-08-31")
    f, got = owed.facts(ledger), holders.leverage(ledger)
    ltv = f.last("softbank", "ltv")
    then = f.metric("softbank", "stake_value_openai", end=ltv["end"].iloc[0])["value"].iloc[-1]
    paid = ledger.deals
    paid = paid[
        (paid["payer"] == "softbank")
        & (paid["payee"] == "openai")
        & (paid["status"] == "closed")
        & (paid["start"] > ltv["end"].iloc[0])
    ]["low_usd_bn"].sum()
    whole = then / f.choices["softbank_openai_share"].central
    worth = stakes.stake(f, "softbank", is_due=True)[1]
    assert got.now == pytest.approx(100 * (ltv["value"].iloc[0] / 100 * whole + paid) / (whole - then + worth))
    alike = holders.marked(ledger).by_name()["ltv_reach_alike"].value / 100
    assert got.now / (1 - alike) == pytest.approx(got.ceiling), "the same debt over so much less"


def test_a_newer_price_is_told_beside_the_older_value(ledger: Ledger):
    """'OpenAI's last known value of US$500bn' on the day on which a round at 730 before its money was signed."""
    then, closed = (holders.marked(ledger.at(day)).by_name() for day in ("2026-02-27", "2026-03-31"))
    assert (then["valuation"].value, then["newer_price"].value) == (500, 730) and then["has_newer_price"].value
    assert closed["valuation"].value == 852 and not closed["has_newer_price"].value


# What readers see


def test_the_tables_name_every_creditor_debt_and_guarantee(live: Ledger):
    count = len(owed.exposures(live))
    assert len(exposure_tables.table_exposure(live).frame) == len(exposure_tables.table_terms(live).frame) == count
    assert (exposure_tables.table_terms(live).frame.iloc[:, 1] != "").all()
    assert len(exposure_tables.table_debts(live).frame) == len(backers.debts(live))
    assert len(exposure_tables.table_guarantees(live).frame) == len(backers.guarantees(live))


@pytest.mark.parametrize("day", ["2025-12-17", "2026-02-27", None])
def test_builders_loans_are_one_sum_on_both_pages(view, day: str | None):
    """One page had five sites and 79.6 to 81.6, another six loans and 79.4 to 81.4."""
    ledger = view(day)
    loans = backers.site_loans(owed.facts(ledger))
    assert not loans["role"].eq("total").any() and loans["deal"].is_unique
    risks = softbank.risks(ledger)[0]
    drawn = risks.loc[risks["who"] == "lenders to builders", "value"]
    assert list(drawn) == [pytest.approx(counted.total(loans).high)]
    table = backers.debts(ledger)
    assert table.loc[table["kind"] == backers.SITE, "value"].sum() == pytest.approx(drawn.iloc[0])


@pytest.mark.parametrize("day", ["2025-12-17", "2026-02-27", None])
def test_what_goes_missing_at_half_adds_up(view, day: str | None):
    """A title had 358 and 52 where its figure summed to 445: what would be missing anyway was in neither."""
    ledger = view(day)
    told = stress.clearing_years(ledger).by_name()
    drawn = series.missed(ledger)
    at_half = drawn.loc[drawn["share"] == 0.5, "value"].sum()
    parts = ("half_missing", "full_missing")
    assert sum(told[name].value for name in parts) == pytest.approx(at_half)
    assert told["half_behind"].value <= told["half_missing"].value, "suppliers pass on no more than they lose"
    assert told["half_all"].value == pytest.approx(at_half - told["full_missing"].value), "what half pay costs"
    anyway = told["full_missing"]
    assert anyway.low <= anyway.value + 1e-6 and anyway.value <= anyway.high + 1e-6


@pytest.mark.parametrize("day", ["2025-12-17", "2026-02-27", None])
def test_the_columns_of_half_pay_hold_what_their_title_says(view, day: str | None):
    """Five lines crossed one another on a phone, and neither sum of the title could be read off them."""
    ledger = view(day)
    told = stress.clearing_years(ledger).by_name()
    parts, whole = series.missed_parts(series.missed(ledger))
    sums = parts.groupby("part")["value"].sum()
    assert sums[series.MORE] == pytest.approx(told["half_all"].value)
    assert sums.get(series.ANYWAY, 0.0) == pytest.approx(told["full_missing"].value, abs=1.0)
    assert (parts["value"] >= 0).all()
    assert (whole["nothing"] >= whole["value"] - 1e-9).all(), "who is paid nothing misses as much at least"


def test_each_backlog_says_of_which_month_it_is(ledger: Ledger):
    """Oracle's part of November stood beside Microsoft's of December as if they were of one day."""
    table = series.creditors(ledger)
    shown = table[table["backlog_share"].notna()]
    assert len(shown) and all(pd.to_datetime(shown["backlog_day"], format="%b %Y") <= ledger.as_of)
    assert all(f"{day}" in series.backlog_days(table) for day in shown["backlog_day"])
    assert series.backlog_days(table.head(0)) == ""


@pytest.mark.parametrize(
    "made",
    [
        exposure_tables.table_exposure,
        exposure_tables.table_terms,
        exposure_tables.table_debts,
        exposure_tables.table_guarantees,
    ],
)
def test_an_empty_ledger_has_tables_without_rows(three_rows, made):
    table = made(Ledger.load(three_rows))
    assert isinstance(repr(table), str) and table._repr_html_()


def test_choices_together_hold_each_alone(live: Ledger):
    """With at most one choice at its end the combinations are the range of the reverse stress."""
    table = joint.combinations(live)
    alone = table[table["moved"] <= 1].groupby("party")["share"].agg(["min", "max"])
    known = reverse.reverse(live).query("has_accounts").set_index("party")
    assert set(alone.index) == set(known.index) and not table.duplicated(["party", *reverse.TRIED]).any()
    assert alone["min"].to_dict() == pytest.approx(known["bridged_low"].to_dict())
    assert alone["max"].to_dict() == pytest.approx(known["bridged_high"].to_dict())


def test_two_choices_can_break_whom_one_leaves_standing():
    """'On any of our choices' was said of a supplier that two of them together left unable to pay."""

    def row(party: str, share: float, **ends: str) -> dict[str, object]:
        return dict.fromkeys(reverse.TRIED, "central") | ends | {"party": party, "moved": len(ends), "share": share}

    rows = [
        row("a", 0.0),
        row("a", 0.0, growth="low"),
        row("a", 0.2, growth="low", running="high"),
        row("a", 1.46, growth="low", capex_after="high"),
        row("a", 3.0, growth="low", capex_after="high", minimum="high"),
        row("b", 0.5, growth="low"),
        row("b", 2.0, growth="low", capex_after="high"),
        row("c", 0.0, growth="low", capex_after="high"),
        row("c", 0.9, growth="low", capex_after="high", minimum="high"),
        row("d", np.inf, resale="high", minimum="low"),
        row("d", 0.0),
    ]
    found = joint.pairs(pd.DataFrame(rows).assign(name=lambda t: t["party"].str.upper()))
    assert found["party"].tolist() == ["d", "a"], "b breaks on one, c on three"
    assert [joint.in_words(r) for _, r in found.iterrows()] == [
        "D would need more than all of OpenAI's payments if it keeps back little cash and others pay most for idle"
        " capacity",
        "A would need 146% of OpenAI's payments if its other business grows least and it builds most once its guidance"
        " ends",
    ]


def test_what_each_choice_of_the_stress_moves(live: Ledger):
    """At the ends of each choice, of the supplier that needs most: inside the range that the chapter tells."""
    found, table = reverse.by_choice(live), reverse.reverse(live)
    assert set(found["parameter"]) == set(books.PARAMETERS.values())
    row = table[table["party"] == found["party"].iloc[0]].iloc[0]
    ends = found[["share_low", "share_high"]].to_numpy()
    assert (ends.min(), ends.max()) == (row["bridged_low"], row["bridged_high"])
    assert row["bridged"] == table["bridged"].max()


def test_half_pay_costs_no_more_than_half_of_what_falls_due(ledger: Ledger):
    """'If OpenAI pays half, 414 goes missing' of orders of 708 to 730: what suppliers passed on was counted twice."""
    told, table = stress.clearing_years(ledger).by_name(), stress.grid(ledger)
    nothing = table[(table["party"] != BUILDERS) & (table["share"] == 0.0)]
    assert told["half_all"].value == pytest.approx(nothing["not_received"].sum() / 2)
    assert 0 < told["half_all"].value <= index.totals(ledger).by_name()["owes"].high / 2


@pytest.mark.parametrize("day", ["2025-09-10", "2025-12-17", "2026-03-31", None])
def test_half_pay_by_supplier_adds_up_to_half_pay_of_all(view, day: str | None):
    """Who goes without how much, and what lands on others, by each supplier: parts of one sum that is told beside."""
    ledger = view(day)
    table, told = half.at_half(ledger), stress.clearing_years(ledger).by_name()
    assert table["missing"].sum() == pytest.approx(told["half_all"].value)
    assert table["passed_on"].sum() == pytest.approx(told["half_behind"].value, abs=1e-6)
    assert (table["passed_on"] <= table["missing"] + 1e-6).all(), "nobody passes on more than it misses"
    due = counted.total(quantities.outstanding_supply(owed.facts(ledger)).query("payee == 'oracle'")).high
    oracle = half.half_of_oracle(ledger).by_name()
    assert oracle["oracle_half"].value == pytest.approx(due / 2), "an order that is paid half misses its other half"
    assert oracle["is_oracle_passing_on"].value == (oracle["oracle_half_behind"].value >= 1)


def test_no_order_makes_no_half_pay(three_rows):
    empty = Ledger.load(three_rows).at("2024-01-01")
    assert half.at_half(empty).empty and half_pay.borne(empty).empty
    assert not half.half_of_oracle(empty).by_name()["has_oracle_half"].value


@pytest.mark.parametrize(
    ("total", "most", "each"), [(15.3, 170, 0.1), (357.6, 90, 5), (90, 90, 1), (0.04, 4, 0.01), (7, 3, 5)]
)
def test_a_square_stands_for_a_round_number(total: float, most: int, each: float):
    assert squares.unit(total, most) == pytest.approx(each) and total / squares.unit(total, most) <= most + 1e-9


@pytest.mark.parametrize(("amount", "count"), [(0.0, 0), (float("nan"), 0), (0.02, 1), (0.25, 3), (0.3, 3), (8.0, 80)])
def test_what_there_is_gets_a_square_at_least(amount: float, count: int):
    assert squares.count(amount, 0.1) == count


@pytest.mark.parametrize("day", ["2025-12-17", "2026-03-31", None])
def test_who_needs_openai_most_is_not_told_as_certain_where_ranges_overlap(view, live: Ledger, day: str | None):
    """Oracle "could least do without the money" at 19 to 230%, while Amazon's range went up to 166%."""
    ledger = live if day is None else live.at(day)
    told, table = stress.clearing_years(ledger).by_name(), reverse.reverse(ledger)
    known = table[table["has_accounts"]].sort_values("bridged", ascending=False, kind="stable")
    first = known[known["bridged"] > 0].head(1)
    others = known[~known["party"].isin(first["party"])]
    overlap = [
        r.name for r in others.itertuples(index=False) if len(first) and r.bridged_high > first["bridged_low"].max()
    ]
    assert told["has_rivals"].value is bool(overlap)
    assert all(name.split(" (")[0] in str(told["rivals"].value) for name in overlap)


def test_a_stake_is_told_at_both_prices_with_their_days(live: Ledger):
    """Microsoft's stake was US$135bn on one page and US$213bn on another, and neither said of when."""
    told = holders.marked(live).by_name()
    then, now = told["worth_then"], told["holder_worth"]
    assert told["has_worth_then"].value and then.value != now.value
    assert pd.Timestamp(told["worth_then_day"].value) < pd.Timestamp(told["valuation_day"].value)
    table = holders.holdings(live)
    assert now.value == pytest.approx(table["stake"].iloc[0] / 100 * told["valuation"].value, rel=0.01)
    assert now.value == pytest.approx(2 * told["holder_half"].value)
