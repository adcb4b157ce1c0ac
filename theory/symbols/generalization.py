"""Symbols of Theorem 1: the empirical flow beside the population's, per-datum constants, divergences."""

from theory.symbols.registry import define, sub

loss_hat = define(
    "loss_hat",
    r"\tilde L(\hat\theta_n(\tau))",
    "L̃(θ̂(τ))",
    "population loss of the empirically trained parameters at training time τ",
    kind="nonnegative",
)
deviation_B = define(
    "deviation_B",
    r"\lVert\hat B-B\rVert",
    "‖B̂−B‖",
    "operator norm of the deviation of the empirical B",
    kind="nonnegative",
)
deviation_G = define(
    "deviation_G",
    r"\lVert\Theta(\hat B-B)-(\hat b-b)\rVert_F",
    "‖Θ(B̂−B)−(b̂−b)‖",
    "deviation of the empirical half-gradient at the comparator Θ",
    kind="nonnegative",
)
residual = define(
    "residual",
    r"\sup_{s\le\tau}\lVert\xi(s)\rVert_F",
    "sup‖ξ‖",
    "largest half-gradient deviation ξ(s) = Θ(s)(B̂−B) − (b̂−b) along the population flow up to τ",
    kind="nonnegative",
)
parameter_error = define(
    "parameter_error",
    r"\lVert\hat\Theta(\tau)-\Theta(\tau)\rVert_F",
    "‖Θ̂(τ)−Θ(τ)‖",
    "RKHS distance of the empirical from the population flow at time τ",
    kind="nonnegative",
)
score_error = define(
    "score_error",
    r"\lVert(\hat\Theta(\tau)-\Theta(\tau))B^{1/2}\rVert_F",
    "‖(Θ̂(τ)−Θ(τ))B^½‖",
    "L²(λ p_t dt/T) distance of the two learned scores",
    kind="nonnegative",
)
score_error_hat = define(
    "score_error_hat",
    r"\lVert(\hat\Theta(\tau)-\Theta(\tau))\hat B^{1/2}\rVert_F",
    "‖(Θ̂(τ)−Θ(τ))B̂^½‖",
    "the same distance under the empirical law",
    kind="nonnegative",
)
S_B = define(
    "S_B",
    "S_B",
    "S_B",
    "root of E‖B(x₀)−B‖_F², the scatter of the per-datum B",
    kind="nonnegative",
    mathml=sub("S", "B"),
)
K_B = define("K_B", "K_B", "K_B", "sup over data of ‖B(x₀)‖, operator norm", kind="positive", mathml=sub("K", "B"))
S_G = define(
    "S_G",
    "S_G",
    "S_G",
    "root of E‖G(x₀)−EG‖_F², the scatter of the per-datum half-gradient G(x₀) = ΘB(x₀) − b(x₀) at the comparator",
    kind="nonnegative",
    mathml=sub("S", "G"),
)
K_G = define(
    "K_G",
    "K_G",
    "K_G",
    "half of sup ‖G(x₀)−G(x₀′)‖_F over pairs of data; at most sup ‖G(x₀)‖_F",
    kind="positive",
    mathml=sub("K", "G"),
)
K_b = define("K_b", "K_b", "K_b", "sup over data of ‖b(x₀)‖_F", kind="nonnegative", mathml=sub("K", "b"))
G_norm = define(
    "G_norm",
    r"\lVert G(x_0)\rVert_F",
    "‖G(x₀)‖",
    "norm of the per-datum half-gradient at the comparator",
    kind="nonnegative",
)
B_norm = define(
    "B_norm", r"\lVert B(x_0)\rVert_F", "‖B(x₀)‖_F", "Frobenius norm of the per-datum B", kind="nonnegative"
)
b_norm = define("b_norm", r"\lVert b(x_0)\rVert_F", "‖b(x₀)‖_F", "norm of the per-datum b", kind="nonnegative")
reach = define(
    "reach",
    r"\max_k\mathbb{E}[\lambda z_k^2\mid x_0]",
    "max_k E[λ z_k²|x₀]",
    "largest weighted second moment, given the datum, of one coordinate of the network's input z = (x_t, e)",
    kind="nonnegative",
)
lambda_mean = define(
    "lambda_mean", r"\mathbb{E}_t\lambda", "E_tλ", "time average of the loss weight", kind="nonnegative"
)
kl_learned = define(
    "kl_learned",
    r"D_{\mathrm{KL}}(p_0\Vert p_{0,\hat\theta_n(\tau)})",
    "KL(p₀‖p_θ̂(τ))",
    "divergence of the SDE-density of the empirically trained score from the data's law",
    kind="nonnegative",
)
trace_B = define("trace_B", r"\operatorname{tr}B", "tr B", "E[λ‖h‖²], the trace of B", kind="nonnegative")
gradient_sum = define(
    "gradient_sum",
    r"\sum_i\lVert\textstyle\int_0^\tau 2(\hat{\mathbb E}-\mathbb E)_i\,\mathrm{d}s\rVert^2",
    "Σᵢ‖∫2(Ê−E)ᵢ‖²",
    "sum over features of the squared integral, up to time τ, of twice the "
    "difference of E[λ(s_θ̂ − s)σ_i] under the data and E[λ(s_θ − s)σ_i] under the population",
    kind="nonnegative",
)
loss_bar = define(
    "loss_bar", r"\bar L(\bar\theta^*)", "L̄(θ̄*)", "loss of the infinite-width minimiser", kind="nonnegative"
)
loss_star = define(
    "loss_star", r"\tilde L(\theta^*)", "L̃(θ*)", "loss of the finite-width comparator of Theorem 1", kind="nonnegative"
)
