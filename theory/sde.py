"""Linear forward SDEs ``dx = f(t) x dt + g(t) dW`` and the closed forms of their mean scale and variance.

Four final families (`OrnsteinUhlenbeck`, `VariancePreserving`, `SubVariancePreserving`, `VarianceExploding`) know
their closed forms; the final class `LinearSDE` integrates a user's drift and diffusion. `LinearSDE.abstract` keeps f
and g unspecified, so that one computation proves an identity for every SDE, and `specialise` turns the result into
that of a concrete SDE. Everything is exact: `theory.exact` is the one place that lets a number in.

Source: Li, Li, Zhang, Bian, arXiv:2311.01797 (LLZB), equations [2] and [8]; Song et al. 2021, section 3.4.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass, field
from typing import cast, final

import sympy as sp
from sympy.core.function import AppliedUndef

from theory.closed_forms import closed_form, is_zero
from theory.exact import DIGITS, Exact, exact, nonnegative, positive
from theory.symbols import T, s, t, x, x0

DRIFT = sp.Function("f", real=True)
DIFFUSION = sp.Function("g", real=True)

_INNER = sp.Symbol("z", nonnegative=True)  # bound variable of the clock integral; the exponent's is s
_DERIVED = cast(sp.Expr, None)  # the default of a closed form that is derived


def parameter(name: str, value: object) -> sp.Expr:
    """Return ``value`` as `exact` does, refusing (ValueError) one that depends on t, x or x0."""
    result = exact(name, value)
    taken = result.free_symbols & {t, x, x0}
    if taken:
        raise ValueError(
            f"{name} must not depend on {sorted(map(str, taken))[0]}; got {result}; "
            "pass a number or an expression in other symbols"
        )
    return result


@dataclass(frozen=True, kw_only=True)
class Coefficients:
    """An SDE's drift, diffusion, mean scale r, variance (rv)², std rv and clock v at one time."""

    drift: sp.Expr
    diffusion: sp.Expr
    mean_scale: sp.Expr
    variance: sp.Expr
    std: sp.Expr
    clock: sp.Expr


@dataclass(frozen=True)
class AbstractLinearSDE(abc.ABC):
    """The base of all forward SDEs ``dx = f(t) x dt + g(t) dW`` (LLZB [2]); expressions in ``theory.symbols.t``.

    drift: f. diffusion: g. mean_scale: ``r(t) = exp(∫_0^t f)``. variance: ``(r v)²``, the VARIANCE of every coordinate
    of x(t) given x(0). std: its root r v. clock: v itself, with ``v(t)² = ∫_0^t g²/r²``.
    """

    drift: sp.Expr = field(init=False, repr=False, compare=False)
    diffusion: sp.Expr = field(init=False, repr=False, compare=False)
    mean_scale: sp.Expr = field(init=False, repr=False, compare=False)
    variance: sp.Expr = field(init=False, repr=False, compare=False)
    std: sp.Expr = field(init=False, repr=False, compare=False)
    clock: sp.Expr = field(init=False, repr=False, compare=False)

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """The family's short name."""

    @abc.abstractmethod
    def prior_variance(self, horizon: Exact = T) -> sp.Expr:
        """Variance of each coordinate of the prior π = N(0, · I) from which sampling starts at the horizon."""

    def at(self, time: Exact) -> Coefficients:
        """Return all coefficients at an exact time >= 0; raises ValueError for a negative one."""
        moment = nonnegative("time", exact("time", time))
        return Coefficients(
            drift=self.drift.subs(t, moment),
            diffusion=self.diffusion.subs(t, moment),
            mean_scale=self.mean_scale.subs(t, moment),
            variance=self.variance.subs(t, moment),
            std=self.std.subs(t, moment),
            clock=self.clock.subs(t, moment),
        )

    def _fill(self, **values: sp.Expr) -> None:
        for key, value in values.items():
            object.__setattr__(self, key, value)


