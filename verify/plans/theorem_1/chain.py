"""Plans for the chain of Theorem 1: each link in exact arithmetic, by proof, and on trained models."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from theory import flow
from theory.claims import REGISTRY
from theory.statement import Claim
from theory.symbols import (
    deviation_B,
    deviation_G,
    distance_tau,
    kappa,
    loss_comparator,
    loss_hat,
    loss_minimum,
    loss_tau,
    parameter_error,
    residual,
    score_error,
    score_error_hat,
    tau,
    u,
    y,
    y0,
)
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Certain, Cited, Equal, Proof, Sign, Step, TaylorSign
from verify.evidence.verdict import Verdict
from verify.models.perturbed_flows import FORCED, PEAK, PERTURBED, forced
from verify.models.spectral_flows import SPECTRAL, gap
from verify.models.theorem_1_chains import Chain

_EXCESS = sp.Symbol("excess", nonnegative=True)
_CONTRACTION = Cited(theorem="functional calculus", use="0 <= e^{−2uB̂} <= I because B̂ ⪰ 0")
_DUHAMEL = Cited(
    theorem="variation of constants", use="e(τ) = −2∫₀^τ ξ(s) e^{−2(τ−s)B̂} ds, since e' = −2eB̂ − 2ξ, e(0) = 0"
)


def above(expr: sp.Expr) -> sp.Expr:
    """The expression with the comparator's loss as the least loss plus a nonnegative excess."""
    return expr.subs(loss_comparator, loss_minimum + _EXCESS)


def _norm_steps(claim: Claim) -> Sequence[Step]:
    """L5:comparator-sharp's argument with the excess: per mode tanh u <= u."""
    decay, time = sp.exp(-2 * kappa * tau), kappa * tau
    square = (1 - decay**2) * (y0 - y / (1 + decay)) ** 2
    return [
        SPECTRAL,
        Equal(name="the left side is ‖Θ(τ)−Θ‖²", left=claim.left(), right=distance_tau**2),
        Equal(
            name="gap of one mode = (1−E²)(y0 − y/(1+E))² + y²(u − (1−E)/(1+E)), E = e^{−2u}, u = κτ",
            left=gap(claim),
            right=square + y**2 * (time - (1 - decay) / (1 + decay)),
        ),
        TaylorSign(name="1 − E² >= 0", expr=1 - sp.exp(-4 * u), variable=u),
        Equal(
            name="(1−E)/(1+E) = tanh u",
            left=((1 - sp.exp(-2 * u)) / (1 + sp.exp(-2 * u))).rewrite(sp.exp),
            right=sp.tanh(u).rewrite(sp.exp),
        ),
        TaylorSign(name="u − tanh u >= 0 for u >= 0", expr=u - sp.tanh(u), variable=u),
    ]


def _residual_steps(claim: Claim) -> Sequence[Step]:
    theta, other, change, shift = sp.symbols("theta theta_c dB db", real=True)
    return [
        Equal(name="the left side is sup‖ξ‖", left=claim.left(), right=residual),
        Equal(
            name="ξ = (Θ(s)−Θ)(B̂−B) + [Θ(B̂−B) − (b̂−b)]",
            left=theta * change - shift,
            right=(theta - other) * change + (other * change - shift),
        ),
        Cited(theorem="triangle inequality and operator norm", use="‖ξ(s)‖ <= ‖B̂−B‖ ‖Θ(s)−Θ‖ + deviation at Θ"),
        Cited(theorem="T1:norm", use="‖Θ(s)−Θ‖² <= ‖Θ₀−Θ‖² + s(L̃(Θ) − min L̃)"),
        Equal(
            name="the right side is ‖B̂−B‖ times the root of T1:norm's bound at τ, plus the deviation at Θ",
            left=claim.right(),
            right=deviation_B * sp.sqrt(REGISTRY["T1:norm"].right()) + deviation_G,
        ),
        Sign(name="T1:norm's bound does not fall with time", expr=sp.diff(above(REGISTRY["T1:norm"].right()), tau)),
    ]


