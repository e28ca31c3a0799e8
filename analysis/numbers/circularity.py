"""What the chapter on circularity says."""

import functools

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import circularity, leverage, network, nullmodel
from analysis.models import deals as counted
from analysis.models.deals import FUNDING_KINDS
from analysis.models.flows import matrix
from analysis.numbers import modelling
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, value
from analysis.numbers.results import Results


def _facts(ledger: Ledger, scenario: str) -> Facts:
    return Facts(ledger, "circularity", scenario)


@functools.lru_cache(maxsize=2)
def network_edges(ledger: Ledger, scenario: str, variant: network.Variant = network.COUNTED) -> pd.DataFrame:
    """Payments between parties (payer, payee, amount in US$ bn) under a way of counting."""
    choose = ledger.assumptions(scenario)
    terms, ramp = modelling.terms(choose), choose["ramp"].central
    return network.edges(ledger.deals, variant, modelling.parties(ledger), terms, ramp, ledger.as_of.year)


@functools.lru_cache(maxsize=2)
def sensitivity(ledger: Ledger, scenario: str) -> pd.DataFrame:
    choose = ledger.assumptions(scenario)
    terms, ramp = modelling.terms(choose), choose["ramp"].central
    return network.sensitivity(ledger.deals, modelling.parties(ledger), terms, ramp, ledger.as_of.year)


