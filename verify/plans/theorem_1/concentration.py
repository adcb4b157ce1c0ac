"""Plans for the probabilistic links of Theorem 1 and its per-datum bounds: finite laws, one feature, proofs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sympy as sp
from flint import arb

from theory.claims import REGISTRY
from theory.statement import Claim
from theory.symbols import (
    K_B,
    K_G,
    S_B,
    S_G,
    B_norm,
    G_norm,
    K_b,
    M,
    b_norm,
    deviation_B,
    deviation_G,
    diameter,
    lambda_mean,
    norm_comparator,
    reach,
    sigma_Y,
)
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.symbolic import Cited, Equal, Proof, Step
from verify.evidence.verdict import Verdict
from verify.models.finite_laws import OPERATORS, VECTORS, enumerated, renamed
from verify.models.theorem_1_chains import Chain

# Per-datum parts with finitely many values: every deviation and its exact probability ------------------------------


_MATRICES = renamed(OPERATORS, {S_B: lambda grants: grants[sigma_Y], K_B: lambda grants: grants[M]})
_GRADIENTS = renamed(VECTORS, {S_G: lambda grants: grants[sigma_Y], K_G: lambda grants: grants[diameter] / 2})


# Per-datum bounds: one feature at one time without noise, where every side is closed ---------------------------------


def _one_feature(instance: Instance) -> Quantities:
    weight, bias, place, level, outer, e = (arb(instance[name]) for name in ("w", "u", "x0", "lambda", "theta", "e"))
    output = arb.max(weight * place + bias * e, arb(0))
    curvature = level * output**2
    label = -level * weight if bool(output > 0) else arb(0)  # Stein: −w λ P(active)
    return {
        B_norm: curvature,
        b_norm: abs(label),
        G_norm: abs(outer * curvature - label),
        lambda_mean: level,
        reach: level * arb.max(place**2, e**2),
        K_B: curvature,
        K_b: abs(label),
        norm_comparator: abs(outer),
    }


def _feature(**changes: float) -> Instance:
    return {"w": 0.0, "u": 0.0, "x0": 1.0, "e": 1.0, "lambda": 1.0, "theta": 0.0, **changes}


_FEATURE = Experiment(
    name="one-feature",
    domain=Domain(
        fields={
            "w": Real(low=-1, high=1),
            "u": Real(low=-1, high=1),
            "x0": Real(low=-1, high=1),
            "e": Real(low=-2, high=2),
            "lambda": Real(low=0.01, high=100, log=True),
            "theta": Real(low=-100, high=100),
        },
        require=lambda i: abs(i["w"]) + abs(i["u"]) <= 1,
    ),
    sides=lambda claim: relation_sides(claim, _one_feature),
    extremal=(
        _feature(u=1.0),
        _feature(u=1.0, **{"lambda": 4.0}),
        _feature(u=1.0, **{"lambda": 0.25}),
        _feature(w=1.0),
        _feature(w=1.0, **{"lambda": 4.0}),
        _feature(w=1.0, **{"lambda": 0.25}),
        _feature(w=1.0, theta=-10.0),
    ),
    measures="one feature without noise, left over right side",
)


# Proofs --------------------------------------------------------------------------------------------------------------


def from_hilbert(name: str, measured: sp.Symbol, values: Quantities, use: str) -> Callable[[Claim], Sequence[Step]]:
    """Steps that identify a claim with a concentration lemma under other names."""
    general = REGISTRY[name]

    def steps(claim: Claim) -> Sequence[Step]:
        return [
            Cited(theorem=name, use=use),
            Equal(name="the left side is the deviation", left=claim.left(), right=measured),
            Equal(name=f"the right side is that of {name}", left=claim.right(), right=general.right().subs(values)),
        ]

    return steps


def _reach_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="positive semidefinite matrices", use="‖B‖_F <= tr B = (1/m) Σ_i E[λ σ(w_i·x_t + u_i·e)² | x₀]"),
        Cited(
            theorem="Minkowski's inequality",
            use="E[λ(w·x + u·e)²]^½ <= Σ_k |v_k| E[λz_k²]^½, v = (w, u), "
            "which is at most max_k E[λz_k²]^½ because ‖v‖₁ <= 1",
        ),
        Equal(name="the left side is ‖B(x₀)‖_F", left=claim.left(), right=B_norm),
        Equal(name="the right side is max_k E[λ z_k² | x₀]", left=claim.right(), right=reach),
    ]


def _weight_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="Stein's identity", use="b(x₀)_i = −(w_i/√m) E_t λ P(w_i·x_t + u_i·e > 0 | x₀)"),
        Cited(theorem="norms", use="‖w_i‖₂ <= ‖w_i‖₁ <= 1 and P <= 1, so that ‖b(x₀)‖_F² <= (1/m) Σ_i (E_t λ)²"),
        Equal(name="the left side is ‖b(x₀)‖_F", left=claim.left(), right=b_norm),
        Equal(name="the right side is E_t λ", left=claim.right(), right=lambda_mean),
    ]


def _gradient_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="triangle inequality and operator norm", use="‖ΘB(x₀) − b(x₀)‖_F <= ‖Θ‖_F ‖B(x₀)‖ + ‖b(x₀)‖_F"),
        Equal(name="the left side is ‖G(x₀)‖_F", left=claim.left(), right=G_norm),
        Equal(name="the right side is K_B‖Θ‖ + K_b", left=claim.right(), right=K_B * norm_comparator + K_b),
    ]


_OPERATOR = from_hilbert(
    "HILBERT:operator", deviation_B, {sigma_Y: S_B, M: K_B}, "Y = B(x₀), 0 ⪯ B(x₀) ⪯ K_B; the mean over the data is B̂"
)
_DIAMETER = from_hilbert(
    "HILBERT:diameter",
    deviation_G,
    {sigma_Y: S_G, diameter: 2 * K_G},
    "Y = G(x₀) = ΘB(x₀) − b(x₀), of diameter 2K_G; the mean over the data is ΘB̂ − b̂",
)


def _per_datum(claim: str, steps: Callable[[Claim], Sequence[Step]]) -> Plan:
    return Plan(claim=claim, expected=Verdict.PROVED, methods=(Search(experiment=_FEATURE), Proof(steps=steps)))


PLANS = (
    Plan(
        claim="T1:concentration-B",
        expected=Verdict.PROVED,
        methods=(enumerated("finite-B", _MATRICES, deviation_B), Chain(), Proof(steps=_OPERATOR)),
    ),
    Plan(
        claim="T1:concentration-G",
        expected=Verdict.PROVED,
        methods=(enumerated("finite-G", _GRADIENTS, deviation_G), Chain(), Proof(steps=_DIAMETER)),
    ),
    _per_datum("T1:bound-B", _reach_steps),
    _per_datum("T1:bound-b", _weight_steps),
    _per_datum("T1:bound-G", _gradient_steps),
)
