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
    FLAG,
    HISTOGRAM,
    HUGE,
    INF,
    MIX,
    NAN,
    NUMBER,
    OBJECT,
    ODD,
    OPTION,
    OU,
    PLANE,
    THETA,
    Case,
    Hostile,
    checks_of,
    positional,
)
from theory.symbols import T, t

PAIR = [-1.0, 1.0]
DATA = [*ARRAY, [1.0], [1.0, 1.0]]
SCORES = [a for a in OBJECT if a is not print and a is not float]
DIFFUSION = {"data": PAIR, "score": FEATURES, "parameters": [[-2.0, 2.0]], "sde": OU, "start": 0.5}
BAD_DIFFUSION = {
    "data": DATA,
    "score": SCORES,
    "parameters": [*ARRAY, [[1.0]]],
    "sde": OBJECT,
    "start": [*NUMBER, 0.0, -1.0, 2.0],
    "loss_range": [*NUMBER, -1.0],
}
POSITIVE = [*NUMBER, 0.0, -1.0]
CAPACITY = {"features": FEATURES, "law": HISTOGRAM, "sde": OU, "times": 4, "nodes": 4}
FROM_MODEL = {
    "features": [*OBJECT, PLANE],
    "sde": OBJECT,
    "horizon": POSITIVE,
    "n": COUNT,
    "tau": POSITIVE,
    "delta": [*POSITIVE, 1.5],
    "initial": [a for a in THETA if a is not None],
    "prior_std": POSITIVE,
    "times": COUNT,
    "nodes": [*COUNT, 1],
}
"""What both bounds by capacity take, whatever the law."""
CASES = {
    "capacity_inputs": Case(
        call=verify.capacity_inputs,
        valid={**CAPACITY, "horizon": 1.0, "n": 100, "tau": 1.0, "delta": 0.1},
        bad={**FROM_MODEL, "law": [*OBJECT, MIX]},
        slow=True,
    ),
    "moment_capacity_inputs": Case(
        call=verify.moment_capacity_inputs,
        valid={**CAPACITY, "law": MIX, "horizon": 1.0, "n": 100, "tau": 1.0, "delta": 0.1},
        bad={**FROM_MODEL, "law": [*OBJECT, HISTOGRAM]},
        slow=True,
    ),
    "diffusion_bound": Case(
        call=positional(verify.diffusion_bound, "data", "score", "parameters"),
        valid={**DIFFUSION, "horizon": 1.0, "loss_range": 1.0, "weight_information": 0.1, "score_bound": 1.0},
        bad={
            **BAD_DIFFUSION,
            "horizon": POSITIVE,
            "weight_information": [*ARRAY, -1.0, [0.1, 0.2, 0.3]],
            "score_bound": [*(a for a in NUMBER if a is not None), -1.0],
            "conventions": [a for a in OBJECT if a is not None],
        },
        names={"parameters": ""},
        slow=True,
    ),
    "best_time": Case(
        call=positional(verify.best_time, "data", "score", "parameters"),
        valid={**DIFFUSION, "loss_range": 1.0, "weight_information": 0.1, "horizons": [0.7, 1.0], "tolerance": 0.0},
        bad={
            **BAD_DIFFUSION,
            "weight_information": [*NUMBER, -1.0],
            "horizons": [*(a for a in ARRAY if a is not None), [0.4, 1.0], [1.0, 1.0]],
            "tolerance": [*NUMBER, -1.0],
        },
        names={"parameters": "", "horizons": "horizon", "start": ""},
        slow=True,
    ),
    "printed_best_time": Case(
        call=positional(verify.printed_best_time, "data"),
        valid={"data": PAIR, "score_bound": 1.0},
        bad={"data": ARRAY, "score_bound": POSITIVE},
    ),
    "Conventions": Case(
        call=verify.Conventions,
        valid={"batch": 2, "nodes": 10},
        bad={
            "batch": [*(a for a in COUNT if a is not None), 1],
            "nodes": [a for a in COUNT if a is not None],
            **dict.fromkeys(("std_for_variance", "weighted_loss", "root_of_mean", "mean_norm", "per_dimension"), FLAG),
            **dict.fromkeys(("mean_rate", "mirrored"), FLAG),
            "path": [a for a in OPTION if a is not None],
            "density_estimates": [*(a for a in NUMBER if a is not None), 0.0, -0.1],
        },
        wrong=[("mean_rate", {"mean_rate": True, "root_of_mean": True})],
    ),
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
            "grading": [None, "1", 0, -1, 1.5, NAN, [], True, 7, 100],
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
