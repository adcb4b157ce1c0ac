"""Symbols of random features and gradient flow."""

from theory.symbols.registry import define, sub

tau = define("tau", r"\tau", "τ", "training time of the gradient flow", kind="positive")
kappa = define("kappa", r"\kappa", "κ", "an eigenvalue of B", kind="positive")
u = define("u", "u", "u", "a dimensionless time", kind="nonnegative")
y = define("y", "y", "y", "a mode's distance from the minimiser, comparator minus minimiser")
y0 = define("y0", "y_0", "y₀", "a mode's initial distance from the minimiser", mathml=sub("y", "0"))
loss_tau = define(
    "loss_tau", r"\tilde L(\theta(\tau))", "L̃(θ(τ))", "population loss at training time τ", kind="nonnegative"
)
loss_initial = define(
    "loss_initial", r"\tilde L(\theta_0)", "L̃(θ₀)", "population loss at initialisation", kind="nonnegative"
)
loss_comparator = define(
    "loss_comparator", r"\tilde L(\theta)", "L̃(θ)", "population loss of a comparator θ", kind="nonnegative"
)
loss_minimum = define("loss_minimum", r"\min\tilde L", "min L̃", "least population loss", kind="nonnegative")
norm_initial = define(
    "norm_initial",
    r"\lVert s_{\theta_0}\rVert_{\mathcal H}",
    "‖s_θ₀‖_H",
    "RKHS norm ‖A‖_F/√m of the score at initialisation",
    kind="nonnegative",
)
norm_comparator = define(
    "norm_comparator",
    r"\lVert s_{\theta}\rVert_{\mathcal H}",
    "‖s_θ‖_H",
    "RKHS norm of a comparator",
    kind="nonnegative",
)
norm_tau = define(
    "norm_tau",
    r"\lVert s_{\theta(\tau)}\rVert_{\mathcal H}",
    "‖s_θ(τ)‖_H",
    "RKHS norm of the score at training time τ",
    kind="nonnegative",
)
distance_initial = define(
    "distance_initial",
    r"\lVert s_{\theta_0}-s_{\theta}\rVert_{\mathcal H}",
    "‖s_θ₀−s_θ‖_H",
    "RKHS distance ‖Θ₀−Θ‖_F of the initialisation from a comparator",
    kind="nonnegative",
)
distance_minimiser = define(
    "distance_minimiser",
    r"\lVert s_{\theta_0}-s_{\theta_*}\rVert_{\mathcal H}",
    "‖s_θ₀−s_θ*‖_H",
    "RKHS distance of the initialisation from the set of minimisers",
    kind="nonnegative",
)
distance_tau = define(
    "distance_tau",
    r"\lVert s_{\theta(\tau)}-s_{\theta}\rVert_{\mathcal H}",
    "‖s_θ(τ)−s_θ‖_H",
    "RKHS distance of the score at training time τ from a comparator",
    kind="nonnegative",
)
displacement = define(
    "displacement",
    r"\lVert s_{\theta(\tau)}-s_{\theta_0}\rVert_{\mathcal H}",
    "‖s_θ(τ)−s_θ₀‖_H",
    "RKHS distance moved since the initialisation",
    kind="nonnegative",
)
second_variation = define(
    "second_variation", r"\mathrm{D}^2\tilde L[H,H]", "D²L̃[H,H]", "second derivative of the loss along the direction H"
)
quadratic_form = define(
    "quadratic_form",
    r"\operatorname{tr}(HBH^{\mathsf T})",
    "tr(HBHᵀ)",
    "the form (B⊗I)[vec H, vec H]",
    kind="nonnegative",
)
