"""The Gaussian transition kernel of a linear SDE, its Fokker–Planck residuals, composition and the weightings λ.

``p_{t|0}(· | x0) = N(r x0, (rv)² I_d)`` (LLZB, arXiv:2311.01797, [8]). A residual is an expression that vanishes
identically exactly when the equation holds; the functions below carry the cancellation out and return 0 where it
succeeds. With `LinearSDE.abstract` a residual of 0 is a proof for every linear SDE.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from theory.checks import shown
from theory.exact import Exact, decide_zero, exact
from theory.sde import AbstractLinearSDE, parameter
from theory.symbols import d, t, x, x0

rho = sp.Symbol("rho", nonnegative=True)  # |x − r x0|²
chi = sp.Symbol("chi", real=True)  # (x − r x0) · (r x0)

_MOST_COORDINATES = 1000
WEIGHTINGS = ("song", "printed", "likelihood", "uniform")


@dataclass(frozen=True, kw_only=True)
class Transition:
    """The Gaussian kernel ``N(mean_scale · x, variance · I_d)`` from one time to a later one."""

    mean_scale: sp.Expr
    variance: sp.Expr


def transition(sde: AbstractLinearSDE, *, earlier: Exact = 0, later: Exact = t) -> Transition:
    """Return the kernel from time ``earlier`` to time ``later``.

    mean scale ``r(later)/r(earlier)``, variance ``r(later)² (v(later)² − v(earlier)²)``, written with the closed
    form of the variance P as ``P(later) − (r(later)/r(earlier))² P(earlier)``. Raises ValueError when the times are
    decidably negative or out of order. LLZB [8] is ``earlier=0``.
    """
    start, end = exact("earlier", earlier), exact("later", later)
    if start.is_negative:
        raise ValueError(f"earlier must be >= 0; got {start}; pass a nonnegative time")
    if (end - start).is_negative:
        raise ValueError(f"later must be >= earlier; got later={end}, earlier={start}; swap them")
    first, second = _sde(sde).at(start), sde.at(end)
    ratio = sp.powsimp(second.mean_scale / first.mean_scale)
    return Transition(mean_scale=ratio, variance=sp.expand(second.variance - ratio**2 * first.variance))


def compose(first: Transition, second: Transition) -> Transition:
    """Return the kernel of ``first`` followed by ``second`` (Chapman–Kolmogorov).

    ``N(a1 x, V1)`` then ``N(a2 x, V2)`` is ``N(a1 a2 x, a2² V1 + V2)``.
    """
    for name, value in (("first", first), ("second", second)):
        if not isinstance(value, Transition):
            raise TypeError(f"{name} must be a Transition; got {value!r}; make it with transition(sde, ...)")
    return Transition(
        mean_scale=sp.powsimp(first.mean_scale * second.mean_scale),
        variance=sp.expand(second.mean_scale**2 * first.variance + second.variance),
    )


def coordinates(dimension: int, letter: str = "x") -> tuple[sp.Symbol, ...]:
    """Return the coordinates of R^d: ``(x,)`` (``(x0,)`` for letter "x0") in 1-d, else ``x_1, …, x_d``, real."""
    count = _dimension(dimension)
    if count == 1:
        return (x0,) if letter == "x0" else (x,)
    return tuple(sp.Symbol(f"{letter}_{k}", real=True) for k in range(1, count + 1))


def transition_density(sde: AbstractLinearSDE, dimension: int = 1) -> sp.Expr:
    """Return ``p_{t|0}(x | x0) = (2π(rv)²)^{−d/2} exp(−|x − r x0|²/(2(rv)²))`` (LLZB [8]), a density in x.

    In ``x, x0, t`` for d = 1, in ``x_1, …, x_d, x0_1, …, x0_d, t`` beyond. Raises ValueError for dimension < 1.
    """
    r, variance = _sde(sde).mean_scale, sde.variance
    count = _dimension(dimension)
    # (rv)^{−d} from std, not √variance: √((1 − e^{−∫β})²) would leave a modulus behind
    squares = sum((a - r * b) ** 2 for a, b in zip(coordinates(count), coordinates(count, "x0"), strict=True))
    return (2 * sp.pi) ** sp.Rational(-count, 2) * sde.std**-count * sp.exp(-squares / (2 * variance))


def log_transition_density(sde: AbstractLinearSDE, dimension: Exact = d) -> sp.Expr:
    """Return ``log p_{t|0} = −(d/2) log(2π(rv)²) − ρ/(2(rv)²)``, symbolic d, ``ρ = |x − r x0|²`` (`rho`)."""
    variance = _sde(sde).variance
    return -_size(dimension) / 2 * sp.log(2 * sp.pi * variance) - rho / (2 * variance)


def fokker_planck_residual(density: sp.Expr, sde: AbstractLinearSDE) -> sp.Expr:
    """Return ``∂_t p + ∂_x(f x p) − (g²/2) ∂_x² p`` for a 1-d density p in x and t, 0 where it cancels.

    The operator is linear, so it acts on each summand q of p as ``q · [∂_t ℓ + f + f x ℓ' − (g²/2)(ℓ'' + ℓ'²)]`` with
    ``ℓ = log q``, and for Gaussians the bracket is rational in x, r and (rv)².
    """
    total = sp.S.Zero
    for term in sp.Add.make_args(_expression("density", density)):
        # splitting logarithms and dropping |·| inside them loses signs only, which ∂ℓ = ∂q/q does not see
        log_term = sp.expand_log(sp.log(term), force=True)
        log_term = log_term.replace(_is_log_modulus, lambda e: sp.log(e.args[0].args[0]))
        slope = log_term.diff(x)
        bracket = (
            log_term.diff(t) + _sde(sde).drift * (1 + x * slope) - sde.diffusion**2 / 2 * (slope.diff(x) + slope**2)
        )
        total += term * _cancelled(bracket)
    return total


def log_fokker_planck_residual_d(sde: AbstractLinearSDE, dimension: Exact = d) -> sp.Expr:
    """Return (Fokker–Planck residual of the kernel)/p in d dimensions, d symbolic, in `rho` and `chi`.

    With ``m = r x0``, ``y = x − m``, ``ρ = |y|²``, ``χ = y·m``, ``P = (rv)²`` and ``ℓ = log p``:
    ``∇ℓ = −y/P``, ``Δℓ = −d/P``, ``|∇ℓ|² = ρ/P²``, ``x·y = ρ + χ``, ``m'·y = (r'/r) χ``,
    ``∂_t ℓ = −dP'/(2P) + (r'/r)χ/P + ρP'/(2P²)``, and ``(∂_t p + ∇·(f x p) − (g²/2)Δp)/p`` is

        −dP'/(2P) + (r'/r)χ/P + ρP'/(2P²) − [−fd + f(ρ + χ)/P + (g²/2)(−d/P + ρ/P²)]
        = (ρ/P − d) (P' − 2fP − g²)/(2P) + χ (r'/r − f)/P,

    which vanishes for every ρ, χ and d if and only if ``r' = f r`` and ``P' = 2fP + g²`` (LLZB [8]).
    """
    size, r, variance = _size(dimension), _sde(sde).mean_scale, sde.variance
    f, noise = sde.drift, sde.diffusion**2
    change = variance.diff(t)
    log_slope = sp.expand(sp.powsimp(r.diff(t) / r))
    by_d = -change / (2 * variance) + f + noise / (2 * variance)
    by_rho = change / (2 * variance**2) - f / variance - noise / (2 * variance**2)
    by_chi = (log_slope - f) / variance
    return size * _cancelled(by_d) + rho * _cancelled(by_rho) + chi * _cancelled(by_chi)


def reverse_residual(density: sp.Expr, sde: AbstractLinearSDE, *, score: sp.Expr | None = None) -> sp.Expr:
    """Return the residual of the forward marginals in the reverse SDE (LLZB [3]), 0 where it cancels.

    The reverse SDE ``dx = [f x − g² s] dt + g dW̄`` runs backward, so that its law solves
    ``∂_t p + ∂_x((f x − g² s) p) + (g²/2) ∂_x² p = 0``. The left side is the forward Fokker–Planck residual minus
    ``g² ∂_x(s p − ∂_x p)``: with the true score ``s = ∂_x log p`` (the default) both vanish together. Give ``score``
    to test another expression of the score, or a wrong one.
    """
    return fokker_planck_residual(density, sde) - sde.diffusion**2 * _score_defect(density, score)


def probability_flow_residual(density: sp.Expr, sde: AbstractLinearSDE, *, score: sp.Expr | None = None) -> sp.Expr:
    """Return the continuity residual of the probability-flow ODE (LLZB [4]), 0 where it cancels.

    For ``dx/dt = f x − ½ g² s`` the residual is ``∂_t p + ∂_x((f x − ½ g² s) p)``, which is the forward Fokker–Planck
    residual minus ``½ g² ∂_x(s p − ∂_x p)``. ``score`` as in `reverse_residual`.
    """
    return fokker_planck_residual(density, sde) - sde.diffusion**2 / 2 * _score_defect(density, score)


def expected_squared_score(sde: AbstractLinearSDE, dimension: Exact = d) -> sp.Expr:
    """Return ``E‖∇ log p_{t|0}(x(t)|x0)‖² = d/(rv)²``: the score is −ε/(rv) with ε ~ N(0, I_d)."""
    return _size(dimension) / _sde(sde).variance


def weighting(sde: AbstractLinearSDE, kind: str, dimension: Exact = d) -> sp.Expr:
    """Return the weighting λ(t) of the denoising loss.

    "song": ``1/E‖∇log p_{t|0}‖² = (rv)²/d`` (Song et al. 2021). "printed": ``1/√E‖∇log p_{t|0}‖² = rv/√d`` (LLZB [6]
    as printed). "likelihood": ``g²``. "uniform": 1. Raises ValueError for another kind or dimension < 1.
    """
    _sde(sde)
    size = _size(dimension)
    table = {
        "song": sde.variance / size,
        "printed": sde.std / sp.sqrt(size),
        "likelihood": sde.diffusion**2,
        "uniform": sp.S.One,
    }
    if not isinstance(kind, str) or kind not in table:
        raise ValueError(f"kind must be one of {', '.join(WEIGHTINGS)}; got {shown(kind)}; pass one of these strings")
    return table[kind]


def _is_log_modulus(node: sp.Basic) -> bool:
    return isinstance(node, sp.log) and isinstance(node.args[0], sp.Abs)


def _score_defect(density: sp.Expr, score: sp.Expr | None) -> sp.Expr:
    """∂_x(s p − ∂_x p), which is 0 for s = ∂_x log p."""
    if score is None:
        return sp.S.Zero
    defect = _expression("score", score) * density - density.diff(x)
    return sp.S.Zero if _exponentials_cancel(defect) else defect.diff(x)


def _exponentials_cancel(expression: sp.Expr) -> bool:
    """Whether the numerator cancels once its terms are gathered by the exponents that contain x."""
    numerator = sp.expand(sp.fraction(sp.together(expression))[0])
    gathered: dict[sp.Expr, sp.Expr] = {}
    for term in sp.Add.make_args(numerator):
        exponentials = [factor for factor in sp.Mul.make_args(term) if isinstance(factor, sp.exp) and factor.has(x)]
        key = sp.cancel(sp.together(sp.expand(sp.Add(*(factor.args[0] for factor in exponentials)))))
        rest = sp.Mul(*(factor for factor in sp.Mul.make_args(term) if factor not in exponentials))
        gathered[key] = gathered.get(key, sp.S.Zero) + rest
    return all(_cancelled(coefficient, simplify=False) == 0 for coefficient in gathered.values())


def _cancelled(expression: sp.Expr, *, simplify: bool = True) -> sp.Expr:
    """0 if the expression cancels (its numerator expands to 0, or `simplify` finds 0), else the expression itself."""
    numerator = sp.fraction(sp.together(expression))[0]
    if sp.expand(numerator) == 0:
        return sp.S.Zero
    # simplify is slow on what does not vanish: let numbers rule that out first
    if simplify and decide_zero(expression) is not False and sp.simplify(expression) == 0:
        return sp.S.Zero
    return expression


def _sde(sde: object) -> AbstractLinearSDE:
    if not isinstance(sde, AbstractLinearSDE):
        raise TypeError(f"sde must be an SDE of theory.sde; got {sde!r}; pass e.g. OrnsteinUhlenbeck()")
    return sde


def _expression(name: str, value: object) -> sp.Expr:
    if not isinstance(value, sp.Expr):
        raise TypeError(
            f"{name} must be a SymPy expression in x and t; got {value!r} of type "
            f"{type(value).__name__}; pass e.g. transition_density(sde)"
        )
    return exact(name, value)


def _dimension(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, sp.Integer)):
        raise TypeError(f"dimension must be an int; got {shown(value)}; pass e.g. 2")
    if not 1 <= value <= _MOST_COORDINATES:
        raise ValueError(
            f"dimension must lie in 1..{_MOST_COORDINATES}, for each coordinate is a symbol; got "
            f"{shown(value)}; for larger or symbolic d use log_transition_density"
        )
    return int(value)


def _size(value: Exact) -> sp.Expr:
    """A dimension that may be symbolic."""
    size = parameter("dimension", value)
    if size.is_integer is False or size.is_nonpositive:
        raise ValueError(f"dimension must be a positive integer; got {size}; pass e.g. 2 or theory.symbols.d")
    return size
