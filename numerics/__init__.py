"""What is measured: random-feature scores, exact losses and gradient flows, reproducible Monte Carlo.

NumPy, SciPy and Numba only. Importing this package is quick: every name below is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numerics.features import (
        ConstantEmbedding,
        ExponentialEmbedding,
        PolynomialEmbedding,
        RandomFeatures,
        constant_embedding,
        exponential_embedding,
        polynomial_embedding,
    )
    from numerics.flow import GradientFlow
    from numerics.moments import activation_probability, fisher_information, relu_gram, relu_mean, relu_product_mean
    from numerics.montecarlo import (
        Block,
        EndpointViolation,
        MeanNormViolation,
        PathCounts,
        PathViolation,
        endpoint_violations,
        mean_norm_violations,
        mean_norms,
        path_violations,
        violation_blocks,
    )
    from numerics.quadratic import Quadratic, population_quadratic
    from numerics.schedule import Schedule, gauss_legendre_times

_HOMES = {
    "features": (
        "ConstantEmbedding",
        "ExponentialEmbedding",
        "PolynomialEmbedding",
        "RandomFeatures",
        "constant_embedding",
        "exponential_embedding",
        "polynomial_embedding",
    ),
    "flow": ("GradientFlow",),
    "moments": ("activation_probability", "fisher_information", "relu_gram", "relu_mean", "relu_product_mean"),
    "montecarlo": (
        "Block",
        "EndpointViolation",
        "MeanNormViolation",
        "PathCounts",
        "PathViolation",
        "endpoint_violations",
        "mean_norm_violations",
        "mean_norms",
        "path_violations",
        "violation_blocks",
    ),
    "quadratic": ("Quadratic", "population_quadratic"),
    "schedule": ("Schedule", "gauss_legendre_times"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Block",
    "ConstantEmbedding",
    "EndpointViolation",
    "ExponentialEmbedding",
    "GradientFlow",
    "MeanNormViolation",
    "PathCounts",
    "PathViolation",
    "PolynomialEmbedding",
    "Quadratic",
    "RandomFeatures",
    "Schedule",
    "activation_probability",
    "constant_embedding",
    "endpoint_violations",
    "exponential_embedding",
    "fisher_information",
    "gauss_legendre_times",
    "mean_norm_violations",
    "mean_norms",
    "path_violations",
    "polynomial_embedding",
    "population_quadratic",
    "relu_gram",
    "relu_mean",
    "relu_product_mean",
    "violation_blocks",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
