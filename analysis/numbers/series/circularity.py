"""What the figures of the chapter on circularity draw, and what they find."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models.circularity import MEASURES
from analysis.models.network import WHOLE_LIFE
from analysis.numbers import circularity as numbers
from analysis.numbers import formats
from analysis.numbers.circularity import loop_scores, measures, partners, promises, vendor_finance
from analysis.numbers.circularity import loops as rings
from analysis.numbers.network import short_name

INTO, BACK = "into OpenAI", "orders back"
TWO, MORE = "two parties", "three or more"
PROMISED, PAID = "promised", "paid"
PUBLISHED, OURS = "published score", "by money"
LOOPS = 8  # drawn
LITTLE = 5.0  # per cent: almost nothing goes round
AHEAD = 3  # years from the day after which little may go round


def _whole(value: float) -> str:
    return formats.rounded(value, 0)


def _in_percent(table: pd.DataFrame) -> pd.DataFrame:
    """The measures in per cent instead of as shares of 1."""
    return table.assign(**{m: 100 * table[m] for m in MEASURES})


def _long(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """One row a measure: the key, measure (in words), share (per cent)."""
    long = table.melt(key, value_vars=list(MEASURES), var_name="measure", value_name="share")
    return long.assign(measure=long["measure"].map({key: m.words for key, m in MEASURES.items()}))


def years(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the years with payments: the columns of `measures.by_year` with the measures in per cent, and label."""
    table = measures.by_year(ledger, scenario)
    table = _in_percent(table[table["total"] > 0])
    return table.assign(label=[f"{_whole(v)}%" for v in table["maximum"]])


def years_finding(years: pd.DataFrame, today: int) -> str:
    """Return in a sentence in which year most can go round, and whether little does later (see `years`)."""
    top = years.loc[years["maximum"].idxmax()]
    later = years[years["year"] >= today + AHEAD]
    if top["label"] == "0%":
        return "Almost none of the money between the parties can go round in any year"
    if len(later) and later["maximum"].max() < LITTLE < top["maximum"]:
        return (
            f"The circle peaks in {top['year']}, when {top['label']} of the money can go round; "
            f"from {later['year'].iloc[0]} on almost none does"
        )
    return f"In {top['year']} up to {top['label']} of the money between the parties can go round"


