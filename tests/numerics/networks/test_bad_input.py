"""Bad input to `numerics.networks`: each argument of each constructor and function."""

import importlib.util

import numpy as np

import numerics
import theory
from numerics.networks.unet import Layers
from tests.bad_input import (
    ARRAY,
    COUNT,
    MIX,
    MIXTURES,
    NUMBER,
    OBJECT,
    OPTION,
    SEEDS,
    TIMES,
    WHERE,
    Case,
    checks_of,
    method,
)

TRAIN = {
    "data": [0.0, 1.0], "optimizer": "sgd", "learning_rate": 0.1, "epochs": 1, "width": 2, "replicas": 1, "rng": 1,
    "mean_scale": 1.0, "std": 1.0, "output_scale": 16, "activation": "relu", "layers": "all", "batch_size": 2,
    "checkpoints": [0, 1], "fourier_features": 4, "fourier_scale": 30.0, "start": 1e-5, "horizon": 1.0,
    "first_replica": 0, "workers": 1, "draws": "streams",
}  # fmt: skip
OPTIMIZER = {
    "learning_rate": [*NUMBER, 0.0, -1.0],
    "betas": [*ARRAY, [0.9, 1.0], [-0.1, 0.9]],
    "epsilon": [*NUMBER, 0.0, -1.0],
    "batch_size": COUNT,
}
TRAINED = numerics.train(**TRAIN)
UNET = {
    **{name: TRAIN[name] for name in ("optimizer", "learning_rate", "epochs", "replicas", "rng", "mean_scale", "std",
                                      "batch_size", "checkpoints", "fourier_features", "fourier_scale", "start",
                                      "horizon", "first_replica")},
    "images": np.zeros((2, 2, 2)), "channels": (4,), "embedding": 2,
}  # fmt: skip
PLACES = {"replica": [*NUMBER, -1, 1], "checkpoint": [*NUMBER, -1, 2]}
NETWORK = {
    "input_weight": [[1.0], [-1.0]], "input_bias": [0.1, 0.2], "time_weight": [[0.1, 0.2], [0.3, 0.4]],
    "time_bias": [0.0, 0.1], "output_weight": [[-1.0, 1.0]], "output_bias": [0.0], "frequencies": [1.0],
    "output_scale": 2.0, "std": 1.0, "activation": "relu",
}  # fmt: skip
VAE = {
    "data_variance": 1.0, "encoder_gain": 0.5, "encoder_variance": 0.5, "decoder_gain": 0.7, "decoder_variance": 0.5,
    "count": 9,
}  # fmt: skip
CASES = {
    "LinearAutoencoder": Case(
        call=numerics.LinearAutoencoder,
        valid=VAE,
        bad={
            **{name: [*ARRAY, [[1.0]]] for name in VAE if name.endswith("gain")},
            **{name: [*ARRAY, 0.0, -1.0] for name in VAE if name.endswith("variance")},
            "count": [*COUNT, 1],
        },
        wrong=[("encoder_gain", {"data_variance": [1.0, 2.0, 3.0], "encoder_gain": [1.0, 2.0]})],
    ),
    "LinearAutoencoder.optimal": Case(
        call=numerics.LinearAutoencoder.optimal,
        valid={"data_variance": [1.0, 2.0], "decoder_variance": 0.5, "count": 9},
        bad={"data_variance": [*ARRAY, -1.0, 0.0], "decoder_variance": [*NUMBER, 0.0, -1.0], "count": [*COUNT, 1]},
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
            "data": [*ARRAY[:-2], np.zeros(()), np.zeros((3, 2, 1)), np.zeros((1, 1, 1, 1))],
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
            "draws": [*OPTION, "numbered"],
            **WHERE,
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
}
NETS = numerics.UNetTraining(
    parameters=np.zeros((1, 2, 3)), losses=np.zeros((1, 1)), diverged_at=np.array([-1]), checkpoints=np.array([0, 1]),
    frequencies=np.zeros((1, 1)), layers=Layers(2, 2, (4,), 2, 2), mean_scale=1.0, std=1.0, where=None,
)  # fmt: skip
CASES["UNetTraining.network"] = Case(
    call=method(NETS, "network", "replica", "checkpoint"), valid={"replica": 0, "checkpoint": 0}, bad=PLACES
)
if importlib.util.find_spec("torch"):
    LEARNED = CASES["train"].bad
    NET = numerics.train_unet(**UNET).network(0, 0)
    AT = {"x": np.zeros((2, 4)), "time": 0.5}
    CASES |= {
        "train_unet": Case(
            call=numerics.train_unet,
            valid=UNET,
            bad={
                **{name: values for name, values in LEARNED.items() if name in UNET or name in WHERE},
                "images": [*ARRAY[:-2], np.zeros((2, 2)), np.zeros((3, 2, 2, 2)), np.zeros((1, 1, 1, 1, 1))],
                "channels": [*ARRAY, (3,), (4.5,), (0,), (1 << 15,), (4,) * 17],
                "embedding": COUNT,
                "backend": [*WHERE["backend"], "numpy"],
            },
        ),
        "UNet.score": Case(call=NET.score, valid=AT, bad={"x": ARRAY, "time": [*NUMBER, -1.0]}),
        "UNet.probed": Case(
            call=NET.probed,
            valid={**AT, "probes": np.zeros((1, 2, 4))},
            bad={"x": ARRAY, "time": [*NUMBER, -1.0], "probes": [*ARRAY, np.zeros((1, 1, 4))]},
        ),
    }
globals().update(checks_of(CASES))
