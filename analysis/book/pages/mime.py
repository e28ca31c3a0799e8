"""How the site shows a chapter's outputs: charts as figures, results as folded lists, the explorer with its script."""

from typing import Any, ClassVar

from docutils import nodes
from markupsafe import Markup
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer
from sphinx.environment import BuildEnvironment

from analysis import mime_types, templates
from analysis.book.pages.figure_fragment import figure_html
from analysis.book.pages.report import read_report

FOLDED = "folded"  # the tag of a cell whose figure is closed until a reader opens it
FEW = 8  # sources that stand under each figure, though an earlier one has the same


class RoundTripRenderer(MimeRenderPlugin):
    mime_priority_overrides: ClassVar = [
        ("*", mime_types.FIGURE, 1),
        ("*", mime_types.RESULTS, 2),
        ("*", mime_types.EXPLORER, 3),
    ]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        if inline or data.mime_type not in (mime_types.FIGURE, mime_types.RESULTS, mime_types.EXPLORER):
            return None
        env = renderer.renderer.sphinx_env
        if env is None:
            return None
        docname, content = env.docname, data.content
        root = "../" * docname.count("/")
        report = read_report(str(env.srcdir))
        if data.mime_type == mime_types.EXPLORER:
            html = templates.render(
                "pages/explorer.html",
                explorer=Markup(content["html"]),  # made by `figures.explorer`, which escapes
                script=f"{root}_interactive/explore.js",
            )
        elif data.mime_type == mime_types.RESULTS:
            page = env.app.builder.get_relative_uri(docname, "ledger") if "ledger" in env.found_docs else "ledger.html"
            return [nodes.raw(format="html", rt_numbers=content["results"], rt_ledger=page)]  # `evidence` fills it
        else:
            number = env.temp_data["rt_figures"] = env.temp_data.get("rt_figures", 0) + 1
            html = figure_html(content, number, report, root, same_as=_first_with(env, number, content["meta"]))
            if FOLDED in data.cell_metadata.get("tags", []):
                title = content["meta"]["title"]
                html = templates.render("pages/folded_figure.html", number=number, title=title, figure=html)
        return [nodes.raw(text=str(html), format="html")]


def _first_with(env: BuildEnvironment, number: int, meta: dict[str, Any]) -> tuple[int, str] | None:
    """Number and id of the first figure of the page with the same sources, if these are too many to repeat."""
    if len(meta["sources"]) <= FEW:
        return None
    first = env.temp_data.setdefault("rt_sources", {}).setdefault(frozenset(meta["sources"]), (number, meta["id"]))
    return None if first[0] == number else first
