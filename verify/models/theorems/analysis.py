"""Models of the theorems of analysis: polynomials, bounded smooth functions, steps; integrals by quadrature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from theory.symbols import tau
from theory.theorems import analysis
from theory.theorems.places import F, G, a, b, bound, high, level, low, mode, number, rate, time
from theory.vocabulary.objects import Q
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems import quadratics
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World

MODELS = Models()
_PLACES = np.arange(-20, 21) / 4
"""Where derivatives are compared with functions."""
_JUMPS = (-1.0, 0.25, 0.5, 2.0)
"""Where continuity is looked at; functions of the models jump at 1/2."""
_CLOSE = 2.0**-30
_FAR = 2.0**26
"""A limit at infinity is seen here to half of a float's bits."""
Function = Callable[[Any], Any]

# (F, F'), with limits at ±∞ for the last three
_PAIRS: dict[str, tuple[Function, Function]] = {
    "cubic": (lambda x: x**3 + x, lambda x: 3 * x**2 + 1),
    "constant": (lambda x: 1 + 0 * x, lambda x: 0 * x),
    "wave": (lambda x: 2 + np.sin(x), np.cos),
    "tanh": (lambda x: 2 + np.tanh(x), lambda x: np.exp(-2 * np.logaddexp(x, -x)) * 4),
    "root": (lambda x: 3 + x / np.sqrt(1 + x**2), lambda x: (1 + x**2) ** -1.5),
    "bell": (lambda x: np.exp(-np.minimum(x**2, 700.0)) + 1, lambda x: -2 * x * np.exp(-np.minimum(x**2, 700.0))),
}
_WRONG: dict[str, tuple[Function, Function]] = {
    **_PAIRS,
    "no primitive": (lambda x: 3 - np.tanh(x), lambda x: np.exp(-2 * np.logaddexp(x, -x)) * 4),
}


def _step(x: Any) -> Any:
    return np.where(np.asarray(x) > 0.5, 2.0, 1.0)


def _continuous(function: Function) -> bool:
    sides = ((function(x + _CLOSE), function(x - _CLOSE)) for x in _JUMPS)
    return all(abs(one - two) <= 2.0**-16 * (1 + abs(one)) for one, two in sides)


def _tends(function: Function, sign: float, limit: float) -> bool:
    return bool(abs(function(sign * _FAR) - limit) < 2.0**-20)


_FACTS: dict[str, Callable[..., bool]] = {"continuous": _continuous, "tends": _tends}
_INTERVAL = {"low": Real(low=-3, high=3), "high": Real(low=-3, high=3)}


def _world(values: dict[Any, Any], ranges: dict[Any, Any] | None = None) -> World:
    heads = {"SpectralMean": quadratics.spectral_mean}
    return World(
        values=values,
        heads=heads,
        facts=_FACTS,
        ranges={number: (*_PLACES, *(values[end] for end in (low, high) if end in values)), **(ranges or {})},
    )


def _kinds(names: Sequence[str]) -> Choice:
    return Choice(options=tuple(names))


def _cases(names: Sequence[str], **others: Any) -> tuple[Instance, ...]:
    return tuple({"kind": name, "low": -1.0, "high": 2.0, **others} for name in names)


_BOUNDED = ("tanh", "root", "bell")


@MODELS.of(
    "monotone by its derivative",
    fields={"kind": _kinds(tuple(_WRONG)), **_INTERVAL},
    extremal=(*_cases(tuple(_WRONG)), {"kind": "cubic", "low": 2.0, "high": -1.0}),
    needs=("hypothesis 1", "hypothesis 2", "hypothesis 3"),
)
@MODELS.of(
    "fundamental theorem of calculus",
    fields={"kind": _kinds(tuple(_WRONG)), **_INTERVAL},
    extremal=_cases(tuple(_WRONG)),
    needs=("hypothesis 1",),
)
def _primitive(i: Instance) -> World:
    f, g = _WRONG[i["kind"]]
    return _world({F: f, G: g, low: i["low"], high: i["high"]})


_TO_INFINITY = {"kind": _kinds((*_BOUNDED, "no primitive")), "limit": Choice(options=("right", "wrong")), **_INTERVAL}


@MODELS.of(
    "integral to infinity",
    fields=_TO_INFINITY,
    extremal=_cases((*_BOUNDED, "no primitive"), limit="right"),
    needs=("hypothesis", "tends"),
)
def _half_line(i: Instance) -> World:
    f, g = _WRONG[i["kind"]]
    return _world({F: f, G: g, low: i["low"], high: _limit(f, i)})


@MODELS.of(
    "integral over the line",
    fields=_TO_INFINITY,
    extremal=_cases((*_BOUNDED, "no primitive"), limit="right"),
    needs=("hypothesis", "tends 3"),
)
def _line(i: Instance) -> World:
    f, g = _WRONG[i["kind"]]
    return _world({F: f, G: g, low: float(f(-_FAR)), high: _limit(f, i)})


def _limit(f: Function, i: Instance) -> float:
    return float(f(_FAR)) + (0.5 if i["limit"] == "wrong" else 0.0)


@MODELS.of(
    "linearity of the integral", fields={"kind": _kinds(tuple(_PAIRS)), "other": _kinds(tuple(_PAIRS)), **_INTERVAL}
)
@MODELS.of("adjacent integrals", fields={"kind": _kinds(tuple(_PAIRS)), "other": _kinds(tuple(_PAIRS)), **_INTERVAL})
def _integrals(i: Instance) -> World:
    rng = generator(i)
    numbers = {a: rng.uniform(0.5, 2), b: rng.uniform(0.5, 2)}
    return _world({F: _PAIRS[i["kind"]][0], G: _PAIRS[i["other"]][0], low: i["low"], high: i["high"], **numbers})


