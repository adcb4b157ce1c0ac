"""Plans for Lemma 2: exact linear-Gaussian families, proofs along the Fokker–Planck equation, trained models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np
import sympy as sp
from flint import arb

from numerics import NotNormalisableError, RandomFeatures, constant_embedding, score_density
from theory import information
from theory.statement import Claim
from theory.symbols import (
    K,
    T,
    integrable,
    kl_ode,
    kl_prior,
    kl_score,
    kl_sde,
    loss_likelihood,
    slope_left,
    slope_right,
    t,
    u,
)
from verify.evidence.confrontation import Evaluator, Experiment, Sides
from verify.evidence.domain import Domain, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, linear_constant
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Equal, Step, Tends
from verify.evidence.verdict import Verdict
from verify.models.linear_gaussian import AFFINE, GAP, LATE, PROFILES, SHORT, STEEP, affine, shifted
from verify.models.trained_diffusions import TRAINED

_SIZE = sp.Symbol("c", real=True, nonzero=True)
_LATENESS = sp.Symbol("epsilon", positive=True)


# Shifts of the score ----------------------------------------------------------------------------------------------


# No constant ------------------------------------------------------------------------------------------------------


def _ratio(claim: Claim, values: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
    return (claim.relation.lhs.total() / claim.relation.rhs.total()).subs(values)


def _horizon_divergence(claim: Claim) -> Sequence[Step]:
    """The shift c e^{−t}, from its own mean and loss."""
    push = _SIZE * sp.exp(-t)
    mean = sp.integrate(2 * push * sp.exp(-t), (t, 0, T))
    values = {
        kl_sde: information.isotropic_kl(mean, 1),
        kl_prior: information.isotropic_kl(0, 1),
        loss_likelihood: sp.integrate(2 * push**2, (t, 0, T)) / T,
    }
    ratio = T * (1 - sp.exp(-2 * T)) / (2 * K)
    return [
        Equal(
            name="left / right side = T(1 − e^{−2T})/(2K) for p₀ = N(0, 1), s_θ = −x + c e^{−t}",
            left=_ratio(claim, values),
            right=ratio,
        ),
        Tends(name="T(1 − e^{−2T})/(2K) → ∞ with T", expr=ratio, variable=T, point=sp.oo, value=sp.oo),
    ]


def _late_divergence(claim: Claim) -> Sequence[Step]:
    push = _SIZE * (1 - t / _LATENESS)
    values = {
        kl_score: information.isotropic_kl(push.subs(t, 0), 1),
        kl_prior: information.isotropic_kl(0, 1),
        loss_likelihood: sp.integrate(2 * push**2, (t, 0, _LATENESS)) / T,
    }
    ratio = 3 * T / (4 * _LATENESS * K)
    return [
        Equal(
            name="left / right side = 3T/(4εK) for p₀ = N(0, 1), s_θ = −x + c(1 − t/ε)₊",
            left=_ratio(claim, values),
            right=ratio,
        ),
        Tends(
            name="3T/(4εK) → ∞ as ε → 0", expr=ratio, variable=_LATENESS, point=sp.S.Zero, value=sp.oo, direction="+"
        ),
    ]


def _steep_divergence(claim: Claim) -> Sequence[Step]:
    """Along x' = −x + (1 + k)x = kx, backward: x(0) = x(T)e^{−kT}; u = kT."""
    steep, point = u / T, sp.Function("y", real=True)
    path = point(T) * sp.exp(steep * (t - T))
    values = {
        kl_ode: information.isotropic_kl(0, 1, sp.exp(-2 * u)),
        kl_prior: information.isotropic_kl(0, 1),
        loss_likelihood: sp.integrate(2 * steep**2, (t, 0, T)) / T,
    }
    ratio = T**2 * (sp.exp(2 * u) - 1 - 2 * u) / (4 * u**2 * K)
    return [
        Equal(
            name="x(T)e^{k(t−T)} solves the flow x' = −x + (1 + k)x",
            left=sp.diff(path, t),
            right=-path + (1 + steep) * path,
        ),
        Equal(
            name="left / right side = T²(e^{2u} − 1 − 2u)/(4u²K), u = kT, for p₀ = N(0, 1), s_θ = −(1 + k)x",
            left=_ratio(claim, values),
            right=ratio,
        ),
        Tends(name="it tends to ∞ with k", expr=ratio, variable=u, point=sp.oo, value=sp.oo),
    ]


