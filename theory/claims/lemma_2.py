"""Lemma 2 of LLZB: the divergence of the generated law is bounded by the score-matching loss [14]."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Identity, Inequality, Mutant, Source, UpToConstant
from theory.symbols import (
    C,
    K,
    T,
    integrable,
    kl_ode,
    kl_prior,
    kl_score,
    kl_sde,
    loss_likelihood,
    path_mismatch,
    slope_left,
    slope_right,
)

_LEMMA = Source(paper="LLZB", place="Lemma 2", equation="14")
_REPAIR = Source(paper="scoregap", place="repair of LLZB, Lemma 2", equation="14")
_ALL = ForAll(over="linear SDEs, horizons T, initial laws p₀ and scores s_θ")
_REGULAR = Hypothesis(
    name="regular",
    statement="p_t and the laws q_t of the reverse SDE are smooth and positive, KL(p₀‖π) is finite, and the fluxes in "
    "the derivative of KL(p_t‖q_t) vanish at infinity",
)
_GIRSANOV = Hypothesis(
    name="girsanov", statement="the reverse SDE of the score has a law to which Girsanov's theorem applies"
)
_SHIFT = Hypothesis(name="shift-family", statement="Ornstein–Uhlenbeck, p₀ = N(0, 1) and s_θ(x, t) = −x + c(t)")
_DIVERGENCE = {"divergence": kl_sde}
_HALF = {"C": Constant(symbol=C, value=sp.Rational(1, 2), meaning="½ of Girsanov's theorem; it cannot be smaller")}
_HIDDEN = {"K": Constant(symbol=K, value=sp.S.One, hidden=True, meaning="the constant that ≲ would hide")}


def _sum(loss: sp.Expr, prior: sp.Expr = kl_prior) -> dict[str, sp.Expr]:
    return {"score matching": loss, "prior": prior}


_HORIZON = C * T * loss_likelihood
_DECAY = 1 - sp.exp(-2 * T)
_RIGHT = sp.Heaviside(-slope_right, 0)
_LEFT = sp.Heaviside(-slope_left, 0)

CLAIMS = (
    Claim(
        id="L2:gap",
        sentence="The bound (T/2) L̃ + KL(p_T‖π) exceeds the divergence by the mismatch ½∫g²E‖s_θ − ∇log q_t‖² dt.",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(_REGULAR,),
        relation=Identity(lhs={**_DIVERGENCE, "mismatch": path_mismatch}, rhs=_sum(T * loss_likelihood / 2)),
        note="q_t are the laws of the reverse SDE of s_θ. The mismatch vanishes where s_θ is the score of a diffused "
        "law that starts the reverse SDE: for s_θ = −x under Ornstein–Uhlenbeck this is de Bruijn's identity.",
        mutants=(
            Mutant(
                name="average",
                description="the average L̃ in place of ½∫ = (T/2) L̃",
                regime="T ≠ 2",
                rhs=_sum(loss_likelihood),
            ),
            Mutant(name="no-half", description="∫ in place of ½∫", regime="L̃ > 0", rhs=_sum(T * loss_likelihood)),
            Mutant(
                name="half-mismatch",
                description="half of the mismatch",
                regime="mismatch > 0",
                lhs={**_DIVERGENCE, "mismatch": path_mismatch / 2},
            ),
            Mutant(
                name="no-mismatch",
                description="the mismatch is lost: the bound as an equality",
                regime="mismatch > 0",
                lhs=_DIVERGENCE,
            ),
        ),
    ),
    Claim(
        id="L2:repaired",
        sentence="KL(p₀‖SDE-density) is at most (T/2) L̃(θ; g²) + KL(p_T‖π).",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(_GIRSANOV,),
        relation=Inequality(lhs=_DIVERGENCE, rhs=_sum(_HORIZON)),
        constants=_HALF,
        note="No density of p₀ is asked for, as L2:gap does: bounded data will do. "
        "Attained for every T and every p₀: under Ornstein–Uhlenbeck s_θ = −x keeps π, and both sides are "
        "KL(p₀‖π).",
        mutants=(
            Mutant(
                name="average",
                description="the average L̃ in place of (T/2) L̃, as printed",
                regime="T > 2",
                rhs=_sum(loss_likelihood),
            ),
            Mutant(
                name="constant-below",
                description="C = 0.4999 in place of ½",
                regime="s_θ = −x",
                constants={"C": sp.Rational(4999, 10000)},
            ),
            Mutant(
                name="root-horizon",
                description="½√T in place of ½T",
                regime="T > 1",
                rhs=_sum(C * sp.sqrt(T) * loss_likelihood),
            ),
            Mutant(
                name="no-prior", description="KL(p_T‖π) is lost", regime="p_T ≠ π", rhs={"score matching": _HORIZON}
            ),
            Mutant(name="half-prior", description="½ KL(p_T‖π)", regime="p_T ≠ π", rhs=_sum(_HORIZON, kl_prior / 2)),
        ),
    ),
    Claim(
        id="L2:printed",
        sentence="KL(p₀‖SDE-density) is at most L̃(θ; g²) + KL(p_T‖π), with L̃ an average over t ~ U(0, T).",
        source=_LEMMA,
        quantifier=_ALL,
        hypotheses=(_REGULAR,),
        relation=Inequality(lhs=_DIVERGENCE, rhs=_sum(loss_likelihood)),
        note="False for every T > 2 and true up to T = 2: p₀ = N(1, 1) and s_θ = −x under Ornstein–Uhlenbeck give "
        "KL = ½, L̃ = (1 − e^{−2T})/T, KL(p_T‖π) = ½e^{−2T}. For p₀ = N(0, 1), s_θ = −x + c e^{−t} the ratio is "
        "T(1 − e^{−2T})/2, above 1 from T = 2.03476….",
        mutants=(
            Mutant(name="half-average", description="½L̃", regime="T > 1", rhs=_sum(loss_likelihood / 2)),
            Mutant(
                name="no-prior",
                description="KL(p_T‖π) is lost",
                regime="p_T ≠ π",
                rhs={"score matching": loss_likelihood},
            ),
            Mutant(name="squared-horizon", description="½T² L̃", regime="T < 1", rhs=_sum(T**2 * loss_likelihood / 2)),
        ),
    ),
    Claim(
        id="L2:printed-short",
        sentence="For T <= 2 the divergence is at most L̃(θ; g²) + KL(p_T‖π), as printed.",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(_GIRSANOV, Hypothesis(name="short", statement="T <= 2", lesser=T, greater=sp.Integer(2))),
        relation=Inequality(lhs=_DIVERGENCE, rhs=_sum(C * loss_likelihood)),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="attained at T = 2")},
        note="T/2 <= 1. The horizon cannot be longer: at T = 2 the bound is attained (s_θ = −x), beyond it fails.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 0.999 in place of 1",
                regime="T near 2",
                constants={"C": sp.Rational(999, 1000)},
            ),
            Mutant(name="half", description="½L̃", regime="T > 1", rhs=_sum(loss_likelihood / 2)),
            Mutant(
                name="no-prior",
                description="KL(p_T‖π) is lost",
                regime="p_T ≠ π",
                rhs={"score matching": C * loss_likelihood},
            ),
        ),
    ),
    Claim(
        id="L2:up-to-constant",
        sentence="KL(p₀‖SDE-density) is at most a multiple of L̃(θ; g²) + KL(p_T‖π), whatever T.",
        source=_LEMMA,
        quantifier=UpToConstant(inner=_ALL),
        hypotheses=(_REGULAR,),
        relation=Inequality(lhs=_DIVERGENCE, rhs={"bound": K * (loss_likelihood + kl_prior)}),
        constants=_HIDDEN,
        note="The factor T/2 is not a matter of constants: the smallest constant is max(1, T/2).",
        mutants=(
            Mutant(
                name="root-horizon",
                description="√T for the lost factor T/2",
                regime="T large",
                rhs={"bound": K * (sp.sqrt(T) * loss_likelihood + kl_prior)},
            ),
            Mutant(
                name="prior-scaled",
                description="the factor T on the prior term",
                regime="T large",
                rhs={"bound": K * (loss_likelihood + T * kl_prior)},
            ),
            Mutant(
                name="no-prior",
                description="KL(p_T‖π) is lost",
                regime="T large, p₀ = π",
                rhs={"bound": K * loss_likelihood},
            ),
        ),
    ),
    Claim(
        id="L2:shift",
        sentence="For shifts of the score the divergence is at most (T/2)(1 − e^{−2T}) L̃, and a shift c e^{−t} attains "
        "it.",
        source=_REPAIR,
        quantifier=ForAll(over="shifts c(t) and horizons T"),
        hypotheses=(_SHIFT,),
        relation=Inequality(lhs=_DIVERGENCE, rhs={"bound": C * T * _DECAY * loss_likelihood}),
        constants={"C": Constant(symbol=C, value=sp.Rational(1, 2), meaning="attained by c(t) = e^{−t}")},
        note="The reverse drift −x forgets what the score does wrong early in the reverse time.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 0.4999 in place of ½",
                regime="c(t) near e^{−t}",
                constants={"C": sp.Rational(4999, 10000)},
            ),
            Mutant(
                name="slow-decay",
                description="1 − e^{−T} in place of 1 − e^{−2T}",
                regime="T small",
                rhs={"bound": C * T * (1 - sp.exp(-T)) * loss_likelihood},
            ),
            Mutant(
                name="squared",
                description="(1 − e^{−2T})²",
                regime="T small",
                rhs={"bound": C * T * _DECAY**2 * loss_likelihood},
            ),
            Mutant(
                name="no-horizon",
                description="the factor T is lost",
                regime="T > 1",
                rhs={"bound": C * _DECAY * loss_likelihood},
            ),
        ),
    ),
    Claim(
        id="L2:score-density",
        sentence="The divergence from the score-density is at most a multiple, dependent on T, of L̃(θ; g²) + "
        "KL(p_T‖π).",
        source=Source(paper="LLZB", place="Lemma 2 with definition [11]", equation="11, 14"),
        quantifier=UpToConstant(depends_on=("T",), inner=_ALL),
        relation=Inequality(lhs={"divergence": kl_score}, rhs={"bound": K * (loss_likelihood + kl_prior)}),
        constants=_HIDDEN,
        note="No constant works: an error of the score for t < ε only changes ∇log p = s_θ(·, 0) fully and the loss by "
        "O(ε): s_θ = −x + c(1 − t/ε)₊ has KL = c²/2, L̃ = 2c²ε/(3T), KL(p_T‖π) = 0.",
        mutants=(
            Mutant(
                name="horizon",
                description="another power of T",
                regime="ε → 0",
                rhs={"bound": K * T**2 * (loss_likelihood + kl_prior)},
            ),
            Mutant(
                name="root-loss",
                description="√L̃ in place of L̃",
                regime="ε → 0",
                rhs={"bound": K * (sp.sqrt(loss_likelihood) + kl_prior)},
            ),
            Mutant(
                name="no-prior", description="KL(p_T‖π) is lost", regime="ε → 0", rhs={"bound": K * loss_likelihood}
            ),
        ),
    ),
    Claim(
        id="L2:normalisable",
        sentence="Every score of the class has a score-density: exp(∫s_θ(·, 0)) is integrable.",
        source=Source(paper="LLZB", place="definition of p_{0,θ}", equation="11"),
        quantifier=ForAll(over="scores of two ReLU features x and −x"),
        relation=Identity(lhs={"integrable": integrable}, rhs={"always": sp.S.One}),
        note="One feature with a positive weight is enough to refute it; the divergence is then undefined, no number.",
        mutants=(
            Mutant(name="never", description="no score has one", regime="s_θ = −x", rhs={"never": sp.S.Zero}),
            Mutant(
                name="right-tail",
                description="the right tail alone decides",
                regime="a₊ < 0 <= a₋",
                rhs={"right": _RIGHT},
            ),
            Mutant(
                name="either-tail",
                description="one integrable tail is enough",
                regime="a₊ < 0 <= a₋",
                rhs={"either": _RIGHT + _LEFT - _RIGHT * _LEFT},
            ),
        ),
    ),
    Claim(
        id="L2:tails",
        sentence="The score a₊x (x > 0), a₋x (x < 0) has a score-density exactly where both slopes are negative.",
        source=Source(paper="scoregap", place="repair of LLZB, definition [11]", equation="11"),
        quantifier=ForAll(over="slopes a₊ and a₋"),
        relation=Identity(lhs={"integrable": integrable}, rhs={"both tails": _RIGHT * _LEFT}),
        mutants=(
            Mutant(
                name="right-tail",
                description="the right tail alone decides",
                regime="a₊ < 0 <= a₋",
                rhs={"right": _RIGHT},
            ),
            Mutant(
                name="either-tail",
                description="one integrable tail is enough",
                regime="a₊ < 0 <= a₋",
                rhs={"either": _RIGHT + _LEFT - _RIGHT * _LEFT},
            ),
            Mutant(
                name="flat-tail",
                description="a slope 0 counts as integrable",
                regime="a₊ = 0 > a₋",
                rhs={"both tails": sp.Heaviside(-slope_right, 1) * _LEFT},
            ),
            Mutant(
                name="sum",
                description="the slopes' sum decides",
                regime="a₊ < 0 < a₋ < −a₊",
                rhs={"sum": sp.Heaviside(-slope_right - slope_left, 0)},
            ),
        ),
    ),
    Claim(
        id="L2:ode-density",
        sentence="The divergence from the ODE-density is at most a multiple, dependent on T, of L̃(θ; g²) + KL(p_T‖π).",
        source=Source(paper="LLZB", place="Lemma 2 with the probability flow", equation="4, 14"),
        quantifier=UpToConstant(depends_on=("T",), inner=_ALL),
        relation=Inequality(lhs={"divergence": kl_ode}, rhs={"bound": K * (loss_likelihood + kl_prior)}),
        constants=_HIDDEN,
        note="No constant works: p₀ = N(0, 1) and s_θ = −(1 + k)x under Ornstein–Uhlenbeck give KL = ½(e^{2kT} − 1 − "
        "2kT) and L̃ = 2k². Without noise a wrong slope is never corrected.",
        mutants=(
            Mutant(
                name="exponential-horizon",
                description="a factor e^{2T}",
                regime="k large",
                rhs={"bound": K * sp.exp(2 * T) * (loss_likelihood + kl_prior)},
            ),
            Mutant(
                name="squared",
                description="the square of the bound",
                regime="k large",
                rhs={"bound": K * (loss_likelihood + kl_prior) ** 2},
            ),
            Mutant(
                name="no-prior", description="KL(p_T‖π) is lost", regime="k large", rhs={"bound": K * loss_likelihood}
            ),
        ),
    ),
    Claim(
        id="L2:ode-shift",
        sentence="For shifts of the score the divergence from the ODE-density is at most (T²/4) L̃, and a constant "
        "shift attains it.",
        source=_REPAIR,
        quantifier=ForAll(over="shifts c(t) and horizons T"),
        hypotheses=(_SHIFT,),
        relation=Inequality(lhs={"divergence": kl_ode}, rhs={"bound": C * T**2 * loss_likelihood}),
        constants={"C": Constant(symbol=C, value=sp.Rational(1, 4), meaning="attained by constant c")},
        note="Half the score in the flow, but no contraction: worse than the SDE-density's T/2 from T = 2 on.",
        mutants=(
            Mutant(
                name="sde",
                description="(T/2) L̃, the bound of the SDE-density",
                regime="T > 2",
                rhs={"bound": T * loss_likelihood / 2},
            ),
            Mutant(
                name="constant-below",
                description="C = 0.2499 in place of ¼",
                regime="c constant",
                constants={"C": sp.Rational(2499, 10000)},
            ),
            Mutant(
                name="contracted",
                description="the SDE-density's factor 1 − e^{−2T}",
                regime="T small",
                rhs={"bound": C * T**2 * _DECAY * loss_likelihood},
            ),
        ),
    ),
)

FAMILY = Family(key="L2", subject="Lemma 2: divergence and score-matching loss", claims=CLAIMS)
