"""Equations 12 and 13 of LLZB: positive homogeneity of ReLU features, and what normalising them does to the norm."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.features import relu
from theory.statement import Claim, ForAll, Hypothesis, Identity, Inequality, Mutant, Source
from theory.symbols import norm_given, norm_normalised, size, size_max, x

_SOURCE = Source(
    paper="LLZB",
    place="section 3, the remark after the model that ‖w‖₁ + ‖u‖₁ <= 1 without loss of generality",
    equation="12, 13",
)
_COMMON = Hypothesis(name="common-size", statement="every feature has the size ‖w_i‖₁ + ‖u_i‖₁ = c")
_SIZES = Hypothesis(name="sizes", statement="every feature has a size ‖w_i‖₁ + ‖u_i‖₁ in (0, c_max]")
_MADE = Hypothesis(
    name="normalised", statement="each (a_i, w_i, u_i) is replaced by (c_i a_i, w_i/c_i, u_i/c_i), c_i its size"
)
a, w, bias = sp.symbols("a w b", real=True)
"""Amplitude, weight and intercept u·e(t) of one feature."""


def _feature(outer: sp.Expr, inner: sp.Expr, shift: sp.Expr) -> dict[str, sp.Expr]:
    return {"rescaled feature": outer * relu(inner * x + shift)}


CLAIMS = (
    Claim(
        id="EQ-12/13:homogeneity",
        sentence="A feature (a, w, u) and the feature (ca, w/c, u/c), c > 0, are the same function.",
        source=_SOURCE,
        quantifier=ForAll(over="amplitudes, weights, intercepts, points and c > 0"),
        relation=Identity(lhs=_feature(size * a, w / size, bias / size), rhs={"feature": a * relu(w * x + bias)}),
        note="So far the printed w.l.o.g. is right: the set of functions is unchanged. False for c < 0.",
        mutants=(
            Mutant(
                name="no-compensation",
                description="(a, w/c, u/c): the amplitude kept",
                regime="c ≠ 1",
                lhs=_feature(a, w / size, bias / size),
            ),
            Mutant(
                name="weight-only",
                description="(ca, w/c, u): u kept",
                regime="c ≠ 1, u·e ≠ 0",
                lhs=_feature(size * a, w / size, bias),
            ),
            Mutant(
                name="root",
                description="(√c a, w/c, u/c)",
                regime="c ≠ 1",
                lhs=_feature(sp.sqrt(size) * a, w / size, bias / size),
            ),
            Mutant(
                name="odd",
                description="c replaced by −c",
                regime="w x + u·e ≠ 0",
                lhs=_feature(-size * a, -w / size, -bias / size),
            ),
        ),
    ),
    Claim(
        id="EQ-12/13:norm-rescales",
        sentence="Normalising features of a common size c multiplies the RKHS norm by c.",
        source=_SOURCE,
        quantifier=ForAll(over="amplitudes, widths and sizes c > 0"),
        hypotheses=(_COMMON, _MADE),
        relation=Identity(lhs={"after": norm_normalised}, rhs={"before": size * norm_given}),
        note="The norm is √(Σ a_i²/m). With it B becomes B/c², b becomes b/c and the scaled flow c² times slower: "
        "bounds in ‖·‖²/τ (L4) and in √τ (L5) agree again only when training times are rescaled as well.",
        mutants=(
            Mutant(name="root", description="√c", regime="c ≠ 1", rhs={"before": sp.sqrt(size) * norm_given}),
            Mutant(
                name="square",
                description="c²: the factor of the squared norm",
                regime="c ≠ 1",
                rhs={"before": size**2 * norm_given},
            ),
            Mutant(
                name="inverse",
                description="1/c: weights and amplitudes exchanged",
                regime="c ≠ 1",
                rhs={"before": norm_given / size},
            ),
        ),
    ),
    Claim(
        id="EQ-12/13:norm-bound",
        sentence="Normalising features of sizes up to c_max multiplies the RKHS norm by at most c_max.",
        source=_SOURCE,
        quantifier=ForAll(over="amplitudes, widths and sizes"),
        hypotheses=(_SIZES, _MADE),
        relation=Inequality(lhs={"after": norm_normalised}, rhs={"before": size_max * norm_given}),
        note="Exactly, the factor is √(Σ c_i² a_i²/Σ a_i²): the amplitudes' root mean square of the sizes. Equality "
        "when every feature with a_i ≠ 0 has the size c_max. It is <= 1 when all sizes are.",
        mutants=(
            Mutant(
                name="root", description="√c_max", regime="c_max > 1", rhs={"before": sp.sqrt(size_max) * norm_given}
            ),
            Mutant(name="unchanged", description="no factor", regime="c_max > 1", rhs={"before": norm_given}),
            Mutant(
                name="slightly-less",
                description="0.99 c_max",
                regime="all sizes equal",
                rhs={"before": sp.Rational(99, 100) * size_max * norm_given},
            ),
        ),
    ),
    Claim(
        id="EQ-12/13:wlog-printed",
        sentence="Normalising features of a common size c leaves the RKHS norm unchanged (the w.l.o.g. literally).",
        source=_SOURCE,
        quantifier=ForAll(over="amplitudes, widths and sizes c > 0"),
        hypotheses=(_COMMON, _MADE),
        relation=Identity(lhs={"after": norm_normalised}, rhs={"before": norm_given}),
        note="What the w.l.o.g. must mean for statements in the RKHS norm to carry over from general features. True "
        "only for c = 1 (or the zero function); the exact factor is in EQ-12/13:norm-rescales. The law ρ0 of the "
        "features changes as well, and with it the kernel.",
        mutants=(
            Mutant(
                name="doubled",
                description="multiplied by 2 whatever c is",
                regime="c ≠ 2",
                rhs={"before": 2 * norm_given},
            ),
            Mutant(
                name="root", description="multiplied by √c", regime="c ≠ 1", rhs={"before": sp.sqrt(size) * norm_given}
            ),
            Mutant(name="inverse", description="divided by c", regime="c ≠ 1", rhs={"before": norm_given / size}),
        ),
    ),
)

FAMILY = Family(key="EQ-12/13", subject="normalised features", claims=CLAIMS)