def _unit_prior(horizon: Exact) -> sp.Expr:
    positive("horizon", exact("horizon", horizon))
    return sp.S.One


@final
@dataclass(frozen=True)
class OrnsteinUhlenbeck(AbstractLinearSDE):
    """The Ornstein–Uhlenbeck process ``dx = −x dt + √2 dW``: ``r = e^{−t}``, ``(rv)² = 1 − e^{−2t}``, π = N(0, I)."""

    def __post_init__(self) -> None:
        self._fill(
            drift=sp.Integer(-1),
            diffusion=sp.sqrt(2),
            mean_scale=sp.exp(-t),
            variance=1 - sp.exp(-2 * t),
            std=sp.sqrt(1 - sp.exp(-2 * t)),
            clock=sp.sqrt(sp.exp(2 * t) - 1),
        )

    @property
    def name(self) -> str:
        """The family's short name."""
        return "OU"

    def prior_variance(self, horizon: Exact = T) -> sp.Expr:
        """Return 1, whatever the horizon > 0."""
        return _unit_prior(horizon)


@dataclass(frozen=True)
class _AbstractLinearSchedule(AbstractLinearSDE):
    beta_min: sp.Expr
    beta_max: sp.Expr
    horizon: sp.Expr = field(default=sp.S.One, kw_only=True)

    def _schedule(self) -> tuple[sp.Expr, sp.Expr]:
        """Check the parameters; return β(t) and its integral from 0 to t."""
        low = nonnegative("beta_min", parameter("beta_min", self.beta_min))
        high = positive("beta_max", parameter("beta_max", self.beta_max))
        horizon = positive("horizon", parameter("horizon", self.horizon))
        if (high - low).is_negative:
            raise ValueError(f"beta_max must be >= beta_min; got beta_max={high}, beta_min={low}; swap them")
        self._fill(beta_min=low, beta_max=high, horizon=horizon)
        slope = (high - low) / horizon
        return low + slope * t, low * t + slope * t**2 / 2

    def prior_variance(self, horizon: Exact = T) -> sp.Expr:
        """Return 1, whatever the horizon > 0."""
        return _unit_prior(horizon)


@final
@dataclass(frozen=True)
class VariancePreserving(_AbstractLinearSchedule):
    """Variance-preserving SDE, ``f = −β/2``, ``g = √β``, with ``β(t) = β0 + (β1 − β0) t / horizon``.

    ``r = e^{−½∫β}``, ``(rv)² = 1 − e^{−∫β}``, π = N(0, I). ``0 <= beta_min <= beta_max``, ``beta_max > 0`` and
    ``horizon > 0`` (default 1), else ValueError.
    """

    def __post_init__(self) -> None:
        beta, integral = self._schedule()
        decay = sp.exp(-integral)
        self._fill(
            drift=-beta / 2,
            diffusion=sp.sqrt(beta),
            mean_scale=sp.exp(-integral / 2),
            variance=1 - decay,
            std=sp.sqrt(1 - decay),
            clock=sp.sqrt(sp.exp(integral) - 1),
        )

    @property
    def name(self) -> str:
        """The family's short name."""
        return "VP"


@final
@dataclass(frozen=True)
class SubVariancePreserving(_AbstractLinearSchedule):
    """Sub-VP SDE (Song et al. 2021), ``f = −β/2``, ``g = √(β (1 − e^{−2∫β}))``, β as in `VariancePreserving`.

    ``r = e^{−½∫β}``, ``(rv)² = (1 − e^{−∫β})²``, hence ``v = 2 sinh(½∫β)``, and π = N(0, I). Raises ValueError as
    `VariancePreserving` does.
    """

    def __post_init__(self) -> None:
        beta, integral = self._schedule()
        decay = sp.exp(-integral)
        self._fill(
            drift=-beta / 2,
            diffusion=sp.sqrt(beta) * sp.sqrt(1 - decay**2),
            mean_scale=sp.exp(-integral / 2),
            variance=(1 - decay) ** 2,
            std=1 - decay,
            clock=sp.exp(integral / 2) - sp.exp(-integral / 2),
        )

    @property
    def name(self) -> str:
        """The family's short name."""
        return "sub-VP"


