"""Lemmas in files: imported once, called by their variables, and what is no file of lemmas is refused."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

import verify
from verify.evidence.verdict import Verdict
from verify.lemma.files import LemmaFileError, is_place, lemma_at, lemmas_in

HEAD = "import sympy as sp, verify\nx = sp.Symbol('x', real=True)\n"
TRUE = "true_one = verify.lemma('True.', x, x**2, over={x: (1, 5)}, wrong={'less': x**2 - 1})\n"
FALSE = "false_one = verify.lemma('False.', x, x**2, over={x: (0, 5)})\n"


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write a file of lemmas into the current directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", ["", *__import__("sys").path])

    def write(text, name="lemmas_here.py"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write


def test_lemmas_are_called_by_their_variables_in_their_order(written):
    name = written(HEAD + TRUE + "again = true_one\n_hidden = verify.lemma('H.', x, x**2, over={x: (1, 2)})\n" + FALSE)
    found = lemmas_in(name)
    assert list(found) == ["true_one", "false_one"]
    assert [lemma.claim.id for lemma in found.values()] == ["MY:true-one", "MY:false-one"]
    assert found["true_one"].place == f"{name}:true_one"
    assert lemma_at(f"{name}:again").claim.id == "MY:true-one"


def test_an_id_that_was_given_is_kept(written):
    name = written(HEAD + "a = verify.lemma('A.', x, x**2, over={x: (1, 5)}, id='OWN:id')\n")
    assert lemma_at(name).claim.id == "OWN:id"


def test_a_refutation_names_the_command_that_replays_it(written):
    lemma = lemma_at(written(HEAD + FALSE))
    result = lemma.check()
    assert result.replay_line == f"scoregap replay lemmas_here.py:false_one {result.token}"
    assert lemma.replay(result.token).ratio == result.smallest.ratio


def test_a_token_from_before_the_file_gave_the_lemma_its_name_replays_too(written):
    x = __import__("sympy").Symbol("x", real=True)
    result = verify.lemma("False.", x, x**2, over={x: (0, 5)}).check()
    assert lemma_at(written(HEAD + FALSE)).replay(result.token).ratio > 1


def test_workers_import_the_file_so_that_its_lambdas_work(written):
    name = written(
        HEAD + "D = sp.Symbol('D')\n"
        "by_lambda = verify.lemma('L.', D, 2*x, over={x: (1, 5)}, measure={D: lambda x: x}, wrong={'h': x/2})\n" + TRUE
    )
    lemmas = list(lemmas_in(name).values())
    assert pickle.loads(pickle.dumps(lemmas[0])).claim == lemmas[0].claim
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        report = verify.audit(lemmas, executor=pool)
    assert {result.verdict for result in report.results.values()} == {Verdict.SEARCHED, Verdict.CERTIFIED}
    assert report.ok


def test_a_changed_file_is_read_again(written):
    name = written(HEAD + TRUE)
    assert list(lemmas_in(name)) == ["true_one"]
    written(HEAD + TRUE + FALSE)
    path = __import__("pathlib").Path(name)
    __import__("os").utime(path, ns=(0, 1))
    assert list(lemmas_in(name)) == ["true_one", "false_one"]


def test_a_file_may_import_what_lies_beside_it(written):
    written("BOUND = 5\n", "beside_the_lemmas.py")
    name = written("from beside_the_lemmas import BOUND\n" + HEAD + TRUE.replace("5", "BOUND"))
    assert list(lemmas_in(name)) == ["true_one"]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (None, "missing.py", r"missing\.py does not exist; make it with: scoregap new missing\.py"),
        ("", "lemmas.txt", r"lemmas\.txt must be a Python file"),
        ("x = 1\n", "lemmas_here.py", r"lemmas_here\.py holds no lemma; give what verify\.lemma"),
        ("x = (\n", "lemmas_here.py", r"lemmas_here\.py, line 1: SyntaxError"),
        ("x = 1\nraise KeyError('k')\n", "lemmas_here.py", r"lemmas_here\.py, line 2: KeyError: 'k'"),
        ("import sys\nsys.exit(3)\n", "lemmas_here.py", r"lemmas_here\.py, line 2: SystemExit: 3"),
        (HEAD + TRUE.replace("(1, 5)", "(5, 1)"), "lemmas_here.py", r"line 3: ValueError: over\[x\].*empty range"),
        (HEAD + TRUE + FALSE, "lemmas_here.py", r"holds 2 lemmas; name one of them: lemmas_here\.py:true_one"),
        (HEAD + TRUE, "lemmas_here.py:truth_one", r"no lemma called 'truth_one'; did you mean true_one\?"),
        (
            HEAD + TRUE,
            "lemmas_here.py:x",
            r"lemmas_here\.py:x is no lemma but x \(Symbol\); make it with verify\.lemma",
        ),
        (
            HEAD + TRUE + TRUE.replace("true_one", "true__one"),
            "lemmas_here.py",
            r"true_one and true__one have the same id MY:true-one; give one of them another id=",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_remedy(text, place, words, written):
    if text is not None:
        written(text, place.partition(":")[0])
    with pytest.raises(LemmaFileError, match=words):
        lemma_at(place)


def test_places_are_told_from_ids():
    assert [is_place(text) for text in ("a.py", "a/b.py:name", "L1:printed", "EQ-3/4")] == [True, True, False, False]
    with pytest.raises(TypeError, match="path must be the name of a Python file; got 3"):
        lemmas_in(3)
