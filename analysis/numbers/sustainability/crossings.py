"""From which year on sales exceed computing, both summed from the first year of the model."""

import numpy as np

from analysis.ledger import Ledger
from analysis.models.funding.gap_specifications import evaluate
from analysis.numbers import modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.sustainability.cash import CASE_NAMES, calibrated_on


def crossings(ledger: Ledger, scenario: str = "central") -> dict[str, float]:
    """Return by case the first year from which summed sales stay above summed computing, at our middle choices with
    steady sales; NaN where they do not by the last year."""
    made = modelling.model(ledger, scenario)
    if made is None:
        return {}
    found = {}
    for case in made[0].cases:
        lines = evaluate(*made, case, {})
        is_short = np.cumsum(lines["revenue"][:, 0]) <= np.cumsum(lines["compute"][:, 0])
        after = int(np.flatnonzero(is_short)[-1]) + 1 if is_short.any() else 0
        found[case] = float(made[0].years[after]) if after < len(is_short) else NAN
    return found


def crossing(ledger: Ledger, scenario: str = "central") -> Results:
    """When sales have first paid for all of the computing since the model begins, and by which way of counting."""
    f, used = Facts(ledger, "sustainability", scenario), calibrated_on(ledger)
    years = crossings(ledger, scenario)
    known = [year for year in years.values() if not np.isnan(year)]
    first = min(known, default=NAN)
    early = [CASE_NAMES[case] for case, year in years.items() if year == first]
    how = "Summed from the first year of the model, at our middle choices, with steady sales."
    return Results(
        [
            f.result("crossing_year", "First year to whose end sales exceed computing", first, "year", *used, how=how),
            f.result(
                "crossing_by",
                "Ways of counting by which they do",
                " and by ".join(early) or None,
                "text",
                *used,
                how=how,
            ),
            f.result("has_crossing", "By some way of counting they do", len(known) > 0, "flag", *used),
        ]
    )
