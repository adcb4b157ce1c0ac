"""Saturation: trained for ever at finite width, data cost their noise at the minimiser, D(0)/n, and no power of τ.

Θ* is the population's minimiser, Ĝ_* = Θ*B̂−b̂ the mean of the data's G_*(x₀) = Θ*B(x₀)−b(x₀), E G_* = 0, and D(0) =
E‖G_*(x₀)B^{−½}‖². B̂ ⪰ c₀B without a ridge: at finite width every B(x₀) vanishes where B does, so that some c₀ > 0 is.
"""

from __future__ import annotations

import sympy as sp

from theory.claims.capacity.path import SOURCE
from theory.claims.lemma_4 import QUADRATIC
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant, WithProbability
from theory.symbols import (
    delta,
    distance_minimiser,
    loss_fit,
    loss_hat,
    loss_minimum,
    n,
    noise_minimum,
    noise_radius,
    noise_square,
    noise_weak,
    share_0,
    stretch,
    tau,
)

_WITHIN = "B̂ and b̂ vanish where B does, as noise of full support makes them"
_KEPT = Hypothesis(name="lower-tail", statement=f"{_WITHIN}; B̂ ⪰ c₀B")
_MOSTLY = Hypothesis(name="lower-tail", statement=f"{_WITHIN}; B̂ ⪰ c₀B fails with probability δ/2 at most")
_RANGE = Hypothesis(
    name="range", statement="‖Cov(G_*(x₀)B^{−½})‖ <= w_*² and ‖G_*(x₀)B^{−½}‖ <= R_*, G_*(x₀) = Θ*B(x₀)−b(x₀)"
)
_DATA = Hypothesis(name="iid", statement="the data are i.i.d. from p₀, and the features do not depend on them")
_ALL = ForAll(
    over="PSD matrices B and B̂ with one null space, vectors b and b̂, initialisations and training times τ > 0"
)
_FLOW = {"flow": "scaled"}
_ROOT = {"root of the excess": sp.sqrt(loss_hat - loss_minimum)}
_END = sp.sqrt(loss_fit - loss_minimum)
_BIAS = distance_minimiser / sp.sqrt(4 * sp.E * tau * share_0)
_EVER = {"start": _BIAS, "noise": noise_minimum / share_0}
_CHANCE = sp.sqrt(2 * noise_square / (n * delta))
_SAMPLED = {"start": _BIAS, "noise": _CHANCE / share_0}
_LEVEL, _MEAN = sp.log(2 / delta), sp.sqrt(noise_square / n)


def _bounded(factor: int = 2) -> dict[str, sp.Expr]:
    """The start, and Bousquet's bound at δ/2 on the noise."""
    return {
        "start": _BIAS,
        "noise": _MEAN / share_0,
        "fluctuation": sp.sqrt(factor * _LEVEL * (noise_weak**2 + 2 * noise_radius * _MEAN) / n) / share_0,
        "range": noise_radius * _LEVEL / (3 * n * share_0),
    }


_SURELY = _bounded()


def _mutant(name: str, description: str, regime: str, terms: dict[str, sp.Expr], **changes: sp.Expr) -> Mutant:
    return Mutant(name=name, description=description, regime=regime, rhs={**terms, **changes})


