"""Plan for the infinite-width comparator: coin features along the residual, every level and its exact probability."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flint import arb

from theory.statement import Claim
from theory.symbols import M, delta, loss_bar, loss_comparator, m
from verify.evidence.confrontation import Evaluator, Experiment, Sides, exact_values, value_of
from verify.evidence.domain import Domain, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
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


PLANS = (
    Plan(
        claim="T1:sampled",
        expected=Verdict.PROVED,
        methods=(Chain(divergence=True, special=(SPECIAL[0], replace(SPECIAL[0], comparator=1e3))),),
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
        ),
    ),
)
