"""The proof kernel: judgements Γ ⊢ S [events], made by the rules of this file and by nothing else.

A judgement says: in every model (a choice of all objects, samples and functions, and of numbers in the domains of
their symbols) in which the hypotheses Γ hold, S holds at every outcome outside the union of its events; an event is
named by what holds off it, and fails with at most its probability over its samples. Rules unite the events of their
premises, and the failures add: the union bound is bookkeeping, never prose.

Terms are defined: a rule takes none with a pole, a root or a logarithm that may leave its domain, so that nothing is
cancelled at 0. Dependence on randomness is read off terms. Trusted beside this file are what it is made of
(`judgement`, `terms`, `arithmetic`, `calculus` of this folder), `certified`, the vocabulary, and the theorems that a
judgement rests on, which it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from theory.statement import Claim
from theory.vocabulary.meanings import MeaningError, formal
from theory.vocabulary.statements import Every, Fact, Rel, Statement, Theorem
from theory.vocabulary.terms import Expectation, Law, Sample, randomness
from verify.balls.certificates import Certificate
from verify.proofs.arithmetic import (
    admitted,
    bounded_above,
    direction,
    hole_of,
    inner,
    need_defined,
    same,
    same_statement,
    visible,
)
from verify.proofs.calculus import differentiated, has_limit, is_regular, rises_and_falls, taylor_sign
from verify.proofs.judgement import (
    Event,
    Judgement,
    event_of,
    genuine,
    kept_apart,
    make,
    relation,
    relations,
    remembered,
    samples_of,
    surely,
    union,
)
from verify.proofs.terms import (
    ProofError,
    canonical,
    canonical_statement,
    free,
    is_number,
    is_unknown,
    is_variable,
    law_samples,
    replaced,
    well_made,
)

_BINDERS = (sp.Lambda, sp.Integral, sp.Derivative, Expectation)


def _number(expr: Any) -> Any:
    expr = canonical(sp.sympify(expr))
    if not is_number(expr):
        raise ProofError(f"not a real number: {expr}")
    return expr


# Rules ------------------------------------------------------------


def assume(statement: Statement, given: Sequence[Judgement] = ()) -> Judgement:
    """h ⊢ h."""
    statement = canonical_statement(statement)
    need_defined(relations(given), *statement.parts)
    return make("hypothesis", statement, given, hyps=union([[statement], *(g.hyps for g in given)]))


@remembered
def equal(left: Any, right: Any, given: Sequence[Judgement] = ()) -> Judgement:
    """An identity; derivatives are carried out, of named functions under the hypothesis that these are smooth."""
    left, right, rels = _number(left), _number(right), relations(given)
    needs: set[Statement] = set()
    one, two = differentiated(left, needs), differentiated(right, needs)
    need_defined(rels, left, right, one, two)
    if not same(one, two, rels):
        raise ProofError("not visibly equal: {} and {}", left, right)
    return make("identity", Rel(left, "=", right), given, hyps=union([needs, *(g.hyps for g in given)]))


@remembered
def sign(expr: Any, given: Sequence[Judgement] = (), *, strict: bool = False) -> Judgement:
    """A visible sign: 0 <= expr, or 0 < expr."""
    expr, rels = _number(expr), relations(given)
    need_defined(rels, expr)
    if not visible(expr, rels, strict=strict):
        raise ProofError("not visibly {}: {}", "positive" if strict else "nonnegative", expr)
    return make("sign", Rel(sp.S.Zero, "<" if strict else "<=", expr), given)


@remembered
def combine(goal: Rel, parts: Sequence[tuple[Any, Judgement]], given: Sequence[Judgement] = ()) -> Judgement:
    """goal's right − left is Σ factor·(right − left) + rest, factors and rest visibly >= 0 (any factor for "=")."""
    goal, rels = canonical_statement(goal), relations(given)  # type: ignore[assignment]
    if not isinstance(goal, Rel):
        raise ProofError(f"not a relation: {goal}")
    rest, strict, factors = goal.right - goal.left, goal.sign == "<", [_number(f) for f, _ in parts]
    need_defined(rels, *goal.parts, *factors)
    for factor, (_, j) in zip(factors, parts, strict=True):
        rel = relation(j)
        if rel.sign != "=" and (goal.sign == "=" or not visible(factor, rels)):
            raise ProofError("the factor {} is not visibly nonnegative", factor)
        strict = strict and not (rel.sign == "<" and visible(factor, rels, strict=True))
        rest -= factor * (rel.right - rel.left)
    ways = ((), rels) if rels else ((),)
    if not any((not strict and same(rest, sp.S.Zero, way)) for way in ways) and (
        goal.sign == "=" or not any(visible(rest, way, strict=strict) for way in ways)
    ):
        raise ProofError("what remains of {} is not visibly {}: {}", goal, "> 0" if strict else ">= 0", rest)
    return make("combination", goal, [*(j for _, j in parts), *given], detail=tuple(factors))


