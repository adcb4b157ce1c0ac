"""The backends' base, with the whole kernels in array code, and NumPy's, which has most of them compiled by Numba."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import scipy  # whose `linalg` is loaded when it is used
from numpy.typing import NDArray

from numerics import checks
from numerics.backends import counts, flows, matrices, replicas, second_moments
from numerics.backends.arrays import Array, Function
from numerics.backends.counts import Samples, Walk
from numerics.backends.flows import Steps
from numerics.backends.replicas import Replicas
from numerics.checks.aliases import FloatArray
from numerics.kernels import relu_products
from numerics.kernels import second_moments as compiled_moments

DTYPES = ("float64", "float32")

_NUMPY_BYTES = 1 << 27  # of temporaries at once: more does not make it faster


@dataclass(frozen=True, kw_only=True)
class Backend(ABC):
    """Where the whole kernels run, and in which precision; arguments and results are NumPy's float64 arrays.

    ``device``: "cpu", or a device of PyTorch such as "cuda" or "cuda:1". ``dtype``: "float64", or "float32", whose
    rounding every result then has. ``memory``: bytes that one call may hold on the device; what needs more is cut into
    pieces, with the same result. None: half of what is free there.

    Build one with `backend`. ValueError or TypeError for a device that is not there, another dtype, or memory < 2²⁰.
    """

    device: str = "cpu"
    dtype: str = "float64"
    memory: int | None = None

    name: ClassVar[str]
    numbered: ClassVar[bool]
    """Whether random numbers are drawn by the number of the sample (`philox`), not from NumPy's streams."""

    def __post_init__(self):
        checks.instance("device", self.device, str, "pass e.g. 'cpu' or 'cuda'")
        checks.option("dtype", self.dtype, DTYPES)
        if self.memory is not None:
            checks.integer("memory", self.memory, minimum=1 << 20, maximum=1 << 50)

    # What the kernels ask for -----------------------------------------------------------------------------------------

    @property
    def words(self) -> str:
        """Name, device and precision, for reports: "numpy", "torch on cuda, float64"."""
        return self.name if self.name == "numpy" else f"{self.name} on {self.device}, {self.dtype}"

    @property
    def eps(self) -> float:
        """The distance from 1 to the next number of this precision."""
        return float(np.finfo(self.dtype).eps)

    @property
    @abstractmethod
    def xp(self) -> Any:
        """The namespace of the array API standard."""

    @property
    @abstractmethod
    def real(self) -> Any:
        """The library's type of floats of this precision."""

    @abstractmethod
    def array(self, value: FloatArray) -> Array:
        """An array of NumPy's floats on the device, in its precision."""

    @abstractmethod
    def integers(self, value: NDArray[Any]) -> Array:
        """An array of NumPy's integers on the device, as int64."""

    @abstractmethod
    def span(self, start: int, stop: int) -> Array:
        """The integers start, …, stop − 1, made on the device."""

    @abstractmethod
    def numpy(self, value: Array) -> FloatArray:
        """An array of the device as NumPy's, in float64 where it holds floats."""

    @abstractmethod
    def count_each(self, places: Array, length: int) -> Array:
        """How often each of 0, …, length − 1 stands in ``places`` (n,), (length,)."""

    @abstractmethod
    def limit(self) -> int:
        """The bytes that one call may hold on the device."""

    @abstractmethod
    def spoken(self, what: str) -> AbstractContextManager[None]:
        """Out of memory within becomes a ValueError in words; ``what`` is computed."""

    @abstractmethod
    def fused(self, function: Function) -> Function:
        """The function, compiled into one pass over memory where the device gains by it."""

    @abstractmethod
    def repeated(self, function: Callable[[Any], None], state: Any) -> Callable[[Any], None]:
        """A function that changes the arrays of ``state`` in place, made to be called on them many times."""

    def epochs(self, *training: Any) -> Any:
        """What trains replicas for one epoch as one compiled program, `triton_training.Epochs`, or None."""
        del training

    def rows(self, total: int, bytes_each: float) -> int:
        """How many of ``total`` rows fit at once where each takes so many bytes: at least 1."""
        return max(1, min(total, int(self.limit() // max(bytes_each, 1.0))))

    # The whole kernels ------------------------------------------------------------------------------------------------

    @abstractmethod
    def eigh(self, matrix: FloatArray) -> tuple[FloatArray, FloatArray] | None:
        """Eigenvalues (m,), increasing, and eigenvectors (m, m) of a symmetric matrix; None if it did not converge."""

    @abstractmethod
    def positive(self, matrix: FloatArray) -> bool:
        """Whether a symmetric matrix, which may be overwritten, has a Cholesky factor."""

    def features(self, points: FloatArray, weights: FloatArray, intercepts: FloatArray) -> FloatArray:
        """See `matrices.features`."""
        return matrices.features(self, points, weights, intercepts)

    def product(self, left: FloatArray, right: FloatArray) -> FloatArray:
        """See `matrices.product`."""
        return matrices.product(self, left, right)

    def arc_cosine(self, points: FloatArray, other: FloatArray) -> FloatArray:
        """See `matrices.arc_cosine`."""
        return matrices.arc_cosine(self, points, other)

    def log_pair_sums(self, points: FloatArray, gains: FloatArray) -> FloatArray:
        """See `matrices.log_pair_sums`."""
        return matrices.log_pair_sums(self, points, gains)

    def add_laws(self, out: FloatArray, tables: FloatArray, split: int) -> None:
        """See `second_moments.add_laws`."""
        second_moments.add_laws(self, out, tables, split)

    def add_correlated_gram(
        self, out: FloatArray, scale: float, weights: FloatArray, tables: FloatArray, correlation: FloatArray,
        rules: tuple[FloatArray, ...],
    ) -> None:  # fmt: skip
        """See `second_moments.add_correlated_gram`."""
        second_moments.add_correlated_gram(self, out, scale, weights, tables, correlation, rules)

    def runge_kutta(self, points: FloatArray, steps: Steps, table: int, *, logs: bool) -> tuple[FloatArray, FloatArray]:
        """See `flows.runge_kutta`."""
        return flows.runge_kutta(self, points, steps, table, logs=logs)

    def train(self, problem: Replicas) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
        """See `replicas.train`."""
        return replicas.train(self, problem)

    def outside(self, samples: Samples, shift: FloatArray, std: float, bound: float) -> int:
        """See `counts.outside`."""
        return counts.outside(self, samples, shift, std, bound)

    def paths(self, samples: Samples, walk: Walk) -> tuple[int, int]:
        """See `counts.paths`."""
        return counts.paths(self, samples, walk)

    def mean_norms(self, law: str, samples: Samples, count: int, dim: int) -> FloatArray:
        """The norms of means of bounded vectors of radius 1; see `counts`."""
        means: dict[str, Callable[..., FloatArray]] = {
            "rademacher": counts.rademacher_means, "vertex": counts.vertex_means, "sphere": counts.sphere_means
        }  # fmt: skip
        return means[law](self, samples, count, dim)

    def sign_extremes(self, samples: Samples, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """See `counts.sign_extremes`."""
        return counts.sign_extremes(self, samples, values)


class NumpyArrays(Backend):
    """NumPy's arrays under the kernels in array code: what the other backends are compared with."""

    name = "numpy"
    numbered = True

    @property
    def xp(self) -> Any:
        """NumPy itself; some kernels need its version 2.1, none of those that `NumpyBackend` takes."""
        return np

    @property
    def real(self) -> Any:
        """NumPy's type."""
        return np.dtype(self.dtype)

    def array(self, value: FloatArray) -> Array:
        """The array itself, in its precision."""
        return np.asarray(value, dtype=self.dtype)

    def integers(self, value: NDArray[Any]) -> Array:
        """The array as int64."""
        return np.asarray(value, dtype=np.int64)

    def span(self, start: int, stop: int) -> Array:
        """The integers start, …, stop − 1."""
        return np.arange(start, stop, dtype=np.int64)

    def numpy(self, value: Array) -> FloatArray:
        """The array itself, in float64 where it holds floats."""
        return np.asarray(value, dtype=np.float64) if value.dtype.kind == "f" else value

    def count_each(self, places: Array, length: int) -> Array:
        """NumPy's bincount."""
        return np.bincount(places, minlength=length)

    def limit(self) -> int:
        """128 MiB, or the memory that is given."""
        return self.memory or _NUMPY_BYTES

    def spoken(self, what: str) -> AbstractContextManager[None]:
        """Nothing: memory is asked for before."""
        del what
        return nullcontext()

    def fused(self, function: Function) -> Function:
        """The function."""
        return function

    def repeated(self, function: Callable[[Any], None], state: Any) -> Callable[[Any], None]:
        """The function."""
        del state
        return function

    def eigh(self, matrix: FloatArray) -> tuple[FloatArray, FloatArray] | None:
        """LAPACK's dsyevd, as np.linalg.eigh without its copies: a Fortran-ordered copy becomes the eigenvectors."""
        values, vectors, failed = scipy.linalg.lapack.dsyevd(np.array(matrix).T, lower=1, overwrite_a=1)
        return None if failed else (values, vectors)

    def positive(self, matrix: FloatArray) -> bool:
        """LAPACK's dpotrf in place."""
        return scipy.linalg.lapack.dpotrf(matrix.T, lower=0, clean=0, overwrite_a=1)[1] == 0


class NumpyBackend(NumpyArrays):
    """NumPy, and Numba's compiled kernels where there are any; float64 on the processor."""

    numbered = False

    def __post_init__(self):
        super().__post_init__()
        if self.device != "cpu":
            checks.refuse("device", "be 'cpu' for backend='numpy'", self.device, "pass backend='torch'")
        if self.dtype != "float64":
            checks.refuse("dtype", "be 'float64' for backend='numpy'", self.dtype, "pass backend='torch'")

    def add_laws(self, out: FloatArray, tables: FloatArray, split: int) -> None:
        """Numba's kernel."""
        compiled_moments.add_laws(out, tables, split)

    def add_correlated_gram(
        self, out: FloatArray, scale: float, weights: FloatArray, tables: FloatArray, correlation: FloatArray,
        rules: tuple[FloatArray, ...],
    ) -> None:  # fmt: skip
        """Numba's kernel."""
        relu_products.add_correlated_gram(out, scale, np.array(weights), tables, correlation, rules)
