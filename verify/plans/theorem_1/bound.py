"""Plans for the whole bound of Theorem 1, repaired: models in closed form, and proofs from Lemma 2 and the chain."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from theory.claims import REGISTRY
from theory.statement import Claim
from theory.symbols import delta, deviation_B, deviation_G, kl_learned, kl_sde, loss_likelihood
from verify.evidence.plan import Plan
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step
from verify.evidence.verdict import Verdict
from verify.models.theorem_1_chains import Chain
from verify.plans.theorem_1.chain import above

# Per-datum parts with finitely many values: every deviation and its exact probability ------------------------------


# Per-datum bounds: one feature at one time without noise, where every side is closed ---------------------------------


# Proofs --------------------------------------------------------------------------------------------------------------


def chain_steps(claim: Claim, of_b: Claim, of_g: Claim) -> Sequence[Step]:
    """Lemma 2 on T1:loss, whose deviations are at their bounds for δ/2 on an event of probability 1 − δ."""
    loss, divergence = REGISTRY["T1:loss"], REGISTRY["L2:repaired"]
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
    return chain_steps(claim, REGISTRY["T1:concentration-B"], REGISTRY["T1:concentration-G"])


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
    full, one = REGISTRY["T1:repaired"].resolved().rhs, claim.resolved().rhs
    parts = [full[name] for name in ("optimisation", "estimation", "cross")]
    return [
        Cited(theorem="T1:repaired", use="the divergence is at most (T/2)(min L̃ + (√a + √b)²) + KL(p_T‖π)"),
        Equal(name="the left side is that of T1:repaired", left=claim.left(), right=REGISTRY["T1:repaired"].left()),
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


PLANS = (
    Plan(claim="T1:repaired", expected=Verdict.PROVED, methods=(Chain(divergence=True), Proof(steps=_repaired_steps))),
    Plan(claim="T1:simple", expected=Verdict.PROVED, methods=(Chain(divergence=True), Proof(steps=_simple_steps))),
)
