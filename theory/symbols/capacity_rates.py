"""Symbols of what capacity leads to: where training ends, how fast it may be stopped, and the first order of data."""

from theory.symbols.registry import define, sub

share_0 = define(
    "share_0",
    "c_0",
    "c₀",
    "the part of B that is below the data's B̂, without a ridge: B̂ ⪰ c₀B",
    kind="positive",
    mathml=sub("c", "0"),
)
noise_minimum = define(
    "noise_minimum",
    r"\lVert\hat G_*B^{-1/2}\rVert_F",
    "‖Ĝ_*B^{−½}‖",
    "half-gradient Ĝ_* = Θ*B̂−b̂ of the data's loss at the population's minimiser, in the norm of B^{−½}",
    kind="nonnegative",
)
noise_square = define(
    "noise_square",
    "D(0)",
    "D(0)",
    "E‖(Θ*B(x₀)−b(x₀))B^{−½}‖², the second moment of one datum's noise at the minimiser",
    kind="nonnegative",
)
noise_weak = define(
    "noise_weak",
    "w_*",
    "w_*",
    "‖Cov(G_*(x₀)B^{−½})‖ is at most its square, the largest variance of one direction of a datum's noise at Θ*",
    kind="nonnegative",
    mathml=sub("w", "*"),
)
noise_radius = define(
    "noise_radius",
    "R_*",
    "R_*",
    "sup over data of ‖G_*(x₀)B^{−½}‖, one datum's noise at Θ*",
    kind="nonnegative",
    mathml=sub("R", "*"),
)
loss_fit = define(
    "loss_fit",
    r"\tilde L(\hat\Theta(\infty))",
    "L̃(Θ̂(∞))",
    "loss of the minimiser of the data's loss to which the flow tends",
    kind="nonnegative",
)
stretch = define(
    "stretch", r"\lVert B^{-1/2}\hat BB^{-1/2}\rVert", "‖B^{−½}B̂B^{−½}‖", "the least c with B̂ ⪯ cB", kind="nonnegative"
)
source_power = define(
    "source_power",
    r"r_{\mathrm s}",
    "r_s",
    "the power of B in the source Θ₀−Θ* = wB^{r_s}",
    kind="nonnegative",
    mathml=sub("r", "s"),
)
source_norm = define(
    "source_norm",
    r"R_{\mathrm s}",
    "R_s",
    "the largest ‖w‖ of the source Θ₀−Θ* = wB^{r_s}",
    kind="nonnegative",
    mathml=sub("R", "s"),
)
capacity_power = define(
    "capacity_power",
    r"\beta_N",
    "β_N",
    "the power in tr B(B+ν)^{−1} <= A_N ν^{−β_N}",
    kind="nonnegative",
    mathml=sub("β", "N"),
)
capacity_constant = define(
    "capacity_constant",
    "A_N",
    "A_N",
    "the constant in tr B(B+ν)^{−1} <= A_N ν^{−β_N}",
    kind="nonnegative",
    mathml=sub("A", "N"),
)
noise_std = define(
    "noise_std",
    r"\sigma_*",
    "σ_*",
    "what E G_*(x₀)ᵀG_*(x₀) ⪯ σ_*²B holds with, at most the root of one datum's largest loss at Θ*",
    kind="nonnegative",
    mathml=sub("σ", "*"),
)
deviation_ridge = define(
    "deviation_ridge",
    r"\eta_2",
    "η₂",
    "‖B_ν^{−½}(B̂−B)B_ν^{−½}‖, the two-sided deviation of B̂ under the ridge",
    kind="nonnegative",
    mathml=sub("η", "2"),
)
loss_first = define(
    "loss_first",
    r"\tilde L(\Theta(\tau)+\bar Y)",
    "L̃(Θ(τ)+Ȳ)",
    "loss of the population's flow plus the first-order term Ȳ of the data, Ȳ' = −2ȲB−2ξ from 0",
    kind="nonnegative",
)
loss_mirrored = define(
    "loss_mirrored",
    r"\tilde L(\Theta(\tau)-\bar Y)",
    "L̃(Θ(τ)−Ȳ)",
    "the same with the first-order term of the wrong sign, for mutants",
    kind="nonnegative",
)
loss_half_diagonal = define(
    "loss_half_diagonal",
    r"\tilde L(\Theta(\tau)+\bar Y_{1/2})",
    "L̃(Θ(τ)+Ȳ_½)",
    "the same with half of the diagonal of M_ij, τe^{−2τk_i}, in the first-order term, for mutants",
    kind="nonnegative",
)
first_end = define(
    "first_end",
    r"\lVert\bar YB_\nu^{1/2}\rVert_F",
    "‖ȲB_ν^½‖",
    "the first-order term Ȳ of Θ̂−Θ(τ) in the norm of (B+ν)^½",
    kind="nonnegative",
)
first_path = define(
    "first_path",
    r"\textstyle\int_0^\tau\omega_\tau\lVert\bar Y'B_\nu^{1/2}\rVert_F\,\mathrm{d}s",
    "∫ω_τ‖Ȳ'B_ν^½‖",
    "integral over s from 0 to τ of ω_τ(s)‖Ȳ'(s)(B+ν)^½‖, Ȳ' = −2ȲB−2ξ",
    kind="nonnegative",
)