@final
@dataclass(frozen=True)
class VarianceExploding(AbstractLinearSDE):
    """Variance-exploding SDE ``dx = base^t dW``: ``r = 1``, ``(rv)² = (base^{2t} − 1)/(2 ln base)``.

    The prior is π = N(0, (rv)²(T) I). ``base > 0``, else ValueError; base = 1 is Brownian motion, ``(rv)² = t``. The
    authors of LLZB use base = 25.
    """

    base: sp.Expr

    def __post_init__(self) -> None:
        base = positive("base", parameter("base", self.base))
        variance = t if base == 1 else (base ** (2 * t) - 1) / (2 * sp.log(base))
        self._fill(
            base=base,
            drift=sp.S.Zero,
            diffusion=base**t,
            mean_scale=sp.S.One,
            variance=variance,
            std=sp.sqrt(variance),
            clock=sp.sqrt(variance),
        )

    @property
    def name(self) -> str:
        """The family's short name."""
        return "VE"

    def prior_variance(self, horizon: Exact = T) -> sp.Expr:
        """Return ``(rv)²(horizon)``."""
        return self.variance.subs(t, positive("horizon", exact("horizon", horizon)))


@final
@dataclass(frozen=True)
class LinearSDE(AbstractLinearSDE):
    """The forward SDE of a given drift f and diffusion g, exact expressions in ``theory.symbols.t`` and parameters.

    mean_scale r and variance (rv)² are integrated symbolically, or given by hand; either way ``r(0) = 1``,
    ``r' = f r``, ``(rv)²(0) = 0`` and ``P' = 2fP + g²`` (P the variance) are proved, on every interval of times and in
    every case of the parameters; where parameters coincide, the closed form is a Piecewise. Raises ValueError where f
    or g depends on x, is not real next to t = 0 or not finite, where g is identically 0 (the kernel would be a point
    mass: no density, no score), where SymPy cannot do an integral, and where a closed form is wrong or not proved.
    """

    drift: sp.Expr
    diffusion: sp.Expr
    mean_scale: sp.Expr = field(default=_DERIVED, kw_only=True, compare=False)
    variance: sp.Expr = field(default=_DERIVED, kw_only=True, compare=False)

    def __post_init__(self) -> None:
        f, g = _coefficient("drift", self.drift), _coefficient("diffusion", self.diffusion)
        if g.is_zero or is_zero(g):
            raise ValueError(
                f"diffusion must not be identically 0; got {self.diffusion}; without noise there is no "
                "density and no score: pass g(t) that is positive somewhere"
            )
        scale, variance = (
            None if given is None else _coefficient(name, given)
            for name, given in (("mean_scale", self.mean_scale), ("variance", self.variance))
        )
        scale, variance, clock = closed_form(f, g, scale, variance)
        self._fill(drift=f, diffusion=g, mean_scale=scale, variance=variance, clock=clock, std=sp.sqrt(variance))

    @property
    def name(self) -> str:
        """The family's short name."""
        return "linear"

    def prior_variance(self, horizon: Exact = T) -> sp.Expr:
        """Return ``(rv)²(horizon)``: the prior is the kernel at the horizon from x(0) = 0."""
        return self.variance.subs(t, positive("horizon", exact("horizon", horizon)))

    @classmethod
    def abstract(cls) -> LinearSDE:
        """Return the SDE with undefined f(t), g(t): an identity computed with it holds for every linear SDE.

        ``r = exp(∫_0^t f(s) ds)``, ``(rv)² = r² ∫_0^t g(z)² / r(z)² dz``, both as unevaluated integrals.
        """
        scale = sp.exp(sp.Integral(DRIFT(s), (s, 0, t)))
        square = sp.Integral(_clock_integrand(_INNER), (_INNER, 0, t))
        sde = cls(DRIFT(t), DIFFUSION(t), mean_scale=scale, variance=scale**2 * square)
        sde._fill(std=scale * sp.sqrt(square), clock=sp.sqrt(square))
        return sde


