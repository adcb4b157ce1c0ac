"""Rates: what a source Θ₀−Θ* = wB^{r_s} and an effective dimension tr B(B+ν)^{−1} <= A_N ν^{−β_N} make of capacity.

The ridge is ν = 1/(2τ), at which 2τ(k+ν)e^{−2τk} <= 1 and (k+ν)φ_τ(k) <= 1+1/e. At τ = n^{1/(1+2r_s+β_N)} the excess
is of the order n^{−(1+2r_s)/(1+2r_s+β_N)}: theory.rates.capacity_terms has the exponents as rationals.
"""

from __future__ import annotations

import sympy as sp

from theory.claims.capacity.path import SOURCE
from theory.claims.lemma_4 import QUADRATIC
from theory.statement import Claim, Hypothesis, Inequality, Mutant, WithProbability
from theory.symbols import (
    K_B,
    capacity_constant,
    capacity_power,
    delta,
    loss_hat,
    loss_minimum,
    m,
    n,
    noise_std,
    source_norm,
    source_power,
    tau,
)

_DATA = Hypothesis(
    name="iid",
    statement="the data are i.i.d. from p₀; m features, which do not depend on them, have ‖B(x₀)‖ <= K_B on its "
    "support",
)
_SOURCE = Hypothesis(name="source", statement="Θ₀−Θ* = wB^{r_s} with ‖w‖ <= R_s, Θ* = bB⁺ the population's minimiser")
_SLOW = Hypothesis(name="r_s <= 1/2", statement="r_s <= 1/2", lesser=source_power, greater=sp.Rational(1, 2))
_DIMENSION = Hypothesis(name="capacity", statement="tr B(B+ν)^{−1} <= A_N ν^{−β_N} for every ν > 0")
_NOISE = Hypothesis(name="noise", statement="E G_*(x₀)ᵀG_*(x₀) ⪯ σ_*²B, G_*(x₀) = Θ*B(x₀)−b(x₀)")
STOP = n ** (1 / (1 + 2 * source_power + capacity_power))
"""The training time at which both terms fall alike."""
_LEAST = 16 * K_B * sp.log(2 * m / delta)
_MANY = Hypothesis(name="many data", statement="16K_B τ log(2m/δ) <= n", lesser=_LEAST * tau, greater=n)
_NOT_EARLY = Hypothesis(name="not early", statement="n^{1/(1+2r_s+β_N)} <= τ", lesser=STOP, greater=tau)
_NOT_LATE = Hypothesis(name="not late", statement="τ <= 2n^{1/(1+2r_s+β_N)}", lesser=tau, greater=2 * STOP)
_SAMPLE = WithProbability(at_least=1 - delta, over="the n data")
_ROOT = {"root of the excess": sp.sqrt(loss_hat - loss_minimum)}
_POWER = source_power + sp.Rational(1, 2)
_SPREAD = sp.sqrt(2 * capacity_constant / delta)


FACTOR = 2 + 2 * sp.exp(-1)
"""What the noise is multiplied by: (k+ν)φ_τ(k) <= 1+1/e, over c_ν = ½."""


def terms(time: sp.Expr, factor: sp.Expr = FACTOR, power: sp.Expr = capacity_power) -> dict[str, sp.Expr]:
    """What is left of the start at a time, and the noise then."""
    return {
        "start": source_norm * time**-_POWER,
        "noise": factor * noise_std * _SPREAD * sp.sqrt(2**power * time**power / n),
    }


_AT = terms(tau)
RATE = n ** (-_POWER / (1 + 2 * source_power + capacity_power))
"""The root of n^{−(1+2r_s)/(1+2r_s+β_N)}."""
_CONSTANTS = {"start": source_norm, "noise": FACTOR * noise_std * _SPREAD * 2**capacity_power}
_STOPPED = {name: constant * RATE for name, constant in _CONSTANTS.items()}


def _mutant(name: str, description: str, regime: str, rhs: dict[str, sp.Expr]) -> Mutant:
    return Mutant(name=name, description=description, regime=regime, rhs=rhs)


CLAIMS = (
    Claim(
        id="CAP:rates-time",
        sentence="With probability 1−δ the root of the excess loss of the flow on n data at the time τ is at most "
        "R_sτ^{−(r_s+½)} + 2(1+1/e)σ_*√(2A_N(2τ)^{β_N}/(nδ)).",
        source=SOURCE,
        quantifier=_SAMPLE,
        hypotheses=(QUADRATIC, _DATA, _SOURCE, _SLOW, _DIMENSION, _NOISE, _MANY),
        setting={"flow": "scaled"},
        relation=Inequality(lhs=_ROOT, rhs=_AT),
        note="CAP:lower-tail-moment at δ/2 with v_ν <= K_B/ν gives c_ν >= ½ at ν = 1/(2τ); Cordes' inequality carries "
        "the source from B to B̂; Chebyshev at δ/2 for the noise, whose mean square is at most σ_*²tr B(B+ν)^{−1}/n.",
        mutants=(
            _mutant(
                "faster-start",
                "τ^{−(r_s+1)} in place of τ^{−(r_s+½)}",
                "τ large, no noise",
                {**_AT, "start": source_norm * tau ** -(source_power + 1)},
            ),
            _mutant("no-capacity", "(2τ)^{β_N} is lost", "τ large, K_B small", terms(tau, power=sp.S.Zero)),
            _mutant("faster-noise", "1/n in place of 1/√n", "n large", {**_AT, "noise": _AT["noise"] / sp.sqrt(n)}),
            _mutant("no-start", "what is left of the start is lost", "Θ₀ far", {"noise": _AT["noise"]}),
            _mutant("no-noise", "the noise is lost", "Θ₀ = Θ*", {"start": _AT["start"]}),
        ),
    ),
    Claim(
        id="CAP:rates",
        sentence="With probability 1−δ the flow on n data stopped between n^{1/(1+2r_s+β_N)} and twice that has an "
        "excess loss of at most (R_s + 2(1+1/e)σ_*√(2A_N/δ)2^{β_N})² n^{−(1+2r_s)/(1+2r_s+β_N)}.",
        source=SOURCE,
        quantifier=_SAMPLE,
        hypotheses=(QUADRATIC, _DATA, _SOURCE, _SLOW, _DIMENSION, _NOISE, _MANY, _NOT_EARLY, _NOT_LATE),
        setting={"flow": "scaled"},
        relation=Inequality(lhs=_ROOT, rhs=_STOPPED),
        note="CAP:rates-time then. 0 <= r_s <= ½ and β_N <= 1 (A_N = tr B serves β_N = 1, A_N = m serves 0): the "
        "exponent is between ½ and 1, above the printed 2/5 everywhere. It is the best of the two terms, not proved "
        "the best there is; and at finite width it ends where n^{−1} begins, CAP:saturation.",
        mutants=(
            _mutant(
                "faster-start",
                "n^{−½} for what is left of the start",
                "r_s = 0, β_N = 1, n large",
                {**_STOPPED, "start": _CONSTANTS["start"] / sp.sqrt(n)},
            ),
            _mutant(
                "faster-noise",
                "n^{−½} for the noise",
                "r_s = 0, β_N = 1, n large",
                {**_STOPPED, "noise": _CONSTANTS["noise"] / sp.sqrt(n)},
            ),
            _mutant("no-start", "what is left of the start is lost", "Θ₀ far", {"noise": _STOPPED["noise"]}),
            _mutant("no-noise", "the noise is lost", "Θ₀ = Θ*", {"start": _STOPPED["start"]}),
        ),
    ),
)
