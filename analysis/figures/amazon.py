"""Figures of the chapter on Amazon."""

from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd

from analysis.figures.figure import empty_figure, make_figure, padded_scale, round_values
from analysis.figures.palette import FAINT, INK, MUTED, colour_of
from analysis.ledger import Ledger
from analysis.models import compute
from analysis.models import deals as counted
from analysis.numbers import amazon as numbers
from analysis.numbers import formats, quantities
from analysis.numbers.facts import Facts
from analysis.numbers.results import Results

BLUE, GREEN, ORANGE, PINK = map(colour_of, ("orders", "customers", "equity", "debt"))

VENDORS = ["amazon", "nvidia", "google", "amd"]
VENDOR_COLOURS = [ORANGE, GREEN, BLUE, PINK]


def _words(ledger: Ledger, key: str, function: Callable[[Ledger], Results] = numbers.deal) -> str:
    return next(r for r in function(ledger) if r.key == f"amazon.{key}").text


def fig_amazon_growth(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """How the equity and the contract grew, statement by statement."""
    history = ledger.history["deals"]
    wanted = {"amazon-openai-equity": "Amazon invests (equity)", "openai-aws-compute": "OpenAI buys (AWS)"}
    known = history[history["deal"].isin(wanted)].sort_values("as_of", kind="stable")
    if known.empty:
        return empty_figure(
            "fig-amazon-growth", "The two sides of the deal", ledger, "Neither side is known by this day."
        )
    ends = counted.bounds(known)
    frame = pd.DataFrame(
        {
            "side": known["deal"].map(wanted),
            "day": known["as_of"],
            "low": ends["low"],
            "high": ends["high"],
            "status": known["status"],
        }
    )
    last = frame.groupby("side", sort=False).tail(1).assign(day=ledger.as_of)
    steps = pd.concat([frame, last]).sort_values(["side", "day"])
    names = [n for n in wanted.values() if n in set(frame["side"])]
    colour = alt.Color(
        "side:N",
        title=None,
        scale=alt.Scale(domain=names, range=[ORANGE, BLUE][: len(names)] if len(names) == 2 else [BLUE]),
    )
    left = min(frame["day"].min(), ledger.as_of - pd.Timedelta(days=30)) - pd.Timedelta(days=7)
    x = alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(domain=[f"{left:%Y-%m-%d}", f"{ledger.as_of + pd.Timedelta(days=6):%Y-%m-%d}"]),
        axis=alt.Axis(format="%b %Y", tickCount="month", labelOverlap=True),
    )
    base = alt.Chart(round_values(steps)).encode(x=x, color=colour)
    area = base.mark_area(interpolate="step-after", opacity=0.25).encode(y=alt.Y("low:Q", title="US$ bn"), y2="high:Q")
    line = base.mark_line(interpolate="step-after").encode(y="high:Q")
    floor = base.mark_line(interpolate="step-after", strokeDash=[4, 3], strokeWidth=1.5).encode(y="low:Q")
    dots = (
        alt.Chart(round_values(frame))
        .mark_point()
        .encode(
            x=x,
            y="high:Q",
            color=colour,
            shape=alt.Shape("status:N", title=None),
            tooltip=["day:T", "side:N", "low:Q", "high:Q", "status:N"],
        )
    )
    first, total = (
        ends["low"][known["deal"] == "openai-aws-compute"].iloc[i]
        if (known["deal"] == "openai-aws-compute").any()
        else np.nan
        for i in (0, -1)
    )
    equity = frame[frame["side"] == names[0]] if names[0].startswith("Amazon") else frame.head(0)
    grew = len(equity) > 0 and total > first
    title = (
        f"Talk of about {formats.amount(equity['high'].iloc[0], 'usd_bn')} became {formats.amount(equity['high'].iloc[-1], 'usd_bn')}, and "
        f"{formats.amount(first, 'usd_bn')} of orders became {formats.amount(total, 'usd_bn')}"
        if grew
        else f"OpenAI had ordered {formats.amount(total, 'usd_bn')} from AWS before Amazon was reported to invest about {formats.amount(equity['high'].iloc[-1], 'usd_bn')}"
        if len(equity) and total == total
        else f"OpenAI has ordered {formats.amount(total, 'usd_bn')} from AWS; no investment is known"
    )
    return make_figure(
        area + line + floor + dots,
        id="fig-amazon-growth",
        title=title,
        subtitle="As known on each day, US$ bn. Line: the most that was stated; dashes: the firm part; shade: what hangs on conditions.",
        alt_text=title
        + ". "
        + "; ".join(
            f"{formats.day(r.day.date())}, {r.side}: {r.low:g} to {r.high:g}, {r.status}" for r in frame.itertuples()
        )
        + ".",
        table=frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d")).rename(
            columns={"side": "Side", "day": "Day", "low": "Low, US$ bn", "high": "High, US$ bn", "status": "Status"}
        ),
        ledger=ledger,
        rows=[known],
        note="The AWS contract runs for years; the equity is a one-time payment. They are not yearly figures.",
        height=280,
    )


