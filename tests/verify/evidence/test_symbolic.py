"""Steps of proofs: what they verify is true, what is subtly false they do not verify."""

import math
import random
from dataclasses import replace

import pytest
import sympy as sp
from flint import arb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from theory.claims import REGISTRY
from theory.symbols import REGISTRY as SYMBOLS
from verify.balls.enclosures import enclose
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.symbolic import (
    Certain,
    Cited,
    Equal,
    Proof,
    RiseThenFall,
    Sign,
    Status,
    TaylorSign,
    Tends,
    separating_point,
    smooth,
    vanishes,
)
from verify.evidence.verdict import Verdict

U = sp.Symbol("u", nonnegative=True)
P = sp.Symbol("p", positive=True)
X = sp.Symbol("x", real=True)
A = sp.Symbol("a", real=True)
N = sp.Symbol("n", integer=True, positive=True)
W, V = sp.symbols("W V", negative=True)
THIRD = sp.Rational(1, 3)
TINY = sp.Rational(1, 1000)
CLAIM = REGISTRY["EQ-8:mean"]
CONTEXT = Context(budget=BUDGETS["quick"])
QUIET = settings(
    database=None, deadline=None, derandomize=True, max_examples=60, suppress_health_check=tuple(HealthCheck)
)


def taylor(expr, variable=U, **options):
    return TaylorSign(name="", expr=sp.sympify(expr), variable=variable, **options).check()


def rise(expr, positive, sign, variable=U):
    return RiseThenFall(name="", expr=expr, variable=variable, positive=positive, sign=sign).check()


def tends(expr, value, *, variable=U, point=sp.oo, **options):
    return Tends(
        name="", expr=sp.sympify(expr), variable=variable, point=sp.sympify(point), value=sp.sympify(value), **options
    ).check()


def equal(left, right):
    return Equal(name="", left=sp.sympify(left), right=sp.sympify(right))


# Equalities ----------------------------------------------------------------------------------------------------------

IDENTITIES = [
    (sp.sin(X) ** 2 + sp.cos(X) ** 2, 1),
    (sp.log(P**2), 2 * sp.log(P)),
    ((X + 1) ** 3, X**3 + 3 * X**2 + 3 * X + 1),
    (sp.tanh(X), (sp.exp(2 * X) - 1) / (sp.exp(2 * X) + 1)),
    (sp.exp(-sp.log(P)), 1 / P),
    (sp.sqrt(X**2), sp.Abs(X)),
    (sp.sqrt(P * U), sp.sqrt(P) * sp.sqrt(U)),
    (sp.exp(-(sp.sqrt(2 * sp.log(1 / P)) ** 2) / 2), P),
    (sp.cosh(X) ** 2 - sp.sinh(X) ** 2, 1),
    (1 / (1 + P) + P / (1 + P), 1),
    (sp.log(P / (1 + P)), sp.log(P) - sp.log(1 + P)),
]
FALSE_IDENTITIES = [
    (sp.sqrt(X**2), X),
    (sp.log(X**2), 2 * sp.log(P)),
    ((X + 1) ** 3, X**3 + 3 * X**2 + 3 * X),
    (sp.tanh(X), (sp.exp(X) - 1) / (sp.exp(X) + 1)),
    (sp.exp(-P), 1 - P),
    (sp.erfc(U), 1 - sp.erfc(U)),
    (sp.Max(X, 0), X),
    (sp.sin(X), X),
    (P**THIRD, P ** sp.Rational(3333, 10000)),
    (X, X + sp.Rational(1, 10**30)),
    (sp.Abs(X + A), sp.Abs(X) + sp.Abs(A)),
    (N, sp.Integer(1)),
    (sp.Max(X, -X), -X),
]


@pytest.mark.parametrize(("left", "right"), IDENTITIES, ids=str)
def test_a_true_identity_is_verified(left, right):
    assert equal(left, right).check() is Status.VERIFIED
    assert separating_point(left, sp.sympify(right)) is None


