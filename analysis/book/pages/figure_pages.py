"""Pages that Sphinx does not render: one for each figure, a gallery, one for addresses that lead nowhere."""

import re
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis import templates
from analysis.book.pages import social
from analysis.book.pages.addresses import Addresses, citation, policy, theme_script
from analysis.book.pages.exports.markdown import SUFFIX
from analysis.book.pages.figure_fragment import figure_html
from analysis.book.pages.versions import switcher

FOLDER = "figures"


def write_figure_pages(target: Path, report: dict[str, Any], addresses: Addresses, assets: dict[str, str]) -> list[str]:
    """Write a page for each figure and a gallery.

    Parameters
    ----------
    target
        Folder of the site, which holds the figures' pictures already.
    report
        What the build knows of the report, with the figures and the titles of its chapters.
    addresses
        Public addresses.
    assets
        Addresses of the shared styles and scripts, from the top of the site.

    Returns
    -------
    list of str
        The pages, as paths from the top of the site.
    """
    folder = target / FOLDER
    folder.mkdir()
    shared = {
        "site": report["site"],
        "root": "../",
        "policy": policy(),
        "theme_script": Markup(theme_script()),
    } | assets
    names, chapters = [f"{FOLDER}/index.html"], []
    for chapter, figures in report["figures"].items():
        for number, drawn in enumerate(figures, 1):
            names.append(_write_figure_page(target, report, addresses, shared, chapter, number, drawn))
        if figures:
            title = report["titles"].get(chapter, chapter)
            chapters.append({"name": chapter, "title": title, "figures": [_thumbnail(f) for f in figures]})
    words = (
        f"All {len(names) - 1} figures of Round Trip, each with its data and sources, "
        f"as known on {report['site']['as_of_words']}."
    )
    address = addresses.page(names[0])
    image = addresses.page(f"{social.CARDS}/index.png")
    gallery = templates.render(
        "pages/figure_gallery.html",
        **shared,
        title="All figures",
        meta=social.meta_tags("All figures", words, address, image),
        canonical=address,
        chapters=chapters,
        copy=f"index.html{SUFFIX}",
        switcher=switcher(report, names[0], "../"),
    )
    (folder / "index.html").write_text(gallery, encoding="utf-8")
    return names


def _write_figure_page(
    target: Path,
    report: dict[str, Any],
    addresses: Addresses,
    shared: dict[str, Any],
    chapter: str,
    number: int,
    drawn: dict[str, Any],
) -> str:
    meta = drawn["meta"]
    page, picture = f"{FOLDER}/{meta['id']}.html", f"_figures/{meta['id']}.png"
    address = addresses.page(page)
    size = social.png_size((target / picture).read_bytes())
    cite = citation(meta["title"], report["site"], address)
    text = templates.render(
        "pages/figure_page.html",
        **shared,
        cite=[templates.curly(cite[0]), cite[1]],
        title=meta["title"],
        meta=social.meta_tags(meta["title"], meta["alt"][:300], address, addresses.page(picture), size),
        canonical=address,
        figure=figure_html(drawn, number, report, "../", is_alone=True),
        copy=f"{meta['id']}.html{SUFFIX}",
        switcher=switcher(report, page, "../"),
        chapter=chapter,
        chapter_title=report["titles"].get(chapter, chapter),
        number=number,
        id=meta["id"],
    )
    (target / page).write_text(text, encoding="utf-8")
    return page


def _thumbnail(drawn: dict[str, Any]) -> dict[str, Any]:
    """A figure in the gallery: id, title, and the size of its drawing."""
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn["drawings"][0])
    width, height = (round(float(v)) for v in size.groups()) if size else (640, 400)
    return {"id": drawn["meta"]["id"], "title": drawn["meta"]["title"], "width": width, "height": height}


def write_not_found(target: Path, addresses: Addresses) -> None:
    """Write the page that hosts show for an address that leads nowhere."""
    base = addresses.path() if addresses.site else ""
    text = templates.render("pages/not_found.html", policy=policy(), base=base)
    (target / "404.html").write_text(text, encoding="utf-8")
