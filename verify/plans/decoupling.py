"""Plans for the decoupling lemma: Bernoulli laws and Gaussian laws, everything in closed form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sympy as sp
from flint import arb

from theory.statement import Claim
from theory.symbols import (
    chance,
    cumulant_above,
    cumulant_below,
    kl_laws,
    kl_reversed,
    lower_square,
    mean_difference,
    mean_drop,
    proxy,
    proxy_below,
    proxy_first,
    tilt,
    u,
    variance_second,
)
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Real
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Equal, Step, Tends
from verify.evidence.verdict import Verdict
from verify.models.linear_gaussian import kl_gaussian
from verify.models.two_point_laws import bernoulli_cumulant, bernoulli_proxy, kl_bernoulli

# f(x) = x on {0, 1} ---------------------------------------------------------------------------------------------------


def _coins(i: Instance) -> Quantities:
    """μ = Bern(q), ν = Bern(p)."""
    p, q = arb(i["p"]), arb(i["q"])
    drop = p - q
    out = {
        chance: p,
        mean_drop: drop,
        mean_difference: abs(drop),
        kl_laws: kl_bernoulli(q, p),
        proxy: bernoulli_proxy(p).sqrt(),
        proxy_below: bernoulli_proxy(p).sqrt(),
        proxy_first: bernoulli_proxy(q).sqrt(),
        lower_square: p,
        variance_second: p * (1 - p),
        kl_reversed: kl_bernoulli(p, q) if 0 < q < 1 else arb.nan(),
    }
    if "eta" in i:
        eta = arb(i["eta"])
        out |= {tilt: eta, cumulant_above: bernoulli_cumulant(p, eta), cumulant_below: bernoulli_cumulant(p, -eta)}
    return out


_P, _Q, _ETA = Real(low=1e-4, high=0.9999), Real(low=0, high=1), Real(low=1e-3, high=30, log=True)
COINS = Experiment(
    name="coins",
    domain=Domain(fields={"p": _P, "q": _Q}),
    extremal=(
        {"p": 0.5, "q": 1.0},
        {"p": 0.5, "q": 0.51},
        {"p": 0.01, "q": 0.0099},
        {"p": 0.5, "q": 0.49},
        {"p": 0.5, "q": 1e-9},
        {"p": 0.9, "q": 1e-9},
    ),
    sides=lambda claim: relation_sides(claim, _coins),
    measures="f = x under two Bernoulli laws: the difference of the means over the bound",
)
TILTED = Experiment(
    name="tilted-coins",
    domain=Domain(fields={"p": _P, "q": _Q, "eta": _ETA}),
    extremal=(
        {"p": 0.5, "q": 1 / (1 + 2.718281828459045), "eta": 1.0},
        {"p": 0.1, "q": 0.1 / (0.1 + 0.9 * 7.38905609893065), "eta": 2.0},
        {"p": 0.9, "q": 0.9 / (0.9 + 0.1 * 7.38905609893065), "eta": 2.0},
        {"p": 0.9, "q": 1e-9, "eta": 5.0},
    ),
    sides=lambda claim: relation_sides(claim, _coins),
    measures="the same at one η, and near e^{−ηf}ν, where it is an equality",
)
_TIGHT = {"p": 0.1, "q": 0.0, "eta": 4.394449154672439}
MOMENTS = Experiment(
    name="bernoulli-moments",
    domain=Domain(fields={"p": Real(low=1e-6, high=0.4999), "q": Real(low=0, high=0), "eta": _ETA}),
    extremal=(_TIGHT, {"p": 0.4, "q": 0.0, "eta": 0.8109302162163288}),
    sides=lambda claim: relation_sides(claim, _coins),
    measures="log E e^{η(f−p)} over its bound",
)

# f(z) = (z − b)²/2 of a normal number --------------------------------------------------------------------------------


def _normals(i: Instance) -> Quantities:
    """ν = N(0, 1), μ = N(m, s²)."""
    mean, variance, centre = arb(i["mean"]), arb(i["std"]) ** 2, arb(i["centre"])
    fresh, seen = 1 + centre**2, variance + (mean - centre) ** 2
    return {
        mean_drop: (fresh - seen) / 2,
        kl_laws: kl_gaussian(mean, variance, arb(1)),
        kl_reversed: kl_gaussian(mean, arb(1), variance),
        variance_second: (1 + 2 * centre**2) / 2,
    }


def _normal(mean: float, std: float, centre: float) -> Instance:
    return {"mean": mean, "std": std, "centre": centre}


NORMALS = Experiment(
    name="normal-laws",
    domain=Domain(
        fields={
            "mean": Real(low=-5, high=5),
            "std": Real(low=0.01, high=10, log=True),
            "centre": Real(low=-100, high=100),
        }
    ),
    extremal=(_normal(0.001, 1.0, 100.0), _normal(0.0, 0.99, 0.0), _normal(2.0, 5.0, 20.0), _normal(3.0, 2.0, 3.0)),
    sides=lambda claim: relation_sides(claim, _normals),
    measures="f = (z−b)²/2 under two normal laws: the drop of the mean over the bound",
)

# f = (x − wz − b)²/(2v), η in units of v/V --------------------------------------------------------------------------


def _log_loss(i: Instance) -> Quantities:
    """x − wz − b ~ N(0, v): f = Z²/2."""
    eta = arb(i["eta"])
    return {tilt: eta, variance_second: arb(1) / 2, cumulant_above: -((-eta).log1p() + eta) / 2}


LOG_LOSS = Experiment(
    name="log-loss",
    domain=Domain(fields={"eta": Real(low=1e-3, high=0.999)}),
    extremal=({"eta": 0.5},),
    sides=lambda claim: relation_sides(claim, _log_loss),
    measures="log E e^{η(f−Ef)} of f = Z²/2 over the bound",
)


def _needed_constant(claim: Claim) -> Callable[[Instance], arb]:
    """The left side over the right one without its constant."""
    unit = relation_sides(claim.with_constant("K", sp.S.One), _log_loss)

    def at(instance: Instance) -> arb:
        left, right = unit(instance)
        return left / right

    return at


def _no_constant(claim: Claim) -> Sequence[Step]:
    """With η = 1 − e^{−u} the left side is (u − η)/2, and the right one at most K/4."""
    eta = 1 - sp.exp(-u)
    left = claim.left().subs(cumulant_above, -(sp.log(1 - tilt) + tilt) / 2).subs(tilt, eta)
    right = claim.right().subs({variance_second: sp.Rational(1, 2), tilt: eta}) / claim.constants["K"].value
    return [
        Equal(name="log E e^{η(f−Ef)} = (u − η)/2 at η = 1 − e^{−u}", left=left, right=(u - eta) / 2),
        Tends(
            name="the bound over it tends to 0 as u → ∞, for every K",
            expr=right / left,
            variable=u,
            point=sp.oo,
            value=sp.S.Zero,
        ),
    ]


_UNBOUNDED = Scaling(
    experiment=LOG_LOSS,
    needed=_needed_constant,
    axes=(
        Axis(
            parameter="1/(1-eta)",
            values=tuple(10.0**k for k in range(1, 40, 6)),
            text="η → v/V",
            family=lambda value: [{"eta": 1 - 1 / arb(value)}],
        ),
    ),
    divergence=_no_constant,
)
_SEARCHED = (Search(experiment=COINS),)
PLANS = (
    Plan(claim="IT1:printed", expected=Verdict.PROVED, methods=_SEARCHED),
    Plan(claim="IT1:first-law", expected=Verdict.REFUTED, methods=_SEARCHED),
    Plan(claim="IT1:one-sided", expected=Verdict.PROVED, methods=(Search(experiment=TILTED),)),
    Plan(claim="IT1:below", expected=Verdict.PROVED, methods=_SEARCHED),
    Plan(claim="IT1:lower", expected=Verdict.PROVED, methods=_SEARCHED),
    Plan(claim="IT1:quadratic", expected=Verdict.PROVED, methods=(Search(experiment=NORMALS),)),
    Plan(claim="IT1:log-loss", expected=Verdict.REFUTED, methods=(_UNBOUNDED,)),
    Plan(
        claim="IT1:bernoulli",
        expected=Verdict.PROVED,
        methods=(Search(experiment=MOMENTS), Sharpness(experiment=MOMENTS, instance=_TIGHT, constant="C")),
    ),
)
