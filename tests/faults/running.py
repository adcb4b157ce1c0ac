"""Runs one fault in a process forked from one that has loaded everything: only what the fault touches is loaded again.

The fault lives in the memory of the forked process, never in a file of the checkout; the tests run on a copy of the
tree in a folder of their own.
"""

from __future__ import annotations

import ast
import builtins
import importlib.abc
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.faults.fault import ROOT, Fault, Source, module_of
from tests.faults.planting import CORE
from tests.faults.reach import PACKAGES, affected, families, importers, paths, trees

COPIED = ("theory", "numerics", "verify", "tests", "docs", "examples")
FILES = ("pyproject.toml", "scoregap.py", "scoregap_pytest.py", "README.md", "CHANGELOG.md")


def load_everything() -> None:
    """Load all modules that an audit needs, without running any: what is forked then starts at once."""
    for name in ("numba", "scipy.stats", "scipy.optimize", "scipy.integrate", "scipy.special", "hypothesis"):
        import_module(name)
    for name in sorted(trees()):
        if not name.startswith(("verify.cli", "verify.studies", "verify.models.images")):
            import_module(name)


# In the forked process -----------------------------------------------------------------------------------------------


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds the changed modules, with the faulty source."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = {module_of(path): (path, text) for path, text in sources.items()}

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        """The changed module under its own name and file."""
        if fullname not in self.sources:
            return None
        file = self.sources[fullname][0]
        return importlib.util.spec_from_file_location(
            fullname,
            ROOT / file,
            loader=self,
            submodule_search_locations=[str((ROOT / file).parent)] if file.endswith("__init__.py") else None,
        )

    def get_source(self, fullname: str) -> str:
        """The faulty source."""
        return self.sources[fullname][1]

    def get_code(self, fullname: str) -> Any:
        """Its code, which names the file that it stands for."""
        path, text = self.sources[fullname]
        return compile(text, str(ROOT / path), "exec", dont_inherit=True)

    def is_package(self, fullname: str) -> bool:
        """Whether it is a package."""
        return self.sources[fullname][0].endswith("__init__.py")


def plant(fault: Fault) -> None:
    """Forget every module that the fault can reach, and let the faulty source be found when they are loaded again."""
    _forget([*reloaded(fault), *PACKAGES])
    sys.meta_path.insert(0, _Changed(fault.sources()))
    kernels = [name for name in fault.modules if name.startswith("numerics.kernels.")]
    if kernels:  # Numba's cache knows the file, which is unchanged
        _without_cache(import_module("numerics.kernels.jit"), kernels)


def reloaded(fault: Fault) -> list[str]:
    """The modules that are loaded again: what imports the changed ones, and the register that holds their proofs."""
    register = [REGISTER] if any(name.startswith("verify.proofs.") for name in affected(fault.modules)) else []
    return affected([*fault.modules, *register])


REGISTER = "verify.proofs.writing"


def _forget(modules: Sequence[str]) -> None:
    for name in modules:
        sys.modules.pop(name, None)
        package, _, own = name.rpartition(".")
        if package in sys.modules:  # from package import module would find the old one there
            vars(sys.modules[package]).pop(own, None)


def _without_cache(jit: ModuleType, modules: Sequence[str]) -> None:
    cached = jit._dispatcher

    def dispatcher(function: Callable[..., Any], flags: frozenset[str]) -> Any:
        return (
            jit._decorated(function, flags, cache=False) if function.__module__ in modules else cached(function, flags)
        )

    jit._dispatcher = dispatcher


class _CaughtError(Exception):
    """A claim that is not as expected."""


