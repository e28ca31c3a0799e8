"""The tables of a rendered output as rows of text."""

from html.parser import HTMLParser


class TableReader(HTMLParser):
    """Reads a piece of HTML: ``caption``, ``header`` and ``rows`` of its first table, the cells as plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.caption = ""
        self.header: list[str] = []
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._is_group = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("caption", "th", "td"):
            self._cell = []
            self._is_group = dict(attrs).get("scope") == "rowgroup"
        elif tag == "tr":
            self.rows.append([])

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._cell is None or tag not in ("caption", "th", "td"):
            return
        text, self._cell = " ".join("".join(self._cell).split()), None
        if tag == "caption":
            self.caption = text
        elif self.rows and (tag == "td" or self._is_group):
            self.rows[-1].append(text)
        elif tag == "th":
            self.header.append(text)


def read_table(html: str) -> TableReader:
    """Read the first table of a piece of HTML; its rows are those with cells."""
    reader = TableReader()
    reader.feed(html)
    reader.rows = [row for row in reader.rows if row]
    return reader
