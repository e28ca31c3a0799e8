"""Blocks that may vanish run on in one paragraph where the chapter has no empty line between them."""

import pytest
from docutils import nodes, utils

from analysis.book.pages import paragraphs

WHEN = ":::{when} a.b\nOne.\n:::\n"
STORY = "::::{story} deals:a-b\n:::{row} 2026-01-01\nTwo.\n:::\n:::{row} 2026-02-01\nThree.\n:::\n::::\n"
JOINT, PARTED = f"% {paragraphs.RUN_ON}\n", f"% {paragraphs.STOP}\n"


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        (WHEN + WHEN, WHEN + JOINT + WHEN + PARTED),
        (WHEN + "\n" + WHEN, WHEN + PARTED + "\n" + WHEN + PARTED),
        (WHEN + STORY, WHEN + JOINT + STORY + PARTED),
        (WHEN + "Text.", WHEN + JOINT + "Text."),
        ("Text.\n" + WHEN, "Text.\n" + JOINT + WHEN + PARTED),
        ("Text.\n\n" + WHEN, "Text.\n\n" + WHEN + PARTED),
        ("Text.\n\nMore.", "Text.\n\nMore."),
    ],
    ids=["run on", "parted", "story after when", "text after", "text before", "text apart", "no block"],
)
def test_each_joint_is_marked_and_the_rows_of_a_story_are_not(source, marked):
    assert paragraphs.mark(source) == marked


def _page(*parts: nodes.Node | str) -> list[str]:
    """The texts of a page's nodes once joined: ``+`` is a joint, ``|`` an empty line."""
    document = utils.new_document("page")
    words = {"+": paragraphs.RUN_ON, "|": paragraphs.STOP}
    for part in parts:
        known = isinstance(part, str)
        document += nodes.comment("", words[part]) if known and part in words else part
    paragraphs.join(None, document)
    assert not list(document.findall(nodes.comment)), "no mark is left"
    return [node.astext() for node in document]


def _text(words: str) -> nodes.paragraph:
    return nodes.paragraph("", words)


def _list(*items: str) -> nodes.bullet_list:
    return nodes.bullet_list("", *(nodes.list_item("", _text(item)) for item in items))


def test_paragraphs_without_an_empty_line_between_become_one():
    assert _page(_text("One."), "+", _text("Two."), "+", _text("Three.")) == ["One. Two. Three."]
    assert _page(_text("One."), "|", _text("Two."), "+", _text("Three.")) == ["One.", "Two. Three."]


def test_a_block_that_has_vanished_keeps_the_empty_line_after_it():
    assert _page(_text("One."), "+", "|", _text("Three.")) == ["One.", "Three."]
    assert _page(_text("One."), "+", "+", _text("Three.")) == ["One. Three."]
    assert _page("+", _text("One."), "+") == ["One."]


def test_bold_words_begin_a_paragraph_and_lists_run_on_as_one_list():
    bold = nodes.paragraph("", "", nodes.strong("", "Who pays."), nodes.Text(" Nobody."))
    assert _page(_text("One."), "+", bold) == ["One.", "Who pays. Nobody."]
    story = nodes.paragraph("", "", nodes.Text("\n"), nodes.strong("", "Who lends."), nodes.Text(" Banks."))
    assert len(_page(_text("One."), "+", story)) == 2, "the text of a story begins behind an empty line"
    assert len(_page(_list("a"), "+", _list("b"), "+", _list("c"))) == 1
    assert len(_page(_text("One."), "+", _list("b"))) == 2


def test_a_heading_without_anything_under_it_goes():
    """What is left of the headings a, b (below a), c and d when only the words in d and below b stay."""
    document = nodes.document(None, None)
    page = nodes.section("", nodes.title(text="page"))
    document += page
    made = {name: nodes.section("", nodes.title(text=name), nodes.comment(text=paragraphs.STOP)) for name in "abcd"}
    page += [made["a"], made["c"], made["d"]]
    made["a"] += made["b"]
    made["b"] += nodes.paragraph(text="words")
    made["d"] += nodes.paragraph(text="words")
    paragraphs.drop_empty_sections(None, document)
    assert [s[0].astext() for s in document.findall(nodes.section)] == ["page", "a", "b", "d"]
    made["b"].pop()
    paragraphs.drop_empty_sections(None, document)
    assert [s[0].astext() for s in document.findall(nodes.section)] == ["page", "d"]
    made["d"].pop()
    silent = nodes.container("", nodes.container(classes=["cell_input"]), classes=["cell"])
    made["d"] += silent
    made["c"] += [silent.deepcopy(), nodes.container("", nodes.container(classes=["cell_output"]), classes=["cell"])]
    page += made["c"]
    paragraphs.drop_empty_sections(None, document)
    assert [s[0].astext() for s in document.findall(nodes.section)] == ["page", "c"], "code is kept for what it shows"
    page.remove(made["c"])
    assert [s[0].astext() for s in document.findall(nodes.section)] == ["page"], "the page stays"
