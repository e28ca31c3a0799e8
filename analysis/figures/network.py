"""The whole network as a laid-out flow diagram: money from outside above, OpenAI in the middle, its suppliers and theirs below."""

import math
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import empty_figure, make_figure, round_values
from analysis.figures.palette import INK, PANEL, PAPER, colour_of
from analysis.figures.replay import on_day, replayed, with_day
from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import formats, modelling, quantities
from analysis.numbers.facts import Facts, value

SCOPES = ("openai", "chain")
ORDERS, EQUITY, LOANS, SALES = "orders: compute, chips, leases", "shares", "loans and bonds", "customers, a year"
COLOURS = {
    ORDERS: colour_of("orders"),
    EQUITY: colour_of("equity"),
    LOANS: colour_of("debt"),
    SALES: colour_of("customers"),
}
KINDS = {"equity": EQUITY, "debt": LOANS}

# Where each party stands: x from left to right, y from outside money (4) down to those at the end of the chain (0).
PLACES = {
    "Customers": (-2.2, 4.0),
    "Other investors": (-0.75, 4.0),
    "Bond buyers": (0.75, 4.0),
    "Banks": (2.1, 4.0),
    "SoftBank": (0.55, 3.0),
    "Sellers of shares": (2.0, 3.0),
    "OpenAI": (-0.75, 2.2),
    "Other suppliers": (-2.3, 1.1),
    "Microsoft": (-1.25, 1.1),
    "Amazon": (-0.2, 1.1),
    "CoreWeave": (0.85, 1.1),
    "Oracle": (1.9, 1.1),
    "Other neoclouds": (-2.1, 0.0),
    "Other chip makers": (-0.75, 0.0),
    "NVIDIA": (0.55, 0.0),
    "Sites and power": (2.0, 0.0),
}
HALF = (0.5, 0.155)  # half the width and height of a party's box
# Where the usual bow would lead a curve through other parties, the point that pulls it aside.
ASIDE = {
    ("Banks", "Sites and power"): (3.2, 2.0),
    ("Bond buyers", "Sites and power"): (2.75, 2.6),
    ("Bond buyers", "Oracle"): (1.55, 2.9),
    ("Other investors", "Oracle"): (0.2, 2.3),
    ("Other investors", "Sites and power"): (2.3, 3.2),
    ("OpenAI", "Oracle"): (1.35, 2.3),
    ("Other investors", "Sellers of shares"): (0.9, 3.9),
    ("NVIDIA", "OpenAI"): (0.45, 2.1),
    ("OpenAI", "NVIDIA"): (0.25, 1.9),
    ("OpenAI", "Other chip makers"): (-0.72, 1.1),
    ("OpenAI", "Sites and power"): (1.37, 1.95),
    ("Microsoft", "Sites and power"): (0.2, 0.5),
    ("NVIDIA", "Other neoclouds"): (-0.8, 0.75),
    ("Other neoclouds", "Other chip makers"): (-1.4, -0.32),
}
# How far along its curve an amount stands, where the middle is crowded.
AT = {
    ("OpenAI", "CoreWeave"): 0.54,
    ("OpenAI", "Amazon"): 0.35,
    ("Amazon", "OpenAI"): 0.2,
    ("NVIDIA", "OpenAI"): 0.66,
    ("OpenAI", "Microsoft"): 0.62,
}
NAMED = {
    "openai": "OpenAI",
    "softbank": "SoftBank",
    "microsoft": "Microsoft",
    "amazon": "Amazon",
    "cerebras": "Other suppliers",
    "coreweave": "CoreWeave",
    "oracle": "Oracle",
    "nvidia": "NVIDIA",
    "bank-syndicate": "Banks",
    "bond-investors": "Bond buyers",
    "retail-investors": "Bond buyers",
    "private-credit": "Bond buyers",
    "equity-investors": "Other investors",
    "market-investors": "Other investors",
    "ampere-shareholders": "Sellers of shares",
    "digitalbridge-shareholders": "Sellers of shares",
    "openai-employees": "Sellers of shares",
    "abb": "Sellers of shares",
    "foxconn": "Sellers of shares",
}
BY_KIND = {
    "investor": "Other investors",
    "lender": "Banks",
    "public": "Other investors",
    "foundation": "Other investors",
    "pool": "Other investors",
    "merchant": "Customers",
    "cloud": "Other suppliers",
    "neocloud": "Other neoclouds",
    "lab": "Other neoclouds",
    "chipmaker": "Other chip makers",
    "developer": "Sites and power",
}
OUTSIDE = ("Other investors", "Bond buyers", "Banks")
LABELLED = 20.0  # US$ bn from which on a curve bears its amount
CURVE = [i / 12 for i in range(13)]


