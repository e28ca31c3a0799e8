"""The report's own markup in Markdown: each directive that is opened is closed, each role is whole and known."""

import difflib
import re
from collections.abc import Iterator

OPENING = re.compile(r"^ {0,3}(?P<colons>:{3,})[ \t]*\{(?P<name>[^}\n]*)\}")
CLOSING = re.compile(r"^ {0,3}(?P<colons>:{3,})[ \t]*$")
FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<rest>.*)$")
# From left to right a role, with its text where a backtick follows, or a span of code, which may quote one.
SPAN = re.compile(
    r"\{(?P<name>[A-Za-z][\w:+.-]*)\}(?:(?P<tick>`)(?P<text>[^`]*)(?P<end>`?))?"
    r"|(?P<code>`+)(?!`).*?(?<!`)(?P=code)(?!`)",
    re.S,
)
NESTED = re.compile(r"\{(\w+)\}$")  # the backtick that ends the text may be that of the next role
PARAGRAPH = re.compile(r"\n[ \t]*\n")
DIRECTIVES = ("when", "story", "row", "news", "cards", "guess", "more", "sources", "downloads", "bibliography")
MORE_BLOCK = re.compile(r"^(?P<colons>:{3,})\{more\} +(?P<words>[^\n]+)\n(?P<body>.*?)^(?P=colons)$\n?", re.M | re.S)
ROLES = ("num", "day", "month", "cite", "term", "doc", "ref", "abbr", "sub", "sup")


def _nearest(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; nearest is {{{near[0]}}}" if near else ""


def unfold(source: str) -> str:
    """Return Markdown with the text of each ``{more}`` block after the words that it is folded below.

    Nothing is left of a block whose text has vanished.
    """

    def told(block: re.Match[str]) -> str:
        return f"\n**{block['words'].strip()}**\n\n{block['body']}" if block["body"].strip() else ""

    return MORE_BLOCK.sub(told, source)


def faults(source: str) -> Iterator[tuple[int, str]]:
    """Yield line, counted from 1, and message of what the site would show raw or leave out of a Markdown text."""
    yield from _directive_faults(source)
    yield from _role_faults(source)


def _unclosed(opened: list[tuple[int, int, str]], most: int, number: int) -> Iterator[tuple[int, str]]:
    """Take the directives of at most so many colons from those open, and say that a line comes before their end."""
    for inner in [o for o in opened if o[0] <= most]:
        opened.remove(inner)
        yield inner[1], f"the directive {{{inner[2]}}} is not closed by {':' * inner[0]} before line {number}"


def _directive_faults(source: str) -> Iterator[tuple[int, str]]:
    opened: list[tuple[int, int, str]] = []  # colons, line, name
    fence, fenced_at = "", 0
    for number, line in enumerate(source.splitlines(), start=1):
        if match := FENCE.match(line):
            if not fence:
                fence, fenced_at = match["fence"], number
                if match["rest"].strip().startswith("{code-cell}"):
                    yield number, "code belongs in a notebook (.ipynb): a Markdown page is not run"
            elif match["fence"].startswith(fence) and not match["rest"].strip():
                fence = ""
        elif fence:
            continue
        elif match := OPENING.match(line):
            name, colons = match["name"].strip(), len(match["colons"])
            if name not in DIRECTIVES:
                yield number, f"there is no directive {{{name}}}{_nearest(name, DIRECTIVES)}"
            yield from _unclosed(opened, colons, number)
            opened.append((colons, number, name))
        elif match := CLOSING.match(line):
            colons = len(match["colons"])
            yield from _unclosed(opened, colons - 1, number)
            if opened and opened[-1][0] == colons:
                opened.pop()
            else:
                yield number, f"{':' * colons} closes no directive that is open here"
    if fence:
        yield fenced_at, f"the block of code is never closed: add a line {fence}"
    for colons, number, name in opened:
        yield number, f"the directive {{{name}}} is never closed: add a line {':' * colons}"


def _role_faults(source: str) -> Iterator[tuple[int, str]]:
    begin = 0
    for paragraph in PARAGRAPH.split(source):
        start = source.index(paragraph, begin)
        begin = start + len(paragraph)
        for match in SPAN.finditer(paragraph):
            before = paragraph[paragraph.rfind("\n", 0, match.start()) + 1 : match.start()]
            opens_directive = bool(before.strip()) and not before.strip(": \t")
            fault = None if match["code"] or opens_directive else _role_fault(match)
            if fault:
                yield source.count("\n", 0, start + match.start()) + 1, fault


def _role_fault(match: re.Match[str]) -> str | None:
    name = match["name"]
    if not match["tick"]:
        lacks = f"the role {{{name}}} lacks its text in backticks, as in {{{name}}}`…`"
        return lacks if name in ROLES else None
    nested = NESTED.search(match["text"])
    if not match["end"] or (nested and nested[1] in ROLES):
        return f"the role {{{name}}} is not closed by a backtick in its paragraph"
    if name not in ROLES:
        return f"there is no role {{{name}}}{_nearest(name, ROLES)}"
    return None if match["text"].strip() else f"the role {{{name}}} is empty"
