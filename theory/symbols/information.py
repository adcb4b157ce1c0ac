"""Symbols of changes of measure, mutual information and the gaps that they bound."""

from theory.symbols.registry import define, sub

mean_difference = define(
    "mean_difference",
    r"\bigl|\mathbb{E}_\mu f-\mathbb{E}_\nu f\bigr|",
    "|E_μf−E_νf|",
    "distance of the means of f under two laws",
    kind="nonnegative",
)
mean_drop = define(
    "mean_drop",
    r"(\mathbb{E}_\nu f-\mathbb{E}_\mu f)",
    "(E_νf−E_μf)",
    "how far the mean of f under μ (training) is below that under ν (fresh draws)",
)
kl_laws = define(
    "kl_laws", r"\mathrm{KL}(\mu\Vert\nu)", "KL(μ‖ν)", "divergence of the first law from the second", kind="nonnegative"
)
kl_reversed = define(
    "kl_reversed",
    r"\mathrm{KL}(\nu\Vert\mu)",
    "KL(ν‖μ)",
    "divergence of the second law from the first",
    kind="nonnegative",
)
proxy = define(
    "proxy",
    r"R_\nu",
    "R_ν",
    "sub-Gaussian constant of f under the second law",
    kind="nonnegative",
    mathml=sub("R", "ν"),
)
proxy_first = define(
    "proxy_first",
    r"R_\mu",
    "R_μ",
    "sub-Gaussian constant of f under the first law",
    kind="nonnegative",
    mathml=sub("R", "μ"),
)
proxy_below = define(
    "proxy_below",
    r"R_-",
    "R₋",
    "one-sided constant: log E_ν e^{−η(f−E_νf)} <= η²R₋²/2 for every η > 0",
    kind="nonnegative",
    mathml=sub("R", "−"),
)
tilt = define("tilt", r"\eta", "η", "where a cumulant generating function is taken", kind="positive")
cumulant_below = define(
    "cumulant_below", r"\log\mathbb{E}_\nu e^{-\eta(f-\mathbb{E}_\nu f)}", "ψ(−η)", "log E_ν e^{−η(f−E_νf)}"
)
cumulant_above = define(
    "cumulant_above", r"\log\mathbb{E}_\nu e^{\eta(f-\mathbb{E}_\nu f)}", "ψ(η)", "log E_ν e^{η(f−E_νf)}"
)
lower_square = define(
    "lower_square",
    r"\mathbb{E}_\nu(f-\inf f)^2",
    "E_ν(f−inf f)²",
    "mean square of f above its infimum under the second law",
    kind="nonnegative",
)
variance_second = define(
    "variance_second", r"\mathrm{Var}_\nu f", "Var_νf", "variance of f under the second law", kind="nonnegative"
)
chance = define("chance", "p", "p", "probability of a 1 under the second law", kind="positive", upper=1)
