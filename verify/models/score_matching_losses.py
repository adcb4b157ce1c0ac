"""The losses of equation 7 as rigorous integrals: networks of one feature, data of points or of normal laws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import sympy as sp
from flint import acb, arb

from theory.claims.equation_7 import amplitude, bias, means, variances, w, weights
from theory.statement import Claim
from theory.symbols import (
    d,
    fisher,
    loss_dsm,
    loss_sm,
    loss_weight,
    posterior_score,
    r,
    slope,
    slope_dsm,
    slope_sm,
    v,
    x,
    x0,
)
from verify.balls.integrals import normal_expectation
from verify.balls.integrands import Complex
from verify.evidence.confrontation import (
    Evaluator,
    Experiment,
    Measure,
    Quantities,
    Sides,
    exact_values,
    relation_sides,
    value_of,
)
from verify.evidence.domain import Array, Domain, Field, Instance, Integer, Real

_BY_NAME = {
    str(symbol): symbol for symbol in (r, v, d, x, loss_weight, amplitude, w, bias, *weights, *means, *variances)
}


def _known(instance: Instance) -> dict[sp.Symbol, arb]:
    return {_BY_NAME[key]: arb(value) for key, value in instance.items() if key in _BY_NAME}


def _gaussian(point: arb, mean: acb, variance: arb) -> acb:
    """The density without 1/√(2π)."""
    gap = point - mean
    return (-gap * gap / (2 * variance)).exp() / variance.sqrt()


def _mixture_score(shares: Sequence[arb], centres: Sequence[arb], spreads: Sequence[arb]) -> Callable[[acb], acb]:
    """The score of two components: the second's responsibility is 1/(1 + c e^q) with one quadratic q of the point."""
    (share, other), (near, far), (spread, wide) = shares, centres, spreads
    factor = share / other * (wide / spread).sqrt()
    square = (spread - wide) / (2 * spread * wide)
    linear = near / spread - far / wide
    constant = (far * far / wide - near * near / spread) / 2

    def score(point: acb) -> acb:
        second = 1 / (1 + factor * ((square * point + linear) * point + constant).exp())
        first_pull = (near - point) / spread
        return first_pull + second * ((far - point) / wide - first_pull)

    return score


def _over_feature(
    on: Complex, off: Complex | None, *, law: tuple[arb, arb], feature: tuple[arb, arb], growth: arb
) -> arb:
    """The mean under a normal law (mean, std) of ``on`` where w x + b > 0 and of ``off`` elsewhere.

    ``feature`` is (w, b); both functions are at most growth·z² at mean + std z, |z| >= 1.
    """
    (mean, std), (weight, shift) = law, feature
    if weight == 0:
        side = on if bool(shift > 0) else off
        return arb(0) if side is None else normal_expectation(side, mean, std, growth=(arb(0), growth))
    kink, rising = -shift / weight, bool(weight > 0)
    sides = (
        (on, kink if rising else None, None if rising else kink),
        (off, None if rising else kink, kink if rising else None),
    )
    return sum(
        (
            normal_expectation(side, mean, std, growth=(arb(0), growth), above=above, below=below)
            for side, above, below in sides
            if side is not None
        ),
        start=arb(0),
    )


# Population ----------------------------------------------------------------------------------------------------------


def _population(instance: Instance) -> Quantities:
    """Data at two points of a line in d dimensions, a network a σ(w x + b) of the coordinate along it.

    Each of the other coordinates is N(0, (rv)²) and adds λ/(rv)² to both losses and 1/(rv)² to J.
    """
    values = _known(instance)
    scale, std = values[r], values[r] * values[v]
    noise = std * std
    shares = [values[weights[k]] / (values[weights[0]] + values[weights[1]]) for k in range(2)]
    centres = [scale * values[means[k]] for k in range(2)]
    score = _mixture_score(shares, centres, [noise, noise])
    a, weight, shift = values[amplitude], values[w], values[bias]
    reach = max(abs(centre) for centre in centres)
    size = abs(a) * (abs(weight) * (reach + std) + abs(shift)) + (2 * reach + std) / noise
    dsm = sm = information = arb(0)
    for share, centre in zip(shares, centres, strict=True):

        def kernel(point: acb, centre: arb = centre) -> acb:
            return (centre - point) / noise

        def net(point: acb) -> acb:
            return a * (weight * point + shift)

        def loss(label: Callable[[acb], acb], centre: arb = centre) -> arb:
            return _over_feature(
                lambda p, _: (net(p) - label(p)) ** 2,
                lambda p, _: label(p) ** 2,
                law=(centre, std),
                feature=(weight, shift),
                growth=size**2,
            )

        dsm += share * loss(kernel)
        sm += share * loss(score)
        information += share * normal_expectation(lambda p, _: score(p) ** 2, centre, std, growth=(arb(0), size**2))
    others = (values[d] - 1) / noise
    rate = values[loss_weight]
    return {**values, loss_dsm: rate * (dsm + others), loss_sm: rate * (sm + others), fisher: information + others}


