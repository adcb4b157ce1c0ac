"""Attacks on the proof kernel: every way to a false judgement that we know of is refused."""

import ast
import copy
import dataclasses
import pickle
from pathlib import Path

import pytest
import sympy as sp
from sympy import Rational, log, oo, sqrt

from tests.verify.proofs.attacking import DEVIATION, f, false, k, p, q, refused, tail, theorem, w, x, y, z
from theory import symbols as sym
from theory.claims import REGISTRY
from theory.theorems import THEOREMS, places
from theory.vocabulary import objects as o
from theory.vocabulary.statements import Fact, Rel, at_most, below, equals
from theory.vocabulary.terms import E, Quantity, quantity
from verify.balls.certificates import Box, Certificate, certify_nonnegative
from verify.proofs import kernel
from verify.proofs.certified import certify
from verify.proofs.judgement import Judgement, genuine, make
from verify.proofs.kernel import assume, cite, combine, equal, instantiate, sign, substitute

# Forging ------------------------------------------------------------


def test_a_judgement_made_by_hand_is_refused():
    forged = Judgement(frozenset(), false(), frozenset(), frozenset(), "magic", (), None, 0)
    refused(lambda: genuine(forged))
    refused(lambda: combine(false(), [(1, forged)]))


@pytest.mark.parametrize("field", ["hyps", "says", "events", "rests"])
def test_a_changed_judgement_is_refused(field):
    j = tail()
    empty = {"says": false(), "hyps": frozenset(), "events": frozenset(), "rests": frozenset()}[field]
    refused(lambda: genuine(dataclasses.replace(j, **{field: empty})))
    other = copy.copy(j)
    object.__setattr__(other, field, empty)
    refused(lambda: genuine(other))


def test_a_relation_changed_in_place_is_refused():
    j = sign(w)
    object.__setattr__(j.says, "right", -w)
    refused(lambda: genuine(j))
    assert genuine(sign(w)).right == w, "and the rule, asked again, makes it anew"


def test_what_is_put_in_again_after_a_change_is_refused():
    j = sign(w)
    assert combine(Rel(sp.S.Zero, "<=", 2 * w), [(2, j)]) is combine(Rel(sp.S.Zero, "<=", 2 * w), [(2, j)])
    object.__setattr__(j.says, "right", -w)
    refused(lambda: combine(Rel(sp.S.Zero, "<=", 2 * w), [(2, j)]))


def test_a_subclass_of_judgement_is_refused():
    class Mine(Judgement):
        pass

    j = sign(w)
    refused(lambda: genuine(Mine(*j.content, "sign", (), None, j.seal)))


def test_a_pickled_judgement_of_another_process_is_refused():
    j = sign(w)
    data = pickle.dumps((j.hyps, j.says, j.events, j.rests))
    hyps, _, events, rests = pickle.loads(data)
    refused(lambda: genuine(Judgement(hyps, false(), events, rests, "sign", (), None, j.seal)))


def test_only_the_rules_make_judgements():
    for path in Path(kernel.__file__).parents[1].rglob("*.py"):
        names = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module == "verify.proofs.judgement"
            for alias in node.names
        }
        assert "make" not in names or path.name == "kernel.py", path
    assert make.__module__ == "verify.proofs.judgement"


def test_a_subclass_of_a_statement_or_symbol_is_refused():
    class Same(Rel):
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 0

    class Sly(sp.Symbol):
        pass

    refused(lambda: assume(Same(sp.S.Zero, "<=", w)))
    refused(lambda: sign(Sly("sly", nonnegative=True)))
    refused(lambda: assume(Fact(type("Text", (str,), {})("iid"), (o.Y, sym.n))))


def test_a_class_of_functions_with_its_own_sign_is_refused():
    class Mine(Quantity):
        is_nonnegative = True

    class Sneaky(sp.Function):
        is_real = True
        is_nonnegative = True

    refused(lambda: sign(Mine(x)))
    refused(lambda: sign(Sneaky(x)))


