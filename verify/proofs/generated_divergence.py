"""Proofs of the divergence of what is generated."""

from __future__ import annotations

from theory.symbols import kl_generated
from verify.proofs.encoder_decoupling import gap
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


@proves("IT7:repaired")
def repaired(p: Draft) -> Judgement:
    """The log-loss of fresh data is that in training plus the gap."""
    return p.combine(kl_generated, "<=", p.goal.says.right, p.cite("log-loss of a mixture"), gap(p))


@proves("IT7:floor")
def floor(p: Draft) -> Judgement:
    """Convexity over the latents."""
    return p.cite("log-loss of a mixture")


@proves("IT7:elbo")
def elbo(p: Draft) -> Judgement:
    """The evidence lower bound, in the mean."""
    return p.cite("evidence lower bound")
