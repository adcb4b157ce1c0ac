"""The confrontation of what is claimed with what is measured: plans, evidence, audits and reports.

Importing this package is quick: the names of ``__init__.pyi`` are loaded when first used. ``audit`` and ``bound`` are
functions; the rooms of the same names are reached by ``from verify.audit import …``.
"""

import lazy_loader

from verify import origin

origin.require_one_root()

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