def _posterior(instance: Instance) -> Quantities:
    """∫∇log p(x|x0) p(x|x0) p0(dx0) over ∫p(x|x0) p0(dx0)."""
    values = _known(instance)
    scale, noise, point = values[r], (values[r] * values[v]) ** 2, values[x]
    top = bottom = arb(0)
    for k in range(2):
        mean, std = values[means[k]], values[variances[k]].sqrt()

        def kernel(start: acb, _: bool) -> acb:
            return _gaussian(point, scale * start, noise)

        def slope_at(start: acb, _: bool) -> acb:
            return _gaussian(point, scale * start, noise) * (scale * start - point) / noise

        highest = 1 / noise.sqrt()  # of the kernel; its slope is at most that over std, as |u| e^{−u²/2} < 1
        bottom += values[weights[k]] * normal_expectation(kernel, mean, std, growth=(highest, arb(0)))
        top += values[weights[k]] * normal_expectation(slope_at, mean, std, growth=(highest / noise.sqrt(), arb(0)))
    return {**values, posterior_score: top / bottom}


def _stein(instance: Instance) -> Quantities:
    values = _known(instance)
    noise, total = (values[r] * values[v]) ** 2, values[weights[0]] + values[weights[1]]
    centres = [values[r] * values[means[k]] for k in range(2)]
    spreads = [values[r] ** 2 * values[variances[k]] + noise for k in range(2)]
    shares = [values[weights[k]] / total for k in range(2)]
    score = _mixture_score(shares, centres, spreads)
    weight, shift, reach, least = values[w], values[bias], max(map(abs, centres)), min(spreads)
    found = arb(0)
    for share, centre, spread in zip(shares, centres, spreads, strict=True):
        std = spread.sqrt()
        size = (abs(weight) * (reach + std) + abs(shift)) * (2 * reach + std) / least
        found += share * _over_feature(
            lambda p, _: score(p) * (weight * p + shift), None, law=(centre, std), feature=(weight, shift), growth=size
        )
    return {**values, slope: found}


# Data ----------------------------------------------------------------------------------------------------------------


def _mean_over_data(kind: str) -> Measure:
    """The mean over x0 ~ N(m, V) of a datum's b: DSM's −w P(active), or SM's −(r(x0 − m) Eσ + (rv)² w P(active))/S."""

    def measure(instance: Instance) -> Quantities:
        values = _known(instance)
        scale, std, weight, shift = values[r], values[r] * values[v], values[w], values[bias]
        mean, variance = values[means[0]], values[variances[0]]
        spread, beta, root = scale**2 * variance + std**2, abs(weight) * std, arb(2).sqrt()
        if kind == "sm" and std == 0:  # x_t = r x0
            found = _of_clean_data(mean, variance, scale, (weight, shift))
            return {**values, slope_sm: found}

        def datum(start: acb, _: bool) -> acb:
            height = weight * scale * start + shift
            active = (1 + (height / beta / root).erf()) / 2
            if kind == "dsm":
                return -weight * active
            boundary = (-((height / beta) ** 2) / 2).exp() / (2 * arb.pi()).sqrt()
            relu = height * active + beta * boundary
            return -(scale * (start - mean) * relu + std**2 * weight * active) / spread

        reach = variance.sqrt()
        high = abs(weight) * scale * (abs(mean) + reach) + abs(shift) + beta
        bound = abs(weight) if kind == "dsm" else (scale * reach * high + std**2 * abs(weight)) / spread
        found = normal_expectation(datum, mean, reach, growth=(arb(0), bound))
        return {**values, {"dsm": slope_dsm, "sm": slope_sm}[kind]: found}

    return measure


def _of_clean_data(mean: arb, variance: arb, scale: arb, feature: tuple[arb, arb]) -> arb:
    """The mean over x0 ~ N(m, V) of s(r x0)σ(w r x0 + b)."""
    (weight, shift), reach = feature, variance.sqrt()
    return _over_feature(
        lambda start, _: -(start - mean) / (scale * variance) * (weight * scale * start + shift),
        None,
        law=(mean, reach),
        feature=(weight * scale, shift),
        growth=(abs(weight) * scale * (abs(mean) + reach) + abs(shift)) / (scale * reach),
    )


def _losses_of_datum(values: Mapping[sp.Symbol, arb], start: arb) -> Mapping[sp.Symbol, arb]:
    """Both losses of one datum, averaged over its noise."""
    centre, std = values[r] * start, values[r] * values[v]
    spread = values[r] ** 2 * values[variances[0]] + std**2
    marginal, a, weight, shift = values[r] * values[means[0]], values[amplitude], values[w], values[bias]
    size = (
        abs(a) * (abs(weight) * (abs(centre) + std) + abs(shift))
        + 1 / std
        + (abs(centre) + std + abs(marginal)) / spread
    ) ** 2

    def loss(label: Callable[[acb], acb]) -> arb:
        return values[loss_weight] * _over_feature(
            lambda p, _: (a * (weight * p + shift) - label(p)) ** 2,
            lambda p, _: label(p) ** 2,
            law=(centre, std),
            feature=(weight, shift),
            growth=size,
        )

    return {
        x0: start,
        loss_dsm: loss(lambda p: (centre - p) / std**2),
        loss_sm: loss(lambda p: (marginal - p) / spread),
    }


