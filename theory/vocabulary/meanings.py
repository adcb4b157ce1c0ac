"""What the symbols of the claims mean, and the formal statement of a claim: what a proof must derive.

A symbol is a parameter, for all of whose values a claim is made, or it is measured, and then unfolds to a quantity of
named objects. A claim with a symbol that is neither has no formal statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction

from theory import symbols as sym
from theory.quantifiers import InExpectation, UpToConstant, WithProbability
from theory.statement import Claim, Hypothesis, Identity
from theory.vocabulary import capacity as ca
from theory.vocabulary import capacity_rates as cr
from theory.vocabulary import channels as ch
from theory.vocabulary import classes as cl
from theory.vocabulary import diffusions as df
from theory.vocabulary import features as fe
from theory.vocabulary import gaussians as gs
from theory.vocabulary import generation as gn
from theory.vocabulary import information as it
from theory.vocabulary import learning as le
from theory.vocabulary import moments as mo
from theory.vocabulary import networks as nt
from theory.vocabulary import normals as nl
from theory.vocabulary import objects as o
from theory.vocabulary import processes as pr
from theory.vocabulary import score_matching as sm
from theory.vocabulary.facts import FACTS, LEARNED, OVER
from theory.vocabulary.statements import Rel, Statement, Theorem
from theory.vocabulary.terms import E, FixedSample, Law, Named, Quantity, Sample, Term

FLOW, COORDINATES, CORNERS = o.Object("flow"), o.Object("coordinates"), o.Object("corners")
"""The flow, the coordinates and the corners that a claim's setting names."""
LAG = o.Object("lag")
"""How long a path's noise is damped after the time s: τ − s, or what a mutant's setting says."""


class MeaningError(ValueError):
    """A claim holds a symbol, a hypothesis or a probability that has no formal meaning."""


_SPAN = (sym.early, sym.T)
_NUMBER = sp.Symbol("number", real=True)
_NOW, _EARLIER = o.Path(FLOW, o.Q, o.Theta0, sym.tau), o.Path(FLOW, o.Empirical(o.Q, o.data), o.Theta0, sym.tau)

