"""Gradient flow of a quadratic loss, one eigenmode at a time, and the sharp constants of its decay and growth.

The population loss is ``L̃(Θ) = min L̃ + Σ κ_k y_k²`` with κ_k the eigenvalues of B and y_k the coordinates of Θ − Θ_*
along its eigenvectors (LLZB, arXiv:2311.01797, [19]–[24]). A sum over modes of inequalities that hold mode by mode
holds for the loss, and a single mode is itself such a loss, so that a constant that is sharp for one mode is sharp.

Conventions. ``y0`` and ``y(τ)`` are the iterate's offsets from the minimiser, ``y`` the comparator's; the loss is the
EXCESS over the minimum. The "scaled" flow ``dΘ/dτ = −∇_Θ L̃`` gives ``y(τ) = e^{−2κτ} y0``; the "A" flow
``dA/dτ = −∇_A L̃`` with ``Θ = A/√m`` is the scaled flow at time τ/m.
"""

from __future__ import annotations

import sympy as sp

from theory.exact import Exact, nonnegative, positive
from theory.sde import parameter
from theory.symbols import kappa, m, tau, y, y0

PARAMETRIZATIONS = ("scaled", "A")

LOSS_CONSTANT = sp.Rational(1, 4)
"""Sharp constant of ``L̃(Θ(τ)) − L̃(Θ) <= C ‖Θ0 − Θ‖²/τ`` over all comparators Θ (scaled flow); a supremum, at u → 0."""

MINIMISER_CONSTANT = sp.exp(-1) / 4
"""Sharp constant of ``L̃(Θ(τ)) − min L̃ <= C ‖Θ0 − Θ_*‖²/τ``: ``max_u u e^{−4u}`` (u = κτ), attained at u = 1/4."""

GROWTH_MAXIMISER = (-sp.Rational(1, 2) - sp.LambertW(-sp.exp(-sp.Rational(1, 2)) / 2, -1)) / 2
"""The maximiser u⋆ = 0.6282… of `growth_profile`: the positive root of ``e^{2u} = 1 + 4u``.

``w = −(½ + 2u)`` turns the equation into ``w e^w = −½ e^{−1/2}``; the branch W_0 gives w = −½ (u = 0), W_{−1} u⋆.
"""

GROWTH_CONSTANT = 16 * GROWTH_MAXIMISER * sp.exp(-4 * GROWTH_MAXIMISER)
"""Sharp constant κ⋆ = 0.81452875… of ``‖Θ(τ) − Θ0‖² <= C τ (L̃(Θ0) − min L̃)`` (scaled flow), attained.

At u⋆, ``1 − e^{−2u} = 4u e^{−2u}``, so that ``(1 − e^{−2u})²/u = 16 u e^{−4u}``.
"""

COMPARATOR_CONSTANT = sp.S.One
"""Sharp constant of ``‖Θ(τ) − Θ‖² <= ‖Θ0 − Θ‖² + C τ (L̃(Θ) − min L̃)`` (scaled flow); a supremum, at u → 0."""


def mode_solution(
    kappa: Exact = kappa, tau: Exact = tau, parametrization: str = "scaled", width: Exact = m, *, initial: Exact = y0
) -> sp.Expr:
    """Return ``y(τ)``: ``e^{−2κτ} y0`` for "scaled", ``e^{−2κτ/m} y0`` for "A".

    kappa: eigenvalue >= 0. tau: training time >= 0. width: m, used by "A" only. initial: y0. Raises ValueError for
    another parametrization, a decidably negative kappa or tau, or width <= 0.
    """
    return _decay(kappa, tau, parametrization, width) * parameter("initial", initial)


def mode_loss(
    kappa: Exact = kappa, tau: Exact = tau, parametrization: str = "scaled", width: Exact = m, *, initial: Exact = y0
) -> sp.Expr:
    """Return the mode's excess loss ``κ y(τ)²``; arguments and errors as `mode_solution`."""
    return parameter("kappa", kappa) * mode_solution(kappa, tau, parametrization, width, initial=initial) ** 2


def mode_displacement(
    kappa: Exact = kappa, tau: Exact = tau, parametrization: str = "scaled", width: Exact = m, *, initial: Exact = y0
) -> sp.Expr:
    """Return the SQUARED displacement ``(y(τ) − y0)² = (1 − e^{−2κτ})² y0²``; arguments as `mode_solution`."""
    return (1 - _decay(kappa, tau, parametrization, width)) ** 2 * parameter("initial", initial) ** 2


def mode_distance_to(
    comparator: Exact = y,
    kappa: Exact = kappa,
    tau: Exact = tau,
    parametrization: str = "scaled",
    width: Exact = m,
    *,
    initial: Exact = y0,
) -> sp.Expr:
    """Return the SQUARED distance ``(y(τ) − y)²`` to a comparator at offset y; others as `mode_solution`."""
    position = mode_solution(kappa, tau, parametrization, width, initial=initial)
    return (position - parameter("comparator", comparator)) ** 2


