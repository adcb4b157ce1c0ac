"""Theorem 1 of LLZB as printed: its statement, the steps of its proof, and what they give in one parametrization."""

from __future__ import annotations

import sympy as sp

from theory.claims.lemma_4 import QUADRATIC
from theory.statement import (
    Claim,
    Constant,
    ForAll,
    Hypothesis,
    Identity,
    Inequality,
    Mutant,
    Source,
    UpToConstant,
    WithProbability,
)
from theory.symbols import (
    C,
    K,
    delta,
    gradient_sum,
    kl_learned,
    kl_prior,
    loss_bar,
    loss_hat,
    loss_star,
    loss_tau,
    m,
    n,
    parameter_error,
    score_error,
    tau,
    trace_B,
)

_THEOREM = Source(paper="LLZB", place="Theorem 1")
_PROOF = Source(paper="LLZB", place="Theorem 1, proof")
_REDONE = Source(paper="scoregap", place="LLZB, Theorem 1, proof redone in one parametrization")
_ALL = ForAll(over="quadratics of population and data, initialisations and training times τ > 0")
_SAMPLE = WithProbability(at_least=1 - delta, over="the n data")
_ANY = ForAll(over="sample sizes n, widths m and training times τ > 0")
_HIDDEN = {"K": Constant(symbol=K, value=sp.S.One, hidden=True, meaning="the constant that ≲ hides")}
_FLOOR = {
    "C": Constant(
        symbol=C, value=4 / sp.Integer(3) ** sp.Rational(3, 4), meaning="min over τ of τ³ + 1/τ, at τ = 3^{−1/4}"
    )
}
_GAP = {"parameters": parameter_error**2}
_CLOCK = tau / m


def _mutants(power: int) -> tuple[Mutant, ...]:
    """Half a power of the width more, and lost factors, for an identity with m^power below."""
    return (
        Mutant(
            name="half-power-more",
            description=f"1/m^{2 * power + 1}/2",
            regime="m >= 2",
            rhs={"gradients": gradient_sum / m ** sp.Rational(2 * power + 1, 2)},
        ),
        Mutant(
            name="lost-two",
            description="the integrand without its factor 2",
            regime="τ > 0",
            rhs={"gradients": gradient_sum / (4 * m**power)},
        ),
        Mutant(name="no-width", description="the width is lost", regime="m >= 2", rhs={"gradients": gradient_sum}),
    )


def _step(claim_id: str, flow: str, power: int, note: str, *, source: Source) -> Claim:
    clock = "flow of A" if flow == "A" else "scaled flow"
    return Claim(
        id=claim_id,
        source=source,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting={"flow": flow},
        note=note,
        sentence=f"On the {clock}, (1/m)Σ‖âᵢ−aᵢ‖² is Σ‖∫2(Ê−E)[λ(s_θ−s)σᵢ]‖² over m^{power}.",
        relation=Identity(lhs=_GAP, rhs={"gradients": gradient_sum / m**power}),
        mutants=_mutants(power),
    )


_PRINTED = {
    "sample": K * tau**4 / (m * n),
    "width": K * tau**3 / m**2,
    "optimisation": K / tau,
    "features": K / m,
    "infinite width": K * loss_bar,
    "comparator": K * loss_star,
    "prior": K * kl_prior,
}


def _printed(**changes: sp.Expr) -> dict[str, sp.Expr]:
    return {**_PRINTED, **changes}


def _consistent(clock: sp.Expr) -> dict[str, sp.Expr]:
    """With ‖s‖_H² = τ and gaps Σ‖·‖²/m, both of the scaled flow, at the scaled flow's time ``clock``."""
    return {"sample": m**2 * clock**4 / n, "width": clock**3, "optimisation": 1 / clock, "features": 1 / m}


def _floor(claim_id: str, flow: str, clock: sp.Expr) -> Claim:
    whole = _consistent(clock)
    return Claim(
        id=claim_id,
        source=_REDONE,
        quantifier=_ANY,
        constants=_FLOOR,
        setting={"flow": flow},
        sentence=f"The printed steps, all on the {'flow of A' if flow == 'A' else 'scaled flow'}, give a bound that "
        "never falls below 1.75…, whatever n, m and τ.",
        relation=Inequality(lhs={"floor": C}, rhs=whole),
        note="Printed: gaps Σ‖·‖²/m² (true on neither flow), norms ‖s‖_H² = τ/m (Lemma 5, flow of A), loss 1/τ "
        "(Lemma 4, scaled flow); with deviations (m‖s‖_H²)²/n + ‖s‖_H² of the gradients these are τ⁴/(mn) + τ³/m² + "
        "1/τ. On one flow: gaps Σ‖·‖²/m, norms τ, loss 1/τ (scaled), or 1/m³, τ/m, m/τ (A): the same bound on two "
        "clocks. Its second and third term alone have a positive minimum: the argument proves nothing as n and m grow.",
        mutants=(
            Mutant(
                name="two",
                description="2 in place of 1.7547…",
                regime="τ near 0.76, n ≫ m²",
                constants={"C": sp.Integer(2)},
            ),
            Mutant(
                name="lost-cube",
                description="τ² in place of τ³",
                regime="τ near 0.7, n ≫ m²",
                rhs={**whole, "width": clock**2, "optimisation": 1 / (2 * clock)},
            ),
            Mutant(
                name="vanishing",
                description="the terms as printed",
                regime="n and m large",
                rhs={"sample": tau**4 / (m * n), "width": tau**3 / m**2, "optimisation": 1 / tau, "features": 1 / m},
            ),
        ),
    )