@pytest.mark.parametrize(("left", "right"), FALSE_IDENTITIES, ids=str)
def test_a_false_identity_is_refuted_with_a_rational_point(left, right):
    step = equal(left, right)
    assert step.check() is Status.FALSE
    point = step.counterexample()
    symbols = {str(sym): sym for sym in (step.left - step.right).free_symbols}
    values = {symbols[name]: sp.Rational(value) for name, value in point.items()}
    assert set(values) == set(symbols.values())
    difference = (step.left - step.right).subs(values)
    assert abs(difference.evalf(50)) > sp.Rational(1, 10**40)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sp.sqrt(W**2 + 2 * W * V + V**2), -(W + V)),
        (sp.Abs(W - P), P - W),
        (sp.Max(W, V) - W, sp.Max(0, V - W)),
        (sp.sqrt(U**2 - 2 * U * W + W**2), U - W),
    ],
)
def test_a_counterexample_meets_the_assumptions_on_its_symbols(left, right):
    assert separating_point(left, right) is None
    assert equal(left, right).check() is not Status.FALSE


def test_without_a_point_that_meets_the_assumptions_nothing_is_separated():
    even = sp.Symbol("k", even=True, positive=True)
    irrational = sp.Symbol("z", irrational=True)
    assert separating_point((-1) ** even, sp.Integer(-1)) is not None  # the difference is the number 2
    assert separating_point(irrational, sp.S.Zero) is None
    assert separating_point(sp.cos(sp.pi * even / 2) ** 2, 1 - sp.sin(sp.pi * even / 2) ** 2 * 0) is None


def test_a_difference_that_has_no_numeric_value_is_undecided():
    f = sp.Function("f")
    assert equal(f(X), f(X) + f(X) ** 2).check() is Status.UNDECIDED
    assert vanishes(f(X) - f(-X)) is Status.UNDECIDED


def leaves():
    return st.sampled_from([X, P, U, sp.Integer(2), sp.Rational(1, 3), sp.Integer(-1)])


def branches(children):
    pair = st.tuples(children, children)
    return st.one_of(
        pair.map(lambda ab: ab[0] + ab[1]),
        pair.map(lambda ab: ab[0] * ab[1]),
        children.map(lambda a: a**2),
        children.map(lambda a: sp.exp(-(a**2))),
        children.map(sp.tanh),
        children.map(lambda a: sp.log(1 + a**2)),
        children.map(lambda a: sp.sqrt(1 + a**2)),
        children.map(lambda a: sp.sqrt(a**2)),
        children.map(lambda a: 1 / (2 + sp.Abs(a))),
    )


EXPRESSIONS = st.recursive(leaves(), branches, max_leaves=6)
REWRITES = (
    sp.expand,
    sp.factor,
    sp.together,
    sp.simplify,
    lambda e: e.rewrite(sp.exp),
    sp.powdenest,
    sp.logcombine,
    lambda e: e + sp.sin(X) ** 2 + sp.cos(X) ** 2 - 1,
)


@QUIET
@given(EXPRESSIONS, st.sampled_from(REWRITES))
def test_a_point_never_separates_an_expression_from_its_rewrite(expr, rewrite):
    assert separating_point(expr, rewrite(expr)) is None


@settings(QUIET, max_examples=25)
@given(st.recursive(leaves(), branches, max_leaves=3), st.integers(0, 10**6))
def test_what_vanishes_is_zero_at_every_point_tried(left, seed):
    # √(a²) − a and its like must not be reduced to 0, nor the difference to the mirror image
    for other in (left.subs(X, -X), sp.sqrt(left**2)):
        if vanishes(left - other) is Status.VERIFIED:
            draw = random.Random(seed)
            for _ in range(4):
                values = {
                    X: arb(draw.randint(-300, 300)) / 101,
                    P: arb(draw.randint(1, 300)) / 101,
                    U: arb(draw.randint(0, 300)) / 101,
                }
                ball = enclose(sp.sympify(left - other), values)
                assert ball.is_nan() or ball.contains(0)


