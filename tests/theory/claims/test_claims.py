"""The content of the claims, written again by hand from the ledger in plain floating-point mathematics."""

import math
from statistics import NormalDist

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import brentq, minimize_scalar

from theory import claims
from theory.sde import LinearSDE, OrnsteinUhlenbeck, VarianceExploding, VariancePreserving, specialise
from theory.statement import ForAll, Identity, Inequality, InExpectation, UpToConstant, WithProbability
from theory.symbols import delta, t, x

PHI = NormalDist()
RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
LOG = math.log(1 / 0.1)
HERE = {"L1", "HILBERT", "L3", "L4", "L5", "L7", "EQ-6", "SCORE", "EQ-8", "EQ-3/4"}  # other families: own files
AT = {"r": 0.7, "v": 1.3, "delta": 0.1}
FAR = 0.7 * math.sqrt(1 + 1.3**2)


def right(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def left(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).left)


# id, values, right side by hand
BOUNDS = [
    # L1, C_T = max(r, rv); printed with K = 1
    ("L1:printed", {**AT, "x0_norm": 2.0}, 0.7 * 1.3 * (2.0 + math.sqrt(2 * LOG))),
    ("L1:printed", {**AT, "v": 0.5, "x0_norm": 2.0}, 0.7 * (2.0 + math.sqrt(math.log(1 / 0.01)))),
    ("L1:printed", {**AT, "x0_norm": 2.0, "K": 3}, 3 * 0.7 * 1.3 * (2.0 + math.sqrt(2 * LOG))),
    ("L1:repaired", {**AT, "d": 10, "x0_norm": 2.0}, 0.7 * 2.0 + 0.7 * 1.3 * math.sqrt(2 * math.log(10 / 0.1))),
    ("L1:sharp", {**AT, "d": 10, "x0_norm": 2.0}, 1.4 + 0.91 * PHI.inv_cdf((1 + 0.9**0.1) / 2)),
    (
        "L1:pathwise",
        {"r_max": 1.0, "v_T": 1.3, "delta": 0.1, "d": 10, "x0_norm": 2.0},
        2.0 + 1.3 * math.sqrt(2 * math.log(2 * 10 / 0.1)),
    ),
    # HILBERT
    ("HILBERT:mean", {"M": 3.0, "n": 16}, 3.0 / 4),
    ("HILBERT:deviation", {"M": 3.0, "n": 16, "delta": 0.1}, 3.0 / 4 * (1 + math.sqrt(2 * LOG))),
    ("HILBERT:diameter", {"sigma_Y": 2.0, "diameter": 3.0, "n": 16, "delta": 0.1}, 0.5 + 3 * math.sqrt(LOG / 32)),
    ("HILBERT:operator", {"sigma_Y": 2.0, "M": 3.0, "n": 16, "delta": 0.1}, 0.5 + 3 * math.sqrt(LOG / 32)),
    ("HILBERT:second-moment", {"sigma_Y": 2.0, "n": 16, "delta": 0.1}, 2 / math.sqrt(1.6)),
    # L3: 2(B⊗I) along Θ = A/√m, printed also along A, where it is (2/m)(B⊗I)
    ("L3:scaled", {"quadratic_form": 5.0}, 10.0),
    ("L3:A", {"quadratic_form": 5.0}, 10.0),
    ("L3:repaired-A", {"quadratic_form": 5.0, "m": 8}, 10.0 / 8),
    # L4
    ("L4:printed-scaled", {"norm_initial": 2.0, "norm_comparator": 3.0, "tau": 5.0}, 0.5 * (4 + 9) / 5),
    ("L4:printed-scaled", {"norm_initial": 2.0, "norm_comparator": 3.0, "tau": 5.0, "K": 1}, 13 / 5),
    ("L4:printed-A", {"norm_initial": 2.0, "norm_comparator": 3.0, "tau": 5.0}, 0.5 * (4 + 9) / 5),
    ("L4:sharp", {"distance_initial": 3.0, "tau": 5.0}, 9 / (4 * 5)),
    ("L4:sharp-minimiser", {"distance_minimiser": 3.0, "tau": 5.0}, 9 / (4 * math.e * 5)),
    ("L4:repaired-A", {"distance_initial": 3.0, "tau": 5.0, "m": 8}, 8 * 9 / (4 * 5)),
    # L5
    ("L5:printed-A", {"norm_initial": 2.0, "loss_initial": 3.0, "tau": 5.0, "m": 8}, 2 + math.sqrt(5 * 3 / 8)),
    ("L5:printed-scaled", {"norm_initial": 2.0, "loss_initial": 3.0, "tau": 5.0, "m": 8}, 2 + math.sqrt(5 * 3 / 8)),
    (
        "L5:repaired-scaled",
        {"norm_initial": 2.0, "loss_initial": 3.0, "tau": 5.0},
        2 + math.sqrt(0.81452875517815 * 5 * 3),
    ),
    ("L5:sharp", {"loss_initial": 3.0, "tau": 5.0}, 0.81452875517815 * 5 * 3),
    ("L5:comparator", {"distance_initial": 2.0, "loss_comparator": 3.0, "tau": 5.0}, 4 + 2 * 5 * 3),
    ("L5:comparator-sharp", {"distance_initial": 2.0, "loss_comparator": 3.0, "tau": 5.0}, 4 + 5 * 3),
    # L7: √2 C_T(μ + √log(1/δ²)) as printed with its hidden constant, and explicit
    ("L7:printed", {**AT, "mu": 4.0}, math.sqrt(2) * 0.91 * (4 + math.sqrt(2 * LOG))),
    ("L7:repaired", {**AT, "mu": 4.0}, 0.7 * 4 + FAR * math.sqrt(2 * LOG)),
    ("L7:mode", {"delta": 0.1}, math.sqrt(math.log(1 / 0.01))),
    # EQ-6: d/(rv)², its inverse, and the root of its inverse
    ("EQ-6:norm", {"r": 0.7, "v": 1.3, "d": 3}, 3 / 0.91**2),
    ("EQ-6:song-weight", {"r": 0.7, "v": 1.3, "d": 3}, 0.91**2 / 3),
    ("EQ-6:printed-weight", {"r": 0.7, "v": 1.3, "d": 3}, 0.91 / math.sqrt(3)),
    ("SCORE:two-modes", {"mu": 2.0, "q": 0.3, "x": 0.4}, -0.4 + 2 * math.tanh(0.8 + math.log(0.3 / 0.7) / 2)),
    ("SCORE:slope", {"mu": 3.0}, -1 + 9),
    ("EQ-8:stationary", {"t": 0.3}, 1.0),
]
by_hand = pytest.mark.parametrize(
    ("claim_id", "values", "expected"), BOUNDS, ids=[f"{claim_id}-{k}" for k, (claim_id, _, _) in enumerate(BOUNDS)]
)


