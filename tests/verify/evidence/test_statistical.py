"""Statistical methods keep their level and power as a whole; exact probabilities, measurements and constants are right.

Every random test has a fixed seed and a threshold whose exact false-alarm probability is stated and below 1e-8.
"""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from flint import arb
from scipy import integrate, special, stats

from numerics import GradientFlow, Quadratic
from numerics.statistics.sequential import required_samples
from theory.claims import REGISTRY
from theory.symbols import delta
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.confrontation import Experiment, number
from verify.evidence.domain import Domain, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.sharpness import WITHIN, Sharpness
from verify.evidence.statistical import MeanTest, ViolationTest
from verify.evidence.verdict import Verdict
from verify.models.spectral_flows import EXPERIMENT as FLOW
from verify.models.spectral_flows import instance as flow_instance
from verify.models.spectral_flows import measure
from verify.models.trained_flows import MODELS
from verify.plans import PLANS
from verify.plans import lemma_1 as plans_1
from verify.plans.hilbert import _limits, _sample_norms, coin_mean, coin_tail
from verify.plans.lemma_3 import second_difference
from verify.plans.lemma_7 import ANY_MODES, MODE

ALPHA = 0.05
SEEDS = 400
FALSE_ALARM = 1e-9


def most(seeds=SEEDS):
    """A method of level α errs more often than this with P < 1e-9."""
    return stats.binom.isf(FALSE_ALARM, seeds, ALPHA)


QUICK = BUDGETS["quick"]
CONTEXT = Context(budget=QUICK)
SHARP = REGISTRY["L1:sharp"]


def context(seed, samples):
    return Context(budget=replace(QUICK, alpha=ALPHA, samples=samples), seed=seed)


def at(**values):
    return {"d": 1, "delta": 0.1, "r": 1.0, "v": 1.0, "x0_norm": 0.0, **values}


def endpoint_test(*instances):
    return ViolationTest(instances=instances, sample=plans_1._sample_endpoint, bound=lambda i: i["delta"])


def verdicts(method, claim, samples, seeds=SEEDS):
    found = [method.run(claim, context(seed, samples)).verdict for seed in range(seeds)]
    return {verdict: found.count(verdict) for verdict in Verdict}


# Level and power of the methods --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dim", [1, 4])
def test_an_exactly_tight_claim_is_decided_no_more_often_than_alpha(dim):
    # x(0) = 0: the violation probability of L1:sharp is δ itself, so that "refuted" is wrong and so is "supported"
    count = verdicts(endpoint_test(at(d=dim)), SHARP, samples=10_000)
    assert count[Verdict.REFUTED] + count[Verdict.SUPPORTED] <= most()
    assert count[Verdict.UNDECIDED] >= SEEDS - most()


def test_alpha_is_split_over_instances_and_kinds():
    method = replace(endpoint_test(at(), at(d=2), at(d=3, r=2.0)), kinds=("lower", "upper"))
    evidence = method.run(SHARP, context(0, 2000))
    assert {row["alpha"] for row in evidence.details["tests"]} == {ALPHA / 6}
    assert evidence.details["alpha"] == ALPHA
    count = verdicts(endpoint_test(at(), at(d=2), at(d=3, r=2.0)), SHARP, samples=8_000, seeds=150)
    assert count[Verdict.REFUTED] + count[Verdict.SUPPORTED] <= most(150)


@pytest.mark.parametrize(
    ("factor", "verdict"), [(sp.Rational(6, 5), Verdict.REFUTED), (sp.Rational(4, 5), Verdict.SUPPORTED)]
)
def test_a_violation_probability_off_by_a_fifth_is_found_with_the_stated_power(factor, verdict):
    noise = SHARP.relation.rhs["noise"].subs(delta, factor * delta)
    claim = replace(SHARP, relation=replace(SHARP.relation, rhs={**SHARP.relation.rhs, "noise": noise}))
    power = 0.95
    samples = required_samples(0.1, 0.1 * float(factor), ALPHA, power=power)
    count = verdicts(endpoint_test(at()), claim, samples)
    assert count[verdict] >= stats.binom.ppf(FALSE_ALARM, SEEDS, power)
    wrong = Verdict.SUPPORTED if verdict is Verdict.REFUTED else Verdict.REFUTED
    assert count[wrong] <= most()


def flips(shift):
    """±1 with mean 2·shift, in blocks of 500, as a sampler of a MeanTest."""

    def sample(_claim, _instance, seed):
        rng = np.random.default_rng(seed)
        while True:
            yield np.where(rng.random(500) < 0.5 + shift, 1.0, -1.0)

    return MeanTest(instances=({"law": "flips"},), sample=sample, limits=lambda _c, _i: (-1.0, 1.0, 0.0))


