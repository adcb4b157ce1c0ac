"""Symbols of capacity: ridges under B, what of it the data keep, noise in the norm of B+ν, suprema over spectra."""

from theory.symbols.registry import define, sub

nu = define("nu", r"\nu", "ν", "a ridge added to B", kind="positive")
share = define(
    "share",
    r"c_\nu",
    "c_ν",
    "the part of B+ν that is below the data's B̂+ν, 1−η: B̂+ν ⪰ c_ν(B+ν)",
    kind="positive",
    mathml=sub("c", "ν"),
)
kept = define(
    "kept",
    r"\lambda_{\min}(B_\nu^{-1/2}(\hat B+\nu)B_\nu^{-1/2})",
    "λ_min(B_ν^{−½}(B̂+ν)B_ν^{−½})",
    "the largest c with B̂+ν ⪰ c(B+ν): what the data keep of B+ν",
    kind="nonnegative",
)
omega = define(
    "omega",
    r"\omega(\nu)",
    "ω(ν)",
    "the least eigenvalue of W = B_ν^{−½}(B(x₀)+ν)B_ν^{−½} over the support of the data",
    kind="nonnegative",
)
ridged_range = define(
    "ridged_range",
    r"L'(\nu)",
    "L′(ν)",
    "the range of the eigenvalues of W = B_ν^{−½}(B(x₀)+ν)B_ν^{−½} over the support of the data",
    kind="positive",
)
whitened_square = define(
    "whitened_square", r"v_\nu", "v_ν", "‖E(B_ν^{−½}B(x₀)B_ν^{−½})²‖", kind="positive", mathml=sub("v", "ν")
)
whitened_variance = define(
    "whitened_variance",
    r"v'_\nu",
    "v′_ν",
    "‖E(W−1)²‖, the variance of W = B_ν^{−½}(B(x₀)+ν)B_ν^{−½}, whose mean is 1",
    kind="positive",
    mathml=sub("v′", "ν"),
)
laplace_at = define(
    "laplace_at", r"\varsigma", "ς", "the argument of a Laplace transform, chosen by the law alone", kind="positive"
)
laplace_chord = define(
    "laplace_chord",
    r"\varsigma'",
    "ς′",
    "the argument of the Laplace transform in Chernoff's bound, chosen by the law alone",
    kind="positive",
)
log_laplace = define(
    "log_laplace",
    r"\log\operatorname{tr}(\mathbb E e^{-\varsigma W})^n",
    "log tr(E e^{−ςW})ⁿ",
    "the matrix Laplace transform of W = B_ν^{−½}(B(x₀)+ν)B_ν^{−½} at ς",
)
top_B = define("top_B", "k_1", "k₁", "the largest eigenvalue of B", kind="nonnegative", mathml=sub("k", "1"))
gain = define(
    "gain",
    r"\sup_{k\leq K}(k+\nu)\varphi_\tau(k)",
    "sup(k+ν)φ_τ(k)",
    "C, the largest (k+ν)φ_τ(k) for k up to K_B, φ_τ(k) = (1−e^{−2τk})/k",
    kind="nonnegative",
)
noise_end = define(
    "noise_end",
    r"\lVert\xi(\tau)B_\nu^{-1/2}\rVert_F",
    "‖ξ(τ)B_ν^{−½}‖",
    "half-gradient deviation ξ(τ) = Θ(τ)(B̂−B) − (b̂−b) on the population flow at time τ, in the norm of (B+ν)^{−½}",
    kind="nonnegative",
)
noise_path = define(
    "noise_path",
    r"\textstyle\int_0^\tau\omega_\tau\lVert\xi'B_\nu^{-1/2}\rVert_F\,\mathrm{d}s",
    "∫ω_τ‖ξ'B_ν^{−½}‖",
    "integral over s from 0 to τ of ω_τ(s)‖ξ'(s)(B+ν)^{−½}‖, ξ' = −2(Θ(s)B−b)(B̂−B), "
    "ω_τ(s) the largest (k+ν)e^{−2(τ−s)k}φ_s(k) for k up to K_B",
    kind="nonnegative",
)
noise_gap = define(
    "noise_gap",
    r"\lVert(\hat G-G)B_\nu^{-1/2}\rVert_F",
    "‖(Ĝ−G)B_ν^{−½}‖",
    "deviation Θ(B̂−B) − (b̂−b) of the half-gradient at the comparator, in the norm of (B+ν)^{−½}",
    kind="nonnegative",
)
slope_ridge = define(
    "slope_ridge",
    r"\lVert GB_\nu^{-1/2}\rVert_F",
    "‖GB_ν^{−½}‖",
    "half-gradient G = ΘB−b of the population at the comparator, in the norm of (B+ν)^{−½}",
    kind="nonnegative",
)
distance_ridge = define(
    "distance_ridge",
    r"\lVert(\Theta_0-\Theta)B_\nu^{-1/2}\rVert_F",
    "‖(Θ₀−Θ)B_ν^{−½}‖",
    "distance of the initialisation from the comparator, in the norm of (B+ν)^{−½}",
    kind="nonnegative",
)
decay_four = define(
    "decay_four",
    r"\sup_{k\leq K}(k+\nu)e^{-4\tau k}",
    "sup(k+ν)e^{−4τk}",
    "the largest (k+ν)e^{−4τk} for k up to K_B",
    kind="nonnegative",
)
decay_two = define(
    "decay_two",
    r"\sup_{k\leq K}(k+\nu)e^{-2\tau k}",
    "sup(k+ν)e^{−2τk}",
    "the largest (k+ν)e^{−2τk} for k up to K_B",
    kind="nonnegative",
)
noise_leading = define(
    "noise_leading",
    "N_1",
    "N₁",
    "what the noise along the path is at most, its leading part √(D/n) + √(2v log(2/δ)/n)",
    kind="nonnegative",
    mathml=sub("N", "1"),
)
noise_rest = define(
    "noise_rest",
    "N_2",
    "N₂",
    "the rest of what the noise along the path is at most, of a smaller order in n",
    kind="nonnegative",
    mathml=sub("N", "2"),
)
gain_residual = define(
    "gain_residual",
    r"\sup_{k\leq K}(k+\nu)k\varphi_\tau(k)^2",
    "sup(k+ν)kφ_τ(k)²",
    "the largest (k+ν)kφ_τ(k)² for k up to K_B, φ_τ(k) = (1−e^{−2τk})/k",
    kind="nonnegative",
)
residual_hat = define(
    "residual_hat",
    r"\lVert\hat G\hat B^{-1/2}\rVert_F^2",
    "‖ĜB̂^{−½}‖²",
    "excess of the data's loss at the comparator, L̂(Θ) − min L̂ = ‖ĜB̂^{−½}‖² with Ĝ = ΘB̂−b̂",
    kind="nonnegative",
)
residual_mean = define(
    "residual_mean",
    r"\tfrac1n\sum_i(\ell_i(\Theta)-\min\ell_i)",
    "(1/n)Σ(ℓᵢ(Θ)−min ℓᵢ)",
    "mean over the data of the excess that each datum's own loss has at the comparator",
    kind="nonnegative",
)
path_spread = define(
    "path_spread",
    r"S_\nu",
    "S_ν",
    "C√E‖ξ_x(τ)B_ν^{−½}‖² plus the integral over s of ω_τ(s)√E‖ξ'_x(s)B_ν^{−½}‖², ξ_x what one datum has of ξ: n times "
    "the mean square of the noise along the path is S_ν² at most",
    kind="nonnegative",
    mathml=sub("S", "ν"),
)
