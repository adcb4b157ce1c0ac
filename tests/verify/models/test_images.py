"""Images from files, digits and clusters: what is read is what was written, and every damage is named."""

from __future__ import annotations

import gzip
import io
import itertools
import pickle
import struct
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import numerics.checks.memory
from numerics.checks.extras import MissingExtraError
from verify.models.images import Images, cluster, digits, read_images

SHAPES = hnp.array_shapes(min_dims=3, max_dims=3, min_side=1, max_side=5)
PIXELS = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def idx(array, *, kind=8, shape=None):
    """The bytes of an IDX file."""
    shape = array.shape if shape is None else shape
    return bytes([0, 0, kind, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + array.astype(np.uint8).tobytes()


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def written(folder, name, content):
    path = Path(folder) / name
    path.write_bytes(content)
    return path


# What is written is read ----------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(pixels=hnp.arrays(np.uint8, SHAPES), zipped=st.booleans(), level=st.integers(0, 9))
def test_idx_files_are_read_as_written(pixels, zipped, level):
    labels = np.arange(len(pixels), dtype=np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        pack = (lambda content: gzip.compress(content, level)) if zipped else bytes
        images = written(folder, "images", pack(idx(pixels)))
        found = read_images(images, written(folder, "labels", pack(idx(labels))))
        plain = read_images(str(images))
    np.testing.assert_array_equal(found.pixels, pixels)
    np.testing.assert_array_equal(found.labels, labels)
    assert (found.levels, found.name, plain.labels) == (256, str(images), None)
    assert not found.pixels.flags.writeable


@settings(max_examples=60, deadline=None)
@given(
    pixels=hnp.arrays(np.uint8, SHAPES),
    dtype=st.sampled_from(["<u1", "<u2", ">u2", "<i4", ">i8"]),
    order=st.sampled_from("CF"),
    key=st.sampled_from(["images", "x_train", "x", "other"]),
)
def test_npz_files_are_read_as_written(pixels, dtype, order, key):
    pixels = pixels.astype(dtype, order=order)
    stream = io.BytesIO()
    (np.savez_compressed if order == "C" else np.savez)(stream, **{key: pixels, "y_train": np.arange(len(pixels))})
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, "file", stream.getvalue())
        found = read_images(path, key=key if key == "other" else None)
        again = read_images(path, path, key=key)
    np.testing.assert_array_equal(found.pixels, pixels)
    np.testing.assert_array_equal(found.labels, np.arange(len(pixels)))
    np.testing.assert_array_equal(again.labels, found.labels)


def test_images_and_labels_of_one_array_each_need_no_key(tmp_path):
    images, labels, both = (tmp_path / f"{name}.npz" for name in ("images", "labels", "both"))
    np.savez(images, PIXELS)
    np.savez(labels, np.arange(2, dtype=np.uint8))
    np.savez(both, other=PIXELS, names=np.arange(2))
    for key in (None, "arr_0"):
        found = read_images(images, labels, key=key)
        np.testing.assert_array_equal(found.pixels, PIXELS)
        assert found.labels.tolist() == [0, 1]
    assert read_images(both, labels, key="other").labels.tolist() == [0, 1]
    with pytest.raises(ValueError, match=r"must hold an array images or x_train or x; it holds names, other; pass"):
        read_images(both)


# Damage is named ------------------------------------------------------------------------------------------------------

WHOLE = idx(PIXELS)
HUGE = bytes([0, 0, 8, 3]) + struct.pack(">3I", 10**6, 1000, 1000)
DAMAGED = {
    "empty": (b"", "begins with nothing"),
    "one byte": (b"\0", "begins with 00"),
    "text": (b"hello world", "begins with 68 65 6c 6c"),
    "no header": (WHOLE[:9], "header has 9 of 16 bytes"),
    "truncated": (WHOLE[:-1], "truncated: its header says 2 × 3 × 4 = 24 bytes, it holds 23"),
    "too long": (WHOLE + b"\0", "too long: its header says 2 × 3 × 4 = 24 bytes, it holds 25"),
    "labels": (idx(np.arange(5)), r"this one has labels \(magic 0x00000801\)"),
    "a matrix": (idx(PIXELS[0]), "this one has 2 axes"),
    "floats": (idx(PIXELS, kind=0x0D), "kind 0x0d"),
    "nothing in it": (idx(PIXELS[:0]), r"pixels must have shape \(N, height, width\), none of them 0"),
    "a claim of 10^12": (HUGE, "truncated: its header says 1000000 × 1000 × 1000 = 1000000000000 bytes, it holds 0"),
}


@pytest.mark.parametrize("what", DAMAGED)
@pytest.mark.parametrize("zipped", [False, True])
def test_damaged_idx_files_are_refused_by_name(what, zipped, tmp_path, monkeypatch):
    content, message = DAMAGED[what]
    if zipped:
        monkeypatch.setattr(numerics.checks.memory, "available_memory", lambda: 1 << 30)
        message = {"too long": "24 bytes, it holds more", "a claim of 10^12": "needs about 931 GiB"}.get(what, message)
    path = written(tmp_path, "file.bin", gzip.compress(content) if zipped else content)
    with pytest.raises(ValueError, match=message) as caught:
        read_images(path)
    assert str(path) in str(caught.value)


def test_damaged_gzip_files_are_refused_by_name(tmp_path):
    whole = gzip.compress(idx(np.random.default_rng(0).integers(0, 256, (20, 8, 8))))
    broken = bytearray(whole)
    broken[-8] ^= 1  # the checksum
    for content in (whole[:-20], whole[:15], bytes(broken), b"\x1f\x8b" + b"\xff" * 30):
        path = written(tmp_path, "images.gz", content)
        with pytest.raises(ValueError, match=r"images\.gz is a damaged or truncated gzip file: .*fetch it again"):
            read_images(path)
    with pytest.raises(ValueError, match=r"does not begin with gzip's bytes 1f 8b; got 00 00"):
        read_images(written(tmp_path, "images.gz", WHOLE))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (
            {"pictures": PIXELS, "others": PIXELS},
            r"must hold an array images or x_train or x; it holds others, pictures; pass one's name as key \(--key\)",
        ),
        ({"images": PIXELS / 255}, "must hold integers; got float64; convert it"),
        ({"images": PIXELS.astype(object)}, "Python objects, which are not loaded"),
        ({"images": PIXELS > 3}, "must hold integers; got bool"),
        ({"images": PIXELS.astype("U3")}, "must hold integers"),
        ({"images": PIXELS[0]}, r"must have shape \(N, height, width\); got \(3, 4\)"),
        ({"images": PIXELS.astype(int) - 1}, "between 0 and 255; .* has -1 to 22"),
        ({"images": PIXELS.astype(int) + 240}, "between 0 and 255; .* has 240 to 263"),
        ({"images": PIXELS, "labels": np.arange(3)}, "labels must be one per image; got 3 for the 2"),
        ({"images": PIXELS, "labels": np.ones(2)}, r"\[labels\] must hold integers; got float64"),
        ({"images": PIXELS, "labels": np.ones((2, 1), int)}, r"\[labels\] must have shape \(N,\)"),
    ],
)
def test_other_npz_files_are_refused_by_name(arrays, message, tmp_path):
    path = written(tmp_path, "file.npz", npz(**arrays))
    with pytest.raises(ValueError, match=message) as caught:
        read_images(path)
    assert str(path) in str(caught.value)