MEANINGS: Mapping[sp.Symbol, sp.Expr] = MappingProxyType(
    {
        # quadratics and their flows
        sym.loss_tau: o.Value(o.Q, _NOW),
        sym.loss_initial: o.Value(o.Q, o.Theta0),
        sym.loss_comparator: o.Value(o.Q, o.Theta),
        sym.loss_minimum: o.Least(o.Q),
        sym.loss_hat: o.Value(o.Q, _EARLIER),
        sym.norm_initial: o.Norm(o.Theta0),
        sym.norm_comparator: o.Norm(o.Theta),
        sym.norm_tau: o.Norm(_NOW),
        sym.distance_initial: o.Distance(o.Theta0, o.Theta),
        sym.distance_tau: o.Distance(_NOW, o.Theta),
        sym.distance_minimiser: o.ToMinimisers(o.Q, o.Theta0),
        sym.displacement: o.Distance(_NOW, o.Theta0),
        sym.deviation_B: o.MatrixGap(o.Empirical(o.Q, o.data), o.Q),
        sym.deviation_G: o.GradientGap(o.Empirical(o.Q, o.data), o.Q, o.Theta),
        sym.residual: o.Residual(o.Empirical(o.Q, o.data), o.Q, o.Theta0, sym.tau),
        sym.parameter_error: o.Distance(_EARLIER, _NOW),
        sym.score_error: o.ScoreDistance(o.Q, _EARLIER, _NOW),
        sym.score_error_hat: o.ScoreDistance(o.Empirical(o.Q, o.data), _EARLIER, _NOW),
        sym.gradient_sum: o.FeatureGradients(FLOW, o.Empirical(o.Q, o.data), o.Q, o.Theta0, sym.tau),
        sym.S_B: sp.sqrt(o.Variance(o.MATRICES)),
        sym.S_G: sp.sqrt(o.Variance(o.GRADIENTS)),
        sym.trace_B: o.Trace(o.Q),
        # capacity
        **ca.MEANINGS,
        **cr.MEANINGS,
        sym.noise_path: sp.Integral(
            ca.FilterSup(ca.Damped(LAG, sym.s), sym.nu, sym.K_B)
            * ca.WeightedRate(o.EMPIRICAL, o.Q, o.Theta0, sym.nu, sym.s),
            (sym.s, 0, sym.tau),
        ),
        # concentration
        sym.mean_deviation: o.Deviation(o.Y, sym.n),
        sym.op_deviation: o.OperatorDeviation(o.Y, sym.n),
        # moments
        sym.active: mo.Active(mo.feature_law),
        sym.relu_first: mo.ReluMean(mo.feature_law),
        sym.relu_square: mo.ReluSquare(mo.feature_law),
        sym.relu_cross: mo.ReluProduct(mo.pair_law),
        sym.second_variation: mo.SecondVariation(o.Q, mo.direction, COORDINATES),
        sym.quadratic_form: mo.Form(o.Q, mo.direction),
        # networks
        sym.network_abs: nt.Output(nt.network, nt.one),
        sym.network_change: nt.Change(nt.network, nt.one, nt.other),
        sym.slope_left: nt.SlopeLeft(nt.network),
        sym.slope_right: nt.SlopeRight(nt.network),
        sym.intercept_left: nt.InterceptLeft(nt.network),
        sym.intercept_right: nt.InterceptRight(nt.network),
        sym.norm_given: nt.NetworkNorm(nt.network),
        sym.norm_normalised: nt.NetworkNorm(nt.made),
        sym.x_sup: nt.PointNorm(nt.one),
        sym.point_gap: nt.PointGap(nt.one, nt.other),
        # processes
        sym.xt_norm: pr.SupNorm(pr.AT_TIME),
        sym.x0_norm: pr.StartNorm(pr.start),
        sym.path_norm: pr.PathNorm(pr.PATH),
        sym.r_max: pr.LargestScale(pr.sde),
        sym.v_T: pr.LastClock(pr.sde),
        sym.xt_abs: pr.Position(pr.forward, sym.r, sym.v),
        sym.mode_gap: pr.ModeGap(pr.forward, sym.mu),
        # features
        sym.a_sup: fe.WeightBound(o.sampled),
        sym.coordinate_moment: fe.CoordinateMoment(o.p0, o.weight, sym.T),
        sym.box_moment: fe.BoxMoment(o.p0, o.weight, sym.T),
        sym.a_max: fe.WeightMax(o.sampled),
        sym.B_norm: fe.FrobeniusNorm(fe.DATUM_MATRIX),
        sym.b_norm: fe.VectorNorm(fe.DATUM_VECTOR),
        sym.G_norm: fe.VectorNorm(fe.DATUM_GRADIENT),
        sym.reach: fe.Reach(o.Q, fe.datum),
        sym.lambda_mean: fe.WeightMean(o.weight, sym.T),
        sym.scale_moment: fe.ScaleMoment(o.weight, sym.T),
        sym.noise_moment: fe.NoiseMoment(o.weight, sym.T),
        sym.e_sup: fe.EmbeddingBound(fe.embedding),
        # classes of functions
        sym.rademacher: cl.Complexity(cl.F, cl.points, sym.n),
        sym.rademacher_abs: cl.AbsComplexity(cl.F, cl.points, sym.n),
        sym.rademacher_image: cl.Complexity(cl.image, cl.points, sym.n),
        sym.rademacher_abs_image: cl.AbsComplexity(cl.image, cl.points, sym.n),
        sym.rademacher_linear: cl.Complexity(cl.Linear(sym.ball_radius, sym.d), cl.points, sym.n),
        sym.rademacher_affine: cl.Complexity(cl.Affine(sym.ball_radius, sym.d, cl.embedding), cl.points, sym.n),
        sym.point_norm: cl.PointNorm(cl.points),
        sym.input_norm: cl.InputNorm(cl.points, cl.embedding),
        sym.rademacher_first: cl.Complexity(cl.F_1, cl.points, sym.n),
        sym.rademacher_second: cl.Complexity(cl.F_2, cl.points, sym.n),
        sym.rademacher_product: cl.Complexity(cl.Product(cl.F_1, cl.F_2), cl.points, sym.n),
        sym.rademacher_abs_first: cl.AbsComplexity(cl.F_1, cl.points, sym.n),
        sym.rademacher_abs_second: cl.AbsComplexity(cl.F_2, cl.points, sym.n),
        sym.rademacher_abs_product: cl.AbsComplexity(cl.Product(cl.F_1, cl.F_2), cl.points, sym.n),
        sym.sup_first: cl.Supremum(cl.F_1, cl.points),
        sym.sup_second: cl.Supremum(cl.F_2, cl.points),
        sym.rademacher_network: cl.Complexity(cl.network, cl.points, sym.n),
        sym.rademacher_neuron: cl.Complexity(cl.neurons, cl.points, sym.n),
        sym.rademacher_abs_neuron: cl.AbsComplexity(cl.neurons, cl.points, sym.n),
        sym.neuron_sum: cl.PlaneValue(
            cl.SignedSums(cl.points, cl.embedding, cl.signs), cl.Place(cl.neuron, cl.embedding)
        ),
        sym.breakpoint_max: cl.CornerMax(CORNERS, cl.points, cl.embedding, cl.signs),
        sym.rademacher_frozen: cl.Complexity(cl.Frozen(sym.ball_radius), cl.points, sym.n),
        sym.feature_energy: cl.FeatureEnergy(cl.points),
        sym.rademacher_shifted: cl.Complexity(cl.Shifted(cl.F, cl.shift), cl.points, sym.n),
        sym.rademacher_abs_shifted: cl.AbsComplexity(cl.Shifted(cl.F, cl.shift), cl.points, sym.n),
        sym.shift_energy: cl.Energy(cl.shift, cl.points),
        sym.rademacher_expected: cl.ExpectedComplexity(cl.F, cl.inputs, sym.n),
        sym.rademacher_one_sided: cl.ExpectedOneSided(cl.F, cl.inputs, sym.n),
        sym.uniform_deviation: cl.UniformDeviation(cl.F, cl.inputs, sym.n),
        sym.one_sided_deviation: cl.OneSidedDeviation(cl.F, cl.inputs, sym.n),
        # divergences
        sym.loss_dsm: sym.loss_weight * sm.Denoising(o.p0, o.score, sym.r, sym.v),
        sym.loss_sm: sym.loss_weight * sm.Matching(o.p0, o.score, sym.r, sym.v),
        sym.kl_sde: o.Divergence(o.p0, o.score, sym.T),
        sym.kl_ode: o.FlowDivergence(o.p0, o.score, sym.T),
        sym.kl_learned: o.Divergence(o.p0, LEARNED, sym.T),
        sym.loss_likelihood: o.ScoreLoss(o.p0, o.score, o.g_squared, sym.T),
        sym.kl_prior: o.Prior(o.p0, sym.T),
        sym.kl_data: o.Prior(o.p0, sp.S.Zero),
        sym.second_moment: gs.SecondMoment(o.p0),
        sym.mean_log_variance: gs.ComponentMean(
            o.p0, sp.Lambda(gs.component, sp.log(1 + (gs.Spread(gs.component) - 1) * sp.exp(-2 * sym.T)))
        ),
        sym.path_mismatch: o.Mismatch(o.p0, o.score, sym.T),
        sym.loss_bar: o.LimitLoss(o.p0, o.weight, sym.T),
        # diffusion models from ε to T
        sym.kl_early: df.EarlyDivergence(o.p0, df.LEARNED, *_SPAN),
        sym.mean_prior: E(o.data, o.Prior(df.HAT, sym.T)),
        sym.mean_explicit: E(o.data, df.ExplicitLoss(df.HAT, df.LEARNED, *_SPAN)),
        sym.mean_explicit_population: E(o.data, df.ExplicitLoss(o.p0, df.LEARNED, *_SPAN)),
        sym.denoising_gap: E(o.data, df.DenoisingLoss(o.p0, df.LEARNED, *_SPAN))
        - E(o.data, df.DenoisingLoss(df.HAT, df.LEARNED, *_SPAN)),
        sym.sample_divergence: E(o.data, df.LawDivergence(df.HAT, o.p0, sym.early)),
        sym.weight_information: df.WeightInformation(df.rule, o.data),
        sym.prior_hat: o.Prior(df.HAT, sym.T),
        sym.explicit_hat: df.ExplicitLoss(df.HAT, o.score, *_SPAN),
        sym.denoising_hat: df.DenoisingLoss(df.HAT, o.score, *_SPAN),
        sym.rate_hat: df.Rate(df.HAT, sym.T),
        sym.information_hat: df.ChannelInformation(df.HAT, sym.early),
        sym.fisher_floor: sp.Integral(
            sp.Max(sp.sqrt(df.FisherAt(df.HAT, sym.early + _NUMBER)) - sym.score_limit, 0) ** 2,
            (_NUMBER, 0, sym.T - sym.early),
        ),
        sym.information_wide: df.Channel(df.HAT, sp.exp(-sym.T), sp.sqrt(1 - sp.exp(-2 * sym.T))),
        sym.sampler_information: df.SamplerInformation(df.rule, o.data, sym.T),
        sym.path_cost: df.PathCost(df.rule, o.data, df.reference, sym.T),
        **it.MEANINGS,
        **ch.MEANINGS,
        **gn.MEANINGS,
        **le.MEANINGS,
        **nl.MEANINGS,
    }
)

