"""Figures of the chapter on Microsoft."""

import altair as alt
import pandas as pd

from analysis.figures.figure import empty_figure, make_figure, padded_scale, round_values
from analysis.figures.palette import FAINT, INK, PAPER, colour_of
from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models import obligations, rights
from analysis.numbers import formats
from analysis.numbers import microsoft as numbers
from analysis.numbers.facts import Facts

BLUE, GREEN, ORANGE, PINK, RUST, SKY = map(colour_of, ("orders", "customers", "equity", "debt", "loss", "value"))

LANES = {
    "cloud-exclusivity": "New capacity",
    "api-exclusivity": "Selling the models",
    "frontier-distribution": "Agent platform",
    "ip-license": "Models and products",
}
# What a state of a right is called, with the holder's name where one belongs to it, and its colour.
STATES = {
    "exclusive": ("{} alone", BLUE),
    "first_refusal": ("first call", SKY),
    "held": ("held", GREEN),
    "open": ("open to others", FAINT),
    "distributor": ("{}", ORANGE),
    "disputed": ("disputed", RUST),
}


def fig_microsoft_rights(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Swim lanes: who holds which right since when."""
    history = ledger.history["terms"]
    known = history[history["term"].isin(LANES)]
    spells = rights.spells(known, LANES, ledger.as_of + pd.Timedelta(days=1))
    if spells.empty:
        return empty_figure(
            "fig-microsoft-rights",
            "Rights between Microsoft and OpenAI",
            ledger,
            "No contract term known on this day states who holds a right.",
        )
    spells["label"] = [STATES[s][0].format(ledger.name(h)) for s, h in zip(spells["state"], spells["holder"])]
    left = max(spells["start"].min(), ledger.as_of - pd.Timedelta(days=500))
    spells = spells[spells["end"] > left]
    drawn = spells.assign(start=spells["start"].clip(lower=left), since=spells["start"])
    span = (drawn["end"].max() - left).days
    is_wide = (drawn["end"] - drawn["start"]).dt.days > 0.24 * span
    drawn = drawn.assign(state=drawn["label"], label=drawn["label"].where(is_wide, "")).drop(columns="holder")
    lanes = [n for n in LANES.values() if n in set(drawn["lane"])]
    colours = {label: STATES[state][1] for state in STATES for label in spells.loc[spells["state"] == state, "label"]}
    base = alt.Chart(round_values(drawn)).encode(
        y=alt.Y("lane:N", sort=lanes, title=None),
        x=alt.X("start:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=5, labelOverlap=True)),
    )
    bars = base.mark_bar(height=26, stroke=PAPER, strokeWidth=2).encode(
        x2="end:T",
        color=alt.Color(
            "state:N",
            title=None,
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=alt.Legend(columns=3),
        ),
        tooltip=["lane:N", "state:N", "words:N"],
    )
    labels = (
        base.mark_text(align="left", dx=6, color=PAPER, fontWeight="bold")
        .encode(text="label:N")
        .properties(name="wide_states")
    )
    cloud = spells[spells["lane"] == LANES["cloud-exclusivity"]]["state"].tolist()
    steps = len(spells[spells["start"] > left])
    ended = bool(cloud) and cloud[-1] == "open"
    title = (
        "Microsoft gave up its call on OpenAI's capacity and kept the sale of its models"
        if ended and "disputed" not in set(spells["state"])
        else "Microsoft gave up its call on OpenAI's capacity; who may sell the models is now disputed"
        if ended
        else "Microsoft still holds a first call on OpenAI's capacity"
    )
    days = {c: spells[c].dt.strftime("%Y-%m-%d") for c in ("start", "end")}
    table = spells[["lane", "label", "start", "end", "words"]].assign(**days)
    return make_figure(
        bars + labels,
        id="fig-microsoft-rights",
        title=title,
        subtitle=f"Who holds each right, {left:%B %Y} to {ledger.as_of:%B %Y}. Read from the contract terms in the ledger.",
        alt_text=f"{title}. Four lanes of rights with {steps} changes since {left:%B %Y}: "
        + "; ".join(f"{r.lane} {r.label} from {formats.day(r.start.date())}" for r in spells.itertuples())
        + ".",
        table=table.rename(
            columns={"lane": "Right", "label": "State", "start": "From", "end": "To", "words": "In words"}
        ),
        ledger=ledger,
        rows=[known],
        note="A lane starts where it enters the picture; older dates are in the data.",
        height=46 * len(lanes),
    )


def fig_microsoft_stake(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Stake by round, with the range after the newest one."""
    f = Facts(ledger, "microsoft", scenario)
    stakes = f.metric("microsoft", "stake_pct_of_openai")
    if stakes.empty:
        return empty_figure(
            "fig-microsoft-stake", "Microsoft's stake in OpenAI", ledger, "No stake is published by this day."
        )
    frame = pd.DataFrame(
        {"stage": [formats.day(d.date()) for d in stakes["end"]], "low": stakes["value"], "high": stakes["value"]}
    )
    frame["stage"] = (
        [("Before: " if i == 0 else "After: ") + s for i, s in enumerate(frame["stage"])]
        if len(frame) > 1
        else frame["stage"]
    )
    after = numbers.dilution(ledger)
    rounds = f.deal("openai-round-2026")
    if after["low"] == after["low"]:
        day = formats.day(rounds["as_of"].iloc[0].date())
        frame = pd.concat(
            [
                frame,
                pd.DataFrame({"stage": [f"After the round: {day}"], "low": [after["low"]], "high": [after["high"]]}),
            ]
        )
    frame["label"] = [formats.figure(None, "pct", a, b) for a, b in zip(frame["low"], frame["high"], strict=True)]
    order = frame["stage"].tolist()
    base = alt.Chart(round_values(frame)).encode(y=alt.Y("stage:N", sort=order, title=None))
    bars = base.mark_bar(height=24, color=BLUE).encode(
        x=alt.X("low:Q", title="per cent of OpenAI", scale=alt.Scale(domain=[0, 40]))
    )
    spread = base.mark_bar(height=24, color=BLUE, opacity=0.45).encode(x="low:Q", x2="high:Q")
    labels = base.mark_text(align="left", dx=6).encode(x="high:Q", text="label:N")
    first, last = frame.iloc[0], frame.iloc[-1]
    title = (
        f"Microsoft's share of OpenAI has gone from {first['label']} to {last['label']}"
        if len(frame) > 1
        else f"Microsoft owns {first['label']} of OpenAI"
    )
    return make_figure(
        bars + spread + labels,
        id="fig-microsoft-stake",
        title=title,
        subtitle="As-converted stake in per cent; the pale part is a range.",
        alt_text=title + ". " + "; ".join(f"{r.stage}, {r.label}" for r in frame.itertuples()) + ".",
        table=frame.rename(columns={"stage": "Stage", "low": "Low, %", "high": "High, %", "label": "As shown"}),
        ledger=ledger,
        rows=[stakes, rounds],
        note="After the round: low if Microsoft took no part, high if it put in all that no one else is known to have put in."
        if len(rounds)
        else "",
        height=46 * len(frame),
    )


def fig_microsoft_result(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Microsoft's result from OpenAI by quarter, before and after tax."""
    f = Facts(ledger, "microsoft", scenario)
    pretax = f.quarters("microsoft", "equity_method_result_openai_pretax").assign(line="before tax")
    net = f.quarters("microsoft", "equity_method_result_openai").assign(line="after tax")
    rows = pd.concat([pretax, net])
    if rows.empty:
        return empty_figure(
            "fig-microsoft-result",
            "Microsoft's result from OpenAI",
            ledger,
            "Microsoft has not itemised it by this day.",
        )
    frame = rows.assign(quarter=[f"{s:%b}–{e:%b %Y}" for s, e in zip(rows["start"], rows["end"], strict=True)])
    frame["label"] = [formats.amount(v, "usd_bn").replace("US$", "").replace("bn", "") for v in frame["value"]]
    order = frame.sort_values("end")["quarter"].drop_duplicates().tolist()
    base = alt.Chart(round_values(frame[["quarter", "line", "value", "label"]])).encode(
        y=alt.Y("quarter:N", sort=order, title=None), yOffset=alt.YOffset("line:N", sort=["before tax", "after tax"])
    )
    bars = base.mark_bar(height=16).encode(
        x=alt.X("value:Q", title="US$ bn", scale=alt.Scale(nice=True, padding=26)),
        color=alt.Color(
            "line:N", title=None, scale=alt.Scale(domain=["before tax", "after tax"], range=[BLUE, ORANGE])
        ),
    )
    left = base.transform_filter("datum.value < 0").mark_text(align="right", dx=-4).encode(x="value:Q", text="label:N")
    right = base.transform_filter("datum.value >= 0").mark_text(align="left", dx=4).encode(x="value:Q", text="label:N")
    last = net.tail(1) if len(net) else pretax.tail(1)
    words = formats.amount(abs(float(last["value"].iloc[0])), "usd_bn")
    when = numbers.quarter(last)
    title = (
        f"A gain on paper of {words} after tax ended the losses that Microsoft showed from OpenAI"
        if last["value"].iloc[0] > 0
        else f"Microsoft's part of OpenAI's losses reached {words} after tax in {when}"
    )
    return make_figure(
        bars + left + right,
        id="fig-microsoft-result",
        title=title,
        subtitle="Equity-method result from OpenAI by quarter, US$ bn. Quarters that Microsoft has not itemised are missing.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.quarter} {r.line} {r.label}" for r in frame.sort_values("end").itertuples())
        + ".",
        table=frame.sort_values("end")[["quarter", "line", "value", "basis"]].rename(
            columns={"quarter": "Quarter", "line": "Line", "value": "US$ bn", "basis": "Basis"}
        ),
        ledger=ledger,
        rows=[rows],
        note="The gain comes from new shares sold to others at a higher price; no cash reached Microsoft."
        if last["value"].iloc[0] > 0
        else "",
        height=64 * len(order),
    )


def fig_microsoft_implied_loss(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """OpenAI's quarterly loss by every pair of result and stake, beside what others derived."""
    f = Facts(ledger, "microsoft", scenario)
    results = {r.key.partition(".")[2]: r for r in numbers.result(ledger, scenario)}
    stakes = f.metric("microsoft", "stake_pct_of_openai")
    pre, net = results["loss_pretax"].value, results["loss_net"].value
    rows = []
    if len(stakes):
        for words, loss in (("Before tax", pre), ("After tax", net)):
            for label, stake in (("old stake", stakes["value"].iloc[0]), ("new stake", stakes["value"].iloc[-1])):
                if loss is not None:
                    rows.append(
                        (
                            f"{words}, {label} {formats.amount(stake, 'pct')}",
                            float(loss) / stake * 100,
                            "our arithmetic",
                        )
                    )
    if not rows:
        return empty_figure(
            "fig-microsoft-implied-loss",
            "The loss behind Microsoft's result",
            ledger,
            "No quarterly loss can be inferred by this day.",
        )
    quarter_end = pd.Timestamp("2025-09-30")
    theirs = f.metric("openai", "net_loss", basis="estimate", end=quarter_end)
    for r in theirs.itertuples():
        name = "Bernstein" if "pretax" in r.by else "Press"
        rows.append((f"{name}: as published", r.value, "published"))
    half = f.last("openai", "net_loss", basis="reported")
    if len(half):
        rows.append(("First half of 2025, per quarter", float(half["value"].iloc[0]) / 2, "reported by press"))
    frame = pd.DataFrame(rows, columns=["way", "value", "kind"]).sort_values("value", ignore_index=True)
    frame["label"] = [formats.rounded(v, 1) for v in frame["value"]]
    kinds = ["our arithmetic", "published", "reported by press"]
    base = alt.Chart(round_values(frame)).encode(y=alt.Y("way:N", sort=frame["way"].tolist(), title=None))
    here = [k for k in kinds if k in set(frame["kind"])]
    bars = base.mark_bar(height=18).encode(
        x=alt.X("value:Q", title="US$ bn, loss of the quarter", scale=padded_scale(frame["value"])),
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=here, range=[[BLUE, ORANGE, FAINT][kinds.index(k)] for k in here]),
        ),
    )
    labels = base.mark_text(align="left", dx=4).encode(x="value:Q", text="label:N")
    loss = results["implied_loss"]
    title = f"OpenAI lost {loss.text} in {results['loss_quarter'].value}, depending on which result and which stake you take"
    return make_figure(
        bars + labels,
        id="fig-microsoft-implied-loss",
        title=title,
        subtitle="Microsoft's part of the loss divided by its stake, US$ bn.",
        alt_text=title + ". " + "; ".join(f"{r.way}: {r.label}" for r in frame.itertuples()) + ".",
        table=frame[["way", "value", "kind"]].rename(columns={"way": "Way", "value": "US$ bn", "kind": "Kind"}),
        ledger=ledger,
        rows=[f.quarters("microsoft", "equity_method_result_openai_pretax"), stakes, theirs, half],
        note="The matching pairs are after tax with the new stake (press) and before tax with the old one (Bernstein).",
        height=32 * len(frame),
    )


