"""A copy of each page in Markdown: the prose with its numbers, figures as their title and data, tables as tables.

A copy has the page's address with ``.md`` added, as https://llmstxt.org proposes.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis import mime_types, paths
from analysis.book.pages import fragments
from analysis.book.pages.exports.listing import FILES
from analysis.book.pages.exports.tables import read_table
from analysis.book.running import notebooks

SUFFIX = ".md"
MOST_ROWS = 60  # of a table; the file that holds the others is named
DIRECTIVE = re.compile(r"^:{3,}\{(?P<name>\w+)\}(?P<argument>[^\n]*)\n(?P<body>.*?)^:{3,}$\n?", re.M | re.S)
FENCED = re.compile(r"^```\{(?P<name>\w+)\}(?P<argument>[^\n]*)\n(?P<body>.*?)^```$\n?", re.M | re.S)
LINK = re.compile(r"\]\((?P<page>[a-z_]+)(?P<place>#[^)\s]*)?\)")


def escaped(text: object) -> str:
    """Text in which nothing is Markdown or HTML."""
    return notebooks.MARKUP.sub(r"\\\1", " ".join(str(text).split()))


def table(header: Sequence[object], rows: Sequence[Sequence[object]], rest: str = "") -> str:
    """A table; of a long one the first rows and ``rest``, which says where the others are."""
    lines = [header, ["---"] * len(header), *rows[:MOST_ROWS]]
    cells = [[c if c == "---" else "" if c is None else escaped(c) for c in line] for line in lines]
    text = "\n".join(f"| {' | '.join(line)} |" for line in cells)
    left = len(rows) - MOST_ROWS
    return f"{text}\n\n{left} more rows{f': {rest}' if rest else ''}.\n" if left > 0 else f"{text}\n"


def source_lines(keys: Sequence[str], sources: dict[str, dict[str, str]]) -> str:
    """Sources as a list, each with its link."""
    lines = []
    for s in fragments.cited(list(keys), sources):
        title = f"[{escaped(s['title'])}](<{s['url']}>)" if s["url"] else escaped(s["title"])
        parts = [escaped(s["publisher"]), title, s["day"]]
        lines.append(f"- {', '.join(part for part in parts if part)}")
    return "\n".join(lines) + "\n"


def figure(drawn: dict[str, Any], sources: dict[str, dict[str, str]], root: str, heading: str) -> str:
    """A figure: its finding after the heading's mark, what is drawn, its data and where the rest is."""
    meta = drawn["meta"]
    files = f"{root}_figures/{meta['id']}"
    return "\n".join(
        [
            f"{heading} {escaped(meta['title'])}\n",
            f"{escaped(meta['subtitle'])} {escaped(meta['note'])}".strip() + "\n",
            table(meta["columns"], meta["rows"], f"[CSV]({files}.csv)"),
            f"[Data as CSV]({files}.csv), [what its columns mean]({files}.metadata.json), "
            f"[drawing]({files}.svg), [page]({root}figures/{meta['id']}.html)\n",
            "Sources:\n",
            source_lines(fragments.by_rank(meta["sources"], sources), sources),
        ]
    )


class Copies:
    """The Markdown copies of the pages of a report.

    Parameters
    ----------
    report
        What the build knows of the report, with its figures and the titles of its pages.
    """

    def __init__(self, report: dict[str, Any]):
        self.report, self.sources = report, fragments.all_sources(report)

    def head(self, page: str) -> str:
        """What stands above each copy: the page it is of, its day and licence."""
        site = self.report["site"]
        name = page.rpartition("/")[2]
        return (
            f"> As known on {site['as_of_words']} (data {site['digest']}). A copy of [{escaped(name)}]({name}). "
            "CC BY 4.0, Round Trip contributors. Not investment advice.\n"
        )

    def chapter(self, name: str, notebook: Path) -> str:
        """The copy of a chapter, from its executed notebook with the numbers filled in."""
        figures = iter(self.report["figures"][name])
        parts = []
        for cell in notebooks.read(notebook).cells:
            if cell.cell_type == "markdown":
                parts.append(self.prose(cell.source))
                continue
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                if mime_types.CHART in data:
                    parts.append(figure(next(figures), self.sources, "", "### Figure:"))
                elif "text/html" in data and mime_types.RESULTS not in data:
                    parts.append(self._output("".join(data["text/html"])))
        return self.page(f"{name}.html", "\n\n".join(part for part in parts if part.strip()))

    def text_page(self, name: str) -> str:
        """The copy of a page that is no notebook."""
        source = (paths.CHAPTERS / f"{name}.md").read_text(encoding="utf-8")
        return self.page(f"{name}.html", self.prose(notebooks.plain_prose(source, self.report["results"])))

    def figure_page(self, drawn: dict[str, Any]) -> str:
        """The copy of the page of a figure."""
        return self.page(f"figures/{drawn['meta']['id']}.html", figure(drawn, self.sources, "../", "#"))

    def gallery(self) -> str:
        """The copy of the list of all figures."""
        metas = [drawn["meta"] for figures in self.report["figures"].values() for drawn in figures]
        lines = (f"- [{escaped(meta['title'])}]({meta['id']}.html{SUFFIX})" for meta in metas)
        return self.page("figures/index.html", "\n".join(["# All figures", *lines]))

    def page(self, page: str, text: str) -> str:
        """A copy: the title of the page, what stands above each copy, the text below the title."""
        title, _, rest = text.strip().partition("\n")
        return f"{title}\n\n{self.head(page)}\n{rest.strip()}\n"

    def prose(self, source: str) -> str:
        """A cell's prose, with what its directives show and links to the other copies."""
        text = FENCED.sub(self._directive, DIRECTIVE.sub(self._directive, source))
        return LINK.sub(self._link, text).strip()

    def _link(self, match: re.Match[str]) -> str:
        if match["page"] not in self.report["titles"]:
            return match[0]
        return f"]({match['page']}.html{SUFFIX}{match['place'] or ''})"

    def _directive(self, block: re.Match[str]) -> str:
        """What a directive shows: key numbers, sources, downloads, or else its body."""
        if block["name"] == "cards":
            known = [self.report["results"].get(key) for key in block["argument"].split()]
            return "".join(f"- {escaped(r['label'])}: **{escaped(r['text'])}**\n" for r in known if r)
        if block["name"] == "sources":
            return source_lines(sorted(self.report["sources"]), self.report["sources"])
        if block["name"] == "downloads":
            return "".join(f"- [{name}]({path}): {words}\n" for path, name, words in FILES)
        return block["body"] if block["name"] not in ("bibliography", "news") else ""

    def _output(self, html: str) -> str:
        found = read_table(html)
        if not found.header:
            return ""
        caption = f"**{escaped(found.caption)}**\n\n" if found.caption else ""
        return caption + table(found.header, found.rows, "[the ledger](data/ledger.zip)")


def write(target: Path, report: dict[str, Any]) -> None:
    """Write the copy of each chapter, page and figure beside it."""
    copies = Copies(report)
    made = {}
    for name in report["titles"]:
        notebook = target / "notebooks" / f"{name}.ipynb"
        if notebook.exists():
            made[f"{name}.html"] = copies.chapter(name, notebook)
        elif (paths.CHAPTERS / f"{name}.md").exists():
            made[f"{name}.html"] = copies.text_page(name)
    for figures in report["figures"].values():
        made |= {f"figures/{drawn['meta']['id']}.html": copies.figure_page(drawn) for drawn in figures}
    made["figures/index.html"] = copies.gallery()
    for page, text in made.items():
        (target / f"{page}{SUFFIX}").write_text(text, encoding="utf-8")
