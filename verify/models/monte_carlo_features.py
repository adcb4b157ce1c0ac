"""What the plans of Lemmas 6 and 8 share: random features whose Monte-Carlo error is known exactly.

Fair signs: two features with outer weights ±a, so that the error is a constant times (S_m/m)², S_m a sum of m coins.
Models: ρ₀ uniform on a few real features under a real schedule; the error is a quadratic form in their counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import factorial, prod

import numpy as np
import sympy as sp
from flint import arb

from numerics import RandomFeatures, constant_embedding, population_quadratic
from theory.mixture import GaussianMixture
from theory.statement import Claim
from theory.symbols import M, delta, m, mc_error
from verify.bound.schedules import schedule
from verify.evidence.confrontation import Evaluator, Experiment, Measure, Sides, exact_values, value_of
from verify.evidence.domain import Choice, Domain, Instance, Integer
from verify.evidence.statistical import ViolationTest
from verify.models.finite_laws import ball, compositions, levels
from verify.models.sdes import FAMILIES

RELATIVE_ERROR = 1e-10
"""Error allowed to each exact moment relative to the largest: those of ReLU features are good to 1e-12."""


def with_probability(claim: Claim, measure: Measure) -> Evaluator:
    """Both sides of a claim at the k-th largest value of (S_m/m)², at δ = P((S_m/m)² >= that value).

    ``measure`` gives the claim's symbols, with the error per unit of (S_m/m)². Where a hypothesis asks δ <= 1/2, a more
    likely value is taken at δ = 1/2, where it is exceeded with probability above δ all the same.
    """
    left, right = claim.left(), claim.right()
    capped = any((h.lesser, h.greater) == (delta, sp.Rational(1, 2)) for h in claim.hypotheses)

    def evaluate(instance: Instance) -> Sides:
        level, tail = levels("coin", instance["m"])[instance["k"] - 1]
        values = exact_values(measure(dict(instance)))
        values |= {
            mc_error: values[mc_error] * ball(level),
            m: arb(instance["m"]),
            delta: arb.min(ball(tail), arb("0.5")) if capped else ball(tail),
        }
        return value_of(left, values), value_of(right, values)

    return evaluate


def level_exists(instance: Instance) -> bool:
    """Whether (S_m/m)² has a k-th largest value."""
    return instance["m"] <= 400 and instance["k"] <= len(levels("coin", instance["m"]))


# Models --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FeatureModel:
    """A uniform law on features with outer weights: the Gram matrix of Y = a(v)σ(v·z), and what the claims ask for."""

    gram: np.ndarray
    values: Mapping[str, float]

    def errors(self, counts: np.ndarray) -> np.ndarray:
        """Err_MC for rows of counts of the features among the m sampled."""
        gap = counts / counts.sum(axis=1, keepdims=True) - 1 / len(self.gram)
        return np.einsum("si,ij,sj->s", gap, self.gram, gap)


@lru_cache(maxsize=32)
def model(family: str, atoms: int, mode: int) -> FeatureModel:
    """``atoms`` features of a fixed draw with a(v) = sign(w)(1 + |u|), e = 1, two modes at ±mode, λ = std²."""
    features = RandomFeatures.sample(atoms, 1, constant_embedding(), rng=np.random.default_rng(atoms))
    grid = schedule(FAMILIES[family], horizon=1, count=16, weighting="song")
    quadratic = population_quadratic(features, GaussianMixture.two_modes(mode), grid, constant=0.0)
    outer = np.sign(features.weights[:, 0]) * (1 + np.abs(features.time_weights[:, 0]))
    gram = atoms * quadratic.B * np.outer(outer, outer)
    weight = grid.weights * grid.loss_weight
    values = {
        "M": float(np.sqrt(gram.diagonal().max())),
        "a_sup": float(np.abs(outer).max()),
        "e_sup": 1.0,
        "mu": float(mode),
        "lambda_mean": float(weight.sum()),
        "scale_moment": float(weight @ grid.mean_scale**2),
        "noise_moment": float(weight @ grid.std**2),
    }
    return FeatureModel(gram=gram, values=values)


@lru_cache(maxsize=64)
def model_levels(family: str, width: int, mode: int) -> tuple[tuple[float, Fraction], ...]:
    """Errors of every sample of ``width`` out of three features, the largest first, with their tail probabilities."""
    counts = np.array(list(compositions(width, 3)))
    errors = model(family, 3, mode).errors(counts)
    order = np.argsort(-errors)
    ways = (factorial(width) // prod(map(factorial, counts[k].tolist())) for k in order)
    return tuple(
        (float(errors[k]), Fraction(total, 3**width)) for k, total in zip(order, accumulate(ways), strict=True)
    )


def _model_sides(claim: Claim) -> Evaluator:
    left, right = claim.left(), claim.right()

    def evaluate(instance: Instance) -> Sides:
        family, width, mode = instance["sde"], instance["m"], instance["mu"]
        error, tail = model_levels(family, width, mode)[instance["k"] - 1]
        found = model(family, 3, mode)
        size = arb(1, RELATIVE_ERROR)
        known = {
            M: arb(found.values["M"]) * size,
            m: arb(width),
            delta: ball(tail),
            mc_error: arb.max(arb(error) + arb(0, RELATIVE_ERROR * float(found.gram.max())), arb(0)),
        }
        return value_of(left, known), value_of(right, known)

    return evaluate


MODEL_LAW = Experiment(
    name="three-features",
    sides=_model_sides,
    measures="exact error of every sample of three features, over the bound",
    domain=Domain(
        fields={
            "sde": Choice(options=("ou", "vp", "ve")),
            "m": Integer(low=1, high=12),
            "mu": Integer(low=0, high=4),
            "k": Integer(low=1, high=91),
        },
        require=lambda i: i["k"] <= (i["m"] + 1) * (i["m"] + 2) // 2,
    ),
)


def model_elements(_size: int) -> Iterator[Instance]:
    """Every sample of at most 6 features, three SDEs, modes at 0 and ±3."""
    for family in ("ou", "vp", "ve"):
        for mode in (0, 3):
            for width in range(1, 7):
                for k in range((width + 1) * (width + 2) // 2):
                    yield {"sde": family, "m": width, "mu": mode, "k": k + 1}


def _sample(claim: Claim, instance: Instance, seed: np.random.SeedSequence, _kind: str) -> Iterator[tuple[int, int]]:
    found = model(instance["sde"], instance["atoms"], instance["mu"])
    needed = {str(symbol) for symbol in claim.symbols} - {"mc_error", "m", "delta"}
    known = {name: found.values[name] for name in needed}
    rng, atoms = np.random.default_rng(seed), instance["atoms"]
    while True:
        counts = rng.multinomial(instance["m"], np.full(atoms, 1 / atoms), size=512)
        result = claim.evaluate(
            mc_error=np.maximum(found.errors(counts), 0.0), m=instance["m"], delta=instance["delta"], **known
        )
        yield int((result.left > result.right).sum()), len(counts)


def _model(sde: str, mode: int, width: int, level: float) -> Instance:
    return {"sde": sde, "atoms": 48, "mu": mode, "m": width, "delta": level}


MODEL_TESTS = ViolationTest(
    instances=(_model("ou", 0, 20, 0.3), _model("vp", 3, 100, 0.1), _model("ve", 2, 5, 0.9)),
    sample=_sample,
    bound=lambda instance: instance["delta"],
)
