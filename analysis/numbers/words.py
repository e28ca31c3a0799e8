"""The words of readers for keys of the ledger."""

from analysis.models import bases

# What the amount of a deal rests on (see `models.deals.basis`), the firmest first.
DEAL_STATES = {
    bases.AGREED: "signed",
    bases.ANNOUNCED: "announced",
    bases.REPORTED: "reported by press",
    bases.TALKS: "in talks",
}