@QUIET
@given(EXPRESSIONS, st.integers(0, 10**6))
def test_a_visible_sign_is_the_sign_at_every_point_tried(expr, seed):
    draw = random.Random(seed)
    verified = [
        strict for strict in (False, True) if Sign(name="", expr=expr, strict=strict).check() is Status.VERIFIED
    ]
    for strict in verified:
        for _ in range(4):
            values = {
                X: arb(draw.randint(-300, 300)) / 101,
                P: arb(draw.randint(1, 300)) / 101,
                U: arb(draw.choice([0, draw.randint(0, 300)])) / 101,
            }
            ball = enclose(expr, values)
            assert not (ball <= 0 if strict else ball < 0)


# Signs ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "strict"),
    [
        (U, False),
        (P * U**2, False),
        (1 + U, True),
        (sp.exp(X), True),
        (X**2, False),
        ((X + A) ** 2 / P, False),
        (-W * P, True),
    ],
)
def test_a_visible_sign_is_verified(expr, strict):
    assert Sign(name="", expr=expr, strict=strict).check() is Status.VERIFIED


@pytest.mark.parametrize(
    ("expr", "strict"),
    [
        (U, True),
        (X, False),
        (X**2, True),
        (P - 1, False),
        (P - TINY, True),
        (1 - sp.exp(-U), True),
        (X**3, False),
        (P * X, False),
        (1 / U, False),
        (sp.log(P), False),
        (sp.sin(X) + 1 - TINY, False),
        (-U, False),
        (sp.oo * P, False),
        (sp.zoo, False),
        (sp.nan, False),
    ],
)
def test_a_sign_that_is_false_or_not_visible_is_not_verified(expr, strict):
    assert Sign(name="", expr=expr, strict=strict).check() is Status.UNDECIDED


# Taylor --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "options"),
    [
        (sp.exp(U) - 1 - U, {}),
        (U - sp.tanh(U), {}),
        (1 - sp.exp(-4 * U), {}),
        (sp.exp(U - 1) - U, {"start": sp.S.One}),
        (sp.cosh(U) - 1 - U**2 / 2, {}),
        (U - sp.log(1 + U), {}),
        (U**3, {}),
        (sp.exp(U - 1) - U, {"start": sp.S.One, "both_sides": True}),
    ],
)
def test_the_first_visible_derivative_proves_the_sign(expr, options):
    assert taylor(expr, **options) is Status.VERIFIED


@pytest.mark.parametrize(
    "expr",
    [
        (U - 1) * (U - 2) + sp.Rational(1, 5),  # dips below 0 between 1 and 2
        U**3 - U**2 + U / 10,
        sp.exp(U) - 1 - (1 + TINY) * U,
        U - (1 + TINY) * sp.tanh(U),
        U - sp.exp(U) + 1,
        -U,
        U - TINY,
        1 - U,
        sp.cos(U),
        U**2 - U,
        sp.exp(U) - 1 - U - U**4,
    ],
)
def test_a_function_that_dips_below_zero_is_not_verified(expr):
    assert taylor(expr) is Status.UNDECIDED


@pytest.mark.parametrize(
    "expr",
    [
        sp.Piecewise((1, U < 1), (-1, True)),
        sp.atan(1 / (1 - U)),
        1 / (1 - U),
        1 / (1 - U) ** 3,
        sp.floor(U) * -1 + 1,
        1 - 2 * sp.Heaviside(U - 1),
        sp.sign(1 - U),
        sp.Max(-1, 1 - U),
        1 - sp.Abs(U - 1),
        -sp.coth(U - 1),
        sp.tan(U),
        sp.log(sp.Abs(1 - U)) + 1,
        sp.sqrt(1 - U),
        sp.acos(U),
        sp.Mod(-U, 1),
        sp.Function("f", positive=True)(U) - 1,
    ],
)
def test_jumps_and_poles_are_not_taken_for_smooth_growth(expr):
    assert taylor(expr) is Status.UNDECIDED
    assert not smooth(expr)


