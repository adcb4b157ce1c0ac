"""Symbols of the printed bounds of diffusion models: their terms, bounded scores, what a sampler reveals."""

from theory.symbols.registry import define, sub

kl_model = define(
    "kl_model",
    r"\mathrm{KL}(P\Vert Q)",
    "KL(P‖Q)",
    "divergence of the data's law from what the model generates",
    kind="nonnegative",
)
data_terms = define(
    "data_terms",
    r"\mathbb{E}_S(T_1+\hat L_{\mathrm{ESM}})",
    "E(T1 + L̂_ESM)",
    "mean over data sets of T1 = −(1/n)ΣKL(E_T(xᵢ)‖p̂_T) plus the explicit loss on the data",
)
fixed_proxy = define(
    "fixed_proxy",
    r"R_{\circ}",
    "R∘",
    "a sub-Gaussian constant R that does not depend on T",
    kind="positive",
    mathml=sub("R", "∘"),
)
mean_root_rate = define(
    "mean_root_rate",
    r"\mathbb{E}\sqrt{\mathrm{KL}(E_T(X)\Vert\pi)}",
    "E√KL(E_T(X)‖π)",
    "mean root of the divergence of the kernel at T from the prior",
    kind="nonnegative",
)
sampler_information = define(
    "sampler_information",
    r"I(\hat X_0;S\mid\hat X_T)",
    "I(X̂₀;S|X̂_T)",
    "information that a generated sample has on the data, given where the sampler started",
    kind="nonnegative",
)
path_cost = define(
    "path_cost",
    r"\tfrac12\int_0^T\beta\,\mathbb{E}\lVert s_\theta-\bar s\rVert^2\,\mathrm{d}t",
    "½∫βE‖s_θ−s̄‖²dt",
    "distance of the learned scores from one that knows no data, along the paths that the generator takes from π",
    kind="nonnegative",
)
path_cost_data = define(
    "path_cost_data",
    r"\tfrac12\int_0^T\beta\,\mathbb{E}_{x_i}\lVert s_\theta-\bar s\rVert^2\,\mathrm{d}t",
    "½∫βEₓᵢ‖s_θ−s̄‖²dt",
    "the same along reverse paths that start at the data in place of π",
    kind="nonnegative",
)
path_cost_mirrored = define(
    "path_cost_mirrored",
    r"\tfrac12\int_0^T\beta\,\mathbb{E}\lVert(s_\theta-\bar s)(x_\tau,\tau)\rVert^2\,\mathrm{d}\tau",
    "½∫βE‖(s_θ−s̄)(x_τ,τ)‖²dτ",
    "the same with the scores at the running time of the reverse path in place of T less it",
    kind="nonnegative",
)
score_limit = define("score_limit", "L", "L", "bound on the norm of the score", kind="nonnegative")
euler_step = define(
    "euler_step",
    r"\delta_{\mathrm{E}}",
    "δ_E",
    "step δ of the simulated sampler",
    kind="positive",
    mathml=sub("δ", "E"),
)
information_apart = define(
    "information_apart",
    r"\tfrac1n\textstyle\sum_i\mathrm{KL}(E_T(x_i)\Vert\hat p_T^{-i})",
    "(1/n)ΣKL(E_T(xᵢ)‖p̂_T^{−i})",
    "the same with each datum's own kernel taken out of the mixture",
    kind="nonnegative",
)
conditional_divergence = define(
    "conditional_divergence",
    r"\mathbb{E}_{z\sim\pi}\mathrm{KL}(P\Vert q(\cdot\mid z))",
    "E KL(P‖q(·|z))",
    "mean divergence of the data's law from what the exact reverse process generates from z ~ π",
    kind="nonnegative",
)
proxy_end = define(
    "proxy_end",
    r"R_-(T)",
    "R₋(T)",
    "root of the variance of −log q(x₀|x_T) for independent x₀ ~ P and x_T ~ π",
    kind="nonnegative",
)
fisher_floor = define(
    "fisher_floor",
    r"\tfrac12\int_\varepsilon^T\beta\bigl(\sqrt{J(\hat p_t)}-L\bigr)_+^2\,\mathrm{d}t",
    "½∫β(√J(p̂ₜ)−L)₊²dt",
    "what the explicit loss of every score with norm at most L is at least",
    kind="nonnegative",
)
fisher_floor_signed = define(
    "fisher_floor_signed",
    r"\tfrac12\int_\varepsilon^T\beta\bigl(\sqrt{J(\hat p_t)}-L\bigr)^2\,\mathrm{d}t",
    "½∫β(√J(p̂ₜ)−L)²dt",
    "the same without the positive part",
    kind="nonnegative",
)
fisher_floor_law = define(
    "fisher_floor_law",
    r"\tfrac12\int_\varepsilon^T\beta\bigl(\sqrt{J(p_t)}-L\bigr)_+^2\,\mathrm{d}t",
    "½∫β(√J(pₜ)−L)₊²dt",
    "the same with the Fisher information of the law in place of the data's",
    kind="nonnegative",
)
weighted_loss = define(
    "weighted_loss",
    r"\tfrac1{2T}\int_0^T\sigma_t^2\,\mathbb{E}\lVert s-\nabla\log p_{t|0}\rVert^2\,\mathrm{d}t",
    "(1/2T)∫σₜ²E‖s−∇log pₜ|₀‖²dt",
    "half the mean over time of the denoising loss with the weight σ²",
    kind="nonnegative",
)
information_wide = define(
    "information_wide",
    r"\hat I_T^{\sqrt{\cdot}}",
    "Î_T^√",
    "information of the data's channel with the kernel's standard deviation in the place of its variance",
    kind="nonnegative",
)
beta_first = define(
    "beta_first", r"\beta_0", "β₀", "rate of a linear schedule at 0", kind="nonnegative", mathml=sub("β", "0")
)
beta_last = define(
    "beta_last", r"\beta_1", "β₁", "rate of a linear schedule at T", kind="nonnegative", mathml=sub("β", "1")
)
grid_sum = define(
    "grid_sum",
    r"\tfrac TN\textstyle\sum_{k=0}^N\beta(t_k)",
    "(T/N)Σβ(tₖ)",
    "sum of a schedule at N + 1 nodes, times T/N",
    kind="nonnegative",
)
spread_at = define("spread_at", "V_t", "V_t", "variance of the noised data at t", kind="positive", mathml=sub("V", "t"))
spread_mirrored = define(
    "spread_mirrored",
    "V_{T-t}",
    "V_{T−t}",
    "variance of the noised data at T − t",
    kind="positive",
    mathml=sub("V", "T−t"),
)
bandwidth = define(
    "bandwidth",
    r"h_{\mathrm{K}}",
    "h_K",
    "bandwidth of a kernel density estimate",
    kind="nonnegative",
    mathml=sub("h", "K"),
)
information_mixed = define(
    "information_mixed",
    r"\tfrac1n\textstyle\sum_i\mathrm{KL}(E_T^{\sqrt{\cdot}}(x_i)\Vert\hat p_T)",
    "(1/n)ΣKL(E_T^√(xᵢ)‖p̂_T)",
    "mean divergence of the kernels with a standard deviation for their variance from the exact mixture",
    kind="nonnegative",
)
mean_limit = define(
    "mean_limit",
    r"\max_t\mathbb{E}\lVert s\rVert",
    "maxₜE‖s‖",
    "largest mean norm of the learned score over the times",
    kind="nonnegative",
)
started_cost = define(
    "started_cost",
    r"\tfrac12\int_0^T\beta\,\mathbb{E}_{x_i}\lVert s\rVert^2\,\mathrm{d}t",
    "½∫βE‖s‖²dt from xᵢ",
    "cost of a score along reverse paths that start at the data in the place of π",
    kind="nonnegative",
)
