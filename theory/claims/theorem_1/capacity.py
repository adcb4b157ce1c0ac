"""Theorem 1 of LLZB by capacity: the population's own excess, and the noise along its path, every term a number."""

from __future__ import annotations

import sympy as sp

from theory.claims.capacity.path import RHO, ROOT, SOURCE
from theory.claims.theorem_1.bound import LEARNABLE
from theory.claims.theorem_1.chain import without
from theory.claims.theorem_1.concentration import BOUNDED, SAMPLE
from theory.statement import Claim, Hypothesis, Inequality, Mutant
from theory.symbols import T, kl_learned, kl_prior, loss_minimum, loss_tau, noise_leading, noise_rest, share

_HYPOTHESES = (
    BOUNDED,
    Hypothesis(
        name="lower-tail",
        statement="c_ν is at most what the best branch of CAP:lower-tail keeps at δ/2; the m features do "
        "not depend on the data",
    ),
    Hypothesis(
        name="noise", statement="C‖ξ(τ)B_ν^{−½}‖ + ∫ω_τ‖ξ'(s)B_ν^{−½}‖ds is above N₁+N₂ with probability δ/2 at most"
    ),
    *LEARNABLE,
)


def terms(
    factor: sp.Expr = T / 2, rho: sp.Expr = RHO, kept: sp.Expr = share, root: sp.Expr = ROOT
) -> dict[str, sp.Expr]:
    """T/2 times min L̃ plus the square of the root of the population's excess and what data add, multiplied out."""
    first, whole = rho * noise_leading, rho * (noise_leading + noise_rest) / kept
    return {
        "approximation": factor * loss_minimum,
        "population": factor * (loss_tau - loss_minimum),
        "fluctuation": factor * (2 * root * first + first**2),
        "second order": factor * (2 * root * (whole - first) + whole**2 - first**2),
        "prior": kl_prior,
    }


_TERMS = terms()
CLAIMS = (
    Claim(
        id="T1:capacity",
        sentence="With probability 1−δ the SDE-density learned from n data by gradient flow until τ has KL(p₀‖·) <= "
        "(T/2)(min L̃ + (√(L̃(Θ(τ))−min L̃) + ρ_ν(N₁+N₂)/c_ν)²) + KL(p_T‖π).",
        source=SOURCE,
        quantifier=SAMPLE,
        hypotheses=_HYPOTHESES,
        setting={"flow": "scaled", "labels": "dsm", "weight": "g²", "density": "SDE"},
        relation=Inequality(lhs={"divergence": kl_learned}, rhs=_TERMS),
        note="Lemma 2 repaired, CAP:path, CAP:lower-tail at δ/2, and a union of two events. Θ(τ) is the population's "
        "flow at the same time: its own excess, and no bound of it, stands there. ν > 0 is any ridge. "
        "numerics.Capacity computes c_ν by the best branch, N₁+N₂ by the least of five bounds of an "
        "i.i.d. mean, and takes the best ridge; verify.capacity_inputs gives the values.",
        mutants=(
            Mutant(
                name="average-for-integral",
                description="1 in place of T/2, as Lemma 2 is printed",
                regime="T > 2, τ small",
                rhs=terms(sp.S.One),
            ),
            Mutant(name="half-integral", description="T/4 in place of T/2", regime="τ small", rhs=terms(T / 4)),
            Mutant(
                name="no-population",
                description="the population's own excess is lost",
                regime="τ small",
                rhs=without(_TERMS, "population"),
            ),
            Mutant(
                name="no-approximation",
                description="the least loss is lost",
                regime="n and τ large",
                rhs=without(_TERMS, "approximation"),
            ),
            Mutant(name="no-prior", description="KL(p_T‖π) is lost", regime="T small", rhs=without(_TERMS, "prior")),
            Mutant(
                name="no-fluctuation",
                description="what the data add is lost",
                regime="n small, τ large",
                rhs=without(_TERMS, "fluctuation", "second order"),
            ),
        ),
    ),
)