PARAMETERS = frozenset(
    {
        sym.value_range,
        sym.lipschitz,
        sym.temperature,
        sym.size,
        sym.loss_weight,
        sym.size_max,
        sym.mean_initial,
        sym.variance_initial,
        sym.step,
        sym.early,
        sym.loss_range,
        sym.clock,
        sym.best_clock,
        sym.mean_size,
        sym.euler_step,
        sym.data_variance,
        sym.encoder_gain,
        sym.encoder_variance,
        sym.decoder_gain,
        sym.decoder_variance,
        sym.beta_first,
        sym.spread_at,
        sym.spread_mirrored,
        sym.bandwidth,
        sym.beta_last,
        sym.score_limit,
        sym.mean_1,
        sym.mean_2,
        sym.std_1,
        sym.std_2,
    }
    | {
        sym.n,
        sym.m,
        sym.d,
        sym.delta,
        sym.tau,
        sym.T,
        sym.kappa_star,
        sym.M,
        sym.sigma_Y,
        sym.weak_Y,
        sym.radius_Y,
        sym.diameter,
        sym.K_B,
        sym.K_G,
        sym.nu,
        sym.share,
        sym.laplace_at,
        sym.laplace_chord,
        sym.noise_leading,
        sym.noise_rest,
        sym.C,
        sym.K,
    }
    | {
        sym.a1,
        sym.a3,
        sym.a4,
        sym.b1,
        sym.alpha,
        sym.x,
        sym.x0,
        sym.t,
        sym.s,
        sym.r,
        sym.v,
        sym.mu,
        sym.q,
        sym.u,
        sym.y,
        sym.y0,
        sym.ball_radius,
    }
    | cr.PARAMETERS
    | it.PARAMETERS
    | le.PARAMETERS
)
"""Numbers that a claim is made for all of."""

