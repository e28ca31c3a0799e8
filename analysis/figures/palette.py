"""Colours by what they mean: a kind of money has one colour in every chart, legend and page.

A role (``equity``, ``live``, ``nvidia``) is drawn in one of a few hues. A chart writes a role as a CSS variable with
the light page's hue as its fallback, so one drawing serves light and dark, and a notebook without the site's style
sheet still shows it. ``roundtrip.css`` repeats `ROLES` and `HUES` for the page (a test holds them together). The kinds
of money are told apart in three kinds of colour blindness (tested); colour is never the only sign. Scales over roles
are discrete: an interpolated scale cannot read a variable.
"""

from collections.abc import Iterable, Mapping

import altair as alt

HUES = {
    "blue": "#026eb7",
    "orange": "#ac6000",
    "green": "#356946",
    "pink": "#853d75",
    "red": "#bc123a",
    "olive": "#3a4801",
    "sky": "#2576a5",
    "faint": "#858789",
}
MONEY = {
    "equity": "orange",
    "orders": "blue",  # what OpenAI pays for computing
    "customers": "green",  # revenue
    "debt": "pink",
    "guarantees": "olive",  # and other promises that only bind if something happens
    "loss": "red",  # and what is missing: a gap, a shortfall
}
ROLES = MONEY | {
    "profit": "green",
    "value": "sky",  # worth on paper
    "capacity": "sky",
    "other": "faint",
    # States of a site or a promise.
    "live": "green",
    "building": "orange",
    "planned": "blue",
    "paused": "pink",
    "disputed": "red",
    # Vendors of chips and clouds.
    "amazon": "orange",
    "nvidia": "green",
    "google": "blue",
    "amd": "pink",
    # Lines and bars that show neither money nor a state, in the order in which they are drawn.
    "first": "blue",
    "second": "orange",
    "third": "green",
    "fourth": "pink",
    "fifth": "red",
}
SERIES = ("first", "second", "third", "fourth", "fifth")
INK = "var(--rt-ink, #1c1a17)"
MUTED = "var(--rt-muted, #5d574e)"
FAINT = "var(--rt-faint, #858789)"
GRID = "var(--rt-grid, #e5dfd2)"
PAPER = "var(--rt-paper, #fcfaf5)"
PANEL = "var(--rt-panel, #f5f1e8)"


def colour_of(role: str) -> str:
    """Return the colour of a role as a CSS variable with its fallback.

    Raises
    ------
    ValueError
        For a role that is not in `ROLES`.
    """
    if role not in ROLES:
        raise ValueError(
            f"no colour is defined for {role!r}; add it to ROLES in figures/palette.py and to roundtrip.css"
        )
    return f"var(--rt-{role}, {HUES[ROLES[role]]})"


def scale(roles: Mapping[str, str], present: Iterable[str] | None = None) -> alt.Scale:
    """Return the discrete colour scale of a chart's categories.

    Parameters
    ----------
    roles
        The role of each category, in the order of the legend.
    present
        The categories that are drawn; those without a role are drawn as ``other``. All of ``roles`` if None.
    """
    drawn = list(roles) if present is None else list(dict.fromkeys(present))
    names = [n for n in roles if n in drawn] + [n for n in drawn if n not in roles]
    return alt.Scale(domain=names, range=[colour_of(roles.get(n, "other")) for n in names])


def series(names: Iterable[str]) -> dict[str, str]:
    """Return a role for each category that is not money: the series colours in their order, then ``other``."""
    return {name: SERIES[i] if i < len(SERIES) else "other" for i, name in enumerate(dict.fromkeys(names))}
