"""Symbols of the two score-matching losses and of their minimisers' slopes."""

from theory.symbols.registry import define

loss_dsm = define(
    "loss_dsm", r"L_{\mathrm{DSM}}(\theta)", "L_DSM(θ)", "denoising score-matching loss at one time", kind="nonnegative"
)
loss_sm = define(
    "loss_sm", r"L_{\mathrm{SM}}(\theta)", "L_SM(θ)", "score-matching loss at one time", kind="nonnegative"
)
loss_weight = define("loss_weight", r"\lambda", "λ", "loss weight λ(t)", kind="positive")
fisher = define("fisher", r"J(p_t)", "J(p_t)", "Fisher information E‖∇log p_t‖²", kind="nonnegative")
posterior_score = define(
    "posterior_score",
    r"\mathbb{E}[\nabla\log p_{t|0}(x\mid x_0)\mid x_t=x]",
    "E[∇log p(x|x₀) | x]",
    "posterior mean of the kernel's score (d = 1)",
)
slope = define(
    "slope",
    r"\mathbb{E}\,s_t(x_t)\,\sigma(wx_t+b)",
    "E s_t σ(w x_t+b)",
    "mean of the marginal score times a feature: b of the population, up to λ/√m",
)
slope_dsm = define(
    "slope_dsm", r"\mathbb{E}_{x_0}\hat b_{\mathrm{DSM}}", "E b̂_DSM", "mean over the datum of DSM's b, up to λ/√m"
)
slope_sm = define(
    "slope_sm", r"\mathbb{E}_{x_0}\hat b_{\mathrm{SM}}", "E b̂_SM", "mean over the datum of SM's b, up to λ/√m"
)
