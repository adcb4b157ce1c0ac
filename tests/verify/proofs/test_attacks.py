"""Attacks on the proof kernel: every way to a false judgement that we know of is refused."""

import ast
import copy
import dataclasses
import pickle
from pathlib import Path

import pytest
import sympy as sp
from sympy import Rational, log, oo, sqrt

from theory import symbols as sym
from theory.claims import REGISTRY
from theory.theorems import THEOREMS, places
from theory.vocabulary import objects as o
from theory.vocabulary.meanings import formal
from theory.vocabulary.statements import Every, Fact, Rel, Theorem, at_most, below, equals
from theory.vocabulary.terms import E, Image, Law, Object, Quantity, Sample, law, quantity, sources, variable
from verify.balls.certificates import Box, Certificate, certify_nonnegative
from verify.proofs import hilbert, kernel, lemma_4
from verify.proofs.certified import Proved, certify
from verify.proofs.judgement import Event, Judgement, genuine, make
from verify.proofs.kernel import assume, cite, combine, equal, instantiate, sign, substitute
from verify.proofs.terms import ProofError, canonical
from verify.proofs.writing import Draft

x, y, z = sp.symbols("x y z", real=True)
p, q = sp.symbols("p q", positive=True)
w = sp.Symbol("w", nonnegative=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
f = variable("f")
S_1, S_2 = Sample("S_1"), Sample("S_2")
DEVIATION = o.Deviation(o.Y, sym.n)
HATTED = o.Path(o.scaled, o.Empirical(o.Q, o.data), o.Theta0, sym.tau)


def tail(values=None):
    """P(D <= E D + 2M√(log(1/δ)/(2n))) >= 1 − δ."""
    moves = cite(THEOREMS["one vector moves the mean"], {places.bound: sym.M})
    return cite(
        THEOREMS["bounded differences"],
        {places.X: DEVIATION, places.bound: 2 * sym.M / sym.n, **(values or {})},
        by=[moves],
    )


def theorem(says, *, takes, given=(), **more):
    return Theorem(id="made up", sentence="anything", source="nowhere", takes=takes, given=given, says=says, **more)


def refused(attack):
    with pytest.raises(ProofError):
        attack()


# Forging ------------------------------------------------------------


def false():
    return Rel(sp.S.One, "<=", sp.S.Zero)


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


def test_a_failure_probability_twice_too_large_is_refused():
    refused(lambda: cite(THEOREMS["bounded differences"], {sym.delta: 2 * sym.delta}))


def test_a_parameter_that_depends_on_the_sample_is_refused():
    refused(lambda: instantiate(tail(), {sym.M: 1 + DEVIATION}))
    refused(lambda: instantiate(tail(), {sym.delta: sp.exp(-DEVIATION)}))


def test_a_comparator_found_on_the_data_is_refused():
    claim = formal(REGISTRY["T1:concentration-G"])
    refused(lambda: cite(claim, {o.Theta: HATTED}))


def test_a_statistic_moves_with_its_sample():
    moved = instantiate(tail(), {o.Y: o.MATRICES})
    assert all(
        part.has(o.data) and not part.has(o.Y) for part in (moved.says.left, *(e.says.left for e in moved.events))
    )
    assert {e.over for e in moved.events} == {frozenset([o.data])}


def test_two_samples_do_not_become_one():
    both = theorem(
        equals(E(S_1, f(o.Deviation(S_1, sym.n)) * o.Deviation(S_2, sym.n)), x), takes=(S_1, S_2, f, x, sym.n)
    )
    refused(lambda: cite(both, {S_2: S_1}))
    refused(lambda: instantiate(cite(both), {S_2: S_1}))
    refused(lambda: instantiate(cite(both), {S_2: Image(o.MatrixPart(o.Q), S_1)}))


def test_a_factor_put_beside_a_mean_may_not_be_random():
    linear = theorem(
        equals(E(o.Y, x * places.X), x * E(o.Y, places.X)), takes=(o.Y, x, places.X), statistics=(places.X,)
    )
    refused(lambda: cite(linear, {x: DEVIATION}))
    refused(lambda: instantiate(cite(linear), {x: DEVIATION}))
    refused(lambda: instantiate(cite(linear), {places.X: DEVIATION}))


def test_an_event_over_one_sample_that_names_another_asks_for_independence():
    other = Image(o.GradientPart(o.Q, o.SampledWeights(o.sampled)), o.data)
    j = instantiate(tail(), {o.Y: other})
    assert Fact("independent", tuple(sorted([o.data, o.sampled], key=str))) in j.hyps


def test_a_sure_hypothesis_is_not_shown_with_a_probability():
    mean = theorem(at_most(E(o.Y, places.X), x), takes=(o.Y, places.X, x), given=(Every((o.Y,), at_most(places.X, x)),),
                   statistics=(places.X,))  # fmt: skip
    likely = tail()
    bound = likely.says.right
    refused(lambda: cite(mean, {places.X: DEVIATION, x: bound}, by=[likely]))
    refused(lambda: cite(mean, {places.X: DEVIATION, x: bound}, by=[assume(at_most(DEVIATION, bound))]))


def test_a_fact_is_not_shown_with_a_probability():
    takes = (places.X, o.Y, x)
    fact = theorem(Fact("moves", takes), takes=takes, given=(at_most(places.X, x),), statistics=takes[:1])
    likely = tail()
    refused(lambda: cite(fact, {places.X: DEVIATION, x: likely.says.right}, by=[likely]))
    refused(lambda: cite(fact, {places.X: DEVIATION}))


def test_events_add_up():
    one, two = tail(), tail({sym.delta: sym.delta / 3})
    both = combine(at_most(2 * DEVIATION, one.says.right + two.says.right), [(1, one), (1, two)])
    assert sp.simplify(both.failure - 4 * sym.delta / 3) == 0
    assert combine(at_most(2 * DEVIATION, 2 * one.says.right), [(1, one), (1, one)]).failure == sym.delta


def test_a_failure_is_not_forgotten():
    refused(lambda: kernel.weaken(tail(), sp.S.Zero))
    refused(lambda: kernel.weaken(tail(), sym.delta / 2))
    refused(lambda: kernel.weaken(tail(), sym.delta / 2, sign(sym.delta)))


def test_an_event_under_a_random_hypothesis_is_not_renamed():
    some = combine(at_most(DEVIATION, sym.M + tail().says.right), [(1, tail())], [assume(at_most(DEVIATION, sym.M))])
    refused(lambda: kernel.weaken(some, sym.delta))


def test_no_limit_of_what_may_fail():
    likely = instantiate(tail(), {sym.M: p})
    refused(lambda: kernel.limit(likely, p))


# Every, limits, cases, induction ------------------------------------------------------------


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


# What is proved ------------------------------------------------------------


def proved(claim_id, proof):
    return certify(REGISTRY[claim_id], proof(Draft(REGISTRY[claim_id])), {})


def test_a_claim_is_not_proved_by_assuming_it():
    claim = REGISTRY["HILBERT:deviation"]
    refused(lambda: certify(claim, assume(formal(claim).says), {}))


def test_no_claim_rests_on_itself():
    claim = REGISTRY["HILBERT:mean"]
    refused(lambda: certify(claim, cite(claim), {}))
    own = proved("HILBERT:mean", hilbert.mean)
    refused(lambda: certify(claim, cite(claim), {"HILBERT:mean": own}))


def test_no_claim_rests_on_itself_through_another():
    mean, deviation = REGISTRY["HILBERT:mean"], REGISTRY["HILBERT:deviation"]
    first = proved("HILBERT:mean", hilbert.mean)
    second = certify(deviation, hilbert.deviation(Draft(deviation)), {"HILBERT:mean": first})
    assert second.claims == {"HILBERT:mean"}
    link = theorem(formal(mean).says, takes=formal(mean).takes, given=(formal(deviation).says,))
    refused(lambda: certify(mean, cite(link, by=[cite(deviation)]), {"HILBERT:deviation": second}))


def test_a_link_that_is_not_proved_is_refused():
    deviation = REGISTRY["HILBERT:deviation"]
    j = hilbert.deviation(Draft(deviation))
    first = proved("HILBERT:mean", hilbert.mean)
    refused(lambda: certify(deviation, j, {}))
    refused(lambda: certify(deviation, j, {"HILBERT:mean": dataclasses.replace(first, theorems=frozenset())}))
    other = Proved(formal(REGISTRY["HILBERT:mean"]), j, frozenset(), frozenset(), frozenset(), 0)
    refused(lambda: certify(deviation, j, {"HILBERT:mean": other}))


def test_a_theorem_of_ones_own_is_not_the_registrys():
    claim = REGISTRY["HILBERT:mean"]
    says = formal(claim).says
    refused(lambda: certify(claim, cite(theorem(says, takes=formal(claim).takes)), {}))
    jensen = dataclasses.replace(THEOREMS["Chebyshev"], says=says, failure=sp.S.Zero, takes=formal(claim).takes)
    refused(lambda: certify(claim, cite(jensen), {}))


@pytest.mark.parametrize("change", ["hypotheses", "at_least", "relation"])
def test_a_stronger_claim_is_not_proved_by_the_proof(change):
    claim = REGISTRY["HILBERT:deviation"]
    j = hilbert.deviation(Draft(claim))
    first = {"HILBERT:mean": proved("HILBERT:mean", hilbert.mean)}
    assert certify(claim, j, first).theorems >= {"bounded differences"}
    if change == "hypotheses":
        changed = dataclasses.replace(claim, hypotheses=())
    elif change == "at_least":
        changed = dataclasses.replace(
            claim, quantifier=dataclasses.replace(claim.quantifier, at_least=1 - sym.delta**3)
        )
    else:
        changed = dataclasses.replace(
            claim, relation=claim.relation.map(lambda e: e * Rational(99, 100) if e.has(sym.M) else e)
        )
    refused(lambda: certify(changed, j, first))


def test_a_mutated_chain_is_not_proved():
    claim = REGISTRY["L4:sharp"]
    for mutant in claim.mutants:
        wrong = mutant.apply(claim)
        refused(lambda wrong=wrong: certify(wrong, lemma_4.sharp(Draft(wrong)), {}))


def test_theorems_speak_of_what_they_take():
    refused(lambda: cite(theorem(at_most(0, x), takes=())))
    refused(lambda: cite(theorem(at_most(0, x), takes=(y,))))


def test_a_relation_is_put_in_beside_a_law_but_not_inside():
    hole = sp.Dummy("hole", nonnegative=True)
    beside = substitute(hole + o.Variance(o.Y), hole, assume(at_most(DEVIATION, sym.M)))
    assert beside.says == at_most(DEVIATION + o.Variance(o.Y), sym.M + o.Variance(o.Y))
    refused(lambda: substitute(hole + E(o.Y, hole), hole, assume(at_most(DEVIATION, sym.M))))


def test_laws_are_no_random_numbers():
    spread = law("spread")
    assert issubclass(spread, Law)
    assert not sources(spread(o.Y) + E(o.Y, DEVIATION))
    assert sources(DEVIATION + spread(o.Y)) == {o.Y}
    assert sources(spread(Image(o.GradientPart(o.Q, o.SampledWeights(o.sampled)), o.data))) == {o.sampled}
    assert isinstance(Event(false(), sym.delta, frozenset()), Event)
    assert Object("Q") == o.Q
    assert Object("Q") != Sample("Q") != sp.Symbol("Q")


def test_a_float_is_not_taken_for_the_integer_that_it_equals():
    assert canonical(sym.x + 1) == sym.x + 1
    with pytest.raises(ProofError, match="Float"):
        canonical(sym.x + sp.Float(1))
