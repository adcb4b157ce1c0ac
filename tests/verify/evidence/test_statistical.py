"""Statistical methods keep their level and power as a whole.

Every random test has a fixed seed and a threshold whose exact false-alarm probability is stated and below 1e-8.
"""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy import stats

from numerics.statistics.sequential import required_samples
from theory.claims import REGISTRY
from theory.symbols import delta
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.statistical import MeanTest, ViolationTest
from verify.evidence.verdict import Verdict
from verify.plans import lemma_1 as plans_1
from verify.plans.hilbert import _limits, _sample_norms

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
