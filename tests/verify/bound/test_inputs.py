"""The inputs of the repaired Theorems 1 and 2, against a direct computation of each."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

import numerics
import theory
import verify
from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, longer_budgets

OU = theory.OrnsteinUhlenbeck()
FEATURES = numerics.RandomFeatures.sample(6, 1, numerics.exponential_embedding(), rng=np.random.default_rng(5))
BOX = numerics.histogram_density([-1.0, 0.2, 1.0], [0.7, 0.3])
MODES = theory.GaussianMixture.two_modes(2)
COMMON = {"features": FEATURES, "sde": OU, "horizon": 1.5, "n": 1000, "tau": 10.0, "delta": 0.05, "nodes": 24}


def evaluated(claim_id, values):
    return REGISTRY[claim_id].evaluate(**values, kl_learned=0.0)


@pytest.mark.parametrize(("law", "claim_id"), [(BOX, "T1:repaired"), (BOX, "T1:simple"), (MODES, "T2:repaired")])
def test_the_inputs_are_all_that_the_bound_asks_for(law, claim_id):
    values = verify.theorem_1_inputs(law=law, comparator=10.0, **COMMON)
    result = evaluated(claim_id, values)
    assert result.outcome == "finite"
    assert float(result.right) > values["kl_prior"]
    assert {str(symbol) for symbol in REGISTRY[claim_id].symbols} - {"kl_learned"} <= set(values)


def test_every_input_is_what_its_symbol_means():
    values = verify.theorem_1_inputs(law=BOX, comparator=10.0, **COMMON)
    when = verify.schedule(OU, horizon=1.5, count=24, weighting="likelihood", grading=2)
    loss = numerics.histogram_quadratic(FEATURES, BOX, when)
    theta = numerics.GradientFlow(loss, np.zeros((1, 6))).parameters(10.0)
    assert values["loss_comparator"] == pytest.approx(loss.loss(theta), rel=1e-12)
    assert values["loss_minimum"] == pytest.approx(loss.minimum, rel=1e-12)
    assert values["distance_initial"] == pytest.approx(np.linalg.norm(theta), rel=1e-12)
    r, std = math.exp(-1.5), math.sqrt(-math.expm1(-3.0))
    diffused = BOX.diffused(r, std)

    def integrand(x):
        p = diffused.pdf(x)
        return p * (math.log(p) + 0.5 * x * x + 0.5 * math.log(2 * math.pi))

    assert values["kl_prior"] == pytest.approx(quad(integrand, -9, 9, epsabs=1e-13, limit=200)[0], abs=1e-11)


def test_the_scatter_of_two_modes_is_that_of_many_data():
    """A mean of 4000 bounded-variance terms: 8 standard errors, error level below 1e-14."""
    values = verify.theorem_1_inputs(law=MODES, comparator=10.0, **COMMON)
    rng = np.random.default_rng(1)
    data = 2.0 * rng.choice((-1.0, 1.0), 400) + rng.normal(size=400)
    when = verify.schedule(OU, horizon=1.5, count=24, weighting="likelihood", grading=2)
    B, _ = numerics.per_datum_parts(FEATURES, data, when)
    squares = np.sum((B - numerics.population_quadratic(FEATURES, MODES, when).B) ** 2, axis=(1, 2))
    assert abs(squares.mean() - values["S_B"] ** 2) < 8 * squares.std() / math.sqrt(len(data))


def test_the_default_comparator_is_the_minimiser_and_a_matrix_is_taken_as_it_is():
    least = verify.theorem_1_inputs(law=BOX, **COMMON)
    assert least["loss_comparator"] == pytest.approx(least["loss_minimum"], rel=1e-9)
    given = np.linspace(-1, 1, 6)[None]
    values = verify.theorem_1_inputs(law=BOX, comparator=given, initial=given, **COMMON)
    assert values["distance_initial"] == 0.0
    from_zero = verify.theorem_1_inputs(law=BOX, comparator=given, **COMMON)
    assert from_zero["distance_initial"] == pytest.approx(np.linalg.norm(given))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"law": "uniform"}, "law must be a histogram or a GaussianMixture"),
        ({"sde": 3}, "sde must be an SDE"),
        ({"horizon": -1.0}, "horizon"),
        ({"horizon": 1e-300}, "^horizon must leave noise of std at least"),
        ({"horizon": 5e-324}, "^horizon must exceed"),
        ({"horizon": 1e5, "sde": theory.VarianceExploding(25)}, "^horizon must keep the SDE's std below"),
        ({"comparator": np.zeros((1, 5))}, "comparator"),
        ({"initial": np.zeros(3)}, "initial"),
    ],
)
def test_bad_input_is_named(changes, message):
    with pytest.raises((TypeError, ValueError), match=message):
        verify.theorem_1_inputs(**{"law": BOX, **COMMON, **changes})


@pytest.mark.parametrize("horizon", [1e-12, 1e-18, 1e-40])
@pytest.mark.parametrize("law", [BOX, MODES])
def test_a_short_horizon_is_evaluated(horizon, law):
    values = verify.theorem_1_inputs(**{**COMMON, "law": law, "comparator": 10.0, "horizon": horizon})
    assert all(np.isfinite(value).all() for value in values.values())
    now = law if law is BOX else numerics.mixture_kl(law, theory.GaussianMixture((1,), (0,), (1,))).value
    if law is BOX:  # nothing has diffused: KL(p_T‖π) → KL(p₀‖π) = E log p₀ + ½ log 2π + ½ E x², up to O(√T)
        inner = 0.7 * math.log(0.7 / 1.2) + 0.3 * math.log(0.3 / 0.8)
        square = 0.7 * (0.2**3 + 1) / (3 * 1.2) + 0.3 * (1 - 0.2**3) / (3 * 0.8)
        now = inner + 0.5 * math.log(2 * math.pi) + 0.5 * square
    assert abs(values["kl_prior"] - now) < 10 * math.sqrt(horizon) + 1e-9


def test_a_shorter_budget_says_what_the_longer_ones_would_add():
    assert longer_budgets("deep") == []
    lines = longer_budgets("quick")
    assert [line.split()[1] for line in lines] == ["standard", "deep"]
    assert "480 trained models (now 6)" in lines[1]
    assert str(BUDGETS["standard"].examples) in lines[0]
