"""Hidden constants: growth is seen and bounded claims are left alone, and measured constants match closed forms."""

import math
from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from flint import arb
from scipy import stats

from theory.claims import REGISTRY
from theory.symbols import xt_norm
from verify.balls.numbers import working_precision
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.confrontation import PRECISION, Experiment, number
from verify.evidence.domain import Domain, Real
from verify.evidence.growth import FITS, fitted_law, grows
from verify.evidence.scaling import GROWTH, Axis, Scaling, bisected_constant, hidden_constant, linear_constant
from verify.evidence.symbolic import Cited, Equal
from verify.evidence.verdict import Verdict
from verify.models.gaussian_boxes import violation_at
from verify.models.spectral_flows import AXES, EXPERIMENT
from verify.models.spectral_flows import instance as flow_instance
from verify.plans import PLANS
from verify.plans.lemma_1 import _violation as endpoint_violation

CLAIM = REGISTRY["L4:printed-scaled"]  # reference constant K = 1/2
CONTEXT = Context(budget=BUDGETS["quick"])
DECADES = tuple(10.0**k for k in range(0, 25, 3))
TRIAL = Experiment(
    name="flat", domain=Domain(fields={"m": Real(low=1, high=2)}), sides=lambda _claim: lambda _i: (arb(1), arb(2))
)


def scaling(constant, *, values=DECADES, experiment=TRIAL, divergence=None):
    """The evidence of an axis m along which the claim needs the given constant."""
    axis = Axis(parameter="m", values=values, family=lambda value: [{"m": value}])
    method = Scaling(
        experiment=experiment,
        needed=lambda _claim: lambda i: arb(constant(i["m"])),
        axes=(axis,),
        divergence=divergence,
    )
    return method.run(CLAIM, CONTEXT)


def trend(constant, **options):
    return scaling(constant, **options).trends["m"]


@pytest.mark.parametrize("power", [0.25, 0.5, 1.0, 2.0])
def test_a_constant_that_grows_like_a_power_is_refuted_up_to_its_largest_value(power):
    evidence = scaling(lambda m: 0.3 * m**power)
    assert evidence.verdict is Verdict.REFUTED
    found = evidence.trends["m"]
    assert found.slope == pytest.approx(power, rel=1e-12)
    assert found.largest == pytest.approx(0.3 * DECADES[-1] ** power)
    assert f"no constant up to {found.largest:.3g} works" in evidence.summary
    assert f"like m^{power:.2f}" in evidence.summary


@pytest.mark.parametrize(
    "constant",
    [lambda m: 0.4, lambda m: 0.4 * (1 - 1 / (1 + m)), lambda m: 0.2 + 0.2 * math.sin(m), lambda m: 0.49 / m],
)
def test_a_bounded_constant_is_not_refuted(constant):
    evidence = scaling(constant)
    assert evidence.verdict is Verdict.SEARCHED
    assert not evidence.trends["m"].grows
    assert evidence.smallest is None


def test_growth_counts_only_when_it_is_steady_and_large():
    below, above = ((GROWTH * factor) ** (1 / 24) for factor in (0.999, 1.001))
    assert not trend(lambda m: below ** math.log10(m)).diverges
    assert trend(lambda m: above ** math.log10(m)).diverges
    assert not trend(lambda m: 10.0**6 * (m > 1) + (m > 1e20) * -1).grows  # a jump, then flat
    assert not trend(lambda m: m if m < 1e20 else 1.0).grows


def test_a_constant_that_grows_like_a_logarithm_is_reported_and_undecided():
    evidence = scaling(lambda n: 0.01 + 0.1 * math.log(n) / math.log(1e29), values=tuple(10.0**k for k in range(30)))
    assert evidence.verdict is Verdict.UNDECIDED
    found = evidence.trends["m"]
    assert found.grows
    assert not found.diverges
    assert found.law.kind == "logarithm"
    assert "K grows along m at every step, from 0.01 to 0.11 over m = 1 … 1e+29" in evidence.summary
    assert "like 0.0015·log m + 0.01, no limit" in evidence.summary


