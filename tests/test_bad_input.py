"""Bad input to everything public: each argument of each constructor and function, one table.

A call with one bad argument must raise TypeError or ValueError (KeyError for an unknown id) whose message names the
argument. `test_everything_public_is_in_the_table` fails when a new public callable is missing from `CASES`.
"""

import inspect
import math
import types
import warnings
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import numerics
import theory
import verify
from theory import features, flow, information, kernel, mixture, rates, statement, symbols, terms
from theory.sde import specialise
from theory.statement import Terms
from theory.symbols import K, T, d, delta, t, v, x
from verify.evidence import domain

NAN, INF, HUGE = math.nan, math.inf, 10**400


class Hostile:
    """An object whose conversions fail with unusual errors."""

    def __array__(self, *_args, **_kwargs):
        raise RuntimeError("no array")

    def __float__(self):
        raise RuntimeError("no float")


ODD = [None, 1j, True, {}, {1: 2}, object(), b"1", Hostile(), print, float]
NUMBER = [
    *ODD,
    "abc",
    "",
    "1",
    NAN,
    INF,
    -INF,
    HUGE,
    -HUGE,
    [],
    [1.0, 2.0],
    [1, [2]],
    np.zeros((2, 2)),
    np.float64(NAN),
    np.array([1.0, None]),
    np.bool_(True),
    sp.Symbol("z"),
    Decimal("NaN"),
    sp.I,
]
COUNT = [*NUMBER, 0, -1, 1.5, 2.0, Fraction(1, 2), np.float64(3.0)]
EXACT = [
    *ODD,
    "abc",
    "",
    "1/0",
    "nan",
    NAN,
    INF,
    0.5,
    np.float64(0.5),
    sp.Float(0.5),
    sp.Float(0.5) * x,
    sp.nan,
    sp.oo,
    -sp.oo,
    sp.zoo,
    sp.I,
    [],
    [1, [2]],
    sp.true,
    Decimal("0.5"),
    sp.Matrix([1]),
    "__import__('os')",
]
ARRAY = [
    *ODD,
    "abc",
    "1",
    NAN,
    INF,
    HUGE,
    [],
    [[]],
    [1, [2]],
    [[1.0], [2.0, 3.0]],
    [NAN],
    [INF],
    [HUGE],
    [True, False],
    [None],
    ["1"],
    [1j],
    np.array([None, 1.0]),
    np.array(["1", "2"]),
    np.zeros(0),
    np.ma.masked_array([1.0], [True]),
    np.zeros((2, 2, 2)),
    np.array(["2020"], dtype="datetime64[Y]"),
]
OPTION = [*ODD, "unknown", "", 1, NAN, [], ["song"], "SONG"]
TEXT = [*ODD, "", "  ", 1, NAN, [], ["text"]]
OBJECT = [*ODD, "abc", 1, NAN, [], sp.Symbol("z")]
FLAG = [None, "yes", 1, 0, NAN, [], np.bool_(True)]
NAMES = [None, "T", 1, NAN, ("",), (1,), (None,), {"T"}, {"T": 1}]


@dataclass(kw_only=True)
class Case:
    """A callable with valid keywords, bad values per argument, and bad combinations (name in the message, changes)."""

    call: Any
    valid: dict[str, Any] = field(default_factory=dict)
    bad: dict[str, list[Any]] = field(default_factory=dict)
    wrong: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # what the message calls an argument, if not by its name
    slow: bool = False  # a valid call takes long: no random arguments


def method(obj, name, *order):
    """A bound method that takes keywords only (the positional ones in order)."""
    return positional(getattr(obj, name), *order)


def positional(function, *order):
    def call(**kw):
        first = [kw.pop(key) for key in order]
        return function(*first, **kw)

    return call


SOURCE = statement.Source(paper="LLZB", place="Lemma 1")
BOUND = statement.Inequality(lhs={"left": K}, rhs={"right": K + 1})
CONSTANT = statement.Constant(symbol=K, value=sp.S.One, meaning="a constant")
CLAIM = {
    "id": "X:a",
    "sentence": "K <= K + 1.",
    "source": SOURCE,
    "quantifier": statement.ForAll(),
    "relation": BOUND,
    "constants": {"K": CONSTANT},
    "setting": {"flow": "A"},
}
MUTANT = {"name": "wrong", "description": "wrong", "regime": "everywhere", "rhs": {"right": K - 1}}
PART = {"lhs": {"left": x}, "rhs": {"right": x**2}}
SIDE = [
    *OBJECT[:8],
    {},
    {"": 1},
    {1: 1},
    {"a": 0.5},
    {"a": "x"},
    {"a": None},
    {"a": sp.nan},
    {"a": sp.oo},
    {"a": sp.I},
    {"a": True},
    {"a": [1]},
    [("a", 1), ("a", 2)],
    [("a",)],
    "ab",
]
OU = theory.OrnsteinUhlenbeck()
MIX = theory.GaussianMixture((1,), (0,), (1,))
R = sp.Rational
FEATURES = numerics.RandomFeatures(
    weights=[[0.5], [-0.5]], time_weights=[[0.1], [0.2]], embedding=numerics.constant_embedding()
)
HISTOGRAM = numerics.histogram_density([-1.0, 0.0, 1.0], [0.25, 0.75])
SCHEDULE = {
    "times": [0.5, 1.0],
    "weights": [0.5, 0.5],
    "mean_scale": [0.6, 0.4],
    "std": [0.8, 0.9],
    "loss_weight": [1.0, 1.0],
}
QUADRATIC = numerics.Quadratic(B=np.eye(2), b=[[0.1, 0.2]], c=1.0)
FLOW = numerics.GradientFlow(QUADRATIC, [[0.0, 0.0]])
LAW = {"means": [0.0, 1.0], "variances": [1.0, 2.0], "weights": [0.5, 0.5]}
BAD_LAW = {
    "means": ARRAY,
    "variances": [*ARRAY, [-1.0, 1.0]],
    "weights": [w for w in ARRAY if w is not None] + [[0.5, 0.6], [1.5, -0.5], [1.0], [0.0, 0.0]],
}
DESCENT = numerics.GradientDescent(QUADRATIC, [[0.0, 0.0]], step=0.1)
KERNEL = {"nodes": [[1.0, 0.5], [-1.0, 0.5]], "weights": [0.5, 1.0], "labels": [[1.0], [2.0]]}
KERNEL_FLOW = numerics.KernelFlow(**KERNEL)
COUNTS = [a for a in ARRAY if not (isinstance(a, np.ma.MaskedArray))] + [0.5, -1, [1.5], 2.0**60]
TAU = {"tau": [a for a in ARRAY if a is not INF and not (isinstance(a, list) and a == [INF])] + [-1.0, [1.0, -1.0]]}
SEEDS = [*NUMBER, -1, 1.5, np.random, np.random.RandomState(0)]
ROOT = {"samples": COUNT, "rng": SEEDS, "workers": COUNT}
RUN = {"samples": 4, "rng": 1}
THETA = [*ARRAY, np.zeros((1, 3)), np.zeros((2, 2)), np.zeros(2)]
LENGTHS = [np.zeros(3), [0.5], [[0.5, 0.5]]]
MIXTURES = [*OBJECT, types.SimpleNamespace(weights=[1.0], means=[0.0])]
TABLE = [*ARRAY, [1.0, 2.0], 1.0]
AVERAGE = {
    **ROOT,
    "method": OPTION,
    "alpha": [*NUMBER, 0.0, 1.0, -1.0],
    "sampling": [a for a in OBJECT if a is not None] + [RUN],
}
RELU = numerics.ReluClass(points=[0.0, 1.0], embedding=1.0)
DEGENERATE = [
    ("mixture.variances", {"mixture": types.SimpleNamespace(weights=[1.0], means=[0.0], variances=[0.0])}),
    ("mixture.variances", {"mixture": types.SimpleNamespace(weights=[1], means=[[0, 1]], variances=[np.ones((2, 2))])}),
    ("mixture.weights", {"mixture": types.SimpleNamespace(weights=[0.5], means=[0.0], variances=[1.0])}),
    ("mixture.means", {"mixture": types.SimpleNamespace(weights=[1.0], means=[0.0, 1.0], variances=[1.0])}),
]
TIMES = [a for a in NUMBER if a is not float]  # float is a callable t -> number
REVERSE = {"drift": -1.0, "diffusion": 1.0, "horizon": 1.0, "prior_std": 1.0, "start": 0.0}
LEARNED = {"score": FEATURES, "parameters": [[-2.0, 2.0]], **REVERSE}
PLANE = numerics.RandomFeatures(weights=[[0.1, 0.2]], time_weights=[[0.1]], embedding=numerics.constant_embedding())
BAD_REVERSE = {
    "score": [a for a in OBJECT if a is not print and a is not float],
    "parameters": THETA,
    "drift": TIMES,
    "diffusion": TIMES,
    "horizon": [*NUMBER, 0.0, -1.0],
    "prior_std": [*NUMBER, 0.0, -1.0],
    "start": [*NUMBER, -1.0, 1.0],
}
OTHER_DIMENSION = [("score", {"score": PLANE, "parameters": np.zeros((2, 1))})]
NO_DIVERGENCE = [a for a in OBJECT if a is not None]
TOLERANCES = [*NUMBER, 0.0, 1.0, 1e-13]
SAMPLER = {"dim": 1, "samples": 3, "rng": 1, "workers": 1}
TRAIN = {
    "data": [0.0, 1.0], "optimizer": "sgd", "learning_rate": 0.1, "epochs": 1, "width": 2, "replicas": 1, "rng": 1,
    "mean_scale": 1.0, "std": 1.0, "output_scale": 16, "activation": "relu", "layers": "all", "batch_size": 2,
    "checkpoints": [0, 1], "fourier_features": 4, "fourier_scale": 30.0, "start": 1e-5, "horizon": 1.0,
    "first_replica": 0, "workers": 1,
}  # fmt: skip
OPTIMIZER = {
    "learning_rate": [*NUMBER, 0.0, -1.0],
    "betas": [*ARRAY, [0.9, 1.0], [-0.1, 0.9]],
    "epsilon": [*NUMBER, 0.0, -1.0],
    "batch_size": COUNT,
}
TRAINED = numerics.train(**TRAIN)
PLACES = {"replica": [*NUMBER, -1, 1], "checkpoint": [*NUMBER, -1, 2]}
NETWORK = {
    "input_weight": [[1.0], [-1.0]], "input_bias": [0.1, 0.2], "time_weight": [[0.1, 0.2], [0.3, 0.4]],
    "time_bias": [0.0, 0.1], "output_weight": [[-1.0, 1.0]], "output_bias": [0.0], "frequencies": [1.0],
    "output_scale": 2.0, "std": 1.0, "activation": "relu",
}  # fmt: skip
LINE = numerics.score_density(FEATURES, [[-2.0, 2.0]], 0.0)
MODE = {
    "kappa": [*EXACT, -1, R(-1, 3)],
    "tau": [*EXACT, -1],
    "parametrization": OPTION,
    "width": [*EXACT, 0, -1],
    "initial": EXACT,
}
MODE_VALID = {"kappa": 1, "tau": 1, "parametrization": "A", "width": 2, "initial": 1}
SDE_FIELDS = {"beta_min": [*EXACT, -1, t, x], "beta_max": [*EXACT, 0, -1, t], "horizon": [*EXACT, 0, -1, t]}
MONOMIALS = {"training": 1 / symbols.tau, "sampling": symbols.tau / symbols.n}
BAD_MONOMIALS = [{"a": bad} for bad in (symbols.tau + 1, -symbols.tau, 0, sp.log(symbols.n), 1 / symbols.tau)]
REAL = domain.Real(low=0, high=1)
RESULT = verify.ClaimResult(
    id="X:a",
    family="X",
    variant="a",
    sentence="",
    source="",
    quantifier="",
    expected=verify.Verdict.SEARCHED,
    evidence=(),
)
REPORT = verify.Report(seed=0, budget="quick", results={"L1:repaired": RESULT})


