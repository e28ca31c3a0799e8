"""A short run of the mutants (``make soak`` has the long one), and by name each escape that it once found."""

import pytest

from analysis.ledger import check
from analysis.ledger.reading import MAX_LINE_LENGTH, MAX_ROWS
from tests.soak import mutants

PER_KIND = 2


@pytest.fixture(scope="module")
def court():
    court = mutants.Court(mutants.small_ledger())
    yield court
    court.close()


def test_mutants_are_refused_with_their_place_or_read_with_their_meaning(court, record_property):
    maker = mutants.Maker(court.base)
    counts, escaped = {"refused": 0, "read": 0}, []
    for mutant in maker.mutants(PER_KIND * len(maker.kinds), seed=7):
        verdict, why = court.judge(mutant)
        if verdict == "escaped":
            escaped.append(f"{mutant.kind} (7/{mutant.seed}): {why}")
        else:
            counts[verdict] += 1
    record_property("counts", counts)
    assert escaped == []
    assert counts["refused"] > 100 and counts["read"] > 20


def test_the_judge_can_convict(court, monkeypatch: pytest.MonkeyPatch):
    """A package that drops a row, rounds a number, overlooks a fault or fails is found out."""
    right = mutants.examine
    table = mutants.tables()["metrics"]
    same = mutants.Mutant("same", {table.file: court.base[table.file]}, "same")
    assert court.judge(same) == ("read", "")

    def spoil(change):
        def examine(folder):
            frames, problems = right(folder)
            return frames | {"metrics": change(frames["metrics"])}, problems

        monkeypatch.setattr(mutants, "examine", examine)
        return court.judge(same)[0], court.judge(mutants.Mutant("told", same.files, "told"))[0]

    assert spoil(lambda f: f.iloc[1:]) == ("escaped", "escaped")
    assert spoil(lambda f: f.assign(value=f["value"].round(0))) == ("escaped", "escaped")
    assert spoil(lambda f: f.assign(end=f["start"])) == ("escaped", "escaped")
    monkeypatch.setattr(mutants, "examine", lambda folder: 1 / 0)
    assert court.judge(same) == ("escaped", "ZeroDivisionError: division by zero")
    monkeypatch.setattr(mutants, "examine", lambda folder: (right(folder)[0], []))
    assert court.judge(mutants.Mutant("x", {table.file: None}, "refused", table.file, 1))[0] == "escaped"


# Escapes that were found


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b'"term,as_of"', "terms.csv:1:term,as_of: unknown column 'term,as_of'"),
        (b'"' + b"a" * 200_000 + b'"', "terms.csv:1:"),
        (b",".join(b"c%d" % i for i in range(100_000)), "terms.csv:1:-: the header has 100000 columns"),
        (
            b"term;as_of;parties;topic;before;after;verified;source;note;state;holder",
            "terms.csv:1:-: its columns are separated by ';'; separate them by commas",
        ),
    ],
    ids=["comma in a name", "endless name", "endless header", "semicolons"],
)
def test_odd_headers(copy, header: bytes, message: str):
    rest = (copy / "terms.csv").read_bytes().split(b"\n", 1)[1]
    (copy / "terms.csv").write_bytes(header + b"\n" + rest)
    assert any(str(p).startswith(message) for p in check(copy)), [str(p)[:200] for p in check(copy)][:3]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"x" * (MAX_LINE_LENGTH + 1) + b"\n", "terms.csv:2:-: a line of 1000001 bytes; a row has at most 1000000"),
        (b"a\n" * 5000, "terms.csv:2:as_of: 1 fields where the header has 11"),
        (b'""\n' * 5000, "terms.csv:2:as_of: 1 fields where the header has 11"),
        (b"\n" * 5000, "terms.csv:2:-: an empty line; delete it"),
        (b'"' * 999 + b"\n", "terms.csv:2:term: a quote is opened and never closed"),
        (b"a\n" * (MAX_ROWS + 1), f"terms.csv:{MAX_ROWS + 1}:-: the file has {MAX_ROWS + 2} lines"),
    ],
    ids=["long line", "ragged", "empty fields", "empty lines", "quotes", "too many rows"],
)
def test_endless_files_are_refused_at_once(copy, body: bytes, message: str):
    head = (copy / "terms.csv").read_bytes().split(b"\n", 1)[0]
    (copy / "terms.csv").write_bytes(head + b"\n" + body)
    problems = check(copy)
    assert any(str(p).startswith(message) for p in problems), [str(p)[:200] for p in problems][:3]
    assert len(problems) <= 2500


def test_what_is_no_file_is_not_read(copy):
    (copy / "terms.csv").unlink()
    (copy / "terms.csv").mkdir()
    (copy / "sites.csv").unlink()
    (copy / "sites.csv").symlink_to("/dev/zero")
    said = [str(p) for p in check(copy)]
    assert (
        "terms.csv:1:-: is not a file; put the table here" in said
        and "sites.csv:1:-: is not a file; put the table here" in said
    )


def test_the_small_ledger_holds_something_of_everything():
    base = mutants.small_ledger()
    assert {t.file for t in mutants.tables().values()} == set(base)
    assert all(len(mutants.rows_of(data)) > 2 for data in base.values())
