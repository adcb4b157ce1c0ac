"""Plan for the infinite-width comparator: coin features along the residual, every level and its exact probability."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import sympy as sp
from flint import arb

from theory.claims import REGISTRY
from theory.statement import Claim
from theory.symbols import M, delta, loss_bar, loss_comparator, loss_minimum, m, mc_error
from verify.evidence.confrontation import Evaluator, Experiment, Sides, exact_values, value_of
from verify.evidence.domain import Domain, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step
from verify.evidence.verdict import Verdict
from verify.models.finite_laws import ball, coin_tail
from verify.models.theorem_1_chains import Chain
from verify.models.theorem_1_models import SPECIAL


def _sides(claim: Claim) -> Evaluator:
    """Features ±1 along s̄ − s: the loss is (√L̄ + k/m)² with probability P(S_m >= k), of both signs for L̄ = 0.

    A violation at δ = that probability is one for every δ slightly below it.
    """
    bound = claim.right()

    def evaluate(instance: Instance) -> Sides:
        count, level, floor = instance["m"], instance["k"], instance["loss_bar"]
        tail = ball(coin_tail(count, level)) / (2 if floor and level else 1)
        root = arb(floor).sqrt() + arb(level) / count
        values = exact_values({m: count, M: 1, loss_bar: floor}) | {delta: tail, loss_comparator: root * root}
        return value_of(claim.left(), values), value_of(bound, values)

    return evaluate


def _levels(size: int) -> Iterable[Instance]:
    return (
        {"m": count, "k": level, "loss_bar": floor}
        for floor in (0, 100)
        for count in range(1, size // 2 + 1)
        for level in range(count % 2, count + 1, 2)
    )


_COINS = Experiment(
    name="coin-features",
    domain=Domain(
        fields={"m": Integer(low=1, high=10**4), "k": Integer(low=0, high=10**4), "loss_bar": Integer(low=0, high=100)},
        require=lambda i: i["k"] <= i["m"] and (i["m"] - i["k"]) % 2 == 0,
    ),
    sides=_sides,
    measures="loss of a sampled comparator over its bound at δ = P(loss at least that)",
)


def _steps(claim: Claim) -> Sequence[Step]:
    root, resolved = REGISTRY["L6:repaired"].right(), claim.resolved().rhs
    cross = resolved.get("cross", sp.S.Zero)
    return [
        Cited(theorem="Minkowski's inequality", use="√L̃(Θ) <= √L̄ + √Err_MC in L²(λ p_t dt/T)"),
        Cited(theorem="L6:repaired", use="√Err_MC <= (M/√m)(1 + √(2 log(1/δ))) with probability 1 − δ"),
        Equal(name="L6:repaired bounds √Err_MC", left=REGISTRY["L6:repaired"].left(), right=sp.sqrt(mc_error)),
        Equal(name="the left side is L̃(Θ)", left=claim.left(), right=loss_comparator),
        Equal(
            name="the right side but its cross term is L̄ + (L6:repaired)²",
            left=claim.right() - cross,
            right=loss_bar + root**2,
        ),
        Equal(name="the cross term is 2√L̄ times L6:repaired", left=cross, right=2 * sp.sqrt(loss_bar) * root),
        Sign(name="√L̄ >= 0", expr=sp.sqrt(loss_bar)),
    ]


def _sampled_steps(claim: Claim) -> Sequence[Step]:
    simple, width = REGISTRY["T1:simple"], REGISTRY["T1:width"]
    bound = simple.right().subs(delta, 2 * delta / 3)
    rising = simple.relation.rhs.total().subs(loss_comparator, loss_minimum + _EXCESS)
    positive = {sym: sp.Symbol(f"p_{sym}", positive=True) for sym in rising.free_symbols}
    positive[delta] = 2 * sp.exp(-sp.Symbol("log_2_over_delta", positive=True))  # δ <= 1
    return [
        Cited(theorem="union bound", use="T1:simple holds with probability 1 − 2δ/3, T1:width with 1 − δ/3"),
        Cited(theorem="T1:simple", use="for a comparator that does not depend on the data"),
        Cited(theorem="T1:width", use="L̃(Θ) at its bound"),
        Equal(name="the left side is that of T1:simple", left=claim.left(), right=simple.left()),
        Equal(
            name="the right side is T1:simple's at T1:width's bound on L̃(Θ), with 0 for min L̃",
            left=claim.right(),
            right=bound.subs(loss_minimum, 0).subs(loss_comparator, width.right().subs(delta, delta / 3)),
        ),
        Sign(
            name="T1:simple's bound does not fall as L̃(Θ) − min L̃ rises", expr=sp.diff(rising, _EXCESS).subs(positive)
        ),
        Sign(name="nor as min L̃ rises at a fixed excess", expr=sp.diff(rising, loss_minimum).subs(positive)),
    ]


_EXCESS = sp.Symbol("excess", nonnegative=True)

PLANS = (
    Plan(
        claim="T1:sampled",
        expected=Verdict.PROVED,
        methods=(
            Chain(divergence=True, special=(SPECIAL[0], replace(SPECIAL[0], comparator=1e3))),
            Proof(steps=_sampled_steps),
        ),
    ),
    Plan(
        claim="T1:width",
        expected=Verdict.PROVED,
        methods=(
            Exhaustive(
                experiment=_COINS,
                elements=_levels,
                covers=lambda size: f"coin features, L̄ in {{0, 100}}, all m <= {size // 2}, every δ",
            ),
            Proof(steps=_steps),
        ),
    ),
)
