"""The forward process as a channel: what its output tells of its input, and a data set of both."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sympy as sp

from theory import symbols as sym
from theory.vocabulary import diffusions as df
from theory.vocabulary import objects as o
from theory.vocabulary.statements import Fact, Statement
from theory.vocabulary.terms import E, Object, quantity

other = Object("q₀")  # another law of the start
ScoreSpread = quantity("ScoreSpread")  # (law, t): E‖∇log p_{t|0} − ∇log p_t‖²
Fisher = quantity("Fisher")  # (law, t): E‖∇log p_t‖²
MeanSquareError = quantity("MeanSquareError")  # (law, t): E‖X − E[X|X_t]‖²
LawChiSquare = quantity("LawChiSquare")  # (law, law, t): χ² between the laws at t
ChannelChiSquare = quantity("ChannelChiSquare")  # (law, t): E χ²(E_t(X)‖p_t)
PairInformation = quantity("PairInformation")  # (empirical law, t, c): −(1/n)Σ_i log (1/n)Σ_j e^{−cD_ij}

_AT_T = (o.p0, sym.T)
MEANINGS: Mapping[sp.Symbol, sp.Expr] = MappingProxyType(
    {
        sym.rate_law: df.Rate(*_AT_T),
        sym.information_law: df.ChannelInformation(*_AT_T),
        sym.information_early: df.ChannelInformation(o.p0, sym.early),
        sym.information_slope: sp.Derivative(df.ChannelInformation(*_AT_T), sym.T),
        sym.fisher_end: Fisher(*_AT_T),
        sym.mmse: MeanSquareError(*_AT_T),
        sym.denoising_law: df.DenoisingLoss(o.p0, o.score, sym.early, sym.T),
        sym.explicit_law: df.ExplicitLoss(o.p0, o.score, sym.early, sym.T),
        sym.excess_data: E(o.data, df.LawDivergence(df.HAT, *_AT_T)),
        sym.chi_square: ChannelChiSquare(*_AT_T),
        sym.information_data: df.ChannelInformation(df.HAT, sym.T),
        sym.mean_information_data: E(o.data, df.ChannelInformation(df.HAT, sym.T)),
        sym.pair_eighth: PairInformation(df.HAT, sym.T, sp.Rational(1, 8)),
        sym.pair_half: PairInformation(df.HAT, sym.T, sp.Rational(1, 2)),
    }
)
FACTS: Mapping[str, tuple[Statement, ...]] = MappingProxyType(
    {
        "χ²(X; X_T) is finite": (Fact("finite_chi_square", _AT_T),),
        "p̂ is the empirical law of n data": (Fact("size", (o.data, sym.n)),),
    }
)
