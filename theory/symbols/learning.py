"""Symbols of what a rule learns from data: its gap, and the information that it keeps of them."""

from theory.symbols.registry import define

learning_gap = define(
    "learning_gap",
    r"\mathrm{gen}",
    "gen",
    "mean loss of what is learned on a fresh datum, less that on the data: the mean over i",
)
mean_root_information = define(
    "mean_root_information",
    r"\tfrac1n\textstyle\sum_i\sqrt{I(W;X_i)}",
    "(1/n)Σ√I(W;Xᵢ)",
    "mean root of the information that what is learned has on single data",
    kind="nonnegative",
)
single_information = define(
    "single_information",
    r"I(W;X_i)",
    "I(W;Xᵢ)",
    "information that what is learned has on one datum",
    kind="nonnegative",
)
data_information = define(
    "data_information", r"I(W;S)", "I(W;S)", "information that what is learned has on all data", kind="nonnegative"
)
noise_level = define("noise_level", r"\sigma", "σ", "standard deviation of a datum", kind="positive")
