"""The numbers behind a section: one folded list at the end of each section of a page, whichever cells computed them."""

from docutils import nodes
from sphinx.application import Sphinx

from analysis.book.pages import fragments
from analysis.book.pages.report import read_report


def gather(app: Sphinx, doctree: nodes.document) -> None:
    """Make one list of those of a section, behind its text."""
    report = read_report(str(app.srcdir))
    lists: dict[nodes.Element, list[nodes.raw]] = {}
    for node in [n for n in doctree.findall(nodes.raw) if "rt_numbers" in n]:
        lists.setdefault(_section_of(node), []).append(node)
    for section, own in lists.items():
        for node in own:
            node.parent.remove(node)
        results = [result for node in own for result in node["rt_numbers"]]
        html = fragments.numbers(
            results, fragments.all_sources(report), own[0]["rt_ledger"], report.get("row_names", {})
        )
        at = next((i for i, child in enumerate(section) if isinstance(child, nodes.section)), len(section))
        section.insert(at, nodes.raw(text=str(html), format="html"))


def _section_of(node: nodes.Node) -> nodes.Element:
    """The innermost section that a node stands in, or the document."""
    while not isinstance(node, nodes.section | nodes.document):
        node = node.parent
    return node