_DECADES = tuple(10.0**k for k in range(1, 18, 4))
_HORIZONS = (
    Axis(
        parameter="T",
        values=_DECADES,
        text="s = −x + e^{−t}, p₀ = N(0, 1)",
        family=lambda value: [affine(value, shifts=[0.0, 1.0, 0.0, 0.0])],
    ),
)
_LATER = (
    Axis(
        parameter="1/epsilon",
        values=_DECADES,
        text="T and c fixed",
        family=lambda value: [{"T": 1.0, "epsilon": 1 / arb(value), "push": 1.0}],
    ),
)
_STEEPER = (
    Axis(
        parameter="steepness",
        values=(10.0, 20.0, 40.0, 80.0, 160.0),
        text="s = −(1 + k)x, T fixed",
        family=lambda value: [{"T": 1.0, "steepness": value}],
    ),
)


# Normalisability --------------------------------------------------------------------------------------------------


def _tail_sides(claim: Claim) -> Evaluator:
    """The outcome that `numerics.score_density` finds for slopes a₊, a₋, against the claimed indicator."""
    left, right = claim.left(), claim.right()

    def evaluate(instance: Instance) -> Sides:
        values = {
            integrable: int(has_density(instance["slope_right"], instance["slope_left"])),
            slope_right: instance["slope_right"],
            slope_left: instance["slope_left"],
        }
        return arb(int(left.subs(values))), arb(int(right.subs(values)))

    return evaluate


def has_density(right: int, left: int) -> bool:
    """Whether a₊x on x > 0, a₋x on x < 0 is the score of a probability density, by `numerics.score_density`."""
    features = RandomFeatures(
        weights=np.array([[1.0], [-1.0]]), time_weights=np.zeros((2, 1)), embedding=constant_embedding()
    )
    density = score_density(features, [[float(right), -float(left)]], 0.0)
    try:
        density.pdf(0.0)
    except NotNormalisableError:
        return False
    return True


def _slopes(size: int) -> Iterable[Instance]:
    """All integer slopes up to 3 in modulus (10 from the standard budget on)."""
    top = 3 if size < 100 else 10
    return ({"slope_right": a, "slope_left": b} for a, b in product(range(-top, top + 1), repeat=2))


_TAILS = Exhaustive(
    experiment=Experiment(
        name="tails",
        domain=Domain(fields={name: Integer(low=-100, high=100) for name in ("slope_right", "slope_left")}),
        sides=_tail_sides,
        measures="whether numerics.score_density finds a density, against the claim",
    ),
    elements=_slopes,
    covers=lambda size: f"integer slopes in [{-3 if size < 100 else -10}, {3 if size < 100 else 10}]",
)

_EQUALITY = affine(2.0, mean=1.0)

PLANS = (
    Plan(claim="L2:gap", expected=Verdict.PROVED, methods=(Search(experiment=GAP),)),
    Plan(
        claim="L2:repaired",
        expected=Verdict.PROVED,
        methods=(Search(experiment=AFFINE), Sharpness(experiment=AFFINE, instance=_EQUALITY, constant="C"), TRAINED),
    ),
    Plan(claim="L2:printed", expected=Verdict.REFUTED, methods=(Search(experiment=AFFINE),)),
    Plan(
        claim="L2:printed-short",
        expected=Verdict.PROVED,
        methods=(Search(experiment=SHORT), Sharpness(experiment=SHORT, instance=_EQUALITY, constant="C")),
    ),
    Plan(
        claim="L2:up-to-constant",
        expected=Verdict.REFUTED,
        methods=(
            Scaling(experiment=AFFINE, needed=linear_constant(AFFINE), axes=_HORIZONS, divergence=_horizon_divergence),
        ),
    ),
    Plan(
        claim="L2:shift",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=PROFILES),
            Sharpness(experiment=PROFILES, instance=shifted(1.0, 0.0, 1.0), constant="C"),
        ),
    ),
    Plan(
        claim="L2:score-density",
        expected=Verdict.REFUTED,
        methods=(Scaling(experiment=LATE, needed=linear_constant(LATE), axes=_LATER, divergence=_late_divergence),),
    ),
    Plan(claim="L2:normalisable", expected=Verdict.REFUTED, methods=(_TAILS,)),
    Plan(claim="L2:tails", expected=Verdict.EXHAUSTIVE, methods=(_TAILS,)),
    Plan(
        claim="L2:ode-density",
        expected=Verdict.REFUTED,
        methods=(
            Scaling(experiment=STEEP, needed=linear_constant(STEEP), axes=_STEEPER, divergence=_steep_divergence),
        ),
    ),
    Plan(
        claim="L2:ode-shift",
        expected=Verdict.PROVED,
        methods=(Search(experiment=PROFILES), Sharpness(experiment=PROFILES, instance=shifted(1.0, 1.0), constant="C")),
    ),
)
