"""Figures and tables of the chapter on sustainability."""

from analysis.figures.sustainability.cash import (
    fig_sustainability_bridge,
    fig_sustainability_gap,
    fig_sustainability_scenarios,
    table_choices,
    table_counts,
)
from analysis.figures.sustainability.forecasts import fig_sustainability_burn, table_outside
from analysis.figures.sustainability.futures import fig_sustainability_futures, fig_sustainability_levers
from analysis.figures.sustainability.openai_accounts import (
    fig_sustainability_accounts,
    fig_sustainability_rounds,
    table_revisions,
)

__all__ = [
    "fig_sustainability_accounts",
    "fig_sustainability_bridge",
    "fig_sustainability_burn",
    "fig_sustainability_futures",
    "fig_sustainability_gap",
    "fig_sustainability_levers",
    "fig_sustainability_rounds",
    "fig_sustainability_scenarios",
    "table_choices",
    "table_counts",
    "table_outside",
    "table_revisions",
]
