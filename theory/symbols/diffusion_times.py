"""Symbols of the diffusion time: its clock B, what it costs, and where a bound is least."""

from theory.symbols.registry import define, sub

clock = define("clock", "B", "B", "the clock ∫₀ᵀ β of the process: 2T under Ornstein–Uhlenbeck", kind="positive")
best_clock = define("best_clock", "B^*", "B*", "the clock at which a bound is least", kind="positive")
mean_size = define("mean_size", "A", "A", "mean Euclidean norm of the data", kind="positive")
kl_location = define(
    "kl_location",
    r"\mathbb{E}_S\mathrm{KL}(P\Vert Q_\theta)",
    "E KL(P‖Q_θ)",
    "mean over data sets of the divergence of N(m₀, 1) from what the score −x + e^{−t}x̄ generates from N(0, 1) at T",
    kind="nonnegative",
)
kl_horizon = define(
    "kl_horizon",
    r"\mathrm{KL}(T)",
    "KL(T)",
    "mean divergence of IT12's memoriser of two points ±1 at the horizon T",
    kind="nonnegative",
    mathml=sub("KL", "T"),
)
kl_other_horizon = define(
    "kl_other_horizon",
    r"\mathrm{KL}(T')",
    "KL(T′)",
    "the same at another horizon T′, at which the two terms that the data give are smaller",
    kind="nonnegative",
    mathml=sub("KL", "T′"),
)
lambert_lower = define(
    "lambert_lower",
    r"-W_{-1}(-B^*e^{-B^*})",
    "−W₋₁(−B*e^{−B*})",
    "the larger solution of Be^{−B} = B*e^{−B*}, by the lower branch of Lambert's function",
    kind="positive",
)
lambert_upper = define(
    "lambert_upper",
    r"-W_0(-B^*e^{-B^*})",
    "−W₀(−B*e^{−B*})",
    "the smaller solution of Be^{−B} = B*e^{−B*}, by the upper branch of Lambert's function",
    kind="positive",
)
