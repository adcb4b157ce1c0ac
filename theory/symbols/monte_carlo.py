"""Symbols of the Monte-Carlo error: finitely many random features in place of infinitely many."""

from theory.symbols.registry import define, sub

mc_error = define(
    "mc_error",
    r"\mathrm{Err}_{\mathrm{MC}}",
    "Err_MC",
    "Monte-Carlo error E_t λ E‖s_θ − s̄‖² of m features sampled from ρ₀ against their mean s̄",
    kind="nonnegative",
    mathml=sub("Err", "MC"),
)
a_sup = define(
    "a_sup", r"\sup\lVert a\rVert", "sup‖a‖", "largest Euclidean norm of the outer weights a(v)", kind="nonnegative"
)
a_max = define(
    "a_max", r"\sup\lVert a\rVert_\infty", "sup‖a‖∞", "largest modulus of a coordinate of a(v)", kind="nonnegative"
)
e_sup = define(
    "e_sup", r"\sup_t\lVert e(t)\rVert_\infty", "sup‖e‖∞", "largest sup norm of the embedding of time", kind="positive"
)
box_moment = define(
    "box_moment",
    r"\mathbb{E}\lambda\max(\lVert x_t\rVert_\infty,\lVert e\rVert_\infty)^2",
    "Eλmax(‖x_t‖∞,‖e‖∞)²",
    "weighted second moment of the largest coordinate of z = (x_t, e(t))",
    kind="nonnegative",
)
coordinate_moment = define(
    "coordinate_moment",
    r"\max_k\mathbb{E}\lambda z_k^2",
    "max_k Eλz_k²",
    "largest weighted second moment of a coordinate of z = (x_t, e(t))",
    kind="nonnegative",
)
scale_moment = define(
    "scale_moment", r"\mathbb{E}_t\lambda r^2", "E_tλr²", "weighted mean square of the mean scale r", kind="nonnegative"
)
noise_moment = define(
    "noise_moment",
    r"\mathbb{E}_t\lambda r^2v^2",
    "E_tλr²v²",
    "weighted mean variance of the kernel",
    kind="nonnegative",
)
