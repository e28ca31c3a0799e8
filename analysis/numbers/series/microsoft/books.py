"""What Microsoft's books come to in pictures: its result from OpenAI, the loss it implies, the backlogs."""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger, latest
from analysis.models import deals
from analysis.numbers import formats, quantities
from analysis.numbers import microsoft as numbers
from analysis.numbers.facts import NAN, Facts, value

FILED, DERIVED, GAP = "as filed", "estimated", "not stated"
OPENAI, LEAST, OTHERS, NOT_SPLIT = "OpenAI", "OpenAI, at least", "all other customers", "not split"
NOT_TOLD = "OpenAI's part not disclosed"  # a whole of which nothing says how much is OpenAI
LOSS, GAIN = "loss", "gain on paper"
BACKLOG, CONTRACT = "whole backlog", "OpenAI's orders by then"


def quarterly_results(ledger: Ledger) -> pd.DataFrame:
    """Return Microsoft's result from OpenAI by quarter, oldest first, quarters without one left empty.

    Returns
    -------
    DataFrame
        quarter (its months), value (before tax, US$ bn, NaN in a gap), net (after tax), kind (filed or estimated),
        label (empty in a gap), sign (`LOSS` or `GAIN`), is_estimated, and part (what the stake held in the quarter
        would make of OpenAI's loss, where one is published; US$ bn below 0, else NaN) with part_label.
    """
    f = Facts(ledger, "microsoft")
    pretax = f.quarters("microsoft", "equity_method_result_openai_pretax").set_index("end")
    net = f.quarters("microsoft", "equity_method_result_openai").set_index("end")["value"]
    ends = [*pretax.index, *net.index]
    if not ends:
        columns = ["quarter", "value", "net", "kind", "label", "sign", "is_estimated", "part", "part_label"]
        return pd.DataFrame(columns=columns)
    last = max([*ends, *f.quarters("microsoft", "revenue")["end"]])
    days = pd.date_range(min(ends), last, freq="QE")
    frame = pd.DataFrame({"end": days, "value": pretax["value"].reindex(days).to_list()})
    basis = pretax["basis"].reindex(days)
    part = _by_stake(f).reindex(days)
    return frame.assign(
        sign=np.where(frame["value"] > 0, GAIN, LOSS),
        is_estimated=(basis == "estimate").to_list(),
        part=part.to_list(),
        part_label=["" if pd.isna(v) else formats.quantity(v, "usd_bn", has_unit=False) for v in part],
        quarter=[f"{d - pd.DateOffset(months=2):%b}–{d:%b %Y}" for d in days],
        net=net.reindex(days).to_list(),
        kind=[DERIVED if b == "estimate" else FILED for b in basis],
        label=["" if pd.isna(v) else formats.quantity(v, "usd_bn", has_unit=False) for v in frame["value"]],
    )


def _by_stake(f: Facts) -> pd.Series:
    """What the stake held in a quarter would make of OpenAI's loss, where one is published, by the quarter's end."""
    published = f.happened("openai", "net_loss", months=3).drop_duplicates("end", keep="last")
    stakes = f.metric("microsoft", "stake_pct_of_openai")
    held = [value(numbers.stakes_of(stakes, end)[0]) / 100 for end in published["end"]]
    return pd.Series(-published["value"].to_numpy(float) * held, index=pd.DatetimeIndex(published["end"]), dtype=float)


def result_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence what the line has shown."""
    found = numbers.result(ledger, scenario).by_name()
    if not found["loss_quarter"].value:
        return "What Microsoft has booked from OpenAI"
    loss = f"Microsoft booked {found['loss_pretax'].text} of OpenAI's losses in a quarter"
    if found["has_new_loss"].value:
        return f"{loss}, then a gain on paper, and again {found['new_loss'].text}"
    if found["is_loss_hidden"].value:
        part, shown = found["part_of_loss"].text, found["tested_shown"].text
        return (
            f"By press reports Microsoft's part of OpenAI's loss was {part} in a quarter; it booked a loss of {shown}"
        )
    return f"{loss}, then a gain on paper" if found["has_gain"].value else loss


def result_subtitle(frame: pd.DataFrame) -> str:
    """Return what the columns are, and what the outlines are if there are any (see `quarterly_results`)."""
    told = "Microsoft's result from OpenAI by quarter, before tax, US$ bn."
    dashed = " Dashed: the part of OpenAI's published loss that goes with its stake."
    return told + dashed * bool(frame["part"].notna().any())


def result_note(frame: pd.DataFrame) -> str:
    """Return what is pale, and whence a gain comes, where there is one (see `quarterly_results`)."""
    known = frame[frame["value"].notna()]
    pale = "Pale: estimated." if known["is_estimated"].any() else ""
    gain = "The gain comes from the higher price that new investors paid; no cash reaches Microsoft."
    return f"{pale} {gain * bool((known['value'] > 0).any())}".strip()


def backlog_parts(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the backlog at the end of each quarter, in parts and whole.

    Returns
    -------
    DataFrame
        One row a quarter and part: quarter, part (`NOT_TOLD` for a whole of which nothing is known), value (US$ bn),
        told (words in the part, empty but for OpenAI's and where it is not disclosed), is_told (whether there is a
        part), is_untold (whether it may hold OpenAI's).
    DataFrame
        One row a quarter: quarter, value (US$ bn), label.
    """
    f = Facts(ledger, "microsoft")
    rpo = f.metric("microsoft", "rpo")
    share = rpo["end"].map(f.happened("microsoft", "openai_share_of_rpo").set_index("end")["value"]) / 100
    floors = [numbers.backlog_floor(f, rpo.iloc[[i]])[0] for i in range(len(rpo))]
    least = pd.Series(floors, index=rpo.index, dtype=float).where(share.isna()).clip(lower=0)
    quarters = rpo["end"].dt.strftime("%b %Y")
    parts = pd.DataFrame(
        {
            "quarter": quarters,
            NOT_SPLIT: rpo["value"].where(share.isna()) - least.fillna(0),
            OTHERS: rpo["value"] * (1 - share),
            OPENAI: rpo["value"] * share,
            LEAST: least,
        }
    ).melt("quarter", var_name="part")
    labels = [formats.rounded(v, 0) for v in rpo["value"]]
    whole = pd.DataFrame({"quarter": quarters.to_list(), "value": rpo["value"].to_list(), "label": labels})
    parts = parts.dropna(ignore_index=True)
    told = parts["value"].map(lambda v: formats.rounded(v, 0)) + parts["part"].eq(LEAST).map({True: "+", False: ""})
    is_openai = parts["part"].isin([OPENAI, LEAST]) & (parts["value"] > 0)
    is_told = parts["quarter"].isin(parts.loc[is_openai, "quarter"])
    return parts.assign(
        part=parts["part"].where(is_told, NOT_TOLD),
        told=told.where(is_openai, "").where(is_told, "not\ndisclosed"),
        is_told=is_told,
        is_untold=~is_told | parts["part"].isin([NOT_SPLIT, LEAST]),
    ), whole


