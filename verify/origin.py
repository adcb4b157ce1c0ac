"""The three packages have generic names: a start-up check that all come from the same root."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("theory", "numerics", "verify")


def roots() -> dict[str, Path | None]:
    """The directory that each package would be imported from (None when it is not found)."""
    found: dict[str, Path | None] = {}
    for name in PACKAGES:
        spec = find_spec(name)
        found[name] = Path(spec.origin).resolve().parent.parent if spec is not None and spec.origin else None
    return found


def require_one_root() -> None:
    """Raise ImportError, naming the clash and the remedy, unless theory, numerics and verify stand side by side."""
    found = roots()
    if len(set(found.values())) == 1 and None not in found.values():
        return
    here = Path(__file__).resolve().parent.parent
    listed = "; ".join(f"{name} from {root or 'nowhere'}" for name, root in found.items())
    raise ImportError(f"scoregap's packages must come from one place ({here}), but Python finds {listed}: another "
                      "package of the same name stands earlier on sys.path. Run from another directory, or take it off "
                      "the path.")
