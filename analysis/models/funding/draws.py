"""Random numbers that Python and the page `explore` draw alike: a hash of the path's number, and Box and Muller.

Path i has the same draws whatever the number of paths, threads or calls, and a browser computes them again from nothing
but the formula, so that the chapter and the page speak of the same paths.

One joint distribution: the yearly surprises and the share of the planned growth that comes true make a growth score;
the use of the contracts and the capacity rise with it (Gaussian copula), everything else is independent.
"""

import functools
from collections.abc import Iterable, Mapping

import numpy as np
from scipy.special import ndtr

BLOCK = 1 << 14  # paths drawn at once
BITS = 12
QUANTILE_STEPS = 1 << BITS  # quantiles of a choice that is independent
FIRST, SECOND = 0x7FEB352D, 0x846CA68B  # factors of the hash
# Drawn as normals, because they move together; then as uniforms.
RELATED = ("attainment", "take_up", "gw")
INDEPENDENT = ("other_share", "conditional", "compute_floor", "price", "overlap", "renewal", "rent", "flex")
DRAWN = RELATED + INDEPENDENT


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


def draw(
    first: int, count: int, years: int, seed: int, correlation: float, dtype: type = np.float32
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
    drawn = {"attainment": ndtr(attainment)}
    for k, name in enumerate(RELATED[1:], 1):
        drawn[name] = ndtr(dtype(correlation) * growth + rest * normals[years + k])
    for k in range(0, len(INDEPENDENT), 2):
        bits = hashes(paths, 2 * pairs + k // 2, seed)
        drawn[INDEPENDENT[k]] = bits >> np.uint32(32 - BITS)
        if k + 1 < len(INDEPENDENT):
            drawn[INDEPENDENT[k + 1]] = bits & np.uint32(QUANTILE_STEPS - 1)
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
    cut = (central - low) / (high - low)
    kind = u.dtype.type
    is_rising = u < cut
    from_end = np.where(
        is_rising, u * kind((high - low) * (central - low)), (1 - u) * kind((high - low) * (high - central))
    )
    np.sqrt(from_end, out=from_end)
    return np.where(is_rising, kind(low) + from_end, kind(high) - from_end)


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
    middles = (np.arange(QUANTILE_STEPS, dtype=dtype) + dtype(0.5)) / dtype(QUANTILE_STEPS)
    found = {}
    for name in names:
        quantile, ends = quantiles[SHARED_QUANTILES.get(name, name)], choices[name]
        is_level = quantile.dtype.kind == "u"
        found[name] = triangle(middles, *ends)[quantile] if is_level else triangle(quantile, *ends)
    return found


# Choices without a quantile of their own, and the one that they share: an expensive or well-used kind is so in all.
SHARED_QUANTILES = {"option": "take_up", "chip_price": "price", "lease_price": "price"}
