"""What people who speak for the companies have said, in their own words: the quotations that pages show."""

from analysis.ledger import Ledger
from analysis.numbers.facts import Facts, day
from analysis.numbers.results import Result, Results

# Keys of the table; a page names a quotation as ``ledger.altman_fail``, its day as ``ledger.altman_fail_day`` and its
# occasion as ``ledger.altman_fail_where``.
QUOTED = (
    "altman-bet",
    "altman-buyer",
    "altman-fail",
    "altman-model",
    "amodei-hedge",
    "huang-cards",
    "huang-commitment",
    "huang-nonsense",
    "jassy-shift",
    "magouyrk-pay",
    "nadella-ibm",
    "nadella-participate",
    "nadella-plan",
    "scott-storm",
    "son-crying",
)


def quoted(ledger: Ledger, scenario: str = "central") -> Results:
    """Each of `QUOTED` in quotation marks, where and since when it is known, and whether it is known and stands.

    Other words of the same speaker have a key of their own; a later row corrects the wording, not the day.
    """
    f = Facts(ledger, "ledger", scenario)
    return Results([result for key in QUOTED for result in _quotation(f, key)])


def _quotation(f: Facts, key: str) -> list[Result]:
    table = f.ledger.quotes
    rows = table[(table["quote"] == key) & (table["words"] != "")]
    words = [f"“{said}”" for said in rows["words"]]
    speaker = rows["speaker"].iloc[0] if len(rows) else key
    occasion = rows["occasion"].iloc[0] if len(rows) else ""
    how, where = (f"In {occasion}.", f" ({occasion})") if occasion else ("", "")
    name = key.replace("-", "_")
    told = f.ledger.history["quotes"]
    first = told[told["quote"] == key].head(len(rows))
    return [
        f.result(name, f"Words of {speaker}", words[0] if words else None, "text", rows, how=how),
        f.result(
            f"{name}_day",
            f"Words of {speaker}{where}: known on",
            day(first),
            "date",
            first,
        ),
        f.result(f"{name}_where", f"Words of {speaker}: where they stand", occasion or None, "text", rows),
        f.result(f"has_{name}", f"Words of {speaker} are known", len(rows) > 0, "flag", rows),
    ]