@MODELS.of(
    "continuity of combinations",
    fields={"kind": _kinds(("smooth", "F jumps", "G jumps"))},
    needs=("continuous 1", "continuous 2"),
    variants=lambda _theorem: {},
)
def _combinations(i: Instance) -> World:
    f, g = (_step if i["kind"] == f"{name} jumps" else _PAIRS[pair][0] for name, pair in (("F", "wave"), ("G", "root")))
    return _world({F: f, G: g, a: 3.0, b: -2.0})


@MODELS.of(
    "continuity of products",
    fields={"kind": _kinds(("smooth", "F jumps", "G jumps"))},
    needs=("continuous 1", "continuous 2"),
    variants=lambda _theorem: {},
)
def _products(i: Instance) -> World:
    return _combinations(i)


@MODELS.of(
    "continuity of an exponential",
    fields={"kind": _kinds(("smooth", "F jumps"))},
    needs=("continuous",),
    variants=lambda _theorem: {},
)
@MODELS.of(
    "continuity of an integral",
    fields={"kind": _kinds(("smooth", "undefined"))},
    needs=("continuous",),
    variants=lambda _theorem: {},
)
def _continuities(i: Instance) -> World:
    kinds: dict[str, Function] = {
        "smooth": _PAIRS["wave"][0],
        "F jumps": _step,
        "undefined": lambda x: np.where(np.asarray(x) > 0.5, np.nan, 1.0),
    }
    return _world({F: kinds[i["kind"]], a: -0.5})


@MODELS.of("Lambert's W", fields={"low": Real(low=-0.5, high=0.5)}, needs=("hypothesis 1", "hypothesis 2"))
def _lambert(i: Instance) -> World:
    return _world({low: i["low"]})


@MODELS.of(
    "Cauchy–Schwarz for integrals",
    fields={
        "tau": Real(low=0.1, high=5),
        "power": Real(low=0, high=3),
        "sign": Choice(options=("+", "F < 0", "G < 0")),
    },
    extremal=({"tau": 2.0, "power": 2.0, "sign": "+"},),
    needs=("hypothesis 2",),
)
def _cauchy_schwarz(i: Instance) -> World:
    g = _PAIRS["root"][0]
    f = {"+": lambda x: g(x) ** i["power"], "F < 0": lambda x: -g(x), "G < 0": lambda x: g(x) ** 2}[i["sign"]]
    signed = (lambda x: -g(x) + 6 * (x > i["tau"] / 2)) if i["sign"] == "G < 0" else g
    return _world({F: f, G: signed, tau: i["tau"]}, {time: np.linspace(0.0, i["tau"], 41)[1:]})


@MODELS.of(
    "Cauchy–Schwarz for two functions",
    fields={"tau": Real(low=0.1, high=5), "kind": _kinds(tuple(_PAIRS)), "other": _kinds(tuple(_PAIRS))},
    extremal=({"tau": 2.0, "kind": "root", "other": "root"},),
)
def _two_functions(i: Instance) -> World:
    return _world({F: _PAIRS[i["kind"]][0], G: _PAIRS[i["other"]][0], tau: i["tau"]})


@MODELS.of(
    "monotonicity of the integral",
    fields={"tau": Real(low=0.1, high=5), "kind": _kinds(tuple(_PAIRS)), "less": Choice(options=("equal", "more"))},
    extremal=({"tau": 2.0, "kind": "root", "less": "equal"}, {"tau": 2.0, "kind": "root", "less": "more"}),
    needs=("hypothesis",),
)
def _monotone(i: Instance) -> World:
    g = _PAIRS[i["kind"]][0]
    factor = 2.0 if i["less"] == "equal" else 2.5
    return _world({F: lambda x: factor * g(x), G: g, a: 2.0, tau: i["tau"]}, {time: np.linspace(0.0, i["tau"], 41)[1:]})


def _spectrum(i: Instance) -> dict[Any, Any]:
    """A loss, and the weights of a direction."""
    rng = generator(i)
    return {Q: quadratics.features_loss(rng, i["width"], 1), analysis.WAY: rng.dirichlet(np.ones(i["width"]))}


@MODELS.of("means and integrals exchange", fields={"width": Integer(low=1, high=3), "tau": Real(low=0.1, high=5)})
def _exchange(i: Instance) -> World:
    pair = {analysis.PAIR: lambda k, s: np.exp(-4 * k * s), G: lambda s: 1 + s**2, tau: i["tau"]}
    return _world({**_spectrum(i), **pair})


@MODELS.of(
    "a mean is at most its largest",
    fields={"width": Integer(low=1, high=3), "kind": Choice(options=("constant", "falling", "too large"))},
    needs=("hypothesis",),
)
def _largest(i: Instance) -> World:
    f = (lambda k: np.exp(-k)) if i["kind"] == "falling" else lambda k: 1.0 + 0 * k
    limit = 0.5 if i["kind"] == "too large" else 1.0
    return _world({**_spectrum(i), F: f, bound: limit}, {mode: np.linspace(0, 20, 201)})


@MODELS.of(
    "powers rise with their base",
    fields={"base": Real(low=0.1, high=3), "more": Real(low=-0.9, high=2), "rate": Real(low=0, high=3)},
    extremal=({"base": 1.0, "more": 0.0, "rate": 1.0}, {"base": 1.0, "more": -0.5, "rate": 1.0}),
    needs=("hypothesis",),
)
def _powers(i: Instance) -> World:
    return _world({time: i["base"], level: i["base"] * (1 + i["more"]), rate: i["rate"]})
