"""Figures of what is to be built, what runs, and what a gigawatt costs."""

from typing import Any

from analysis.figures import marks
from analysis.figures.closed_tables import ClosedTable
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.sliders import day_slider
from analysis.figures.tables import anchor
from analysis.ledger import Ledger
from analysis.numbers.series.oracle_softbank import buildout, site_map

HEADLINE_ROLES = {buildout.PLAN: "other", buildout.CONTRACT: "orders", buildout.LOANS: "debt"}
SITE_ROLES = {
    buildout.RUNS: "live",
    buildout.BEGUN: "building",
    buildout.PLANNED: "other",
    buildout.PAUSED: "paused",
}

MAP_GW = 8.0  # the size of a circle that fills a state of middle size; smaller ones would cover their neighbours
MAP_ROLES = {site_map.ORACLE: "first", site_map.SOFTBANK: "fourth", site_map.OTHERS: "other"}


def fig_oracle_headlines(ledger: Ledger, scenario: str = "central") -> Any:
    """The headlines side by side, the widest first, by what kind of promise each is."""
    frame, rows = buildout.headlines(ledger)
    if frame.empty:
        why = "No headline is known by this day."
        return empty_figure("fig-oracle-headlines", "The big round numbers", ledger, why)
    title = buildout.headlines_finding(frame)
    return make_figure(
        marks.labelled_bars(
            frame,
            {"name": "Headline", "kind": "Kind", "label": "As stated, US$ bn", "value": "US$ bn"},
            kind="kind",
            colours=HEADLINE_ROLES,
            thickness=20,
            step=38,
        ),
        id="fig-oracle-headlines",
        title=title,
        subtitle="As stated, US$ bn, over different numbers of years. "
        "They overlap: the plans count the contract in, and the loans build what the contract pays for.",
        alt_text=describe(title, (f"{r.name}: {r.label} ({r.kind})" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"name": "Headline", "kind": "Kind", "low": "At least, US$ bn", "high": "At most, US$ bn"},
        ledger=ledger,
        rows=rows,
    )


def fig_oracle_sites(ledger: Ledger, scenario: str = "central") -> Any:
    """The sites named for OpenAI: planned capacity, and what of it runs."""
    frame = buildout.site_list(ledger)
    if frame.empty:
        return empty_figure("fig-oracle-sites", "Where the data centres are", ledger, "No site is known by this day.")
    title = buildout.sites_finding(ledger)
    places, each = buildout.places(frame)
    said = (f"{r.short}: {r.label}" for r in frame.itertuples())
    drawn, height, narrow_height = marks.coins(
        places,
        {"name": "Place", "label": "Sites, GW", "planned": "Planned, GW"},
        kinds={kind: kind for kind in SITE_ROLES},
        colours=SITE_ROLES,
        shape="square",
    )
    return make_figure(
        drawn,
        id="fig-oracle-sites",
        title=title,
        subtitle=buildout.sites_subtitle(places, each),
        alt_text=describe(title, said),
        table=frame.assign(place=frame["town"].where(frame["town"] != "", frame["region"])),
        columns={
            "name": "Site",
            "place": "Place",
            "nation": "Country",
            "user": "Tenant",
            "planned_gw": "Planned, GW",
            "live_gw": "Runs, GW",
            "generation_gw": "Power plants, GW",
            "state": "State",
            "as_of": "Known on",
        },
        ledger=ledger,
        rows=[frame],
        note=buildout.site_note(ledger),
        height=round(height),
        narrow_height=round(narrow_height),
    )


def fig_oracle_map(ledger: Ledger, scenario: str = "central") -> Any:
    """The sites named for OpenAI on a map: who runs each, how much it is to have, and what of it runs."""
    frame = site_map.drawn(ledger)
    if frame.empty:
        return empty_figure("fig-oracle-map", "Where the data centres are", ledger, "No site is known by this day.")
    title = site_map.finding(ledger)
    days = {
        day: known.assign(site_name=known["name"], name=known["place"], kind=known["builder"], part=known["runs"])
        for day, known in site_map.story(ledger).items()
    }
    drawn, height, narrow_height = marks.us_map(
        days,
        {"site_name": "Site", "whole": "Planned, GW", "part": "Runs, GW", "state": "State", "user": "Tenant"},
        colours=MAP_ROLES,
        part_role="live",
        part_name="of it known to run",
        elsewhere=site_map.elsewhere(frame),
        at_least=MAP_GW,
    )
    return make_figure(
        drawn,
        id="fig-oracle-map",
        title=title,
        subtitle=site_map.SUBTITLE,
        alt_text=describe(title, frame["told"]),
        table=frame,
        columns={
            "name": "Site",
            "place": "Place",
            "region": "State or region",
            "nation": "Country",
            "builder": "Run by",
            "whole": "Planned, GW",
            "runs": "Runs, GW",
            "state": "State",
            "as_of": "Known on",
        },
        ledger=ledger,
        rows=[frame],
        note=site_map.note(ledger, frame),
        height=round(height),
        narrow_height=round(narrow_height),
        slider=day_slider(list(days)) if len(days) > 1 else None,
    )


def table_costs(ledger: Ledger, scenario: str = "central") -> ClosedTable:
    """Return the published costs of a gigawatt, grouped by what they count."""
    frame = buildout.costs(ledger)
    caption = f"{buildout.costs_finding(frame)}: each published figure" if len(frame) else "What a gigawatt costs"
    words = {"who": "Source", "kind": "What is counted", "label": "US$ bn a gigawatt", "scope": "In the source's words"}
    ids = [anchor(row) for row in frame["row"]]
    return ClosedTable(frame[list(words)].rename(columns=words).astype(object), "costs", caption, ids)
