"""Bad input to `numerics.reverse`: each argument of each constructor and function."""

import numpy as np

import numerics
from tests.bad_input import (
    ARRAY,
    COUNT,
    FEATURES,
    NUMBER,
    OBJECT,
    OPTION,
    PLANE,
    ROOT,
    RUN,
    SEEDS,
    THETA,
    TIMES,
    VALUE,
    WHERE,
    Case,
    checks_of,
)

REVERSE = {"drift": -1.0, "diffusion": 1.0, "horizon": 1.0, "prior_std": 1.0, "start": 0.0}
LEARNED = {"score": FEATURES, "parameters": [[-2.0, 2.0]], **REVERSE}
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
CASES = {
    "ReverseProcess": Case(
        call=numerics.ReverseProcess,
        valid={**LEARNED, "divergence": None},
        bad={**BAD_REVERSE, "divergence": NO_DIVERGENCE},
        wrong=[("divergence", {"score": max, "parameters": None, "divergence": 1}), ("parameters", {"score": max})],
    ),
    "probed_log_likelihood": Case(
        call=numerics.probed_log_likelihood,
        valid={
            "x": [[0.0, 1.0]],
            "probed": lambda x, t, v: (-x, -np.sum(v * v, axis=2)),
            **REVERSE,
            "rng": 1,
            "probes": 2,
            "tolerance": 1e-2,
        },
        bad={
            **{name: BAD_REVERSE[name] for name in REVERSE},
            "x": ARRAY,
            "probed": [*OBJECT, lambda x, t: x, lambda x, t, v: x, lambda x, t, v: (x, x)],
            "rng": SEEDS,
            "probes": [*COUNT, 1],
            "tolerance": TOLERANCES,
        },
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
        bad={
            **BAD_REVERSE,
            "x": [*ARRAY, [0.0], [[0.0, 1.0]]],
            "divergence": NO_DIVERGENCE,
            "tolerance": TOLERANCES,
            **WHERE,
        },
        wrong=OTHER_DIMENSION,
        slow=True,
        names={"x": ""},
    ),
    "bits_per_dim": Case(
        call=numerics.bits_per_dim,
        valid={"nats": [1.0], "dim": 2, "offset": 8.0},
        bad={"nats": VALUE, "dim": COUNT, "offset": NUMBER},
    ),
}
globals().update(checks_of(CASES))
