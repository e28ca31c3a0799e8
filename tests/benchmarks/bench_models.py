"""Random networks with the sums of the live one, and every combination of the choices. Peer of the latter: one path at
a time."""

import time

from analysis.ledger import Ledger
from analysis.models import funding, nullmodel
from analysis.numbers import modelling
from analysis.numbers.circularity.measures import counted
from analysis.numbers.sustainability.choices import combinations

DRAWS, CHAINS = 1000, 200
ONE_BY_ONE = 300  # paths that the peer walks, to tell what all of them would take


def main(draws: int = DRAWS, one_by_one: int = ONE_BY_ONE) -> None:
    """Print how long the random networks and the combinations of the newest day take."""
    ledger = Ledger.load()
    flows = counted(ledger, "central").by_kind()
    began = time.perf_counter()
    found = nullmodel.placed(flows, 0, draws, chains=min(CHAINS, draws // 4))
    took = time.perf_counter() - began
    print(
        f"null model, {found.draws:,} draws: {took:.2f} s (target at 1,000: 10); R-hat {found.r_hat:.3f},"
        f" correlation of a draw with the next {found.lag:.3f}"
    )
    began = time.perf_counter()
    table = combinations(ledger, "central")
    took = time.perf_counter() - began
    made = modelling.model(ledger, "central")
    assert made is not None
    began = time.perf_counter()
    for _ in range(one_by_one):
        funding.central_path(*made)
    peer = (time.perf_counter() - began) * len(table) / one_by_one
    print(f"{len(table):,} combinations: {took:.2f} s (target 20); one at a time they would take {peer:.0f} s")


if __name__ == "__main__":
    main()
