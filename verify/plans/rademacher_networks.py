"""Plans for the Rademacher chain, networks: all signs of all small classes, corners in one dimension, and proofs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import lcm

import sympy as sp
from flint import arb

from theory.claims import REGISTRY
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
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step
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


def _sharp_network_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="Cauchy–Schwarz", use="(1/m)Σ|a_i| <= ((1/m)Σ a_i²)^{1/2} <= ρ"),
        Cited(theorem="convexity", use="|Σ_j ξ_j f(x_j)| <= (1/m)Σ|a_i| · sup over neurons of |Σ_j ξ_j σ(x_j)|"),
        Equal(name="the left side is the networks' complexity", left=claim.left(), right=rademacher_network),
        Equal(name="the right side is ρ R̂|·|(σ)", left=claim.right(), right=ball_radius * rademacher_abs_neuron),
    ]


def _printed_network_steps(claim: Claim) -> Sequence[Step]:
    above, below = sp.Dummy("P", nonnegative=True), sp.Dummy("Q", nonnegative=True)
    sharp = REGISTRY["R4:sharp"]
    return [
        Cited(theorem="R4:sharp", use="at most ρ R̂|·|(σ)"),
        Cited(theorem="contains-zero", use="P = sup Σξσ and Q = sup(−Σξσ) are >= 0, and sup|Σξσ| = max(P, Q)"),
        Sign(name="P + Q − max(P, Q) = min(P, Q) >= 0", expr=sp.Min(above, below)),
        Cited(theorem="symmetry of the signs", use="E P = E Q = n R̂(σ), so R̂|·|(σ) <= 2R̂(σ)"),
        Equal(name="the left side is that of R4:sharp", left=claim.left(), right=sharp.left()),
        Equal(
            name="the right side is that of R4:sharp at R̂|·|(σ) = 2R̂(σ)",
            left=claim.right(),
            right=sharp.right().subs(rademacher_abs_neuron, 2 * rademacher_neuron),
        ),
    ]


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


def _frozen_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="duality", use="the supremum over ‖θ‖₂ <= ρ is (ρ/n)‖Σ ξ_j h_j‖"),
        Cited(theorem="Jensen's inequality", use="(E‖Σ ξ_j h_j‖)² <= E‖Σ ξ_j h_j‖²"),
        Cited(theorem="independence", use="E‖Σ ξ_j h_j‖² = Σ‖h_j‖²: cross terms vanish"),
        Equal(name="the left side is the complexity", left=claim.left(), right=rademacher_frozen),
        Equal(
            name="(right side)² = (ρ/n)² Σ‖h_j‖²", left=claim.right() ** 2, right=ball_radius**2 / n**2 * feature_energy
        ),
        Sign(name="the right side is the nonnegative root", expr=claim.right()),
    ]


def _khintchine_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(
            theorem="Khintchine–Kahane inequality (Latała and Oleszkiewicz 1994)",
            use="(E‖Σ ξ_j h_j‖)² >= E‖Σ ξ_j h_j‖²/2 = Σ‖h_j‖²/2",
        ),
        Equal(name="the right side is 2R̂²", left=claim.right(), right=2 * rademacher_frozen**2),
        Equal(name="the left side is (ρ/n)² Σ‖h_j‖²", left=claim.left(), right=(ball_radius / n) ** 2 * feature_energy),
    ]


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


def _neuron_steps(claim: Claim) -> Sequence[Step]:
    """On a cone between two corners the sum is linear: a convex combination of its ends, times a scale in [0, 1]."""
    top = sp.Dummy("top", real=True)
    share, scale, loss, gain = (sp.Dummy(name, nonnegative=True) for name in ("share", "scale", "loss", "loss'"))
    value = scale * (share * (top - loss) + (1 - share) * (top - gain))
    known = corners((1, 2, 5), 1, claim.setting["corners"])
    return [
        Cited(theorem="shared embedding", use="u·e takes the values b with |b| <= ‖e‖∞ ‖u‖₁, so |w| + |b|/‖e‖∞ <= 1"),
        Cited(
            theorem="piecewise linearity",
            use="between neighbouring rays w x_j + b = 0 and vertices, Σ ξ_j σ is "
            "linear and the boundary is a segment: (w, b) = scale·(share·corner + (1 − share)·corner')",
        ),
        Equal(name="the left side is the signed sum", left=claim.left(), right=neuron_sum),
        Equal(name="the right side is the largest value over the corners", left=claim.right(), right=breakpoint_max),
        Equal(
            name="top − value = (1 − scale)·top + scale(share·loss + (1 − share)·loss'), loss = top − corner",
            left=top - value,
            right=(1 - scale) * top + scale * (share * loss + (1 - share) * gain),
        ),
        Equal(
            name="the corners are 2 breakpoints for each point, 4 vertices and 0: here for three points",
            left=sp.Integer(len(set(known))),
            right=sp.Integer(2 * 3 + 4 + 1),
        ),
        Cited(theorem="0 is a corner", use="so top >= 0, and with share, scale in [0, 1] every summand is >= 0"),
    ]


PLANS = (
    Plan(
        claim="R4:printed",
        expected=Verdict.PROVED,
        methods=(
            _ALL_NETWORKS,
            Sharpness(experiment=NETWORKS, instance=instance(((1,),), radius=1), constant=str(C)),
            Proof(steps=_printed_network_steps),
        ),
    ),
    Plan(claim="R4:sharp", expected=Verdict.PROVED, methods=(_ALL_NETWORKS, Proof(steps=_sharp_network_steps))),
    Plan(
        claim="R4:frozen",
        expected=Verdict.PROVED,
        methods=(
            Exhaustive(experiment=FROZEN, elements=_features, covers=_features_cover),
            Search(experiment=FROZEN),
            Proof(steps=_frozen_steps),
        ),
    ),
    Plan(
        claim="R4:khintchine",
        expected=Verdict.PROVED,
        methods=(
            Exhaustive(experiment=FROZEN_SQUARED, elements=_features, covers=_features_cover),
            Search(experiment=FROZEN_SQUARED),
            Sharpness(experiment=FROZEN_SQUARED, instance=instance(((1, 1),), radius=1), constant=str(C)),
            Proof(steps=_khintchine_steps),
        ),
    ),
    Plan(claim="R4:breakpoints", expected=Verdict.PROVED, methods=(_ALL_NEURONS, Proof(steps=_neuron_steps))),
)
