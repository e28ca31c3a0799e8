"""Charts to SVG, cards to PNG."""
