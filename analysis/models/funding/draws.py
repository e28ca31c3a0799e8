"""Random numbers that Python and the page `explore` draw alike: a hash of the path's number, and Box and Muller.

Path i has the same draws whatever the number of paths, threads or calls, and a browser computes them again from nothing
but the formula, so that the chapter and the page speak of the same paths.

One joint distribution: the yearly surprises and the share of the planned growth that comes true make a growth score;
the use of the contracts and the capacity rise with it (Gaussian copula), everything else is independent.
"""

import functools
from collections.abc import Container, Iterable, Mapping

import numpy as np

BLOCK = 1 << 14  # paths drawn at once
BITS = 12
QUANTILE_STEPS = 1 << BITS  # quantiles of a choice that is independent
FIRST, SECOND = 0x7FEB352D, 0x846CA68B  # factors of the hash
# Drawn as normals, because they move together; then as uniforms.
RELATED = ("attainment", "take_up", "gw")
INDEPENDENT = ("other_share", "conditional", "compute_floor", "price", "overlap", "renewal", "rent", "flex")
DRAWN = RELATED + INDEPENDENT
# Of the complementary error function, the highest power of t first.
ERFC = (
    *(0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807),
    *(-0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223),
)


def mixed(x: int) -> int:
    """Mix a 32-bit integer so that neighbours look unrelated.

    References
    ----------
    Wellons 2018, "Prospecting for hash functions": lowbias32.
    """
    x ^= x >> 16
    x = x * FIRST % 2**32
    x ^= x >> 15
    x = x * SECOND % 2**32
    return x ^ x >> 16


@functools.lru_cache(maxsize=1024)
def key(dimension: int, seed: int) -> np.uint32:
    """The key of one of a path's numbers."""
    return np.uint32(mixed(dimension + 1 ^ mixed(seed)))


def hashes(paths: np.ndarray, dimension: int, seed: int) -> np.ndarray:
    """`mixed` of each path's number (uint32) with the key of a dimension."""
    x = paths ^ key(dimension, seed)
    shifted = x >> np.uint32(16)
    x ^= shifted
    x *= np.uint32(FIRST)
    np.right_shift(x, np.uint32(15), out=shifted)
    x ^= shifted
    x *= np.uint32(SECOND)
    np.right_shift(x, np.uint32(16), out=shifted)
    x ^= shifted
    return x


def uniforms(paths: np.ndarray, dimension: int, seed: int, dtype: type = np.float32) -> np.ndarray:
    """Uniform numbers in (0, 1) with 23 bits, the same in every precision.

    Parameters
    ----------
    paths : ndarray
        Numbers of the paths (n,), uint32.
    dimension, seed : int
        Which of a path's numbers, and the seed.
    """
    bits = hashes(paths, dimension, seed)
    bits >>= np.uint32(9)
    found: np.ndarray = bits.astype(dtype)
    found += dtype(0.5)
    found *= dtype(2.0**-23)
    return found


def normal_distribution(x: np.ndarray) -> np.ndarray:
    """The standard normal distribution function, in the type of ``x``; its error is below 1.2e-7.

    A function of the whole array, several times as fast as scipy's, and the formula that the page `explore` repeats.

    References
    ----------
    Press et al. 2007, "Numerical Recipes", section 6.2.2: the complementary error function by Chebyshev fitting.
    """
    kind = x.dtype.type
    z = np.abs(x)
    z *= kind(np.sqrt(0.5))
    t = z * kind(0.5)
    t += kind(1)
    np.reciprocal(t, out=t)
    tail = np.full_like(x, ERFC[0])
    for factor in ERFC[1:]:
        tail *= t
        tail += kind(factor)
    z *= z
    tail -= z
    np.exp(tail, out=tail)
    tail *= t
    tail *= kind(0.5)
    np.subtract(kind(0.5), tail, out=tail)
    np.copysign(tail, x, out=tail)
    tail += kind(0.5)
    return tail


