"""One test for all values of a kind: thousands of small ones cost more to collect and to report than to run."""

import inspect
from functools import wraps


def for_every(name, values, label=str):
    """Run a test's body for each value of its argument ``name``; what fails is told together, each with its label."""
    values = list(values)
    if not values:
        raise ValueError(f"{name} has no values: the test could not fail")

    def whole(test):
        @wraps(test)
        def together(**fixtures):
            failed = []
            for value in values:
                try:
                    test(**{name: value}, **fixtures)
                except Exception as error:  # the next value is looked at, too
                    error.add_note(f"{name}: {label(value)}")
                    failed.append(error)
            if failed:
                labels = ", ".join(error.__notes__[-1] for error in failed[:10])
                raise ExceptionGroup(f"{len(failed)} of {len(values)} fail ({labels})", failed)

        signature = inspect.signature(test)
        kept = [parameter for parameter in signature.parameters.values() if parameter.name != name]
        together.__signature__ = signature.replace(parameters=kept)
        return together

    return whole
