"""The linear Gaussian autoencoder against quadrature, covariances of simulated linear maps, and the claims' sides."""

import itertools
import math

import numpy as np
import pytest

import numerics
import theory

AT = {"data_variance": 1.0, "encoder_gain": 0.5, "encoder_variance": 0.5, "decoder_gain": 0.7, "decoder_variance": 0.5}
FLAT = {
    "data_variance": 1.0,
    "encoder_gain": 0.0,
    "encoder_variance": 1.0,
    "decoder_gain": 0.0,
    "decoder_variance": 1.0,
}
ODD = {
    "data_variance": 2.0,
    "encoder_gain": -0.8,
    "encoder_variance": 1.7,
    "decoder_gain": 0.4,
    "decoder_variance": 0.3,
}
EACH = pytest.mark.parametrize(("fields", "n"), [(AT, 100), (FLAT, 100), (ODD, 2), (ODD, 7)])
PROPERTIES = [
    "reconstruction", "held_out", "product", "gap", "held_out_gap", "rate", "code_information", "weight_information",
    "output_information", "one_sided_std", "earlier_bound", "printed_bound", "repaired_bound", "sharp_bound",
    "held_out_bound", "divergence", "elbo_bound",
]  # fmt: skip
OF_CLAIMS = {
    "IT8:gap": ("vae_gap", "gap"), "IT8:rate": ("encoder_rate", "rate"),
    "IT8:output": ("output_information", "output_information"),
    "IT8:reconstruction": ("vae_reconstruction_gap", "held_out_gap"), "IT8:divergence": ("kl_generated", "divergence"),
}  # fmt: skip
CLOSE = 1e-12  # some dozens of roundings


def made(fields, n):
    return numerics.LinearAutoencoder(**fields, count=n)


def variables(fields, n):
    """Rows of coefficients of independent standard normals: x_1, z_1, the mean of x, a fresh x, its code, a free z."""
    s, c, t, w, _ = fields.values()
    unit = np.eye(6)
    x = math.sqrt(s) * unit[0]
    mean = x / n + math.sqrt(s * (n - 1)) / n * unit[1]
    z = c * x + math.sqrt(t) * unit[2]
    fresh = math.sqrt(s) * unit[3]
    own = c * fresh + math.sqrt(t) * unit[4]
    b = (1 - w * c) * mean
    return {"x": x, "z": z, "mean": mean, "train": x - w * z - b, "held": fresh - w * own - b,
            "free": fresh - w * unit[5] - b}  # fmt: skip


def sides(name, fields, n, **more):
    values = {**fields, "n": n, **more}
    known = {str(symbol) for symbol in theory.claims[name].symbols}
    found = theory.claims[name].evaluate(**{key: x for key, x in values.items() if key in known})
    return float(found.left), float(found.right)


def covariance(*rows):
    return np.array(rows) @ np.array(rows).T


def expectation(function, dims, nodes):
    """E of a function of independent standard normals, by a Gauss–Hermite product rule."""
    at, weights = np.polynomial.hermite_e.hermegauss(nodes)
    weights = weights / weights.sum()
    points = np.array(list(itertools.product(at, repeat=dims)))
    return float(np.array(list(itertools.product(weights, repeat=dims))).prod(axis=1) @ function(points))


@EACH
def test_the_losses_are_those_of_a_product_rule_over_data_codes_and_priors(fields, n):
    one, v = made(fields, n), fields["decoder_variance"]
    rows = variables(fields, n)
    for name, row in (("reconstruction", "train"), ("held_out", "held"), ("product", "free")):
        residual = rows[row]
        loss = expectation(lambda e, r=residual: 0.5 * np.log(2 * np.pi * v) + (e @ r) ** 2 / (2 * v), 6, 3)  # exact
        assert getattr(one, name) == pytest.approx(loss, rel=CLOSE)
    assert one.gap == pytest.approx(one.product - one.reconstruction, rel=1e-9)  # the difference cancels
    assert one.held_out_gap == pytest.approx(one.held_out - one.reconstruction, rel=1e-9)


