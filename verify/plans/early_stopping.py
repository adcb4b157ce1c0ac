"""Plans for early stopping: one-variable polynomials after a change of units, and searches over coefficients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from theory import symbols
from theory.claims.early_stopping import REPAIRED_TIME
from theory.statement import Claim
from theory.symbols import K, a1, a3, a4, b1, m, n, tau
from verify.evidence.confrontation import Evaluator, Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Entry, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, linear_constant
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Status, Step, Tends
from verify.evidence.verdict import Verdict

T = sp.Symbol("T_stop", positive=True)
X = sp.Symbol("x_stop", positive=True)
W, V = sp.symbols("w_stop v_stop", nonnegative=True)
_UNITS = Cited(
    theorem="change of variables",
    use="coefficients and sizes range over what τ₁, τ₂ and τ = xT do: T the stopping time, 1 + w its "
    "distance from the other time",
)


# Measurements --------------------------------------------------------------------------------------------------------


def _sides(claim: Claim) -> Evaluator:
    def measure(instance: Instance) -> Quantities:
        return {symbols.REGISTRY[name].symbol: value for name, value in instance.items()}

    return relation_sides(claim, measure)


_COUNTS = {"n": Integer(low=1, high=10**12), "m": Integer(low=1, high=10**12)}
_WEIGHT = Real(low=1e-6, high=1e6, log=True)
_ONES = {"n": 1, "m": 1}


def _at(**values: Entry) -> Instance:
    """An instance with n = m = 1, a₄ = 1/4, a₃ = 1/3, a₁ = 1 (so that τ₁ = τ₂ = 1) and the given changes."""
    return {**_ONES, "a4": 0.25, "a3": 1 / 3, "a1": 1.0, **values}


SIZES = Experiment(
    name="sizes",
    domain=Domain(fields=_COUNTS),
    sides=_sides,
    extremal=(_ONES, {"n": 10**6, "m": 10**6}, {"n": 10**8, "m": 10**4}),
)
WIDE = Experiment(
    name="wide",
    domain=Domain(fields=_COUNTS, require=lambda i: i["n"] <= i["m"]),
    sides=_sides,
    extremal=(_ONES, {"n": 10**6, "m": 10**6}, {"n": 1, "m": 10**6}),
)
COEFFICIENTS = Experiment(
    name="coefficients",
    sides=_sides,
    domain=Domain(fields={**_COUNTS, "a4": _WEIGHT, "a3": _WEIGHT, "a1": _WEIGHT}),
    extremal=(
        _at(),
        _at(a4=1e-3),
        _at(a3=1e-3),
        _at(a4=1.0, a3=1.0),
        _at(a4=1.0, a3=1e6),
        _at(n=10**6),
        _at(n=10**6, m=10**6),
    ),
)
_NEAR = 0.8566748838545029
TIMES = Experiment(
    name="times",
    sides=_sides,
    domain=Domain(fields={**_COUNTS, "a4": _WEIGHT, "a3": _WEIGHT, "a1": _WEIGHT, "tau": _WEIGHT}),
    extremal=(
        _at(tau=1.0),
        _at(tau=_NEAR),
        _at(a3=1e-6, tau=1.0),
        _at(a4=1e-6, tau=1.0),
        _at(n=10**5, a3=1e-6, tau=10.0),
        _at(a4=1e-6, a3=1e6, tau=0.024),
        _at(a4=1e6, tau=0.048),
    ),
)
REPAIRED = Experiment(
    name="repaired",
    sides=_sides,
    domain=Domain(fields={"n": _COUNTS["n"], "a1": _WEIGHT, "b1": _WEIGHT, "tau": _WEIGHT}),
    extremal=(
        {"n": 1, "a1": 1.0, "b1": 1.0, "tau": 1.0},
        {"n": 4, "a1": 4.0, "b1": 4.0, "tau": 2.0},
        {"n": 10**6, "a1": 1.0, "b1": 1.0, "tau": 1000.0},
    ),
)

_DECADES = tuple(10.0**k for k in range(1, 62, 10))


def _axis(parameter: str, text: str, *families: Callable[[float], Instance], start: Instance) -> Axis:
    """Sizes along a parameter; the other fields are those of ``start``."""
    return Axis(
        parameter=parameter,
        values=_DECADES,
        text=text,
        family=lambda value: [{**start, **family(value)} for family in families],
    )


def _axes(start: Instance, *, wide: bool = False) -> tuple[Axis, ...]:
    along = _axis(
        "m",
        "n = 1 or n = m" + ("" if wide else ", m^{3/2}, m² or m⁴"),
        lambda v: {"m": v, "n": 1},
        lambda v: {"m": v, "n": v},
        *(
            ()
            if wide
            else (lambda v: {"m": v, "n": v**2}, lambda v: {"m": v, "n": v**1.5}, lambda v: {"m": v, "n": v**4})
        ),
        start=start,
    )
    few = _axis(
        "n",
        "m = 1, n^{1/2} or n²",
        lambda v: {"n": v, "m": 1},
        lambda v: {"n": v**2, "m": v},
        lambda v: {"n": v, "m": v**2},
        start=start,
    )
    weights = [
        _axis(name, "n = m = 1", lambda v, name=name: {**_ONES, name: v}, start=start)
        for name in start
        if name not in _ONES
    ]
    return (along,) if wide else (along, few, *weights)


# Proofs --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PositivePolynomial:
    """A polynomial with rational coefficients is positive on [0, ∞): positive at 0, and without a root beyond."""

    name: str
    expr: sp.Expr
    variable: sp.Symbol

    def check(self) -> Status:
        """Count the real roots by Sturm's theorem, in rational arithmetic."""
        shown = sp.Poly(self.expr, self.variable)
        if not shown.domain.is_QQ and not shown.domain.is_ZZ:
            return Status.UNDECIDED
        fine = shown.eval(0) > 0 and shown.count_roots(0, None) == 0
        return Status.VERIFIED if fine else Status.UNDECIDED


