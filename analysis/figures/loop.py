"""The picture of the loop: money that goes out and comes back as closed arcs, one-way money apart."""

import functools
import math
from typing import Any, Literal

import altair as alt
import pandas as pd

from analysis.figures.figure import round_values
from analysis.figures.figure_sources import priced
from analysis.figures.marks import tooltips
from analysis.figures.palette import INK, MUTED, PANEL, PAPER, scale
from analysis.figures.replay import on_day, replayed
from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import formats, modelling, parties, quantities
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import Facts, value

IN, OUT, CUSTOMERS = "invests in OpenAI", "holds orders from OpenAI", "customers, a year"
ROLES = {IN: "equity", OUT: "orders", CUSTOMERS: "customers"}
PAYING = "Customers"
WORDS = {"party": "Party", "kind": "Kind", "text": "US$ bn"}
LINE_COLUMNS = ["path", "step", "x", "y", "amount", "kind", "opacity", "party", "text"]
DOT_COLUMNS = ["x", "y", "kind", "party", "text"]
HEAD_COLUMNS = ["x", "y", "angle", "kind", "party", "text"]
LABEL_COLUMNS = ["x", "y", "name", "text", "align"]
STEPS = 16  # pieces of an arc
NO_PRICE = "no price published"
UNPRICED = "sells unpriced"
ARROW = "M0,-1.1L0.68,0.8L-0.68,0.8Z"  # longer than wide, so that its way is seen
EDGE = 0.2  # how far from its middle the lines of OpenAI begin
MOST_BOTH, MOST_ONE_WAY = 4, 4
LEAST_DRAWN = 0.02  # of a flow: less of it is no line
Point = tuple[float, float]
Place = tuple[str, float, float]  # the name of a party and where it stands


def short_amount(low: float, high: float, is_open: bool) -> str:
    """Return an amount in US$ bn without its unit, for the inside of a picture; a floor as ``300+``."""
    if is_open:
        return f"{formats.amount(low, 'usd_bn', has_unit=False)}+"
    return formats.quantity(None, "usd_bn", low, high, has_unit=False)


@functools.lru_cache(maxsize=8)
def places(ledger: Ledger) -> dict[str, Place]:
    """Return where the parties stand, by their keys: firms on both sides on the left, investors on the right above,
    suppliers on the right below, customers under OpenAI."""
    found = parties.largest_parties(ledger, 99)
    both = found[found["is_both"]].head(MOST_BOTH)
    rest = found[~found["is_both"]]
    investors = rest[rest["invests_high"] > 0].nlargest(MOST_ONE_WAY, "invests_high")
    suppliers = rest[(rest["sells_high"] > 0) & (rest["invests_high"] == 0)].nlargest(MOST_ONE_WAY, "sells_high")
    out: dict[str, Place] = {}
    for i, r in enumerate(both.itertuples(index=False)):
        out[r.party] = (r.name, -1.05, 0.0 if len(both) == 1 else 0.68 - 1.36 * i / (len(both) - 1))
    for i, r in enumerate(investors.itertuples(index=False)):
        out[r.party] = (r.name, 1.0, 1.06 - 0.28 * i)
    for i, r in enumerate(suppliers.itertuples(index=False)):
        out[r.party] = (r.name, 1.0, -0.2 - 0.28 * i)
    if len(quantities.run_rate(Facts(ledger, "index"))):
        out[PAYING] = (PAYING, 0.0, -0.95)
    return out


def drawn_deals(ledger: Ledger) -> pd.DataFrame:
    """Return the deals behind the lines: shares in OpenAI and orders from it with an amount, of the parties drawn."""
    rows = priced(counted.payments(ledger.deals, scope="openai"))
    sides, drawn = modelling.parties(ledger).grouped(rows), list(places(ledger))
    puts_in = sides["kind"].eq("equity") & sides["payer"].isin(drawn)
    sells = sides["kind"].isin(counted.SUPPLY_KINDS) & sides["payee"].isin(drawn)
    return rows[puts_in | sells]


def left_out(ledger: Ledger) -> list[str]:
    """Return the parties with an amount for which the picture has no room, each with what it puts in and sells."""
    drawn = set(places(ledger))
    sides = parties.sides_by_party(ledger)
    left = sides[~sides["party"].isin(drawn | {"openai"})]
    sums = zip(left["name"], left["invests_high"] + left["sells_high"], strict=True)
    return [f"{short_name(name)} {formats.amount(total, 'usd_bn')}" for name, total in sums if total > 0]


