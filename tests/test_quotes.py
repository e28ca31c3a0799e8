"""What people have said: a quotation is known from its day, gives its source, and goes when a row withdraws it."""

import re
from pathlib import Path

from analysis import paths
from analysis.ledger import Ledger, check
from analysis.ledger.schema import tables
from analysis.numbers import quotes
from tests.conftest import write_rows
from tests.ledgers import SMALL

HEADER = list(tables()["quotes"].columns)


def said(day: str, words: str, source: str, occasion: str = "a post") -> list[str]:
    return ["altman-fail", day, "openai", "Sam Altman", occasion, words, "single", source, "", "", ""]


def test_other_words_of_a_speaker_do_not_take_over_an_older_sentence(tmp_path: Path):
    """'In November its chief called reports that it had doubts …' of what he said on a call nine months later."""
    for file in SMALL.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    source = Ledger.load(SMALL).sources["source"].iloc[0]
    first = said("2025-11-06", "We should fail", source)
    write_rows(tmp_path / "quotes.csv", [HEADER, first, said("2026-01-05", "We won", source, "a call")])
    (problem,) = check(tmp_path)
    assert (problem.column, problem.row) == ("occasion", 3) and "needs a quote of its own" in problem.message
    write_rows(tmp_path / "quotes.csv", [HEADER, first, said("2026-01-05", "We should all fail", source)])
    told = quotes.quoted(Ledger.load(tmp_path)).by_name()
    assert (told["altman_fail"].text, told["altman_fail_day"].value) == ("“We should all fail”", "2025-11-06")


def test_a_quotation_is_known_from_its_day_and_goes_with_its_words(tmp_path: Path):
    for file in SMALL.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    source = Ledger.load(SMALL).sources["source"].iloc[0]
    rows = [said("2025-11-06", "We should fail", source), said("2026-01-05", "", source)]
    write_rows(tmp_path / "quotes.csv", [HEADER, *rows])
    assert check(tmp_path) == []
    found = {}
    for day in ("2025-11-05", "2025-11-06", "2026-01-05"):
        told = quotes.quoted(Ledger.load(tmp_path, day)).by_name()
        found[day] = told["has_altman_fail"].value, told["altman_fail"].text, told["altman_fail"].sources
    assert found["2025-11-05"] == (False, "not known", ())
    assert found["2025-11-06"] == (True, "“We should fail”", (source,))
    assert found["2026-01-05"][0] is False


def test_what_pages_quote_is_what_the_ledger_holds(live: Ledger):
    """Every quotation of the table is shown on some page, none is longer than one may be, and pages name no other."""
    held = live.history["quotes"]
    assert set(quotes.QUOTED) == set(held["quote"])
    assert held["words"].str.split().str.len().max() <= 25
    prose = "".join(page.read_text(encoding="utf-8") for page in paths.CHAPTERS.glob("*.ipynb"))
    shown = {key for key in quotes.QUOTED if f"{{num}}`ledger.{key.replace('-', '_')}`" in prose}
    guarded = set(re.findall(r":\{when\} ledger\.has_(\w+)", prose))
    assert shown == set(quotes.QUOTED) == {key.replace("_", "-") for key in guarded}
