"""z3's answers count only when balls or exact rationals confirm them, and say what they rest on."""

import math
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, fmpq

from theory.quantifiers import ForAll
from theory.statement import Claim, Hypothesis, Identity, Inequality, Source
from verify.evidence import smt
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.confrontation import Experiment, relation_sides
from verify.evidence.domain import Choice, Domain, Integer, Real
from verify.evidence.smt import Smt, _enclosed, applies
from verify.evidence.verdict import Verdict

CONTEXT = Context(budget=BUDGETS["quick"])
x, y = sp.symbols("x y", real=True)
n = sp.Symbol("n", integer=True, positive=True)
BOX = {"x": Real(low=-4, high=4), "y": Real(low=-4, high=4), "n": Integer(low=1, high=100)}


def asked(left, right, *, kind=Inequality, fields=None, given=()):
    claim = Claim(
        id="Q:q",
        sentence="a question",
        source=Source(paper="test", place="here"),
        quantifier=ForAll(),
        relation=kind(lhs={"left": sp.sympify(left)}, rhs={"right": sp.sympify(right)}),
        hypotheses=tuple(
            Hypothesis(name=f"h{k}", statement="given", lesser=low, greater=high, strict=strict)
            for k, (low, high, strict) in enumerate(given)
        ),
    )
    names = {str(symbol): symbol for symbol in claim.symbols}
    domain = Domain(fields=fields or BOX)
    trial = Experiment(
        name="box",
        domain=domain,
        sides=lambda c: relation_sides(c, lambda i: {symbol: i[name] for name, symbol in names.items()}),
    )
    return claim, trial


def decide(left, right, **options):
    claim, trial = asked(left, right, **options)
    return Smt(experiment=trial).run(claim, CONTEXT)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (2 * x * y, x**2 + y**2),
        (sp.Abs(x + y), sp.Abs(x) + sp.Abs(y)),
        (sp.Max(x, y), sp.sqrt(x**2 + y**2) + sp.Abs(x)),
        (1 - 1 / n, sp.Integer(1)),
        (x, sp.exp(x) - 1),
        (sp.log(1 + x**2), x**2),
        (sp.Integer(1), sp.cosh(x)),
        (n, 2**n),
    ],
)
def test_what_no_real_number_violates_is_certified(left, right):
    found = decide(left, right)
    assert found.verdict is Verdict.CERTIFIED
    assert found.rests_on[0] == smt.Z3
    assert (smt.BOUNDS in found.rests_on) == bool(sp.sympify(left - right).has(sp.exp, sp.log, sp.cosh, 2**n))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (2 * x * y, x**2 + y**2 - sp.Rational(1, 10**6)),
        (1 + x, sp.exp(x) - sp.Rational(1, 10**9)),
        (sp.log(1 + x**2), sp.Rational(9999, 10000) * x**2),
        (n**2, 50 * n),
        (sp.exp(2 * x), 10 * sp.exp(x)),
        (sp.sqrt(1 + x**2), sp.Rational(17, 10) + sp.Abs(x) / 2),
    ],
)
def test_a_model_is_a_witness_that_balls_confirm(left, right):
    claim, trial = asked(left, right)
    found = Smt(experiment=trial).run(claim, CONTEXT)
    assert found.verdict is Verdict.REFUTED
    assert trial.domain.accepts(found.smallest.instance)
    assert trial.outcome(claim, trial.sides(claim), found.smallest.instance).violated
    assert found.experiment == "box"  # a token replays it


def test_a_violation_that_no_float_shows_is_exact():
    found = decide(
        sp.Integer(0),
        (3 * x - 1) ** 2,
        kind=Identity,
        given=((3 * x, sp.Integer(1), False), (sp.Integer(1), 3 * x, False)),
    )
    assert found.verdict is Verdict.CERTIFIED
    found = decide(
        sp.Rational(1, 2), 3 * x, kind=Identity, given=((3 * x, sp.Integer(1), False), (sp.Integer(1), 3 * x, False))
    )
    assert found.verdict is Verdict.REFUTED
    assert found.smallest.instance == {"x": "1/3"}
    assert "exactly" in found.summary
    assert found.experiment is None


