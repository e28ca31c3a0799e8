"""Figures of the chapter on sustainability."""

import altair as alt
import pandas as pd

from analysis.figures.figure import empty_figure, make_figure, padded_scale, round_values
from analysis.figures.palette import FAINT, INK, MUTED, colour_of
from analysis.ledger import Ledger
from analysis.models import outside
from analysis.numbers import formats, modelling, quantities
from analysis.numbers import sustainability as numbers
from analysis.numbers.facts import Facts

BLUE, GREEN, ORANGE, PINK, RUST = map(colour_of, ("orders", "customers", "equity", "debt", "loss"))

WORDS = {
    "data centre": "DC",
    r"\bgw\b": "GW",
    r"\bai\b": "AI",
    "openai": "OpenAI",
    "altman": "Altman",
    r"\bus\b": "US",
    "stargate": "Stargate",
}
UNKNOWN = "Revenue, forecasts or cash are not all known by this day."


def _fan(table: pd.DataFrame, name: str, colour: str, title: str) -> list[alt.Chart]:
    base = alt.Chart(round_values(table)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    )
    scale = padded_scale(table[f"{name}_high"], 0.1)
    return [
        base.mark_area(color=colour, opacity=0.25).encode(
            y=alt.Y(f"{name}_low:Q", title=title, scale=scale), y2=f"{name}_high:Q"
        ),
        base.mark_line(color=colour).encode(y=f"{name}_median:Q"),
    ]


