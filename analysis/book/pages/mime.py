"""What becomes of a chapter's outputs on the site: charts become figures, results become folded lists."""

import json
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer

from analysis.book.pages import markup
from analysis.book.running.notebooks import FIGURE
from analysis.figures import explorer
from analysis.numbers import results


@cache
def known(directory: str) -> dict[str, Any]:
    """What the build wrote beside the pages before rendering: results, sources, versions."""
    return json.loads((Path(directory) / "report.json").read_text(encoding="utf-8"))


class RoundTripRenderer(MimeRenderPlugin):
    mime_priority_overrides: ClassVar = [("*", FIGURE, 1), ("*", results.MIME, 2), ("*", explorer.MIME, 3)]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        if inline or data.mime_type not in (FIGURE, results.MIME, explorer.MIME):
            return None
        env = renderer.renderer.sphinx_env
        if env is None:
            return None
        if data.mime_type == explorer.MIME:
            script = "../" * env.docname.count("/") + "_interactive/explore.js"
            return [nodes.raw(text=f"{data.content['html']}<script defer src='{script}'></script>", format="html")]
        report = known(str(env.srcdir))
        docname = env.docname
        relative = env.app.builder.get_relative_uri
        if data.mime_type == results.MIME:
            page = relative(docname, "ledger") if "ledger" in env.found_docs else "ledger.html"
            text = markup.numbers(data.content["results"], report["sources"], page)
            return [nodes.raw(text=text, format="html")]
        shown = data.content
        number = env.temp_data["rt_figures"] = env.temp_data.get("rt_figures", 0) + 1
        text = markup.figure(shown, number, report["sources"], "../" * docname.count("/"))
        return [nodes.raw(text=text, format="html")]
