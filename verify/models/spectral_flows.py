"""What the plans of Lemmas 4 and 5 share: quadratics in spectral coordinates, measured exactly along the flow."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from flint import arb

from theory import flow
from theory.statement import Claim
from theory.symbols import (
    displacement,
    distance_initial,
    distance_minimiser,
    distance_tau,
    kappa,
    loss_comparator,
    loss_initial,
    loss_minimum,
    loss_tau,
    m,
    norm_comparator,
    norm_initial,
    norm_tau,
    tau,
    y,
    y0,
)
from verify.balls.numbers import root
from verify.evidence.confrontation import (
    Evaluator,
    Experiment,
    Measure,
    Quantities,
    exact_values,
    relation_sides,
    value_of,
)
from verify.evidence.domain import Array, Domain, Entry, Instance, Integer, Real
from verify.evidence.scaling import Axis
from verify.evidence.symbolic import Cited

SPECTRAL = Cited(
    theorem="spectral theorem",
    use="in B's eigenbasis both sides are sums over modes (κ, y0, y); a mode with κ = 0 does not move",
)
TRIANGLE = Cited(theorem="triangle inequality", use="‖Θ(τ)‖ <= ‖Θ₀‖ + ‖Θ(τ)−Θ₀‖")

DOMAIN = Domain(
    fields={
        "width": Integer(low=1, high=10**6),
        "modes": Integer(low=1, high=3),
        "eigenvalues": Array(shape=("modes",), element=Real(low=1e-6, high=1e3, log=True)),
        "initial": Array(shape=("modes",), element=Real(low=-10, high=10)),
        "minimiser": Array(shape=("modes",), element=Real(low=-10, high=10)),
        "comparator": Array(shape=("modes",), element=Real(low=-10, high=10)),
        "tau": Real(low=1e-6, high=1e6, log=True),
        "floor": Real(low=0, high=10),
    },
    require=lambda instance: instance["modes"] <= instance["width"],
)


def scale_of(claim: Claim) -> sp.Expr:
    """The factor by which the claim's flow is slower than the scaled flow: 1, or m for the flow of A."""
    return m if claim.setting["flow"] == "A" else sp.S.One


def _square(x: arb) -> arb:
    """x², also where the ball of x reaches over 0: Arb's integer power is undefined there."""
    return x * x


def measure(claim: Claim) -> Measure:
    """Measure every loss, norm and distance at an instance, by the exact solution of the flow in each mode.

    The instance lists the modes' eigenvalues, and initial point, minimiser and comparator in the eigenbasis; ``floor``
    is the least loss. Numbers may be balls.
    """
    parametrization = claim.setting["flow"]
    decay_of = flow.mode_solution(kappa, tau, parametrization, m, initial=sp.S.One)

    def at(instance: Instance) -> Quantities:
        width, time, floor = instance["width"], arb(instance["tau"]), arb(instance["floor"])
        sums = dict.fromkeys(
            (
                loss_tau,
                loss_comparator,
                loss_initial,
                norm_initial,
                norm_comparator,
                norm_tau,
                distance_initial,
                distance_minimiser,
                distance_tau,
                displacement,
            ),
            arb(0),
        )
        columns = (instance[name] for name in ("eigenvalues", "initial", "minimiser", "comparator"))
        for eigen, start, best, other in zip(*(map(arb, column) for column in columns), strict=True):
            decay = value_of(decay_of, exact_values({kappa: eigen, tau: time, m: width}))
            offset, target = start - best, other - best
            for symbol, part in (
                (loss_tau, eigen * _square(decay * offset)),
                (loss_comparator, eigen * _square(target)),
                (loss_initial, eigen * _square(offset)),
                (norm_initial, _square(start)),
                (norm_comparator, _square(other)),
                (norm_tau, _square(best + decay * offset)),
                (distance_initial, _square(start - other)),
                (distance_minimiser, _square(offset)),
                (distance_tau, _square(best + decay * offset - other)),
                (displacement, _square((1 - decay) * offset)),
            ):
                sums[symbol] = sums[symbol] + part
        losses = {symbol: sums.pop(symbol) + floor for symbol in (loss_tau, loss_comparator, loss_initial)}
        lengths = {symbol: root(square) for symbol, square in sums.items()}
        return {**losses, **lengths, loss_minimum: floor, tau: time, m: width}

    return at


