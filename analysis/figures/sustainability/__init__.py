"""Figures of the chapter on sustainability."""

from analysis.figures.sustainability.cash import (
    fig_sustainability_bridge,
    fig_sustainability_gap,
    fig_sustainability_scenarios,
    fig_sustainability_specifications,
    fig_sustainability_tornado,
    table_choices,
)
from analysis.figures.sustainability.forecasts import fig_sustainability_burn, fig_sustainability_outside
from analysis.figures.sustainability.own import (
    fig_sustainability_accounts,
    fig_sustainability_revisions,
    fig_sustainability_rounds,
)

__all__ = [
    "fig_sustainability_accounts",
    "fig_sustainability_bridge",
    "fig_sustainability_burn",
    "fig_sustainability_gap",
    "fig_sustainability_outside",
    "fig_sustainability_revisions",
    "fig_sustainability_rounds",
    "fig_sustainability_scenarios",
    "fig_sustainability_specifications",
    "fig_sustainability_tornado",
    "table_choices",
]
