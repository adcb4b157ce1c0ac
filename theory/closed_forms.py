"""Mean scale, variance and clock of ``dx = f(t) x dt + g(t) dW``: integrated, and proved for every parameter.

SymPy's integrals may be wrong where parameters coincide, and an identity that holds next to a point says nothing of
the other branches of a Piecewise. So whatever is integrated or given by hand is proved cell by cell: a cell is an
interval of times and a case of the parameters on which no relation is left, and there the identities must cancel
symbolically. Across the ends of intervals the closed forms must be continuous.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from theory.exact import decide_zero
from theory.symbols import s, t

_KINKS = (sp.Abs, sp.sign, sp.Max, sp.Min, sp.Heaviside)
_CONTINUOUS = (
    sp.exp, sp.log, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.tanh, sp.atan, sp.asinh, sp.erf, sp.erfc, sp.erfi, sp.Si,
    sp.Ei, sp.Ci, sp.Shi, sp.Chi, sp.fresnels, sp.fresnelc,
)  # fmt: skip
_DEPTH = 4  # nested degenerate cases of the parameters before an SDE is refused
REMEDY = "pass mean_scale= and variance= in another closed form, or fix the parameters"


class ClosedForm(NamedTuple):
    """Mean scale r, variance (rv)² and clock v."""

    mean_scale: sp.Expr
    variance: sp.Expr
    clock: sp.Expr


class _Cell(NamedTuple):
    low: sp.Expr
    parts: tuple[sp.Expr, sp.Expr, sp.Expr, sp.Expr]  # drift, diffusion, mean scale, variance


def closed_form(f: sp.Expr, g: sp.Expr, scale: sp.Expr | None, variance: sp.Expr | None) -> ClosedForm:
    """Return the closed forms of drift f and diffusion g, integrated where None; ValueError unless they are proved."""
    try:
        form = _derived(f, g, scale, variance, 0)
        _prove(f, g, form)
    except (TypeError, AttributeError, NotImplementedError, ArithmeticError, LookupError, RecursionError) as error:
        raise ValueError(
            f"drift and diffusion must have closed forms that SymPy can handle; got {f} and {g}, and it gave up with "
            f"{type(error).__name__}: {str(error)[:200]}; {REMEDY}"
        ) from error
    return form


def is_zero(expression: sp.Expr) -> bool | None:
    """Whether an expression without branches vanishes identically: True only when it cancels symbolically."""
    expanded = sp.expand(expression)
    for form in (
        lambda e: e,
        lambda e: sp.expand(sp.powsimp(e)),
        lambda e: sp.expand(sp.numer(sp.together(sp.powsimp(e)))),
        sp.simplify,
    ):
        if form(expanded) == 0:
            return True
    return False if decide_zero(expanded) is False else None


# Deriving ---------------------------------------------------------------------------------------------------------
def _derived(f: sp.Expr, g: sp.Expr, scale: sp.Expr | None, variance: sp.Expr | None, depth: int) -> ClosedForm:
    """Integrate what is not given, again in every case of the parameters in which the general formula breaks."""
    if scale is not None and variance is not None:
        return ClosedForm(scale, variance, sp.sqrt(variance) / scale)
    if depth > _DEPTH:
        raise ValueError(f"drift {f} and diffusion {g} have too many cases of their parameters; {REMEDY}")
    given = tuple(e for e in (f, g, scale, variance) if e is not None)
    equal = [r for r in _relations(sp.Tuple(*given)) if isinstance(r, sp.Eq | sp.Ne) and not r.has(t)]
    if equal:
        relation, truth = equal[0], isinstance(equal[0], sp.Ne)
        generic = [None if e is None else _decided(e, relation, truth) for e in (scale, variance)]
        form = _derived(_decided(f, relation, truth), _decided(g, relation, truth), generic[0], generic[1], depth + 1)
        factors = [relation.lhs - relation.rhs]
    else:
        form = _integrated(f, g, scale, variance)
        factors = _vanishing(sp.Tuple(*form))
    for factor in factors:
        for symbol, value in _solutions(factor):
            special = [None if e is None else e.subs(symbol, value) for e in (scale, variance)]
            cases = _derived(f.subs(symbol, value), g.subs(symbol, value), special[0], special[1], depth + 1)
            form = ClosedForm(*(
                general if _same(general.subs(symbol, value), case)
                else sp.Piecewise((general, sp.Ne(symbol, value)), (case, True))
                for general, case in zip(form, cases, strict=True)
            ))  # fmt: skip
    return form


def _same(one: sp.Expr, other: sp.Expr) -> bool:
    return not one.has(sp.nan, sp.zoo) and sp.expand(one - other) == 0


def _integrated(f: sp.Expr, g: sp.Expr, scale: sp.Expr | None, variance: sp.Expr | None) -> ClosedForm:
    r = cast(sp.Expr, sp.powsimp(sp.exp(_integrate(f, "log mean_scale = ∫_0^t f")))) if scale is None else scale
    if variance is not None:
        return ClosedForm(r, variance, sp.sqrt(variance) / r)
    square = _integrate(cast(sp.Expr, sp.powsimp(sp.expand(g**2 / r**2))), "clock² = ∫_0^t g²/r²")
    return ClosedForm(r, sp.simplify(sp.expand(r**2 * square)), sp.sqrt(sp.simplify(square)))


def _integrate(integrand: sp.Expr, what: str) -> sp.Expr:
    # powers of several symbols make SymPy compare NaN: name their logarithms
    powers = {p for p in integrand.atoms(sp.Pow) if p.exp.has(t) and p.base.free_symbols}
    names = {p.base: sp.Dummy("L", real=True) for p in powers if p.base.is_positive and not p.base.has(t)}
    named = integrand.xreplace({p: sp.exp(p.exp * names[p.base]) for p in powers if p.base in names})
    result = sp.integrate(named.subs(t, s), (s, 0, t))
    for relation in _relations(result):  # the general case: the others are integrated apart
        if isinstance(relation, sp.Eq | sp.Ne) and not relation.has(t):
            result = _decided(result, relation, isinstance(relation, sp.Ne))
    result = result.subs({name: sp.log(base) for base, name in names.items()})
    if result.has(sp.Integral):
        problem = "SymPy could not do"
    elif result.has(sp.nan, sp.oo, -sp.oo, sp.zoo):
        problem = "SymPy found no finite value for"
    else:
        return sp.expand(result)
    raise ValueError(
        f"{problem} the integral {what} of drift and diffusion; the integrand is {integrand}; give "
        "mean_scale= and variance= by hand (they are then checked)"
    )


def _vanishing(parts: sp.Basic) -> list[sp.Expr]:
    """What stands in denominators, does not depend on t, and may be 0."""
    found = {}
    for power in parts.atoms(sp.Pow):
        base, exponent = power.args
        if exponent.is_nonnegative or base.has(t) or not base.free_symbols:
            continue
        for factor in sp.Mul.make_args(sp.factor(base)):
            core = factor.base if factor.is_Pow else factor
            if core.free_symbols and core.is_nonzero is not True:
                found[core] = None
    return sorted(found, key=sp.default_sort_key)


def _solutions(factor: sp.Expr) -> list[tuple[sp.Symbol, sp.Expr]]:
    """A symbol and its values at which a factor is 0, without those that its assumptions exclude."""
    for symbol in sorted(factor.free_symbols, key=str):
        try:
            values = sp.solve(factor, symbol)
        except NotImplementedError:
            continue
        return [(symbol, value) for value in values if sp.Eq(symbol, value) is not sp.false]
    raise ValueError(f"the closed form divides by {factor}, and where that is 0 could not be found; {REMEDY}")


# Proving ----------------------------------------------------------------------------------------------------------
def _prove(f: sp.Expr, g: sp.Expr, form: ClosedForm) -> None:
    for case in _cases(sp.Tuple(*map(_branched, (f, g, form.mean_scale, form.variance)))):
        before: _Cell | None = None
        for cell in _intervals(case):
            drift, noise, scale, variance = cell.parts
            _continuous("mean_scale", scale, (drift, noise))
            _continuous("variance", variance, (drift, noise))
            if before is None:
                _require(scale.subs(t, 0) - 1, "mean_scale", scale, "mean_scale(0) = 1")
                _require(_start(variance), "variance", variance, "variance(0) = 0")
            else:
                for name, old, new in zip(("mean_scale", "variance"), before.parts[2:], cell.parts[2:], strict=True):
                    _require((old - new).subs(t, cell.low), name, new, f"continuity at t = {cell.low}")
            _require(scale.diff(t) - drift * scale, "mean_scale", scale, "mean_scale' = drift · mean_scale")
            _require(
                variance.diff(t) - 2 * drift * variance - noise**2,
                "variance",
                variance,
                "variance' = 2 · drift · variance + diffusion²",
            )
            before = cell


def _start(variance: sp.Expr) -> sp.Expr:
    # a limit, because a closed form such as (a^{2t} − 1)/(2 log a) is fine at 0 while (1 − e^{−ct²})/t is not
    start = variance.subs(t, 0)
    return start.limit(t, 0) if start.has(sp.nan, sp.zoo) else start


def _branched(expression: sp.Expr) -> sp.Expr:
    """Abs, Max, Heaviside and their like as Piecewise."""
    return expression.rewrite(sp.Piecewise) if expression.has(*_KINKS) else expression


def _relations(parts: sp.Basic) -> list[Relational]:
    return sorted(parts.atoms(Relational), key=sp.default_sort_key)


def _decided(parts: sp.Basic, relation: Relational, truth: bool) -> sp.Basic:
    """The expressions where a relation holds, or where it does not."""
    yes, no = (sp.true, sp.false) if truth else (sp.false, sp.true)
    opposite = relation.negated
    return parts.xreplace({relation: yes, relation.reversed: yes, opposite: no, opposite.reversed: no})


def _cases(parts: sp.Tuple) -> Iterator[sp.Tuple]:
    """The expressions in every case of their parameters: no relation between parameters is left."""
    relation = next((r for r in _relations(parts) if not r.has(t)), None)
    if relation is None:
        yield parts
    elif isinstance(relation, sp.Eq | sp.Ne):
        yield from _cases(_decided(parts, relation, isinstance(relation, sp.Ne)))
        for symbol, value in _solutions(relation.lhs - relation.rhs):
            yield from _cases(parts.subs(symbol, value))
    else:
        for truth in (True, False):
            yield from _cases(_decided(parts, relation, truth))


def _intervals(parts: sp.Tuple) -> Iterator[_Cell]:
    """The expressions on every interval of times t > 0 between the numbers with which a Piecewise compares t."""
    relations, ends = _relations(parts), {sp.S.Zero}
    for relation in relations:
        gap = sp.expand(relation.lhs - relation.rhs)
        slope, level = gap.coeff(t, 1), gap.coeff(t, 0)
        if sp.expand(gap - slope * t - level) != 0 or not (slope.is_number and level.is_number) or slope == 0:
            raise ValueError(f"the branches of a Piecewise must compare t with numbers; got {relation}; {REMEDY}")
        if (-level / slope).is_positive:
            ends.add(-level / slope)
    lows = sorted(ends)
    for low, high in zip(lows, [*lows[1:], lows[-1] + 2], strict=True):
        within = parts
        for relation in relations:
            within = within.xreplace({relation: sp.sympify(relation.subs(t, (low + high) / 2))})
        if within.has(sp.nan):
            raise ValueError(f"drift, diffusion and closed forms must be defined next to t = {low}; got {parts}")
        yield _Cell(low, tuple(within))


def _continuous(name: str, value: sp.Expr, coefficients: tuple[sp.Expr, ...]) -> None:
    """Refuse what may jump: a derivative that fits says nothing across a jump."""
    for function in value.atoms(sp.Function):
        if function.has(t) and not isinstance(function, (AppliedUndef, *_CONTINUOUS)):
            raise ValueError(
                f"{name} could not be shown to be continuous; got {name} = {value} with {function}; {REMEDY}"
            )
    poles = {p.base for c in coefficients for p in c.atoms(sp.Pow) if p.base.has(t) and not p.exp.is_nonnegative}
    for power in value.atoms(sp.Pow):
        base, exponent = power.args
        if not base.has(t) or exponent.is_nonnegative or exponent.has(t) or base.is_nonzero or base in poles:
            continue
        if any(sp.cancel(base / pole).has(t) is False for pole in poles):
            continue
        raise ValueError(
            f"{name} could not be shown to be continuous; got {name} = {value}, which divides by {base}; {REMEDY}"
        )


def _require(residual: sp.Expr, name: str, value: sp.Expr, equation: str) -> None:
    verdict = is_zero(residual)
    if verdict is not True:
        what = "does not satisfy" if verdict is False else "could not be shown to satisfy"
        raise ValueError(
            f"{name} {what} {equation}; got {name} = {value}, residual {residual}; pass {name} in another closed form"
        )
