"""Plans for the first half of the Rademacher chain: all signs of all small tables of integers, and proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

import sympy as sp

from theory.claims.rademacher import CLAIMS
from theory.statement import Claim
from theory.symbols import (
    ball_radius,
    d,
    input_norm,
    lipschitz,
    n,
    point_norm,
    rademacher,
    rademacher_abs,
    rademacher_abs_first,
    rademacher_abs_image,
    rademacher_abs_product,
    rademacher_abs_second,
    rademacher_affine,
    rademacher_first,
    rademacher_image,
    rademacher_linear,
    rademacher_product,
    rademacher_second,
    sup_first,
    sup_second,
    temperature,
    u,
)
from verify.evidence.domain import Array, Instance, Integer, Real
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step, TaylorSign, Tends
from verify.evidence.verdict import Verdict
from verify.models.sign_sums import (
    Table,
    as_table,
    entries,
    instance,
    sign_sums,
    table_experiment,
    tables,
    up_to_symmetry,
)

_BY_ID = {claim.id: claim for claim in CLAIMS}
_LARGE = 100  # the budget's size from which the larger sets are enumerated
Values = Mapping[sp.Symbol, Any]

# R1 ------------------------------------------------------------------------------------------------------------------

_MAPS = (lambda a: a, abs, lambda a: max(a, 0))  # identity, modulus, ReLU


def _image_values(_claim: Claim, at: Mapping[str, Any]) -> Values:
    table = as_table(at["values"])
    image = tuple(
        tuple(at["lipschitz"] * _MAPS[kind](a) for kind, a in zip(at["maps"], row, strict=True)) for row in table
    )
    before, after = sign_sums(table), sign_sums(image)
    return {
        rademacher: before[0],
        rademacher_abs: before[1],
        rademacher_image: after[0],
        rademacher_abs_image: after[1],
        lipschitz: at["lipschitz"],
    }


IMAGES = table_experiment(
    "images",
    (rademacher, rademacher_abs, rademacher_image, rademacher_abs_image),
    _image_values,
    fields={"maps": Array(shape=("points",), element=Integer(low=0, high=2)), "lipschitz": Integer(low=1, high=4)},
)
_EXCHANGE: Table = ((1, 1), (-1, -1))  # the modulus on the first point makes it {(1, 1), (1, −1)}


def _images(size: int) -> Iterable[Instance]:
    """The extreme 1-Lipschitz maps of {−1, 0, 1} that fix 0 are ±identity and ±modulus; a sign of φ_j is one of ξ_j."""
    for points, functions in ((1, 3), (2, 2 if size < _LARGE else 4), (3, 1 if size < _LARGE else 2)):
        for table in tables(points, functions):
            for bent in range(points + 1):
                maps = [1] * bent + [0] * (points - bent)
                yield instance(table, maps=maps, lipschitz=1)
    yield from (instance(_EXCHANGE, maps=[1, 0], lipschitz=k) for k in (2, 3))
    yield from (instance(((1,), (0,)), maps=[kind], lipschitz=2) for kind in range(3))


def _images_cover(size: int) -> str:
    most = "two functions on two points, one on three" if size < _LARGE else "four on two points, two on three"
    return f"all tables with entries in {{−1, 0, 1}} and extreme 1-Lipschitz maps, up to {most}"


_ALL_IMAGES = Exhaustive(experiment=IMAGES, elements=_images, covers=_images_cover)


def _contraction_steps(claim: Claim) -> Sequence[Step]:
    """One coordinate: φ(a) − φ(b) = Lip·h(1 − c) with a − b = h >= 0 and c >= 0, against the bound's factor · h."""
    a, b, h, c = (sp.Dummy(name, nonnegative=name in "hc") for name in "abhc")
    factor = sp.diff(claim.right(), rademacher)
    return [
        Cited(
            theorem="induction over the coordinates",
            use="with the other signs fixed, 2E = sup over pairs (f, g) of u_f + u_g + φ(f(x_j)) − φ(g(x_j))",
        ),
        Cited(theorem="symmetry", use="exchanging f and g, f(x_j) − g(x_j) = h >= 0"),
        Equal(name="the left side is R̂(φ∘F)", left=claim.left(), right=rademacher_image),
        Equal(name="the right side is a multiple of R̂(F)", left=claim.right(), right=factor * rademacher),
        Equal(
            name="factor·(a − b) − (φ(a) − φ(b)) = Lip·h·c, a − b = h, φ(a) − φ(b) = Lip·h(1 − c)",
            left=(factor * (a - b) - lipschitz * h * (1 - c)).subs(a, b + h),
            right=lipschitz * h * c,
        ),
        Sign(name="Lip·h·c >= 0", expr=lipschitz * h * c),
    ]