@pytest.mark.parametrize(("limit", "verdict"), [(0.45, Verdict.SEARCHED), (0.55, Verdict.UNDECIDED)])
def test_a_constant_that_grows_towards_a_limit_is_judged_by_the_limit(limit, verdict):
    evidence = scaling(lambda n: limit * (1 - 0.5 / n), values=tuple(2.0**k for k in range(12)))  # largest below 1/2 …
    assert evidence.verdict is verdict
    law = evidence.trends["m"].law
    assert law.kind == "bounded"
    assert law.limit == pytest.approx(limit, rel=1e-6)
    assert f"towards {limit}" in evidence.summary


def test_a_large_growth_that_dies_out_is_no_divergence():
    evidence = scaling(lambda n: 1e5 * (1 - 1 / (1 + n / 1e4)), values=tuple(10.0**k for k in range(9)))
    assert evidence.trends["m"].constants[-1] > GROWTH * evidence.trends["m"].constants[0]
    assert evidence.trends["m"].law.kind == "bounded"
    assert evidence.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("constant", "kind"),
    [
        (lambda n: 3 * n**0.4, "power"),
        (lambda n: 5 + n**0.5, "power"),
        (lambda n: 2 + 0.3 * math.log(n), "logarithm"),
        (lambda n: math.sqrt(2 * math.log(n) + 1), "root of a logarithm"),
        (lambda n: 2 - n**-0.5, "bounded"),
        (lambda n: 1 - 1 / (2 + math.log(n)), "slow"),
    ],
)
def test_a_law_is_told_by_its_fit(constant, kind):
    values = tuple(10.0**k for k in range(13))
    law = fitted_law("n", values, [constant(n) for n in values])
    assert law.kind == kind
    assert (law.limit == math.inf) == (kind not in ("bounded", "slow"))
    assert law.error <= FITS


def test_no_law_is_made_up():
    assert fitted_law("n", (1.0, 2.0, 3.0), (1.0, 2.0, 3.0)) is None
    values = tuple(10.0**k for k in range(12))
    assert fitted_law("n", values, [math.exp(k**1.9 / 20) for k in range(12)]) is None
    assert not grows([1.0, 1.0 + 1e-7, 1.0 + 2e-7])
    assert not grows([1.0, math.nan, 3.0])


def test_a_hidden_constant_may_have_any_name():
    claim = REGISTRY["L4:printed-scaled"]
    constant = replace(claim.constants["K"], symbol=sp.Symbol("C_1", positive=True))
    renamed = replace(
        claim,
        relation=claim.relation.map(lambda expr: expr.subs(claim.constants["K"].symbol, constant.symbol)),
        constants={"C_1": constant},
        mutants=(),
    )
    assert hidden_constant(renamed) == "C_1"
    axis = Axis(parameter="m", values=DECADES, family=lambda value: [{"m": value}])
    method = Scaling(experiment=TRIAL, needed=linear_constant(TRIAL), axes=(axis,))
    assert method.run(renamed, CONTEXT).summary.startswith("C_1 = 0.5 suffices")
    with pytest.raises(ValueError, match=r"constant must name one of .*'C_1'.*; got 'K'"):
        hidden_constant(renamed, "K")


def test_a_slope_is_that_of_the_logarithms():
    assert trend(lambda m: 7.0).slope == 0
    assert trend(lambda m: 5 / m).slope == pytest.approx(-1)
    assert math.isnan(trend(lambda m: 0.0).slope)


def test_an_infinite_constant_refutes_and_an_undefined_one_decides_nothing():
    assert scaling(lambda m: math.inf if m > 1e10 else 0.1).verdict is Verdict.REFUTED
    for bad in (lambda m: math.nan, lambda m: math.nan if m == 1 else 0.1, lambda m: math.nan if m > 1e20 else m):
        evidence = scaling(bad)
        assert evidence.verdict is Verdict.UNDECIDED
        assert math.isnan(evidence.trends["m"].largest)
        evidence.to_dict()


