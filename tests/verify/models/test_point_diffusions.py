"""Points under the Ornstein–Uhlenbeck process: the terms of a bound against closed forms and another quadrature."""

import math

import numpy as np
import pytest

from numerics import gaussian_kl, mixture_kl, ou_information
from verify.models import learned_points, point_diffusions
from verify.models.learned_points import ERROR, Learning, terms, weight_information
from verify.models.point_diffusions import Points

PAIR = Points((0.3, 0.7), (-1.0, 1.5))
ROUNDING = 1e-12


class Mixture:
    def __init__(self, law, t):
        self.weights, self.means = np.array(law.weights), math.exp(-t) * np.array(law.places)
        self.variances = np.full(len(law.weights), law.variance(t))


class Normal:
    weights, means, variances = np.ones(1), np.zeros(1), np.ones(1)


def close(value, estimate):
    low, high = estimate.interval
    return low - ROUNDING <= value <= high + ROUNDING


@pytest.mark.parametrize("t", [0.05, 0.4, 2.0])
def test_divergences_and_information_agree_with_the_adaptive_quadrature(t):
    other = Points((1.0,), (0.2,), 0.5)
    assert close(point_diffusions.prior(PAIR, t), mixture_kl(Mixture(PAIR, t), Normal()))
    assert close(point_diffusions.divergence(PAIR, other, t), mixture_kl(Mixture(PAIR, t), Mixture(other, t)))
    source = Points((0.5, 0.5), (-1.0, 1.5))
    assert close(point_diffusions.information(source, t), ou_information(np.array([-1.0, 1.5]), t))


def test_the_rate_is_the_mean_divergence_of_the_kernels():
    a = math.exp(-0.6)
    kernels = [gaussian_kl(math.sqrt(a) * x, 1 - a, 0.0, 1.0) for x in PAIR.places]
    assert point_diffusions.rate(PAIR, 0.3) == pytest.approx(float(np.dot(PAIR.weights, kernels)), rel=ROUNDING)


def test_a_gaussian_that_is_generated_has_the_moments_of_its_linear_equation():
    fitted, early, horizon = Points((1.0,), (0.8,), 0.6), 0.1, 0.9
    fall, now, end = math.exp(early - horizon), fitted.variance(early), fitted.variance(horizon)
    gain = fall * now / end
    mean = 0.8 * math.exp(-early) - gain * 0.8 * math.exp(-horizon)
    spread = now - fall * now * gain + gain**2
    law = Points((1.0,), (-0.4,))
    exact = gaussian_kl(-0.4 * math.exp(-early), law.variance(early), mean, spread)
    assert point_diffusions.generated_divergence(law, fitted, early, horizon) == pytest.approx(exact, rel=1e-10)


def test_the_score_is_the_derivative_of_the_log_density():
    x, step = np.linspace(-3, 3, 13), 1e-5
    slope = (PAIR.log_density(x + step, 0.3) - PAIR.log_density(x - step, 0.3)) / (2 * step)
    assert np.allclose(PAIR.score(x, 0.3), slope, atol=1e-8)  # a difference quotient of the second order


def test_the_losses_of_the_score_minus_x_have_closed_forms():
    early, horizon = 0.1, 1.3
    law = Points((1.0,), (0.0,))  # x_t ~ N(0, V), V = 1 − e^{−2t}: ∫ V(1/V − 1)² dt = ∫ e^{−4t}/V dt
    exact = 0.5 * math.log(math.expm1(-2 * horizon) / math.expm1(-2 * early))
    exact -= 0.5 * (math.exp(-2 * early) - math.exp(-2 * horizon))
    for loss in (point_diffusions.explicit_loss, point_diffusions.denoising_loss):
        assert loss(law, lambda x, _t: -x, early, horizon) == pytest.approx(exact, rel=1e-11)


# Learned scores -----------------------------------------------------------------------------------------------------


def test_a_memoriser_of_two_points_has_the_terms_of_the_reference():
    found = terms(Learning())
    population = found["kl_prior"] + found["mean_explicit_population"]
    two_terms = found["mean_prior"] + found["mean_explicit"]
    assert [round(value, 5) for value in (found["kl_early"], population, two_terms, found["denoising_gap"])] == [
        1.61497,
        1.65835,
        0.19423,
        1.80923,
    ]
    whole = two_terms + found["loss_range"] * math.sqrt(1.5 * math.log(2) / 4)  # R = b/2 and I(θ; S)/2
    assert round(whole, 4) == 3.8839


@pytest.mark.parametrize(
    ("horizon", "divergence", "both"),
    [(0.051, 0.4826, 0.826), (0.1, 0.4509, 0.632), (0.2, 0.7291, 0.447), (2.0, 1.6890, 0.163)],
)
def test_the_divergence_of_a_memoriser_has_a_least_value_that_its_data_terms_miss(horizon, divergence, both):
    found = terms(Learning(horizon=horizon))
    assert round(found["kl_early"], 4) == divergence
    assert round(found["mean_prior"] + found["mean_explicit"], 3) == both


def test_the_information_of_a_memoriser_and_of_a_majority():
    assert weight_information(Learning()) == pytest.approx(0.5 * math.log(2), rel=ROUNDING)
    win = 0.75  # of three fair coins one agrees with the majority
    entropy = -win * math.log(win) - (1 - win) * math.log(1 - win)
    assert weight_information(Learning(count=3, rule="majority")) == pytest.approx(math.log(2) - entropy, rel=ROUNDING)


def test_twice_the_nodes_change_no_term_by_more_than_the_error(monkeypatch):
    cases = [Learning(count=3, chance=0.2, blur=0.2, early=0.02), Learning(horizon=0.1), Learning(horizon=2.0)]
    found = [terms(case) for case in cases]
    terms.cache_clear()
    point_diffusions._deviates.cache_clear()
    monkeypatch.setattr(point_diffusions, "_STEPS", 16)
    monkeypatch.setattr(point_diffusions, "_TIMES", 32)
    finer = [terms(case) for case in cases]
    terms.cache_clear()
    point_diffusions._deviates.cache_clear()
    for coarse, fine in zip(found, finer, strict=True):
        for name, value in fine.items():
            assert abs(coarse[name] - value) <= ERROR * max(abs(value), 1e-3), name


def test_all_data_sets_have_the_probability_one():
    for case in (Learning(), Learning(count=5, chance=0.3)):
        assert case.chances().sum() == pytest.approx(1.0, rel=ROUNDING)
    assert learned_points.RULES == ("memorise", "majority")
