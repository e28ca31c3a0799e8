"""How much of the spread of the gap each cause makes: Shapley effects, under the joint distribution of the paths.

What two causes make together is split evenly between them, so the shares add up to 1 also where causes move together
(the use of contracts rises with growth), which Sobol's indices do not.

References: Shapley 1953; Song, Nelson, Staum 2016, SIAM/ASA Journal on Uncertainty Quantification 4, doi
10.1137/15M1048070; Owen and Prieur 2017 for dependent causes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import ndtr

from analysis.models.funding.draws import INDEPENDENT, RELATED, SHARED_QUANTILES, triangle
from analysis.models.funding.inputs import Choices, Inputs
from analysis.models.funding.simulation import LINES, USED, carried, computing, walk

SURPRISES, ROOTS = "surprises", "roots"
INNER = 3  # values of a path for one set of known causes (Song, Nelson, Staum 2016)
Sample = dict[str, np.ndarray[Any, Any]]  # values of causes by name, paths last


def effects(
    value: Callable[[Sample], np.ndarray],
    fresh: Callable[[int], Sample],
    given: Callable[[Sample, Sample, Mapping[str, np.ndarray]], Sample],
    names: Sequence[str],
    permutations: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Shapley effects of causes that may depend on each other.

    Along an order of the causes all samples are made of the same random numbers, so that a cause that moves nothing
    has no effect and no error.

    Parameters
    ----------
    value : callable
        What a sample leads to (n,).
    fresh : callable
        A sample of the joint distribution of a given size.
    given : callable
        Of a known sample, a fresh one and which causes are kept (name to (n,) bool): the values of those in the known
        sample, and the others drawn given them, with the random numbers of the fresh one.
    names : sequence of str
        The causes.
    permutations : int
        Number of orders in which causes become unknown.
    rng : Generator
        Source of the orders.

    Returns
    -------
    shares, errors : ndarray
        Of the variance, and their standard errors, in the order of the names; the shares sum to 1. All 0 where nothing
        varies.
    """
    n = permutations
    places = rng.random((n, len(names))).argsort(axis=1).argsort(axis=1)  # of each cause in each order
    known, others = fresh(n), [fresh(n) for _ in range(INNER)]
    spread = np.zeros((len(names) + 1, n))  # variance that the first causes of an order make, the others being known
    for k in range(1, len(names) + 1):
        kept = {name: places[:, i] >= k for i, name in enumerate(names)}
        spread[k] = np.var([value(given(known, other, kept)) for other in others], axis=0, ddof=1)
    total = float(spread[-1].mean())
    if total == 0:
        return np.zeros(len(names)), np.zeros(len(names))
    rises = np.take_along_axis(np.diff(spread, axis=0).T, places, axis=1) / total
    return rises.mean(axis=0), rises.std(axis=0, ddof=1) / np.sqrt(n)


def conditional_normals(
    fixed: np.ndarray, values: np.ndarray, roots: np.ndarray, correlations: np.ndarray
) -> np.ndarray:
    """Draw normals given those of the same column that are fixed.

    Parameters
    ----------
    fixed : ndarray
        Whether each is kept (k, n).
    values : ndarray
        The normals (k, n), read where they are fixed.
    roots : ndarray
        Independent standard normals (k, n) of which the others are made.
    correlations : ndarray
        Of the normals (k, k).

    Returns
    -------
    ndarray
        The normals (k, n).
    """
    found, bits = values.copy(), 1 << np.arange(len(values))
    patterns = bits @ fixed
    for code in range(bits.sum()):  # the last pattern keeps everything
        pattern, here = (code & bits).astype(bool), patterns == code
        if here.any():
            make = ~pattern
            weights = correlations[np.ix_(make, pattern)] @ np.linalg.inv(correlations[np.ix_(pattern, pattern)])
            spread = correlations[np.ix_(make, make)] - weights @ correlations[np.ix_(pattern, make)]
            drawn = np.linalg.cholesky(spread) @ roots[np.ix_(make, here)]
            found[np.ix_(make, here)] = weights @ values[np.ix_(pattern, here)] + drawn
    return found


