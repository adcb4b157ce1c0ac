"""The exact laws behind the plans of HILBERT, L6, L8 and the hidden norm, against brute force and quadrature."""

from fractions import Fraction
from itertools import pairwise, product
from math import sqrt

import numpy as np
import pytest
from flint import arb
from scipy.integrate import quad
from scipy.stats import norm

from theory import claims
from theory.symbols import M, sigma_Y
from verify.models.finite_laws import OPERATORS, VECTORS, compositions, levels
from verify.models.monte_carlo_features import model, model_levels
from verify.models.relu_moments import clipped_square, relu_square
from verify.models.small_networks import network, single
from verify.plans import inconsistency
from verify.plans.lemma_6 import SIGNS
from verify.plans.theorem_2 import hidden_norm

THIRD = np.array([[1.0, 0.0], [0.5, sqrt(3) / 2], [-0.5, sqrt(3) / 2]])
ATOMS = {  # the same laws as matrices: vectors on a diagonal
    "coin": [np.diag([-1.0]), np.diag([1.0])],
    "lopsided": [np.diag([0.0]), np.diag([1.0])],
    "rare": [np.diag([0.0]), np.diag([1.0]), np.diag([-1.0])],
    "basis": [np.eye(3)[k] for k in range(3)],
    "scalar": [np.diag([0.0]), np.diag([1.0])],
    "axes": [np.outer(e, e) for e in np.eye(4)],
    "frame": [np.outer(v, v) for v in THIRD],
}
NAMES = [name for name in {**VECTORS, **OPERATORS} if name != "diagonal"]


