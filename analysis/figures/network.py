"""The whole network as a laid-out flow diagram: money from outside above, OpenAI, its suppliers and theirs below."""

import functools
import textwrap
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures import layout, network_rows
from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.figure_sources import by_money
from analysis.figures.marks import tooltips
from analysis.figures.marks.common import halo
from analysis.figures.palette import INK, PANEL, PAPER, colour_of, scale
from analysis.figures.replay import on_day, replayed, with_day
from analysis.figures.sliders import day_slider
from analysis.ledger import Ledger
from analysis.models.network import SCOPES
from analysis.numbers import formats, quantities
from analysis.numbers import network_picture as numbers
from analysis.numbers.circularity import loops, partners
from analysis.numbers.company_names import group_note, short_name
from analysis.numbers.facts import Facts
from analysis.numbers.words import MONEY_WORDS

KINDS = {money: words.legend for money, words in MONEY_WORDS.items()} | {"customers": "customers, a year"}
ROLES = {words: role for role, words in KINDS.items()}
WORDS = {"payer": "From", "payee": "To", "kind": "Kind", "text": "Amount"}
# Opacity of what is conditional, of what is firm, and of the part that can go round.
LOOKS = {"pale": 0.12, "solid": 0.28, "round": 0.95}
LEAST_ROUND = 0.5  # US$ bn; less of a payment is not drawn as going round
BOX_LINE = 13.5  # pixels from line to line in a box
CURVE_COLUMNS = [
    *("x1", "y1", "cx", "cy", "x2", "y2", "kind", "payer", "payee", "text", "at", "amount", "look", "label"),
]
SUBTITLE = (
    "US$ bn over the life of the deals; customers' money is a year's. Strong: what can go round. Faint: the rest,"
    " fainter where it is not firm. Dotted: no published price."
)
NOTE = (
    "Money that a party passes on is drawn at each step, so the amounts do not add up. Payments below"
    f" {formats.amount(numbers.LEAST_DRAWN, 'usd_bn')} and shares bought from other holders are in the table only."
)


def _short(firm: float, low: float, high: float, is_open: bool) -> str:
    firm = firm or low
    ends = [formats.rounded(v, 0) for v in (firm, high)]
    words = ends[1] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}" if firm else f"up to {ends[1]}"
    return words + ("+" if is_open else "")


def _text(firm: float, low: float, high: float, is_open: bool, unpriced: int) -> str:
    firm = firm or low
    if not high:
        return "no published price"
    amount = formats.quantity(None, "usd_bn", firm if firm < high else high, high, is_open)
    return amount + (f", and {unpriced} without a price" if unpriced else "")