@by_hand
def test_the_right_side_is_the_ledgers(claim_id, values, expected):
    # the ledger prints κ⋆ to 14 digits
    assert right(claim_id, **values) == pytest.approx(expected, rel=1e-13 if "L5" in claim_id else RTOL)


def test_every_claim_with_numbers_is_computed_by_hand():
    functions = {
        "EQ-8:mean",
        "EQ-8:variance",
        "EQ-8:fokker-planck",
        "EQ-8:composition",
        "EQ-3/4:reverse-sde",
        "EQ-3/4:probability-flow",
    }
    covered = {claim_id for claim_id, _, _ in BOUNDS} | functions | {"SCORE:mixture"}
    assert {name for name in claims if claims[name].family in HERE} == covered


# Left sides and quantifiers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim_id", "values", "expected"),
    [
        ("L1:repaired", {**AT, "d": 2, "x0_norm": 0, "xt_norm": 1.5}, 1.5),
        ("L1:pathwise", {"r_max": 1, "v_T": 1, "delta": 0.1, "d": 2, "x0_norm": 0, "path_norm": 1.5}, 1.5),
        ("HILBERT:mean", {"M": 1, "n": 2, "mean_deviation": 0.5}, 0.5),
        ("L4:sharp", {"distance_initial": 1, "tau": 1, "loss_tau": 3, "loss_comparator": 2.5}, 0.5),
        ("L4:sharp-minimiser", {"distance_minimiser": 1, "tau": 1, "loss_tau": 3, "loss_minimum": 2.5}, 0.5),
        ("L5:sharp", {"loss_initial": 1, "tau": 1, "displacement": 3}, 9),
        ("L5:repaired-scaled", {"norm_initial": 1, "loss_initial": 1, "tau": 1, "norm_tau": 3}, 3),
        ("L5:comparator", {"distance_initial": 1, "loss_comparator": 1, "tau": 1, "distance_tau": 3}, 9),
        ("L7:repaired", {**AT, "mu": 1, "xt_abs": 2}, 2),
        ("L7:mode", {"delta": 0.1, "mode_gap": 2}, 2),
        ("L3:scaled", {"quadratic_form": 1, "second_variation": 2}, 2),
    ],
)
def test_the_left_side_is_the_ledgers(claim_id, values, expected):
    assert left(claim_id, **values) == expected


