"""Every public entry point refuses bad input with a message that names the argument and ends with a remedy."""

import math
import pickle
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import numerics as nm
from numerics import checks


class _Hostile:
    def __repr__(self):
        raise RuntimeError("no repr")

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")

    def __float__(self):
        raise RuntimeError("no float")


FEATURES = nm.RandomFeatures(weights=[[0.5], [-0.5]], time_weights=[[0.5], [0.25]], embedding=nm.constant_embedding())
SCHEDULE = nm.Schedule(times=[0.5, 1.0], weights=[0.5, 0.5], mean_scale=[0.6, 0.4], std=[0.8, 0.9], loss_weight=[2, 2])
MIXTURE = SimpleNamespace(weights=[0.5, 0.5], means=[-1, 1], variances=[1, 1])
QUADRATIC = nm.Quadratic(B=np.eye(2), b=[[1.0, 0.0]], c=2.0)
FLOW = nm.GradientFlow(QUADRATIC, [[0.0, 0.0]])
LAW = {"means": [0.0, 1.0], "variances": [1.0, 2.0], "weights": [0.5, 0.5]}
ENDPOINT = {"initial": [0.0], "mean_scale": 0.5, "std": 0.5, "bound": 1.0}
PATH = {"initial": [0.0], "clock": [0.5, 1.0], "mean_scale": [1.0, 1.0], "bound": 1.0}
MEAN = {"law": "sphere", "count": 2, "dim": 2, "radius": 1.0}
RUN = {"samples": 10, "rng": 0, "workers": 1}

# name -> (callable, valid keyword arguments)
CALLS = {
    "RandomFeatures": (
        nm.RandomFeatures,
        {"weights": [[0.5]], "time_weights": [[0.5]], "embedding": nm.constant_embedding()},
    ),
    "RandomFeatures.sample": (
        nm.RandomFeatures.sample,
        {"width": 2, "dim": 1, "embedding": nm.constant_embedding(), "rng": np.random.default_rng(0)},
    ),
    "RandomFeatures.intercepts": (FEATURES.intercepts, {"times": [0.5]}),
    "RandomFeatures.matrix": (FEATURES.matrix, {"x": [[0.5]], "time": 0.5}),
    "RandomFeatures.score": (FEATURES.score, {"parameters": [[1.0, 2.0]], "x": [[0.5]], "time": 0.5}),
    "polynomial_embedding": (nm.polynomial_embedding, {"degree": 2, "horizon": 1.0}),
    "Schedule": (
        nm.Schedule,
        {"times": [1.0], "weights": [1.0], "mean_scale": [0.5], "std": [0.5], "loss_weight": [1.0]},
    ),
    "gauss_legendre_times": (nm.gauss_legendre_times, {"horizon": 1.0, "count": 3, "start": 0.0}),
    "relu_mean": (nm.relu_mean, {"slope": 1.0, "intercept": 0.0, **LAW}),
    "activation_probability": (nm.activation_probability, {"slope": 1.0, "intercept": 0.0, **LAW}),
    "relu_product_mean": (
        nm.relu_product_mean,
        {"slope_1": 1.0, "intercept_1": 0.0, "slope_2": 1.0, "intercept_2": 0.0, **LAW},
    ),
    "relu_gram": (nm.relu_gram, {"slopes": [1.0], "intercepts": [0.0], **LAW}),
    "fisher_information": (nm.fisher_information, dict(LAW)),
    "Quadratic": (nm.Quadratic, {"B": [[1.0]], "b": [[1.0]], "c": 2.0}),
    "Quadratic.loss": (QUADRATIC.loss, {"parameters": [[1.0, 2.0]]}),
    "Quadratic.excess": (QUADRATIC.excess, {"parameters": [[1.0, 2.0]]}),
    "Quadratic.gradient": (QUADRATIC.gradient, {"parameters": [[1.0, 2.0]]}),
    "population_quadratic": (nm.population_quadratic, {"features": FEATURES, "mixture": MIXTURE, "schedule": SCHEDULE}),
    "GradientFlow": (nm.GradientFlow, {"quadratic": QUADRATIC, "initial": [[0.0, 0.0]], "parametrization": "scaled"}),
    "GradientFlow.parameters": (FLOW.parameters, {"tau": 1.0}),
    "GradientFlow.loss": (FLOW.loss, {"tau": 1.0}),
    "GradientFlow.norm": (FLOW.norm, {"tau": [1.0, math.inf]}),
    "GradientFlow.distance": (FLOW.distance, {"tau": 1.0, "comparator": [[0.0, 0.0]]}),
    "GradientFlow.excess_over": (FLOW.excess_over, {"tau": 1.0, "comparator": [[0.0, 0.0]]}),
    "EndpointViolation": (nm.EndpointViolation, ENDPOINT),
    "PathViolation": (nm.PathViolation, PATH),
    "MeanNormViolation": (nm.MeanNormViolation, {**MEAN, "bound": 0.5}),
    "endpoint_violations": (nm.endpoint_violations, {**ENDPOINT, **RUN}),
    "path_violations": (nm.path_violations, {**PATH, **RUN}),
    "mean_norm_violations": (nm.mean_norm_violations, {**MEAN, "bound": 0.5, **RUN}),
    "mean_norms": (nm.mean_norms, {**MEAN, **RUN}),
    "violation_blocks": (nm.violation_blocks, {"experiment": nm.EndpointViolation(**ENDPOINT), **RUN}),
}