def days(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the measures in per cent as known on each day: wide as `measures.by_day`, and long (day, measure,
    share)."""
    table = _in_percent(measures.by_day(ledger, scenario))
    return table, _long(table, "day")


def days_finding(days: pd.DataFrame) -> str:
    """Return in a sentence how the part that can go round has moved (see `days`)."""
    first, last = days["maximum"].iloc[[0, -1]]
    since = f"since {days['day'].iloc[0]:%B %Y}"
    if abs(last - first) <= 1:
        return f"The share that can go round has stayed near {_whole(last)}% {since}"
    moved = "risen" if last > first else "fallen"
    return f"The share that can go round has {moved} from {_whole(first)} to {_whole(last)}% {since}"


def trips(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the partners with a deal: as `partners.partners` with returned_pct, and one row a side of each.

    Returns
    -------
    DataFrame
        One row a partner, largest first.
    DataFrame
        One row a bar: name, side, value (US$ bn), label.
    """
    table = partners.partners(ledger, scenario)
    table = table[(table["put_in"] > 0) | (table["paid_back"] > 0) | (table["unpriced"] > 0)]
    table = table.assign(returned_pct=100 * table["returned"])
    sides = {"put_in": INTO, "paid_back": BACK}
    long = table.melt(["name", "unpriced"], value_vars=list(sides), var_name="side").replace({"side": sides})
    is_unpriced = (long["side"] == BACK) & (long["unpriced"] > 0)
    zero = is_unpriced.map({True: "no price", False: ""})
    return table, long.assign(label=long["value"].map(lambda v: formats.rounded(v, 1)).where(long["value"] > 0, zero))


def trips_finding(trips: pd.DataFrame) -> str:
    """Return in a sentence with how many partners money goes both ways (see `trips`)."""
    both = partners.both_ways(trips)
    if both.empty:
        return "Money goes both ways with no partner"
    return f"Money goes both ways between OpenAI and {len(both)} of {len(trips)} partners"


def loops(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the widest loops: loop (in words), value (smallest payment), total (US$ bn), length, kind, label."""
    table = rings.loops(ledger, scenario).head(LOOPS)
    words = [" → ".join(short_name(ledger.name(p)) for p in ring) for ring in table["parties"]]
    return pd.DataFrame(
        {
            "loop": words,
            "length": table["length"].to_list(),
            "value": table["bottleneck"].to_list(),
            "total": table["total"].to_list(),
            "kind": [TWO if n == 2 else MORE for n in table["length"]],
            "label": [formats.rounded(v, 2) for v in table["bottleneck"]],
        }
    )


def loops_finding(loops: pd.DataFrame) -> str:
    """Return in a sentence what the widest loop carries, and the widest of three or more (see `loops`)."""
    first, longer = loops.iloc[0], loops[loops["kind"] == MORE]
    title = f"The widest loop, {first['loop']} and back, can carry {formats.amount(first['value'], 'usd_bn')}"
    if longer.empty or first["kind"] == MORE:
        return title
    return f"{title}; the widest of three or more, {formats.amount(longer['value'].iloc[0], 'usd_bn')}"


def states(ledger: Ledger) -> tuple[pd.DataFrame, str]:
    """Return the states of promises that have an amount, and how far the claim compares.

    Returns
    -------
    DataFrame
        The columns of `promises.states`, name (side and state) and label.
    str
        A note on how the states stand to one another.
    """
    table = promises.states(ledger)
    known = table.set_index(["side", "state"])["amount"]
    is_narrower = 0 < known[promises.PAYS, "claimed"] < known[promises.PAYS, "announced"]
    table = table[table["amount"] > 0]
    labels = [formats.rounded(v, 1) for v in table["amount"]]
    note = (
        "The newest claim covers fewer years than the contracts, so it is smaller."
        if is_narrower
        else "Each state includes the one below it."
    )
    return table.assign(name=table["side"] + ": " + table["state"], label=labels), note


def states_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence how much of the signed equity has been paid."""
    found = numbers.progress(ledger, scenario).by_name()
    if not found["equity_signed"].value:
        return "Nothing has been signed"
    return f"Of {found['equity_signed'].text} of signed equity {found['equity_paid'].text} has been paid"


def vendors(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return vendor finance over revenue, of those that are known, and the rows behind.

    Returns
    -------
    DataFrame
        One row a bar: name (vendor, year of the figure, what it is), value (per cent of revenue), state, label.
    list of DataFrame
        The rows of the ledger it rests on.
    """
    f = measures.facts(ledger, scenario)
    known = vendor_finance.finance(f)
    found = {name: r.value for name, r in numbers.vendors(ledger, scenario).by_name().items()}
    bars = [
        ("lucent", "promised", "promised, of revenue", "lucent_of_revenue", PROMISED),
        ("lucent", "drawn", "drawn, of revenue", "lucent_drawn_of_revenue", PAID),
        ("nvidia", "claim", "promised, as claimed", "nvidia_claimed", PROMISED),
        ("nvidia", "bought", "shares bought, of revenue", "nvidia_put_share", PAID),
    ]
    rows = [
        (f"{ledger.name(vendor)}{vendor_finance.end_of(known[row], ' %Y')}: {words}", float(found[key]), state)
        for vendor, row, words, key, state in bars
        if found[key] is not None
    ]
    frame = pd.DataFrame(rows, columns=["name", "value", "state"])
    boom = ledger.part("metrics", "entity", "lucent", "nortel", "cisco")
    labels = [f"{formats.rounded(v, 1)}%" for v in frame["value"]]
    return frame.assign(label=labels), [boom, known["claim"], known["bought"], known["sales"]]


def vendors_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence how today's vendor finance compares with Lucent's, as far as both are known."""
    found = {name: r.value for name, r in numbers.vendors(ledger, scenario).by_name().items()}
    claimed, promised = found["nvidia_claimed"], found["lucent_of_revenue"]
    bought, drawn = found["nvidia_put_share"], found["lucent_drawn_of_revenue"]
    if bought and drawn and claimed and promised and claimed > 2 * promised:
        paid = f"it is {_whole(bought)}% of revenue against {_whole(drawn)}%"
        return f"In promises, today's vendor finance dwarfs Lucent's; in payments, {paid}"
    if found["lucent_drawn_share"]:
        return f"Of Lucent's promises to customers only {_whole(found['lucent_drawn_share'])}% had been drawn"
    return "Vendor finance then and now"


def ways(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the measures in per cent under every way to count: one row a way, and long (name, measure, share)."""
    table = _in_percent(measures.sensitivity(ledger, scenario))
    return table, _long(table, "name")


def ways_finding(ways: pd.DataFrame) -> str:
    """Return in a sentence between what the part that can go round lies, and whether the period decides (see
    `ways`)."""
    top, whole_life = ways["maximum"], ways.loc[[*WHOLE_LIFE], "maximum"]
    if _whole(top.max()) == "0":
        return "However it is counted, almost none of the money can go round"
    title = f"However it is counted, between {_whole(top.min())} and {_whole(top.max())}% can go round"
    is_period = top.max() - top.min() > 1.5 * (whole_life.max() - whole_life.min())
    return f"{title}; the period matters most" if is_period else title


def pairs(ledger: Ledger, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return published loop scores and ours: one row a pair (theirs and ours in per cent), and one row a bar.

    Returns
    -------
    DataFrame
        The columns of `loop_scores.rival`.
    DataFrame
        Columns pair, who, share (per cent), label.
    """
    table = loop_scores.rival(ledger, scenario)
    table = table.assign(theirs=100 * table["theirs"], ours=100 * table["ours"])
    who = {"theirs": PUBLISHED, "ours": OURS}
    long = table.melt("pair", value_vars=list(who), var_name="who", value_name="share").replace({"who": who})
    return table, long.assign(label=[f"{_whole(v)}%" for v in long["share"]])


def pairs_finding(pairs: pd.DataFrame) -> str:
    """Return in a sentence what the first pair's score is by both measures (see `pairs`)."""
    first = pairs.iloc[0]
    theirs, ours = _whole(first["theirs"]), _whole(first["ours"])
    return f"A published score rates {first['pair']} a {theirs}% loop; by money, {ours}% goes both ways"
