"""The network on a phone: what each firm puts into OpenAI beside what it sells to it, then what flows around them."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.canvas import FONT, NARROW, at, rules
from analysis.figures.figure import round_values
from analysis.figures.marks import tooltips
from analysis.figures.palette import FAINT, MUTED
from analysis.figures.replay import on_day
from analysis.numbers.network_picture import OPENAI
from analysis.numbers.words import MONEY_WORDS

BOTH, SELLS, FUNDS, AROUND = "Fund OpenAI and sell to it", "Sell to OpenAI", "Fund OpenAI", "Behind them"
BAR, BAR_STEP, NAME, PAUSE, HEAD = 11.0, 14.0, 15.0, 8.0, 27.0  # pixels from above
LABEL_ROOM = 100.0  # right of the longest bar
# Opacity of what is conditional, of what is firm, and of the part that can go round.
LOOKS = {"pale": 0.22, "solid": 0.5, "round": 1.0}
# What is said of an amount beside OpenAI's other side, by the kind of money.
VERBS = {money: words.to_openai for money, words in MONEY_WORDS.items()} | {"customers": "pay {} a year"}
ORDER = ("equity", "orders", "debt", "guarantees", "customers")  # of the bars in a row
LINK = ["payer", "payee", "kind"]


def _row_of(payer: str, payee: str) -> str:
    """Whose row a payment stands in: the other side of OpenAI, or both sides where OpenAI is none."""
    return payee if payer == OPENAI else payer if payee == OPENAI else f"{payer} to {payee}"


def placed(curves: pd.DataFrame, order: list[str]) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Return where each payment and each name stands.

    Parameters
    ----------
    curves
        Payments as `network.Picture` draws them on all days: payer, payee, kind (words), amount (US$ bn).
    order
        The kinds of money, in the order in which they stand in a row.

    Returns
    -------
    DataFrame
        One row a payment: payer, payee, kind, row (its name) and y (pixels).
    DataFrame
        Names and headings: text, y and is_head.
    float
        The height of all.
    """
    links = curves.groupby(LINK, as_index=False)["amount"].max()
    links["row"] = [_row_of(*pair) for pair in zip(links["payer"], links["payee"], strict=True)]
    rows = links.groupby("row").agg(
        size=("amount", "sum"),
        puts_in=("payee", lambda p: p.eq(OPENAI).any()),
        sells=("payer", lambda p: p.eq(OPENAI).any()),
    )
    rows["group"] = [
        BOTH if p and s else SELLS if s else FUNDS if p else AROUND
        for p, s in zip(rows["puts_in"], rows["sells"], strict=True)
    ]
    rows = rows.sort_values("size", ascending=False, kind="stable")
    found, words, y = [], [], 0.0
    for group in (BOTH, SELLS, FUNDS, AROUND):
        names = rows.index[rows["group"] == group]
        if len(names):
            words.append((group, y + HEAD / 2 - 2, True))
            y += HEAD
        for name in names:
            words.append((name, y + NAME / 2, False))
            y += NAME
            own = links[links["row"] == name]
            for i in own["kind"].map(order.index).sort_values(kind="stable").index:
                found.append((*own.loc[i, [*LINK, "row"]], y + BAR / 2))
                y += BAR_STEP
            y += PAUSE
    return pd.DataFrame(found, columns=[*LINK, "row", "y"]), pd.DataFrame(words, columns=["text", "y", "is_head"]), y


def layers(
    curves: pd.DataFrame, kinds: dict[str, str], paint: alt.Color, words: dict[str, str]
) -> tuple[list[alt.Chart], float]:
    """Return the rows of all days (see `figures.replay`) as layers for a phone, and their height in pixels.

    ``kinds`` has the words for each kind of money, ``paint`` their colours, ``words`` what a bar answers when touched.
    """
    places, names, height = placed(curves, [kinds[kind] for kind in ORDER])
    money = {words: kind for kind, words in kinds.items()}
    size = float(NARROW), height
    unit = (NARROW - LABEL_ROOM) / curves["amount"].max()
    bars = curves.merge(places, on=LINK)
    bars = bars.assign(x=0.0, x2=bars["amount"] * unit, money=bars["kind"].map(money))
    widest = bars.groupby([*LINK, "text", "since"])["x2"].transform("max").where(bars["look"] != "unpriced", 0.0)
    short = bars.groupby([*LINK, "text", "since"])["label"].transform("max")
    named_once = bars.assign(x=widest + 5, short=short)[bars["look"] != "round"].drop_duplicates(
        [*LINK, "text", "since"]
    )
    told = named_once.assign(words=[_label(r) for r in named_once.itertuples()])
    spans = bars.groupby("row").agg(since=("since", "min"), until=("until", "max"))
    named = names[~names["is_head"]].join(spans, on="text").assign(x=0.0)
    heads = names[names["is_head"]].assign(x=0.0)
    legend = paint.copy()
    legend["legend"] = None
    shown = ["x", "x2", "y", "look", "since", "until", *words]
    base = on_day(alt.Chart(round_values(bars[list(dict.fromkeys(shown))])))
    strokes = [
        base.transform_filter(f"datum.look == '{look}'")
        .mark_rule(strokeWidth=BAR, opacity=opacity)
        .encode(**at(*size), x2=alt.X2("x2:Q"), color=legend, tooltip=tooltips(bars, words))
        .properties(name=f"narrow_{look}")
        for look, opacity in LOOKS.items()
        if look in set(bars["look"])
    ]
    mark: dict[str, Any] = {"align": "left", "baseline": "middle", "tooltip": None}
    text = {"text": alt.Text("text:N")}
    return [
        rules(heads.assign(y=heads["y"] + 10, x2=NARROW), "narrow_lines", size, color=FAINT),
        alt.Chart(round_values(heads)).mark_text(color=MUTED, fontSize=FONT + 1, **mark).encode(**at(*size), **text)
        .properties(name="narrow_heads"),
        on_day(alt.Chart(round_values(named))).mark_text(fontWeight="bold", fontSize=FONT + 1, **mark)
        .encode(**at(*size), **text).properties(name="narrow_names"),
        *strokes,
        on_day(alt.Chart(round_values(told[["x", "y", "words", "since", "until"]])))
        .mark_text(fontSize=FONT, **mark).encode(**at(*size), text=alt.Text("words:N"))
        .properties(name="narrow_amounts"),
    ], height  # fmt: skip


def _label(bar: Any) -> str:
    """What is said beside the bars of a payment; the subtitle has the unit."""
    verb = VERBS[bar.money] if OPENAI in (bar.payer, bar.payee) else f"{MONEY_WORDS[bar.money].name} {{}}"
    return verb.format(f"at {bar.text}" if bar.look == "unpriced" else bar.short)
