"""The bounds by capacity written again by hand."""

import math

import pytest

from theory import claims

AT = {"top_B": 3.0, "nu": 1.0, "share": 0.25, "gain": 1.5, "loss_minimum": 1.0, "loss_hat": 5.0}
RHO = math.sqrt(3 / 4)
PATH = {**AT, "loss_tau": 10.0, "noise_end": 0.5, "noise_path": 0.125}
COMPARATOR = {**AT, "loss_comparator": 10.0, "noise_gap": 0.5, "slope_ridge": 0.25}
TAIL = {"n": 10, "m": 4, "delta": 0.1, "kept": 0.5, "omega": 0.25, "ridged_range": 4.0, "laplace_at": 5.0,
        "laplace_chord": 2.0, "log_laplace": -40.0, "whitened_square": 3.0, "whitened_variance": 2.0}  # fmt: skip

END = {"loss_minimum": 1.0, "loss_hat": 5.0, "tau": 2.0, "distance_minimiser": 3.0, "share_0": 0.5}
LIMIT = {"loss_minimum": 1.0, "loss_fit": 5.0, "noise_minimum": 0.25}
RATE = {"loss_minimum": 1.0, "loss_hat": 5.0, "n": 10_000, "delta": 0.5, "source_power": 0.5, "source_norm": 3.0,
        "capacity_power": 1.0, "capacity_constant": 2.0, "noise_std": 0.5}  # fmt: skip
LINEAR = {**AT, "loss_first": 10.0, "deviation_ridge": 0.5, "first_end": 0.5, "first_path": 0.125}


def tail(name, left, right):
    """A row with the values that the claim takes."""
    taken = map(str, claims[name].symbols)
    return name, {symbol: TAIL[symbol] for symbol in taken}, left, right


SELF = {**AT, "loss_comparator": 10.0, "gain_residual": 0.36, "residual_mean": 4.0}
SELF = {name: value for name, value in SELF.items() if name != "gain"}
MEAN = {"n": 16, "delta": 0.1, "mean_deviation": 0.25, "sigma_Y": 2.0, "weak_Y": 1.0, "radius_Y": 3.0}
LEVEL = math.log(10)
BOUSQUET = 0.5 + math.sqrt(2 * LEVEL * (1 + 2 * 3 * 0.5) / 16) + 3 * LEVEL / 48
DIFFERENCES = 0.5 + 3 * math.sqrt(2 * LEVEL / 16)


def mean(name, right, **changed):
    """A row with the values that the claim takes."""
    values = {**MEAN, **changed}
    return name, {symbol: values[symbol] for symbol in map(str, claims[name].symbols)}, 0.25, right


