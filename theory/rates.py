"""Optimal stopping times and rates of sums of monomials, as exact exponents of n.

With ``τ = n^s``, ``m = n^α`` and ``μ = n^β`` a term ``τ^t n^c m^b μ^k`` is ``n^(t s + b α + c + k β)``, and a sum of
finitely many terms is as large as its largest one, up to a constant. The best exponent is therefore the linear program
``R(α) = min_s max_i (t_i s + b_i α + c_i)``, solved here in rational numbers: eliminating s (Fourier–Motzkin) leaves
R as the maximum of finitely many affine functions of α, one for each term without τ, for each pair of a term that
rises with τ and one that falls, and, where ``s >= 0``, for each rising term at s = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import sympy as sp

from theory import checks, symbols
from theory.exact import Exact, exact
from theory.symbols import m, mu, n, tau
from theory.terms import ReadOnly, Terms

_VARIABLES = (tau, n, m, mu)


@dataclass(frozen=True, kw_only=True)
class Stopping:
    """The best stopping time ``τ = n^stopping`` of a sum of terms at ``m = n^alpha``, and its rate ``n^rate``.

    ``active`` names the terms that are of the order of the rate at every optimal time. Where the optimal times form an
    interval of exponents (a term without τ dominates), ``interval`` holds its ends, ``oo`` and ``-oo`` included, and
    ``stopping`` is the earliest of them (the latest, if there is no earliest). ``floors`` maps the terms without τ to
    their exponents. ``vanishes`` tells whether the sum tends to 0 as n → ∞.
    """

    alpha: sp.Rational
    stopping: sp.Rational
    rate: sp.Rational
    active: tuple[str, ...]
    interval: tuple[sp.Expr, sp.Expr] | None
    floors: Mapping[str, sp.Rational]

    @property
    def vanishes(self) -> bool:
        """Whether the sum tends to 0 at the optimal time."""
        return bool(self.rate < 0)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A range ``lower < α < upper`` in which exponents are affine in ``theory.symbols.alpha``; as `Stopping`."""

    lower: sp.Expr
    upper: sp.Expr
    stopping: sp.Expr
    rate: sp.Expr
    active: tuple[str, ...]
    interval: tuple[sp.Expr, sp.Expr] | None
    vanishes: bool


@dataclass(frozen=True, kw_only=True)
class PhaseDiagram:
    """The pieces of ``0 < α < oo`` in order, the breakpoints between them, and the terms without τ (``floors``)."""

    pieces: tuple[Piece, ...]
    breakpoints: tuple[sp.Rational, ...]
    floors: Mapping[str, sp.Expr]


def optimal_stopping(terms: Mapping[str, Exact], alpha: Exact, *, beta: Exact = 0, free: bool = False) -> Stopping:
    """Minimise the largest exponent of a sum of monomials over ``τ = n^s``, at ``m = n^alpha`` and ``μ = n^beta``.

    terms: names to monomials in the symbols tau, n, m, mu with rational exponents; positive constants and other symbols
    (a, b, c, …) are constants and are dropped. alpha: rational >= 0. beta: rational, 0 for a fixed μ. free: s may be
    negative; else τ >= 1 and s >= 0. Raises ValueError for a term that is no such monomial or not positive and for
    terms that have no optimal time (all of them fall with τ), TypeError for inexact numbers.
    """
    lines = _lines(terms, beta)
    return _optimum(lines, _rational("alpha", alpha, least=0), checks.instance("free", free, bool))


def phase_diagram(terms: Mapping[str, Exact], *, beta: Exact = 0, free: bool = False) -> PhaseDiagram:
    """Return the exact pieces of ``0 < α < oo`` on which `optimal_stopping` is affine in α; arguments as there."""
    lines = _lines(terms, beta)
    checks.instance("free", free, bool)
    cuts = _cuts(lines, free)
    pieces: list[Piece] = []
    for low, high in zip([Fraction(0), *cuts], [*cuts, None], strict=True):
        piece = _piece(lines, low, high, free)
        if pieces and _same(pieces[-1], piece):
            piece = Piece(**{**vars(piece), "lower": pieces.pop().lower})
        pieces.append(piece)
    return PhaseDiagram(
        pieces=tuple(pieces),
        breakpoints=tuple(piece.lower for piece in pieces[1:]),
        floors=ReadOnly({line.name: line.affine().expr() for line in lines if not line.slope}),
    )


