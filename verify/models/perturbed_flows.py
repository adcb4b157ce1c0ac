"""What the plans of Theorem 1's chain share: a flow on B and b beside one on B̂ and b̂, both exact, two modes.

"perturbed" runs both flows; "forced" runs e' = −2eB̂ − 2ξ(s) for a ξ of two constant pieces, so that sup‖ξ‖ is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import arb, arb_mat

from theory.statement import Claim
from theory.symbols import (
    deviation_B,
    deviation_G,
    distance_initial,
    distance_tau,
    loss_comparator,
    loss_hat,
    loss_minimum,
    loss_tau,
    parameter_error,
    residual,
    score_error,
    score_error_hat,
    tau,
    trace_B,
)
from verify.balls.numbers import root
from verify.evidence.confrontation import Evaluator, Experiment, Measure, Quantities, relation_sides
from verify.evidence.domain import Array, Domain, Entry, Instance, Real

_TIMES = 4  # at which ‖ξ(s)‖ is measured: a lower bound of its supremum
Vector = Sequence[arb]
Matrix = tuple[arb, arb, arb]  # of a symmetric 2×2 matrix: first, second diagonal entry, off-diagonal one


def _norm(vector: Vector) -> arb:
    return root(vector[0] * vector[0] + vector[1] * vector[1])


def _gram(factor: Sequence[Sequence[float]]) -> Matrix:
    """FᵀF: positive semidefinite."""
    (a, b), (c, d) = ([arb(value) for value in row] for row in factor)
    return a**2 + c**2, b**2 + d**2, a * b + c * d


def _times(vector: Vector, matrix: Matrix) -> list[arb]:
    return [vector[0] * matrix[0] + vector[1] * matrix[2], vector[0] * matrix[2] + vector[1] * matrix[1]]


def _form(vector: Vector, matrix: Matrix) -> arb:
    product = _times(vector, matrix)
    return vector[0] * product[0] + vector[1] * product[1]


def _operator_norm(matrix: Matrix) -> arb:
    half, gap = (matrix[0] + matrix[1]) / 2, (matrix[0] - matrix[1]) / 2
    return abs(half) + root(gap * gap + matrix[2] * matrix[2])


def _less(one: Matrix, two: Matrix) -> Matrix:
    return one[0] - two[0], one[1] - two[1], one[2] - two[2]


def _minus(one: Vector, two: Vector) -> list[arb]:
    return [a - b for a, b in zip(one, two, strict=True)]


def _flow(start: Vector, matrix: Matrix, target: Vector, time: arb) -> list[arb]:
    """Θ(time) of Θ' = −2(ΘB − b): the row (Θ, 1) times the exponential of the augmented matrix."""
    generator = arb_mat(
        [[-2 * matrix[0], -2 * matrix[2], 0], [-2 * matrix[2], -2 * matrix[1], 0], [2 * target[0], 2 * target[1], 0]]
    )
    row = arb_mat([[start[0], start[1], 1]]) * (generator * time).exp()
    return [row[0, 0], row[0, 1]]


def measure_perturbed(instance: Instance) -> Quantities:
    """Losses, distances and deviations of both flows at an instance."""
    time, floor = arb(instance["tau"]), arb(instance["floor"])
    first, second = (arb(value) for value in instance["eigenvalues"])
    law: Matrix = (first, second, arb(0))
    law_hat = _gram(instance["factor"])
    best, start, other, target_hat = (
        [arb(value) for value in instance[name]] for name in ("minimiser", "initial", "comparator", "target")
    )
    target = _times(best, law)
    change, shift = _less(law_hat, law), _minus(target_hat, target)

    def deviation(theta: Vector) -> arb:
        return _norm(_minus(_times(theta, change), shift))

    end, end_hat = _flow(start, law, target, time), _flow(start, law_hat, target_hat, time)
    error = _minus(end_hat, end)
    residuals = [deviation(_flow(start, law, target, time * k / _TIMES)) for k in range(_TIMES + 1)]
    largest = residuals[0]
    for value in residuals[1:]:
        largest = arb.max(largest, value)
    return {
        loss_hat: _form(_minus(end_hat, best), law) + floor,
        loss_minimum: floor,
        loss_comparator: _form(_minus(other, best), law) + floor,
        distance_initial: _norm(_minus(start, other)),
        distance_tau: _norm(_minus(end, other)),
        deviation_B: _operator_norm(change),
        deviation_G: deviation(other),
        residual: largest,
        parameter_error: _norm(error),
        score_error: root(_form(error, law)),
        score_error_hat: root(_form(error, law_hat)),
        tau: time,
        loss_tau: _form(_minus(end, best), law) + floor,
    }


def _piece(eigenvalue: arb, begin: arb, end: arb) -> arb:
    """∫ 2e^{−2κu} du over u in [begin, end]."""
    if bool(eigenvalue == 0):
        return 2 * (end - begin)
    return (-2 * eigenvalue * begin).exp() * -((-2 * eigenvalue * (end - begin)).expm1()) / eigenvalue


