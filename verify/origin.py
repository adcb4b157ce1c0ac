"""Where the code comes from: a start-up check that the packages, whose names are generic, share a root; the version."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("theory", "numerics", "verify")


def roots() -> dict[str, Path | None]:
    """The directory that each package would be imported from (None when it is not found, or is no package)."""
    return {name: _root(name) for name in PACKAGES}


def _root(name: str) -> Path | None:
    try:
        spec = find_spec(name)
    except ValueError:  # a loaded module without a spec: made by hand
        return None
    if spec is None or not spec.origin:
        return None
    where = Path(spec.origin).resolve()
    # a module of that name is a clash wherever it lies: name its own path
    return where.parent.parent if spec.submodule_search_locations is not None else where


def require_one_root() -> None:
    """Raise ImportError, naming the clash and the remedy, unless theory, numerics and verify stand side by side."""
    found = roots()
    if len(set(found.values())) == 1 and None not in found.values():
        return
    here = Path(__file__).resolve().parent.parent
    listed = "; ".join(f"{name} from {root or 'nowhere'}" for name, root in found.items())
    raise ImportError(
        f"scoregap's packages must come from one place ({here}), but Python finds {listed}: another "
        "package of the same name stands earlier on sys.path. Run from another directory, or take it off "
        "the path."
    )


def package_version() -> str:
    """The installed version of scoregap."""
    try:
        return version("scoregap")
    except PackageNotFoundError:
        return "0+unknown"
