"""What a kernel written once for the array API standard asks of the library that it runs on."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from numpy.typing import NDArray

from numerics.checks.aliases import FloatArray

Function = TypeVar("Function", bound=Callable[..., Any])

Array = Any
"""An array of the library, on its device: NumPy's own, or a tensor."""


class Arrays(Protocol):
    """A library of arrays on a device, in one precision."""

    @property
    def xp(self) -> Any:
        """The namespace of the array API standard."""
        ...

    @property
    def real(self) -> Any:
        """The library's type of floats of this precision."""
        ...

    @property
    def eps(self) -> float:
        """The distance from 1 to the next number of this precision."""
        ...

    def array(self, value: FloatArray) -> Array:
        """An array of NumPy's floats on the device, in its precision."""
        ...

    def integers(self, value: NDArray[Any]) -> Array:
        """An array of NumPy's integers on the device, as int64."""
        ...

    def span(self, start: int, stop: int) -> Array:
        """The integers start, …, stop − 1, made on the device."""
        ...

    def numpy(self, value: Array) -> FloatArray:
        """An array of the device as NumPy's, in float64 where it holds floats."""
        ...

    def count_each(self, places: Array, length: int) -> Array:
        """How often each of 0, …, length − 1 stands in ``places`` (n,), (length,)."""
        ...

    def rows(self, total: int, bytes_each: float) -> int:
        """How many of ``total`` rows fit at once where each takes so many bytes: at least 1."""
        ...

    def fused(self, function: Function) -> Function:
        """The function, compiled into one pass over memory where the device gains by it."""
        ...

    def repeated(self, function: Callable[[Any], None], state: Any) -> Callable[[Any], None]:
        """A function that changes the arrays of ``state`` in place, made to be called on them many times."""
        ...

    def epochs(self, *training: Any) -> Any:
        """What trains replicas for one epoch as one compiled program, `triton_training.Epochs`, or None."""
        ...

    def spoken(self, what: str) -> AbstractContextManager[None]:
        """Out of memory within becomes a ValueError in words; ``what`` is computed."""
        ...
