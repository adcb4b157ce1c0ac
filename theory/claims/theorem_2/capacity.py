"""Theorem 2 of LLZB by capacity: Theorem 1's bound for data without a bounded support, from second moments alone."""

from __future__ import annotations

import sympy as sp

from theory.claims.capacity.path import RHO, ROOT, SOURCE
from theory.claims.theorem_1.bound import LEARNABLE
from theory.claims.theorem_1.chain import without
from theory.statement import Claim, Hypothesis, Inequality, Mutant, WithProbability
from theory.symbols import (
    K_B,
    S_B,
    T,
    delta,
    kl_learned,
    kl_prior,
    loss_minimum,
    loss_tau,
    n,
    path_spread,
    share,
    top_B,
)

_TAIL = sp.sqrt(3 / (n * delta))
_HYPOTHESES = (
    Hypothesis(name="iid", statement="the data are i.i.d. from p₀; B(x₀) and b(x₀) have second moments"),
    Hypothesis(
        name="lower-tail",
        statement="c_ν is at most what the best branch of CAP:lower-tail keeps at δ/3; the m features do "
        "not depend on the data",
    ),
    Hypothesis(name="top", statement="K_B >= k₁ + S_B√(3/(nδ))", lesser=top_B + S_B * _TAIL, greater=K_B),
    *LEARNABLE,
)


def _terms(
    factor: sp.Expr = T / 2, kept: sp.Expr = share, tail: sp.Expr = _TAIL, root: sp.Expr = ROOT
) -> dict[str, sp.Expr]:
    """T/2 times min L̃ plus the square of the root of the population's excess and what data add, multiplied out."""
    added = RHO * path_spread * tail / kept
    return {
        "approximation": factor * loss_minimum,
        "population": factor * (loss_tau - loss_minimum),
        "cross": factor * 2 * root * added,
        "fluctuation": factor * added**2,
        "prior": kl_prior,
    }


_TERMS = _terms()


def _wrong(name: str, description: str, regime: str, right: dict[str, sp.Expr]) -> Mutant:
    return Mutant(name=name, description=description, regime=regime, rhs=right)


CLAIMS = (
    Claim(
        id="T2:capacity",
        sentence="With probability 1−δ, KL(p₀‖·) <= (T/2)(min L̃ + (√(L̃(Θ(τ))−min L̃) + ρ_ν(S_ν/c_ν)√(3/(nδ)))²) + "
        "KL(p_T‖π): data need second moments only.",
        source=SOURCE,
        quantifier=WithProbability(at_least=1 - delta, over="the n data"),
        hypotheses=_HYPOTHESES,
        setting={"flow": "scaled", "labels": "dsm", "weight": "g²", "density": "SDE"},
        relation=Inequality(lhs={"divergence": kl_learned}, rhs=_TERMS),
        note="T1:capacity asks for a bounded support twice: K_B bounds every B̂, and the noise has a range. Here K_B "
        "bounds B̂ outside an event (Chebyshev), the noise has its mean square (Minkowski in L², Chebyshev), and what "
        "the data keep needs no bound: CAP:lower-tail's second moment and transform ask for B(x₀) ⪰ 0 only. Each "
        "fails with δ/3, and δ is under a root and no logarithm, as it must be by second moments alone. "
        "verify.moment_capacity_inputs gives the values for a Gaussian mixture.",
        mutants=(
            _wrong(
                "average-for-integral", "1 in place of T/2, as Lemma 2 is printed", "T > 2, τ small", _terms(sp.S.One)
            ),
            _wrong("half-integral", "T/4 in place of T/2", "τ small", _terms(T / 4)),
            _wrong("no-population", "the population's own excess is lost", "τ small", without(_TERMS, "population")),
            _wrong("no-approximation", "the least loss is lost", "n and τ large", without(_TERMS, "approximation")),
            _wrong("no-prior", "KL(p_T‖π) is lost", "T small", without(_TERMS, "prior")),
            _wrong(
                "no-noise", "what the data add is lost", "n small, τ large", without(_TERMS, "cross", "fluctuation")
            ),
        ),
    ),
)
