"""Bad input to `numerics.mixtures`: each argument of each constructor and function."""

import types

import numpy as np

import numerics
from tests.bad_input import ARRAY, AVERAGE, MIX, MIXTURES, NUMBER, Case, checks_of

DEGENERATE = [
    ("mixture.variances", {"mixture": types.SimpleNamespace(weights=[1.0], means=[0.0], variances=[0.0])}),
    ("mixture.variances", {"mixture": types.SimpleNamespace(weights=[1], means=[[0, 1]], variances=[np.ones((2, 2))])}),
    ("mixture.weights", {"mixture": types.SimpleNamespace(weights=[0.5], means=[0.0], variances=[1.0])}),
    ("mixture.means", {"mixture": types.SimpleNamespace(weights=[1.0], means=[0.0, 1.0], variances=[1.0])}),
]
CASES = {
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
    "gaussian_wasserstein": Case(
        call=numerics.gaussian_wasserstein,
        valid={"mean": 0.0, "covariance": 1.0, "other_mean": 1.0, "other_covariance": 2.0},
        bad={
            "mean": ARRAY[:-2],
            "other_mean": [*ARRAY[:-2], [0.0, 1.0]],
            "covariance": [*ARRAY[:-2], -1.0, np.eye(2)],
            "other_covariance": [*ARRAY[:-2], -1.0, np.eye(2)],
        },
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
}
globals().update(checks_of(CASES))