def _parameter_steps(claim: Claim) -> Sequence[Step]:
    s = sp.Symbol("s", nonnegative=True)
    return [
        _DUHAMEL,
        _CONTRACTION,
        Equal(name="the left side is ‖e(τ)‖", left=claim.left(), right=parameter_error),
        Equal(
            name="2∫₀^τ sup‖ξ‖ ds is the right side", left=sp.integrate(2 * residual, (s, 0, tau)), right=claim.right()
        ),
    ]


def _empirical_steps(claim: Claim) -> Sequence[Step]:
    """|⟨e(τ)B̂^½, y⟩| <= 2 sup‖ξ‖ ∫ (Σ y_κ² κ e^{−4κs})^½ ds for unit y; Cauchy–Schwarz against e^{−2u⋆s/τ}."""
    star = sp.Symbol("u_star", positive=True)
    s, z = sp.Symbol("s", nonnegative=True), sp.Symbol("z", real=True)
    weight = sp.integrate(sp.exp(-2 * star * s / tau), (s, 0, tau))
    # h(z) = a(1−e^{−z})/z with a = (z + 2u⋆)/4 = κτ: the weighted integral of one mode
    profile = (z + 2 * star) * (1 - sp.exp(-z)) / (4 * z)
    sign = z**2 + 2 * star * z - 2 * star * (sp.exp(z) - 1)
    peak = profile.subs(z, 2 * star)
    return [
        _DUHAMEL,
        _CONTRACTION,
        Cited(
            theorem="spectral theorem",
            use="‖e(τ)B̂^½‖ = sup over unit y of ⟨e(τ)B̂^½, y⟩, and ‖e^{−2sB̂}B̂^½y‖² is "
            "the mean of κe^{−4κs} over the weights y_κ²",
        ),
        Cited(theorem="Cauchy–Schwarz", use="(∫√g ds)² <= ∫w ds · ∫g/w ds with w(s) = e^{−2u⋆s/τ}"),
        Equal(name="the left side is ‖e(τ)B̂^½‖²", left=claim.left(), right=score_error_hat**2),
        Equal(name="∫₀^τ w ds = τ(1 − e^{−2u⋆})/(2u⋆)", left=weight, right=tau * (1 - sp.exp(-2 * star)) / (2 * star)),
        Equal(
            name="∫₀^τ κe^{−4κs}/w ds = h(z), z = 4κτ − 2u⋆: its derivative in τ's multiple",
            left=sp.diff(kappa * tau * (1 - sp.exp(-z * s / tau)) / z, s).subs(z, 4 * kappa * tau - 2 * star),
            right=kappa * sp.exp(-4 * kappa * s) * sp.exp(2 * star * s / tau),
        ),
        Equal(
            name="h'(z) = e^{−z} q(z)/(4z²), q(z) = z² + 2u⋆z − 2u⋆(e^z − 1)",
            left=sp.diff(profile, z),
            right=sp.exp(-z) * sign / (4 * z**2),
        ),
        Equal(name="q(0) = 0", left=sign.subs(z, 0), right=sp.S.Zero),
        Equal(name="q'(0) = 0", left=sp.diff(sign, z).subs(z, 0), right=sp.S.Zero),
        Sign(
            name="−q''' = 2u⋆e^z > 0: q'' falls, so that q, beyond z = 0, rises and then falls through one zero",
            expr=-sp.diff(sign, z, 3),
            strict=True,
        ),
        Certain(
            name="q''(0) = 2 − 2u⋆ > 0: q >= 0 below 0, and rises from it",
            left=flow.GROWTH_MAXIMISER,
            right=sp.Rational(99, 100),
        ),
        Equal(
            name="that zero is z = 2u⋆, because e^{2u⋆} = 1 + 4u⋆ (L5:sharp): h is largest there",
            left=sign.subs(z, 2 * star).subs(sp.exp(2 * star), 1 + 4 * star),
            right=sp.S.Zero,
        ),
        Equal(
            name="4 · (1 − e^{−2u⋆})/(2u⋆) · h(2u⋆) = (1 − e^{−2u⋆})²/u⋆, L5's κ⋆",
            left=4 * (1 - sp.exp(-2 * star)) / (2 * star) * peak,
            right=flow.growth_profile(star),
        ),
        Equal(
            name="κ⋆ is that number at Lemma 5's u⋆", left=claim.right(), right=flow.GROWTH_CONSTANT * tau * residual**2
        ),
    ]