def test_hypotheses_are_part_of_the_question():
    assert decide(x, x**2, given=((sp.Integer(1), x, False),)).verdict is Verdict.CERTIFIED
    refuted = decide(x, x**2)
    assert 0 < refuted.smallest.instance["x"] < 1


@pytest.mark.parametrize(
    ("left", "right"), [(1 / x - 1 / x, sp.Integer(0)), (-1 / x**2, sp.Integer(0)), (sp.log(x), x)]
)
def test_a_side_that_is_undefined_somewhere_is_not_certified(left, right):
    found = decide(left, right)
    if left == 0:  # SymPy has cancelled it
        assert found.verdict is Verdict.CERTIFIED
    else:
        assert found.verdict is Verdict.UNDECIDED
        assert "a side may be undefined at x = " in found.summary


def test_hypotheses_that_nothing_meets_are_vacuous():
    assert decide(x, x - 1, given=((sp.Integer(5), x, False),)).verdict is Verdict.VACUOUS


def test_what_it_cannot_read_it_does_not_take():
    for left in (sp.sin(x), sp.erf(x), x**40, sp.pi * x, x ** sp.sqrt(2) + sp.gamma(x)):
        assert not applies(*asked_domain(left))
    assert not applies(*asked_domain(sp.Symbol("z", real=True)))
    kinds = {"x": Choice(options=("a", "b"))}
    claim, trial = asked(x, x + 1, fields=kinds)
    assert not applies(claim, trial.domain)
    assert decide(sp.sin(x), sp.Integer(1)).verdict is Verdict.UNDECIDED


def asked_domain(left):
    claim, trial = asked(left, sp.Integer(0))
    return claim, trial.domain


def test_without_the_extra_the_method_is_refused_and_no_plan_has_it(monkeypatch):
    monkeypatch.setattr(smt.importlib.util, "find_spec", lambda _name: None)
    claim, trial = asked(x, x + 1)
    assert not applies(claim, trial.domain)
    with pytest.raises(RuntimeError, match=r"pip install 'scoregap\[smt\]'"):
        Smt(experiment=trial).run(claim, CONTEXT)


@pytest.mark.parametrize("kind", [sp.exp, sp.log])
def test_rational_bounds_enclose_the_function(kind):
    for point in (
        Fraction(1),
        Fraction(1, 3),
        Fraction(7),
        Fraction(1, 1000),
        Fraction(30),
        *([Fraction(-5)] if kind is sp.exp else []),
    ):
        low, high = _enclosed(kind, point)
        ball = arb(fmpq(point.numerator, point.denominator))
        value = ball.exp() if kind is sp.exp else ball.log()
        assert not bool(value < arb(fmpq(low.numerator, low.denominator)))
        assert not bool(value > arb(fmpq(high.numerator, high.denominator)))
        assert float(high - low) <= 1e-6 * max(1.0, abs(float(value.mid())))


@pytest.mark.parametrize("point", [-2.0, -0.3, 0.0, 0.5, 3.0])
def test_the_bounds_about_a_point_hold_everywhere(point):
    at, value = point, math.exp(point)
    for d in [k / 16 - 4 for k in range(160)]:
        f, slack = math.exp(at + d), 1e-12 * math.exp(abs(at + d) + 4)
        if d >= 0:
            assert f >= value * (1 + d + d * d / 2) - slack
            assert d >= 2 or f * (2 - d) <= value * (2 + d) + slack
        else:
            assert f * (2 - d) >= value * (2 + d) - slack
            assert f <= value * (1 + d + d * d / 2) + slack
        u, a = math.exp(d), math.exp(at)
        u *= a
        log, slack = math.log(u), 1e-12 * (1 + u) * (1 + a) * 10
        if u >= a:
            assert (log - at) * (u + a) >= 2 * (u - a) - slack
            assert 2 * u * a * (log - at) <= u * u - a * a + slack * (u + a)
        else:
            assert (log - at) * (u + a) <= 2 * (u - a) + slack
            assert 2 * u * a * (log - at) >= u * u - a * a - slack * (u + a)
