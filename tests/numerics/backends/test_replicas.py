"""Replicas trained in one program are those of the compiled kernel, given the same random numbers; Triton's are too."""

import math
import os
import pickle
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ks_2samp

import numerics as nm
from numerics.backends import replicas
from numerics.backends.backend import NumpyArrays
from numerics.backends.torch_backend import TorchBackend
from numerics.checks.extras import MissingExtraError

ROOT = Path(__file__).resolve().parents[3]
EPS = 2.0**-52


def std(times):
    return np.sqrt(np.expm1(2.0 * times * math.log(25.0)) / (2.0 * math.log(25.0)))


class Exact(NumpyArrays):
    """NumPy's long double: what the others are within rounding of."""

    @property
    def real(self):
        return np.dtype(np.longdouble)

    def array(self, value):
        return np.asarray(value, dtype=np.longdouble)


class Interpreted(TorchBackend):
    """PyTorch with the Triton kernel, which the interpreter runs on the processor."""

    def epochs(self, *training):
        return triton_kernel().epochs(self, *training)


def triton_kernel():
    pytest.importorskip("triton", reason="Triton is not installed: pip install triton")
    return import_module("numerics.backends.triton_training")


def made(kind, **fields):
    try:
        return kind(**fields)
    except MissingExtraError as error:
        pytest.skip(str(error))


DATA = np.random.default_rng(0).standard_normal(41) + 3.0
RUN = {"width": 8, "mean_scale": 1.0, "std": std, "output_scale": 16.0, "epochs": 4, "replicas": 5, "rng": 1,
       "checkpoints": [0, 2, 4], "batch_size": 16}  # fmt: skip
WAYS = [
    {"optimizer": "sgd", "learning_rate": 0.5, "activation": "swish", "layers": "all"},
    {"optimizer": "adam", "learning_rate": 0.01, "activation": "swish", "layers": "all"},
    {"optimizer": "sgd", "learning_rate": 0.5, "activation": "relu", "layers": "last"},
    {"optimizer": "adam", "learning_rate": 0.01, "activation": "relu", "layers": "last"},
]
ways = pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way['optimizer']}-{way['layers']}")
BACKENDS = [
    (NumpyArrays, {}),
    (TorchBackend, {}),
    (TorchBackend, {"memory": 1 << 20}),
    (TorchBackend, {"dtype": "float32"}),
]
backends = pytest.mark.parametrize(
    ("kind", "fields"), BACKENDS, ids=lambda v: v.__name__ if isinstance(v, type) else str(v)
)


