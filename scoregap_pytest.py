"""The pytest plugin of scoregap, as pytest loads it: an option, and nothing else until the option is given."""


def pytest_addoption(parser):
    """Add the options of ``pytest --scoregap my_lemmas.py``."""
    group = parser.getgroup("scoregap", "lemmas as tests")
    group.addoption("--scoregap", action="store_true", help="each lemma of the given files is a test")
    group.addoption("--scoregap-budget", metavar="NAME", default="quick", help="quick, standard or deep")
    group.addoption("--scoregap-seed", metavar="S", type=int, default=0, help="root of every random stream")


def pytest_configure(config):
    """Load what collects lemmas, and with it the toolkit, only where it is asked for."""
    if config.getoption("--scoregap"):
        config.pluginmanager.import_plugin("verify.cli.pytest_plugin")