_SAMPLING_FIRST = {a4: a1 * m * n / (4 * T**5), a3: a1 * m**2 / (3 * T**4 * (1 + W) ** 4)}
_FEATURES_FIRST = {a4: a1 * m * n / (4 * T**5 * (1 + W) ** 5), a3: a1 * m**2 / (3 * T**4)}
_SAMPLING_MINIMUM = (X - 1) ** 2 * (X**3 + 2 * X**2 + 3 * X + 4) / (4 * X)
_FEATURES_MINIMUM = (X - 1) ** 2 * (X**2 + 2 * X + 3) / (3 * X)


def _gap(claim: Claim, values: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
    return (claim.right() - claim.left()).subs(values, simultaneous=True)


def _above_one(power: int) -> sp.Expr:
    """1 − (1+w)^{−power} with its sign visible."""
    return sp.expand((1 + W) ** power - 1) / (1 + W) ** power


def _known(name: str, gap: sp.Expr, shown: sp.Expr) -> list[Step]:
    return [Equal(name=name, left=gap, right=shown), Sign(name="and that is >= 0", expr=shown)]


def _lower_steps(claim: Claim) -> Sequence[Step]:
    """The right side minus each of the two minima is a square and the term that the minimum leaves out."""
    left = claim.left()
    steps: list[Step] = [_UNITS]
    for part in left.args if isinstance(left, sp.Max) else (left,):
        if part.has(n):
            name, values = "τ₁", {a4: _SAMPLING_FIRST[a4], tau: T * X}
            shown = a1 / T * _SAMPLING_MINIMUM + a3 * (T * X) ** 3 / m**2
        else:
            name, values = "τ₂", {a3: _FEATURES_FIRST[a3], tau: T * X}
            shown = a1 / T * _FEATURES_MINIMUM + a4 * (T * X) ** 4 / (m * n)
        gap = (claim.right() - part).subs(values, simultaneous=True)
        steps += _known(f"in units of {name}: right side − minimum = (x−1)²·(positive) + the term left out", gap, shown)
    return steps


def _upper_steps(claim: Claim) -> Sequence[Step]:
    return [
        _UNITS,
        *_known("τ₁ first: gap = (a₁/3T)(1 − (1+w)^{−4})", _gap(claim, _SAMPLING_FIRST), a1 * _above_one(4) / (3 * T)),
        *_known("τ₂ first: gap = (a₁/4T)(1 − (1+w)^{−5})", _gap(claim, _FEATURES_FIRST), a1 * _above_one(5) / (4 * T)),
    ]


def _near_steps(claim: Claim) -> Sequence[Step]:
    """In both cases the gap is a convex combination of its values at two corners."""
    constant = claim.constants["C"].value
    excess = constant - 1
    sampling = constant * _SAMPLING_MINIMUM + excess * sp.Rational(5, 4)
    features = constant * _FEATURES_MINIMUM + excess * sp.Rational(4, 3)
    both = constant * (X**4 / 4 + X**3 / 3 + 1 / X) - sp.Rational(19, 12)
    steps: list[Step] = [_UNITS]
    for name, values, corner, power in (
        ("τ₁ first", _SAMPLING_FIRST, sampling, 4),
        ("τ₂ first", _FEATURES_FIRST, features, 5),
    ):
        share = 1 / (1 + W) ** power
        steps += [
            Equal(
                name=f"{name}: gap = (a₁/T)[(1−s)·corner + s·both], s = (1+w)^{{−{power}}}",
                left=_gap(claim, {**values, tau: T * X}),
                right=a1 / T * ((1 - share) * corner + share * both),
            ),
            Sign(name=f"{name}: 0 < s", expr=share, strict=True),
            Sign(name=f"{name}: s <= 1", expr=_above_one(power)),
            Sign(name=f"{name}: the corner with one rising term is >= 0", expr=corner),
        ]
    return [
        *steps,
        PositivePolynomial(name="x·both is a positive polynomial (Sturm)", expr=sp.expand(X * both), variable=X),
    ]


def _balanced_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="change of variables", use="T the smaller of (mn)^{1/5} and m^{1/2}, (1 + w)T the other"),
        *_known(
            "(mn)^{1/5} first: gap = (a₃/T)(1 − (1+w)^{−4})",
            _gap(claim, {m: (T * (1 + W)) ** 2, n: T**3 / (1 + W) ** 2}),
            a3 / T * _above_one(4),
        ),
        *_known(
            "m^{1/2} first: gap = (a₄/T)(1 − (1+w)^{−5})",
            _gap(claim, {m: T**2, n: T**3 * (1 + W) ** 5}),
            a4 / T * _above_one(5),
        ),
    ]