def audited(
    fault: Fault | None, chosen: Sequence[Sequence[str]], known: Mapping[str, list[str]], *, theorems: bool = False
) -> dict[str, Any]:
    """What an audit of the claims, and of the theorems, finds that is not ``known`` of the sound one: there it ends."""
    if fault is not None:
        plant(fault)
    engine, claims = import_module("verify.audit.engine"), import_module("theory.claims")
    done: dict[str, list[str]] = {}

    def look(result: Any, *_counts: int) -> None:
        done[result.id] = list(result.faults)
        new = [text for text in result.faults if text not in known.get(result.id, [])]
        if fault is not None and new:
            raise _CaughtError(f"{result.id}: {new[0]}")

    def attack(ids: Sequence[str] | None) -> None:
        for name in room.select(ids) if theorems else ():
            for text in room.faults(room.findings([name])[name]):
                raise _CaughtError(f"{name}: {text}")

    try:
        room = import_module("verify.audit.theorems")
        attack(_stated(fault))  # the nearest
        for claim_id in _unproved() if fault is not None and fault.kind == "vocabulary" else ():
            look(engine.check(claim_id, mutants=False))  # no claim is nearer than another: proofs are quick
        for names in chosen:
            keys = [claims.FAMILIES[name].key if name in claims.FAMILIES else name for name in names]
            for claim_id in claims.REGISTRY.select(keys):  # most faults are seen before any wrong variant is tried
                if claim_id not in done:
                    look(engine.check(claim_id, mutants=False))
            report = engine.audit(keys, progress=look)
            for result in report.results.values():  # what blocks a claim is known at the end
                look(result)
        attack(None)
    except _CaughtError as caught:
        return {"caught": str(caught), "done": done}
    except BaseException as error:
        return {"caught": f"{type(error).__name__}: {error}", "done": done, "trace": traceback.format_exc()[-2000:]}
    return {"caught": "", "done": done}


def _stated(fault: Fault | None) -> list[str]:
    """The theorems of the faulty modules."""
    modules = [name for name in fault.modules if name.startswith("theory.theorems.")] if fault is not None else []
    return [theorem.id for name in modules for theorem in getattr(import_module(name), "THEOREMS", ())]


def _unproved() -> list[str]:
    """The claims whose proofs fail."""
    book = import_module("verify.proofs.book")
    made, found = book.Book(), []
    for claim_id in book.load():
        try:
            made.proved(claim_id)
        except book.ProofError:
            found.append(claim_id)
    return found


