"""Bad input to `verify.bound`: each argument of each constructor and function."""

import types

import sympy as sp

import numerics
import verify
from tests.bad_input import (
    ARRAY,
    COUNT,
    EXACT,
    FEATURES,
    HUGE,
    INF,
    NAN,
    NUMBER,
    OBJECT,
    ODD,
    OPTION,
    OU,
    Case,
    Hostile,
    checks_of,
)
from theory.symbols import T, t

CASES = {
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
}
globals().update(checks_of(CASES))
