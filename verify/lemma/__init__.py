"""Lemmas of one's own: stated by `lemma`, confronted by a plan that is chosen from what is given, loaded from files.

The strategies that their tests draw from are loaded when they are first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules=["strategies"])
