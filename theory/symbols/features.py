"""Symbols of random features: their moments under a normal law, their kernel, and the size of a feature."""

from theory.symbols.registry import define, sub

mean_1 = define("mean_1", r"\mu_1", "μ₁", "mean of the normal variable X", mathml=sub("μ", "1"))
mean_2 = define("mean_2", r"\mu_2", "μ₂", "mean of the normal variable Y", mathml=sub("μ", "2"))
std_1 = define("std_1", r"s_1", "s₁", "standard deviation of X", kind="positive", mathml=sub("s", "1"))
std_2 = define("std_2", r"s_2", "s₂", "standard deviation of Y", kind="positive", mathml=sub("s", "2"))
correlation = define("correlation", r"\varrho", "ϱ", "correlation of X and Y", upper=1)
relu_first = define("relu_first", r"\mathbb{E}\,\sigma(X)", "E σ(X)", "mean of σ(X), σ the ReLU", kind="nonnegative")
relu_square = define("relu_square", r"\mathbb{E}\,\sigma(X)^2", "E σ(X)²", "second moment of σ(X)", kind="nonnegative")
relu_cross = define(
    "relu_cross",
    r"\mathbb{E}\,\sigma(X)\sigma(Y)",
    "E σ(X)σ(Y)",
    "mean product of two ReLU features",
    kind="nonnegative",
)
active = define("active", r"\Pr(X>0)", "P(X>0)", "probability that a feature is active", kind="nonnegative", upper=1)
kernel_value = define(
    "kernel_value",
    r"\mathbb{E}_v\,\sigma(v\cdot z)\sigma(v\cdot z')",
    "E σ(v·z)σ(v·z′)",
    "infinite-width kernel, v uniform on a sphere",
    kind="nonnegative",
)
norm_z = define("norm_z", r"\lVert z\rVert", "‖z‖", "length of z = (x, e(t))", kind="nonnegative")
norm_other = define("norm_other", r"\lVert z'\rVert", "‖z′‖", "length of z′ = (x′, e(t′))", kind="nonnegative")
angle = define("angle", r"\vartheta", "ϑ", "angle between z and z′, in [0, π]", kind="nonnegative")
radius = define("radius", "R", "R", "radius of the sphere of features", kind="positive")
ambient = define("ambient", "D", "D", "dimension of z = (x, e(t))", kind="count")
size = define("size", "c", "c", "size ‖w‖₁ + ‖u‖₁ of every feature", kind="positive")
size_max = define(
    "size_max", r"c_{\max}", "c_max", "largest size ‖w‖₁ + ‖u‖₁ of a feature", kind="positive", mathml=sub("c", "max")
)
norm_given = define(
    "norm_given",
    r"\lVert s\rVert_{\mathcal H}",
    "‖s‖_H",
    "RKHS norm √(Σ a_i²/m) with the features as given",
    kind="nonnegative",
)
norm_normalised = define(
    "norm_normalised",
    r"\lVert s\rVert_{\mathcal H'}",
    "‖s‖_H′",
    "RKHS norm of the same function with every feature normalised to size 1",
    kind="nonnegative",
)