def fig_microsoft_backlog(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Backlog by quarter, with OpenAI's part where it is published."""
    f = Facts(ledger, "microsoft", scenario)
    rpo = f.metric("microsoft", "rpo")
    if rpo.empty:
        return empty_figure(
            "fig-microsoft-backlog", "Microsoft's backlog", ledger, "No backlog is in the ledger by this day."
        )
    share = f.metric("microsoft", "openai_share_of_rpo").set_index("end")["value"]
    part = rpo["end"].map(share)
    frame = pd.DataFrame(
        {
            "quarter": rpo["end"].dt.strftime("%b %Y"),
            "OpenAI": rpo["value"] * part / 100,
            "all other customers": rpo["value"] * (1 - part / 100),
            "not split": rpo["value"].where(part.isna()),
        }
    )
    names = ["not split", "all other customers", "OpenAI"]
    long = frame.melt("quarter", value_vars=names, var_name="part", value_name="value").dropna()
    long["order"] = long["part"].map(names.index)
    here = [n for n in names if n in set(long["part"])]
    order = frame["quarter"].tolist()
    bars = (
        alt.Chart(round_values(long))
        .mark_bar()
        .encode(
            x=alt.X("quarter:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("value:Q", title="US$ bn"),
            color=alt.Color(
                "part:N",
                title=None,
                scale=alt.Scale(domain=here, range=[[FAINT, BLUE, ORANGE][names.index(n)] for n in here]),
            ),
            order="order:Q",
            tooltip=["quarter:N", "part:N", "value:Q"],
        )
    )
    sums = pd.DataFrame(
        {"quarter": order, "value": rpo["value"].to_numpy(), "label": [formats.rounded(v, 0) for v in rpo["value"]]}
    )
    labels = (
        alt.Chart(round_values(sums))
        .mark_text(dy=-8)
        .encode(x=alt.X("quarter:N", sort=order), y="value:Q", text="label:N")
    )
    known = {r.key.partition(".")[2]: r for r in numbers.backlog(ledger, scenario)}
    title = (
        f"OpenAI alone is {formats.amount(float(known['rpo_share'].value), 'pct')} of what customers have promised Microsoft"
        if known["has_share"].value
        else f"Microsoft's backlog stood at {known['rpo'].text} before the Azure contract entered it"
        if rpo["end"].iloc[-1] < pd.Timestamp("2025-10-28") and ledger.as_of >= pd.Timestamp("2025-10-28")
        else f"Microsoft's backlog stands at {known['rpo'].text}"
    )
    return make_figure(
        bars + labels,
        id="fig-microsoft-backlog",
        title=title,
        subtitle="Commercial remaining performance obligation at the end of each quarter, US$ bn.",
        alt_text=title + ". " + "; ".join(f"{q}: {v}" for q, v in zip(order, sums["label"], strict=True)) + ".",
        table=frame.assign(total=rpo["value"].to_numpy()).rename(
            columns={"quarter": "End of", "total": "Total, US$ bn"}
        ),
        ledger=ledger,
        rows=[rpo, f.metric("microsoft", "openai_share_of_rpo")],
        height=280,
    )


def _terms(f: Facts, which: str) -> dict[str, float]:
    kinds = ("compute", "chips", "lease", "equity", "debt", "other")
    return {k: getattr(f.choose[f"term_years.{k}"], which) for k in kinds}


def yearly_range(f: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """Amount a year under the scenario's choices: year, central, low, high (US$ bn), is_assumed (share 0 to 1).

    Low and high are the smallest and largest of that year over the low, central and high term and ramp.
    """
    ramp = f.choose["ramp"]
    central = obligations.by_year(rows, _terms(f, "central"), ramp.central)
    tried = [
        obligations.by_year(rows, _terms(f, term), r).groupby("year")["high"].sum()
        for term in ("low", "central", "high")
        for r in (ramp.low, ramp.central, ramp.high)
    ]
    wide = pd.concat(tried, axis=1).fillna(0.0)
    frame = pd.DataFrame({"low": wide.min(axis=1), "high": wide.max(axis=1)})
    frame.insert(0, "central", central.groupby("year")["high"].sum().reindex(frame.index, fill_value=0.0))
    frame["is_assumed"] = obligations.assumed_share(central).reindex(frame.index, fill_value=1.0)
    return frame.reset_index(names="year")


def fig_microsoft_azure_years(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """The Azure contract spread over years, with the range of the assumed terms."""
    f = Facts(ledger, "microsoft", scenario)
    rows = f.payments(payer="openai", payee="microsoft", kind="compute")
    total = counted.total(rows)
    if not total.high:
        return empty_figure(
            "fig-microsoft-azure-years",
            "Azure spending by year",
            ledger,
            "The size of the Azure contract is not known by this day.",
        )
    frame = yearly_range(f, rows)
    base = alt.Chart(round_values(frame)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    )
    bars = base.mark_bar(color=BLUE).encode(
        y=alt.Y("central:Q", title="US$ bn a year"), tooltip=["year:O", "central:Q", "low:Q", "high:Q"]
    )
    spread = base.mark_rule(color=INK, strokeWidth=1.5).encode(y="low:Q", y2="high:Q")
    caps = [
        base.mark_tick(color=INK, width=12, thickness=1.5, orient="horizontal").encode(y=f"{e}:Q")
        for e in ("low", "high")
    ]
    term = f.choose["term_years.compute"]
    per_year = formats.span(total.high / term.high, total.high / term.low, "usd_bn")
    title = f"{formats.amount(total.high, 'usd_bn')} of Azure means {per_year} a year on average, and no schedule is published"
    return make_figure(
        alt.layer(bars, spread, *caps),
        id="fig-microsoft-azure-years",
        title=title,
        subtitle="Contract amount by calendar year, US$ bn: bar with our central choice of term and ramp, line from the lowest to the highest.",
        alt_text=title
        + ". "
        + "; ".join(f"{int(r.year)}: {r.central:.0f}, from {r.low:.0f} to {r.high:.0f}" for r in frame.itertuples())
        + ".",
        table=frame.rename(
            columns={
                "year": "Year",
                "central": "Central, US$ bn",
                "low": "Low",
                "high": "High",
                "is_assumed": "Share on assumed dates",
            }
        ),
        ledger=ledger,
        rows=[rows],
        note="No schedule and no end date are published: every bar rests on an assumed term.",
        height=260,
    )


def fig_microsoft_return(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Money in, and what the stake is said to be worth."""
    f = Facts(ledger, "microsoft", scenario)
    funded, worth = f.last("microsoft", "invested_in_openai"), f.last("microsoft", "stake_value_openai")
    whole, rounds = f.deal("microsoft-openai-equity-total"), f.deal("openai-round-2026")
    rows = []
    if len(funded):
        rows.append(("Paid in", funded["value"].iloc[0], funded["value"].iloc[0], "money put in"))
    if len(whole):
        rows.append(("Committed", whole["low_usd_bn"].iloc[0], whole["high_usd_bn"].iloc[0], "money put in"))
    if len(worth):
        rows.append(("Stake, as the company put it", worth["value"].iloc[0], worth["value"].iloc[0], "value on paper"))
    after = numbers.dilution(ledger)
    if after["low"] == after["low"]:
        rows.append(
            (
                "Stake at the 2026 price",
                after["low"] * after["post"] / 100,
                after["high"] * after["post"] / 100,
                "value on paper",
            )
        )
    if not rows:
        return empty_figure("fig-microsoft-return", "Money in and value", ledger, "Neither is known by this day.")
    frame = pd.DataFrame(rows, columns=["what", "low", "high", "kind"])
    frame["label"] = [
        formats.figure(None, "usd_bn", a, b).replace("US$", "").replace("bn", "")
        for a, b in zip(frame["low"], frame["high"], strict=True)
    ]
    kinds = [k for k in ("money put in", "value on paper") if k in set(frame["kind"])]
    base = alt.Chart(round_values(frame)).encode(y=alt.Y("what:N", sort=frame["what"].tolist(), title=None))
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(
            domain=kinds,
            range=[GREEN, PINK][-len(kinds) :] if kinds == ["value on paper"] else [GREEN, PINK][: len(kinds)],
        ),
    )
    bars = base.mark_bar(height=22).encode(
        x=alt.X("low:Q", title="US$ bn", scale=padded_scale(frame["high"], 0.55)), color=colour
    )
    spread = base.mark_bar(height=22, opacity=0.45).encode(x="low:Q", x2="high:Q", color=colour)
    labels = base.mark_text(align="left", dx=6).encode(x="high:Q", text="label:N")
    multiple = {r.key: r for r in numbers.stake(ledger, scenario)}["microsoft.multiple"]
    times = (
        ""
        if multiple.low is None or multiple.high is None
        else formats.span(multiple.low, multiple.high, "x").rstrip("×")
    )
    title = (
        f"On paper Microsoft's stake is worth {times} times its money; none of it is cash"
        if times
        else "What Microsoft has put into OpenAI"
    )
    return make_figure(
        bars + spread + labels,
        id="fig-microsoft-return",
        title=title,
        subtitle="US$ bn; the pale part is a range.",
        alt_text=title + ". " + "; ".join(f"{r.what}: {r.label}" for r in frame.itertuples()) + ".",
        table=frame[["what", "low", "high", "kind"]].rename(
            columns={"what": "What", "low": "Low, US$ bn", "high": "High, US$ bn", "kind": "Kind"}
        ),
        ledger=ledger,
        rows=[funded, worth, whole, rounds],
        height=46 * len(frame),
    )
