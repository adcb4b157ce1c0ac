"""Plan for the infinite-width comparator: coin features along the residual, every level and its exact probability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp
from flint import arb

from theory.claims.lemma_6 import CLAIMS as LEMMA_6
from theory.statement import Claim
from theory.symbols import M, delta, loss_bar, loss_comparator, m, mc_error
from verify.domain import Domain, Instance, Integer
from verify.experiment import Evaluator, Experiment, Sides, exact_values, value_of
from verify.methods.exhaustive import Exhaustive
from verify.methods.symbolic import Cited, Equal, Proof, Sign, Step
from verify.plan import Plan
from verify.plans.finite_laws import ball, coin_tail
from verify.verdict import Verdict

_BY_ID = {claim.id: claim for claim in LEMMA_6}


def _sides(claim: Claim) -> Evaluator:
    """Features ±1 along s̄ − s: the loss is (√L̄ + k/m)² with probability P(S_m >= k), of both signs for L̄ = 0.

    A violation at δ = that probability is one for every δ slightly below it.
    """
    bound = claim.right()

    def evaluate(instance: Mapping[str, Any]) -> Sides:
        count, level, floor = instance["m"], instance["k"], instance["loss_bar"]
        tail = ball(coin_tail(count, level)) / (2 if floor and level else 1)
        root = arb(floor).sqrt() + arb(level) / count
        values = exact_values({m: count, M: 1, loss_bar: floor}) | {delta: tail, loss_comparator: root * root}
        return value_of(claim.left(), values), value_of(bound, values)

    return evaluate


def _levels(size: int) -> Iterable[Instance]:
    return ({"m": count, "k": level, "loss_bar": floor} for floor in (0, 100) for count in range(1, size // 2 + 1)
            for level in range(count % 2, count + 1, 2))


_COINS = Experiment(
    name="coin-features",
    domain=Domain(fields={"m": Integer(low=1, high=10**4), "k": Integer(low=0, high=10**4),
                          "loss_bar": Integer(low=0, high=100)},
                  require=lambda i: i["k"] <= i["m"] and (i["m"] - i["k"]) % 2 == 0),
    sides=_sides, measures="loss of a sampled comparator over its bound at δ = P(loss at least that)")


def _steps(claim: Claim) -> Sequence[Step]:
    root, resolved = _BY_ID["L6:repaired"].right(), claim.resolved().rhs
    cross = resolved.get("cross", sp.S.Zero)
    return [
        Cited(theorem="Minkowski's inequality", use="√L̃(Θ) <= √L̄ + √Err_MC in L²(λ p_t dt/T)"),
        Cited(theorem="L6:repaired", use="√Err_MC <= (M/√m)(1 + √(2 log(1/δ))) with probability 1 − δ"),
        Equal(name="L6:repaired bounds √Err_MC", left=_BY_ID["L6:repaired"].left(), right=sp.sqrt(mc_error)),
        Equal(name="the left side is L̃(Θ)", left=claim.left(), right=loss_comparator),
        Equal(name="the right side but its cross term is L̄ + (L6:repaired)²", left=claim.right() - cross,
              right=loss_bar + root**2),
        Equal(name="the cross term is 2√L̄ times L6:repaired", left=cross, right=2 * sp.sqrt(loss_bar) * root),
        Sign(name="√L̄ >= 0", expr=sp.sqrt(loss_bar)),
    ]


PLANS = (
    Plan(claim="T1:width", expected=Verdict.PROVED, methods=(
        Exhaustive(experiment=_COINS, elements=_levels,
                   covers=lambda size: f"coin features, L̄ in {{0, 100}}, all m <= {size // 2}, every δ"),
        Proof(steps=_steps))),
)
