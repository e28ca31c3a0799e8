"""Does more come back to a party than in other networks in which every party pays and gets just as much?

- The other networks have the *same* sums: what each party pays and gets of each kind of money (orders, shares, debt).
  Only who pays whom is open, and only those who pay a kind of money pay it, and only those who get it get it.
- They are drawn by Gibbs moves (Gandy and Veraart 2017): an amount is moved around a rectangle of two payers and two
  payees, or a hexagon of three and three, so that no sum changes. The amount is drawn from its conditional law under
  a weight of ``odds`` to the power of the number of payments, uniform within: ends, where a payment vanishes, have a
  mass of their own.
- Sums are taken to be in general position: where a part of the network balances by itself, a payment of no size may
  join it to the rest (the draws are made with sums that differ by less than a cent).
- ``odds`` is set in a first run so that draws have as many payments as the network, on average.

Reference: Gandy and Veraart 2017, A Bayesian methodology for systemic risk assessment in financial networks,
Management Science 63, doi 10.1287/mnsc.2016.2546.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.models.circularity import returning_shares
from analysis.models.markov_diagnostics import lag_one, split_r_hat

HEXAGONS = 0.15  # share of the moves
NONE = 1e-6  # US$ bn: less is no payment
JITTER = 2e-11  # US$ bn added to each payment, so that no part of the network balances by itself
CHAINS = 200  # side by side: what is done to one is done to all at once
BURN_IN = 160.0  # moves for each possible payment that are discarded at the start
THINNING = 40.0  # moves for each possible payment between two draws, at first
MOST_DOUBLINGS = 1
APART = 8.0  # chains start where networks have this many times the odds, or that part of them
LAG = 0.1  # the largest correlation of a draw with the next


def _orders(count: int, k: int, rng: np.random.Generator) -> np.ndarray:
    """Orders of k things, each as likely (count, k)."""
    return rng.random((count, k)).argsort(axis=1)


def _two_least(rows: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and the second smallest of two or three rows, column by column."""
    least, second = np.minimum(rows[0], rows[1]), np.maximum(rows[0], rows[1])
    if len(rows) == 2:
        return least, second
    return np.minimum(least, rows[2]), np.maximum(least, np.minimum(second, rows[2]))


class Layer:
    """The payments of one kind in several networks at once, whose row and column sums every move keeps."""

    def __init__(self, flows: np.ndarray, chains: int):
        """Start every chain at the same payments.

        Parameters
        ----------
        flows : ndarray
            (n, n), US$ bn, 0 or more.
        chains : int
            Number of networks.
        """
        self.payers, self.payees = np.flatnonzero(flows.sum(axis=1) > 0), np.flatnonzero(flows.sum(axis=0) > 0)
        self.n, self.chains, self.width = len(flows), chains, len(self.payees)
        cells = flows[np.ix_(self.payers, self.payees)].ravel()
        cells = np.where(cells > 0, cells + JITTER * np.random.default_rng(0).uniform(0.5, 1.0, cells.shape), 0.0)
        self.amounts = np.tile(cells[:, None], (1, chains)).astype(float)  # a row a possible payment
        self.allowed = (self.payers[:, None] != self.payees).ravel()
        self.is_fixed = min(len(self.payers), self.width) < 2

    def payments(self) -> np.ndarray:
        """The number of payments of each network (chains,)."""
        return (self.amounts > NONE).sum(axis=0)

    def flows(self) -> np.ndarray:
        """The payments as matrices (chains, n, n), US$ bn."""
        found = np.zeros((self.chains, self.n, self.n))
        at = np.ix_(np.arange(self.chains), self.payers, self.payees)
        found[at] = self.amounts.T.reshape(self.chains, len(self.payers), self.width)
        return found

    def _rings(self, count: int, rng: np.random.Generator) -> list[tuple[list[int], list[int]]]:
        """Cells that rise and cells that fall in each of about ``count`` moves; those that cannot be are left out."""
        rows, columns = len(self.payers), self.width
        found: list[tuple[list[int], list[int]]] = []
        sizes = (2, 3) if min(rows, columns) >= 3 else (2,)
        for k, share in zip(sizes, (1 - HEXAGONS, HEXAGONS) if len(sizes) == 2 else (1.0,), strict=True):
            tries = round(count * share)
            r = _orders(tries, rows, rng)[:, :k]
            c = _orders(tries, columns, rng)[:, :k]
            up, down = r * columns + c, r * columns + np.roll(c, 1, axis=1)
            can = self.allowed[up].all(axis=1) & self.allowed[down].all(axis=1)
            found += [*zip(up[can].tolist(), down[can].tolist(), strict=True)]
        return [found[k] for k in rng.permutation(len(found))]

    def move(self, moves_per_cell: float, odds: np.ndarray, rng: np.random.Generator) -> None:
        """Move amounts around rectangles and hexagons, the same ones in all networks.

        Parameters
        ----------
        moves_per_cell : float
            How many moves for each possible payment.
        odds : ndarray
            Weight of one payment more, per US$ bn, of each network (chains,).
        rng : Generator
            Source of the draws.
        """
        if self.is_fixed:
            return
        w, mass = self.amounts, 1 / odds
        for up, down in self._rings(round(moves_per_cell * len(w)), rng):
            rising, falling = [w[x] for x in up], [w[x] for x in down]
            (least_up, next_up), (least_down, next_down) = _two_least(rising), _two_least(falling)
            length = least_up + least_down
            # Where two payments would begin at once, the network lies on a face too thin for this move to leave.
            is_stuck = (length == 0) | (np.minimum(next_up, next_down) == 0)
            if is_stuck.all():
                continue
            u = rng.random(self.chains) * (length + 2 * mass)
            step = np.where(u < length, u - least_up, np.where(u < length + mass, -least_up, least_down))
            step[is_stuck] = 0.0
            for row in rising:
                np.maximum(row + step, 0.0, out=row)
            for row in falling:
                np.maximum(row - step, 0.0, out=row)