def test_a_tight_mean_is_decided_no_more_often_than_alpha():
    count = verdicts(flips(0.0), SHARP, samples=500)
    assert count[Verdict.REFUTED] + count[Verdict.SUPPORTED] <= most()


@pytest.mark.parametrize(("shift", "verdict"), [(0.1, Verdict.REFUTED), (-0.1, Verdict.SUPPORTED)])
def test_a_mean_off_the_bound_is_decided_rightly(shift, verdict):
    # the wrong decision has level α/2 each; the right one is reached far within 4000 samples (KL = 0.02 per sample)
    count = verdicts(flips(shift), SHARP, samples=4000, seeds=100)
    assert count[verdict] >= 100 - stats.binom.isf(FALSE_ALARM, 100, ALPHA)


def test_a_single_vector_on_the_sphere_is_exactly_at_the_bound():
    method = MeanTest(instances=({"law": "sphere", "n": 1, "dim": 3},), sample=_sample_norms, limits=_limits)
    evidence = method.run(REGISTRY["HILBERT:mean"], context(1, 20_000))
    (row,) = evidence.details["tests"]
    assert evidence.verdict is Verdict.UNDECIDED
    assert row["bound"] == 1
    assert row["mean"] == pytest.approx(1, abs=1e-12)
    assert row["interval"][0] <= 1 <= row["interval"][1]


def test_one_refuted_instance_refutes_and_one_undecided_keeps_from_support():
    def sample(_claim, instance, _seed, _kind):
        while True:
            yield instance["bad"], 100

    def run(*counts, kinds=("exact",)):
        method = ViolationTest(
            instances=[{"bad": bad} for bad in counts], sample=sample, bound=lambda _i: 0.1, kinds=kinds
        )
        return method.run(SHARP, context(0, 1000))

    assert run(0, 1).verdict is Verdict.SUPPORTED
    assert run(0, 10).verdict is Verdict.UNDECIDED
    refuted = run(0, 40, 0)
    assert refuted.verdict is Verdict.REFUTED
    assert refuted.smallest.instance == {"bad": 40}
    assert refuted.smallest.ratio == pytest.approx(4)
    assert run(0, kinds=("lower",)).verdict is Verdict.UNDECIDED  # a count from below cannot support
    assert run(40, kinds=("upper",)).verdict is Verdict.UNDECIDED  # nor one from above refute
    assert run(40, kinds=("lower", "upper")).verdict is Verdict.REFUTED
    assert run(0, kinds=("lower", "upper")).verdict is Verdict.SUPPORTED


# Exact probabilities -------------------------------------------------------------------------------------------------

DRAWS = 200_000
CORNERS = [
    (1, 0.1, 1.0, 1.0, 0.0),
    (4, 0.1, 1.0, 1.0, 0.0),
    (3, 0.5, 2.0, 0.5, 1.5),
    (50, 0.9, 0.3, 2.0, 0.2),
    (2, 0.999, 1.0, 1.0, 10.0),
    (7, 0.01, 5.0, 0.1, 0.3),
]


def agrees_with_simulation(hits, probability, cases):
    """An exact binomial interval at family-wise level 1e-9."""
    return (
        stats.binomtest(int(hits), DRAWS).proportion_ci(1 - 1e-9 / cases, "exact").low
        <= probability
        <= (stats.binomtest(int(hits), DRAWS).proportion_ci(1 - 1e-9 / cases, "exact").high)
    )


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("claim_id", ["L1:printed", "L1:repaired", "L1:sharp"])
def test_the_violation_probability_of_lemma_1_is_that_of_gaussian_boxes(claim_id, corner):
    dim, level, r, v, x0 = corner
    claim = REGISTRY[claim_id]
    values = {"d": dim, "delta": level, "r": r, "v": v, "x0_norm": x0}
    left, right = plans_1.ENDPOINT.sides(claim)(values)
    bound = float(claim.evaluate(**{k: v for k, v in values.items() if k in map(str, claim.symbols)}).right)
    inside = stats.norm.cdf(bound, r * x0, r * v) - stats.norm.cdf(-bound, r * x0, r * v)
    assert number(left) == pytest.approx(-math.expm1(dim * math.log1p(inside - 1)), rel=1e-9, abs=1e-14)
    assert number(right) == level
    if claim_id == "L1:sharp" and x0 == 0:
        assert left.overlaps(right)
    rng = np.random.default_rng(71)
    signs = rng.choice([-1.0, 1.0], size=dim)  # the worst initial points are all alike
    hits = (np.abs(r * x0 * signs + r * v * rng.standard_normal((DRAWS, dim))).max(axis=1) > bound).sum()
    assert agrees_with_simulation(hits, number(left), 3 * len(CORNERS))


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize(
    ("mu", "level", "r", "v"), [(0.0, 0.1, 1.0, 1.0), (5.0, 0.1, 0.5, 0.7), (1.0, 0.9, 2.0, 0.1), (3.0, 0.4, 1.0, 3.0)]
)
def test_the_violation_probability_of_lemma_7_is_that_of_the_mixture_for_every_weight(weight, mu, level, r, v):
    claim = REGISTRY["L7:repaired"]
    left, _ = ANY_MODES.sides(claim)({"mu": mu, "delta": level, "r": r, "v": v})
    bound, std = float(claim.evaluate(mu=mu, delta=level, r=r, v=v).right), r * math.sqrt(1 + v**2)
    exact = sum(
        w * (stats.norm.sf(bound, c, std) + stats.norm.cdf(-bound, c, std))
        for w, c in ((weight, r * mu), (1 - weight, -r * mu))
    )
    assert number(left) == pytest.approx(exact, rel=1e-10)
    rng = np.random.default_rng(72)
    start = np.where(rng.random(DRAWS) < weight, mu, -mu) + rng.standard_normal(DRAWS)
    hits = (np.abs(r * (start + v * rng.standard_normal(DRAWS))) > bound).sum()
    assert agrees_with_simulation(hits, exact, 16)