@pytest.mark.parametrize("bad", [arb.nan(), arb(0, 1e9)])
def test_a_side_that_is_not_a_number_gives_no_constant(bad):
    trial = Experiment(name="t", domain=TRIAL.domain, sides=lambda _c: lambda _i: (arb(1), bad))
    assert math.isnan(number(linear_constant(trial)(CLAIM)({"m": 1.0})))
    assert math.isnan(number(bisected_constant(lambda _c: lambda _i, _k: (bad, arb("0.1")))(CLAIM)({})))


def test_the_sign_of_the_sides_decides_before_their_quotient():
    def constant(left, right):
        trial = Experiment(name="t", domain=TRIAL.domain, sides=lambda _c: lambda _i: (left, right))
        return number(linear_constant(trial)(CLAIM)({"m": 1.0}))

    assert constant(arb(-3), arb(0)) == constant(arb(0), arb(0)) == constant(arb(-3), arb(2)) == 0
    assert constant(arb(1), arb(0)) == constant(arb(1), arb(-1)) == math.inf
    assert constant(arb(6), arb(2)) == 1.5
    assert math.isnan(constant(arb.nan(), arb(1)))
    assert math.isnan(constant(arb(-1), arb(-1)))


def test_a_violation_without_growth_is_undecided():
    over = Experiment(name="over", domain=TRIAL.domain, sides=lambda _c: lambda _i: (arb(3), arb(2)))
    evidence = scaling(lambda m: 0.75, experiment=over)
    assert evidence.verdict is Verdict.UNDECIDED
    assert "needs K above 0.5" in evidence.summary


def test_a_domain_that_is_never_met_is_vacuous():
    never = Experiment(
        name="never", domain=Domain(fields=TRIAL.domain.fields, require=lambda _i: False), sides=TRIAL.sides
    )
    assert scaling(lambda m: 0.1, experiment=never).verdict is Verdict.VACUOUS


def test_a_divergence_proof_needs_a_checked_step():
    m = CLAIM.constants["K"].symbol
    cited = Cited(theorem="folklore", use="no constant works")
    good, bad = Equal(name="", left=m + m, right=2 * m), Equal(name="", left=m, right=2 * m)
    for steps, verdict in (
        ((good, cited), Verdict.REFUTED),
        ((cited,), Verdict.SEARCHED),
        ((), Verdict.SEARCHED),
        ((good, bad), Verdict.SEARCHED),
    ):
        assert scaling(lambda m: 0.1, divergence=lambda _claim, s=steps: s).verdict is verdict
    assert "proved" in scaling(lambda m: 0.1, divergence=lambda _claim: (good, cited)).summary


# Closed forms --------------------------------------------------------------------------------------------------------


def needed_for_lemma_1(**instance):
    with working_precision(PRECISION):
        needed = bisected_constant(violation_at(xt_norm, endpoint_violation))(REGISTRY["L1:printed"])
        return number(needed({"d": 1, "delta": 0.1, "r": 1.0, "v": 1.0, "x0_norm": 0.0, **instance}))


