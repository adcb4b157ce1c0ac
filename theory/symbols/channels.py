"""Symbols of the forward process as a channel: rates, informations, and what a data set tells of them."""

from theory.symbols.registry import define, sub

rate_law = define(
    "rate_law",
    r"\mathbb{E}\,\mathrm{KL}(E_T(X)\Vert\pi)",
    "E KL(E_T(X)‖π)",
    "mean divergence of the kernel at T from the prior",
    kind="nonnegative",
)
rate_reversed = define(
    "rate_reversed",
    r"\mathbb{E}\,\mathrm{KL}(\pi\Vert E_T(X))",
    "E KL(π‖E_T(X))",
    "mean divergence of the prior from the kernel at T",
    kind="nonnegative",
)
information_law = define(
    "information_law", r"I(X;X_T)", "I(X;X_T)", "mutual information of the start and the state at T", kind="nonnegative"
)
information_early = define(
    "information_early",
    r"I(X;X_\varepsilon)",
    "I(X;X_ε)",
    "mutual information of the start and the state at ε",
    kind="nonnegative",
)
information_slope = define(
    "information_slope",
    r"\tfrac{\mathrm{d}}{\mathrm{d}T}I(X;X_T)",
    "d/dT I(X;X_T)",
    "how fast the information changes with T",
)
fisher_end = define(
    "fisher_end", r"J(p_T)", "J(p_T)", "Fisher information E‖∇log p_T‖² of the state at T", kind="nonnegative"
)
mmse = define(
    "mmse",
    r"\mathbb{E}\lVert X-\mathbb{E}[X\mid X_T]\rVert^2",
    "E‖X−E[X|X_T]‖²",
    "least mean square error of the start, given the state at T",
    kind="nonnegative",
)
denoising_law = define(
    "denoising_law",
    r"L_{\mathrm{DSM}}",
    "L_DSM",
    "denoising score-matching loss ½∫β E‖s−∇log p_{t|0}‖² from ε to T",
    kind="nonnegative",
    mathml=sub("L", "DSM"),
)
explicit_law = define(
    "explicit_law",
    r"L_{\mathrm{ESM}}",
    "L_ESM",
    "explicit score-matching loss ½∫β E‖s−∇log p_t‖² from ε to T",
    kind="nonnegative",
    mathml=sub("L", "ESM"),
)
excess_data = define(
    "excess_data",
    r"\mathbb{E}_S\mathrm{KL}(\hat p_T\Vert p_T)",
    "E KL(p̂_T‖p_T)",
    "mean over data sets of the divergence of the noised data set from the noised law, at T",
    kind="nonnegative",
)
chi_square = define(
    "chi_square",
    r"\chi^2(X;X_T)",
    "χ²(X;X_T)",
    "χ²-information of the start and the state at T: E χ²(E_T(X)‖p_T)",
    kind="nonnegative",
)
information_data = define(
    "information_data",
    r"\hat I_T",
    "Î_T",
    "information that the noised data at T have on which datum they come from",
    kind="nonnegative",
    mathml=sub("Î", "T"),
)
mean_information_data = define(
    "mean_information_data", r"\mathbb{E}_S\hat I_T", "E Î_T", "mean over data sets of Î_T", kind="nonnegative"
)
batch_information = define(
    "batch_information",
    r"\mathbb{E}_S\hat I_T^{\mathrm{batch}}",
    "E Î_T (batch)",
    "mean of the same information within a batch of half of the data",
    kind="nonnegative",
)
pair_eighth = define(
    "pair_eighth",
    r"-\tfrac1n\textstyle\sum_i\log\tfrac1n\sum_j e^{-D_{ij}/8}",
    "−(1/n)Σᵢlog((1/n)Σⱼe^{−Dᵢⱼ/8})",
    "a mean over pairs of data, D_ij = a‖x_i−x_j‖²/(1−a), a = e^{−2T}",
    kind="nonnegative",
)
pair_half = define(
    "pair_half",
    r"-\tfrac1n\textstyle\sum_i\log\tfrac1n\sum_j e^{-D_{ij}/2}",
    "−(1/n)Σᵢlog((1/n)Σⱼe^{−Dᵢⱼ/2})",
    "the same with D_ij/2",
    kind="nonnegative",
)
