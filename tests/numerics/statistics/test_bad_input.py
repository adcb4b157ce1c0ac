"""Bad input to `numerics.statistics`: each argument of each constructor and function."""

import math

import numerics
from tests.bad_input import ARRAY, COUNT, NUMBER, OBJECT, OPTION, ROOT, RUN, WHERE, Case, checks_of

CASES = {
    **{
        name: Case(
            call=getattr(numerics, name),
            valid={"initial": [0.0], "mean_scale": 1.0, "std": 1.0, "bound": 1.0, **run},
            bad={
                "initial": [*ARRAY, [[0.0]]],
                "mean_scale": [*NUMBER, -1.0],
                "std": [*NUMBER, -1.0],
                "bound": [*NUMBER, -1.0],
                **({**ROOT, **WHERE} if run else {}),
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
                **({**ROOT, **WHERE} if run else {}),
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
                **({**ROOT, **WHERE} if "rng" in rest else {}),
            },
        )
        for name, rest in (
            ("MeanNormViolation", {"bound": 1.0}),
            ("mean_norm_violations", {"bound": 1.0, **RUN}),
            ("mean_norms", RUN),
        )
    },
    "Sampling": Case(call=numerics.Sampling, valid=RUN, bad={**ROOT, "alpha": [*NUMBER, 0.0, 1.0, -1.0]}),
    "bernoulli_subgaussian": Case(
        call=numerics.bernoulli_subgaussian, valid={"probability": 0.2}, bad={"probability": [*NUMBER, -0.1, 1.1]}
    ),
    **{
        name: Case(
            call=getattr(numerics, name),
            valid={"values": [0.0, 1.0], "weights": [0.5, 0.5]},
            bad={"values": ARRAY, "weights": [a for a in [*ARRAY, [0.5, 0.6], [1.0]] if a is not None]},
        )
        for name in ("one_sided_proxy", "cumulants")
    },
    "decoupling_bound": Case(
        call=numerics.decoupling_bound,
        valid={"cumulant": lambda rate: rate * rate, "divergence": 1.0},
        bad={
            "cumulant": [*(a for a in OBJECT if a is not float and a is not print), lambda _rate: math.inf],
            "divergence": [*NUMBER, -1.0],
        },
    ),
    "violation_blocks": Case(
        call=numerics.violation_blocks,
        bad={"experiment": OBJECT, **ROOT, **WHERE},
        valid={"experiment": numerics.MeanNormViolation(law="sphere", count=2, dim=2, radius=1.0), **RUN},
    ),
}
globals().update(checks_of(CASES))
