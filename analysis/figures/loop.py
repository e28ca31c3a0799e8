"""The picture of the loop: OpenAI in the middle, a party's place around it, its money as lines inwards and outwards."""

import math
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import round_values
from analysis.figures.marks import tooltips
from analysis.figures.palette import INK, MUTED, PANEL, PAPER, scale
from analysis.figures.replay import on_day
from analysis.ledger import Ledger
from analysis.numbers import formats, parties, quantities
from analysis.numbers.facts import Facts, value

IN, OUT, CUSTOMERS = "invests in OpenAI", "is owed by OpenAI", "customers, a year"
ROLES = {IN: "equity", OUT: "orders", CUSTOMERS: "customers"}
PAYING = "Customers"
WORDS = {"party": "Party", "kind": "Kind", "text": "US$ bn"}
BESIDE = {IN: -0.05, OUT: 0.05, CUSTOMERS: 0.0}  # how far a line stands off the ray to its party
LINE_COLUMNS = ["x", "y", "x2", "y2", "amount", "kind", "opacity", "hx", "hy", "angle", "party", "text"]
LABEL_COLUMNS = ["x", "y", "name", "text", "align"]


def short_amount(low: float, high: float, is_open: bool) -> str:
    """Return an amount in US$ bn without its unit, for the inside of a picture."""
    return formats.quantity(None, "usd_bn", low, high, is_open, has_unit=False)


def places(ledger: Ledger) -> dict[str, str]:
    """Return the names of the parties around the circle by their keys, the two largest not side by side, customers
    last."""
    found = parties.largest_parties(ledger, 9)
    names = dict(zip(found["party"], found["name"], strict=True))
    keys = list(names)
    customers = {PAYING: PAYING} if len(quantities.run_rate(Facts(ledger, "index"))) else {}
    return {key: names[key] for key in (*keys[::2], *keys[1::2])} | customers


def _flows(party: tuple[float, ...] | None, customers: float) -> list[tuple[str, float, float, bool]]:
    if party is None:
        return [] if math.isnan(customers) else [(CUSTOMERS, customers, customers, False)]
    invests_low, invests_high, invests_open, sells_low, sells_high, sells_open = party
    flows = [(IN, invests_low, invests_high, bool(invests_open)), (OUT, sells_low, sells_high, bool(sells_open))]
    return [f for f in flows if f[2]]


def lines_and_labels(ledger: Ledger, order: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lines between OpenAI and the parties around it, and the labels of the parties.

    ``order`` names the parties around the circle (see `places`); one that is not known yet leaves its place empty.
    An amount that is a range has two lines, the high end pale.
    """
    columns = ["invests_low", "invests_high", "invests_open", "sells_low", "sells_high", "sells_open"]
    known = parties.largest_parties(ledger, 99).set_index("party")[columns]
    customers = value(quantities.run_rate(Facts(ledger, "index")).tail(1))
    lines, labels = [], []
    for i, (key, name) in enumerate(order.items()):
        if key not in known.index and key != PAYING:
            continue
        angle = math.pi / 2 - 2 * math.pi * i / len(order)
        ux, uy = math.cos(angle), math.sin(angle)
        party = None if key == PAYING else tuple(known.loc[key])
        texts = []
        for kind, low, high, is_open in _flows(party, customers):
            px, py = -uy * BESIDE[kind], ux * BESIDE[kind]
            near, far = (ux * 0.24 + px, uy * 0.24 + py), (ux * 0.86 + px, uy * 0.86 + py)
            start, end = (near, far) if kind == OUT else (far, near)
            turn = math.degrees(math.atan2(end[0] - start[0], end[1] - start[1]))
            middle = ((start[0] * 0.42 + end[0] * 0.58), (start[1] * 0.42 + end[1] * 0.58))
            text = short_amount(low, high, is_open)
            for amount, opacity in ((high, 0.45), (low, 1.0)):
                if amount:
                    lines.append((*start, *end, amount, kind, opacity, *middle, turn, name, text))
            texts.append({IN: f"in {text}", OUT: f"out {text}", CUSTOMERS: f"{text} a year"}[kind])
        if texts:
            align = "center" if abs(ux) < 0.3 else ("left" if ux > 0 else "right")
            labels.append((ux * 0.93, uy * 0.98, name, " · ".join(texts), align))
    return pd.DataFrame(lines, columns=LINE_COLUMNS), pd.DataFrame(labels, columns=LABEL_COLUMNS)


def _at(x: str, y: str) -> dict[str, Any]:
    wide, high = alt.Scale(domain=[-1.8, 1.8], nice=False), alt.Scale(domain=[-1.2, 1.2], nice=False)
    return {"x": alt.X(f"{x}:Q", scale=wide, axis=None), "y": alt.Y(f"{y}:Q", scale=high, axis=None)}


def _names(labels: pd.DataFrame) -> list[alt.Chart]:
    """The labels of the parties; those above grow upwards, those below downwards, so that none meets its line."""
    made = []
    for align in ("left", "right", "center"):
        part = labels[labels["align"] == align]
        for half, is_upper in ((part[part["y"] >= 0], True), (part[part["y"] < 0], False)):
            if half.empty:
                continue
            name_dy, text_dy = (-7, 7) if align != "center" else (-18, -4) if is_upper else (4, 18)
            base = on_day(alt.Chart(round_values(half))).encode(**_at("x", "y"))
            bold = base.mark_text(align=align, dy=name_dy, fontWeight="bold", fontSize=12, tooltip=None)
            small = base.mark_text(align=align, dy=text_dy, fontSize=11, color=MUTED, tooltip=None)
            made += [bold.encode(text="name:N"), small.encode(text="text:N")]
    return made


def draw(lines: pd.DataFrame, labels: pd.DataFrame) -> Any:
    """Return the picture of lines and labels that carry the days on which they hold (see `figures.replay`)."""
    paint = alt.Color("kind:N", title=None, scale=scale(ROLES, lines["kind"]))
    told = tooltips(lines, WORDS)
    base = on_day(alt.Chart(round_values(lines)))
    width = alt.StrokeWidth("amount:Q", scale=alt.Scale(domain=[0, 300], range=[1.2, 26]), legend=None)
    strokes = base.mark_rule(strokeCap="butt").encode(
        **_at("x", "y"),
        x2="x2:Q",
        y2="y2:Q",
        color=paint,
        strokeWidth=width,
        opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
        tooltip=told,
    )
    turn = alt.Angle("angle:Q", scale=alt.Scale(domain=[-180, 180], range=[-180, 180]))
    heads = base.transform_filter(f"datum.opacity == 1 || datum.kind == '{CUSTOMERS}'")
    arrows = heads.mark_point(shape="triangle-up", size=90, stroke=PAPER, strokeWidth=1).encode(
        **_at("hx", "hy"), color=paint, angle=turn, tooltip=told
    )
    middle = alt.Chart(pd.DataFrame({"x": [0.0], "y": [0.0], "name": ["OpenAI"]})).encode(**_at("x", "y"))
    disc = middle.mark_point(size=3200, color=PANEL, stroke=INK, strokeWidth=1.5, tooltip=None)
    centre = middle.mark_text(fontWeight="bold", fontSize=13, tooltip=None).encode(text="name:N")
    return alt.layer(strokes, arrows, *_names(labels), disc, centre)
