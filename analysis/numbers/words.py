"""The words of readers for keys of the ledger."""

from analysis.models import bases

# What the amount of a deal rests on (see `models.deals.basis`), the firmest first.
DEAL_STATES = {
    bases.AGREED: "signed",
    bases.ANNOUNCED: "announced",
    bases.REPORTED: "reported by press",
    bases.TALKS: "in talks",
}
DEAL_KINDS = {"equity": "shares", "debt": "loan", "compute": "order", "chips": "order", "lease": "lease"}
SITE_STATES = {
    "live": "partly live",
    "under construction": "being built",
    "planned": "on paper",
    "paused": "paused",
    "cancelled": "cancelled",
}
# The state of a right, with its holder's name where one belongs to it.
RIGHT_STATES = {
    "exclusive": "{} alone",
    "first_refusal": "{} first",
    "held": "{} licensed",
    "open": "open to all",
    "distributor": "{}, only outside cloud",
    "disputed": "disputed",
    "ended": "ended",
}
# What a metric rests on: after the metric, and before its period.
BASIS_WORDS = {
    "projection": "forecast",
    "guidance": "said by OpenAI",
    "reported": "press report",
    "estimate": "estimate",
}
BASIS_NOUNS = {
    "actual": "the figure of",
    "reported": "the reported figure of",
    "estimate": "the estimate for",
    "guidance": "the guidance for",
    "projection": "the projection for",
    "talks": "the talks of",
}
COUNTRIES = {
    "AE": "Emirates",
    "AR": "Argentina",
    "FR": "France",
    "GB": "Britain",
    "IN": "India",
    "KR": "South Korea",
    "NO": "Norway",
    "PT": "Portugal",
}
SPELLING = {"ai": "AI", "gw": "GW", "us": "US", "altman": "Altman", "stargate": "Stargate"}  # of the parts of a key