def measure_forced(instance: Instance) -> Quantities:
    """Errors of the forced flow at an instance; B̂ is diagonal."""
    time, early = arb(instance["tau"]), arb(instance["early"])
    values = [arb(value) for value in instance["eigenvalues"]]
    law_hat: Matrix = (values[0], values[1], arb(0))
    law = _gram(instance["factor"])
    one, two = ([arb(value) for value in piece] for piece in instance["forcing"])
    late = time * (1 - early)
    error = [-(one[k] * _piece(values[k], late, time) + two[k] * _piece(values[k], arb(0), late)) for k in (0, 1)]
    return {
        residual: arb.max(_norm(one), _norm(two)),
        parameter_error: _norm(error),
        score_error: root(_form(error, law)),
        score_error_hat: root(_form(error, law_hat)),
        deviation_B: _operator_norm(_less(law_hat, law)),
        tau: time,
        trace_B: law[0] + law[1],
    }


def _sides(measure: Measure) -> Callable[[Claim], Evaluator]:
    return lambda claim: relation_sides(claim, measure)


_ENTRY = Real(low=-10, high=10)
_SPECTRUM = Array(shape=(2,), element=Real(low=0, high=10))
_PAIR = Array(shape=(2,), element=_ENTRY)
_SQUARE = Array(shape=(2, 2), element=_ENTRY)
_TIME = Real(low=1e-4, high=1e4, log=True)


def forced(**changes: Entry) -> Instance:
    """A forced instance: B̂ = diag(1, 0), B = B̂, ξ = (1, 0) throughout, τ = 1, with the given changes."""
    return {
        "eigenvalues": [1.0, 0.0],
        "factor": [[1.0, 0.0], [0.0, 0.0]],
        "forcing": [[1.0, 0.0], [1.0, 0.0]],
        "early": 0.0,
        "tau": 1.0,
        **changes,
    }


def perturbed(**changes: Entry) -> Instance:
    """A perturbed instance: B = B̂ = diag(1, 0), everything else 0, τ = 1, with the given changes."""
    zero = [0.0, 0.0]
    return {
        "eigenvalues": [1.0, 0.0],
        "minimiser": zero,
        "initial": zero,
        "comparator": zero,
        "factor": [[1.0, 0.0], [0.0, 0.0]],
        "target": zero,
        "floor": 0.0,
        "tau": 1.0,
        **changes,
    }


PEAK = 0.6282156043130849
_NONE = [[0.0, 0.0], [0.0, 0.0]]
_SMALL = {"forcing": [[0.25, 0.0], [0.25, 0.0]]}
_LARGE = {"forcing": [[4.0, 0.0], [4.0, 0.0]]}

FORCED = Experiment(
    name="forced",
    domain=Domain(
        fields={
            "eigenvalues": _SPECTRUM,
            "factor": _SQUARE,
            "forcing": _SQUARE,
            "early": Real(low=0, high=1),
            "tau": _TIME,
        }
    ),
    sides=_sides(measure_forced),
    extremal=(
        forced(tau=PEAK),
        forced(eigenvalues=[0.0, 0.0], factor=_NONE),
        forced(eigenvalues=[0.0, 0.0], factor=_NONE, tau=16.0),
        forced(eigenvalues=[0.0, 0.0], tau=100.0),
        forced(eigenvalues=[0.0, 0.0], factor=_NONE, **_SMALL),
        forced(eigenvalues=[0.25, 0.0], tau=4 * PEAK),
        forced(tau=PEAK, **_LARGE),
    ),
    measures="exact error of a flow under forcing, left over right side",
)

PERTURBED = Experiment(
    name="perturbed",
    domain=Domain(
        fields={
            "eigenvalues": _SPECTRUM,
            "minimiser": _PAIR,
            "initial": _PAIR,
            "comparator": _PAIR,
            "factor": _SQUARE,
            "target": _PAIR,
            "floor": Real(low=0, high=10),
            "tau": _TIME,
        }
    ),
    sides=_sides(measure_perturbed),
    extremal=(
        # T1:norm: κτ small at the worst start; a comparator that moves away
        perturbed(initial=[0.50005, 0.0], comparator=[1.0, 0.0], tau=1e-4),
        perturbed(initial=[0.5, 0.0], comparator=[1.0, 0.0], tau=0.01),
        perturbed(initial=[0.05, 0.0], comparator=[0.1, 0.0], tau=0.01),
        # T1:residual: only B deviates; only b does
        perturbed(initial=[1.0, 0.0], factor=[[2.0, 0.0], [0.0, 0.0]], tau=1e-4),
        perturbed(target=[1.0, 0.0], tau=1e-4),
        # T1:loss: both parts of one size; B̂ = 0 and a long run; B̂ = B; τ small
        perturbed(initial=[1.0, 0.0], comparator=[0.7142857142857143, 0.0], target=[0.6 * 10**0.5, 0.0], tau=0.1),
        perturbed(factor=_NONE, target=[1.0, 0.0], tau=100.0),
        perturbed(target=[1.0, 0.0], tau=0.3),
        perturbed(initial=[1.0, 0.0], comparator=[1.0, 0.0], tau=1e-4),
        perturbed(initial=[1.0, 0.0], comparator=[0.5, 0.0], tau=0.25),  # what optimisation leaves, nearly attained
    ),
    measures="exact flows on both quadratics, left over right side",
)