_CORNERS = {"all": cl.ALL_CORNERS, "breakpoints": cl.BREAKPOINTS, "vertices": cl.VERTICES, "right": cl.RIGHT_CORNERS}
_BOUNDS = {sym.K_B: o.NormBound(o.MATRICES), sym.K_G: o.Diameter(o.GRADIENTS) / 2}
_FEATURE_LOSS = {o.Q: o.FeatureLoss(o.features, o.p0, o.weight, sym.T)}
_SAMPLED = {o.features: o.sampled, o.Theta: o.SampledWeights(o.sampled), sym.M: o.NormBound(o.NEURONS)}
IN_CLAIMS: Mapping[str, tuple[Mapping[Any, Any], ...]] = MappingProxyType(
    {
        "T1:bound-G": ({sym.K_B: fe.LargestMatrix(o.Q), sym.K_b: fe.LargestVector(o.Q)},),
        "T1:repaired": (_BOUNDS, _FEATURE_LOSS),
        "T1:capacity": (_FEATURE_LOSS,),
        "T1:simple": (_BOUNDS, _FEATURE_LOSS),
        "T1:sampled": (_BOUNDS, _FEATURE_LOSS, _SAMPLED),
        "T1:width": (_FEATURE_LOSS, _SAMPLED),
        "R6": ({sym.rademacher_abs: cl.AbsComplexity(cl.F, cl.inputs, sym.n)},),
        "L8": ({sym.M: o.NormBound(o.NEURONS), sym.mc_error: o.Deviation(o.NEURONS, sym.m) ** 2},),
        "L6": ({sym.M: o.NormBound(o.NEURONS), sym.mc_error: o.Deviation(o.NEURONS, sym.m) ** 2},),
        "T2:repaired": (_FEATURE_LOSS,),
        "T2:capacity": (_FEATURE_LOSS,),
        **gn.IN_CLAIMS,
        **nl.IN_CLAIMS,
        "EQ-7:population": ({sym.fisher: sm.MarginalEnergy(o.p0, sym.r, sym.v)},),
        "T2:hidden-mean-square": (
            {sym.fisher: nt.FisherInformation(o.p0), sym.score_gap: nt.ScoreGap(o.p0, nt.network)},
        ),
    }
)
"""By claim or family: what symbols and objects mean there, one replacement after the other, before `MEANINGS`."""


