"""Plans for the Rademacher chain, networks: all signs of all small classes, corners in one dimension, and proofs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import lcm

from flint import arb

from theory.statement import Claim
from theory.symbols import (
    C,
    ball_radius,
    breakpoint_max,
    feature_energy,
    n,
    neuron_sum,
    rademacher_abs_neuron,
    rademacher_frozen,
    rademacher_network,
    rademacher_neuron,
)
from verify.evidence.confrontation import Experiment
from verify.evidence.domain import Array, Domain, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.verdict import Verdict
from verify.models.sign_sums import LARGE, Values, as_table, instance, sign_sums, sum_sides, table_experiment, tables


def _network_values(_claim: Claim, at: Instance) -> Values:
    """The neurons and 0 against networks (a₁σ₁ + a₂σ₂)/2 of width 2 with |a_i| = ρ, the extreme ones of rational a."""
    neurons = (*as_table(at["values"]), (0,) * at["points"])
    networks = tuple(
        {
            tuple(s * a + r * b for a, b in zip(f, g, strict=True))
            for f in neurons
            for g in neurons
            for s, r in product((1, -1), repeat=2)
        }
    )
    radius, single = at["radius"], sign_sums(neurons)
    return {
        rademacher_neuron: single[0],
        rademacher_abs_neuron: single[1],
        ball_radius: radius,
        rademacher_network: Fraction(radius, 2) * sign_sums(networks)[0],
    }


NETWORKS = table_experiment(
    "networks",
    (rademacher_neuron, rademacher_abs_neuron, rademacher_network),
    _network_values,
    fields={"radius": Integer(low=1, high=4)},
)


def _networks(size: int) -> Iterable[Instance]:
    for points, most in ((1, 2), (2, 3), (3, 2 if size < LARGE else 4)):
        yield from (instance(table, radius=1) for table in tables(points, most, (1, 0)))
    yield from (instance(table, radius=radius) for radius in (2, 3) for table in tables(2, 2, (1, 0)))


_ALL_NETWORKS = Exhaustive(
    experiment=NETWORKS,
    elements=_networks,
    covers=lambda size: (
        "all classes of neurons with values in {0, 1}: three neurons on two points, "
        f"{2 if size < LARGE else 4} on three; networks of width 2, |a_i| = ρ"
    ),
)


def _frozen_values(_claim: Claim, at: Instance) -> Values:
    """``values`` holds one row for each feature; E‖Σ ξ_j h_j‖ by all signs."""
    rows, radius = as_table(at["values"]), at["radius"]
    patterns = list(product((1, -1), repeat=at["points"]))
    squares = [sum(sum(s * a for s, a in zip(signs, row, strict=True)) ** 2 for row in rows) for signs in patterns]
    mean = sum((arb(square).sqrt() for square in squares), start=arb(0)) / len(patterns)
    return {
        rademacher_frozen: radius * mean,
        feature_energy: sum(a * a for row in rows for a in row),
        ball_radius: radius,
        n: at["points"],
    }


_RADIUS = {"radius": Integer(low=1, high=4)}
FROZEN = table_experiment("frozen", (rademacher_frozen,), _frozen_values, fields=_RADIUS)
FROZEN_SQUARED = table_experiment("frozen-squared", (rademacher_frozen,), _frozen_values, power=2, fields=_RADIUS)


def _features(size: int) -> Iterable[Instance]:
    for points in range(1, 6 if size < LARGE else 8):
        yield from (instance((row,), radius=1) for row in combinations_with_replacement((3, 2, 1, 0), points))
    yield from (instance(((1, 0),), radius=radius) for radius in (2, 3, 4))


def _features_cover(size: int) -> str:
    return f"one feature with values in {{0, 1, 2, 3}} on n <= {5 if size < LARGE else 7} points"


def neuron_value(xs: Sequence[int], signs: Sequence[int], w: Fraction | int, b: Fraction | int) -> Fraction | int:
    """Σ_j ξ_j σ(w x_j + b), ξ_j = 2 signs_j − 1, in integers or fractions."""
    return sum((2 * s - 1) * max(w * x + b, 0) for s, x in zip(signs, xs, strict=True))


def corners(xs: Sequence[int], peak: int, which: str) -> list[tuple[Fraction, Fraction]]:
    """The corners (w, b) of |w| + |b|/E <= 1, E = ``peak``, with 0: all, or those of one kind only."""
    zero, one = Fraction(0), Fraction(1)
    vertices = [(s * one, zero) for s in (1, -1)] + [(zero, s * peak * one) for s in (1, -1)]
    breaks = [(Fraction(s * peak, peak + abs(x)), -Fraction(s * peak * x, peak + abs(x))) for x in xs for s in (1, -1)]
    kinds = {
        "all": vertices + breaks,
        "vertices": vertices,
        "breakpoints": breaks,
        "right": [corner for corner in vertices + breaks if corner[0] >= 0],
    }
    return [(zero, zero), *kinds[which]]


def _neuron_values(claim: Claim, at: Instance) -> Values:
    """Both sides in such a unit that all corners lie on the grid: the relation is homogeneous."""
    xs, signs, peak = at["xs"], at["signs"], at["peak"]
    unit = lcm(4, *(peak + abs(x) for x in xs))
    grid = ((s * k, r * peak * (unit - k)) for k in range(unit + 1) for s, r in product((1, -1), repeat=2))
    return {
        neuron_sum: max(0, *(neuron_value(xs, signs, w, b) for w, b in grid)),
        breakpoint_max: unit
        * max(neuron_value(xs, signs, w, b) for w, b in corners(xs, peak, claim.setting["corners"])),
    }


NEURONS = Experiment(
    name="neurons",
    sides=sum_sides((), _neuron_values, power=0),
    domain=Domain(
        fields={
            "n": Integer(low=1, high=8),
            "xs": Array(shape=("n",), element=Integer(low=-9, high=9)),
            "signs": Array(shape=("n",), element=Integer(low=0, high=1)),
            "peak": Integer(low=1, high=4),
        }
    ),
    measures="the largest value on a fine grid of neurons over the largest one over the corners, exactly",
)


def _neurons(size: int) -> Iterable[Instance]:
    for count, points in ((1, range(-3, 4)), (2, range(-3, 4)), (3, (-1, 0, 2) if size < LARGE else range(-3, 4))):
        for xs in combinations_with_replacement(points, count):
            for signs in product((1, 0), repeat=count):
                yield from ({"n": count, "xs": list(xs), "signs": list(signs), "peak": peak} for peak in (1, 2))


_ALL_NEURONS = Exhaustive(
    experiment=NEURONS,
    elements=_neurons,
    covers=lambda size: (
        "integer points in [−3, 3], n = 1, 2, "
        f"{'in {−1, 0, 2}' if size < LARGE else 'in [−3, 3]'}, n = 3, all signs, ‖e‖∞ = 1, 2, a grid with every corner"
    ),
)


PLANS = (
    Plan(
        claim="R4:printed",
        expected=Verdict.PROVED,
        methods=(_ALL_NETWORKS, Sharpness(experiment=NETWORKS, instance=instance(((1,),), radius=1), constant=str(C))),
    ),
    Plan(claim="R4:sharp", expected=Verdict.PROVED, methods=(_ALL_NETWORKS,)),
    Plan(
        claim="R4:frozen",
        expected=Verdict.PROVED,
        methods=(Exhaustive(experiment=FROZEN, elements=_features, covers=_features_cover), Search(experiment=FROZEN)),
    ),
    Plan(
        claim="R4:khintchine",
        expected=Verdict.PROVED,
        methods=(
            Exhaustive(experiment=FROZEN_SQUARED, elements=_features, covers=_features_cover),
            Search(experiment=FROZEN_SQUARED),
            Sharpness(experiment=FROZEN_SQUARED, instance=instance(((1, 1),), radius=1), constant=str(C)),
        ),
    ),
    Plan(claim="R4:breakpoints", expected=Verdict.PROVED, methods=(_ALL_NEURONS,)),
)
