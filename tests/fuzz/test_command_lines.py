"""Command lines of words that somebody might type, and of words that nobody should: statuses, words, no lost file."""

from __future__ import annotations

import os
import random
import threading

import typer.main

from tests.fuzz.forks import KEPT, PRECIOUS, SEED, TRIES, furnish, kinds
from verify.cli.main import app

IDS = ["EQ-8:mean", "EQ-8", "L3:A", "EQ-12/13:homogeneity", "L4:sharp", "EARLY-STOP:repaired", "T1:repaired", "FIG-3"]
ODD = ["", " ", "-", "--", "nan", "0", "-1", "1e9", "1e400", "9" * 30, "9" * 5000, "x" * 300, "x" * 60_000, "τ",
       "\udcff", "λ=1", "a b", "*", "%s", "{}", "[red]x[/red]", "\\", "'", "\n", "~", ".", "..", "/", "/nope/x",
       "L4:sharp~x", "null"]  # fmt: skip
FILES = ["precious.json", "precious.py", "precious.png", "read-only.json", "link.json", "lost.json", "folder", "null",
         "pipe", "new.json", "new.py", "new.svg", "folder/new.png", "missing/new.json", "x" * 300 + ".json", "folder/",
         "good.py", "good.py:pinsker", "good.py:nope", "\udcff.py", "\udcff.json"]  # fmt: skip
NUMBERS = ["1", "30", "1/3", "2**10", "1e-3", "1e300", "-1", "0", "inf", "1/0", "10**10**10", "0x10", "١"]
NAMES = ["tau", "τ", "n", "m", "a1", "b1", "distance_initial", "delta", "δ", "loss_minimum", "loss_comparator", "nope"]
SPECS = ["good.toml", "good.toml", "good.toml", "bad.toml", "precious.json", *FILES]
GOOD = """
seed = 0
[[cells]]
bound = "L4:sharp"
set = { distance_initial = "1/3" }
grid = { tau = [1, "1e2"] }
"""
"""A spec of two cells; the other has a name that there is none of."""
LAWS = [
    "two-modes:3",
    "two-modes:",
    "two-modes:1e9",
    "cells:-1,0,1:0.3,0.7",
    "cells:0,0:1",
    "cells:nan,1:1",
    "cells:-1,1:2",
    "cells:1e300,2e300:1",
]
STUDIES = ["phase-diagram", "parametrizations", "nope", "figure-3", "figure-6-7", "all"]


def setting(rng):
    return f"{rng.choice(NAMES)}={rng.choice([*NUMBERS, *ODD])}"


def span(rng):
    low, high = rng.choice(["1", "1e-3", "0", "-5", "nan"]), rng.choice(["10", "1e4", "1", "1e300", "x"])
    scale, count = rng.choice(["log", "lin", "x"]), rng.choice(["", ":3", ":1e9", ":0", ":x"])
    return f"{rng.choice(NAMES)}={low}:{high}:{scale}{count}"


DTYPES, SUPPORTS = ["float64", "float32", "float16", ""], ["-1:1", "-1:1,0:2", "1:-1", "-1", "nan:1", ":", "", "0:inf"]
BACKENDS, DEVICES = ["numpy", "cupy", "TORCH", ""], ["cpu", "cuda", "cuda:99", "nope", ""]
ADDRESSES = ["tcp://127.0.0.1:9", "127.0.0.1", "nope://x", "tcp://", "", "τ", "tcp://127.0.0.1:99999999"]
OPTIONS = {
    "audit": {"--budget": ["quick", "huge"], "--seed": ["0", "7", *ODD], "--json": FILES, "--html": FILES,
              "--jobs": ["1", "1", "1", "0", "1e9", "9999999"], "--dask": ADDRESSES, "--theorems": None,
              "--backend": BACKENDS, "--device": DEVICES, "--dtype": DTYPES},
    "list": {"--markdown": None, "--summary": None, "--theorems": None},
    "show": {"--latex": None, "--graph": None, "--no-evidence": None, "--evidence": None, "--budget": ["quick", "x"],
             "--seed": ["1", *ODD]},
    "bound": {"--set": setting, "--over": span, "--json": None, "--plot": FILES, "--law": LAWS,
              "--sde": ["ou", "vp", "sub-vp", "ve", *ODD], "--horizon": NUMBERS, "--features": ["4", "0", "1e9", *ODD],
              "--seed": ["1", *ODD], "--data": ["data.csv", "data.csv", *FILES], "--support": SUPPORTS,
              "--radius": [*NUMBERS, *ODD]},
    "new": {},
    "replay": {},
    "experiment": {"--out": ["folder", "made", *FILES, *ODD], "--quick": None, "--seed": ["0", *ODD], "--resume": None,
                   "--replicas": ["0", "1000000000000", *ODD], "--images": FILES, "--labels": FILES, "--key": ODD,
                   "--side": ["8", "0", *ODD], "--jobs": ["1", "1000000000"], "--backend": BACKENDS,
                   "--device": DEVICES, "--dask": ADDRESSES, "--dtype": DTYPES, "--model": ["network", "unet", *ODD]},
    "sweep": {"--store": FILES, "--csv": FILES, "--parquet": FILES, "--dask": ADDRESSES,
              "--jobs": ["1", "1", "0", "1e9"]},
}  # fmt: skip
ARGUMENTS = {"bound": [*IDS, "good.py:pinsker"], "new": FILES, "replay": [*ODD, *FILES], "experiment": STUDIES,
             "sweep": SPECS}  # fmt: skip
