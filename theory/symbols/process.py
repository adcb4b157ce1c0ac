"""Symbols of time, space, the forward process and its mixtures."""

from theory.symbols.registry import define, sub

t = define("t", "t", "t", "forward time", kind="nonnegative")
s = define("s", "s", "s", "an earlier or integration time", kind="nonnegative")
T = define("T", "T", "T", "terminal forward time (horizon)", kind="positive")
x = define("x", "x", "x", "a point of the state space (d = 1)")
x0 = define("x0", "x_0", "x₀", "the initial point x(0) (d = 1)", mathml=sub("x", "0"))
d = define("d", "d", "d", "dimension of the state space", kind="count")
n = define("n", "n", "n", "number of samples", kind="count")
m = define("m", "m", "m", "width: the number of random features", kind="count")
delta = define("delta", r"\delta", "δ", "allowed failure probability", kind="positive", upper=1)
r = define("r", "r", "r", "mean scale r(t) = exp(∫₀ᵗ f)", kind="positive")
v = define("v", "v", "v", "clock of the forward process, v(t)² = ∫₀ᵗ g²/r² (std = r v)", kind="nonnegative")
r_max = define(
    "r_max",
    r"r_{\max}",
    "r_max",
    "largest mean scale, max over [0, T] of r(t)",
    kind="positive",
    mathml=sub("r", "max"),
)
v_T = define("v_T", "v_T", "v(T)", "clock at the horizon, v(T)", kind="nonnegative", mathml=sub("v", "T"))
x0_norm = define("x0_norm", r"\lVert x(0)\rVert_\infty", "‖x(0)‖∞", "sup norm of the initial point", kind="nonnegative")
xt_norm = define(
    "xt_norm", r"\lVert x(t)\rVert_\infty", "‖x(t)‖∞", "sup norm of the forward process at time t", kind="nonnegative"
)
path_norm = define(
    "path_norm",
    r"\sup_{t\le T}\lVert x(t)\rVert_\infty",
    "sup_{t≤T}‖x(t)‖∞",
    "largest sup norm along the forward path",
    kind="nonnegative",
)
xt_abs = define("xt_abs", r"|x(t)|", "|x(t)|", "modulus of the forward process at time t (d = 1)", kind="nonnegative")
mode_gap = define(
    "mode_gap",
    r"\bigl||x(0)|-\mu\bigr|",
    "||x(0)|−μ|",
    "distance of |x(0)| from the mode μ (d = 1)",
    kind="nonnegative",
)
mu = define("mu", r"\mu", "μ", "half the distance between the two modes at ±μ", kind="nonnegative")
q = define("q", "q", "q", "weight of the right mode", kind="nonnegative", upper=1)
