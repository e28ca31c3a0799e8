"""Who pays whom for the campus in Abilene: the steps of a walk with the money, and what the walk finds."""

from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import formats
from analysis.numbers.facts import Facts, text, value

SITE, VENTURE = "abilene", "abilene-venture"
OPENAI, ORACLE, OWNERS, BANKS, NVIDIA, LAND = "OpenAI", "Oracle", "Owners", "Banks", "NVIDIA", "Lancium"
UNPRICED = "no price published"
BILL, RENT = "OpenAI’s bill", "Oracle’s rent"
PRESS = ", press reports say"
Step = dict[str, Any]


def walk(ledger: Ledger, scenario: str = "central") -> tuple[pd.DataFrame, dict[str, list[pd.DataFrame]]]:
    """Return the payments for the campus that are known, in the order in which the money goes, and the rows behind.

    Returns
    -------
    DataFrame
        number (from 1), payer and payee, what (for which), money (its kind, a key of `palette.MONEY`), low and high
        (US$ bn, NaN where no price is published), label (the price in words), told (a sentence or two), is_priced, and
        as_of.
    dict
        The rows of each step, by "payer to payee".
    """
    f = Facts(ledger, "oracle_softbank", scenario)
    steps = [_bill(f), _rent(f), _loans(f)]
    chips = _chips(f)
    if chips is not None:  # what NVIDIA does with its money belongs to the walk only where Abilene's goes to it
        steps += [chips, _shares(f), _land(f)]
    found = [step for step in steps if step is not None]
    rows = {f"{s['payer']} to {s['payee']}": s.pop("rows") for s in found}
    frame = pd.DataFrame(found, columns=["payer", "payee", "what", "money", "low", "high", "label", "told", "as_of"])
    frame.insert(0, "number", range(1, len(frame) + 1))
    return frame.assign(is_priced=frame["low"].notna() | frame["high"].notna()), rows


def _step(
    payer: str, payee: str, what: str, money: str, told: str, rows: list[pd.DataFrame], priced: pd.DataFrame
) -> Step:
    """A step whose price is the sum of some deals, if it is published."""
    sums = deals.total(priced)
    is_known = sums.deals > sums.undisclosed
    return {
        "payer": payer,
        "payee": payee,
        "what": what,
        "money": money,
        "low": sums.low if is_known else float("nan"),
        "high": sums.high if is_known and not sums.is_open else float("nan"),
        "label": formats.quantity(None, "usd_bn", sums.low, sums.high, sums.is_open) if is_known else UNPRICED,
        "told": told,
        "as_of": max(part["as_of"].max() for part in rows if len(part)),
        "rows": rows,
    }


def _bill(f: Facts) -> Step | None:
    """What OpenAI pays for the campus that Oracle runs for it: no row says how much."""
    sites = f.ledger.sites
    site = sites[(sites["site"] == SITE) & (sites["tenant"] == "openai") & (sites["operator"] == "oracle")]
    if site.empty:
        return None
    use = "uses" if (site["status"] == "live").all() else "is to use"
    told = f"OpenAI {use} the campus, which Oracle runs. What it pays for this campus is not published."
    return _step(OPENAI, ORACLE, "computing", "orders", told, [site], f.ledger.deals.head(0))


def _rent(f: Facts) -> Step | None:
    lease, term = f.standing("oracle-abilene-lease"), f.term("abilene-lease-term")
    if lease.empty:
        return None
    years = text(term, "after")
    length = f" for {years}" if years else ""
    told = f"Oracle rents the campus from its owners{length}{PRESS if _is_press(lease) else ''}."
    told += " The rent is not published." if deals.is_unpriced(lease).all() else ""
    return _step(ORACLE, OWNERS, "rent", "orders", told, [lease, term], lease)


