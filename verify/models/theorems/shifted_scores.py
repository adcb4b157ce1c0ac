"""Models of the theorems of shifted scores: s = −x + c(t) under N(0, 1), its laws by differential equations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.integrate

from theory.symbols import T, d
from theory.theorems import divergences as stated
from theory.theorems.places import X
from theory.vocabulary.objects import p0, score
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.divergences import Gaussian, is_gaussian
from verify.models.theorems.interpretation import World

MODELS = Models()
_BY_ID = {theorem.id: theorem for theorem in stated.THEOREMS}
_SHIFT = _BY_ID["law generated with a shifted score"].takes[2]
_LAW = _BY_ID["divergence of N(0, I) from a shifted one"].takes[0]
_WIDE = 12.0
Function = Callable[[float], float]


def from_normal(law: Gaussian) -> float:
    """KL(N(0, I)‖law), coordinate by coordinate, by quadrature."""

    def along(mean: float) -> float:
        def density(x: float) -> float:
            ratio = (x - mean) ** 2 / law.variance / 2 + math.log(law.variance) / 2 - x * x / 2
            return math.exp(-x * x / 2) / math.sqrt(2 * math.pi) * ratio

        return scipy.integrate.quad(density, -_WIDE, _WIDE, points=[0.0])[0]

    return along(law.mean) + (law.dim - 1) * (along(0.0) if law.dim > 1 else 0.0)


def _run(rates: Callable[[float, float, float], tuple[float, float]], horizon: float) -> Gaussian:
    """Mean and variance at time 0, from N(0, 1) at the horizon, by an adaptive method of order 8."""
    found = scipy.integrate.solve_ivp(
        lambda u, y: rates(horizon - u, *y), (0, horizon), [0.0, 1.0], "DOP853", rtol=1e-11, atol=1e-13
    )
    return Gaussian(mean=float(found.y[0, -1]), variance=float(found.y[1, -1]), dim=1)


_FIELDS = {"T": Real(low=0.2, high=2), "kind": Choice(options=("shifted", "steeper"))}


@MODELS.of(
    "law generated with a shifted score",
    "law of the flow with a shifted score",
    fields=_FIELDS,
    needs=("shifted_score",),
)
@MODELS.of("divergence of N(0, 1) from the SDE-density", "divergence of N(0, 1) from the ODE-density", fields=_FIELDS)
@MODELS.of("loss of a shifted score", fields=_FIELDS, needs=("shifted_score",))
def _scores(i: Instance) -> World:
    """s = −slope·x + c(t) with the slope 1, or another one."""
    rng, horizon, slope = generator(i), i["T"], 1.5 if i["kind"] == "steeper" else 1.0
    numbers = rng.uniform(0.2, 1, 3)

    def shift(t: float) -> float:
        return float(numbers[0] + numbers[1] * t + numbers[2] * np.sin(3 * t) / 4)

    generated = _run(lambda t, m, v: ((1 - 2 * slope) * m + 2 * shift(t), 2 * (1 - 2 * slope) * v + 2), horizon)
    flowed = _run(lambda t, m, v: ((1 - slope) * m + shift(t), 2 * (1 - slope) * v), horizon)
    nodes, weights = np.polynomial.legendre.leggauss(30)
    places, chances = np.polynomial.hermite_e.hermegauss(6)

    def loss() -> float:
        """(1/T)∫ 2E(s + x)², by Gauss's rules in time and space."""
        total = 0.0
        for w, t in zip(weights / 2, horizon * (nodes + 1) / 2, strict=True):
            errors = (1 - slope) * places + shift(float(t))
            total += w * 2 * float(chances @ errors**2) / math.sqrt(2 * math.pi)
        return total

    def closed(law: Gaussian) -> float:
        return (1 / law.variance - 1 + math.log(law.variance) + law.mean**2 / law.variance) / 2

    heads: dict[str, Callable[..., Any]] = {
        "Generated": lambda *_: generated,
        "Flowed": lambda *_: flowed,
        "FromNormal": from_normal,
        "Divergence": lambda *_: closed(generated),
        "FlowDivergence": lambda *_: closed(flowed),
        "ScoreLoss": lambda *_: loss(),
    }
    facts = {"gaussian": is_gaussian, "shifted_score": lambda *_: slope == 1.0}
    return World(values={p0: None, score: None, _SHIFT: shift, T: horizon}, heads=heads, facts=facts)


@MODELS.of(
    "divergence of N(0, I) from a shifted one",
    fields={"mean": Real(low=0.1, high=3), "d": Integer(low=1, high=3), "kind": Choice(options=("shifted", "wider"))},
    needs=("gaussian",),
)
def _shifted(i: Instance) -> World:
    law = Gaussian(mean=i["mean"], variance=2.0 if i["kind"] == "wider" else 1.0, dim=i["d"])
    values = {_LAW: law, X: i["mean"], d: i["d"]}
    return World(values=values, heads={"FromNormal": from_normal}, facts={"gaussian": is_gaussian})