def _wide_steps(claim: Claim) -> Sequence[Step]:
    """With n = s⁵ and m = s⁵z⁵, s, z >= 1, every term of the left side has its part of the right side."""
    s, z = 1 + W, 1 + V
    values = {n: s**5, m: s**5 * z**5}
    (hypothesis,) = claim.hypotheses
    room = (hypothesis.greater - hypothesis.lesser).subs(values)  # type: ignore[operator]

    def above(whole: sp.Expr) -> sp.Expr:
        return sp.expand(whole - 1) / whole

    return [
        Cited(theorem="change of variables", use="n = s⁵ and m = n z⁵ with s, z >= 1, since m >= n >= 1"),
        *_known("m − n = s⁵(z⁵ − 1): the hypothesis", room, s**5 * sp.expand(z**5 - 1)),
        *_known(
            "gap = s^{−2}(1 − z^{−5}) + s^{−4}z^{−4}(1 − z^{−6}) + s^{−4}z^{−4}(1 − 1/(sz))",
            _gap(claim, values),
            above(z**5) / s**2 + (above(z**6) + above(s * z)) / (s * z) ** 4,
        ),
    ]


def _repaired_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="change of variables", use="b₁ = a₁n/T², T the stopping time √(a₁n/b₁), and τ = xT"),
        *_known("gap = (a₁/T)(x − 1)²/x", _gap(claim, {b1: a1 * n / T**2, tau: T * X}), a1 / T * (X - 1) ** 2 / X),
        Equal(name="the gap is 0 at τ = √(a₁n/b₁)", left=_gap(claim, {tau: REPAIRED_TIME}), right=sp.S.Zero),
    ]


