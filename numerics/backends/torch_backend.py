"""PyTorch as a backend: its arrays by the array API standard, its devices, and what it refuses in words."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics import checks
from numerics.backends.arrays import Array, Function
from numerics.backends.backend import Backend
from numerics.checks.aliases import FloatArray
from numerics.checks.extras import optional
from numerics.checks.memory import available_memory, shown_bytes

_UNKNOWN = 1 << 30  # bytes, where nobody says what is free
_WANT = "backend='torch' needs PyTorch and array-api-compat"


@cache
def torch() -> Any:
    """PyTorch; `MissingExtraError` where it is not installed."""
    return optional("torch", "torch", _WANT)


@cache
def _namespace() -> Any:
    torch()
    return optional("array_api_compat.torch", "torch", _WANT)


@cache
def _require_device(device: str, dtype: str) -> None:
    """ValueError unless a number of that kind can be made on the device, and read."""
    try:
        torch().zeros(1, dtype=getattr(torch(), dtype), device=device).item()
    except Exception as error:  # each device has its own way to be missing
        told = str(error).strip().partition("\n")[0]
        remedy = f"PyTorch says: {told}; pass device='cpu', or a device that torch.zeros(1, device=…) takes"
        checks.refuse("device", f"be there and hold {dtype}", device, remedy)


class TorchBackend(Backend):
    """PyTorch on a device: the kernels in array code, compiled by torch.compile where the device is a GPU."""

    name = "torch"
    numbered = True

    def __post_init__(self):
        super().__post_init__()
        _namespace()
        _require_device(self.device, self.dtype)

    @property
    def xp(self) -> Any:
        """PyTorch's functions by the names of the standard."""
        return _namespace()

    @property
    def real(self) -> Any:
        """PyTorch's type."""
        return getattr(torch(), self.dtype)

    @property
    def on_gpu(self) -> bool:
        """Whether the device is one of CUDA's."""
        return torch().device(self.device).type == "cuda"

    def array(self, value: FloatArray) -> Array:
        """A tensor on the device."""
        whole = np.ascontiguousarray(value)
        whole = whole if whole.flags.writeable else whole.copy()  # a tensor would share it
        return torch().from_numpy(whole).to(device=self.device, dtype=self.real)

    def integers(self, value: NDArray[Any]) -> Array:
        """A tensor of int64 on the device."""
        return torch().from_numpy(np.array(value, dtype=np.int64)).to(self.device)

    def span(self, start: int, stop: int) -> Array:
        """PyTorch's arange."""
        return torch().arange(start, stop, dtype=torch().int64, device=self.device)

    def numpy(self, value: Array) -> FloatArray:
        """A copy on the processor, floats as float64."""
        out = value.detach().cpu().numpy()
        return out.astype(np.float64) if out.dtype.kind == "f" else out

    def count_each(self, places: Array, length: int) -> Array:
        """PyTorch's bincount."""
        return torch().bincount(places, minlength=length)

    def limit(self) -> int:
        """The memory that is given, or half of what is free on the device."""
        return self.memory or max(1 << 20, self.free() // 2)

    def free(self) -> int:
        """The bytes that the device has free, kept by PyTorch for its tensors or not."""
        if not self.on_gpu:
            known = available_memory() if self.device == "cpu" else None
            return _UNKNOWN if known is None else known
        kept = torch().cuda.memory_reserved(self.device) - torch().cuda.memory_allocated(self.device)
        return torch().cuda.mem_get_info(self.device)[0] + kept

    def spoken(self, what: str) -> AbstractContextManager[None]:
        """PyTorch's errors of memory become a ValueError with what is free there."""
        return self._spoken(what)

    @contextmanager
    def _spoken(self, what: str) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, MemoryError) as error:  # OutOfMemoryError is a RuntimeError, as is that of the processor
            if not isinstance(error, (MemoryError, torch().cuda.OutOfMemoryError)) and "alloc" not in str(error):
                raise
            raise ValueError(
                f"{what} needs more memory than the {shown_bytes(self.free())} that are free on device "
                f"{self.device!r}; ask for less of it, free some memory there, or pass another device"
            ) from error

    def fused(self, function: Function) -> Function:
        """The function, by torch.compile on a GPU."""
        return torch().compile(function, dynamic=False) if self.on_gpu else function

    def repeated(self, function: Callable[[Any], None], state: Any) -> Callable[[Any], None]:
        """The function; on a GPU a CUDA graph of it, which holds on to the arrays that it was captured with."""
        if not self.on_gpu:
            return function
        cuda = torch().cuda
        stream = cuda.Stream()
        stream.wait_stream(cuda.current_stream())
        with cuda.stream(stream):  # libraries are loaded by a first run, on copies
            function(type(state)(*(value.clone() for value in state)))
        cuda.current_stream().wait_stream(stream)
        graph = cuda.CUDAGraph()
        with cuda.graph(graph):
            function(state)

        def replay(same: Any, *, held: Any = (state, function)) -> None:
            if same is not held[0]:
                raise RuntimeError("a captured graph runs on the arrays that it was captured with")
            graph.replay()

        return replay

    def epochs(self, *training: Any) -> Any:
        """On a GPU the Triton kernel, where Triton is there and it takes the problem."""
        if not self.on_gpu:
            return None
        try:
            kernel = import_module("numerics.backends.triton_training")
        except ImportError:  # the other builds of PyTorch come without it
            return None
        return kernel.epochs(self, *training)

    def eigh(self, matrix: FloatArray) -> tuple[FloatArray, FloatArray] | None:
        """PyTorch's eigh."""
        with self.spoken("the eigendecomposition"):
            try:
                values, vectors = torch().linalg.eigh(self.array(matrix))
            except torch().linalg.LinAlgError:
                return None
            return self.numpy(values), self.numpy(vectors)

    def positive(self, matrix: FloatArray) -> bool:
        """PyTorch's Cholesky factor."""
        with self.spoken("the Cholesky factor"):
            return int(torch().linalg.cholesky_ex(self.array(matrix))[1]) == 0
