"""An exact side route: an SMT solver decides claims of polynomials, roots, logarithms and exponentials on a box.

z3 (the extra ``smt``) looks for real numbers in the box that violate the claim. exp and log stand for unknowns that
lie between rational bounds, made tighter at each point that the solver proposes wrongly (incremental linearization;
Cimatti et al., ACM TOCL 19, 2018). A model is only a proposal: it counts when balls, or exact rationals, confirm it,
and is then a small witness. That there is no model is z3's word: its search by cylindrical algebraic decomposition
(Jovanović and de Moura, IJCAR 2012) leaves no proof that something smaller could check, so the evidence is CERTIFIED
and says what it rests on. A plan has this method only where `applies` says that z3 is installed and can read the claim.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy as sp
from flint import arb, fmpq

from theory.statement import Claim, Identity
from verify.balls.enclosures import enclose
from verify.balls.numbers import working_precision
from verify.evidence.budget import Context
from verify.evidence.confrontation import Experiment
from verify.evidence.domain import Array, Choice, Domain, Instance, Integer
from verify.evidence.search import named
from verify.evidence.shrink import simplify
from verify.evidence.verdict import Evidence, Verdict, Witness

Z3 = "z3's decision procedure for nonlinear real arithmetic (Jovanović and de Moura 2012)"
BOUNDS = "Padé and Taylor bounds of exp and log at rational points"
ROUNDS = 8
"""Proposals of the solver that are tried, each with tighter bounds than the one before."""
EFFORT = 500_000
"""z3's own count of steps for one question (its ``rlimit``): unlike a time limit, the same on every machine."""
_PATIENCE = 2000
"""Milliseconds for one question, where algebraic numbers of a high degree take long between two of those steps."""
_POWER = 12
"""The largest exponent that is worth a question."""


def available() -> bool:
    """Whether z3 is installed."""
    return importlib.util.find_spec("z3") is not None