def lyapunov(
    comparator: Exact = y,
    kappa: Exact = kappa,
    tau: Exact = tau,
    parametrization: str = "scaled",
    width: Exact = m,
    *,
    initial: Exact = y0,
) -> sp.Expr:
    """Return ``V(τ) = τ κ (y(τ)² − y²) + ½ (y(τ) − y)²`` (scaled; τ is τ/m for "A"), nonincreasing along the flow.

    ``V(τ) <= V(0)`` gives L4 with the constant ½: ``L̃(Θ(τ)) − L̃(Θ) <= ‖Θ0 − Θ‖²/(2τ)``; see `lyapunov_dissipation`.
    """
    time = _scaled_time(tau, parametrization, width)
    offset = parameter("comparator", comparator)
    position = mode_solution(kappa, tau, parametrization, width, initial=initial)
    return time * parameter("kappa", kappa) * (position**2 - offset**2) + (position - offset) ** 2 / 2


def lyapunov_dissipation(
    comparator: Exact = y,
    kappa: Exact = kappa,
    tau: Exact = tau,
    parametrization: str = "scaled",
    width: Exact = m,
    *,
    initial: Exact = y0,
) -> sp.Expr:
    """Return ``D(τ) = κ (y(τ) − y)² + 4κ²τ y(τ)² >= 0``, with ``V' = −D`` identically (``−D/m`` for "A").

    ``V' = κ(y(τ)² − y²) + τ κ · 2 y(τ) y'(τ) + (y(τ) − y) y'(τ)`` with ``y' = −2κ y`` gives
    ``κ(y(τ)² − y²) − 2κ y(τ)(y(τ) − y) = −κ (y(τ) − y)²`` and ``−4κ²τ y(τ)²``.
    """
    eigenvalue, time = parameter("kappa", kappa), _scaled_time(tau, parametrization, width)
    position = mode_solution(kappa, tau, parametrization, width, initial=initial)
    offset = parameter("comparator", comparator)
    return eigenvalue * (position - offset) ** 2 + 4 * eigenvalue**2 * time * position**2


def loss_profile(u: Exact) -> sp.Expr:
    """Return ``u/(e^u − 1)``, the largest ratio ``[L̃(Θ(τ)) − L̃(Θ)] · 4τ/‖Θ0 − Θ‖²`` of one mode at ``u = 4κτ >= 0``.

    With y0 = 1 the ratio is ``u (e^{−u} − y²)/(1 − y)²``; its derivative in y vanishes at ``y = e^{−u}``, where it is
    ``u (e^{−u} − e^{−2u})/(1 − e^{−u})²``. It decreases from its limit 1 at u = 0 (returned there): `LOSS_CONSTANT`.
    """
    point = _dimensionless(u)
    return sp.S.One if point.is_zero else point / (sp.exp(point) - 1)


def growth_profile(u: Exact) -> sp.Expr:
    """Return ``(1 − e^{−2u})²/u``, the ratio ``‖Θ(τ) − Θ0‖²/(τ (L̃(Θ0) − min L̃))`` of one mode at ``u = κτ >= 0``.

    It is 0 at u = 0 (the limit, returned there) and at ∞; its logarithmic derivative ``4/(e^{2u} − 1) − 1/u`` vanishes
    at `GROWTH_MAXIMISER` only, where it is `GROWTH_CONSTANT`.
    """
    point = _dimensionless(u)
    return sp.S.Zero if point.is_zero else (1 - sp.exp(-2 * point)) ** 2 / point


def comparator_profile(u: Exact) -> sp.Expr:
    """Return ``tanh(u)/u``, the largest ratio ``[‖Θ(τ)−Θ‖² − ‖Θ0−Θ‖²]/(τ (L̃(Θ) − min L̃))`` of one mode at ``u = κτ``.

    With y = 1, ``E = e^{−2u}`` and y0 free, the numerator ``(E y0 − 1)² − (y0 − 1)²`` is largest at ``y0 = 1/(1+E)``,
    where it is ``(1 − E)/(1 + E) = tanh u``. It decreases from its limit 1 at u = 0 (returned there):
    `COMPARATOR_CONSTANT`.
    """
    point = _dimensionless(u)
    return sp.S.One if point.is_zero else sp.tanh(point) / point


def _decay(eigenvalue: Exact, time: Exact, parametrization: str, width: Exact) -> sp.Expr:
    rate = nonnegative("kappa", parameter("kappa", eigenvalue))
    return sp.exp(-2 * rate * _scaled_time(time, parametrization, width))


def _scaled_time(time: Exact, parametrization: str, width: Exact) -> sp.Expr:
    scaled = nonnegative("tau", parameter("tau", time))
    if parametrization not in PARAMETRIZATIONS:
        raise ValueError(f"parametrization must be 'scaled' or 'A'; got {parametrization!r}; pass one of the two")
    return scaled / positive("width", parameter("width", width)) if parametrization == "A" else scaled


def _dimensionless(value: Exact) -> sp.Expr:
    return nonnegative("u", parameter("u", value))