def gamma(**values):
    return theory.claims["L1:printed"].evaluate(**{"r": 1, "v": 1, "delta": R(1, 10), "x0_norm": 0, **values})


VALUE = [a for a in ARRAY if not isinstance(a, np.ndarray) or a.shape != (2, 2, 2)]
CASES = {
    # theory: statements
    "Terms": Case(
        call=positional(Terms, "terms"), valid={"terms": {"a": 1}}, bad={"terms": SIDE}, names={"terms": "term"}
    ),
    "ReadOnly": Case(call=lambda: terms.ReadOnly({"a": 1})),
    "Source": Case(
        call=statement.Source,
        valid={"paper": "LLZB", "place": "here", "equation": "1"},
        bad={"paper": TEXT, "place": TEXT, "equation": TEXT[1:]},
    ),
    "Hypothesis": Case(
        call=statement.Hypothesis,
        bad={"name": TEXT, "statement": TEXT, "strict": FLAG, "lesser": EXACT, "greater": EXACT},
        valid={"name": "h", "statement": "0 <= v", "lesser": sp.S.Zero, "greater": v, "strict": True},
    ),
    "ForAll": Case(call=statement.ForAll, valid={"over": "all x"}, bad={"over": TEXT}),
    "WithProbability": Case(
        call=statement.WithProbability,
        valid={"at_least": 1 - delta, "over": "noise"},
        bad={"over": TEXT, "at_least": [*EXACT, -1, 2, R(11, 10), -delta, 1 + delta]},
    ),
    "InExpectation": Case(
        call=statement.InExpectation,
        valid={"range": (0, 1), "over": "noise"},
        bad={
            "over": TEXT,
            "range": [*OBJECT, (1, 0), (0,), (0, 1, 2), (0, sp.oo), (NAN, 1), (0.5, 1), (delta, -delta), ("a", "b")],
        },
    ),
    "UpToConstant": Case(
        call=statement.UpToConstant,
        valid={"depends_on": ("T",), "inner": statement.ForAll()},
        bad={"depends_on": NAMES, "inner": [*OBJECT, statement.UpToConstant()]},
    ),
    "Relation": Case(call=statement.Relation, wrong=[("relation", PART)]),
    "Inequality": Case(
        call=statement.Inequality,
        valid=PART,
        bad={"lhs": SIDE, "rhs": SIDE},
        wrong=[("term names", {"lhs": {"a": 1}, "rhs": {"a": 1}})],
    ),
    "Identity": Case(call=statement.Identity, valid=PART, bad={"lhs": SIDE, "rhs": SIDE}),
    "Relation.map": Case(call=method(BOUND, "map", "change"), valid={"change": lambda e: 2 * e}),
    "Constant": Case(
        call=statement.Constant,
        valid={"symbol": K, "value": 1, "meaning": "a constant", "hidden": False},
        bad={"symbol": [*OBJECT[:12], K + 1, "K"], "value": [*EXACT, 0, -1], "meaning": TEXT, "hidden": FLAG},
    ),
    "Mutant": Case(
        call=statement.Mutant,
        valid=MUTANT | {"out_of_reach": "why", "constants": {"K": 2}},
        bad={
            "name": TEXT,
            "description": TEXT,
            "regime": TEXT,
            "rhs": SIDE[1:-3],
            "lhs": SIDE[1:-3],
            "constants": [[], "K", {"": 1}, {"K": 0.5}, {"K": "1"}, {1: 1}],
            "out_of_reach": TEXT[1:],
            "setting": [[], "A", {"flow": 1}, {"flow": ""}, {1: "A"}],
        },
        wrong=[("nothing", {"rhs": None, "constants": None})],
    ),
    "Mutant.apply": Case(
        call=method(statement.Mutant(**MUTANT), "apply", "claim"),
        valid={"claim": statement.Claim(**CLAIM)},
        bad={"claim": OBJECT},
    ),
    "Claim": Case(
        call=statement.Claim,
        valid=CLAIM,
        bad={
            "id": [*TEXT, "X", "x:a", "X:", ":a", "X:a\n", "X:a~", "X:a~b~c", "X:a b", "L1:é"],
            "sentence": TEXT,
            "source": OBJECT,
            "quantifier": OBJECT,
            "relation": [*OBJECT, x < 1],
            "note": [None, 1, b""],
            "hypotheses": [None, 1, "a", (1,), (None,), {}],
            "constants": [None, 1, {"K": 1}, {"C": CONSTANT}, {1: CONSTANT}, {"": CONSTANT}],
            "depends_on": [*NAMES, ("X:a",), ("L1:a", "L1:a")],
            "mutants": [None, 1, "a", (1,), {}],
            "setting": [None, [], "A", {"flow": 1}, {1: "A"}],
        },
        wrong=[
            ("nothing", {"mutants": (statement.Mutant(**MUTANT | {"rhs": {"right": K + 1}}),)}),
            ("constants", {"mutants": (statement.Mutant(**MUTANT | {"constants": {"C": 1}}),)}),
            ("setting", {"mutants": (statement.Mutant(**MUTANT | {"setting": {"labels": "sm"}}),)}),
            ("term names", {"mutants": (statement.Mutant(**MUTANT | {"rhs": {"left": K}}),)}),
            ("mutants", {"mutants": (statement.Mutant(**MUTANT),) * 2}),
            ("hypotheses", {"hypotheses": (statement.Hypothesis(name="h", statement="s"),) * 2}),
        ],
    ),
    "Claim.with_constant": Case(
        call=method(statement.Claim(**CLAIM), "with_constant", "name", "value"),
        valid={"name": "K", "value": 2},
        bad={"name": [*OPTION[2:7], "k", "C"], "value": [*EXACT, 0, -1]},
    ),
    "Claim.evaluate": Case(
        call=gamma,
        bad={
            "r": [*VALUE, 0, -1],
            "v": [*VALUE, -1],
            "delta": [*VALUE, 0, -0.1, 1.1, [0.1, 1.1]],
            "x0_norm": [*VALUE, -1],
            "K": [*VALUE, 0, -1],
            "xt_norm": [*VALUE, -1],
            "rr": [1],
            "x0": [1],
        },
        wrong=[("shapes", {"r": [1, 2], "v": [1, 2, 3]}), ("delta", {"r": [[1, 2]], "delta": [[0.1], [NAN]]})],
    ),
    "claims.__getitem__": Case(
        call=method(theory.claims, "__getitem__", "claim"),
        valid={"claim": "L1:repaired"},
        bad={"claim": [*ODD, "", "L1:repared", "L1", 1, [], "x" * 10**4, HUGE]},
    ),
    "claims.select": Case(
        call=method(theory.claims, "select", "ids"),
        valid={"ids": "L1"},
        bad={"ids": [1, True, 1j, object(), b"L1", print, {1: 2}, [None], [1], [b"L1"], NAN]},
        wrong=[("L1:repaired", {"ids": "L1:repared"}), ("L1", {"ids": ["L4", "L11"]})],
    ),
    # theory: symbols
    "SymbolInfo": Case(
        call=symbols.SymbolInfo,
        valid={
            "symbol": x,
            "tex": "x",
            "mathml": "<mi>x</mi>",
            "text": "x",
            "meaning": "a point",
            "lower": sp.S.Zero,
            "upper": sp.S.One,
            "open_lower": True,
            "open_upper": True,
            "integer": False,
        },
        bad={
            "symbol": OBJECT[:-1],
            "tex": TEXT,
            "mathml": TEXT,
            "text": TEXT,
            "meaning": TEXT,
            "lower": [None, 0.5, "0", sp.nan, sp.S(2), sp.I, True],
            "upper": [None, 0.5, sp.S(-1), sp.nan],
            "open_lower": FLAG,
            "open_upper": FLAG,
            "integer": FLAG,
        },
    ),
    "info": Case(call=symbols.info, valid={"name": "x"}, bad={"name": [*OBJECT, "", "xx", sp.Symbol("x")]}),
    "describe": Case(call=symbols.describe, valid={"symbol": x}, bad={"symbol": OBJECT[:-1]}),
    **{
        name: Case(call=getattr(symbols, name), valid={"expr": x}, bad={"expr": [*OBJECT[:-1], [x]]})
        for name in ("latex", "mathml", "unicode")
    },
    "unicode_relation": Case(
        call=symbols.unicode_relation,
        valid={"left": x, "sign": "≤", "right": x},
        bad={"left": [*OBJECT[:-1], [x]], "sign": TEXT, "right": [*OBJECT[:-1], [x]]},
    ),
    # theory: SDEs, kernels, mixtures, flows
    "OrnsteinUhlenbeck": Case(call=theory.OrnsteinUhlenbeck),
    "VariancePreserving": Case(
        call=theory.VariancePreserving,
        bad=SDE_FIELDS,
        valid={"beta_min": R(1, 10), "beta_max": 20, "horizon": 1},
        wrong=[("beta_max", {"beta_min": 2, "beta_max": 1})],
    ),
    "SubVariancePreserving": Case(
        call=theory.SubVariancePreserving, bad=SDE_FIELDS, valid={"beta_min": R(1, 10), "beta_max": 20, "horizon": 1}
    ),
    "VarianceExploding": Case(call=theory.VarianceExploding, valid={"base": 25}, bad={"base": [*EXACT, 0, -1, t, x]}),
    "LinearSDE": Case(
        call=theory.LinearSDE,
        valid={"drift": sp.S(-1), "diffusion": sp.S.One},
        bad={
            "drift": [*EXACT, x, sp.log(-t)],
            "diffusion": [*EXACT, 0, x],
            "mean_scale": [*EXACT[1:], t, 2],
            "variance": [*EXACT[1:], t, 1],
        },
    ),
    "specialise": Case(
        call=positional(specialise, "expression", "sde"),
        valid={"expression": t, "sde": OU},
        bad={"sde": OBJECT},
        slow=True,
    ),
    "AbstractLinearSDE.at": Case(call=OU.at, valid={"time": 1}, bad={"time": [*EXACT, -1]}),
    "AbstractLinearSDE.prior_variance": Case(
        call=OU.prior_variance, valid={"horizon": T}, bad={"horizon": [*EXACT, 0, -1]}
    ),
    "GaussianMixture": Case(
        call=theory.GaussianMixture,
        valid={"weights": (R(1, 2), R(1, 2)), "means": (0, 1), "variances": (1, 1)},
        bad={
            "weights": [
                None,
                1,
                "ab",
                (),
                (R(1, 2),),
                (R(1, 2), R(1, 3)),
                (R(3, 2), R(-1, 2)),
                (0.5, 0.5),
                (NAN, 1),
                (None, 1),
                (True, 0),
                {1: 1},
                {R(1, 2)},
                (sp.oo, 1),
                (x, 1 - x),
                (sp.I, 1 - sp.I),
            ],
            "means": [
                None,
                1,
                "ab",
                (),
                (0,),
                (0, (1, 2)),
                ((0, 1), (1,)),
                ((), ()),
                (0.5, 1),
                (NAN, 0),
                (sp.oo, 0),
                (None, 0),
                (x, 0),
                {0, 1},
                (sp.I, 0),
            ],
            "variances": [None, 1, "ab", (), (1,), (-1, 1), (0.5, 1), (NAN, 1), (sp.oo, 1), (True, 1), (x, 1)],
        },
    ),
    "GaussianMixture.two_modes": Case(
        call=theory.GaussianMixture.two_modes,
        valid={"mu": 1, "right_weight": R(1, 3)},
        bad={"mu": [*EXACT, -1, x], "right_weight": [*EXACT, -1, 2, x]},
    ),
    "GaussianMixture.diffused": Case(call=MIX.diffused, valid={"sde": OU}, bad={"sde": OBJECT}),
    "GaussianMixture.at": Case(call=MIX.at, valid={"time": 1}, bad={"time": [*EXACT, -1]}),
    "GaussianMixture.regime_error": Case(
        call=theory.GaussianMixture.two_modes(1).regime_error, valid={"side": "left"}, bad={"side": OPTION}
    ),
    "transition": Case(
        call=kernel.transition,
        valid={"sde": OU, "earlier": 1, "later": 2},
        bad={"sde": OBJECT, "earlier": [*EXACT, -1, 3], "later": [*EXACT, -1, 0]},
    ),
    "compose": Case(
        call=kernel.compose,
        bad={"first": OBJECT, "second": OBJECT},
        valid={"first": kernel.transition(OU, later=1), "second": kernel.transition(OU, earlier=1, later=2)},
    ),
    "coordinates": Case(call=kernel.coordinates, valid={"dimension": 2}, bad={"dimension": COUNT}, slow=True),
    "transition_density": Case(
        call=kernel.transition_density,
        valid={"sde": OU, "dimension": 1},
        slow=True,
        bad={"sde": OBJECT, "dimension": [*OBJECT[:9], 0, -1, 1.5]},
    ),
    "log_transition_density": Case(
        call=kernel.log_transition_density,
        valid={"sde": OU, "dimension": d},
        bad={"sde": OBJECT, "dimension": [*EXACT, 0, -1, R(1, 2)]},
    ),
    "fokker_planck_residual": Case(
        call=kernel.fokker_planck_residual,
        bad={"sde": OBJECT, "density": OBJECT[:-1]},
        valid={"density": kernel.transition_density(OU), "sde": OU},
        slow=True,
    ),
    "log_fokker_planck_residual_d": Case(
        call=kernel.log_fokker_planck_residual_d,
        valid={"sde": OU, "dimension": 2},
        bad={"sde": OBJECT, "dimension": [*EXACT, 0, -1]},
    ),
    "reverse_residual": Case(
        call=kernel.reverse_residual,
        valid={"density": kernel.transition_density(OU), "sde": OU},
        bad={"sde": OBJECT, "density": OBJECT[:-1], "score": OBJECT[1:-1]},
        slow=True,
    ),
    "probability_flow_residual": Case(
        call=kernel.probability_flow_residual,
        valid={"density": kernel.transition_density(OU), "sde": OU},
        bad={"sde": OBJECT, "density": OBJECT[:-1], "score": OBJECT[1:-1]},
        slow=True,
    ),
    "expected_squared_score": Case(
        call=kernel.expected_squared_score,
        valid={"sde": OU, "dimension": d},
        bad={"sde": OBJECT, "dimension": [*EXACT, 0, -1]},
    ),
    "weighting": Case(
        call=kernel.weighting,
        valid={"sde": OU, "kind": "song", "dimension": 1},
        bad={"sde": OBJECT, "kind": OPTION, "dimension": [*EXACT, 0, -1]},
    ),
    **{
        name: Case(call=getattr(flow, name), valid=MODE_VALID, bad=MODE)
        for name in ("mode_solution", "mode_loss", "mode_displacement")
    },
    **{
        name: Case(call=getattr(flow, name), valid={"comparator": 1, **MODE_VALID}, bad={"comparator": EXACT, **MODE})
        for name in ("mode_distance_to", "lyapunov", "lyapunov_dissipation")
    },
    **{
        name: Case(call=getattr(flow, name), valid={"u": 1}, bad={"u": [*EXACT, -1]})
        for name in ("loss_profile", "growth_profile", "comparator_profile")
    },
    "optimal_stopping": Case(
        call=rates.optimal_stopping,
        valid={"terms": MONOMIALS, "alpha": 1, "beta": 0, "free": False},
        bad={
            "terms": [*SIDE, *BAD_MONOMIALS],
            "alpha": [*EXACT, -1, t, sp.pi],
            "beta": [*EXACT, t, sp.pi],
            "free": FLAG,
        },
    ),
    "phase_diagram": Case(
        call=rates.phase_diagram,
        valid={"terms": MONOMIALS, "beta": 0, "free": False},
        bad={"terms": [*SIDE, *BAD_MONOMIALS], "beta": [*EXACT, t, sp.pi], "free": FLAG},
    ),
    "isotropic_kl": Case(
        call=information.isotropic_kl,
        valid={"shift": 1, "variance": 2, "other_variance": 3, "dimension": d},
        bad={
            name: [*EXACT, t, *extra]
            for name, extra in (
                ("shift", []),
                ("variance", [0, -1]),
                ("other_variance", [0, -1]),
                ("dimension", [0, -1]),
            )
        },
    ),
    "prior_kl": Case(
        call=information.prior_kl,
        valid={"sde": OU, "mean": 1, "variance": 2, "horizon": 3, "dimension": d},
        bad={"sde": OBJECT}
        | {
            name: [*EXACT, t, *extra]
            for name, extra in (("mean", []), ("variance", [-1]), ("horizon", [0, -1]), ("dimension", [0, -1]))
        },
    ),
    "gaussian_channel_information": Case(
        call=information.gaussian_channel_information,
        valid={"sde": OU, "variance": 2, "horizon": 3, "dimension": d},
        bad={"sde": OBJECT}
        | {
            name: [*EXACT, t, *extra]
            for name, extra in (("variance", [-1]), ("horizon", [0, -1]), ("dimension", [0, -1]))
        },
    ),
    # theory: random features
    "relu": Case(call=features.relu, valid={"argument": 1}, bad={"argument": EXACT}),
    "random_feature_score": Case(
        call=features.random_feature_score,
        valid={"amplitudes": (1, 2), "arguments": (x, 1)},
        bad={
            name: [None, 1, "ab", b"1", {1: 2}, (0.5, 1), (NAN, 1), ("a", "b"), x]
            for name in ("amplitudes", "arguments")
        },
        wrong=[("amplitudes", {"amplitudes": ()}), ("arguments", {"arguments": (1,)})],
    ),
    **{
        name: Case(
            call=getattr(features, name.removesuffix(" (theory)")),
            valid={"mean": x, "std": 1},
            bad={"mean": EXACT, "std": [*EXACT, -1]},
        )
        for name in ("relu_mean (theory)", "relu_second_moment", "activation_probability (theory)")
    },
    "relu_product": Case(
        call=features.relu_product,
        valid={"mean_1": x, "std_1": 1, "mean_2": 0, "std_2": 2, "correlation": 1},
        bad={
            "mean_1": EXACT,
            "std_1": [*EXACT, -1],
            "mean_2": EXACT,
            "std_2": [*EXACT, -1],
            "correlation": [*EXACT, 2, R(-11, 10)],
        },
    ),
    "product_terms": Case(
        call=features.product_terms,
        valid={"a": x, "b": 1, "correlation": R(1, 2)},
        bad={"a": EXACT, "b": EXACT, "correlation": [*EXACT, 2]},
    ),
    "arc_cosine_kernel (theory)": Case(
        call=features.arc_cosine_kernel,
        valid={"norm": 1, "other_norm": 2, "angle": 1, "dimension": 3, "radius": 2},
        bad={
            "norm": [*EXACT, -1],
            "other_norm": [*EXACT, -1],
            "angle": [*EXACT, -1, 4],
            "dimension": [*EXACT, 0, -1],
            "radius": [*EXACT, 0, -1],
        },
    ),
    # numerics
    "ConstantEmbedding": Case(call=numerics.ConstantEmbedding),
    "ExponentialEmbedding": Case(call=numerics.ExponentialEmbedding),
    "constant_embedding": Case(call=numerics.constant_embedding),
    "exponential_embedding": Case(call=numerics.exponential_embedding),
    **{
        name: Case(
            call=getattr(numerics, name),
            valid={"degree": 2, "horizon": 1.0},
            bad={"degree": [*NUMBER, -1, 1.5, 10**6], "horizon": [*NUMBER, 0.0, -1.0]},
        )
        for name in ("PolynomialEmbedding", "polynomial_embedding")
    },
    "RandomFeatures": Case(
        call=numerics.RandomFeatures,
        bad={
            "weights": [*ARRAY, [[2.0], [0.0]], [0.5, 0.5], np.zeros((3, 1))],
            "embedding": [
                *OBJECT[:9],
                lambda: 1,
                lambda times: times,
                lambda times: np.full((len(times), 1), NAN),
                lambda times: np.ones((1, 3)),
            ],
            "time_weights": [*ARRAY, [[0.9], [0.1]], np.zeros((3, 1)), np.zeros((2, 2))],
        },
        names={"time_weights": ""},
        valid={"weights": [[0.5], [-0.5]], "time_weights": [[0.1], [0.2]], "embedding": numerics.constant_embedding()},
    ),
    "RandomFeatures.sample": Case(
        call=numerics.RandomFeatures.sample,
        valid={"width": 2, "dim": 1, "embedding": numerics.constant_embedding(), "rng": np.random.default_rng(0)},
        bad={"width": COUNT, "dim": COUNT, "embedding": OBJECT[:8], "rng": SEEDS},
    ),
    "RandomFeatures.intercepts": Case(
        call=FEATURES.intercepts, valid={"times": [0.0, 1.0]}, bad={"times": [*ARRAY, [-1.0]]}
    ),
    "RandomFeatures.matrix": Case(
        call=FEATURES.matrix,
        valid={"x": [[0.0]], "time": 0.5},
        bad={"x": [*ARRAY, [0.0], [[0.0, 1.0]]], "time": [*NUMBER, -1.0]},
    ),
    "RandomFeatures.score": Case(
        call=FEATURES.score,
        valid={"parameters": [[1.0, 2.0]], "x": [[0.0]], "time": 0.5},
        bad={"parameters": THETA, "x": [*ARRAY, [0.0]], "time": [*NUMBER, -1.0]},
    ),
    "Schedule": Case(
        call=numerics.Schedule,
        valid=SCHEDULE,
        bad={
            "times": [*ARRAY, *LENGTHS, [1.0, 0.5], [0.5, 0.5], [-1.0, 1.0]],
            "weights": [*ARRAY, *LENGTHS, [0.5, 0.6], [1.5, -0.5]],
            **{name: [*ARRAY, *LENGTHS, [-0.1, 0.5]] for name in ("mean_scale", "std", "loss_weight")},
        },
        names={"times": ""},
    ),
    "gauss_legendre_times": Case(
        call=numerics.gauss_legendre_times,
        valid={"horizon": 1.0, "count": 3, "start": 0.0},
        bad={"horizon": [*NUMBER, 0.0, -1.0], "count": [*COUNT, 10**5], "start": [*NUMBER, -1.0]},
        wrong=[("horizon", {"start": 1.0}), ("horizon", {"start": 1 - 2**-53})],
    ),
    "Quadratic": Case(
        call=numerics.Quadratic,
        valid={"B": np.eye(2), "b": [[0.1, 0.2]], "c": 1.0},
        bad={
            "B": [*ARRAY, np.zeros((2, 3)), [[1.0, 2.0], [0.0, 1.0]], -np.eye(2)],
            "b": [*ARRAY, [[0.1]], [0.1, 0.2]],
            "c": [a for a in NUMBER if a is not INF],
        },
    ),
    **{
        f"Quadratic.{name}": Case(
            call=getattr(QUADRATIC, name), valid={"parameters": [[0.0, 1.0]]}, bad={"parameters": THETA}
        )
        for name in ("excess", "loss", "gradient")
    },
    "GradientFlow": Case(
        call=numerics.GradientFlow,
        valid={"quadratic": QUADRATIC, "initial": [[0.0, 0.0]], "parametrization": "A"},
        bad={"quadratic": OBJECT, "initial": THETA, "parametrization": OPTION},
        wrong=[
            ("b must lie in the range", {"quadratic": numerics.Quadratic(B=np.diag([1.0, 0.0]), b=[[0.0, 1.0]], c=1.0)})
        ],
    ),
    **{
        f"GradientFlow.{name}": Case(call=getattr(FLOW, name), valid={"tau": 1.0}, bad=TAU)
        for name in ("parameters", "norm", "loss")
    },
    **{
        f"GradientFlow.{name}": Case(
            call=getattr(FLOW, name), valid={"tau": 1.0, "comparator": [[0.0, 1.0]]}, bad={**TAU, "comparator": THETA}
        )
        for name in ("distance", "excess_over")
    },
    "GradientDescent": Case(
        call=numerics.GradientDescent,
        valid={"quadratic": QUADRATIC, "initial": [[0.0, 0.0]], "step": 0.1, "parametrization": "A"},
        bad={"quadratic": OBJECT, "initial": THETA, "step": [*NUMBER, 0.0, -1.0], "parametrization": OPTION},
    ),
    **{
        f"GradientDescent.{name}": Case(call=getattr(DESCENT, name), valid={"steps": 2}, bad={"steps": COUNTS})
        for name in ("parameters", "norm", "loss")
    },
    **{
        f"GradientDescent.{name}": Case(
            call=getattr(DESCENT, name),
            valid={"steps": 2, "comparator": [[0.0, 1.0]]},
            bad={"steps": COUNTS, "comparator": THETA},
        )
        for name in ("distance", "excess_over")
    },
    "arc_cosine_kernel": Case(
        call=numerics.arc_cosine_kernel,
        valid={"points": [[1.0, 0.5]], "other": [[1.0, 0.5]], "radius": 2.0},
        bad={"points": ARRAY, "other": [a for a in ARRAY if a is not None] + [[[1.0]]], "radius": [*NUMBER, 0.0, -1.0]},
    ),
    "infinite_width_nodes": Case(
        call=numerics.infinite_width_nodes,
        valid={
            "mixture": MIX,
            "schedule": numerics.Schedule(**SCHEDULE),
            "embedding": numerics.constant_embedding(),
            "count": 3,
            "labels": "dsm",
        },
        bad={
            "mixture": MIXTURES,
            "schedule": OBJECT,
            "embedding": [*OBJECT[:8], lambda times: 1, lambda times: np.full((len(times), 1), NAN)],
            "count": [*COUNT, 1000],
            "labels": OPTION,
        },
        wrong=[("schedule", {"schedule": numerics.Schedule(**SCHEDULE | {"loss_weight": [0.0, 0.0]})})],
    ),
    "KernelFlow": Case(
        call=numerics.KernelFlow,
        valid={**KERNEL, "radius": 0.5, "initial": [[0.0], [1.0]]},
        bad={
            "nodes": [*ARRAY, [1.0]],
            "weights": [*ARRAY, [0.5], [0.0, 1.0], [-1.0, 1.0]],
            "labels": [*ARRAY, [1.0, 2.0], [[1.0]]],
            "radius": [*NUMBER, 0.0, -1.0],
            "initial": [a for a in ARRAY if a is not None] + [[0.0, 1.0], [[0.0]]],
        },
        names={"nodes": ""},
    ),
    **{
        f"KernelFlow.{name}": Case(call=getattr(KERNEL_FLOW, name), valid={"tau": 1.0}, bad=TAU)
        for name in ("parameters", "outputs", "norm", "loss")
    },
    "KernelFlow.predict": Case(
        call=KERNEL_FLOW.predict, valid={"points": [[0.0, 1.0]], "tau": 1.0}, bad={"points": [*ARRAY, [[1.0]]], **TAU}
    ),
    "KernelFlow.distance": Case(
        call=KERNEL_FLOW.distance,
        valid={"tau": 1.0, "comparator": [[0.0], [1.0]]},
        bad={**TAU, "comparator": [*ARRAY, [[0.0]], [0.0, 1.0]]},
    ),
    "available_memory": Case(call=numerics.available_memory),
    "require_memory": Case(
        call=numerics.require_memory,
        valid={"what": "this", "needed": 1.0, "name": "width", "size": 3, "cost": lambda m: 8.0 * m},
        bad={
            "what": [*ODD, 1, NAN],
            "needed": [*NUMBER, -1.0, 1e40],
            "name": [*ODD, 1, NAN],
            "size": [a for a in COUNT if not (isinstance(a, int) and not isinstance(a, bool) and a == 0)],
            "cost": [a for a in OBJECT if a is not None and a is not print and a is not float],
        },
        names={"needed": "", "name": "", "size": "", "cost": ""},
    ),
    "relu_gram_gaussian": Case(
        call=numerics.relu_gram_gaussian,
        valid={
            "directions": np.eye(2),
            "intercepts": [0.0, 1.0],
            "means": [[0.0, 0.0], [1.0, 0.0]],
            "variances": [1.0, 2.0],
            "weights": [0.5, 0.5],
            "covariance": np.eye(2),
        },
        bad={
            "directions": [*ARRAY, np.eye(3)],
            "intercepts": [*ARRAY, [1.0]],
            "means": [*ARRAY, [0.0], np.zeros((2, 3))],
            "variances": [*ARRAY, [-1.0, 1.0], [1.0, 1.0, 1.0]],
            "weights": [w for w in ARRAY if w is not None] + [[0.5, 0.6], [1.5, -0.5]],
            "covariance": [w for w in ARRAY if w is not None] + [-np.eye(2), np.eye(3), [[1.0, 1.0], [0.0, 1.0]]],
        },
        names={"directions": "", "means": ""},
    ),
    "empirical_quadratic": Case(
        call=numerics.empirical_quadratic,
        valid={
            "features": FEATURES,
            "data": [0.5, -0.5],
            "schedule": numerics.Schedule(**SCHEDULE),
            "labels": "sm",
            "mixture": MIX,
        },
        bad={
            "features": OBJECT,
            "data": [*ARRAY, np.zeros((2, 3))],
            "schedule": OBJECT,
            "labels": OPTION,
            "mixture": MIXTURES,
        },
        wrong=[("mixture", {"labels": "dsm"})],
    ),
    **{
        name: Case(
            call=getattr(numerics, name),
            valid={"features": FEATURES, "data": [0.5, -0.5], "schedule": numerics.Schedule(**SCHEDULE)},
            bad={"features": OBJECT, "data": [*ARRAY, np.zeros((2, 3))], "schedule": OBJECT},
        )
        for name in ("per_datum_norms", "per_datum_parts")
    },
    "histogram_density": Case(
        call=numerics.histogram_density,
        valid={"edges": [-1.0, 0.0, 1.0], "masses": [0.25, 0.75]},
        bad={
            "edges": [*ARRAY, [0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 0.0, 2.0]],
            "masses": [*ARRAY, [1.0], [0.5, 0.6], [1.5, -0.5], [0.0, 1.0]],
        },
    ),
    "HistogramDensity.quantile": Case(
        call=HISTOGRAM.quantile,
        valid={"u": 0.5},
        bad={"u": [a for a in ARRAY if not (isinstance(a, np.ndarray) and a.shape == (2, 2, 2))] + [-0.1, 1.1]},
    ),
    "HistogramDensity.sample": Case(
        call=HISTOGRAM.sample, valid={"count": 3, "rng": np.random.default_rng(0)}, bad={"count": COUNT, "rng": SEEDS}
    ),
    "HistogramDensity.diffused": Case(
        call=HISTOGRAM.diffused,
        valid={"mean_scale": 0.5, "std": 0.5},
        bad={"mean_scale": [*NUMBER, 0.0, -1.0], "std": [*NUMBER, 0.0, -1.0]},
    ),
    "histogram_quadratic": Case(
        call=numerics.histogram_quadratic,
        valid={"features": FEATURES, "law": HISTOGRAM, "schedule": numerics.Schedule(**SCHEDULE), "nodes": 4},
        bad={"features": [*OBJECT, PLANE], "law": [*OBJECT, MIX], "schedule": OBJECT, "nodes": [*COUNT, 1]},
        wrong=[("std", {"schedule": numerics.Schedule(**SCHEDULE | {"std": [0.0, 0.9]})})],
    ),
    "datum_constants": Case(
        call=numerics.datum_constants,
        valid={
            "features": FEATURES,
            "law": HISTOGRAM,
            "schedule": numerics.Schedule(**SCHEDULE),
            "comparator": [[1.0, -1.0]],
            "nodes": 4,
        },
        bad={
            "features": [*OBJECT, PLANE],
            "law": [*OBJECT, MIX],
            "schedule": OBJECT,
            "comparator": THETA,
            "nodes": [*COUNT, 1],
        },
    ),
    **{
        name: Case(
            call=getattr(numerics, name),
            valid={"slope": 1.0, "intercept": 0.0, **LAW},
            bad={"slope": ARRAY[:-2], "intercept": ARRAY[:-2], **BAD_LAW},
            wrong=[
                ("shape", {"slope": [1.0, 2.0], "intercept": [1.0, 2.0, 3.0]}),
                ("variances", {"means": [0.0, 1.0], "variances": [1.0, 1.0, 1.0]}),
            ],
        )
        for name in ("relu_mean", "activation_probability")
    },
    "relu_product_mean": Case(
        call=numerics.relu_product_mean,
        bad={**dict.fromkeys(("slope_1", "intercept_1", "slope_2", "intercept_2"), ARRAY[:-2]), **BAD_LAW},
        valid={"slope_1": 1.0, "intercept_1": 0.0, "slope_2": -1.0, "intercept_2": 0.5, **LAW},
    ),
    "relu_gram": Case(
        call=numerics.relu_gram,
        valid={"slopes": [1.0, -1.0], "intercepts": [0.0, 0.5], **LAW},
        bad={"slopes": ARRAY, "intercepts": [*ARRAY, [1.0]], **BAD_LAW},
    ),
    "fisher_information": Case(
        call=numerics.fisher_information, valid=LAW, bad={**BAD_LAW, "variances": [*BAD_LAW["variances"], [0.0, 1.0]]}
    ),
    "population_quadratic": Case(
        call=numerics.population_quadratic,
        bad={
            "features": OBJECT,
            "schedule": OBJECT,
            "mixture": MIXTURES,
            "constant": [a for a in NUMBER if a is not None and a is not INF] + [-1.0],
        },
        valid={"features": FEATURES, "mixture": MIX, "schedule": numerics.Schedule(**SCHEDULE), "constant": 1.0},
        wrong=[
            ("mixture.weights", {"mixture": types.SimpleNamespace(weights=[0.5], means=[0.0], variances=[1.0])}),
            ("mixture.variances", {"mixture": types.SimpleNamespace(weights=[1.0], means=[0.0], variances=[-1.0])}),
            ("mixture.means", {"mixture": theory.GaussianMixture((1,), ((0, 1),), (1,))}),
            (
                "schedule",
                {
                    "mixture": theory.GaussianMixture((1,), (0,), (0,)),
                    "schedule": numerics.Schedule(**SCHEDULE | {"std": [0.0, 1.0]}),
                },
            ),
        ],
    ),
    **{
        name: Case(
            call=getattr(numerics, name),
            valid={"initial": [0.0], "mean_scale": 1.0, "std": 1.0, "bound": 1.0, **run},
            bad={
                "initial": [*ARRAY, [[0.0]]],
                "mean_scale": [*NUMBER, -1.0],
                "std": [*NUMBER, -1.0],
                "bound": [*NUMBER, -1.0],
                **(ROOT if run else {}),
            },
        )
        for name, run in (("EndpointViolation", {}), ("endpoint_violations", RUN))
    },
    **{
        name: Case(
            call=getattr(numerics, name),
            bad={
                "initial": [*ARRAY, [[0.0]]],
                "clock": [*ARRAY, [1.0, 0.5], [-1.0, 1.0]],
                "bound": [*NUMBER, -1.0],
                "mean_scale": [*ARRAY, [1.0], [1.0, -1.0]],
                **(ROOT if run else {}),
            },
            valid={"initial": [0.0], "clock": [0.5, 1.0], "mean_scale": [1.0, 1.0], "bound": 1.0, **run},
        )
        for name, run in (("PathViolation", {}), ("path_violations", RUN))
    },
    **{
        name: Case(
            call=getattr(numerics, name),
            valid={"law": "sphere", "count": 2, "dim": 2, "radius": 1.0, **rest},
            bad={
                "law": OPTION,
                "count": COUNT,
                "dim": COUNT,
                "radius": [*NUMBER, -1.0],
                **({"bound": [*NUMBER, -1.0]} if "bound" in rest else {}),
                **(ROOT if "rng" in rest else {}),
            },
        )
        for name, rest in (
            ("MeanNormViolation", {"bound": 1.0}),
            ("mean_norm_violations", {"bound": 1.0, **RUN}),
            ("mean_norms", RUN),
        )
    },
    "Sampling": Case(call=numerics.Sampling, valid=RUN, bad={**ROOT, "alpha": [*NUMBER, 0.0, 1.0, -1.0]}),
    "violation_blocks": Case(
        call=numerics.violation_blocks,
        bad={"experiment": OBJECT, **ROOT},
        valid={"experiment": numerics.MeanNormViolation(law="sphere", count=2, dim=2, radius=1.0), **RUN},
    ),
    **{
        name: Case(call=getattr(numerics, name), valid={"values": [[1, 2], [0, 1]]}, bad={"values": TABLE, **AVERAGE})
        for name in ("rademacher_complexity", "rademacher_complexity_abs")
    },
    **{
        name: Case(
            call=getattr(numerics, name),
            valid={"points": [[1.0, 2.0], [0.0, 1.0]]},
            bad={"points": TABLE, "radius": [*NUMBER, -1.0], **(AVERAGE if "complexity" in name else {})},
        )
        for name in ("l1_ball_complexity", "l2_ball_complexity", "l1_ball_bound", "l2_ball_bound")
    },
    "ReluClass": Case(
        call=numerics.ReluClass,
        valid={"points": [0.0, 1.0], "embedding": 1.0},
        bad={"points": [*ARRAY, 1.0], "embedding": ARRAY},
    ),
    **{
        f"ReluClass.{name}": Case(
            call=getattr(RELU, name),
            valid={"signs": [[1, -1]]},
            bad={"signs": [*TABLE, [[1, 0]], [[1, 1, 1]], np.array([[1, -128]], np.int8), np.ones(2, np.int8)]},
        )
        for name in ("supremum", "supremum_abs", "maximiser")
    },
    **{
        f"ReluClass.{name}": Case(call=getattr(RELU, name), valid={"method": "exact"}, bad=AVERAGE)
        for name in ("rademacher_complexity", "rademacher_complexity_abs")
    },
    "gaussian_kl": Case(
        call=numerics.gaussian_kl,
        valid={"mean": 0.0, "covariance": 1.0, "other_mean": 1.0, "other_covariance": 2.0},
        bad={
            "mean": ARRAY[:-2],
            "other_mean": [*ARRAY[:-2], [0.0, 1.0]],
            "covariance": [*ARRAY[:-2], 0.0, -1.0, np.eye(2)],
            "other_covariance": [*ARRAY[:-2], 0.0, -1.0, np.eye(2)],
        },
        wrong=[
            ("covariance", {"mean": [0, 0], "other_mean": [0, 0], "other_covariance": np.eye(2), "covariance": c})
            for c in ([[1, 2], [0, 1]], [[1, 2], [2, 1]])
        ],
    ),
    **{
        name: Case(
            call=getattr(numerics, name),
            valid=dict.fromkeys(keys, MIX),
            bad={**dict.fromkeys(keys, MIXTURES), **AVERAGE},
            wrong=DEGENERATE,
        )
        for name, keys in (("mixture_entropy", ("mixture",)), ("mixture_kl", ("mixture", "other")))
    },
    "channel_information": Case(
        call=numerics.channel_information,
        valid={"source": [0.0, 1.0], "mean_scale": 0.5, "std": 1.0},
        bad={"source": [*ARRAY, *MIXTURES[-1:]], "mean_scale": [*NUMBER, -1.0], "std": [*NUMBER, -1.0, 0.0], **AVERAGE},
    ),
    "ou_information": Case(
        call=numerics.ou_information,
        valid={"source": [0.0, 1.0], "time": 0.5},
        bad={"source": [*ARRAY, *MIXTURES[-1:]], "time": [*NUMBER, -1.0, 0.0], **AVERAGE},
    ),
    # numerics: densities, samples, likelihoods
    "score_density": Case(
        call=numerics.score_density,
        valid={"features": FEATURES, "parameters": [[-1.0, 1.0]], "time": 0.0},
        bad={"features": [*OBJECT, PLANE], "parameters": THETA, "time": [*NUMBER, -1.0]},
    ),
    "Optimizer": Case(
        call=numerics.Optimizer,
        valid={"name": "adam", "learning_rate": 0.1, "betas": (0.9, 0.999), "epsilon": 1e-8, "batch_size": 2},
        bad={"name": OPTION, **OPTIMIZER},
    ),
    "train": Case(
        call=numerics.train,
        valid=TRAIN,
        bad={
            "data": [*ARRAY[:-2], np.zeros((3, 2, 1)), np.zeros((1, 1, 1, 1))],
            **OPTIMIZER,
            "fourier_scale": [*NUMBER, -1.0],
            "start": [*NUMBER, -1.0],
            "horizon": [*NUMBER, 1e-5, -1.0],
            **dict.fromkeys(("optimizer", "activation", "layers"), OPTION),
            **dict.fromkeys(("epochs", "width", "replicas", "workers"), COUNT),
            "first_replica": [*NUMBER, -1, 1.5],
            "fourier_features": [*COUNT, 1, 3],
            "checkpoints": [a for a in ARRAY if a is not None] + [[-1], [2], [0.5], [1, 0], [1, 1]],
            "mean_scale": [*TIMES, -1.0, lambda t: -t, lambda _t: [1.0]],
            "std": [*TIMES, 0.0, -1.0, lambda t: 0.0 * t, lambda _t: None],
            "output_scale": [*NUMBER, 0.0, -1.0],
            "rng": SEEDS,
        },
    ),
    "Training.network": Case(
        call=method(TRAINED, "network", "replica", "checkpoint"), valid={"replica": 0, "checkpoint": 0}, bad=PLACES
    ),
    "Training.score": Case(
        call=method(TRAINED, "score", "replica", "checkpoint"), valid={"replica": 0, "checkpoint": 0}, bad=PLACES
    ),
    "score_grid_kl": Case(
        call=numerics.score_grid_kl,
        valid={"training": TRAINED, "mixture": MIX, "time": 0.1, "low": -5.0, "high": 5.0, "points": 11},
        bad={
            "training": OBJECT,
            "mixture": MIXTURES,
            "time": [*NUMBER, -1.0],
            "low": [*NUMBER, 5.0],
            "high": [*NUMBER, -5.0],
            "points": [*COUNT, 1],
        },
        wrong=[("mixture.variances", {"mixture": theory.GaussianMixture((1,), (0,), (0,))})],
        names={"low": ""},
    ),
    "score_grid_density": Case(
        call=numerics.score_grid_density,
        valid={"training": TRAINED, "time": 0.1, "low": -5.0, "high": 5.0, "points": 11},
        bad={
            "training": OBJECT,
            "time": [*NUMBER, -1.0],
            "low": [*NUMBER, 5.0],
            "high": [*NUMBER, -5.0],
            "points": [*COUNT, 1],
        },
        names={"low": ""},
    ),
    "ScoreNetwork": Case(
        call=numerics.ScoreNetwork,
        valid=NETWORK,
        bad={
            **{name: [*ARRAY, np.zeros((3, 5))] for name in NETWORK if "weight" in name},
            **{name: [*ARRAY, np.zeros(9)] for name in NETWORK if "bias" in name},
            "frequencies": [*ARRAY, np.zeros(9)],
            "output_scale": [*NUMBER, 0.0, -1.0],
            "std": [*(a for a in TIMES if a is not print), 0.0, -1.0],
            "activation": OPTION,
        },
        names={"input_weight": "", "frequencies": ""},
    ),
    "ScoreNetwork.score": Case(
        call=numerics.ScoreNetwork(**NETWORK).score,
        valid={"x": [[0.0]], "time": 0.5},
        bad={"x": [*ARRAY, np.zeros((2, 3))], "time": [*NUMBER, -1.0]},
    ),
    "ScoreNetwork.divergence": Case(
        call=numerics.ScoreNetwork(**NETWORK).divergence,
        valid={"x": [[0.0]], "time": 0.5},
        bad={"x": [*ARRAY, np.zeros((2, 3))], "time": [*NUMBER, -1.0]},
    ),
    "ScoreNetwork.density": Case(
        call=numerics.ScoreNetwork(**NETWORK).density, valid={"time": 0.5}, bad={"time": [*NUMBER, -1.0]}
    ),
    "ReverseProcess": Case(
        call=numerics.ReverseProcess,
        valid={**LEARNED, "divergence": None},
        bad={**BAD_REVERSE, "divergence": NO_DIVERGENCE},
        wrong=[("divergence", {"score": max, "parameters": None, "divergence": 1}), ("parameters", {"score": max})],
    ),
    "sde_density": Case(
        call=numerics.sde_density,
        valid={**LEARNED, "cells": 32, "steps": 4, "tail_mass": 1e-6},
        bad={**BAD_REVERSE, "cells": [*COUNT, 8, 10**9], "steps": [*COUNT, 3], "tail_mass": [*NUMBER, 0.0, 0.5]},
        wrong=OTHER_DIMENSION,
        slow=True,
        names={"parameters": ""},
    ),
    "ode_density": Case(
        call=numerics.ode_density,
        valid={**LEARNED, "divergence": None, "tolerance": 1e-3},
        bad={**BAD_REVERSE, "divergence": NO_DIVERGENCE, "tolerance": TOLERANCES},
        wrong=[
            ("divergence", {"score": lambda x, t: -x, "parameters": None}),
            ("parameters", {"score": max}),
            *OTHER_DIMENSION,
        ],
        slow=True,
    ),
    "kl_divergence": Case(
        call=numerics.kl_divergence,
        valid={"p": MIX, "q": LINE, "with_error": True},
        bad={"p": MIXTURES, "q": MIXTURES, "with_error": FLAG},
        wrong=[("q must have positive variances", {"q": theory.GaussianMixture((1,), (0,), (0,))})],
    ),
    **{
        f"Density.{name}": Case(call=getattr(LINE, name), valid={"x": [0.0, 1.0]}, bad={"x": VALUE})
        for name in ("pdf", "log_pdf")
    },
    "sample_forward": Case(
        call=numerics.sample_forward,
        valid={"initial": [0.0], "mean_scale": 1.0, "std": 1.0, **RUN},
        bad={"initial": ARRAY, "mean_scale": [*NUMBER, -1.0], "std": [*NUMBER, -1.0], **ROOT},
    ),
    "sample_reverse_sde": Case(
        call=numerics.sample_reverse_sde,
        valid={**LEARNED, **SAMPLER, "steps": 3, "scheme": "exponential"},
        bad={**BAD_REVERSE, **ROOT, "dim": [*COUNT, 2], "steps": COUNT, "scheme": OPTION},
        wrong=OTHER_DIMENSION,
        slow=True,
    ),
    "sample_probability_flow": Case(
        call=numerics.sample_probability_flow,
        valid={**LEARNED, **SAMPLER, "tolerance": 1e-3, "solver": "RK45"},
        bad={**BAD_REVERSE, **ROOT, "dim": [*COUNT, 2], "tolerance": TOLERANCES, "solver": OPTION},
        wrong=OTHER_DIMENSION,
        slow=True,
    ),
    "log_likelihood": Case(
        call=numerics.log_likelihood,
        valid={"x": [[0.0]], **LEARNED, "divergence": None, "tolerance": 1e-3},
        bad={**BAD_REVERSE, "x": [*ARRAY, [0.0], [[0.0, 1.0]]], "divergence": NO_DIVERGENCE, "tolerance": TOLERANCES},
        wrong=OTHER_DIMENSION,
        slow=True,
        names={"x": ""},
    ),
    "bits_per_dim": Case(
        call=numerics.bits_per_dim,
        valid={"nats": [1.0], "dim": 2, "offset": 8.0},
        bad={"nats": VALUE, "dim": COUNT, "offset": NUMBER},
    ),
    # verify
    "audit": Case(
        call=verify.audit,
        valid={"ids": "EQ-8:stationary"},
        slow=True,
        bad={
            "ids": [1, True, [], (), [1], [None], b"L1", object()],
            "budget": OPTION,
            "seed": [*NUMBER[:16], -1, 1.5],
            "executor": [1, "pool", object()],
            "progress": [1, "bar"],
        },
        wrong=[("L1:repaired", {"ids": "L1:repared"}), ("L4:sharp", {"ids": ["L1:printed", "L4:sharpe"]})],
    ),
    **{
        name: Case(
            call=getattr(verify, name),
            valid={"claim": "EQ-8:stationary", "mutants": False},
            slow=True,
            bad={
                "claim": [None, 1, [], object(), b"L1:printed", statement.Claim(**CLAIM), NAN],
                "budget": OPTION,
                "seed": [*NUMBER[:16], -1, 1.5],
                "mutants": FLAG[:3],
            },
            wrong=[("L1:repaired", {"claim": "L1:repared"}), ("L1", {"claim": "L1"})],
        )
        for name in ("check", "assert_holds")
    },
    "bound": Case(
        call=verify.bound,
        valid={"claim": "L4:sharp", "values": {"distance_initial": 1}, "over": {"tau": [1.0, 2.0]}},
        bad={
            "claim": [*OBJECT, "L3:scaled"],
            "values": [None, 1, "tau=1", [], {1: 2}, {None: 1}, {"tua": 1}, {}, {"distance_initial": [1.0]}],
            "over": [
                1,
                [],
                {},
                "tau",
                "tau=1:2:3",
                {"tau": None},
                {"tau": [[1.0]]},
                {"tau": []},
                {"tau": Hostile()},
                {"tua": [1.0]},
                {1: [1.0]},
                {"tau": [1.0], "C": [1.0]},
                {"distance_initial": [1.0]},
            ],
        },
        wrong=[
            *(("distance_initial", {"values": {"distance_initial": bad}}) for bad in (*ODD, NAN, -1.0, "x", HUGE)),
            *(("tau", {"over": {"tau": [value]}}) for value in (NAN, INF, 0.0, -1.0)),
        ],
    ),
    "replay": Case(
        call=verify.replay, bad={"token": [*ODD, "", "abc", "é", "eNo", 1, NAN, [], "a" * 1000, HUGE]}, slow=True
    ),
    "theorem_1_inputs": Case(
        call=verify.theorem_1_inputs,
        valid={
            "features": FEATURES,
            "law": numerics.histogram_density([-1.0, 1.0], [1.0]),
            "sde": OU,
            "horizon": 1.0,
            "n": 10,
            "tau": 1.0,
            "delta": 0.1,
            "times": 3,
            "nodes": 2,
        },
        bad={
            "features": OBJECT,
            "law": [*OBJECT, types.SimpleNamespace(weights=[1.0], means=[0.0])],
            "sde": OBJECT,
            "horizon": [*NUMBER, 0.0, -1.0],
            "n": COUNT,
            "tau": [*ARRAY, 0.0, -1.0, [1.0, 0.0]],
            "delta": [*NUMBER, 0.0, -1.0, 1.5],
            "initial": [a for a in ARRAY if a is not None] + [1.0, [1.0]],
            "comparator": [a for a in ARRAY if a is not None] + [-1.0, [1.0]],
            "prior_std": [*NUMBER, 0.0, -1.0],
            "times": COUNT,
            "nodes": COUNT,
        },
    ),
    "schedule": Case(
        call=verify.schedule,
        valid={"sde": OU, "horizon": 1.0, "count": 3, "weighting": "song", "dim": 1, "start": 0.0, "grading": 2},
        bad={
            "sde": OBJECT,
            "horizon": [*NUMBER, 0.0, -1.0],
            "count": COUNT,
            "weighting": OPTION,
            "dim": [None, "1", 0, -1, 1.5, NAN, [], True],
            "start": [*NUMBER, -1.0, 2.0],
            "grading": [None, "1", 0, -1, 1.5, NAN, [], True],
        },
        names={"start": ""},
    ),
    "time_function": Case(
        call=verify.time_function,
        valid={"expr": sp.exp(-t)},
        bad={"expr": [*EXACT, sp.Symbol("t"), t + T, sp.Function("f")(t), sp.Integral(sp.Function("g")(T), (T, 0, t))]},
    ),
    "Report.__getitem__": Case(
        call=method(REPORT, "__getitem__", "claim"),
        valid={"claim": "L1:repaired"},
        bad={"claim": [None, 1, "", "L1:repared", NAN]},
    ),
    "Report.to_json": Case(call=REPORT.to_json, bad={"path": [None, 1.5, [], "/", "/nowhere/at/all.json"]}, slow=True),
    # verify.evidence.domain
    "Real": Case(
        call=domain.Real,
        valid={"low": 0.5, "high": 1, "log": True},
        bad={"low": [*NUMBER, 2.0, 0.0], "high": [*NUMBER, 0.0], "log": FLAG},
    ),
    "Integer": Case(
        call=domain.Integer,
        valid={"low": 0, "high": 5},
        bad={"low": [*NUMBER, 1.5, 2.0, 6], "high": [*NUMBER, 1.5, 2.0, -1]},
    ),
    "Choice": Case(
        call=domain.Choice,
        valid={"options": ("a", "b")},
        bad={"options": [None, "ab", (), [], 1, ("a", "a"), (1,), ("",), {"a"}]},
    ),
    "Array": Case(
        call=domain.Array,
        valid={"shape": ("n", 2), "element": REAL},
        bad={
            "shape": [None, "n", 2, (), (0,), (-1,), (1.5,), (None,), (True,), (NAN,)],
            "element": [*OBJECT[:8], domain.Choice(options=("a",))],
        },
    ),
    "Domain": Case(
        call=domain.Domain,
        valid={"fields": {"n": domain.Integer(low=1, high=3), "x": REAL}},
        bad={
            "fields": [
                None,
                {},
                [],
                "x",
                {"x": 1},
                {1: REAL},
                {"": REAL},
                {"a": domain.Array(shape=("n",), element=REAL)},
                {"a": domain.Array(shape=("n",), element=REAL), "n": domain.Integer(low=1, high=2)},
                {"n": REAL, "a": domain.Array(shape=("n",), element=REAL)},
                {"n": domain.Integer(low=0, high=2), "a": domain.Array(shape=("n",), element=REAL)},
            ],
            "require": [None, 1, "x", True],
        },
    ),
}

