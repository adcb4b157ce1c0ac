"""Generation: channels that are learned, couplings, log-losses of mixtures, transport."""

from __future__ import annotations

import sympy as sp

from theory.vocabulary import generation as gn
from theory.vocabulary import information as it
from theory.vocabulary.statements import Fact, Theorem, at_most, equals

_U, _V, _W, _K, _RHO, _F = it.U, it.V, it.W, gn.encoder, it.reference, it.loss
_LOG_LOSS = Fact("log_loss", (_F, _U, _W))
_DISTANCE = Fact("distance", (_F, _U, _W))

THEOREMS = (
    Theorem(
        id="convexity of the divergence over channels",
        sentence="E KL(P_{V|U,W}‖ρ) <= E KL(P_{V|U,K}‖ρ) where V does not depend on W given U and K",
        source="Cover and Thomas 2006, Theorem 2.7.2: P_{V|U,W} is a mean over K",
        takes=(_U, _V, _W, _K, _RHO),
        given=(Fact("conditionally_independent", (_V, _W, _U, _K)),),
        says=at_most(it.Conditional(_V, _U, _W, _RHO), it.Conditional(_V, _U, _K, _RHO)),
    ),
    Theorem(
        id="convexity of the divergence over encoders",
        sentence="E KL(P_{V|U}‖ρ) <= E KL(P_{V|U,K}‖ρ)",
        source="Cover and Thomas 2006, Theorem 2.7.2: P_{V|U} is a mean over K",
        takes=(_U, _V, _K, _RHO),
        says=at_most(it.Conditional(_V, _U, _RHO), it.Conditional(_V, _U, _K, _RHO)),
    ),
    Theorem(
        id="chain rule against a channel",
        sentence="KL(P_{UVO}‖P_U ⊗ ρ ⊗ Ḡ) = E KL(P_{V|U}‖ρ) + E KL(P_{O|U,V}‖Ḡ(·|V))",
        source="Cover and Thomas 2006, Theorem 2.5.3; Polyanskiy and Wu 2025, Theorem 2.15",
        takes=(_U, _V, gn.output, gn.mean_channel, _RHO),
        says=equals(
            it.Relative(it.Joint(_U, _V, gn.output), gn.Through(_U, _RHO, gn.mean_channel)),
            it.Conditional(_V, _U, _RHO) + gn.OutputDivergence(gn.output, _U, _V, gn.mean_channel),
        ),
    ),
    Theorem(
        id="distance by an independent coupling",
        sentence="W₁(P, ∫ρ(dz) w(·|z)) is at most the mean distance of a point of P and, apart from it, one that w "
        "makes of a z ~ ρ; so it is in the mean over w",
        source="Villani 2009, definition 6.1: the product is a coupling",
        takes=(_U, _W, _RHO, _F),
        given=(_DISTANCE,),
        says=at_most(gn.MeanTransport(_U, _RHO, _W), it.Mean(it.Beside(_U, _RHO, _W), _F)),
    ),
    Theorem(
        id="distance from the best point",
        sentence="the mean distance of independent points is at least min_c E‖U − c‖",
        source="Fubini's theorem; Rudin 1987, Theorem 8.8",
        takes=(_U, _W, _RHO, _F),
        given=(_DISTANCE,),
        says=at_most(gn.LeastDistance(_U), it.Mean(it.Beside(_U, _RHO, _W), _F)),
    ),
    Theorem(
        id="log-loss of a mixture",
        sentence="KL(P‖∫ρ(dz) w(·|z)) <= E −log w(U|V) − H(U) for independent U ~ P and V ~ ρ, and in the mean over w",
        source="Cover and Thomas 2006, Theorem 2.7.2 (convexity); section 2.3",
        takes=(_U, _W, _RHO, _F),
        given=(_LOG_LOSS,),
        says=at_most(gn.MeanDivergence(_U, _RHO, _W), it.Mean(it.Beside(_U, _RHO, _W), _F) - gn.Entropy(_U)),
    ),
    Theorem(
        id="evidence lower bound",
        sentence="KL(P‖∫ρ(dz) w(·|z)) <= E −log w(U|V) + E KL(K(U)‖ρ) − H(U) with V ~ K(U), in the mean over K and w",
        source="Jordan, Ghahramani, Jaakkola and Saul 1999, section 6; Kingma and Welling 2014, equation 3",
        takes=(_U, _V, _W, _K, _RHO, _F),
        given=(_LOG_LOSS,),
        says=at_most(
            gn.MeanDivergence(_U, _RHO, _W), gn.OwnLoss(_U, _K, _W) + it.Conditional(_V, _U, _K, _RHO) - gn.Entropy(_U)
        ),
    ),
    Theorem(
        id="Talagrand",
        sentence="W₂(μ, ν) <= √(2 KL(μ‖ν)) for a normal law ν whose variance is at most 1",
        source="Talagrand 1996, Theorem 1.1; Bakry, Gentil and Ledoux 2014, Theorem 9.2.1",
        takes=(it.first, it.second),
        given=(Fact("narrow_gaussian", (it.first, it.second)),),
        says=at_most(it.Transport2(it.first, it.second), sp.sqrt(2 * it.Relative(it.first, it.second))),
    ),
)