@pytest.mark.parametrize(
    "expr",
    [
        X**3,
        X**2 + X**3,
        X**2 - X**4,
        X,
        sp.exp(X) - 1,
        (X**2 + X**3) * 5,
        X**2 - 2 * sp.Heaviside(X - 1) * X**2,
        sp.Max(X, 0) ** 2 * sp.sign(X),
        X**4 - X**2,
    ],
)
def test_a_function_that_is_negative_on_one_side_is_not_verified_on_both(expr):
    assert taylor(expr, X, both_sides=True) is Status.UNDECIDED


@pytest.mark.parametrize("start", [sp.Rational(1, 2), sp.S.Zero, sp.Integer(2)])
def test_both_sides_need_the_point_where_it_touches(start):
    assert taylor(sp.exp(U - 1) - U, start=start, both_sides=True) is Status.UNDECIDED


@pytest.mark.parametrize(
    "other", [sp.Symbol("shift", nonnegative=True), sp.Symbol("u", real=True), sp.Symbol("shift", real=True)]
)
@pytest.mark.parametrize("both_sides", [False, True])
def test_another_symbol_of_the_same_name_is_not_the_variable(other, both_sides):
    for expr in (U - other, U**2 - other**2, U * other - U, other * U**2 - U * other**2):
        assert taylor(expr, both_sides=both_sides) is Status.UNDECIDED


def test_a_later_start_is_respected():
    assert taylor(U - 1, start=sp.S.One) is Status.VERIFIED
    assert taylor(U - 1, start=sp.Rational(99, 100)) is Status.UNDECIDED
    assert taylor(U**2 - U, start=sp.S.One) is Status.VERIFIED


@QUIET
@given(st.lists(st.integers(-3, 3), min_size=2, max_size=5), st.integers(0, 40))
def test_a_polynomial_verified_by_taylor_is_nonnegative(coefficients, place):
    expr = sum(c * U**k for k, c in enumerate(coefficients))
    if taylor(expr) is Status.VERIFIED:
        assert sp.sympify(expr).subs(U, sp.Rational(place, 8)) >= 0
        assert (
            all(root <= 0 or sp.Poly(expr, U).count_roots(root, root) >= 1 for root in sp.Poly(expr, U).real_roots())
            if sp.sympify(expr).has(U)
            else True
        )


# Rise and fall -------------------------------------------------------------------------------------------------------

GAUSS = sp.exp(-(U**2) / 2)


def test_the_gaussian_tail_bound_rises_then_falls():
    assert rise(GAUSS - sp.erfc(U / sp.sqrt(2)), GAUSS, sp.sqrt(2 / sp.pi) - U) is Status.VERIFIED
    assert rise(U * sp.exp(-U), sp.exp(-U), 1 - U) is Status.VERIFIED


@pytest.mark.parametrize(
    ("expr", "positive", "sign"),
    [
        (GAUSS - sp.erfc(U / sp.sqrt(2)) - TINY * (1 - GAUSS), GAUSS, sp.sqrt(2 / sp.pi) - U * (1 + TINY)),  # limit < 0
        (U * sp.exp(-U) - TINY * (1 - sp.exp(-U)), sp.exp(-U), 1 - U - TINY),  # limit < 0, factorisation right
        (U * sp.exp(-U) - TINY, sp.exp(-U), 1 - U),  # starts below 0
        (U * sp.exp(-U), sp.exp(-U), 1 - U - TINY),  # wrong factorisation
        (U * sp.exp(-U), sp.exp(-2 * U), 1 - U),
        (-U * sp.exp(-U), sp.exp(-U), U - 1),  # falls, then rises
        (-U * sp.exp(-U), -sp.exp(-U), 1 - U),  # the factor is negative
        (U**3 / 3 - U**2 / 2 + TINY, U, U - 1),
        (-U, sp.S.One, sp.S.NegativeOne),
        (sp.Piecewise((U, U < 1), (-U, True)) * 0 - U * sp.exp(-U), sp.exp(-U), U - 1),
        (A * U * sp.exp(-U), sp.exp(-U), A * (1 - U)),  # a may be negative
    ],
)
def test_a_false_rise_and_fall_is_not_verified(expr, positive, sign):
    assert rise(expr, positive, sign) is Status.UNDECIDED


