"""Symbols of Rademacher complexities: empirical ones have a hat, those with |·| inside the supremum a bar."""

from theory.symbols.registry import define, sub

_PLAIN, _BARRED = r"\hat{\mathfrak R}", r"\hat{\mathfrak R}^{|\cdot|}"


def _complexity(name: str, argument: str, text: str, what: str, *, barred: bool = False):
    mark = "R̂|·|" if barred else "R̂"
    ending = "with |·|" if barred else "without |·|"
    return define(
        name,
        rf"{_BARRED if barred else _PLAIN}({argument})",
        f"{mark}({text})",
        f"empirical Rademacher complexity of {what}, {ending}",
        kind="nonnegative",
    )


rademacher = _complexity("rademacher", "F", "F", "a class F")
rademacher_abs = _complexity("rademacher_abs", "F", "F", "a class F", barred=True)
rademacher_image = _complexity("rademacher_image", r"\varphi\circ F", "φ∘F", "the image φ∘F")
rademacher_abs_image = _complexity("rademacher_abs_image", r"\varphi\circ F", "φ∘F", "the image φ∘F", barred=True)
lipschitz = define(
    "lipschitz", r"\operatorname{Lip}(\varphi)", "Lip(φ)", "Lipschitz constant of the maps φ_j", kind="nonnegative"
)

ball_radius = define("ball_radius", r"\rho", "ρ", "radius of the ball of coefficients", kind="nonnegative")
rademacher_linear = _complexity("rademacher_linear", r"\{w\cdot x\}", "w·x", "x ↦ w·x, ‖w‖₁ <= ρ")
rademacher_affine = _complexity(
    "rademacher_affine",
    r"\{w\cdot x+u\cdot e\}",
    "w·x+u·e",
    "x ↦ w·x + u·e, ‖w‖₁ + ‖u‖₁ <= ρ, e the same for all samples",
)
point_norm = define(
    "point_norm", r"\max_j\lVert x_j\rVert_\infty", "max‖x_j‖∞", "largest sup norm of the samples", kind="nonnegative"
)
input_norm = define(
    "input_norm",
    r"\max_j\lVert(x_j,e)\rVert_\infty",
    "max‖(x_j,e)‖∞",
    "largest sup norm of the samples and of the embedding",
    kind="nonnegative",
)
temperature = define("temperature", r"\gamma", "γ", "a free parameter of an exponential moment", kind="positive")

rademacher_first = _complexity("rademacher_first", "F_1", "F₁", "the first class")
rademacher_second = _complexity("rademacher_second", "F_2", "F₂", "the second class")
rademacher_product = _complexity("rademacher_product", r"F_1F_2", "F₁F₂", "the products f₁f₂")
rademacher_abs_first = _complexity("rademacher_abs_first", "F_1", "F₁", "the first class", barred=True)
rademacher_abs_second = _complexity("rademacher_abs_second", "F_2", "F₂", "the second class", barred=True)
rademacher_abs_product = _complexity("rademacher_abs_product", r"F_1F_2", "F₁F₂", "the products f₁f₂", barred=True)
sup_first = define("sup_first", r"\sup|F_1|", "sup|F₁|", "largest |f(x_j)| in the first class", kind="nonnegative")
sup_second = define("sup_second", r"\sup|F_2|", "sup|F₂|", "largest |f(x_j)| in the second class", kind="nonnegative")

rademacher_network = _complexity(
    "rademacher_network",
    r"\{\tfrac1m\sum_ia_i\sigma_i\}",
    "(1/m)Σaᵢσᵢ",
    "networks (1/m)Σ a_i σ(w_i·x + u_i·e), (1/m)Σ a_i² <= ρ², of every width",
)
rademacher_neuron = _complexity("rademacher_neuron", r"\{\sigma\}", "σ", "single neurons σ(w·x + u·e)")
rademacher_abs_neuron = _complexity("rademacher_abs_neuron", r"\{\sigma\}", "σ", "single neurons", barred=True)
rademacher_frozen = _complexity(
    "rademacher_frozen", r"\{\theta\cdot h\}", "θ·h", "x ↦ θ·h(x), ‖θ‖₂ <= ρ, the features h frozen"
)
feature_energy = define(
    "feature_energy", r"\sum_j\lVert h_j\rVert^2", "Σ‖h_j‖²", "squared norms of the features", kind="nonnegative"
)
neuron_sum = define(
    "neuron_sum",
    r"\sum_j\xi_j\sigma(wx_j+u\cdot e)",
    "Σξ_jσ(wx_j+u·e)",
    "signed sum of one neuron with |w| + ‖u‖₁ <= 1 (d = 1)",
)
breakpoint_max = define(
    "breakpoint_max",
    r"\max_{\mathrm{corners}}\sum_j\xi_j\sigma(wx_j+b)",
    "max over corners of Σξ_jσ(wx_j+b)",
    "largest signed sum over the corners",
    kind="nonnegative",
)

rademacher_shifted = _complexity("rademacher_shifted", "F+g", "F+g", "F with one fixed function added")
rademacher_abs_shifted = _complexity(
    "rademacher_abs_shifted", "F+g", "F+g", "F with one fixed function added", barred=True
)
shift_energy = define(
    "shift_energy", r"\sum_jg(x_j)^2", "Σg(x_j)²", "squared values of the fixed function", kind="nonnegative"
)

rademacher_expected = define(
    "rademacher_expected",
    r"\mathfrak R_n^{|\cdot|}(F)",
    "Rₙ|·|(F)",
    "expected Rademacher complexity, with |·|",
    kind="nonnegative",
)
rademacher_one_sided = define(
    "rademacher_one_sided",
    r"\mathfrak R_n(F)",
    "Rₙ(F)",
    "expected Rademacher complexity, without |·|",
    kind="nonnegative",
    mathml=sub("ℜ", "n"),
)
uniform_deviation = define(
    "uniform_deviation",
    r"\sup_f|\mathbb Ef-\hat{\mathbb E}f|",
    "sup|Ef−Êf|",
    "largest deviation of an empirical mean from its expectation",
    kind="nonnegative",
)
one_sided_deviation = define(
    "one_sided_deviation",
    r"\sup_f(\mathbb Ef-\hat{\mathbb E}f)",
    "sup(Ef−Êf)",
    "largest excess of an expectation over its empirical mean",
)
value_range = define(
    "value_range",
    r"\operatorname{range}(F)",
    "range(F)",
    "length of an interval that holds all values f(x)",
    kind="nonnegative",
)