def _flows(party: tuple[float, ...] | None, customers: float) -> list[tuple[str, float, float, bool]]:
    if party is None:
        return [] if math.isnan(customers) else [(CUSTOMERS, customers, customers, False)]
    invests_low, invests_high, invests_open, sells_low, sells_high, sells_open = party
    flows = [(IN, invests_low, invests_high, bool(invests_open)), (OUT, sells_low, sells_high, bool(sells_open))]
    return [f for f in flows if f[2]]


def _arc(at: Point, kind: str, is_beside: bool = False) -> tuple[list[Point], Point, float]:
    """The points from a party to OpenAI or back, where the arrow's head stands, and its angle in degrees.

    On the left the two ways swing apart and so close a loop; elsewhere a line is straight,
    or bent a little if it is to lie beside another.
    """
    far = math.hypot(*at)
    ux, uy = at[0] / far, at[1] / far
    widest = 0.34 if at[0] < 0 else 0.2 if is_beside else 0.0
    swing = widest if kind == IN else -widest
    near = (ux * EDGE - uy * swing / 3, uy * EDGE + ux * swing / 3)
    bend = ((at[0] + near[0]) / 2 - uy * swing, (at[1] + near[1]) / 2 + ux * swing)
    ends = (at, bend, near) if kind != OUT else (near, bend, at)

    def point(t: float) -> Point:
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        return a * ends[0][0] + b * ends[1][0] + c * ends[2][0], a * ends[0][1] + b * ends[1][1] + c * ends[2][1]

    before, head, after = point(0.5), point(0.55), point(0.6)
    angle = math.degrees(math.atan2(after[0] - before[0], after[1] - before[1]))
    return [point(i / STEPS) for i in range(STEPS + 1)], head, angle


def _unpaid(ledger: Ledger) -> dict[str, float]:
    """What of its shares each party has not paid as far as is known, US$ bn, companies of a group as their group."""
    groups, found = modelling.parties(ledger).groups, dict[str, float]()
    for part in quantities.equity_to_come(Facts(ledger, "index")).itertuples(index=False):
        party = groups.get(part.payer, part.payer)
        found[party] = found.get(party, 0.0) + part.low
    return found


def _words(kind: str, text: str, low: float, unpaid: float) -> str:
    """What stands below a party's name of one of its flows, and what is paid of shares."""
    if kind == CUSTOMERS:
        return f"{text} a year"
    if kind == OUT:
        return f"sells {text}"
    paid = formats.amount(low - unpaid, "usd_bn", has_unit=False)
    return f"paid {paid} of {text}" if unpaid else f"paid {text}"


def lines_and_labels(ledger: Ledger, order: dict[str, Place]) -> tuple[pd.DataFrame, ...]:
    """Return the lines between OpenAI and the parties, the dots of orders without a price that investors hold, the
    heads of all their arrows, and the labels of the parties.

    ``order`` has the places (see `places`); one whose party is not known yet stays empty. An amount that is a range,
    or is not paid yet, has two lines, the whole of it pale.
    """
    columns = ["invests_low", "invests_high", "invests_open", "sells_low", "sells_high", "sells_open"]
    found = parties.largest_parties(ledger, 99).set_index("party")
    known, unpriced = found[columns], found.index[found["is_unpriced_both"]]
    customers = value(quantities.run_rate(Facts(ledger, "index")).tail(1))
    unpaid = _unpaid(ledger)
    lines: list[tuple[Any, ...]] = []
    dots: list[tuple[Any, ...]] = []
    heads: list[tuple[Any, ...]] = []
    labels: list[tuple[Any, ...]] = []
    for key, (name, x, y) in order.items():
        if key not in known.index and key != PAYING:
            continue
        party = None if key == PAYING else tuple(known.loc[key])
        texts = []
        for kind, low, high, is_open in _flows(party, customers):
            points, head, angle = _arc((x, y), kind)
            text = short_amount(low, high, is_open)
            still = min(unpaid.get(key, 0.0), low) if kind == IN else 0.0
            for amount, opacity in ((high, 0.45), (low - still, 1.0)):
                if amount > LEAST_DRAWN * high:
                    path = f"{key} {kind} {opacity:g}"
                    lines += [(path, i, *p, amount, kind, opacity, name, text) for i, p in enumerate(points)]
            heads.append((*head, angle, kind, name, text))
            texts.append(_words(kind, text, low, still))
        if key in unpriced:
            points, head, angle = _arc((x, y), OUT, is_beside=True)
            dots += [(*p, OUT, name, NO_PRICE) for p in points]
            heads.append((*head, angle, OUT, name, NO_PRICE))
            texts.append(UNPRICED)
        if texts:
            labels.append((x, y, name, "\n".join(texts), "left" if x > 0 else "center"))
    frames = ((lines, LINE_COLUMNS), (dots, DOT_COLUMNS), (heads, HEAD_COLUMNS), (labels, LABEL_COLUMNS))
    drawn, dotted, pointed, named = (pd.DataFrame(rows, columns=names) for rows, names in frames)
    return drawn, dotted, pointed, named


