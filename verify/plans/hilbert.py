"""Plans for the concentration lemma: finite laws exactly, spheres, simplices and projectors by simulation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import comb

import numpy as np
from flint import arb

from numerics import MeanNormViolation, mean_norms, violation_blocks
from theory.statement import Claim
from theory.symbols import M, delta, mean_deviation, n, op_deviation
from verify.evidence.confrontation import Evaluator, Experiment, Sides, exact_values, value_of
from verify.evidence.domain import Domain, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.statistical import MeanTest, ViolationTest
from verify.evidence.verdict import Verdict
from verify.models.finite_laws import OPERATORS, VECTORS, ball, coin_tail, covers, every_level, finite_experiment
from verify.models.gaussian_boxes import bound_at, bound_on

_MANY = 10**8


def coin_mean(count: int) -> Fraction:
    """E|S_n|, exactly."""
    return Fraction(sum(abs(2 * heads - count) * comb(count, heads) for heads in range(count + 1)), 2**count)


def _deviation_sides(claim: Claim) -> Evaluator:
    """Level k/n against the bound at δ = P(|S_n| >= k): a violation for every smaller δ close to it."""
    bound = bound_on(mean_deviation, claim.left(), claim.right())

    def evaluate(instance: Instance) -> Sides:
        count, level = instance["n"], instance["k"]
        values = exact_values({n: count, M: 1}) | {delta: ball(coin_tail(count, level))}
        return arb(level) / count, value_of(bound, values)

    return evaluate


def _mean_sides(claim: Claim) -> Evaluator:
    bound = bound_on(mean_deviation, claim.left(), claim.right())

    def evaluate(instance: Instance) -> Sides:
        count = instance["n"]
        return ball(coin_mean(count)) / count, value_of(bound, exact_values({n: count, M: 1}))

    return evaluate


_COIN_DOMAIN = Domain(
    fields={"n": Integer(low=1, high=10**4), "k": Integer(low=0, high=10**4)},
    require=lambda i: i["k"] <= i["n"] and (i["n"] - i["k"]) % 2 == 0,
)
COINS = Experiment(
    name="coins",
    domain=_COIN_DOMAIN,
    sides=_deviation_sides,
    measures="level |S_n|/n over the bound at δ = P(|S_n|/n >= level)",
)
COIN_MEAN = Experiment(
    name="coin-mean",
    domain=Domain(fields={"n": Integer(low=1, high=10**4)}),
    sides=_mean_sides,
    measures="E|S_n|/n over the bound",
)


def _all_levels(size: int) -> Iterable[Instance]:
    counts = [*range(1, size + 1), *(10 * size // 4 * k for k in (1, 2, 4))]
    return ({"n": count, "k": level} for count in counts for level in range(count % 2, count + 1, 2))


def _sample(claim: Claim, instance: Instance, seed: np.random.SeedSequence, _kind: str) -> Iterator[tuple[int, int]]:
    experiment = MeanNormViolation(
        law=instance["law"],
        count=instance["n"],
        dim=instance["dim"],
        radius=1.0,
        bound=bound_at(claim, mean_deviation, {"M": 1.0, **instance}),
    )
    for block in violation_blocks(experiment, samples=_MANY, rng=seed):
        yield block.lower, block.samples


def _sample_norms(_claim: Claim, instance: Instance, seed: np.random.SeedSequence) -> Iterator[np.ndarray]:
    for block in seed.spawn(200):
        yield mean_norms(
            law=instance["law"], count=instance["n"], dim=instance["dim"], radius=1.0, samples=4096, rng=block
        )


def _limits(claim: Claim, instance: Instance) -> tuple[float, float, float]:
    return 0.0, 2.0, bound_at(claim, mean_deviation, {"M": 1.0, **instance})


def _law(law: str, count: int, dim: int, level: float | None = None) -> Instance:
    return {"law": law, "n": count, "dim": dim} | ({} if level is None else {"delta": level})


_TESTS = ViolationTest(
    instances=(
        _law("sphere", 10, 3, 0.9),
        _law("rademacher", 30, 1, 0.1),
        _law("vertex", 20, 5, 0.3),
        _law("sphere", 4, 200, 0.99),
    ),
    sample=_sample,
    bound=lambda instance: instance["delta"],
)
_MEANS = MeanTest(
    instances=(_law("sphere", 10, 3), _law("rademacher", 8, 1), _law("vertex", 5, 4)),
    sample=_sample_norms,
    limits=_limits,
)


# By the diameter, for positive operators, and by the second moment alone ---------------------------------------------

FINITE_VECTORS = finite_experiment("finite-laws", VECTORS, mean_deviation)
FINITE_OPERATORS = finite_experiment("finite-operators", OPERATORS, op_deviation)
_ALL_VECTORS = Exhaustive(experiment=FINITE_VECTORS, elements=every_level(VECTORS), covers=covers(VECTORS))
# two fair coins attain Chebyshev's bound as √2·√½, which balls do not decide
_UNEVEN = {name: law for name, law in VECTORS.items() if name != "coin"}
_ALL_UNEVEN = Exhaustive(
    experiment=finite_experiment("uneven-laws", _UNEVEN, mean_deviation),
    elements=every_level(_UNEVEN),
    covers=covers(_UNEVEN),
)
_ALL_OPERATORS = Exhaustive(experiment=FINITE_OPERATORS, elements=every_level(OPERATORS), covers=covers(OPERATORS))


def _spread_of(instance: Instance) -> dict[str, float]:
    """σ_Y and the diameter of the simulated laws of radius 1: antipodes, or different basis vectors."""
    if instance["law"] == "vertex":
        return {"sigma_Y": math.sqrt(1 - 1 / instance["dim"]), "diameter": math.sqrt(2)}
    return {"sigma_Y": 1.0, "diameter": 2.0}


def _sample_spread(
    claim: Claim, instance: Instance, seed: np.random.SeedSequence, kind: str
) -> Iterator[tuple[int, int]]:
    return _sample(claim, {**instance, **_spread_of(instance)}, seed, kind)


def _sample_projectors(
    claim: Claim, instance: Instance, seed: np.random.SeedSequence, _kind: str
) -> Iterator[tuple[int, int]]:
    """Means of the projectors on n lines, uniformly drawn in R^dim."""
    rng, dim = np.random.default_rng(seed), instance["dim"]
    bound = bound_at(claim, op_deviation, {"M": 1.0, "sigma_Y": math.sqrt(1 - 1 / dim), **instance})
    while True:
        lines = rng.standard_normal((512, instance["n"], dim))
        lines /= np.linalg.norm(lines, axis=2, keepdims=True)
        mean = lines.transpose(0, 2, 1) @ lines / instance["n"]
        norms = np.abs(np.linalg.eigvalsh(mean - np.eye(dim) / dim)).max(axis=1)
        yield int((norms > bound).sum()), len(norms)


_SPREAD_TESTS = ViolationTest(
    instances=(_law("vertex", 20, 5, 0.3), _law("sphere", 10, 3, 0.5), _law("rademacher", 30, 1, 0.1)),
    sample=_sample_spread,
    bound=lambda instance: instance["delta"],
)
_PROJECTOR_TESTS = ViolationTest(
    instances=tuple(
        {"n": count, "dim": dim, "delta": level} for count, dim, level in ((1, 3, 0.9), (10, 3, 0.3), (20, 5, 0.1))
    ),
    sample=_sample_projectors,
    bound=lambda instance: instance["delta"],
)


PLANS = (
    Plan(
        claim="HILBERT:mean",
        expected=Verdict.PROVED,
        methods=(
            Exhaustive(
                experiment=COIN_MEAN,
                elements=lambda size: ({"n": k} for k in range(1, 5 * size)),
                covers=lambda size: f"fair coins, all n < {5 * size}",
            ),
            _MEANS,
        ),
    ),
    Plan(
        claim="HILBERT:deviation",
        expected=Verdict.PROVED,
        methods=(
            Exhaustive(
                experiment=COINS,
                elements=_all_levels,
                covers=lambda size: (
                    f"fair coins, all n <= {size} (and {10 * size // 4}, {10 * size // 2}, {10 * size}), every δ"
                ),
            ),
            _TESTS,
        ),
    ),
    Plan(claim="HILBERT:diameter", expected=Verdict.PROVED, methods=(_ALL_VECTORS, _SPREAD_TESTS)),
    Plan(claim="HILBERT:operator", expected=Verdict.PROVED, methods=(_ALL_OPERATORS, _PROJECTOR_TESTS)),
    Plan(claim="HILBERT:second-moment", expected=Verdict.PROVED, methods=(_ALL_UNEVEN, _SPREAD_TESTS)),
)
