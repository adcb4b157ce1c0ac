"""The version of the code that computes a cell: a hash of the files that it imports, and of the libraries' versions.

A change in a file that the cell's code does not import leaves its version as it is.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from verify.origin import PACKAGES
from verify.sweeps.cells import Cell
from verify.sweeps.kinds import kind_named
from verify.sweeps.kinds.places import file_of, is_place

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("sympy", "mpmath", "numpy", "scipy", "numba", "hypothesis", "python-flint")
"""What the numbers are made with besides the house."""
HUBS: Mapping[str, str] = {
    "theory.claims": "theory.claims.",
    "verify.plans": "verify.plans.",
    "verify.proofs.book": "verify.proofs.",
    "verify.studies": "verify.studies.",
}
"""Modules that import by name what lies in a folder."""
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([\w., \t]+))", re.MULTILINE
)
_DIGITS = 20


def code_version(cell: Cell, folder: Path) -> str:
    """The version of the code that computes a cell; ``folder`` is where a user's files are found from."""
    kind = kind_named(cell.kind)
    modules = _modules(tuple(kind.roots(cell.target)), kind.WHOLE)
    own = file_of(cell.target, folder) if is_place(cell.target) else None
    if own is None:
        return _digest(modules, ())
    files = tuple(_beside(own))
    more = _modules(tuple(sorted(set(_of_users(files)))), True)
    return _digest(tuple(sorted({*modules, *more})), tuple((str(path.name), path.read_bytes()) for path in files))


def look_again() -> None:
    """Forget what the files held: a notebook may run for longer than they stay as they are."""
    for kept in (_digest, _modules, _files, _bytes, _imports, _homes):
        kept.cache_clear()


@lru_cache(maxsize=256)
def _digest(modules: tuple[str, ...], files: tuple[tuple[str, bytes], ...]) -> str:
    parts = [*((name, _bytes(name)) for name in modules), *files]
    made = hashlib.sha256(repr([(name, hashlib.sha256(text).hexdigest()) for name, text in parts]).encode())
    made.update(repr(_libraries()).encode())
    return made.hexdigest()[:_DIGITS]


@lru_cache(maxsize=256)
def _modules(roots: tuple[str, ...], whole: bool) -> tuple[str, ...]:
    """The modules that some import, through any number of links; ``whole``: hubs too what they find by name."""
    seen = dict.fromkeys(roots)
    waiting = list(roots)
    while waiting:
        found = set(_imports(name := waiting.pop()))
        if whole and name in HUBS:
            found |= {other for other in _files() if other.startswith(HUBS[name])}
        new = [other for other in sorted(found) if other not in seen]
        seen |= dict.fromkeys(new)
        waiting += new
    for name in list(seen):  # a package's own file runs before its modules, though nobody asks it for others
        parts = name.split(".")
        seen |= dict.fromkeys(".".join(parts[:k]) for k in range(1, len(parts)))
    return tuple(sorted(seen))


@cache
def _files() -> Mapping[str, Path]:
    """Every module of the house with its file."""
    found = {}
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def _bytes(module: str) -> bytes:
    return _files()[module].read_bytes()


@cache
def _imports(module: str) -> frozenset[str]:
    """The modules of the house that a module imports, anywhere in it."""
    return frozenset(_named(_bytes(module).decode())) - {module}


def _named(text: str) -> Iterator[str]:
    """The modules of the house that a text imports."""
    known = _files()
    for source, names, plain in _IMPORT.findall(text):
        if plain:
            modules = (part.split(" as ")[0].strip() for part in plain.split(","))
            for module in modules:
                yield from _whole(module) if module in known else ()
        elif source in known:
            for part in re.sub(r"#[^\n]*|[()]", "", names).split(","):
                name = part.split(" as ")[0].strip()
                inner = f"{source}.{name}"
                yield from _whole(inner) if inner in known else (_homes(source).get(name, source),)


def _whole(module: str) -> Iterator[str]:
    """A module that is imported as such, with what it loads later."""
    yield module
    yield from _homes(module).values()


@cache
def _homes(package: str) -> Mapping[str, str]:
    """Where the names live that a package loads when they are first used, by its ``__init__.pyi``."""
    stub = _files()[package].with_suffix(".pyi")
    if not stub.exists():
        return {}
    found = {}
    for source, names, _ in _IMPORT.findall(stub.read_text(encoding="utf-8")):
        module = f"{package}{source}" if source.startswith(".") and source != "." else package
        for part in names.split(","):
            name = part.split(" as ")[0].strip()
            inner = f"{module}.{name}"
            found[name] = inner if inner in _files() else module
    return found


# A user's files ------------------------------------------------------------------------------------------------------


def _beside(path: Path) -> Iterator[Path]:
    """A user's file and those beside it that it imports, through any number of links."""
    seen, waiting = {path}, [path]
    while waiting:
        here = waiting.pop()
        if not here.is_file():
            continue
        yield here
        for source, _, plain in _IMPORT.findall(here.read_text(encoding="utf-8", errors="replace")):
            for module in (source, *(part.split(" as ")[0].strip() for part in plain.split(","))):
                other = path.parent / f"{module.split('.')[0]}.py"
                if module and other not in seen:
                    seen.add(other)
                    waiting.append(other)


def _of_users(files: Iterable[Path]) -> Iterator[str]:
    """The modules of the house that a user's files import."""
    for path in files:
        yield from _named(path.read_text(encoding="utf-8", errors="replace"))


@cache
def _libraries() -> tuple[tuple[str, str], ...]:
    found = [("python", ".".join(platform.python_version_tuple()[:2]))]
    for name in LIBRARIES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            found.append((name, ""))
    return tuple(found)