def place_of(ledger: Ledger) -> dict[str, str]:
    """The place in the diagram of each party of the ledger."""
    kinds = ledger.entities.set_index("entity")["kind"]
    groups = modelling.parties(ledger).groups
    return {e: NAMED.get(groups.get(e, e)) or BY_KIND.get(kinds[e], "Other neoclouds") for e in kinds.index}


def links(ledger: Ledger) -> pd.DataFrame:
    """Payments between the places of the diagram by kind of money: payer, payee, kind, firm, high, is_open, unpriced, deals.

    ``firm`` is what is signed or paid and depends on nothing, ``high`` the most that is known of (US$ bn); ``unpriced``
    counts deals without a published amount. Customers' money is that of one year, at its last stated rate.
    """
    places = place_of(ledger)
    rows = counted.payments(ledger.deals)
    rows = rows[rows["scope"].isin(SCOPES)]
    is_firm = rows["status"].isin(["signed", "amended", "closed"])
    has_low, has_high = rows["low_usd_bn"].notna(), rows["high_usd_bn"].notna()
    ends = counted.bounds(rows)
    cells = (rows["payer"], rows["payee"], rows["kind"], ends["low"].where(is_firm, 0.0), ends["high"])
    flags = (has_low & ~has_high, ~has_low & ~has_high)
    found: dict[tuple[str, str, str], list[tuple[Any, ...]]] = {}
    for payer, payee, kind, *amounts in zip(*cells, *flags, strict=True):
        found.setdefault((places[payer], places[payee], KINDS.get(kind, ORDERS)), []).append(tuple(amounts))
    paid = value(quantities.run_rate(Facts(ledger, "circularity")).tail(1))
    sums = []
    for (payer, payee, kind), parts in found.items():
        # A merchant's unpriced fees are part of what customers pay.
        if payer != payee and (payer, kind) != ("Customers", ORDERS):
            firm, high, is_open, unpriced = zip(*parts, strict=True)
            sums.append((payer, payee, kind, math.fsum(firm), math.fsum(high), any(is_open), sum(unpriced), len(parts)))
    if paid == paid:
        sums.append(("Customers", "OpenAI", SALES, paid, paid, False, 0, 0))
    return pd.DataFrame(
        sorted(sums), columns=["payer", "payee", "kind", "firm", "high", "is_open", "unpriced", "deals"]
    )


def _short(firm: float, high: float, is_open: bool) -> str:
    ends = [formats.rounded(v, 0) for v in (firm, high)]
    words = ends[1] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}" if firm else f"up to {ends[1]}"
    return words + ("+" if is_open else "")


def _text(firm: float, high: float, is_open: bool, unpriced: int) -> str:
    if not high:
        return "no published price"
    amount = formats.figure(None, "usd_bn", firm if firm < high else high, high, is_open)
    return amount + (f", and {unpriced} without a price" if unpriced else "")


