"""Pictures that stand alone: a figure with its finding and its sources as PNG, and a card for each page."""

import io
import re
import textwrap
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis import templates
from analysis.book.drawing.renderer import identity, renderer
from analysis.book.running.files import keep_whole, mark_used
from analysis.digests import digest
from analysis.figures.figure import FONT

WIDTH, MIN_HEIGHT = 1200, 630
MARGIN = 56
LINE_SPACING = 1.25  # of a font size
MAX_TITLE = 260  # characters of a title in a picture
PAPER, INK, MUTED, ACCENT = "#fcfaf5", "#1c1a17", "#5d574e", "#1f5a48"


def plain_svg(svg: str) -> str:
    """A drawing with the fallback colours in place of the site's variables."""
    return re.sub(r"var\(--rt-[a-z]+, (#[0-9a-f]{6})\)", r"\1", svg)


def on_paper(svg: str) -> str:
    """A drawing on the colour of the page, without the site's variables."""
    ground = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    return re.sub(r"(<svg[^>]*>)", rf"\1{ground}", plain_svg(svg), count=1)


def _wrap(text: str, size: int, max_lines: int) -> list[str]:
    """Text broken into lines that fit the width at a font size."""
    fits = int((WIDTH - 2 * MARGIN) / (size * 0.53))
    return textwrap.wrap(text, fits, max_lines=max_lines, placeholder=" …")


def _place(lines: list[str], y: float, size: int, colour: str, weight: str = "normal") -> list[dict[str, Any]]:
    """Lines as the template takes them, the first at height ``y``."""
    return [
        {"text": line, "y": y + i * size * LINE_SPACING, "size": size, "colour": colour, "weight": weight}
        for i, line in enumerate(lines)
    ]


def _card(height: float, lines: list[dict[str, Any]], chart: dict[str, Any] | None = None) -> str:
    return templates.render(
        "drawing/card.svg",
        width=WIDTH,
        height=f"{height:.0f}",
        margin=MARGIN,
        paper=PAPER,
        accent=ACCENT,
        font=FONT,
        lines=lines,
        chart=chart,
    )


def figure_card(svg: str, title: str, subtitle: str, foot: str) -> str:
    """A figure as one drawing, as wide as a card and as high as it needs.

    Parameters
    ----------
    svg
        The wide drawing of the page.
    title, subtitle
        Its finding, and what is drawn.
    foot
        Where it comes from.
    """
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if not size:
        raise ValueError("the drawing has no size")
    width, height = float(size.group(1)), float(size.group(2))
    scale = min((WIDTH - 2 * MARGIN) / width, 2.0)
    heads, subs = _wrap(title[:MAX_TITLE], 34, 3), _wrap(subtitle[:MAX_TITLE], 21, 3)
    y = 70.0
    lines = _place(heads, y, 34, INK, "bold")
    y += len(heads) * 34 * LINE_SPACING + 2
    lines += _place(subs, y, 21, MUTED)
    y += (len(subs) - 1) * 21 * LINE_SPACING + 24
    inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", plain_svg(svg), flags=re.S)
    room = max(height * scale, MIN_HEIGHT - y - 70)
    chart = {
        "x": MARGIN + (WIDTH - 2 * MARGIN - width * scale) / 2,
        "y": y + (room - height * scale) / 2,
        "scale": scale,
        "drawing": Markup(inner),
    }
    y += room + 44
    return _card(y + 26, lines + _place([foot], y, 19, MUTED), chart)


def page_card(title: str, words: str, foot: str) -> str:
    """A page as a picture: its title and its first sentences."""
    heads, subs = _wrap(title[:MAX_TITLE], 60, 3), _wrap(words, 30, 7)
    y = 130.0
    lines = _place(heads, y, 60, INK, "bold")
    y += len(heads) * 60 * LINE_SPACING + 10
    subs = subs[: int((MIN_HEIGHT - 90 - y) / (30 * LINE_SPACING))]
    lines += _place(subs, y, 30, MUTED) + _place([foot], MIN_HEIGHT - 40, 22, ACCENT, "bold")
    return _card(MIN_HEIGHT, lines)


def to_png(svg: str, cache: Path | None, name: str) -> bytes:
    """The picture as PNG, kept in ``cache`` under the digest of its drawing."""
    from PIL import Image

    kept = cache / f"{name}-{digest(svg, Path(__file__).read_bytes(), identity())}.png" if cache else None
    if kept and kept.exists() and (data := kept.read_bytes()).endswith(b"IEND\xaeB`\x82"):
        mark_used(kept)
        return data
    out = io.BytesIO()
    with Image.open(io.BytesIO(renderer().svg_to_png(svg))) as picture:
        flat = picture.convert("RGB").quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        flat.save(out, "PNG")
    data = out.getvalue()
    if kept:
        keep_whole(kept, data)
    return data
