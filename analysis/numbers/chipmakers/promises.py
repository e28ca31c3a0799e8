"""What suppliers of computing give to get an order: letters, shares, warrants and guarantees.

Judgements:

- A deal that was cancelled has no amount any more, except the letter, of which sentences say what became.
- Shares that NVIDIA has bought or agreed to buy are those signed, closed or announced; what the press alone tells, and
  talks, are not among them. Warrants have no amount of money.
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import SIGNED_STATUSES
from analysis.models import deals as counted
from analysis.numbers.facts import Facts, value
from analysis.numbers.results import Results

FIRM_STATUSES = (*SIGNED_STATUSES, "announced")
LETTER = "nvidia-openai-loi"
# The deals that sentences tell, by the name of their number: the deal's key, and its words for readers.
DEALS = {
    "letter": (LETTER, "NVIDIA's letter of intent to OpenAI"),
    "openai_shares": ("nvidia-openai-equity", "NVIDIA's shares in OpenAI's round of 2026"),
    "ohio": ("nvidia-openai-guarantee-ohio", "NVIDIA's guarantee for the leases in Ohio"),
    "option": ("nvidia-compute-financing-backstop", "NVIDIA's option to back its customers' loans"),
    "financing": ("compute-financing-mou-2026", "Loans to NVIDIA's customers that others are to give"),
    "broadcom_guarantee": ("broadcom-anthropic-lease-guarantee", "Broadcom's guarantee for Anthropic's leases"),
    "broadcom_tranche": ("broadcom-xpv-tranche1-anthropic", "First loan of Broadcom's leasing platform"),
    "broadcom_phase": ("openai-broadcom-phase-1", "First phase of OpenAI's chips from Broadcom, in talks"),
    "anthropic_tpus": ("anthropic-broadcom-tpu-orders", "Anthropic's orders at Broadcom"),
    "coreweave_backstop": ("nvidia-coreweave-backstop", "NVIDIA's promise to buy what CoreWeave leaves unsold"),
    "coreweave_order": ("openai-coreweave-compute", "OpenAI's orders at CoreWeave"),
    "coreweave_shares": ("coreweave-openai-equity", "CoreWeave shares given to OpenAI"),
    "cerebras_order": ("openai-cerebras-compute", "OpenAI's order at Cerebras"),
    "cerebras_loan": ("openai-cerebras-loan", "OpenAI's loan to Cerebras"),
    "partner_leases": ("nvidia-partner-lease-guarantee", "NVIDIA's guarantees for leases of partners"),
    "anthropic_shares": ("nvidia-anthropic-equity", "NVIDIA's shares in Anthropic"),
    "amd_anthropic": ("amd-anthropic-equity", "AMD's shares in Anthropic"),
    "iren_cloud": ("nvidia-iren-cloud", "NVIDIA's order at IREN"),
    "iren_option": ("nvidia-iren-equity", "NVIDIA's right to buy shares of IREN"),
    "nebius_shares": ("nvidia-nebius-equity", "NVIDIA's shares in Nebius"),
    "lambda_lease": ("nvidia-lambda-lease", "NVIDIA's rent of its own chips from Lambda"),
    "groq": ("nvidia-groq-license", "NVIDIA's licence from Groq, as the press has it"),
    "intel_shares": ("nvidia-intel-equity", "NVIDIA's shares in Intel"),
    "nokia_shares": ("nvidia-nokia-equity", "NVIDIA's shares in Nokia"),
    "lumentum_shares": ("nvidia-lumentum-equity", "NVIDIA's shares in Lumentum"),
    "coherent_shares": ("nvidia-coherent-equity", "NVIDIA's shares in Coherent"),
    "marvell_shares": ("nvidia-marvell-equity", "NVIDIA's shares in Marvell"),
    "corning_shares": ("nvidia-corning-equity", "NVIDIA's rights to shares of Corning"),
    "lancium_shares": ("nvidia-lancium-equity", "NVIDIA's shares in Lancium, as reported"),
    "sbenergy_shares": ("nvidia-sbenergy-equity", "NVIDIA's shares in SB Energy"),
}
GIGAWATTS = {
    "amd_gw": ("openai-amd-chips", "Ceiling of OpenAI's order at AMD"),
    "nvidia_gw": ("openai-nvidia-chips-2026", "NVIDIA systems that OpenAI announced with the shares"),
    "letter_gw": (LETTER, "NVIDIA systems in the letter of intent"),
    "ohio_gw": ("nvidia-openai-guarantee-ohio", "Capacity in Ohio that NVIDIA stands behind"),
}


def facts(ledger: Ledger, scenario: str) -> Facts:
    """Return the facts as this chapter asks them."""
    return Facts(ledger, "chipmakers", scenario)


def shares_of(rows: pd.DataFrame, holder: str) -> pd.DataFrame:
    """The deals of a ledger or of its history by which a firm buys shares, firm or announced."""
    is_share = (rows["payer"] == holder) & (rows["kind"] == "equity") & (rows["role"] == "payment")
    return rows[is_share & rows["status"].isin(FIRM_STATUSES)]


def promises(ledger: Ledger, scenario: str = "central") -> Results:
    """What each supplier gave, deal by deal."""
    f = facts(ledger, scenario)

    def rows(key: str) -> pd.DataFrame:
        return f.deal(key) if key == LETTER else f.standing(key)

    found = [f.amount(name, label, rows(key), "Published amount of the deal.") for name, (key, label) in DEALS.items()]
    for name, (key, label) in GIGAWATTS.items():
        found.append(f.result(name, label, value(rows(key), "gw"), "gw", rows(key)))
    letter, shares, ohio = (f.deal(DEALS[name][0]) for name in ("letter", "openai_shares", "ohio"))
    is_guaranteed = len(counted.signed(ohio)) > 0
    is_letter = len(letter) > 0 and not is_guaranteed and letter["status"].iloc[-1] != "cancelled"
    is_share = len(counted.signed(shares)) > 0 and not is_guaranteed
    return Results(
        [
            *found,
            f.result("is_letter", "NVIDIA's letter is its newest promise to OpenAI", is_letter, "flag", letter, ohio),
            f.result("is_share", "NVIDIA's newest promise to OpenAI is shares", is_share, "flag", shares, ohio),
        ]
    )


def stakes(ledger: Ledger, scenario: str = "central") -> Results:
    """NVIDIA's shares in other firms, and how many firms they are."""
    f = facts(ledger, scenario)
    rows = shares_of(ledger.deals, "nvidia")
    in_coreweave = rows[rows["payee"] == "coreweave"]
    return Results(
        [
            f.amount("shares", "Shares that NVIDIA has bought or agreed to buy", rows),
            f.result(
                "firms", "Firms whose shares NVIDIA has bought or agreed to buy", rows["payee"].nunique(), "count"
            ),
            f.amount("coreweave_held", "What NVIDIA paid for shares of CoreWeave", in_coreweave),
            f.result("has_shares", "Shares bought by NVIDIA are known", len(rows) > 0, "flag", rows),
        ]
    )
