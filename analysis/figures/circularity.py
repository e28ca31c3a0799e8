"""Figures of the chapter on circularity."""

import altair as alt
import pandas as pd

from analysis.figures.figure import empty_figure, make_figure, padded_scale, round_values
from analysis.figures.palette import FAINT, colour_of
from analysis.ledger import Ledger
from analysis.models.network import VARIANTS, measures
from analysis.numbers import circularity as numbers
from analysis.numbers import formats
from analysis.numbers.facts import Facts

BLUE, GREEN, ORANGE, PINK = map(colour_of, ("orders", "customers", "equity", "debt"))

MEASURES = {"maximum": "can go round", "forwarding": "goes round in proportion", "finn": "Finn's cycling index"}
COLOURS = {"can go round": BLUE, "goes round in proportion": ORANGE, "Finn's cycling index": GREEN}


def _deals(ledger: Ledger, scenario: str) -> pd.DataFrame:
    rows = Facts(ledger, "circularity", scenario).payments()
    return rows[rows["scope"].isin(["openai", "chain"])]


def _measure_colour(names: list[str]) -> alt.Color:
    return alt.Color("measure:N", title=None, scale=alt.Scale(domain=names, range=[COLOURS[n] for n in names]))


def fig_circularity_years(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Share of each year's payments that can go round."""
    table = numbers.by_year(ledger, scenario)
    table = table[table["total"] > 0]
    if table.empty:
        return empty_figure(
            "fig-circularity-years",
            "How circular each year is",
            ledger,
            "No payment between the parties is known by this day.",
        )
    frame = table.assign(
        share=100 * table["maximum"], label=[f"{formats.rounded(100 * v, 0)}%" for v in table["maximum"]]
    )
    base = alt.Chart(round_values(frame[["year", "share", "label", "total"]])).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    )
    bars = base.mark_bar(color=BLUE).encode(
        y=alt.Y("share:Q", title="per cent of the year's payments", scale=padded_scale(frame["share"], 0.15)),
        tooltip=["year:O", "share:Q", "total:Q"],
    )
    labels = base.mark_text(dy=-8).encode(y="share:Q", text="label:N")
    top = frame.loc[frame["share"].idxmax()]
    tail = frame[frame["year"] >= ledger.as_of.year + 3]
    title = (
        f"The circle turns in {int(top['year'])}, when {top['label']} of the money can go round; from {int(tail['year'].iloc[0])} on almost none does"
        if len(tail) and tail["share"].max() < 5 < top["share"]
        else f"In {int(top['year'])} up to {top['label']} of the money between the parties can go round"
    )
    return make_figure(
        bars + labels,
        id="fig-circularity-years",
        title=title,
        subtitle="Maximum circulation of each calendar year's payments between the parties, per cent of them.",
        alt_text=title + ". " + "; ".join(f"{int(r.year)}: {r.label}" for r in frame.itertuples()) + ".",
        table=table.rename(
            columns={
                "year": "Year",
                "total": "Payments, US$ bn",
                "maximum": "Can go round",
                "forwarding": "In proportion",
                "finn": "Finn",
                "outside": "Outside money, US$ bn",
            }
        ),
        ledger=ledger,
        rows=[_deals(ledger, scenario)],
        note="Equity is paid once and early, orders over years: what falls into which year rests on our spreading.",
        height=260,
    )