CLAIMS = (
    Claim(
        id="T1:decomposition",
        sentence="The loss of the empirical flow is at most twice its distance from the population flow plus twice the "
        "latter's loss.",
        source=Source(paper="LLZB", place="Theorem 1, proof", equation="15"),
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting={"flow": "scaled"},
        relation=Inequality(lhs={"loss": loss_hat}, rhs={"distance": 2 * score_error**2, "training": 2 * loss_tau}),
        note="Young's inequality; printed up to constants. The loss is a squared norm of s_θ − s, so the sum of the "
        "two roots, squared, is smaller, and is what T1:loss uses.",
        mutants=(
            Mutant(
                name="no-twos",
                description="both factors 2 are lost",
                regime="both parts of one size",
                rhs={"distance": score_error**2, "training": loss_tau},
            ),
            Mutant(
                name="no-distance",
                description="the distance is lost",
                regime="the flows differ",
                rhs={"training": 2 * loss_tau},
            ),
            Mutant(
                name="root",
                description="the distance unsquared",
                regime="distance > 1",
                rhs={"distance": 2 * score_error, "training": 2 * loss_tau},
            ),
        ),
    ),
    Claim(
        id="T1:cauchy-schwarz",
        sentence="Two scores differ by at most (1/m)Σ‖âᵢ−aᵢ‖² times E[λ‖h‖²].",
        source=_PROOF,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting={"flow": "scaled"},
        relation=Inequality(lhs={"distance": score_error**2}, rhs={"parameters": parameter_error**2 * trace_B}),
        note="True: ‖eB^½‖² <= ‖e‖² tr B; the largest eigenvalue of B would do in place of its trace.",
        mutants=(
            Mutant(
                name="half",
                description="half of the trace",
                regime="B of rank one",
                rhs={"parameters": parameter_error**2 * trace_B / 2},
            ),
            Mutant(
                name="unsquared",
                description="‖e‖ in place of ‖e‖²",
                regime="‖e‖ > 1",
                rhs={"parameters": parameter_error * trace_B},
            ),
            Mutant(
                name="trace-squared",
                description="(tr B)² in place of tr B",
                regime="tr B < 1",
                rhs={"parameters": parameter_error**2 * trace_B**2},
            ),
        ),
    ),
    _step("T1:step-A", "A", 2, "As printed; on this flow it is 1/m³.", source=_PROOF),
    _step("T1:step-scaled", "scaled", 2, "As printed; on this flow it is 1/m.", source=_PROOF),
    _step("T1:step-A-repaired", "A", 3, "âᵢ' = −(2/m)Ê[λ(s_θ̂−s)σᵢ].", source=_REDONE),
    _step("T1:step-scaled-repaired", "scaled", 1, "âᵢ' = −2Ê[λ(s_θ̂−s)σᵢ].", source=_REDONE),
    _floor("T1:consistent-scaled", "scaled", tau),
    _floor("T1:consistent-A", "A", _CLOCK),
    Claim(
        id="T1:printed",
        sentence="KL(p₀‖p_θ̂(τ)) is at most a multiple of τ⁴/(mn) + τ³/m² + 1/τ + 1/m + L̄(θ̄*) + L̃(θ*) + KL(p_T‖π).",
        source=_THEOREM,
        quantifier=UpToConstant(depends_on=("d", "T", "δ"), inner=_SAMPLE),
        hypotheses=(
            Hypothesis(name="compact", statement="p₀ has bounded support"),
            Hypothesis(name="late", statement="τ >= 1", lesser=sp.S.One, greater=tau),
        ),
        setting={"flow": "scaled", "labels": "dsm", "weight": "g²", "density": "SDE"},
        constants=_HIDDEN,
        relation=Inequality(lhs={"divergence": kl_learned}, rhs=_printed()),
        note="Refuted for the denoising loss [9] on n data: with n fixed, m = τ⁵ → ∞ the right side falls to its "
        "floor, which is 0 up to e^{−R²/2} for N(0, 1) cut off at ±R and scores −ax, while the left side tends to the "
        "divergence of what the data alone determine. It is measured at the samples ±z; it is continuous in the "
        "sample, so that it stays positive near them, and was positive at every other one tried. With the true scores "
        "as labels, as the proof has it, the flow tends to the population's minimiser instead.",
        mutants=(
            Mutant(
                name="faster-sample",
                description="τ⁴/(mn²)",
                regime="m and τ large",
                rhs=_printed(sample=K * tau**4 / (m * n**2)),
            ),
            Mutant(
                name="faster-loss", description="1/τ²", regime="m and τ large", rhs=_printed(optimisation=K / tau**2)
            ),
            Mutant(
                name="no-features",
                description="1/m is lost",
                regime="m and τ large",
                rhs={name: term for name, term in _PRINTED.items() if name != "features"},
            ),
        ),
    ),
)
