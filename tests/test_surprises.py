"""What a company's page opens with, who sells shares of whom, and what is known to be paid, on the small ledger."""

from pathlib import Path

import pytest

from analysis.ledger import Ledger
from analysis.numbers.headlines import headline
from analysis.numbers.profiles.companies import Profiles
from analysis.numbers.profiles.headings import headings
from analysis.numbers.profiles.money import PLANTS, STAKES, lined_up
from analysis.numbers.profiles.standfirsts import standfirst
from analysis.numbers.resales import MARKET, resales
from analysis.numbers.series.oracle_softbank.softbank import deals_since_start, in_parts, sums
from tests.conftest import add_row
from tests.ledgers import SMALL

LIKE = {"deal": "openai-aws-compute"}
PLAIN = {"as_of": "2026-03-10", "part_of": "", "parts": "", "start": "", "end": "", "condition": "", "gw": ""}


def add_deal(copy: Path, deal: str, amount: str, **cells: str) -> None:
    ends = {"low_usd_bn": amount, "high_usd_bn": amount}
    add_row(copy / "deals.csv", LIKE, deal=deal, **{"role": "payment", "status": "signed"} | PLAIN | ends | cells)


def told(copy: Path, company: str) -> str:
    return Profiles(Ledger.load(copy)).companies[company].surprise


def test_shares_that_a_holder_sells_are_not_its_own(copy: Path):
    """Oracle sold its part of Ampere; its page said that it had sold shares, as if of Oracle, to SoftBank."""
    money_before = Profiles(Ledger.load(copy)).money
    add_row(
        copy / "entities.csv", {"entity": "oracle"}, entity="some-shareholders", name="Some shareholders", kind="pool"
    )
    shares = {"kind": "equity", "status": "closed"}
    add_deal(
        copy,
        "some-whole",
        "6.5",
        payer="softbank",
        payee="some-shareholders",
        **shares | {"role": "total", "parts": "complete"},
    )
    add_deal(copy, "some-part", "4.3", payer="softbank", payee="oracle", **shares | {"part_of": "some-whole"})
    add_deal(
        copy, "some-rest", "2.2", payer="softbank", payee="some-shareholders", **shares | {"part_of": "some-whole"}
    )
    add_deal(copy, "on-the-market", "5", payer=MARKET, payee="softbank", **shares)
    add_deal(copy, "its-own", "3", payer="amazon", payee="oracle", **shares)
    ledger = Ledger.load(copy)
    assert resales(ledger) >= {"some-whole", "some-part", "some-rest", "on-the-market"} and "its-own" not in resales(
        ledger
    )
    profiles = Profiles(ledger)
    before = sum(f.high for f in money_before.into("oracle", STAKES))
    assert sum(f.high for f in profiles.money.into("oracle", STAKES)) == pytest.approx(before + 4.3)
    assert [f.high for f in profiles.money.into("oracle", "equity") if f.payer == "amazon"] == [3]
    assert [f.payer for f in profiles.money.into("softbank", STAKES)] == [MARKET]
    assert not [f for f in profiles.money.into("softbank", "equity") if f.payer == MARKET]
    assert headings(profiles.statements)["some-part"].startswith("SoftBank → Oracle: shares it held, ")
    known = profiles.deals["some-rest"]
    said = "SoftBank Group paid Some shareholders US$2.2bn for shares they held."
    assert standfirst(profiles.statements, known).startswith(said)
    row = ledger.deals[ledger.deals["deal"] == "some-part"].iloc[-1].to_dict()
    assert headline(ledger, "deals", row) == "SoftBank bought US$4.3bn of shares from Oracle"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("signed", "5")], "Signed; payments undisclosed."),
        ([("closed", "5")], "All of it is paid."),
        ([("closed", "2"), ("signed", "3")], "Signed; US$2bn of it is known to be paid."),
    ],
)
def test_what_is_signed_is_not_called_paid(copy: Path, rows: list, said: str):
    """'All of it is signed or paid' stood under orders of which no payment was known."""
    for number, (status, amount) in enumerate(rows):
        add_deal(copy, f"crusoe-{number}", amount, payee="crusoe", kind="compute", status=status)
    assert Profiles(Ledger.load(copy)).companies["crusoe"].lead.firmness == said