def _empirical_sides(claim: Claim) -> Evaluator:
    """The means over the data of both sides."""
    left, right = claim.left(), claim.right()

    def evaluate(instance: Instance) -> Sides:
        known, totals = _known(instance), [arb(0), arb(0)]
        for point in instance["data"]:
            values = exact_values({**known, **_losses_of_datum(known, arb(point))})
            totals = [total + value_of(side, values) for total, side in zip(totals, (left, right), strict=True)]
        return totals[0] / instance["n"], totals[1] / instance["n"]

    return evaluate


# Experiments ---------------------------------------------------------------------------------------------------------

_POSITIVE = Real(low=0.25, high=4)
_WEIGHT = Real(low=-2, high=2)
_TIME: dict[str, Field] = {"r": Real(low=0.25, high=1.5), "v": Real(low=0.5, high=2)}
_FEATURE: dict[str, Field] = {"w": _WEIGHT, "b": _WEIGHT}
_LAW: dict[str, Field] = {"m_1": _WEIGHT, "V_1": _POSITIVE}
_NEAR = Real(low=-1, high=1)  # the score of modes that lie many v apart has poles near the line: slow to integrate
_MIXED: dict[str, Field] = {"w_1": _POSITIVE, "w_2": _POSITIVE, "m_1": _NEAR, "m_2": _NEAR}
_DATA: dict[str, Field] = {
    "n": Integer(low=1, high=3),
    "data": Array(shape=("n",), element=_WEIGHT),
    **_TIME,
    **_FEATURE,
    **_LAW,
    "a": _WEIGHT,
    "loss_weight": _POSITIVE,
}


def _has_feature(instance: Instance) -> bool:
    return abs(instance.get("w", 1.0)) >= 2.0**-6


def _experiment(
    name: str, fields: Mapping[str, Field], sides: Callable[[Claim], Evaluator], extremal: Instance
) -> Experiment:
    """With its extremal instance, and beyond the domain the same without noise, and without a feature."""
    without = ({**extremal, name: 0.0} for name in ("v", "w") if name in extremal)
    return Experiment(
        name=name,
        domain=Domain(fields=fields, require=_has_feature),
        sides=sides,
        extremal=(extremal,),
        beyond=tuple(without),
        measures="both sides as rigorous integrals",
    )


def _measured(measure: Measure) -> Callable[[Claim], Evaluator]:
    return lambda claim: relation_sides(
        replace(claim, relation=claim.relation.map(lambda e: e.doit()), mutants=()), measure
    )


_AT: Instance = {"r": 0.5, "v": 1.5}
_PAIR: Instance = {"w_1": 1.0, "w_2": 3.0, "m_1": -1.0, "m_2": 0.5}
_ONE: Instance = {**_AT, "w": -1.5, "b": 0.5, "m_1": -1.0, "V_1": 2.0}
_POINTS = _experiment(
    "data-points",
    {"d": Integer(low=1, high=5), **_TIME, **_FEATURE, **_MIXED, "a": _WEIGHT, "loss_weight": _POSITIVE},
    _measured(_population),
    {"d": 3, **_AT, **_PAIR, "w": 1.0, "b": 0.5, "a": 1.5, "loss_weight": 2.0},
)
_NETWORKS = _experiment(
    "data", _DATA, _empirical_sides, {"n": 2, "data": [-1.0, 1.0], "loss_weight": 2.0, "a": 1.0, **_ONE}
)
EXPERIMENTS: Mapping[str, Experiment] = {
    "EQ-7:posterior": _experiment(
        "posterior",
        {**_MIXED, **_TIME, "r": Real(low=0.5, high=1.5), "V_1": _POSITIVE, "V_2": _POSITIVE, "x": _NEAR},
        _measured(_posterior),
        {**_AT, **_PAIR, "V_1": 1.0, "V_2": 2.0, "x": 0.5},
    ),
    "EQ-7:population": _POINTS,
    "EQ-7:stein": _experiment(
        "mixture",
        {**_TIME, **_FEATURE, **_MIXED, "V_1": _POSITIVE, "V_2": _POSITIVE},
        _measured(_stein),
        {**_AT, **_PAIR, "V_1": 1.0, "V_2": 2.0, "w": -1.0, "b": 0.5},
    ),
    "EQ-7:unbiased-dsm": _experiment(
        "data-mean-dsm", {**_TIME, **_FEATURE, **_LAW}, _measured(_mean_over_data("dsm")), _ONE
    ),
    "EQ-7:unbiased-sm": _experiment(
        "data-mean-sm", {**_TIME, **_FEATURE, **_LAW}, _measured(_mean_over_data("sm")), _ONE
    ),
    "EQ-7:empirical-printed": _NETWORKS,
    "EQ-7:empirical-gap": _NETWORKS,
}