def fig_amazon_in_out(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Equity in against spend back by year."""
    f = Facts(ledger, "amazon", scenario)
    equity, aws = f.deal("amazon-openai-equity"), f.deal("openai-aws-compute")
    parts = []
    for name, rows in (("Amazon to OpenAI: equity", equity), ("OpenAI to Amazon: AWS", aws)):
        if len(rows) and counted.total(rows).high:
            parts.append(quantities.yearly_range(f, rows).assign(side=name))
    if not parts:
        return empty_figure("fig-amazon-in-out", "Money in and money back", ledger, "No amounts are known by this day.")
    frame = pd.concat(parts, ignore_index=True)
    frame = frame[frame["high"] > 0.005]
    names = list(dict.fromkeys(frame["side"]))
    colour = alt.Color(
        "side:N", title=None, scale=alt.Scale(domain=names, range=[{"A": ORANGE, "O": BLUE}[n[0]] for n in names])
    )
    base = alt.Chart(round_values(frame)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        xOffset=alt.XOffset("side:N", sort=names),
        tooltip=["year:O", "side:N", "central:Q", "low:Q", "high:Q"],
    )
    bars = base.mark_bar().encode(y=alt.Y("central:Q", title="US$ bn"), color=colour)
    spread = base.mark_rule(color=INK, strokeWidth=1.2).encode(y="low:Q", y2="high:Q")
    put, back = counted.total(equity), counted.total(aws)
    title = (
        f"At most {formats.amount(put.high, 'usd_bn')} {'goes' if equity['status'].iloc[0] != 'reported' else 'would go'} in; {formats.amount(back.high, 'usd_bn')} comes back over the years to {aws['end'].dt.year.iloc[0]}"
        if len(aws) and len(equity) and aws["end"].notna().all()
        else f"{formats.amount(back.high, 'usd_bn')} of orders, and no investment yet"
    )
    return make_figure(
        bars + spread,
        id="fig-amazon-in-out",
        title=title,
        subtitle="By calendar year, US$ bn: bar with our central choices, line over all of them. Equity counts its conditional part.",
        alt_text=title + ". " + "; ".join(f"{int(r.year)} {r.side} {r.central:.1f}" for r in frame.itertuples()) + ".",
        table=frame[["side", "year", "central", "low", "high", "is_assumed"]].rename(
            columns={
                "side": "Side",
                "year": "Year",
                "central": "Central, US$ bn",
                "low": "Low",
                "high": "High",
                "is_assumed": "Share on assumed dates",
            }
        ),
        ledger=ledger,
        rows=[equity, aws],
        note="The contract's start and end are published; how fast the spending grows is our choice.",
        height=260,
    )


def fig_amazon_price(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """List price of a peak PFLOP-hour, capacity blocks."""
    blocks = numbers.newest_block_offers(ledger)
    # One offer a chip: the cheapest of its newest prices, so that two sizes of a machine do not count twice.
    blocks = blocks[blocks["fp8"].notna()].sort_values("fp8").drop_duplicates("chip")
    if blocks.empty:
        return empty_figure(
            "fig-amazon-price",
            "List price of computing",
            ledger,
            "No list prices of capacity blocks are in the ledger by this day.",
        )
    long = blocks.melt(
        ["chip", "vendor", "as_of"], value_vars=["fp8", "bf16"], var_name="format", value_name="cost"
    ).dropna()
    long["format"] = long["format"].map({"fp8": "FP8", "bf16": "BF16"})
    long["label"] = [formats.amount(v, "usd") for v in long["cost"]]
    order = blocks["chip"].tolist()
    base = alt.Chart(round_values(long)).encode(
        y=alt.Y("chip:N", sort=order, title=None), yOffset=alt.YOffset("format:N", sort=["FP8", "BF16"])
    )
    bars = base.mark_bar(height=13).encode(
        x=alt.X("cost:Q", title="US$ per dense PFLOP-hour", scale=padded_scale(long["cost"])),
        color=alt.Color("format:N", title=None, scale=alt.Scale(domain=["FP8", "BF16"], range=[BLUE, FAINT])),
    )
    labels = base.mark_text(align="left", dx=4, fontSize=11).encode(x="cost:Q", text="label:N")
    best, has = blocks.iloc[0], {r.key: r for r in numbers.chip_price(ledger)}
    sure = has["amazon.has_pair"].value
    title = (
        f"At list price Trainium2 gives {formats.rounded(float(has['amazon.advantage_fp8'].value), 0)}% more peak FP8 for a dollar than an H100"
        if sure and float(has["amazon.advantage_fp8"].value) > 0
        else f"{best['chip']} is the cheapest peak FP8 among the list prices known, at {formats.amount(best['fp8'], 'usd')}"
    )
    newest, oldest = blocks["as_of"].max(), blocks["as_of"].min()
    span = f"{newest:%B %Y}" if f"{newest:%Y%m}" == f"{oldest:%Y%m}" else f"{oldest:%B %Y} to {newest:%B %Y}"
    return make_figure(
        bars + labels,
        id="fig-amazon-price",
        title=title,
        subtitle=f"List price of AWS capacity blocks per dense PFLOP-hour, US$; newest price of each chip, {span}.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.chip} FP8 {formats.amount(r.fp8, 'usd')}" for r in blocks.itertuples())
        + ".",
        table=blocks[["chip", "instance", "region", "as_of", "usd_per_chip_hour", "fp8", "bf16", "tbps"]]
        .assign(as_of=blocks["as_of"].dt.strftime("%Y-%m-%d"))
        .rename(
            columns={
                "chip": "Chip",
                "instance": "Instance",
                "region": "Region",
                "as_of": "Price of",
                "usd_per_chip_hour": "US$ per chip-hour",
                "fp8": "US$ per FP8 PFLOP-hour",
                "bf16": "US$ per BF16 PFLOP-hour",
                "tbps": "US$ per TB/s-hour",
            }
        ),
        ledger=ledger,
        rows=[blocks],
        note="Peak rates, not delivered performance; large customers pay less than list. No on-demand price of Trainium2 is in the ledger, so on demand cannot be compared.",
        height=44 * len(blocks),
    )


def fig_amazon_chips(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Peak rate against memory bandwidth, by vendor."""
    chips = ledger.chips.dropna(subset=["fp8_dense_pflops", "hbm_tbps"])
    chips = chips[chips["vendor"].isin(VENDORS)]
    if chips.empty:
        return empty_figure(
            "fig-amazon-chips", "Trainium and its rivals", ledger, "No chips are in the ledger by this day."
        )
    frame = chips.assign(maker=chips["vendor"].map(ledger.name))
    names = [ledger.name(v) for v in VENDORS if v in set(frame["vendor"])]
    palette = [c for v, c in zip(VENDORS, VENDOR_COLOURS, strict=True) if v in set(frame["vendor"])]
    # Chips that stand at the same point share one label.
    spot = ["hbm_tbps", "fp8_dense_pflops"]
    together = frame.groupby(spot)["chip"].transform(", ".join)
    frame["label"] = together.where(~frame.duplicated(spot), "")
    frame["side"] = np.where(frame["vendor"] == "amazon", "below", "above")
    base = alt.Chart(
        round_values(frame[["chip", "maker", "label", "side", "hbm_tbps", "fp8_dense_pflops", "hbm_gb", "tdp_w"]])
    ).encode(
        x=alt.X("hbm_tbps:Q", title="memory bandwidth, TB/s", scale=padded_scale(frame["hbm_tbps"], 0.35)),
        y=alt.Y("fp8_dense_pflops:Q", title="dense FP8 PFLOPS", scale=padded_scale(frame["fp8_dense_pflops"], 0.15)),
    )
    dots = base.mark_point(size=110).encode(
        color=alt.Color("maker:N", title=None, scale=alt.Scale(domain=names, range=palette)),
        shape=alt.Shape("maker:N", title=None, scale=alt.Scale(domain=names)),
        tooltip=["chip:N", "fp8_dense_pflops:Q", "hbm_tbps:Q", "hbm_gb:Q", "tdp_w:Q"],
    )
    above = (
        base.transform_filter("datum.side == 'above'")
        .mark_text(align="left", dx=8, dy=-7, fontSize=11)
        .encode(text="label:N")
    )
    below = (
        base.transform_filter("datum.side == 'below'")
        .mark_text(align="left", dx=8, dy=11, fontSize=11, fontWeight="bold")
        .encode(text="label:N")
    )
    # On a phone there is room for Amazon's own chips and the yardstick only; the rest stand in the table.
    few = (
        base.transform_filter(f"datum.chip == '{numbers.RIVAL}'")
        .mark_text(align="right", dx=-8, fontSize=11)
        .encode(text="chip:N")
    )
    labels = above.properties(name="wide_rivals") + below + few.properties(name="narrow_yardstick")
    ours = frame[frame["vendor"] == "amazon"].sort_values(["year", "chip"]).tail(1)
    top = frame.loc[frame["fp8_dense_pflops"].idxmax()]
    title = (
        f"A {ours['chip'].iloc[0]} has {formats.rounded(100 * ours['fp8_dense_pflops'].iloc[0] / top['fp8_dense_pflops'], 0)}% of the peak and "
        f"{formats.rounded(100 * ours['hbm_tbps'].iloc[0] / top['hbm_tbps'], 0)}% of the bandwidth of the fastest rival"
        if len(ours)
        else f"{top['chip']} has the highest peak of the chips here"
    )
    return make_figure(
        dots + labels,
        id="fig-amazon-chips",
        title=title,
        subtitle="Per chip: dense FP8 peak and memory bandwidth, as published. Power stands in the data where it is published.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.chip}: {r.fp8_dense_pflops:g} PFLOPS, {r.hbm_tbps:g} TB/s" for r in frame.itertuples())
        + ".",
        table=frame[
            ["chip", "maker", "year", "fp8_dense_pflops", "bf16_dense_pflops", "hbm_gb", "hbm_tbps", "tdp_w"]
        ].rename(
            columns={
                "chip": "Chip",
                "maker": "Vendor",
                "year": "Year",
                "fp8_dense_pflops": "FP8 dense, PFLOPS",
                "bf16_dense_pflops": "BF16 dense, PFLOPS",
                "hbm_gb": "Memory, GB",
                "hbm_tbps": "Bandwidth, TB/s",
                "tdp_w": "Power, W",
            }
        ),
        ledger=ledger,
        rows=[chips],
        note="Amazon publishes no power for Trainium. A chip is not a system: rivals sell racks of different sizes.",
        height=320,
    )


