"""Steps of proofs: what they verify is true, what is subtly false they do not verify."""

import random

import pytest
import sympy as sp
from flint import arb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from theory.claims import REGISTRY
from theory.symbols import REGISTRY as SYMBOLS
from verify.balls.enclosures import enclose
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.symbolic import Argument, Cited, Equal, Sign, Status, Tends, separating_point, vanishes
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


# Rise and fall -------------------------------------------------------------------------------------------------------

GAUSS = sp.exp(-(U**2) / 2)


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


def argument(*steps):
    return Argument(steps=lambda _claim: steps, gap="nobody has").run(CLAIM, CONTEXT)


CITED = Cited(theorem="folklore", use="everything")


def test_an_argument_is_as_good_as_its_weakest_step():
    good, bad, open_ = equal(X + X, 2 * X), equal(X, 2 * X), equal(sp.Function("f")(X), 0)
    assert argument(good, CITED).verdict is Verdict.ARGUED
    assert argument(good, CITED).summary == "1 step checked; the conclusion is not derived: nobody has"
    assert argument(good, CITED).rests_on == ("folklore: everything",)
    for steps in ((good, bad), (open_, good), (bad,), (good, open_, bad)):
        assert argument(*steps).verdict is Verdict.UNDECIDED
    evidence = argument(good, bad, CITED)
    assert [step.status for step in evidence.steps] == ["verified", "false", "cited"]
    assert evidence.smallest is None


def test_an_argument_of_nothing_but_citations_says_nothing():
    assert argument().verdict is Verdict.UNDECIDED
    assert argument(CITED, CITED).verdict is Verdict.UNDECIDED


def test_every_registered_symbol_has_admissible_points():
    for entry in SYMBOLS.values():
        point = separating_point(entry.symbol + 7, -(entry.symbol**2) - 7)
        assert point is not None
        value = sp.Rational(point[str(entry.symbol)])
        assert entry.lower <= value <= entry.upper
        assert not (entry.integer and value.q != 1)