def applies(claim: Claim, domain: Domain) -> bool:
    """Whether z3 is installed and can read the claim: its symbols are numbers of the domain, its functions known."""
    if not available():
        return False
    try:
        _Question(claim, domain)
    except _UnreadableError:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class Smt:
    """Ask z3 for an instance of the domain that violates the claim.

    The fields of the experiment's domain must be the claim's symbols, by name: numbers only, no arrays or choices; the
    claim's checked hypotheses are taken into the question, a condition of the domain in code is not (it only has to
    accept the witness). REFUTED with a witness that balls confirm, or with rationals that make the sides differ
    exactly; CERTIFIED where z3 finds that there is none and that both sides are defined on the whole box; VACUOUS where
    nothing meets the hypotheses; else UNDECIDED. Raises RuntimeError where z3 is not installed: ask `applies` first.
    """

    experiment: Experiment
    method: str = "smt"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Ask, check the answer in balls, tighten the bounds where it was wrong, and ask again."""
        begin = time.perf_counter()
        if not available():
            raise RuntimeError("z3 is not installed: pip install 'scoregap[smt]'")
        verdict, summary, witness, rests_on = _decide(claim, self.experiment)
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            rests_on=rests_on,
            smallest=witness,
            worst=witness,
            worst_ratio=None if witness is None or math.isnan(witness.ratio) else witness.ratio,
            experiment=self.experiment.name if witness is not None and not witness.note else None,
            seconds=time.perf_counter() - begin,
        )


Decision = tuple[Verdict, str, Witness | None, tuple[str, ...]]


def _decide(claim: Claim, experiment: Experiment) -> Decision:
    try:
        question = _Question(claim, experiment.domain)
    except _UnreadableError as error:
        return Verdict.UNDECIDED, f"not a question for z3: {error}", None, ()
    evaluate = experiment.sides(claim)

    def violates(instance: Instance) -> bool:
        met = experiment.domain.accepts(instance) and question.meets(instance)
        return met and experiment.outcome(claim, evaluate, instance).violated

    found: Decision | None = None
    for _ in range(ROUNDS):
        answer, values = question.ask(question.violated)
        if answer == "unsat":
            return _certified(question)
        if answer != "sat":
            return Verdict.UNDECIDED, f"z3 gave up: {answer}", None, ()
        instance = question.instance(values)
        if violates(instance):
            small = simplify(experiment.domain, instance, violates)
            witness = experiment.outcome(claim, evaluate, small).witness(small)
            text = f"z3 proposed {named(small)}, and balls confirm it: ratio {witness.ratio:.6g}"
            found = Verdict.REFUTED, text, witness, ()
        elif not question.unknowns:
            found = _exact_violation(claim, question.symbols, values)
        if found is not None:
            return found
        question.tighten(values)
    return Verdict.UNDECIDED, f"none of the {ROUNDS} instances that z3 proposed violates the claim", None, ()


def _certified(question: _Question) -> Decision:
    """No instance violates the claim; that says something only where both sides are defined."""
    met, _ = question.ask(question.met)
    if met != "sat":
        verdict = Verdict.VACUOUS if met == "unsat" else Verdict.UNDECIDED
        return verdict, f"z3 finds no instance that meets the hypotheses ({met})", None, ()
    answer, values = question.ask(question.undefined)
    if answer != "unsat":
        where = f" at {named(question.instance(values))}" if answer == "sat" else f": {answer}"
        return Verdict.UNDECIDED, f"a side may be undefined{where}", None, ()
    rests_on = (Z3, BOUNDS) if question.unknowns else (Z3,)
    return Verdict.CERTIFIED, f"no instance violates it on {question.box}", None, rests_on


def _exact_violation(claim: Claim, symbols: Mapping[str, sp.Symbol], values: Mapping[str, Fraction]) -> Decision:
    """A proposal that no float shows, in exact rationals."""
    point = {symbols[name]: sp.Rational(value.numerator, value.denominator) for name, value in values.items()}
    left, right = claim.left().subs(point), claim.right().subs(point)
    shown = {str(symbol): str(value) for symbol, value in point.items()}
    wrong = (
        left != right
        if isinstance(claim.relation, Identity)
        else bool(left.is_Rational and right.is_Rational and left > right)
    )
    if not (wrong and left.is_Rational and right.is_Rational):
        return Verdict.UNDECIDED, f"z3 proposed {named(shown)}, which neither balls nor rationals confirm", None, ()
    witness = Witness(
        instance=shown,
        left=float(left),
        right=float(right),
        ratio=float(left / right) if right > 0 else math.inf,
        note="rational numbers, evaluated exactly",
    )
    return Verdict.REFUTED, f"violated at {named(shown)}, exactly", witness, ()


class _UnreadableError(ValueError):
    """The claim is not of the kind that z3 reads."""


@dataclass
class _Unknown:
    """exp or log of an argument, as an unknown of the solver."""

    kind: Any
    argument: sp.Expr
    term: Any
    symbol: Any
    points: set[Fraction] = field(default_factory=set)


class _Question:
    """A claim's negation on a box, in z3's terms."""

    def __init__(self, claim: Claim, domain: Domain) -> None:
        self.z3: Any = importlib.import_module("z3")
        self.domain = domain
        self.unknowns: list[_Unknown] = []
        self._terms: dict[sp.Basic, Any] = {}
        self._defined: list[Any] = []
        self._facts: list[Any] = []
        left, right = claim.left(), claim.right()
        conditions = [hypothesis for hypothesis in claim.hypotheses if hypothesis.checked]
        self._conditions = [(h.greater - h.lesser, h.strict) for h in conditions]  # type: ignore[operator]
        free = left.free_symbols | right.free_symbols | {s for h in conditions for s in h.free_symbols()}
        self.symbols: dict[str, sp.Symbol] = {str(symbol): symbol for symbol in free}  # type: ignore[misc]
        self._variables = {name: self._variable(name) for name in self.symbols}
        sides = self._read(left), self._read(right)
        self.violated = sides[0] != sides[1] if isinstance(claim.relation, Identity) else sides[0] > sides[1]
        claimed = len(self._defined)
        for condition in conditions:
            low, high = self._read(condition.lesser), self._read(condition.greater)
            self._facts.append(low < high if condition.strict else low <= high)
        self._facts += self._defined[claimed:]
        self.violated = self.z3.And(self.violated, *self._defined[:claimed])
        self.met = self.z3.BoolVal(True)
        self.undefined = self.z3.Not(self.z3.And(*self._defined[:claimed], True))
        self.tighten(None)

    @property
    def box(self) -> str:
        """The box in words."""
        return ", ".join(f"{name}: {text}" for name, text in self.domain.describe().items() if name in self.symbols)

    def _variable(self, name: str) -> Any:
        entry = self.domain.fields.get(name)
        if entry is None or isinstance(entry, Array | Choice):
            raise _UnreadableError(f"{name} is no number of the domain")
        variable = self.z3.Int(name) if isinstance(entry, Integer) else self.z3.Real(name)
        self._facts += [variable >= self._number(Fraction(entry.low)), variable <= self._number(Fraction(entry.high))]
        return self.z3.ToReal(variable) if isinstance(entry, Integer) else variable

    def _number(self, value: Fraction) -> Any:
        return self.z3.Q(value.numerator, value.denominator)

    def _read(self, expr: Any) -> Any:
        if expr not in self._terms:
            self._terms[expr] = self._node(expr)
        return self._terms[expr]

    def _node(self, expr: Any) -> Any:
        if isinstance(expr, sp.Rational) and expr.is_finite:
            return self._number(Fraction(int(expr.p), int(expr.q)))
        if isinstance(expr, sp.Pow) and isinstance(expr.exp, sp.Rational):
            return self._power(expr.base, Fraction(int(expr.exp.p), int(expr.exp.q)))
        if isinstance(expr, sp.Pow) and bool(expr.base.is_positive):
            return self._unknown(sp.exp, expr.exp * sp.log(expr.base))
        read = next((how for kinds, how in self._readers if isinstance(expr, kinds)), None)
        if read is None:
            raise _UnreadableError(f"{expr.func.__name__} is not among what it reads: polynomials, roots, exp, log")
        return read(expr)

    @property
    def _readers(self) -> tuple[tuple[Any, Callable[[Any], Any]], ...]:
        z3 = self.z3
        return (
            (sp.Symbol, lambda expr: self._variables[str(expr)]),
            (sp.Add, lambda expr: z3.Sum([self._read(part) for part in expr.args])),
            (sp.Mul, lambda expr: z3.Product([self._read(part) for part in expr.args])),
            (type(sp.E), lambda _expr: self._unknown(sp.exp, sp.S.One)),
            ((sp.exp, sp.log), lambda expr: self._unknown(expr.func, expr.args[0])),
            ((sp.sinh, sp.cosh, sp.tanh), lambda expr: self._read(expr.rewrite(sp.exp))),
            (sp.Abs, lambda expr: self._larger(self._read(expr.args[0]), -self._read(expr.args[0]))),
            (sp.Max, lambda expr: reduce(self._larger, map(self._read, expr.args))),
            (sp.Min, lambda expr: -reduce(self._larger, (-self._read(part) for part in expr.args))),
        )

    def _larger(self, one: Any, other: Any) -> Any:
        return self.z3.If(one >= other, one, other)

    def _power(self, base: sp.Expr, exponent: Fraction) -> Any:
        if abs(exponent.numerator) > _POWER or exponent.denominator > _POWER:
            raise _UnreadableError(f"the exponent {exponent} is too large")
        inner = self._read(base)
        if exponent.denominator != 1:
            root = self.z3.Real(f"root{len(self._terms)}")
            self._defined.append(inner >= 0)
            self._facts.append(self.z3.Implies(inner >= 0, self.z3.And(root >= 0, root**exponent.denominator == inner)))
            inner = root
        if exponent < 0:
            inverse = self.z3.Real(f"inverse{len(self._terms)}")
            self._defined.append(inner != 0)
            self._facts.append(self.z3.Implies(inner != 0, inverse * inner == 1))
            inner = inverse
        return self.z3.Product([inner] * abs(exponent.numerator))

    def _unknown(self, kind: Any, argument: sp.Expr) -> Any:
        term = self._read(argument)
        symbol = self.z3.Real(f"{kind.__name__}{len(self.unknowns)}")
        if kind is sp.log:
            self._defined.append(term > 0)
        self.unknowns.append(_Unknown(kind, argument, term, symbol))
        return symbol

    def tighten(self, values: Mapping[str, Fraction] | None) -> None:
        """Bound every exp and log about the point of a proposal (about 0 and 1 at first)."""
        for unknown in self.unknowns:
            if values is None:
                point = Fraction(0 if unknown.kind is sp.exp else 1)
            else:
                places = {self.symbols[name]: sp.Rational(v.numerator, v.denominator) for name, v in values.items()}
                number = float(sp.N(unknown.argument.subs(places), 30))
                point = Fraction(number).limit_denominator(10**4)
            if point in unknown.points or (unknown.kind is sp.log and point <= 0) or abs(point) > 10**6:
                continue
            unknown.points.add(point)
            self._facts += self._bounds(unknown, point)

    def _bounds(self, unknown: _Unknown, point: Fraction) -> list[Any]:
        """Bounds of third order about a point: Padé on one side of it, Taylor (or its like) on the other."""
        low, high = (self._number(end) for end in _enclosed(unknown.kind, point))
        z3, at, u, f = self.z3, self._number(point), unknown.term, unknown.symbol
        d = u - at
        if unknown.kind is sp.exp:
            right = z3.And(f >= low * (1 + d + d * d / 2), z3.Or(d >= 2, f * (2 - d) <= high * (2 + d)))
            left = z3.And(f * (2 - d) >= low * (2 + d), f <= high * (1 + d + d * d / 2))
            return [f > 0, z3.Implies(d >= 0, right), z3.Implies(d <= 0, left)]
        right = z3.And((f - low) * (u + at) >= 2 * d, 2 * u * at * (f - high) <= d * (u + at))
        left = z3.And((f - high) * (u + at) <= 2 * d, 2 * u * at * (f - low) >= d * (u + at))
        return [z3.Implies(d >= 0, right), z3.Implies(z3.And(d <= 0, u > 0), left)]

    def ask(self, condition: Any) -> tuple[str, dict[str, Fraction]]:
        """Whether an instance meets a condition: "sat" with its numbers, "unsat", or why z3 does not know."""
        solver = self.z3.Solver()
        solver.set("rlimit", EFFORT)
        solver.set("timeout", _PATIENCE)
        solver.add(*self._facts, condition)
        answer = str(solver.check())
        if answer == "unknown":
            return solver.reason_unknown(), {}
        if answer == "unsat":
            return answer, {}
        model = solver.model()
        return answer, {name: self._fraction(model.eval(term, True)) for name, term in self._variables.items()}

    def meets(self, instance: Instance) -> bool:
        """Whether an instance meets the claim's checked hypotheses for certain."""
        values = {symbol: arb(instance[name]) for name, symbol in self.symbols.items()}
        for slack, strict in self._conditions:
            ball = enclose(slack, {symbol: values[symbol] for symbol in slack.free_symbols})
            if not (bool(ball > 0) if strict else bool(ball >= 0)):
                return False
        return True

    def _fraction(self, value: Any) -> Fraction:
        if self.z3.is_algebraic_value(value):
            value = value.approx(30)
        return Fraction(value.numerator_as_long(), value.denominator_as_long())

    def instance(self, values: Mapping[str, Fraction]) -> Instance:
        """The proposal in floats; fields that the claim does not name stand at their low end."""
        out: Instance = {}
        for name, entry in self.domain.fields.items():
            if isinstance(entry, Choice):
                out[name] = entry.options[0]
            elif isinstance(entry, Array):
                raise _UnreadableError(f"{name} is an array")
            elif name in values:
                number = round(values[name]) if isinstance(entry, Integer) else float(values[name])
                out[name] = min(max(number, entry.low), entry.high)
            else:
                out[name] = entry.low
        return out


def _enclosed(kind: Any, point: Fraction) -> tuple[Fraction, Fraction]:
    """Short rationals around exp or log of a point; both are exact at 0 and 1."""
    if (kind is sp.exp and point == 0) or (kind is sp.log and point == 1):
        return (Fraction(1), Fraction(1)) if kind is sp.exp else (Fraction(0), Fraction(0))
    with working_precision(128):
        ball = arb(fmpq(point.numerator, point.denominator))
        value = ball.exp() if kind is sp.exp else ball.log()
        scale = 2 ** max(24, 24 - math.floor(math.log2(abs(float(value.mid())) or 1.0)))
        low, high = (value.lower() * scale).floor(), (value.upper() * scale).ceil()
        ends = int(low.unique_fmpz()), int(high.unique_fmpz())  # type: ignore[arg-type]
    return Fraction(ends[0], scale), Fraction(ends[1], scale)
