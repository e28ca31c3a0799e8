"""Directives and roles of sentences that are bound to rows of the ledger.

``{story} table:key`` shows the text of the newest row known, or the ledger's own words where an editor has not written
one; ``{day}`` in a text writes the day of a row, with a link to it, ``{month}`` its month. See
`analysis.numbers.stories`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis import templates
from analysis.book.pages import fragments
from analysis.book.pages.report import FILE, read_report
from analysis.numbers import formats, stories, story_rows

CURRENT, SHOWN = "rt_story", "rt_shown_rows"  # the key being told, and the rows told in the ledger's words, of a page


def row_html(template: str, row: story_rows.Row, report: Mapping[str, Any], ledger_page: str) -> str:
    """Return what the ledger says of a key on a day, with its sources and links to its rows."""
    return str(
        templates.render(
            template,
            day=formats.day(row.day),
            words=row.words,
            rows=fragments.ledger_links(list(row.rows[: fragments.MAX_LISTED]), report.get("row_names", {})),
            sources=fragments.cited(list(row.sources[: fragments.MAX_LISTED]), report["told_sources"]),
            ledger_page=ledger_page,
        )
    )


class StoryDirective(SphinxDirective):
    """``{story}``: one text for each row of a key that changes what is true; the keys that it rests on may follow."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        report = read_report(str(self.env.srcdir))
        self.env.note_dependency(str(Path(self.env.srcdir) / FILE))
        key = self.arguments[0]
        rows = [story_rows.row_from(entry) for entry in report.get("told", {}).get(key, [])]
        chosen = stories.choose(stories.parse(key, "\n".join(self.content) + "\n"), rows)
        shown = self.env.temp_data.setdefault(SHOWN, set())
        if not chosen.untold:
            self.env.temp_data[CURRENT] = key
            return self.parse_text_to_nodes(chosen.text)
        fresh = [row for row in chosen.untold if row not in shown]
        shown.update(fresh)
        ledger_page = self.env.app.builder.get_relative_uri(self.env.docname, "ledger")
        told = (row_html("pages/ledger_words.html", row, report, ledger_page) for row in fresh)
        return [nodes.raw("", html, format="html") for html in told]


class NewsDirective(SphinxDirective):
    """``{news}``: what became known of a chapter's parties since the last key day and its page does not tell.

    What is large stands open, the rest is folded. The build puts it at the end of a chapter that leaves something
    untold and has not put it elsewhere.
    """

    has_content = False

    def run(self) -> list[nodes.Node]:
        report = read_report(str(self.env.srcdir))
        self.env.note_dependency(str(Path(self.env.srcdir) / FILE))
        known = [
            {
                "is_large": fact["is_large"],
                "day": formats.day(fact["day"]),
                "words": fact["words"],
                "row": fragments.ledger_links([fact["row"]], report.get("row_names", {}))[0],
                "sources": fragments.cited(fact["sources"][: fragments.MAX_LISTED], report["told_sources"]),
            }
            for fact in report.get("news", {}).get(self.env.docname, [])
        ]
        if not known:
            return []
        html = templates.render(
            "pages/news.html",
            since=formats.day(report["news_since"]) if report["news_since"] else "",
            large=[fact for fact in known if fact["is_large"]],
            facts=[fact for fact in known if not fact["is_large"]],
            ledger_page=self.env.app.builder.get_relative_uri(self.env.docname, "ledger"),
        )
        return [nodes.raw("", str(html), format="html")]


class DayRole(SphinxRole):
    """``{day}``, ``{month}``: the day of a row of the story, or its month, in words."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        key = self.env.temp_data.get(CURRENT, "")
        entries = read_report(str(self.env.srcdir)).get("told", {}).get(key, [])
        known = [entry for entry in entries if entry["day"] == self.text]
        words = stories.day_in_words(self.text, self.name)
        if not known:  # what waits for an editor says so; the build goes on
            return [nodes.Text(words)], []
        return [nodes.reference("", words, refuri="", internal=True, rt_row=known[0])], []