def test_quantifiers_are_the_ledgers():
    for name, claim in ((name, claim) for name, claim in claims.items() if claim.family in HERE):
        up_to = isinstance(claim.quantifier, UpToConstant)
        inner = claim.quantifier.inner if up_to else claim.quantifier
        if claim.family in {"L1", "L7", "HILBERT"} and name != "HILBERT:mean":
            assert isinstance(inner, WithProbability)
            assert inner.at_least == 1 - delta
        elif name == "HILBERT:mean":
            assert isinstance(inner, InExpectation)
        else:
            assert isinstance(inner, ForAll)
        assert up_to == (":printed" in name and claim.family in {"L1", "L4", "L5", "L7"})
        identity = claim.family in {"EQ-8", "EQ-3/4", "EQ-6", "SCORE", "L3"}
        assert isinstance(claim.relation, Identity if identity else Inequality)


def test_each_flow_claim_names_its_parametrization():
    for name, claim in claims.items():
        if claim.family in {"L4", "L5"}:
            assert claim.setting == {"flow": "A" if name.endswith("-A") else "scaled"}
        elif claim.family == "L3":
            assert claim.setting == {"coordinates": "scaled" if name == "L3:scaled" else "A"}


# Constants -----------------------------------------------------------------------------------------------------------


def value(claim_id, name):
    return claims[claim_id].constants[name].value


def test_constants_are_the_ledgers():
    assert value("L4:sharp", "C") == value("L4:repaired-A", "C") == sp.Rational(1, 4)
    assert value("L4:sharp-minimiser", "C") == 1 / (4 * sp.E)
    assert (value("L5:comparator", "C"), value("L5:comparator-sharp", "C")) == (2, 1)
    assert value("L7:printed", "K") == sp.sqrt(2)
    assert value("L1:printed", "K") == value("L5:printed-A", "K") == value("L5:printed-scaled", "K") == 1
    assert value("L4:printed-scaled", "K") == sp.Rational(1, 2)
    assert str(sp.N(value("L5:sharp", "kappa_star"), 14)) == "0.81452875517815"
    assert value("L5:sharp", "kappa_star") == value("L5:repaired-scaled", "kappa_star")


def test_kappa_star_is_the_maximum_of_its_profile():
    found = minimize_scalar(
        lambda u: -((1 - math.exp(-2 * u)) ** 2) / u, bounds=(0.1, 3), method="bounded", options={"xatol": 1e-12}
    )
    # the maximum is flat: an error of 1e-8 in u is one of 1e-16 in the value
    assert float(value("L5:sharp", "kappa_star")) == pytest.approx(-found.fun, rel=1e-14)
    root = brentq(lambda u: math.exp(2 * u) - 1 - 4 * u, 0.3, 1)
    assert root == pytest.approx(0.6282156043130849, rel=1e-12)


