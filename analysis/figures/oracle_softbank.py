"""Figures of the chapter on Oracle and SoftBank: headlines, sites, cost and Oracle's books."""

from typing import Any

import altair as alt

from analysis.figures import marks
from analysis.figures.figure import describe, empty_figure, make_figure, padded_scale
from analysis.ledger import Ledger
from analysis.numbers.facts import Facts
from analysis.numbers.oracle_softbank.buildout import costs_per_gw
from analysis.numbers.series.oracle_softbank import books, buildout
from analysis.numbers.vintages import story_start

HEADLINE_ROLES = {buildout.PLAN: "other", buildout.CONTRACT: "orders", buildout.LOANS: "debt"}
STATUS_ROLES = {
    "live": "live",
    "under construction": "building",
    "planned": "planned",
    "paused": "paused",
    "cancelled": "cancelled",
}
STATE_ROLES = {words: STATUS_ROLES[status] for status, words in buildout.STATES.items()}
USE_SHAPES = {buildout.FOR_OPENAI: "circle", buildout.FOR_OTHERS: "triangle-up"}
PART_ROLES = {books.NOT_SPLIT: "other", books.OTHERS: "first", books.OPENAI: "second"}
CASH_ROLES = {books.CASH_IN: "customers", books.SPENDING: "orders", books.FREE_CASH: "loss"}
LINE_ROLES = {books.DEBT: "debt", books.LEASES: "orders"}
MONEY_ROLES = {books.SHARES_BOUGHT: "equity", books.BORROWED: "debt", books.SHARES_SOLD: "value"}
TERM_ROLES = {books.BRINGS: "customers", books.OWES: "debt"}


