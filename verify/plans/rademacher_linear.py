"""Plans for the Rademacher chain, linear functions: all signs of all small sets of points, and proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product

import sympy as sp

from theory.claims import REGISTRY
from theory.statement import Claim
from theory.symbols import (
    ball_radius,
    d,
    input_norm,
    n,
    point_norm,
    rademacher_affine,
    rademacher_linear,
    temperature,
    u,
)
from verify.evidence.domain import Instance, Integer, Real
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step, TaylorSign
from verify.evidence.verdict import Verdict
from verify.models.sign_sums import LARGE, Table, Values, as_table, instance, sign_sums, table_experiment


def _affine_values(_claim: Claim, at: Instance) -> Values:
    """``values`` holds one row for each coordinate; the embedding is one more row, the same for all points."""
    rows, size = as_table(at["values"]), at["embedding"]
    shared = (*rows, (size,) * at["points"])
    radius, largest = at["radius"], max(abs(a) for row in rows for a in row)
    return {
        rademacher_linear: radius * sign_sums(rows)[1],
        rademacher_affine: radius * sign_sums(shared)[1],
        point_norm: largest,
        input_norm: max(largest, abs(size)),
        ball_radius: radius,
        d: len(rows),
        n: at["points"],
        temperature: Fraction(at.get("temperature", 1)),
    }


_AFFINE_FIELDS = {"embedding": Integer(low=0, high=9), "radius": Integer(low=1, high=4)}
AFFINE = table_experiment("linear", (rademacher_linear, rademacher_affine), _affine_values, fields=_AFFINE_FIELDS)
TEMPERED = table_experiment(
    "linear-tempered",
    (rademacher_affine,),
    _affine_values,
    fields={**_AFFINE_FIELDS, "temperature": Real(low=2.0**-10, high=8.0)},
)


def _half_cube(points: int) -> Table:
    """All sign patterns of the points up to a common sign."""
    return tuple((1, *rest) for rest in product((1, -1), repeat=points - 1))


def _coordinates(size: int) -> Iterable[Table]:
    for points, most in ((1, 2), (2, 3), (3, 2 if size < LARGE else 3), (4, 1 if size < LARGE else 2)):
        rows = [row for row in product((0, 1, -1), repeat=points) if next((a for a in row if a), 1) > 0]
        for dimension in range(1, most + 1):
            yield from combinations_with_replacement(rows, dimension)
    yield from (_half_cube(points) for points in (3, 4, 5))
    yield from (_half_cube(points)[1:] for points in (3, 4, 5))
    yield from (((1,) * points,) for points in (5, 6, 8))


def _linear(size: int) -> Iterable[Instance]:
    for table in _coordinates(size):
        yield instance(table, embedding=1, radius=1)
    yield instance(((1, -1),), embedding=3, radius=2)
    yield instance(((0,),), embedding=1, radius=1)


def _tempered(size: int) -> Iterable[Instance]:
    for at in _linear(size):
        yield from ({**at, "temperature": gamma} for gamma in (2.0**-6, 1.0))


def _linear_cover(size: int) -> str:
    most = "n = 1, 2, 3, 4 with d <= 2, 3, 2, 1" if size < LARGE else "n = 1, 2, 3, 4 with d <= 2, 3, 3, 2"
    return f"all points with coordinates in {{−1, 0, 1}}, {most}; all 2^(n−1) sign patterns, n = 3, 4, 5; equal points"


_ALL_LINEAR = Exhaustive(experiment=AFFINE, elements=_linear, covers=_linear_cover)
_ALL_TEMPERED = Exhaustive(
    experiment=TEMPERED, elements=_tempered, covers=lambda size: f"{_linear_cover(size)}; γ = 1/64, 1"
)
_COSH: tuple[Step, ...] = (  # cosh u <= e^{u²/2}
    Equal(
        name="u²/2 − log cosh u, which is 0 at 0, has the derivative u − tanh u",
        left=sp.diff(u**2 / 2 - sp.log(sp.cosh(u)), u),
        right=u - sp.sinh(u) / sp.cosh(u),
    ),
    TaylorSign(name="u − tanh u >= 0 for u >= 0: its derivative is tanh² u", expr=u - sp.tanh(u), variable=u),
)


def _massart_steps(
    measured: sp.Symbol, size: sp.Symbol, vertices: sp.Expr, why: Step
) -> Callable[[Claim], Sequence[Step]]:
    """log(vertices · e^{γ²nX²/2})/γ at the best γ is n·right/ρ."""

    def steps(claim: Claim) -> Sequence[Step]:
        best = sp.sqrt(2 * sp.log(vertices) / n) / size
        bound = ball_radius / n * (sp.log(vertices) / temperature + temperature * n * size**2 / 2)
        positive = {size: sp.Dummy("X", positive=True), d: sp.Dummy("D", integer=True, positive=True)}
        return [
            why,
            Cited(theorem="Jensen's inequality", use="exp(γ E max S_i) <= Σ_i E exp(γ S_i)"),
            Cited(theorem="independence", use="E exp(γ S_i) = Π_j cosh(γ x_ji), and |x_ji| <= X"),
            *_COSH,
            Equal(name="the left side is the complexity", left=claim.left(), right=measured),
            Equal(
                name="(ρ/n)(log(vertices)/γ + γ n X²/2) at γ = √(2 log(vertices)/n)/X is the right side",
                left=bound.subs(temperature, best).subs(positive),
                right=claim.right().subs(positive),
            ),
        ]

    return steps


_DUAL = Cited(theorem="duality of ℓ1 and ℓ∞", use="the supremum over the ball is (ρ/n) max over 2d signed coordinates")
_SHARED = Cited(
    theorem="duality of ℓ1 and ℓ∞",
    use="u·e adds one coordinate, ‖e‖∞ Σ ξ_j: a maximum over 2(d + 1) sums, whatever the length of e",
)


def _printed_linear_steps(claim: Claim) -> Sequence[Step]:
    sharp = REGISTRY["R2:sharp"]
    k = sp.Dummy("k", integer=True, nonnegative=True)  # d = 1 + k
    gain = 2 * (ball_radius * input_norm) ** 2 / n
    return [
        Cited(theorem="R2:sharp", use="the bound with 2(d + 1) in place of 4d"),
        Equal(name="the left side is that of R2:sharp", left=claim.left(), right=sharp.left()),
        Equal(name="(right side)² = (2ρ²X²/n) log(4d)", left=claim.right() ** 2, right=gain * sp.log(4 * d)),
        Equal(name="(R2:sharp)² = (2ρ²X²/n) log(2(d + 1))", left=sharp.right() ** 2, right=gain * sp.log(2 * (d + 1))),
        Equal(name="4d − 2(d + 1) = 2k at d = 1 + k", left=(4 * d - 2 * (d + 1)).subs(d, 1 + k), right=2 * k),
        Sign(name="2k >= 0, and log and ρX√ are increasing", expr=2 * k),
        Sign(name="the right side is the nonnegative root", expr=claim.right().subs(d, 1 + k)),
    ]


def _cosh_steps(claim: Claim) -> Sequence[Step]:
    """cosh(γ√n·right/(ρX)) is the bound on E cosh."""
    growth = (d + 1) * (sp.exp(temperature**2 / 2) - 1)
    w = sp.Dummy("w", positive=True)
    scale = ball_radius * input_norm / (sp.sqrt(n) * temperature)
    exponent = sp.simplify(claim.right() / scale)
    y = sp.Dummy("y", positive=True)
    root = sp.sqrt(y * (y + 2))
    return [
        _SHARED,
        Cited(theorem="cosh >= 1", use="cosh(λ max|S_i|) <= 1 + Σ_i (cosh(λS_i) − 1), λ = γ/(X√n)"),
        Cited(theorem="Jensen's inequality", use="cosh(λ E max|S_i|) <= E cosh(λ max|S_i|)"),
        Cited(theorem="independence", use="E cosh(λS_i) = Π_j cosh(λx_ji) <= e^{γ²/2}"),
        *_COSH,
        Equal(name="the left side is the complexity", left=claim.left(), right=rademacher_affine),
        Equal(
            name="right side = ρX/(γ√n) · log(1 + y + √(y(y + 2))), y = (d + 1)(e^{γ²/2} − 1)",
            left=exponent,
            right=sp.log(1 + growth + sp.sqrt(growth * (growth + 2))),
        ),
        Equal(
            name="that logarithm is arccosh(1 + y): the half sum with the reciprocal is 1 + y",
            left=(w + 1 / w).subs(w, 1 + y + root) / 2,
            right=1 + y,
        ),
    ]


PLANS = (
    Plan(
        claim="R2:massart",
        expected=Verdict.PROVED,
        methods=(_ALL_LINEAR, Proof(steps=_massart_steps(rademacher_linear, point_norm, 2 * d, _DUAL))),
    ),
    Plan(
        claim="R2:sharp",
        expected=Verdict.PROVED,
        methods=(_ALL_LINEAR, Proof(steps=_massart_steps(rademacher_affine, input_norm, 2 * (d + 1), _SHARED))),
    ),
    Plan(claim="R2:printed", expected=Verdict.PROVED, methods=(_ALL_LINEAR, Proof(steps=_printed_linear_steps))),
    Plan(claim="R2:cosh", expected=Verdict.PROVED, methods=(_ALL_TEMPERED, Proof(steps=_cosh_steps))),
)
