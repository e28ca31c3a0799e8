"""The numbers behind a page: one folded list at its end, whichever cells computed them."""

from docutils import nodes
from sphinx.application import Sphinx

from analysis.book.pages import fragments
from analysis.book.pages.report import read_report


def gather(app: Sphinx, doctree: nodes.document) -> None:
    """Make one list of all that a page computes, behind its text."""
    found = [node for node in doctree.findall(nodes.raw) if "rt_numbers" in node]
    if not found:
        return
    for node in found:
        node.parent.remove(node)
    report = read_report(str(app.srcdir))
    results = [result for node in found for result in node["rt_numbers"]]
    sources = fragments.all_sources(report)
    html = fragments.numbers(results, sources, found[0]["rt_ledger"], report.get("row_names", {}))
    page = next((child for child in doctree if isinstance(child, nodes.section)), doctree)
    # Where the page has notes, `number_notes` puts the list into their fold.
    page.append(nodes.raw(text=str(html), format="html", rt_all_numbers=True))
