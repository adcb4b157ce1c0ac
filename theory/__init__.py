"""What is claimed: the theory of score-based diffusion models as SymPy values, in exact numbers only."""

from collections.abc import Mapping

from theory import features, flow, information, kernel, rates, symbols
from theory.claims import REGISTRY, UnknownClaimError
from theory.mixture import GaussianMixture
from theory.sde import (
    AbstractLinearSDE,
    LinearSDE,
    OrnsteinUhlenbeck,
    SubVariancePreserving,
    VarianceExploding,
    VariancePreserving,
)
from theory.statement import Claim

claims: Mapping[str, Claim] = REGISTRY
"""Every claim by id; it stands in front of the subpackage of the same name, which holds their definitions."""

__all__ = [
    "AbstractLinearSDE",
    "Claim",
    "GaussianMixture",
    "LinearSDE",
    "OrnsteinUhlenbeck",
    "SubVariancePreserving",
    "UnknownClaimError",
    "VarianceExploding",
    "VariancePreserving",
    "claims",
    "features",
    "flow",
    "information",
    "kernel",
    "rates",
    "symbols",
]
