"""Bad input to `numerics.densities`: each argument of each constructor and function."""

import numpy as np

import numerics
import theory
from tests.bad_input import (
    ARRAY,
    COUNT,
    FEATURES,
    FLAG,
    HISTOGRAM,
    MIX,
    MIXTURES,
    NUMBER,
    OBJECT,
    PLANE,
    SEEDS,
    THETA,
    VALUE,
    Case,
    checks_of,
)

LINE = numerics.score_density(FEATURES, [[-2.0, 2.0]], 0.0)
CASES = {
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
    "score_density": Case(
        call=numerics.score_density,
        valid={"features": FEATURES, "parameters": [[-1.0, 1.0]], "time": 0.0},
        bad={"features": [*OBJECT, PLANE], "parameters": THETA, "time": [*NUMBER, -1.0]},
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
}
globals().update(checks_of(CASES))
