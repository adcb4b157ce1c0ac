"""For all tests: how many threads a worker takes, and circles of objects are sought seldom."""

import gc
import os
from importlib import import_module

if "PYTEST_XDIST_WORKER" in os.environ:  # workers share the cores, where threads that wait for each other spin
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def pytest_collection_finish():
    """Exact terms make few circles and hold millions of objects; what is loaded by now stays."""
    gc.freeze()
    import_module("verify.cli.guard").seek_circles_seldom()
