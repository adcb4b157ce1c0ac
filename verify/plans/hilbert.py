"""Plans for the concentration lemma: coin flips exactly, spheres and simplices by simulation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, fmpq

from theory.statement import Claim
from theory.symbols import M, delta, mean_deviation, n, u
from verify.domain import Domain, Instance, Integer
from verify.experiment import Evaluator, Experiment, Sides, exact_values, value_of
from verify.methods.exhaustive import Exhaustive
from verify.methods.statistical import MeanTest, ViolationTest
from verify.methods.symbolic import Cited, Equal, Proof, Sign, Step
from verify.plan import Plan
from verify.plans.gaussian import bound_at, bound_on
from verify.verdict import Verdict

_MANY = 10**8


def coin_tail(count: int, level: int) -> Fraction:
    """P(|S_n| >= level) for the sum of n fair ±1 coins, exactly."""
    hits = sum(comb(count, heads) for heads in range(count + 1) if abs(2 * heads - count) >= level)
    return Fraction(hits, 2**count)


def coin_mean(count: int) -> Fraction:
    """E|S_n|, exactly."""
    return Fraction(sum(abs(2 * heads - count) * comb(count, heads) for heads in range(count + 1)), 2**count)


def _ball(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


def _deviation_sides(claim: Claim) -> Evaluator:
    """Level k/n against the bound at δ = P(|S_n| >= k): a violation for every smaller δ close to it."""
    bound = bound_on(mean_deviation, claim.left(), claim.right())

    def evaluate(instance: Mapping[str, Any]) -> Sides:
        count, level = instance["n"], instance["k"]
        values = exact_values({n: count, M: 1}) | {delta: _ball(coin_tail(count, level))}
        return arb(level) / count, value_of(bound, values)

    return evaluate


def _mean_sides(claim: Claim) -> Evaluator:
    bound = bound_on(mean_deviation, claim.left(), claim.right())

    def evaluate(instance: Mapping[str, Any]) -> Sides:
        count = instance["n"]
        return _ball(coin_mean(count)) / count, value_of(bound, exact_values({n: count, M: 1}))

    return evaluate


_COIN_DOMAIN = Domain(fields={"n": Integer(low=1, high=10**4), "k": Integer(low=0, high=10**4)},
                      require=lambda i: i["k"] <= i["n"] and (i["n"] - i["k"]) % 2 == 0)
COINS = Experiment(name="coins", domain=_COIN_DOMAIN, sides=_deviation_sides,
                   measures="level |S_n|/n over the bound at δ = P(|S_n|/n >= level)")
COIN_MEAN = Experiment(name="coin-mean", domain=Domain(fields={"n": Integer(low=1, high=10**4)}), sides=_mean_sides,
                       measures="E|S_n|/n over the bound")


def _all_levels(size: int) -> Iterable[Instance]:
    counts = [*range(1, size + 1), *(10 * size // 4 * k for k in (1, 2, 4))]
    return ({"n": count, "k": level} for count in counts for level in range(count % 2, count + 1, 2))


def _sample(claim: Claim, instance: Instance, seed: np.random.SeedSequence, _kind: str) -> Iterator[tuple[int, int]]:
    from numerics import MeanNormViolation, violation_blocks  # noqa: PLC0415

    experiment = MeanNormViolation(law=instance["law"], count=instance["n"], dim=instance["dim"], radius=1.0,
                                   bound=bound_at(claim, mean_deviation, {"M": 1.0, **instance}))
    for block in violation_blocks(experiment, samples=_MANY, seed=seed):
        yield block.lower, block.samples


def _sample_norms(_claim: Claim, instance: Instance, seed: np.random.SeedSequence) -> Iterator[np.ndarray]:
    from numerics import mean_norms  # noqa: PLC0415

    for block in seed.spawn(200):
        yield mean_norms(law=instance["law"], count=instance["n"], dim=instance["dim"], radius=1.0, samples=4096,
                         seed=block)


def _limits(claim: Claim, instance: Instance) -> tuple[float, float, float]:
    return 0.0, 2.0, bound_at(claim, mean_deviation, {"M": 1.0, **instance})


def _law(law: str, count: int, dim: int, level: float | None = None) -> Instance:
    return {"law": law, "n": count, "dim": dim} | ({} if level is None else {"delta": level})


_TESTS = ViolationTest(
    instances=(_law("sphere", 10, 3, 0.9), _law("rademacher", 30, 1, 0.1), _law("vertex", 20, 5, 0.3),
               _law("sphere", 4, 200, 0.99)),
    sample=_sample, bound=lambda instance: instance["delta"])
_MEANS = MeanTest(instances=(_law("sphere", 10, 3), _law("rademacher", 8, 1), _law("vertex", 5, 4)),
                  sample=_sample_norms, limits=_limits)


def _mean_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="Jensen's inequality", use="(E‖D‖)² <= E‖D‖², D the deviation of the mean"),
        Cited(theorem="independence", use="E‖D‖² = (E‖Y‖² − ‖EY‖²)/n <= M²/n: cross terms vanish"),
        Equal(name="the left side is ‖D‖", left=claim.left(), right=mean_deviation),
        Sign(name="the right side is >= 0", expr=claim.right()),
        Equal(name="(right side)² = M²/n", left=claim.right() ** 2, right=M**2 / n),
    ]


def _deviation_steps(claim: Claim) -> Sequence[Step]:
    margin = sp.expand(claim.right() - M / sp.sqrt(n))
    return [
        Cited(theorem="HILBERT:mean", use="E‖D‖ <= M/√n"),
        Cited(theorem="bounded differences (McDiarmid 1989)",
              use="‖D‖ moves by at most c = 2M/n when one Y_i changes: P(‖D‖ >= E‖D‖ + s) <= exp(−2s²/(nc²))"),
        Equal(name="the left side is ‖D‖", left=claim.left(), right=mean_deviation),
        Equal(name="exp(−2s²/(nc²)) = δ at s = right side − M/√n, c = 2M/n",
              left=sp.exp(-2 * sp.expand(margin**2) / (n * (2 * M / n) ** 2)), right=delta),
        Equal(name="s is that root, not its negative", left=margin.subs(delta, sp.exp(-(u**2) / 2)),
              right=M * u / sp.sqrt(n)),
    ]


PLANS = (
    Plan(claim="HILBERT:mean", expected=Verdict.PROVED, methods=(
        Exhaustive(experiment=COIN_MEAN, elements=lambda size: ({"n": k} for k in range(1, 5 * size)),
                   covers=lambda size: f"fair coins, all n < {5 * size}"),
        _MEANS, Proof(steps=_mean_steps))),
    Plan(claim="HILBERT:deviation", expected=Verdict.PROVED, methods=(
        Exhaustive(experiment=COINS, elements=_all_levels,
                   covers=lambda size: f"fair coins, all n <= {size} (and {10 * size // 4}, {10 * size // 2}, "
                   f"{10 * size}), every δ"),
        _TESTS, Proof(steps=_deviation_steps))),
)