def test_leases_that_have_not_begun_are_among_what_goes_out(copy: Path):
    """Oracle's page showed 40 of money out, and 260 of leases nowhere beside it."""
    cells = {"entity": "oracle", "end": "2026-02-28", "as_of": "2026-03-10", "unit": "usd_bn", "basis": "actual"}
    for metric, amount in (("leases_not_commenced", "260"), ("total_debt", "130")):
        add_row(copy / "metrics.csv", {"entity": "oracle", "metric": "rpo"}, metric=metric, value=amount, **cells)
    leases = Profiles(Ledger.load(copy)).leases("oracle")
    assert leases is not None and (leases.amount, leases.month) == (260, "February 2026")
    assert told(copy, "oracle").endswith("leases that had not begun: 2× its last known debt.")


def test_a_supplier_that_is_an_investor_holds_orders_for_each_dollar():
    """By hand: 100 of orders at Microsoft, over what it has promised for shares."""
    small = Ledger.load(SMALL)
    money = Profiles(small).money
    put = sum(f.high for f in money.out("microsoft", "equity") if f.payee == "openai")
    said = Profiles(small).companies["microsoft"].surprise
    ratio = 100 / put
    assert said == (
        f"For each dollar that it has paid or promised for OpenAI's shares, Microsoft holds US${ratio:.{0 if ratio >= 10 else 2}f} "
        "of OpenAI's orders."
    )


def test_a_customer_with_rights_to_the_sellers_shares_is_named_once(copy: Path):
    add_deal(copy, "crusoe-order", "", payee="crusoe", kind="chips")
    assert "rights" not in told(copy, "crusoe")
    add_deal(copy, "crusoe-warrant", "", payer="crusoe", payee="openai", kind="warrant", role="contingent")
    assert told(copy, "crusoe") == "Crusoe gives customers that buy from it rights to its own shares: OpenAI."


def test_a_tenant_that_owns_a_part_of_its_landlord_is_told(copy: Path):
    add_deal(copy, "crusoe-lease", "7", payee="crusoe", kind="lease")
    assert told(copy, "crusoe") == ""
    add_deal(copy, "crusoe-shares", "1", payee="crusoe", kind="equity")
    assert told(copy, "crusoe") == "OpenAI is Crusoe's tenant and has signed for a part of its shares."


def test_orders_without_a_price_and_small_ratios_surprise_nobody(copy: Path):
    add_deal(copy, "crusoe-order", "", payee="crusoe", kind="compute")
    add_deal(copy, "crusoe-puts", "10", payer="crusoe", payee="openai", kind="equity")
    assert told(copy, "crusoe") == ""
    add_deal(copy, "crusoe-more", "14", payee="crusoe", kind="compute")
    assert told(copy, "crusoe") == "", "1.4 for each dollar"


def test_money_lined_up_is_not_told_as_borrowed(copy: Path):
    """SoftBank's page said that it had borrowed 73, of which 22 were only lined up; here 5 more are announced."""
    before = Profiles(Ledger.load(copy)).money.into("softbank", "debt")
    lent = {"payer": "bank-syndicate", "payee": "softbank", "kind": "debt"}
    add_deal(copy, "a-loan", "15", **lent)
    add_deal(copy, "bonds-to-come", "5", **lent | {"status": "announced"})
    flows = Profiles(Ledger.load(copy)).money.into("softbank", "debt")
    high, later = (sum(getattr(f, end) for f in flows) for end in ("low", "lined_up"))
    assert later == pytest.approx(sum(f.lined_up for f in before) + 5)
    assert lined_up(flows) == f"US${later:.0f}bn not known to be drawn"
    said = f"for shares, and borrowed at least US${high - later:.0f}bn and lined up US${later:.0f}bn more."
    assert told(copy, "softbank").endswith(said)