# Values that are returned, not built by users; errors; bases that cannot be built.
RETURNED = {
    "Training",
    "DatumConstants",
    "GridDivergence",
    "HistogramDensity",
    "Bound",
    "MissingSymbolsError",
    "PhaseDiagram",
    "Piece",
    "Stopping",
    "Density",
    "NotNormalisableError",
    "UndefinedDivergenceError",
    "Estimate",
    "AbstractLinearSDE",
    "UnknownClaimError",
    "Block",
    "PathCounts",
    "ClaimResult",
    "Evidence",
    "MutantOutcome",
    "Report",
    "Verdict",
    "Witness",
    "Transition",
    "Evaluation",
}
# Methods called by the package itself with values that it has made.
INTERNAL = {
    "Density.require",
    "Sampling.of",
    "Optimizer.of",
    "ReverseProcess.of",
    "ReverseProcess.in_dimension",
    "Sampling.values",
    "Sampling.estimate",
    "EndpointViolation.run",
    "PathViolation.run",
    "MeanNormViolation.run",
    "MeanNormViolation.norms",
    "ClaimResult.blocked_by",
    "LinearSDE.prior_variance",
    "VariancePreserving.prior_variance",
    "SubVariancePreserving.prior_variance",
    "VarianceExploding.prior_variance",
    "OrnsteinUhlenbeck.prior_variance",
    "Array.lengths",
    "ReadOnly.clear",
    "ReadOnly.pop",
    "ReadOnly.popitem",
    "ReadOnly.setdefault",
    "ReadOnly.update",
    "Domain.accepts",
    "Domain.coordinates",
    "Domain.rebuild",
    "Inequality.map",
    "Identity.map",
}


