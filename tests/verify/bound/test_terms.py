"""`verify.bound` and ``scoregap bound``: terms, totals and best training times, against the claims and by hand."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from typer.testing import CliRunner

import verify
import verify.cli.main
from theory import claims
from theory.statement import Inequality
from theory.symbols import info
from verify.bound.terms import MissingSymbolsError, number
from verify.cli.bound import draw

RTOL = 64 * np.finfo(float).eps
WEIGHTS = {"a4": 2, "a3": "1/3", "a1": 5}
SIZES = {"n": "1e3", "m": "2**9"}
INEQUALITIES = [claim_id for claim_id, claim in claims.items() if isinstance(claim.relation, Inequality)]


def inside(name):
    """A number in the domain of a symbol."""
    entry = info(name)
    if entry.integer:
        return 7
    low, high = float(entry.lower), float(entry.upper)
    return low + 0.45 * (high - low) if math.isfinite(low + high) else (low + 0.7 if math.isfinite(low) else 0.7)


# Values --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim_id", INEQUALITIES)
def test_every_inequality_is_evaluated_term_by_term(claim_id):
    claim = claims[claim_id]
    values = {str(symbol): inside(str(symbol)) for symbol in claim.right().free_symbols}
    found = verify.bound(claim_id, values)
    expected = claim.evaluate(**values)
    assert list(found.terms) == list(claim.relation.rhs)
    assert float(found.total) == pytest.approx(sum(map(float, found.terms.values())), rel=RTOL)
    assert all(float(found.terms[name]) == float(expected.terms[name]) for name in found.terms)
    assert str(found.dominant) == max(found.terms, key=lambda name: abs(found.terms[name]))
    assert (found.best_tau is None) == ("tau" not in values)
    assert found.values == pytest.approx(values)
    with pytest.raises(ValueError, match="read-only"):
        found.total[...] = 0


def test_the_best_training_time_is_that_of_an_optimiser_of_its_own():
    found = verify.bound("EARLY-STOP:lower", {**WEIGHTS, **SIZES, "tau": 30})

    def total(s):
        time = math.exp(s)
        return 2 * time**4 / (1000 * 512) + time**3 / 3 / 512**2 + 5 / time

    best = minimize_scalar(total, bounds=(-5, 10), method="bounded", options={"xatol": 1e-10})
    assert float(found.best_total) == pytest.approx(best.fun, rel=1e-12)
    assert float(found.best_tau) == pytest.approx(math.exp(best.x), rel=1e-6)  # the minimum is flat
    assert str(found.trend) == "interior"
    assert float(found.left) <= float(found.best_total) <= float(found.total)


@pytest.mark.parametrize(
    ("claim_id", "values", "trend"),
    [
        ("L4:sharp", {"distance_initial": 2, "tau": 3}, "falls"),
        ("L5:repaired-scaled", {"norm_initial": 1, "loss_initial": 1, "tau": 3}, "rises"),
        ("L5:comparator-sharp", {"distance_initial": 1, "loss_comparator": 0, "tau": 3}, "falls"),
    ],
)
def test_a_bound_that_moves_one_way_has_no_best_time(claim_id, values, trend):
    found = verify.bound(claim_id, values)
    assert str(found.trend) == trend
    assert np.isnan(found.best_tau)


def test_a_range_gives_arrays_and_the_best_time_of_each_row():
    found = verify.bound("EARLY-STOP:repaired", {"a1": 1, "b1": 4, "tau": 5}, over="n=1:1e6:log:7")
    sizes = 10.0 ** np.arange(7)
    assert found.over[0] == "n"
    assert found.over[1] == pytest.approx(sizes)
    assert found.terms["training"] == pytest.approx(np.full(7, 0.2))
    assert found.terms["sampling"] == pytest.approx(20 / sizes)
    assert found.best_tau == pytest.approx(np.sqrt(sizes) / 2, rel=1e-6)
    assert found.best_total == pytest.approx(4 / np.sqrt(sizes))
    assert list(found.dominant[[0, 1, 3, 4, 5, 6]]) == ["sampling"] * 2 + ["training"] * 4  # equal at n = 100
    times = verify.bound("EARLY-STOP:repaired", {"a1": 1, "b1": 4, "n": 100}, over={"tau": [1, 5, 25]})
    assert times.total == pytest.approx([1.04, 0.4, 1.04])
    assert float(times.best_tau) == pytest.approx(5, rel=1e-6)


def test_a_constant_may_be_overridden():
    given = {"n": 10, "m": 10}
    assert float(verify.bound("EARLY-STOP:printed", {**given, "K": 5}).total) == pytest.approx(
        2.5 * float(verify.bound("EARLY-STOP:printed", given).total)
    )


def test_a_count_runs_over_integers():
    found = verify.bound("EARLY-STOP:printed", {"m": 5}, over="n=1:100:log:30")
    assert (found.over[1] == np.round(found.over[1])).all()
    assert len(set(found.over[1])) == len(found.over[1]) < 30
    assert verify.bound("EARLY-STOP:printed", {"m": 5}, over="n=1:11:lin:11").over[1].tolist() == list(range(1, 12))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1000", 1000),
        ("1e3", 1000),
        ("1/3", Fraction(1, 3)),
        ("2**10", 1024),
        ("10**-3", Fraction(1, 1000)),
        ("-0.5", Fraction(-1, 2)),
        (" .25 ", Fraction(1, 4)),
        ("1.e-2", Fraction(1, 100)),
        ("-7/4", Fraction(-7, 4)),
    ],
)
def test_numbers_are_read_exactly(text, value):
    assert number("n", text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1/0",
        "0**-1",
        "nan",
        "inf",
        "1e999",
        "2**9999",
        "9" * 401,
        "1_000",
        "1,5",
        "2**0.5",
        "__import__('os')",
        "1+1",
        "1//2",
        "10**999",
        "0x10",
    ],
)
def test_what_is_no_number_is_refused_quickly(text):
    with pytest.raises(ValueError, match=r"value of n must be a number such as 1000, 1e3, 1/3 or 2\*\*10"):
        number("value of n", text)


def test_missing_symbols_are_listed_with_meaning_and_domain():
    with pytest.raises(MissingSymbolsError) as caught:
        verify.bound("EARLY-STOP:repaired", {"n": 3})
    assert [str(entry.symbol) for entry in caught.value.missing] == ["a1", "b1", "tau"]
    assert "tau: training time of the gradient flow, in (0, oo)" in str(caught.value)
    with pytest.raises(MissingSymbolsError, match="d: dimension"):
        verify.bound("L1:repaired", {})


@pytest.mark.parametrize(
    ("claim_id", "values", "over", "words"),
    [
        ("EARLY-STOP:repaired", {"taus": 1}, None, "has no symbol 'taus'; did you mean tau"),
        ("EARLY-STOP:repaired", {"zzz": 1}, None, "it takes a1, b1, n, tau, C"),
        ("EARLY-STOP:repaired", {"N": 1}, None, "did you mean n"),
        ("EARLY-STOP:repaired", {"a1": 1, "b1": 1, "tau": 1, "n": 1.5}, None, "integers >= 1"),
        ("EARLY-STOP:repaired", {"a1": 1, "b1": 1, "n": 1, "tau": -1}, None, r"tau .* must lie in \(0, oo\)"),
        ("EARLY-STOP:repaired", {"a1": [1, 2]}, None, "give a range with over"),
        ("EARLY-STOP:repaired", {"tau": 1}, "tau=1:2:log", "tau has a value already"),
        ("EARLY-STOP:repaired", {}, "taux=1:2:log", "did you mean tau"),
        ("EARLY-STOP:repaired", {}, "tau=1:2", "must look like tau=1:1e4:log"),
        ("EARLY-STOP:repaired", {}, "tau=2:1:log", "must rise"),
        ("EARLY-STOP:repaired", {}, "tau=0:1:log", "start above 0"),
        ("EARLY-STOP:repaired", {}, "tau=1:2:log:1", "count must be an integer from 2"),
        ("EARLY-STOP:repaired", {}, "tau=1:x:log", "end of the range of tau must be a number"),
        ("EARLY-STOP:repaired", {}, {"tau": [1], "n": [1]}, "name one symbol"),
        ("EARLY-STOP:repaired", {}, {"tau": []}, "non-empty list"),
        ("L3:scaled", {}, None, "is an identity"),
    ],
)
def test_bad_values_are_refused_with_a_remedy(claim_id, values, over, words):
    with pytest.raises(ValueError, match=words):
        verify.bound(claim_id, values, over)


def test_an_unknown_claim_is_refused_with_the_nearest_ones():
    with pytest.raises(KeyError, match="EARLY-STOP:lower"):
        verify.bound("EARLY-STOP:lowr", {})


# The command ---------------------------------------------------------------------------------------------------------

RUNNER = CliRunner()
LOWER = [
    "bound",
    "EARLY-STOP:lower",
    *(part for name, value in {**WEIGHTS, **SIZES}.items() for part in ("--set", f"{name}={value}")),
]


def run(*arguments):
    result = RUNNER.invoke(verify.cli.main.app, list(map(str, arguments)))
    return result, re.sub(r"[│\s]+", " ", result.output)


def test_the_command_prints_terms_total_best_time_and_what_dominates():
    result, _ = run(*LOWER, "--set", "tau=30")
    assert result.exit_code == 0
    lines = {line.split()[0]: line for line in result.output.splitlines() if line.split()}
    found = verify.bound("EARLY-STOP:lower", {**WEIGHTS, **SIZES, "tau": 30})
    assert "dominates" in lines["sampling"]
    for name, value in found.terms.items():
        assert float(lines[name].split()[1]) == pytest.approx(float(value), rel=1e-5)
    assert float(lines["total"].split()[1]) == pytest.approx(float(found.total), rel=1e-5)
    assert float(lines["optimal"].split()[2]) == pytest.approx(float(found.best_tau), rel=1e-5)


def test_a_symbol_that_does_not_enter_a_bound_is_named_and_left_out():
    plain, _ = run("bound", "L4:sharp", "--set", "tau=3", "--set", "distance_initial=2")
    wide, _ = run("bound", "L4:sharp", "--set", "tau=3", "--set", "distance_initial=2", "--set", "m=512")
    line = f"m ({info('m').meaning}) does not enter this bound\n"
    assert wide.exit_code == 0
    assert line in wide.output
    assert wide.output.replace(line, "") == plain.output


def test_the_command_lists_missing_symbols_and_exits_with_2():
    result, text = run("bound", "EARLY-STOP:repaired", "--set", "n=10")
    assert result.exit_code == 2
    assert "tau training time of the gradient flow, in (0, oo)" in text
    assert "n number of samples" not in text


def test_the_command_says_which_hypothesis_does_not_hold_and_which_constant_is_not_printed():
    _, text = run("bound", "EARLY-STOP:printed-wide", "--set", "n=100", "--set", "m=10")
    assert "the hypothesis wide does not hold here: m >= n" in text
    assert "K = 2 is not given in print" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("bound", "EARLY-STOP:lowr"), "EARLY-STOP:lower"),
        (("bound", "L3:scaled"), "identity"),
        (("bound", "L4:sharp", "--set", "tau"), "NAME=VALUE"),
        (("bound", "L4:sharp", "--set", "tau=x"), "2**10"),
        (("bound", "L4:sharp", "--set", "tau=1", "--set", "tau=2"), "given twice"),
        (("bound", "L4:sharp", "--set", "tua=1"), "did you mean tau"),
        (("bound", "L4:sharp", "--set", "distance_initial=1", "--over", "tau=1:2"), "must look like"),
        ((*LOWER, "--set", "tau=1", "--plot", "x.png"), "give --over"),
        ((*LOWER, "--over", "tau=1:9:log", "--plot", "x.doc"), "must end in .png"),
        ((*LOWER, "--over", "tau=1:9:log", "--plot", "no/such/place.png"), "existing directory"),
    ],
)
def test_bad_usage_exits_with_2_and_says_what_is_wrong(arguments, words):
    result, text = run(*arguments)
    assert result.exit_code == 2
    assert words in text
    assert "Traceback" not in text


def test_a_range_is_a_table_and_a_figure(tmp_path):
    path = tmp_path / "bound.png"
    result, text = run(*LOWER, "--over", "tau=1:1e4:log:5", "--plot", path)
    assert result.exit_code == 0
    rows = [line for line in result.output.splitlines() if line.startswith("│")]
    assert [float(row.split("│")[1]) for row in rows] == [1, 10, 100, 1000, 10000]
    assert "optimal tau" in text
    assert path.read_bytes().startswith(b"\x89PNG")
    assert str(path) in result.output.replace("\n", "")


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_figure_is_the_same_bytes_each_time(tmp_path, ending):
    found = verify.bound("EARLY-STOP:lower", {**WEIGHTS, **SIZES}, over="tau=1:100:log")
    first, second = (draw(found, tmp_path / f"{name}{ending}", logarithmic=True).read_bytes() for name in "ab")
    assert first == second
    if ending == ".svg":
        assert b"<dc:date>" not in first
    with pytest.raises(ValueError, match="over a range"):
        draw(verify.bound("EARLY-STOP:printed", {"n": 2, "m": 2}), tmp_path / f"c{ending}", logarithmic=False)


def test_another_parameter_than_time_has_a_column_for_the_best_time(tmp_path):
    result, _ = run(
        "bound",
        "EARLY-STOP:repaired",
        "--set",
        "a1=1",
        "--set",
        "b1=1",
        "--set",
        "tau=5",
        "--over",
        "n=1:100:lin:3",
        "--plot",
        tmp_path / "n.svg",
    )
    assert result.exit_code == 0
    assert "optimal tau" in result.output
