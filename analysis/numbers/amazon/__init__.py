"""What the chapter on Amazon says."""

from analysis.numbers.amazon.anthropic import control
from analysis.numbers.amazon.business import ANTHROPIC_ORDERS, as_signed_by, aws
from analysis.numbers.amazon.deal import AWS, EQUITY, deal
from analysis.numbers.amazon.payback import paid_in_and_back, payback
from analysis.numbers.amazon.shops import commerce
from analysis.numbers.amazon.trainium import OFFER, RIVAL, chip_price, chips, comparable_offers, million_chips

__all__ = [
    "ANTHROPIC_ORDERS",
    "AWS",
    "EQUITY",
    "OFFER",
    "RIVAL",
    "as_signed_by",
    "aws",
    "chip_price",
    "chips",
    "commerce",
    "comparable_offers",
    "control",
    "deal",
    "million_chips",
    "paid_in_and_back",
    "payback",
]
