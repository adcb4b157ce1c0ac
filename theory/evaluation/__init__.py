"""Numbers for the terms of a statement. NumPy and SciPy are loaded when a name of ``__init__.pyi`` is first used."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