@remembered
def substitute(expr: Any, var: sp.Symbol, j: Judgement, given: Sequence[Judgement] = ()) -> Judgement:
    """L <= R gives f(L) <= f(R) for f visibly rising between them (>= for falling f); L = R gives f(L) = f(R)."""
    expr, rel, rels = _number(expr), relation(j), relations(given)
    signs = {"positive": visible(rel.left, rels, strict=True), "nonnegative": visible(rel.left, rels)}
    stand = hole_of(frozenset(name for name, holds in signs.items() if holds))
    if stand in free([rel, *rels]) | expr.free_symbols:
        raise ProofError(f"a hole stands in {expr} already")
    hole = replaced(expr, {var: stand})
    for node in (node for node in sp.preorder_traversal(hole) if node.has(stand)):
        if rel.sign != "=" and (is_unknown(node) or isinstance(node, _BINDERS)):
            raise ProofError("not visibly monotone: {}", node)
        if isinstance(node, (*_BINDERS, Law)):  # what is put in must hold for all values of what is bound
            surely(j, *given, over=law_samples(node))
            along = set(node.variables) if isinstance(node, sp.Derivative) else set()
            if along & free([*j.hyps, *(h for g in given for h in g.hyps)]):
                raise ProofError(f"{j} does not hold along {along}")
    rels += tuple(Rel(r.left, r.sign, stand) for r in rels if r.right == rel.left)  # what is below L is below the hole
    rels += tuple(Rel(stand, r.sign, r.right) for r in rels if r.left == rel.right)
    need_defined(rels, hole)
    low, high = (canonical(replaced(hole, {stand: side})) for side in rel.parts)
    need_defined(rels, low, high)
    if rel.sign == "=":
        return make("congruence", Rel(low, "=", high), [j, *given], detail=(expr, var))
    slack = inner("slack", "nonnegative")
    way = direction(hole, stand, [rel.left + slack, rel.right - slack, stand], rels)
    if way not in (1, -1):
        raise ProofError("not visibly monotone between {} and {}: {} in {}", *rel.parts, expr, var)
    return make("monotone", Rel(low, "<=", high) if way > 0 else Rel(high, "<=", low), [j, *given], detail=(expr, var))


@remembered
def instantiate(j: Judgement, at: Mapping[Any, Any], given: Sequence[Judgement] = ()) -> Judgement:
    """Values in their domains for the free symbols and function variables, in the hypotheses too."""
    values = admitted(at, relations(given))
    statements = [genuine(j).says, *j.hyps, *(e.says for e in j.events)]
    laws = union(law_samples(part) for s in statements for part in s.parts)
    over = kept_apart(values, laws | samples_of(j.hyps, Fact) | union(e.over for e in j.events))
    if j.events:
        surely(*given, over=over)

    def change(expr: sp.Basic) -> Any:
        return canonical(replaced(expr, values))

    made = [
        event_of(e.says.map(change), change(e.failure), union(randomness(change(o)) for o in e.over)) for e in j.events
    ]
    says = canonical_statement(j.says.map(change))
    hyps = union([(h.map(change) for h in j.hyps), *(apart for _, apart in made), *(g.hyps for g in given)])
    events = union([(event for event, _ in made), *(g.events for g in given)])
    return make("instance", says, [j, *given], hyps=hyps, events=events, detail=values)


