"""Figures and tables of the chapter on what was said and what came."""

from analysis.figures.scorecard.others import (
    fig_scorecard_others,
    fig_scorecard_promises,
    table_ahead,
    table_days,
    table_promises,
    table_statements,
)
from analysis.figures.scorecard.statements import (
    fig_scorecard_burn,
    fig_scorecard_places,
    fig_scorecard_rivals,
    fig_scorecard_sales,
)

__all__ = [
    "fig_scorecard_burn",
    "fig_scorecard_others",
    "fig_scorecard_places",
    "fig_scorecard_promises",
    "fig_scorecard_rivals",
    "fig_scorecard_sales",
    "table_ahead",
    "table_days",
    "table_promises",
    "table_statements",
]