def unfold(expr: Any, claim: Claim) -> Any:
    """An expression in a claim's symbols as a term over named objects; MeaningError for a symbol without a meaning."""
    base = claim.id.split("~", maxsplit=1)[0]
    return _unfolded(sp.sympify(expr), base, claim.family, frozenset(claim.setting.items()))


@lru_cache(maxsize=65536)
def _unfolded(expr: Any, claim_id: str, family: str, settings: frozenset[tuple[str, str]]) -> Any:
    setting = dict(settings)
    steps = [*IN_CLAIMS.get(family, ()), *IN_CLAIMS.get(claim_id, ())]
    own = {old: new for step in steps for old, new in step.items() if isinstance(old, sp.Symbol) and old.is_real}
    expr = expr.xreplace({**MEANINGS, **own})
    opaque = {s for s in expr.free_symbols if s.name in sym.REGISTRY and sym.REGISTRY[s.name].symbol == s} - PARAMETERS
    if opaque:
        raise MeaningError(f"{min(map(str, opaque))} has no formal meaning in {claim_id}")
    for step in steps:
        expr = expr.xreplace({old: new for old, new in step.items() if old not in own})
    for place, part, named in (
        (FLOW, "flow", {"scaled": o.scaled, "A": o.A}),
        (COORDINATES, "coordinates", {"scaled": mo.IN_SCALED, "A": mo.IN_A}),
        (CORNERS, "corners", _CORNERS),
        (LAG, "filter", {"damped": sym.tau - sym.s, "final": sym.tau}),
    ):
        if part in setting:
            expr = expr.xreplace({place: named[setting[part]]})
    if setting.get("weight") == "g²":
        expr = expr.xreplace({o.weight: o.g_squared})
    if expr.has(FLOW, COORDINATES, CORNERS, LAG):
        raise MeaningError(
            f"{claim_id} does not say along which flow, in which coordinates, over which corners, or how damped"
        )
    return expr


