"""Figures of the chapter on Oracle and SoftBank: headlines, sites, cost and Oracle's books."""

import json
import re
from typing import Literal

import altair as alt
import pandas as pd

from analysis import paths
from analysis.figures.figure import empty_figure, make_figure, padded_scale, round_values
from analysis.figures.palette import FAINT, INK, LAND, PAPER, colour_of
from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models.sites import is_for
from analysis.numbers import formats
from analysis.numbers import oracle_softbank as numbers
from analysis.numbers.facts import Facts
from analysis.numbers.formats import amount_text

BLUE, GREEN, ORANGE, RUST = map(colour_of, ("orders", "customers", "equity", "loss"))

STATUS = ["live", "under construction", "planned", "cancelled"]
STATUS_COLOURS = [GREEN, ORANGE, BLUE, FAINT]


def fig_oracle_headlines(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """The headlines side by side, by what kind of promise each is."""
    f = Facts(ledger, "oracle_softbank", scenario)
    wanted = [
        ("openai-compute-plan", "OpenAI's compute plan", "plan"),
        ("stargate-us-program", "Stargate pledge", "plan"),
        ("stargate-us-sites", "US sites, planned", "plan"),
        ("openai-oracle-compute", "Oracle contract", "contract"),
        ("oracle-linked-construction-loans-rated", "Loans rated on Oracle leases", "loans"),
    ]
    rows = [(name, kind, f.deal(key)) for key, name, kind in wanted]
    rows = [
        (name, kind, r)
        for name, kind, r in rows
        if len(r) and (r["low_usd_bn"].notna() | r["high_usd_bn"].notna()).iloc[0]
    ]
    if not rows:
        return empty_figure(
            "fig-oracle-headlines", "The big round numbers", ledger, "No headline is known by this day."
        )
    frame = pd.DataFrame(
        {
            "name": [n for n, _, _ in rows],
            "kind": [k for _, k, _ in rows],
            "value": [counted.bounds(r)["high"].iloc[0] for _, _, r in rows],
            "label": [amount_text(r["low_usd_bn"].iloc[0], r["high_usd_bn"].iloc[0]) for _, _, r in rows],
        }
    )
    kinds = [k for k in ("plan", "contract", "loans") if k in set(frame["kind"])]
    base = alt.Chart(round_values(frame)).encode(y=alt.Y("name:N", sort=frame["name"].tolist(), title=None))
    bars = base.mark_bar(height=20).encode(
        x=alt.X("value:Q", title="US$ bn", scale=padded_scale(frame["value"], 0.5)),
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=kinds, range=[{"plan": FAINT, "contract": BLUE, "loans": RUST}[k] for k in kinds]),
        ),
    )
    labels = base.mark_text(align="left", dx=5).encode(x="value:Q", text="label:N")
    firm = frame[frame["kind"] == "contract"]
    plans = frame[frame["kind"] == "plan"]
    title = (
        f"Only one headline is a customer's contract, Oracle's {formats.amount(firm['value'].iloc[0], 'usd_bn')}; they overlap and do not add up"
        if len(firm)
        else f"{len(plans)} headlines and no priced contract: they overlap and do not add up"
    )
    return make_figure(
        bars + labels,
        id="fig-oracle-headlines",
        title=title,
        subtitle="As last stated, US$ bn, over different numbers of years. Plans overlap the contract, and the contract's sites carry the loans.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.name_}: {r.label} ({r.kind})" for r in frame.rename(columns={"name": "name_"}).itertuples())
        + ".",
        table=frame[["name", "kind", "label"]].rename(columns={"name": "Headline", "kind": "Kind", "label": "US$ bn"}),
        ledger=ledger,
        rows=[r for _, _, r in rows],
        height=38 * len(frame),
    )


def _label_sides(sites: pd.DataFrame) -> list[str]:
    """On which side of each site its name meets no other site: right, else left, else below."""
    sides = []
    for lat, lon in zip(sites["lat"], sites["lon"], strict=True):
        east, level = sites["lon"] - lon, (sites["lat"] - lat).abs() < 0.8
        if not (level & east.between(0.01, 9)).any():
            sides.append("right")
        else:
            sides.append("left" if not (level & east.between(-9, -0.01)).any() else "below")
    return sides


