"""Bad input to `numerics.random_features`: each argument of each constructor and function."""

import types

import numpy as np

import numerics
import theory
from tests.bad_input import (
    ARRAY,
    COUNT,
    FEATURES,
    INF,
    MIX,
    MIXTURES,
    NAN,
    NUMBER,
    OBJECT,
    OPTION,
    SCHEDULE,
    SEEDS,
    THETA,
    WHERE,
    Case,
    checks_of,
)

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
LENGTHS = [np.zeros(3), [0.5], [[0.5, 0.5]]]
CASES = {
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
        bad={"x": [*ARRAY, [0.0], [[0.0, 1.0]]], "time": [*NUMBER, -1.0], **WHERE},
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
            "backend": WHERE["backend"],
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
        bad={
            "points": ARRAY,
            "other": [a for a in ARRAY if a is not None] + [[[1.0]]],
            "radius": [*NUMBER, 0.0, -1.0],
            **WHERE,
        },
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
            "backend": WHERE["backend"],
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
            **WHERE,
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
            **WHERE,
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
}
globals().update(checks_of(CASES))
