"""Both laws of the decoupling lemma, against sums, quadrature and the definition of the constants."""

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from theory.symbols import cumulant_above, cumulant_below, kl_laws, kl_reversed, mean_drop, proxy_first, variance_second
from verify.evidence.confrontation import number
from verify.models.two_point_laws import bernoulli_proxy
from verify.plans import decoupling

QUAD = 1e-8  # the absolute error that the quadrature reports, rounded up


def test_coins_have_the_divergences_and_cumulants_of_two_point_sums():
    p, q, eta = 0.3, 0.6, 1.7
    found = {symbol: number(value) for symbol, value in decoupling._coins({"p": p, "q": q, "eta": eta}).items()}
    one, other, f = np.array([1 - q, q]), np.array([1 - p, p]), np.array([0.0, 1.0])
    assert found[kl_laws] == pytest.approx(scipy.stats.entropy(one, other))
    assert found[kl_reversed] == pytest.approx(scipy.stats.entropy(other, one))
    assert found[mean_drop] == pytest.approx(other @ f - one @ f)
    assert found[cumulant_above] == pytest.approx(math.log(other @ np.exp(eta * (f - p))))
    assert found[cumulant_below] == pytest.approx(math.log(other @ np.exp(-eta * (f - p))))


def test_the_smallest_witness_has_no_spread_under_the_first_law():
    found = decoupling._coins({"p": 0.5, "q": 1.0})
    assert found[proxy_first].is_zero()
    assert number(found[mean_drop]) == -0.5
    assert number(found[kl_laws]) == pytest.approx(math.log(2))


def test_normal_laws_have_the_means_and_divergences_of_quadrature():
    instance = {"mean": 0.7, "std": 1.3, "centre": -0.4}
    found = {symbol: number(value) for symbol, value in decoupling._normals(instance).items()}
    law, other = scipy.stats.norm(0.7, 1.3), scipy.stats.norm()

    def mean(density, function):
        return scipy.integrate.quad(lambda z: density.pdf(z) * function(z), -15, 15, epsabs=1e-11)[0]

    def f(z):
        return (z + 0.4) ** 2 / 2

    fresh = mean(other, f)
    assert found[mean_drop] == pytest.approx(fresh - mean(law, f), abs=QUAD)
    assert found[variance_second] == pytest.approx(mean(other, lambda z: (f(z) - fresh) ** 2), abs=QUAD)
    assert found[kl_laws] == pytest.approx(mean(law, lambda z: law.logpdf(z) - other.logpdf(z)), abs=QUAD)
    assert found[kl_reversed] == pytest.approx(mean(other, lambda z: other.logpdf(z) - law.logpdf(z)), abs=QUAD)


def test_a_log_loss_has_the_cumulant_of_quadrature_and_none_beyond_its_end():
    for eta in (0.3, 0.9):
        found = number(decoupling._log_loss({"eta": eta})[cumulant_above])
        direct = scipy.integrate.quad(lambda z, eta=eta: math.exp(-(1 - eta) * z * z / 2), -60, 60)[0]
        assert found == pytest.approx(math.log(direct / math.sqrt(2 * math.pi)) - eta / 2, abs=QUAD)
    assert not decoupling._log_loss({"eta": 1.5})[cumulant_above].is_finite()


@pytest.mark.parametrize("p", [0.0, 1e-6, 0.25, 0.5, 0.75, 1.0])
def test_the_best_constant_is_symmetric_and_at_least_the_variance(p):
    value = number(bernoulli_proxy(decoupling.arb(p)))
    assert value == pytest.approx(number(bernoulli_proxy(decoupling.arb(1 - p))))
    assert value >= p * (1 - p) * (1 - 1e-12)
    assert value <= 0.25
