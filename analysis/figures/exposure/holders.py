"""The figure of what the holders of OpenAI's shares lose when their price falls."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import dots
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.exposure import holders, owed, stakes
from analysis.numbers.series import exposure as series


def fig_exposure_holders(ledger: Ledger, scenario: str = "central") -> Any:
    """What the holders of OpenAI's shares lose when their price falls."""
    table = series.losses(ledger, scenario)
    if table.empty:
        why = "No holder's stake and no valuation of OpenAI are both known by this day."
        return empty_figure("fig-exposure-holders", "If OpenAI's shares fall", ledger, why)
    title = series.losses_finding(table)
    f = owed.facts(ledger, scenario)
    last = stakes.rounds(f)[-1]
    price = f"{formats.amount(last.post['value'].iloc[-1], 'usd_bn')} ({last.post['end'].iloc[-1]:%B %Y})"
    later = (
        " Shares that are signed for count, paid or not. A stake stated since may leave out shares of that round that"
        " were paid for later."
    )
    kept = " How many shares were new at that value is not known: each holder is taken to have kept its part."
    return make_figure(
        dots(
            table,
            {
                "name": "Holder",
                "loss_50": "market value lost at half the price, US$ bn",
                "loss_25": "at a quarter less, US$ bn",
                "loss_75": "at three quarters less, US$ bn",
                "stake": "stake, %",
                "basis": "How it is known",
            },
            value="loss_50",
            spread=("loss_25", "loss_75"),
            label_at="loss_75",
            colours="loss",
        ),
        id="fig-exposure-holders",
        title=title,
        subtitle="Market value lost, not book value, US$ bn: dot and number, at half of OpenAI's last known value,"
        f" {price}; line, if the price falls by a quarter to three quarters.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in table.itertuples())),
        table=table,
        columns={
            "name": "Holder",
            "stake": "Stake, %",
            "worth": "Worth at the last known value, US$ bn",
            "loss_25": "Loss at 25% less, US$ bn",
            "loss_50": "Loss at 50% less, US$ bn",
            "loss_75": "Loss at 75% less, US$ bn",
            "basis": "How it is known",
        },
        ledger=ledger,
        rows=[last.post, *(r for p in table["party"] for r in stakes.rows_behind(f, p))],
        note="Any other fall costs in proportion. Staff and unnamed investors are left out."
        + (" Stakes stated before the last round are diluted by it." if len(last.pre) else "")
        + (later if len(last.pre) and (table["basis"] == "stated stake").any() else "")
        + (kept if holders.is_undiluted(ledger, scenario) else ""),
    )