# Faults in files that others own; a mark that is not strict, so that mending one breaks nothing here.
def arguments():
    for name, case in CASES.items():
        for argument in case.bad:
            yield pytest.param(name, argument, id=f"{name}-{argument}")


def show(value):
    try:
        return repr(value)[:60]
    except Exception:
        return type(value).__name__


FINER = (theory.UnknownClaimError, verify.MissingSymbolsError)  # of KeyError and ValueError


def attempt(case, changes, word):
    """What is wrong with the answer to bad input, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = case.call(**{**case.valid, **changes})
            if isinstance(result, types.GeneratorType):
                next(result)
    except (TypeError, ValueError, KeyError) as error:
        if type(error) not in (TypeError, ValueError) and not isinstance(error, FINER):
            return f"raised {type(error).__name__}: {error}"
        return None if word in str(error) else f"does not name {word!r}: {type(error).__name__}: {str(error)[:150]}"
    except Exception as error:
        return f"raised {type(error).__name__}: {str(error)[:150]}"
    return f"was accepted, with the result {show(result)}"


@pytest.mark.parametrize("name", CASES)
def test_valid_input_is_accepted(name):
    case = CASES[name]
    if not case.slow and (case.valid or not case.wrong):
        case.call(**case.valid)


@pytest.mark.parametrize(("name", "argument"), list(arguments()))
def test_bad_input_is_refused_by_name(name, argument):
    case = CASES[name]
    word = case.names.get(argument, argument)
    faults = {show(value): attempt(case, {argument: value}, word) for value in case.bad[argument]}
    faults = {value: fault for value, fault in faults.items() if fault}
    assert not faults


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.wrong])
def test_arguments_that_do_not_fit_together_are_refused(name):
    case = CASES[name]
    faults = [(word, attempt(case, changes, word)) for word, changes in case.wrong]
    assert not [fault for fault in faults if fault[1]]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 6),
    st.just(HUGE),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=4),
    st.binary(max_size=3),
    st.fractions(max_denominator=9),
    st.decimals(),
    st.sampled_from([x, t, 1 / x, sp.nan, sp.oo, sp.I, np.float32(1), np.int8(3), np.array(2.0)]),
)
GARBAGE = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=5,
)
RANDOM = [(name, argument) for name, case in CASES.items() if not case.slow for argument in case.bad]


@settings(max_examples=400, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(case_argument=st.sampled_from(RANDOM), value=GARBAGE)
def test_random_input_is_accepted_or_refused_but_never_breaks(case_argument, value):
    name, argument = case_argument
    case = CASES[name]
    fault = attempt(case, {argument: value}, "")
    assert fault is None or fault.startswith("was accepted"), (name, argument, fault)


def public():
    """Names of all public callables, and of their classes' public methods that take arguments."""
    found = {}
    for package in (theory, numerics, verify):
        for name in package.__all__:
            value = getattr(package, name)
            if inspect.ismodule(value):
                found |= functions_of(value)
            elif callable(value):
                found[name] = value
    for module in (statement, terms, domain):
        found |= functions_of(module)
    for name, value in list(found.items()):
        if inspect.isclass(value):
            for key, member in vars(value).items():
                function = getattr(member, "__func__", member)
                if not key.startswith("_") and inspect.isfunction(function):
                    static = isinstance(member, staticmethod)
                    if len(inspect.signature(function).parameters) > (0 if static else 1):
                        found[f"{name}.{key}"] = function
    return found


