"""Figures of the first page."""

import math

import altair as alt
import pandas as pd

from analysis.figures.replay import NEVER, on_day, replayed, with_day
from analysis.figures.theme import BLUE, GREEN, INK, MUTED, ORANGE, PANEL, PAPER, finish, nothing, room, tidy
from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import formats, quantities
from analysis.numbers import index as numbers
from analysis.numbers.facts import Facts

IN, OUT, CUSTOMERS = "invests in OpenAI", "is owed by OpenAI", "customers, a year"
PAYING = "Customers"


def _amount(low: float, high: float, is_open: bool) -> str:
    return formats.figure(None, "usd_bn", low, high, is_open).replace("US$", "").replace("bn", "")


def _parties(ledger: Ledger, most: int = 9) -> pd.DataFrame:
    """The largest parties of both sides, the unnamed pool of investors as "other investors"."""
    sides = numbers.both_sides(ledger)
    sides = sides[(sides["invests_high"] + sides["sells_high"] > 0.2) & (sides["party"] != "openai")]
    return sides.head(most).assign(
        name=lambda t: t["name"].replace({"Equity investors": "Other investors", "SoftBank Group": "SoftBank"})
    )


def _run_rate(ledger: Ledger) -> pd.DataFrame:
    f = Facts(ledger, "index")
    return quantities.run_rate(f).tail(1)


