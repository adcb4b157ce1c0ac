"""IT12, a bound of a diffusion model by its training data: the repair of CZS, Theorem 6.2."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, ForAll, Hypothesis, Identity, Inequality, InExpectation, Mutant, Source
from theory.symbols import (
    T,
    denoising_gap,
    denoising_hat,
    early,
    explicit_hat,
    information_hat,
    kl_early,
    kl_prior,
    kl_start,
    loss_range,
    mean_explicit,
    mean_explicit_population,
    mean_prior,
    n,
    prior_hat,
    rate_hat,
    sample_divergence,
    weight_information,
)

_SOURCE = Source(paper="scoregap", place="repair of CZS, Theorem 6.2")
_EARLY = Hypothesis(name="early", statement="ε < T", lesser=early, greater=T, strict=True)
_DATA = Hypothesis(name="iid", statement="the data X₁, …, Xₙ are i.i.d. from P")
_MOMENT = Hypothesis(name="second-moment", statement="E‖x(0)‖² is finite")
_GIRSANOV = Hypothesis(
    name="girsanov",
    statement="the reverse SDE of the learned score, from π at T to ε, has a law to which Girsanov's theorem applies",
)
_RANGE = Hypothesis(
    name="range", statement="ℓ_θ(x), what belongs to the datum x in L_DSM, has for every θ a range of at most b"
)
_TERMS = {"prior": mean_prior, "explicit_loss": mean_explicit}


def _bound(generalization: sp.Expr) -> dict[str, sp.Expr]:
    return _TERMS | {"generalization": generalization}


_GENERALIZATION = loss_range * sp.sqrt(weight_information / 2)
_EXACT = {
    "prior of the law": kl_prior,
    "loss on the law": mean_explicit_population,
    "gap": -denoising_gap,
    "sampling": sample_divergence,
}

CLAIMS = (
    Claim(
        id="IT12:repaired",
        sentence="E KL(P_ε‖Q_θ) is at most E KL(p̂_T‖π) + E L̂_ESM(θ) + b√(Ī/2), Ī the mean over i of I(θ; X_i).",
        source=_SOURCE,
        quantifier=InExpectation(range=None, over="the n data"),
        hypotheses=(_EARLY, _DATA, _MOMENT, _GIRSANOV, _RANGE),
        relation=Inequality(lhs={"divergence": kl_early}, rhs=_bound(_GENERALIZATION)),
        note="For every T and ε > 0; b/2 is R of a loss between two bounds, and by Jensen the last term is at least "
        "(1/n)Σ√(2R² I(θ; X_i)). The first two terms can be had from the data: they are "
        "(1/n)ΣKL(E_T(x_i)‖π) + L̂_DSM − Î_ε (IT12:split). The three steps are Girsanov from ε on, the mutual "
        "information of single data for the denoising loss (the explicit one is no mean over data), and "
        "E Î_ε <= I(X; X_ε). Nothing is asked of T, of a bounded score or of a sub-Gaussian constant along the "
        "process.",
        mutants=(
            Mutant(
                name="no-information",
                description="the information term is lost",
                regime="a score that memorises",
                rhs=_TERMS,
            ),
            Mutant(
                name="square",
                description="Ī/n in place of Ī: the root is taken of I(θ; S)/n²",
                regime="three data, the majority's score",
                rhs=_bound(loss_range * sp.sqrt(weight_information / (2 * n))),
            ),
            Mutant(
                name="half-range",
                description="b/2 in place of b: R is taken for the range",
                regime="the majority's score",
                rhs=_bound(_GENERALIZATION / 2),
            ),
            Mutant(
                name="no-prior",
                description="KL(p̂_T‖π) is lost",
                regime="T small",
                rhs={"explicit_loss": mean_explicit, "generalization": _GENERALIZATION},
            ),
            Mutant(
                name="data-only-early",
                description="ε on the side of the data only: the law is compared at ε/10⁴",
                regime="data without a density",
                lhs={"divergence": kl_start},
            ),
        ),
    ),
    Claim(
        id="IT12:exact",
        sentence="E KL(p̂_T‖π) + E L̂_ESM is KL(p_T‖π) + E L_ESM − E(L_DSM − L̂_DSM) + E KL(p̂_ε‖p_ε).",
        source=_SOURCE,
        quantifier=ForAll(over="laws P, numbers of data, learned scores, and times 0 < ε < T"),
        hypotheses=(_EARLY, _DATA, _MOMENT),
        relation=Identity(lhs=_TERMS, rhs=_EXACT),
        note="So the two terms that the data give may lie below the divergence by nearly the whole generalization gap: "
        "for points ±1, n = 2, a score of the data blurred by N(0, 0.4²), ε = 0.05 and T = 1 they are 0.19423, the "
        "divergence is 1.61497 and the gap 1.80923.",
        mutants=(
            Mutant(
                name="no-sampling",
                description="E KL(p̂_ε‖p_ε) is lost",
                regime="n small",
                rhs={name: term for name, term in _EXACT.items() if name != "sampling"},
            ),
            Mutant(
                name="gap-added",
                description="the gap with the other sign",
                regime="a score that memorises",
                rhs=_EXACT | {"gap": denoising_gap},
            ),
            Mutant(
                name="no-gap",
                description="the gap is lost: E L̂_ESM taken for E L_ESM",
                regime="a score that memorises",
                rhs={name: term for name, term in _EXACT.items() if name != "gap"},
            ),
        ),
    ),
    Claim(
        id="IT12:split",
        sentence="KL(p̂_T‖π) + L̂_ESM is (1/n)ΣKL(E_T(x_i)‖π) + L̂_DSM − Î_ε.",
        source=_SOURCE,
        quantifier=ForAll(over="data sets, scores, and times 0 < ε < T"),
        hypotheses=(_EARLY, _DATA, _MOMENT),
        relation=Identity(
            lhs={"prior": prior_hat, "explicit_loss": explicit_hat},
            rhs={"rate": rate_hat, "denoising_loss": denoising_hat, "information": -information_hat},
        ),
        note="The rate, the denoising loss and the information are no terms beside the prior and the explicit loss: "
        "they overlap. Î_T, which CZS subtracts from the rate, is a part of the difference of the two losses.",
        mutants=(
            Mutant(
                name="no-information",
                description="Î_ε is lost: the denoising loss taken for the explicit one",
                regime="two different data",
                rhs={"rate": rate_hat, "denoising_loss": denoising_hat},
            ),
            Mutant(
                name="explicit",
                description="the information subtracted from rate and explicit loss",
                regime="two different data",
                rhs={"rate": rate_hat, "denoising_loss": explicit_hat, "information": -information_hat},
            ),
            Mutant(
                name="added",
                description="the information added",
                regime="two different data",
                rhs={"rate": rate_hat, "denoising_loss": denoising_hat, "information": information_hat},
            ),
        ),
    ),
)

FAMILY = Family(key="IT12", subject="a diffusion model's bound by its data, repaired", claims=CLAIMS)
