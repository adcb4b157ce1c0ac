"""Symbols of what a random-feature network can do at a given RKHS norm."""

from theory.symbols.registry import define, sub

network_abs = define(
    "network_abs", r"\lVert s_\theta(x)\rVert", "‖s_θ(x)‖", "modulus of the network at a point x", kind="nonnegative"
)
network_change = define(
    "network_change",
    r"\lVert s_\theta(x)-s_\theta(x')\rVert",
    "‖s_θ(x)−s_θ(x′)‖",
    "change of the network between two points at one time",
    kind="nonnegative",
)
x_sup = define("x_sup", r"\lVert x\rVert_\infty", "‖x‖∞", "sup norm of a point", kind="nonnegative")
point_gap = define(
    "point_gap", r"\lVert x-x'\rVert_\infty", "‖x−x′‖∞", "sup distance of two points", kind="nonnegative"
)
step = define("step", "h", "h", "half the distance between two points ±h around the origin", kind="positive")
intercept_left = define("intercept_left", "c_-", "c₋", "intercept of the score's line at −∞", mathml=sub("c", "−"))
intercept_right = define("intercept_right", "c_+", "c₊", "intercept of the score's line at +∞", mathml=sub("c", "+"))
score_gap = define(
    "score_gap",
    r"\lVert s_\theta-s_0\rVert_{L^2(p_0)}",
    "‖s_θ−s₀‖_L²(p₀)",
    "root mean square distance of the network from the data's score",
    kind="nonnegative",
)
