"""Proofs of what the loss of a bounded score is at least."""

from __future__ import annotations

import sympy as sp
from sympy import Max, sqrt

from theory.symbols import T, early, explicit_hat, score_limit, tau
from theory.theorems import places
from theory.theorems.places import time
from theory.vocabulary import diffusions as df
from theory.vocabulary.objects import p0, score
from verify.proofs.early_stopping import least_of
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


@proves("IT9:repaired")
def floor(p: Draft) -> Judgement:
    """Minkowski at each time, squared where it says something, and integrated from ε to T."""
    at = early + time
    fisher, mismatch = df.FisherAt(df.HAT, at), df.Mismatch(df.HAT, score, at)
    near = p.cite("Minkowski, bounded scores", {p0: df.HAT}, time_=at, bound=score_limit)
    signed = p.combine(sqrt(fisher) - score_limit, "<=", sqrt(mismatch), near)
    least = least_of(p, signed, p.combine(0, "<=", sqrt(mismatch)))
    square = p.rising(lambda x: x**2, least)
    functions = {
        places.F: sp.Lambda(time, Max(sqrt(fisher) - score_limit, 0) ** 2),
        places.G: sp.Lambda(time, mismatch),
        tau: T - early,
    }
    whole = p.cite("monotonicity of the integral", functions, a=1, by=square, given=p.hypothesis("early"))
    loss = p.cite("explicit loss over time", {p0: df.HAT})
    return p.combine(p.goal.says.left, "<=", explicit_hat, whole, (-1, loss), given=p.hypothesis("early"))
