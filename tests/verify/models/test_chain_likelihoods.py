"""The density of a simulated chain's law: one datum in closed form, the line on a grid, the plane by chains."""

import math

import numpy as np
import pytest

from verify.models.chain_likelihoods import chain_likelihood
from verify.models.euler_chains import chain_densities, line_grid
from verify.models.tradeoff_data import START, blurred, swiss_rolls, two_modes

SIGMAS = 6.0  # of a normal error: 2e-9 two-sided, and the seeds are fixed


@pytest.mark.parametrize("step", [0.02, 0.4])
def test_with_one_datum_the_chain_is_gaussian_and_no_draw_differs(step):
    """The second step is longer than the noise of the score, where Euler's method overshoots."""
    datum, blur, count = np.array([1.5, -0.5, 0.25]), 0.3, 5
    points = np.random.default_rng(0).standard_normal((4, 3))
    found = chain_likelihood(points, blurred(datum[None], blur), start=START, step=step, count=count, draws=4, rng=1)
    mean, variance = np.zeros(3), 1.0
    for k in range(count, 0, -1):
        decay = math.exp(-(START + k * step))
        noise = 1.0 - decay**2 * (1.0 - blur**2)
        mean = mean + step * (mean + 2.0 * (decay * datum - mean) / noise)
        variance = (1.0 + step - 2.0 * step / noise) ** 2 * variance + 2.0 * step
    exact = 0.5 * (((points - mean) ** 2).sum(axis=1) / variance + 3 * math.log(2.0 * math.pi * variance))
    assert found.nats == pytest.approx(exact, rel=1e-12)
    assert found.halved == pytest.approx(exact, rel=1e-12)
    assert np.all(found.errors <= 1e-12)


@pytest.mark.parametrize(("step", "count"), [(0.05, 1), (0.05, 20), (0.1, 30)])
def test_on_the_line_the_density_is_that_on_a_grid(step, count):
    law, x = blurred(two_modes(), 0.5), line_grid(18.0, 720)
    (q,) = chain_densities(law.score, x, start=START, step=step, counts=[count])
    cells = np.arange(240, 500, 20)
    found = chain_likelihood(x[cells, None], law, start=START, step=step, count=count, draws=1000, rng=0)
    assert np.all(found.errors < 0.2)
    assert np.all(np.abs(np.exp(-found.nats) / q[cells] - 1.0) <= SIGMAS * found.errors)


@pytest.mark.parametrize(("step", "count"), [(0.05, 4), (0.15, 12)])
def test_in_the_plane_the_density_is_that_of_chains_run_forwards(step, count):
    """The mean over 20 000 chains of the density of their last step, of standard deviation √(2h)."""
    data, held_out = swiss_rolls()
    law, points, rng = blurred(data, 0.2), held_out[:12], np.random.default_rng(3)
    found = chain_likelihood(points, law, start=START, step=step, count=count, draws=400, rng=0)
    x, h, chains = rng.standard_normal((20_000, 2)), step, 20_000
    for k in range(count, 1, -1):
        x = x + h * (x + 2.0 * law.score(x, START + k * h)) + math.sqrt(2.0 * h) * rng.standard_normal(x.shape)
    last = x + h * (x + 2.0 * law.score(x, START + h))
    each = np.exp(-((points[:, None] - last) ** 2).sum(axis=2) / (4.0 * h)) / (4.0 * math.pi * h)
    density, error = each.mean(axis=1), each.std(axis=1, ddof=1) / math.sqrt(chains)
    allowed = SIGMAS * np.hypot(error / density, found.errors)
    assert np.all(np.abs(np.exp(-found.nats) / density - 1.0) <= allowed)
    assert 0.0 < found.excess < 0.05


def test_the_draws_are_an_even_number():
    with pytest.raises(ValueError, match="draws must be an even number of at least 4; got 5"):
        chain_likelihood(np.zeros((1, 1)), blurred(two_modes(), 0.5), start=START, step=0.1, count=1, draws=5, rng=0)
