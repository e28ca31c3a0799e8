"""Monte Carlo of 1,000,000 paths x 9 years, all lines and quantiles. Peer: numpy drawing as many float32 normals."""

import time

import numpy as np

from analysis.models import funding

PATHS = 1_000_000


def main(paths: int = PATHS) -> None:
    """Print the best of five runs, beside the best of five of the peer."""
    years = 9
    inputs = funding.Inputs(
        2024,
        10.0,
        20.0,
        np.linspace(15, 250, years),
        np.linspace(20, 140, years),
        np.full(years, 10.0),
        np.full(years, 5.0),
    )
    choices = funding.Choices(
        (0.5, 0.85, 1.1), (0.25, 0.75, 1), (0.3, 0.45, 0.6), (0.08, 0.15, 0.2), (0, 0.5, 1), (0.25, 0.35, 0.5), 0.2, 0.3
    )
    draws, ours = [], []
    for _ in range(5):
        began = time.perf_counter()
        np.random.default_rng(0).standard_normal((years, paths), np.float32)
        draws.append(time.perf_counter() - began)
        began = time.perf_counter()
        lines = funding.simulate(inputs, choices, paths)
        simulated = time.perf_counter() - began
        funding.summarise(lines, inputs.years)
        ours.append((time.perf_counter() - began, simulated))
        del lines
    peer, (whole, part) = min(draws), min(ours)
    print(
        f"{paths:,} paths x {years} years: {whole:.3f} s, of it paths {part:.3f} s; "
        f"{years * paths:,} normals take numpy {peer:.3f} s"
    )
    print(f"ratio {whole / peer:.2f} (target 3); worst of five {max(o[0] for o in ours) / min(draws):.2f}")


if __name__ == "__main__":
    main()
