"""Symbols of the laws that a learned score generates, and of their divergences from the data."""

from theory.symbols.registry import define, sub

kl_sde = define(
    "kl_sde",
    r"\mathrm{KL}(p_0\Vert p_{0,\theta}^{\mathrm{SDE}})",
    "KL(p₀‖SDE)",
    "divergence of the data from the SDE-density: the reverse SDE with s_θ, started from π",
    kind="nonnegative",
)
kl_ode = define(
    "kl_ode",
    r"\mathrm{KL}(p_0\Vert p_{0,\theta}^{\mathrm{ODE}})",
    "KL(p₀‖ODE)",
    "divergence of the data from the ODE-density: the probability flow with s_θ, started from π",
    kind="nonnegative",
)
kl_score = define(
    "kl_score",
    r"\mathrm{KL}(p_0\Vert p_{0,\theta}^{\nabla})",
    "KL(p₀‖score)",
    "divergence of the data from the score-density, ∇log p = s_θ(·, 0)",
    kind="nonnegative",
)
kl_prior = define(
    "kl_prior",
    r"\mathrm{KL}(p_T\Vert\pi)",
    "KL(p_T‖π)",
    "divergence of the noised data from the prior",
    kind="nonnegative",
)
kl_data = define(
    "kl_data", r"\mathrm{KL}(p_0\Vert\pi)", "KL(p₀‖π)", "divergence of the data from the prior", kind="nonnegative"
)
loss_likelihood = define(
    "loss_likelihood",
    r"\tilde L(\theta;g^2)",
    "L̃(θ;g²)",
    "population loss with the weight λ = g², an average over t ~ U(0, T)",
    kind="nonnegative",
)
path_mismatch = define(
    "path_mismatch",
    r"\tfrac12\int_0^T g^2\,\mathbb{E}_{p_t}\lVert s_\theta-\nabla\log q_t\rVert^2\,\mathrm{d}t",
    "½∫g²E‖s_θ−∇log qₜ‖²dt",
    "distance of s_θ from the scores of the laws q_t that it generates",
    kind="nonnegative",
)
mean_initial = define(
    "mean_initial", "m_0", "m₀", "mean of a Gaussian p₀ (its Euclidean norm for d > 1)", mathml=sub("m", "0")
)
variance_initial = define(
    "variance_initial",
    "v_0",
    "v₀",
    "variance of each coordinate of a Gaussian p₀",
    kind="positive",
    mathml=sub("v", "0"),
)
second_moment = define(
    "second_moment", r"\mathbb{E}\lVert x(0)\rVert^2", "E‖x(0)‖²", "second moment of the data", kind="nonnegative"
)
mean_log_variance = define(
    "mean_log_variance",
    r"\textstyle\sum_k w_k\log V_k(T)",
    "Σwₖ log Vₖ(T)",
    "average of log V_k(T) over a mixture's components, V_k(T) = 1 + (v_k − 1)e^{−2T}",
)
slope_left = define("slope_left", "a_-", "a₋", "slope of the score at −∞", mathml=sub("a", "−"))
slope_right = define("slope_right", "a_+", "a₊", "slope of the score at +∞", mathml=sub("a", "+"))
integrable = define(
    "integrable",
    r"\mathbf{1}\{\int e^{h}<\infty\}",
    "1{∫eʰ finite}",
    "1 where exp(h), h' = s_θ(·, 0), has a finite integral, else 0",
    kind="nonnegative",
    upper=1,
)