def _lines(ledger: Ledger, order: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lines between OpenAI in the middle and the parties around it, and the labels of the parties.

    ``order`` gives each party its place on the circle; a party that is not known yet leaves its place empty.
    Returns lines (x, y, x2, y2, amount, kind, opacity, hx, hy, angle, party, text) and labels (x, y, name, text, align).
    """
    known = {r.name: r for r in _parties(ledger, 99).itertuples(index=False)}
    rate = _run_rate(ledger)
    customers = float(rate["value"].iloc[0]) if len(rate) else math.nan
    nodes = [(name, known.get(name)) for name in order]
    lines, labels = [], []
    for i, (name, r) in enumerate(nodes):
        if r is None and (name != PAYING or customers != customers):
            continue
        angle = math.pi / 2 - 2 * math.pi * i / len(nodes)
        ux, uy = math.cos(angle), math.sin(angle)
        flows = (
            [(CUSTOMERS, customers, customers, 0.0)]
            if r is None
            else [(IN, r.invests_low, r.invests_high, -0.05), (OUT, r.sells_low, r.sells_high, 0.05)]
        )
        texts = []
        for kind, low, high, aside in flows:
            if not high:
                continue
            px, py = -uy * aside, ux * aside
            near, far = (ux * 0.24 + px, uy * 0.24 + py), (ux * 0.86 + px, uy * 0.86 + py)
            start, end = (near, far) if kind == OUT else (far, near)
            turn = math.degrees(math.atan2(end[0] - start[0], end[1] - start[1]))
            middle = ((start[0] * 0.42 + end[0] * 0.58), (start[1] * 0.42 + end[1] * 0.58))
            is_open = r is not None and (r.invests_open if kind == IN else r.sells_open)
            text = _amount(low, high, is_open)
            for amount, opacity in ((high, 0.45), (low, 1.0)):
                if amount:
                    lines.append((*start, *end, amount, kind, opacity, *middle, turn, name, text))
            texts.append({IN: f"in {text}", OUT: f"out {text}", CUSTOMERS: f"{text} a year"}[kind])
        align = "center" if abs(ux) < 0.3 else ("left" if ux > 0 else "right")
        labels.append((ux * 0.93, uy * 0.98, name, " · ".join(texts), align))
    columns = ["x", "y", "x2", "y2", "amount", "kind", "opacity", "hx", "hy", "angle", "party", "text"]
    return pd.DataFrame(lines, columns=columns), pd.DataFrame(labels, columns=["x", "y", "name", "text", "align"])


def fig_index_loop(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """The loop: OpenAI in the middle, money in and orders out, customers' money among them."""
    parties, rate = _parties(ledger), _run_rate(ledger)
    if parties.empty:
        return nothing("fig-index-loop", "The loop", ledger, "No payment is known by this day.")
    names = parties["name"].tolist()
    order = [*names[::2], *names[1::2], *([PAYING] if len(rate) else [])]  # the two largest do not stand side by side
    (lines, labels), days = replayed(ledger, lambda view: _lines(view, order))
    frame = alt.Scale(domain=[-1.8, 1.8], nice=False)
    high = alt.Scale(domain=[-1.2, 1.2], nice=False)
    kinds = [k for k in (IN, OUT, CUSTOMERS) if k in set(lines["kind"])]
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=kinds, range=[{IN: ORANGE, OUT: BLUE, CUSTOMERS: GREEN}[k] for k in kinds]),
    )
    base = on_day(alt.Chart(tidy(lines)))
    strokes = base.mark_rule(strokeCap="butt").encode(
        x=alt.X("x:Q", scale=frame, axis=None),
        y=alt.Y("y:Q", scale=high, axis=None),
        x2="x2:Q",
        y2="y2:Q",
        color=colour,
        strokeWidth=alt.StrokeWidth("amount:Q", scale=alt.Scale(domain=[0, 300], range=[1.2, 26]), legend=None),
        opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
        tooltip=["party:N", "kind:N", "text:N"],
    )
    heads = (
        base.transform_filter("datum.opacity == 1 || datum.kind == 'customers, a year'")
        .mark_point(shape="triangle-up", size=90, stroke=PAPER, strokeWidth=1)
        .encode(
            x=alt.X("hx:Q", scale=frame, axis=None),
            y=alt.Y("hy:Q", scale=high, axis=None),
            color=colour,
            angle=alt.Angle("angle:Q", scale=alt.Scale(domain=[-180, 180], range=[-180, 180])),
        )
    )
    words = []
    for align in ("left", "right", "center"):
        part = labels[labels["align"] == align]
        if part.empty:
            continue
        for above, sign in ((part[part["y"] >= 0], -1), (part[part["y"] < 0], 1)):
            if above.empty:
                continue
            # Those above grow upwards, those below downwards, so that no label meets its line.
            dy = (-18, -4) if sign < 0 and align == "center" else (4, 18) if align == "center" else (-7, 7)
            mark = on_day(alt.Chart(tidy(above))).encode(
                x=alt.X("x:Q", scale=frame, axis=None), y=alt.Y("y:Q", scale=high, axis=None)
            )
            words += [
                mark.mark_text(align=align, dy=dy[0], fontWeight="bold", fontSize=12).encode(text="name:N"),
                mark.mark_text(align=align, dy=dy[1], fontSize=11, color=MUTED).encode(text="text:N"),
            ]
    middle = alt.Chart(pd.DataFrame({"x": [0.0], "y": [0.0], "name": ["OpenAI"]})).encode(
        x=alt.X("x:Q", scale=frame, axis=None), y=alt.Y("y:Q", scale=high, axis=None)
    )
    centre = middle.mark_point(size=3200, color=PANEL, stroke=INK, strokeWidth=1.5) + middle.mark_text(
        fontWeight="bold", fontSize=13
    ).encode(text="name:N")
    chart = with_day(alt.layer(strokes, heads, *words, centre).configure_view(stroke=None), days)
    known = {r.key: r for r in numbers.circle(ledger)}
    share, both = known["index.to_both_share"], known["index.both_count"]
    both_names = parties[parties["is_both"]]["name"].tolist()
    title = (
        f"{formats.rounded(share.low, 0)} to {formats.rounded(share.high, 0)}% of what OpenAI owes goes to {both.value} firms that also invest in it: {', '.join(both_names)}"
        if share.low is not None and share.high is not None and both.value
        else "Who invests in OpenAI, and whom it pays"
    )
    table = parties.assign(
        into=[
            _amount(a, b, o) if b else ""
            for a, b, o in zip(parties["invests_low"], parties["invests_high"], parties["invests_open"], strict=True)
        ],
        out=[
            _amount(a, b, o) if b else ""
            for a, b, o in zip(parties["sells_low"], parties["sells_high"], parties["sells_open"], strict=True)
        ],
    )
    f = Facts(ledger, "index")
    return finish(
        chart,
        id="fig-index-loop",
        title=title,
        subtitle="US$ bn over the life of all deals; customers' money is that of one year. Width: amount. Pale: depends on conditions or a ceiling.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.name}: {r.text}" for r in labels[labels["until"] == NEVER].itertuples(index=False))
        + ".",
        table=table[["name", "into", "out", "sells_undisclosed"]].rename(
            columns={
                "name": "Party",
                "into": "Invests, US$ bn",
                "out": "Is owed, US$ bn",
                "sells_undisclosed": "Deals without a price",
            }
        ),
        ledger=ledger,
        rows=[f.payments(scope="openai"), rate],
        note="Deals without a published price (AMD, Broadcom, Google, NVIDIA and others as known on the day) are not drawn. SoftBank includes SB Energy."
        if ledger.as_of >= pd.Timestamp("2026-01-09")
        else "Deals without a published price are not drawn.",
        height=460,
        narrow_height=340,
        replay=days,
    )


