"""Figures of the page on changes."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, Box, at, meet, rules, text_width, texts
from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.figure_sources import by_money, priced
from analysis.figures.marks import layered, tooltips
from analysis.figures.palette import FAINT, GRID, MUTED, PAPER, colour_of
from analysis.ledger import Ledger
from analysis.numbers import changes as numbers
from analysis.numbers import formats, quantities, vintages
from analysis.numbers.facts import Facts
from analysis.numbers.series.timeline import contracts_told
from analysis.numbers.sustainability import cash

RESULTS = {
    "index.owes": "OpenAI's priced orders, US$ bn",
    "index.gets": "promised by investors, US$ bn",
    "index.run_rate": "annualised sales, US$ bn",
    "index.to_both_share": "ordered from its own investors, %",
    "circularity.returns_share": "matched by those OpenAI pays, %",
    "sustainability.gap": "short by signed and announced orders, median, US$ bn",
}
ORDERED, LACKED = "What OpenAI has ordered at published prices", "What it would lack, in the median future"
ROLES = {ORDERED: "orders", LACKED: "loss"}
WORDS = {"day": "Known on", "label": "US$ bn"}
HEAD, PLOT, PAUSE, AXIS = 40.0, 96.0, 22.0, 22.0  # pixels of a panel's name, of its plot, between panels, of the months
EDGE = 16.0  # pixels on either side of the first and the last day
LEAST_STEP = 0.1  # of a panel's largest value, from which a step is labelled
LIFT = 10.0  # pixels from a dot to the value above it


def _panels(ledger: Ledger, known: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The steps of each panel, oldest first: when (datetime), day, value (US$ bn), label, and cause of those that
    bear one."""
    orders = contracts_told(ledger).rename(columns={"as_of": "when"})
    orders = orders.assign(label=orders["label"].astype(str).str.replace(r"^at least (.*)", r"\1+", regex=True))
    gap = known[(known["key"] == numbers.GAP) & known["middle"].notna()].sort_values("day")
    gap = gap.assign(when=pd.to_datetime(gap["day"]), value=gap["middle"], cause="")
    gap = gap.assign(label=[formats.rounded(v, 0) for v in gap["value"]])
    columns = ["when", "day", "value", "label", "cause"]
    made = {ORDERED: orders[columns], LACKED: gap[columns]}
    return {name: steps.reset_index(drop=True) for name, steps in made.items() if len(steps)}


class _Plot:
    """Where days and sums stand in a drawing of one width."""

    def __init__(self, name: str, width: float, panels: Mapping[str, pd.DataFrame], start: pd.Timestamp):
        self.name, self.width, self.start = name, width, start
        self.end = max(*(steps["when"].max() for steps in panels.values()), start + pd.Timedelta(days=30))
        self.height = len(panels) * (HEAD + PLOT) + (len(panels) - 1) * PAUSE + AXIS
        self.size = width, self.height
        self.bases = {panel: i * (HEAD + PLOT + PAUSE) + HEAD + PLOT for i, panel in enumerate(panels)}

    def x(self, day: pd.Timestamp) -> float:
        """Return where a day is: as far from another as the days between them."""
        return EDGE + (self.width - 2 * EDGE) * ((day - self.start) / (self.end - self.start))

    def placed(self, panel: str, steps: pd.DataFrame) -> pd.DataFrame:
        """Return the steps of a panel with x and y."""
        top = max(float(steps["value"].max()), 1.0)
        y = self.bases[panel] - PLOT * steps["value"] / top
        return steps.assign(x=[self.x(d) for d in steps["when"]], y=y)

    def months(self) -> list[alt.Chart]:
        """Return the names of months below the panels, and a line for each quarter."""
        is_short, each = (self.end - self.start).days < 200, "QS" if self.name == "wide" else "2QS"
        days = pd.date_range(self.start, self.end, freq="MS" if is_short else each)
        words = [f"{d:%b %Y}" if i == 0 or d.month == 1 else f"{d:%b}" for i, d in enumerate(days)]
        ticks = pd.DataFrame({"x": [self.x(d) for d in days], "y": self.height - 8.0, "text": words})
        lines = [ticks.assign(y=base - PLOT, y2=base) for base in self.bases.values()]
        return [
            rules(pd.concat(lines)[["x", "y", "y2"]], f"{self.name}_quarters", self.size, color=GRID),
            texts(ticks, f"{self.name}_months", self.size, align="left", dx=-2, color=MUTED),
        ]

    def panel(self, name: str, steps: pd.DataFrame) -> list[alt.Chart]:
        """Return the steps of a panel, its name, and what is said at its steps."""
        placed, part = self.placed(name, steps), f"{self.name}_{ROLES[name]}"
        base, hue = self.bases[name], colour_of(ROLES[name])
        line = alt.Chart(round_values(placed[["x", "y", *WORDS]])).encode(**at(*self.size))
        dots = line.mark_point(size=42, color=hue, fill=PAPER, filled=False, strokeWidth=2)
        head = pd.DataFrame({"x": [0.0], "y": [base - PLOT - HEAD + 10], "text": [f"{name}, US$ bn"]})
        ground = pd.DataFrame({"x": [0.0], "x2": [self.width], "y": [base]})
        shape: dict[str, Any] = {"interpolate": "step-after", "strokeWidth": 3, "tooltip": None}
        made = [
            rules(ground, f"{part}_base", self.size, color=FAINT),
            line.mark_line(color=hue, **shape).properties(name=f"{part}_line"),
            dots.encode(tooltip=tooltips(placed, WORDS)).properties(name=f"{part}_dots"),
            texts(head, f"{part}_name", self.size, align="left", fontWeight="bold"),
        ]
        for align, said in _labels(placed, self.width).groupby("align"):
            made.append(texts(said, f"{part}_{align}", self.size, align=align, color=hue, fontWeight="bold"))
        return made