def stated(claim: Claim) -> Theorem:
    """The formal statement of a claim; ProofError where it has none."""
    try:
        return formal(claim)
    except MeaningError as error:
        raise ProofError(str(error)) from None


@remembered
def cite(
    theorem: Theorem | Claim,
    at: Mapping[Any, Any] | None = None,
    by: Sequence[Judgement] = (),
    given: Sequence[Judgement] = (),
) -> Judgement:
    """An instance of a theorem or claim; hypotheses that no judgement in ``by`` shows stay hypotheses of the result."""
    theorem = stated(theorem) if isinstance(theorem, Claim) else theorem
    well_made(theorem)
    unknown = [key for key in at or {} if key not in theorem.takes]
    if unknown:
        raise ProofError(f"{theorem.id} does not take {unknown[0]}; it takes {theorem.takes}")
    takes = {take: take for take in theorem.takes if not is_variable(take)}
    values = admitted({**takes, **(at or {})}, relations(given))
    samples = {take for take in theorem.takes if isinstance(take, Sample)}
    needs = [need.says if isinstance(need, Every) else need for need in theorem.given]
    bound = union(law_samples(part) for s in (theorem.says, *needs) for part in s.parts)
    over = kept_apart(values, samples | bound, theorem.statistics)

    def change(expr: sp.Basic) -> Any:
        return canonical(replaced(canonical(expr), values))

    says, failure = canonical_statement(theorem.says.map(change)), change(theorem.failure)
    events: set[Event] = set()
    hyps: set[Statement] = set()
    chance = union(randomness(change(o)) for o in theorem.over or samples)
    chancy = failure != 0 or bool(union(law_samples(part) for part in says.parts)) or isinstance(says, Fact)
    if chancy:
        surely(*given, over=over)
    used: list[Judgement] = []
    for need in theorem.given:
        every = need if isinstance(need, Every) else None
        what = canonical_statement((every.says if every else need).map(change))  # type: ignore[union-attr]
        found = next((j for j in by if same_statement(genuine(j).says, what)), None)
        if found is None:
            if every or (chancy and isinstance(what, Rel) and samples_of([what]) & over):
                raise ProofError(f"{theorem.id} needs, surely: {need}")
            hyps.add(what)
            continue
        used.append(found)
        hyps |= found.hyps - (_spent(theorem, every, found, values, change) if every else set())
        if every and every.failure != 0:
            if not visible(change(every.failure) - found.failure) or samples_of(found.hyps, Rel):
                raise ProofError(f"{found} may fail with probability {found.failure}, not {change(every.failure)}")
            chance |= union(e.over for e in found.events)
        elif every or chancy or isinstance(need, Fact):
            surely(found, over=over if chancy else frozenset())
        else:
            events |= found.events
    if failure != 0:
        event, apart = event_of(says, failure, chance)
        events.add(event)
        hyps |= apart
    idle = [j for j in by if j not in used]
    if idle:
        raise ProofError(
            f"{theorem.id} has no hypothesis {idle[0].says}; it needs {'; '.join(map(str, theorem.given))}"
        )
    return make(
        f"by {theorem.id}",
        says,
        [*used, *given],
        hyps=hyps.union(*(g.hyps for g in given)),
        events=events.union(*(g.events for g in given)),
        rests=[theorem],
        detail=values,
    )


def _spent(theorem: Theorem, every: Every, j: Judgement, values: Mapping[Any, Any], change: Any) -> set[Statement]:
    """The hypotheses on bound variables that ``where`` allows; ProofError where ``j`` assumes more of them."""
    names = {v for v in every.variables if not isinstance(v, Sample)}
    if any(names & value.free_symbols for key, value in values.items() if key is not value):
        raise ProofError(f"a value holds a bound variable of {theorem.id}: {names}")
    random = union(randomness(values[v]) for v in every.variables if isinstance(v, Sample))
    spent = {h for h in j.hyps if names & free([h]) or (isinstance(h, Rel) and samples_of([h]) & random)}
    for h in spent:
        if not any(same_statement(h, canonical_statement(w.map(change))) for w in every.where):
            raise ProofError(f"{theorem.id} needs it for all {every.variables}: {j} assumes {h}")
    return spent