def test_damaged_npz_files_are_refused_by_name(tmp_path, monkeypatch):
    whole = npz(images=PIXELS)
    for content in (b"", b"PK", whole[:-30], whole[:100], b"hello world"):
        with pytest.raises(ValueError, match=r"file\.npz is a damaged or truncated npz file"):
            read_images(written(tmp_path, "file.npz", content))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("images.npy", b"no array")
    with pytest.raises(ValueError, match=r"file\.npz\[images\] is no array of NumPy"):
        read_images(written(tmp_path, "file.npz", stream.getvalue()))
    for shape, message in (
        ((10**6, 1000, 1000), "needs about 1.82 TiB"),
        ((2, 3, 5), "30 bytes are announced"),
        ((2, 3, 3), "18 bytes are announced, it holds more"),
    ):
        monkeypatch.setattr(numerics.checks.memory, "available_memory", lambda: 1 << 30)
        stream, inner = io.BytesIO(), io.BytesIO()
        np.lib.format.write_array_header_1_0(inner, {"descr": "|u1", "fortran_order": False, "shape": shape})
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("images.npy", inner.getvalue() + PIXELS.tobytes())
        with pytest.raises(ValueError, match=message):
            read_images(written(tmp_path, "file.npz", stream.getvalue()))


@settings(max_examples=300, deadline=None)
@given(
    which=st.sampled_from([WHOLE, gzip.compress(WHOLE), npz(images=PIXELS, labels=np.arange(2))]),
    place=st.integers(0, 10**4),
    value=st.integers(0, 255),
    cut=st.integers(0, 10**4),
)
def test_no_damage_breaks_the_reader(which, place, value, cut):
    content = bytearray(which)
    content[place % len(content)] = value
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, "file", bytes(content[: max(1, len(content) - cut % (2 * len(content)))]))
        try:
            assert isinstance(read_images(path), Images)
        except ValueError as error:
            assert str(path) in str(error)  # noqa: PT017 (either outcome is right)


def test_what_is_no_file_is_refused(tmp_path):
    for bad in (tmp_path, tmp_path / "nope", "a\0b", "x" * 5000):
        with pytest.raises(ValueError, match="images must be an existing IDX or npz file; got"):
            read_images(bad)
    for bad in (None, 3, 1.5, []):
        with pytest.raises(ValueError, match="images must be the path of a file; got"):
            read_images(bad)
    path = written(tmp_path, "images", WHOLE)
    with pytest.raises(ValueError, match="labels must be an existing IDX or npz file"):
        read_images(path, tmp_path / "nope")
    with pytest.raises(ValueError, match=r"labels \(magic 0x00000801\); this one has images"):
        read_images(path, path)
    with pytest.raises(ValueError, match="labels must be one per image; got 3 for the 2"):
        read_images(path, written(tmp_path, "labels", idx(np.arange(3))))
    with pytest.raises(ValueError, match="key must be None for an IDX file"):
        read_images(path, key="images")


