"""The score of a Gaussian mixture, and of the symmetric two-mode mixture in particular."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.mixture import GaussianMixture
from theory.statement import Claim, ForAll, Hypothesis, Identity, Mutant, Source
from theory.symbols import mu, q, x

_SOURCE = Source(paper="LLZB", place="section 4")
_INSIDE = Hypothesis(
    name="two-sided",
    statement="0 < q < 1: both modes are present",
    lesser=sp.S.Zero,
    greater=sp.Min(q, 1 - q),
    strict=True,
)
_PDF = GaussianMixture.two_modes(mu, q).pdf
_SHIFT = sp.log(q / (1 - q)) / 2
_weights = sp.symbols("w_1:4", positive=True)
_means = sp.symbols("m_1:4", real=True)
_variances = sp.symbols("V_1:4", positive=True)
_PARTS = [
    w * sp.exp(-((x - a) ** 2) / (2 * V)) / sp.sqrt(V) for w, a, V in zip(_weights, _means, _variances, strict=True)
]
_TOTAL = sp.Add(*_PARTS)


def _pull(power: int) -> dict[str, sp.Expr]:
    return {
        f"mode {k + 1}": part / _TOTAL * (a - x) / V**power
        for k, (part, a, V) in enumerate(zip(_PARTS, _means, _variances, strict=True))
    }


def _slope(density: sp.Expr) -> sp.Expr:
    return sp.Derivative(sp.log(density), x)


_PULL = _pull(1)
_TANH = sp.tanh(mu * x + _SHIFT)
_BALANCED = sp.diff(GaussianMixture.two_modes(mu).score, x).subs(x, 0)

CLAIMS = (
    Claim(
        id="SCORE:mixture",
        sentence="The score of a Gaussian mixture is the responsibility-weighted mean of (m_k − x)/V_k.",
        source=_SOURCE,
        quantifier=ForAll(over="weights, means and variances of three components, and points"),
        relation=Identity(lhs={"score": _slope(_TOTAL)}, rhs=_PULL),
        note="Stated for three components with free weights; any number is the same computation.",
        mutants=(
            Mutant(name="std", description="the variance squared", regime="variances ≠ 1", rhs=_pull(2)),
            Mutant(
                name="lost-mode",
                description="the third mode's pull is lost",
                regime="everywhere",
                rhs={k: e for k, e in _PULL.items() if k != "mode 3"},
            ),
            Mutant(
                name="prior-weights",
                description="prior weights in place of responsibilities",
                regime="components that overlap",
                rhs={
                    f"mode {k + 1}": w / sp.Add(*_weights) * (a - x) / V
                    for k, (w, a, V) in enumerate(zip(_weights, _means, _variances, strict=True))
                },
            ),
        ),
    ),
    Claim(
        id="SCORE:two-modes",
        sentence="The score of (1−q)N(−μ,1) + qN(μ,1) is −x + μ tanh(μx + ½ log(q/(1−q))).",
        source=_SOURCE,
        quantifier=ForAll(over="μ >= 0, weights 0 < q < 1 and points x"),
        hypotheses=(_INSIDE,),
        relation=Identity(lhs={"score": _slope(_PDF)}, rhs={"pull to 0": -x, "pull to a mode": mu * _TANH}),
        mutants=(
            Mutant(
                name="whole-log",
                description="log(q/(1−q)) without ½",
                regime="q ≠ 1/2",
                rhs={"pull to 0": -x, "pull to a mode": mu * sp.tanh(mu * x + 2 * _SHIFT)},
            ),
            Mutant(
                name="wrong-mode",
                description="the modes exchanged",
                regime="q ≠ 1/2",
                rhs={"pull to 0": -x, "pull to a mode": mu * sp.tanh(mu * x - _SHIFT)},
            ),
            Mutant(
                name="double-angle",
                description="2μx in place of μx",
                regime="μ > 0, x ≠ 0",
                rhs={"pull to 0": -x, "pull to a mode": mu * sp.tanh(2 * mu * x + _SHIFT)},
            ),
        ),
    ),
    Claim(
        id="SCORE:slope",
        sentence="For equal weights the score's slope at the origin is μ² − 1.",
        source=_SOURCE,
        quantifier=ForAll(over="μ >= 0"),
        relation=Identity(lhs={"slope": _BALANCED}, rhs={"pull to 0": -sp.S.One, "pull to the modes": mu**2}),
        note="The origin repels as soon as μ > 1: the two linear regimes −x ± μ meet in a steep piece.",
        mutants=(
            Mutant(
                name="linear",
                description="μ in place of μ²",
                regime="μ ∉ {0, 1}",
                rhs={"pull to 0": -sp.S.One, "pull to the modes": mu},
            ),
            Mutant(name="no-pull", description="−1 is lost", regime="everywhere", rhs={"pull to the modes": mu**2}),
            Mutant(
                name="double",
                description="2μ²",
                regime="μ > 0",
                rhs={"pull to 0": -sp.S.One, "pull to the modes": 2 * mu**2},
            ),
        ),
    ),
)

FAMILY = Family(key="SCORE", subject="scores of Gaussian mixtures", claims=CLAIMS)
