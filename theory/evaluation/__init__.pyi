"""The public names, each with its home; `__init__.py` loads them when they are first used."""

from .numeric import Evaluation as Evaluation
from .numeric import evaluate as evaluate