def capacity_terms(source: Exact, capacity: Exact) -> Terms:
    """What CAP:rates makes of a source ``r`` and a capacity ``β``: ``τ^{−(1+2r)} + τ^β/n + 1/m``, for `phase_diagram`.

    The best time is ``n^{1/(1+2r+β)}`` and the excess then ``n^{−(1+2r)/(1+2r+β)}``, between n^{−1/2} and n^{−1}, as
    long as the width's 1/m (Lemma 6) is below. source: rational in [0, 1/2], of Θ₀−Θ* = wB^r. capacity: rational in
    [0, 1], of tr B(B+ν)^{−1} <= A ν^{−β}. Raises ValueError outside, TypeError for inexact numbers.
    """
    r, b = _rational("source", source), _rational("capacity", capacity)
    for name, number, most in (("source", r, Fraction(1, 2)), ("capacity", b, Fraction(1))):
        if not 0 <= number <= most:
            raise ValueError(f"{name} must be between 0 and {most}; got {number}; a larger one gains nothing here")
    return Terms({"start": tau ** -_number(1 + 2 * r), "noise": tau ** _number(b) / n, "width": 1 / m})


# Exponents -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Affine:
    """``constant + width · α``."""

    constant: Fraction
    width: Fraction

    def at(self, alpha: Fraction) -> Fraction:
        return self.constant + self.width * alpha

    def minus(self, other: _Affine, over: Fraction) -> _Affine:
        return _Affine((self.constant - other.constant) / over, (self.width - other.width) / over)

    def crossing(self, other: _Affine) -> Fraction | None:
        if self.width == other.width:
            return None
        return (other.constant - self.constant) / (self.width - other.width)

    def expr(self) -> sp.Expr:
        return _number(self.constant) + _number(self.width) * symbols.alpha


_ZERO = _Affine(Fraction(0), Fraction(0))


@dataclass(frozen=True)
class _Line:
    """A term's exponent ``slope · s + constant + width · α``."""

    name: str
    slope: Fraction
    constant: Fraction
    width: Fraction

    def affine(self) -> _Affine:
        return _Affine(self.constant, self.width)

    def at(self, s: Fraction, alpha: Fraction) -> Fraction:
        return self.slope * s + self.constant + self.width * alpha


def _lines(terms: Mapping[str, Exact], beta: Exact) -> tuple[_Line, ...]:
    scale = _rational("beta", beta)
    lines = []
    try:
        named = Terms(terms)
    except (TypeError, ValueError) as error:  # an error about one term says so itself
        raise type(error)(str(error) if "terms" in str(error) else f"terms: {error}") from None
    for name, term in named.items():
        powers = _powers(name, term)
        lines.append(_Line(name, powers[tau], powers[n] + scale * powers[mu], powers[m]))
    return tuple(lines)


def _powers(name: str, term: sp.Expr) -> dict[sp.Symbol, Fraction]:
    """The exponents of τ, n, m and μ in a positive monomial."""
    powers = dict.fromkeys(_VARIABLES, Fraction(0))
    variables = set(_VARIABLES)
    for symbol in term.free_symbols:
        if str(symbol) in map(str, variables):
            symbols.info(symbol)  # raises for a namesake with other assumptions
    for factor in sp.Mul.make_args(sp.expand_power_base(sp.powdenest(term))):
        base, exponent = factor.as_base_exp()
        if base in variables and exponent.is_Rational:
            powers[base] += Fraction(int(exponent.p), int(exponent.q))
        elif factor.free_symbols & variables:
            raise ValueError(
                f"terms: {name!r} must be a monomial in tau, n, m, mu with rational exponents; got "
                f"{term}, with the factor {factor}; expand it and give each summand a name of its own"
            )
        elif factor.is_nonpositive:
            raise ValueError(f"terms: {name!r} must be positive; got {term}; leave out what is 0 or helps the bound")
    return powers


def _rational(name: str, value: object, least: int | None = None) -> Fraction:
    number = exact(name, value)
    if not isinstance(number, sp.Rational):
        raise ValueError(
            f"{name} must be a rational number; got {number}; pass an int, a Fraction or text such as '1/3'"
        )
    if least is not None and number < least:
        raise ValueError(f"{name} must be >= {least}; got {number}; m = n^alpha is a width")
    return Fraction(int(number.p), int(number.q))


def _number(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)


# The linear program --------------------------------------------------------------------------------------------------