def test_registries_cannot_be_changed():
    with pytest.raises(TypeError):
        THEOREMS["Chebyshev"] = theorem(false(), takes=())  # type: ignore[index]


# Terms ------------------------------------------------------------


@pytest.mark.parametrize(
    "term",
    [sp.Float(0.1), sp.nan, sp.zoo, oo, sp.I, sp.Symbol("c"), sp.Symbol("o", odd=True), sp.true, o.Q, sp.sign(x)],
)
def test_what_is_no_exact_real_number_is_refused(term):
    refused(lambda: equal(term, term))


@pytest.mark.parametrize("term", [1 / x, 1 / w, log(w), sqrt(x), x ** Rational(1, 3), p**x / w, sp.erfinv(x), w**-y])
def test_a_term_that_may_be_undefined_is_refused(term):
    refused(lambda: equal(term, term))
    refused(lambda: sign(term**2))
    refused(lambda: combine(at_most(0, 1), [(term**2, sign(sp.S.Zero))]))


def test_multiplying_by_a_reciprocal_that_may_be_a_pole_is_refused():
    refused(lambda: combine(at_most(1, y), [(1 / w, assume(at_most(w, w * y)))]))


def test_a_hole_over_a_possible_zero_is_refused():
    hole = sp.Dummy("hole", real=True)
    refused(lambda: substitute(hole / w, hole, equal(w, w)))
    refused(lambda: substitute(w / hole, hole, equal(w, w)))


def test_a_product_left_unevaluated_hides_no_pole():
    refused(lambda: equal(sp.Mul(x, 1 / x, evaluate=False), 1))


@pytest.mark.parametrize(
    ("left", "right"),
    [(sqrt(x**2), x), (log(p**2), 3 * log(p)), (sp.Abs(x), x), (sp.Max(x, y), x), ((x + 1) ** 2, x**2 + 1), (x, y)],
)
def test_a_wrong_identity_is_refused(left, right):
    refused(lambda: equal(left, right))


@pytest.mark.parametrize("term", [x, x**3, x * y, 1 - w, w - p, sp.exp(-w) - 1, log(p), -(x**2), sp.cos(x), p - q])
def test_a_sign_that_is_none_is_refused(term):
    refused(lambda: sign(term))


def test_a_strict_sign_at_zero_is_refused():
    refused(lambda: sign(w, strict=True))
    refused(lambda: sign(x**2, strict=True))


# Combining and substituting ------------------------------------------------------------


def test_a_negative_factor_is_refused():
    refused(lambda: combine(at_most(0, -(x**2)), [(-1, sign(x**2))]))
    refused(lambda: combine(at_most(0, x * w), [(x, sign(w))]))


def test_an_inequality_does_not_make_an_identity_or_a_strict_one():
    refused(lambda: combine(equals(0, w), [(1, sign(w))]))
    refused(lambda: combine(below(0, w), [(1, sign(w))]))


@pytest.mark.parametrize("function", [lambda v: v**2, sp.cos, sp.Abs, lambda v: v - v**3])
def test_what_is_not_monotone_is_refused(function):
    hole = sp.Dummy("hole", real=True)
    refused(lambda: substitute(function(hole), hole, assume(at_most(y, z))))


def test_a_reciprocal_through_zero_is_refused():
    hole = sp.Dummy("hole", real=True)
    refused(lambda: substitute(1 / hole, hole, assume(at_most(y, y + 1))))


def test_a_quantity_is_not_monotone_in_its_arguments():
    hole, size = sp.Dummy("hole", real=True), quantity("size")
    refused(lambda: substitute(size(hole) + hole, hole, assume(at_most(y, z))))
    refused(lambda: substitute(E(o.Y, hole), hole, assume(at_most(y, z))))