@EACH
def test_rate_and_weights_are_the_divergence_from_independent_data_codes_and_decoders(fields, n):
    rows = variables(fields, n)
    joint = covariance(rows["x"], rows["z"], rows["mean"])
    product = np.diag([joint[0, 0], 1.0, joint[2, 2]])
    whole = numerics.gaussian_kl(np.zeros(3), joint, np.zeros(3), product)
    one = made(fields, n)
    assert one.rate + one.weight_information == pytest.approx(whole, rel=1e-10)
    codes = np.diag(np.diag(joint)[:2])
    told = numerics.gaussian_kl(np.zeros(2), joint[:2, :2], np.zeros(2), codes)
    assert one.code_information == pytest.approx(told, rel=1e-10, abs=1e-15)


@EACH
def test_the_divergence_and_the_lower_bound_are_integrals_over_the_mean(fields, n):
    one = made(fields, n)
    s, c, _, w, v = fields.values()
    shift = (1 - w * c) * math.sqrt(s / n)
    kl = expectation(lambda e: np.array([numerics.gaussian_kl(0.0, s, shift * x, w * w + v) for x in e[:, 0]]), 1, 8)
    assert one.divergence == pytest.approx(kl, rel=1e-10)
    assert one.divergence <= one.elbo_bound


@pytest.mark.parametrize("name", OF_CLAIMS)
@EACH
def test_the_claims_identities_give_the_same_numbers(name, fields, n):
    symbol, mine = OF_CLAIMS[name]
    right = sides(name, fields, n, **{symbol: 0.0})[1]
    assert getattr(made(fields, n), mine) == pytest.approx(right, rel=1e-10, abs=1e-15)


@EACH
def test_the_claims_bounds_give_the_same_numbers(fields, n):
    one = made(fields, n)
    for name, mine in (("printed", "printed_bound"), ("repaired", "repaired_bound"), ("elbo", "elbo_bound")):
        left = one.divergence if name == "elbo" else one.gap
        assert (left, getattr(one, mine)) == pytest.approx(sides(f"IT8:{name}", fields, n), rel=1e-10)
    spread = one.one_sided_std * math.sqrt(2.0)  # V/v
    ratio = 1.0 - 2.0 * one.sharp_bound / spread  # the sharp claim is an equality at the bound itself
    assert 0.5 * (ratio - 1 - math.log(ratio)) == pytest.approx(sides("IT8:sharp", fields, n)[1], rel=1e-6)
    assert one.gap <= one.sharp_bound <= one.repaired_bound


def test_a_code_that_tells_nothing_refutes_the_earlier_and_the_printed_bound():
    one = made(FLAT, 100)
    assert one.earlier_bound == one.rate == 0.0
    assert (round(one.gap, 4), round(one.printed_bound, 5), round(one.repaired_bound, 4)) == (0.0100, 0.00711, 0.0716)
    assert round(one.held_out_bound, 6) == 0.010025  # IT2's excess form
    half = made(AT, 100)
    assert [round(x, 5) for x in (half.gap, half.printed_bound, half.repaired_bound, half.sharp_bound)] == [
        0.83095, 1.42251, 1.42257, 1.01166,
    ]  # fmt: skip


@EACH
def test_the_excess_has_the_cumulant_of_a_product_rule_and_bounds_the_held_out_gap(fields, n):
    one = made(fields, n)
    s, c, t, w, v = fields.values()
    kappa = 1 - w * c
    u, b = math.sqrt(kappa**2 * s + w * w * t), kappa * math.sqrt(s / n)
    for rate in (0.01, 0.1, 0.3):
        at = rate * v / u**2

        def tilted(e, at=at):
            return np.exp(-at * ((u * e[:, 0] - b * e[:, 1]) ** 2 - (u * e[:, 0]) ** 2 - b * b) / (2 * v))

        found = one._excess_cumulant()(at)
        assert found == pytest.approx(math.log(expectation(tilted, 2, 60)), rel=1e-8, abs=1e-14)
    assert one._excess_cumulant()(1e6) == math.inf
    assert one.held_out_gap <= one.held_out_bound