@pytest.mark.parametrize(("mu", "level"), [(10.0, 0.1), (3.0, 0.02), (0.1, 0.999), (1.0, 0.9), (0.2, 0.5), (0.0, 0.3)])
def test_the_violation_probability_around_a_mode_is_that_of_the_folded_mixture(mu, level):
    claim = REGISTRY["L7:mode"]
    left, _ = MODE.sides(claim)({"mu": mu, "delta": level})
    width = math.sqrt(math.log(1 / level**2))
    normal = stats.norm(mu)
    inner = max(0.0, mu - width)
    exact = normal.sf(mu + width) + normal.cdf(-mu - width) + normal.cdf(inner) - normal.cdf(-inner)
    assert number(left) == pytest.approx(exact, rel=1e-10, abs=1e-15)
    rng = np.random.default_rng(73)
    start = np.abs(rng.choice([-mu, mu], DRAWS) + rng.standard_normal(DRAWS))
    assert agrees_with_simulation((np.abs(start - mu) > width).sum(), exact, 6)


def by_images(start, barrier, clock):
    """P(|start + W(s)| < barrier for s <= clock) by the reflection principle: a sum over images, in Φ."""
    scale = math.sqrt(clock)
    k = 4 * barrier * np.arange(-60, 61)

    def between(centre):
        low, high = (centre - barrier + k) / scale, (centre + barrier + k) / scale
        return np.where(low > 0, special.ndtr(-low) - special.ndtr(-high), special.ndtr(high) - special.ndtr(low))

    return math.fsum(between(-start)) - math.fsum(between(start - 2 * barrier))


@pytest.mark.parametrize(
    ("start", "barrier", "clock"),
    [
        *itertools.product([0.0, 0.5, 0.9, 0.999], [1.0], [0.001, 0.05, 0.3, 1.0, 4.0, 20.0]),
        (10.0, 10.3, 0.01),
        (3.0, 40.0, 100.0),
        (0.0, 1.0, 1e-4),
    ],
)
def test_the_stay_probability_is_that_of_the_reflection_principle(start, barrier, clock):
    ball = plans_1.stay_probability(arb(start), arb(barrier), arb(clock))
    assert ball.rad() < 1e-12
    assert number(ball) == pytest.approx(by_images(start, barrier, clock), abs=1e-12)


def test_the_stay_probability_agrees_with_the_density_of_the_exit_time():
    # P(exit before 1) from 0 by integrating the first-passage density Σ (−1)^k (2k+1) π/2 e^{−(2k+1)²π²t/8}
    k = np.arange(200)

    def density(t):
        return float(np.sum((-1.0) ** k * (2 * k + 1) * math.pi / 2 * np.exp(-(((2 * k + 1) * math.pi) ** 2) * t / 8)))

    later, error = integrate.quad(density, 1.0, 40.0, epsabs=1e-13)
    stay = number(plans_1.stay_probability(arb(0), arb(1), arb(1)))
    assert abs(stay - later) <= error + 1e-12


def test_a_start_at_or_beyond_the_barrier_has_left():
    for start in (1, 2):
        assert plans_1.stay_probability(arb(start), arb(1), arb(1)) == 0