def fig_oracle_map(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Sites in the contiguous US by status; sites elsewhere are in the table."""
    sites = ledger.sites
    here = sites[(sites["country"] == "US") & sites["lat"].notna()]
    if here.empty:
        return empty_figure("fig-oracle-map", "Where the data centres are", ledger, "No site is known by this day.")
    is_ours = is_for(here, "openai")
    frame = here.assign(use=is_ours.map({True: "for OpenAI", False: "others in the ledger"}), gw=here["planned_gw"])
    frame["label"] = [n.split(" (")[0].removeprefix("Stargate ") for n in frame["name"]]
    # Two campuses of one town are drawn apart.
    nth = frame.groupby(["lat", "lon"]).cumcount()
    frame["lat"] = frame["lat"] + 0.9 * nth
    frame["side"] = _label_sides(frame)
    outlines = json.loads(paths.OUTLINES.read_text(encoding="utf-8"))["features"]
    land = alt.Chart(alt.Data(values=outlines)).mark_geoshape(fill=LAND, stroke=PAPER, strokeWidth=0.7)
    states = [s for s in STATUS if s in set(frame["status"])]
    columns = ["label", "side", "status", "use", "lat", "lon", "gw"]
    base = alt.Chart(round_values(frame[columns])).encode(longitude="lon:Q", latitude="lat:Q")
    dots = base.mark_point(size=130, stroke=PAPER, strokeWidth=1).encode(
        color=alt.Color(
            "status:N",
            title=None,
            scale=alt.Scale(domain=states, range=[STATUS_COLOURS[STATUS.index(s)] for s in states]),
        ),
        shape=alt.Shape(
            "use:N",
            title=None,
            scale=alt.Scale(domain=["for OpenAI", "others in the ledger"], range=["circle", "triangle-up"]),
        ),
        tooltip=["label:N", "status:N", "use:N", "gw:Q"],
    )
    sides: tuple[tuple[str, Literal["left", "right", "center"], int, int], ...] = (
        ("right", "left", 9, 0),
        ("left", "right", -9, 0),
        ("below", "center", 0, 15),
    )
    labels = [
        base.transform_filter(f"datum.side == '{side}'")
        .mark_text(align=align, dx=dx, dy=dy, fontSize=11)
        .encode(text="label:N")
        .properties(name=f"wide_{side}")
        for side, align, dx, dy in sides
        if side in set(frame["side"])
    ]
    chart = alt.layer(land, dots, *labels).project(type="albersUsa")
    ours = sites[is_for(sites, "openai") & (sites["status"] != "cancelled")]
    live, building = (ours["status"] == "live").sum(), (ours["status"] == "under construction").sum()
    title = f"Of {len(ours)} sites named for OpenAI, {live} {'is' if live == 1 else 'are'} at least partly live and {building} under construction"
    table = sites.assign(place=sites["town"].where(sites["town"] != "", sites["region"]))
    return make_figure(
        chart,
        id="fig-oracle-map",
        title=title,
        subtitle="Data centres in the contiguous United States whose place is published; sites abroad are in the data. Colour: status.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.name_}, {r.status}" for r in sites.rename(columns={"name": "name_"}).itertuples())
        + ".",
        table=table[["name", "place", "country", "tenant", "planned_gw", "status", "as_of"]]
        .assign(as_of=table["as_of"].dt.strftime("%Y-%m-%d"))
        .rename(
            columns={
                "name": "Site",
                "place": "Place",
                "country": "Country",
                "tenant": "Tenant",
                "planned_gw": "Planned GW",
                "status": "Status",
                "as_of": "Known on",
            }
        ),
        ledger=ledger,
        rows=[sites],
        note=f"Towns, not plots; {int((sites['lat'].isna()).sum())} sites publish no town. Outlines: US Census Bureau, simplified.",
        height=400,
        narrow_height=230,
    )


def fig_oracle_capacity(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Planned capacity over time by status, against what is live."""
    history = ledger.history["sites"]
    days = sorted({*history["as_of"], ledger.as_of})
    days = [d for d in days if d >= pd.Timestamp("2025-01-01")]
    rows = []
    for d in days:
        state = history[history["as_of"] <= d].drop_duplicates("site", keep="last")
        ours = state[is_for(state, "openai")]
        sums = ours[ours["status"] != "cancelled"].groupby("status")["planned_gw"].sum()
        rows += [(d, s, float(sums.get(s, 0.0))) for s in ("live", "under construction", "planned")]
    frame = pd.DataFrame(rows, columns=["day", "status", "gw"])
    f = Facts(ledger, "oracle_softbank", scenario)
    fleet = f.metric("openai", "compute_capacity", basis="actual")
    if frame.empty or not frame["gw"].sum():
        return empty_figure(
            "fig-oracle-capacity", "Announced and live capacity", ledger, "No site publishes a capacity by this day."
        )
    names = ["live", "under construction", "planned"]
    words = ["partly live", "under construction", "on paper"]
    frame["state"] = frame["status"].map(dict(zip(names, words, strict=True)))
    frame["order"] = frame["status"].map(names.index)
    chart = (
        alt.Chart(round_values(frame))
        .mark_area(interpolate="step-after")
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, labelOverlap=True)),
            y=alt.Y("gw:Q", title="GW, whole campus", stack="zero"),
            color=alt.Color("state:N", title=None, scale=alt.Scale(domain=words, range=STATUS_COLOURS[:3])),
            order="order:Q",
        )
    )
    layers = [chart]
    end = frame[frame["day"] == frame["day"].max()].set_index("status")["gw"]
    total = float(end.sum())
    if len(fleet):
        points = fleet[fleet["end"] >= frame["day"].min() - pd.Timedelta(days=2)].assign(label="OpenAI's whole fleet")
        marks = alt.Chart(round_values(points[["end", "value", "label"]])).encode(x="end:T", y="value:Q")
        layers += [
            marks.mark_point(size=120, color=INK, shape="diamond"),
            marks.mark_text(align="right", dx=-10, fontWeight="bold", color=INK).encode(text="label:N"),
        ]
    title = f"{formats.amount(total, 'gw')} of campuses carry OpenAI's name; {formats.amount(float(end['planned']), 'gw')} of it is still on paper"
    return make_figure(
        alt.layer(*layers),
        id="fig-oracle-capacity",
        title=title,
        subtitle="Published capacity of sites named for OpenAI, by the state of the site on each day, GW. A campus counts whole once a part is live.",
        alt_text=title
        + f". On the last day {end['live']:g} GW belong to campuses that are partly live and {end['under construction']:g} GW are under construction.",
        table=frame.pivot(index="day", columns="status", values="gw")
        .reset_index()
        .assign(day=lambda t: t["day"].dt.strftime("%Y-%m-%d"))[["day", *names]]
        .rename(
            columns={
                "day": "Day",
                "live": "Partly live, GW",
                "under construction": "Under construction, GW",
                "planned": "Planned, GW",
            }
        ),
        ledger=ledger,
        rows=[ledger.sites, fleet],
        note=f"{int(ledger.sites['planned_gw'].isna().sum())} sites publish no capacity and are missing here."
        + (" The diamond is all the compute OpenAI said it had, on all clouds." if len(fleet) else ""),
        height=280,
    )


