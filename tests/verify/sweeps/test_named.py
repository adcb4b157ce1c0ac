"""Sweeps of the house: their specs are read, and what draws them finds the exponents that were put in."""

import math
from fractions import Fraction

import numpy as np
import pytest

from verify.studies.grids import memorisation_time, theorem_1_links, trained_divergence, two_modes
from verify.studies.grids.divergence_against_n import STOPS, THEORY, _Law, _told
from verify.studies.grids.fits import by_size, exponent, numbers_of
from verify.studies.theorem_1_chain import LINKS
from verify.sweeps.cells import Row
from verify.sweeps.kinds.measure import function_at
from verify.sweeps.named import NAMED, spec_of
from verify.sweeps.results import Sweep
from verify.sweeps.spec import read

FOUND = {
    "divergence-against-n": lambda n: {
        **dict.fromkeys((*STOPS, *_THEORY), 0.25 + n**-0.8),
        **dict.fromkeys((f"{name}_excess" for name in (*STOPS, *_THEORY, "ever")), n**-1.0),
        **{"limit": 0.25, "error": 0.0, "best_excess_tau": 10.0, **_BOUND},
        **{"rate": "-4/5", "source": "0", "effective": "1/4", "stopping": 0.8, "enough": math.inf},
        **dict.fromkeys(("start", "dimension", "noise_square", "noise_std"), 1.0),
    },
    "divergence-against-m": lambda width: {
        **dict.fromkeys((*STOPS, "limit", "loss", "best_excess"), 1 / (width + 3)),
        **{"error": 0.0, "best_excess_tau": 10.0},
        **_BOUND,
    },
    "effect-of-mu": lambda mu: {
        **dict.fromkeys(("prior", "best", "data_best", "least", "start", "best_tau", "data_best_tau"), 0.5),
        **dict.fromkeys(("best_loss", "data_best_loss", "error", "data_error"), 0.01),
        **dict.fromkeys(("least_norm", "best_norm", "data_best_norm"), mu**2),
    },
    "three-densities": lambda n: {
        **{f"{name}@{tau:g}": 1 / n for name in ("sde", "ode") for tau in two_modes.TAUS},
        **{f"score@{tau:g}": math.inf for tau in two_modes.TAUS},
        **{f"{name}_error@{tau:g}": 1e-6 for name in ("sde", "ode", "score") for tau in two_modes.TAUS},
        **{f"loss@{tau:g}": 0.5 for tau in two_modes.TAUS},
    },
    "theorem-1-links": lambda n: {
        f"{link} {what}@{tau:g}": {"measured": 1.0, "bound": 2.0, "violated": 0.0}[what]
        for link in LINKS
        for what in ("measured", "bound", "violated")
        for tau in theorem_1_links.TAUS
    },
    "memorisation-time": lambda n: {"begins": n**3, "least_tau": 10.0, "rise": 2.0, "least": 0.1, "coarse": n**3},
}
"""What the cells of a sweep might find, by the parameter that it hangs on."""
_THEORY = tuple(f"{name}@{c:g}" for name in THEORY for c in trained_divergence.CONSTANTS)
_BOUND = {"capacity_bound": 1.0, "capacity_tau": 10.0, "best_tau": 100.0}


def summed_up(name, folder):
    """The summary of a sweep whose cells found what was put in."""
    parameter = FOUND[name].__code__.co_varnames[0]
    rows = tuple(
        Row(cell=cell, state="done", result=FOUND[name](float(cell.parameters[parameter])))
        for cell in read(spec_of(name)).cells
    )
    return NAMED[name].summary(Sweep(name=name, rows=rows, store=folder, computed=0))


@pytest.mark.parametrize("name", NAMED)
def test_the_spec_of_a_name_is_one(name):
    spec = read(spec_of(name))
    assert spec.name == name
    assert len(spec.cells) > 20
    assert all(callable(function_at(cell.target, spec.folder)) for cell in spec.cells)


def test_what_is_neither_a_file_nor_a_name_is_refused_with_the_names(tmp_path):
    with pytest.raises(ValueError, match="spec must be a TOML file or one of divergence-against-n"):
        spec_of("divergence-agianst-n")
    assert spec_of("mine.toml").name == "mine.toml"


