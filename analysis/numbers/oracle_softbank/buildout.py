"""What is to be built, and what stands."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED
from analysis.models import deals
from analysis.models.sites import is_for
from analysis.numbers import formats, quantities, singles
from analysis.numbers.facts import Facts, day, ratio, value
from analysis.numbers.oracle_softbank.per_gigawatt import contract_per_gw
from analysis.numbers.oracle_softbank.progress import stopped_in_words
from analysis.numbers.results import Results

KNOWN_SITES = ("abilene", "abilene-expansion", "norway", "uae", "milam")
STATES = {
    "live": "at least partly in service",
    "under construction": "under construction",
    "planned": "planned",
    "paused": "paused",
}
VENTURE = {
    "venture_openai": ("stargate-openai-equity", "OpenAI's money for the venture, as reported"),
    "venture_softbank": ("stargate-softbank-equity", "SoftBank's money for the venture, as reported"),
}


def openai_sites(sites: pd.DataFrame) -> pd.DataFrame:
    """The rows of sites named for OpenAI that are not cancelled."""
    return sites[is_for(sites, "openai") & (sites["status"] != CANCELLED)]


def planned_for_openai(ledger: Ledger) -> pd.Series:
    """Capacity (GW, by site) of every site ever named for OpenAI, as last planned while it was OpenAI's."""
    history = ledger.history["sites"]
    named = openai_sites(history).sort_values("as_of", kind="stable").drop_duplicates("site", keep="last")
    return named.set_index("site")["planned_gw"]


def former_sites(ledger: Ledger) -> pd.DataFrame:
    """The newest rows of sites once named for OpenAI that are cancelled or let to others now.

    Their planned_gw is what was planned for OpenAI: the new tenant may build more or less.
    """
    planned = planned_for_openai(ledger)
    once = set(planned.index) - set(openai_sites(ledger.sites)["site"])
    rows = ledger.sites[ledger.sites["site"].isin(once)]
    return rows.assign(planned_gw=rows["site"].map(planned))


def states_in_words(sites: pd.DataFrame) -> str:
    """How many sites are in which state: ``one at least partly in service, three under construction and two paused``.

    A state that none is in is left out; empty without sites.
    """
    counts = sites["status"].value_counts()
    return formats.listed([f"{formats.spelled(counts[s])} {words}" for s, words in STATES.items() if s in counts])


def headlines(ledger: Ledger, scenario: str = "central") -> Results:
    """The big round numbers, none of which is part of another sum."""
    f = Facts(ledger, "oracle_softbank", scenario)
    programme, plan = f.deal("stargate-us-program"), f.deal("openai-compute-plan")
    sites, contract = f.deal("stargate-us-sites"), f.standing("openai-oracle-compute")
    years = quantities.contract_years(contract)
    return Results(
        [
            *singles.amounts(f, VENTURE),
            *singles.published(f, {"venture_raised": ("stargate", "funds_raised", "What the venture had raised")}),
            f.amount("programme", "Stargate pledge", programme, "Intended investment, not a contract."),
            f.result("programme_gw", "Capacity the Stargate pledge is to buy", value(programme, "gw"), "gw", programme),
            f.result("has_sites", "The US sites have been announced", len(sites) > 0, "flag", sites),
            f.amount("contract", "Oracle contract", contract),
            f.amount("irb", "Bonds approved for the site in New Mexico", f.deal("jupiter-irb")),
            f.result(
                "has_price",
                "The Oracle contract has a published price",
                bool(value(contract, "low_usd_bn") > 0),
                "flag",
                contract,
            ),
            f.result("contract_gw", "Capacity of the Oracle contract", value(contract, "gw"), "gw", contract),
            f.result(
                "contract_years",
                "Length of the Oracle contract",
                years,
                "years",
                contract,
                how="Days from start to end over a year.",
            ),
            f.result(
                "contract_start",
                "Payments of the Oracle contract start in",
                quantities.calendar_year(contract, "start"),
                "year",
                contract,
            ),
            f.result(
                "contract_per_year",
                "Oracle contract a year, on average",
                quantities.contract_per_year(contract),
                "usd_bn",
                contract,
            ),
            f.result(
                "contract_per_gw",
                "Oracle contract per gigawatt",
                contract_per_gw(contract),
                "usd_bn",
                contract,
                is_open=bool(deals.is_open_ended(contract).any()),
                how="Contract over its capacity: service for its term, not the cost of building.",
            ),
            f.amount(
                "plan", "OpenAI's compute plan, as last stated", plan, "A headline plan that overlaps every contract."
            ),
        ]
    )