def sides(claim: Claim) -> Evaluator:
    """Left and right side of the claim at an instance."""
    return relation_sides(claim, measure(claim))


def mode(claim: Claim, expr: sp.Expr) -> sp.Expr:
    """An expression in losses and SQUARED distances, for a single mode (κ, y0, y) with least loss 0."""
    parametrization = claim.setting["flow"]
    squares = {
        distance_initial: (y0 - y) ** 2,
        distance_minimiser: y0**2,
        displacement: flow.mode_displacement(kappa, tau, parametrization, m),
        distance_tau: flow.mode_distance_to(y, kappa, tau, parametrization, m),
    }
    losses = {
        loss_tau: flow.mode_loss(kappa, tau, parametrization, m),
        loss_comparator: kappa * y**2,
        loss_initial: kappa * y0**2,
        loss_minimum: sp.S.Zero,
    }
    return sp.expand(expr).subs({symbol**2: square for symbol, square in squares.items()}).subs(losses)


def gap(claim: Claim) -> sp.Expr:
    """Right minus left side of the claim for a single mode with least loss 0.

    If it is >= 0, so is the claim's for all modes and every least loss, provided that both sides are linear in losses
    and squared distances (they are then sums over modes) and that a least loss, which enters every loss, does not
    lower the right side against the left. Where that does not hold, the result has a term that cannot be proved away.
    ArithmeticError where it is not what is measured: nothing would follow for the claim.
    """
    expr = mode(claim, claim.right() - claim.left())
    _require_measured(claim, expr)
    return expr if _adds_up(sp.expand(claim.relation.rhs.total() - claim.relation.lhs.total())) else expr + _STRAY


def _require_measured(claim: Claim, expr: sp.Expr) -> None:
    """Compare the gap of a mode with the measured one, at an instance where no two of its parts are the same."""
    numbers = {"width": 2, "eigenvalues": 0.5, "initial": 0.75, "comparator": -0.25, "tau": 1.25}
    values = exact_values(dict(zip((m, kappa, y0, y, tau), numbers.values(), strict=True)))
    if expr.free_symbols - values.keys():
        return
    here = instance(**numbers)
    left, right = sides(claim)(here)
    value = value_of(expr, values)
    if not (right - left).overlaps(value):
        raise ArithmeticError(f"the gap of a mode is {value}, but {right - left} is measured for {claim.id} at {here}")


_STRAY = sp.Symbol("not_a_sum_over_modes", real=True)
_LOSSES = (loss_tau, loss_comparator, loss_initial, loss_minimum)
_DISTANCES = (distance_initial, distance_minimiser, displacement, distance_tau)


def _adds_up(difference: sp.Expr) -> bool:
    parts = {symbol: sp.Dummy(positive=True) for symbol in (*_LOSSES, *_DISTANCES)}
    linear = sp.expand(
        difference.subs({symbol**2: parts[symbol] for symbol in _DISTANCES}).subs(
            {symbol: parts[symbol] for symbol in _LOSSES}
        )
    )
    slopes = {symbol: sp.diff(linear, part) for symbol, part in parts.items()}
    rest = sp.expand(linear - sp.Add(*(slope * parts[symbol] for symbol, slope in slopes.items())))
    constant = all(not slope.free_symbols & {*parts.values(), *_DISTANCES} for slope in slopes.values())
    return bool(constant and rest == 0 and sp.Add(*(slopes[symbol] for symbol in _LOSSES)).is_nonnegative)


def instance(**values: Entry) -> Instance:
    """A one-mode instance: width 1, κ = 1, everything else 0 and τ = 1, with the given changes."""
    out: Instance = {
        "width": 1,
        "modes": 1,
        "eigenvalues": [1.0],
        "initial": [0.0],
        "minimiser": [0.0],
        "comparator": [0.0],
        "tau": 1.0,
        "floor": 0.0,
    }
    for name, value in values.items():
        out[name] = [value] if name in ("eigenvalues", "initial", "minimiser", "comparator") else value
    return out


