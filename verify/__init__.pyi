"""The public names, each with its home; `__init__.py` loads them when they are first used."""

from . import strategies as strategies
from .audit.engine import assert_holds as assert_holds
from .audit.engine import audit as audit
from .audit.engine import check as check
from .audit.engine import replay as replay
from .audit.results import ClaimResult as ClaimResult
from .audit.results import Report as Report
from .bound.inputs import theorem_1_inputs as theorem_1_inputs
from .bound.schedules import schedule as schedule
from .bound.schedules import time_function as time_function
from .bound.terms import Bound as Bound
from .bound.terms import MissingSymbolsError as MissingSymbolsError
from .bound.terms import bound as bound
from .evidence.domain import Array as Array
from .evidence.domain import Choice as Choice
from .evidence.domain import Integer as Integer
from .evidence.domain import Real as Real
from .evidence.verdict import Evidence as Evidence
from .evidence.verdict import MutantOutcome as MutantOutcome
from .evidence.verdict import Verdict as Verdict
from .evidence.verdict import Witness as Witness
from .lemma.files import lemmas_in as lemmas_in
from .lemma.lemma import Lemma as Lemma
from .lemma.lemma import lemma as lemma