def facts_of(hypothesis: Hypothesis, claim: Claim) -> tuple[Statement, ...]:
    """What a hypothesis of a claim says formally."""
    if hypothesis.checked:
        sides = unfold(hypothesis.lesser, claim), unfold(hypothesis.greater, claim)
        return (Rel(sides[0], "<" if hypothesis.strict else "<=", sides[1]),)
    if hypothesis.statement not in FACTS:
        raise MeaningError(f"the hypothesis {hypothesis.name!r} of {claim.id} has no formal meaning")
    return tuple(fact.map(lambda e: unfold(e, claim)) for fact in FACTS[hypothesis.statement])


def _samples(statement: Statement) -> set[Any]:
    return {s for part in statement.parts for s in part.free_symbols if isinstance(s, Sample)}


@lru_cache(maxsize=1024)
def formal(claim: Claim) -> Theorem:
    """The formal statement of a claim, as a theorem that may be used; MeaningError where it has none.

    A hypothesis on a sample that occurs on neither side says nothing of the claim, and is left out.
    """
    held, stated = {}, []
    for constant in claim.constants.values():
        if constant.value.has(sp.LambertW):
            stated.append(Rel(constant.symbol, "=", constant.value))
        elif isinstance(claim.quantifier, UpToConstant) and constant.value.free_symbols:
            raise MeaningError(f"the constant {constant.symbol} of {claim.id} is no number")
        else:
            held[constant.symbol] = constant.value
    left, right = (
        unfold(sp.Add(*(e.subs(held) for e in side.values())), claim)
        for side in (claim.relation.lhs, claim.relation.rhs)
    )
    quantifier = claim.quantifier.inner if isinstance(claim.quantifier, UpToConstant) else claim.quantifier
    failure, over = sp.S.Zero, ()
    if isinstance(quantifier, (WithProbability, InExpectation)):
        if quantifier.over not in OVER:
            raise MeaningError(f"the randomness {quantifier.over!r} of {claim.id} has no formal meaning")
        over = OVER[quantifier.over]
    if isinstance(quantifier, WithProbability):
        failure = 1 - quantifier.at_least
    present = {s for side in (left, right) for s in side.free_symbols if isinstance(s, Sample)}
    facts = [fact for h in claim.hypotheses for fact in facts_of(h, claim)]
    given = [*stated, *(fact for fact in facts if _samples(fact) <= present)]
    parts = [left, right, failure, *(part for fact in given for part in fact.parts)]
    free = {s for part in parts for s in part.free_symbols if not isinstance(s, (Named, FixedSample))}
    if isinstance(quantifier, InExpectation):
        (random,) = [sample for sample in over if sample in free]
        left = E(random, left)
    unknown = {node.func for part in parts for node in part.atoms(AppliedUndef)}
    variables = {f for f in unknown if type(f) is UndefinedFunction and not issubclass(f, (Quantity, Law, Term))}
    return Theorem(
        id=claim.id,
        sentence=claim.sentence,
        source=str(claim.source),
        takes=tuple(sorted(free | variables, key=str)),
        given=tuple(dict.fromkeys(given)),
        says=Rel(left, "=" if isinstance(claim.relation, Identity) else "<=", right),
        failure=failure,
        over=tuple(sample for sample in over if sample in free) if failure != 0 else (),
        trust="claim",
    )


__all__ = ["FLOW", "IN_CLAIMS", "MEANINGS", "PARAMETERS", "MeaningError", "facts_of", "formal", "unfold"]