def _contraction_abs_steps(claim: Claim) -> Sequence[Step]:
    above, below = sp.Dummy("P", nonnegative=True), sp.Dummy("Q", nonnegative=True)
    contraction = _BY_ID["R1:contraction"]
    return [
        Cited(
            theorem="inclusion",
            use="φ(0) = 0: P = sup over F ∪ {0} of S_φ and Q that of −S_φ are >= 0, and sup|S_φ| <= max(P, Q)",
        ),
        Sign(name="P + Q − max(P, Q) = min(P, Q) >= 0", expr=sp.Min(above, below)),
        Cited(theorem="symmetry of the signs", use="E P = E Q = n R̂(φ∘(F ∪ {0}))"),
        Cited(theorem="R1:contraction", use="for F ∪ {0}; and R̂(F ∪ {0}) <= R̂|·|(F)"),
        Equal(name="the left side is R̂|·|(φ∘F)", left=claim.left(), right=rademacher_abs_image),
        Equal(
            name="the right side is twice that of R1:contraction",
            left=claim.right(),
            right=2 * contraction.right().subs(rademacher, rademacher_abs),
        ),
    ]


# R2 ------------------------------------------------------------------------------------------------------------------


def _affine_values(_claim: Claim, at: Mapping[str, Any]) -> Values:
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
    for points, most in ((1, 2), (2, 3), (3, 2 if size < _LARGE else 3), (4, 1 if size < _LARGE else 2)):
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
    most = "n = 1, 2, 3, 4 with d <= 2, 3, 2, 1" if size < _LARGE else "n = 1, 2, 3, 4 with d <= 2, 3, 3, 2"
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
    sharp = _BY_ID["R2:sharp"]
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


# R3 ------------------------------------------------------------------------------------------------------------------


def _product_values(_claim: Claim, at: Mapping[str, Any]) -> Values:
    first, second = as_table(at["values"]), as_table(at["others"])
    scale = Fraction(1, at["divisor"])  # F₁ is divided by it
    products = tuple(dict.fromkeys(tuple(a * b for a, b in zip(f, g, strict=True)) for f in first for g in second))
    one, two, both = sign_sums(first), sign_sums(second), sign_sums(products)
    return {
        rademacher_first: scale * one[0],
        rademacher_abs_first: scale * one[1],
        rademacher_second: two[0],
        rademacher_abs_second: two[1],
        rademacher_product: scale * both[0],
        rademacher_abs_product: scale * both[1],
        sup_first: scale * max(abs(a) for row in first for a in row),
        sup_second: max(abs(a) for row in second for a in row),
        n: at["points"],
    }


PRODUCTS = table_experiment(
    "products",
    (
        rademacher_first,
        rademacher_second,
        rademacher_product,
        rademacher_abs_first,
        rademacher_abs_second,
        rademacher_abs_product,
    ),
    _product_values,
    fields={
        "seconds": Integer(low=1, high=16),
        "others": entries("seconds", "points"),
        "divisor": Integer(low=1, high=4),
    },
)


def _pair(first: Table, second: Table, divisor: int = 1) -> Instance:
    return instance(first, seconds=len(second), others=[list(row) for row in second], divisor=divisor)


def _pairs(size: int) -> Iterable[Instance]:
    """A sign of a point may be moved from F₂ to ξ, so that both classes count up to the signs of the points."""
    for points, most in ((1, 3), (2, 2 if size < _LARGE else 3)):
        small = list(tables(points, most))
        for first in up_to_symmetry(small):
            yield from (_pair(first, second) for second in _flips(small))
    signs = ((1,), (-1,))
    yield from (
        _pair(first, second, divisor)
        for divisor in (2, 4)
        for first in (signs, ((1,), (0,)))
        for second in (((1,),), ((2,),), signs)
    )


def _flips(found: Iterable[Table]) -> Iterable[Table]:
    seen: set[Table] = set()
    for table in found:
        key = min(
            tuple(sorted(tuple(f * a for f, a in zip(flips, row, strict=True)) for row in table))
            for flips in product((1, -1), repeat=len(table[0]))
        )
        if key not in seen:
            seen.add(key)
            yield table


def _pairs_cover(size: int) -> str:
    most = "two functions each on two points" if size < _LARGE else "three functions each on two points"
    return f"all pairs of classes with values in {{−1, 0, 1}}: three functions each on one point, {most}"


_ALL_PAIRS = Exhaustive(experiment=PRODUCTS, elements=_pairs, covers=_pairs_cover)