# Measurements --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coordinates", ["scaled", "A"])
def test_the_second_difference_is_the_hessian_form(coordinates):
    rng = np.random.default_rng(74)
    for _ in range(20):
        m, dim = int(rng.integers(1, 5)), int(rng.integers(1, 4))
        factor = rng.integers(-3, 4, (2, m))
        direction, start, target = rng.integers(-3, 4, (3, dim, m))
        gram = factor.T @ factor
        scale = 1 / m if coordinates == "A" else 1.0
        hessian = np.kron(np.eye(dim), 2 * scale * gram)  # of tr(X B Xᵀ) in the rows of X, one after the other
        form = direction.ravel() @ hessian @ direction.ravel()

        def loss(X, scale=scale, gram=gram, target=target):
            return scale * np.trace(X @ gram @ X.T) - 2 * math.sqrt(scale) * np.sum(X * target)

        difference = loss(start + direction) - 2 * loss(start) + loss(start - direction)
        exact = second_difference(
            {
                "m": m,
                "factor": factor.tolist(),
                "direction": direction.tolist(),
                "start": start.tolist(),
                "target": target.tolist(),
            },
            coordinates,
        )
        assert float(exact) == pytest.approx(form, rel=1e-13)
        assert float(exact) == pytest.approx(difference, abs=1e-9 * (1 + abs(form)))


@pytest.mark.parametrize("flow", ["scaled", "A"])
def test_the_flow_measurement_is_the_exact_flow_of_a_rotated_quadratic(flow):
    claim = replace(REGISTRY["L4:sharp"], setting={"flow": flow}, mutants=())
    rng = np.random.default_rng(75)
    for m in (1, 2, 3):
        for tau in (1e-3, 0.4, 7.0):
            eigen = rng.uniform(0.05, 3, m)
            rotation = np.linalg.qr(rng.normal(size=(m, m)))[0]
            start, best, other = rng.normal(size=(3, 1, m))
            B = rotation @ np.diag(eigen) @ rotation.T
            B, floor = (B + B.T) / 2, float(rng.uniform(0, 2))
            quadratic = Quadratic(B=B, b=best @ B, c=float((best @ B @ best.T).item()) + floor)
            exact = GradientFlow(quadratic, start, parametrization=flow)
            instance = {
                "width": m,
                "modes": m,
                "eigenvalues": eigen.tolist(),
                "tau": tau,
                "floor": floor,
                "initial": (start @ rotation)[0].tolist(),
                "minimiser": (best @ rotation)[0].tolist(),
                "comparator": (other @ rotation)[0].tolist(),
            }
            found = {str(sym): number(arb(value)) for sym, value in measure(claim)(instance).items()}
            expected = {
                "loss_tau": exact.loss(tau),
                "loss_initial": quadratic.loss(start),
                "tau": tau,
                "m": m,
                "loss_comparator": quadratic.loss(other),
                "loss_minimum": quadratic.minimum,
                "norm_initial": np.linalg.norm(start),
                "norm_comparator": np.linalg.norm(other),
                "norm_tau": exact.norm(tau),
                "distance_initial": np.linalg.norm(start - other),
                "distance_minimiser": np.linalg.norm(start - best),
                "distance_tau": exact.distance(tau, other),
                "displacement": exact.distance(tau, start),
            }
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-11)


def test_coin_tails_and_means_are_those_of_the_binomial_law():
    for count in (1, 2, 7, 40):
        heads = np.arange(count + 1)
        sums, weights = np.abs(2 * heads - count), stats.binom.pmf(heads, count, 0.5)
        assert float(coin_mean(count)) == pytest.approx(float(weights @ sums))
        for level in range(count + 2):
            assert float(coin_tail(count, level)) == pytest.approx(weights[sums >= level].sum(), abs=1e-14)


@pytest.mark.parametrize("claim_id", ["L4:sharp", "L4:repaired-A", "L5:sharp", "L5:comparator"])
def test_trained_models_agree_with_true_lemmas_for_many_seeds(claim_id):
    for seed in range(3):
        evidence = MODELS.run(REGISTRY[claim_id], Context(budget=QUICK, seed=seed))
        assert evidence.verdict is Verdict.SEARCHED
        assert evidence.worst_ratio <= 1 + 1e-9


# Sharp constants -----------------------------------------------------------------------------------------------------

CONSTANTS = {
    "L4:sharp": 0.25,
    "L4:repaired-A": 0.25,
    "L4:sharp-minimiser": 1 / (4 * math.e),
    "L5:sharp": 0.81452875518,
    "L5:repaired-scaled": 0.81452875518,
    "L5:comparator-sharp": 1.0,
}


