"""What people edit of the book, looked at before anything runs: settings, contents, notebooks, pages.

Whatever is wrong with them is found at once and told with file, cell and line, instead of failing somewhere inside a
build with the words of whichever package stumbled first. Imports nothing large.
"""

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from analysis import paths
from analysis.book.running import cells, markup, parameters
from analysis.book.running.problems import ManuscriptError, Problem

GROUPS = ("sphinx", "html", "execute", "repository", "launch_buttons", "latex", "parse")  # of settings
STEM = re.compile(r"^[a-z][a-z0-9_]*$")
SIGNS = "<" * 7, "=" * 7, ">" * 7  # of a merge conflict
CONFLICT = re.compile(rf"^(?:{'|'.join(SIGNS)})(?: .*)?$", re.M)
BOM = b"\xef\xbb\xbf"
NOT_BOOK = {".ipynb_checkpoints", "__pycache__", "images"}
SUFFIXES = (".ipynb", ".md")
ATTACHMENT = re.compile(r"\]\(attachment:([^)\s]*)")
IMAGE = re.compile(r"!\[[^\]]*\]\(\s*<?([^)>\s]+)")


def name_of(path: Path) -> str:
    """Return a file as messages name it: below the project's folder, or by its own name elsewhere."""
    return path.relative_to(paths.ROOT).as_posix() if path.is_relative_to(paths.ROOT) else path.name


def _error(path: Path, message: str, line: int | None = None) -> ManuscriptError:
    return ManuscriptError([Problem(name_of(path), None, line, message)])


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def read_text(path: Path) -> str:
    """Return the text of a file that a person edits.

    Raises
    ------
    ManuscriptError : when it is not there, is not UTF-8, begins with a byte order mark or holds a merge conflict.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _error(path, "is missing") from None
    if content.startswith(BOM):
        raise _error(path, "begins with a byte order mark: save it as UTF-8 without one", 1)
    try:
        text = content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _error(path, f"byte 0x{content[error.start]:02x} is not UTF-8: save the file as UTF-8", line) from None
    match = CONFLICT.search(text) if any(sign in text for sign in SIGNS) else None  # megabytes of drawings have none
    if match and not (match[0].startswith("=") and path.suffix == ".md"):  # there a line of = makes a heading
        raise _error(path, f"a merge conflict is left ({match[0][:7]}): take one side", _line(text, match.start()))
    return text


def read_yaml(path: Path) -> dict[str, Any]:
    """Return a file of settings.

    Raises
    ------
    ManuscriptError : when it cannot be read, or is no mapping of names to values.
    """
    text = read_text(path)
    try:
        known = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise _error(path, f"is not YAML: {error.problem}", line) from None
    except yaml.YAMLError as error:
        raise _error(path, f"is not YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(known, dict):
        raise _error(path, "holds no settings: names with values are expected")
    return known


def read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook as its JSON says, the source of each cell whole.

    What of a cell can be mended is; see `cells.mended`.

    Raises
    ------
    ManuscriptError : when the file is no notebook of format 4 for Python.
    """
    text = read_text(path)
    if text.startswith("version https://git-lfs"):
        raise _error(path, "is a pointer of Git LFS to the notebook: run git lfs pull")
    if not text.strip():
        raise _error(path, "is empty: take it from the last commit, or delete it")
    try:
        book = json.loads(text)
    except json.JSONDecodeError as error:
        what = f"is not JSON: {error.msg}, column {error.colno}: take the notebook from the last commit"
        raise _error(path, what, error.lineno) from None
    if not isinstance(book, dict) or "nbformat" not in book:
        raise _error(path, "is JSON but no notebook")
    if book["nbformat"] != 4:
        found = f"is a notebook of format {json.dumps(book['nbformat'])}, the number 4 is needed"
        raise _error(path, f"{found}: run jupyter nbconvert --to notebook --nbformat 4 --inplace on it")
    if not isinstance(book.get("cells"), list) or not isinstance(book.setdefault("metadata", {}), dict):
        raise _error(path, "is no whole notebook: it needs a list of cells, and metadata with names")
    if faults := [(n, fault) for n, cell in enumerate(book["cells"], start=1) if (fault := cells.shape_fault(cell))]:
        raise ManuscriptError([Problem(name_of(path), number, None, fault) for number, fault in faults])
    language = _language(book["metadata"])
    if not language.lower().startswith(("python", "ipython")):
        raise _error(path, f"is a notebook for {language}, and chapters run in Python")
    book["cells"] = [cells.mended(cell, number) for number, cell in enumerate(book["cells"], start=1)]
    minor = book.get("nbformat_minor")
    book["nbformat_minor"] = max(5, minor) if isinstance(minor, int) else 5
    return book


def _language(metadata: dict[str, Any]) -> str:
    """Return the language that a notebook says it is in, Python if it says none."""
    said = [(metadata.get(group), name) for group, name in (("kernelspec", "language"), ("language_info", "name"))]
    return next((str(g[name]) for g, name in said if isinstance(g, dict) and g.get(name)), "Python")


def contents(toc: Path) -> list[str]:
    """Return the pages that a table of contents names, in its order, the first page first.

    Raises
    ------
    ManuscriptError : when it cannot be read or has no first page.
    """
    known = read_yaml(toc)
    if not isinstance(known.get("root"), str):
        raise _error(toc, "names no first page: a line such as root: index is needed")
    return [name.removesuffix(".ipynb").removesuffix(".md") for name in (known["root"], *_files(known))]