@functools.lru_cache(maxsize=2)
def by_day(ledger: Ledger) -> tuple[list[pd.DataFrame], list[str]]:
    """Return `lines_and_labels` of each day of the story, as `replay.replayed` does."""
    order = places(ledger)
    return replayed(ledger, lambda view: lines_and_labels(view, order))


def _at(x: str, y: str) -> dict[str, Any]:
    wide, high = alt.Scale(domain=[-1.75, 2.05], nice=False), alt.Scale(domain=[-1.3, 1.22], nice=False)
    return {"x": alt.X(f"{x}:Q", scale=wide, axis=None), "y": alt.Y(f"{y}:Q", scale=high, axis=None)}


def _names(labels: pd.DataFrame) -> list[alt.Chart]:
    """The labels of the parties: beside those on the right, above or below the others, so that none meets its line."""
    made = []
    left = labels["align"] == "left"
    placed: list[tuple[Literal["left", "center"], pd.DataFrame, int, int]] = [
        ("left", labels[left], -6, 8),
        ("center", labels[~left & (labels["y"] >= 0)], -46, -32),
        ("center", labels[~left & (labels["y"] < 0)], 18, 33),
    ]
    for align, part, name_dy, text_dy in placed:
        if part.empty:
            continue
        dx = 9 if align == "left" else 0
        base = on_day(alt.Chart(round_values(part))).encode(**_at("x", "y"))
        bold = base.mark_text(align=align, dx=dx, dy=name_dy, fontWeight="bold", fontSize=12, tooltip=None)
        small = base.mark_text(align=align, dx=dx, dy=text_dy, fontSize=11, lineBreak="\n", color=MUTED, tooltip=None)
        made += [bold.encode(text=alt.Text("name:N")), small.encode(text=alt.Text("text:N"))]
    return made


def draw(lines: pd.DataFrame, dots: pd.DataFrame, heads: pd.DataFrame, labels: pd.DataFrame) -> Any:
    """Return the picture of lines, dots, heads and labels, each with the days on which it holds (`figures.replay`)."""
    paint = alt.Color("kind:N", title=None, scale=scale(ROLES, lines["kind"]))
    told = tooltips(heads, WORDS)
    width = alt.Size("amount:Q", scale=alt.Scale(domain=[0, 300], range=[1.2, 18]), legend=None)
    base = on_day(alt.Chart(round_values(lines)))
    strokes = base.mark_line(strokeCap="butt").encode(
        **_at("x", "y"),
        order=alt.Order("step:Q"),
        detail=alt.Detail("path:N"),
        color=paint,
        size=width,
        opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
        tooltip=told,
    )
    points = on_day(alt.Chart(round_values(dots))).mark_circle(size=10, opacity=1, tooltip=None)
    dotted = [points.encode(**_at("x", "y"), color=paint)] if len(dots) else []
    turn = alt.Angle("angle:Q", scale=alt.Scale(domain=[-180, 180], range=[-180, 180]))
    tips = on_day(alt.Chart(round_values(heads))).mark_point(shape=ARROW, size=135, stroke=PAPER, strokeWidth=1)
    arrows = tips.encode(**_at("x", "y"), color=paint, angle=turn, tooltip=told)
    middle = alt.Chart(pd.DataFrame({"x": [0.0], "y": [0.0], "name": ["OpenAI"]})).encode(**_at("x", "y"))
    disc = middle.mark_point(size=3200, color=PANEL, stroke=INK, strokeWidth=1.5, tooltip=None)
    centre = middle.mark_text(fontWeight="bold", fontSize=13, tooltip=None).encode(text=alt.Text("name:N"))
    return alt.layer(strokes, *dotted, arrows, *_names(labels), disc, centre)
