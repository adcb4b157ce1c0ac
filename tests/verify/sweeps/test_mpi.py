"""A sweep and an audit by the ranks of `mpiexec -n 3`, where mpi4py and an mpiexec are installed."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import verify
from tests.verify.sweeps import killing

pytest.importorskip("mpi4py", reason="needs mpi4py, of the extra mpi")
if shutil.which("mpiexec") is None:
    pytest.skip("needs an mpiexec, for example of: pip install mpich", allow_module_level=True)
SCRIPT = """
import sys
import verify
from mpi4py.futures import MPIPoolExecutor

if __name__ == "__main__":
    quiet = {"progress": lambda *_: None}
    with MPIPoolExecutor() as executor:
        found = verify.sweep("spec.toml", executor=executor, store="mpi.sqlite", **quiet)
        report = verify.audit("EQ-8:stationary", executor=executor, **quiet)
    found.to_csv("mpi.csv")
    print(found.counts(), report["EQ-8:stationary"].verdict)
"""
ONE_MACHINE = {"OMPI_MCA_rmaps_base_oversubscribe": "1", "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe"}
"""For Open MPI, which else wants a core for each rank."""


def test_a_sweep_by_ranks_has_the_numbers_of_one_at_home(tmp_path):
    folder = killing.prepared(tmp_path / "sweep", 60)
    (folder / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        ["mpiexec", "-n", "3", sys.executable, "-m", "mpi4py.futures", "script.py"],
        cwd=folder,
        env={**os.environ, **ONE_MACHINE, "PYTHONPATH": str(killing.ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "{'done': 60} PROVED"
    with ThreadPoolExecutor(1) as one:
        home = verify.sweep(folder / "spec.toml", store=folder / "home.sqlite", executor=one, progress=lambda *_: None)
    assert (folder / "mpi.csv").read_bytes() == home.to_csv(folder / "home.csv").read_bytes()
