"""The package imports quickly, and its kernels compile whether or not a cache can be written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import numerics
from numerics.kernels import jit

ROOT = Path(numerics.__file__).parent.parent


def run(code, **environment):
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


USE = (
    "import numerics; print(numerics.path_violations(initial=[0.0], clock=[1.0], mean_scale=[1.0], bound=1.0, "
    "samples=100, rng=0))"
)


def test_importing_numerics_loads_neither_numba_nor_scipy_nor_sympy():
    code = (
        "import sys, numerics\n"
        "assert not {'numba', 'scipy', 'sympy', 'matplotlib', 'torch'} & set(sys.modules)\n"
        "from numerics import Quadratic, GradientFlow\n"
        "assert not {'numba', 'scipy.stats', 'sympy', 'theory', 'verify'} & set(sys.modules)\n"
    )
    run(code)


def test_every_public_name_can_be_loaded_and_listed():
    for name in numerics.__all__:
        assert getattr(numerics, name) is not None
        assert name in dir(numerics)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = numerics.no_such_name


def test_a_cache_directory_that_cannot_be_written_changes_nothing_but_speed(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    assert run(USE, NUMBA_CACHE_DIR=str(blocked)) == run(USE, NUMBA_CACHE_DIR=str(tmp_path / "cache"))
    assert jit.source_hash() in os.listdir(tmp_path / "cache")[0]
    assert list((tmp_path / "cache").rglob("*.nbc"))


def test_no_candidate_means_no_cache(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(jit, "_candidates", lambda: [blocked])
    assert jit.find_cache_directory() is None
    monkeypatch.setattr(jit, "_candidates", lambda: [blocked, tmp_path / "second"])
    assert jit.find_cache_directory() == str(tmp_path / "second" / f"numba-{jit.source_hash()}")


def test_unreadable_sources_mean_no_cache(monkeypatch):
    def fail():
        raise OSError

    monkeypatch.setattr(jit, "source_hash", fail)
    assert jit.find_cache_directory() is None


def test_decorating_leaves_the_users_numba_configuration_alone():
    code = (
        "import numba; before = numba.config.CACHE_DIR\n"
        "from numerics.kernels import relu_products\n"
        "assert numba.config.CACHE_DIR == before"
    )
    run(code)
