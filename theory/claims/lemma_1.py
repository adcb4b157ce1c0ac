"""Lemma 1 of LLZB: the forward process stays in a box with high probability [18]."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, Hypothesis, Inequality, Mutant, Source, UpToConstant, WithProbability
from theory.symbols import K, d, delta, path_norm, r, r_max, v, v_T, x0_norm, xt_norm

_LEMMA = Source(paper="LLZB", place="Lemma 1", equation="18")
_REPAIR = Source(paper="scoregap", place="repair of LLZB, Lemma 1", equation="18")
_NOISE = WithProbability(at_least=1 - delta, over="the Gaussian noise of the forward process")
_LINEAR = Hypothesis(
    name="linear-sde",
    statement="x(t) = r(t)(x(0) + W(v(t)²)) with W a d-dimensional Brownian motion: the SDE is linear with scalar f, g",
)
C_T = sp.Max(r, r * v)
PRINTED_TAIL = sp.sqrt(sp.log(1 / delta**2))
UNION_TAIL = sp.sqrt(2 * sp.log(d / delta))
PATH_TAIL = sp.sqrt(2 * sp.log(2 * d / delta))
SHARP_TAIL = sp.sqrt(2) * sp.erfinv((1 - delta) ** (1 / d))

CLAIMS = (
    Claim(
        id="L1:printed",
        sentence="At each time the forward process is bounded by a multiple of C_T(‖x(0)‖∞ + √log(1/δ²)).",
        source=_LEMMA,
        quantifier=UpToConstant(depends_on=("T",), inner=_NOISE),
        hypotheses=(_LINEAR,),
        relation=Inequality(
            lhs={"position": xt_norm}, rhs={"initial": K * C_T * x0_norm, "noise": K * C_T * PRINTED_TAIL}
        ),
        constants={"K": Constant(symbol=K, value=sp.S.One, hidden=True, meaning="the constant that ≲ hides")},
        note="The proof applies a scalar tail bound to a d-vector. With K = 1 it is true for d = 1; no K free of d "
        "works, and from d = 3 on no K works for all δ in (0, 1) because √log(1/δ²) vanishes too fast as δ → 1.",
        mutants=(
            Mutant(
                name="no-square",
                description="log(1/δ) in place of log(1/δ²)",
                regime="d >= 2, δ near 1",
                rhs={"initial": K * C_T * x0_norm, "noise": K * C_T * sp.sqrt(sp.log(1 / delta))},
            ),
            Mutant(
                name="no-initial",
                description="the initial point is lost",
                regime="x(0) large against the noise",
                rhs={"noise": K * C_T * PRINTED_TAIL},
            ),
            Mutant(
                name="no-noise",
                description="the noise term is lost",
                regime="x(0) = 0",
                rhs={"initial": K * C_T * x0_norm},
            ),
        ),
    ),
    Claim(
        id="L1:repaired",
        sentence="At each time the forward process is at most r‖x(0)‖∞ + rv√(2 log(d/δ)).",
        source=_REPAIR,
        quantifier=_NOISE,
        hypotheses=(_LINEAR,),
        relation=Inequality(lhs={"position": xt_norm}, rhs={"initial": r * x0_norm, "noise": r * v * UNION_TAIL}),
        note="A union bound over coordinates and 2Q(u) <= exp(-u²/2), which holds for every u >= 0.",
        mutants=(
            Mutant(
                name="no-log-d",
                description="the union over coordinates is lost",
                regime="d >= 3, δ near 1; d >= 4",
                rhs={"initial": r * x0_norm, "noise": r * v * sp.sqrt(2 * sp.log(1 / delta))},
            ),
            Mutant(
                name="no-two",
                description="√log(d/δ): the factor 2 is lost",
                regime="δ small",
                rhs={"initial": r * x0_norm, "noise": r * v * sp.sqrt(sp.log(d / delta))},
            ),
            Mutant(
                name="no-initial",
                description="the initial point is lost",
                regime="x(0) large against the noise",
                rhs={"noise": r * v * UNION_TAIL},
            ),
            Mutant(
                name="clock-for-std",
                description="v in place of the standard deviation r v",
                regime="r > 1",
                rhs={"initial": r * x0_norm, "noise": v * UNION_TAIL},
            ),
        ),
    ),
    Claim(
        id="L1:sharp",
        sentence="At each time ‖x(t)‖∞ <= r‖x(0)‖∞ + rv√2 erf⁻¹((1−δ)^{1/d}), an equality at x(0) = 0.",
        source=_REPAIR,
        quantifier=_NOISE,
        hypotheses=(_LINEAR,),
        relation=Inequality(lhs={"position": xt_norm}, rhs={"initial": r * x0_norm, "noise": r * v * SHARP_TAIL}),
        note="The noise term is the exact (1−δ)-quantile of rv max|Zᵢ|: no smaller noise term holds at x(0) = 0.",
        mutants=(
            Mutant(
                name="one-coordinate",
                description="the quantile of one coordinate",
                regime="d >= 2",
                rhs={"initial": r * x0_norm, "noise": r * v * sp.sqrt(2) * sp.erfinv(1 - delta)},
            ),
            Mutant(
                name="one-per-mille",
                description="the noise term is 0.1 % smaller",
                regime="x(0) = 0",
                rhs={"initial": r * x0_norm, "noise": sp.Rational(999, 1000) * r * v * SHARP_TAIL},
            ),
            Mutant(
                name="no-root-two",
                description="√2 is lost (variance 1/2)",
                regime="x(0) = 0",
                rhs={"initial": r * x0_norm, "noise": r * v * sp.erfinv((1 - delta) ** (1 / d))},
            ),
        ),
    ),
    Claim(
        id="L1:pathwise",
        sentence="The whole forward path stays below max r · (‖x(0)‖∞ + v(T)√(2 log(2d/δ))).",
        source=_REPAIR,
        quantifier=_NOISE,
        hypotheses=(_LINEAR,),
        relation=Inequality(
            lhs={"path": path_norm}, rhs={"initial": r_max * x0_norm, "noise": r_max * v_T * PATH_TAIL}
        ),
        note="The theory needs the whole path in a box; the pointwise bound does not give that. The reflection "
        "principle doubles the tail of the end point.",
        mutants=(
            Mutant(
                name="no-reflection",
                description="the pointwise tail log(d/δ) for the whole path",
                regime="d = 1, δ near 1 (where the true probability exceeds δ)",
                rhs={"initial": r_max * x0_norm, "noise": r_max * v_T * UNION_TAIL},
            ),
            Mutant(
                name="no-two",
                description="√log(2d/δ): the factor 2 is lost",
                regime="δ small",
                rhs={"initial": r_max * x0_norm, "noise": r_max * v_T * sp.sqrt(sp.log(2 * d / delta))},
            ),
            Mutant(
                name="no-log-d",
                description="the union over coordinates is lost",
                regime="d large",
                rhs={"initial": r_max * x0_norm, "noise": r_max * v_T * sp.sqrt(2 * sp.log(2 / delta))},
            ),
            Mutant(
                name="no-initial",
                description="the initial point is lost",
                regime="x(0) large against the noise",
                rhs={"noise": r_max * v_T * PATH_TAIL},
            ),
        ),
    ),
)

FAMILY = Family(key="L1", subject="Lemma 1: forward perturbation", claims=CLAIMS)
