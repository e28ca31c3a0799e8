"""What suppliers of computing give to get an order: letters, shares, warrants and guarantees.

Judgements:

- A deal that was cancelled has no amount any more, except the letter, of which sentences say what became.
- How far a promise came is its status: `STATES`. Talks are no promise.
- A right to shares is a warrant, or equity of which only a ceiling is known and that need not be bought.
- A warrant is worth its shares at the highest price on which its vesting depends: the most that it can be worth on the
  day on which it vests in full. What it costs to exercise is next to nothing there and left out.
- The rest of the lease in Ohio is what NVIDIA may, but need not, guarantee too.
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import Facts, value
from analysis.numbers.results import Result, Results
from analysis.numbers.words import STATUS_WORDS

CLOSED, SIGNED, ANNOUNCED, GIVEN_UP = "paid", "signed", "announced", "given up"
PRESS = STATUS_WORDS["reported"]
# How far a promise came, by its status; the firmest first.
STATES = {
    "closed": CLOSED,
    "signed": SIGNED,
    "amended": SIGNED,
    "paused": SIGNED,
    "announced": ANNOUNCED,
    "reported": PRESS,
    "cancelled": GIVEN_UP,
}
LETTER = "nvidia-openai-loi"
GUARANTEES, SHARES, RIGHTS = "guarantees, at most", "shares", "rights and letters, at most"
# The deals that sentences tell, by the name of their number: the deal's key, and its words for readers.
DEALS = {
    "letter": (LETTER, "NVIDIA's letter of intent to OpenAI"),
    "openai_shares": ("nvidia-openai-equity", "NVIDIA's shares in OpenAI's round of 2026"),
    "ohio": ("nvidia-openai-guarantee-ohio", "NVIDIA's guarantee for the leases in Ohio"),
    "option": ("nvidia-compute-financing-backstop", "NVIDIA's option to back its customers' loans"),
    "broadcom_guarantee": ("broadcom-anthropic-lease-guarantee", "Broadcom's guarantee for Anthropic's leases"),
    "broadcom_tranche": ("broadcom-xpv-tranche1-anthropic", "First loan of Broadcom's leasing platform"),
    "broadcom_phase": ("openai-broadcom-phase-1", "First phase of OpenAI's chips from Broadcom, in talks"),
    "google_anthropic": ("google-anthropic-equity-2026", "Google's shares in Anthropic"),
    "google_orders": ("anthropic-google-cloud", "Anthropic's orders at Google, as the press has it"),
    "xai": ("nvidia-xai-equity", "NVIDIA's share in a vehicle that leases chips to xAI, as reported"),
    "coreweave_backstop": ("nvidia-coreweave-backstop", "NVIDIA's promise to buy what CoreWeave leaves unsold"),
    "coreweave_order": ("openai-coreweave-compute", "OpenAI's orders at CoreWeave"),
    "coreweave_shares": ("coreweave-openai-equity", "CoreWeave shares issued to OpenAI"),
    "cerebras_order": ("openai-cerebras-compute", "OpenAI's order at Cerebras"),
    "cerebras_loan": ("openai-cerebras-loan", "OpenAI's loan to Cerebras"),
    "partner_leases": ("nvidia-partner-lease-guarantee", "NVIDIA's guarantees for leases of partners"),
    "amd_anthropic": ("amd-anthropic-equity", "AMD's shares in Anthropic"),
    "iren_cloud": ("nvidia-iren-cloud", "NVIDIA's order at IREN"),
    "iren_option": ("nvidia-iren-equity", "NVIDIA's right to buy shares of IREN"),
    "nebius_shares": ("nvidia-nebius-equity", "NVIDIA's shares in Nebius"),
    "lambda_lease": ("nvidia-lambda-lease", "NVIDIA's rent of its own chips from Lambda"),
    "groq": ("nvidia-groq-license", "NVIDIA's licence from Groq, as the press has it"),
    "lumentum_shares": ("nvidia-lumentum-equity", "NVIDIA's shares in Lumentum"),
    "coherent_shares": ("nvidia-coherent-equity", "NVIDIA's shares in Coherent"),
    "sbenergy_shares": ("nvidia-sbenergy-equity", "NVIDIA's shares in SB Energy"),
    "iren_dell": ("iren-dell-chips", "IREN's order at Dell"),
    "xai_debt": ("xai-spv-debt", "Loans to the vehicle that leases chips to xAI, as reported"),
    "memory": ("openai-samsung-skhynix-memory", "OpenAI's letters of intent for memory, as valued by an analyst"),
}
GIGAWATTS = {
    "amd_gw": ("openai-amd-chips", "Ceiling of OpenAI's order at AMD"),
    "nvidia_gw": ("openai-nvidia-chips-2026", "NVIDIA systems that OpenAI announced with the shares"),
    "letter_gw": (LETTER, "NVIDIA systems in the letter of intent"),
    "meta_gw": ("meta-amd-chips", "Ceiling of Meta's order at AMD"),
    "ohio_lease_gw": ("openai-sbenergy-ohio-lease", "Capacity that OpenAI leases in Ohio"),
}


def facts(ledger: Ledger, scenario: str) -> Facts:
    """Return the facts of this chapter."""
    return Facts(ledger, "chipmakers", scenario)


def talked_before(ledger: Ledger, signed: pd.DataFrame) -> pd.DataFrame:
    """What the press last wrote of deals with an amount before they were signed: a row of the history each."""
    rows = ledger.history["deals"]
    rows = rows[rows["deal"].isin(signed["deal"]) & (rows["status"] == counted.REPORTED) & rows["high_usd_bn"].notna()]
    return rows.sort_values("as_of", kind="stable").drop_duplicates("deal", keep="last")


def made(rows: pd.DataFrame, payers: tuple[str, ...]) -> pd.DataFrame:
    """The promises of some firms among deals or their history, with `state` and `sort` (shares, rights, guarantees)."""
    kept = rows[rows["payer"].isin(payers) & rows["kind"].isin(("equity", "warrant", "guarantee"))]
    kept = kept[~counted.in_talks(kept)]
    is_right = (kept["kind"] == "warrant") | ((kept["role"] == "contingent") & kept["low_usd_bn"].isna())
    sort = pd.Series(SHARES, index=kept.index).mask(is_right, RIGHTS).mask(kept["kind"] == "guarantee", GUARANTEES)
    return kept.assign(state=kept["status"].map(STATES), sort=sort)


def first_told(ledger: Ledger, deals: pd.Series) -> pd.DataFrame:
    """The row of the history by which each deal came to its newest state and amount; what later rows confirm is older.

    Parameters
    ----------
    ledger
        As known on the day of the report.
    deals
        Keys of deals that it knows; the rows returned have their order.
    """
    history = ledger.history["deals"].sort_values("as_of", kind="stable")
    said = pd.DataFrame(
        {
            "state": history["status"].map(STATES),
            "low": history["low_usd_bn"].fillna(-1.0),
            "high": history["high_usd_bn"].fillna(-1.0),
        }
    )
    is_new = (said != said.groupby(history["deal"]).shift()).any(axis=1)
    return history[is_new].drop_duplicates("deal", keep="last").set_index("deal", drop=False).loc[list(deals)]


def _exact(gigawatts: float) -> str | None:
    """Gigawatts with two digits, so that parts add up to their whole."""
    return None if pd.isna(gigawatts) else f"{formats.rounded(gigawatts, 2)} GW"


def warrant_worth(f: Facts, supplier: str, customer: str) -> tuple[float, tuple[pd.DataFrame, ...]]:
    """What a warrant is worth when it vests in full, US$ bn (NaN where not known), and the rows behind it."""
    shares = f.last(supplier, f"warrant_shares_{customer}")
    price = f.last(supplier, f"warrant_top_price_{customer}")
    return value(shares) * value(price) / 1000, (shares, price)


def _warrants(f: Facts) -> list[Result]:
    """What the warrants for customers are worth when they vest in full, and what the customer must buy for it."""
    worth, rows = warrant_worth(f, "amd", "openai")
    label = "AMD's warrant for OpenAI"
    how = "Shares times the highest share price on which vesting depends."
    found = [
        f.result("amd_price", f"{label}, highest target price", value(rows[1]), "usd", rows[1]),
        f.result("amd_worth", f"{label}, worth at that price", worth, "usd_bn", *rows, how=how),
    ]
    steps, step = (f.last("marvell", f"warrant_{name}_google") for name in ("steps", "revenue_per_step"))
    label = "Marvell's warrant for Google"
    return [
        *found,
        f.result("marvell_steps", f"{label}, steps of vesting", value(steps), "count", steps),
        f.result("marvell_step", f"{label}, purchases for each step", value(step), "usd_bn", step),
        f.result(
            "marvell_orders",
            f"{label}, purchases for all steps",
            value(steps) * value(step),
            "usd_bn",
            steps,
            step,
            how="Steps times the revenue of each.",
        ),
    ]


def promises(ledger: Ledger, scenario: str = "central") -> Results:
    """What each supplier gave, deal by deal."""
    f = facts(ledger, scenario)

    def rows(key: str) -> pd.DataFrame:
        return f.deal(key) if key == LETTER else f.standing(key)

    found = [f.amount(name, label, rows(key), "Published amount of the deal.") for name, (key, label) in DEALS.items()]
    for name, (key, label) in GIGAWATTS.items():
        found.append(f.result(name, label, value(rows(key), "gw"), "gw", rows(key)))
    history = ledger.history["deals"]
    order = history[history["deal"] == DEALS["coreweave_order"][0]].sort_values("as_of", kind="stable").head(1)
    letter, shares, ohio = (f.deal(DEALS[name][0]) for name in ("letter", "openai_shares", "ohio"))
    lease = f.standing("openai-sbenergy-ohio-lease")
    signed = counted.signed(ohio)
    backed = value(signed, "gw")
    is_letter = len(letter) > 0 and letter["status"].iloc[-1] != "cancelled"
    is_signed, is_bought = len(counted.signed(shares)) > 0, bool((shares["status"] == counted.CLOSED).any())
    given = made(ledger.deals, ("nvidia",))
    given = given[(given["kind"] == "guarantee") & (given["state"] == SIGNED)]
    return Results(
        [
            *found,
            f.result("ohio_gw", "Capacity in Ohio that NVIDIA stands behind", _exact(backed), "text", signed),
            f.result(
                "ohio_option_gw",
                "Capacity in Ohio that NVIDIA may back beside",
                _exact(value(lease, "gw") - backed),
                "text",
                lease,
                signed,
                how="Capacity of OpenAI's lease less that of the guarantee.",
            ),
            f.amount(
                "ohio_talked",
                "Guarantee for the leases in Ohio, as the press had it before one was signed",
                talked_before(ledger, signed),
            ),
            *_warrants(f),
            f.amount("coreweave_first", "OpenAI's first order at CoreWeave", order),
            f.amount("guaranteed", "NVIDIA's signed guarantees and duties to buy", given),
            f.result("is_letter", "NVIDIA's letter to OpenAI stands", is_letter, "flag", letter),
            f.result("is_share", "NVIDIA has signed for OpenAI's shares", is_signed and not is_bought, "flag", shares),
            f.result("is_share_bought", "NVIDIA has bought OpenAI's shares", is_bought, "flag", shares),
        ]
    )


def stakes(ledger: Ledger, scenario: str = "central") -> Results:
    """NVIDIA's shares in other firms by how far each came, and how many firms they are."""
    f = facts(ledger, scenario)
    bought = made(ledger.deals, ("nvidia",))
    bought = bought[(bought["sort"] == SHARES) & (bought["state"] != GIVEN_UP)]
    words = {CLOSED: "paid for", SIGNED: "signed", ANNOUNCED: "announced", PRESS: PRESS}
    parts = {state: bought[bought["state"] == state] for state in words}
    said = [
        f"{f.amount('', '', rows).text} {words[state]} ({formats.counted(rows['payee'].nunique(), 'firm', 'firms')})"
        for state, rows in parts.items()
        if len(rows)
    ]
    ways = bought.groupby("payee")["state"].nunique()
    twice = formats.listed([short_name(ledger.name(firm)) for firm in ways.index[ways > 1]])
    firms = (formats.listed(said) + f"; {twice} in more than one of these" * bool(twice)) or None
    in_coreweave = bought[(bought["payee"] == "coreweave") & (bought["state"] == CLOSED)]
    return Results(
        [
            f.amount("shares_paid", "Shares that NVIDIA has paid for, by the deals here", parts[CLOSED]),
            f.result("shares", "NVIDIA's shares in other firms", firms, "text", bought),
            f.result("firms", "Firms whose shares NVIDIA buys or has", bought["payee"].nunique(), "count", bought),
            f.amount("coreweave_held", "What NVIDIA paid for shares of CoreWeave", in_coreweave),
            f.result("has_shares", "Shares bought by NVIDIA are known", len(bought) > 0, "flag", bought),
        ]
    )