def _files(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _files(one)
    elif isinstance(part, dict):
        if isinstance(part.get("file"), str):
            yield part["file"]
        for value in part.values():
            yield from _files(value)


def check(folder: Path, toc: Path) -> None:
    """Look at all that a build reads of the book.

    Parameters
    ----------
    folder : the chapters and pages.
    toc : the table of contents.

    Raises
    ------
    ManuscriptError : with every problem of every file.
    """
    found = list(_settings(toc.with_name("_config.yml")))
    pages = [p for p in sorted(folder.rglob("*")) if p.suffix in SUFFIXES and not NOT_BOOK & {*p.parts}]
    try:
        listed = contents(toc)
    except ManuscriptError as error:
        found += error.found
    else:
        missing = [*_missing(folder, toc, pages, listed)]
        found += missing
        found += ([] if missing else [*_malformed(toc)]) or _misplaced(folder, toc, pages, listed)
    for page in pages:
        found += _page_problems(page)
    if found:
        raise ManuscriptError(found)


def _settings(config: Path) -> Iterator[Problem]:
    """Say which groups of the book's settings are no groups."""
    if not config.is_file():
        return
    try:
        known = read_yaml(config)
    except ManuscriptError as error:
        yield from error.found
        return
    lines = config.read_text(encoding="utf-8").splitlines()
    for name in GROUPS:
        if not isinstance(known.get(name) or {}, dict):
            line = next((n for n, text in enumerate(lines, start=1) if text.startswith(f"{name}:")), None)
            yield Problem(name_of(config), None, line, f"{name} is a group of settings: names with values are expected")


def _stem(folder: Path, page: Path) -> str:
    return page.relative_to(folder).with_suffix("").as_posix()


def _missing(folder: Path, toc: Path, pages: Iterable[Path], listed: list[str]) -> Iterator[Problem]:
    """Say which pages of the contents are not there, or are named twice."""
    there = [_stem(folder, page) for page in pages]
    lines = [re.split(r"[\s:]+", line) for line in toc.read_text(encoding="utf-8").splitlines()]
    for name in dict.fromkeys(listed):
        line = next((n for n, words in enumerate(lines, start=1) if name in words), None)
        if listed.count(name) > 1:
            yield Problem(name_of(toc), None, line, f"the page {name} is listed {listed.count(name)} times")
        if name not in there:
            near = difflib.get_close_matches(name, [n for n in there if n not in listed] or there, 1)
            hint = f"; nearest is {near[0]}" if near else ""
            yield Problem(name_of(toc), None, line, f"there is no chapter or page {name} in {name_of(folder)}{hint}")


def _malformed(toc: Path) -> Iterator[Problem]:
    """Say what Jupyter Book would not take of the contents."""
    from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

    try:
        parse_toc_yaml(toc)
    except MalformedError as error:
        yield Problem(name_of(toc), None, None, f"is no table of contents as Jupyter Book reads it: {error}")


def _misplaced(folder: Path, toc: Path, pages: Iterable[Path], listed: list[str]) -> Iterator[Problem]:
    """Say which pages would not be built, or would be built though no page leads to them."""
    home = name_of(folder)
    names = [_stem(folder, page) for page in pages]
    for page, name in zip(pages, names, strict=True):
        message = None
        if "/" in name:
            message = f"stands in a folder of its own: move it to {home}/"
        elif page.suffix == ".ipynb" and not STEM.match(name):
            better = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
            message = f"is not named like a chapter (a-z, 0-9, _): rename it, to {better}.ipynb say"
        elif page.suffix == ".md" and names.count(name) > 1:
            message = f"has the name of {name}.ipynb, and a page is one file: rename one, or delete it"
        elif name not in listed:
            message = f"is not in {toc.name}: add a line '- file: {name}' there, or move it out of {home}/"
        if message:
            yield Problem(name_of(page), None, None, message)


def _page_problems(path: Path) -> list[Problem]:
    """Return what is wrong with one chapter or page."""
    file = name_of(path)
    try:
        if path.suffix == ".md":
            return [Problem(file, None, line, message) for line, message in _prose_faults(path, read_text(path))]
        book = read_notebook(path)
    except ManuscriptError as error:
        return list(error.found)
    found = [Problem(file, number, line, message) for number, line, message in parameters.faults(book["cells"])]
    ids: set[str] = set()
    for number, cell in enumerate(book["cells"], start=1):
        if cell["id"] in ids:
            found.append(Problem(file, number, None, f"has the id {cell['id']} of an earlier cell: give it another"))
        ids.add(cell["id"])
        faults: Iterable[tuple[int | None, str]] = ()
        if cell["cell_type"] == "code":
            faults = cells.code_faults(cell)
        elif cell["cell_type"] == "markdown":
            faults = _prose_faults(path, cell["source"])
        found += [Problem(file, number, line, message) for line, message in faults]
    return found


def _prose_faults(path: Path, text: str) -> Iterator[tuple[int, str]]:
    yield from cells.character_faults(text)
    yield from markup.faults(text)
    images = f"{name_of(path.parent)}/images"
    for match in ATTACHMENT.finditer(text):
        message = f"the pasted picture {match[1]} would be lost: save it in {images} and link it"
        yield _line(text, match.start()), message
    for match in IMAGE.finditer(text):
        address, line = match[1], _line(text, match.start())
        if address.startswith(("http:", "https:", "//")):
            yield line, f"the picture {address} is on another site: save it in {images} and link it"
        elif not re.match(r"[a-z]+:|[/#]", address) and not (path.parent / address).is_file():
            yield line, f"there is no picture {address}"
