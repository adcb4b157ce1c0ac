"""Plans for Lemma 2: exact linear-Gaussian families, proofs along the Fokker–Planck equation, trained models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np
import sympy as sp
from flint import arb

from numerics import NotNormalisableError, RandomFeatures, constant_embedding, score_density
from theory import information
from theory.claims import REGISTRY
from theory.sde import LinearSDE
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
    path_mismatch,
    s,
    slope_left,
    slope_right,
    t,
    u,
    x,
)
from verify.evidence.confrontation import Evaluator, Experiment, Sides
from verify.evidence.domain import Domain, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, linear_constant
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step, Tends
from verify.evidence.verdict import Verdict
from verify.models.linear_gaussian import AFFINE, GAP, LATE, PROFILES, SHORT, STEEP, affine, shifted
from verify.models.trained_diffusions import TRAINED

_SCHWARZ = Cited(theorem="Cauchy–Schwarz", use="(∫ a b)² <= ∫ a² ∫ b²")
_PUSH = sp.Function("c", real=True)
_SQUARE = sp.Symbol("Q", nonnegative=True)  # ∫_0^T c²
_LENGTH = sp.Symbol("I", real=True)  # the integral of c that makes the mean
_SIZE = sp.Symbol("c", real=True, nonzero=True)
_LATENESS = sp.Symbol("epsilon", positive=True)

# The gap, for every linear SDE ------------------------------------------------------------------------------------


def _gap_steps(claim: Claim) -> Sequence[Step]:
    """d/dt KL(p_t‖q_t) = ½g²(E‖s − s_q‖² − E‖s − s_p‖²) up to a flux, and its integral is the claim."""
    sde = LinearSDE.abstract()
    f, g = sde.drift, sde.diffusion
    p, q = (sp.Function(name, positive=True)(x, t) for name in "pq")
    score = sp.Function("s", real=True)(x, t)
    own, generated = sp.diff(p, x) / p, sp.diff(q, x) / q
    flow_p = f * x * p - g**2 / 2 * sp.diff(p, x)
    flow_q = (f * x - g**2 * score) * q + g**2 / 2 * sp.diff(q, x)
    rates = {sp.Derivative(p, t): -sp.diff(flow_p, x), sp.Derivative(q, t): -sp.diff(flow_q, x)}
    flux = p / q * flow_q - flow_p * (sp.log(p / q) + 1)
    mismatches = g**2 / 2 * p * ((score - generated) ** 2 - (score - own) ** 2)
    errors, gaps = sp.symbols("E_s E_q", nonnegative=True)  # ∫_0^T g² E‖s_θ − ·‖² dt
    values = {kl_sde: kl_prior - (gaps - errors) / 2, path_mismatch: gaps / 2, loss_likelihood: errors / T}
    return [
        Equal(
            name="∂ₜ(p log(p/q)) = ∂ₓ flux + ½g²p(‖s − ∇log q‖² − ‖s − ∇log p‖²), coordinate by coordinate",
            left=sp.expand(sp.diff(p * sp.log(p / q), t).subs(rates).doit()),
            right=sp.expand(sp.diff(flux, x).doit() + mismatches),
        ),
        Cited(
            theorem="fundamental theorem of calculus",
            use="KL(p_T‖π) − KL(p₀‖q₀) = ½∫g²(E‖s_θ − ∇log q_t‖² − E‖s_θ − ∇log p_t‖²) dt, fluxes vanishing",
        ),
        Equal(
            name="with L̃ the average of g² E‖s_θ − ∇log p_t‖² both sides agree",
            left=claim.left().subs(values),
            right=claim.right().subs(values),
        ),
    ]


def _repaired_steps(claim: Claim) -> Sequence[Step]:
    gap = REGISTRY["L2:gap"]
    return [
        Equal(name="left side + mismatch = left side of L2:gap", left=claim.left() + path_mismatch, right=gap.left()),
        Equal(name="the right side is that of L2:gap", left=claim.right(), right=gap.right()),
        Sign(name="the mismatch is nonnegative", expr=path_mismatch),
        Cited(
            theorem="L2:gap",
            use="(T/2)L̃ + KL(p_T‖π) − KL(p₀‖SDE) is the mismatch (Girsanov's theorem and data "
            "processing give the inequality as well)",
        ),
    ]


def _short_steps(claim: Claim) -> Sequence[Step]:
    repaired, short = REGISTRY["L2:repaired"], 2 / (1 + u)
    return [
        Equal(name="the left side is that of L2:repaired", left=claim.left(), right=repaired.left()),
        Equal(
            name="right side − that of L2:repaired = L̃ u/(1 + u) at T = 2/(1 + u), which runs through (0, 2]",
            left=(claim.right() - repaired.right()).subs(T, short),
            right=loss_likelihood * u / (1 + u),
        ),
        Sign(name="L̃ u/(1 + u) >= 0", expr=loss_likelihood * u / (1 + u)),
        Cited(theorem="L2:repaired", use="the divergence is at most (T/2)L̃ + KL(p_T‖π)"),
    ]


# Shifts of the score ----------------------------------------------------------------------------------------------


def _shift_steps(claim: Claim) -> Sequence[Step]:
    """The reverse mean solves M' = M − 2c from M(T) = 0, the variance stays 1."""
    mean = 2 * sp.Integral(_PUSH(s) * sp.exp(t - s), (s, t, T))
    spread = sp.Symbol("P", positive=True)
    values = {kl_sde: information.isotropic_kl(2 * _LENGTH, 1), loss_likelihood: 2 * _SQUARE / T}
    return [
        Equal(
            name="M(t) = 2∫_t^T c(s)e^{t−s} ds solves M' = −M − 2(−M + c), the mean of the reverse SDE",
            left=sp.diff(mean, t),
            right=sp.expand(-mean - 2 * (-mean + _PUSH(t))),
        ),
        Equal(name="M(T) = 0", left=mean.subs(t, T).doit(), right=sp.S.Zero),
        Equal(
            name="the variance 1 is stationary for P' = 2P − 2", left=(2 * spread - 2).subs(spread, 1), right=sp.S.Zero
        ),
        _SCHWARZ,
        Equal(
            name="∫e^{−2s} ds = (1 − e^{−2T})/2",
            left=sp.integrate(sp.exp(-2 * s), (s, 0, T)),
            right=(1 - sp.exp(-2 * T)) / 2,
        ),
        Equal(name="left side = 2I², I = ∫c e^{−s} ds", left=claim.left().subs(values), right=2 * _LENGTH**2),
        Equal(
            name="right side = 2 ∫c² ∫e^{−2s}",
            left=claim.right().subs(values),
            right=2 * _SQUARE * (1 - sp.exp(-2 * T)) / 2,
        ),
    ]


