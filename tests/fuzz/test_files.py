"""Files that somebody has damaged: replicas, images, labels, lemmas. Each is read, or refused and left alone."""

from __future__ import annotations

import gzip
import io
import json
import random
import struct

import numpy as np

from tests.fuzz.forks import ROOT, SEED, TRIES

LINES = 3
"""Replicas in the file that is damaged."""


def damaged(rng, content):
    """The bytes with something cut off, put in, taken out, doubled, or changed."""
    if not content:
        return b"x"
    place, length = rng.randrange(len(content)), rng.choice([1, 1, 2, 7, 100, 5000])
    return rng.choice(
        [
            lambda: content[:place],
            lambda: content[:place] + content[place + length :],
            lambda: content[:place] + rng.randbytes(length) + content[place:],
            lambda: content[:place] + rng.randbytes(length) + content[place + length :],
            lambda: content[:place] + rng.choice([b"\0", b"\xff", b"\n", b"\r\n", b"[", b"9" * 5000]) + content[place:],
            lambda: content + rng.choice([b"", b"\n", b"rubbish", content[:place], content]),
            lambda: content.replace(
                rng.choice([b"0", b"1", b",", b":", b"null"]), rng.choice([b"", b"9", b"NaN", b'"x"']), 3
            ),
            lambda: rng.choice(
                [b"", b"\n", b"{}\n", content.decode(errors="replace").encode("utf-16"), gzip.compress(content)]
            ),
        ]
    )()


def changed_record(rng, content):
    """A file of replicas with one record changed as JSON."""
    lines = content.splitlines()
    place = rng.randrange(len(lines))
    record = json.loads(lines[place])
    name = rng.choice(list(record))
    how = rng.randrange(4)
    if how == 0:
        del record[name]
    elif how == 1:
        record[name] = rng.choice([None, True, "x", [], {}, -1, 1e308, [[1]], [None] * 21, ["x"] * 21])
    elif how == 2 and isinstance(record[name], list) and record[name]:
        record[name][rng.randrange(len(record[name]))] = rng.choice([None, "1.5", [], 1e400, -5])
    else:
        record[rng.choice(["kl", "mass", "more"])] = rng.choice([1, [], {}, None])
    lines[place] = json.dumps(record).encode()
    if rng.random() < 0.2:
        rng.shuffle(lines)
    return b"\n".join(lines) + b"\n"


def images(rng):
    """A file of images, or of labels, as NumPy or the MNIST set has it."""
    pixels = np.arange(24, dtype=rng.choice([np.uint8, np.int64, np.float64])).reshape(
        rng.choice([(2, 3, 4), (24,), (4, 6)])
    )
    if rng.random() < 0.5:
        stream = io.BytesIO()
        np.savez(
            stream,
            **{
                rng.choice(["images", "x", "arr_0", "other"]): pixels,
                **({"labels": np.arange(2)} if rng.random() < 0.5 else {}),
            },
        )
        return stream.getvalue()
    shape = rng.choice([(2, 3, 4), (24,), (10**9, 10**9, 10**9), (0, 1, 1)])
    content = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + bytes(range(24))
    return gzip.compress(content) if rng.random() < 0.3 else content


def judged(found):
    assert not found, f"{len(found)} of {TRIES}:\n\n" + "\n\n".join(found[:20])


def test_damaged_replicas_are_resumed_from_or_refused_and_left_alone(command):
    arguments = ("experiment", "figure-3", "--quick", "--jobs", "1", "--replicas", str(LINES), "--out", "kept")
    path = command.folder / "kept" / "figure-3.replicas.jsonl"
    assert command.run(*arguments).status == 0
    whole = path.read_bytes()
    assert whole.count(b"\n") == LINES + 1
    found = []
    for count in range(TRIES):
        rng = random.Random(f"{SEED} {count}")
        content = (damaged if rng.random() < 0.5 else changed_record)(rng, whole)
        path.write_bytes(content)
        came = command.run(*arguments, "--resume")
        after = path.read_bytes()
        kept = content[: content.rfind(b"\n") + 1]
        wrong = came.wrong()
        if came.status == 0 and not after.startswith(kept):
            wrong = wrong or "whole lines were lost"
        if came.status != 0 and after != content:
            wrong = wrong or "the refused file was changed"
        if came.status not in (0, 2):
            wrong = wrong or f"exit status {came.status}"
        if wrong:
            found.append(f"try {count}: {wrong}\n{content[:2000]!r}\n{came.told()}")
    judged(found)


def test_damaged_images_and_labels_are_refused_in_words(command):
    found = []
    for count in range(TRIES):
        rng = random.Random(f"{SEED} {count}")
        words = ["experiment", "figure-6-7", "--quick", "--replicas", "1", "--out", "out", "--resume"]
        for name in ("images", "labels"):
            content = images(rng)
            (command.folder / name).write_bytes(damaged(rng, content) if rng.random() < 0.7 else content)
        words += ["--images", "images", *(["--labels", "labels"] if rng.random() < 0.5 else [])]
        words += ["--key", rng.choice(["images", "other", "", "labels"])] if rng.random() < 0.3 else []
        came = command.run(*words)
        wrong = came.wrong() or (f"exit status {came.status}" if came.status != 2 else "")
        if wrong:
            found.append(f"try {count}: {wrong}\n{came.told()}")
    judged(found)


def test_damaged_files_of_lemmas_are_listed_or_refused_in_words(command):
    whole = (ROOT / "verify" / "cli" / "skeleton.py").read_bytes()
    found = []
    for count in range(TRIES):
        rng = random.Random(f"{SEED} {count}")
        path = command.folder / f"lemmas_{count}.py"
        path.write_bytes(damaged(rng, whole))
        words = [["list", path.name], ["show", f"{path.name}:pinsker", "--latex"], ["bound", f"{path.name}:hoeffding"]]
        came = command.run(*rng.choice(words))
        wrong = came.wrong() or (f"exit status {came.status}" if came.status not in (0, 2) else "")
        if wrong:
            found.append(f"try {count}: {wrong}\n{came.told()}")
        path.unlink()
    judged(found)