def fig_circularity_vintages(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """The three measures as they stood on each day on which the network changed."""
    history = ledger.history["deals"]
    since = pd.Timestamp("2025-06-01")
    days = sorted(
        {d for d in history[history["scope"].isin(["openai", "chain"])]["as_of"] if d >= since} | {ledger.as_of}
    )
    rows = []
    for day in [*days[:: max(1, len(days) // 24)], ledger.as_of]:
        table = measures(numbers.network_edges(ledger.at(day.date()), scenario))
        rows += [(day, words, 100 * table[name]) for name, words in MEASURES.items()]
    frame = pd.DataFrame(rows, columns=["day", "measure", "share"]).drop_duplicates(["day", "measure"])
    if frame["share"].max() == 0:
        return empty_figure(
            "fig-circularity-vintages", "How circular it was known to be", ledger, "No loop is known by this day."
        )
    names = list(MEASURES.values())
    base = alt.Chart(round_values(frame)).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, labelOverlap=True)),
        y=alt.Y("share:Q", title="per cent", scale=padded_scale(frame["share"], 0.1)),
        color=_measure_colour(names),
        strokeDash=alt.StrokeDash(
            "measure:N", title=None, scale=alt.Scale(domain=names, range=[[1, 0], [6, 3], [2, 2]])
        ),
    )
    top = frame[frame["measure"] == names[0]]
    first, last = top["share"].iloc[0], top["share"].iloc[-1]
    title = (
        f"The part that can go round has risen from {formats.rounded(first, 0)} to {formats.rounded(last, 0)}% since {top['day'].iloc[0]:%B %Y}"
        if last > first + 1
        else f"The part that can go round has fallen from {formats.rounded(first, 0)} to {formats.rounded(last, 0)}% since {top['day'].iloc[0]:%B %Y}"
        if last < first - 1
        else f"The part that can go round has stayed near {formats.rounded(last, 0)}% since {top['day'].iloc[0]:%B %Y}"
    )
    return make_figure(
        base.mark_line(interpolate="step-after"),
        id="fig-circularity-vintages",
        title=title,
        subtitle="Three measures of the payments between the parties, as known on each day, per cent.",
        alt_text=title
        + ". On the last day: "
        + "; ".join(f"{m} {frame[frame['measure'] == m]['share'].iloc[-1]:.0f}%" for m in names)
        + ".",
        table=frame.pivot(index="day", columns="measure", values="share")
        .reset_index()
        .assign(day=lambda t: t["day"].dt.strftime("%Y-%m-%d"))[["day", *names]]
        .rename(columns={"day": "Day"}),
        ledger=ledger,
        rows=[_deals(ledger, scenario)],
        height=260,
    )


def fig_circularity_partners(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Round trip by partner: money in against orders back."""
    table = numbers.partners(ledger, scenario)
    table = table[(table["put_in"] > 0) | (table["paid_back"] > 0) | (table["unpriced"] > 0)]
    if table.empty:
        return empty_figure(
            "fig-circularity-partners", "Round trip by partner", ledger, "No deal is known by this day."
        )
    long = table.melt(["name", "unpriced"], value_vars=["put_in", "paid_back"], var_name="side", value_name="value")
    long["side"] = long["side"].map({"put_in": "into OpenAI", "paid_back": "orders back"})
    long["label"] = [
        formats.rounded(v, 1) if v else ("no price" if u and s == "orders back" else "")
        for v, u, s in zip(long["value"], long["unpriced"], long["side"], strict=True)
    ]
    order = (
        table.assign(size=table["put_in"] + table["paid_back"]).sort_values("size", ascending=False)["name"].tolist()
    )
    base = alt.Chart(round_values(long)).encode(
        y=alt.Y("name:N", sort=order, title=None), yOffset=alt.YOffset("side:N", sort=["into OpenAI", "orders back"])
    )
    bars = base.mark_bar(height=12).encode(
        x=alt.X("value:Q", title="US$ bn", scale=padded_scale(long["value"])),
        color=alt.Color(
            "side:N", title=None, scale=alt.Scale(domain=["into OpenAI", "orders back"], range=[ORANGE, BLUE])
        ),
    )
    labels = base.mark_text(align="left", dx=4, fontSize=11).encode(x="value:Q", text="label:N")
    both = table[(table["put_in"] > 0) & (table["paid_back"] > 0)]
    title = (
        f"Money goes both ways between OpenAI and {len(both)} of {len(table)} partners"
        if len(both)
        else "No partner has money both ways"
    )
    return make_figure(
        bars + labels,
        id="fig-circularity-partners",
        title=title,
        subtitle="Equity a partner puts in and orders it is to get back, US$ bn over the life of the deals, high ends.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.name}: in {r.put_in:.4g}, back {r.paid_back:.4g}" for r in table.itertuples(index=False))
        + ".",
        table=table[
            ["name", "put_in", "paid_back", "returned", "orders_per_dollar", "orders_per_dollar_today", "unpriced"]
        ].rename(
            columns={
                "name": "Partner",
                "put_in": "Into OpenAI, US$ bn",
                "paid_back": "Orders back, US$ bn",
                "returned": "Share returned",
                "orders_per_dollar": "Orders per dollar",
                "orders_per_dollar_today": "Discounted",
                "unpriced": "Deals without a price",
            }
        ),
        ledger=ledger,
        rows=[Facts(ledger, "circularity", scenario).payments(scope="openai")],
        note="A missing bar is not a zero where the table counts deals without a price.",
        height=44 * len(table),
    )


def fig_circularity_loops(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """The widest loops by their smallest payment."""
    table = numbers.loops(ledger, scenario).head(8)
    if table.empty:
        return empty_figure("fig-circularity-loops", "The loops", ledger, "No loop is known by this day.")
    short = {"SoftBank Group": "SoftBank"}
    frame = pd.DataFrame(
        {
            "loop": [" → ".join(short.get(ledger.name(p), ledger.name(p)) for p in r) for r in table["parties"]],
            "value": table["bottleneck"],
            "length": table["length"],
            "total": table["total"],
        }
    )
    frame["label"] = [formats.rounded(v, 2) for v in frame["value"]]
    kinds = ["two parties", "three or more"]
    frame["kind"] = ["two parties" if n == 2 else "three or more" for n in frame["length"]]
    base = alt.Chart(round_values(frame)).encode(
        y=alt.Y("loop:N", sort=frame["loop"].tolist(), title=None, axis=alt.Axis(labelLimit=260))
    )
    here = [k for k in kinds if k in set(frame["kind"])]
    bars = base.mark_bar(height=18).encode(
        x=alt.X("value:Q", title="US$ bn", scale=padded_scale(frame["value"])),
        color=alt.Color(
            "kind:N", title=None, scale=alt.Scale(domain=here, range=[BLUE if k == kinds[0] else PINK for k in here])
        ),
    )
    labels = base.mark_text(align="left", dx=4).encode(x="value:Q", text="label:N")
    longest = frame[frame["kind"] == kinds[1]]
    title = (
        f"The widest loop, {frame['loop'].iloc[0]} and back, can carry {formats.amount(frame['value'].iloc[0], 'usd_bn')}"
        + (f"; the widest of three, {formats.amount(longest['value'].iloc[0], 'usd_bn')}" if len(longest) else "")
    )
    return make_figure(
        bars + labels,
        id="fig-circularity-loops",
        title=title,
        subtitle="Loops of two to five parties by their smallest payment, which limits what can go round; US$ bn over the life of the deals.",
        alt_text=title + ". " + "; ".join(f"{r.loop}: {r.label}" for r in frame.itertuples()) + ".",
        table=frame[["loop", "length", "value", "total"]].rename(
            columns={
                "loop": "Loop",
                "length": "Parties",
                "value": "Smallest payment, US$ bn",
                "total": "All payments, US$ bn",
            }
        ),
        ledger=ledger,
        rows=[_deals(ledger, scenario)],
        note="Loops share payments, so they do not add up.",
        height=36 * len(frame),
    )


def fig_circularity_states(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Claimed, announced, signed and paid, kept apart."""
    frame = numbers.states(ledger)
    frame = frame[frame["amount"] > 0]
    if frame.empty:
        return empty_figure(
            "fig-circularity-states", "Claimed, announced, signed, paid", ledger, "No deal is known by this day."
        )
    frame = frame.assign(
        name=frame["side"] + ": " + frame["state"], label=[formats.rounded(v, 1) for v in frame["amount"]]
    )
    sides = [s for s in ("OpenAI pays", "OpenAI receives") if s in set(frame["side"])]
    base = alt.Chart(round_values(frame)).encode(y=alt.Y("name:N", sort=frame["name"].tolist(), title=None))
    bars = base.mark_bar(height=18).encode(
        x=alt.X("amount:Q", title="US$ bn", scale=padded_scale(frame["amount"])),
        color=alt.Color(
            "side:N",
            title=None,
            scale=alt.Scale(domain=sides, range=[{"OpenAI pays": BLUE, "OpenAI receives": ORANGE}[s] for s in sides]),
        ),
    )
    labels = base.mark_text(align="left", dx=4).encode(x="amount:Q", text="label:N")
    known = frame.set_index(["side", "state"])["amount"]
    paid, signed = known.get(("OpenAI receives", "paid"), 0.0), known.get(("OpenAI receives", "signed"), 0.0)
    title = (
        f"Of {formats.amount(signed, 'usd_bn')} of signed equity {formats.amount(paid, 'usd_bn')} has been paid"
        if signed
        else "Nothing has been signed"
    )
    return make_figure(
        bars + labels,
        id="fig-circularity-states",
        title=title,
        subtitle="The same promises by how far they have got, US$ bn. What suppliers have been paid so far is not published.",
        alt_text=title
        + ". "
        + "; ".join(f"{r.name_}: {r.label}" for r in frame.rename(columns={"name": "name_"}).itertuples())
        + ".",
        table=frame[["side", "state", "amount"]].rename(columns={"side": "Side", "state": "State", "amount": "US$ bn"}),
        ledger=ledger,
        rows=[
            Facts(ledger, "circularity", scenario).payments(scope="openai"),
            ledger.deals[ledger.deals["deal"] == "openai-compute-plan"],
        ],
        note="The newest claim covers fewer years than the contracts, so it is smaller."
        if 0 < known.get(("OpenAI pays", "claimed"), 0.0) < known.get(("OpenAI pays", "announced"), 0.0)
        else "Each state holds the one below it.",
        height=32 * len(frame),
    )


def fig_circularity_vendors(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """Vendor finance then and now by the same ratios."""
    f = Facts(ledger, "circularity", scenario)
    r = {x.key.partition(".")[2]: x.value for x in numbers.vendors(ledger, scenario)}
    rows = [
        ("Lucent 2000: promised, of revenue", r["lucent_of_revenue"], "promised"),
        ("Lucent 2000: drawn, of revenue", r["lucent_drawn_of_revenue"], "paid"),
        ("NVIDIA 2025: promised, as claimed", r["nvidia_claimed"], "promised"),
        ("NVIDIA 2026: shares bought, of revenue", r["nvidia_put_share"], "paid"),
    ]
    rows = [x for x in rows if x[1] is not None]
    if not rows:
        return empty_figure(
            "fig-circularity-vendors",
            "Vendor finance then and now",
            ledger,
            "No vendor finance is in the ledger by this day.",
        )
    frame = pd.DataFrame(rows, columns=["name", "value", "kind"]).astype({"value": float})
    frame["label"] = [f"{formats.rounded(v, 1)}%" for v in frame["value"]]
    kinds = [k for k in ("promised", "paid") if k in set(frame["kind"])]
    base = alt.Chart(round_values(frame)).encode(
        y=alt.Y("name:N", sort=frame["name"].tolist(), title=None, axis=alt.Axis(labelLimit=260))
    )
    bars = base.mark_bar(height=20).encode(
        x=alt.X("value:Q", title="per cent of revenue", scale=padded_scale(frame["value"])),
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=kinds, range=[{"promised": FAINT, "paid": BLUE}[k] for k in kinds]),
        ),
    )
    labels = base.mark_text(align="left", dx=4).encode(x="value:Q", text="label:N")
    title = (
        f"Promised, today's vendor finance dwarfs Lucent's; paid, it is {formats.rounded(float(r['nvidia_put_share']), 0)}% of revenue against {formats.rounded(float(r['lucent_drawn_of_revenue']), 0)}%"
        if r["nvidia_put_share"] and r["lucent_drawn_of_revenue"] and r["nvidia_claimed"]
        else f"Of Lucent's promises to customers only {formats.rounded(float(r['lucent_drawn_share']), 0)}% had been drawn"
        if r["lucent_drawn_share"]
        else "Vendor finance then and now"
    )
    history = ledger.part("metrics", "entity", "lucent", "nortel", "cisco")
    return make_figure(
        bars + labels,
        id="fig-circularity-vendors",
        title=title,
        subtitle="Vendor finance as a share of the vendor's revenue, per cent: what was promised, and what had been paid.",
        alt_text=title + ". " + "; ".join(f"{x.name}: {x.label}" for x in frame.itertuples(index=False)) + ".",
        table=frame[["name", "kind", "value"]].rename(
            columns={"name": "Vendor", "kind": "State", "value": "% of revenue"}
        ),
        ledger=ledger,
        rows=[
            history,
            f.last("nvidia", "vendor_financing_share_of_revenue"),
            f.last("nvidia", "non_marketable_equity_net_additions"),
        ],
        note="Not the same instrument: Lucent lent, NVIDIA buys shares, also of firms that are no customers. The claim of 2025 counts a letter of intent, which is no contract.",
        height=40 * len(frame),
    )


def fig_circularity_sensitivity(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """The measures under every way to count."""
    table = numbers.sensitivity(ledger, scenario)
    if table["total"].max() == 0:
        return empty_figure(
            "fig-circularity-sensitivity",
            "Every way to count",
            ledger,
            "No payment between the parties is known by this day.",
        )
    long = table.melt("name", value_vars=list(MEASURES), var_name="key", value_name="share")
    long = long.assign(measure=long["key"].map(MEASURES), share=100 * long["share"])
    names, order = list(MEASURES.values()), [v.name for v in VARIANTS]
    long["size"] = [260 if m == names[0] else 90 for m in long["measure"]]
    base = alt.Chart(round_values(long[["name", "measure", "share", "size"]])).encode(
        y=alt.Y("name:N", sort=order, title=None)
    )
    dots = base.mark_point().encode(
        size=alt.Size("size:Q", scale=None, legend=None),
        x=alt.X("share:Q", title="per cent", scale=padded_scale(long["share"], 0.1)),
        color=_measure_colour(names),
        shape=alt.Shape("measure:N", title=None, scale=alt.Scale(domain=names)),
        tooltip=["name:N", "measure:N", "share:Q"],
    )
    line = (
        alt.Chart(
            round_values(
                table.assign(low=100 * table[list(MEASURES)].min(axis=1), high=100 * table[list(MEASURES)].max(axis=1))[
                    ["name", "low", "high"]
                ]
            )
        )
        .mark_rule(color=FAINT)
        .encode(y=alt.Y("name:N", sort=order), x="low:Q", x2="high:Q")
    )
    top = 100 * table["maximum"]
    title = f"However it is counted, between {formats.rounded(top.min(), 0)} and {formats.rounded(top.max(), 0)}% can go round; the period matters most"
    whole = top[~table["name"].isin([v.name for v in VARIANTS if v.first_year is not None])]
    if top.max() - top.min() <= 1.5 * (whole.max() - whole.min()):
        title = f"However it is counted, between {formats.rounded(top.min(), 0)} and {formats.rounded(top.max(), 0)}% can go round"
    return make_figure(
        line + dots,
        id="fig-circularity-sensitivity",
        title=title,
        subtitle="Three measures under each way to count, per cent of the payments between the parties.",
        alt_text=title
        + ". "
        + "; ".join(
            f"{r.name_}: {100 * r.maximum:.0f}% can go round"
            for r in table.rename(columns={"name": "name_"}).itertuples()
        )
        + ".",
        table=table.rename(
            columns={
                "name": "Way to count",
                "total": "Payments, US$ bn",
                "maximum": "Can go round",
                "forwarding": "In proportion",
                "finn": "Finn",
                "outside": "Outside money, US$ bn",
            }
        ),
        ledger=ledger,
        rows=[_deals(ledger, scenario)],
        height=34 * len(order),
    )


def fig_circularity_rival(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """A published loop score beside the money of the same pairs."""
    table = numbers.rival(ledger, scenario)
    if table.empty:
        return empty_figure(
            "fig-circularity-rival",
            "Another score of the same loops",
            ledger,
            "No rival score is published by this day.",
        )
    long = table.melt("pair", value_vars=["theirs", "ours"], var_name="who", value_name="share")
    long = long.assign(
        who=long["who"].map({"theirs": "published score", "ours": "by money"}), share=100 * long["share"]
    )
    long["label"] = [f"{formats.rounded(v, 0)}%" for v in long["share"]]
    base = alt.Chart(round_values(long)).encode(
        y=alt.Y("pair:N", title=None, sort=table["pair"].tolist()),
        yOffset=alt.YOffset("who:N", sort=["published score", "by money"]),
    )
    bars = base.mark_bar(height=16).encode(
        x=alt.X("share:Q", title="per cent", scale=padded_scale(long["share"])),
        color=alt.Color(
            "who:N", title=None, scale=alt.Scale(domain=["published score", "by money"], range=[FAINT, BLUE])
        ),
    )
    labels = base.mark_text(align="left", dx=4).encode(x="share:Q", text="label:N")
    scores = ledger.outside_models[ledger.outside_models["model"] == "aidealnetwork-2026-01"]
    first = table.iloc[0]
    title = f"A published score calls {first['pair']} {formats.rounded(100 * first['theirs'], 0)}% a loop; by money {formats.rounded(100 * first['ours'], 0)}% goes both ways"
    return make_figure(
        bars + labels,
        id="fig-circularity-rival",
        title=title,
        subtitle="Loop score as published, and twice the smaller of the two payments over both, per cent.",
        alt_text=title
        + ". "
        + "; ".join(
            f"{r.pair}: published {100 * r.theirs:.0f}%, by money {100 * r.ours:.0f}%" for r in table.itertuples()
        )
        + ".",
        table=table.rename(
            columns={
                "pair": "Pair",
                "theirs": "Published score",
                "ours": "By money",
                "there": "One way, US$ bn",
                "back": "The other, US$ bn",
            }
        ),
        ledger=ledger,
        rows=[scores, _deals(ledger, scenario)],
        note="The published score weighs ties by hand and leaves the amount nearly out; its weights are not published, so it cannot be computed on our flows.",
        height=64 * len(table),
    )
