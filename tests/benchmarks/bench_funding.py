"""Monte Carlo of 1,000,000 paths x 9 years, all lines and quantiles. Peer: numpy drawing as many float32 normals."""

import time

import numpy as np

from analysis.models import funding

PATHS = 1_000_000


def main(paths: int = PATHS) -> None:
    """Print the best of five runs, beside the best of five of the peer."""
    years = 9
    due = np.zeros((64, len(funding.CLASSES), years))
    due[:, 0] = np.linspace(20, 140, years)
    due[:, 2:4] = 1.0
    inputs = funding.Inputs(
        base_year=2024,
        base_cash=20.0,
        start_revenue=10.0,
        open_share=1.0,
        plan=np.linspace(15, 250, years),
        plan_burn=np.full(years, 20.0),
        plan_other=0.3,
        due=due,
        central=0,
        firm=np.full(years, 10.0),
        conditional=np.full(years, 5.0),
        live_gw=2.0,
        gw_path=np.linspace(0.2, 1.8, years),
    )
    choices = funding.Choices(
        attainment=(0.5, 0.85, 1.1),
        take_up=(0.7, 0.9, 1),
        option=(0.25, 0.57, 1),
        other_share=(0.24, 0.3, 0.45),
        conditional=(0, 0.5, 1),
        compute_floor=(0.25, 0.35, 0.5),
        chip_price=(15, 25, 35),
        lease_price=(1.5, 2.5, 4),
        overlap=(0.25, 0.5, 0.9),
        renewal=(0, 0.5, 1),
        gw=(10, 12, 20),
        rent=(9, 12, 17.2),
        flex=(0, 0.5, 1),
        sigma=0.2,
        persistence=0.3,
        correlation=0.5,
    )
    draws, ours = [], []
    for _ in range(5):
        began = time.perf_counter()
        np.random.default_rng(0).standard_normal((years, paths), np.float32)
        draws.append(time.perf_counter() - began)
        began = time.perf_counter()
        lines = funding.simulate(inputs, choices, paths=paths)
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
