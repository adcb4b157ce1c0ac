"""The rules of the house: who may import whom, how long a file is, what an import loads, where packages come from."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import lazy_loader
import pytest
from hatchling.build import build_wheel

import scoregap
from tests.for_every import for_every
from theory.claims import FAMILIES
from theory.family import files
from verify.plans import PLANS

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("theory", "numerics", "verify")
LONGEST = 420
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
every_file = for_every("path", FILES, lambda path: str(path.relative_to(ROOT)))


@cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def package_of(path):
    return path.relative_to(ROOT).parts[0]


def imported(node):
    """The top-level names that an import statement loads."""
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {"relative import"} if node.level else {str(node.module).split(".")[0]}
    if isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func) and node.args:
        return {ast.unparse(node.args[0]).strip("f'\"").split(".")[0]}
    return set()


@cache
def imports(path):
    return set().union(*(imported(node) for node in ast.walk(tree(path))))


def is_type_checking(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


@cache
def imports_when_loaded(path):
    """The names imported when the module is loaded: outside functions and TYPE_CHECKING blocks."""
    found, waiting = set(), list(tree(path).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or is_type_checking(node):
            continue
        found |= imported(node)
        waiting += ast.iter_child_nodes(node)
    return found


def run(code, *, path=(), cwd, isolated=False):
    """Run Python on a line of code, with directories put in front of sys.path."""
    front = [str(entry) for entry in path]
    return subprocess.run(
        [
            sys.executable,
            *(["-I", "-S"] if isolated else ["-P"]),
            "-c",
            f"import sys; sys.path[:0] = {front!r}\n{code}",
        ],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# Imports -------------------------------------------------------------------------------------------------------------


@every_file
def test_imports_go_one_way(path):
    forbidden = {"theory": {"numerics", "verify"}, "numerics": {"theory", "verify"}, "verify": set()}
    assert not imports(path) & forbidden[package_of(path)]
    assert "relative import" not in imports(path)
    assert "tests" not in imports(path)


@every_file
def test_theory_imports_sympy_and_the_standard_library_only(path):
    if package_of(path) != "theory":
        return
    allowed = {"sympy", "theory", *sys.stdlib_module_names}
    if path.parent.name == "evaluation":  # loaded when a number is asked for
        allowed |= {"lazy_loader"} if path.name == "__init__.py" else {"mpmath", "numpy", "scipy"}
    assert imports(path) <= allowed


@every_file
def test_numerics_never_imports_sympy(path):
    if package_of(path) == "numerics":
        assert not imports(path) & {"sympy", "mpmath", "flint", "hypothesis"}


@every_file
def test_heavy_packages_are_imported_when_needed(path):
    heavy = {"matplotlib", "torch", "dask", "mpi4py", "sklearn", "pandas"}
    assert not imports_when_loaded(path) & heavy


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_is_light(package):
    heavy = ["numba", "scipy.stats", "matplotlib", "torch", "hypothesis", "sklearn"]
    if package == "theory":
        heavy += ["numpy", "scipy", "numerics", "verify"]
    if package == "numerics":
        heavy += ["sympy", "theory", "verify"]
    done = run(f"import {package}; print([name for name in {heavy!r} if name in sys.modules])", path=[ROOT], cwd="/")
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_the_command_loads_no_claim_and_no_heavy_package():
    loaded = (
        "import verify.cli.main, sys\n"
        "heavy = ('numba', 'scipy.special', 'scipy.stats', 'scipy.optimize', 'matplotlib')\n"
        "rooms = ('theory.claims.', 'verify.plans.', 'verify.models.')\n"
        "print([name for name in sys.modules if name in heavy or name.startswith(rooms)])"
    )
    done = run(loaded, path=[ROOT], cwd="/")
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_plan_loads_those_of_its_family_only():
    code = (
        "from verify.plans import PLANS; import sys; PLANS['L3:scaled']\n"
        "print([name for name in sys.modules if name.startswith('verify.plans.')])"
    )
    done = run(code, path=[ROOT], cwd="/")
    assert (done.stdout.strip(), done.stderr) == ("['verify.plans.lemma_3']", "")


def test_using_theory_does_not_load_the_heavy_packages():
    code = (
        "import theory; theory.claims['L5:sharp'].latex(); theory.claims['L1:sharp'].unicode()\n"
        "assert 'numpy' not in sys.modules\n"
        "theory.claims['L1:sharp'].evaluate(r=1, v=1, d=2, delta=0.1, x0_norm=0)\n"
        "print([name for name in ('numba', 'scipy.stats', 'matplotlib', 'torch') if name in sys.modules])"
    )
    done = run(code, path=[ROOT], cwd="/")
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


# Files ---------------------------------------------------------------------------------------------------------------


@every_file
def test_files_are_short(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{lines} lines, {LONGEST} at most: split the file by idea"


@every_file
def test_nothing_is_validated_by_assert(path):
    # python -O drops them; `x is not None` for a type checker is no validation
    found = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assert) and not ast.unparse(node.test).endswith("is not None")
    ]
    assert not found


@every_file
def test_docstrings_tell_arguments_in_one_style(path):
    # ``name``: meaning, in prose; no `name : meaning`
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    texts = [ast.get_docstring(node) or "" for node in ast.walk(tree(path)) if isinstance(node, documented)]
    assert not [text for text in texts if re.search(r"(?<![{\w])[A-Za-z]\w+`* : ", text)]


@every_file
def test_modules_say_what_they_are_for(path):
    if path.read_text(encoding="utf-8").strip():
        assert ast.get_docstring(tree(path))


def last_assigned(name):
    """The name that a file or the __init__ of a folder assigns last, if it ends with an assignment."""
    path = ROOT / f"{name}.py"
    last = tree(path if path.is_file() else ROOT / name / "__init__.py").body[-1]
    target = last.targets[0] if isinstance(last, ast.Assign) else getattr(last, "target", None)
    return target.id if isinstance(target, ast.Name) else None


@pytest.mark.parametrize("name", FAMILIES)
def test_a_file_of_claims_ends_with_its_family_and_a_file_of_plans_with_its_plans(name):
    assert last_assigned(f"theory/claims/{name}") == "FAMILY"
    assert last_assigned(f"verify/plans/{name}") == "PLANS"


def test_every_family_of_claims_has_its_plans():
    claims, plans = (set(files([str(ROOT / folder)])) for folder in ("theory/claims", "verify/plans"))
    assert claims == plans == set(FAMILIES)
    assert len(claims) >= 10
    assert set(PLANS) == {claim.id for family in FAMILIES.values() for claim in family.claims}


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_has_its_tests(name):
    stem = "figures" if name.startswith("figure") else name  # of one form, tested together
    assert (ROOT / f"tests/theory/claims/test_{stem}.py").is_file()


def test_every_family_keeps_its_claims_in_one_place():
    keys = [family.key for family in FAMILIES.values()]
    assert len(set(keys)) == len(keys)


# Where the packages come from ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["theory", "numerics"])
def test_a_foreign_package_of_the_same_name_is_reported(name, tmp_path):
    foreign = tmp_path / "elsewhere"
    (foreign / name).mkdir(parents=True)
    (foreign / name / "__init__.py").write_text("")
    done = run("import verify", path=[foreign, ROOT], cwd=tmp_path)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError")
    assert str(foreign) in last
    assert str(ROOT) in last
    assert name in last
    assert "Run from another directory" in last  # the remedy


@pytest.mark.parametrize("name", ["theory", "numerics"])
def test_a_foreign_module_of_the_same_name_is_reported(name, tmp_path):
    (tmp_path / f"{name}.py").write_text("")
    done = run("import verify", path=[tmp_path, ROOT], cwd="/")
    assert "ImportError" in done.stderr
    assert str(tmp_path) in done.stderr


@pytest.mark.parametrize("name", ["theory", "numerics"])
def test_a_module_of_the_same_name_in_a_folder_of_the_project_is_reported(name, tmp_path):
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / f"{name}.py").write_text("")  # its parent's parent is the packages' own root
    done = run("import verify", path=[tmp_path / "scripts", tmp_path], cwd="/")
    assert "ImportError" in done.stderr


def test_a_folder_without_init_does_not_stand_in_the_way(tmp_path):
    (tmp_path / "theory").mkdir()
    (tmp_path / "theory" / "notes.txt").write_text("no package")
    done = run("import verify, theory; print(theory.__file__)", path=[tmp_path, ROOT], cwd="/")
    assert done.stderr == ""
    assert done.stdout.strip() == str(ROOT / "theory" / "__init__.py")


@pytest.mark.parametrize("stand_in", [None, "namespace"])
def test_a_deleted_package_is_reported(stand_in, tmp_path):
    shutil.copytree(ROOT / "verify", tmp_path / "verify", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "theory", tmp_path / "theory", ignore=shutil.ignore_patterns("__pycache__"))
    if stand_in:
        (tmp_path / "numerics").mkdir()
    # without the links of an editable install, which lead to the packages of the source
    installed = Path(lazy_loader.__file__).parent.parent
    done = run("import verify", path=[tmp_path, installed], cwd="/", isolated=True)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError")
    assert "numerics from nowhere" in last
    assert str(tmp_path) in last


def test_a_package_that_is_loaded_already_without_a_spec_is_reported():
    code = "import types; sys.modules['numerics'] = types.ModuleType('numerics')\nimport verify"
    done = run(code, path=[ROOT], cwd="/")
    assert done.stderr.strip().splitlines()[-1].startswith("ImportError")


# What is distributed -------------------------------------------------------------------------------------------------

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    before = Path.cwd()
    os.chdir(ROOT)  # a build back end is run in the folder of pyproject.toml
    try:
        return ZipFile(folder / build_wheel(str(folder)))
    finally:
        os.chdir(before)


def test_the_wheel_holds_the_packages_with_their_types_and_nothing_else(wheel):
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    sources = {
        path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.suffix in (".py", ".pyi", ".toml")
    }
    wanted = {path.relative_to(ROOT).as_posix() for path in sources}
    assert names == {*wanted, *(f"{package}/py.typed" for package in PACKAGES), "scoregap.py", "scoregap_pytest.py"}
    assert {"numerics/__init__.pyi", "verify/__init__.pyi"} <= names  # the public names are read from them


def test_the_wheel_brings_the_command_and_the_licence(wheel):
    info = f"scoregap-{PROJECT['version']}.dist-info"
    assert "scoregap = scoregap:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert f"{info}/licenses/LICENSE" in wheel.namelist()


def test_every_requirement_has_one_lower_bound_which_the_projects_own_check_installs():
    requirements = (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["digits"])
    assert all(re.fullmatch(r"[a-z0-9-]+>=\d+(\.\d+)+", line) for line in requirements)
    assert ".ci/oldest\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    job = (ROOT / ".ci" / "oldest").read_text(encoding="utf-8")
    assert "python_of 3.11" in job
    assert PROJECT["requires-python"] == ">=3.11"
    assert 'line.replace(">=", "==")' in job


def test_versions_agree():
    citation = re.search(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert scoregap.__version__ == version("scoregap") == PROJECT["version"] == citation[1]


def test_scoregap_is_the_three_packages():
    assert scoregap.__all__ == ["__version__", *sorted(PACKAGES)]
    assert [getattr(scoregap, name).__name__ for name in PACKAGES] == list(PACKAGES)


def test_scoregap_run_as_a_module_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "scoregap", "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"scoregap {scoregap.__version__}\n", "")


def test_the_projects_check_names_no_index_of_packages():
    # whoever runs it has an index of their own; a host in the script would fail where it cannot be reached
    assert "://" not in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