def draw(
    first: int,
    count: int,
    years: int,
    seed: int,
    correlation: float,
    dtype: type = np.float32,
    wanted: Container[str] = DRAWN,
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The random numbers of some paths.

    Parameters
    ----------
    first, count : int
        The first path and the number of paths.
    years : int
        Years of the model.
    seed : int
        Seed of the draws.
    correlation : float
        Of growth with the use of contracts and with capacity, -1 to 1.
    dtype : type
        Floating-point type of the numbers.
    wanted : container of str
        The choices of `DRAWN` whose quantiles are wanted; the numbers are the same whichever they are.

    Returns
    -------
    normals : ndarray
        Surprises of each year (years, count), standard normal and independent.
    quantiles : dict
        The quantile of each choice in `DRAWN` (count,): uniform on (0, 1) for those that are related, else a whole
        number below `QUANTILE_STEPS`, of which two come from one hash.
    """
    paths = np.arange(first, first + count, dtype=np.uint32)
    pairs = -(-(years + len(RELATED)) // 2)
    normals: np.ndarray = np.empty((2 * pairs, count), dtype)
    for p in range(pairs):
        radius = uniforms(paths, 2 * p, seed, dtype)
        np.log(radius, out=radius)
        radius *= dtype(-2)
        np.sqrt(radius, out=radius)
        angle = uniforms(paths, 2 * p + 1, seed, dtype)
        angle *= dtype(2 * np.pi)
        np.multiply(radius, np.cos(angle), out=normals[2 * p])
        np.multiply(radius, np.sin(angle), out=normals[2 * p + 1])
    surprises, attainment = normals[:years], normals[years]
    growth = (surprises.sum(axis=0) / dtype(np.sqrt(years)) + attainment) * dtype(np.sqrt(0.5))
    rest = dtype(np.sqrt(1 - correlation**2))
    drawn = {}
    for k, name in enumerate(RELATED):
        if name in wanted:
            score = normals[years + k] * rest + growth * dtype(correlation) if k else attainment
            drawn[name] = normal_distribution(score)
    for k in range(0, len(INDEPENDENT), 2):
        pair = INDEPENDENT[k : k + 2]
        if any(name in wanted for name in pair):
            bits = hashes(paths, 2 * pairs + k // 2, seed)
            drawn |= zip(pair, (bits >> np.uint32(32 - BITS), bits & np.uint32(QUANTILE_STEPS - 1)), strict=False)
    return surprises, drawn


def triangle(u: np.ndarray, low: float, central: float, high: float) -> np.ndarray:
    """Turn uniform numbers into draws from a triangular distribution.

    Parameters
    ----------
    u : ndarray
        Uniform on [0, 1), any shape.
    low, central, high : float
        Ends and mode of the triangle.

    Returns
    -------
    ndarray
        Draws in the shape and type of ``u``.
    """
    if high == low:
        return np.full_like(u, central)
    kind = u.dtype.type
    # Below the mode the first line is the quantile and the second lies below the mode; above it the other way round.
    # Choosing between them by a mask takes several times as long as cutting both off at the mode.
    rising = u * kind((high - low) * (central - low))
    np.sqrt(rising, out=rising)
    rising += kind(low)
    falling = (1 - u) * kind((high - low) * (high - central))
    np.sqrt(falling, out=falling)
    np.subtract(kind(high), falling, out=falling)
    np.minimum(rising, kind(central), out=rising)
    np.maximum(falling, kind(central), out=falling)
    falling -= kind(central)
    rising += falling
    return rising


def chosen(
    quantiles: Mapping[str, np.ndarray],
    choices: Mapping[str, tuple[float, float, float]],
    names: Iterable[str],
    dtype: type = np.float32,
) -> dict[str, np.ndarray]:
    """The drawn value of each choice from its quantile; those that share a quantile are drawn together.

    Parameters
    ----------
    quantiles : mapping
        As `draw` returns them.
    choices : mapping
        (low, central, high) by name, as `Choices.triangles` returns them.
    names : iterable of str
        The choices wanted.
    dtype : type
        Floating-point type of the values.
    """
    found = {}
    for name in names:
        quantile, ends = quantiles[SHARED_QUANTILES.get(name, name)], choices[name]
        is_level = quantile.dtype.kind == "u"
        found[name] = np.take(_levels(*ends, dtype), quantile, mode="clip") if is_level else triangle(quantile, *ends)
    return found


@functools.lru_cache(maxsize=64)
def _levels(low: float, central: float, high: float, dtype: type) -> np.ndarray:
    """`triangle` of every quantile of an independent choice."""
    middles = (np.arange(QUANTILE_STEPS, dtype=dtype) + dtype(0.5)) / dtype(QUANTILE_STEPS)
    return triangle(middles, low, central, high)


# Choices without a quantile of their own, and the one that they share: an expensive or well-used kind is so in all.
SHARED_QUANTILES = {"option": "take_up", "chip_price": "price", "lease_price": "price"}