def backlog_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence how much of the backlog is OpenAI, or how large the backlog is where that is not known."""
    f = Facts(ledger, "microsoft", scenario)
    found = numbers.backlog(ledger, scenario).by_name()
    if found["has_newest_share"].value:
        share = formats.amount(float(found["rpo_share"].value), "pct")
        return f"OpenAI alone is about {share} of what customers have promised Microsoft"
    if found["has_floor"].value:
        return f"At least {found['rpo_floor'].text} of Microsoft's backlog of {found['rpo'].text} is OpenAI"
    if f.metric("microsoft", "rpo")["end"].iloc[-1] < quantities.restructuring_day(f):
        return f"Microsoft's backlog stood at {found['rpo'].text} before the Azure contract entered it"
    return f"Microsoft's backlog stands at {found['rpo'].text}"


CLOUDS = (("microsoft", "rpo"), ("amazon", "aws_rpo"), ("oracle", "rpo"))


def clouds(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the backlog of each cloud that OpenAI buys from, beside its contracts with OpenAI, and the rows behind.

    Returns
    -------
    DataFrame
        cloud (with the month of its backlog), what (whole backlog, or orders known by its day), value (US$ bn),
        is_open (whether it is a floor), now and is_now_open (the same of the orders on the ledger's day), label;
        largest backlog first.
    list of DataFrame
        The rows of the ledger it rests on.
    """
    f = Facts(ledger, "microsoft")
    rows, used = [], []
    for entity, metric in CLOUDS:
        whole = f.last(entity, metric)
        if len(whole):
            at = whole["end"].iloc[-1]
            name = f"{ledger.name(entity)}, {at:%b %Y}"
            then = latest(ledger.history["deals"], ["deal"], at)  # a later order is in no backlog of that day
            orders = deals.payments(then, payer="openai", payee=entity, kind="compute")
            signed, today = deals.total(orders), f.payments(payer="openai", payee=entity, kind="compute")
            now = deals.total(today)
            rows += [
                (name, BACKLOG, value(whole), False, NAN, False),
                (name, CONTRACT, signed.low or NAN, signed.is_open, now.low, now.is_open),
            ]
            used += [whole, orders, today]
    frame = pd.DataFrame(rows, columns=["cloud", "what", "value", "is_open", "now", "is_now_open"])
    size = frame.groupby("cloud")["value"].transform("max")
    frame = frame.assign(size=size).sort_values("size", ascending=False, kind="stable").dropna(subset=["value"])
    labels = [formats.rounded(v, 0) + " or more" * o for v, o in zip(frame["value"], frame["is_open"], strict=True)]
    return frame.drop(columns="size").assign(label=labels).reset_index(drop=True), used


def clouds_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence how large OpenAI's orders are beside the backlogs (see `clouds`)."""
    wide = frame.pivot_table(index="cloud", columns="what", values="value")
    if CONTRACT not in wide:
        return "Backlogs of the clouds that OpenAI buys from"
    both = wide.dropna()
    signed, whole = (formats.whole_bn(float(both[k].sum())) for k in (CONTRACT, BACKLOG))
    signed += " or more" * bool(frame.loc[frame["what"] == CONTRACT, "is_open"].any())
    names = [c.partition(",")[0] for c in both.index]
    orders = frame[(frame["what"] == CONTRACT) & frame["cloud"].isin(both.index)]
    if not np.allclose(orders["now"], orders["value"]):
        stands = formats.whole_bn(float(orders["now"].sum())) + " or more" * bool(orders["is_now_open"].any())
        orders_today = f"OpenAI's orders from {formats.listed(names)} come to {stands} today"
        return f"{orders_today}, after {signed} when these backlogs were counted"
    if len(names) == 1:
        return f"OpenAI has ordered {signed} from {names[0]}, whose whole backlog is {whole}"
    return f"OpenAI has ordered {signed} from clouds with backlogs of {whole}"
