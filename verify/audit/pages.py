"""What was found out as a page: a statement, facts and tables, in HTML, Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from theory.display import Statement
from theory.markup import Table, html_text, latex_text, markdown_text

STYLE = (
    "body{font-family:system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}th,td{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;"
    "vertical-align:top}math{font-size:1.2rem}"
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A table under its name; ``columns`` are those of LaTeX's ``tabular`` (or ``longtable``)."""

    name: str
    table: Table
    columns: str
    environment: str = "tabular"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A statement (None for a report of many), named facts, and tables."""

    statement: Statement | None
    facts: Sequence[tuple[str, str]]
    parts: Sequence[Part]

    def html(self) -> str:
        """An HTML fragment."""
        facts = "".join(f"<li><b>{html_text(name)}</b> {html_text(text)}</li>" for name, text in self.facts)
        tables = "".join(f"<p>{html_text(part.name)}</p>{part.table.html()}" for part in self._tables())
        return f"{self.statement.html() if self.statement else ''}<ul>{facts}</ul>{tables}"

    def markdown(self) -> str:
        """Markdown."""
        blocks = [self.statement.markdown()] if self.statement else []
        blocks.append("".join(f"- **{markdown_text(name)}** {markdown_text(text)}\n" for name, text in self.facts))
        blocks += [f"{markdown_text(part.name)}\n\n{part.table.markdown()}" for part in self._tables()]
        return "\n".join(blocks)

    def latex(self) -> str:
        r"""A fragment of a LaTeX document in ASCII, for pdflatex and its kin; it needs ``amsmath`` and ``amssymb``."""
        blocks = [statement_latex(self.statement)] if self.statement else []
        if self.facts:
            items = "\n".join(rf"\item {latex_text(name)}: {_breakable(text)}" for name, text in self.facts)
            blocks.append(f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}\n")
        blocks += [
            f"\\medskip\\noindent {latex_text(part.name)}\n\n\\medskip\\noindent\n"
            f"{part.table.latex(part.columns, part.environment)}"
            for part in self._tables()
        ]
        return "\n".join(blocks)

    def _tables(self) -> list[Part]:
        return [part for part in self.parts if part.table.rows]


def statement_latex(statement: Statement) -> str:
    r"""A statement for a LaTeX document: its id and sentence, the formula displayed, its conditions."""
    notes = "\n\n\\noindent ".join(latex_text(note) for note in statement.notes)
    return (
        f"\\paragraph{{{latex_text(statement.id)}}} {latex_text(statement.sentence)}\n"
        f"\\[\n{statement.formula.latex()}\n\\]\n\\noindent {notes}\n"
    )


def _breakable(text: str) -> str:
    """Text in which long words, such as tokens, may be broken anywhere."""
    return " ".join(
        r"\allowbreak ".join(latex_text(word[k : k + 40]) for k in range(0, len(word), 40)) for word in text.split()
    )


def document(title: str, body: str) -> str:
    """A whole HTML page."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html_text(title)}</title>'
        f"<style>{STYLE}</style></head>\n<body><h1>{html_text(title)}</h1>\n{body}\n</body></html>\n"
    )
