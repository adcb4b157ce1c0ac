"""Bad input to `numerics.diffused_data`: each argument of each constructor and function."""

import numpy as np

import numerics
from tests.bad_input import (
    ARRAY,
    COUNT,
    FEATURES,
    NUMBER,
    OBJECT,
    PLANE,
    THETA,
    TIMES,
    VALUE,
    WHERE,
    Case,
    checks_of,
    method,
)

DATA = numerics.DiffusedData.ornstein_uhlenbeck([-1.0, 1.0])
POINTS = [a for a in ARRAY if not isinstance(a, np.ndarray) or a.shape != (2, 2, 2)]
RATES = [a for a in TIMES if a is not print]  # print is a callable, too
TIME = [*NUMBER, -1.0, 0.0]
DIFFUSED = [a for a in OBJECT if a is not None]
SCORES = [a for a in OBJECT if a is not print and a is not float]
LOSSES = {"score": FEATURES, "parameters": [[-2.0, 2.0]], "data": DATA, "start": 0.5, "horizon": 0.6}
BAD_LOSSES = {
    "score": SCORES,
    "parameters": THETA,
    "data": OBJECT,
    "start": [*NUMBER, 0.0, -1.0, 1.0],
    "horizon": [*ARRAY, 0.1, [0.6, 0.6], -1.0],
}
CASES = {
    "DiffusedData": Case(
        call=numerics.DiffusedData,
        valid={"points": [0.0, 1.0], "mean_scale": 0.5, "std": 0.5, "prior_std": 1.0},
        bad={
            "points": ARRAY,
            "mean_scale": [*RATES, -1.0],
            "std": [*RATES, -1.0, 0.0],
            "prior_std": [*NUMBER, 0.0, -1.0],
        },
    ),
    "DiffusedData.ornstein_uhlenbeck": Case(
        call=numerics.DiffusedData.ornstein_uhlenbeck, valid={"points": [0.0]}, bad={"points": ARRAY}
    ),
    **{
        f"DiffusedData.{name}": Case(call=method(DATA, name, "time"), valid={"time": 0.5}, bad={"time": TIME})
        for name in ("at", "rate", "mixture", "prior")
    },
    "DiffusedData.information": Case(
        call=method(DATA, "information", "time"), valid={"time": 0.5}, bad={"time": [*TIME, 1e-250]}
    ),
    "DiffusedData.information_bounds": Case(
        call=method(DATA, "information_bounds", "time"), valid={"time": 0.5}, bad={"time": [*TIME, 1e-250], **WHERE}
    ),
    "DiffusedData.encoder": Case(
        call=method(DATA, "encoder", "point", "time"),
        valid={"point": 0.0, "time": 0.5},
        bad={"point": [*VALUE, [0.0, 1.0]], "time": TIME},
    ),
    **{
        f"DiffusedData.{name}": Case(
            call=method(DATA, name, "x", "time"), valid={"x": [0.0], "time": 0.5}, bad={"x": ARRAY, "time": TIME}
        )
        for name in ("score", "divergence")
    },
    "score_losses": Case(
        call=numerics.score_losses,
        valid=LOSSES,
        bad=BAD_LOSSES,
        wrong=[("score", {"score": PLANE, "parameters": np.zeros((2, 1))}), ("parameters", {"score": max})],
        names={"parameters": ""},
        slow=True,
    ),
    "score_errors": Case(
        call=numerics.score_errors,
        valid={"score": FEATURES, "parameters": [[-2.0, 2.0]], "data": DATA, "times": [0.5, 1.0], "reference": None},
        bad={
            "score": SCORES,
            "parameters": THETA,
            "data": OBJECT,
            "times": [*ARRAY, 0.0, [0.5, 0.5]],
            "reference": [a for a in SCORES if a is not None],
        },
        names={"parameters": ""},
        slow=True,
    ),
    "score_distance": Case(
        call=numerics.score_distance,
        valid={**LOSSES, "reference": lambda x, t: -x},
        bad={**BAD_LOSSES, "reference": SCORES},
        names={"parameters": ""},
        slow=True,
    ),
    "path_capacity": Case(
        call=numerics.path_capacity,
        valid={
            "score": FEATURES, "parameters": [[-2.0, 2.0]], "reference": lambda x, t: -x, "dim": 1,
            "steps": 2, "sampling": numerics.Sampling(samples=64), "drift": -1.0, "diffusion": 1.0,
            "horizon": 1.0, "prior_std": 1.0, "initial": [0.5, -1.0], "initial_std": 0.1,
        },
        bad={
            "initial": [*(a for a in ARRAY if a is not None), [[1.0, 2.0]]], "initial_std": [*NUMBER, -1.0],
            "score": SCORES, "parameters": THETA, "reference": SCORES, "dim": COUNT, "steps": COUNT,
            "sampling": DIFFUSED, "horizon": [*NUMBER, 0.0, -1.0],
        },
        wrong=[("samples", {"sampling": numerics.Sampling(samples=63)})],
        names={"parameters": "", "dim": "", "score": ""},
        slow=True,
    ),
    "density_estimate_divergence": Case(
        call=numerics.density_estimate_divergence,
        valid={"points": [0.0, 1.0], "others": [0.5, 1.5, 2.0], "bandwidth": 0.3},
        bad={
            "points": [*ARRAY, [[1.0, 2.0]]], "others": [*ARRAY, [[1.0, 2.0]]], "bandwidth": [*NUMBER, 0.0, -1.0],
        },
        names={"points": ""},
    ),
}  # fmt: skip
globals().update(checks_of(CASES))