def in_child(work: Callable[[], dict[str, Any]], limit: float) -> dict[str, Any]:
    """The work's result, from a forked process with a limit of seconds; {"late": True} beyond it."""
    read, write = os.pipe()
    begin = time.monotonic()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(read)
            os.setsid()
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            with os.fdopen(write, "w") as pipe:
                json.dump(work(), pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    text, late = b"", False
    with os.fdopen(read, "rb") as pipe:
        os.set_blocking(pipe.fileno(), False)
        while True:
            part = pipe.read()
            if part:
                text += part
            elif part == b"":
                break
            elif time.monotonic() - begin > limit:
                late = True
                os.killpg(pid, signal.SIGKILL)
                break
            else:
                time.sleep(0.05)
    os.waitpid(pid, 0)
    used = round(time.monotonic() - begin, 2)
    if late:
        return {"late": True, "seconds": used}
    try:
        return {**json.loads(text), "seconds": used}
    except ValueError:
        return {"caught": "the audit's process died", "done": {}, "seconds": used}


def stages(fault: Fault, sound: Mapping[str, Any]) -> list[list[str]]:
    """What is audited, the nearest first: the fault's claims, and then the families that it can reach one by one.

    For a formula these are the families that run its function, by the `survey`, the quickest first; what is run when
    claims are loaded may reach every family that imports it.
    """
    names = families(fault.modules)
    if sound and fault.function and fault.modules[0].startswith(WATCHED):
        running = [name for name in names if fault.function in sound["reached"].get(name, ())]
        running.sort(key=lambda name: sound["costs"][name])
        loaded = fault.function in sound["loading"]
        names = list(dict.fromkeys([*running, *names])) if loaded else running
    return [[claim] for claim in fault.claims] + [[family] for family in names]


# The tests -----------------------------------------------------------------------------------------------------------


def tests_for(fault: Fault) -> list[str]:
    """The test files of the changed modules: of the same name, or else the folder's; and what attacks proofs.

    What Numba compiles is tested with the modules that call it.
    """
    found: list[str] = []
    kernels = [name for name in fault.modules if name.startswith("numerics.kernels.")]
    callers = [name for kernel in kernels for name in sorted(importers()[kernel]) if name.startswith("numerics.")]
    for module in [*fault.modules, *callers]:
        *rooms, name = module.split(".")
        folder = ROOT / "tests" / "/".join(rooms)
        exact = folder / f"test_{name}.py"
        if exact.exists():
            found.append(str(exact.relative_to(ROOT)))
        elif folder.exists():
            found += sorted(str(path.relative_to(ROOT)) for path in folder.glob("test_*.py"))
        for room, others in ALSO.items():
            if module.startswith(room):
                found += [other.format(name=rooms[2] if len(rooms) > 2 else name) for other in others]
    return [path for path in dict.fromkeys(found) if (ROOT / path).exists()]


ALSO = {
    "theory.claims": (
        "tests/theory/claims/test_{name}.py",
        "tests/verify/plans/test_{name}.py",
        "tests/theory/test_conditions.py",
    ),
    "theory.theorems": ("tests/verify/models/theorems", "tests/verify/proofs/test_book.py"),
    "theory.vocabulary": ("tests/verify/proofs",),
    "theory.": ("tests/test_layers_agree.py",),
    "verify.proofs": ("tests/verify/proofs/test_book.py", "tests/verify/proofs/test_attacks.py"),
    "numerics.": ("tests/test_layers_agree.py",),
}


def tested(fault: Fault, limit: float) -> dict[str, Any]:
    """What the affected tests find, on a copy of the tree with the fault in it."""
    chosen = tests_for(fault)
    if not chosen:
        return {"failed": "", "tests": []}
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        for name in COPIED:
            shutil.copytree(ROOT / name, Path(folder) / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(ROOT / name, folder)
        for path, text in fault.sources().items():
            (Path(folder) / path).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *chosen]
        environment = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("PYTEST_CURRENT_TEST", None)
        try:
            run = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            return {"failed": "", "late": True, "tests": chosen}
    failed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return {"failed": (failed or [f"exit {run.returncode}"])[0] if run.returncode else "", "tests": chosen}


# The sound tree ------------------------------------------------------------------------------------------------------


def survey(limit: float) -> dict[str, Any]:
    """What an audit of the sound tree finds by claim, how long each family takes, and which functions it runs."""
    return in_child(_surveyed, limit)


def _surveyed() -> dict[str, Any]:
    watched = [name for name in trees() if name.startswith(WATCHED) and name != "numerics.kernels.jit"]
    kernels = [name for name in watched if name.startswith("numerics.kernels.")]
    sys.meta_path.insert(0, _Changed({path: _watching(path) for path in paths() if module_of(path) in watched}))
    _forget([*affected(watched), *PACKAGES])
    seen = set[str]()
    setattr(builtins, _HIT, seen)
    load_everything()
    _without_cache(import_module("numerics.kernels.jit"), kernels)
    marks = import_module("tests.faults.marks")
    audit, claims = import_module("verify.audit.engine").audit, import_module("theory.claims")
    calibration = import_module("verify.evidence.calibration").Calibration
    calibration.run = _unseen(calibration.run, seen, marks.hits)
    names = {family.key: name for name, family in claims.FAMILIES.items()}
    out: dict[str, Any] = {
        "loading": sorted(seen),
        "costs": Counter[str](),
        "reached": {name: [] for name in names.values()},
    }
    seen.clear()

    def look(result: Any, *_counts: int) -> None:
        name = names[result.family]
        seen.update(marks.hits())
        out["costs"][name] += round(result.seconds, 2)
        out["reached"][name] = sorted({*out["reached"][name], *seen})
        seen.clear()

    report = audit(progress=look)
    return {**out, "known": {claim: list(result.faults) for claim, result in report.results.items() if result.faults}}


WATCHED = ("numerics.", *(f"theory.{name}" for name in CORE))
_HIT = "__reached_functions__"


def _unseen(run: Callable[..., Any], seen: set[str], hits: Callable[[], Sequence[str]]) -> Callable[..., Any]:
    """A calibration, what it runs itself left out: an instrument is one because a measurement uses it."""

    def unseen(*arguments: Any) -> Any:
        before = {*seen, *hits()}
        try:
            return run(*arguments)
        finally:
            hits()
            seen.clear()
            seen.update(before)

    return unseen


def _watching(path: str) -> str:
    """The source, in which every function says that it was run."""
    source = Source(path)
    tree = ast.parse(source.bytes)
    outermost = [node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef)]
    named = {(node.name, node.lineno): source.function_at(source.span(node)[0]) for node in outermost}
    compiled = path.startswith("numerics/kernels/")
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            name = named[node.name, node.lineno]
            text = (
                f"_mark({import_module('tests.faults.marks').place(name)})"
                if compiled
                else f"getattr(__import__('builtins'), {_HIT!r}, set()).add({name!r})"
            )
            first = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
            node.body[int(first) : int(first)] = ast.parse(text).body
    if compiled:
        after = max(
            (k + 1 for k, node in enumerate(tree.body) if isinstance(node, ast.Import | ast.ImportFrom)), default=0
        )
        tree.body[after:after] = ast.parse("from tests.faults.marks import mark as _mark").body
    return ast.unparse(ast.fix_missing_locations(tree))
