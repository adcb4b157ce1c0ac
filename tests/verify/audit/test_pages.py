"""Results and reports as pages: HTML, Markdown, LaTeX that compiles, BibTeX, progress in a notebook."""

import re
import shutil
import subprocess
import sys
import xml.dom.minidom
from types import ModuleType, SimpleNamespace

import pytest
import sympy as sp

import verify
from verify.audit.notebook import NotebookProgress
from verify.audit.pages import STYLE
from verify.evidence.notebooks import in_notebook

IDS = ["HILBERT:mean", "L3:A", "L7:mode", "L2:up-to-constant"]
PREAMBLE = "\\documentclass{article}\\usepackage{amsmath,amssymb,longtable}\\begin{document}\n"


@pytest.fixture(scope="module")
def report():
    x = sp.Symbol("x", real=True)
    own = verify.lemma("False & 100 %: x ≤ x².", x, x**2, over={x: (0, 5)}, source="Erdős 1950, p. 3", id="OWN:false")
    return verify.audit([*IDS, own])


def parsed(html):
    return xml.dom.minidom.parseString(f"<div>{html}</div>")


def balanced(text):
    bare = re.sub(r"\\[{}\\]", "", text)
    depths = [0]
    for sign in re.findall(r"[{}]", bare):
        depths.append(depths[-1] + (1 if sign == "{" else -1))
    opened, closed = (re.findall(rf"\\{word}\{{(\w+)\}}", text) for word in ("begin", "end"))
    return min(depths) == depths[-1] == 0 and sorted(opened) == sorted(closed)


def test_a_result_is_shown_with_verdict_evidence_variants_and_witness(report):
    result = report["L3:A"]
    for shown in (result._repr_html_(), result._repr_markdown_()):
        text = shown.replace("\\_", "_")
        assert "REFUTED" in text
        assert result.replay_line in text
        assert all(mutant.name in text for mutant in result.mutants)
    assert len(parsed(result._repr_html_()).getElementsByTagName("table")) == 2
    assert result._repr_latex_().endswith(r"\text{REFUTED}$")


def test_a_lemmas_result_says_that_no_wrong_variant_was_tried(report):
    result = report["OWN:false"]
    assert "no wrong variant was tried" in result._repr_html_()
    assert r"\ensuremath{\le} x\ensuremath{{}^{2}}" in result.to_latex()
    assert r"False \& 100 \%" in result.to_latex()


def test_latex_is_ascii_and_balanced(report):
    for text in (report.to_latex(), *(result.to_latex() for result in report.results.values())):
        assert text.isascii()
        assert balanced(text)
        assert "$" not in text.replace(r"\$", "")
        assert text.count(r"\[") == text.count(r"\]")


@pytest.mark.skipif(not (shutil.which("pdflatex") or shutil.which("tectonic")), reason="needs pdflatex or tectonic")
def test_latex_compiles(report, tmp_path):
    body = "\n".join([report.to_latex(), *(result.to_latex() for result in report.results.values())])
    (tmp_path / "page.tex").write_text(PREAMBLE + body + "\n\\end{document}\n", encoding="ascii")
    command = ["pdflatex", "-halt-on-error"] if shutil.which("pdflatex") else ["tectonic"]
    done = subprocess.run(
        [*command, "page.tex"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_a_report_is_written_as_linked_pages(report, tmp_path):
    index = report.to_html(tmp_path / "made" / "here")
    text = index.read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', text)
    assert len(links) == len(report) == 5
    for link in links:
        page = (index.parent / link).read_text(encoding="utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert STYLE in page
        xml.dom.minidom.parseString(page.removeprefix("<!DOCTYPE html>").replace('<meta charset="utf-8">', ""))
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(
        ValueError, match=r"folder must be an existing directory, or one that can be made; got .*File exists"
    ):
        report.to_html(blocked)


def test_a_report_shows_its_counts_and_faults(report):
    assert r"\text{REFUTED}" in report._repr_latex_()
    assert "OWN:false: verdict REFUTED, expected SEARCHED" in report._repr_html_()
    assert "| HILBERT:mean |" in report._repr_markdown_()


def test_the_bibliography_names_what_was_audited(report):
    assert re.findall(r"@\w+\{(\w+),", report.bibtex()) == ["LLZB", "Erdos1950", "scoregap"]


def test_a_bound_is_shown():
    found = verify.bound("L4:sharp", {"distance_initial": 2, "tau": 10})
    assert "<math" in found._repr_html_()
    assert f"{float(found.total):.6g}" in found._repr_markdown_()
    assert balanced(found.to_latex())
    sweep = verify.bound("L4:sharp", {"distance_initial": 2}, "tau=1:100:log:3")
    assert [row[0] for row in sweep.table().rows] == ["1", "10", "100"]
    assert sweep._repr_latex_() == rf"$\displaystyle {sweep.claim.latex()}$"


# Notebooks -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def notebook(monkeypatch):
    """A stand-in for IPython in a kernel: the texts that it was told to show."""
    shown = []
    handle = SimpleNamespace(update=lambda item: shown.append(("update", item)))

    def display(item, *, display_id):
        assert display_id
        shown.append(("display", item))
        return handle

    module = ModuleType("IPython")
    module.get_ipython = lambda: SimpleNamespace(kernel=object())
    module.display = SimpleNamespace(HTML=str, display=display)
    monkeypatch.setitem(sys.modules, "IPython", module)
    return shown


def test_a_notebook_shows_one_bar_that_is_updated(notebook):
    assert in_notebook()
    verify.audit(["L7:mode", "L7:printed"])  # and L7:repaired, which the second one's proof uses
    assert [kind for kind, _ in notebook] == ["display", "update", "update"]
    assert '<progress value="3" max="3">' in notebook[-1][1]
    assert "PROVED" in notebook[-1][1]


def test_faults_stay_in_sight(notebook, report):
    progress = NotebookProgress()
    progress(report["OWN:false"], 1, 2)
    progress(report["L7:mode"], 2, 2)
    assert "not as expected: OWN:false" in notebook[-1][1]


def test_elsewhere_there_is_no_bar(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert not in_notebook()
    terminal = ModuleType("IPython")
    terminal.get_ipython = SimpleNamespace
    monkeypatch.setitem(sys.modules, "IPython", terminal)
    assert not in_notebook()
