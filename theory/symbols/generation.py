"""Symbols of generators that are learned with an encoder: gaps, rates, and what they know of one datum."""

from theory.symbols.registry import define, sub

generation_gap = define(
    "generation_gap",
    r"\mathrm{gap}",
    "gap",
    "mean loss under a fresh datum and a fresh latent, less that in training: E_{P⊗π⊗G}Δ − E Δ(X_i, X̂_i)",
)
training_loss = define(
    "training_loss",
    r"\mathbb{E}\Delta(X_i,\hat X_i)",
    "E Δ(X_i,X̂_i)",
    "mean loss in training",
    mathml=sub("Δ", "train"),
)
product_loss = define(
    "product_loss",
    r"\mathbb{E}_{P\otimes\pi\otimes G}\Delta",
    "E_{P⊗π⊗G}Δ",
    "mean loss under a fresh datum, a fresh latent and the generator",
)
encoder_rate = define(
    "encoder_rate",
    r"\mathbb{E}\,\mathrm{KL}(E(X_i)\Vert\pi)",
    "E KL(E(X_i)‖π)",
    "mean divergence of the encoder from the prior, at one datum",
    kind="nonnegative",
)
generator_information = define(
    "generator_information",
    r"I(G;X_i)",
    "I(G;X_i)",
    "information that the generator has on one datum",
    kind="nonnegative",
)
output_information = define(
    "output_information",
    r"I(\hat X_i;X_i\mid Z_i)",
    "I(X̂_i;X_i|Z_i)",
    "information that one output has on its datum, given the latent",
    kind="nonnegative",
)
output_excess = define(
    "output_excess",
    r"\mathbb{E}\,\mathrm{KL}(P_{\hat X_i\mid X_i,Z_i}\Vert\bar G(\cdot\mid Z_i))",
    "E KL(P_{X̂ᵢ|Xᵢ,Zᵢ}‖Ḡ(·|Zᵢ))",
    "mean divergence of one output, given its datum and latent, from the mean generator",
    kind="nonnegative",
)
proxy_marginal = define(
    "proxy_marginal",
    r"R_{\hat X}",
    "R_X̂",
    "sub-Gaussian constant of the loss under a fresh datum and the outputs of training",
    kind="nonnegative",
    mathml=sub("R", "X̂"),
)
transport_mean = define(
    "transport_mean",
    r"\mathbb{E}_S W_1(P,Q)",
    "E W₁(P,Q)",
    "mean over data sets of the Wasserstein distance of what is generated",
    kind="nonnegative",
)
point_distance = define(
    "point_distance",
    r"\min_c\mathbb{E}\lVert X-c\rVert",
    "min_c E‖X−c‖",
    "distance of the data from the best point mass: W₁(P, δ_c)",
    kind="nonnegative",
)
transport_square = define(
    "transport_square", "W_2(P,Q)", "W₂(P,Q)", "Wasserstein distance of order 2", kind="nonnegative"
)
kl_generated = define(
    "kl_generated",
    r"\mathbb{E}_S\mathrm{KL}(P\Vert Q)",
    "E KL(P‖Q)",
    "mean over data sets of the divergence of the data's law from what is generated",
    kind="nonnegative",
)
fresh_loss = define(
    "fresh_loss",
    r"\mathbb{E}_P[-\log q(X\mid Z)]",
    "E[−log q(X|Z)]",
    "mean log-loss of a fresh datum and its own latent",
)
data_entropy = define("data_entropy", "H(P)", "H(P)", "entropy of the data's law")
