"""Print the table of docs/gpu.md: how far PyTorch's results are from NumPy's, in float64 and float32."""

import math
from types import SimpleNamespace

import numpy as np

import numerics as nm

TIMES = np.linspace(0.05, 1.0, 8)
SCHEDULE = nm.Schedule(
    times=TIMES, weights=np.full(8, 1 / 8), mean_scale=np.exp(-TIMES), std=np.sqrt(-np.expm1(-2 * TIMES)),
    loss_weight=np.ones(8),
)  # fmt: skip
LINE = SimpleNamespace(weights=[0.5, 0.5], means=[-3.0, 3.0], variances=[1.0, 1.0])
PLANE = SimpleNamespace(weights=[0.5, 0.5], means=[[-3.0, 0.0], [3.0, 1.0]], variances=[1.0, 1.0])
EMBEDDING = nm.exponential_embedding()
ONE, TWO = nm.RandomFeatures.sample(256, 1, EMBEDDING, rng=0), nm.RandomFeatures.sample(96, 2, EMBEDDING, rng=0)
RNG = np.random.default_rng(0)
X, Z, THETA = RNG.standard_normal((200, 2)), RNG.standard_normal((300, 3)), 0.3 * RNG.standard_normal((2, 96))
TAU = np.array([0.1, 1.0, 10.0, 100.0])
DATA = 3.0 * RNG.choice([-1.0, 1.0], size=1000) + RNG.standard_normal(1000)
LAW = {"drift": -1.0, "diffusion": math.sqrt(2.0), "horizon": 1.0, "prior_std": 1.0, "start": 0.01}


def std(times: np.ndarray) -> np.ndarray:
    """The standard deviation of a variance-exploding process of base 25."""
    return np.sqrt(np.expm1(2.0 * times * math.log(25.0)) / (2.0 * math.log(25.0)))


def measured(backend: nm.Backend | str) -> dict[str, np.ndarray]:
    """The quantities on one backend."""
    line = nm.population_quadratic(ONE, LINE, SCHEDULE, backend=backend)
    trained = nm.train(
        DATA, optimizer="sgd", learning_rate=0.5, epochs=20, width=16, replicas=4, rng=0, mean_scale=1.0, std=std,
        output_scale=16.0, backend=backend,
    )  # fmt: skip
    return {
        "B, m = 256, d = 1, of its largest entry": line.B,
        "B, m = 96, d = 2, of its largest entry": nm.population_quadratic(
            TWO, PLANE, SCHEDULE, constant=1.0, backend=backend
        ).B,
        "loss of the flow at τ = 0.1, 1, 10, 100, of the first": nm.GradientFlow(line, np.zeros((1, 256))).loss(TAU),
        "feature matrix, of its largest entry": TWO.matrix(X, 0.3, backend=backend),
        "arc-cosine kernel, of its largest entry": nm.arc_cosine_kernel(Z, backend=backend),
        "log-likelihoods, of the largest": nm.log_likelihood(X, TWO, THETA, backend=backend, **LAW).nats,
        "parameters after 20 epochs of figure 3, of the largest": trained.parameters,
    }


if __name__ == "__main__":
    reference = measured("numpy")
    columns = [measured(nm.backend("torch", dtype=dtype)) for dtype in ("float64", "float32")]
    for name, value in reference.items():
        worst = [np.abs(column[name] - value).max() / np.abs(value).max() for column in columns]
        print(f"| {name} | {worst[0]:.1e} | {worst[1]:.1e} |")
