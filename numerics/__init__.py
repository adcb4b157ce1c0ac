"""What is measured: random-feature scores, exact losses and gradient flows, reproducible Monte Carlo.

NumPy, SciPy and Numba only. Importing this package is quick: the names of ``__init__.pyi`` are loaded when first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
