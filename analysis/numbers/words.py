"""The words of readers for keys of the ledger."""

from typing import NamedTuple

from analysis.models import bases

PAYS, LENDS, GIVES = ("pay", "paid", "paid"), ("lend", "lent", "lent"), ("give", "gave", "given")
STANDS_BEHIND = ("stand behind", "stood behind", "stood behind")


class DealWords(NamedTuple):
    """What is said of the deals of a kind; ``verbs`` are what a payer does, did and has done."""

    name: str
    heading: str
    purpose: str  # what the money is for, behind the amount
    verbs: tuple[str, str, str] = PAYS
    plan: str = ""  # the purpose of a plan, of which nothing says how much will be lent
    short: str = ""  # what changes hands, where the name of the deal does not say it

    @property
    def thing(self) -> str:
        """What changes hands: "computing", "loan"."""
        return self.short or self.name


class MoneyWords(NamedTuple):
    """What is said of a kind of money (see `models.deals.MONEY_KINDS`)."""

    name: str
    heading: str
    legend: str
    to_openai: str  # with an amount: what the other side does
    pays: str  # what a company that pays does
    is_paid: str


DEAL_WORDS = {
    "equity": DealWords("shares", "Shares", "for shares"),
    "debt": DealWords("loan", "Loan", "as a loan", LENDS, plan="in financing"),
    "compute": DealWords("order", "Computing", "for computing", short="computing"),
    "chips": DealWords("order", "Chips", "for chips", short="chips"),
    "lease": DealWords("lease", "Lease", "for a lease"),
    "revenue-share": DealWords("share of revenue", "Share of revenue", "as a share of revenue"),
    "commercial": DealWords("services", "Services", "for services"),
    "guarantee": DealWords("guarantee", "Guarantee", "as a guarantee", STANDS_BEHIND),
    "warrant": DealWords("warrant", "Warrant", "in warrants", short="warrants"),
    "donation": DealWords("gift", "Gift", "as a gift", GIVES),
}


class DealDoes(NamedTuple):
    """What one who pays, and one who is paid, by a kind of deal does, before the name of the other."""

    pays: str
    is_paid: str


DEAL_DOES = {
    "equity": DealDoes("invests in", "raises money from"),
    "debt": DealDoes("lends to", "borrows from"),
    "compute": DealDoes("buys computing from", "sells computing to"),
    "chips": DealDoes("buys chips from", "sells chips to"),
    "lease": DealDoes("rents from", "leases to"),
    "revenue-share": DealDoes("shares its revenue with", "takes a share of the revenue of"),
    "commercial": DealDoes("buys services from", "sells services to"),
    "guarantee": DealDoes("stands behind", "is backed by"),
    "warrant": DealDoes("gives warrants to", "holds warrants of"),
    "donation": DealDoes("gives to", "is given money by"),
}
MONEY_WORDS = {
    "orders": MoneyWords(
        "orders", "Orders", "orders: compute, chips, leases", "sells {}", "Buys and rents", "Sells and leases"
    ),
    "equity": MoneyWords("shares", "Shares", "shares", "puts in {}", "Invests in shares", "Sells shares"),
    "debt": MoneyWords("loans", "Loans and bonds", "loans and bonds", "lends {}", "Lends", "Borrows"),
    "guarantees": MoneyWords(
        "guarantees", "Guarantees", "guarantees", "guarantees {}", "Stands behind others", "Is backed by others"
    ),
}

