"""The one module that knows where things are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SCHEMA = DATA / "datapackage.json"
CHAPTERS = ROOT / "chapters"
CONFIG = ROOT / "_config.yml"
TOC = ROOT / "_toc.yml"
CHANGELOG = ROOT / "CHANGELOG.md"
BIBLIOGRAPHY = ROOT / "references.bib"
TEMPLATES = ROOT / "analysis" / "templates"
ASSETS = ROOT / "analysis" / "book" / "pages" / "assets"
LOCK = ROOT / "requirements.lock"
BUILD = ROOT / "_build"
SITE = BUILD / "html"
CACHE = BUILD / ".cache"
