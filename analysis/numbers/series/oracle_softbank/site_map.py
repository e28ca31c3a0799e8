"""Where the sites for OpenAI are, who runs them, and how far each is: the table of the map, and its finding."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED
from analysis.numbers import formats
from analysis.numbers.oracle_softbank import buildout
from analysis.numbers.oracle_softbank.progress import short_name
from analysis.numbers.series.oracle_softbank.buildout import GONE, site_list, site_words
from analysis.numbers.vintages import story_start
from analysis.numbers.words import COUNTRIES

ORACLE, SOFTBANK, OTHERS = "run by Oracle", "run by SoftBank", "run by others or unknown"
BEGUN, WAITING, LOST = "begun", "waiting", "lost"  # how far a site is; what runs of it is a part of its circle
HOME = "US"
SUBTITLE = (
    "The area of a circle is its planned capacity as published, upper limits included. Pale: being built; dashed: only"
    " planned or paused; a cross: no longer for OpenAI."
)


def drawn(ledger: Ledger) -> pd.DataFrame:
    """Return the sites named for OpenAI, those at home first, the largest of each first.

    Returns
    -------
    DataFrame
        The rows of `buildout.site_list` with place (a town, else the site's name; of two in a town the smaller
        by its name; abroad the country), said (its state
        and its capacity in words), told (the same with its place), builder (`ORACLE`, `SOFTBANK` or `OTHERS`, by who
        runs it), look (`BEGUN`, `WAITING` or `LOST`), whole and runs (GW, 0 where nothing is published) and is_home.
    """
    sites = site_list(ledger)
    if sites.empty:
        return sites
    groups = dict(zip(ledger.groups["entity"], ledger.groups["group"], strict=True))
    is_lost, is_home = sites["state"] == GONE, sites["country"] == HOME
    names = [short_name(r) for _, r in sites.iterrows()]
    is_second = is_lost | sites.assign(n=-sites["high"]).sort_values("n", kind="stable").duplicated(["town", "region"])
    towns = sites["town"].mask(is_second | (sites["town"] == ""), names)
    made = sites.assign(
        is_home=is_home,
        whole=sites["high"],
        runs=sites["low"].where(~is_lost, 0.0),
        builder=[_builder({groups.get(p, p) for p in str(o).split(";")}) for o in sites["operator"]],
        look=sites["status"].map({"planned": WAITING, "paused": WAITING}).fillna(BEGUN).mask(is_lost, LOST),
        capacity=[_capacity(ledger, row) for _, row in sites.iterrows()],
        place=towns.where(is_home, sites["nation"]),
    )
    has_state = is_home & (made["region"] != "")
    made["said"] = (made["region"] + ", " + made["capacity"]).where(has_state, made["capacity"])
    made["told"] = made["place"] + ", " + made["said"]
    order = made.assign(n=~is_home, m=is_lost, k=-made["whole"]).sort_values(["n", "m", "k", "place"], kind="stable")
    return made.loc[order.index].reset_index(drop=True)


def story(ledger: Ledger) -> dict[str, pd.DataFrame]:
    """Return what was `drawn` at the last change of each month, by its ISO day, and on the ledger's own day."""
    known = ledger.history["sites"]
    known = known[known["site"].isin(buildout.planned_for_openai(ledger).index)]
    days = known.loc[known["as_of"].between(story_start(ledger), ledger.as_of), "as_of"]
    last = days.groupby(days.dt.to_period("M")).max()
    views = {day: ledger.at(day.date(), is_kept=False) for day in last.iloc[:-1]}  # the last one still holds
    views[ledger.as_of] = ledger
    told = {f"{day:%Y-%m-%d}": drawn(view) for day, view in views.items()}
    return {day: sites for day, sites in told.items() if len(sites)}


def _builder(operators: set[str]) -> str:
    return ORACLE if "oracle" in operators else SOFTBANK if "softbank" in operators else OTHERS


def _capacity(ledger: Ledger, site: pd.Series) -> str:
    """How much a site is to have, and of one that OpenAI has left, what became of it."""
    if site["state"] == GONE:
        size = formats.amount(site["planned_gw"], "gw") if site["high"] > 0 else "a site"
        is_let = site["status"] != CANCELLED and site["tenant"]
        return f"{size}, now {ledger.name(site['tenant'])}’s" if is_let else f"{size} dropped"
    if not site["high"] > 0:
        return "size not published" + (", paused" if site["status"] == "paused" else "")
    return site_words(site) + (", paused" if site["status"] == "paused" else "")


def finding(ledger: Ledger) -> str:
    """Return in a sentence where most of the capacity for OpenAI is to stand, and where what runs of it is."""
    sites = buildout.openai_sites(ledger.sites)
    planned = sites["planned_gw"].sum()
    if not planned:
        return f"{formats.counted(len(sites), 'site', 'sites')} named for OpenAI, no capacity published".capitalize()
    where = _where(sites)
    by_place = sites["planned_gw"].groupby(where).sum().sort_values(ascending=False, kind="stable")
    first, most = str(by_place.index[0]), float(by_place.iloc[0])
    whole = formats.amount(planned, "gw")
    told = f"All {whole} at sites named for OpenAI are to stand in {first}"
    if most < planned:
        told = f"{first} is to have {formats.amount(most, 'gw', has_unit=False)} of {whole} at sites named for OpenAI"
    running = sites[(sites["status"] == "live") & (sites["live_gw"] > 0)]
    places = sorted(set(_where(running)))
    if not places:
        return told
    part = formats.amount(running["live_gw"].sum(), "gw")
    is_same = places == [first]
    return f"{told}; {part} of it is known to run{' there' if is_same else f', in {formats.listed(places)}'}"


def _where(sites: pd.DataFrame) -> pd.Series:
    """The state of sites at home, the country of others."""
    nation = sites["country"].map(lambda country: COUNTRIES.get(country, country))
    return sites["region"].where(sites["country"].eq(HOME) & sites["region"].ne(""), nation)


def elsewhere(sites: pd.DataFrame) -> str:
    """Return the head of the list of sites (see `drawn`) that are on no map of the country."""
    return (
        "Abroad"
        if sites.loc[sites["is_home"], ["lat", "lon"]].notna().all(axis=None)
        else "Abroad, or at no known place"
    )


def note(ledger: Ledger, sites: pd.DataFrame) -> str:
    """Return what the map leaves open."""
    now = sites[sites["look"] != LOST]
    silent = int((now["whole"] <= 0).sum())
    words = formats.counted(silent, "site publishes", "sites publish")
    return " ".join(
        filter(
            None,
            [
                f"{words} no capacity: a dotted ring." if silent else "",
                "Circles that would overlap are moved apart.",
            ],
        )
    )
