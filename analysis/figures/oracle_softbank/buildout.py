"""Figures of what is to be built, what runs, and what a gigawatt costs."""

from typing import Any

from analysis.figures import marks
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.ledger import Ledger
from analysis.numbers.oracle_softbank.per_gigawatt import costs_per_gw
from analysis.numbers.series.oracle_softbank import buildout
from analysis.numbers.words import SITE_STATES

HEADLINE_ROLES = {buildout.PLAN: "other", buildout.CONTRACT: "orders", buildout.LOANS: "debt"}
STATE_ROLES = {
    SITE_STATES["live"]: "live",
    SITE_STATES["under construction"]: "building",
    SITE_STATES["planned"]: "planned",
    SITE_STATES["paused"]: "paused",
    buildout.GONE: "cancelled",
}
SCOPE_ROLES = dict(zip(buildout.SCOPES, ("first", "second", "third", "fourth"), strict=True))


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
    title, has_lost = buildout.sites_finding(ledger), (frame["state"] == buildout.GONE).any()
    said = (f"{r.short}: {r.label}, {r.state}" for r in frame.itertuples())
    return make_figure(
        marks.ranged_bars(
            frame,
            {"short": "Site", "state": "State", "label": "Capacity", "low": "GW"},
            name="short",
            kind="state",
            colours=STATE_ROLES,
            thickness=16,
            step=30,
        ),
        id="fig-oracle-sites",
        title=title,
        subtitle="Capacity as published, upper limits and intentions included, GW: the full colour runs, the pale "
        "colour is planned. Sites in the United States first, then those abroad"
        + (", last those no longer OpenAI's, as once planned for it." if has_lost else "."),
        alt_text=describe(title, said),
        table=frame.assign(place=frame["town"].where(frame["town"] != "", frame["region"])),
        columns={
            "name": "Site",
            "place": "Place",
            "country": "Country",
            "tenant": "Tenant",
            "planned_gw": "Planned, GW",
            "live_gw": "Runs, GW",
            "generation_gw": "Power plants, GW",
            "state": "State",
            "as_of": "Known on",
        },
        ledger=ledger,
        rows=[frame],
        note=buildout.site_note(ledger),
    )


def fig_oracle_cost_per_gw(ledger: Ledger, scenario: str = "central") -> Any:
    """Published costs of a gigawatt, grouped by what they count."""
    frame = buildout.costs(ledger)
    if frame.empty:
        why = "No figure is published by this day."
        return empty_figure("fig-oracle-cost-per-gw", "What a gigawatt costs", ledger, why)
    title = buildout.costs_finding(frame)
    columns = {"who": "Source", "kind": "Scope", "value": "US$ bn per GW", "scope": "What it counts"}
    return make_figure(
        marks.dots(frame, columns, name="who", kind="kind", colours=SCOPE_ROLES),
        id="fig-oracle-cost-per-gw",
        title=title,
        subtitle="Published cost of building one gigawatt, US$ bn, grouped by what is counted.",
        alt_text=describe(title, (f"{r.who}: {r.label}, {r.kind}" for r in frame.itertuples())),
        table=frame,
        columns=columns,
        ledger=ledger,
        rows=[*costs_per_gw(ledger), buildout.shells(ledger)],
        note="Only figures of one group measure the same thing. Without chips: cost over capacity of single sites.",
    )