def loops(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """The loops of up to five parties: parties, length, bottleneck, total (US$ bn), names."""
    table = network_edges(ledger, scenario)
    if table.empty:
        return pd.DataFrame(columns=["parties", "length", "bottleneck", "total", "names"])
    W, names = matrix(table, "amount")
    found = circularity.loops(W, 5, names)
    return found.assign(names=[" → ".join(ledger.name(p) for p in (*ring, ring[0])) for ring in found["parties"]])


@functools.lru_cache(maxsize=2)
def by_year(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """The indices of each calendar year's payments from the day's year on: year, total, maximum, forwarding, finn, outside."""
    choose = ledger.assumptions(scenario)
    parties = modelling.parties(ledger)
    terms, ramp = modelling.terms(choose), choose["ramp"].central
    spread = network.spread(ledger.deals, network.COUNTED, parties, terms, ramp)
    years = range(ledger.as_of.year - 1, ledger.as_of.year + 8)
    return pd.DataFrame(
        [{"year": year} | network.measures(network.summed(spread[spread["year"] == year], parties)) for year in years]
    )


def bounds(ledger: Ledger, scenario: str = "central") -> Results:
    """The two bounds, the cycling index, and their range over all ways to count."""
    f = _facts(ledger, scenario)
    table = sensitivity(ledger, scenario)
    base = table.loc[network.COUNTED.key]
    years = by_year(ledger, scenario)
    now = years[years["year"].between(ledger.as_of.year, ledger.as_of.year + 1)]
    near, later = table.loc["near"], table.loc["later"]
    deals = f.payments()
    deals = deals[deals["scope"].isin(["openai", "chain"])]
    how = "Low and high over all ways to count in the sensitivity table."
    same = table.loc[[*network.WHOLE_LIFE]]
    return Results(
        [
            f.result("maximum", "Share of the money that can go round", 100 * base["maximum"], "pct", deals, low=100 * same["maximum"].min(), high=100 * same["maximum"].max(), how="Maximum circulation over all payments between the parties. " + how),
            f.result("forwarding", "Share that goes round if each passes on in proportion", 100 * base["forwarding"], "pct", deals, low=100 * same["forwarding"].min(), high=100 * same["forwarding"].max(), how="Balanced flow forwarding. " + how),
            f.result("finn", "Finn's cycling index", 100 * base["finn"], "pct", deals, low=100 * same["finn"].min(), high=100 * same["finn"].max(), how="After adding the outside money that the payments need. " + how),
            f.result("money", "Money between the parties", base["total"], "usd_bn", deals, how="Sum of the payments between named parties over the life of the deals, high ends."),
            f.result("outside", "Outside money needed to pay it all", base["outside"], "usd_bn", deals, low=same["outside"].min(), high=same["outside"].max(), how="Sum over parties of what they pay less what they get, where that is positive."),
            f.result("near", "Share that can go round this year and next", 100 * near["maximum"], "pct", deals, how="Only payments that fall in these two calendar years by our spreading."),
            f.result("later", "Share that can go round in the three years after", 100 * later["maximum"], "pct", deals, how="Only payments that fall in these three calendar years by our spreading."),
            f.result("largest", "Largest share that can go round in any way of counting", 100 * table["maximum"].max(), "pct", deals),
            f.result("is_front_loaded", "The circle is mostly in the first years", bool(near["maximum"] > 2 * later["maximum"]), "flag", deals),
            f.result("peak_year", "Year with the largest share", float(now.loc[now["maximum"].idxmax(), "year"]) if now["maximum"].max() > 0 else None, "year", deals),
        ]
    )  # fmt: skip


def rings(ledger: Ledger, scenario: str = "central") -> Results:
    """The loops themselves, and whether chance would make as many."""
    f = _facts(ledger, scenario)
    found = loops(ledger, scenario)
    longer = found[found["length"] > 2]
    table = network_edges(ledger, scenario)
    null = (
        nullmodel.percentile(matrix(table, "amount")[0], draws=120)
        if len(table)
        else {"percentile": NAN, "distinct": 0.0, "accepted": 0.0}
    )
    deals = f.payments()
    deals = deals[deals["scope"].isin(["openai", "chain"])]
    return Results(
        [
            f.result("loops", "Loops of two to five parties", len(found), "count", deals),
            f.result("top_loop", "The widest loop", found["names"].iloc[0] if len(found) else None, "text", deals),
            f.result("top_bottleneck", "Its smallest payment", found["bottleneck"].iloc[0] if len(found) else None, "usd_bn", deals, how="What can go round the loop at most."),
            f.result("long_loop", "The widest loop of three or more", longer["names"].iloc[0] if len(longer) else None, "text", deals),
            f.result("long_bottleneck", "Its smallest payment", longer["bottleneck"].iloc[0] if len(longer) else None, "usd_bn", deals),
            f.result("has_long", "There is a loop of three or more", len(longer) > 0, "flag", deals),
            f.result("percentile", "Networks of chance that are at most as circular", null["percentile"], "pct", deals, how="Same parties, same numbers of partners, same sums; amounts fitted anew."),
            f.result("has_percentile", "Enough different networks exist for a percentile", not pd.isna(null["percentile"]), "flag", deals),
            f.result("distinct", "Different networks met", int(null["distinct"]), "count", deals),
            f.result("accepted", "Swaps made in each, of a thousand tried", round(null["accepted"]), "count", deals),
        ]
    )  # fmt: skip


def partners(ledger: Ledger, scenario: str = "central", lab: str = "openai") -> pd.DataFrame:
    """Round trip by partner, largest first.

    Parameters
    ----------
    ledger : Ledger
        The ledger as known on a day.
    scenario : str
        The scenario of our choices.
    lab : str
        Whose partners.

    Returns
    -------
    DataFrame
        Columns partner, name, those of `models.circularity.round_trip` (US$ bn, high ends) and unpriced (deals on
        either side without an amount).
    """
    choose = ledger.assumptions(scenario)
    rate = choose["discount_rate"].central
    deals, years = modelling.lab_payments(ledger, choose, lab)
    rows = []
    for partner in modelling.partners(deals, modelling.parties(ledger), lab):
        put = deals[(deals["payer"] == partner) & deals["kind"].isin(FUNDING_KINDS)]
        orders = deals[deals["payee"] == partner]
        if put.empty and orders.empty:
            continue
        trip = circularity.round_trip(years, partner, lab, rate, base_year=ledger.as_of.year)
        unpriced = counted.total(put).undisclosed + counted.total(orders).undisclosed
        rows.append({"partner": partner, "name": ledger.name(partner)} | trip | {"unpriced": unpriced})
    columns = [
        "partner",
        "name",
        "put_in",
        "paid_back",
        "returned",
        "orders_per_dollar",
        "put_in_today",
        "paid_back_today",
        "returned_today",
        "orders_per_dollar_today",
        "unpriced",
    ]
    table = pd.DataFrame(rows, columns=columns)
    largest_first = (table["put_in"] + table["paid_back"]).sort_values(ascending=False, kind="stable").index
    return table.loc[largest_first].reset_index(drop=True)


def trips(ledger: Ledger, scenario: str = "central") -> Results:
    """Round trips of OpenAI's partners, and of Anthropic's by the same function."""
    f = _facts(ledger, scenario)
    ours, theirs = partners(ledger, scenario), partners(ledger, scenario, "anthropic")
    both = ours[(ours["put_in"] > 0) & (ours["paid_back"] > 0)]
    other = theirs[(theirs["put_in"] > 0) & (theirs["paid_back"] > 0)]
    deals, control = f.payments(scope="openai"), f.payments(scope="comparator")
    one_way = ours[(ours["put_in"] == 0) & (ours["paid_back"] > 0)]
    return Results(
        [
            f.result("both_ways", "Partners with money both ways", len(both), "count", deals),
            f.result("both_ways_names", "They are", ", ".join(both["name"]) or None, "text", deals),
            f.result("both_in", "What they put in", both["put_in"].sum() if len(both) else None, "usd_bn", deals, how="High ends, by year and added up."),
            f.result("both_back", "What they are to get back in orders", both["paid_back"].sum() if len(both) else None, "usd_bn", deals),
            f.result("orders_plain", "Orders for a dollar, plain", nan_if_unknown(lambda a, b: a / b, both["paid_back"].sum(), both["put_in"].sum()) if len(both) else None, "usd", deals),
            f.result("orders_today", "Orders for a dollar, discounted", nan_if_unknown(lambda a, b: a / b, both["paid_back_today"].sum(), both["put_in_today"].sum()) if len(both) else None, "usd", deals, how="Money of later years counts less, at our discount rate."),
            f.result("one_way_names", "Suppliers that put nothing in", ", ".join(one_way["name"]) or None, "text", deals),
            f.result("has_control", "Anthropic has a partner with money both ways", len(other) > 0, "flag", control),
            f.result("control_names", "Anthropic's partners with money both ways", ", ".join(other["name"]) or None, "text", control),
            f.result("control_orders", "Orders for a dollar at Anthropic", nan_if_unknown(lambda a, b: a / b, other["paid_back"].sum(), other["put_in"].sum()) if len(other) else None, "usd", control),
        ]
    )  # fmt: skip


def states(ledger: Ledger) -> pd.DataFrame:
    """Commitment states kept apart: side, state, amount (US$ bn).

    Claimed: headline plans. Announced: all counted deals. Signed: without press reports and announcements.
    Paid: equity closed by the day, at its firm amount; for compute no payment is published.
    """
    deals = ledger.deals
    plan = deals[(deals["deal"] == "openai-compute-plan") & (deals["status"] != "cancelled")]
    owes, gets = (
        counted.payments(deals, scope="openai", payer="openai"),
        counted.payments(deals, scope="openai", payee="openai"),
    )
    gets = gets[gets["kind"] == "equity"]
    paid = gets[(gets["status"] == "closed") & ~(gets["start"] > ledger.as_of)]
    rows = [
        ("OpenAI pays", "claimed", counted.total(plan).high),
        ("OpenAI pays", "announced", counted.total(owes).high),
        ("OpenAI pays", "signed", counted.total(counted.signed(owes)).high),
        ("OpenAI receives", "announced", counted.total(gets).high),
        ("OpenAI receives", "signed", counted.total(counted.signed(gets)).high),
        ("OpenAI receives", "firm", counted.total(counted.signed(gets)).low),
        ("OpenAI receives", "paid", counted.total(paid).low),
    ]
    return pd.DataFrame(rows, columns=["side", "state", "amount"])


def progress(ledger: Ledger, scenario: str = "central") -> Results:
    """How far promises have got."""
    f = _facts(ledger, scenario)
    table = states(ledger).set_index(["side", "state"])["amount"]
    gets = f.payments(payee="openai", scope="openai", kind="equity")
    plan = f.deal("openai-compute-plan")
    return Results(
        [
            f.result("claimed", "Compute plan, as last claimed", table["OpenAI pays", "claimed"] or None, "usd_bn", plan),
            f.result("equity_signed", "Equity signed, at most", table["OpenAI receives", "signed"], "usd_bn", gets),
            f.result("equity_paid", "Equity paid by the day", table["OpenAI receives", "paid"], "usd_bn", gets, how="Deals closed and due by the day, firm amounts."),
            f.result("paid_share", "Paid, of what is signed", 100 * table["OpenAI receives", "paid"] / table["OpenAI receives", "signed"] if table["OpenAI receives", "signed"] else NAN, "pct", gets),
        ]
    )  # fmt: skip


def vendors(ledger: Ledger, scenario: str = "central") -> Results:
    """Vendor finance of the telecom boom by the same ratios."""
    f = _facts(ledger, scenario)
    promised = f.metric("lucent", "vendor_financing_commitments", end="2000-09-30")
    drawn = f.metric("lucent", "vendor_financing_drawn", end="2000-09-30")
    revenue = f.last("lucent", "revenue")
    loans, lost = (
        f.metric("nortel", "vendor_financing_drawn", end="2002-12-31"),
        f.metric("nortel", "vendor_financing_provision", end="2002-12-31"),
    )
    nortel, cisco = f.last("nortel", "vendor_financing_commitments"), f.last("cisco", "vendor_financing_commitments")
    nvidia = f.last("nvidia", "vendor_financing_share_of_revenue")
    given, sales = f.last("nvidia", "non_marketable_equity_net_additions"), f.metric("nvidia", "revenue").tail(1)
    return Results(
        [
            f.result("has_lucent", "Lucent's figures are in the ledger", len(promised) > 0, "flag", promised),
            f.result("lucent_promised", "Lucent's commitments to customers", value(promised), "usd_bn", promised),
            f.result("lucent_drawn", "Of it drawn", value(drawn), "usd_bn", drawn),
            f.result("lucent_drawn_share", "Share drawn", 100 * nan_if_unknown(leverage.customer_share, value(drawn), value(promised)), "pct", drawn, promised),
            f.result("lucent_of_revenue", "Commitments, of revenue", 100 * nan_if_unknown(lambda a, b: a / b, value(promised), value(revenue)), "pct", promised, revenue, how="Commitments of September over the revenue of the year before, as quoted."),
            f.result("lucent_drawn_of_revenue", "Drawn, of revenue", 100 * nan_if_unknown(lambda a, b: a / b, value(drawn), value(revenue)), "pct", drawn, revenue),
            f.result("has_lucent_revenue", "Lucent's revenue is in the ledger", len(revenue) > 0, "flag", revenue),
            f.result("nortel_promised", "Nortel's commitments to customers, as quoted", value(nortel), "usd_bn", nortel),
            f.result("cisco_promised", "Cisco's, as quoted", value(cisco), "usd_bn", cisco),
            f.result("has_peers", "Nortel's and Cisco's commitments are in the ledger", len(nortel) > 0 and len(cisco) > 0, "flag", nortel, cisco),
            f.result("nortel_lost", "Nortel's loss provision, of what was drawn", 100 * nan_if_unknown(leverage.customer_share, value(lost), value(loans)), "pct", lost, loans),
            f.result("nortel_day", "At the end of", day(loans, "end"), "date", loans),
            f.result("nvidia_claimed", "NVIDIA's commitments, of revenue, as claimed in 2025", value(nvidia), "pct", nvidia),
            f.result("has_nvidia_claim", "The claim about NVIDIA is known", len(nvidia) > 0, "flag", nvidia),
            f.result("nvidia_put", "NVIDIA's net purchases of unlisted shares in its fiscal year", value(given), "usd_bn", given),
            f.result("nvidia_put_share", "Of four times its last quarter's revenue", 100 * nan_if_unknown(lambda a, b: a / (4 * b), value(given), value(sales)), "pct", given, sales),
            f.result("has_nvidia_put", "NVIDIA's purchases are known", len(given) > 0, "flag", given),
        ]
    )  # fmt: skip


PAIRS = {"loop_score_microsoft_openai": ("microsoft", "openai"), "loop_score_nvidia_coreweave": ("nvidia", "coreweave")}


def rival(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """The published loop scores beside our measure of the same pairs: pair, theirs, ours (shares), there, back (US$ bn)."""
    scores = ledger.outside_models
    table = network_edges(ledger, scenario)
    rows = []
    for quantity, (a, b) in PAIRS.items():
        score = scores[scores["quantity"] == quantity]
        if score.empty:
            continue
        there, back = (
            float(table[(table["payer"] == x) & (table["payee"] == y)]["amount"].sum()) for x, y in ((a, b), (b, a))
        )
        ours = 2 * min(there, back) / (there + back) if there + back else 0.0
        rows.append((f"{ledger.name(a)} and {ledger.name(b)}", float(score["value"].iloc[-1]), ours, there, back))
    return pd.DataFrame(rows, columns=["pair", "theirs", "ours", "there", "back"])


def scores(ledger: Ledger, scenario: str = "central") -> Results:
    """The rival's score and ours for the best-known pair."""
    f = _facts(ledger, scenario)
    table = rival(ledger, scenario)
    known = f.ledger.outside_models
    known = known[known["quantity"].isin(PAIRS)]
    first = table.iloc[0] if len(table) else {"theirs": NAN, "ours": NAN}
    return Results(
        [
            f.result("has_rival", "A rival score is published", len(table) > 0, "flag", known),
            f.result("rival_score", "Loop score of Microsoft and OpenAI, as published", 100 * first["theirs"], "pct", known),
            f.result("our_score", "The same pair by money: the part that goes both ways", 100 * first["ours"], "pct", known, how="Twice the smaller of the two flows over both."),
        ]
    )  # fmt: skip