def test_a_jump_is_not_a_rise():
    jump = U * sp.exp(-U) - 2 * sp.Piecewise((0, U < 1), (sp.exp(-U), True))
    assert rise(jump, sp.exp(-U), sp.Piecewise((1 - U, U < 1), (3 - U, True))) is Status.UNDECIDED


# Limits --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (sp.exp(-U), 0),
        (U / (1 + U), 1),
        (P * U, sp.oo),
        (-P * U, -sp.oo),
        (sp.sqrt(U) * (1 - sp.exp(-2)) / P, sp.oo),
        (P * sp.tanh(U), P),
        ((1 + 1 / U) ** U, sp.E),
        (sp.S.One, 1),
    ],
)
def test_a_true_limit_is_verified(expr, value):
    assert tends(expr, value) is Status.VERIFIED


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (sp.exp(-U), TINY),
        (U / (1 + U), 0),
        (U, 10**9),
        (U, -sp.oo),
        (sp.sin(U), 0),
        (sp.cos(U) ** 2, sp.Rational(1, 2)),
        (sp.exp(-A * U), 0),
        (A * U, sp.oo),
        (U**A, sp.oo),
        ((A * U + 1) / (A * U + 2), 1),
        (sp.tanh(A * U), 1),
        (((P - 1) * U + 1) / ((P - 1) * U + 2), 1),
        (A * U / (U + A), A),
        (sp.oo, sp.zoo),
        (sp.nan, sp.nan),
        (sp.exp(U) / sp.Function("f")(U), 0),
    ],
)
def test_a_limit_that_is_false_or_depends_on_a_parameter_is_not_verified(expr, value):
    assert tends(expr, value) is Status.UNDECIDED


def test_a_limit_is_taken_from_the_stated_side():
    step = sp.exp(1 / X)
    assert tends(step, 0, variable=X, point=0, direction="-") is Status.VERIFIED
    assert tends(step, 0, variable=X, point=0, direction="+") is Status.UNDECIDED
    assert tends(1 / X, sp.oo, variable=X, point=0, direction="+") is Status.VERIFIED
    assert tends(1 / X, sp.oo, variable=X, point=0, direction="-") is Status.UNDECIDED


def test_a_limit_that_sympy_cannot_take_is_undecided():
    broken = sp.Piecewise((0, X > 100), (1, True))
    assert tends(broken, 1, variable=X) is Status.UNDECIDED


# Numbers and citations -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "status"),
    [
        (sp.pi, sp.Rational(22, 7), Status.VERIFIED),
        (sp.Rational(22, 7), sp.pi, Status.FALSE),
        (THIRD, THIRD, Status.VERIFIED),
        (sp.Integer(1), 1 - TINY**9, Status.FALSE),
        (sp.sqrt(2) * sp.sqrt(3) + sp.sqrt(5), sp.sqrt(5) + sp.sqrt(6), Status.UNDECIDED),
        (sp.E, sp.E, Status.UNDECIDED),
        (sp.exp(-1), sp.Rational(36787944117, 10**11), Status.FALSE),
        (sp.log(-1 + sp.E), sp.oo * 0 + 1, Status.VERIFIED),
    ],
)
def test_two_numbers_are_compared_for_certain_or_not_at_all(left, right, status):
    if right is sp.nan:
        right = sp.S.One
    assert Certain(name="", left=left, right=right).check() is status


