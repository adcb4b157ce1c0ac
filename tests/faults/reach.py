"""Which modules must be loaded again for a fault, and which families of claims it can reach, the nearest first."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from tests.faults.fault import ROOT, module_of

PACKAGES = ("theory", "numerics", "verify")
HUBS = {
    "theory.claims": "theory.claims.",
    "verify.plans": "verify.plans.",
    "verify.proofs.book": "verify.proofs.",
    "verify.studies": "verify.studies.",
}
"""Modules that import by name what lies in a folder."""
THROUGH = ("verify.proofs.", "theory.vocabulary.", "theory.theorems.")
"""Rooms that all proofs go through, but for the families' own files."""
LATE = ("figures_6_7", "figure_3", "figure_4", "figure_5", "figure_8", "figure_9", "figure_10", "figure_11")
"""Families that are audited last, because they train models."""


def paths() -> list[str]:
    """All files of the packages."""
    return [str(path.relative_to(ROOT)) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@cache
def trees() -> Mapping[str, ast.Module]:
    """Every module's tree."""
    return {module_of(path): ast.parse((ROOT / path).read_bytes()) for path in paths()}


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """The modules that each module imports, anywhere in it."""
    known = trees()
    found: dict[str, frozenset[str]] = {}
    for name, tree in known.items():
        seen = set(_imported(tree, known))
        if name in HUBS:
            seen |= {other for other in known if other.startswith(HUBS[name])}
        found[name] = frozenset(seen - {name})
    return found


def _imported(tree: ast.Module, known: Mapping[str, object]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else _homes(node.module).get(alias.name, node.module)


@cache
def _homes(package: str) -> Mapping[str, str]:
    """Where the names live that a package loads when they are first used, by its ``__init__.pyi``."""
    stub = ROOT / package.replace(".", "/") / "__init__.pyi"
    if not stub.exists():
        return {}
    nodes = [node for node in ast.walk(ast.parse(stub.read_bytes())) if isinstance(node, ast.ImportFrom)]
    return {alias.name: f"{package}.{node.module}" for node in nodes for alias in node.names}


@cache
def importers() -> Mapping[str, frozenset[str]]:
    """The modules that import each module."""
    found: dict[str, set[str]] = {name: set() for name in trees()}
    for name, others in imports().items():
        for other in others:
            found[other].add(name)
    return {name: frozenset(others) for name, others in found.items()}


def affected(modules: Iterable[str]) -> list[str]:
    """The modules and all that import them, through any number of links, the nearest first."""
    seen = list(dict.fromkeys(modules))
    for name in seen:  # grows while it is read
        seen += sorted(importers()[name] - set(seen))
    return seen


def families(modules: Iterable[str]) -> list[str]:
    """The families whose claims, plans or proofs the modules' faults can reach, the nearest first.

    What all proofs go through reaches every family, without being imported by its files.
    """
    modules = list(modules)
    reached = affected(modules)
    common = any(name.startswith(THROUGH) and not _family(name) for name in modules)
    everywhere = sorted(trees()) if common else []
    found = [family for family in dict.fromkeys(map(_family, [*reached, *everywhere])) if family]
    return [family for family in found if family not in LATE] + [family for family in found if family in LATE]


def _family(module: str) -> str:
    for room in ("theory.claims.", "verify.plans.", "verify.proofs."):
        name = module.removeprefix(room).split(".")[0]
        if module.startswith(room) and f"theory.claims.{name}" in trees() and not name.startswith("_"):
            return name
    return ""
