"""Plans for the choice of the diffusion time: closed forms in balls, generated laws, a memoriser's horizons."""

from __future__ import annotations

from flint import arb

from theory.symbols import (
    T,
    best_clock,
    clock,
    kl_horizon,
    kl_location,
    kl_other_horizon,
    lambert_lower,
    lambert_upper,
    mean_initial,
    mean_size,
    n,
)
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Integer, Real
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.learned_points import ERROR, Learning, terms
from verify.plans.authors_conventions import POINTS

# Closed forms -------------------------------------------------------------------------------------------------------

_SYMBOLS = {str(symbol): symbol for symbol in (T, n, mean_initial, mean_size, clock, best_clock)}


def _values(instance: Instance) -> Quantities:
    return {_SYMBOLS[name]: value for name, value in instance.items()}


def _solutions(instance: Instance) -> Quantities:
    """The values, and Lambert's function on both branches at −B*e^{−B*}."""
    at = arb(instance["best_clock"])
    kappa = -at * (-at).exp()
    return {**_values(instance), lambert_lower: -kappa.lambertw(-1), lambert_upper: -kappa.lambertw()}


def _location(horizon: float = 1.0, count: int = 50, mean: float = 1.0) -> Instance:
    return {"T": horizon, "n": count, "mean_initial": mean}


LOCATIONS = Experiment(
    name="locations",
    domain=Domain(
        fields={"T": Real(low=0.001, high=8), "n": Integer(low=1, high=10**6), "mean_initial": Real(low=-5, high=5)}
    ),
    extremal=(_location(1.9659), _location(0.34657359, 1), _location(0.01), _location(7.0)),
    measures="both sides at a mean, a number of data and a horizon",
    sides=lambda claim: relation_sides(claim, _values),
)
COUNTS = Experiment(
    name="locations-at-the-best-time",
    domain=Domain(fields={"n": Integer(low=1, high=10**6), "mean_initial": Real(low=-5, high=5)}),
    extremal=({"n": 50, "mean_initial": 1.0},),
    measures="both sides at a mean and a number of data",
    sides=lambda claim: relation_sides(claim, _values),
)
CLOCKS = Experiment(
    name="clocks",
    domain=Domain(
        fields={
            "clock": Real(low=1, high=40),
            "best_clock": Real(low=1, high=30),
            "mean_size": Real(low=0.1, high=10, log=True),
        }
    ),
    extremal=tuple({"clock": at, "best_clock": 4.0, "mean_size": 3.0} for at in (4.0, 1.0, 30.0)),
    measures="the law at B* and at B",
    sides=lambda claim: relation_sides(claim, _solutions),
)
_GRID = Exhaustive(
    experiment=CLOCKS,
    elements=lambda _size: (
        {"clock": at, "best_clock": best, "mean_size": 3.0}
        for best in (1.0, 1.5, 4.0, 10.0)
        for at in (1.125, 1.75, 3.75, 4.25, 9.0, 30.0)
    ),
    covers=lambda _size: "B in {1.125, …, 30} and B* in {1, 1.5, 4, 10}",
)
SOLUTIONS = Experiment(
    name="solutions",
    domain=Domain(fields={"best_clock": Real(low=1.01, high=40)}),
    extremal=({"best_clock": 4.0},),
    beyond=({"best_clock": 0.5},),
    measures="Lambert's function in balls",
    sides=lambda claim: relation_sides(claim, _solutions),
)

# The generated law of a Gaussian location -----------------------------------------------------------------------------


def _generated(instance: Instance) -> Quantities:
    """The moments of the reverse SDE as a linear equation, and the mean of (m₀ − mean)²/2 over x̄ by three nodes."""
    horizon, mean, count = arb(instance["T"]), arb(instance["mean_initial"]), arb(instance["n"])
    gain = horizon.sinh() * 2 * (-horizon).exp()  # 2∫₀ᵀ e^{−2t} dt
    divergence = arb(0)
    for weight, node in ((arb(2) / 3, arb(0)), (arb(1) / 6, arb(3).sqrt()), (arb(1) / 6, -arb(3).sqrt())):
        average = mean + node / count.sqrt()
        divergence += weight * (mean - gain * average) ** 2 / 2
    return {**_values(instance), kl_location: divergence}


GENERATED = Experiment(
    name="generated-locations",
    domain=LOCATIONS.domain,
    extremal=LOCATIONS.extremal,
    measures="the moments of the reverse SDE, averaged over the data's mean by a rule that is exact for quadratics",
    sides=lambda claim: relation_sides(claim, _generated),
)

# Horizons of a memoriser ----------------------------------------------------------------------------------------------


def _memoriser(instance: Instance) -> Quantities:
    """Balls of the divergences at both horizons; the two data terms must be ordered as the claim supposes."""
    here, there = (terms(Learning(horizon=instance[name])) for name in ("T", "other"))
    if there["mean_prior"] + there["mean_explicit"] > here["mean_prior"] + here["mean_explicit"]:
        here, there = there, here
    sides = {kl_horizon: here["kl_early"], kl_other_horizon: there["kl_early"]}
    return {symbol: arb(value, ERROR * value) for symbol, value in sides.items()}


MEMORISER = Experiment(
    name="memoriser",
    domain=Domain(fields={"T": Real(low=0.051, high=5), "other": Real(low=0.051, high=5)}),
    measures="the mean divergence over all data sets by quadrature, at two horizons",
    sides=lambda claim: relation_sides(claim, _memoriser),
)
_HORIZONS = Exhaustive(
    experiment=MEMORISER,
    elements=lambda _size: ({"T": 0.1, "other": other} for other in (0.051, 0.2, 2.0)),
    covers=lambda _size: "T = 0.1 against 0.051, 0.2 and 2",
)

PLANS = (
    Plan(claim="IT13:long-time", expected=Verdict.SEARCHED, methods=(POINTS,)),
    Plan(claim="IT13:lambert", expected=Verdict.PROVED, methods=(_GRID,)),
    Plan(claim="IT13:branch", expected=Verdict.SEARCHED, methods=(Search(experiment=SOLUTIONS),)),
    Plan(claim="IT13:location", expected=Verdict.PROVED, methods=(Search(experiment=GENERATED),)),
    Plan(claim="IT13:best-time", expected=Verdict.PROVED, methods=(Search(experiment=LOCATIONS),)),
    Plan(claim="IT13:affine", expected=Verdict.PROVED, methods=(Search(experiment=LOCATIONS),)),
    Plan(claim="IT13:endpoints", expected=Verdict.PROVED, methods=(Search(experiment=LOCATIONS),)),
    Plan(claim="IT13:twice", expected=Verdict.PROVED, methods=(Search(experiment=COUNTS),)),
    Plan(claim="IT13:data-terms", expected=Verdict.REFUTED, methods=(_HORIZONS,)),
)
