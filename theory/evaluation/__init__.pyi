"""The public names, each with its home; `__init__.py` loads them when they are first used."""

from .floats import compiled as compiled
from .floats import number_function as number_function
from .numeric import Evaluation as Evaluation
from .numeric import evaluate as evaluate
