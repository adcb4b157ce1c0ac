"""Symbols of concentration."""

from theory.symbols.registry import define, sub

M = define("M", "M", "M", "almost sure bound on the norm of a random vector", kind="positive")
mean_deviation = define(
    "mean_deviation",
    r"\bigl\lVert\tfrac1n\sum_i Y_i-\mathbb{E}Y\bigr\rVert",
    "‖(1/n)ΣYᵢ−EY‖",
    "deviation of the empirical mean",
    kind="nonnegative",
)
sigma_Y = define(
    "sigma_Y",
    r"\sigma_{Y}",
    "σ_Y",
    "root of E‖Y−EY‖², the total standard deviation of a random vector or operator",
    kind="nonnegative",
    mathml=sub("σ", "Y"),
)
diameter = define(
    "diameter", r"\operatorname{diam} Y", "diam Y", "almost sure bound on ‖Y−Y'‖, Y' a copy of Y", kind="nonnegative"
)
op_deviation = define(
    "op_deviation",
    r"\bigl\lVert\tfrac1n\sum_i Y_i-\mathbb{E}Y\bigr\rVert_{\mathrm{op}}",
    "‖(1/n)ΣYᵢ−EY‖_op",
    "deviation of the empirical mean in operator norm",
    kind="nonnegative",
)
weak_Y = define(
    "weak_Y",
    r"w_{Y}",
    "w_Y",
    "root of the norm of Y's covariance, the largest standard deviation of ⟨Y, u⟩ over unit vectors u",
    kind="nonnegative",
    mathml=sub("w", "Y"),
)
radius_Y = define("radius_Y", r"R_{Y}", "R_Y", "almost sure bound on ‖Y−EY‖", kind="nonnegative", mathml=sub("R", "Y"))
