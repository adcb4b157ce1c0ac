"""One process that has loaded the command, for all fuzzers of a session."""

import pytest

from tests.fuzz.forks import Command


@pytest.fixture(scope="session")
def loaded():
    with Command() as made:
        yield made


@pytest.fixture
def command(loaded, tmp_path):
    """The command, in a folder of the test's own."""
    loaded.folder = tmp_path / "place"
    loaded.folder.mkdir()
    return loaded