def weaken(j: Judgement, failure: Any, bound: Judgement | None = None, given: Sequence[Judgement] = ()) -> Judgement:
    """One event in place of all, with a failure that is visibly, or by ``bound``, at least their sum."""
    failure, rels, premises = _number(failure), relations(given), [j, *given, *([bound] if bound else [])]
    rel = relation(bound) if bound else Rel(genuine(j).failure, "<=", failure)
    if not (same(rel.left, genuine(j).failure, rels) and same(rel.right, failure, rels)):
        raise ProofError(f"{bound} does not say that {j.failure} <= {failure}")
    if bound is None and not visible(failure - j.failure, rels):
        raise ProofError(f"{failure} is not visibly at least {j.failure}")
    over = union(e.over for e in j.events)
    if any(p.events for p in premises[1:]) or samples_of(union(p.hyps for p in premises), Rel):
        raise ProofError("an event is named by what holds off it: no relation may be assumed of what is random")
    event, apart = event_of(j.says, failure, over)
    return make("weaker", j.says, premises, events=[event], hyps=union([apart, *(p.hyps for p in premises)]))


@remembered
def discharge(j: Judgement, *shown: Judgement) -> Judgement:
    """Cut: hypotheses of ``j`` that are shown elsewhere; a fact must be shown surely."""
    hyps = genuine(j).hyps
    for s in shown:
        gone = {h for h in hyps if same_statement(h, genuine(s).says)}
        if not gone or (s.events and isinstance(s.says, Fact)):
            raise ProofError(f"{s} shows no hypothesis of {j}")
        hyps -= gone
    return make("cut", j.says, [j, *shown], hyps=union([hyps, *(s.hyps for s in shown)]))


def cases(one: Judgement, two: Judgement, a: Any, b: Any) -> Judgement:
    """From a <= b ⊢ S and b <= a ⊢ S: ⊢ S; one of the two may be strict."""
    if not same_statement(genuine(one).says, genuine(two).says):
        raise ProofError("the two cases show different statements")
    a, b = _number(a), _number(b)
    need_defined((), a, b)
    first = one.hyps & {Rel(a, "<=", b), Rel(a, "<", b)}
    second = two.hyps & {Rel(b, "<=", a), Rel(b, "<", a)}
    if any(h.sign == "<" for h in first) and any(h.sign == "<" for h in second):  # type: ignore[union-attr]
        raise ProofError(f"the case {a} = {b} is left out")
    return make("cases", one.says, [one, two], hyps=(one.hyps - first) | (two.hyps - second), detail=(a, b))


def antisymmetric(one: Judgement, two: Judgement) -> Judgement:
    """L <= R and R <= L give L = R."""
    low, high = relation(one), relation(two)
    if not (same(low.left, high.right) and same(low.right, high.left)):
        raise ProofError(f"not the two directions of one identity: {low}; {high}")
    return make("antisymmetry", Rel(low.left, "=", low.right), [one, two])


@remembered
def limit(j: Judgement, var: sp.Symbol) -> Judgement:
    """What holds surely for all var > 0 holds at var = 0 where both sides are defined there: they are continuous."""
    rel = relation(j)
    nodes = [node for side in rel.parts for node in sp.preorder_traversal(side) if node.has(var)]
    if any(is_unknown(node) or isinstance(node, _BINDERS) for node in nodes):
        raise ProofError(f"not visibly continuous in {var}: {rel}")
    if j.events or var in free(j.hyps) or not var.is_positive or var.is_integer or bounded_above(var):
        raise ProofError(f"a limit is taken of what holds surely for all values of a positive variable, not of {j}")
    closed = sp.Dummy("limit", nonnegative=True)
    need_defined((), *(side.xreplace({var: closed}) for side in rel.parts))
    low, high = (canonical(side.xreplace({var: sp.S.Zero})) for side in rel.parts)
    return make("limit", Rel(low, "=" if rel.sign == "=" else "<=", high), [j], detail=var)


@remembered
def tends(function: sp.Lambda, value: Any, *, downwards: bool = False) -> Judgement:
    """An explicit function of one number tends to a value at infinity, or at minus infinity."""
    function, value = canonical(function), _number(value)
    if not has_limit(function, value, -sp.oo if downwards else sp.oo):
        raise ProofError(f"{function} does not visibly tend to {value}")
    return make("tends", Fact("tends", (function, sp.Integer(-1 if downwards else 1), value)))


