"""Pictures that travel alone: a figure with its finding and its sources as PNG, and a card for each page."""

import hashlib
import io
import re
import textwrap
from html import escape
from pathlib import Path

from analysis.book.drawing.renderer import identity, renderer
from analysis.book.running.files import keep_whole, mark_used

WIDTH, LEAST = 1200, 630
MARGIN = 56
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
LONGEST = 260  # characters of a title in a picture


def plain_svg(svg: str) -> str:
    """A drawing that stands alone: fallback colours in place of the site's variables."""
    return re.sub(r"var\(--rt-[a-z]+, (#[0-9a-f]{6})\)", r"\1", svg)


def on_paper(svg: str) -> str:
    """The same on white."""
    return re.sub(r"(<svg[^>]*>)", r'\1<rect width="100%" height="100%" fill="#ffffff"/>', plain_svg(svg), count=1)


def _lines(text: str, size: int, most: int) -> list[str]:
    """Text broken into lines that fit the width at a font size."""
    fits = int((WIDTH - 2 * MARGIN) / (size * 0.53))
    return textwrap.wrap(text, fits, max_lines=most, placeholder=" …")


def _text(lines: list[str], y: float, size: int, colour: str, weight: str = "normal") -> str:
    return "".join(
        f'<text x="{MARGIN}" y="{y + i * size * 1.25:.0f}" font-family="{FONT}" font-size="{size}" font-weight="{weight}" fill="{colour}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )


def _frame(height: float, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}"><rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>'
        f'<rect width="{WIDTH}" height="12" fill="#026eb7"/>{inside}</svg>'
    )


def figure_card(svg: str, title: str, subtitle: str, foot: str) -> str:
    """A figure as one drawing: its finding, what is drawn, the drawing, where it comes from.

    ``svg`` is the wide drawing of the page. As wide as a card and as high as it needs.
    """
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if not size:
        raise ValueError("the drawing has no size")
    width, height = float(size.group(1)), float(size.group(2))
    scale = min((WIDTH - 2 * MARGIN) / width, 2.0)
    heads, subs = _lines(title[:LONGEST], 34, 3), _lines(subtitle[:LONGEST], 21, 3)
    y = 70.0
    words = _text(heads, y, 34, "#1b1f24", "bold")
    y += len(heads) * 34 * 1.25 + 2
    words += _text(subs, y, 21, "#57606a")
    y += (len(subs) - 1) * 21 * 1.25 + 24
    inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", plain_svg(svg), flags=re.S)
    room = max(height * scale, LEAST - y - 70)
    chart = f'<g transform="translate({MARGIN + (WIDTH - 2 * MARGIN - width * scale) / 2:.1f},{y + (room - height * scale) / 2:.1f}) scale({scale:.4f})">{inner}</g>'
    y += room + 44
    return _frame(y + 26, words + chart + _text([foot], y, 19, "#57606a"))


def page_card(title: str, words: str, foot: str) -> str:
    """A page as a picture: its title and its first sentences."""
    heads, subs = _lines(title[:LONGEST], 60, 3), _lines(words, 30, 7)
    y = 130.0
    text = _text(heads, y, 60, "#1b1f24", "bold")
    y += len(heads) * 75 + 10
    subs = subs[: int((LEAST - 90 - y) / 37.5)]
    return _frame(LEAST, text + _text(subs, y, 30, "#57606a") + _text([foot], LEAST - 40, 22, "#026eb7", "bold"))


def to_png(svg: str, cache: Path | None, name: str) -> bytes:
    """The picture as PNG, kept in ``cache`` under the digest of its drawing."""
    from PIL import Image

    digest = hashlib.sha256(svg.encode() + Path(__file__).read_bytes() + identity()).hexdigest()[:32]
    kept = cache / f"{name}-{digest}.png" if cache else None
    if kept and kept.exists() and (data := kept.read_bytes()).endswith(b"IEND\xaeB`\x82"):
        mark_used(kept)
        return data
    with Image.open(io.BytesIO(renderer().svg_to_png(svg))) as picture:
        flat, out = (
            picture.convert("RGB").quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE),
            io.BytesIO(),
        )
    flat.save(out, "PNG")
    data = out.getvalue()
    if kept:
        keep_whole(kept, data)
    return data