def test_a_relation_at_some_outcomes_does_not_enter_a_mean():
    hole = sp.Dummy("hole", real=True)
    at_some = assume(equals(DEVIATION, sym.M))
    refused(lambda: substitute(E(o.Y, hole), hole, at_some))
    refused(lambda: substitute(sp.Integral(hole, (z, 0, 1)) + E(o.Y, hole * DEVIATION), hole, at_some))


def test_a_relation_along_a_point_is_not_differentiated():
    hole, time = sp.Dummy("hole", real=True), sp.Symbol("t", real=True)
    at_point = assume(equals(time, 1))
    refused(lambda: substitute(sp.Derivative(hole * f(time), time), hole, at_point))


# Values put in ------------------------------------------------------------


@pytest.mark.parametrize(
    ("symbol", "value"),
    [(w, x), (w, -1), (p, w), (p, 0), (p, 1 / w), (k, Rational(1, 2)), (k, w), (sym.delta, 2), (sym.delta, 1 + w),
     (sym.n, 0), (sym.n, k), (w, sp.zoo), (w, sp.nan), (w, oo), (w, sp.Float(0.5)), (w, o.Q), (w, sp.I), (sym.q, 2),
     (sym.delta, 2 * sym.delta)],
)  # fmt: skip
def test_a_value_outside_the_domain_is_refused(symbol, value):
    refused(lambda: instantiate(sign(symbol), {symbol: value}))


def test_a_quantity_is_no_variable():
    j = cite(THEOREMS["least loss"])
    refused(lambda: instantiate(j, {o.Value(o.Q, o.Theta): sp.S.Zero}))
    refused(lambda: instantiate(j, {o.Value: sp.Lambda(z, z)}))


def test_a_named_object_is_no_variable():
    j = cite(THEOREMS["flow of A"])
    refused(lambda: instantiate(j, {o.A: o.scaled}))
    refused(lambda: instantiate(j, {o.Q: 3}))
    refused(lambda: instantiate(j, {o.Q: sym.tau}))


def test_a_function_of_the_wrong_sign_is_refused():
    positive = sp.Function("f", positive=True)
    j = sign(positive(x))
    refused(lambda: instantiate(j, {positive: sp.Lambda(z, z)}))
    refused(lambda: instantiate(j, {positive: sp.Lambda(z, 1 / z)}))


def test_a_bound_variable_is_not_captured():
    j = equal(sp.Integral(x * z, (z, 0, 1)), sp.Integral(x * y, (y, 0, 1)))
    assert not instantiate(j, {x: z}).says.left.has(z**2)
    assert instantiate(j, {x: z}).says.left.free_symbols == {z}


def test_a_value_under_a_derivative_is_not_differentiated():
    time = sp.Symbol("t", real=True)
    j = equal(sp.Derivative(x * f(time), time), x * sp.Derivative(f(time), time))
    refused(lambda: instantiate(j, {x: time}))
    refused(lambda: instantiate(j, {f: sp.Lambda(z, time * z)}))
    refused(lambda: instantiate(j, {time: 3}))


def test_a_derivative_of_a_named_function_asks_for_smoothness():
    time = sp.Symbol("t", real=True)
    assert {h.name for h in equal(sp.Derivative(x * f(time), time), x * sp.Derivative(f(time), time)).hyps} == {
        "smooth"
    }
    refused(lambda: equal(sp.Derivative(sp.Abs(time), time), sp.Derivative(sp.Abs(time), time)))


# Randomness ------------------------------------------------------------


def modes(a, b, c, *by):
    values = dict.fromkeys((places.e, places.f, places.g, places.h), 0)
    return cite(THEOREMS["spectral theorem"], {places.a: a, places.b: b, places.c: c, **values}, by=by)