def _drawn(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Curves (ends, control point, amount, kind, look) and the parties that have one (x, y, name).

    Money that flows both ways bows apart: each curve keeps to the right of its direction.
    """
    table = links(ledger)
    pairs = list(zip(table["payer"], table["payee"], strict=True))
    twice = {p for p in pairs if pairs.count(p) > 1}
    curves = []
    for r in table.itertuples(index=False):
        (x1, y1), (x2, y2) = PLACES[r.payer], PLACES[r.payee]
        dx, dy = x2 - x1, y2 - y1
        long = (dx * dx + dy * dy) ** 0.5
        bow = 0.12 if long < 2.2 else 0.18
        cx, cy = (x1 + x2) / 2 + dy * bow, (y1 + y2) / 2 - dx * bow
        cx, cy = ASIDE.get((r.payer, r.payee), (cx, cy))
        if r.kind == ORDERS and (r.payer, r.payee) in twice:
            cy -= 0.25
        text = _text(r.firm, r.high, r.is_open, r.unpriced)
        at = AT.get((r.payer, r.payee), 0.4)
        label = _short(r.firm, r.high, r.is_open) if r.high >= LABELLED else ""
        common = (x1, y1, cx, cy, x2, y2, r.kind, r.payer, r.payee, text, at)
        if not r.high:
            curves.append((*common, 1.5, "unpriced", ""))
        elif r.high > r.firm:
            curves.append((*common, r.high, "pale", "" if r.firm else label))
        if r.firm:
            curves.append((*common, r.firm, "solid", label))
    columns = ["x1", "y1", "cx", "cy", "x2", "y2", "kind", "payer", "payee", "text", "at", "amount", "look", "label"]
    here = {*table["payer"], *table["payee"]}
    spots = [(*PLACES[name], name) for name in PLACES if name in here]
    return pd.DataFrame(curves, columns=columns), pd.DataFrame(spots, columns=["x", "y", "name"])


def _broken(name: str) -> str:
    return "\n".join(name.split(" ", 1)) if " " in name else name


def fig_circularity_network(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Who pays whom: outside money, investors, OpenAI, suppliers and theirs, by kind of money and how firm it is."""
    table = links(ledger)
    priced = table[table["high"] > 0]
    if priced[priced["kind"] != SALES].empty:
        return empty_figure("fig-circularity-network", "The network", ledger, "No payment is known by this day.")
    (curves, spots), days = replayed(ledger, _drawn, SCOPES)
    spots["label"] = spots["name"].map(_broken)
    wide, high = alt.Scale(domain=[-2.85, 2.7], nice=False), alt.Scale(domain=[-0.35, 4.3], nice=False)
    x, y = alt.X("x:Q", scale=wide, axis=None), alt.Y("y:Q", scale=high, axis=None)
    kinds = [k for k in COLOURS if k in set(curves["kind"])]
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=kinds, range=[COLOURS[k] for k in kinds]),
        legend=alt.Legend(columns=2),
    )
    told = [
        alt.Tooltip(f"{c}:N", title=t)
        for c, t in (("payer", "From"), ("payee", "To"), ("kind", "Kind"), ("text", "Amount"))
    ]
    curves = round_values(curves).assign(id=range(len(curves)))
    bent = (
        on_day(alt.Chart(curves))
        .transform_calculate(t=str(CURVE))
        .transform_flatten(["t"])
        .transform_calculate(
            x="(1-datum.t)*(1-datum.t)*datum.x1 + 2*datum.t*(1-datum.t)*datum.cx + datum.t*datum.t*datum.x2",
            y="(1-datum.t)*(1-datum.t)*datum.y1 + 2*datum.t*(1-datum.t)*datum.cy + datum.t*datum.t*datum.y2",
        )
    )
    width = alt.StrokeWidth("amount:Q", scale=alt.Scale(domain=[0, 300], range=[1.5, 26]), legend=None)
    priced_marks = [
        bent.transform_filter(f"datum.look == '{look}'")
        .mark_line(opacity=opacity)
        .encode(x=x, y=y, color=colour, strokeWidth=width, detail="id:N", order="t:Q", tooltip=told)
        for look, opacity in (("pale", 0.35), ("solid", 0.9))
        if look in set(curves["look"])
    ]
    dotted = (
        bent.transform_filter("datum.look == 'unpriced'")
        .mark_line(strokeDash=[2, 4], strokeWidth=1.6)
        .encode(x=x, y=y, color=colour, detail="id:N", order="t:Q", tooltip=told)
    )
    heads = (
        on_day(alt.Chart(curves))
        .transform_calculate(
            x="0.16*datum.x1 + 0.48*datum.cx + 0.36*datum.x2",
            y="0.16*datum.y1 + 0.48*datum.cy + 0.36*datum.y2",
            turn="atan2(0.4*(datum.cx-datum.x1) + 0.6*(datum.x2-datum.cx), 0.4*(datum.cy-datum.y1) + 0.6*(datum.y2-datum.cy)) * 57.29578",
        )
        .mark_point(shape="triangle-up", size=60, stroke=PAPER, strokeWidth=1, opacity=1)
        .encode(
            x=x,
            y=y,
            color=colour,
            angle=alt.Angle("turn:Q", scale=alt.Scale(domain=[-180, 180], range=[-180, 180])),
            tooltip=told,
        )
    )
    paints: tuple[dict[str, Any], ...] = ({"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"}, {})
    amounts = [
        on_day(alt.Chart(curves))
        .transform_filter("datum.label != ''")
        .transform_calculate(
            x="(1-datum.at)*(1-datum.at)*datum.x1 + 2*datum.at*(1-datum.at)*datum.cx + datum.at*datum.at*datum.x2",
            y="(1-datum.at)*(1-datum.at)*datum.y1 + 2*datum.at*(1-datum.at)*datum.cy + datum.at*datum.at*datum.y2",
        )
        .mark_text(fontSize=11, **paint)
        .encode(x=x, y=y, text="label:N")
        for paint in paints
    ]
    spots = spots.assign(
        left=spots["x"] - HALF[0], right=spots["x"] + HALF[0], low=spots["y"] - HALF[1], high=spots["y"] + HALF[1]
    )
    names = on_day(alt.Chart(round_values(spots)))
    boxes = names.mark_rect(cornerRadius=4, color=PANEL, stroke=INK, strokeWidth=1, opacity=1).encode(
        x=alt.X("left:Q", scale=wide, axis=None), x2="right:Q", y=alt.Y("low:Q", scale=high, axis=None), y2="high:Q"
    )
    words = names.encode(x=x, y=y, text="label:N")
    labels = [
        words.transform_filter(f"indexof(datum.label, '\\n') {test} 0")
        .mark_text(fontWeight="bold", fontSize=font, lineBreak="\n", lineHeight=font + 1.5, dy=dy, baseline="middle")
        .properties(name=f"{size_}_{lines}")
        for size_, font in (("wide", 12), ("narrow", 9.2))
        for lines, test, dy in (("one", "<", 0), ("two", ">", -0.5 * (font + 1.5)))
    ]
    chart = with_day(alt.layer(*priced_marks, dotted, heads, *amounts, boxes, *labels), days)
    outside = priced[priced["payer"].isin(OUTSIDE) & (priced["payee"] != "Sellers of shares")]
    sales = priced.loc[priced["kind"] == SALES, "high"].sum()
    brought = formats.figure(None, "usd_bn", float(outside["firm"].sum()), float(outside["high"].sum()))
    title = (
        (
            f"Lenders and investors from outside bring {brought}"
            + (f", customers {formats.amount(sales, 'usd_bn')} a year" if sales else "")
        )
        if len(outside)
        else "Who pays whom"
    )
    shown = table.sort_values(["high", "payer"], ascending=[False, True])
    made: Any = make_figure(
        chart,
        id="fig-circularity-network",
        title=title,
        subtitle="US$ bn over the life of the deals; customers' money is that of one year. Solid: signed or paid. Pale: conditional, announced or reported. Dotted: no published price.",
        alt_text=title
        + ". "
        + "; ".join(
            f"{r.payer} to {r.payee}, {r.kind}: {_text(r.firm, r.high, r.is_open, r.unpriced)}"
            for r in shown.itertuples()
        )
        + ".",
        table=shown[["payer", "payee", "kind", "firm", "high", "unpriced"]].rename(
            columns={
                "payer": "From",
                "payee": "To",
                "kind": "Kind",
                "firm": "Firm, US$ bn",
                "high": "At most, US$ bn",
                "unpriced": "Deals without a price",
            }
        ),
        ledger=ledger,
        rows=[Facts(ledger, "circularity").payments(scope=s) for s in SCOPES],
        note="Money that a party passes on is drawn at each step, so the curves do not add up. SoftBank includes SB Energy.",
        height=560,
        narrow_height=520,
        replay=days,
    )
    # A width in the configuration would override the width of each curve.
    made.config = made.config | {"line": {"color": colour_of("first")}}
    return made