def _product_steps(claim: Claim) -> Sequence[Step]:
    a, b, h = sp.symbols("a b h", real=True)
    contraction = _BY_ID["R1:contraction"]
    classes = contraction.right().subs(
        {lipschitz: 2 * (sup_first + sup_second), rademacher: rademacher_first + rademacher_second}
    )
    return [
        Equal(name="polarisation: ab = ((a + b)² − (a − b)²)/4", left=a * b, right=((a + b) ** 2 - (a - b) ** 2) / 4),
        Equal(
            name="a² − b² = (a − b)(a + b), so squares of |a|, |b| <= s are Lipschitz with 2s",
            left=a**2 - (a + h) ** 2,
            right=-h * (2 * a + h),
        ),
        Cited(theorem="symmetry of the signs", use="R̂(−F) = R̂(F), and R̂(F₁ ± F₂) = R̂(F₁) + R̂(F₂)"),
        Cited(theorem="R1:contraction", use="for the squares of F₁ + F₂ and F₁ − F₂, with s = sup|F₁| + sup|F₂|"),
        Equal(name="the left side is R̂(F₁F₂)", left=claim.left(), right=rademacher_product),
        Equal(name="the right side is (1/4) of two contracted complexities", left=claim.right(), right=2 * classes / 4),
    ]


def _product_abs_steps(claim: Claim) -> Sequence[Step]:
    printed = _BY_ID["R3:printed"]
    return [
        Cited(
            theorem="R3:printed",
            use="for F₁ ∪ −F₁ and F₂: R̂(±F₁·F₂) = R̂|·|(F₁F₂), R̂(±F₁) = R̂|·|(F₁), and the "
            "suprema are those of F₁ and F₂",
        ),
        Cited(theorem="inclusion", use="R̂(F₂) <= R̂|·|(F₂)"),
        Equal(name="the left side is R̂|·|(F₁F₂)", left=claim.left(), right=rademacher_abs_product),
        Equal(
            name="the right side is that of R3:printed with |·|",
            left=claim.right(),
            right=printed.right().subs(
                {rademacher_first: rademacher_abs_first, rademacher_second: rademacher_abs_second}
            ),
        ),
    ]


def _product_sharp_steps(claim: Claim) -> Sequence[Step]:
    """R3:printed for cF₁ and F₂/c, at c⁴ = sup|F₂| R̂(F₂)/(sup|F₁| R̂(F₁)), and as c → ∞ or 0 where that is ∞ or 0."""
    c = sp.Dummy("c", positive=True)
    positive = {
        symbol: sp.Dummy(str(symbol), positive=True)
        for symbol in (sup_first, sup_second, rademacher_first, rademacher_second)
    }
    s1, s2, r1, r2 = positive.values()
    scaled = (
        _BY_ID["R3:printed"]
        .right()
        .subs(
            {
                sup_first: c * sup_first,
                rademacher_first: c * rademacher_first,
                sup_second: sup_second / c,
                rademacher_second: rademacher_second / c,
            },
            simultaneous=True,
        )
    )
    best = (s2 * r2 / (s1 * r1)) ** sp.Rational(1, 4)
    limit = scaled.subs(sup_first, 0)
    moving = sp.expand(limit - claim.right().subs(sup_first, 0))
    return [
        Cited(theorem="R3:printed", use="for cF₁ and F₂/c, whose products are F₁F₂, for every c > 0"),
        Equal(name="the left side is R̂(F₁F₂)", left=claim.left(), right=rademacher_product),
        Equal(
            name="at the best c it is the right side",
            left=scaled.subs(positive).subs(c, best),
            right=claim.right().subs(positive),
        ),
        Equal(
            name="where sup|F₁| = 0 it exceeds the right side by sup|F₂| R̂(F₂)/c² (and so on by symmetry)",
            left=moving,
            right=sup_second * rademacher_second / c**2,
        ),
        Tends(name="1/c² → 0", expr=1 / c**2, variable=c, point=sp.oo, value=sp.S.Zero),
    ]


PLANS = (
    Plan(claim="R1:contraction", expected=Verdict.PROVED, methods=(_ALL_IMAGES, Proof(steps=_contraction_steps))),
    Plan(
        claim="R1:contraction-abs",
        expected=Verdict.PROVED,
        methods=(
            _ALL_IMAGES,
            Sharpness(experiment=IMAGES, instance=instance(_EXCHANGE, maps=[1, 0], lipschitz=1), constant="C"),
            Proof(steps=_contraction_abs_steps),
        ),
    ),
    Plan(claim="R1:abs-factor-one", expected=Verdict.REFUTED, methods=(_ALL_IMAGES,)),
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
    Plan(claim="R3:printed", expected=Verdict.PROVED, methods=(_ALL_PAIRS, Proof(steps=_product_steps))),
    Plan(claim="R3:abs", expected=Verdict.PROVED, methods=(_ALL_PAIRS, Proof(steps=_product_abs_steps))),
    Plan(claim="R3:sharp", expected=Verdict.PROVED, methods=(_ALL_PAIRS, Proof(steps=_product_sharp_steps))),
)