@pytest.mark.parametrize(
    ("claim_id", "constant", "profile"),
    [
        ("L4:sharp", 0.25, lambda u: u * math.exp(-u) * (1 - math.exp(-u)) / (1 - math.exp(-u)) ** 2 / 4),
        ("L4:sharp-minimiser", 1 / (4 * math.e), lambda u: u * math.exp(-4 * u)),
        ("L5:sharp", 0.81452875517815, lambda u: (1 - math.exp(-2 * u)) ** 2 / u),
        ("L5:comparator-sharp", 1.0, lambda u: math.tanh(u) / u),
    ],
)
def test_no_mode_exceeds_its_constant_and_some_mode_comes_close(claim_id, constant, profile):
    ratios = [profile(u) for u in np.geomspace(1e-6, 50, 4001)]
    assert max(ratios) <= constant * (1 + 1e-9)  # 1 − e^{−u} at u = 1e-6 keeps 10 digits
    assert max(ratios) >= constant * (1 - 1e-5)
    name = "kappa_star" if "L5:sharp" in claim_id else "C"
    assert float(value(claim_id, name)) == pytest.approx(constant, rel=1e-13)


# Edge cases ----------------------------------------------------------------------------------------------------------


def test_certain_failure_asks_for_nothing():
    """At δ = 1 "with probability at least 0" is true of anything: the noise terms may vanish, but not be undefined."""
    assert right("L1:printed", r=1, v=1, delta=1, x0_norm=2) == 2
    assert right("L1:repaired", r=1, v=1, delta=1, d=1, x0_norm=2) == 2
    assert right("L1:repaired", r=1, v=1, delta=1, d=math.e.__ceil__(), x0_norm=0) == pytest.approx(
        math.sqrt(2 * math.log(3)), rel=RTOL
    )
    assert right("L1:sharp", r=1, v=1, delta=1, d=5, x0_norm=2) == 2
    assert right("HILBERT:deviation", M=2, n=1, delta=1) == 2
    assert right("L7:mode", delta=1) == 0
    assert right("L7:repaired", r=1, v=1, delta=1, mu=0) == 0


def test_without_noise_the_point_stays_where_it_is():
    for name, rest in (("L1:repaired", {"d": 7}), ("L1:sharp", {"d": 7})):
        assert right(name, r=0.5, v=0, delta=0.01, x0_norm=3, **rest) == 1.5
    assert right("L1:pathwise", r_max=1, v_T=0, delta=0.01, d=7, x0_norm=3) == 3
    assert right("L1:printed", r=0.5, v=0, delta=math.exp(-2), x0_norm=3) == pytest.approx(0.5 * (3 + 2), rel=RTOL)


def test_one_dimension_needs_no_union_bound():
    assert right("L1:repaired", r=1, v=1, delta=0.1, d=1, x0_norm=0) == pytest.approx(
        right("L1:printed", r=1, v=1, delta=0.1, x0_norm=0), rel=RTOL
    )
    assert right("L1:sharp", r=1, v=1, delta=0.1, d=1, x0_norm=0) == pytest.approx(PHI.inv_cdf(0.95), rel=RTOL)


def test_the_sharp_quantile_lies_below_the_union_bound():
    many, level = np.array([[1], [2], [10], [1000]]), np.array([1e-9, 0.01, 0.5, 0.99])
    values = {"r": 1, "v": 1, "x0_norm": 0, "d": many, "delta": level}
    assert (claims["L1:sharp"].evaluate(**values).right < claims["L1:repaired"].evaluate(**values).right).all()


@pytest.mark.parametrize(("dim", "fails"), [(1, False), (3, False), (4, True), (5, True), (100, True)])
def test_the_printed_lemma_1_fails_from_dimension_four_on(dim, fails):
    bound = right("L1:printed", r=1, v=1, delta=0.1, x0_norm=0)
    violation = 1 - (2 * PHI.cdf(bound) - 1) ** dim
    assert (violation > 0.1) == fails


def test_no_mode_distance_and_one_mode_are_the_gaussian():
    assert right("L7:repaired", r=1, v=1, delta=0.1, mu=0) == pytest.approx(math.sqrt(2) * math.sqrt(2 * LOG), rel=RTOL)
    assert right("L7:printed", r=1, v=1, delta=0.1, mu=0) == pytest.approx(
        right("L7:repaired", r=1, v=1, delta=0.1, mu=0), rel=RTOL
    )  # where √2 cannot be improved
    for point in (-2.0, 0.0, 3.0):
        out = claims["SCORE:two-modes"].evaluate(mu=0, q=0.3, x=point)
        assert (float(out.left), float(out.right)) == (pytest.approx(-point, abs=1e-15), -point)
    assert right("SCORE:slope", mu=0) == left("SCORE:slope", mu=0) == -1


