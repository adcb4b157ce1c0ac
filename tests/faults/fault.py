"""A fault: a few places of the source where other text is put."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Edit:
    """``new`` in place of ``old``, which stands in the file ``path`` from byte ``start`` on."""

    path: str
    start: int
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault: its kind, where it is, what it does in words, and the claims that are audited first."""

    kind: str
    where: str
    what: str
    edits: tuple[Edit, ...]
    claims: tuple[str, ...] = ()
    function: str = ""
    """The function of a formula, as `survey` names it; empty for what is read when a module is loaded."""
    copy: int = 0
    """Which one it is of several that read alike."""

    @property
    def id(self) -> str:
        """A name that stays as long as the changed text does, on whatever line it stands."""
        parts = [part for edit in self.edits for part in (edit.path, edit.old, edit.new)]
        text = "\0".join((self.kind, self.what, *self.claims, *parts, str(self.copy)))
        return hashlib.sha256(text.encode()).hexdigest()[:10]

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that are changed."""
        return tuple(dict.fromkeys(module_of(edit.path) for edit in self.edits))

    def sources(self) -> Mapping[str, str]:
        """The changed files by path; ValueError where the text is not what it was when the fault was made."""
        changed: dict[str, bytes] = {}
        for edit in sorted(self.edits, key=lambda item: -item.start):
            text = changed.get(edit.path) or (ROOT / edit.path).read_bytes()
            end = edit.start + len(edit.old.encode())
            if text[edit.start : end] != edit.old.encode():
                raise ValueError(f"{edit.path} has changed at byte {edit.start}: make the faults again")
            changed[edit.path] = text[: edit.start] + edit.new.encode() + text[end:]
        return {path: text.decode() for path, text in changed.items()}

    def parses(self) -> bool:
        """Whether the changed files are Python."""
        try:
            for text in self.sources().values():
                ast.parse(text)
        except SyntaxError:
            return False
        return True


def module_of(path: str) -> str:
    """``verify/plans/__init__.py`` is verify.plans."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class Source:
    """A file of the packages: its text, its tree, and what stands where."""

    def __init__(self, path: str) -> None:
        self.path, self.bytes = path, (ROOT / path).read_bytes()
        self.tree = ast.parse(self.bytes)
        self._lines = [0]
        for line in self.bytes.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        for parent in ast.walk(self.tree):
            for child in ast.iter_child_nodes(parent):
                child.parent = parent  # type: ignore[attr-defined]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """The bytes of a node."""
        return self._lines[node.lineno - 1] + node.col_offset, self._lines[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.bytes[start:end].decode()

    def edit(self, node: ast.AST, new: str) -> Edit:
        """Other text for a node."""
        return Edit(path=self.path, start=self.span(node)[0], old=self.text(node), new=new)

    def without(self, whole: ast.Tuple, k: int) -> Edit:
        """A written tuple without one of its items: still a tuple."""
        rest = [self.text(item) for j, item in enumerate(whole.elts) if j != k]
        return self.edit(whole, f"({', '.join(rest)}{',' * (len(rest) == 1)})")

    def removal(self, items: list[ast.expr], k: int) -> Edit:
        """One item of a written list taken out, with a comma."""
        start, end = self.span(items[k])
        if k + 1 < len(items):
            end = self.span(items[k + 1])[0]
        elif k:
            start = self.span(items[k - 1])[1]
        elif self.bytes[end : end + 1] == b",":
            end += 1
        return Edit(path=self.path, start=start, old=self.bytes[start:end].decode(), new="")

    def place(self, node: ast.AST) -> str:
        """File, line and the function that a node stands in."""
        names = [item.name for item in self.around(node) if isinstance(item, ast.FunctionDef | ast.ClassDef)]
        return f"{self.path}:{node.lineno}" + (f" ({'.'.join(reversed(names))})" if names else "")

    def function_at(self, start: int) -> str:
        """The outermost function of a formula at a byte, with the class that it is a method of."""
        if not self.path.startswith(("numerics/", "theory/")):
            return ""
        return next((name for first, last, name in self._functions if first <= start < last), "")

    @cached_property
    def _functions(self) -> list[tuple[int, int, str]]:
        """The functions' first and last bytes and names, the outermost first."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                outer = [item.name for item in self.around(node) if isinstance(item, ast.ClassDef)]
                found.append((*self.span(node), f"{self.path}:{'.'.join([*reversed(outer), node.name])}"))
        return found

    def around(self, node: ast.AST) -> list[ast.AST]:
        """The nodes around a node, from within."""
        found = []
        while (node := getattr(node, "parent", None)) is not None:
            found.append(node)
        return found
