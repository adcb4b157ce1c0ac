"""Everything public has a row in some ``test_bad_*.py``, and every argument has bad values there."""

import inspect
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numerics
import theory
import verify
from theory import quantifiers, statement, terms
from verify.evidence import domain

ROOT = Path(__file__).resolve().parent
TABLES = [
    import_module(".".join(("tests", *path.relative_to(ROOT).with_suffix("").parts))).CASES
    for path in sorted(ROOT.rglob("*/test_bad_*.py"))
]
CASES = {name: case for table in TABLES for name, case in table.items()}

# Values that are returned, not built by users; errors; bases that cannot be built.
RETURNED = {
    "Backend",
    "Lemma",
    "Training",
    "UNetTraining",
    "DatumConstants",
    "ScoreLosses",
    "DatumLaw",
    "CapacityBound",
    "DataBound",
    "MomentBound",
    "SupportParts",
    "GridDivergence",
    "HistogramDensity",
    "Bound",
    "DiffusionBound",
    "BestTime",
    "Printed",
    "PrintedTime",
    "MissingSymbolsError",
    "PhaseDiagram",
    "Piece",
    "Stopping",
    "Density",
    "NotNormalisableError",
    "UndefinedDivergenceError",
    "Estimate",
    "AbstractLinearSDE",
    "UnknownClaimError",
    "Block",
    "PathCounts",
    "ClaimResult",
    "Evidence",
    "MutantOutcome",
    "Report",
    "Sweep",
    "Verdict",
    "Witness",
    "Transition",
    "Evaluation",
}
RETURNED |= set() if find_spec("torch") else {"train_unet"}  # whose table needs PyTorch
# What the packages call themselves with values that they have made.
INTERNAL = {
    "define",
    "sub",
    "Density.require",
    "DiffusedData.clock",
    "DatumLaw.deviations",
    "Capacity.root",
    "Sampling.of",
    "Optimizer.of",
    "ReverseProcess.of",
    "ReverseProcess.in_dimension",
    "Sampling.values",
    "Sampling.estimate",
    *(f"Backend.{name}" for name in vars(numerics.Backend)),
    "EndpointViolation.run",
    "EndpointViolation.run_on",
    "PathViolation.run_on",
    "MeanNormViolation.run_on",
    "MeanNormViolation.norms_on",
    "PathViolation.run",
    "MeanNormViolation.run",
    "MeanNormViolation.norms",
    "ClaimResult.blocked_by",
    "LinearSDE.prior_variance",
    "VariancePreserving.prior_variance",
    "SubVariancePreserving.prior_variance",
    "VarianceExploding.prior_variance",
    "OrnsteinUhlenbeck.prior_variance",
    "Array.lengths",
    "ReadOnly.clear",
    "ReadOnly.pop",
    "ReadOnly.popitem",
    "ReadOnly.setdefault",
    "ReadOnly.update",
    "Domain.accepts",
    "Domain.coordinates",
    "Domain.rebuild",
    "Inequality.map",
    "Identity.map",
}


def public():
    """Names of all public callables, and of their classes' public methods that take arguments."""
    found = {}
    for package in (theory, numerics, verify):
        for name in package.__all__:
            value = getattr(package, name)
            if inspect.ismodule(value):
                found |= functions_of(value)
            elif callable(value):
                found[name] = value
    for module in (statement, quantifiers, terms, domain):
        found |= functions_of(module)
    for name, value in list(found.items()):
        if inspect.isclass(value):
            for key, member in vars(value).items():
                function = getattr(member, "__func__", member)
                if not key.startswith("_") and inspect.isfunction(function):
                    static = isinstance(member, staticmethod)
                    if len(inspect.signature(function).parameters) > (0 if static else 1):
                        found[f"{name}.{key}"] = function
    return found


def functions_of(module):
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value))
        and f"{value.__module__}.".startswith(f"{module.__name__}.")
    }


def test_no_name_stands_in_two_tables():
    assert sum(map(len, TABLES)) == len(CASES)


def test_everything_public_is_in_the_table():
    missing = set(public()) - set(CASES) - RETURNED - INTERNAL
    assert not missing, f"give these a row in CASES: {sorted(missing)}"


def test_every_argument_of_a_function_has_bad_values():
    missing = []
    for name, function in public().items():
        if name in CASES and CASES[name].valid and name not in RETURNED | INTERNAL:
            for parameter in inspect.signature(function).parameters.values():
                plain = parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
                if plain and parameter.name not in ("self", "cls", *CASES[name].bad):
                    missing.append(f"{name}({parameter.name})")
    assert set(missing) <= {"coordinates(letter)", "Relation.map(change)", "Domain(_)"}