def law_of(name):
    return {**VECTORS, **OPERATORS}[name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("count", [1, 2, 4])
def test_levels_are_those_of_all_samples(name, count):
    atoms, chances = ATOMS[name], [float(c) for c in law_of(name).chances]
    expected = sum(c * a for c, a in zip(chances, atoms, strict=True))
    found = {}
    for sample in product(range(len(atoms)), repeat=count):
        gap = sum(atoms[k] for k in sample) / count - expected
        size = np.linalg.norm(gap, 2 if gap.ndim == 2 else None)
        key = round(float(size) ** 2, 12)  # levels are fractions with small denominators: no two are that close
        found[key] = found.get(key, 0.0) + np.prod([chances[k] for k in sample])
    exact = levels(name, count)
    assert sorted(found, reverse=True) == pytest.approx([float(level) for level, _ in exact], abs=1e-11)
    assert np.cumsum([found[key] for key in sorted(found, reverse=True)]) == pytest.approx(
        [float(tail) for _, tail in exact], abs=1e-12
    )
    assert exact[-1][1] == 1


@pytest.mark.parametrize("name", NAMES)
def test_laws_grant_their_own_bounds_and_no_less(name):
    law, atoms = law_of(name), ATOMS[name]
    chances = [float(c) for c in law.chances]
    expected = sum(c * a for c, a in zip(chances, atoms, strict=True))
    spread = sqrt(sum(c * np.sum((a - expected) ** 2) for c, a in zip(chances, atoms, strict=True)))
    assert spread * (1 - 1e-14) <= float(law.grants[sigma_Y]) <= spread * 1.001
    assert float(law.grants[M]) == pytest.approx(max(np.linalg.norm(a, 2 if a.ndim == 2 else None) for a in atoms))
    for symbol, granted in law.grants.items():
        if str(symbol) == "diameter":
            gaps = [np.linalg.norm(a - b) for a in atoms for b in atoms]
            assert float(granted) == pytest.approx(max(gaps), rel=1e-14)


def test_many_copies_have_the_largest_deviation():
    one, many = levels("scalar", 3), levels("diagonal", 3)
    assert [level for level, _ in one] == [level for level, _ in many]
    assert [tail for _, tail in many] == [1 - (1 - tail) ** 256 for _, tail in one]


def test_compositions_are_all_there_once():
    assert len(set(compositions(7, 4))) == len(list(compositions(7, 4))) == 120
    assert all(sum(counts) == 7 for counts in compositions(7, 4))


@pytest.mark.parametrize(
    ("mean", "std", "level"), [(0.0, 1.0, 1.0), (3.0, 0.5, 1.0), (-2.0, 2.0, 0.0), (0.3, 1.5, 4.0)]
)
def test_second_moments_are_integrals(mean, std, level):
    def integral(function, *kinks):
        ends = sorted({mean - 14 * std, *(k for k in kinks if abs(k - mean) < 14 * std), mean + 14 * std})
        return sum(
            quad(lambda x: function(x) * norm.pdf(x, mean, std), a, b, epsabs=1e-13)[0] for a, b in pairwise(ends)
        )

    square = float(relu_square(arb(mean), arb(std)).mid())
    assert square == pytest.approx(integral(lambda x: max(x, 0) ** 2, 0.0), rel=1e-9, abs=1e-11)
    clipped = float(clipped_square(arb(mean), arb(std), arb(level)).mid())
    assert clipped == pytest.approx(integral(lambda x: max(abs(x), level) ** 2, -level, level), rel=1e-9)
    assert float(relu_square(arb(mean), arb(0)).mid()) == pytest.approx(max(mean, 0.0) ** 2, rel=1e-15)


def test_a_models_error_is_the_distance_of_its_scores():
    """Err_MC from the Gram matrix against the scores themselves, averaged over the schedule by Monte Carlo in x."""
    from theory.mixture import GaussianMixture  # noqa: PLC0415
    from verify.bound.schedules import schedule  # noqa: PLC0415
    from verify.models.sdes import FAMILIES  # noqa: PLC0415

    numerics = pytest.importorskip("numerics")
    features = numerics.RandomFeatures.sample(5, 1, numerics.constant_embedding(), rng=np.random.default_rng(5))
    outer = np.sign(features.weights[:, 0]) * (1 + np.abs(features.time_weights[:, 0]))
    grid = schedule(FAMILIES["vp"], horizon=1, count=16, weighting="song")
    rng, samples = np.random.default_rng(0), 40_000
    counts = np.array([2, 0, 1, 4, 0])
    gap = outer * (counts / counts.sum() - 1 / 5)
    parts, variance = [], 0.0
    for j, t in enumerate(grid.times):
        sign = rng.choice([-3.0, 3.0], size=samples)
        x = grid.mean_scale[j] * (sign + rng.standard_normal(samples)) + grid.std[j] * rng.standard_normal(samples)
        square = (sqrt(5) * features.matrix(x[:, None], float(t)) @ gap) ** 2
        scale = grid.weights[j] * grid.loss_weight[j]
        parts.append(scale * square.mean())
        variance += scale**2 * square.var() / samples
    assert GaussianMixture.two_modes(3).means == (-3, 3)
    found = model("vp", 5, 3).errors(counts[None, :])[0]
    assert abs(found - sum(parts)) <= 6 * sqrt(variance)  # two-sided normal tail: 2e-9


def test_every_sample_of_a_model_is_counted_once():
    found = model_levels("ou", 4, 3)
    assert len(found) == 15
    assert found[-1][1] == 1
    assert all(a[0] >= b[0] and a[1] < b[1] for a, b in pairwise(found))


def test_sign_features_reach_the_repaired_bound_at_one_feature():
    claim = claims["L6:repaired"]
    left, right = SIGNS.sides(claim)({"d": 4, "m": 1, "k": 1, "a": 3})
    assert left == right == 6  # a√d at δ = 1


def test_a_network_has_its_own_values_lines_and_norm():
    instance = {"width": 3, "a": [2.0, -1.0, 4.0], "w": [0.5, -0.25, 0.0], "share": [1.0, -1.0, 0.5], "e": 2.0}
    found = network(instance)
    biases = [1.0, -1.5, 1.0]

    def by_hand(x):
        return sum(a * max(0.0, w * x + b) for a, w, b in zip(instance["a"], instance["w"], biases, strict=True)) / 3

    for x in (-20.0, -1.0, 0.5, 30.0):
        assert float(found.value(arb(x)).mid()) == pytest.approx(by_hand(x), rel=1e-14)
    for side, x in ((1, 40.0), (-1, -40.0)):
        slope, intercept = (float(part.mid()) for part in found.line(side))
        assert slope * x + intercept == pytest.approx(by_hand(x), rel=1e-13)
    assert float(found.norm.mid()) == pytest.approx(sqrt((4 + 1 + 16) / 3), rel=1e-14)
    assert network(single(0.25, 1.0)).features == ((arb(1), arb("0.25"), arb("0.75")),)


def test_the_matching_networks_match_the_score():
    mode, half, level, copies = 3.0, 0.2, 1.5, 6
    target = mode * np.tanh(mode * half) - half
    width, w = copies + 1, level / (level + half)
    outer = np.append(np.full(copies, width * target / (copies * w * half)), -width * target / level)
    weights, biases = np.append(np.full(copies, w), 0.0), np.append(np.full(copies, w * half), level)
    for x, value in ((half, target), (-half, -target)):
        assert outer @ np.maximum(0, weights * x + biases) / width == pytest.approx(value, rel=1e-12)
    measured = hidden_norm._at_step({"mu": mode, "step": half, "e": level, "copies": copies})
    stated = next(v for k, v in measured.items() if str(k) == "norm_comparator")
    assert float(stated.mid()) == pytest.approx(sqrt(np.mean(outer**2)), rel=1e-12)


def test_the_kinked_network_is_continuous_and_its_error_is_the_integral():
    quadratic, parameters = hidden_norm._loss("kinks", 6, 2, 3)
    kink, lean = 4.0, 0.5

    def fit(x):
        inner = lean * x
        return inner - (1 + lean) * (max(0.0, x - kink) - max(0.0, -x - kink))

    assert fit(6.0) == pytest.approx(0, abs=1e-14)
    assert fit(8.0) == pytest.approx(-2, rel=1e-14)

    def density(x):
        return (norm.pdf(x - 6) + norm.pdf(x + 6)) / 2

    edges = [-18, -6, -4, 0, 4, 6, 18]
    error = sum(
        quad(lambda x: (fit(x) + x - 6 * np.tanh(6 * x)) ** 2 * density(x), a, b, epsabs=1e-13)[0]
        for a, b in pairwise(edges)
    )
    assert quadratic.loss(parameters) == pytest.approx(error, abs=1e-10)


def test_the_least_norm_of_a_mean_square_fit_grows_like_mu():
    """The least norm at a relative loss of 3 % among 256 random features, against 2(1−√0.03)μ."""
    from theory.mixture import GaussianMixture  # noqa: PLC0415

    numerics = pytest.importorskip("numerics")
    one, zero = np.ones(1), np.zeros(1)
    start = numerics.Schedule(times=zero, weights=one, mean_scale=one, std=zero, loss_weight=one)
    features = numerics.RandomFeatures.sample(256, 1, numerics.constant_embedding(), rng=np.random.default_rng(0))
    norms = []
    for mode in (8, 16, 32):
        quadratic = numerics.population_quadratic(features, GaussianMixture.two_modes(mode), start)
        spectrum, best = quadratic.spectrum, np.inf
        for penalty in np.logspace(-10, 2, 100):
            theta = spectrum.slopes / (spectrum.values + penalty) @ spectrum.vectors.T
            if quadratic.loss(theta) <= 0.03 * quadratic.c:
                best = min(best, float(np.linalg.norm(theta)))
        norms.append(best)
        assert best >= 2 * (1 - sqrt(0.03)) * mode
    slopes = np.diff(np.log(norms)) / np.log(2)
    assert (np.abs(slopes - 1) < 0.25).all()  # 1 asymptotically; a quadratic growth would give 2


def test_the_pair_of_the_regimes_uses_the_whole_budget():
    at = inconsistency._pair({"mu": 3.0, "e": 1.0, "share": 1.0})
    assert {str(k): float(v.mid()) for k, v in at.items()}["norm_comparator"] == 8.0


def test_levels_are_fractions():
    assert all(isinstance(part, Fraction) for pair in levels("frame", 3) for part in pair)