UNDRAWN = {"--write", "--help"}
"""What changes the checkout itself, and what ends before any work."""


def line(rng):
    """A line: a command with arguments and options, mostly its own."""
    command = rng.choice(["audit", "list", "show", "bound", "bound", "new", "replay", "experiment",
                          "sweep"])  # fmt: skip
    words = [command]
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        words.append(rng.choice(ARGUMENTS.get(command, [*IDS, *FILES]) if rng.random() < 0.8 else ODD))
    if command == "bound" and rng.random() < 0.5:
        words[1:] = ["EARLY-STOP:repaired", "--set", "a1=1", "--set", "b1=1/2", "--set", "n=1e4", "--set", "tau=3"]
    if command == "bound" and rng.random() < 0.2:
        words[1:] = [rng.choice(["T1:capacity", "T1:capacity", "T2:capacity", "T2:repaired"]), "--sde", "ou",
                     "--law", rng.choice(LAWS), "--horizon", "3", "--features", "4", "--set", "n=1000"]  # fmt: skip
    if command == "bound" and rng.random() < 0.2:
        words[1:] = ["T1:capacity", "--data", "data.csv", "--support", rng.choice(SUPPORTS), "--features", "4"]
    options = OPTIONS[command] if rng.random() < 0.9 else OPTIONS[rng.choice(list(OPTIONS))]
    for name in rng.sample(list(options), k=min(len(options), rng.randrange(4))):
        values = options[name]
        words.append(name if rng.random() < 0.97 else name[:-1])
        if callable(values):
            words.append(values(rng))
        elif values is not None and rng.random() < 0.97:
            words.append(rng.choice(values))
    if rng.random() < 0.05:
        words.insert(rng.randrange(len(words) + 1), rng.choice(ODD))
    return costly(words)


def costly(words):
    """A line without what is no error but takes long: an audit of everything, a figure that trains."""
    if words[:1] == ["audit"] and not any(word in IDS or "good" in word or word in ODD for word in words[1:]):
        words.insert(1, "EQ-8:mean")
    words = [{"T1:repaired": "L3:A", "FIG-3": "EQ-8:mean", "L4:sharp": "EQ-8"}.get(word, word) for word in words] if (
        words[:1] in (["audit"], ["show"])
    ) else words  # fmt: skip
    if words[:1] == ["experiment"] and any(word.startswith("figure") or word == "all" for word in words):
        words += ["--replicas", "1000000000000"]
    return [word.replace("\0", "") for word in words]


def test_every_option_of_every_command_is_drawn():
    for name, command in typer.main.get_command(app).commands.items():
        options = {
            option
            for part in command.params
            for option in [*part.opts, *part.secondary_opts]
            if option.startswith("--")
        }
        assert options - UNDRAWN == set(OPTIONS[name]) - UNDRAWN, name


def drained(folder, stop):
    """A FIFO whose reader takes everything."""
    os.mkfifo(folder / "pipe")
    handle = os.open(folder / "pipe", os.O_RDWR | os.O_NONBLOCK)

    def drain():
        while not stop.wait(0.01):
            try:
                os.read(handle, 1 << 20)
            except BlockingIOError:
                continue

    threading.Thread(target=drain, daemon=True).start()


def test_a_line_of_any_words_ends_in_words_and_destroys_nothing(command):
    folder, stop = command.folder, threading.Event()
    drained(folder, stop)
    found = []
    assert command.run("new", "good.py").status == 0
    for number in range(TRIES):
        rng = random.Random(f"{SEED} {number}")
        furnish(folder)
        for name, text in (
            ("good.toml", GOOD),
            ("bad.toml", GOOD.replace("L4", "L44")),
            ("data.csv", "0.5\n-0.25\n0.75\n"),
        ):
            (folder / name).write_text(text)
        before, words = kinds(folder), line(rng)
        came = command.run(*words, encoding=rng.choice(["utf-8"] * 4 + ["ascii", "latin-1"]), closed=rng.random() < 0.1)
        after = kinds(folder)
        changed = [f"{name} is another kind of file" for name, kind in before.items() if after.get(name) != kind]
        left = [f"{name} was left" for name in after if name.startswith(".scoregap")]
        lost = [
            f"{name} was overwritten"
            for name in KEPT
            if (folder / name).read_text(errors="replace") != PRECIOUS and not named(name, words)
        ]
        wrong = [*filter(None, [came.wrong()]), *changed, *left, *lost]
        if wrong:
            found.append(f"try {number}: {', '.join(wrong)}\n{came.told()}")
    stop.set()
    assert not found, f"{len(found)} of {TRIES}:\n\n" + "\n\n".join(found[:20])


def named(name, words):
    """Whether a line asks for the file to be written."""
    written = {
        words[k + 1]
        for k in range(len(words) - 1)
        if words[k] in ("--json", "--plot", "--out", "--html", "--csv", "--parquet", "--store")
    }
    return name in written or (name == "target.json" and "link.json" in written)
