"""Proofs of the repair of Theorem 4.1: the divergence of a datum, its latent and the generator from three apart."""

from __future__ import annotations

from sympy import sqrt

from theory.symbols import encoder_rate, generation_gap, generator_information, output_excess, proxy_below, tilt
from theory.vocabulary import information as it
from theory.vocabulary.generation import FRESH, MADE, SHOWN, TRAINED
from verify.proofs.decoupling import drop_bound
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves

_LAWS = {it.first: TRAINED, it.second: FRESH}


def divergence(p: Draft) -> Judgement:
    """KL(law(X_i, Z_i, G)‖P ⊗ π ⊗ P_G) <= E KL(E(X_i)‖π) + I(G; X_i)."""
    chain, convex = p.cite("chain rule against a product"), p.cite("convexity of the divergence over channels")
    return p.combine(it.Relative(TRAINED, FRESH), "<=", encoder_rate + generator_information, chain, convex)


def gap(p: Draft) -> Judgement:
    """The gap of one datum."""
    return p.calc(
        generation_gap,
        ("<=", sqrt(2 * it.Relative(TRAINED, FRESH)) * proxy_below, drop_bound(p, proxy_below, _LAWS)),
        ("<=", sqrt(2 * (encoder_rate + generator_information)) * proxy_below, divergence(p)),
    )


@proves("IT5:repaired")
def repaired(p: Draft) -> Judgement:
    """Decoupling, with that divergence."""
    return gap(p)


@proves("IT5:output")
def output(p: Draft) -> Judgement:
    """Decoupling of the output and the mean generator's."""
    laws = {it.first: SHOWN, it.second: MADE}
    chain, convex = p.cite("chain rule against a channel"), p.cite("convexity of the divergence over encoders")
    whole = p.combine(it.Relative(SHOWN, MADE), "<=", encoder_rate + output_excess, chain, convex)
    return p.calc(
        generation_gap,
        ("<=", sqrt(2 * it.Relative(SHOWN, MADE)) * proxy_below, drop_bound(p, proxy_below, laws)),
        ("<=", sqrt(2 * (encoder_rate + output_excess)) * proxy_below, whole),
    )


@proves("IT5:one-sided")
def one_sided(p: Draft) -> Judgement:
    """Donsker–Varadhan at −η, with that divergence."""
    change = p.cite("Donsker–Varadhan", _LAWS, a=-tilt)
    return p.combine(generation_gap, "<=", p.goal.says.right, (1 / tilt, change), (1 / tilt, divergence(p)))