def test_images_check_themselves():
    for changes, message in (
        ({"levels": 1}, "levels must be"),
        ({"levels": True}, "levels must be"),
        ({"levels": 23}, "between 0 and 22"),
        ({"pixels": PIXELS.tolist()}, ""),
        ({"pixels": [[["a"]]]}, "pixels must be integers"),
        ({"labels": [0.5, 1]}, "labels must be integers"),
    ):
        arguments = {"pixels": PIXELS, "levels": 256, "name": "mine", **changes}
        if message:
            with pytest.raises(ValueError, match=message):
                Images(**arguments)
        else:
            assert Images(**arguments).dim == 12


# Digits and clusters --------------------------------------------------------------------------------------------------


def test_the_digits_are_those_of_scikit_learn():
    found = digits()
    assert (len(found), found.shape, found.levels, found.pixels.max()) == (1797, (8, 8), 17, 16)
    assert found.labels is not None
    assert np.bincount(found.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_without_scikit_learn_the_digits_say_what_to_install(monkeypatch):
    digits.cache_clear()
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    words = r"images must be an IDX or npz file of one's own where .*; pip install 'scoregap\[digits\]'"
    with pytest.raises(MissingExtraError, match=words) as caught:
        digits()
    again = pickle.loads(pickle.dumps(caught.value))  # as a worker process hands it over
    assert (again.extra, str(again)) == (caught.value.extra, str(caught.value)) == ("digits", str(again))
    monkeypatch.undo()
    assert len(digits()) == 1797


def blobs(count=30, seed=0):
    """Four groups of images of 2 × 2 pixels around corners, of which the last two are close to each other."""
    rng = np.random.default_rng(seed)
    corners = np.array([[20, 20, 20, 20], [220, 20, 20, 20], [20, 220, 220, 120], [20, 220, 220, 160]])
    rows = np.repeat(corners, count, axis=0) + rng.integers(-6, 7, (4 * count, 4))
    return Images(pixels=rows.reshape(-1, 2, 2), levels=256, name="blobs", labels=np.repeat(np.arange(4), count))


def test_clusters_find_separate_groups_and_their_pairs():
    images = blobs()
    found = cluster(images, 4, seed=3)
    groups = images.labels.reshape(4, -1)
    of_group = [np.unique(found.membership[row]) for row in np.arange(120).reshape(4, -1)]
    assert groups.shape == (4, 30)
    assert all(len(names) == 1 for names in of_group)
    names = [int(entry[0]) for entry in of_group]
    assert set(found.pair("nearest")) == {names[2], names[3]}
    assert set(found.pair("farthest")) == {names[1], names[3]}
    assert found.sizes.tolist() == [30] * 4
    again = cluster(images, 4, seed=3)
    np.testing.assert_array_equal(again.membership, found.membership)
    with pytest.raises(ValueError, match="which must be 'farthest' or 'nearest'"):
        found.pair("closest")


@settings(max_examples=25, deadline=None)
@given(pixels=hnp.arrays(np.uint8, (6, 1, 2), elements=st.integers(0, 9)), seed=st.integers(0, 99))
def test_clusters_are_a_fixed_point_within_twice_the_best_partition(pixels, seed):
    images = Images(pixels=pixels, levels=10, name="points")
    rows = images.rows()
    different = len(np.unique(rows, axis=0))
    if different < 3:
        with pytest.raises(ValueError, match=f"count must be at most the {different} different images of points"):
            cluster(images, 3, seed=seed)
        return
    found = cluster(images, 3, starts=40, seed=seed)
    distances = np.sum((rows[:, None] - found.centroids) ** 2, axis=2)
    np.testing.assert_allclose(distances[np.arange(6), found.membership], distances.min(axis=1))
    for k in range(3):
        np.testing.assert_allclose(found.centroids[k], rows[found.members(k)].mean(axis=0))
    partitions = (np.array(p) for p in itertools.product(range(3), repeat=6) if len(set(p)) == 3)
    best = min(sum(((rows[p == k] - rows[p == k].mean(axis=0)) ** 2).sum() for k in range(3)) for p in partitions)
    assert best - 1e-9 <= found.inertia <= 2 * best + 1e-9


def test_clustering_refuses_what_it_cannot_use():
    images = blobs()
    for arguments, message in (
        ({"count": 2}, "count must be an integer >= 3"),
        ({"count": 3.0}, "count must be"),
        ({"count": True}, "count must be"),
        ({"starts": 0}, "starts must be"),
        ({"seed": -1}, "seed must be"),
        ({"seed": None}, "seed must be"),
        ({"count": 500}, "count must be at most the"),
    ):
        with pytest.raises(ValueError, match=message):
            cluster(images, **arguments)