def specialise(expression: sp.Expr, sde: AbstractLinearSDE) -> sp.Expr:
    """Replace the f and g of `LinearSDE.abstract` by those of a concrete SDE.

    The integrals ``∫_a^b f`` and ``∫_a^b g²/r²`` become ``log r(b) − log r(a)`` and ``v(b)² − v(a)²`` in the SDE's
    own closed forms, so that nothing is integrated here; derivatives are carried out. Any other integral stays
    unevaluated, with f and g replaced inside. Raises TypeError unless ``sde`` is an SDE of this module.
    """
    if not isinstance(sde, AbstractLinearSDE):
        raise TypeError(f"sde must be an SDE of theory.sde; got {sde!r}; pass e.g. OrnsteinUhlenbeck()")
    return _specialised(sp.sympify(expression), sde)


def _specialised(node: sp.Expr, sde: AbstractLinearSDE) -> sp.Expr:
    if not node.args or not node.atoms(AppliedUndef):
        return node
    if node.is_Function and node.func.__name__ in ("f", "g") and len(node.args) == 1:
        coefficient = sde.drift if node.func.__name__ == "f" else sde.diffusion
        return coefficient.subs(t, _specialised(node.args[0], sde))
    if node.is_Pow and _is_clock(node.base):  # √(v²) is v: do not leave |v| behind
        return sde.clock.subs(t, node.base.limits[0][2]) ** (2 * _specialised(node.exp, sde))
    if _is_definite(node):
        variable, low, high = node.limits[0]
        factor, rest = node.function.as_independent(variable, as_Add=False)
        for pattern, antiderivative in (
            (_drift_integrand(variable), lambda: sp.log(sde.mean_scale)),
            (_clock_integrand(variable), lambda: sde.clock**2),
        ):
            if rest == pattern:
                primitive = antiderivative()
                value = primitive.subs(t, high) - primitive.subs(t, low)
                return _specialised(factor, sde) * value
    rebuilt = node.func(*(_specialised(arg, sde) for arg in node.args))
    return rebuilt.doit() if isinstance(node, (sp.Derivative, sp.Subs)) else rebuilt


def _is_definite(node: sp.Basic) -> bool:
    return isinstance(node, sp.Integral) and [len(limit.args) for limit in node.limits] == [3]


def _is_clock(node: sp.Basic) -> bool:
    return _is_definite(node) and node.limits[0][1] == 0 and node.function == _clock_integrand(node.limits[0][0])


def _drift_integrand(variable: sp.Expr) -> sp.Expr:
    return DRIFT(variable)


def _clock_integrand(variable: sp.Expr) -> sp.Expr:
    return DIFFUSION(variable) ** 2 * sp.exp(-2 * sp.Integral(DRIFT(s), (s, 0, variable)))


def _coefficient(name: str, value: object) -> sp.Expr:
    expression = exact(name, value)
    for symbol in expression.free_symbols:
        if str(symbol) in ("x", "x0"):
            raise ValueError(
                f"{name} must not depend on {symbol}; got {expression}; the SDE is linear, "
                "dx = f(t) x dt + g(t) dW: pass f and g as functions of theory.symbols.t"
            )
        if str(symbol) == "t" and symbol != t:
            raise ValueError(
                f"{name} must use the time theory.symbols.t; got {expression} with another symbol "
                "named t; build it from theory.symbols.t"
            )
    if expression.free_symbols <= {t} and not expression.has(AppliedUndef, sp.Integral):
        sample = expression.subs(t, sp.Rational(1, 10**6)).evalf(DIGITS)
        if sample.is_finite is False or sp.im(sample) != 0:
            raise ValueError(
                f"{name} must be real and finite next to t = 0; got {expression}, which is "
                f"{sp.N(sample, 6)} at t = 1e-6; pass a real expression"
            )
    return expression
