"""How a lemma "up to a constant" is confronted: the constant's trend along what it may not depend on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import sympy as sp

from theory.quantifiers import UpToConstant, WithProbability
from theory.statement import Claim
from verify.balls.numbers import working_precision
from verify.evidence.confrontation import PRECISION, Experiment, number
from verify.evidence.domain import Domain, Instance, Integer, Real
from verify.evidence.scaling import Axis, Scaling, Violation, bisected_constant, linear_constant
from verify.evidence.symbolic import Sign, Status, Step, Tends
from verify.lemma.instances import instances
from verify.lemma.parts import Parts
from verify.lemma.reading import ProbabilitySides, RelationSides

FAR = 100.0
"""A range that ends beyond this is followed towards infinity, one that begins below its inverse towards 0."""
_FAMILY, _POINTS = 8, 13


def scaling(parts: Parts, experiment: Experiment) -> Scaling:
    """The method for a lemma up to a constant, with the axes that its ranges give."""
    sides, quantifier = parts.sides, parts.claim.quantifier
    probable = isinstance(quantifier, UpToConstant) and isinstance(quantifier.inner, WithProbability)
    if probable and isinstance(sides, ProbabilitySides):
        needed = bisected_constant(lambda claim: _violation(sides, claim))
    else:
        needed = linear_constant(experiment)
    axes = tuple(axis for name in parts.along for axis in _axes(parts.domain, name))
    ends = tuple((name, point) for name in parts.along for point in _ends(parts.domain.fields[name]))
    stated = isinstance(sides, RelationSides) and not parts.measured
    divergence = Divergence(ends=ends) if stated else None
    return Scaling(experiment=experiment, needed=needed, axes=axes, divergence=divergence)


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """Steps that show that no constant works: both sides are positive, and right over left tends to 0 along an axis.

    ``ends`` are the ways that a range leads, a symbol's name with ∞ or 0. No steps where nothing of it is seen, and
    none along a symbol of a checked hypothesis, which may tie it to others.
    """

    ends: tuple[tuple[str, sp.Expr], ...]

    def __call__(self, claim: Claim) -> Sequence[Step]:
        """The steps for a claim, if all of them hold."""
        constants = {constant.symbol: sp.S.One for constant in claim.constants.values()}
        left, right = (side.total().subs(constants) for side in (claim.relation.lhs, claim.relation.rhs))
        tied = {str(symbol) for item in claim.hypotheses for symbol in item.free_symbols()}
        by_name = {str(symbol): symbol for symbol in (left / right).free_symbols}
        for name, point in self.ends:
            if name not in by_name or name in tied:
                continue
            shown = "∞" if point is sp.oo else "0"
            steps = (
                Sign(name="left side > 0", expr=left, strict=True),
                Sign(name="right side > 0", expr=right, strict=True),
                Tends(
                    name=f"right side over left side → 0 as {name} → {shown}",
                    expr=right / left,
                    variable=by_name[name],
                    point=point,
                    value=sp.S.Zero,
                    direction="-" if point is sp.oo else "+",
                ),
            )
            if all(step.check() is Status.VERIFIED for step in steps):
                return steps
        return ()


def reference(parts: Parts) -> sp.Integer:
    """A power of ten well above the constant that a few instances need: the search tells whether it suffices."""
    if parts.sides is None:
        return sp.S.One
    method = scaling(parts, Experiment(name="trial", domain=parts.domain, sides=parts.sides))
    ends = [instance for axis in method.axes for k in (0, -1) for instance in axis.family(axis.values[k])[:2]]
    looked_at = [*instances(parts.domain, 3, np.random.default_rng(0)), *ends]
    with working_precision(PRECISION):
        needed = method.needed(parts.claim)
        found = [number(needed(instance)) for instance in looked_at]
    largest = max((value for value in found if 0 < value < math.inf), default=1.0)
    return sp.Integer(10) ** max(math.ceil(math.log10(10 * largest)), 0)


def wide(entry: Any) -> bool:
    """Whether a field is a positive range wide enough to show a trend."""
    return isinstance(entry, (Real, Integer)) and entry.low > 0 and entry.high >= FAR * entry.low


def _violation(sides: ProbabilitySides, claim: Claim) -> Violation:
    evaluate = sides.with_constants(claim)
    (name,) = (name for name, constant in claim.constants.items() if constant.hidden)
    return lambda instance, constant: evaluate(instance, {name: constant})


def _axes(domain: Domain, name: str) -> list[Axis]:
    """The axes of a field: towards its high end, and (as 1/name) towards a low end near 0."""
    entry = domain.fields[name]
    if not isinstance(entry, (Real, Integer)):
        raise ValueError(f"along must name numbers; got {name}")
    others = instances(domain, _FAMILY, np.random.default_rng(0))
    text = f"at {len(others)} values of the others" if len(domain.fields) > 1 else "nothing else varies"

    def family(value: float) -> Sequence[Instance]:
        return _moved(domain, others, name, entry, value)

    values = tuple(value for value in _steps(entry) if family(value))
    ends, axes = _ends(entry), []
    if sp.oo in ends or not ends:
        axes.append(Axis(parameter=name, values=values, family=family, text=text))
    if sp.S.Zero in ends:
        inverses = tuple(1 / value for value in reversed(values))
        axes.append(Axis(parameter=f"1/{name}", values=inverses, family=lambda value: family(1 / value), text=text))
    return axes


def _moved(
    domain: Domain, others: Sequence[Instance], name: str, entry: Real | Integer, value: float
) -> Sequence[Instance]:
    """The same few values of the other fields at a value of this one; others, where the conditions refuse them all."""
    exact: Any = round(value) if isinstance(entry, Integer) else value
    exact = min(max(exact, entry.low), entry.high)  # 1/(1/v) may leave the range by a rounding
    found = [moved for moved in ({**instance, name: exact} for instance in others) if domain.accepts(moved)]
    if found:
        return found
    fixed = Integer(low=exact, high=exact) if isinstance(entry, Integer) else Real(low=exact, high=exact)
    there = replace(domain, fields={**domain.fields, name: fixed})
    return instances(there, _FAMILY, np.random.default_rng(0))


def _steps(entry: Real | Integer) -> tuple[float, ...]:
    low, high = float(entry.low), float(entry.high)
    points = np.geomspace(low, high, _POINTS) if wide(entry) else np.linspace(low, high, _POINTS)
    points = np.clip(np.round(points) if isinstance(entry, Integer) else points, low, high)
    return tuple(dict.fromkeys(float(point) for point in points))


def _ends(entry: Any) -> tuple[sp.Expr, ...]:
    """Where a wide range leads: to infinity if it ends far out, to 0 if it begins near there."""
    if not wide(entry):
        return ()
    falling, rising = entry.low <= 1 / FAR, entry.high >= FAR
    return (*((sp.oo,) if rising or not falling else ()), *((sp.S.Zero,) if falling else ()))
