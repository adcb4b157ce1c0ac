"""What is measured: random-feature scores, exact losses and gradient flows, reproducible Monte Carlo.

NumPy, SciPy and Numba only. Importing this package is quick: every name below is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numerics.density import Density, NotNormalisableError, UndefinedDivergenceError
    from numerics.density_ode import ode_density
    from numerics.density_score import score_density
    from numerics.density_sde import sde_density
    from numerics.divergence import kl_divergence
    from numerics.empirical import empirical_quadratic, per_datum_norms
    from numerics.features import (
        ConstantEmbedding,
        ExponentialEmbedding,
        PolynomialEmbedding,
        RandomFeatures,
        constant_embedding,
        exponential_embedding,
        polynomial_embedding,
    )
    from numerics.flow import GradientDescent, GradientFlow
    from numerics.function_classes import (
        ReluClass,
        l1_ball_bound,
        l1_ball_complexity,
        l2_ball_bound,
        l2_ball_complexity,
    )
    from numerics.generalization import DatumConstants, datum_constants, histogram_quadratic, per_datum_parts
    from numerics.grid_divergence import GridDivergence, score_grid_density, score_grid_kl
    from numerics.histogram import HistogramDensity, histogram_density
    from numerics.infinite_width import KernelFlow, arc_cosine_kernel, infinite_width_nodes
    from numerics.information import channel_information, gaussian_kl, mixture_entropy, mixture_kl, ou_information
    from numerics.intervals import Estimate
    from numerics.likelihood import bits_per_dim, log_likelihood
    from numerics.memory import available_memory, require_memory
    from numerics.moments import (
        activation_probability,
        fisher_information,
        relu_gram,
        relu_gram_gaussian,
        relu_mean,
        relu_product_mean,
    )
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
    from numerics.rademacher import rademacher_complexity, rademacher_complexity_abs
    from numerics.sampling import sample_forward, sample_probability_flow, sample_reverse_sde
    from numerics.schedule import Schedule, gauss_legendre_times
    from numerics.score_network import ScoreNetwork
    from numerics.training import Training, train

_HOMES = {
    "density": ("Density", "NotNormalisableError", "UndefinedDivergenceError"),
    "density_ode": ("ode_density",),
    "density_score": ("score_density",),
    "density_sde": ("sde_density",),
    "divergence": ("kl_divergence",),
    "empirical": ("empirical_quadratic", "per_datum_norms"),
    "features": (
        "ConstantEmbedding",
        "ExponentialEmbedding",
        "PolynomialEmbedding",
        "RandomFeatures",
        "constant_embedding",
        "exponential_embedding",
        "polynomial_embedding",
    ),
    "flow": ("GradientDescent", "GradientFlow"),
    "function_classes": (
        "ReluClass",
        "l1_ball_bound",
        "l1_ball_complexity",
        "l2_ball_bound",
        "l2_ball_complexity",
    ),
    "generalization": ("DatumConstants", "datum_constants", "histogram_quadratic", "per_datum_parts"),
    "grid_divergence": ("GridDivergence", "score_grid_density", "score_grid_kl"),
    "histogram": ("HistogramDensity", "histogram_density"),
    "infinite_width": ("KernelFlow", "arc_cosine_kernel", "infinite_width_nodes"),
    "information": ("channel_information", "gaussian_kl", "mixture_entropy", "mixture_kl", "ou_information"),
    "intervals": ("Estimate",),
    "likelihood": ("bits_per_dim", "log_likelihood"),
    "memory": ("available_memory", "require_memory"),
    "moments": (
        "activation_probability",
        "fisher_information",
        "relu_gram",
        "relu_gram_gaussian",
        "relu_mean",
        "relu_product_mean",
    ),
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
    "rademacher": ("rademacher_complexity", "rademacher_complexity_abs"),
    "sampling": ("sample_forward", "sample_probability_flow", "sample_reverse_sde"),
    "schedule": ("Schedule", "gauss_legendre_times"),
    "score_network": ("ScoreNetwork",),
    "training": ("Training", "train"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Block",
    "ConstantEmbedding",
    "DatumConstants",
    "Density",
    "EndpointViolation",
    "Estimate",
    "ExponentialEmbedding",
    "GradientDescent",
    "GradientFlow",
    "GridDivergence",
    "HistogramDensity",
    "KernelFlow",
    "MeanNormViolation",
    "NotNormalisableError",
    "PathCounts",
    "PathViolation",
    "PolynomialEmbedding",
    "Quadratic",
    "RandomFeatures",
    "ReluClass",
    "Schedule",
    "ScoreNetwork",
    "Training",
    "UndefinedDivergenceError",
    "activation_probability",
    "arc_cosine_kernel",
    "available_memory",
    "bits_per_dim",
    "channel_information",
    "constant_embedding",
    "datum_constants",
    "empirical_quadratic",
    "endpoint_violations",
    "exponential_embedding",
    "fisher_information",
    "gauss_legendre_times",
    "gaussian_kl",
    "histogram_density",
    "histogram_quadratic",
    "infinite_width_nodes",
    "kl_divergence",
    "l1_ball_bound",
    "l1_ball_complexity",
    "l2_ball_bound",
    "l2_ball_complexity",
    "log_likelihood",
    "mean_norm_violations",
    "mean_norms",
    "mixture_entropy",
    "mixture_kl",
    "ode_density",
    "ou_information",
    "path_violations",
    "per_datum_norms",
    "per_datum_parts",
    "polynomial_embedding",
    "population_quadratic",
    "rademacher_complexity",
    "rademacher_complexity_abs",
    "relu_gram",
    "relu_gram_gaussian",
    "relu_mean",
    "relu_product_mean",
    "require_memory",
    "sample_forward",
    "sample_probability_flow",
    "sample_reverse_sde",
    "score_density",
    "score_grid_density",
    "score_grid_kl",
    "sde_density",
    "train",
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