# Values that no argument of any function accepts.
NEVER = [
    "abc",
    b"abc",
    math.nan,
    -math.inf,
    -1e300,
    1e300,
    10**400,
    -(10**400),
    [10**400],
    1j,
    np.complex128(1),
    [1j],
    True,
    np.True_,
    [True],
    [[True, 0.5]],
    np.array([True]),
    object(),
    _Hostile(),
    [_Hostile()],
    [],
    (),
    np.zeros((0, 3)),
    np.zeros((1, 0)),
    [[1.0, [2.0]], 3.0],
    {},
    {"a": 1},
    set(),
    [None],
    [math.nan],
    np.array([[math.nan]]),
    [-math.inf],
    np.ma.masked_array([1.0, 2.0], [True, False]),
    np.array(["1.0"]),
    np.array([1.0], dtype=object),
    np.datetime64("2020-01-01"),
    np.array(["2020"], dtype="datetime64"),
    np.zeros((2, 2, 0)),
    np.full((2, 2, 2, 2), math.nan),
    Decimal("NaN"),
    lambda: 0,
    int,
]


def message_of(function, arguments):
    """The message of the refusal; anything but TypeError and ValueError propagates, no refusal fails."""
    with pytest.raises((TypeError, ValueError)) as caught:
        function(**arguments)
    return str(caught.value)


# Values that Hypothesis may make up and that no argument accepts either ("?" keeps text from being an option's name).
GARBAGE = st.one_of(
    st.text().map("?{}".format),
    st.binary(),
    st.booleans(),
    st.complex_numbers(),
    st.dates(),
    st.dictionaries(st.text(), st.integers()),
    st.integers(min_value=10**70),
    st.floats(max_value=-1e70),
    st.lists(st.one_of(st.text(), st.none(), st.complex_numbers(), st.just(math.nan)), min_size=1),
    st.lists(st.lists(st.booleans(), min_size=1, max_size=3), min_size=1, max_size=3),
)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_every_argument_refuses_what_is_no_number_array_or_object_of_its_kind(name):
    function, valid = CALLS[name]
    for argument in valid:
        for bad in NEVER:
            text = message_of(function, {**valid, argument: bad})
            assert argument in text
            assert text.count(";") >= 1  # what was got; what would do


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(CALLS)), data=st.data(), bad=GARBAGE)
def test_every_argument_refuses_garbage(name, data, bad):
    function, valid = CALLS[name]
    argument = data.draw(st.sampled_from(sorted(valid)))
    assert argument in message_of(function, {**valid, argument: bad})


@pytest.mark.parametrize("name", sorted(CALLS))
def test_none_is_refused_by_every_argument_without_that_default(name):
    function, valid = CALLS[name]
    for argument in valid:
        if argument == "weights" and "means" in valid:
            continue  # None stands for equal weights there
        assert argument in message_of(function, {**valid, argument: None})


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_valid_arguments_of_the_table_are_valid(name):
    function, valid = CALLS[name]
    function(**valid)


SPECIFIC = [
    ("RandomFeatures", {"weights": [[0.8]], "time_weights": [[0.5]]}, "weights", "divide both rows"),
    ("RandomFeatures", {"time_weights": [[0.5], [0.5]]}, "time_weights", "(1, d_e)"),
    ("RandomFeatures", {"embedding": lambda t: np.ones((len(t), 2))}, "embedding", "(1, 1)"),
    ("RandomFeatures", {"embedding": lambda t: 1 / 0}, "embedding", "ZeroDivisionError"),
    ("RandomFeatures.sample", {"rng": None}, "rng", "default_rng"),
    ("RandomFeatures.sample", {"rng": np.random.RandomState(0)}, "rng", "default_rng"),
    ("RandomFeatures.sample", {"width": 2.0}, "width", "an int"),
    ("RandomFeatures.sample", {"width": 0}, "width", "between 1"),
    ("RandomFeatures.matrix", {"x": [0.5]}, "x", "(n, 1)"),
    ("RandomFeatures.matrix", {"time": -0.5}, "time", "at least 0"),
    ("Schedule", {"weights": [0.97]}, "weights", "divide them by their sum"),
    ("Schedule", {"times": [-1.0]}, "times", "at least 0"),
    ("Schedule", {"std": [0.5, 0.5]}, "std", "(1,)"),
    ("Schedule", {"times": [1.0, 1.0], "weights": [0.5, 0.5]}, "times", "increase strictly"),
    ("gauss_legendre_times", {"start": 1.0}, "horizon", "larger"),
    ("gauss_legendre_times", {"horizon": 1e9 + 1e-6, "start": 1e9, "count": 99}, "horizon", "rounding"),
    ("relu_mean", {"variances": [1.0, -1.0]}, "variances", "at least 0"),
    ("relu_mean", {"variances": [1.0, 1.0, 1.0]}, "variances", "per mean"),
    ("relu_mean", {"weights": [0.5, 0.6]}, "weights", "sum to 1"),
    ("relu_mean", {"slope": [1.0, 2.0], "intercept": [1.0, 2.0, 3.0]}, "slope", "broadcast"),
    ("fisher_information", {"variances": [1.0, 0.0]}, "variances", "positive"),
    ("Quadratic", {"B": [[1.0, 0.0]]}, "B", "square"),
    ("Quadratic", {"B": [[1.0, 0.5], [0.4, 1.0]], "b": [[1.0, 0.0]]}, "B", "symmetric"),
    ("Quadratic", {"B": [[-1.0]]}, "B", "positive semidefinite"),
    ("Quadratic", {"b": [[1.0, 0.0]]}, "b", "(d, 1)"),
    ("GradientFlow", {"quadratic": nm.Quadratic(B=[[1, 0], [0, 0]], b=[[0.0, 1e-3]], c=1.0)}, "b", "range of B"),
    ("GradientFlow", {"parametrization": "a"}, "parametrization", "'scaled', 'A'"),
    ("GradientFlow.loss", {"tau": -1e-9}, "tau", "at least 0"),
    ("GradientFlow.loss", {"tau": [[1.0]]}, "tau", "(k,)"),
    ("PathViolation", {"clock": [1.0, 0.5]}, "clock", "increase strictly"),
    ("MeanNormViolation", {"law": "gaussian"}, "law", "'vertex'"),
    ("endpoint_violations", {"rng": -1}, "rng", "integer of that range"),
    ("endpoint_violations", {"rng": np.random.RandomState(0)}, "rng", "default_rng"),
    ("endpoint_violations", {"workers": 0}, "workers", "between 1"),
]