def fig_amazon_break_even(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """How well Trainium2 must be used, relative to each rival, to cost the same."""
    blocks = numbers.newest_block_offers(ledger)
    blocks = blocks.sort_values("fp8").drop_duplicates("chip")
    ours = blocks[blocks["chip"] == numbers.OFFER]
    rivals = blocks[~blocks["chip"].str.startswith("Trainium")]
    rows = [
        (
            f"{r.chip}, {words}",
            100 * compute.break_even_utilisation(getattr(ours.iloc[0], name), getattr(r, name)),
            words,
        )
        for r in rivals.itertuples()
        for name, words in (("fp8", "FP8"), ("bf16", "BF16"))
        if len(ours) and getattr(r, name) == getattr(r, name)
    ]
    if not rows:
        return empty_figure(
            "fig-amazon-break-even",
            "Break-even utilisation of Trainium2",
            ledger,
            "No list prices of Trainium2 and a rival are in the ledger by this day.",
        )
    frame = pd.DataFrame(rows, columns=["rival", "share", "format"]).sort_values("share", ignore_index=True)
    f = Facts(ledger, "amazon", scenario)
    claim = [f.last("amazon", f"trainium_price_performance_advantage_{e}") for e in ("low", "high")]
    frame["label"] = [f"{formats.rounded(v, 0)}%" for v in frame["share"]]
    base = alt.Chart(round_values(frame)).encode(y=alt.Y("rival:N", sort=frame["rival"].tolist(), title=None))
    bars = base.mark_bar(height=16).encode(
        x=alt.X(
            "share:Q",
            title="Trainium2's utilisation, per cent of the rival's",
            scale=alt.Scale(domain=[0, max(125, frame["share"].max() * 1.1)]),
        ),
        color=alt.Color("format:N", title=None, scale=alt.Scale(domain=["FP8", "BF16"], range=[BLUE, FAINT])),
    )
    labels = base.mark_text(align="left", dx=4).encode(x="share:Q", text="label:N")
    layers = [bars, labels]
    lines = pd.DataFrame({"x": [100.0], "words": ["same utilisation"]})
    if len(claim[0]) and len(claim[1]):
        band = pd.DataFrame(
            {
                "low": [100 / (1 + claim[1]["value"].iloc[0] / 100)],
                "high": [100 / (1 + claim[0]["value"].iloc[0] / 100)],
            }
        )
        layers.insert(
            0, alt.Chart(round_values(band)).mark_rect(color=ORANGE, opacity=0.3).encode(x="low:Q", x2="high:Q")
        )
    layers.append(alt.Chart(lines).mark_rule(strokeDash=[4, 3], color=MUTED).encode(x="x:Q"))
    h100 = frame[frame["rival"] == f"{numbers.RIVAL}, FP8"]
    title = (
        f"Trainium2 breaks even with an {numbers.RIVAL} if it is used {h100['label'].iloc[0].rstrip('%')}% as well"
        if len(h100)
        else f"Trainium2 breaks even with a {frame['rival'].iloc[0].split(',')[0]} if it is used {frame['label'].iloc[0]} as well"
    )
    return make_figure(
        alt.layer(*layers),
        id="fig-amazon-break-even",
        title=title,
        subtitle="Utilisation of Trainium2 at which it costs the same as each rival, per cent of the rival's; capacity blocks, dense peak rates.",
        alt_text=title + ". " + "; ".join(f"{r.rival}: {r.label}" for r in frame.itertuples()) + ".",
        table=frame[["rival", "share"]].rename(
            columns={"rival": "Rival and format", "share": "Break-even, % of the rival's utilisation"}
        ),
        ledger=ledger,
        rows=[blocks, *claim],
        note="Shade: where break-even would lie if Amazon's claim of better price-performance held at equal utilisation. Dashes: equal utilisation."
        if len(claim[0])
        else "Dashes: equal utilisation.",
        height=30 * len(frame),
    )


def fig_amazon_chip_count(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Chips that the contracted capacity feeds, by assumed power and overhead."""
    f = Facts(ledger, "amazon", scenario)
    aws = f.deal("openai-aws-compute")
    gw = float(aws["gw"].iloc[0]) if len(aws) else np.nan
    if np.isnan(gw):
        return empty_figure(
            "fig-amazon-chip-count", "Chips in the contract", ledger, "The contract names no capacity by this day."
        )
    watts, over = f.choose["trainium_watts"], f.choose["power_overhead"]
    frame = pd.DataFrame(
        [(f"{w:,.0f} W a chip", f"overhead {o:g}", compute.chips_in(gw, w, o) / 1e6) for w in watts for o in over],
        columns=["watts", "overhead", "chips"],
    )
    frame["label"] = [formats.rounded(v, 1) for v in frame["chips"]]
    base = alt.Chart(round_values(frame)).encode(
        y=alt.Y("watts:N", sort=list(dict.fromkeys(frame["watts"])), title=None),
        yOffset=alt.YOffset("overhead:N", sort=list(dict.fromkeys(frame["overhead"]))),
    )
    bars = base.mark_bar(height=15).encode(
        x=alt.X("chips:Q", title="million chips", scale=padded_scale(frame["chips"])),
        color=alt.Color(
            "overhead:N",
            title=None,
            scale=alt.Scale(domain=list(dict.fromkeys(frame["overhead"])), range=[ORANGE, BLUE, FAINT]),
        ),
    )
    labels = base.mark_text(align="left", dx=4).encode(x="chips:Q", text="label:N")
    title = f"{formats.amount(gw, 'gw')} feeds between {formats.rounded(frame['chips'].min(), 1)} and {formats.rounded(frame['chips'].max(), 1)} million Trainium chips; Amazon does not say"
    return make_figure(
        bars + labels,
        id="fig-amazon-chip-count",
        title=title,
        subtitle="Capacity over power of a chip times overhead of the site, million chips. Power and overhead are our choices.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.watts}, {r.overhead}: {r.label} million" for r in frame.itertuples())
        + ".",
        table=frame[["watts", "overhead", "chips"]].rename(
            columns={"watts": "Power", "overhead": "Overhead", "chips": "Million chips"}
        ),
        ledger=ledger,
        rows=[aws],
        height=190,
    )


def fig_amazon_sales(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Sales whose fees would pay for a year of the AWS contract, by fee."""
    f = Facts(ledger, "amazon", scenario)
    aws, fee = f.deal("openai-aws-compute"), f.last("openai", "instant_checkout_take_rate")
    per_year = next(r for r in numbers.deal(ledger) if r.key == "amazon.aws_per_year").value
    if per_year is None:
        return empty_figure(
            "fig-amazon-sales",
            "Sales that would pay for AWS",
            ledger,
            "No yearly amount of the contract is known by this day.",
        )
    low, high = f.choose["merchant_fee"].low, f.choose["merchant_fee"].high
    rates = np.linspace(low, high, 40)
    frame = pd.DataFrame({"fee": 100 * rates, "sales": float(per_year) / rates})
    line = (
        alt.Chart(round_values(frame))
        .mark_line()
        .encode(
            x=alt.X("fee:Q", title="fee, per cent of sales"),
            y=alt.Y(
                "sales:Q",
                title="sales a year, US$ bn",
                scale=alt.Scale(domain=[0, float(frame["sales"].max()) * 1.05], nice=False),
            ),
        )
    )
    layers = [line]
    if len(fee):
        rate = float(fee["value"].iloc[0])
        point = pd.DataFrame({"fee": [rate], "sales": [float(per_year) / rate * 100]})
        point["label"] = [
            f"{formats.amount(rate, 'pct')}: {formats.amount(round(point['sales'][0]), 'usd_bn')} of sales"
        ]
        marks = alt.Chart(round_values(point)).encode(x="fee:Q", y="sales:Q")
        layers += [
            marks.mark_point(size=120, color=ORANGE),
            marks.mark_text(align="left", dx=10, dy=-8, fontWeight="bold").encode(text="label:N"),
        ]
        title = f"At a fee of {formats.amount(rate, 'pct')} it takes {formats.amount(round(point['sales'][0]), 'usd_bn')} of sales a year to pay for one year of AWS"
    else:
        title = f"It takes {formats.span(round(frame['sales'].min()), round(frame['sales'].max()), 'usd_bn')} of sales a year to pay for one year of AWS, depending on the fee"
    return make_figure(
        alt.layer(*layers),
        id="fig-amazon-sales",
        title=title,
        subtitle=f"Sales in the chat whose fees equal an average year of the contract ({formats.amount(float(per_year), 'usd_bn')}), US$ bn, by fee.",
        alt_text=title
        + f". The curve falls from {frame['sales'].max():.0f} at {100 * low:g}% to {frame['sales'].min():.0f} at {100 * high:g}%.",
        table=frame.iloc[::3].rename(columns={"fee": "Fee, %", "sales": "Sales, US$ bn a year"}),
        ledger=ledger,
        rows=[aws, fee],
        note="Sales made in the chat so far are not published.",
        height=260,
    )


def fig_amazon_control(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Equity against orders for both labs and their partners."""
    f = Facts(ledger, "amazon", scenario)
    rows, used = [], []
    for lab in ("openai", "anthropic"):
        for partner in ("amazon", "microsoft", "nvidia"):
            put = f.payments(payer=partner, payee=lab, kind="equity")
            back = f.payments(payer=lab, payee=partner, kind=("compute", "chips"))
            if put.empty and back.empty:
                continue
            used += [put, back]
            name = f"{ledger.name(partner)} and {ledger.name(lab)}"
            for side, part in (("equity in", put), ("orders back", back)):
                total = counted.total(part)
                known = total.deals > total.undisclosed
                rows.append(
                    (
                        name,
                        side,
                        total.high,
                        formats.figure(
                            None, "usd_bn", total.low if known else None, total.high if known else None, total.is_open
                        )
                        if total.deals
                        else "none",
                    )
                )
    if not rows:
        return empty_figure(
            "fig-amazon-control", "OpenAI and Anthropic", ledger, "Neither lab has a known deal by this day."
        )
    frame = pd.DataFrame(rows, columns=["pair", "side", "high", "label"])
    frame["label"] = frame["label"].replace({formats.UNKNOWN: "amount not published"})
    order = list(dict.fromkeys(frame["pair"]))
    base = alt.Chart(round_values(frame)).encode(
        y=alt.Y("pair:N", sort=order, title=None), yOffset=alt.YOffset("side:N", sort=["equity in", "orders back"])
    )
    bars = base.mark_bar(height=13).encode(
        x=alt.X("high:Q", title="US$ bn", scale=padded_scale(frame["high"], 0.35)),
        color=alt.Color(
            "side:N", title=None, scale=alt.Scale(domain=["equity in", "orders back"], range=[ORANGE, BLUE])
        ),
    )
    labels = base.mark_text(align="left", dx=4, fontSize=11).encode(x="high:Q", text="label:N")
    priced = frame[frame["high"] > 0].groupby("pair")["side"].nunique().eq(2).sum()
    title = (
        f"In {priced} of {len(order)} pairs a supplier's equity stands beside orders with a price, at OpenAI and at Anthropic"
        if "Anthropic" in " ".join(order) and priced
        else "Suppliers' equity beside OpenAI's orders"
    )
    return make_figure(
        bars + labels,
        id="fig-amazon-control",
        title=title,
        subtitle="Equity the partner puts in and orders the lab has placed, US$ bn over the life of the deals; high ends.",
        alt_text=title + ". " + "; ".join(f"{r.pair}, {r.side}: {r.label}" for r in frame.itertuples()) + ".",
        table=frame[["pair", "side", "high", "label"]].rename(
            columns={"pair": "Pair", "side": "Side", "high": "High, US$ bn", "label": "As known"}
        ),
        ledger=ledger,
        rows=used,
        note="Orders of Anthropic at Amazon have no published amount; a missing bar is not a zero.",
        height=48 * len(order),
    )
