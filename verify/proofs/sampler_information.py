"""Proofs of what a generated sample reveals of the data."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import exp, log, sqrt

from theory.symbols import T, n, sampler_information, score_limit, u
from theory.vocabulary import diffusions as df
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves

_SIGNAL = sp.Symbol("signal", nonnegative=True)
_GROWN = 1 - exp(-2 * T)


def _cost(p: Draft, reference: Any, by: Any) -> Judgement:
    """I(X̂₀; S | X̂_T) <= cost against a reference."""
    at = {df.reference: reference}
    end = p.cite("information of an end and of its path")
    least = p.cite("information as a least mean divergence", at, by=by)
    girsanov = p.cite("divergence of two samplers", at)
    return p.combine(end.left, "<=", girsanov.right, end, least, girsanov)


@proves("IT11:sharper")
def sharper(p: Draft) -> Judgement:
    """Data processing, the least mean divergence, Girsanov."""
    return _cost(p, df.reference, ())


@proves("IT11:printed")
def printed(p: Draft) -> Judgement:
    """Against no score at all."""
    known = _cost(p, df.zero, p.cite("no score knows no data"))
    cost = p.cite("cost of a bounded score", bound=score_limit)
    return p.combine(sampler_information, "<=", p.goal.says.right, known, cost)


def _grown(p: Draft) -> Judgement:
    """0 <= 1 − e^{−2T}."""
    return p.at(taylor(1 - exp(-u), u), {u: 2 * T})


@proves("IT11:location")
def location(p: Draft) -> Judgement:
    """log(1 + x) <= x."""
    known = _grown(p)
    curve = p.at(taylor(_SIGNAL - log(1 + _SIGNAL), _SIGNAL), {_SIGNAL: _GROWN / n}, [known])
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, (sp.Rational(1, 2), curve), given=known)


@proves("IT11:memory")
def memory(p: Draft) -> Judgement:
    """2z <= (2 + z)² log(1 + z), and the roots of both sides."""
    z, known = _SIGNAL, _grown(p)
    curve = taylor((2 + z) ** 2 * log(1 + z) / 4 - z / 2, z)
    root = p.rising(sqrt, p.combine(z, "<=", (2 + z) ** 2 * log(1 + z) / 2, (2, curve)))
    placed = p.at(root, {z: _GROWN**2 / n}, [known])
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, (2 / sqrt(n), placed), given=known)