def test_lemma_7_repaired_implies_lemma_7_printed():
    grid = np.meshgrid([0.1, 1, 3], [0, 0.3, 1, 5], [1e-9, 0.1, 0.9], [0, 1, 20])
    values = dict(zip(("r", "v", "delta", "mu"), grid, strict=True))
    explicit, printed = (claims[name].evaluate(**values).right for name in ("L7:repaired", "L7:printed"))
    assert (explicit <= printed * (1 + RTOL)).all()


def test_one_sample_in_a_hilbert_space():
    assert right("HILBERT:mean", M=3, n=1) == 3
    assert right("HILBERT:deviation", M=3, n=1, delta=math.exp(-2)) == pytest.approx(9, rel=RTOL)


def test_width_one_makes_the_two_parametrizations_one():
    values = {"distance_initial": 3.0, "tau": 5.0}
    assert right("L4:repaired-A", **values, m=1) == right("L4:sharp", **values)
    assert right("L3:repaired-A", quadratic_form=3, m=1) == right("L3:scaled", quadratic_form=3)


def test_starting_at_the_minimiser_the_loss_stays():
    assert right("L4:sharp-minimiser", distance_minimiser=0, tau=1e-9) == 0
    assert right("L5:sharp", loss_initial=0, tau=1e9) == 0


def test_the_score_of_a_mixture_is_that_of_its_density():
    weights, means, variances = (0.2, 0.5, 0.3), (-1.0, 0.5, 2.0), (0.5, 1.0, 2.0)
    values = {
        f"{letter}_{k}": part
        for letter, parts in (("w", weights), ("m", means), ("V", variances))
        for k, part in enumerate(parts, 1)
    }

    def density(point):
        return sum(
            w * NormalDist(a, math.sqrt(s)).pdf(point) for w, a, s in zip(weights, means, variances, strict=True)
        )

    out = claims["SCORE:mixture"].evaluate(**values, x=0.3)
    step = 1e-5
    slope = (math.log(density(0.3 + step)) - math.log(density(0.3 - step))) / (2 * step)
    assert float(out.right) == pytest.approx(slope, abs=1e-9)  # step² and 2⁻⁵²/step
    assert float(out.left) == pytest.approx(float(out.right), rel=RTOL)


# Identities with unknown functions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sde",
    [
        OrnsteinUhlenbeck(),
        VariancePreserving(sp.Rational(1, 10), 20),
        VarianceExploding(25),
        LinearSDE(sp.S.One, sp.sqrt(2)),
    ],
    ids=lambda sde: sde.name,
)
@pytest.mark.parametrize("name", ["mean", "variance", "fokker-planck", "composition"])
def test_identities_hold_for_concrete_processes(sde, name):
    claim = claims[f"EQ-8:{name}"]
    gap = specialise(claim.left() - claim.right(), sde).doit()
    point = {str(sym): 0.2 + 0.1 * k for k, sym in enumerate(claim.symbols)} | {"t": 0.7, "s": 0.3, "d": 2}
    numbers = [
        float(specialise(expr, sde).doit().subs({sym: point[str(sym)] for sym in claim.symbols}).evalf(30))
        for expr in claim.terms.values()
    ]
    shown = float(gap.subs({sym: sp.Rational(point[str(sym)]) for sym in claim.symbols}).evalf(30))
    assert abs(shown) <= 1e-12 * max(1, *map(abs, numbers))


def test_the_printed_equations_hold_for_a_gaussian_only_with_the_right_factor():
    p = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)  # stationary under Ornstein–Uhlenbeck
    for name in ("reverse-sde", "probability-flow"):
        claim = claims[f"EQ-3/4:{name}"]
        gap = claim.left() - claim.right()
        concrete = specialise(gap, OrnsteinUhlenbeck()).replace(
            lambda node: getattr(node.func, "__name__", "") == "p", lambda node: p
        )
        assert sp.simplify(concrete.doit()) == 0
    assert t in claims["EQ-3/4:reverse-sde"].relation.free_symbols()
