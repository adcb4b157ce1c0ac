"""What the plans of the figures share: replicas are trained until a sequential test of a statement decides.

The replicas of a seed are the same ones for every claim and mutant that measures the same run, so they are trained
once in a process. The quick budget takes small runs (fewer points or epochs), the deep one the paper's as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import numpy as np
import sympy as sp
from flint import arb, ctx

from numerics.backends.backend import Backend
from numerics.backends.choice import in_use
from theory.claims import REGISTRY
from theory.evaluation import compiled
from theory.statement import Claim, WithProbability
from verify.balls.enclosures import enclose
from verify.evidence.budget import BUDGETS, Budget, Context
from verify.evidence.confrontation import Evaluator, Experiment
from verify.evidence.domain import Domain, Instance, Integer
from verify.evidence.plan import Plan
from verify.evidence.statistical import ViolationTest
from verify.evidence.verdict import Verdict
from verify.models.image_pairs import small
from verify.models.two_mode_runs import RATES, Run

_REPLICAS = {"quick": 200, "standard": 1000, "deep": 5000}
"""How many replicas a test may train before it is left undecided."""
_CURVE = 100  # epochs between checkpoints
_TOGETHER = 16  # replicas that are trained at once: a test takes some tens
_WIDEST = 100_000
_MOST_VISITS = 5e8
"""Visits of a datum that a replay may take: about two minutes on one core, at the 4e6 a second that were measured."""


def small_first(*instances: Instance) -> Callable[[Budget], list[Instance]]:
    """The first instance for the quick budget, two for the standard one, all for the deep one."""
    count = {"quick": 1, "standard": 2, "deep": len(instances)}
    return lambda budget: [{**at, "replicas": _REPLICAS[budget.name]} for at in instances[: count[budget.name]]]


def curve(*pairs: tuple[int, int, int]) -> Callable[[Budget], list[Instance]]:
    """Points, an earlier and a later epoch of each instance, in the order of `small_first`."""
    return small_first(*({"points": n, "earlier": early, "later": late} for n, early, late in pairs))


EPOCHS = small_first(*({"points": 1000, "epoch": epoch} for epoch in (100, 1000, 1900)))


Found = Mapping[str, tuple[float, ...]]


@lru_cache(maxsize=1 << 16)
def _group(run: Run, seed: int, first: int, where: Backend) -> tuple[Found, ...]:
    """What `Run.measure_all` finds, a run that had diverged with an infinite divergence and no mass in a mode.

    One replica, or `_TOGETHER` where the backend trains them in one program.
    """
    count = _TOGETHER if where.numbered else 1
    return tuple(
        {
            "kl": tuple(math.inf if math.isnan(value) else value for value in found["kl"]),
            "mass": tuple(0.0 if math.isnan(value) else value for value in found["mass"]),
        }
        for found in run.measure_all(seed, range(first, first + count))
    )


def _measured(run: Run, seed: int, replica: int) -> Found:
    """What is found on one replica."""
    where = in_use()
    first = replica - replica % _TOGETHER if where.numbered else replica
    return _group(run, seed, first, where)[replica - first]


@lru_cache(maxsize=1 << 12)
def _pairs(seed: int, replica: int, where: Backend) -> dict[str, float]:
    """Bits/dim of both pairs of clusters on the backend in use, infinite where a network had diverged."""
    del where
    return {name: math.inf if math.isnan(bits) else bits for name, bits in small(seed, replica).items()}


def values(setting: Mapping[str, str], at: Instance, seed: int, replica: int) -> dict[str, float]:
    """The symbols of a figure's claim on one replica, by name."""
    if "images" in setting:
        return _pairs(seed, replica, in_use())
    optimizer = setting["optimizer"]

    def measured(distance: str, checkpoints: tuple[int, ...], width: int = 16) -> Found:
        run = Run(
            optimizer=optimizer,
            learning_rate=RATES[optimizer],
            mode=float(distance) / 2,
            width=width,
            checkpoints=checkpoints,
            points=at["points"],
        )
        return _measured(run, seed, replica)

    if "later" in at:
        checkpoints = tuple(range(at["earlier"] % _CURVE, at["later"] + 1, _CURVE))
        kl = measured(setting["distance"], checkpoints)["kl"][checkpoints.index(at["earlier"]) :]
        return {"kl_earlier": kl[0], "kl_later": kl[-1], "kl_least": min(kl), "kl_most": max(kl)}
    epochs = (at["epoch"],)
    if "wide" in at:
        return {f"kl_{name}": measured(setting["distance"], epochs, at[name])["kl"][0] for name in ("narrow", "wide")}
    if "distance" in setting:
        return {"mass_smaller": measured(setting["distance"], epochs)["mass"][0]}
    return {name: measured(distance, epochs)["kl"][0] for name, distance in (("kl_near", "6"), ("kl_far", "30"))}