def sites(ledger: Ledger, scenario: str = "central") -> Results:
    """Announced against live capacity."""
    f = Facts(ledger, "oracle_softbank", scenario)
    ours, former = openai_sites(ledger.sites), former_sites(ledger)
    paused = ours[ours["status"] == "paused"]
    known = {key: ledger.sites[ledger.sites["site"] == key] for key in KNOWN_SITES}
    named = openai_sites(ledger.history["sites"]).sort_values("as_of", kind="stable")
    expansion = named[named["site"] == "abilene-expansion"].tail(1)
    live = f.last("openai", "compute_capacity", basis="actual")
    planned = ours["planned_gw"].sum(min_count=1)
    revenue = quantities.run_rate(f, "actual")
    same = revenue[revenue["end"] == live["end"].iloc[0]].tail(1) if len(live) else revenue.head(0)
    return Results(
        [
            f.result("sites", "Sites named for OpenAI", len(ours) or None, "count", ours),
            f.result("has_named_sites", "Sites are named for OpenAI", len(ours) > 0, "flag", ours),
            f.result("sites_states", "Sites named for OpenAI, by state", states_in_words(ours) or None, "text", ours),
            f.result(
                "sites_stopped",
                "Sites once named for OpenAI that are paused or no longer its own",
                stopped_in_words(paused, former) or None,
                "text",
                paused,
                former,
            ),
            f.result(
                "has_stopped",
                "Some sites once named for OpenAI are paused or no longer its own",
                len(paused) + len(former) > 0,
                "flag",
                paused,
                former,
            ),
            *(
                f.result(f"{name}_gw", f"Capacity planned: {words}", value(row, "planned_gw"), "gw", row)
                for name, words, row in (
                    ("abilene", "Abilene", known["abilene"]),
                    ("expansion", "second campus in Abilene", known["abilene-expansion"]),
                    ("expansion_openai", "second campus in Abilene, for OpenAI", expansion),
                    ("norway", "Norway", known["norway"]),
                    ("uae", "Emirates", known["uae"]),
                    ("milam", "Milam County", known["milam"]),
                )
            ),
            f.result(
                "abilene_live_gw",
                "Capacity in service in Abilene",
                value(known["abilene"], "live_gw"),
                "gw",
                known["abilene"],
            ),
            f.result(
                "planned_gw",
                "Capacity of the sites named for OpenAI, where published",
                float(planned),
                "gw",
                ours,
                how="Sum of the sites that publish a figure.",
            ),
            f.result(
                "live_gw",
                "OpenAI's compute capacity, as last stated",
                value(live),
                "gw",
                live,
                how="All clouds together; company figure.",
            ),
            f.result("live_day", "OpenAI's compute capacity as of", day(live, "end"), "date", live),
            f.result("has_live", "OpenAI has published its live capacity", len(live) > 0, "flag", live),
            f.result(
                "revenue_per_gw",
                "Annualised revenue for each live gigawatt",
                ratio(value(same), value(live)),
                "usd_bn",
                same,
                live,
            ),
        ]
    )


def ohio(ledger: Ledger, scenario: str = "central") -> Results:
    """The campus in Ohio: what is to be built, leased and guaranteed."""
    f = Facts(ledger, "oracle_softbank", scenario)
    site, lease = ledger.sites[ledger.sites["site"] == "portsmouth"], f.deal("openai-sbenergy-ohio-lease")
    guarantee = f.deal("nvidia-openai-guarantee-ohio")
    history = ledger.history["deals"]
    talks = history[(history["deal"] == "nvidia-openai-guarantee-ohio") & deals.in_talks(history)]
    talks = talks[talks["high_usd_bn"].notna()].sort_values("as_of", kind="stable").tail(1)
    return Results(
        [
            f.result("ohio_load", "Computing load planned in Ohio", value(site, "planned_gw"), "gw", site),
            f.result(
                "ohio_cost",
                "Cost of the campus in Ohio if fully built",
                value(site, "investment_usd_bn"),
                "usd_bn",
                site,
            ),
            f.result(
                "ohio_years", "Length of OpenAI's lease in Ohio", quantities.contract_years(lease), "years", lease
            ),
            f.result(
                "ohio_start",
                "OpenAI's lease in Ohio begins in",
                quantities.calendar_year(lease, "start"),
                "year",
                lease,
            ),
            f.amount("guarantee", "NVIDIA's guarantee in Ohio", guarantee, "The most NVIDIA can owe in total."),
            # Two digits, as NVIDIA tells it.
            f.amount("ohio_power", "Power plants in Ohio, as announced", f.deal("softbank-portsmouth-power")),
            f.amount("nvidia_landlord", "NVIDIA's purchase of shares in SB Energy", f.deal("nvidia-sbenergy-equity")),
        ]
    )
