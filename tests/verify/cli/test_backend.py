"""`--backend` and `--device` reach what a plan measures, and a report says on what it was computed."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest
from typer.testing import CliRunner

import numerics
import verify
from numerics.backends.backend import NumpyArrays
from numerics.checks.extras import MissingExtraError
from verify.cli.main import app
from verify.evidence.verdict import Verdict

COMMANDS = {"audit": ["audit", "EQ-8"], "experiment": ["experiment", "figure-3", "--quick"]}
commands = pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))


class Counted(NumpyArrays):
    """A backend that tells what it was asked for."""

    asked: ClassVar[list[str]] = []

    def mean_norms(self, law, samples, count, dim):
        self.asked.append(law)
        return super().mean_norms(law, samples, count, dim)


def invoke(*arguments):
    return CliRunner().invoke(app, list(arguments))


@commands
def test_an_unknown_backend_is_a_fault_of_usage(command, tmp_path):
    done = invoke(*command, *(["--out", str(tmp_path)] if command[0] == "experiment" else []), "--backend", "cupy")
    assert done.exit_code == 2
    assert "backend must be a known option" in done.output
    assert not list(tmp_path.iterdir())


@commands
def test_a_device_that_the_backend_lacks_is_a_fault_of_usage(command, tmp_path):
    done = invoke(*command, *(["--out", str(tmp_path)] if command[0] == "experiment" else []), "--device", "cuda")
    assert done.exit_code == 2
    assert "device must be 'cpu' for" in " ".join(done.output.split())
    assert not list(tmp_path.iterdir())


@commands
def test_a_precision_that_the_backend_lacks_is_a_fault_of_usage(command, tmp_path):
    out = ["--out", str(tmp_path)] if command[0] == "experiment" else []
    for wrong, words in (("float16", "dtype must be a known option"), ("float32", "for backend='numpy'")):
        done = invoke(*command, *out, "--dtype", wrong)
        assert done.exit_code == 2
        assert words in " ".join(done.output.replace("│", " ").split())
    assert not list(tmp_path.iterdir())


def test_float32_is_for_studies_that_train(tmp_path):
    try:
        numerics.backend("torch")
    except MissingExtraError as error:
        pytest.skip(str(error))
    single = ("--backend", "torch", "--dtype", "float32")
    done = invoke("audit", "EQ-8", *single)
    assert done.exit_code == 2
    assert "verdicts are reached in float64; got float32" in " ".join(done.output.replace("│", " ").split())
    done = invoke("experiment", "phase-diagram", "--out", str(tmp_path), *single)
    assert done.exit_code == 2
    assert "phase-diagram computes in float64 only" in " ".join(done.output.replace("│", " ").split())
    assert not list(tmp_path.iterdir())


def test_an_audit_on_pytorch_ends_as_one_on_numpy_and_says_so(tmp_path):
    try:
        numerics.backend("torch")
    except MissingExtraError as error:
        pytest.skip(str(error))
    paths = {name: tmp_path / f"{name}.json" for name in ("numpy", "torch")}
    for name, path in paths.items():
        done = invoke("audit", "HILBERT:mean", "--jobs", "1", "--backend", name, "--json", str(path))
        assert done.exit_code == 0, done.output
    reports = {name: json.loads(path.read_text()) for name, path in paths.items()}
    assert [reports[name]["backend"] for name in paths] == ["numpy", "torch on cpu, float64"]
    verdicts = [{claim["id"]: claim["verdict"] for claim in report["claims"]} for report in reports.values()]
    assert verdicts[0] == verdicts[1]


MEASURED = ("EQ-6:norm", "L4:sharp-minimiser", "CAP:comparator-weak", "IT4:above", "R2:massart")
"""Of the plans that measure something one each: counts, flows, capacities, informations, enumerations."""


def test_plans_that_measure_end_as_expected_on_pytorch():
    try:
        with numerics.use_backend("torch"):
            report = verify.audit(list(MEASURED))
    except MissingExtraError as error:
        pytest.skip(str(error))
    assert report.backend == "torch on cpu, float64"
    assert report.ok
    assert {report[name].verdict for name in MEASURED} == {Verdict.PROVED}


@pytest.mark.parametrize("threads", [0, 1])
def test_the_backend_in_use_runs_a_plan_in_an_executor_too(threads):
    Counted.asked.clear()
    with numerics.use_backend(Counted()):
        if threads:
            with ThreadPoolExecutor(threads) as pool:
                report = verify.audit(["HILBERT:mean"], executor=pool)
        else:
            report = verify.audit(["HILBERT:mean"])
    assert report.backend == "numpy"
    assert report.ok
    assert Counted.asked
