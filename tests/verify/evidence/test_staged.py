"""Two stages: pilots point at suspects, fresh samples decide; true claims are not refuted by having been looked for."""

import math
from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binom

from theory.quantifiers import WithProbability
from theory.statement import Claim, Inequality, Source
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.domain import Choice, Domain, Integer, Real
from verify.evidence.staged import SUSPECTS, Means, Staged, Violations, _wilson
from verify.evidence.verdict import Verdict

QUICK = Context(budget=BUDGETS["quick"])
CLAIM = Claim(
    id="TEST:staged",
    sentence="A coin.",
    source=Source(paper="tests", place="here"),
    quantifier=WithProbability(at_least=sp.Rational(1, 2), over="the coin"),
    relation=Inequality(lhs={"left": sp.Symbol("D")}, rhs={"right": sp.Symbol("b")}),
)


def coins(chance, level):
    """Trials whose violation probability is chance(instance) against level(instance)."""

    def draw(instance, rng, size):
        count = int(rng.binomial(size, chance(instance)))
        return count, count

    return lambda _claim: Violations(draw=draw, level=level)


def staged(trials, **fields):
    return Staged(domain=Domain(fields=fields or {"p": Real(low=0.0, high=1.0)}), trials=trials, measures="frequency")


def test_a_claim_that_is_false_on_a_few_per_cent_of_its_domain_is_refuted_there():
    trials = coins(lambda i: 0.5 if i["p"] > 0.97 else 0.05, lambda _i: 0.1)
    found = staged(trials).run(CLAIM, QUICK)
    assert found.verdict is Verdict.REFUTED
    assert found.smallest.instance["p"] > 0.97
    assert found.smallest.ratio > 2


def test_a_true_claim_is_supported_at_the_most_suspect_instances():
    found = staged(coins(lambda i: 0.08 * i["p"], lambda _i: 0.1)).run(CLAIM, QUICK)
    assert found.verdict is Verdict.SUPPORTED
    assert f"{SUSPECTS} instances" in found.summary
    assert found.details["tests"][0]["instance"]["p"] > 0.5


@pytest.mark.parametrize("seed", range(5))
def test_a_tight_claim_is_never_refuted_by_having_been_looked_for(seed):
    """P = δ everywhere: at level 1e-9 a refutation by chance has probability below 1e-9 for each seed."""
    context = replace(QUICK, seed=seed, budget=replace(QUICK.budget, samples=20_000))
    found = staged(coins(lambda _i: 0.1, lambda _i: 0.1)).run(CLAIM, context)
    assert found.verdict is Verdict.UNDECIDED


def test_a_refutation_replays_by_fresh_samples():
    method = staged(coins(lambda _i: 0.3, lambda _i: 0.1))
    found = method.run(CLAIM, QUICK)
    experiment = method.experiment
    assert found.experiment == experiment.name
    outcome = experiment.outcome(CLAIM, experiment.sides(CLAIM), dict(found.smallest.instance))
    # 100,000 fresh samples: eight standard deviations of the frequency
    assert outcome.ratio == pytest.approx(3, abs=8 * math.sqrt(0.3 * 0.7 / 1e5) / 0.1)


def test_suspects_lie_in_different_parts_of_the_domain():
    fields = {"law": Choice(options=("a", "b")), "n": Integer(low=1, high=10**6), "p": Real(low=0.0, high=1.0)}
    found = staged(coins(lambda i: 0.02, lambda _i: 0.1), **fields).run(CLAIM, QUICK)
    places = [tuple(row["instance"].values()) for row in found.details["tests"]]
    assert len(set(places)) == len(places) == SUSPECTS


def test_no_instance_is_vacuous():
    method = Staged(
        domain=Domain(fields={"p": Real(low=0, high=1)}, require=lambda _i: False),
        trials=coins(lambda _i: 0.1, lambda _i: 0.1),
        measures="frequency",
    )
    assert method.run(CLAIM, QUICK).verdict is Verdict.VACUOUS


@pytest.mark.parametrize(
    ("bound", "decision"), [(2.0, "supported"), (1.0, "supported"), (-0.5, "refuted"), (0.0, "undecided")]
)
def test_a_bound_outside_the_range_needs_no_samples(bound, decision):
    means = Means(draw=lambda *_: pytest.fail("it sampled"), limits=lambda _i: (0.0, 1.0, bound))
    found = means.test({}, np.random.default_rng(0), 1e-9, 1000)
    assert (found.decision, found.samples) == (decision, 0)


def test_a_mean_is_refuted_or_supported_by_bets():
    def uniform(_instance, rng, size):
        return rng.random(size)

    for bound, decision in ((0.45, "refuted"), (0.55, "supported")):
        means = Means(draw=uniform, limits=lambda _i, bound=bound: (0.0, 1.0, bound))
        assert means.test({}, np.random.default_rng(0), 1e-9, 10**5).decision == decision


def test_rounding_counts_for_neither_side():
    """Certain violations refute and possible ones support: a tie that floats cannot tell stays undecided."""
    ties = Violations(draw=lambda _i, _rng, size: (0, size), level=lambda _i: 0.1)
    assert ties.test({}, np.random.default_rng(0), 1e-9, 5000).decision == "undecided"


def test_wilsons_limit_lies_below_the_frequency_and_covers():
    assert _wilson(0.0, 400) == 0.0
    size, truth = 400, 0.1
    missed = sum(binom.pmf(k, size, truth) for k in range(size + 1) if _wilson(k / size, size) > truth)
    assert missed < 0.05  # two standard deviations, one-sided