def violated(claim: Claim) -> Callable[[Mapping[str, float]], bool]:
    """Whether a replica's values violate the relation; an infinite divergence is larger than every other."""
    arguments = claim.symbols
    sides = [compiled(side, arguments) for side in (claim.left(), claim.right())]

    def on(found: Mapping[str, float]) -> bool:
        left, right = (float(side(*(found[str(name)] for name in arguments))) for side in sides)
        return left > right

    return on


def level(claim: Claim) -> sp.Expr:
    """The probability with which a claim of the figures must hold."""
    if not isinstance(claim.quantifier, WithProbability):
        raise TypeError(f"claim must hold with a probability; got {claim.id}: {claim.quantifier}")
    return claim.quantifier.at_least


def _sample(claim: Claim, at: Instance, seed: np.random.SeedSequence, _kind: str) -> Iterator[tuple[int, int]]:
    """One replica after the other, those of the audit's root seed."""
    if not isinstance(seed.entropy, int):
        raise TypeError(f"seed must have an integer for its entropy; got {seed.entropy!r}")
    wrong = violated(claim)
    for replica in range(at["replicas"]):
        yield int(wrong(values(claim.setting, at, seed.entropy, replica))), 1


def _sides(claim: Claim) -> Evaluator:
    """The share of violations among an instance's replicas, and the probability that is allowed."""
    wrong = violated(claim)

    def evaluate(at: Instance) -> tuple[arb, arb]:
        count = sum(wrong(values(claim.setting, at, at["seed"], replica)) for replica in range(at["replicas"]))
        return arb(count) / at["replicas"], enclose(1 - level(claim), {}, precision=ctx.prec)

    return evaluate


def _replicas(at: Instance, trials: int, context: Context) -> Instance:
    """The instance from which the replicas of a test can be trained again."""
    return {**at, "replicas": trials, "seed": context.seed}


def _visits(claim: Claim, at: Instance) -> float:
    """What the replicas of an instance cost, in visits of a datum by a narrow network."""
    if "images" in claim.setting:
        return 2e6 * at["replicas"]
    epochs = at.get("later", at.get("epoch"))
    width = at.get("narrow", 0) + at.get("wide", 0)
    each = at["points"] * epochs * (1 + width / 1000) + 1000 * epochs / _CURVE + 1000
    return (1 if "distance" in claim.setting else 2) * each * at["replicas"]


def too_much(claim: Claim, at: Instance) -> str:
    """Why the replicas of an instance, which may come from anywhere, are not trained again; empty where they are."""
    visits = _visits(claim, at)
    if visits <= _MOST_VISITS:
        return ""
    again = f"scoregap audit {claim.id.partition('~')[0]} --seed {at['seed']}"
    return f"trains for {visits:.1e} visits of a datum, and at most {_MOST_VISITS:.0e} are replayed; use {again}"


def _sensible(at: Instance) -> bool:
    """Whether the epochs of an instance can be checkpoints of one run, of networks that fit into memory."""
    if "later" in at and (at["later"] < at["earlier"] or (at["later"] - at["earlier"]) % _CURVE):
        return False
    return max(at.get("narrow", 0), at.get("wide", 0)) <= _WIDEST


def replica_plan(
    claim_id: str, instances: Callable[[Budget], list[Instance]], *, expected: Verdict = Verdict.SUPPORTED
) -> Plan:
    """The plan of one statement: its test on the instances of the budget."""
    allowed = float(1 - level(REGISTRY[claim_id]))
    fields = {name: Integer(low=1, high=10**7) for name in instances(BUDGETS["quick"])[0]}
    experiment = Experiment(
        name="replicas",
        domain=Domain(fields={**fields, "seed": Integer(low=0, high=2**128 - 1)}, require=_sensible),
        sides=_sides,
        too_much=too_much,
        measures="share of violations over its bound",
    )
    test = ViolationTest(
        instances=instances, sample=_sample, bound=lambda _at: allowed, experiment=experiment, replayed=_replicas
    )
    return Plan(claim=claim_id, expected=expected, methods=(test,))