def near_equality(width: int = 1, time_scale: int = 1) -> Instance:
    """An instance at which L4:sharp is tight to 2e-8: u = 4κτ = 4e-8 and the worst comparator y = e^{−u}y0."""
    return instance(width=width, eigenvalues=1e-2, initial=1.0, comparator=1 - 4e-8, tau=1e-6 * time_scale)


EXTREMAL: tuple[Instance, ...] = (
    near_equality(),
    near_equality(2),
    near_equality(2, 2),
    instance(initial=1.0, tau=0.25),
    instance(width=2, initial=1.0, tau=0.25),
    instance(width=2, initial=1.0, tau=0.5),
    instance(minimiser=1.0, tau=0.6282156043130849),
    instance(width=2, minimiser=1.0, tau=0.6282156043130849),
    instance(minimiser=0.5, tau=0.6282156043130849),
    instance(width=2, minimiser=1.0, tau=2 * 0.6282156043130849),
    instance(initial=0.5, comparator=1.0, tau=0.001),
    instance(width=2, initial=0.5, comparator=1.0, tau=0.001),
    instance(initial=1.0, minimiser=-9.0, comparator=-1.0, tau=0.05),
    instance(width=2, initial=1.0, minimiser=-9.0, comparator=-1.0, tau=0.1),
    instance(initial=1.0, tau=1e-6),
    instance(initial=0.5, comparator=1.0, tau=100.0),
    instance(initial=0.0, comparator=1.0, minimiser=1.0, tau=0.01),
    instance(eigenvalues=1e-6, initial=1.0, tau=100.0),
    instance(eigenvalues=1e-3, initial=1.0, comparator=-1.0, tau=10.0),
)

EXPERIMENT = Experiment(
    name="quadratic",
    domain=DOMAIN,
    sides=sides,
    extremal=EXTREMAL,
    measures="exact flow of a quadratic, left over right side",
)


# Families along the parameters that a constant may not depend on -----------------------------------------------------

_DECADES = tuple(10.0**k for k in range(1, 26, 4))


def _early(width: float) -> Sequence[Instance]:
    """Comparator −Θ0, minimiser 0 (L4: u → 0), and growth from 0 at κτ = u⋆; slow and fast clock."""
    width_ball = arb(width)
    out = []
    for clock in (arb(1), width_ball):
        # u = 4κτ = 4e-7 on the scaled clock; y/y0 = 1 − u ≈ e^{−u} with Θ = −Θ0 puts the minimiser at 1 − 2/u.
        out.append(
            instance(
                width=width_ball,
                initial=arb(1),
                comparator=arb(-1),
                minimiser=1 - arb(5) * 10**6,
                tau=arb("1e-7") * clock,
            )
        )
        out.append(instance(width=width_ball, minimiser=arb(1), tau=arb("0.628") * clock))
    return out


def _times(value: float) -> Sequence[Instance]:
    """κ = 1/(4τ) and κ = u⋆/τ, from the minimiser and from 0."""
    time = arb(value)
    return [
        instance(eigenvalues=1 / (4 * time), initial=arb(1), tau=time),
        instance(eigenvalues=arb("0.628") / time, minimiser=arb(1), tau=time),
    ]


def _small_times(value: float) -> Sequence[Instance]:
    """τ = 1/value: a short run from Θ0 ≠ 0."""
    return [instance(initial=arb(1), tau=1 / arb(value)), instance(minimiser=arb(1), tau=1 / arb(value))]


def _small_start(value: float) -> Sequence[Instance]:
    """‖Θ0‖ = 1/value, minimiser and comparator at distance 1."""
    return [instance(initial=1 / arb(value), minimiser=arb(1), comparator=arb(1), tau=arb(1) / 4)]


AXES = (
    Axis(parameter="m", values=_DECADES, family=_early, text="width, all else fixed"),
    Axis(parameter="tau", values=_DECADES, family=_times, text="κτ fixed"),
    Axis(parameter="1/tau", values=_DECADES, family=_small_times, text="κ and Θ₀ fixed"),
    Axis(
        parameter="1/norm_initial",
        values=_DECADES,
        family=_small_start,
        text="‖Θ₀‖ → 0, minimiser and comparator fixed",
    ),
)