def _flow_steps(claim: Claim) -> Sequence[Step]:
    """Along the probability flow x' = −x − (−x + c) = −c: a translation by ∫c."""
    path = x + sp.Integral(_PUSH(s), (s, t, T))
    values = {kl_ode: information.isotropic_kl(_LENGTH, 1), loss_likelihood: 2 * _SQUARE / T}
    return [
        Equal(name="x + ∫_t^T c solves x' = −x − (−x + c)", left=sp.diff(path, t), right=-path - (-path + _PUSH(t))),
        _SCHWARZ,
        Equal(name="left side = ½I², I = ∫c", left=claim.left().subs(values), right=_LENGTH**2 / 2),
        Equal(
            name="right side = ½ ∫c² ∫1",
            left=claim.right().subs(values),
            right=_SQUARE * sp.integrate(sp.S.One, (s, 0, T)) / 2,
        ),
    ]


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
    Plan(claim="L2:gap", expected=Verdict.PROVED, methods=(Search(experiment=GAP), Proof(steps=_gap_steps))),
    Plan(
        claim="L2:repaired",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=AFFINE),
            Sharpness(experiment=AFFINE, instance=_EQUALITY, constant="C"),
            TRAINED,
            Proof(steps=_repaired_steps),
        ),
    ),
    Plan(claim="L2:printed", expected=Verdict.REFUTED, methods=(Search(experiment=AFFINE),)),
    Plan(
        claim="L2:printed-short",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=SHORT),
            Sharpness(experiment=SHORT, instance=_EQUALITY, constant="C"),
            Proof(steps=_short_steps),
        ),
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
            Proof(steps=_shift_steps),
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
        methods=(
            Search(experiment=PROFILES),
            Sharpness(experiment=PROFILES, instance=shifted(1.0, 1.0), constant="C"),
            Proof(steps=_flow_steps),
        ),
    ),
)
