"""Symbols of bounds on a diffusion model from its training data: losses, rates and informations from ε to T."""

from theory.symbols.registry import define, sub

early = define("early", r"\varepsilon", "ε", "the time at which the reverse process stops, 0 < ε < T", kind="positive")
kl_early = define(
    "kl_early",
    r"\mathrm{KL}(P_\varepsilon\Vert Q_\theta)",
    "KL(P_ε‖Q_θ)",
    "divergence of the data's law at time ε from the law that the reverse SDE with the learned score has there",
    kind="nonnegative",
)
kl_start = define(
    "kl_start",
    r"\mathrm{KL}(P_{\varepsilon/10^4}\Vert Q_\theta)",
    "KL(P_{ε/10⁴}‖Q_θ)",
    "the same divergence at a time ten thousand times earlier",
    kind="nonnegative",
)
mean_prior = define(
    "mean_prior",
    r"\mathbb{E}_S\mathrm{KL}(\hat p_T\Vert\pi)",
    "E KL(p̂_T‖π)",
    "mean over data sets of the divergence of the noised data set from the prior",
    kind="nonnegative",
)
mean_explicit = define(
    "mean_explicit",
    r"\mathbb{E}_S\hat L_{\mathrm{ESM}}(\theta)",
    "E L̂_ESM",
    "mean over data sets of the learned score's explicit score-matching loss on them, ½∫β E‖s−∇log p̂_t‖² from ε to T",
    kind="nonnegative",
)
mean_explicit_population = define(
    "mean_explicit_population",
    r"\mathbb{E}_S L_{\mathrm{ESM}}(\theta)",
    "E L_ESM",
    "mean over data sets of the learned score's explicit score-matching loss on the data's law",
    kind="nonnegative",
)
denoising_gap = define(
    "denoising_gap",
    r"\mathbb{E}_S[L_{\mathrm{DSM}}(\theta)-\hat L_{\mathrm{DSM}}(\theta)]",
    "E(L_DSM−L̂_DSM)",
    "mean over data sets of the learned score's denoising loss on the data's law less that on the data set",
)
sample_divergence = define(
    "sample_divergence",
    r"\mathbb{E}_S\mathrm{KL}(\hat p_\varepsilon\Vert p_\varepsilon)",
    "E KL(p̂_ε‖p_ε)",
    "mean over data sets of the divergence of the noised data set from the noised law, at ε",
    kind="nonnegative",
)
loss_range = define(
    "loss_range",
    "b",
    "b",
    "range of the loss of one datum, for every parameter: it is b/2-sub-Gaussian",
    kind="nonnegative",
)
weight_information = define(
    "weight_information",
    r"\tfrac1n\textstyle\sum_i I(\theta;X_i)",
    "(1/n)ΣI(θ;Xᵢ)",
    "mean over i of the information, in nats, that the learned parameters have on the i-th datum",
    kind="nonnegative",
)
prior_hat = define(
    "prior_hat",
    r"\mathrm{KL}(\hat p_T\Vert\pi)",
    "KL(p̂_T‖π)",
    "divergence of the noised data set from the prior",
    kind="nonnegative",
)
explicit_hat = define(
    "explicit_hat",
    r"\hat L_{\mathrm{ESM}}",
    "L̂_ESM",
    "explicit score-matching loss on the data set, ½∫β E‖s−∇log p̂_t‖² from ε to T",
    kind="nonnegative",
    mathml=sub("L̂", "ESM"),
)
denoising_hat = define(
    "denoising_hat",
    r"\hat L_{\mathrm{DSM}}",
    "L̂_DSM",
    "denoising score-matching loss on the data set, ½∫β E‖s−∇log p_{t|0}‖² from ε to T",
    kind="nonnegative",
    mathml=sub("L̂", "DSM"),
)
rate_hat = define(
    "rate_hat",
    r"\tfrac1n\textstyle\sum_i\mathrm{KL}(E_T(x_i)\Vert\pi)",
    "(1/n)ΣKL(E_T(xᵢ)‖π)",
    "mean over the data of the divergence of the kernel at T from the prior",
    kind="nonnegative",
)
information_hat = define(
    "information_hat",
    r"\hat I_\varepsilon",
    "Î_ε",
    "information that the noised data at ε have on which datum they come from",
    kind="nonnegative",
    mathml=sub("Î", "ε"),
)
