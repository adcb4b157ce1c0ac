"""Models of the theorems of divergences: Gaussian laws along linear SDEs, by moment equations and quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.integrate
import scipy.linalg

from theory.symbols import d
from theory.theorems.divergences import THEOREMS
from theory.theorems.places import X, level
from theory.vocabulary.objects import p0
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems.attack import Models
from verify.models.theorems.interpretation import World

MODELS = Models()
_ROUND = 2.0**-30
_WIDE = 12.0
"""Standard deviations beyond which a normal density is below a float's rounding."""
_BY_ID = {theorem.id: theorem for theorem in THEOREMS}
_LAW, _TIME = _BY_ID["divergence of a Gaussian from N(0, I)"].takes[0], _BY_ID["prior term"].takes[1]


@dataclass(frozen=True, kw_only=True)
class Gaussian:
    """N(m, vI) in d dimensions, ‖m‖ = ``mean``; it moves by dx = −ax dt + √2 dW with the ``pull`` a."""

    mean: float
    variance: float
    dim: int
    pull: float = 1.0

    def at(self, t: float) -> Gaussian:
        """The law at a time: m' = −am, v' = −2av + 2."""
        a = self.pull
        system = np.array([[-a, 0, 0], [0, -2 * a, 2], [0, 0, 0]])
        mean, variance, _ = scipy.linalg.expm(t * system) @ [self.mean, self.variance, 1.0]
        return Gaussian(mean=float(mean), variance=float(variance), dim=self.dim, pull=a)


def to_normal(law: Gaussian) -> float:
    """KL(law‖N(0, I)), coordinate by coordinate, by quadrature."""
    std = math.sqrt(law.variance)

    def along(mean: float) -> float:
        def density(z: float) -> float:
            x = mean + std * z
            return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) * (x * x / 2 - z * z / 2 - math.log(std))

        return scipy.integrate.quad(density, -_WIDE, _WIDE, points=[0.0])[0]

    return along(law.mean) + (law.dim - 1) * (along(0.0) if law.dim > 1 else 0.0)


def _gaussian(law: Gaussian, *numbers: float) -> bool:
    return bool(np.allclose((law.mean, law.variance, law.dim), numbers, rtol=_ROUND, atol=_ROUND))


_HEADS: dict[str, Callable[..., Any]] = {
    "AtTime": lambda law, t: law.at(t),
    "ToNormal": to_normal,
    "Prior": lambda law, t: _closed(law.at(t)),
}
_FACTS = {"gaussian": _gaussian, "ornstein_uhlenbeck": lambda law: law.pull == 1.0}


def _closed(law: Gaussian) -> float:
    return (law.mean**2 + law.dim * (law.variance - 1 - math.log(law.variance))) / 2


_FIELDS = {
    "mean": Real(low=0.1, high=3),
    "variance": Real(low=0.1, high=3),
    "dim": Integer(low=1, high=3),
    "t": Real(low=0, high=2),
    "kind": Choice(options=("true", "other law", "other pull")),
}


@MODELS.of("Gaussian along an Ornstein–Uhlenbeck process", fields=_FIELDS, needs=("ornstein_uhlenbeck", "gaussian"))
@MODELS.of("divergence of a Gaussian from N(0, I)", fields=_FIELDS, needs=("gaussian",))
@MODELS.of("prior term", fields=_FIELDS)
def _gaussians(i: Instance) -> World:
    pull = 2.0 if i["kind"] == "other pull" else 1.0
    law = Gaussian(mean=i["mean"], variance=i["variance"], dim=i["dim"], pull=pull)
    stated = law.variance + (0.5 if i["kind"] == "other law" else 0.0)
    values = {p0: law, _LAW: law, X: law.mean, level: stated, d: law.dim, _TIME: i["t"]}
    return World(values=values, heads=_HEADS, facts=_FACTS)
