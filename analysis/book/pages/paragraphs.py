"""Paragraphs of conditional blocks: ``{when}`` and ``{story}`` blocks without an empty line between them run on.

Each block may vanish, so a chapter cannot write its paragraphs out. What stands in a chapter without an empty line
between belongs to one paragraph, as it would in Markdown without the blocks; an empty line, or a text that opens with
bold words, begins a new one. `mark` writes the joints into the Markdown as comments, `join` closes them on the page. A
heading whose blocks have all vanished goes with them: `drop_empty_sections`.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

RUN_ON, STOP = "rt-run-on", "rt-stop"
FENCE = re.compile(r"^(?P<colons>:{3,})(?:\{(?P<name>\w+)\}.*)?[ \t]*$")
BLOCKS = ("when", "story")


def mark(source: str) -> str:
    """Return Markdown with a comment at each joint of blocks and text: whether they run on, or an empty line parts
    them."""
    lines = source.split("\n")
    marked: list[str] = []
    open_blocks: list[tuple[str, str]] = []  # colons and name of each block that a line is in
    for line, before, after in zip(lines, ["", *lines], [*lines[1:], ""], strict=False):
        fence = FENCE.match(line)
        within = any(name == "story" for _, name in open_blocks)
        if fence and fence["name"]:
            if fence["name"] in BLOCKS and not within and before.strip() and not FENCE.match(before):
                marked.append(f"% {RUN_ON}")
            open_blocks.append((fence["colons"], fence["name"]))
            marked.append(line)
        elif fence and open_blocks and open_blocks[-1][0] == fence["colons"]:
            marked.append(line)
            _, name = open_blocks.pop()
            if name in BLOCKS and not any(outer == "story" for _, outer in open_blocks):
                marked.append(f"% {RUN_ON if after.strip() else STOP}")
        else:
            marked.append(line)
    return "\n".join(marked)


def join(app: Sphinx, doctree: nodes.document) -> None:
    """Make one paragraph, or list, of those that `mark` found to run on, and drop its comments."""
    joints = [c for c in doctree.findall(nodes.comment) if c.astext() in (RUN_ON, STOP)]
    for joint in joints:
        parent = joint.parent
        if not any(child is joint for child in parent):  # dropped with the joint before it
            continue
        at = parent.index(joint)
        following = at + 1
        while following < len(parent) and isinstance(parent[following], nodes.comment):
            following += 1
        words = {c.astext() for c in parent.children[at:following]}
        before, after = parent[at - 1] if at else None, parent[following] if following < len(parent) else None
        del parent[at:following]
        if words != {RUN_ON}:
            continue
        if isinstance(before, nodes.paragraph) and isinstance(after, nodes.paragraph):
            opening = next((child for child in after.children if child.astext().strip()), None)
            if opening is not None and not isinstance(opening, nodes.strong):
                before += [nodes.Text(" "), *after.children]
                parent.remove(after)
        elif isinstance(before, nodes.bullet_list) and isinstance(after, nodes.bullet_list):
            before += after.children
            parent.remove(after)


def drop_empty_sections(app: Sphinx, doctree: nodes.document) -> None:
    """Drop each heading below the page's title that has nothing under it to read, the innermost first."""
    for section in reversed(list(doctree.findall(nodes.section))):
        is_page = not isinstance(section.parent, nodes.section)
        if not is_page and not any(_is_read(child) for child in section):
            section.parent.remove(section)


def _is_read(node: nodes.Node) -> bool:
    """Whether a part of a section shows anything: a cell of code does only by its outputs."""
    if isinstance(node, nodes.container) and "cell" in node["classes"]:
        return any("cell_output" in child.get("classes", ()) for child in node if isinstance(child, nodes.Element))
    return not isinstance(node, nodes.title | nodes.comment)
