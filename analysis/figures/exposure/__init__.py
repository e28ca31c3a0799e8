"""Figures of exposure: what each supplier and holder has riding on OpenAI."""

from analysis.figures.exposure.holders import fig_exposure_holders
from analysis.figures.exposure.orders import fig_exposure_owed, fig_exposure_years
from analysis.figures.exposure.stress import fig_exposure_half, fig_exposure_reverse, fig_exposure_stress

__all__ = [
    "fig_exposure_half",
    "fig_exposure_holders",
    "fig_exposure_owed",
    "fig_exposure_reverse",
    "fig_exposure_stress",
    "fig_exposure_years",
]