def functions_of(module):
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == module.__name__
    }


def test_everything_public_is_in_the_table():
    missing = set(public()) - set(CASES) - RETURNED - INTERNAL
    assert not missing, f"give these a row in CASES: {sorted(missing)}"


def test_every_argument_of_a_function_has_bad_values():
    missing = []
    for name, function in public().items():
        if name in CASES and CASES[name].valid and name not in RETURNED | INTERNAL:
            for parameter in inspect.signature(function).parameters.values():
                plain = parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
                if plain and parameter.name not in ("self", "cls", *CASES[name].bad):
                    missing.append(f"{name}({parameter.name})")
    assert set(missing) <= {"coordinates(letter)", "evaluate(claim)", "Relation.map(change)", "Domain(_)"}


def test_a_mixture_with_weights_that_may_sum_to_one_is_kept():
    assert mixture.GaussianMixture((symbols.q, 1 - symbols.q), (0, 1), (1, 1)).weights == (symbols.q, 1 - symbols.q)


@pytest.mark.parametrize(
    "instance",
    [
        None,
        1,
        "x",
        [],
        {},
        {"n": 2},
        {"n": 2, "a": [[0.5], [0.5]], "k": "p", "extra": 1},
        {"n": 2.0, "a": [[0.5]] * 2, "k": "p"},
        {"n": 1.5, "a": [[0.5]], "k": "p"},
        {"n": True, "a": [[0.5]], "k": "p"},
        {"n": "1", "a": [[0.5]], "k": "p"},
        {"n": 2, "a": [[0.5]], "k": "p"},
        {"n": 2, "a": [[0.5], [0.5, 0.5]], "k": "p"},
        {"n": 1, "a": [["0.5"]], "k": "p"},
        {"n": 1, "a": [[NAN]], "k": "p"},
        {"n": 1, "a": [[2.0]], "k": "p"},
        {"n": 1, "a": 0.5, "k": "p"},
        {"n": HUGE, "a": [], "k": "p"},
        {"n": 1, "a": [[HUGE]], "k": "p"},
        {"n": 1, "a": [[0.5]], "k": "r"},
        {"n": 1, "a": [[0.5]], "k": ["p"]},
        {"n": 1, "a": [[0.5]], "k": 1},
        {"n": 1, "a": [[True]], "k": "p"},
        {"n": 1, "a": [[None]], "k": "p"},
        {"n": [1], "a": [[0.5]], "k": "p"},
    ],
)
def test_a_domain_accepts_only_instances(instance):
    space = domain.Domain(
        fields={
            "n": domain.Integer(low=1, high=3),
            "a": domain.Array(shape=("n", 1), element=REAL),
            "k": domain.Choice(options=("p", "q")),
        }
    )
    assert space.accepts({"n": 2, "a": [[0.5], [1.0]], "k": "p"})
    assert space.accepts({"n": 1, "a": [[0]], "k": "q"})
    assert not space.accepts(instance)
