"""Instruments of ``numerics``, compared with exact forms by the audit that measures with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from theory.statement import Claim
from verify.evidence.budget import Context
from verify.evidence.verdict import Evidence, Verdict


class MiscalibratedError(ArithmeticError):
    """An instrument does not read what it should."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an instrument reads and what is exact, entry by entry, and how far apart the two may be."""

    at: str
    measured: ArrayLike
    exact: ArrayLike
    error: ArrayLike

    def check(self, name: str) -> int:
        """The number of entries; MiscalibratedError with the worst one where one is off or not a number."""
        measured, exact, error = np.broadcast_arrays(
            *(np.asarray(item, dtype=float) for item in (self.measured, self.exact, self.error))
        )
        with np.errstate(invalid="ignore"):
            off = ~((np.abs(measured - exact) <= error) | (measured == exact))
        if off.any():
            k = np.unravel_index(int(np.argmax(off)), off.shape)
            raise MiscalibratedError(
                f"{name} is off at {self.at}: {measured[k]:.17g} for {exact[k]:.17g} (within {error[k]:.2g})"
            )
        return measured.size


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """A measuring function, and its readings where an exact form is known: the same ones in every audit."""

    name: str
    readings: Callable[[], Iterable[Reading]]


@cache
def calibrate(instrument: Instrument) -> int:
    """How many numbers agree with exact ones; MiscalibratedError at the first that does not. Once a process."""
    return sum(reading.check(instrument.name) for reading in instrument.readings())


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Compare the instruments that a claim is measured with: it says nothing of the claim, but all of the measurements.

    An instrument that is off is an error of the method, which an audit reports as a fault whatever the verdict.
    """

    instruments: tuple[Instrument, ...]
    method: str = "instruments"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """The readings of every instrument."""
        del claim, context  # an instrument reads the same for every claim
        begin = time.perf_counter()
        count = sum(calibrate(item) for item in self.instruments)
        return Evidence(
            method=self.method,
            verdict=Verdict.SEARCHED,
            about="instruments",
            summary=f"{count} readings of {len(self.instruments)} instruments are exact within their errors",
            details={"instruments": [item.name for item in self.instruments]},
            seconds=time.perf_counter() - begin,
        )
