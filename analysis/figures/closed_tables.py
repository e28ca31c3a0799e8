"""A table of what a company says of itself, closed until a reader opens it."""

from collections.abc import Sequence

import pandas as pd

from analysis.figures.tables import Table, anchor, rights, source_urls
from analysis.ledger import Ledger
from analysis.numbers import ledger_facts, plaintext
from analysis.numbers.chipmakers.promises import GUARANTEES, first_told, made
from analysis.numbers.formats import amount_text
from analysis.numbers.parties import OTHER_PIECES
from analysis.numbers.row_keys import row_keys
from analysis.numbers.series.reported import reported as lines_of

WORDS = {
    "line": "Line",
    "amount": "US$ bn",
    "period": "Period",
    "before": "US$ bn a year before",
    "said_by": "Said by",
    "as_of": "Known on",
}


STORED = 3  # rows that a notebook's text holds


class ClosedTable(Table):
    """A table that shows its caption until it is opened, and of which a notebook's text holds the first rows."""

    is_closed = True

    def __repr__(self) -> str:
        rows = self.frame.head(STORED).itertuples(index=False, name=None)
        caption = f"{self.caption}: {len(self.frame)} rows"
        return plaintext.block(f"table-{self.name}", caption, columns=list(self.frame.columns), rows=rows)


def reported(ledger: Ledger, entity: str) -> ClosedTable:
    """Return the newest figures of a firm's accounts and of its outlook, in dollars, beside those of a year before."""
    rows = lines_of(ledger, entity)
    name = ledger.name(entity)
    if rows.empty:
        none = pd.DataFrame({WORDS["line"]: [f"No figure that {name} has reported is in the ledger by this day."]})
        return ClosedTable(none, f"reported-{entity}", f"What {name} has reported: no figure in the ledger by this day")
    frame = rows.assign(as_of=rows["as_of"].map("{:%Y-%m-%d}".format))[list(WORDS)].rename(columns=WORDS)
    urls = rows["source"].map(ledger.sources.set_index("source")["url"]).fillna("")
    return ClosedTable(
        frame.astype(object),
        f"reported-{entity}",
        f"What {name} has reported and expects, in dollars",
        ids=[anchor(key) for key in rows["row"]],
        links={WORDS["as_of"]: urls.to_list()},
    )


def terms(ledger: Ledger, keys: list[str], caption: str = "Smaller terms, step by step") -> ClosedTable:
    """Return the steps of some rights, oldest first, of which no sentence or not every sentence tells."""
    steps = rights(ledger, keys)
    return ClosedTable(steps.frame, "smaller-terms", caption, steps.ids, steps.links)


def named(ledger: Ledger, keys: Sequence[str], caption: str) -> ClosedTable:
    """Return the newest word of the ledger on some deals, sites and metrics, largest first.

    Parameters
    ----------
    ledger
        As known on the day of the report.
    keys
        ``table:key``; a metric without period, basis and author stands for all of them.
    caption
        What the closed table says of itself.
    """
    facts = ledger_facts.facts(ledger, keys)
    frame = pd.DataFrame({"Known on": [f.day for f in facts], "What is known": [f.words for f in facts]}, dtype=object)
    if not facts:
        return ClosedTable(frame, "other-pieces", f"{caption}: none known by this day")
    return ClosedTable(frame, "other-pieces", caption, [anchor(f.rows[-1]) for f in facts])


def other_pieces(ledger: Ledger, chapter: str) -> ClosedTable:
    """Return what a chapter's sentences leave to a table, see `numbers.parties.OTHER_PIECES`."""
    return named(ledger, OTHER_PIECES[chapter], "What the other deals of this story are worth")


def stakes(ledger: Ledger, entity: str) -> ClosedTable:
    """Return the shares and rights to shares of other firms that a supplier buys or is promised, largest first."""
    rows = made(ledger.deals, (entity,))
    rows = rows[rows["sort"] != GUARANTEES].sort_values(["high_usd_bn", "deal"], ascending=[False, True])
    events = first_told(ledger, rows["deal"])
    frame = pd.DataFrame(
        {
            "Firm": rows["payee"].map(ledger.name),
            "What": rows["sort"],
            "US$ bn": [amount_text(a, b) for a, b in zip(rows["low_usd_bn"], rows["high_usd_bn"], strict=True)],
            "How far it came": rows["state"],
            "Known on": events["as_of"].dt.strftime("%Y-%m-%d").to_numpy(),
        }
    )
    caption = f"{ledger.name(entity)}'s shares in other firms, deal by deal"
    if frame.empty:
        return ClosedTable(frame, f"stakes-{entity}", f"{caption}: none known by this day")
    ids = [anchor(key) for key in row_keys(rows)]
    return ClosedTable(
        frame.reset_index(drop=True), f"stakes-{entity}", caption, ids, {"Known on": source_urls(ledger, events)}
    )