@pytest.mark.parametrize(("name", "changes", "argument", "remedy"), SPECIFIC)
def test_bad_mathematics_is_refused_with_a_remedy(name, changes, argument, remedy):
    function, valid = CALLS[name]
    text = message_of(function, {**valid, **changes})
    assert argument in text
    assert remedy in text


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"weights": [0.5, 0.4]}, "mixture.weights"),
        ({"weights": ["0.5", "0.5"]}, "mixture.weights"),
        ({"means": [[0.0, 1.0], [1.0, 0.0]]}, "mixture.means"),
        ({"means": [0.0]}, "mixture.means"),
        ({"means": [0.0, [1.0]]}, "mixture.means"),
        ({"means": [0.0, True]}, "mixture.means"),
        ({"means": [0.0, 1j]}, "mixture.means"),
        ({"means": [0.0, object()]}, "mixture.means"),
        ({"means": [0.0, 10**400]}, "mixture.means"),
        ({"variances": [1.0, -1.0]}, "mixture.variances"),
        ({"variances": None}, "mixture.variances"),
    ],
)
def test_a_bad_mixture_is_refused_by_field(changes, argument):
    mixture = SimpleNamespace(**{**vars(MIXTURE), **changes})
    assert argument in message_of(nm.population_quadratic, {**CALLS["population_quadratic"][1], "mixture": mixture})


def test_a_mixture_of_another_dimension_than_the_features_is_refused():
    features = nm.RandomFeatures.sample(3, 2, nm.constant_embedding(), rng=np.random.default_rng(0))
    text = message_of(nm.population_quadratic, {**CALLS["population_quadratic"][1], "features": features})
    assert "mixture.means must have shape (K, 2)" in text


def test_arrays_are_stored_as_read_only_copies_also_after_pickling():
    B = np.eye(2)
    quadratic = nm.Quadratic(B=B, b=[[1.0, 0.0]], c=math.inf)
    B[0, 0] = 5.0
    assert quadratic.B[0, 0] == 1.0
    clone = pickle.loads(pickle.dumps(quadratic))
    assert clone == quadratic
    assert hash(clone) == hash(quadratic)
    for value in (quadratic, clone):
        with pytest.raises(ValueError, match="read-only"):
            value.B[0, 0] = 2.0
    assert quadratic != nm.Quadratic(B=np.eye(2), b=[[1.0, 0.5]], c=math.inf)
    assert pickle.loads(pickle.dumps(FEATURES)) == FEATURES
    assert pickle.loads(pickle.dumps(nm.PathViolation(**PATH))) == nm.PathViolation(**PATH)


def test_real_kinds_of_number_are_accepted():
    for value in (Fraction(1, 2), np.float32(0.5), np.array(0.5), 0.5):
        assert checks.real("value", value) == 0.5
    assert checks.real("value", math.inf, infinite=True) == math.inf
    assert checks.integer("value", np.int8(3)) == 3
    assert checks.array("value", [np.float32(0.5), 1], shape=("k",)).dtype == np.float64


def test_a_refused_value_is_shown_briefly():
    assert len(checks.show("x" * 10**6)) < 100
    assert "unprintable" in checks.show(_Hostile())
    assert "unprintable" in checks.show(10**5000)
    assert checks.show(np.zeros((3, 4))) == "an array of shape (3, 4) and dtype float64"