def fitted_odds(flows: Sequence[np.ndarray], rng: np.random.Generator, steps: int = 40) -> float:
    """The odds at which networks have as many payments as the given one, on average (Robbins and Monro 1951).

    Parameters
    ----------
    flows : sequence of ndarray
        The payments of each kind (n, n), US$ bn.
    rng : Generator
        Source of the draws.
    steps : int
        Number of corrections; the mean of the second half is taken.

    Returns
    -------
    float
        Weight of one payment more, per US$ bn.
    """
    layers = [Layer(w, CHAINS) for w in flows]
    want = sum(int((w > NONE).sum()) for w in flows)
    logs = [-float(np.log(np.mean(np.concatenate([w[w > NONE] for w in flows]))))]
    for step in range(steps):
        for layer in layers:
            layer.move(3.0, np.full(CHAINS, np.exp(logs[-1])), rng)
        miss = want - float(np.mean(sum(layer.payments() for layer in layers)))
        logs.append(logs[-1] + 2 * miss / max(want, 1) / (1 + step / 10) ** 0.5)
    return float(np.exp(np.mean(logs[steps // 2 :])))


class Ensemble:
    """Networks with the sums of a given one, drawn by many chains side by side."""

    def __init__(self, flows: Sequence[np.ndarray], odds: float, seed: int, chains: int = CHAINS):
        """Start the chains apart and let them forget where they started.

        Parameters
        ----------
        flows : sequence of ndarray
            The payments of each kind (n, n), US$ bn.
        odds : float
            As `fitted_odds` finds them.
        seed, chains : int
            Seed of the draws, and number of chains.
        """
        self.layers = [Layer(w, chains) for w in flows]
        self.odds, self.rng = np.full(chains, odds), np.random.default_rng(seed)
        self.advance(BURN_IN / 2, self.odds * APART ** np.resize([0.0, 1.0, -1.0], chains))
        self.advance(BURN_IN / 2)

    def advance(self, moves_per_cell: float, odds: np.ndarray | None = None) -> None:
        """Make moves in every layer."""
        for layer in self.layers:
            layer.move(moves_per_cell, self.odds if odds is None else odds, self.rng)

    def draw(self, draws: int, thin: float) -> np.ndarray:
        """Return networks (draws, kinds, chains, n, n), US$ bn, with ``thin`` moves a possible payment in between."""
        found = []
        for _ in range(draws):
            self.advance(thin)
            found.append([layer.flows() for layer in self.layers])
        return np.array(found)


@dataclass(frozen=True)
class Placed:
    """Where a network stands among others with its sums.

    Attributes
    ----------
    index : float
        The part of what the party pays that can come back to it.
    median, low, high : float
        The same of the draws: the middle, and the ends of the middle 95%.
    percentile, error : float
        Draws below it, in per cent, ties counted half, and the standard error; NaN where no other network exists.
    r_hat, lag, thin : float
        Agreement of the chains, correlation of a draw with the next, moves for each possible payment between draws.
    payments : float
        Of a draw, mean.
    draws : int
        Number of draws.
    """

    index: float
    median: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    percentile: float = float("nan")
    error: float = float("nan")
    r_hat: float = float("nan")
    lag: float = float("nan")
    thin: float = 0.0
    payments: float = 0.0
    draws: int = 0


def placed(flows: Sequence[np.ndarray], party: int, draws: int = 1000, seed: int = 0, chains: int = CHAINS) -> Placed:
    """Place what can come back to a party among networks with the same sums, kind by kind.

    Parameters
    ----------
    flows : sequence of ndarray
        The payments of each kind (n, n), US$ bn.
    party : int
        Its index; below 0 where it is none of them.
    draws : int
        Number of networks drawn, over all chains.
    seed, chains : int
        Seed of the draws, and number of chains.

    Returns
    -------
    Placed
        With NaN in place of the percentile when the sums leave no other network.
    """
    own = float(returning_shares(np.sum(flows, axis=0)[None], np.array([party]))[0]) if len(flows) else 0.0
    if not any(not layer.is_fixed for layer in (Layer(w, 1) for w in flows)):
        return Placed(own)
    ensemble = Ensemble(flows, fitted_odds(flows, np.random.default_rng(seed)), seed + 1, chains)
    moved = max(float(np.abs(a.flows() - w).max()) for a, w in zip(ensemble.layers, flows, strict=True))
    if moved <= NONE:
        return Placed(own)
    thin = THINNING
    for doubling in range(MOST_DOUBLINGS + 1):
        states = ensemble.draw(max(draws // chains, 4), thin)
        values = np.array([returning_shares(one.sum(axis=0), np.full(chains, party)) for one in states]).T
        lag = lag_one(values)
        if lag < LAG or doubling == MOST_DOUBLINGS:
            break
        thin *= 2
    share = float(np.mean(values < own - 1e-6) + np.mean(np.abs(values - own) <= 1e-6) / 2)
    effective = values.size * (1 - max(lag, 0.0)) / (1 + max(lag, 0.0))
    median, low, high = (float(q) for q in np.quantile(values, (0.5, 0.025, 0.975)))
    return Placed(
        own,
        median,
        low,
        high,
        percentile=100 * share,
        error=100 * float(np.sqrt(max(share * (1 - share), 0.25 / values.size) / effective)),
        r_hat=split_r_hat(values),
        lag=lag,
        thin=thin,
        payments=float((states > NONE).sum(axis=(1, 3, 4)).mean()),
        draws=values.size,
    )
