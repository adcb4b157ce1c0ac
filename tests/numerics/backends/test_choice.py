"""Which backend runs is said once, in words where it cannot."""

import pickle
import re
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import numerics as nm
from numerics.backends.backend import NumpyArrays
from numerics.backends.choice import NUMPY, chosen, in_use
from numerics.checks.extras import MissingExtraError

ROOT = Path(__file__).resolve().parents[3]
FEATURES = nm.RandomFeatures.sample(4, 1, nm.constant_embedding(), rng=0)


def torch(**fields):
    try:
        return nm.backend("torch", **fields)
    except MissingExtraError as error:
        pytest.skip(str(error))


def test_what_is_in_use_runs_where_nothing_is_named():
    assert in_use() == NUMPY == chosen() == nm.backend("numpy")
    other, seen = NumpyArrays(), []
    with nm.use_backend(other) as made:
        assert made is other is chosen()
        assert nm.Quadratic(B=np.eye(2), b=np.zeros((1, 2)), c=0.0).backend is other
        thread = threading.Thread(target=lambda: seen.append(in_use()))
        thread.start()
        thread.join()
    assert seen == [other]
    assert in_use() == NUMPY


def test_a_device_or_dtype_alone_changes_the_backend_in_use():
    with nm.use_backend(NumpyArrays(memory=1 << 21)):
        assert chosen(dtype="float32") == NumpyArrays(dtype="float32", memory=1 << 21)
    with pytest.raises(ValueError, match=r"device must be 'cpu' for backend='numpy'.*pass backend='torch'"):
        FEATURES.matrix([[0.0]], 0.5, device="cuda")
    with pytest.raises(TypeError, match="dtype must be left out beside a Backend"):
        FEATURES.matrix([[0.0]], 0.5, backend=NUMPY, dtype="float64")


def test_a_quadratic_keeps_its_backend_and_is_equal_to_another_ones():
    one = nm.Quadratic(B=np.eye(2), b=np.zeros((1, 2)), c=0.0)
    two = nm.Quadratic(B=np.eye(2), b=np.zeros((1, 2)), c=0.0, backend=NumpyArrays())
    assert one == two
    assert hash(one) == hash(two)
    assert pickle.loads(pickle.dumps(two)).backend == NumpyArrays()


def test_a_device_that_is_not_there_is_refused_by_its_name():
    torch()
    for device in ("meta:9", "nowhere", "cuda:7777"):
        with pytest.raises(ValueError, match=f"device must be there and hold float64; got '{device}'; PyTorch says"):
            nm.backend("torch", device=device)


def test_what_does_not_fit_is_told_in_words():
    backend = torch()
    words = r"the table needs more memory than the .* free on device 'cpu'"
    with pytest.raises(ValueError, match=words), backend.spoken("the table"):
        backend.xp.zeros(1 << 50)
    with pytest.raises(RuntimeError, match="shapes"), backend.spoken("a product"):
        backend.xp.zeros((2, 3)) @ backend.xp.zeros((2, 3))


def test_a_full_device_is_told_by_every_kernel_that_meets_it(monkeypatch):
    backend = torch()
    error = pytest.importorskip("torch").OutOfMemoryError

    def full(*_values):
        raise error("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(type(backend), "array", full)
    monkeypatch.setattr(type(backend), "span", full)
    points, schedule = (
        np.zeros((3, 1)),
        nm.Schedule(times=[0.5], weights=[1.0], mean_scale=[0.5], std=[0.5], loss_weight=[1.0]),
    )
    plane = nm.RandomFeatures.sample(4, 2, nm.constant_embedding(), rng=0)
    process = {"drift": -1.0, "diffusion": 1.0, "horizon": 1.0, "prior_std": 1.0}
    sign = {"method": "monte-carlo", "rng": 1, "samples": 10}
    run = {"optimizer": "sgd", "learning_rate": 0.1, "epochs": 1, "width": 2, "replicas": 1, "rng": 0}
    run |= {"mean_scale": 1.0, "std": 1.0}
    for what, call in {
        "the feature matrix": lambda: FEATURES.matrix(points, 0.5, backend=backend),
        "the second moments": lambda: nm.empirical_quadratic(FEATURES, points[:, 0], schedule, backend=backend),
        "the kernel matrix": lambda: nm.arc_cosine_kernel(points, backend=backend),
        "the suprema": lambda: nm.rademacher_complexity(np.ones((2, 3)), **sign, backend=backend),
        "the probability flow": lambda: nm.log_likelihood(
            np.zeros((3, 2)), plane, np.zeros((2, 4)), **process, backend=backend
        ),
        "the count of violations": lambda: nm.endpoint_violations(
            initial=[0.0], mean_scale=1.0, std=1.0, bound=1.0, samples=9, rng=0, backend=backend
        ),
        "the training": lambda: nm.train(points, **run, backend=backend),
        "the eigendecomposition": lambda: backend.eigh(np.eye(2)),
        "the distances of the data": lambda: backend.log_pair_sums(points, np.ones(1)),
    }.items():
        with pytest.raises(ValueError, match=f"{what} needs more memory than the .* that are free on device 'cpu'"):
            call()


def test_memory_cuts_into_rows():
    backend = NumpyArrays(memory=1 << 20)
    assert backend.rows(10**6, 1 << 10) == 1 << 10
    assert backend.rows(10**6, 1 << 40) == 1
    assert backend.rows(5, 0.0) == 5


def test_without_pytorch_everything_else_works_and_asking_says_how_to_get_it():
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import numerics as nm\n"
        "print(nm.endpoint_violations(initial=[0.0], mean_scale=1.0, std=1.0, bound=1.0, samples=9, rng=0) >= 0)\n"
        "try:\n    nm.backend('torch')\n"
        "except ValueError as error:\n    print(type(error).__name__, error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert first == "True"
    assert re.fullmatch(
        r"MissingExtraError backend='torch' needs PyTorch .*; pip install 'scoregap\[torch\]'", second
    ), second


def test_only_the_backend_asks_for_pytorch():
    asking = [
        path.relative_to(ROOT).as_posix()
        for package in ("theory", "numerics", "verify")
        for path in (ROOT / package).rglob("*.py")
        if re.search(
            r"^\s*(import|from) torch|optional\(\"torch|import_module\(\"torch", path.read_text(), re.MULTILINE
        )
    ]
    models = [
        "numerics/networks/autoencoders/trained.py",
        "verify/studies/vae.py",
    ]  # models in PyTorch, and their study
    assert sorted(set(asking) - set(models)) == ["numerics/backends/torch_backend.py"]
