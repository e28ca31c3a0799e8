"""Figures of the page on the order of events."""

from analysis.figures.timeline.deals import fig_timeline_deals as fig_timeline_deals
from analysis.figures.timeline.plans import fig_timeline_claims as fig_timeline_claims
from analysis.figures.timeline.quarters import fig_timeline_quarters as fig_timeline_quarters
