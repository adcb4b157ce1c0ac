"""For all tests: circles of objects are sought seldom, of which exact terms make few and hold millions."""

import gc


def pytest_collection_finish():
    """What is loaded by now stays."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
