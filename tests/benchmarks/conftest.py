"""Collects the rows that the benchmarks report, and prints them as one table at the end of the run.

    pytest tests/benchmarks --benchmark-enable

A row compares a measured quantity with a reference of the same run. Nothing here can fail a test: speed is reported,
never asserted.
"""

import pytest

ROWS = pytest.StashKey[list]()


def pytest_configure(config):
    config.stash[ROWS] = []


@pytest.fixture
def report_row(benchmark, request):
    """Record a row: ``report_row("work", "against", ratio, "<=", 1.3, seconds=…)``; details are stored and printed."""

    def report(work, against, ratio, sign, target, **details):
        benchmark.extra_info.update({"ratio": ratio, "target": target, **details})
        request.config.stash[ROWS].append((work, against, ratio, sign, target, details))

    return report


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash.get(ROWS, [])
    if not rows:
        return
    terminalreporter.section("work against its reference")
    for work, against, ratio, sign, target, details in rows:
        reached = ratio <= target if sign == "<=" else ratio >= target
        terminalreporter.line(f"{work}  /  {against}")
        terminalreporter.line(f"    {ratio:.3g}, to reach {sign} {target:g}: {'reached' if reached else 'NOT REACHED'}")
        if details:
            terminalreporter.line(
                "    " + ", ".join(f"{name.replace('_', ' ')} {value:.3g}" for name, value in details.items())
            )
