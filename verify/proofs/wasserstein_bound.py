"""Proofs of the Wasserstein distance of what is generated."""

from __future__ import annotations

from theory.symbols import point_distance, product_loss, transport_mean
from verify.proofs.encoder_decoupling import gap
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


@proves("IT6:repaired")
def repaired(p: Draft) -> Judgement:
    """The product is a coupling, and its mean distance is that in training plus the gap."""
    return p.combine(transport_mean, "<=", p.goal.says.right, p.cite("distance by an independent coupling"), gap(p))


@proves("IT6:floor")
def floor(p: Draft) -> Judgement:
    """Each point that is generated is some point."""
    return p.combine(point_distance, "<=", product_loss, p.cite("distance from the best point"))


@proves("IT6:talagrand")
def transport(p: Draft) -> Judgement:
    """Talagrand's inequality."""
    return p.cite("Talagrand")
