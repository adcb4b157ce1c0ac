"""Random features in closed form: ReLU features under Gaussian laws, and the kernel of infinitely many of them.

X ~ N(mean, std²) throughout, ``σ(z) = max(0, z)``, ``a = mean/std``; φ and Φ are the standard normal density and
distribution function, φ₂ and Φ₂ those of two standard normals of a given correlation. A std of 0 and correlations of
±1 are taken where they are decidable. Source: Cho and Saul (2009) for the kernel; LLZB, arXiv:2311.01797, [12] and
[13] for the model.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from theory import checks
from theory.exact import Exact, exact, nonnegative, positive
from theory.normal import BivariateNormalCDF, bivariate_normal_pdf, normal_cdf, normal_pdf


def relu(argument: Exact) -> sp.Expr:
    """Return ``σ(z) = max(0, z)`` of an exact number or expression; errors as `theory.exact.exact`."""
    return sp.Max(0, exact("argument", argument))


def random_feature_score(amplitudes: Sequence[Exact], arguments: Sequence[Exact]) -> sp.Expr:
    """Return ``s(x, t) = (1/m) Σ_i a_i σ(w_i·x + u_i·e(t))``, one coordinate of LLZB [12].

    amplitudes: a_i, m of them. arguments: the numbers w_i·x + u_i·e(t). Raises TypeError for what is no tuple or list
    of exact numbers, ValueError for none of them and for unequal lengths.
    """
    outer, inner = (
        [exact(f"{name}[{k}]", entry) for k, entry in enumerate(checks.instance(name, values, (tuple, list)))]
        for name, values in (("amplitudes", amplitudes), ("arguments", arguments))
    )
    if not outer:
        raise ValueError("amplitudes must not be empty; got (); pass one per feature")
    if len(inner) != len(outer):
        raise ValueError(
            f"arguments must have one entry per amplitude; got {len(inner)} for {len(outer)}; pass equal lengths"
        )
    return sp.Add(*(a * relu(z) for a, z in zip(outer, inner, strict=True))) / len(outer)


# Moments of ReLU features --------------------------------------------------------------------------------------------


def relu_mean(mean: Exact, std: Exact) -> sp.Expr:
    """Return ``E σ(X) = mean Φ(a) + std φ(a)``; σ(mean) for std = 0.

    Raises ValueError for a decidably negative std.
    """
    mu, s = _law(mean, std)
    return relu(mu) if s.is_zero else mu * normal_cdf(mu / s) + s * normal_pdf(mu / s)


def relu_second_moment(mean: Exact, std: Exact) -> sp.Expr:
    """Return ``E σ(X)² = (mean² + std²) Φ(a) + mean std φ(a)``; σ(mean)² for std = 0; errors as `relu_mean`."""
    mu, s = _law(mean, std)
    return relu(mu) ** 2 if s.is_zero else (mu**2 + s**2) * normal_cdf(mu / s) + mu * s * normal_pdf(mu / s)


def activation_probability(mean: Exact, std: Exact) -> sp.Expr:
    """Return ``P(X > 0) = Φ(a)``; for std = 0 it is 1 or 0 (0 where the mean is 0); errors as `relu_mean`."""
    mu, s = _law(mean, std)
    return sp.Piecewise((1, mu > 0), (0, True)) if s.is_zero else normal_cdf(mu / s)


def relu_product(mean_1: Exact, std_1: Exact, mean_2: Exact, std_2: Exact, correlation: Exact) -> sp.Expr:
    """Return ``E[σ(X)σ(Y)]`` for jointly normal X, Y of a correlation ρ in [−1, 1].

    With a = mean_1/std_1 and b = mean_2/std_2 it is std_1 std_2 times

        (ab + ρ) Φ₂(a, b; ρ) + a φ(b) Φ((a − ρb)/√(1−ρ²)) + b φ(a) Φ((b − ρa)/√(1−ρ²)) + (1 − ρ²) φ₂(a, b; ρ),
        (ab + 1) Φ(c) + max(a, b) φ(c)                          at ρ = 1, with c = min(a, b),
        (ab − 1) (Φ(c) − Φ(−a)) + (a − b + c) φ(c) + b φ(a)      at ρ = −1, with c = max(b, −a).

    A std of 0 leaves the product of the means. Raises ValueError for a decidably negative std or |ρ| > 1.
    """
    (mu, s), (nu, q) = _law(mean_1, std_1, "_1"), _law(mean_2, std_2, "_2")
    rho = exact("correlation", correlation)
    if (1 - rho**2).is_negative:
        raise ValueError(f"correlation must lie in [-1, 1]; got {rho}")
    if s.is_zero or q.is_zero:
        return relu_mean(mu, s) * relu_mean(nu, q)
    return s * q * sp.Add(*product_terms(mu / s, nu / q, rho).values())


def product_terms(a: sp.Expr, b: sp.Expr, correlation: sp.Expr) -> dict[str, sp.Expr]:
    """Return the named terms of `relu_product` over std_1 std_2, at the means over the stds a and b."""
    a, b, rho = exact("a", a), exact("b", b), exact("correlation", correlation)
    if (1 - rho).is_zero:
        low = sp.Min(a, b)
        return {"both active": (a * b + 1) * normal_cdf(low), "boundary": sp.Max(a, b) * normal_pdf(low)}
    if (1 + rho).is_zero:
        high = sp.Max(b, -a)
        return {
            "both active": (a * b - 1) * (normal_cdf(high) - normal_cdf(-a)),
            "upper boundary": (a - b + high) * normal_pdf(high),
            "lower boundary": b * normal_pdf(a),
        }
    root = sp.sqrt(1 - rho**2)
    return {
        "both active": (a * b + rho) * BivariateNormalCDF(a, b, rho),
        "second at 0": a * normal_pdf(b) * normal_cdf((a - rho * b) / root),
        "first at 0": b * normal_pdf(a) * normal_cdf((b - rho * a) / root),
        "both at 0": (1 - rho**2) * bivariate_normal_pdf(a, b, rho),
    }


def arc_cosine_kernel(norm: Exact, other_norm: Exact, angle: Exact, *, dimension: Exact, radius: Exact = 1) -> sp.Expr:
    """Return ``E_v[σ(v·z) σ(v·z')]`` for v uniform on the sphere of a radius R in R^D: the infinite-width kernel.

    ``K = (R²/D) ‖z‖‖z'‖ (sin θ + (π − θ) cos θ)/(2π)``, the arc-cosine kernel of order 1, θ in [0, π] the angle between
    z and z'. norm, other_norm: ‖z‖ and ‖z'‖. dimension: D >= 1. Raises ValueError for a decidably negative norm, an
    angle decidably outside [0, π], a dimension or radius decidably not positive. Source: Cho and Saul (2009).
    """
    lengths = nonnegative("norm", exact("norm", norm)) * nonnegative("other_norm", exact("other_norm", other_norm))
    theta = nonnegative("angle", exact("angle", angle))
    if (sp.pi - theta).is_negative:
        raise ValueError(f"angle must lie in [0, pi]; got {theta}; pass the angle between the two vectors")
    size = positive("dimension", exact("dimension", dimension))
    scale = positive("radius", exact("radius", radius)) ** 2 / size
    return scale * lengths * (sp.sin(theta) + (sp.pi - theta) * sp.cos(theta)) / (2 * sp.pi)


def _law(mean: Exact, std: Exact, suffix: str = "") -> tuple[sp.Expr, sp.Expr]:
    return exact(f"mean{suffix}", mean), nonnegative(f"std{suffix}", exact(f"std{suffix}", std))