def fig_oracle_cost_per_gw(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Published costs of a gigawatt, a ladder with scopes."""
    metrics = ledger.part("metrics", "metric", "cost_per_gw", "cost_per_gw_high")
    theirs = ledger.outside_models
    theirs = theirs[
        theirs["quantity"].isin(["cost_per_gw", "cost_per_gw_low", "cost_per_gw_high", "capital_cost_per_gw"])
    ]
    rows = [
        (
            r.by.replace("-", " ").title().replace("Ceo", "CEO").replace("Openai", "OpenAI").replace("Nvidia", "NVIDIA")
            if r.by
            else "NVIDIA, high end",
            r.value,
            r.note,
        )
        for r in metrics.itertuples()
    ]
    rows += [
        (
            r.publisher
            + (", low" if r.quantity.endswith("_low") else ", high" if r.quantity.endswith("_high") else ""),
            r.value,
            r.note,
        )
        for r in theirs.itertuples()
    ]
    # One bank's figure can stand in both tables.
    frame = pd.DataFrame(rows, columns=["who", "value", "scope"]).drop_duplicates(["value", "who"])
    if frame.empty:
        return empty_figure(
            "fig-oracle-cost-per-gw", "What a gigawatt costs", ledger, "No figure is published by this day."
        )
    relayed = frame["who"].map(lambda w: (frame["who"].str.startswith(f"{w} (")).any())
    frame = frame[~relayed]
    frame = frame.sort_values(["value", "who"], ignore_index=True)
    frame["label"] = [formats.rounded(v, 1) for v in frame["value"]]
    base = alt.Chart(round_values(frame)).encode(y=alt.Y("who:N", sort=frame["who"].tolist(), title=None))
    stems = base.mark_rule(color=FAINT).encode(
        x=alt.X("value:Q", title="US$ bn per GW", scale=padded_scale(frame["value"])), x2=alt.datum(0)
    )
    dots = base.mark_point(size=110).encode(x="value:Q", tooltip=["who:N", "value:Q", "scope:N"])
    labels = base.mark_text(align="left", dx=9).encode(x="value:Q", text="label:N")
    title = f"A gigawatt costs {formats.span(frame['value'].min(), frame['value'].max(), 'usd_bn')}, depending on what is counted"
    return make_figure(
        stems + dots + labels,
        id="fig-oracle-cost-per-gw",
        title=title,
        subtitle="Published cost of building one gigawatt, US$ bn. Scopes differ: facility power or computing power, with or without chips.",
        alt_text=title + ". " + "; ".join(f"{r.who}: {r.label}" for r in frame.itertuples()) + ".",
        table=frame[["who", "value", "scope"]].rename(
            columns={"who": "Source", "value": "US$ bn per GW", "scope": "What it counts"}
        ),
        ledger=ledger,
        rows=[metrics, theirs],
        note="A ladder, not an average: the figures measure different things.",
        height=30 * len(frame),
    )


def fig_oracle_backlog(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Oracle's backlog by quarter."""
    f = Facts(ledger, "oracle_softbank", scenario)
    rpo, part = f.metric("oracle", "rpo"), f.last("oracle", "rpo_openai")
    if rpo.empty:
        return empty_figure(
            "fig-oracle-backlog", "Oracle's backlog", ledger, "No backlog is in the ledger by this day."
        )
    frame = pd.DataFrame({"quarter": rpo["end"].dt.strftime("%b %Y"), "value": rpo["value"].to_numpy()})
    known = rpo["end"].map(part.set_index("end")["value"]).to_numpy() if len(part) else [float("nan")] * len(rpo)
    frame["openai"] = known
    frame["label"] = [formats.rounded(v, 0) for v in frame["value"]]
    order = frame["quarter"].tolist()
    x = alt.X("quarter:N", sort=order, title=None, axis=alt.Axis(labelAngle=0))
    bars = alt.Chart(round_values(frame)).mark_bar(color=BLUE).encode(x=x, y=alt.Y("value:Q", title="US$ bn"))
    labels = alt.Chart(round_values(frame)).mark_text(dy=-8).encode(x=x, y="value:Q", text="label:N")
    layers = [bars, labels]
    share = next(r for r in numbers.oracle(ledger) if r.key.endswith("rpo_share"))
    if frame["openai"].notna().any():
        marked = frame[frame["openai"].notna()].assign(words="OpenAI, per press")
        inner = alt.Chart(round_values(marked)).encode(x=x, y="openai:Q")
        layers += [
            inner.mark_bar(color=ORANGE),
            inner.mark_text(dy=14, color=PAPER, fontSize=11).encode(text="words:N"),
        ]
    title = (
        f"About {formats.rounded(float(share.value), 0)}% of Oracle's backlog is one customer"
        if share.value
        else f"Oracle's backlog went from {formats.amount(frame['value'].iloc[0], 'usd_bn')} to {formats.amount(frame['value'].iloc[-1], 'usd_bn')} in {len(frame) - 1} quarters"
    )
    return make_figure(
        alt.layer(*layers),
        id="fig-oracle-backlog",
        title=title,
        subtitle="Remaining performance obligations at the end of each quarter, US$ bn.",
        alt_text=title + ". " + "; ".join(f"{r.quarter}: {r.label}" for r in frame.itertuples()) + ".",
        table=frame[["quarter", "value", "openai"]].rename(
            columns={"quarter": "End of", "value": "Backlog, US$ bn", "openai": "OpenAI, per press"}
        ),
        ledger=ledger,
        rows=[rpo, part],
        note="Oracle names no share; the press puts the whole contract into the backlog." if len(part) else "",
        height=280,
    )


def fig_oracle_cash(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Oracle's spending against what its business brings in, by fiscal year and guidance."""
    f = Facts(ledger, "oracle_softbank", scenario)
    ocf, capex = f.metric("oracle", "operating_cash_flow", basis="actual"), f.metric("oracle", "capex_guidance")
    fcf = f.metric("oracle", "free_cash_flow", basis="actual")
    fcf = fcf[(fcf["end"] - fcf["start"]).dt.days > 360]
    spent = f.metric("oracle", "capex", basis="actual")
    spent = spent[(spent["end"] - spent["start"]).dt.days > 360]
    guided = capex.tail(1)
    parts = [
        (r, kind, name)
        for rows, kind, name in (
            (ocf, "cash from the business", "to"),
            (spent, "capital spending", "to"),
            (guided, "capital spending", "guided to"),
            (fcf, "free cash flow", "to"),
        )
        for r in rows.itertuples()
    ]
    if not parts:
        return empty_figure("fig-oracle-cash", "Oracle's cash", ledger, "No cash flow is in the ledger by this day.")
    frame = pd.DataFrame(
        [(f"Year {name} {r.end:%b %Y}", kind, r.value, r.end, name) for r, kind, name in parts],
        columns=["year", "kind", "value", "end", "how"],
    )
    frame = frame.sort_values(["end", "how"], kind="stable")
    frame["label"] = [formats.amount(v, "usd_bn").replace("US$", "").removesuffix("bn") for v in frame["value"]]
    order = list(dict.fromkeys(frame["year"]))
    kinds = ["cash from the business", "capital spending", "free cash flow"]
    here = [k for k in kinds if k in set(frame["kind"])]
    base = alt.Chart(round_values(frame[["year", "kind", "value", "label"]])).encode(
        y=alt.Y("year:N", sort=order, title=None), yOffset=alt.YOffset("kind:N", sort=here)
    )
    bars = base.mark_bar(height=11).encode(
        x=alt.X(
            "value:Q",
            title="US$ bn",
            scale=alt.Scale(domain=[min(0.0, 1.3 * frame["value"].min()), 1.15 * frame["value"].max()], nice=False),
        ),
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(
                domain=here,
                range=[
                    {"cash from the business": GREEN, "capital spending": BLUE, "free cash flow": RUST}[k] for k in here
                ],
            ),
        ),
    )
    plus = (
        base.transform_filter("datum.value >= 0")
        .mark_text(align="left", dx=3, fontSize=10)
        .encode(x="value:Q", text="label:N")
    )
    minus = (
        base.transform_filter("datum.value < 0")
        .mark_text(align="right", dx=-3, fontSize=10)
        .encode(x="value:Q", text="label:N")
    )
    cover = next(r for r in numbers.oracle(ledger) if r.key.endswith("capex_cover"))
    title = (
        f"Oracle guides to spend {formats.rounded(float(cover.value), 1)} times the cash its business brings in"
        if cover.value
        else "Oracle's spending and the cash its business brings in"
    )
    return make_figure(
        bars + plus + minus,
        id="fig-oracle-cash",
        title=title,
        subtitle="Four quarters to each date, and the guidance for the fiscal year, US$ bn.",
        alt_text=title + ". " + "; ".join(f"{r.year}, {r.kind}: {r.label}" for r in frame.itertuples()) + ".",
        table=frame[["year", "kind", "value"]].rename(columns={"year": "Period", "kind": "Line", "value": "US$ bn"}),
        ledger=ledger,
        rows=[ocf, spent, guided, fcf],
        height=46 * len(order),
    )


def fig_oracle_debt(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Debt, and leases signed that have not begun."""
    f = Facts(ledger, "oracle_softbank", scenario)
    debt = f.metric("oracle", "total_debt").assign(line="debt without leases")
    leases = f.metric("oracle", "leases_not_commenced").assign(line="leases signed, not begun")
    rows = pd.concat([debt, leases])
    if rows.empty:
        return empty_figure(
            "fig-oracle-debt", "Oracle's debt and leases", ledger, "Neither is in the ledger by this day."
        )
    frame = rows.assign(label=[formats.rounded(v, 0) for v in rows["value"]])
    names = ["debt without leases", "leases signed, not begun"]
    here = [n for n in names if n in set(frame["line"])]
    base = alt.Chart(round_values(frame[["end", "value", "line", "label"]])).encode(
        x=alt.X(
            "end:T",
            title=None,
            axis=alt.Axis(format="%b %Y", tickCount=5, labelOverlap=True),
            scale=alt.Scale(padding=24),
        ),
        y=alt.Y("value:Q", title="US$ bn", scale=padded_scale(frame["value"])),
        color=alt.Color(
            "line:N", title=None, scale=alt.Scale(domain=here, range=[RUST, BLUE] if len(here) == 2 else [RUST])
        ),
    )
    chart = base.mark_line() + base.mark_point(size=80) + base.mark_text(dy=-13).encode(text="label:N")
    last = leases.tail(1)
    title = (
        f"Leases Oracle has signed but not begun reached {formats.amount(last['value'].iloc[0], 'usd_bn')}, more than twice its debt"
        if len(last) and len(debt) and last["value"].iloc[0] > 2 * debt["value"].iloc[-1]
        else f"Oracle owes {formats.amount(debt['value'].iloc[-1], 'usd_bn')}, and its unstarted leases are on top"
        if len(debt)
        else "Leases Oracle has signed but not begun"
    )
    return make_figure(
        chart,
        id="fig-oracle-debt",
        title=title,
        subtitle="At each balance-sheet date, US$ bn. A lease that has not begun is on no balance sheet.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.end:%b %Y} {r.line}: {r.label}" for r in frame.sort_values("end").itertuples())
        + ".",
        table=frame.sort_values("end")[["end", "line", "value"]]
        .assign(end=lambda t: t["end"].dt.strftime("%Y-%m-%d"))
        .rename(columns={"end": "Day", "line": "Line", "value": "US$ bn"}),
        ledger=ledger,
        rows=[rows],
        height=260,
    )


def fig_softbank_sources(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """SoftBank's uses beside its sources since 2025, by deal."""
    f = Facts(ledger, "oracle_softbank", scenario)
    names = {
        "softbank-openai-equity-2025-closing1": "OpenAI, 2025 first",
        "softbank-openai-equity-2025-closing2": "OpenAI, 2025 second",
    }
    uses = f.payments(payer="softbank", kind="equity")
    uses = uses[uses["first_as_of"] >= pd.Timestamp("2025-01-01")]
    borrowed = f.payments(payee="softbank", kind="debt")
    sold = f.payments(payer="market-investors", payee="softbank")
    parts = [
        ("uses", "into OpenAI", uses[uses["payee"] == "openai"]),
        ("uses", "other purchases", uses[uses["payee"] != "openai"]),
    ]
    parts += [("sources", "borrowed, gross", borrowed), ("sources", "shares sold", sold)]
    rows = []
    for side, kind, deals in parts:
        total = counted.total(deals)
        if total.high:
            words = formats.figure(None, "usd_bn", total.low, total.high, total.is_open)
            rows.append((side, kind, total.high, words.replace("US$", "").replace("bn", "")))
    if not rows:
        return empty_figure(
            "fig-softbank-sources", "SoftBank's sources and uses", ledger, "No payment is known by this day."
        )
    frame = pd.DataFrame(rows, columns=["side", "kind", "value", "label"])
    frame["name"] = frame["kind"]
    base = alt.Chart(round_values(frame)).encode(y=alt.Y("name:N", sort=frame["name"].tolist(), title=None))
    bars = base.mark_bar(height=22).encode(
        x=alt.X("value:Q", title="US$ bn", scale=padded_scale(frame["value"], 0.5)),
        color=alt.Color("side:N", title=None, scale=alt.Scale(domain=["uses", "sources"], range=[BLUE, RUST])),
    )
    labels = base.mark_text(align="left", dx=5).encode(x="value:Q", text="label:N")
    by = frame.set_index("kind")["value"]
    title = (
        f"SoftBank has promised OpenAI {formats.amount(by['into OpenAI'], 'usd_bn')} since 2025 and borrowed {formats.amount(by['borrowed, gross'], 'usd_bn')}"
        if {"into OpenAI", "borrowed, gross"} <= set(by.index)
        else "What SoftBank has promised and where the money comes from"
    )
    detail = pd.concat([d.assign(side=s, kind_=k) for s, k, d in parts])
    table = pd.DataFrame(
        {
            "Side": detail["side"],
            "Kind": detail["kind_"],
            "Deal": [names.get(d, d) for d in detail["deal"]],
            "US$ bn": [amount_text(a, b) for a, b in zip(detail["low_usd_bn"], detail["high_usd_bn"], strict=True)],
            "Status": detail["status"],
        }
    )
    return make_figure(
        bars + labels,
        id="fig-softbank-sources",
        title=title,
        subtitle="Deals known since 2025, US$ bn, gross: new loans repay old ones, so sources are more than what was needed.",
        alt_text=title + ". " + "; ".join(f"{r.side}, {r.kind}: {r.label}" for r in frame.itertuples()) + ".",
        table=table,
        ledger=ledger,
        rows=[uses, borrowed, sold],
        note="Operating cash and dividends are not counted.",
        height=44 * len(frame),
    )


def fig_oracle_maturity(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """How long contract, leases and loans run."""
    f = Facts(ledger, "oracle_softbank", scenario)
    contract = f.deal("openai-oracle-compute")
    bars, used = [], [contract]
    if len(contract) and contract["end"].notna().all():
        bars.append(("OpenAI's contract with Oracle", contract["start"].iloc[0], contract["end"].iloc[0], "pays"))
    start = bars[0][1] if bars else ledger.as_of
    lease_terms = f.term("oracle-lease-terms")
    used.append(lease_terms)
    if len(lease_terms):  # "15-19 years" or "15 years on average"; other words draw no bar
        lengths = re.search(r"\b(\d{1,2})(?:-(\d{1,2}))? years", lease_terms["after"].iloc[0])
        for years in [int(n) for n in lengths.groups() if n] if lengths else []:
            bars.append((f"Oracle's leases, {years} years", start, start + pd.DateOffset(years=years), "owes"))
    loan = f.deal("vantage-frontier-loan")
    used.append(loan)
    if len(loan):
        begin = loan["first_as_of"].iloc[0]
        bars.append(("Developers' loans, four years", begin, begin + pd.DateOffset(years=4), "owes"))
        bars.append(("with both extensions", begin, begin + pd.DateOffset(years=6), "owes"))
    bridge = f.deal("softbank-bridge-2026")
    used.append(bridge)
    if len(bridge) and bridge["end"].notna().all():
        bars.append(("SoftBank's bridge loan", bridge["as_of"].iloc[0], bridge["end"].iloc[0], "owes"))
    if not bars:
        return empty_figure(
            "fig-oracle-maturity", "How long each promise runs", ledger, "No term is known by this day."
        )
    frame = pd.DataFrame(bars, columns=["what", "start", "end", "kind"])
    frame["label"] = frame["end"].dt.strftime("%Y")
    base = alt.Chart(round_values(frame)).encode(y=alt.Y("what:N", sort=frame["what"].tolist(), title=None))
    kinds = [k for k in ("pays", "owes") if k in set(frame["kind"])]
    lines = base.mark_bar(height=14).encode(
        x=alt.X(
            "start:T",
            title=None,
            axis=alt.Axis(format="%Y", tickCount=6),
            scale=alt.Scale(padding=36),  # room for the years beside the bars
        ),
        x2="end:T",
        color=alt.Color(
            "kind:N", title=None, scale=alt.Scale(domain=kinds, range=[{"pays": GREEN, "owes": RUST}[k] for k in kinds])
        ),
    )
    labels = base.mark_text(align="left", dx=5).encode(x="end:T", text="label:N")
    has_lease = any("leases" in b[0] for b in bars)
    title = (
        f"OpenAI's contract ends in {contract['end'].iloc[0].year}; the leases signed for it run into the {frame['end'].max().year // 10 * 10}s"
        if has_lease and len(contract) and contract["end"].notna().all()
        else "How long each promise runs"
    )
    return make_figure(
        lines + labels,
        id="fig-oracle-maturity",
        title=title,
        subtitle="From start to end. Green: what brings money in; red: what must be paid. Leases are drawn from the contract's start.",
        alt_text=title + ". " + "; ".join(f"{r.what}: {r.start:%Y} to {r.end:%Y}" for r in frame.itertuples()) + ".",
        table=frame[["what", "start", "end", "kind"]]
        .assign(start=frame["start"].dt.strftime("%Y-%m-%d"), end=frame["end"].dt.strftime("%Y-%m-%d"))
        .rename(columns={"what": "Promise", "start": "From", "end": "To", "kind": "Kind"}),
        ledger=ledger,
        rows=[u for u in used if len(u)],
        note="Loans: four years with two extensions of one year, as reported. Start and end of the contract are known by year only.",
        height=36 * len(frame),
    )