@pytest.mark.parametrize("delta", [1e-9, 0.01, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("dim", [1, 3, 100])
def test_the_constant_of_lemma_1_is_a_quantile_over_the_printed_tail(delta, dim):
    quantile = stats.norm.isf(-math.expm1(math.log1p(-delta) / dim) / 2)
    expected = quantile / math.sqrt(2 * math.log(1 / delta))
    assert needed_for_lemma_1(d=dim, delta=delta) == pytest.approx(expected, rel=3e-7)


def test_the_constant_of_lemma_1_at_one_tenth_is_below_1_for_three_dimensions_and_above_from_four_on():
    assert needed_for_lemma_1() == pytest.approx(stats.norm.ppf(0.95) / math.sqrt(2 * math.log(10)), rel=3e-7)
    assert needed_for_lemma_1(d=3) < 1 < needed_for_lemma_1(d=4)


def test_the_initial_point_is_no_obstacle():
    values = [needed_for_lemma_1(x0_norm=10.0**k) for k in range(7)]
    assert all(value < 1 + 1e-6 for value in values)


def needed_for_flow(claim_id, instance):
    with working_precision(PRECISION):
        return number(linear_constant(EXPERIMENT)(REGISTRY[claim_id])(instance))


@pytest.mark.parametrize("width", [1, 2, 7, 1000, 10**6])
@pytest.mark.parametrize("u", [1e-6, 1e-3])
def test_the_constant_of_lemma_4_on_the_flow_of_a_is_half_the_width(width, u):
    # Θ = −Θ0 and minimiser 1 − 2/u with u = 4κτ/m: the excess is (m/4τ)·4·(1 − O(u)), the sum of squares is 2
    instance = flow_instance(width=width, initial=1.0, comparator=-1.0, minimiser=1 - 2 / u, tau=u * width / 4)
    assert needed_for_flow("L4:printed-A", instance) == pytest.approx(width / 2, rel=2 * u)
    assert needed_for_flow("L4:printed-A", instance) <= width / 2 * (1 + 1e-12)


def test_half_is_never_exceeded_on_the_scaled_flow():
    rng = np.random.default_rng(6)
    for _ in range(200):
        start, best, other = rng.normal(size=3) * 10.0 ** rng.integers(-2, 3, size=3)
        instance = flow_instance(
            initial=start,
            minimiser=best,
            comparator=other,
            tau=10.0 ** rng.uniform(-6, 4),
            width=int(rng.integers(1, 100)),
        )
        assert needed_for_flow("L4:printed-scaled", instance) <= 0.5 * (1 + 1e-12)


@pytest.mark.parametrize("width", [1, 4, 10**4])
def test_the_constant_of_lemma_5_on_the_scaled_flow_is_the_root_of_kappa_times_the_width(width):
    u = 0.6282156043130849
    needed = needed_for_flow("L5:printed-scaled", flow_instance(width=width, minimiser=1.0, tau=u))
    assert needed == pytest.approx(math.sqrt(math.expm1(-2 * u) ** 2 / u * width))
    assert needed == pytest.approx(math.sqrt(0.81452875 * width), rel=1e-8)


@pytest.mark.parametrize(
    ("claim_id", "parameter", "slope"),
    [("L4:printed-A", "m", 1.0), ("L5:printed-scaled", "m", 0.5), ("L1:printed", "1/(1-delta)", 1 / 6)],
)
def test_the_refuted_lemmas_grow_along_the_parameter_that_the_ledger_names(claim_id, parameter, slope):
    method = PLANS[claim_id].methods[0]
    evidence = method.run(REGISTRY[claim_id], CONTEXT)
    trends = evidence.trends
    assert evidence.verdict is Verdict.REFUTED
    assert "proved" in evidence.summary
    # d = 3: P(max|Z| > L) ~ 1 − (L√(2/π))³ puts L ~ (1−δ)^{1/3} against √log(1/δ²) ~ (1−δ)^{1/2}
    assert trends[parameter].slope == pytest.approx(slope, abs=0.01)
    assert [name for name, found in trends.items() if found.diverges] == [parameter]


def test_growth_with_the_logarithm_of_the_dimension_is_measured_and_left_to_the_proof():
    trends = PLANS["L1:printed"].methods[0].run(REGISTRY["L1:printed"], CONTEXT).trends
    constants = trends["d"].constants
    assert list(constants) == sorted(constants)
    exact = [
        stats.norm.isf(-math.expm1(math.log(0.9) / dim) / 2) / math.sqrt(2 * math.log(10)) for dim in trends["d"].values
    ]
    assert constants == pytest.approx(exact, rel=3e-7)
    assert trends["d"].grows
    assert not trends["d"].diverges


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: axis.parameter)
def test_on_the_flow_that_suits_it_no_lemma_needs_a_growing_constant(axis):
    for claim_id in ("L4:printed-scaled", "L5:printed-A"):
        reference = float(REGISTRY[claim_id].constants["K"].value)
        for value in axis.values:
            for instance in axis.family(value):
                assert needed_for_flow(claim_id, instance) <= reference * (1 + 1e-12)
