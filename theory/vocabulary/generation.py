"""Generators that are learned with an encoder: a datum, its latent, and what is random beside them.

U is a datum, V its latent, W the generator, K the encoder and ρ the prior of `information`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sympy as sp

from theory import symbols as sym
from theory.vocabulary import information as it
from theory.vocabulary.statements import Fact, Statement
from theory.vocabulary.terms import Object, quantity, term

encoder = Object("K")
TRAINED = it.Joint(it.U, it.V, it.W)
FRESH = it.Beside(it.U, it.reference, it.W)

output, mean_channel = Object("O"), Object("Ḡ")  # what is made of V; the mean of the generators
SHOWN = it.Joint(it.U, it.V, output)
Through = term("Through")  # (U, ρ, channel): P_U ⊗ ρ, and what the channel makes of the latent
MADE = Through(it.U, it.reference, mean_channel)
OutputDivergence = quantity("OutputDivergence")  # (O, U, V, channel): E KL(P_{O|U,V}‖channel(·|V))

MeanTransport = quantity("MeanTransport")  # (U, ρ, W): the mean over W of W₁(P_U, ∫ρ(dz) W(·|z))
LeastDistance = quantity("LeastDistance")  # of a random point: min_c E‖U − c‖
MeanDivergence = quantity("MeanDivergence")  # (U, ρ, W): the mean over W of KL(P_U‖∫ρ(dz) W(·|z))
Entropy = quantity("Entropy", real=True)  # of a random variable
OwnLoss = quantity("OwnLoss", real=True)  # (U, K, W): E −log w(U|V), V ~ K(U), apart from what K and W were learned of

_GAP = it.Mean(FRESH, it.loss) - it.Mean(TRAINED, it.loss)
MEANINGS: Mapping[sp.Symbol, sp.Expr] = MappingProxyType(
    {
        sym.generation_gap: _GAP,
        sym.training_loss: it.Mean(TRAINED, it.loss),
        sym.product_loss: it.Mean(FRESH, it.loss),
        sym.encoder_rate: it.Conditional(it.V, it.U, encoder, it.reference),
        sym.generator_information: it.Information(it.U, it.W),
        sym.output_excess: OutputDivergence(output, it.U, it.V, mean_channel),
        sym.transport_mean: MeanTransport(it.U, it.reference, it.W),
        sym.point_distance: LeastDistance(it.U),
        sym.transport_square: it.Transport2(it.first, it.second),
        sym.kl_generated: MeanDivergence(it.U, it.reference, it.W),
        sym.data_entropy: Entropy(it.U),
        sym.fresh_loss: OwnLoss(it.U, encoder, it.W),
    }
)
IN_CLAIMS: Mapping[str, tuple[Mapping[sp.Symbol, sp.Expr], ...]] = MappingProxyType(
    {
        "IT5": ({sym.cumulant_below: it.Cumulant(FRESH, it.loss, -sym.tilt)},),
        "IT5:output": ({sym.generation_gap: it.Mean(MADE, it.loss) - it.Mean(SHOWN, it.loss)},),
    }
)
"""By family, as in `meanings`."""

_COMPARABLE = Fact("comparable", (TRAINED, FRESH, it.loss))
FACTS: Mapping[str, tuple[Statement, ...]] = MappingProxyType(
    {
        "Δ is R₋-sub-Gaussian from below under P ⊗ π ⊗ G; both laws integrate it, and their divergence is finite": (
            Fact("sub_gaussian_below", (FRESH, it.loss, sym.proxy_below)),
            _COMPARABLE,
        ),
        "Δ is a function of datum and output, R₋-sub-Gaussian from below under P ⊗ π ⊗ Ḡ; both laws integrate it, and "
        "their divergence is finite": (
            Fact("sub_gaussian_below", (MADE, it.loss, sym.proxy_below)),
            Fact("comparable", (SHOWN, MADE, it.loss)),
        ),
        "E e^{−ηΔ} is finite under P ⊗ π ⊗ G, and Δ integrable under both laws": (
            Fact("exponential_moment", (FRESH, it.loss, -sym.tilt)),
            _COMPARABLE,
        ),
        "Z_i is drawn from E(X_i), and given E and X_i does not depend on the generator": (
            Fact("conditionally_independent", (it.V, it.W, it.U, encoder)),
        ),
        "Δ is a distance of the datum and what is generated": (Fact("distance", (it.loss, it.U, it.W)),),
        "Δ = −log q_G(x|z), q_G(·|z) a density, and H(P) is finite": (Fact("log_loss", (it.loss, it.U, it.W)),),
        "ν = N(b, uI) with 0 < u <= 1, and KL(μ‖ν) is finite": (Fact("narrow_gaussian", (it.first, it.second)),),
    }
)
