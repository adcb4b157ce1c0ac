"""The standard normal law: density φ, distribution function Φ, and those of two correlated variables, φ₂ and Φ₂."""

from __future__ import annotations

import sympy as sp
from sympy.printing.latex import LatexPrinter

from theory.exact import Exact, exact


def normal_pdf(a: Exact) -> sp.Expr:
    """Return ``φ(a) = e^{−a²/2}/√(2π)``; errors as `theory.exact.exact`."""
    return sp.exp(-(exact("a", a) ** 2) / 2) / sp.sqrt(2 * sp.pi)


def normal_cdf(a: Exact) -> sp.Expr:
    """Return ``Φ(a) = (1 + erf(a/√2))/2``; errors as `theory.exact.exact`."""
    return (1 + sp.erf(exact("a", a) / sp.sqrt(2))) / 2


def bivariate_normal_pdf(a: Exact, b: Exact, correlation: Exact) -> sp.Expr:
    """Return ``φ₂(a, b; ρ) = exp(−(a² − 2ρab + b²)/(2(1 − ρ²)))/(2π√(1 − ρ²))``.

    Raises ValueError where |ρ| < 1 is decidably false.
    """
    first, second, rho = exact("a", a), exact("b", b), exact("correlation", correlation)
    rest = 1 - rho**2
    if rest.is_nonpositive:
        raise ValueError(f"correlation must lie in (-1, 1); got {rho}; there is no density at ±1")
    return sp.exp(-(first**2 - 2 * rho * first * second + second**2) / (2 * rest)) / (2 * sp.pi * sp.sqrt(rest))


class BivariateNormalCDF(sp.Function):
    """``Φ₂(a, b; ρ) = P(X <= a, Y <= b)`` for two standard normals of correlation −1 < ρ < 1.

    Its derivatives are ``∂Φ₂/∂a = φ(a) Φ((b − ρa)/√(1 − ρ²))``, likewise in b, and ``∂Φ₂/∂ρ = φ₂(a, b; ρ)``; it is
    Φ(a)Φ(b) at ρ = 0, so that ``Φ₂ = Φ(a)Φ(b) + ∫_0^ρ φ₂(a, b; q) dq``, which is what ``rewrite(Integral)`` gives.
    Source: Plackett (1954).
    """

    nargs = 3

    @classmethod
    def eval(cls, *arguments: sp.Expr) -> sp.Expr | None:
        """The value at correlation 0."""
        a, b, rho = arguments
        return normal_cdf(a) * normal_cdf(b) if rho.is_zero else None

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative in the argument of a number."""
        a, b, rho = self.args
        if argindex == 3:
            return bivariate_normal_pdf(a, b, rho)
        near, far = (a, b) if argindex == 1 else (b, a)
        return normal_pdf(near) * normal_cdf((far - rho * near) / sp.sqrt(1 - rho**2))

    def _eval_rewrite_as_Integral(self, a: sp.Expr, b: sp.Expr, rho: sp.Expr, **_hints: object) -> sp.Expr:
        q = sp.Dummy("q", real=True)
        return normal_cdf(a) * normal_cdf(b) + sp.Integral(bivariate_normal_pdf(a, b, q), (q, 0, rho))

    def _eval_is_extended_real(self) -> bool | None:
        return True if all(part.is_extended_real for part in self.args) else None

    def _latex(self, printer: LatexPrinter, exp: str | None = None) -> str:
        a, b, rho = map(printer.doprint, self.args)
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\Phi_2{power}\left({a}, {b}; {rho}\right)"