def fig_sustainability_revenue(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Revenue fan against the contracts that fall due, and OpenAI's own forecast."""
    made = modelling.simulated(ledger, scenario)
    if made is None:
        return empty_figure("fig-sustainability-revenue", "Revenue against contracts", ledger, UNKNOWN)
    known, _, table = made
    frame = table.assign(plan=known.plan, due=known.obligations)
    layers = _fan(frame, "revenue", GREEN, "US$ bn a year")
    lines = frame.melt("year", value_vars=["due", "plan"], var_name="key", value_name="value")
    lines["line"] = lines["key"].map({"due": "contracts falling due", "plan": "OpenAI's own forecast"})
    marks = (
        alt.Chart(round_values(lines[["year", "line", "value"]]))
        .mark_line(point=True)
        .encode(
            x="year:O",
            y="value:Q",
            color=alt.Color(
                "line:N",
                title=None,
                scale=alt.Scale(domain=["contracts falling due", "OpenAI's own forecast"], range=[BLUE, ORANGE]),
            ),
            strokeDash=alt.StrokeDash(
                "line:N",
                title=None,
                scale=alt.Scale(domain=["contracts falling due", "OpenAI's own forecast"], range=[[1, 0], [5, 3]]),
            ),
        )
    )
    over = frame[frame["revenue_median"] > frame["due"]]
    when = int(over["year"].iloc[0]) if len(over) else None
    title = (
        f"On the median path revenue passes the contracts falling due in {when}, before any other cost"
        if when and when > frame["year"].iloc[0]
        else "On the median path revenue exceeds the contracts falling due from the start, before any other cost"
        if when
        else "On the median path revenue never reaches the contracts falling due"
    )
    return make_figure(
        alt.layer(*layers, marks),
        id="fig-sustainability-revenue",
        title=title,
        subtitle="Green: simulated revenue, median and 5 to 95 of a hundred paths. Contracts with a price, spread over years; US$ bn a year.",
        alt_text=title
        + ". "
        + "; ".join(
            f"{int(r.year)}: revenue {r.revenue_median:.0f} ({r.revenue_low:.0f} to {r.revenue_high:.0f}), contracts {r.due:.0f}"
            for r in frame.itertuples()
        )
        + ".",
        table=frame[["year", "revenue_low", "revenue_median", "revenue_high", "plan", "due"]].rename(
            columns={
                "year": "Year",
                "revenue_low": "Revenue, 5%",
                "revenue_median": "Median",
                "revenue_high": "95%",
                "plan": "OpenAI's forecast",
                "due": "Contracts falling due",
            }
        ),
        ledger=ledger,
        rows=numbers.calibrated_on(ledger),
        note="Contracts without a published price are missing, and existing contracts end: the line is a floor.",
        height=300,
    )


def fig_sustainability_gap(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Funding gap fan by year."""
    made = modelling.simulated(ledger, scenario)
    if made is None:
        return empty_figure("fig-sustainability-gap", "The funding gap", ledger, UNKNOWN)
    table = made[2]
    last = table.iloc[-1]
    title = f"By {int(last['year'])} OpenAI would still have to raise {formats.span(max(0, round(last['gap_low'])), round(last['gap_high']), 'usd_bn')}, {formats.amount(round(last['gap_median']), 'usd_bn')} on the median path"
    return make_figure(
        alt.layer(*_fan(table, "gap", RUST, "US$ bn, cumulative")),
        id="fig-sustainability-gap",
        title=title,
        subtitle="Deepest shortfall of cash up to each year beyond the equity already contracted: median and 5 to 95 of a hundred paths.",
        alt_text=title
        + ". "
        + "; ".join(
            f"{int(r.year)}: {r.gap_median:.0f}, from {r.gap_low:.0f} to {r.gap_high:.0f}" for r in table.itertuples()
        )
        + ".",
        table=table[["year", "gap_low", "gap_median", "gap_high"]].rename(
            columns={"year": "Year", "gap_low": "5%, US$ bn", "gap_median": "Median", "gap_high": "95%"}
        ),
        ledger=ledger,
        rows=numbers.calibrated_on(ledger),
        note="Not a forecast: no new money is assumed, and OpenAI would raise some.",
        height=260,
    )


def fig_sustainability_probability(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Probability of a shortfall by year under each scenario."""
    table = numbers.scenarios(ledger)
    if table.empty:
        return empty_figure("fig-sustainability-probability", "Probability of a shortfall", ledger, UNKNOWN)
    words = {"central": "central", "slow": "slow: half used, weak growth", "fast": "fast: all used, plan comes true"}
    frame = table.assign(share=100 * table["probability"], name=table["scenario"].map(lambda s: words.get(s, s)))
    names = list(dict.fromkeys(frame["name"]))
    base = alt.Chart(round_values(frame[["year", "share", "name"]])).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("share:Q", title="per cent of paths", scale=alt.Scale(domain=[0, 100])),
        color=alt.Color(
            "name:N", title=None, scale=alt.Scale(domain=names, range=[BLUE, GREEN, RUST, PINK][: len(names)])
        ),
        shape=alt.Shape("name:N", title=None, scale=alt.Scale(domain=names)),
    )
    ends = frame.groupby("scenario")["share"].last()
    others = ends.drop("central", errors="ignore")
    title = (
        f"Cash runs out on {formats.rounded(ends['central'], 0)}% of paths, on {formats.rounded(others.min(), 0)} to {formats.rounded(others.max(), 0)}% under the other scenarios"
        if len(others)
        else f"Cash runs out on {formats.rounded(ends['central'], 0)}% of paths"
    )
    return make_figure(
        base.mark_line() + base.mark_point(size=70),
        id="fig-sustainability-probability",
        title=title,
        subtitle="Share of paths on which cash has run out by the end of each year, without new money, per cent.",
        alt_text=title + ". " + "; ".join(f"{s}: {v:.0f}% by the last year" for s, v in ends.items()) + ".",
        table=frame.pivot(index="year", columns="scenario", values="share")
        .reset_index()
        .rename(columns={"year": "Year"}),
        ledger=ledger,
        rows=numbers.calibrated_on(ledger),
        note="Fast is not safe: using every contract costs more than the plan's growth brings in time."
        if ends.get("fast", 0.0) > ends["central"]
        else "",
        height=260,
    )


def fig_sustainability_sobol(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """What matters most: total Sobol indices."""
    table = numbers.matters(ledger, scenario)
    if table.empty:
        return empty_figure("fig-sustainability-sobol", "What matters most", ledger, UNKNOWN)
    frame = table.assign(
        share=100 * table["total"].clip(lower=0),
        low=100 * (table["total"] - table["total_error"]).clip(lower=0),
        high=100 * (table["total"] + table["total_error"]),
    )
    base = alt.Chart(round_values(frame[["name", "share", "low", "high"]])).encode(
        y=alt.Y("name:N", sort=frame["name"].tolist(), title=None)
    )
    bars = base.mark_bar(height=18, color=BLUE).encode(
        x=alt.X("share:Q", title="per cent of the variance", scale=padded_scale(frame["high"], 0.1))
    )
    spread = base.mark_rule(color=INK).encode(x="low:Q", x2="high:Q")
    title = f"The gap hangs most on {frame['name'].iloc[0]}, then on {frame['name'].iloc[1]}"
    return make_figure(
        bars + spread,
        id="fig-sustainability-sobol",
        title=title,
        subtitle="Total Sobol index of each choice for the gap in the last year, per cent of its variance; lines: 95% interval.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.name_}: {r.share:.0f}%" for r in frame.rename(columns={"name": "name_"}).itertuples())
        + ".",
        table=table[["name", "first", "first_error", "total", "total_error"]].rename(
            columns={
                "name": "Choice",
                "first": "First order",
                "first_error": "±",
                "total": "Total",
                "total_error": "± ",
            }
        ),
        ledger=ledger,
        rows=numbers.calibrated_on(ledger),
        note="Over the ranges of our choices, each equally likely. Totals count interactions more than once.",
        height=34 * len(frame),
    )


def fig_sustainability_rent(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """The gap by rent of a gigawatt-year."""
    table = numbers.rents(ledger, scenario)
    if table.empty:
        return empty_figure(
            "fig-sustainability-rent", "The gap by rent", ledger, "OpenAI's live capacity is not published by this day."
        )
    frame = table.assign(path=[f"{g:g} GW in 2030" for g in table["gw_2030"]])
    names = list(dict.fromkeys(frame["path"]))
    colour = alt.Color("path:N", title=None, scale=alt.Scale(domain=names, range=[GREEN, BLUE, RUST]))
    base = alt.Chart(round_values(frame[["rent", "gap", "path"]])).encode(
        x=alt.X("rent:Q", title="rent of a gigawatt for a year, US$ bn", scale=alt.Scale(domain=[6, 20], nice=False)),
        color=colour,
    )
    lines = base.mark_line().encode(
        y=alt.Y("gap:Q", title="gap, US$ bn", scale=padded_scale(frame["gap"], 0.1)),
        strokeDash=alt.StrokeDash("path:N", title=None, scale=alt.Scale(domain=names, range=[[2, 2], [1, 0], [6, 3]])),
    )
    rate = {r.key.partition(".")[2]: r for r in numbers.rent(ledger, scenario)}
    marks = pd.DataFrame({"rent": [float(rate["rent_low"].value), float(rate["rent_high"].value)]})
    rules = alt.Chart(round_values(marks)).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x="rent:Q")
    title = f"One number moves it all: the gap is {formats.amount(round(float(rate['gap_rent_low'].value)), 'usd_bn')} at a rent of {formats.plain(float(rate['rent_low'].value), 'usd_bn')} and {formats.amount(round(float(rate['gap_rent_high'].value)), 'usd_bn')} at {formats.plain(float(rate['rent_high'].value), 'usd_bn')}"
    theirs = ledger.outside_models
    return make_figure(
        lines + rules,
        id="fig-sustainability-rent",
        title=title,
        subtitle="Gap in the last year when computing is capacity times rent instead of the contracts; central choices, no surprises.",
        alt_text=title + ". Three lines rise with the rent, for three capacities in 2030.",
        table=frame[frame["rent"] % 2 == 0]
        .pivot(index="rent", columns="path", values="gap")
        .reset_index()
        .rename(columns={"rent": "Rent, US$ bn per GW-year"}),
        ledger=ledger,
        rows=[theirs[theirs["model"].isin(["hsbc-2025-11", "nesov-gw-2025-10"])], *numbers.calibrated_on(ledger)],
        note="Dashes: the rent that bottom-up costs give, and the one that a bank's totals imply.",
        height=300,
    )


def fig_sustainability_burn(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """OpenAI's own burn forecasts by vintage."""
    table = numbers.burns(ledger)
    if table.empty:
        return empty_figure(
            "fig-sustainability-burn", "Forecast burn", ledger, "No forecast of the burn has leaked by this day."
        )
    names = [n for n in ("early 2025", "autumn 2025", "newest") if n in set(table["vintage"])]
    base = alt.Chart(round_values(table[["vintage", "year", "value"]])).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("value:Q", title="US$ bn burned"),
        color=alt.Color(
            "vintage:N",
            title=None,
            scale=alt.Scale(
                domain=names, range=[{"early 2025": FAINT, "autumn 2025": ORANGE, "newest": BLUE}[n] for n in names]
            ),
        ),
        shape=alt.Shape("vintage:N", title=None, scale=alt.Scale(domain=names)),
    )
    r = {x.key.partition(".")[2]: x for x in numbers.hump(ledger, scenario)}
    ends = table[table["year"] == table["year"].max()]["value"]
    still = f", while {table['year'].max()} hardly moved" if len(ends) > 1 and ends.max() - ends.min() <= 5 else ""
    title = (
        f"The hump grew from {formats.amount(float(r['hump_first'].value), 'usd_bn')} to {formats.amount(float(r['hump_last'].value), 'usd_bn')} of burn in 2026–2029{still}"
        if r["hump_first"].value and r["hump_last"].value
        else f"OpenAI expected to burn up to {formats.amount(float(table['value'].max()), 'usd_bn')} in a single year"
    )
    metrics = ledger.part("metrics", "entity", "openai")
    rows = metrics[metrics["metric"].str.startswith("cash_burn")]
    return make_figure(
        base.mark_line() + base.mark_point(size=80),
        id="fig-sustainability-burn",
        title=title,
        subtitle="Cash burn by year in OpenAI's own forecasts as they leaked, US$ bn; below zero it would generate cash.",
        alt_text=title + ". " + "; ".join(f"{r.vintage} {r.year}: {r.value:g}" for r in table.itertuples()) + ".",
        table=table.pivot(index="year", columns="vintage", values="value")
        .reset_index()[["year", *names]]
        .rename(columns={"year": "Year"}),
        ledger=ledger,
        rows=[rows],
        note="Told by the press; nobody outside has seen the sheets.",
        height=280,
    )


def fig_sustainability_outside(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Published figures and what their own inputs give."""
    table = outside.rerun(ledger.outside_models)
    table = table[table["verdict"] != "not enough inputs"]
    if table.empty:
        return empty_figure(
            "fig-sustainability-outside", "Models of others", ledger, "No published model is in the ledger by this day."
        )
    short = table["publisher"].str.replace(r" \(.*\)| Global Investment Research| & Company| Research", "", regex=True)
    words = table["output"].str.replace("_", " ").replace(WORDS, regex=True).str.slice(0, 26)
    frame = table.assign(name=short + ": " + words, off=100 * table["difference"]).drop_duplicates("name")
    frame = frame.sort_values("off", key=abs, ascending=False, ignore_index=True)
    frame["label"] = [f"{'+' if v > 0.05 else ''}{formats.rounded(v, 0)}%" for v in frame["off"]]
    kinds = ["reproduced", "not reproduced"]
    base = alt.Chart(round_values(frame[["name", "off", "label", "verdict"]])).encode(
        y=alt.Y("name:N", sort=frame["name"].tolist(), title=None, axis=alt.Axis(labelLimit=300))
    )
    edge = max(30.0, float(frame["off"].abs().max()) * 1.35)
    stems = base.mark_rule(color=FAINT).encode(
        x=alt.X("off:Q", title="difference, per cent", scale=alt.Scale(domain=[-1.5 * edge, edge], nice=False)),
        x2=alt.datum(0),
    )
    dots = base.mark_point(size=90).encode(
        x="off:Q",
        color=alt.Color("verdict:N", title=None, scale=alt.Scale(domain=kinds, range=[GREEN, RUST])),
        shape=alt.Shape("verdict:N", title=None, scale=alt.Scale(domain=kinds)),
    )
    right = (
        base.transform_filter("datum.off >= 0")
        .mark_text(align="left", dx=9, fontSize=11)
        .encode(x="off:Q", text="label:N")
    )
    left = (
        base.transform_filter("datum.off < 0")
        .mark_text(align="right", dx=-9, fontSize=11)
        .encode(x="off:Q", text="label:N")
    )
    labels = right + left
    good = int((table["verdict"] == "reproduced").sum())
    title = f"{good} of {len(table)} published figures can be rebuilt from their own published inputs"
    return make_figure(
        stems + dots + labels,
        id="fig-sustainability-outside",
        title=title,
        subtitle="Each figure re-run from the inputs its publisher gave; difference in per cent of the published figure.",
        alt_text=title
        + ". Not reproduced: "
        + "; ".join(
            f"{r.name_} {r.label}"
            for r in frame.rename(columns={"name": "name_"}).itertuples()
            if r.verdict != "reproduced"
        )
        + ".",
        table=table[["publisher", "output", "how", "published", "ours", "unit", "verdict", "why"]].rename(
            columns={
                "publisher": "Publisher",
                "output": "Figure",
                "how": "How",
                "published": "Published",
                "ours": "Ours",
                "unit": "Unit",
                "verdict": "Verdict",
                "why": "Why they differ",
            }
        ),
        ledger=ledger,
        rows=[ledger.outside_models],
        height=24 * len(frame),
    )


def fig_sustainability_clearing(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Who misses what when OpenAI pays less of a year's contracts."""
    table = numbers.stressed(ledger, scenario)
    if table.empty or not table["first_round"].sum():
        return empty_figure(
            "fig-sustainability-clearing",
            "If OpenAI pays less",
            ledger,
            "No contract with a price is known by this day.",
        )
    frame = table[table["share"] < 1].assign(missing=table["first_round"] + table["chain"])
    frame = frame[frame.groupby("party")["missing"].transform("max") > 0.3]
    frame["pays"] = [f"pays {formats.rounded(100 * s, 0)}%" for s in frame["share"]]
    frame["label"] = [formats.rounded(v, 1) for v in frame["missing"]]
    order = frame.groupby("name")["missing"].max().sort_values(ascending=False).index.tolist()
    levels = list(dict.fromkeys(frame["pays"]))
    base = alt.Chart(round_values(frame[["name", "pays", "missing", "label"]])).encode(
        y=alt.Y("name:N", sort=order, title=None), yOffset=alt.YOffset("pays:N", sort=levels)
    )
    bars = base.mark_bar(height=11).encode(
        x=alt.X("missing:Q", title="US$ bn missed in the year", scale=padded_scale(frame["missing"])),
        color=alt.Color(
            "pays:N", title=None, scale=alt.Scale(domain=levels, range=[FAINT, ORANGE, RUST][: len(levels)])
        ),
    )
    labels = base.mark_text(align="left", dx=4, fontSize=10).encode(x="missing:Q", text="label:N")
    year = int(table["year"].iloc[0])
    part = table[table["share"] == 0.75].sort_values("first_round", ascending=False)
    two = part.head(2)
    title = f"If OpenAI pays three quarters of {year}, {' and '.join(two['name'])} miss {formats.amount(two['first_round'].sum(), 'usd_bn')} of {formats.amount(part['first_round'].sum(), 'usd_bn')}"
    return make_figure(
        bars + labels,
        id="fig-sustainability-clearing",
        title=title,
        subtitle=f"Missed by each creditor if OpenAI pays 75, 50 or 25% of the contracts of {year}, first round and chain, US$ bn.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.name_} {r.pays}: {r.label}" for r in frame.rename(columns={"name": "name_"}).itertuples())
        + ".",
        table=table[["share", "name", "first_round", "chain"]].rename(
            columns={
                "share": "OpenAI pays",
                "name": "Creditor",
                "first_round": "First round, US$ bn",
                "chain": "Through the chain, US$ bn",
            }
        ),
        ledger=ledger,
        rows=[Facts(ledger, "sustainability").payments(payer="openai", scope="openai")],
        note="Suppliers pay their guided spending from cash flow, cash and what they get; no new loans. Suppliers without published accounts only miss what OpenAI does not pay.",
        height=58 * len(order),
    )


def fig_sustainability_per_gw(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Revenue for each live gigawatt."""
    f = Facts(ledger, "sustainability", scenario)
    table = quantities.revenue_per_gw(f)
    if table.empty:
        return empty_figure(
            "fig-sustainability-per-gw",
            "Revenue for each gigawatt",
            ledger,
            "OpenAI has not published its live capacity by this day.",
        )
    frame = table.assign(day=table["end"].dt.strftime("%b %Y"), label=[formats.rounded(v, 1) for v in table["per_gw"]])
    base = alt.Chart(round_values(frame[["day", "per_gw", "label"]])).encode(
        x=alt.X("day:N", sort=frame["day"].tolist(), title=None, axis=alt.Axis(labelAngle=0))
    )
    bars = base.mark_bar(color=GREEN, size=60).encode(
        y=alt.Y("per_gw:Q", title="US$ bn per GW", scale=padded_scale(frame["per_gw"], 0.15))
    )
    labels = base.mark_text(dy=-8).encode(y="per_gw:Q", text="label:N")
    plan = f.metric("openai", "compute_capacity_commitments").sort_values("as_of").tail(1)
    words = (
        f"; at that rate the {formats.amount(float(plan['value'].iloc[0]), 'gw')} it speaks of would bring {formats.amount(round(float(plan['value'].iloc[0]) * frame['per_gw'].iloc[-1]), 'usd_bn')} a year"
        if len(plan)
        else ""
    )
    title = f"Each live gigawatt has brought about {formats.amount(round(float(frame['per_gw'].mean())), 'usd_bn')} a year{words}"
    return make_figure(
        bars + labels,
        id="fig-sustainability-per-gw",
        title=title,
        subtitle="Annualised revenue over compute in use at the end of each year, US$ bn per GW, as the company published both.",
        alt_text=title + ". " + "; ".join(f"{r.day}: {r.label}" for r in frame.itertuples()) + ".",
        table=frame[["day", "revenue", "gw", "per_gw"]].rename(
            columns={"day": "End of", "revenue": "Annualised revenue, US$ bn", "gw": "GW", "per_gw": "US$ bn per GW"}
        ),
        ledger=ledger,
        rows=[f.metric("openai", "compute_capacity"), f.metric("openai", "annualized_revenue", basis="actual"), plan],
        note="Three points, published at once; nothing says that the next gigawatt sells as well as the last.",
        height=220,
    )
