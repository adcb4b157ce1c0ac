"""Rules that learn W from data S: their gap and the information that W keeps."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sympy as sp

from theory import symbols as sym
from theory.vocabulary.information import Apart, Average, Datum, Information, Joint, Mean, W, loss
from theory.vocabulary.statements import Fact, Statement
from theory.vocabulary.terms import Object

data = Object("S")
_i = sp.Symbol("number", real=True)
_EACH = Datum(data, _i)

MEANINGS: Mapping[sp.Symbol, sp.Expr] = MappingProxyType(
    {
        sym.learning_gap: Average(sym.n, sp.Lambda(_i, Mean(Apart(W, _EACH), loss) - Mean(Joint(W, _EACH), loss))),
        sym.mean_root_information: Average(sym.n, sp.Lambda(_i, sp.sqrt(Information(W, _EACH)))),
        sym.single_information: Information(W, _EACH),
        sym.data_information: Information(W, data),
    }
)
PARAMETERS = frozenset({sym.noise_level})
FACTS: Mapping[str, tuple[Statement, ...]] = MappingProxyType(
    {
        "f is R₋-sub-Gaussian from below under P_W ⊗ P_{X_i}; both laws integrate it, and I(W; X_i) is finite": (
            Fact("sub_gaussian_for_each", (W, data, loss, sym.proxy_below)),
            Fact("comparable_for_each", (W, data, loss)),
        ),
        "X₁, …, Xₙ are independent": (Fact("independent_data", (data, sym.n)),),
    }
)
