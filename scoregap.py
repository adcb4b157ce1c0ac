"""scoregap: audits the generalization theory of score-based diffusion models by machine.

The three packages under one name, ``scoregap.theory``, ``scoregap.numerics`` and ``scoregap.verify``, loaded when first
used; as ``scoregap`` or ``python -m scoregap`` it is the command.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numerics
    import theory
    import verify

    __version__: str

__all__ = ["__version__", "numerics", "theory", "verify"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _own("verify.origin").package_version() if name == "__version__" else _own(name)


def __dir__() -> list[str]:
    return [*__all__, "main"]


def _own(name: str) -> Any:
    """A module of the toolkit; ImportError where another package called verify stands in its way.

    ``verify`` itself looks after the other two.
    """
    spec, here = find_spec("verify"), Path(__file__).resolve().parent
    found = Path(spec.origin).resolve() if spec is not None and spec.origin else None
    if found is None or found.parent.parent != here:
        raise ImportError(
            f"scoregap's packages must come from one place ({here}), but Python finds verify from "
            f"{found or 'nowhere'}: another package of the same name stands earlier on sys.path. Run from another "
            "directory, or take it off the path."
        )
    return import_module(name)


def main() -> None:
    """Run the command; leaves with its exit status."""
    try:
        guarded = _own("verify.cli.guard").guarded
    except ImportError as error:
        sys.exit(str(error))
    guarded(lambda: _own("verify.cli.main").run)


if __name__ == "__main__":
    main()