def test_an_exponent_is_found_with_an_interval_that_holds_it():
    sizes = np.array([10.0, 100.0, 1000.0])
    noise = np.random.default_rng(0).uniform(0.5, 1.5, (40, 3))
    slope, (low, high) = exponent(sizes, noise * sizes**-0.75)
    assert low < -0.75 < high
    assert low < slope < high < low + 0.2
    exact, interval = exponent(sizes, np.tile(2 / sizes, (5, 1)))
    assert (exact, *interval) == pytest.approx((-1, -1, -1), rel=1e-12)


def test_cells_become_arrays_of_replicas_and_sizes():
    columns = {"n": [2, 1, 2, 1], "m": [5, 5, 6, 6], "y": [1.0, "nan", "inf", None]}
    np.testing.assert_array_equal(numbers_of(columns, "y"), [1.0, np.nan, np.inf, np.nan])
    np.testing.assert_array_equal(by_size(columns, "y", "n", m=5.0), [[np.nan, 1.0]])


def test_against_n_the_exponents_are_those_of_the_distance_and_of_the_excess_loss(tmp_path):
    summary = summed_up("divergence-against-n", tmp_path)
    assert list(summary.numbers) == list(trained_divergence.LAWS)
    for found in summary.numbers.values():
        assert found["best"]["divergence"]["exponent"] == pytest.approx(-0.8, rel=1e-9)
        assert found["ever"]["excess loss"]["exponent"] == pytest.approx(-1, rel=1e-9)
        assert found["CAP:saturation"]["n times the mean excess for τ = ∞"] == pytest.approx([1] * 6)
    assert len(summary.figure.axes) == 4
    assert len(summary.figure.axes[0].get_lines()) == 5 + 2


def test_an_interval_holds_the_rates_that_lie_in_it():
    sizes, noise = np.array([10.0, 100.0, 1000.0]), np.random.default_rng(0).uniform(0.5, 1.5, (40, 3))
    law = _Law(sizes=sizes, columns={}, limit=0.0, rate=Fraction(-3, 4), noise=1.0, best={})
    assert _told(law, exponent(sizes, noise * sizes**-0.75))["interval holds"] == ["CAP:rates, n^(-3/4)"]
    assert _told(law, exponent(sizes, noise * sizes**-0.5))["interval holds"] == ["n^(-1/2)"]


def test_against_m_the_exponent_is_that_of_the_divergence(tmp_path):
    summary = summed_up("divergence-against-m", tmp_path)
    for found in summary.numbers.values():
        assert found["n = 300"]["best"]["exponent"] == pytest.approx(-1, rel=1e-9)
        assert found["population"]["loss"]["exponent"] == pytest.approx(-1, rel=1e-9)
    assert len(summary.figure.axes) == 2 * 3


def test_the_norms_exponent_in_mu_is_found_where_the_modes_are_apart(tmp_path):
    summary = summed_up("effect-of-mu", tmp_path)
    assert summary.numbers["least_norm"]["exponent"] == pytest.approx(2, rel=1e-9)
    assert len(summary.figure.axes) == 2


def test_a_density_that_does_not_exist_is_counted_and_never_the_nearest(tmp_path):
    summary = summed_up("three-densities", tmp_path)
    one = summary.numbers["n = 300, m = 16"]
    assert one["no density"] == {"sde": 0, "ode": 0, "score": one["networks"]}
    assert one["nearest"]["score"] == 0
    assert one["score"] == [math.inf] * len(two_modes.TAUS)


def test_every_link_of_the_grid_is_summed_up_along_each_axis(tmp_path):
    summary = summed_up("theorem-1-links", tmp_path)
    total = summary.numbers["links"]["total"]
    assert total["bound over measured"]["median"] == 2.0
    assert (total["violated"], total["no number"]) == (0, 0)
    assert set(total["medians"]) == {"n", "width", "horizon", "mu", "tau"}
    assert {value for found in total["medians"].values() for value in found.values()} == {2.0}