def fig_oracle_headlines(ledger: Ledger, scenario: str = "central") -> Any:
    """The headlines side by side, by what kind of promise each is."""
    frame = buildout.headlines(ledger)
    if frame.empty:
        why = "No headline is known by this day."
        return empty_figure("fig-oracle-headlines", "The big round numbers", ledger, why)
    title = buildout.headlines_finding(frame)
    return make_figure(
        marks.labelled_bars(
            frame,
            {"name": "Headline", "kind": "Kind", "label": "As last stated, US$ bn", "value": "US$ bn"},
            kind="kind",
            colours=HEADLINE_ROLES,
            thickness=20,
            step=38,
        ),
        id="fig-oracle-headlines",
        title=title,
        subtitle="As last stated, US$ bn, over different numbers of years. "
        "Plans overlap the contract, and the contract's sites carry the loans.",
        alt_text=describe(title, (f"{r.name}: {r.label} ({r.kind})" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"name": "Headline", "kind": "Kind", "low": "At least, US$ bn", "high": "At most, US$ bn"},
        ledger=ledger,
        rows=[Facts(ledger, "oracle_softbank", scenario).deal(deal) for deal in frame["deal"]],
    )


def fig_oracle_map(ledger: Ledger, scenario: str = "central") -> Any:
    """Sites in the contiguous US by status; sites elsewhere are in the table."""
    frame = buildout.mapped_sites(ledger)
    if frame.empty:
        return empty_figure("fig-oracle-map", "Where the data centres are", ledger, "No site is known by this day.")
    title, sites = buildout.sites_finding(ledger), ledger.sites
    return make_figure(
        marks.places(
            frame,
            {"label": "Site", "status": "Status", "use": "Use", "planned_gw": "Planned, GW"},
            kind="status",
            colours=STATUS_ROLES,
            group="use",
            shapes=USE_SHAPES,
        ),
        id="fig-oracle-map",
        title=title,
        subtitle="Data centres in the contiguous United States whose place is published; "
        "sites abroad are in the data. Colour: status.",
        alt_text=describe(title, (f"{name}, {status}" for name, status in zip(sites["name"], sites["status"]))),
        table=sites.assign(place=sites["town"].where(sites["town"] != "", sites["region"])),
        columns={
            "name": "Site",
            "place": "Place",
            "country": "Country",
            "tenant": "Tenant",
            "planned_gw": "Planned GW",
            "status": "Status",
            "as_of": "Known on",
        },
        ledger=ledger,
        rows=[sites],
        note=f"Towns, not plots; {buildout.silence(sites, 'lat', 'town')}. Outlines: US Census Bureau, simplified.",
        narrow_height=230,
    )


def fig_oracle_capacity(ledger: Ledger, scenario: str = "central") -> Any:
    """Planned capacity over time by status, against what is live."""
    frame = buildout.capacity(ledger)
    if not frame["gw"].sum():
        why = "No site publishes a capacity by this day."
        return empty_figure("fig-oracle-capacity", "Announced and live capacity", ledger, why)
    fleet = buildout.fleet(ledger, frame["day"].min())
    words = {"day": "Day", "state": "State", "gw": "GW, whole campus"}
    areas = marks.stacked_steps(frame, words, part="state", colours=STATE_ROLES, value="gw")
    diamonds = [marks.marked_days(fleet, {"label": "What", "end": "Day", "value": "GW"})] if len(fleet) else []
    title, summary = buildout.capacity_finding(frame)
    return make_figure(
        marks.layered(areas, *diamonds, height=280),
        id="fig-oracle-capacity",
        title=title,
        subtitle="Published capacity of sites named for OpenAI, by the state of the site on each day, GW. "
        "A campus counts whole once a part is live.",
        alt_text=describe(title, [summary]),
        table=frame.pivot_table(index="day", columns="status", values="gw").reset_index(),
        columns={
            "day": "Day",
            "live": "Partly live, GW",
            "under construction": "Under construction, GW",
            "planned": "Planned, GW",
        },
        ledger=ledger,
        rows=[ledger.sites, fleet],
        note=buildout.capacity_note(ledger, fleet),
    )


def fig_oracle_cost_per_gw(ledger: Ledger, scenario: str = "central") -> Any:
    """Published costs of a gigawatt, a ladder with scopes."""
    frame = buildout.costs(ledger)
    if frame.empty:
        why = "No figure is published by this day."
        return empty_figure("fig-oracle-cost-per-gw", "What a gigawatt costs", ledger, why)
    title = buildout.costs_finding(frame)
    columns = {"who": "Source", "value": "US$ bn per GW", "scope": "What it counts"}
    return make_figure(
        marks.dots(frame, columns, name="who"),
        id="fig-oracle-cost-per-gw",
        title=title,
        subtitle="Published cost of building one gigawatt, US$ bn. "
        "Scopes differ: facility power or computing power, with or without chips.",
        alt_text=describe(title, (f"{r.who}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns=columns,
        ledger=ledger,
        rows=list(costs_per_gw(ledger)),
        note="A ladder, not an average: the figures measure different things.",
    )


def fig_oracle_backlog(ledger: Ledger, scenario: str = "central") -> Any:
    """Oracle's backlog by quarter."""
    parts, whole = books.backlog(ledger, scenario)
    if whole.empty:
        why = "No backlog is in the ledger by this day."
        return empty_figure("fig-oracle-backlog", "Oracle's backlog", ledger, why)
    title, f = books.backlog_finding(ledger, scenario), Facts(ledger, "oracle_softbank", scenario)
    part = f.last("oracle", "rpo_openai")
    return make_figure(
        marks.stacked_columns(
            parts,
            {"quarter": "End of", "part": "Customers", "value": "US$ bn"},
            part="part",
            colours=PART_ROLES,
            totals=whole,
        ),
        id="fig-oracle-backlog",
        title=title,
        subtitle="Remaining performance obligations at the end of each quarter, US$ bn.",
        alt_text=describe(title, (f"{r.quarter}: {r.label}" for r in whole.itertuples())),
        table=whole,
        columns={"quarter": "End of", "value": "Backlog, US$ bn", "openai": "OpenAI, per press, US$ bn"},
        ledger=ledger,
        rows=[f.metric("oracle", "rpo"), part],
        note="Oracle names no share; the press puts the whole contract into the backlog." if len(part) else "",
    )


def fig_oracle_cash(ledger: Ledger, scenario: str = "central") -> Any:
    """Oracle's spending against what its business brings in, by fiscal year and guidance."""
    frame, rows = books.cash(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-oracle-cash", "Oracle's cash", ledger, "No cash flow is in the ledger by this day.")
    title = books.cash_finding(ledger, scenario)
    columns = {"year": "Period", "kind": "Line", "value": "US$ bn"}
    return make_figure(
        marks.grouped_bars(frame, columns, name="year", group="kind", colours=CASH_ROLES, thickness=11),
        id="fig-oracle-cash",
        title=title,
        subtitle="Four quarters to each date, and the guidance for the fiscal year, US$ bn.",
        alt_text=describe(title, (f"{r.year}, {r.kind}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns=columns,
        ledger=ledger,
        rows=rows,
    )


def fig_oracle_debt(ledger: Ledger, scenario: str = "central") -> Any:
    """Debt, and leases signed that have not begun."""
    rows = books.debt(ledger, scenario)
    if rows.empty:
        why = "Neither is in the ledger by this day."
        return empty_figure("fig-oracle-debt", "Oracle's debt and leases", ledger, why)
    title = books.debt_finding(rows)
    columns = {"end": "Day", "line": "Line", "value": "US$ bn"}
    return make_figure(
        marks.lines(
            rows,
            columns,
            line="line",
            colours=LINE_ROLES,
            x="end",
            label="label",
            x_scale=alt.Scale(padding=24),
            y_scale=padded_scale(rows["value"]),
        ),
        id="fig-oracle-debt",
        title=title,
        subtitle="At each balance-sheet date, US$ bn. A lease that has not begun is on no balance sheet.",
        alt_text=describe(title, (f"{r.end:%b %Y} {r.line}: {r.label}" for r in rows.itertuples())),
        table=rows,
        columns=columns,
        ledger=ledger,
        rows=[rows],
    )


def fig_softbank_sources(ledger: Ledger, scenario: str = "central") -> Any:
    """SoftBank's uses beside its sources since the story starts, by deal."""
    rows = books.softbank_deals(ledger, scenario)
    sums = books.softbank_sums(rows)
    if sums.empty:
        why = "No payment is known by this day."
        return empty_figure("fig-softbank-sources", "SoftBank's sources and uses", ledger, why)
    title, since = books.softbank_finding(ledger, sums), story_start(ledger).year
    return make_figure(
        marks.labelled_bars(
            sums,
            {"money": "Kind", "use": "For", "label": "Low to high, US$ bn", "value": "US$ bn"},
            name="use",
            kind="money",
            colours=MONEY_ROLES,
            thickness=22,
            step=44,
        ),
        id="fig-softbank-sources",
        title=title,
        subtitle=f"Deals known since {since}, US$ bn, gross: "
        "new loans repay old ones, so sources are more than what was needed.",
        alt_text=describe(title, (f"{r.side}, {r.use}: {r.label}" for r in sums.itertuples())),
        table=rows,
        columns={
            "side": "Side",
            "use": "Kind",
            "payer_name": "From",
            "payee_name": "To",
            "deal": "Deal",
            "low_usd_bn": "At least, US$ bn",
            "high_usd_bn": "At most, US$ bn",
            "status": "Status",
        },
        ledger=ledger,
        rows=[rows],
        note="Operating cash and dividends are not counted.",
    )


def fig_oracle_maturity(ledger: Ledger, scenario: str = "central") -> Any:
    """How long contract, leases and loans run."""
    frame, rows = books.maturities(ledger, scenario)
    if frame.empty:
        why = "No term is known by this day."
        return empty_figure("fig-oracle-maturity", "How long each promise runs", ledger, why)
    title = books.maturity_finding(frame)
    columns = {"what": "Promise", "start": "From", "end": "To", "kind": "Kind"}
    return make_figure(
        marks.lanes(
            frame,
            columns,
            lane="what",
            kind="kind",
            colours=TERM_ROLES,
            end_label="label",
            axis=alt.Axis(format="%Y", tickCount=6, labelOverlap=True),
            scale=alt.Scale(padding=36),  # room for the years beside the bars
            thickness=14,
            step=36,
        ),
        id="fig-oracle-maturity",
        title=title,
        subtitle="From start to end, as reported. "
        "Leases are drawn from the contract's start, loans from the day they became known.",
        alt_text=describe(title, (f"{r.what}: {r.start:%Y} to {r.end:%Y}" for r in frame.itertuples())),
        table=frame,
        columns=columns,
        ledger=ledger,
        rows=rows,
        note=books.maturity_note(rows),
    )