def _repaired_rate_steps(claim: Claim) -> Sequence[Step]:
    return _known("gap = 1/m", _gap(claim, {}), 1 / m)


def _few_features(claim: Claim) -> Sequence[Step]:
    """At m = 1 and n = s⁵ the ratio of the sides grows like s⁶."""
    ratio = (claim.relation.lhs.total() / claim.relation.rhs.total()).subs({m: 1, n: T**5}, simultaneous=True)
    shown = (T**8 + T**5 + T**2 + 1) / (K * (T**2 + 1))
    return [
        Equal(name="left / right = (s⁸ + s⁵ + s² + 1)/(K(s² + 1)) at m = 1, n = s⁵", left=ratio, right=shown),
        Tends(name="it tends to ∞ with s", expr=shown, variable=T, point=sp.oo, value=sp.oo),
    ]


def _no_time(claim: Claim) -> Sequence[Step]:
    """At n = m² the second of the two minima over the right side grows like m^{3/10}."""
    left = claim.relation.lhs.total()
    part = next((item for item in left.args if isinstance(left, sp.Max) and not item.has(n)), left)
    ratio = part / claim.relation.rhs.total().subs(n, m**2)
    shown = 2 * 3 ** sp.Rational(1, 4) * m ** sp.Rational(3, 10) / (3 * K)
    return [
        Cited(theorem="EARLY-STOP:lower", use="the left side is at most the bound at every training time"),
        Cited(theorem="maximum", use="the left side is at least the second of its two parts"),
        Equal(name="second part / right side = 2·3^{1/4} m^{3/10}/(3K) at n = m²", left=ratio, right=shown),
        Tends(name="it tends to ∞ with m", expr=shown, variable=m, point=sp.oo, value=sp.oo),
    ]


def _scaling(
    experiment: Experiment,
    start: Instance,
    *,
    wide: bool = False,
    divergence: Callable[[Claim], Sequence[Step]] | None = None,
) -> Scaling:
    return Scaling(
        experiment=experiment, needed=linear_constant(experiment), axes=_axes(start, wide=wide), divergence=divergence
    )


PLANS = (
    Plan(
        claim="EARLY-STOP:printed",
        expected=Verdict.REFUTED,
        methods=(_scaling(SIZES, _ONES, divergence=_few_features),),
    ),
    Plan(
        claim="EARLY-STOP:printed-any", expected=Verdict.REFUTED, methods=(_scaling(SIZES, _ONES, divergence=_no_time),)
    ),
    Plan(
        claim="EARLY-STOP:printed-wide",
        expected=Verdict.PROVED,
        methods=(_scaling(WIDE, _ONES, wide=True), Proof(steps=_wide_steps)),
    ),
    Plan(
        claim="EARLY-STOP:balanced",
        expected=Verdict.PROVED,
        methods=(_scaling(COEFFICIENTS, {"a4": 1, "a3": 1, "a1": 1}), Proof(steps=_balanced_steps)),
    ),
    Plan(
        claim="EARLY-STOP:lower", expected=Verdict.PROVED, methods=(Search(experiment=TIMES), Proof(steps=_lower_steps))
    ),
    Plan(
        claim="EARLY-STOP:upper",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=COEFFICIENTS),
            Sharpness(experiment=COEFFICIENTS, instance=_at(), constant="C"),
            Proof(steps=_upper_steps),
        ),
    ),
    Plan(
        claim="EARLY-STOP:near-optimal",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=TIMES),
            Sharpness(experiment=TIMES, instance=_at(tau=_NEAR), constant="C"),
            Proof(steps=_near_steps),
        ),
    ),
    Plan(
        claim="EARLY-STOP:repaired",
        expected=Verdict.PROVED,
        methods=(Search(experiment=REPAIRED), Proof(steps=_repaired_steps)),
    ),
    Plan(
        claim="EARLY-STOP:repaired-rate",
        expected=Verdict.PROVED,
        methods=(_scaling(SIZES, _ONES), Proof(steps=_repaired_rate_steps)),
    ),
)
