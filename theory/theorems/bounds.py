"""Bounds of per-datum quantities by suprema over a bounded support."""

from __future__ import annotations

from theory.theorems.places import bound
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Q, Theta, data, p0
from theory.vocabulary.statements import Fact, Theorem
from theory.vocabulary.terms import Image

_MATRICES, _GRADIENTS = Image(o.MatrixPart(Q), data), Image(o.GradientPart(Q, Theta), data)
_SUPPORT = (Fact("bounded_support", (p0,)), Fact("law", (data, p0)))

THEOREMS = (
    Theorem(
        id="supremum of matrices",
        sentence="on a bounded support ‖B(x₀)‖ has a largest value K_B",
        source="definition of K_B; continuity of B(x₀) in x₀ for a bounded weight",
        trust="definition",
        takes=(Q, data, p0),
        given=_SUPPORT,
        says=Fact("operator_bounded", (_MATRICES, o.NormBound(_MATRICES))),
    ),
    Theorem(
        id="diameter of half-gradients",
        sentence="on a bounded support ‖G(x₀) − G(x₀')‖ has a largest value 2K_G",
        source="definition of K_G; continuity of G(x₀) in x₀ for a bounded weight",
        trust="definition",
        takes=(Q, Theta, data, p0),
        given=_SUPPORT,
        says=Fact("diameter", (_GRADIENTS, o.Diameter(_GRADIENTS))),
    ),
    Theorem(
        id="bounded matrices are square-integrable",
        sentence="matrices of one size with a bounded operator norm have a second moment",
        source="‖B‖_F² <= m‖B‖²; Horn and Johnson 2013, section 5.6",
        takes=(Q, data, bound),
        given=(Fact("operator_bounded", (_MATRICES, bound)),),
        says=Fact("square_integrable", (_MATRICES,)),
    ),
    Theorem(
        id="half-gradients of a diameter",
        sentence="vectors of a bounded diameter have a second moment",
        source="‖G(x₀) − E G‖ <= diameter; triangle inequality and Jensen",
        takes=(Q, Theta, data, bound),
        given=(Fact("diameter", (_GRADIENTS, bound)),),
        says=Fact("square_integrable", (_GRADIENTS,)),
    ),
    Theorem(
        id="parts of a fixed quadratic",
        sentence="the maps to B(x₀) and G(x₀) do not depend on the data if quadratic and parameters do not",
        source="definition",
        trust="definition",
        takes=(Q, Theta, data),
        given=(Fact("fixed", (Theta, data)), Fact("fixed", (o.MatrixPart(Q), data))),
        says=Fact("fixed", (o.GradientPart(Q, Theta), data)),
    ),
)
