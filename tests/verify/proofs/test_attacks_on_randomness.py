"""Attacks on probabilities: samples mixed up, random parameters, failures forgotten."""

import sympy as sp

from tests.verify.proofs.attacking import DEVIATION, HATTED, S_1, S_2, f, p, refused, tail, theorem, x
from theory import symbols as sym
from theory.claims import REGISTRY
from theory.theorems import THEOREMS, places
from theory.vocabulary import objects as o
from theory.vocabulary.meanings import formal
from theory.vocabulary.statements import Every, Fact, at_most, equals
from theory.vocabulary.terms import E, Image
from verify.proofs import kernel
from verify.proofs.kernel import assume, cite, combine, instantiate, sign


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