def regular(function: sp.Lambda, kind: str) -> Judgement:
    """An explicit function of numbers is continuous, or smooth, where it is defined for all numbers."""
    function = canonical(function)
    if kind not in ("continuous", "smooth") or not is_regular(function, kind == "smooth"):
        raise ProofError(f"{function} is not visibly {kind}")
    return make(kind, Fact(kind, (function,)))


def induction(start: Judgement, step: Judgement, index: sp.Symbol) -> Judgement:
    """S(0), or S(1) for a positive index, and S(k) ⊢ S(k + 1) give S(k) for every index."""
    if (
        not (index.is_integer and index.is_nonnegative)
        or bounded_above(index)
        or genuine(start).events
        or genuine(step).events
    ):
        raise ProofError(f"{index} is no index of an induction of sure statements")

    def at(statement: Statement, k: Any) -> Statement:
        return statement.map(lambda e: canonical(replaced(e, {index: k})))

    says = next((h for h in step.hyps if same_statement(at(h, index + 1), step.says)), None)
    if says is None or not same_statement(at(says, sp.Integer(int(bool(index.is_positive)))), start.says):
        raise ProofError("the step does not lead from one index to the next, or not from where it starts")
    hyps = start.hyps | (step.hyps - {says})
    if index in free(hyps):
        raise ProofError(f"{index} stands in a hypothesis")
    return make("induction", says, [start, step], hyps=hyps, detail=index)


# Certificates ------------------------------------------------------------


@remembered
def taylor(
    expr: Any,
    var: sp.Symbol,
    start: Any = sp.S.Zero,
    given: Sequence[Judgement] = (),
    *,
    order: int = 4,
    both_sides: bool = False,
) -> Judgement:
    """0 <= f beyond ``start``: f, f', … are visibly >= 0 there, up to one that is everywhere.

    With ``both_sides``: f = f' = 0 at ``start`` and f'' >= 0 on the line, a convex function that touches 0. ``given``
    are relations between the other symbols.
    """
    expr, start, rels = _number(expr), _number(start), relations(given)
    if var in free([*rels, *(h for g in given for h in g.hyps)]):
        raise ProofError(f"what is given may not depend on {var}")
    if not taylor_sign(expr, var, start, rels, order=order, both_sides=both_sides):
        raise ProofError(f"no derivative up to the order {order} shows the sign of {expr} beyond {start}")
    below = [] if both_sides or (start == 0 and var.is_nonnegative) else [Rel(start, "<=", var)]
    hyps = union([below, *(g.hyps for g in given)])
    return make("Taylor", Rel(sp.S.Zero, "<=", expr), given, hyps=hyps, detail=(var, start, order, both_sides))


@remembered
def rise_and_fall(expr: Any, var: sp.Symbol, positive: Any, falling: Any) -> Judgement:
    """0 <= f on [0, ∞): f' = positive · falling, so that f is never below the lesser of f(0) and f(∞), both >= 0."""
    expr, positive, falling = _number(expr), _number(positive), _number(falling)
    if not rises_and_falls(expr, var, positive, falling):
        raise ProofError(f"does not visibly rise from a value >= 0 and fall to one: {expr}")
    return make("rise and fall", Rel(sp.S.Zero, "<=", expr), detail=(var, positive, falling))


def balls(certificate: Certificate) -> Judgement:
    """0 <= f on the box of a certificate, which is verified here cell by cell."""
    if type(certificate) is not Certificate or not (certificate.certified and certificate.verify()):
        raise ProofError(f"not a certificate that verifies: {certificate}")
    sides = certificate.box.sides.items()
    hyps = [Rel(low, "<=", x) for x, (low, _) in sides if not (low == 0 and x.is_nonnegative)]
    hyps += [Rel(x, "<=", high) for x, (_, high) in sides if high != sp.oo]
    says = canonical_statement(Rel(sp.S.Zero, "<" if certificate.strict else "<=", certificate.expr))
    return make("balls", says, hyps=map(canonical_statement, hyps), detail=certificate)