def _loans(f: Facts) -> Step | None:
    loans, whole = f.payments(payee=VENTURE, kind="debt"), f.standing("abilene-jv")
    if loans.empty:
        return None
    sums = deals.total(loans)
    lent = formats.quantity(None, "usd_bn", sums.low, sums.high, sums.is_open)
    part = f", of the {formats.amount(value(whole, 'high_usd_bn'), 'usd_bn')} that the campus costs without chips"
    is_part = len(whole) and value(whole, "high_usd_bn") > sums.high
    told = f"The owners have borrowed {lent} from banks{part if is_part else ''}. They pay it back with interest."
    return _step(OWNERS, BANKS, "loans to repay", "debt", told, [loans, *([whole] if is_part else [])], loans)


def _chips(f: Facts) -> Step | None:
    chips = f.standing("oracle-nvidia-gb200-abilene")
    if chips.empty:
        return None
    press = PRESS if _is_press(chips) else ""
    return _step(
        ORACLE, NVIDIA, "chips", "orders", f"Oracle buys NVIDIA’s chips for the campus{press}.", [chips], chips
    )


def _shares(f: Facts) -> Step | None:
    shares = f.payments(payer="nvidia", payee="openai", kind="equity")
    shares = shares[~deals.in_talks(shares)]
    if shares.empty:
        return None
    has = {True: "has bought", False: "has bought or promised to buy"}[bool((shares["status"] == deals.CLOSED).all())]
    told = f"NVIDIA {has} shares of OpenAI. OpenAI may spend that money on anything, Oracle’s bill included."
    return _step(NVIDIA, OPENAI, "shares", "equity", told, [shares], shares)


def _land(f: Facts) -> Step | None:
    shares = f.standing("nvidia-lancium-equity")
    if shares.empty:
        return None
    buys = "is also said to buy" if _is_press(shares) else "also buys"
    told = f"NVIDIA {buys} shares of Lancium, which owns the land and the power supply."
    return _step(NVIDIA, LAND, "shares", "equity", told, [shares], shares)


def _is_press(rows: pd.DataFrame) -> bool:
    return bool((rows["status"] == deals.REPORTED).all())


def owners(ledger: Ledger) -> str:
    """Return who owns the campus, as its venture's name tells in parentheses, else that name."""
    name = ledger.name(VENTURE)
    inside = name.partition("(")[2].rstrip(") ")
    return formats.listed([part.strip() for part in inside.split(",")]) if inside else name


def finding(steps: pd.DataFrame) -> str:
    """Return in a sentence which payments have a published price."""
    told = {(OPENAI, ORACLE): BILL, (ORACLE, OWNERS): RENT}
    silent = [told.get((s.payer, s.payee), s.what) for s in steps[~steps["is_priced"]].itertuples()]
    if set(silent) == {BILL, RENT}:
        return f"The two payments that Abilene rests on, {BILL} and {RENT}, have no published price"
    if not silent:
        return "Every payment that we know of in Abilene has a published price"
    verb = "has" if len(silent) == 1 else "have"
    words = formats.listed(silent)
    return f"In Abilene {words} {verb} no published price"


def parties(ledger: Ledger) -> dict[str, str]:
    """Return a few words on each party of the walk, "" where its name says enough."""
    return {
        OPENAI: "the customer",
        ORACLE: "runs the campus",
        OWNERS: owners(ledger),
        BANKS: "lend to the owners",
        NVIDIA: "makes the chips",
        LAND: "land and power",
    }


def note(ledger: Ledger, scenario: str = "central") -> str:
    """Return what the walk leaves open: that OpenAI's contract with Oracle is for other campuses."""
    contract = deals.total(Facts(ledger, "oracle_softbank", scenario).standing("openai-oracle-compute"))
    if contract.deals == contract.undisclosed:
        return ""
    price = formats.quantity(None, "usd_bn", contract.low, contract.high, contract.is_open)
    return f"OpenAI’s contract with Oracle, {price}, is for capacity on top of Abilene."
