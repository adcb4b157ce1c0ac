"""Bounds by capacity for data without a bounded support, from second moments: what T2:capacity asks of a law."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray, Mixture
from numerics.mixtures.mixture import read_mixture
from numerics.per_datum.capacity import AlongPath, Capacity
from numerics.per_datum.datum_law import DatumLaw, law_of_nodes
from numerics.per_datum.lower_tail import Ridge
from numerics.random_features.features import RandomFeatures
from numerics.random_features.quadratic import population_quadratic, require_features
from numerics.random_features.schedule import Schedule

_EVENTS = 3  # the lower tail of B̂, its largest eigenvalue, the noise along the path
_TRIED = 3  # ridges at which the sharpest lower tail is taken
_UP = 1.0 + 2.0**-40  # so that rounding lowers no bound
_MOST_NODES = 128  # of a Gauss–Hermite rule in floats


@dataclass(frozen=True, kw_only=True)
class MomentBound:
    """√(L̃(Θ̂(τ))−L*) <= ``root`` + ρ_ν ``spread``/``kept`` √(3/(nδ)), with probability 1−δ.

    ``root`` = √(L̃(Θ(τ))−L*); ``rho`` = ρ_ν; ``kept`` by the ``branch`` of the lower tail, at the ``ridge`` ν;
    ``spread`` C√E‖ξ_x(τ)B_ν^{−½}‖² + ∫ω_τ√E‖ξ'_x(s)B_ν^{−½}‖²ds, C and ω_τ largest values up to
    ``largest`` = k₁ + S_B√(3/(nδ)), which bounds B̂; ``scatter`` = S_B.
    Lower tail, largest eigenvalue and noise have δ/3 each.
    """

    tau: float
    n: int
    delta: float
    root: float
    rho: float
    ridge: float
    kept: float
    branch: str
    spread: float
    scatter: float
    largest: float

    @property
    def total(self) -> float:
        """The bound on √(L̃(Θ̂(τ))−L*)."""
        if self.kept <= 0.0:
            return math.inf
        return self.root + self.rho * self.spread / self.kept * math.sqrt(_EVENTS / (self.n * self.delta))


@dataclass(frozen=True, kw_only=True, eq=False)
class MomentCapacity(ArrayValue):
    """The capacity of a data law that need not be bounded, from its second moments; see `MomentBound`.

    ``law``: `mixture_datum_law`, of whose enclosures nothing is used but B(x_0) ⪰ 0; ``initial``: Θ_0 (d, m). TypeError
    or ValueError for another law, a Θ_0 of another shape, or features that are never active.
    """

    law: DatumLaw
    initial: FloatArray

    def __post_init__(self):
        checks.instance("law", self.law, DatumLaw, "build it with numerics.mixture_datum_law(…)")
        object.__setattr__(self, "initial", self.whole.initial)

    @cached_property
    def whole(self) -> Capacity:
        """The population's flow and the ridges; nothing in it is asked for a supremum."""
        m = self.law.quadratic.width
        nothing = np.zeros((1, m, m))
        law = DatumLaw(
            quadratic=self.law.quadratic, weights=self.law.weights, matrices=self.law.matrices,
            vectors=self.law.vectors, lower=nothing, upper=nothing,
        )  # fmt: skip
        return Capacity(law=law, initial=self.initial)

    @cached_property
    def scatter(self) -> float:
        """S_B = √E‖B(x_0)−B‖_F²."""
        return math.sqrt(float(self.law.weights @ np.sum(self.law.centred**2, axis=(1, 2))))

    def bound(self, *, tau: float, n: int, delta: float) -> MomentBound:
        """The bound at the best ridge; ValueError or TypeError for τ <= 0, n < 1 or δ outside (0, 1]."""
        end, count = checks.real("tau", tau, above=0.0), checks.integer("n", n)
        level = checks.failure("delta", delta)
        top = float(self.law.quadratic.spectrum.values.max())
        largest = (top + self.scatter * math.sqrt(_EVENTS / (count * level))) * _UP
        path = AlongPath(self.whole, end, largest)

        def at(k: int, full: bool) -> MomentBound:
            ridge: Ridge = self.whole.ridges[k]
            kept = ridge.kept(count, level / _EVENTS, sharpest=full, bounded=False)
            return MomentBound(
                tau=end, n=count, delta=level, root=path.root, rho=ridge.rho, ridge=ridge.ridge, kept=kept.share,
                branch=kept.branch, spread=path.noise(k, full).spread, scatter=self.scatter, largest=largest,
            )  # fmt: skip

        order = sorted(range(len(self.whole.ridges)), key=lambda k: at(k, False).total)
        return min((at(k, True) for k in order[:_TRIED]), key=lambda bound: bound.total)


def mixture_datum_law(features: RandomFeatures, mixture: Mixture, schedule: Schedule, *, nodes: int = 40) -> DatumLaw:
    """The per-datum parts under a Gaussian mixture on the line: Gauss–Hermite ``nodes`` for each of its components.

    c = E_t λ J(p_t) as in `population_quadratic`. No enclosure is of the mixture, whose B(x_0) are not bounded:
    `MomentCapacity` uses none, and `Capacity` would speak of a law on the nodes. ValueError or TypeError as
    `population_quadratic`, and for features of more than one dimension.
    """
    require_features(features, schedule)
    if features.dim != 1:
        checks.refuse("features", "have dim 1", features.dim, "sample them with dim 1")
    count = checks.integer("nodes", nodes, minimum=2, maximum=_MOST_NODES)
    weights, means, variances = read_mixture("mixture", mixture, 1)
    z, rule = np.polynomial.hermite_e.hermegauss(count)
    points = (means + np.sqrt(variances)[:, None] * z).ravel()
    mass = (weights[:, None] * (rule / rule.sum())).ravel()
    return law_of_nodes(features, (points, mass), schedule, population_quadratic(features, mixture, schedule).c, None)