def test_modes_are_not_chosen():
    mode, y0, y1 = places.mode, places.offset_0, places.offset
    each = at_most(0, -mode * sp.exp(-4 * mode * sym.tau) * y0**2 + mode * y1**2 + (y0 - y1) ** 2)
    refused(lambda: modes(-1, 1, 1))
    refused(lambda: modes(-1, 1, 1, assume(each)))
    refused(lambda: modes(-1, 1, 1, combine(each, [(1, assume(each))])))
    refused(lambda: modes(0, 0, mode, sign(mode * (y0 - y1) ** 2)))


def test_a_limit_has_no_pole_and_no_parameter_in_its_way():
    ratio = sign(p**2 / (p**2 + w**2))
    refused(lambda: kernel.limit(ratio, p))  # 0/0 at p = w = 0
    refused(lambda: kernel.limit(sign(w), w))
    refused(lambda: kernel.limit(sign(sp.exp(-1 / p)), p))
    refused(lambda: kernel.limit(assume(at_most(0, p)), p))
    assert kernel.limit(sign(w + p), p).says == at_most(0, w)


def test_a_limit_at_infinity_has_no_parameter():
    refused(lambda: kernel.tends(sp.Lambda(z, (x * z + 1) / (1 + z**2)), x))
    refused(lambda: kernel.tends(sp.Lambda(z, sp.exp(-x * z**2)), 0))
    refused(lambda: kernel.tends(sp.Lambda(z, sp.tanh(z)), 2))
    assert kernel.tends(sp.Lambda(z, sp.tanh(z)), 1).says == Fact(
        "tends", (kernel.canonical(sp.Lambda(z, sp.tanh(z))), sp.S.One, sp.S.One)
    )


def test_both_cases_are_needed():
    one = combine(at_most(0, y - x), [(1, assume(at_most(x, y)))])
    refused(lambda: certify(REGISTRY["L2:printed-short"], kernel.cases(one, one, x, y), {}))
    assert kernel.cases(one, one, x, y).hyps == {at_most(x, y)}
    strict = [assume(below(x, y)), assume(below(y, x))]
    refused(lambda: kernel.cases(*(combine(at_most(0, w), [], [s]) for s in strict), x, y))


def test_an_induction_starts_and_steps():
    step = combine(at_most(0, f(k + 1)), [(1, assume(at_most(0, f(k)))), (1, assume(at_most(f(k), f(k + 1))))])
    start = assume(at_most(0, f(0)))
    refused(lambda: kernel.induction(start, step, k))  # f(k) <= f(k + 1) for one k only
    refused(lambda: kernel.induction(assume(at_most(0, f(1))), step, k))
    refused(lambda: kernel.induction(sign(sp.S.Zero), start, k))


def test_certificates_are_checked():
    refused(lambda: kernel.taylor(x - x**2, x))
    refused(lambda: kernel.taylor(sp.Abs(x) - x**2, x))
    refused(lambda: kernel.taylor(sqrt(w) - w, w))
    refused(lambda: kernel.taylor(x**3, x, both_sides=True))
    refused(lambda: kernel.rise_and_fall(sp.exp(-w) - 1, w, 1, -sp.exp(-w)))
    line = certify_nonnegative(1 - x / 2, Box({x: (0, 1)}))
    box = certify_nonnegative(x**2 + 1, Box({x: (0, 1)}))
    assert kernel.balls(box).hyps == {at_most(0, x), at_most(x, 1)}
    refused(lambda: kernel.balls(dataclasses.replace(box, expr=x - 5)))
    refused(lambda: kernel.balls(dataclasses.replace(line, box=Box({x: (0, 100)}))))
    refused(lambda: kernel.balls(type("Certificate", (Certificate,), {"verify": lambda self: True})(**vars(box))))


def test_taylor_beyond_a_point_keeps_the_point():
    assert kernel.taylor(x - 1, x, 1).hyps == {at_most(1, x)}
    assert kernel.taylor(x, x).hyps == {at_most(0, x)}
    assert not kernel.taylor(w, w).hyps
