"""Proofs of Lemma 7: two modes under the forward process."""

from __future__ import annotations

from sympy import Abs, Max, log, sqrt

from theory.symbols import delta, mode_gap, mu, r, v, xt_abs
from theory.vocabulary import processes as pr
from verify.proofs.kernel import Judgement
from verify.proofs.lemma_1 import tail
from verify.proofs.writing import Draft, proves


@proves("L7:repaired")
def repaired(p: Draft) -> Judgement:
    """x(t) is ±rμ plus one normal number of variance r²(1 + v²)."""
    level, scale = sqrt(2 * log(1 / delta)), r * sqrt(1 + v**2)
    likely = tail(p, pr.Gaussian(pr.forward, r, v), pr.forward, level, p.cite("noise of two modes"))
    return p.combine(xt_abs, "<=", r * mu + scale * level, p.cite("two noisy modes"), (scale, likely))


@proves("L7:printed")
def printed(p: Draft) -> Judgement:
    """√(1 + v²) <= √2 max(1, v)."""
    level, top = sqrt(2 * log(1 / delta)), Max(r, r * v)
    one, two = p.combine(r, "<=", top), p.combine(r * v, "<=", top)
    squares = p.combine(r**2 * (1 + v**2), "<=", 2 * top**2, (r + top, one), (r * v + top, two))
    root = p.rising(sqrt, squares)
    wide = p.calc(r * sqrt(1 + v**2), ("=", root.left), ("<=", root.right, root), ("=", sqrt(2) * top))
    goal = sqrt(2) * mu * top + sqrt(2) * top * sqrt(log(1 / delta**2))
    return p.combine(xt_abs, "<=", goal, p.use("L7:repaired"), (mu, one), (level, wide))


@proves("L7:mode")
def mode(p: Draft) -> Judgement:
    """x(0) is ±μ plus a standard normal number."""
    level = sqrt(log(1 / delta**2))
    normal = p.at(p.cite("noise of two modes"), {r: 1, v: 0})
    likely = tail(p, pr.Gaussian(pr.forward, 1, 0), pr.forward, level, normal)
    return p.calc(
        mode_gap, ("<=", Abs(pr.Gaussian(pr.forward, 1, 0)), p.cite("distance from the modes")), ("<=", level, likely)
    )
