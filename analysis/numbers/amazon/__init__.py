"""What the chapter on Amazon says."""

from analysis.numbers.amazon.anthropic import control
from analysis.numbers.amazon.deal import AWS, EQUITY, aws, deal
from analysis.numbers.amazon.shops import commerce
from analysis.numbers.amazon.trainium import OFFER, RIVAL, chip_price, chips, comparable_offers, million_chips

__all__ = [
    "AWS",
    "EQUITY",
    "OFFER",
    "RIVAL",
    "aws",
    "chip_price",
    "chips",
    "commerce",
    "comparable_offers",
    "control",
    "deal",
    "million_chips",
]
