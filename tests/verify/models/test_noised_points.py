"""Points in noise as a channel, against quadrature, the ledger's numbers, and twice the nodes."""

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from verify.models import channel_terms, noised_points
from verify.models import point_diffusions as pd
from verify.models.point_diffusions import Points

TWO = Points((0.5, 0.5), (-1.0, 1.0))
UNEVEN = Points((0.2, 0.8), (-0.5, 1.5))
QUAD = 1e-9  # the absolute error that the adaptive quadrature reports, rounded up


def density(law, t):
    parts = [
        (w, scipy.stats.norm(math.exp(-t) * x, math.sqrt(-math.expm1(-2 * t))))
        for w, x in zip(law.weights, law.places, strict=True)
    ]
    return lambda y: sum(w * part.pdf(y) for w, part in parts)


def integral(function):
    return scipy.integrate.quad(function, -12, 12, limit=400, epsabs=1e-11)[0]


@pytest.mark.parametrize("law", [TWO, UNEVEN])
def test_the_terms_are_those_of_adaptive_quadrature(law):
    t = 0.4
    p, pi = density(law, t), scipy.stats.norm.pdf
    kernels = [density(Points((1.0,), (x,)), t) for x in law.places]
    mean = sum(
        w * integral(lambda y, k=k: k(y) * math.log(k(y) / p(y)) if k(y) > 1e-280 else 0.0)
        for w, k in zip(law.weights, kernels, strict=True)
    )
    assert pd.information(law, t) == pytest.approx(mean, abs=QUAD)
    assert pd.prior(law, t) == pytest.approx(integral(lambda y: p(y) * math.log(p(y) / pi(y))), abs=QUAD)
    squares = sum(w * integral(lambda y, k=k: k(y) ** 2 / p(y)) for w, k in zip(law.weights, kernels, strict=True))
    assert noised_points.channel_chi_square(law, t) == pytest.approx(squares - 1, abs=QUAD)


def test_two_points_two_data_give_the_ledgers_numbers():
    mean = noised_points.mean_over_data
    plug_in = mean(TWO, 2, lambda own: pd.prior(own, 0.5))
    excess = mean(TWO, 2, lambda own: pd.divergence(own, TWO, 0.5))
    assert round(plug_in, 7) == 0.1157592
    assert round(pd.prior(TWO, 0.5) + excess, 7) == 0.1157592
    assert round(excess, 7) == 0.1135784
    assert round(math.log1p(noised_points.channel_chi_square(TWO, 0.5) / 2), 7) == 0.1780961


def test_the_losses_differ_by_the_ledgers_number():
    fall = pd.information(TWO, 0.02) - pd.information(TWO, 1.0)
    losses = [loss(TWO, lambda x, _t: -x, 0.02, 1.0) for loss in (pd.denoising_loss, pd.explicit_loss)]
    assert round(fall, 9) == round(losses[0] - losses[1], 9) == 0.620468993


def test_the_chi_square_of_a_gaussian_channel_is_that_of_many_points_nearly():
    a, nodes = math.exp(-1.0), np.polynomial.hermite_e.hermegauss(24)
    law = Points(tuple(nodes[1] / nodes[1].sum()), tuple(nodes[0]))
    # a 24-point rule is exact for polynomials of degree 47 in each of the two variables; what is left is O(a^24)
    assert noised_points.channel_chi_square(law, 0.5) == pytest.approx(a / (1 - a), abs=4 * a**24)


def test_twice_the_nodes_change_no_term(monkeypatch):
    cases = [channel_terms.at(0.3, 0.3, 3, 2.5, 0.05), channel_terms.at(0.98, 2.0, 2, 0.25, 0.95)]
    before = [channel_terms.values(case, losses=True, sets=True) for case in cases]
    monkeypatch.setattr(pd, "_STEPS", 16)
    monkeypatch.setattr(pd, "_TIMES", 32)
    pd._deviates.cache_clear()
    channel_terms._law_terms.cache_clear()
    after = [channel_terms.values(case, losses=True, sets=True) for case in cases]
    pd._deviates.cache_clear()
    channel_terms._law_terms.cache_clear()
    for one, other in zip(before, after, strict=True):
        assert one == pytest.approx(other, rel=channel_terms.ERROR, abs=channel_terms.ERROR)


def test_all_data_sets_have_all_chances():
    chances = [chance for chance, _ in noised_points.data_sets(UNEVEN, 4)]
    assert sum(chances) == pytest.approx(1)
    assert noised_points.mean_over_data(UNEVEN, 4, lambda own: float(np.dot(own.weights, own.places))) == pytest.approx(
        np.dot(UNEVEN.weights, UNEVEN.places)
    )