def proof(*steps, decisive=False):
    return Proof(steps=lambda _claim: steps, decisive=decisive).run(CLAIM, CONTEXT)


CITED = Cited(theorem="folklore", use="everything")


def test_a_proof_is_as_good_as_its_weakest_step():
    good, bad, open_ = equal(X + X, 2 * X), equal(X, 2 * X), equal(sp.Function("f")(X), 0)
    assert proof(good, CITED).verdict is Verdict.PROVED
    assert proof(good, CITED).rests_on == ("folklore: everything",)
    for steps in ((good, bad), (open_, good), (bad,), (good, open_, bad)):
        assert proof(*steps).verdict is Verdict.UNDECIDED
    evidence = proof(good, bad, CITED)
    assert [step.status for step in evidence.steps] == ["verified", "false", "cited"]
    assert evidence.smallest is None


def test_a_proof_of_nothing_but_citations_proves_nothing():
    assert proof().verdict is Verdict.UNDECIDED
    assert proof(CITED, CITED).verdict is Verdict.UNDECIDED


def test_a_false_decisive_step_refutes_with_its_point():
    evidence = proof(equal(X, 2 * X), decisive=True)
    assert evidence.verdict is Verdict.REFUTED
    assert set(evidence.smallest.instance) == {"x"}
    assert evidence.to_dict()["smallest"]["left"] == "nan"
    assert proof(equal(sp.Function("f")(X), 0), decisive=True).verdict is Verdict.UNDECIDED
    number = Certain(name="", left=sp.Integer(2), right=sp.Integer(1))
    assert proof(number, decisive=True).verdict is Verdict.REFUTED


def test_every_registered_symbol_has_admissible_points():
    for entry in SYMBOLS.values():
        point = separating_point(entry.symbol + 7, -(entry.symbol**2) - 7)
        assert point is not None
        value = sp.Rational(point[str(entry.symbol)])
        assert entry.lower <= value <= entry.upper
        assert not (entry.integer and value.q != 1)


def test_the_smooth_functions_are_told_by_their_shape():
    for expr in (
        sp.exp(-U) / (1 + U),
        sp.log(1 + U) ** 2,
        sp.sqrt(2 + sp.exp(U)),
        U**3 - sp.erf(U),
        P**sp.pi,
        1 / W,
        sp.LambertW(1) * U,
    ):
        assert smooth(expr)
    for expr in (
        1 / U,
        sp.sqrt(U),
        sp.log(U),
        1 / X,
        sp.Abs(X),
        sp.sqrt(X**2 + 0),
        X**A,
        sp.I * X,
        sp.Symbol("z"),
        sp.oo * X,
        sp.gamma(P),
        sp.Integral(X, (X, 0, U)),
        sp.Min(X, 1),
    ):
        assert not smooth(expr)


def test_the_numbers_of_a_step_are_read_at_their_own_precision():
    near = sp.Rational(10**50 + 1, 10**50)
    assert Certain(name="", left=sp.sqrt(near), right=sp.Integer(1)).check() is Status.UNDECIDED
    assert math.isclose(float(enclose(sp.sqrt(near), {}).mid()), 1.0)


def test_a_claim_with_a_changed_side_is_not_proved_by_its_plan():
    from verify.plans import PLANS  # noqa: PLC0415

    claim = REGISTRY["EQ-8:stationary"]
    relation = replace(claim.relation, rhs={"prior variance": sp.S.One + sp.Rational(1, 10**9)})
    method = PLANS[claim.id].methods[-1]
    assert method.run(claim, CONTEXT).verdict is Verdict.PROVED
    assert method.run(replace(claim, relation=relation), CONTEXT).verdict is Verdict.UNDECIDED
