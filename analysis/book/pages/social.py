"""What a page tells search engines and those who share it: its words and its picture."""

from collections.abc import Callable
from pathlib import Path

from analysis.book.drawing import cards

CARDS = "_cards"  # folder of the pictures
CARD_SIZE = (cards.WIDTH, cards.MIN_HEIGHT)


def meta_tags(
    title: str, description: str, address: str, image: str = "", size: tuple[int, int] = CARD_SIZE
) -> list[tuple[str, str]]:
    """Names and contents of a page's meta elements (Open Graph and Twitter).

    Parameters
    ----------
    title, description
        Of the page.
    address
        Its public address; empty where it is not known, and then there is no picture, whose address must be absolute.
    image, size
        Public address of the picture, its width and height in pixels.
    """
    tags = [
        ("description", description),
        ("og:title", title),
        ("og:description", description),
        ("og:type", "article"),
        ("og:site_name", "Round Trip"),
    ]
    if address:
        tags += [
            ("og:url", address),
            ("og:image", image),
            ("og:image:width", str(size[0])),
            ("og:image:height", str(size[1])),
        ]
    return [*tags, ("twitter:card", "summary_large_image" if address else "summary")]


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels."""
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def write_page_card(
    path: Path, title: str, words: str, as_known: str, cache: Path, alive: Callable[[], object] = lambda: None
) -> None:
    """Draw the picture of a page: its title and first words."""
    path.parent.mkdir(exist_ok=True)
    card = cards.page_card(title, words, f"Round Trip · {as_known}")
    path.write_bytes(cards.to_png(card, cache, f"page-{path.stem}"))