def test_what_softbanks_page_calls_lined_up_is_what_its_chapter_does():
    """The page and the picture of where SoftBank's money is from reckon it each in its own way."""
    for day in ("2026-03-31", "2026-07-15"):
        ledger = Ledger.load(None, day)
        parts = in_parts(ledger, sums(deals_since_start(ledger)))
        to_come = parts.loc[parts["is_to_come"] & parts["money"].eq("loans"), "value"].sum()
        flows = Profiles(ledger).money.into("softbank", "debt")
        assert sum(f.lined_up for f in flows) == pytest.approx(to_come)


def test_a_plant_is_not_told_as_shares_of_its_seller(copy: Path):
    """SoftBank bought a plant of Foxconn; a headline said that it had bought shares in Foxconn."""
    ledger = Ledger.load(copy)
    row = ledger.deals[ledger.deals["deal"] == "softbank-lordstown-purchase"].iloc[-1].to_dict()
    assert headline(ledger, "deals", row) == "SoftBank bought Foxconn's former car plant in Ohio for US$0.38bn"
    profiles = Profiles(ledger)
    assert not profiles.money.into("foxconn", "equity")
    assert [f.high for f in profiles.money.into("foxconn", PLANTS)] == [0.375]
    assert "shares" not in profiles.companies["foxconn"].lead.sentence + headings(profiles.statements)[row["deal"]]


def test_a_guarantee_of_a_value_is_not_told_as_the_rent(copy: Path):
    """NVIDIA's page said that it pays in OpenAI's place; it pays what buildings are worth less than guaranteed."""
    cells = {"payer": "nvidia", "payee": "crusoe", "kind": "guarantee", "role": "contingent", "scope": "openai"}
    cells |= {"low_usd_bn": "", "condition": "residual value guaranties; payable only on OpenAI payment default"}
    add_deal(copy, "a-guarantee", "77", **cells)
    add_deal(copy, "some-shares", "7", payer="nvidia", payee="openai", kind="equity")
    ledger = Ledger.load(copy)
    company = Profiles(ledger).companies["nvidia"]
    assert company.surprise.startswith(
        "NVIDIA has guaranteed what buildings will be worth: if OpenAI stops paying and they are worth less, it pays"
    )
    assert "a guaranteed value" in dict(company.exposure)["Signed to pay if OpenAI does not"]
    row = ledger.deals[ledger.deals["deal"] == "a-guarantee"].iloc[-1].to_dict()
    assert "lack to a guaranteed value, should OpenAI not pay" in headline(ledger, "deals", row)


def test_an_announced_guarantee_is_no_duty(copy: Path):
    """NVIDIA decides loan by loan; a headline said that it is to give a guarantee of 125."""
    cells = {"payer": "nvidia", "payee": "crusoe", "kind": "guarantee", "role": "contingent", "status": "announced"}
    add_deal(copy, "an-option", "125", **cells | {"low_usd_bn": ""})
    ledger = Ledger.load(copy)
    row = ledger.deals[ledger.deals["deal"] == "an-option"].iloc[-1].to_dict()
    assert headline(ledger, "deals", row) == "As announced, NVIDIA may give Crusoe a guarantee of up to US$125bn"


def test_a_companys_own_count_is_set_beside_its_rounds(copy: Path):
    """SoftBank's page said 61 in one place and 65 in another, and not why."""
    like = {"entity": "oracle", "metric": "rpo"}
    own = {"entity": "crusoe", "metric": "invested_in_openai", "unit": "usd_bn", "basis": "guidance"}
    add_row(copy / "metrics.csv", like, **own, start="", end="2026-10-31", as_of="2026-03-10", value="9")
    add_deal(copy, "crusoe-shares", "5", payer="crusoe", payee="openai", kind="equity")
    said = Profiles(Ledger.load(copy)).companies["crusoe"].details
    assert "expects to have paid in US$9bn by 31 October 2026, more than its rounds here come to" in said
    add_deal(copy, "crusoe-more", "4", payer="crusoe", payee="openai", kind="equity")
    assert "its own count" not in Profiles(Ledger.load(copy)).companies["crusoe"].details