# What the amount of a deal rests on (see `models.deals.basis`), the firmest first.
DEAL_STATES = {
    bases.AGREED: "signed",
    bases.ANNOUNCED: "announced",
    bases.REPORTED: "reported by press",
    bases.TALKS: "in talks",
}
SITE_STATES = {
    "live": "partly live",
    "under construction": "being built",
    "planned": "planned",
    "paused": "paused",
    "cancelled": "cancelled",
}
IN_FULL = "live in full"  # of a live site of which all that is planned runs
# The state of a right, with its holder's name where one belongs to it.
RIGHT_STATES = {
    "exclusive": "{} alone",
    "first_refusal": "{} first",
    "held": "licensed to {}",
    "open": "open to all",
    "distributor": "{} is the only outside cloud",
    "disputed": "agents disputed",
    "ended": "ended",
}
# What a metric rests on: after the metric, and before its period.
BASIS_WORDS = {
    "projection": "forecast",
    "guidance": "said by OpenAI",
    "reported": "press report",
    "estimate": "estimate",
}
# What a number rests on, as its note says it.
BASIS_GROUNDS = {
    bases.AGREED: "signed deals",
    bases.ANNOUNCED: "announced deals",
    "actual": "company figures",
    bases.REPORTED: "press reports",
    "estimate": "estimates",
    "guidance": "company outlooks",
    "projection": "forecasts",
    bases.TALKS: "talks",
}
# The same where none of the documents behind it is the firm's own.
AT_SECOND_HAND = {BASIS_GROUNDS["actual"]: "company figures, as others tell them"}
# What a single figure rests on, behind it: "US$19bn, company figure".
BASIS_TOLD = {
    "actual": "company figure",
    bases.REPORTED: "press report",
    "estimate": "estimate",
    "guidance": "company outlook",
    "projection": "forecast",
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
    "AU": "Australia",
    "CA": "Canada",
    "CH": "Switzerland",
    "CN": "China",
    "DE": "Germany",
    "FI": "Finland",
    "FR": "France",
    "GB": "Britain",
    "IN": "India",
    "JP": "Japan",
    "KR": "South Korea",
    "NL": "Netherlands",
    "NO": "Norway",
    "PT": "Portugal",
    "TW": "Taiwan",
    "US": "United States",
}
SPELLING = {"ai": "AI", "gw": "GW", "us": "US", "altman": "Altman", "stargate": "Stargate"}  # of the parts of a key
ROLE_NAMES = {"payment": "payment", "contingent": "only if", "total": "total of others", "claim": "plan"}
SCOPE_NAMES = {"openai": "OpenAI's", "chain": "partners'", "comparator": "for comparison", "history": "before"}
VERIFIED_NAMES = {"primary": "primary text", "multi": "several pages", "single": "one page"}
DEAL_ROLES = {
    "payment": "Money paid or expected to move: it counts in every sum.",
    "contingent": "Moves only if something else happens, so it counts in no sum.",
    "total": "The sum of deals that are counted one by one, so it counts in no sum.",
    "claim": "A headline plan and no contract, so it counts in no sum.",
}
STATUS_WORDS = {"reported": "reported by the press", "amended": "signed and amended", "paused": "signed and paused"}
VERIFIED_WORDS = {
    "primary": "the primary text was read",
    "multi": "several pages agree",
    "single": "one page says so",
}
RANK_NAMES = {"primary": "primary document", "first report": "first report", "relay": "relayed"}  # of one source
RANK_COUNTS = {
    "primary": ("primary document", "primary documents"),
    "first report": ("first report", "first reports"),
    "relay": ("page that relays others", "pages that relay others"),
}
RANK_WORDS = {"primary": "Primary texts", "first report": "First reports", "relay": "Pages that relay others"}
COMPANY_NOUNS = {
    "lab": "an AI lab",
    "cloud": "a cloud company",
    "chipmaker": "a maker of chips and hardware",
    "neocloud": "a GPU cloud",
    "developer": "a builder of data centres or power",
    "investor": "an investor",
    "lender": "a lender",
    "merchant": "an online seller",
    "foundation": "a foundation",
    "industrial": "a manufacturer",
}
# What a company is that its kind in the registry does not describe.
NOUNS_OF = {
    "meta": "which owns Facebook and runs data centres",
    "spacex": "which builds rockets and rents out computing",
    "winstar": "a telephone company",
    "lucent": "a maker of telephone equipment",
    "nortel": "a maker of telephone equipment",
}
COMPANY_KINDS = {
    "lab": "AI lab",
    "cloud": "Cloud company",
    "chipmaker": "Maker of chips and hardware",
    "neocloud": "GPU cloud",
    "developer": "Builder of data centres or power",
    "investor": "Investor",
    "lender": "Lender",
    "merchant": "Online seller",
    "foundation": "Foundation",
    "pool": "Group counted as one",
    "public": "Public programme",
    "industrial": "Manufacturer",
}