@EACH
def test_the_bound_of_the_held_out_gap_has_its_order_in_the_number_of_data(fields, n):
    del n
    many = made(fields, 10**6)
    s, c, t, w, _ = fields.values()
    rest = abs(1 - w * c) * math.sqrt(s)  # ψ = ½λ²mN, KL = 1/2n to leading order: √(mN/n) at the best λ
    limit = math.hypot(rest, w * math.sqrt(t)) / rest
    assert many.held_out_bound / many.held_out_gap == pytest.approx(limit, rel=1e-4)


def test_coordinates_add_up_and_a_collapsed_one_adds_nothing_of_its_code():
    whole = numerics.LinearAutoencoder.optimal([4.0, 1.0, 0.25], decoder_variance=0.5, count=50)
    parts = [numerics.LinearAutoencoder.optimal(x, decoder_variance=0.5, count=50) for x in (4.0, 1.0, 0.25)]
    for name in ("gap", "rate", "output_information", "weight_information", "divergence", "product", "held_out_gap"):
        assert getattr(whole, name) == pytest.approx(sum(getattr(part, name) for part in parts), rel=CLOSE)
    assert whole.one_sided_std**2 == pytest.approx(sum(part.one_sided_std**2 for part in parts), rel=CLOSE)
    assert parts[2].rate == parts[2].code_information == 0.0
    assert whole.code_information == pytest.approx(whole.rate, rel=CLOSE)  # codes of endless data have the prior's law
    assert whole.gap <= whole.sharp_bound <= whole.repaired_bound
    assert whole.sharp_bound > sum(part.sharp_bound for part in parts)  # which may each have a λ of their own


def test_the_best_code_for_endless_data_leaves_no_divergence_where_the_noise_is_not_larger():
    one = numerics.LinearAutoencoder.optimal([4.0, 1.0], decoder_variance=0.5, count=10**9)
    assert one.divergence < 1e-8
    assert one.elbo_bound == pytest.approx(one.divergence, abs=1e-8)
    perfect = numerics.LinearAutoencoder(
        data_variance=1.0, encoder_gain=2.0, encoder_variance=0.1, decoder_gain=0.5, decoder_variance=0.5, count=9
    )  # nothing is left for b
    assert perfect.weight_information == perfect.held_out_gap == perfect.held_out_bound == 0.0


def test_simulated_data_lose_what_is_said():
    one = numerics.LinearAutoencoder.optimal([4.0, 0.5], decoder_variance=1.0, count=3)
    rng, trials = np.random.default_rng(5), 200_000
    c, w, s = one.encoder_gain, one.decoder_gain, one.encoder_variance
    data = np.sqrt(one.data_variance) * rng.standard_normal((trials, 3, 2))
    b = (1 - w * c) * data.mean(axis=1)
    codes = c * data + np.sqrt(s) * rng.standard_normal(data.shape)
    fresh = np.sqrt(one.data_variance) * rng.standard_normal((trials, 2))
    free = rng.standard_normal((trials, 2))
    train = 0.5 * ((data - w * codes - b[:, None]) ** 2).sum(axis=2).mean(axis=1)
    product = 0.5 * ((fresh - w * free - b) ** 2).sum(axis=1)
    gaps = product - train
    assert abs(gaps.mean() - one.gap) < 6 * gaps.std() / math.sqrt(trials)  # six standard errors: 2e-9
    # a variance's own standard error, from the fourth moment
    away = (product - product.mean()) ** 2
    assert abs(away.mean() - one.one_sided_std**2) < 6 * away.std() / math.sqrt(trials)


@pytest.mark.parametrize("name", PROPERTIES)
def test_every_property_is_a_finite_number_at_extremes(name):
    for fields in (
        {
            "data_variance": 1e-8,
            "encoder_gain": 1e3,
            "encoder_variance": 1e-8,
            "decoder_gain": 1e-3,
            "decoder_variance": 1e-8,
        },
        {
            "data_variance": 1e4,
            "encoder_gain": 0.0,
            "encoder_variance": 1.0,
            "decoder_gain": 0.0,
            "decoder_variance": 1e-4,
        },
    ):
        value = getattr(made(fields, 10**6), name)
        assert isinstance(value, float)
        assert math.isfinite(value)