def _score_steps(claim: Claim) -> Sequence[Step]:
    one, two = REGISTRY["T1:score-error-empirical"], REGISTRY["T1:parameter-error"]
    return [
        Cited(theorem="operator norm", use="‖eB^½‖² = ‖eB̂^½‖² − tr(e(B̂−B)eᵀ) <= ‖eB̂^½‖² + ‖B̂−B‖ ‖e‖²"),
        Equal(name="the left side is ‖eB^½‖²", left=claim.left(), right=score_error**2),
        Equal(
            name="the right side is T1:score-error-empirical's bound plus ‖B̂−B‖ times T1:parameter-error's squared",
            left=claim.right(),
            right=one.right() + deviation_B * two.right() ** 2,
        ),
    ]


def _loss_steps(claim: Claim) -> Sequence[Step]:
    bound = REGISTRY["T1:score-error"].right().subs(residual, REGISTRY["T1:residual"].right())
    right, cross = claim.right(), claim.resolved().rhs.get("cross", sp.S.Zero)
    optimised = loss_comparator - loss_minimum + REGISTRY["L4:sharp"].right()
    return [
        Cited(theorem="Minkowski's inequality", use="√(L̃(Θ̂) − min L̃) = ‖(Θ̂−Θ*)B^½‖ <= √(L̃(Θ(τ)) − min L̃) + ‖eB^½‖"),
        Cited(theorem="L4:sharp", use="L̃(Θ(τ)) <= L̃(Θ) + ‖Θ₀−Θ‖²/(4τ)"),
        Cited(theorem="T1:score-error, T1:residual", use="the second root, with sup‖ξ‖ at its bound"),
        Equal(
            name="L4:sharp bounds L̃(Θ(τ)) − L̃(Θ)", left=REGISTRY["L4:sharp"].left(), right=loss_tau - loss_comparator
        ),
        Equal(name="the left side is L̃(Θ̂(τ))", left=claim.left(), right=loss_hat),
        Equal(
            name="the right side but its cross term is min L̃ + a + b, a and b the squares of the two roots",
            left=right - cross,
            right=loss_minimum + optimised + bound,
        ),
        Equal(name="the cross term's square is 4ab", left=cross**2, right=4 * optimised * bound),
        Sign(name="the cross term is >= 0", expr=above(cross)),
    ]


PLANS = (
    Plan(claim="T1:norm", expected=Verdict.PROVED, methods=(Search(experiment=PERTURBED), Proof(steps=_norm_steps))),
    Plan(
        claim="T1:residual",
        expected=Verdict.PROVED,
        methods=(Search(experiment=PERTURBED), Proof(steps=_residual_steps)),
    ),
    Plan(
        claim="T1:parameter-error",
        expected=Verdict.PROVED,
        methods=(Search(experiment=FORCED), Proof(steps=_parameter_steps)),
    ),
    Plan(
        claim="T1:score-error-empirical",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=FORCED),
            Sharpness(experiment=FORCED, instance=forced(tau=PEAK), constant="kappa_star"),
            Proof(steps=_empirical_steps),
        ),
    ),
    Plan(
        claim="T1:score-error", expected=Verdict.PROVED, methods=(Search(experiment=FORCED), Proof(steps=_score_steps))
    ),
    Plan(
        claim="T1:loss",
        expected=Verdict.PROVED,
        methods=(Search(experiment=PERTURBED), Chain(), Proof(steps=_loss_steps)),
    ),
)
