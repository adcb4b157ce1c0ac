"""Images from files: IDX (the format of MNIST), plain or gzipped, and NumPy's npz.

Every size is compared with the file and with the free memory before anything of that size is read.
"""

from __future__ import annotations

import gzip
import math
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from numerics.checks.memory import require_memory
from theory.checks import shown
from verify.models.images.grey import Images

LEVELS = 256
IMAGE_KEYS, LABEL_KEYS = ("images", "x_train", "x"), ("labels", "y_train", "y")
_UNSIGNED_BYTE = 0x08
_PIECE = 1 << 20
_IDX_NAMES = {1: "labels (magic 0x00000801)", 3: "images (magic 0x00000803)"}
_READERS = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}


def read_images(path: Any, labels: Any = None, *, key: str | None = None) -> Images:
    """Images with 256 levels from an IDX file, gzipped or not, or from an npz file; labels from a second file.

    What a file is, is read off its first bytes. An npz file holds an array (N, height, width) of integers from 0 to 255
    under ``key`` (default: images, x_train or x, or the only array) and may hold labels (N,) under labels, y_train or
    y; ``labels`` may be an IDX or npz file of its own, with the labels under one of these names or ``key``, or as its
    only array. ValueError, which names the file, what was found and the remedy, for a file that
    is missing, truncated, too long, of another kind, out of range or larger than the free memory.
    """
    where = _existing("images", path)
    found = None
    if _is_npz(where):
        pixels = _from_npz(where, (key,) if key is not None else IMAGE_KEYS, 3, needed=True, any_one=key is None)
        found = _from_npz(where, LABEL_KEYS, 1, needed=False)
    elif key is not None:
        raise ValueError(f"key must be None for an IDX file; got {shown(key)} for {where}; leave it out")
    else:
        pixels = _from_idx(where, 3)
    if labels is not None:
        place = _existing("labels", labels)
        keys = LABEL_KEYS if key is None else (*LABEL_KEYS, key)
        found = _from_npz(place, keys, 1, needed=True, any_one=True) if _is_npz(place) else _from_idx(place, 1)
    return Images(pixels=pixels, levels=LEVELS, name=str(where), labels=found)


def _existing(name: str, value: Any) -> Path:
    try:
        path = Path(value)
    except TypeError:
        raise ValueError(f"{name} must be the path of a file; got {shown(value)}") from None
    try:
        is_file = path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        is_file = False
    if not is_file:
        raise ValueError(f"{name} must be an existing IDX or npz file; got {shown(str(path))}; check the path")
    return path


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(4)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error}; check its permissions") from None


def _is_npz(path: Path) -> bool:
    return _start(path)[:2] == b"PK" or path.suffix.lower() == ".npz"


def _fits(path: Path, amount: float) -> None:
    require_memory(f"what {path} says that it holds", float(amount))


# IDX -----------------------------------------------------------------------------------------------------------------


def _from_idx(path: Path, axes: int) -> np.ndarray:
    zipped = _start(path)[:2] == b"\x1f\x8b"
    if path.suffix.lower() == ".gz" and not zipped:
        raise ValueError(
            f"{path} ends in .gz but does not begin with gzip's bytes 1f 8b; got "
            f"{_start(path)[:2].hex(' ') or 'nothing'}; rename it or fetch it again"
        )
    try:
        with gzip.open(path, "rb") if zipped else path.open("rb") as stream:
            return _read_idx(stream, path, axes, None if zipped else path.stat().st_size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path} is a damaged or truncated gzip file: {error}; fetch it again") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error}") from None


def _read_idx(stream: Any, path: Path, axes: int, length: int | None) -> np.ndarray:
    wanted = f"{path} must be an IDX file of {_IDX_NAMES[axes]}"
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise ValueError(f"{wanted}; it begins with {magic.hex(' ') or 'nothing'}; pass an IDX or npz file")
    kind, found = magic[2], magic[3]
    if kind != _UNSIGNED_BYTE:
        raise ValueError(f"{wanted}, unsigned bytes (0x08); its numbers are of kind 0x{kind:02x}; convert it to bytes")
    if found != axes:
        named = _IDX_NAMES.get(found, f"{found} axes")
        raise ValueError(f"{wanted}; this one has {named}; pass the file of {_IDX_NAMES[axes].split()[0]}")
    header = stream.read(4 * axes)
    if len(header) < 4 * axes:
        raise ValueError(
            f"{path} is truncated: its header has {4 + len(header)} of {4 + 4 * axes} bytes; fetch it again"
        )
    shape = struct.unpack(f">{axes}I", header)
    size = math.prod(shape)
    if length is not None and length != size + 4 + 4 * axes:
        raise ValueError(_other_size(path, shape, size, length - 4 - 4 * axes))
    _fits(path, size)
    content = bytearray()
    while len(content) <= size:  # piece by piece: a header may claim more than there is
        piece = stream.read(min(_PIECE, size + 1 - len(content)))
        if not piece:
            break
        content += piece
    if len(content) != size:
        more = len(content) > size
        raise ValueError(_other_size(path, shape, size, len(content), more=more))
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def _other_size(path: Path, shape: tuple[int, ...], size: int, found: int, *, more: bool = False) -> str:
    what = "too long" if found > size else "truncated"
    return (
        f"{path} is {what}: its header says {' × '.join(map(str, shape))} = {size} bytes, it holds "
        f"{'more' if more else found}; fetch it again"
    )


# npz -----------------------------------------------------------------------------------------------------------------


def _from_npz(path: Path, keys: tuple[str, ...], axes: int, *, needed: bool, any_one: bool = False) -> Any:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.removesuffix(".npy"): name for name in archive.namelist()}
            known = [key for key in keys if key in names]
            if not known and any_one and len(names) == 1:
                known = list(names)
            if not known and not needed:
                return None
            if not known:
                raise ValueError(
                    f"{path} must hold an array {' or '.join(keys)}; it holds "
                    f"{', '.join(sorted(names)[:20]) or 'none'}; pass one's name as key (--key), or rename it"
                )
            with archive.open(names[known[0]]) as stream:
                return _read_npy(stream, f"{path}[{known[0]}]", path, axes)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        struct.error,
    ) as error:
        raise ValueError(
            f"{path} is a damaged or truncated npz file, or none: {error}; write it again with np.savez"
        ) from None


def _read_npy(stream: Any, name: str, path: Path, axes: int) -> np.ndarray:
    try:
        version = np.lib.format.read_magic(stream)
        shape, fortran, dtype = _READERS[version[0]](stream)
    except (ValueError, KeyError) as error:
        raise ValueError(f"{name} is no array of NumPy: {error}; write the file again with np.savez") from None
    if dtype.hasobject:
        raise ValueError(f"{name} holds Python objects, which are not loaded; convert it to np.uint8")
    if dtype.kind not in "ui":
        raise ValueError(
            f"{name} must hold integers; got {dtype}; convert it, e.g. with "
            "np.rint(255 * x).astype(np.uint8) for grey values x in [0, 1]"
        )
    if len(shape) != axes:
        wanted = "(N, height, width)" if axes == 3 else "(N,)"
        raise ValueError(f"{name} must have shape {wanted}; got {shape}; reshape it")
    size = math.prod(shape) * dtype.itemsize
    _fits(path, 2.0 * size)
    content = stream.read(size + 1)
    if len(content) != size:
        raise ValueError(
            f"{name} is damaged: {size} bytes are announced, it holds "
            f"{'more' if len(content) > size else len(content)}; write the file again"
        )
    return np.frombuffer(content, dtype=dtype).reshape(shape, order="F" if fortran else "C")
