"""Figures of the chapter on Oracle and SoftBank."""

from analysis.figures.oracle_softbank.abilene import fig_oracle_abilene
from analysis.figures.oracle_softbank.books import (
    fig_oracle_backlog,
    fig_oracle_cash,
    fig_oracle_maturity,
)
from analysis.figures.oracle_softbank.buildout import (
    fig_oracle_headlines,
    fig_oracle_map,
    fig_oracle_sites,
    table_costs,
)
from analysis.figures.oracle_softbank.softbank import fig_oracle_risk, fig_softbank_sources

__all__ = [
    "fig_oracle_abilene",
    "fig_oracle_backlog",
    "fig_oracle_cash",
    "fig_oracle_headlines",
    "fig_oracle_map",
    "fig_oracle_maturity",
    "fig_oracle_risk",
    "fig_oracle_sites",
    "fig_softbank_sources",
    "table_costs",
]
