"""Every symbol of the theory, once: its assumptions, its domain, its TeX and MathML name and its meaning.

Values enter the toolkit by symbol name (``evaluate(delta=0.1, d=3)``); `registry` says which value belongs to a
symbol's domain, the other modules hold the symbols by subject, `printing` shows them.
"""

from theory.symbols.capacity import *
from theory.symbols.capacity_rates import *
from theory.symbols.channels import *
from theory.symbols.complexities import *
from theory.symbols.concentration import *
from theory.symbols.constants import *
from theory.symbols.densities import *
from theory.symbols.diffusion_bounds import *
from theory.symbols.diffusion_printed import *
from theory.symbols.diffusion_times import *
from theory.symbols.features import *
from theory.symbols.gaussian_vae import *
from theory.symbols.generalization import *
from theory.symbols.generation import *
from theory.symbols.information import *
from theory.symbols.learning import *
from theory.symbols.monte_carlo import *
from theory.symbols.networks import *
from theory.symbols.printing import latex, mathml, unicode, unicode_relation
from theory.symbols.process import *
from theory.symbols.rates import *
from theory.symbols.registry import REGISTRY, SymbolInfo, describe, info
from theory.symbols.replicas import *
from theory.symbols.score_matching import *
from theory.symbols.training import *
