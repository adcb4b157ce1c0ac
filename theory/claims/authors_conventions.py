"""IT14, how the authors of CZS computed their terms, each convention priced against the exact value."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Identity, Inequality, Mutant, Source
from theory.symbols import (
    C,
    T,
    bandwidth,
    batch_information,
    beta_first,
    beta_last,
    d,
    grid_sum,
    information_data,
    information_mixed,
    information_wide,
    m,
    mean_information_data,
    mean_initial,
    mean_limit,
    mean_root_rate,
    rate_hat,
    sampler_information,
    second_moment,
    spread_at,
    spread_mirrored,
    started_cost,
    variance_initial,
    weighted_loss,
)

_CODE = Source(paper="scoregap", place="conventions of the code of CZS [r], priced")
_POINTS = Hypothesis(name="points", statement="the data are finitely many points, T > 0")
_DATA = Hypothesis(name="iid", statement="the data X₁, …, Xₙ are i.i.d. from P")
_MOMENT = Hypothesis(name="second-moment", statement="E‖x(0)‖² is finite")
_PERFECT = Hypothesis(name="perfect", statement="Ornstein–Uhlenbeck, P = N(0, 1), and its own score s = −x")
_LINEAR = Hypothesis(
    name="linear", statement="β rises linearly from β₀ to β₁ over [0, T], and is summed at N + 1 nodes"
)
_OWN_SCORE = Hypothesis(
    name="minus-x", statement="Ornstein–Uhlenbeck, and the reverse path of s = −x, started at the data"
)
_GENERATES = Hypothesis(
    name="generates",
    statement="Ornstein–Uhlenbeck; the reverse SDE of the learned score generates X̂_t from X̂_T ~ π, by Girsanov's "
    "theorem",
)
_SHARP = {"C": Constant(symbol=C, value=sp.S.One, meaning="as it stands")}
_CLOCK = T * (beta_first + beta_last) / 2

_KEPT = 1 / (1 + bandwidth**2)
_SMOOTH = 1 + (variance_initial - 1) * _KEPT

CLAIMS = (
    Claim(
        id="IT14:weighted-loss",
        sentence="½ the mean over t of the denoising loss weighted by σ_t², which stands for L̂_ESM, is "
        "(1 − e^{−2T})/(4T) for a perfect score of N(0, 1), and not 0.",
        source=_CODE,
        quantifier=ForAll(over="horizons"),
        hypotheses=(_PERFECT,),
        relation=Identity(lhs={"computed": weighted_loss}, rhs={"closed": (1 - sp.exp(-2 * T)) / (4 * T)}),
        note="Three departures at once: the denoising loss for the explicit one, which differ by I_ε − I_T, the weight "
        "σ² for β, and a mean over t for an integral. With the schedule of the paper, β from 0.1 to 20: 0.437, 0.138, "
        "0.077 at T = 0.2, 1, 1.8.",
        mutants=(
            Mutant(name="exact", description="0, the explicit loss", regime="everywhere", rhs={"closed": sp.S.Zero}),
            Mutant(
                name="no-half",
                description="without ½",
                regime="everywhere",
                rhs={"closed": (1 - sp.exp(-2 * T)) / (2 * T)},
            ),
            Mutant(
                name="integral",
                description="the integral over t for the mean",
                regime="T ≠ 1",
                rhs={"closed": (1 - sp.exp(-2 * T)) / 4},
            ),
        ),
    ),
    Claim(
        id="IT14:wide-kernel",
        sentence="With √(1 − a) taken for the variance 1 − a of the kernel, T1 is too small: Î of the wider kernel is "
        "at most Î_T.",
        source=_CODE,
        quantifier=ForAll(over="data sets and horizons of Ornstein–Uhlenbeck"),
        hypotheses=(_DATA, _MOMENT),
        relation=Inequality(lhs={"wide": C * information_wide}, rhs={"exact": information_data}),
        constants=_SHARP,
        note="More noise, less information. Two modes (50 mid-quantiles of ½N(−3, 1) + ½N(3, 1)), variance preserving, "
        "T = 0.1: 1.3310 for 1.7970.",
        mutants=(
            Mutant(
                name="silently-on",
                description="the convention taken for exact: half again as much",
                regime="T where both are near log n",
                constants={"C": sp.Rational(3, 2)},
            ),
            Mutant(
                name="other-way",
                description="the exact information at most that of the wider kernel",
                regime="different points",
                lhs={"exact": information_data},
                rhs={"wide": information_wide},
            ),
            Mutant(
                name="tenth",
                description="a tenth more",
                regime="T where both are near log n",
                constants={"C": sp.Rational(11, 10)},
            ),
        ),
    ),
    Claim(
        id="IT14:mixed-kernel",
        sentence="With that convention in the kernel alone, against the exact mixture, T1 is at least that of both.",
        source=_CODE,
        quantifier=ForAll(over="data sets and horizons of Ornstein–Uhlenbeck"),
        hypotheses=(_DATA, _MOMENT),
        relation=Inequality(lhs={"wide": C * information_wide}, rhs={"mixed": information_mixed}),
        constants=_SHARP,
        note="By the golden formula they differ by the divergence of the two mixtures. Two modes, variance preserving, "
        "T = 0.1: 1.3560, between 1.3310 and the exact 1.7970; for a short time it is without bound, where Î <= log n.",
        mutants=(
            Mutant(
                name="exact",
                description="at least the exact information",
                regime="T large",
                lhs={"exact": information_data},
            ),
            Mutant(name="tenth", description="a tenth more", regime="T large", constants={"C": sp.Rational(11, 10)}),
            Mutant(
                name="other-way",
                description="at most that of both",
                regime="T small",
                lhs={"mixed": information_mixed},
                rhs={"wide": information_wide},
            ),
        ),
    ),
    Claim(
        id="IT14:batches",
        sentence="In the mean over data sets Î_T within a batch of half of the data is at most Î_T of all of them.",
        source=_CODE,
        quantifier=ForAll(over="laws of the data, horizons and numbers of data"),
        hypotheses=(_DATA, _MOMENT),
        relation=Inequality(lhs={"batch": batch_information}, rhs={"all": mean_information_data}),
        note="E Î_T = I − E KL(p̂_T‖p_T) (IT4:data), and more data are nearer their law. A batch of 128 tells at most "
        "log 128 = 4.852, and neither a factor nor log(n/b) repairs it.",
        mutants=(
            Mutant(
                name="other-way",
                description="that of all at most that within a batch",
                regime="n >= 2",
                lhs={"all": mean_information_data},
                rhs={"batch": batch_information},
            ),
            Mutant(
                name="twice",
                description="twice that of half of the data",
                regime="n = 4",
                lhs={"batch": 2 * batch_information},
            ),
            Mutant(
                name="corrected",
                description="log 2 added for the half that is not seen",
                regime="equal data among them",
                lhs={"batch": batch_information, "half": sp.log(2)},
            ),
        ),
    ),
    Claim(
        id="IT14:mean-sup",
        sentence="Theorem 6.3's bound holds with the largest mean norm of the score over t in place of its supremum.",
        source=_CODE,
        quantifier=ForAll(over="learning rules, laws, numbers of data and horizons"),
        hypotheses=(_GENERATES,),
        relation=Inequality(lhs={"information": sampler_information}, rhs={"sampler": C * mean_limit**2 * T}),
        constants=_SHARP,
        note="False: a score that is L with a small chance q by the data, and else 0, reveals that event, nearly its "
        "entropy, while the mean norm is qL. L = 5, q = 0.01, T = 1: at least 0.053 against 0.0025.",
        mutants=(
            Mutant(name="twice", description="up to a factor 2", regime="a rare score", constants={"C": sp.Integer(2)}),
            Mutant(
                name="tenfold", description="up to a factor 10", regime="a rare score", constants={"C": sp.Integer(10)}
            ),
            Mutant(
                name="linear",
                description="the mean norm itself in place of its square",
                regime="a rare score, T small",
                rhs={"sampler": C * mean_limit * T},
            ),
        ),
    ),
    Claim(
        id="IT14:started-at-data",
        sentence="Reverse paths of s = −x that start at the data cost dT + ½(E‖X‖² − d)(1 − e^{−2T}), and dT from π.",
        source=_CODE,
        quantifier=ForAll(over="second moments of the data and horizons"),
        hypotheses=(_OWN_SCORE,),
        relation=Identity(
            lhs={"cost": started_cost}, rhs={"prior": d * T, "data": (second_moment - d) * (1 - sp.exp(-2 * T)) / 2}
        ),
        note="The path forgets where it started at the rate of the process: the price is bounded in T, has the sign of "
        "E‖X‖² − d, and is 0 only for data with the moments of π.",
        mutants=(
            Mutant(name="from-prior", description="dT, as from π", regime="E‖X‖² ≠ d", rhs={"prior": d * T}),
            Mutant(
                name="no-half",
                description="without ½",
                regime="E‖X‖² ≠ d",
                rhs={"prior": d * T, "data": (second_moment - d) * (1 - sp.exp(-2 * T))},
            ),
            Mutant(
                name="clock",
                description="e^{−T} in place of e^{−2T}",
                regime="E‖X‖² ≠ d",
                rhs={"prior": d * T, "data": (second_moment - d) * (1 - sp.exp(-T)) / 2},
            ),
        ),
    ),
    Claim(
        id="IT14:mean-root",
        sentence="E√KL(E_T(X)‖π) is at most √E KL(E_T(X)‖π); the mean itself, taken in its place, is neither.",
        source=_CODE,
        quantifier=ForAll(over="points and horizons"),
        hypotheses=(_POINTS,),
        relation=Inequality(lhs={"mean root": C * mean_root_rate}, rhs={"root of the mean": sp.sqrt(rate_hat)}),
        constants=_SHARP,
        note="Below one nat the mean is smaller than the mean root, above it larger: for images, of hundreds of nats, "
        "T2 is overstated by the factor √KL.",
        mutants=(
            Mutant(
                name="mean",
                description="the mean in place of the root: the convention for images",
                regime="T large",
                rhs={"mean": rate_hat},
            ),
            Mutant(
                name="more",
                description="a hundredth more",
                regime="points of one distance from 0",
                constants={"C": sp.Rational(101, 100)},
            ),
            Mutant(
                name="half",
                description="half of the root",
                regime="points of one distance from 0",
                rhs={"root of the mean": sp.sqrt(rate_hat) / 2},
            ),
        ),
    ),
    Claim(
        id="IT14:grid",
        sentence="β summed at N + 1 nodes and divided by N is the clock times 1 + 1/N.",
        source=_CODE,
        quantifier=ForAll(over="numbers of steps and linear schedules"),
        hypotheses=(_LINEAR,),
        relation=Identity(lhs={"sum": grid_sum}, rhs={"clock": _CLOCK, "excess": _CLOCK / m}),
        note="m is the number N of steps here. T3's ∫β is overstated by 1/N.",
        mutants=(
            Mutant(name="exact", description="the clock", regime="everywhere", rhs={"clock": _CLOCK}),
            Mutant(
                name="half",
                description="an excess of 1/(2N)",
                regime="everywhere",
                rhs={"clock": _CLOCK, "excess": _CLOCK / (2 * m)},
            ),
            Mutant(
                name="below",
                description="the clock times 1 − 1/N",
                regime="everywhere",
                rhs={"clock": _CLOCK, "excess": -_CLOCK / m},
            ),
        ),
    ),
    Claim(
        id="IT14:mirrored-time",
        sentence="With s(x, τ) on the reverse path for s(x, T − τ) the cost of a Gaussian score is too large: "
        "a/b² + b/a² is at least 1/a + 1/b.",
        source=_CODE,
        quantifier=ForAll(over="variances a, b > 0 of the noised data at t and T − t"),
        relation=Inequality(
            lhs={"exact": C * (1 / spread_at + 1 / spread_mirrored)},
            rhs={"computed": spread_at / spread_mirrored**2 + spread_mirrored / spread_at**2},
        ),
        constants=_SHARP,
        note="E‖s‖² at t is 1/V_t for the Gaussian score −x/V_t of data of the variance V_t; with the time mirrored it "
        "is V_t/V_{T−t}². The sum of the rates at t and T − t, which an integral over [0, T] is made of.",
        mutants=(
            Mutant(name="more", description="a tenth more", regime="a = b", constants={"C": sp.Rational(11, 10)}),
            Mutant(
                name="other-way",
                description="the computed cost at most the exact one",
                regime="a ≠ b",
                lhs={"computed": spread_at / spread_mirrored**2 + spread_mirrored / spread_at**2},
                rhs={"exact": 1 / spread_at + 1 / spread_mirrored},
            ),
            Mutant(
                name="square",
                description="1/a² + 1/b²",
                regime="a, b < 1",
                lhs={"exact": C * (1 / spread_at**2 + 1 / spread_mirrored**2)},
            ),
        ),
    ),
    Claim(
        id="IT14:smoothing",
        sentence="Two density estimates of bandwidth h diverge too little: for Gaussians by at most KL/(1 + h²).",
        source=_CODE,
        quantifier=ForAll(over="means and variances, the prior N(0, 1), and bandwidths"),
        relation=Inequality(
            lhs={"mean": mean_initial**2 * _KEPT / 2, "variance": (_SMOOTH - 1 - sp.log(_SMOOTH)) / 2},
            rhs={"divergence": C * _KEPT * (mean_initial**2 + variance_initial - 1 - sp.log(variance_initial)) / 2},
        ),
        constants=_SHARP,
        note="Both laws are convolved with N(0, h²), in the limit of many samples: data processing, and Jensen for the "
        "logarithm. Equality for variance 1. With finitely many, and p̂ scored on its own points, it can even vanish.",
        mutants=(
            Mutant(
                name="square",
                description="KL/(1 + h²)²",
                regime="variance 1",
                rhs={"divergence": _KEPT**2 * (mean_initial**2 + variance_initial - 1 - sp.log(variance_initial)) / 2},
            ),
            Mutant(
                name="tenth-less", description="a tenth less", regime="variance 1", constants={"C": sp.Rational(9, 10)}
            ),
            Mutant(
                name="first-power",
                description="KL/(1 + h)",
                regime="variance 1, h < 1",
                rhs={
                    "divergence": (mean_initial**2 + variance_initial - 1 - sp.log(variance_initial))
                    / (2 * (1 + bandwidth))
                },
            ),
        ),
    ),
)

FAMILY = Family(key="IT14", subject="conventions of the authors' code, priced", claims=CLAIMS)
