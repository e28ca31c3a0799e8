"""What a company is called where there is little room, and which companies stand for which."""

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models.network import SCOPES
from analysis.numbers import modelling


def short_name(name: str) -> str:
    """A firm's name without what stands in parentheses and the word Group."""
    return name.split(" (")[0].removesuffix(" Group")


def group_note(ledger: Ledger, scopes: tuple[str, ...] = SCOPES) -> str:
    """A sentence for each firm whose deals count as its group's; empty when none has a deal yet."""
    deals = counted.payments(ledger.deals)
    deals = deals[deals["scope"].isin(scopes)]
    known, groups = {*deals["payer"], *deals["payee"]}, modelling.parties(ledger).groups
    pairs = [
        (short_name(ledger.name(group)), ledger.name(member)) for member, group in groups.items() if member in known
    ]
    return " ".join(f"{group} includes {member}." for group, member in pairs)