CLAIMS = (
    Claim(
        id="CAP:saturation",
        sentence="However long the flow on data is trained, the root of its excess loss is at most what is left of its "
        "start, ‖Θ₀−Θ*‖/√(4eτc₀), plus the data's noise at the minimiser, ‖Ĝ_*B^{−½}‖/c₀.",
        source=SOURCE,
        quantifier=_ALL,
        hypotheses=(QUADRATIC, _KEPT),
        setting=_FLOW,
        relation=Inequality(lhs=_ROOT, rhs=_EVER),
        note="No ridge: ‖B^½φ_τ(B̂)B^½‖ <= sup(1−e^{−2τk})/c₀ <= 1/c₀ and ke^{−4τk} <= 1/(4eτ). The bound falls with "
        "τ, so nothing blows up. Equality for one feature: at 4τk̂ = 1 without noise, and for τ → ∞.",
        mutants=(
            _mutant(
                "root-of-kept", "c₀^{−½} in place of c₀^{−1}", "c₀ < 1", _EVER, noise=noise_minimum / sp.sqrt(share_0)
            ),
            _mutant(
                "no-kept-in-start",
                "c₀ is lost in what is left of the start",
                "c₀ < 1, 4τk̂ = 1",
                _EVER,
                start=_BIAS * sp.sqrt(share_0),
            ),
            _mutant("half-time", "8eτ in place of 4eτ", "4τk̂ = 1", _EVER, start=_BIAS / sp.sqrt(2)),
            _mutant("faster", "what is left of the start falls like 1/τ", "τ large", _EVER, start=_BIAS / sp.sqrt(tau)),
            _mutant(
                "forgotten-noise",
                "the noise falls with τ like what is left of the start",
                "τ large",
                _EVER,
                noise=noise_minimum / (share_0 * sp.sqrt(1 + tau)),
            ),
            Mutant(name="no-noise", description="the noise is lost", regime="τ large", rhs={"start": _BIAS}),
            Mutant(
                name="no-start",
                description="what is left of the start is lost",
                regime="Θ₀ far",
                rhs={"noise": noise_minimum / share_0},
            ),
        ),
    ),
    Claim(
        id="CAP:saturation-limit",
        sentence="At the end of training, τ → ∞, the root of the excess loss is at most the data's noise at the "
        "minimiser over what the data keep, ‖Ĝ_*B^{−½}‖/c₀.",
        source=SOURCE,
        quantifier=_ALL,
        hypotheses=(QUADRATIC, _KEPT),
        relation=Inequality(lhs={"root of the excess": _END}, rhs={"noise": noise_minimum / share_0}),
        note="(Θ̂(∞)−Θ*)B̂ = −Ĝ_*. Equality for one feature, or B̂ = c₀B.",
        mutants=(
            Mutant(
                name="root-of-kept",
                description="c₀^{−½} in place of c₀^{−1}",
                regime="c₀ < 1",
                rhs={"noise": noise_minimum / sp.sqrt(share_0)},
            ),
            Mutant(name="nothing-kept", description="c₀ is lost", regime="c₀ < 1", rhs={"noise": noise_minimum}),
            Mutant(
                name="half",
                description="half of the noise",
                regime="one feature",
                rhs={"noise": noise_minimum / (2 * share_0)},
            ),
        ),
    ),
    Claim(
        id="CAP:saturation-floor",
        sentence="At the end of training the root of the excess loss is at least the data's noise at the minimiser "
        "over ‖B^{−½}B̂B^{−½}‖: it saturates there, and no training undoes it.",
        source=SOURCE,
        quantifier=_ALL,
        hypotheses=(QUADRATIC, Hypothesis(name="within", statement=_WITHIN)),
        relation=Inequality(lhs={"noise": noise_minimum}, rhs={"stretched": stretch * _END}),
        note="With CAP:saturation-limit: n times the excess lies between n‖Ĝ_*B^{−½}‖² over ‖B^{−½}B̂B^{−½}‖² and over "
        "c₀², both of which tend to 1; its mean over the data is D(0), whatever n is.",
        mutants=(
            Mutant(
                name="root-of-stretch",
                description="√‖B^{−½}B̂B^{−½}‖ in place of ‖B^{−½}B̂B^{−½}‖",
                regime="B̂ above B",
                rhs={"stretched": sp.sqrt(stretch) * _END},
            ),
            Mutant(
                name="no-stretch", description="‖B^{−½}B̂B^{−½}‖ is lost", regime="B̂ above B", rhs={"stretched": _END}
            ),
            Mutant(
                name="excess-for-its-root",
                description="the excess in place of its root",
                regime="excess < 1",
                rhs={"stretched": stretch * _END**2},
            ),
        ),
    ),
    Claim(
        id="CAP:saturation-sample",
        sentence="With probability 1−δ, for every training time, the root of the excess loss is at most "
        "‖Θ₀−Θ*‖/√(4eτc₀) + √(2D(0)/(nδ))/c₀.",
        source=SOURCE,
        quantifier=WithProbability(at_least=1 - delta, over="the n data"),
        hypotheses=(QUADRATIC, _DATA, _MOSTLY),
        setting=_FLOW,
        relation=Inequality(lhs=_ROOT, rhs=_SAMPLED),
        note="E‖Ĝ_*B^{−½}‖² = D(0)/n exactly, and Chebyshev at δ/2: a bound of order 1/n, uniform in τ. c₀ is ω(0) "
        "surely, and near 1 for large n by the other lower tails on the range of B. CAP:saturation-bounded has "
        "log(1/δ) for 1/δ where G_* is bounded.",
        mutants=(
            _mutant("faster-rate", "1/n in place of 1/√n", "n large", _SAMPLED, noise=_CHANCE / (sp.sqrt(n) * share_0)),
            _mutant(
                "log-tail",
                "log(1/δ) in place of 1/δ",
                "rare large values, δ small",
                _SAMPLED,
                noise=sp.sqrt(2 * noise_square * sp.log(1 / delta) / n) / share_0,
            ),
            _mutant(
                "forgotten-noise",
                "the noise falls with τ like what is left of the start",
                "τ large",
                _SAMPLED,
                noise=_CHANCE / (share_0 * sp.sqrt(1 + tau)),
            ),
            Mutant(name="no-noise", description="the noise is lost", regime="τ large", rhs={"start": _BIAS}),
            Mutant(
                name="no-start",
                description="what is left of the start is lost",
                regime="Θ₀ far",
                rhs={"noise": _CHANCE / share_0},
            ),
        ),
    ),
    Claim(
        id="CAP:saturation-bounded",
        sentence="Where a datum's noise at the minimiser is bounded by R_*, δ is under a logarithm: the noise is at "
        "most √(D(0)/n) + √(2x(w_*²+2R_*√(D(0)/n))/n) + R_*x/(3n), x = log(2/δ), over c₀.",
        source=SOURCE,
        quantifier=WithProbability(at_least=1 - delta, over="the n data"),
        hypotheses=(QUADRATIC, _DATA, _MOSTLY, _RANGE),
        setting=_FLOW,
        relation=Inequality(lhs=_ROOT, rhs=_SURELY),
        note="CAP:saturation-sample with Bousquet's inequality in place of Chebyshev's: for n → ∞ the noise is "
        "√(D(0)/n) + w_*√(2x/n), where w_*² is the largest variance of one direction and D(0) that of all together.",
        mutants=(
            _mutant("half-variance", "x in place of 2x", "coins, δ small", _bounded(1)),
            _mutant("no-range", "R_*x/(3n) is lost", "rare large values, δ small", _SURELY, range=sp.S.Zero),
            _mutant(
                "faster-rate",
                "1/n in place of 1/√n in the fluctuation",
                "n large",
                _SURELY,
                fluctuation=_SURELY["fluctuation"] / sp.sqrt(n),
            ),
            Mutant(name="no-noise", description="the noise is lost", regime="τ large", rhs={"start": _BIAS}),
            _mutant("no-start", "what is left of the start is lost", "Θ₀ far", _SURELY, start=sp.S.Zero),
        ),
    ),
)
