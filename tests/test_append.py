"""The project's own ledger with facts of a later day: they pass the checks, and every number and figure is made."""

import pytest

from analysis.book.publishing import change_gate
from analysis.ledger import Ledger, check, schema
from analysis.numbers import vintages
from tests.append import TABLES, append_facts
from tests.conftest import number_functions
from tests.test_figures import FIGURES, check_figure, spec_of


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory, live: Ledger) -> Ledger:
    """A copy of the project's ledger with rows of a later day in every table."""
    directory = tmp_path_factory.mktemp("later") / "data"
    directory.mkdir()
    for table in schema.tables().values():
        source = live.directory / table.file
        (directory / table.file).write_bytes(source.read_bytes())
    append_facts(directory)
    return Ledger.load(directory)


def test_appended_facts_are_of_every_kind_and_pass_the_checks(later: Ledger, live: Ledger):
    assert check(later.directory) == []
    assert change_gate.guard(str(live.directory), later.directory).problems == []
    grown = {n for n in later.tables if len(later.history.get(n, later[n])) > len(live.history.get(n, live[n]))}
    assert grown == set(TABLES)
    assert vintages.known(later)[-1].name == "A new fund"


def test_what_was_known_before_stays_as_it_was(later: Ledger, live: Ledger):
    then = later.at(live.newest.date())
    for name in ("deals", "metrics", "terms", "quotes", "sites", "chips", "prices", "outside_models"):
        assert then[name].equals(live[name]), name


@pytest.mark.parametrize("function", number_functions(), ids=lambda f: f"{f.__module__.rsplit('.', 1)[1]}.{f.__name__}")
def test_the_numbers_of_a_later_day(later: Ledger, function):
    day = f"{later.newest:%Y-%m-%d}"
    assert all(result.text and result.as_of <= day for result in function(later, "central"))


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_a_later_day(later: Ledger, name: str):
    check_figure(spec_of(name, later), name, later)