def _envelope(lines: tuple[_Line, ...], free: bool) -> list[_Affine]:
    """The affine functions of α whose maximum is the rate."""
    found = [line.affine() for line in lines if not line.slope or (line.slope > 0 and not free)]
    for up in lines:
        for down in lines:
            if up.slope > 0 > down.slope:
                share = up.slope / (up.slope - down.slope)  # the weight of the falling term: s cancels
                found.append(
                    _Affine(
                        (1 - share) * up.constant + share * down.constant, (1 - share) * up.width + share * down.width
                    )
                )
    if not found:
        slopes = ", ".join(f"{line.name}: {line.slope}" for line in lines)
        raise ValueError(
            f"terms must not all move the same way with tau (exponents {slopes}): no time is optimal; add "
            "a term that moves the other way, or one without tau"
        )
    return list(dict.fromkeys(found))


def _ends(lines: tuple[_Line, ...], rate: _Affine, free: bool) -> tuple[list[_Affine], list[_Affine]]:
    """The lower and the upper bounds on s that keep every term at or below the rate."""
    low = [rate.minus(line.affine(), line.slope) for line in lines if line.slope < 0]
    high = [rate.minus(line.affine(), line.slope) for line in lines if line.slope > 0]
    return low if free else [*low, _ZERO], high


@dataclass(frozen=True)
class _Optimum:
    """Rate and bounds on s as affine functions of α, valid near ``alpha``."""

    rate: _Affine
    low: _Affine | None
    high: _Affine | None
    active: tuple[str, ...]

    def stop(self) -> _Affine:
        return self.low or self.high or _ZERO


def _solve(lines: tuple[_Line, ...], alpha: Fraction, free: bool) -> _Optimum:
    rate = max(_envelope(lines, free), key=lambda affine: affine.at(alpha))
    lows, highs = _ends(lines, rate, free)
    low = max(lows, key=lambda affine: affine.at(alpha), default=None)
    high = min(highs, key=lambda affine: affine.at(alpha), default=None)
    inside = _between(None if low is None else low.at(alpha), None if high is None else high.at(alpha))
    active = tuple(line.name for line in lines if line.at(inside, alpha) == rate.at(alpha))
    return _Optimum(rate, low, high, active)


def _between(low: Fraction | None, high: Fraction | None) -> Fraction:
    """A point inside the interval of optimal s (its only one, if the ends agree)."""
    if low is None or high is None:
        return low + 1 if low is not None else high - 1 if high is not None else Fraction(0)
    return (low + high) / 2


def _optimum(lines: tuple[_Line, ...], alpha: Fraction, free: bool) -> Stopping:
    found = _solve(lines, alpha, free)
    low = -sp.oo if found.low is None else _number(found.low.at(alpha))
    high = sp.oo if found.high is None else _number(found.high.at(alpha))
    return Stopping(
        alpha=_number(alpha),
        stopping=_number(found.stop().at(alpha)),
        rate=_number(found.rate.at(alpha)),
        active=found.active,
        interval=None if low == high else (low, high),
        floors=ReadOnly({line.name: _number(line.affine().at(alpha)) for line in lines if not line.slope}),
    )


def _cuts(lines: tuple[_Line, ...], free: bool) -> list[Fraction]:
    """Every α > 0 at which the rate or an end of the interval may change its affine form, or the rate its sign."""
    cuts = set()
    envelope = _envelope(lines, free)
    for rate in envelope:
        lows, highs = _ends(lines, rate, free)
        for first, second in (*combinations(envelope, 2), *combinations([*lows, *highs], 2), (rate, _ZERO)):
            cuts.add(first.crossing(second))
    return sorted(cut for cut in cuts if cut is not None and cut > 0)


def _piece(lines: tuple[_Line, ...], low: Fraction, high: Fraction | None, free: bool) -> Piece:
    middle = low + 1 if high is None else (low + high) / 2
    found = _solve(lines, middle, free)
    ends = (-sp.oo if found.low is None else found.low.expr(), sp.oo if found.high is None else found.high.expr())
    return Piece(
        lower=_number(low),
        upper=sp.oo if high is None else _number(high),
        stopping=found.stop().expr(),
        rate=found.rate.expr(),
        active=found.active,
        interval=None if ends[0] == ends[1] else ends,
        vanishes=found.rate.at(middle) < 0,
    )


def _same(first: Piece, second: Piece) -> bool:
    names = ("stopping", "rate", "active", "interval", "vanishes")
    return all(getattr(first, name) == getattr(second, name) for name in names)
