"""Python files of a user's: each is imported once, and what goes wrong in it is told with its line."""

from __future__ import annotations

import sys
import traceback
import zlib
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


def imported(path: Path, refusal: type[ValueError]) -> ModuleType:
    """The module of a file, imported once for each time that the file was changed; ``refusal`` where it cannot be."""
    return _imported(str(path.resolve()), path.stat().st_mtime_ns, refusal)


@lru_cache(maxsize=64)
def _imported(path: str, _changed: int, refusal: type[ValueError]) -> ModuleType:
    folder = str(Path(path).parent)
    if folder not in sys.path:  # at the end: what lies beside the file must not hide a package
        sys.path.append(folder)
    name = f"scoregap_lemmas_{zlib.crc32(path.encode()):08x}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise refusal(f"{path} cannot be imported; is it a Python file?")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a user's file may raise anything, and call sys.exit
        del sys.modules[name]
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
        where = f"{path}, line {line}" if line else path
        raise refusal(f"{where}: {type(error).__name__}: {error}") from error
    return module
