"""Pages and files beside the chapters: one page a figure, the gallery, the feed, what search engines and hosts ask for."""

import datetime as dt
import json
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2

from analysis import paths
from analysis.book.drawing import cards
from analysis.book.pages import markup
from analysis.book.pages.addresses import Addresses, headers, policy

ATOM = "http://www.w3.org/2005/Atom"
FEED = uuid.UUID("2f0c3f9e-6b0b-5d1c-9d57-6a1f0f7c9b11")  # of this report's feed, wherever it is published


def social(title: str, words: str, image: str, address: str, size: tuple[int, int]) -> list[tuple[str, str]]:
    """What a page tells those who share it. Without a public address there is no picture: it must be absolute."""
    found = [
        ("description", words),
        ("og:title", title),
        ("og:description", words),
        ("og:type", "article"),
        ("og:site_name", "Round Trip"),
    ]
    if address:
        found += [
            ("og:url", address),
            ("og:image", image),
            ("og:image:width", str(size[0])),
            ("og:image:height", str(size[1])),
        ]
    return [*found, ("twitter:card", "summary_large_image" if address else "summary")]


def png_size(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def figure_pages(target: Path, report: dict[str, Any], addresses: Addresses, assets: dict[str, str]) -> list[str]:
    """A small page for each figure and one for all of them. Returns their names."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(paths.ASSETS / "pages"), autoescape=True, trim_blocks=False
    )
    folder = target / "figures"
    folder.mkdir()
    shared = {"site": report["site"], "root": "../", "policy": policy()} | assets
    names, chapters = [], []
    for chapter, figures in report["figures"].items():
        shown = []
        for number, drawn in enumerate(figures, 1):
            meta = drawn["meta"]
            name = meta["id"]
            address = addresses.page(f"figures/{name}.html")
            card = (target / "_figures" / f"{name}.png").read_bytes()
            text = environment.get_template("figure.html").render(
                shared,
                title=meta["title"],
                meta=social(
                    meta["title"], meta["alt"][:300], addresses.page(f"_figures/{name}.png"), address, png_size(card)
                ),
                canonical=address,
                figure=markup.figure(drawn, number, report["sources"], "../", is_alone=True),
                chapter=chapter,
                id=name,
            )
            (folder / f"{name}.html").write_text(text, encoding="utf-8")
            names.append(f"figures/{name}.html")
            size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn["drawings"][0])
            width, height = (round(float(v)) for v in size.groups()) if size else (640, 400)
            shown.append({"id": name, "title": meta["title"], "width": width, "height": height})
        if shown:
            chapters.append({"name": chapter, "title": report["titles"].get(chapter, chapter), "figures": shown})
    words = f"All {len(names)} figures of Round Trip, each with its data and sources, as known on {report['site']['as_of_words']}."
    address = addresses.page("figures/index.html")
    text = environment.get_template("figures.html").render(
        shared,
        title="All figures",
        meta=social("All figures", words, addresses.page("_cards/index.png"), address, (cards.WIDTH, cards.LEAST)),
        canonical=address,
        chapters=chapters,
    )
    (folder / "index.html").write_text(text, encoding="utf-8")
    missing = environment.get_template("404.html").render(shared, base=addresses.path() if addresses.site else "")
    (target / "404.html").write_text(missing, encoding="utf-8")
    return ["figures/index.html", *names]


def feed(changes: list[dict[str, Any]], report: dict[str, Any], addresses: Addresses) -> str:
    """What became known, day by day, as Atom. Days come from the ledger; ids do not depend on the address."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")

    def add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
        node = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        node.text = _printable(text) or None
        return node

    add(root, "title", "Round Trip: changes of the ledger")
    add(root, "subtitle", "What became known about the money between OpenAI and its partners, day by day")
    add(root, "id", f"urn:uuid:{FEED}")
    add(root, "updated", f"{report['site']['as_of']}T00:00:00Z")
    if addresses.site:
        add(root, "link", rel="self", type="application/atom+xml", href=addresses.page("feed.xml"))
    add(root, "link", rel="alternate", type="text/html", href=addresses.page("ledger.html") or "ledger.html")
    add(add(root, "author"), "name", "Round Trip contributors")
    add(root, "rights", "CC BY 4.0")
    for change in changes:
        entry = add(root, "entry")
        add(entry, "title", change["title"])
        add(entry, "id", f"urn:uuid:{uuid.uuid5(FEED, change['day'])}")
        add(entry, "updated", f"{change['day']}T00:00:00Z")
        add(entry, "link", rel="alternate", type="text/html", href=addresses.page("ledger.html") or "ledger.html")
        add(entry, "content", f"<ul>{''.join(f'<li>{item}</li>' for item in change['items'])}</ul>", type="html")
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


def sitemap(names: list[str], report: dict[str, Any], addresses: Addresses) -> str:
    """The pages by public address, with the ledger's day. Only for a site whose address is known."""
    day = dt.date.fromisoformat(report["site"]["as_of"]).isoformat()
    urls = "".join(f"<url><loc>{markup.escape(addresses.page(n))}</loc><lastmod>{day}</lastmod></url>\n" for n in names)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'


def robots(addresses: Addresses) -> str:
    text = "User-agent: *\nAllow: /\n"
    return text + (f"\nSitemap: {addresses.page('sitemap.xml')}\n" if addresses.site else "")


def told(target: Path) -> dict[str, Any]:
    """What rendering left in the folder of the site for what is made after it: titles and first words of the pages, shared files."""
    path = target / "pages.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    return found


def page_card(
    path: Path, title: str, words: str, as_known: str, cache: Path, alive: Callable[[], object] = lambda: None
) -> None:
    """A picture of a page, for those who share it."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(
        cards.to_png(cards.page_card(title, words, f"Round Trip · {as_known}"), cache, f"page-{path.stem}")
    )


def finish(target: Path, report: dict[str, Any], changes: list[dict[str, Any]], addresses: Addresses) -> None:
    """The pages and files beside the chapters, in the folder of the rendered site; ``report`` holds what was `told` too."""
    names = [f"{n}.html" for n in report["titles"]]
    names += figure_pages(target, report, addresses, report["assets"])
    (target / "feed.xml").write_text(feed(changes, report, addresses), encoding="utf-8")
    (target / "robots.txt").write_text(robots(addresses), encoding="utf-8")
    (target / "_headers").write_text(headers(), encoding="utf-8")
    if addresses.site:
        (target / "sitemap.xml").write_text(sitemap(names, report, addresses), encoding="utf-8")