def _labels(placed: pd.DataFrame, width: float) -> pd.DataFrame:
    """What is said at the steps of a panel, the last and the highest first: x, y, text, align.

    A value stands above its dot, or below where the line comes down to it.
    """
    top, moved = placed["value"].max(), placed["value"].diff().fillna(placed["value"])
    rise = moved.abs()
    by_weight = rise.sort_values(ascending=False, kind="stable")
    order = list(dict.fromkeys([placed.index[-1], placed["value"].idxmax(), *by_weight.index]))
    order = [i for i in order if i == order[0] or placed["label"][i] != placed["label"][order[0]]]
    taken: list[Box] = []
    said: list[tuple[float, float, str, str]] = []
    for i in order:
        row = placed.loc[i]
        if i not in order[:2] and rise[i] < LEAST_STEP * top:
            continue
        beside = f"{row['cause']} {row['label']}".strip() if row["cause"] and rise[i] >= LEAST_STEP * top else ""
        half = text_width(str(row["label"])) / 2
        middle = min(max(row["x"], half), width - half)
        lift = -LIFT if moved[i] < 0 else LIFT
        options = [(middle, row["y"] - lift, str(row["label"]), "center")]
        if beside and row["x"] - 8 - text_width(beside) > 0:
            options.insert(0, (row["x"] - 8, row["y"], beside, "right"))
        elif beside:
            options.insert(0, (row["x"] - 4, row["y"] - LIFT, beside, "left"))
        for x, y, text, align in options:
            length = text_width(text)
            left = {"center": x - length / 2, "right": x - length, "left": x}[align]
            box = (left, left + length, y - 7, y + 7)
            if box[1] <= width and not any(meet(box, other) for other in taken):
                taken.append(box)
                said.append((x, y, text, align))
                break
    return pd.DataFrame(said, columns=["x", "y", "text", "align"])


def _title(known: pd.DataFrame) -> str:
    ends, last = numbers.growth(known), pd.Timestamp(known["day"].max())
    if not ends:
        return "OpenAI's orders through time"
    moved = "grew" if ends[0]["high"] <= ends[1]["high"] else "fell"
    first_sum, last_sum = (
        formats.about(e["value"], "usd_bn", e["low"], e["high"], is_open=bool(e["is_open"])) for e in ends
    )
    first = pd.Timestamp(ends[0]["day"])
    return f"OpenAI's priced orders {moved} from {first_sum} in {first:%b %Y} to {last_sum} in {last:%b %Y}"


def _sources(ledger: Ledger, scenario: str) -> dict[str, list[pd.DataFrame]]:
    """The rows behind the newest sums, and those that the model of the shortfall computes with besides."""
    f = Facts(ledger, "changes", scenario)
    deals = pd.concat([quantities.supply(f), quantities.equity_promised(f)])
    inputs = [frame for frames in cash.inputs_told(ledger).values() for frame in frames]
    return by_money(priced(deals)) | {"Customers": [quantities.run_rate(f).tail(1)], "Our model": inputs}


def fig_changes_timeline(ledger: Ledger, scenario: str = "central") -> Any:
    """What OpenAI has ordered and what it would lack, as known over time; the other key results in the table."""
    known = numbers.compared(ledger, scenario)
    if known["day"].nunique() < 2:
        why = "There is no earlier day to compare with."
        return empty_figure("fig-changes-timeline", "OpenAI's orders through time", ledger, why)
    ends = known[["value", "unit", "low", "high", "is_open"]].itertuples(index=False)
    said = [formats.quantity(v, u, a, b, o, has_unit=u != "usd_bn") for v, u, a, b, o in ends]
    known = known.assign(row=known["key"].map(RESULTS), text=[t.replace(" or more", "+") for t in said])
    panels, start = _panels(ledger, known), vintages.story_start(ledger)
    if not panels:
        why = "No order has a published price by this day."
        return empty_figure("fig-changes-timeline", "OpenAI's orders through time", ledger, why)
    plots = [_Plot(name, float(width), panels, start) for name, width in (("wide", WIDE), ("narrow", NARROW))]
    layers = [
        layer
        for plot in plots
        for layer in [*plot.months(), *(made for name, steps in panels.items() for made in plot.panel(name, steps))]
    ]
    title, told = _title(known), {m.key: m.words for m in numbers.largest_moves(ledger, scenario)}
    table = known.assign(order=known["key"].map(list(RESULTS).index)).sort_values(["order", "day"], kind="stable")
    words = (
        f"{row}: {', '.join(g['text'])}" + (f"; {told[key]}" if key in told else "")
        for (key, row), g in table.groupby(["key", "row"], sort=False)
    )
    return make_figure(
        layered(*layers, height=round(plots[0].height)),
        id="fig-changes-timeline",
        title=title,
        subtitle="As known on each day"
        + ("; what it would lack counts signed and announced orders." if LACKED in panels else "."),
        alt_text=describe(title, words),
        table=table,
        columns={
            "row": "Result",
            "day": "Day",
            "name": "Name",
            "middle": "Middle, or low end",
            "low": "Low",
            "high": "High",
        },
        ledger=ledger,
        rows=_sources(ledger, scenario),
        note="The table has four more results. Ranges are drawn at their middle, those without an upper end at their"
        " low end."
        if len(told) > len(panels)
        else "",
        narrow_height=round(plots[1].height),
    )