class Picture:
    """The places of a ledger's network, and what is drawn between them on any of its days."""

    def __init__(self, ledger: Ledger, scenario: str = "central"):
        self.scenario = scenario
        self.places = numbers.places(ledger)
        self.place = self.places["place"]
        table = numbers.drawn(numbers.links(ledger, self.place))
        rows = dict(zip(self.place, self.places["row"], strict=True))
        # Customers pay without a deal of theirs.
        rows |= {numbers.CUSTOMERS: numbers.SOURCES} if (table["kind"] == "customers").any() else {}
        drawn = {*table["payer"], *table["payee"]}
        self.layout = layout.layered({n: r for n, r in rows.items() if n in drawn or n == numbers.OPENAI}, table)
        pairs = table[["payer", "payee"]]
        self._controls: dict[tuple[str, str, int], layout.Point] = {}  # the same on all days
        self.tied = set(pairs[pairs.duplicated()].itertuples(index=False, name=None))  # by several kinds of money
        labelled = table[table["high"] > 0]
        shapes = [self._shape(*key) for key in labelled[["payer", "payee", "kind"]].itertuples(index=False)]
        at = layout.label_places(shapes, self.layout.boxes)
        keys = labelled[["payer", "payee", "kind"]].itertuples(index=False, name=None)
        self.label_at = dict(zip(keys, at, strict=True))

    def _shape(self, payer: str, payee: str, kind: str) -> tuple[layout.Point, layout.Point, layout.Point]:
        way = payer, payee, 1 if (payer, payee) in self.tied and kind == "equity" else 0
        if way not in self._controls:
            self._controls[way] = self.layout.control(*way)
        return self.layout.boxes[payer], self._controls[way], self.layout.boxes[payee]

    def curves_and_boxes(self, view: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return what is known on the day of a view: curves (`CURVE_COLUMNS`) and the boxes that have one (x, y,
        name)."""
        table = numbers.drawn(numbers.links(view, self.place))
        table = table[table["payer"].isin(self.layout.boxes) & table["payee"].isin(self.layout.boxes)]
        at_place = self.place.to_dict()
        rounds: dict[tuple[str | None, str | None], float] = {}
        for (payer, payee), amount in loops.going_round(view, self.scenario).items():
            pair = at_place.get(payer), at_place.get(payee)
            rounds[pair] = rounds.get(pair, 0.0) + amount
        curves = []
        for r in table.itertuples(index=False):
            start, control, end = self._shape(r.payer, r.payee, r.kind)
            text = _text(r.firm, r.low, r.high, r.is_open, r.unpriced)
            label = _short(r.firm, r.low, r.high, r.is_open)
            at = self.label_at.get((r.payer, r.payee, r.kind), layout.LABEL_PLACES[0])
            common = (*start, *control, *end, KINDS[r.kind], r.payer, r.payee, text, at)
            if not r.high:
                curves.append((*common, 1.5, "unpriced", ""))
            if r.high > r.firm:
                curves.append((*common, r.high, "pale", "" if r.firm else label))
            if r.firm:
                curves.append((*common, r.firm, "solid", label))
            part = min(rounds.get((r.payer, r.payee), 0.0), r.high)
            if part > LEAST_ROUND:
                rounds[r.payer, r.payee] -= part
                curves.append((*common, part, "round", ""))
        here = {*table["payer"], *table["payee"]}
        boxes = [(*xy, name) for name, xy in self.layout.boxes.items() if name in here]
        return pd.DataFrame(curves, columns=CURVE_COLUMNS), pd.DataFrame(boxes, columns=["x", "y", "name"])


def _at(x: str = "x", y: str = "y") -> dict[str, Any]:
    wide = alt.Scale(domain=[layout.LEFT - 0.15, layout.RIGHT + 0.15], nice=False)
    high = alt.Scale(domain=[layout.ROW_Y[-1] - 0.35, layout.ROW_Y[0] + 0.3], nice=False)
    return {"x": alt.X(f"{x}:Q", scale=wide, axis=None), "y": alt.Y(f"{y}:Q", scale=high, axis=None)}


def _along(chart: alt.Chart, t: str) -> alt.Chart:
    """The chart with x and y at the share ``t`` (an expression) of each row's curve."""
    parts = {
        c: f"(1-({t}))*(1-({t}))*datum.{c}1 + 2*({t})*(1-({t}))*datum.c{c} + ({t})*({t})*datum.{c}2" for c in ("x", "y")
    }
    return chart.transform_calculate(**parts)


def _strokes(curves: pd.DataFrame, paint: alt.Color) -> list[alt.Chart]:
    told = tooltips(curves, WORDS)
    base = on_day(alt.Chart(curves)).transform_calculate(t=str([i / 12 for i in range(13)])).transform_flatten(["t"])
    bent = _along(base, "datum.t")
    width = alt.StrokeWidth("amount:Q", scale=alt.Scale(domain=[0, 300], range=[1.5, 26]), legend=None)
    made = [
        bent.transform_filter(f"datum.look == '{look}'")
        .mark_line(opacity=opacity)
        .encode(
            **_at(), color=paint, strokeWidth=width, detail=alt.Detail("id:N"), order=alt.Order("t:Q"), tooltip=told
        )
        for look, opacity in LOOKS.items()
        if look in set(curves["look"])
    ]
    dotted = bent.transform_filter("datum.look == 'unpriced'").mark_line(strokeDash=[2, 4], strokeWidth=1.6)
    made.append(dotted.encode(**_at(), color=paint, detail=alt.Detail("id:N"), order=alt.Order("t:Q"), tooltip=told))
    turn = (
        "atan2(0.4*(datum.cx-datum.x1) + 0.6*(datum.x2-datum.cx), 0.4*(datum.cy-datum.y1) + 0.6*(datum.y2-datum.cy))"
        " * 57.29578"
    )
    heads = _along(on_day(alt.Chart(curves)), "0.6").transform_calculate(turn=turn)
    angle = alt.Angle("turn:Q", scale=alt.Scale(domain=[-180, 180], range=[-180, 180]))
    for sign, opacity in (("!=", 0.6), ("==", 1.0)):  # what goes round is drawn last
        arrows = heads.transform_filter(f"datum.look {sign} 'round'").mark_point(
            shape="triangle-up", size=60, stroke=PAPER, strokeWidth=1, opacity=opacity
        )
        made.append(arrows.encode(**_at(), color=paint, angle=angle, tooltip=told))
    amounts = _along(on_day(alt.Chart(curves)).transform_filter("datum.label != ''"), "datum.at")
    made += halo(amounts.encode(**_at(), text=alt.Text("label:N")), fontSize=11)
    return [layer.properties(name=f"wide_stroke_{i}") for i, layer in enumerate(made)]


def _boxes(boxes: pd.DataFrame) -> list[alt.Chart]:
    lines = [textwrap.wrap(name, 12, max_lines=2, placeholder="…") for name in boxes["name"]]
    drawn = boxes.assign(
        left=boxes["x"] - layout.HALF_WIDTH,
        right=boxes["x"] + layout.HALF_WIDTH,
        low=boxes["y"] - layout.HALF_HEIGHT,
        high=boxes["y"] + layout.HALF_HEIGHT,
        label=["\n".join(parts) for parts in lines],
        lines=[len(parts) for parts in lines],
    )
    base = on_day(alt.Chart(round_values(drawn)))
    told = tooltips(drawn, {"name": "Party"})
    rect = base.mark_rect(cornerRadius=4, color=PANEL, stroke=INK, strokeWidth=1, opacity=1)
    made = [rect.encode(**_at("left", "low"), x2=alt.X2("right:Q"), y2=alt.Y2("high:Q"), tooltip=told)]
    for count, dy in ((1, 0.0), (2, -0.5 * BOX_LINE)):
        text = base.transform_filter(f"datum.lines == {count}").mark_text(
            fontWeight="bold", fontSize=12, lineBreak="\n", lineHeight=BOX_LINE, dy=dy, tooltip=None
        )
        made.append(text.encode(**_at(), text=alt.Text("label:N")))
    return [layer.properties(name=f"wide_box_{i}") for i, layer in enumerate(made)]


def _title(ledger: Ledger, scenario: str) -> str:
    both = partners.both_ways(partners.partners(ledger, scenario))
    if both.empty:
        return "No firm both funds OpenAI and sells to it"
    names = formats.listed([short_name(n) for n in both["name"]])
    return f"{names} both fund{'s' if len(both) == 1 else ''} OpenAI and sell{'s' if len(both) == 1 else ''} to it"


@functools.lru_cache(maxsize=8)
def by_day(ledger: Ledger, scenario: str) -> tuple[Picture, list[pd.DataFrame], list[str]]:
    """Return the picture, and its curves and boxes of each day of the story, as `replay.replayed` has them."""
    picture = Picture(ledger, scenario)
    return picture, *replayed(ledger, picture.curves_and_boxes, SCOPES)


def _sources(ledger: Ledger, place: pd.Series, table: pd.DataFrame) -> dict[str, list[pd.DataFrame]]:
    """The rows behind what is drawn, by the kind of money, and behind what only the table has."""
    shown = numbers.drawn(table)
    small = numbers.behind(ledger, place, table.drop(shown.index))
    paid = quantities.run_rate(Facts(ledger, "circularity")).tail(1)
    return by_money(numbers.behind(ledger, place, shown)) | {"Customers": [paid], "In the table only": [small]}


def fig_circularity_network(ledger: Ledger, scenario: str = "central") -> Any:
    """Who pays whom: outside money, investors, OpenAI, suppliers and theirs, by kind of money and how firm it is."""
    picture, (curves, boxes), days = by_day(ledger, scenario)
    place = picture.place
    table = numbers.links(ledger, place)
    if curves.empty or table[(table["high"] > 0) & (table["kind"] != "customers")].empty:
        return empty_figure("fig-circularity-network", "The network", ledger, "No payment is drawn for this day.")
    paint = alt.Color("kind:N", title=None, scale=scale(ROLES, curves["kind"]), legend=alt.Legend(columns=2))
    curves = round_values(curves).assign(id=range(len(curves)))
    rows, narrow_height = network_rows.layers(curves, KINDS, paint, WORDS)
    title = _title(ledger, scenario)
    shown = table.assign(kind=table["kind"].map(KINDS)).sort_values(["high", "payer"], ascending=[False, True])
    ends = ["firm", "low", "high", "is_open", "unpriced"]
    amounts = [_text(*r) for r in shown[ends].itertuples(index=False, name=None)]
    made = make_figure(
        with_day(alt.layer(*_strokes(curves, paint), *_boxes(boxes), *rows), days),
        id="fig-circularity-network",
        title=title,
        subtitle=SUBTITLE,
        alt_text=describe(
            title, (f"{r.payer} to {r.payee}, {r.kind}: {a}" for r, a in zip(shown.itertuples(), amounts, strict=True))
        ),
        table=shown,
        columns={
            "payer": "From",
            "payee": "To",
            "kind": "Kind",
            "firm": "Signed or paid, US$ bn",
            "low": "At least, US$ bn",
            "high": "At most, US$ bn",
            "unpriced": "Deals without a price",
        },
        ledger=ledger,
        rows=_sources(ledger, place, table),
        note=f"{NOTE} {group_note(ledger)}".strip(),
        height=560,
        narrow_height=round(narrow_height),
        slider=day_slider(days),
    )
    # A width in the configuration would override the width of each curve.
    made.config = made.config | {"line": {"color": colour_of("first")}}
    return made