def steps(run, data):
    return run["epochs"] * -(-len(data) // run["batch_size"])


@ways
@backends
def test_the_same_seed_trains_the_same_replicas(kind, fields, way):
    backend = made(kind, **fields)
    ours, theirs = nm.train(DATA, **RUN, **way), nm.train(DATA, **RUN, **way, backend=backend)
    # a step adds some hundred roundings of parameters of size 1 at most, and hardly stretches what was before
    bound = 100 * steps(RUN, DATA) * backend.eps
    assert np.abs(ours.parameters - theirs.parameters).max() <= bound
    assert np.abs(ours.losses - theirs.losses).max() <= bound
    np.testing.assert_array_equal(ours.frequencies, theirs.frequencies)
    np.testing.assert_array_equal(ours.diverged_at, theirs.diverged_at)
    np.testing.assert_array_equal(ours.checkpoints, theirs.checkpoints)
    if way["layers"] == "last":
        np.testing.assert_array_equal(theirs.parameters[:, 0, :-9], theirs.parameters[:, -1, :-9])


@backends
def test_replicas_of_their_own_data_in_the_plane(kind, fields):
    backend = made(kind, **fields)
    data = np.random.default_rng(1).standard_normal((5, 21, 2))
    run = {**RUN, **WAYS[1], "mean_scale": lambda times: np.exp(-times), "first_replica": 3}
    ours, theirs = nm.train(data, **run), nm.train(data, **run, backend=backend)
    assert np.abs(ours.parameters - theirs.parameters).max() <= 100 * 8 * backend.eps


@backends
def test_a_divergence_is_told_where_it_happens(kind, fields):
    backend = made(kind, **fields)
    if backend.dtype == "float32":
        pytest.skip("float32 overflows earlier")
    run = {**RUN, **WAYS[2], "layers": "all", "learning_rate": 1e6, "epochs": 30, "checkpoints": [0, 1, 30]}
    ours, theirs = nm.train(DATA, **run), nm.train(DATA, **run, backend=backend)
    assert (ours.diverged_at >= 0).any()
    np.testing.assert_array_equal(ours.diverged_at, theirs.diverged_at)
    np.testing.assert_array_equal(np.isnan(ours.losses), np.isnan(theirs.losses))
    np.testing.assert_array_equal(np.isnan(ours.parameters), np.isnan(theirs.parameters))


# Numbered draws ------------------------------------------------------------------------------------------------------


@ways
def test_numbered_draws_do_not_depend_on_device_pieces_or_company(way):
    backend = made(TorchBackend)
    how = {**RUN, **way, "draws": "numbered"}
    whole = nm.train(DATA, **how, backend=NumpyArrays())
    for other in (backend, made(TorchBackend, memory=1 << 20)):
        theirs = nm.train(DATA, **how, backend=other)
        assert np.abs(whole.parameters - theirs.parameters).max() <= 100 * steps(RUN, DATA) * EPS
    alone = nm.train(DATA, **{**how, "replicas": 1, "first_replica": 3}, backend=NumpyArrays())
    assert np.abs(whole.parameters[3] - alone.parameters[0]).max() <= 100 * steps(RUN, DATA) * EPS


def test_numbered_draws_have_the_law_of_the_streams():
    run = {**RUN, **WAYS[0], "replicas": 150, "epochs": 6, "checkpoints": None}
    ours = nm.train(DATA, **run)
    theirs = nm.train(DATA, **{**run, "rng": 2}, backend=NumpyArrays(), draws="numbered")
    assert ks_2samp(ours.losses[:, -1], theirs.losses[:, -1]).pvalue > 1e-9
    assert ks_2samp(ours.losses[:, 0], theirs.losses[:, 0]).pvalue > 1e-9


def test_numbered_orders_are_fresh_permutations():
    keys = np.array([[1, 2], [3, 4]])
    how = replicas.Numbered(keys, np.zeros(1), np.zeros(1), 1e-5, 1.0)
    orders = replicas.numbered_orders(NumpyArrays(), how, 0, 3, slice(0, 2), 17)
    np.testing.assert_array_equal(np.sort(orders, axis=2), np.broadcast_to(np.arange(17), (2, 3, 17)))
    assert len({tuple(row) for row in orders.reshape(-1, 17).tolist()}) == 6
    later = replicas.numbered_orders(NumpyArrays(), how, 2, 1, slice(1, 2), 17)
    np.testing.assert_array_equal(later[0, 0], orders[1, 2])


@pytest.mark.parametrize("function", [std, lambda t: np.exp(-t), lambda t: np.sqrt(-np.expm1(-2.0 * t)), np.ones_like])
def test_fits_in_logarithms_are_within_their_error(function):
    start, horizon = 1e-5, 1.0
    fit = replicas.fit_in_logs(function, start, horizon)
    times = np.exp(np.random.default_rng(0).uniform(math.log(start), 0.0, 500))
    x = (2.0 * np.log(times) - math.log(start * horizon)) / math.log(horizon / start)
    found = np.exp(replicas._series(np, fit.tolist(), x))
    assert np.abs(found / function(times) - 1.0).max() <= 1e-11  # 1e-12 at the checked times, a bit more between


def test_what_is_not_smooth_is_refused():
    jump = {**RUN, **WAYS[0], "backend": NumpyArrays(), "draws": "numbered"}
    with pytest.raises(ValueError, match=r"std must be smooth in log t for draws='numbered'.*pass draws='streams'"):
        nm.train(DATA, **{**jump, "std": lambda t: np.where(t < 0.3, 1.0, 2.0)})
    with pytest.raises(ValueError, match="mean_scale must be positive for draws='numbered'"):
        nm.train(DATA, **{**jump, "mean_scale": 0.0})
    with pytest.raises(ValueError, match="start must be positive for draws='numbered'"):
        nm.train(DATA, **{**jump, "start": 0.0, "std": 1.0})
    with pytest.raises(ValueError, match="draws must be 'streams' for backend='numpy'"):
        nm.train(DATA, **{**jump, "backend": "numpy"})


# Triton --------------------------------------------------------------------------------------------------------------


SMALL = {"replicas": 2, "epochs": 2, "checkpoints": [0, 2]}
FEW = DATA[:22]  # on a grid of 25 places: some go on
THOUSAND = np.random.default_rng(2).standard_normal(1000)
LONG = {**RUN, "width": 16, "replicas": 1, "epochs": 2, "batch_size": 32, "checkpoints": [2]}
CELLS = [
    *((k, "streams", "float64") for k in range(4)),
    (0, "numbered", "float64"),
    (3, "numbered", "float64"),
    (0, "numbered", "float32"),
    (1, "streams", "float32"),
]


def interpreted_runs():
    """What the Triton kernel trains, in a process whose Triton interprets."""
    found = {}
    for k, draws, dtype in CELLS:
        done = nm.train(FEW, **{**RUN, **WAYS[k], **SMALL}, draws=draws, backend=Interpreted(dtype=dtype))
        found[k, draws, dtype] = done.parameters, done.losses
    for k in range(2):
        found[k] = nm.train(THOUSAND, **{**LONG, **WAYS[k]}, backend=Interpreted()).parameters
    return found


@pytest.fixture(scope="module")
def interpreted():
    made(TorchBackend)
    triton_kernel()
    code = (
        "import pickle, sys\nfrom tests.numerics.backends.test_replicas import interpreted_runs\n"
        "pickle.dump(interpreted_runs(), sys.stdout.buffer)"
    )
    environment = {**os.environ, "TRITON_INTERPRET": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return pickle.loads(done.stdout)


@pytest.mark.parametrize(("k", "draws", "dtype"), CELLS)
def test_the_triton_kernel_trains_the_same_replicas(interpreted, k, draws, dtype):
    run = {**RUN, **WAYS[k], **SMALL}
    ours = nm.train(FEW, **run, draws=draws, backend=NumpyArrays())
    parameters, losses = interpreted[k, draws, dtype]
    bound = 100 * steps(run, DATA) * np.finfo(dtype).eps
    assert np.abs(ours.parameters - parameters).max() <= bound
    assert np.abs(ours.losses - losses).max() <= bound


@pytest.mark.parametrize("k", range(2))
def test_64_steps_are_those_of_long_double_to_14_digits(interpreted, k):
    exact = nm.train(THOUSAND, **{**LONG, **WAYS[k]}, backend=Exact()).parameters
    assert np.abs(exact - interpreted[k]).max() <= 1e-14
    assert (
        np.abs(exact - nm.train(THOUSAND, **{**LONG, **WAYS[k]}, backend=made(TorchBackend)).parameters).max() <= 1e-14
    )


def test_the_triton_kernel_compiles_for_a_gpu_where_there_is_none():
    pytest.importorskip("triton", reason="Triton is not installed: pip install triton")
    code = """
import triton
import triton.language as tl
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource
from numerics.backends.triton_training import _epoch
fixed = dict(batches=32, batch=32, block=32, swish=True, every=True, adam=True, drawn=True, real=tl.float64)
kinds = dict.fromkeys(("visits", "keys"), "*i64") | {"shared": "i1"}
kinds |= dict.fromkeys(("n", "rows", "columns", "width", "fan", "scale_degree", "std_degree"), "i32")
signature = {name: "constexpr" if name in fixed else kinds.get(name, "*fp64") for name in _epoch.arg_names}
made = triton.compile(ASTSource(_epoch, signature, fixed), target=GPUTarget("cuda", 90, 32), options={"num_warps": 1})
print(len(made.asm["cubin"]) > 0)
"""
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == "True\n", done.stderr


@pytest.mark.parametrize("change", [{"width": 17}, {"fourier_features": 14}])
def test_what_does_not_fit_into_a_tile_is_trained_without_triton(change):
    kernel = made(Interpreted)
    run = {**RUN, **WAYS[0], **change, "replicas": 1, "epochs": 1, "checkpoints": None}
    ours, theirs = nm.train(DATA, **run), nm.train(DATA, **run, backend=kernel)
    assert np.abs(ours.parameters - theirs.parameters).max() <= 100 * 3 * EPS
