"""The commands ``scoregap new`` and ``scoregap replay``: a file to start from, and a witness evaluated again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from theory.checks import shown
from verify.audit import engine
from verify.audit.words import ratio_text
from verify.cli.console import output, print_plain
from verify.cli.targets import refusing
from verify.evidence.files import require_writable, write_whole
from verify.lemma.files import is_place, lemma_at

SKELETON = Path(__file__).with_name("skeleton.py")
"""The file that `new` copies, under its own name."""


def new(file: Annotated[Path, typer.Argument(metavar="FILE.py", help="the file to make")]) -> None:
    """Make a file of lemmas to start from: commented examples that run."""
    if file.suffix != ".py" or not file.stem.isidentifier():
        raise typer.BadParameter(
            f"must be a Python file such as my_lemmas.py; got {shown(str(file))}", param_hint="FILE.py"
        )
    refusing(lambda: require_writable(file), "FILE.py")
    if os.path.lexists(file):
        raise typer.BadParameter(f"{file} exists already; choose another name, or remove it", param_hint="FILE.py")
    write_whole(file, SKELETON.read_text(encoding="utf-8").replace("FILE.py", file.name))
    console = output()
    print_plain(console, f"written: {file}")
    print_plain(console, f"    scoregap audit {file}")
    print_plain(console, f"    pytest --scoregap {file}")


def replay(
    words: Annotated[
        list[str],
        typer.Argument(metavar="[FILE.py:NAME] TOKEN", help="a token that an audit printed, after its lemma if of one"),
    ],
) -> None:
    """Evaluate a witness again. Exit status: 0 when it violates its claim, 1 when it does not."""
    if len(words) > 2 or (len(words) == 2 and not is_place(words[0])):
        raise typer.BadParameter(f"give a token, or FILE.py:NAME and a token; got {shown(words)}", param_hint="TOKEN")
    lemma = refusing(lambda: lemma_at(words[0]), "FILE.py:NAME") if len(words) == 2 else None
    witness = refusing(lambda: engine.replay(words[-1], lemma), "TOKEN")
    console = output()
    for name, value in witness.instance.items():
        print_plain(console, f"{name:12} {value}")
    for name, text in (
        ("measured", witness.note),
        ("left", repr(witness.left)),
        ("right", repr(witness.right)),
        ("ratio", ratio_text(witness.ratio) if witness.ratio != witness.ratio else repr(witness.ratio)),
    ):
        print_plain(console, f"{name:12} {text}")
    violated = witness.ratio > 1
    undefined = witness.ratio != witness.ratio
    said = "nothing is decided here: the ratio is not a number" if undefined else "the claim holds here"
    print_plain(console, "the claim is violated here" if violated else said)
    raise typer.Exit(0 if violated else 1)