class Paths:
    """The joint distribution of the paths of a case, and the gap of the last year that a path leads to."""

    def __init__(self, inputs: Inputs, choices: Choices, case: str, timing: Mapping[str, int], seed: int):
        """Take the model.

        Parameters
        ----------
        inputs, choices, case
            As for `funding.simulate`.
        timing : mapping
            The parts of a timing in the order of ``inputs.due``, each with the number of its equally likely values;
            empty where the case has none.
        seed : int
            Seed of the draws.
        """
        self.inputs, self.choices, self.case, self.timing = inputs, choices, case, dict(timing)
        self.rng = np.random.default_rng(seed)
        used = dict.fromkeys(SHARED_QUANTILES.get(name, name) for name in USED[case])
        self.related = [name for name in RELATED[1:] if name in used]
        self.uniform = [name for name in INDEPENDENT if name in used]
        self.names = [SURPRISES, RELATED[0], *self.related, *self.uniform, *self.timing]
        r = choices.correlation * np.sqrt(0.5)
        self.correlations = np.eye(2 + len(self.related))
        self.correlations[:2, 2:] = self.correlations[2:, :2] = r
        self.correlations[2:, 2:] += choices.correlation**2 * (1 - np.eye(len(self.related)))

    def fresh(self, n: int) -> Sample:
        """A sample; under ROOTS the independent normals that its related causes are made of."""
        normal = [SURPRISES, *RELATED[:1], *self.related]
        raw: Sample = {SURPRISES: self.rng.standard_normal((len(self.inputs.plan), n))}
        raw |= {name: self.rng.random(n) for name in self.uniform}
        raw |= {name: self.rng.integers(0, count, n) for name, count in self.timing.items()}
        raw[ROOTS] = self.rng.standard_normal((len(normal), n))
        return self.given(
            raw | dict.fromkeys(normal[1:], np.zeros(n)), raw, dict.fromkeys(self.names, np.zeros(n, bool))
        )

    def given(self, known: Sample, other: Sample, kept: Mapping[str, np.ndarray]) -> Sample:
        """A sample with some causes as known, as `effects` asks for it."""
        normal, root = [*RELATED[:1], *self.related], np.sqrt(len(self.inputs.plan))
        values = np.array([known[SURPRISES].sum(axis=0) / root, *(known[name] for name in normal)])
        fixed = np.array([kept[name] for name in (SURPRISES, *normal)])
        values = conditional_normals(fixed, values, other[ROOTS], self.correlations)
        # The surprises of the years, given their sum.
        years = other[SURPRISES] + (values[0] - other[SURPRISES].sum(axis=0) / root) / root
        found = {SURPRISES: np.where(kept[SURPRISES], known[SURPRISES], years), ROOTS: other[ROOTS]}
        found |= dict(zip(normal, values[1:], strict=True))
        return found | {name: np.where(kept[name], known[name], other[name]) for name in (*self.uniform, *self.timing)}

    def gap(self, sample: Sample) -> np.ndarray:
        """The gap of the last year (n,), US$ bn."""
        inputs, kind = self.inputs, np.float32
        quantiles = {
            name: (ndtr(sample[name]) if name in RELATED else sample[name]).astype(kind) for name in self.names[1:]
        }
        ends = self.choices.triangles
        drawn = {name: triangle(quantiles[SHARED_QUANTILES.get(name, name)], *ends[name]) for name in USED[self.case]}
        shocks = carried(sample[SURPRISES].astype(kind), inputs, self.choices)
        timing = None
        if self.timing:
            parts = tuple(sample[name] for name in self.timing)
            timing = np.ravel_multi_index(parts, tuple(self.timing.values()))
        out = {name: np.empty(shocks.shape, kind) for name in LINES}
        walk(inputs, self.case, shocks, drawn, computing(inputs, self.case, drawn, timing), out)
        return out["gap"][-1].astype(float)


def shares_of_gap(
    inputs: Inputs, choices: Choices, case: str, timing: Mapping[str, int], permutations: int, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """The Shapley effect of each cause of the gap of the last year, with its standard error, by name.

    Parameters as for `Paths` and `effects`.
    """
    paths = Paths(inputs, choices, case, timing if case == "contracts" else {}, seed)
    shares, errors = effects(
        paths.gap, paths.fresh, paths.given, paths.names, permutations, np.random.default_rng(seed + 1)
    )
    return {name: (float(s), float(e)) for name, s, e in zip(paths.names, shares, errors, strict=True)}