SIDES = [
    ("CAP:self-residual", {"residual_hat": 1.5, "residual_mean": 4.0}, 1.5, 4.0),
    (
        "CAP:self",
        {**SELF, "distance_initial": 2.0, "decay_four": 0.01},
        2.0,
        3 + RHO * (2 * math.sqrt(0.01 / 0.25) + 0.6 * 2 / 0.5),
    ),
    (
        "CAP:self-weak",
        {**SELF, "distance_ridge": 2.0, "decay_two": 0.01},
        2.0,
        3 + RHO * (2 * 0.01 / 0.25 + 0.6 * 2 / 0.5),
    ),
    mean("CAP:sample-Bousquet", BOUSQUET),
    mean("CAP:sample-differences", DIFFERENCES),
    mean("CAP:sample-Pinelis", 3 * math.sqrt(2 * math.log(20) / 16)),
    mean("CAP:sample-sure", 3.0),
    mean("CAP:sample", 2 / math.sqrt(1.6)),
    ("CAP:linear", LINEAR, 2.0, 3 + RHO * 0.5 / 0.25 * (1.5 * 0.5 + 0.125)),
    ("CAP:linear-below", LINEAR, 3.0, 2 + RHO * 0.5 / 0.25 * (1.5 * 0.5 + 0.125)),
    ("CAP:saturation", {**END, "noise_minimum": 0.25}, 2.0, 3 / math.sqrt(4 * math.e) + 0.5),
    ("CAP:saturation-limit", {**LIMIT, "share_0": 0.5}, 2.0, 0.5),
    ("CAP:saturation-floor", {**LIMIT, "stretch": 1.5}, 0.25, 3.0),
    (
        "CAP:saturation-sample",
        {**END, "n": 100, "delta": 0.5, "noise_square": 4.0},
        2.0,
        3 / math.sqrt(4 * math.e) + 2 * math.sqrt(16 / 100),
    ),
    (
        "CAP:saturation-bounded",
        {**END, "n": 100, "delta": 0.5, "noise_square": 4.0, "noise_weak": 0.5, "noise_radius": 3.0},
        2.0,
        3 / math.sqrt(4 * math.e)
        + 2 * (0.2 + math.sqrt(2 * math.log(4) * (0.25 + 2 * 3 * 0.2) / 100) + 3 * math.log(4) / 300),
    ),
    ("CAP:rates-time", {**RATE, "tau": 2.0}, 2.0, 3 / 2 + (1 + 1 / math.e) * math.sqrt(8) * math.sqrt(4 / 1e4)),
    ("CAP:rates", RATE, 2.0, (3 + 2 * (1 + 1 / math.e) * math.sqrt(8)) / 1e4 ** (1 / 3)),
    ("CAP:path", PATH, 2.0, 3 + RHO * (1.5 * 0.5 + 0.125) / 0.25),
    (
        "CAP:comparator",
        {**COMPARATOR, "distance_initial": 2.0, "decay_four": 0.01},
        2.0,
        3 + RHO * (2 * math.sqrt(0.01 / 0.25) + 1.5 / 0.25 * 0.75),
    ),
    tail("CAP:lower-tail-sure", 0.25, 0.5),
    tail("CAP:lower-tail-moment", 1.0, 0.5 + math.sqrt(2 * 3 * math.log(40) / 10)),
    tail("CAP:lower-tail-Bernstein", 1.0, 0.5 + math.sqrt(2 * 2 * math.log(40) / 10) + 0.75 * math.log(40) / 30),
    tail("CAP:lower-tail-Chernoff", 0.25 + 0.75 * (1 - math.exp(-8)) / 8, 0.5 + math.log(40) / 20),
    tail("CAP:lower-tail-master", 0.8, 0.5 + math.log(10) / 50),
    tail("CAP:lower-tail", 0.8 - math.log(10) / 50, 0.5),
    (
        "CAP:comparator-weak",
        {**COMPARATOR, "distance_ridge": 2.0, "decay_two": 0.01},
        2.0,
        3 + RHO * (2 * 0.01 / 0.25 + 1.5 / 0.25 * 0.75),
    ),
]


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_flows_are_for_every_pair_and_lower_tails_with_a_probability(kinds):
    sampled = ("CAP:lower-tail", "CAP:rates", "CAP:saturation-sample", "CAP:saturation-bounded")
    tails = {name for name in kinds if name.startswith(sampled)}
    means = {name for name in kinds if name.startswith("CAP:sample")}
    assert {kinds[name] for name in means - {"CAP:sample-sure"}} == {"P ≤"}
    assert {kinds[name] for name in (kinds.keys() - means - tails) | {"CAP:sample-sure"}} == {"∀ ≤"}
    assert {kinds[name] for name in tails - {"CAP:lower-tail-sure"}} == {"P ≤"}


def test_without_data_noise_the_population_flow_is_left():
    silent = {**PATH, "noise_end": 0.0, "noise_path": 0.0}
    assert float(claims["CAP:path"].evaluate(**silent).right) == pytest.approx(3.0)


def test_the_least_of_the_bounds_is_each_of_them_somewhere():
    def least(**changed):
        return float(claims["CAP:sample"].evaluate(**{**MEAN, **changed}).right)

    assert least(n=1) == pytest.approx(3.0)  # the radius
    near = least(n=64, delta=1e-4, sigma_Y=3.0, weak_Y=3.0)  # no mean before it
    assert near == pytest.approx(3 * math.sqrt(2 * math.log(2e4) / 64))
    assert least(n=10**6, delta=1e-6) == pytest.approx(
        2e-3 + math.sqrt(2 * math.log(1e6) * (1 + 6 * 2e-3) / 1e6) + 3 * math.log(1e6) / 3e6
    )
