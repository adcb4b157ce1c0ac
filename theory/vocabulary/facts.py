"""What the assumed hypotheses of the claims say, as facts; what their probabilities are over, as samples."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sympy as sp

from theory import symbols as sym
from theory.mixture import GaussianMixture
from theory.sde import DIFFUSION, DRIFT, LinearSDE
from theory.vocabulary import capacity as ca
from theory.vocabulary import capacity_rates as cr
from theory.vocabulary import channels as ch
from theory.vocabulary import classes as cl
from theory.vocabulary import diffusions as df
from theory.vocabulary import features as fe
from theory.vocabulary import generation as gn
from theory.vocabulary import information as it
from theory.vocabulary import learning as le
from theory.vocabulary import moments as mo
from theory.vocabulary import networks as nt
from theory.vocabulary import normals as nl
from theory.vocabulary import objects as o
from theory.vocabulary import processes as pr
from theory.vocabulary.statements import Fact, Rel, Statement
from theory.vocabulary.terms import Image

LEARNED = o.Score(o.features, o.Path(o.scaled, o.Empirical(o.Q, o.data), o.Theta0, sym.tau))
"""The network that the flow on the data has found at time τ."""


_SHIFT = sp.Function("c", real=True)
_P = sp.Function("p", positive=True)


def _fact(name: str, *args: object) -> Fact:
    return Fact(name, tuple(map(sp.sympify, args)))


def _score(point: sp.Expr) -> sp.Expr:
    """The score of two equal modes at ±μ; signs in the form that |·| gives them."""
    return nt.ScoreAt(sp.Lambda(sym.x, sp.signsimp(GaussianMixture.two_modes(sym.mu).pdf)), point)


_IID = (_fact("iid", o.data, sym.n), _fact("population", o.Q, o.data))

FACTS: Mapping[str, tuple[Statement, ...]] = MappingProxyType(
    {
        # Hilbert space
        "Y₁, …, Yₙ are i.i.d. in a separable Hilbert space with ‖Y‖ <= M": (
            _fact("iid", o.Y, sym.n),
            _fact("bounded", o.Y, sym.M),
        ),
        "Y₁, …, Yₙ are i.i.d. in a separable Hilbert space with E‖Y−EY‖² <= σ_Y² and ‖Y−Y'‖ <= diam Y for two "
        "independent copies": (
            _fact("iid", o.Y, sym.n),
            _fact("spread", o.Y, sym.sigma_Y),
            _fact("diameter", o.Y, sym.diameter),
        ),
        "Y₁, …, Yₙ are i.i.d. Hilbert–Schmidt operators with 0 ⪯ Y ⪯ M·I and E‖Y−EY‖_F² <= σ_Y²": (
            _fact("iid", o.Y, sym.n),
            _fact("psd", o.Y),
            _fact("operator_bounded", o.Y, sym.M),
            _fact("spread", o.Y, sym.sigma_Y),
        ),
        "Y₁, …, Yₙ are i.i.d. in a separable Hilbert space with E‖Y−EY‖² <= σ_Y²; no bound on ‖Y‖": (
            _fact("iid", o.Y, sym.n),
            _fact("spread", o.Y, sym.sigma_Y),
        ),
        "Y₁, …, Yₙ are i.i.d. in a separable Hilbert space": (_fact("iid", o.Y, sym.n),),
        "E‖Y−EY‖² <= σ_Y²": (_fact("spread", o.Y, sym.sigma_Y),),
        "‖Cov Y‖ <= w_Y²": (_fact("weak_spread", o.Y, sym.weak_Y),),
        "‖Y−EY‖ <= R_Y": (_fact("radius", o.Y, sym.radius_Y),),
        # quadratics and their flows
        "L̃ = tr(ΘBΘᵀ) − 2 tr(Θbᵀ) + c with B PSD and b in the range of B (so for every random-feature loss)": (
            _fact("quadratic", o.Q),
            _fact("quadratic", o.Empirical(o.Q, o.data)),
        ),
        "B̂+ν ⪰ c_ν(B+ν) and B̂ ⪯ K_B": (
            Rel(sym.share, "<=", ca.Kept(o.EMPIRICAL, o.Q, sym.nu)),
            Rel(o.LargestEigenvalue(o.EMPIRICAL), "<=", sym.K_B),
        ),
        "the loss of the data is the mean of theirs, each with a minimum (so for every random-feature loss)": (
            _fact("losses", o.Q, o.data),
        ),
        **cr.FACTS,
        "c_ν is at most what the best branch of CAP:lower-tail keeps at δ/2; the m features do not depend on the "
        "data": (
            Rel(sym.share, "<=", ca.best_tail(sym.delta / 2)),
            _fact("features", o.Q, sym.m),
            _fact("fixed", o.MatrixPart(o.Q), o.data),
        ),
        "c_ν is at most what the best branch of CAP:lower-tail keeps at δ/3; the m features do not depend on the "
        "data": (
            Rel(sym.share, "<=", ca.best_tail(sym.delta / 3)),
            _fact("features", o.Q, sym.m),
            _fact("fixed", o.MatrixPart(o.Q), o.data),
        ),
        "the data are i.i.d. from p₀; B(x₀) and b(x₀) have second moments": (
            *_IID,
            _fact("square_integrable", o.MATRICES),
            _fact("square_integrable", Image(o.VectorPart(o.Q), o.data)),
        ),
        "C‖ξ(τ)B_ν^{−½}‖ + ∫ω_τ‖ξ'(s)B_ν^{−½}‖ds is above N₁+N₂ with probability δ/2 at most": (
            _fact(
                "noise_mostly",
                *(o.data, o.Q, o.Theta0, sym.tau, sym.nu, sym.K_B),
                *(sym.noise_leading + sym.noise_rest, sym.delta / 2),
            ),
        ),
        "the data are i.i.d. from p₀; on its support, bounded say, ‖B(x₀)‖ <= K_B": (
            *_IID,
            _fact("operator_bounded", o.MATRICES, sym.K_B),
        ),
        "the data are i.i.d. from p₀; on its support, bounded say, ‖G(x₀)−G(x₀′)‖ <= 2K_G": (
            *_IID,
            _fact("diameter", o.GRADIENTS, 2 * sym.K_G),
        ),
        "the data are i.i.d. from p₀; B(x₀) has a second moment": (*_IID, _fact("square_integrable", o.MATRICES)),
        "the data are i.i.d. from p₀; G(x₀) has a second moment": (*_IID, _fact("square_integrable", o.GRADIENTS)),
        "the data are i.i.d. from p₀; B(x₀) and G(x₀) have second moments": (
            *_IID,
            _fact("square_integrable", o.MATRICES),
            _fact("square_integrable", o.GRADIENTS),
        ),
        "the data are i.i.d. from p₀; m features, which do not depend on them, have B = E B(x₀) ⪰ 0": (
            *_IID,
            _fact("quadratic", o.Q),
            _fact("features", o.Q, sym.m),
            _fact("fixed", o.MatrixPart(o.Q), o.data),
        ),
        "the features do not depend on the data": (_fact("fixed", o.MatrixPart(o.Q), o.data),),
        "features and comparator do not depend on the data": (
            _fact("fixed", o.MatrixPart(o.Q), o.data),
            _fact("fixed", o.Theta, o.data),
        ),
        "the sampled features are independent of the data": (_fact("independent", o.data, o.sampled),),
        # processes and features
        "x(t) = r(t)(x(0) + W(v(t)²)) with W a d-dimensional Brownian motion: the SDE is linear with scalar f, g": (
            _fact("linear_sde", pr.start, pr.noise, sym.d),
        ),
        "x(0) ~ (1−q) N(−μ, 1) + q N(μ, 1), any weight q in [0, 1], d = 1": (
            _fact("two_modes", pr.forward, sym.mu),
            _fact("two_mode_law", o.p0, sym.mu),
            _fact("on_line", o.p0),
        ),
        "noise has entered: the variance P = (rv)² is positive": (Rel(sp.S.Zero, "<", LinearSDE.abstract().variance),),
        "f and g are continuous and real on [0, T]": tuple(
            _fact("continuous", sp.Lambda(sym.x, function(sym.x))) for function in (DRIFT, DIFFUSION)
        ),
        "features of x_t and e(t) on the line, under a bounded weight λ": (
            _fact("line_features", o.Q, o.weight, sym.T),
        ),
        "the data are drawn from p₀": (_fact("law", o.data, o.p0),),
        "‖w_i‖₁ + ‖u_i‖₁ <= 1 for every feature": (_fact("unit_rows", o.Q),),
        "DSM labels with a bounded weight: b(x₀)_i = −(w_i/√m) E_t λ P(active)": (
            _fact("stein", o.Q),
            _fact("supported", fe.datum, o.Q),
            _fact("weight", o.Q, o.weight, sym.T),
        ),
        # divergences
        "p_t and the laws q_t of the reverse SDE are smooth and positive, KL(p₀‖π) is finite, and the fluxes in the "
        "derivative of KL(p_t‖q_t) vanish at infinity": (_fact("regular", o.p0, o.score, sym.T),),
        "dx = −x dt + √2 dW and π = N(0, I)": (_fact("ornstein_uhlenbeck", o.p0),),
        "KL(p₀‖π) is finite": (_fact("finite_divergence", o.p0),),
        "p₀ is a mixture of normal laws N(m_k, v_k I), v_k > 0, with weights w_k": (
            _fact("gaussian_mixture", o.p0, sym.d),
        ),
        "E‖x(0)‖² is finite": (_fact("second_moment", o.p0, sym.d),),
        "Ornstein–Uhlenbeck, p₀ = N(0, 1) and s_θ(x, t) = −x + c(t)": (
            _fact("shifted_score", o.p0, o.score, sp.Lambda(sym.t, _SHIFT(sym.t))),
        ),
        "p₀ = N(m₀, v₀ I), ‖m₀‖ its mean's norm": (
            _fact("gaussian", o.p0, sym.mean_initial, sym.variance_initial, sym.d),
        ),
        "p₀ = N(m₀, I)": (_fact("gaussian", o.p0, sym.mean_initial, 1, sym.d),),
        # networks
        "s = (1/m)Σ a_i σ(w_i·x + u_i·e(t)), ‖w_i‖₁+‖u_i‖₁ <= 1, ‖s‖_H² = (1/m)Σ‖a_i‖²": (
            _fact("random_feature_network", nt.network, o.Theta),
        ),
        "both losses average over x_0 ~ p0 and the noise": (_fact("population_losses", o.p0, o.score, sym.d),),
        "every feature has the size ‖w_i‖₁ + ‖u_i‖₁ = c": (_fact("common_size", nt.network, sym.size),),
        "every feature has a size ‖w_i‖₁ + ‖u_i‖₁ in (0, c_max]": (_fact("sizes_up_to", nt.network, sym.size_max),),
        "each (a_i, w_i, u_i) is replaced by (c_i a_i, w_i/c_i, u_i/c_i), c_i its size": (
            _fact("normalised", nt.made, nt.network),
        ),
        "for large |x| the network is −x + μ on the right and −x − μ on the left": (
            Rel(nt.SlopeRight(nt.network), "=", sp.S.NegativeOne),
            Rel(nt.SlopeLeft(nt.network), "=", sp.S.NegativeOne),
            Rel(nt.InterceptRight(nt.network), "=", sym.mu),
            Rel(nt.InterceptLeft(nt.network), "=", -sym.mu),
        ),
        "p₀ = ½N(−μ,1) + ½N(μ,1), J(p_t) taken at t = 0, d = 1": (_fact("two_equal_modes", o.p0, sym.mu),),
        "s(1) = s₀(1) at t = 0, s₀ the score of ½N(−μ,1) + ½N(μ,1)": (
            Rel(nt.Output(nt.network, nt.Point(1)), "=", sp.Abs(_score(sp.S.One))),
        ),
        "s(h) − s(−h) = s₀(h) − s₀(−h) at t = 0, s₀ as in matches-at-1": (
            Rel(
                nt.Change(nt.network, nt.Point(sym.step), nt.Point(-sym.step)),
                "=",
                sp.Abs(_score(sym.step) - _score(-sym.step)),
            ),
        ),
        "(X, Y) is normal: means μ₁, μ₂, standard deviations s₁, s₂, correlation 1": (
            _fact("aligned_pair", mo.pair_law, sym.mean_1, sym.std_1, sym.mean_2, sym.std_2),
        ),
        "(X, Y) is normal: means μ₁, μ₂, standard deviations s₁, s₂, correlation −1": (
            _fact("opposed_pair", mo.pair_law, sym.mean_1, sym.std_1, sym.mean_2, sym.std_2),
        ),
        "X ~ N(μ₁, s₁²)": (_fact("normal", mo.feature_law, sym.mean_1, sym.std_1),),
        "L̃ = tr(ΘBΘᵀ) − 2 tr(Θbᵀ) + c in Θ = A/√m, B = E[λhhᵀ]: only the output layer is trained": (
            _fact("quadratic_form", o.Q),
        ),
        "p is the forward marginal: it solves ∂p/∂t = −∂(f x p)/∂x + (g²/2) ∂²p/∂x² (for a Gaussian mixture p(·, 0) "
        "this is checked)": (
            _fact("smooth", sp.Lambda((sym.x, sym.t), _P(sym.x, sym.t))),
            Rel(
                sp.Derivative(_P(sym.x, sym.t), sym.t),
                "=",
                DIFFUSION(sym.t) ** 2 / 2 * sp.Derivative(_P(sym.x, sym.t), (sym.x, 2))
                - sp.Derivative(DRIFT(sym.t) * sym.x * _P(sym.x, sym.t), sym.x),
            ),
        ),
        # classes of functions
        "i.i.d. samples, and |f| <= M for every f of the class": (
            _fact("iid", cl.inputs, sym.n),
            _fact("class_bounded", cl.F, sym.M),
        ),
        "i.i.d. samples, and all values f(x) lie in an interval of that range": (
            _fact("iid", cl.inputs, sym.n),
            _fact("class_range", cl.F, sym.value_range),
        ),
        "every map φ_j is Lipschitz with the constant Lip(φ)": (
            _fact("lipschitz_image", cl.image, cl.F, sym.lipschitz),
        ),
        "φ_j(0) = 0 for every j": (_fact("zero_to_zero", cl.image, cl.F),),
        "sup|F₁| and sup|F₂| bound |f(x_j)| on the samples": (
            _fact("bounded_on", cl.F_1, cl.points),
            _fact("bounded_on", cl.F_2, cl.points),
        ),
        "the neuron 0 belongs to the class, as w = 0, u = 0 does": (_fact("contains_zero", cl.neurons),),
        "(1/m)Σ a_i² <= ρ² for the coefficients, m any width": (
            _fact("square_combinations", cl.network, cl.neurons, sym.ball_radius),
        ),
        "d = 1, |w| + ‖u‖₁ <= 1, e(t) is the same for all samples, σ = ReLU": (
            _fact("line_neuron", cl.neuron, cl.points),
            _fact("shared", cl.embedding, cl.points),
        ),
        "e(t) is the same vector for all samples, of any dimension": (_fact("shared", cl.embedding, cl.points),),
        # sampled features
        "a_i = a(v_i), v_i = (w_i, u_i) i.i.d. from ρ₀, ‖w‖₁+‖u‖₁ <= 1, and s̄(x, t) = E_v a(v) σ(w·x + u·e(t))": (
            _fact("iid", o.sampled, sym.m),
            _fact("features", o.sampled),
        ),
        "p₀ has bounded support, the data are i.i.d. from it": (
            _fact("iid", o.data, sym.n),
            _fact("law", o.data, o.p0),
            _fact("bounded_support", o.p0),
        ),
        "E_t g²E‖∇log p_t‖² and KL(p_T‖π) are finite, so that min L̃ is: bounded support alone does not give it, "
        "point masses have none": (_fact("finite_minimum", o.p0, sym.T),),
        **it.FACTS,
        **ch.FACTS,
        **gn.FACTS,
        **le.FACTS,
        **nl.FACTS,
        "the reverse SDE of the score has a law to which Girsanov's theorem applies": (
            _fact("girsanov", o.p0, o.score, sym.T),
        ),
        # diffusion models from ε to T
        "the data X₁, …, Xₙ are i.i.d. from P": (_fact("iid", o.data, sym.n), _fact("law", o.data, o.p0)),
        "the reverse SDE of the learned score, from π at T to ε, has a law to which Girsanov's theorem applies": (
            _fact("girsanov_between", o.p0, df.LEARNED, sym.early, sym.T),
        ),
        "Ornstein–Uhlenbeck; the reverse SDE of the learned score generates X̂_t from X̂_T ~ π, by Girsanov's theorem": (
            _fact("generates", df.rule, o.data, sym.T),
        ),
        "s̄ does not depend on the data": (_fact("fixed", df.reference, o.data),),
        "‖s_θ(x, t)‖ <= L for all x, t and data": (_fact("bounded_score", df.rule, sym.score_limit),),
        "Ornstein–Uhlenbeck, and ‖s(x, t)‖ <= L for all x and t": (_fact("bounded_by", o.score, sym.score_limit),),
        "ℓ_θ(x), what belongs to the datum x in L_DSM, has for every θ a range of at most b": (
            _fact("loss_range", df.DENOISING, o.p0, sym.loss_range),
        ),
        "the reverse SDE of the learned score has a law to which Girsanov's theorem applies (a network grows "
        "linearly)": (_fact("girsanov", o.p0, LEARNED, sym.T),),
    }
)
"""By the text of the hypothesis: another text says something else."""

OVER: Mapping[str, tuple[sp.Basic, ...]] = MappingProxyType(
    {
        "the sample": (o.Y, cl.inputs),
        "the n data": (o.data,),
        "the sampled features": (o.sampled,),
        "the sampled features and the n data": (o.sampled, o.data),
        "the Gaussian noise of the forward process": (pr.noise,),
        "x(0) and the noise of the forward process": (pr.forward,),
    }
)
"""By the words of the quantifier."""
