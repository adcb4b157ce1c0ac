"""Plans for uniform deviations: exact violation probabilities of finite laws, and proofs."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from theory.claims import REGISTRY
from theory.statement import Claim
from theory.symbols import (
    M,
    delta,
    n,
    one_sided_deviation,
    rademacher_abs,
    rademacher_expected,
    rademacher_one_sided,
    u,
    uniform_deviation,
    value_range,
)
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step
from verify.evidence.verdict import Verdict
from verify.models.sample_laws import COINS, LAWS, SHATTERED, all_levels, all_levels_cover, coin_cover, coin_levels


def _tail_steps(claim: Claim, measured: sp.Symbol, complexity: sp.Symbol, difference: sp.Expr) -> list[Step]:
    """exp(−2s²/(n c²)) = δ at s = right side − 2·complexity, c the bounded difference of one sample."""
    margin = sp.expand(claim.right() - 2 * complexity)
    return [
        Cited(
            theorem="bounded differences (McDiarmid 1989)",
            use="P(D >= E D + s) <= exp(−2s²/(nc²)), D moving by at most c when one sample changes",
        ),
        Equal(name="the left side is the deviation", left=claim.left(), right=measured),
        Equal(
            name="exp(−2s²/(nc²)) = δ at s = right side − 2·complexity",
            left=sp.exp(-2 * sp.expand(margin**2) / (n * difference**2)),
            right=delta,
        ),
        Equal(
            name="s is that root, not its negative",
            left=margin.subs(delta, sp.exp(-(u**2) / 2)),
            right=difference * sp.sqrt(n) * u / 2,
        ),
    ]


_SYMMETRISED = Cited(theorem="symmetrisation (Giné and Zinn 1984)", use="E sup|Ef − Êf| <= 2R_n with |·|")


def _expected_steps(claim: Claim) -> Sequence[Step]:
    return [_SYMMETRISED, *_tail_steps(claim, uniform_deviation, rademacher_expected, 2 * M / n)]


def _one_sided_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="symmetrisation (Giné and Zinn 1984)", use="E sup(Ef − Êf) <= 2R_n without |·|"),
        *_tail_steps(claim, one_sided_deviation, rademacher_one_sided, value_range / n),
    ]


def _empirical_sharp_steps(claim: Claim) -> Sequence[Step]:
    """D = deviation − 2R̂_n moves by 2M/n from the deviation and by 2 · M/n from R̂_n."""
    return [
        _SYMMETRISED,
        Cited(
            theorem="Jensen's inequality",
            use="R̂_n lies between A and A + M/n, A = (1/n)E sup|Σ_{i≠j} ξ_i f(x_i)|, "
            "so that x_j moves it by at most M/n",
        ),
        *_tail_steps(claim, uniform_deviation, rademacher_abs, 2 * M / n + 2 * M / n),
    ]


def _empirical_steps(claim: Claim) -> Sequence[Step]:
    sharp = REGISTRY["R6:sharp"]
    at = {delta: sp.exp(-(u**2) / 2)}
    own, other = (sp.expand(item.right() - 2 * rademacher_abs) for item in (claim, sharp))
    return [
        Cited(theorem="R6:sharp", use="the bound 2R̂_n + 2M√(2 log(1/δ)/n)"),
        Equal(name="the left side is that of R6:sharp", left=claim.left(), right=sharp.left()),
        Equal(
            name="the fluctuation's square exceeds that of R6:sharp by M²(5u² + 18 log 2)/n, δ = e^{−u²/2}",
            left=sp.expand(own**2).subs(at) - sp.expand(other**2).subs(at),
            right=M**2 * (5 * u**2 + 18 * sp.log(2)) / n,
        ),
        Sign(name="5u² + 18 log 2 >= 0", expr=5 * u**2 + 18 * sp.log(2)),
        Sign(name="the fluctuation is the nonnegative root", expr=own.subs(at)),
    ]


_EXACT = (
    Exhaustive(experiment=LAWS, elements=all_levels, covers=all_levels_cover),
    Exhaustive(experiment=COINS, elements=coin_levels, covers=coin_cover),
    Search(experiment=SHATTERED),
)

PLANS = (
    Plan(claim="R6:expected", expected=Verdict.PROVED, methods=(*_EXACT, Proof(steps=_expected_steps))),
    Plan(claim="R6:sharp", expected=Verdict.PROVED, methods=(*_EXACT, Proof(steps=_empirical_sharp_steps))),
    Plan(claim="R6:empirical", expected=Verdict.PROVED, methods=(*_EXACT, Proof(steps=_empirical_steps))),
    Plan(claim="R6:one-sided", expected=Verdict.PROVED, methods=(*_EXACT, Proof(steps=_one_sided_steps))),
)
