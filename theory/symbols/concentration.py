"""Symbols of concentration."""

from theory.symbols.registry import define

M = define("M", "M", "M", "almost sure bound on the norm of a random vector", kind="positive")
mean_deviation = define("mean_deviation", r"\bigl\lVert\tfrac1n\sum_i Y_i-\mathbb{E}Y\bigr\rVert",
                         "‖(1/n)ΣYᵢ−EY‖", "deviation of the empirical mean", kind="nonnegative")