def test_the_time_from_which_flows_memorise_has_its_exponent(tmp_path):
    summary = summed_up("memorisation-time", tmp_path)
    for model in ("m = ∞", "m = 128"):
        assert summary.numbers[model]["begins exponent"]["exponent"] == pytest.approx(3, rel=1e-9)
    assert summary.numbers["m = ∞"]["never began"] == [0] * 5


# What the cells measure ----------------------------------------------------------------------------------------------


def test_with_more_data_a_trained_score_comes_nearer_to_the_population(monkeypatch):
    monkeypatch.setattr(trained_divergence, "TIMES", (10.0, 1e5))
    few, many = (
        trained_divergence.divergence_against_n(n, "two bumps", 3, np.random.default_rng(0)) for n in (5, 5000)
    )
    assert many["limit"] == few["limit"]
    assert abs(many["best"] - many["limit"]) < 0.2 * (few["best"] - few["limit"])
    assert few["best"] <= min(few["end"], few["capacity"])
    assert many["capacity"] < many["capacity_bound"] < few["capacity_bound"]
    assert many["ever_excess"] < 0.02 * few["ever_excess"]
    assert many["ever_excess"] <= many["best_excess"] <= min(many["end_excess"], many["capacity_excess"])
    with pytest.raises(ValueError, match="law must be one of two bumps, two modes; got 'one bump'"):
        trained_divergence.divergence_against_n(5, "one bump", 3, np.random.default_rng(0))


def test_features_are_drawn_anew_against_m(monkeypatch):
    monkeypatch.setattr(trained_divergence, "FEW", (10.0, 1e5))
    one, other = (trained_divergence.divergence_against_m(50, "two bumps", 3, np.random.default_rng(k)) for k in (0, 1))
    assert one["loss"] != other["loss"]
    assert one["limit"] != other["limit"]


def test_before_training_the_generated_law_is_the_prior():
    model = two_modes.Modes.drawn(1.0, 2.0, 4, np.random.default_rng(0))
    divergence = 0.5  # KL of two unit modes at ±1 to N(0, 1): 1/2 less their entropy beyond a normal law's, below
    mixture = np.random.default_rng(1)
    x = mixture.choice((-1.0, 1.0), 200_000) + mixture.standard_normal(200_000)
    exact = np.mean(np.log(0.5 * (np.exp(-0.5 * (x - 1) ** 2) + np.exp(-0.5 * (x + 1) ** 2))) + 0.5 * x**2)
    assert exact < divergence
    for value, error in (model.by_sde(model.initial), model.by_ode(model.initial), model.by_score(model.initial)):
        assert abs(value - exact) < error + 0.02  # the mean of 2e5 draws of standard deviation 1: 0.0022, nine times


def test_a_flow_that_fits_two_data_memorises_and_one_on_many_does_not_with_few_features():
    few, many = (memorisation_time.at_finite_width(n, 8, np.random.default_rng(2)) for n in (2, 512))
    assert few["begins"] < math.inf
    assert few["least_tau"] <= few["begins"]
    assert many["begins"] == math.inf
    wide = memorisation_time.in_infinite_width(2, np.random.default_rng(2))
    assert wide["least_tau"] < wide["begins"] < math.inf
    assert wide["rise"] > memorisation_time.WORSE


def test_the_rise_is_looked_for_after_the_least_loss():
    loss = np.array([5.0, 1.0, 1.05, 1.2] + [0.9] * (len(memorisation_time.TAUS) - 4))
    found = memorisation_time.times_of(loss)
    assert found["least_tau"] == memorisation_time.TAUS[4]
    assert found["begins"] == math.inf


def test_no_link_of_the_repaired_theorem_is_violated_on_a_small_model():
    found = theorem_1_links.theorem_1_links(
        n=50, width=2, horizon=1.0, mu=0.5, comparator=100.0, rng=np.random.default_rng(0)
    )
    assert set(found) == {
        f"{link} {what}@{tau:g}"
        for link in LINKS
        for what in ("measured", "bound", "violated")
        for tau in theorem_1_links.TAUS
    }
    assert sum(value for name, value in found.items() if " violated@" in name) == 0
    with pytest.raises(ValueError, match="mu must be 0, or between"):
        theorem_1_links.law(0.95)
