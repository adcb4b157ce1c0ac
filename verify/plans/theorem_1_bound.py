"""Plans for Theorem 1's probabilistic links, per-datum bounds and whole bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sympy as sp
from flint import arb

from theory.claims.hilbert import CLAIMS as HILBERT
from theory.claims.lemma_2 import CLAIMS as LEMMA_2
from theory.claims.theorem_1 import CLAIMS as LINKS
from theory.claims.theorem_1_bound import CLAIMS as BOUNDS
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
    delta,
    deviation_B,
    deviation_G,
    diameter,
    kl_learned,
    kl_sde,
    lambda_mean,
    loss_likelihood,
    norm_comparator,
    reach,
    sigma_Y,
)
from verify.evidence.confrontation import Experiment, relation_sides
from verify.evidence.domain import Domain, Instance, Real
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step
from verify.evidence.verdict import Verdict
from verify.models.finite_laws import OPERATORS, VECTORS, FiniteLaw, covers, every_level, finite_experiment
from verify.models.theorem_1_chains import Chain
from verify.plans.theorem_1 import above

_BY_ID = {claim.id: claim for claim in (*LINKS, *BOUNDS, *LEMMA_2, *HILBERT)}

# Per-datum parts with finitely many values: every deviation and its exact probability ------------------------------


def renamed(
    laws: Mapping[str, FiniteLaw], names: Mapping[sp.Symbol, Callable[[Mapping[sp.Symbol, sp.Expr]], sp.Expr]]
) -> Mapping[str, FiniteLaw]:
    """The laws of the concentration lemma, with what they grant under the names of Theorem 1."""
    return {
        name: replace(law, grants={symbol: value(law.grants) for symbol, value in names.items()})
        for name, law in laws.items()
    }


def enumerated(name: str, laws: Mapping[str, FiniteLaw], measured: sp.Symbol) -> Exhaustive:
    """Every level of every law at small n."""
    return Exhaustive(
        experiment=finite_experiment(name, laws, measured), elements=every_level(laws), covers=covers(laws)
    )


_MATRICES = renamed(OPERATORS, {S_B: lambda grants: grants[sigma_Y], K_B: lambda grants: grants[M]})
_GRADIENTS = renamed(VECTORS, {S_G: lambda grants: grants[sigma_Y], K_G: lambda grants: grants[diameter] / 2})


# Per-datum bounds: one feature at one time without noise, where every side is closed ---------------------------------


def _one_feature(instance: Instance) -> Mapping[sp.Symbol, Any]:
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


def from_hilbert(
    name: str, measured: sp.Symbol, values: Mapping[sp.Symbol, Any], use: str
) -> Callable[[Claim], Sequence[Step]]:
    """Steps that identify a claim with a concentration lemma under other names."""
    general = _BY_ID[name]

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


def chain_steps(claim: Claim, of_b: Claim, of_g: Claim) -> Sequence[Step]:
    """Lemma 2 on T1:loss, whose deviations are at their bounds for δ/2 on an event of probability 1 − δ."""
    loss, divergence = _BY_ID["T1:loss"], _BY_ID["L2:repaired"]
    at_sample = {
        symbol: bound.right().subs(delta, delta / 2) for symbol, bound in ((deviation_B, of_b), (deviation_G, of_g))
    }
    return [
        Cited(
            theorem=f"union bound, {of_b.id} and {of_g.id}",
            use="both deviations stay below their bounds for δ/2 with probability 1 − δ",
        ),
        Cited(theorem="L2:repaired", use="on the learned score"),
        Cited(theorem="T1:loss", use="on its population loss, λ = g²"),
        Equal(
            name="the left side is the divergence of L2:repaired, of the learned score",
            left=claim.left(),
            right=divergence.left().subs(kl_sde, kl_learned),
        ),
        Equal(
            name="the right side is L2:repaired's at T1:loss's bound at the deviations' bounds",
            left=claim.right(),
            right=divergence.right().subs(loss_likelihood, loss.right()).subs(at_sample),
        ),
        *_rising(loss, (deviation_B, deviation_G)),
    ]


def _repaired_steps(claim: Claim) -> Sequence[Step]:
    return chain_steps(claim, _BY_ID["T1:concentration-B"], _BY_ID["T1:concentration-G"])


def _rising(claim: Claim, symbols: Sequence[sp.Symbol]) -> list[Step]:
    """The right side does not fall as any of the symbols rises, where everything is positive."""
    right = above(claim.relation.rhs.total())
    positive = {sym: sp.Symbol(f"p_{sym}", positive=True) for sym in right.free_symbols}
    return [
        Sign(name=f"the bound on the loss does not fall as {sym} rises", expr=sp.diff(right, sym).subs(positive))
        for sym in symbols
    ]


def _simple_steps(claim: Claim) -> Sequence[Step]:
    """2a + 2b − (√a + √b)² = (√a − √b)², term by term."""
    full, one = _BY_ID["T1:repaired"].resolved().rhs, claim.resolved().rhs
    parts = [full[name] for name in ("optimisation", "estimation", "cross")]
    return [
        Cited(theorem="T1:repaired", use="the divergence is at most (T/2)(min L̃ + (√a + √b)²) + KL(p_T‖π)"),
        Equal(name="the left side is that of T1:repaired", left=claim.left(), right=_BY_ID["T1:repaired"].left()),
        Equal(
            name="the right side is (T/2)(min L̃ + 2a + 2b) + KL(p_T‖π)",
            left=one.total(),
            right=full["approximation"] + full["prior"] + 2 * parts[0] + 2 * parts[1],
        ),
        Equal(
            name="T1:repaired's cross term is (T/2) 2√(ab): its square is 4 · (T/2)a · (T/2)b",
            left=parts[2] ** 2,
            right=4 * parts[0] * parts[1],
        ),
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
    Plan(claim="T1:repaired", expected=Verdict.PROVED, methods=(Chain(divergence=True), Proof(steps=_repaired_steps))),
    Plan(claim="T1:simple", expected=Verdict.PROVED, methods=(Chain(divergence=True), Proof(steps=_simple_steps))),
)