def fig_index_sides(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Both sides of each party, as bars."""
    parties = _parties(ledger, 12)
    if parties.empty:
        return nothing("fig-index-sides", "Two sides of each party", ledger, "No payment is known by this day.")
    rows = []
    for r in parties.itertuples(index=False):
        rows.append(
            (r.name, IN, -r.invests_low, -r.invests_high, _amount(r.invests_low, r.invests_high, r.invests_open))
        )
        rows.append((r.name, OUT, r.sells_low, r.sells_high, _amount(r.sells_low, r.sells_high, r.sells_open)))
    frame = pd.DataFrame(rows, columns=["party", "kind", "low", "high", "label"])
    frame = frame[frame["high"] != 0]
    order = parties["name"].tolist()
    left, right = min(0.0, frame["high"].min()) - 60, frame["high"].max() * 1.2
    base = alt.Chart(tidy(frame)).encode(y=alt.Y("party:N", sort=order, title=None))
    x = alt.X(
        "low:Q",
        title="US$ bn",
        scale=alt.Scale(domain=[left, right], nice=False),
        axis=alt.Axis(labelExpr="abs(datum.value)"),
    )
    colour = alt.Color("kind:N", title=None, scale=alt.Scale(domain=[IN, OUT], range=[ORANGE, BLUE]))
    firm = base.mark_bar(height=18).encode(x=x, color=colour)
    more = base.mark_bar(height=18, opacity=0.45).encode(x="low:Q", x2="high:Q", color=colour)
    minus = (
        base.transform_filter("datum.high < 0")
        .mark_text(align="right", dx=-4, fontSize=11)
        .encode(x="high:Q", text="label:N")
    )
    plus = (
        base.transform_filter("datum.high > 0")
        .mark_text(align="left", dx=4, fontSize=11)
        .encode(x="high:Q", text="label:N")
    )
    both = parties[parties["is_both"]]
    title = (
        f"Firms on both sides are owed {formats.rounded(both['sells_high'].sum() / both['invests_high'].sum(), 1)} times what they invest"
        if both["invests_high"].sum() > 0 and both["sells_high"].sum() > both["invests_high"].sum()
        else "What each party invests and what it is owed"
    )
    f = Facts(ledger, "index")
    return finish(
        firm + more + minus + plus,
        id="fig-index-sides",
        title=title,
        subtitle="US$ bn over the life of all deals. Pale: depends on conditions or a ceiling. Equity is paid once, orders over years.",
        alt_text=title + ". " + "; ".join(f"{r.party} {r.kind} {r.label}" for r in frame.itertuples()) + ".",
        table=frame.assign(low=frame["low"].abs(), high=frame["high"].abs())[["party", "kind", "low", "high"]].rename(
            columns={"party": "Party", "kind": "Side", "low": "Low, US$ bn", "high": "High, US$ bn"}
        ),
        ledger=ledger,
        rows=[f.payments(scope="openai")],
        height=34 * frame["party"].nunique(),
    )


def fig_index_growth(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """What was known on each day: owed, invested, and customers' yearly money."""
    history = ledger.history["deals"]
    days = sorted({d for d in history["as_of"] if d >= pd.Timestamp("2025-01-01")} | {ledger.as_of})
    rows = []
    for day in days:
        view = history[history["as_of"] <= day].drop_duplicates("deal", keep="last")
        owed = counted.total(counted.payments(view, payer="openai", scope="openai"))
        got = counted.total(counted.payments(view, payee="openai", scope="openai", kind="equity"))
        rows += [(day, "owed to suppliers", owed.low, owed.high), (day, "promised by investors", got.low, got.high)]
    frame = pd.DataFrame(rows, columns=["day", "line", "low", "high"])
    f = Facts(ledger, "index")
    rate = quantities.run_rate(f)
    rate = rate[rate["end"] >= pd.Timestamp("2024-12-01")]
    if frame["high"].sum() == 0:
        return nothing("fig-index-growth", "How it grew", ledger, "No payment is known by this day.")
    lines = pd.DataFrame(
        {"day": rate["as_of"], "line": "customers, a year", "low": rate["value"], "high": rate["value"]}
    )
    if len(lines):
        lines = pd.concat([lines, lines.tail(1).assign(day=ledger.as_of)])
    both = pd.concat([frame, lines]).sort_values("day", kind="stable")
    names = ["owed to suppliers", "promised by investors", "customers, a year"]
    here = [n for n in names if n in set(both["line"])]
    colour = alt.Color(
        "line:N",
        title=None,
        scale=alt.Scale(domain=here, range=[{"o": BLUE, "p": ORANGE, "c": GREEN}[n[0]] for n in here]),
    )
    base = alt.Chart(tidy(both)).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, labelOverlap=True)), color=colour
    )
    area = base.mark_area(interpolate="step-after", opacity=0.25).encode(
        y=alt.Y("low:Q", title="US$ bn", scale=room(both["high"], 0.12)), y2="high:Q"
    )
    line = base.mark_line(interpolate="step-after").encode(
        y="high:Q",
        strokeDash=alt.StrokeDash(
            "line:N", title=None, scale=alt.Scale(domain=here, range=[[1, 0], [6, 3], [2, 2]][: len(here)])
        ),
    )
    start, end = frame[frame["line"] == names[0]]["high"].iloc[[0, -1]]
    day = formats.day(frame["day"].iloc[0].date())
    title = f"What OpenAI owes its suppliers rose to {formats.amount(end, 'usd_bn')}" + (
        f" from {formats.amount(start, 'usd_bn')} on {day}"
        if start
        else f"; before {frame.loc[frame['high'] > 0, 'day'].iloc[0]:%B %Y} no price was known"
    )
    return finish(
        area + line,
        id="fig-index-growth",
        title=title,
        subtitle="As known on each day, US$ bn. Commitments run over many years; customers' money is that of one year. Shade: low to high.",
        alt_text=f"{title}. Investors had promised {frame[frame['line'] == names[1]]['high'].iloc[-1]:g} at the end.",
        table=frame.pivot_table(index="day", columns="line", values="high")
        .reset_index()
        .assign(day=lambda t: t["day"].dt.strftime("%Y-%m-%d"))
        .rename(columns={"day": "Day"})
        .drop_duplicates(["owed to suppliers", "promised by investors"]),
        ledger=ledger,
        rows=[f.payments(scope="openai"), rate],
        height=280,
    )