def sharpness(claim_id):
    return next(method for method in PLANS[claim_id].methods if isinstance(method, Sharpness))


@pytest.mark.parametrize("claim_id", CONSTANTS)
def test_a_sharp_constant_is_certified_from_below_within_a_millionth(claim_id):
    method = sharpness(claim_id)
    constant = REGISTRY[claim_id].constants[method.constant].value
    evidence = method.run(REGISTRY[claim_id], CONTEXT)
    assert float(constant) == pytest.approx(CONSTANTS[claim_id], rel=1e-10)
    assert evidence.verdict is Verdict.CERTIFIED
    assert evidence.about == "constant"
    assert sp.Rational(1, 10**6) >= WITHIN
    assert 1 - 1e-6 <= evidence.worst_ratio <= 1 + 1e-15


@pytest.mark.parametrize(
    ("claim_id", "slack"),
    [
        ("L4:sharp", sp.Rational(26, 100)),
        ("L4:sharp-minimiser", sp.Rational(92, 1000)),
        ("L5:sharp", sp.Rational(8146, 10000)),
        ("L4:repaired-A", sp.Rational(26, 100)),
        ("L5:comparator-sharp", sp.Integer(2)),
    ],
)
def test_a_constant_that_could_be_smaller_is_not_certified_as_sharp(claim_id, slack):
    method = sharpness(claim_id)
    assert method.run(REGISTRY[claim_id].with_constant(method.constant, slack), CONTEXT).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("claim_id", CONSTANTS)
def test_a_constant_that_is_too_small_is_refuted_at_the_extremal_instance(claim_id):
    method = sharpness(claim_id)
    value = REGISTRY[claim_id].constants[method.constant].value
    small = REGISTRY[claim_id].with_constant(method.constant, value * (1 - sp.Rational(1, 10**5)))
    evidence = method.run(small, CONTEXT)
    assert evidence.verdict is Verdict.REFUTED
    assert FLOW.domain.accepts(evidence.smallest.instance)


# Enumeration ---------------------------------------------------------------------------------------------------------


def exhaustive(sides, count=5):
    trial = Experiment(name="t", domain=Domain(fields={"n": Integer(low=0, high=100)}), sides=lambda _c: sides)
    method = Exhaustive(
        experiment=trial,
        elements=lambda _size: ({"n": k} for k in range(count)),
        covers=lambda size: f"all n < {count}, size {size}",
    )
    return method.run(REGISTRY["L4:sharp"], CONTEXT)


def test_every_element_is_decided_or_the_enumeration_is_undecided():
    third = arb(1) / 3
    assert exhaustive(lambda i: (arb(i["n"]), arb(4))).verdict is Verdict.EXHAUSTIVE
    assert exhaustive(lambda i: (arb(i["n"]), arb(4))).details["cases"] == 5
    assert exhaustive(lambda i: (arb(i["n"]), arb(3))).verdict is Verdict.REFUTED
    assert exhaustive(lambda i: (third, third)).verdict is Verdict.UNDECIDED  # equal, but balls cannot tell
    assert exhaustive(lambda i: (arb.nan() if i["n"] == 2 else arb(0), arb(1))).verdict is Verdict.UNDECIDED
    assert exhaustive(lambda i: (arb(0), arb(1)), count=0).verdict is Verdict.VACUOUS


def test_the_first_and_the_worst_violation_are_kept():
    evidence = exhaustive(lambda i: (arb(i["n"]), arb(1)))
    assert evidence.smallest.instance == {"n": 2}
    assert evidence.worst.instance == {"n": 4}
    assert evidence.worst_ratio == 4


def test_the_coins_cover_every_level_up_to_the_budget():
    method = PLANS["HILBERT:deviation"].methods[0]
    for size in (3, 40):
        seen = {(i["n"], i["k"]) for i in method.elements(size)}
        assert {(n, k) for n in range(1, size + 1) for k in range(n + 1) if (n - k) % 2 == 0} <= seen
    claim = REGISTRY["HILBERT:deviation"]
    for count, level in ((1, 1), (7, 5), (40, 0)):
        left, right = method.experiment.sides(claim)({"n": count, "k": level})
        tail = float(coin_tail(count, level))
        assert number(left) == pytest.approx(level / count)
        assert number(right) == pytest.approx((1 + math.sqrt(2 * math.log(1 / tail))) / math.sqrt(count))


def test_a_flow_instance_is_an_instance():
    assert FLOW.domain.accepts(flow_instance(initial=1.0, tau=0.25))
    assert all(FLOW.domain.accepts(instance) for instance in FLOW.extremal)
