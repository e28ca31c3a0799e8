"""What vendors, then and now, have promised and lent to finance their customers, over revenue of the same year.

Judgements:

- Like for like: agreements to lend and guarantees for customers, at their ceiling, are what Lucent called its
  commitments. Shares that a vendor buys are told apart, for a share is no claim on a customer.
- Revenue is that of the four quarters up to the balance where all are known, and otherwise of a full year that ended
  less than a year before: the revenue of another year is none.
- Of the firms of today the makers of chips count: a cloud that guarantees its landlord's loan finances itself.
- A guarantee that is an option of the guarantor, or only announced, is planned, not committed.
- A signed guarantee of which no first day is published, or whose first day has come, is in force.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.models import deals as counted
from analysis.models import leverage, periods
from analysis.numbers.facts import NAN, Facts, ratio, value

YEAR = pd.Timedelta(days=360)
THEN = ("lucent", "nortel", "cisco")
VENDOR_KIND = "chipmaker"  # of entities: who today sells what OpenAI and its like run on


@dataclass(frozen=True)
class VendorFinance:
    """The vendor finance of a firm on a day.

    Attributes
    ----------
    vendor : str
        Key of the firm.
    day : Timestamp
        The day of the balance, or the newest day on which a commitment became known.
    committed, planned : float
        US$ bn at their ceilings: signed, and announced or optional. NaN where none is known.
    begun : float
        US$ bn of what is committed that is in force on the day; NaN where nothing is committed.
    drawn : float
        US$ bn lent, or paid under a guarantee; NaN where it is not published.
    revenue : float
        US$ bn of the year, NaN where it is not known.
    rows, revenue_rows : DataFrame
        The rows of the ledger behind the promises and behind the revenue.
    """

    vendor: str
    day: pd.Timestamp
    committed: float
    planned: float
    begun: float
    drawn: float
    revenue: float
    rows: tuple[pd.DataFrame, ...]
    revenue_rows: pd.DataFrame

    @property
    def committed_share(self) -> float:
        """Commitments over the year's revenue, a share of 1."""
        return ratio(self.committed, self.revenue)

    @property
    def begun_share(self) -> float:
        """What is in force over the year's revenue, a share of 1."""
        return ratio(self.begun, self.revenue)

    @property
    def drawn_share(self) -> float:
        """What is drawn over the year's revenue, a share of 1."""
        return ratio(self.drawn, self.revenue)


def year_of_revenue(f: Facts, vendor: str, day: pd.Timestamp) -> tuple[float, pd.DataFrame]:
    """Revenue of the year that a balance is set against.

    Parameters
    ----------
    f : Facts
        The facts of a chapter.
    vendor : str
        Key of the firm.
    day : Timestamp
        The day of the balance.

    Returns
    -------
    float
        US$ bn: the last four quarters that end by the day, or else the newest full year that does; NaN where neither is
        known or both ended a year before.
    DataFrame
        The rows it rests on.
    """
    known = f.metric(vendor, "revenue", basis="actual")
    known = known[known["end"] <= day]
    quarters = periods.quarters(known).drop_duplicates(["start", "end"], keep="last").tail(4)
    years = periods.years(known[known["end"] > day - YEAR]).tail(1)
    trailing = leverage.trailing_four_quarters(quarters)
    newest = years["end"].iloc[-1] if len(years) else day - YEAR
    if not pd.isna(trailing) and quarters["end"].iloc[-1] > newest:
        return trailing, quarters
    return value(years), years


def guarantees(f: Facts, vendor: str) -> pd.DataFrame:
    """The live guarantees of a firm, of any scope."""
    rows = counted.guarantees(f.ledger.deals, f.ledger.as_of)
    return rows[rows["payer"] == vendor]


def _ceiling(rows: pd.DataFrame) -> float:
    """Sum of the ceilings, NaN where no row has one."""
    return float(rows["high_usd_bn"].sum()) if rows["high_usd_bn"].notna().any() else NAN


def of_today(f: Facts, vendor: str) -> VendorFinance | None:
    """The guarantees of a firm of today, None where it has given none."""
    rows = guarantees(f, vendor)
    if rows.empty:
        return None
    signed = counted.signed(rows)
    announced = rows[rows["status"] == "announced"]
    in_force = signed[~(signed["start"] > f.ledger.as_of) | counted.is_called(signed, f.ledger.deals)]
    committed = _ceiling(signed)
    begun = NAN if pd.isna(committed) else float(in_force["high_usd_bn"].sum())
    day = rows["as_of"].max()
    revenue, behind = year_of_revenue(f, vendor, day)
    return VendorFinance(vendor, day, committed, _ceiling(announced), begun, NAN, revenue, (rows,), behind)


def of_then(f: Facts, vendor: str) -> VendorFinance | None:
    """The customer finance of a vendor of the telecom boom at its peak, None where none is in the ledger."""
    promised = f.metric(vendor, "vendor_financing_commitments").nlargest(1, "value", keep="first")
    if promised.empty:
        return None
    drawn = f.metric(vendor, "vendor_financing_drawn")
    drawn = drawn[drawn["end"].isin(promised["end"])].tail(1)
    day = promised["end"].iloc[0]
    revenue, behind = year_of_revenue(f, vendor, day)
    committed = value(promised)
    return VendorFinance(vendor, day, committed, NAN, committed, value(drawn), revenue, (promised, drawn), behind)


def vendor_finance(f: Facts) -> list[VendorFinance]:
    """Vendor finance of the telecom boom and of today, like for like.

    Parameters
    ----------
    f : Facts
        The facts of a chapter.

    Returns
    -------
    list of VendorFinance
        Those of the telecom boom first, then the firms of today by what they have committed, largest first. A firm of
        which nothing is known is left out.
    """
    kinds = f.ledger.entities.set_index("entity")["kind"]
    today = sorted(
        v for v in set(counted.guarantees(f.ledger.deals, f.ledger.as_of)["payer"]) if kinds[v] == VENDOR_KIND
    )
    now = [found for vendor in today if (found := of_today(f, vendor))]
    now.sort(key=lambda v: 0.0 if pd.isna(v.committed) else -v.committed)
    return [found for vendor in THEN if (found := of_then(f, vendor))] + now
