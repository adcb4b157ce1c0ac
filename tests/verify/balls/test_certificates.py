"""Certificates: the ledger's inequalities are certified, false ones refuted, and every certificate can be rechecked."""

import dataclasses
import itertools
import json
from collections import Counter
from fractions import Fraction

import pytest
import sympy as sp
from sympy import Rational, erfc, exp, oo, sqrt, tanh

from verify.balls.certificates import Box, Certificate, certify_at_least, certify_nonnegative
from verify.balls.enclosures import compiled

U = sp.Symbol("u", nonnegative=True)
Y = sp.Symbol("y", real=True)
KAPPA = Rational(81452875518, 10**11)  # above max (1−e^{−2u})²/u = 0.814528755178149…
LAMBERT = sp.LambertW(-exp(-Rational(1, 2)) / 2, -1)
MAXIMISER = -(1 + 2 * LAMBERT) / 4
SHARP = (1 - exp(-2 * MAXIMISER)) ** 2 / MAXIMISER
QUADRATIC = (1 + U) * Y**2 - 2 * Y + 1 - U * exp(-U)

GOALS = {
    "gaussian tail": (exp(-(U**2) / 2) - erfc(U / sqrt(2)), (0, oo), 0),
    "exponential above its tangent": (exp(4 * U) - 1 - 4 * U, (0, 50), 0),
    "exponential above its tangent, half-line": (exp(U) - 1 - U, (0, oo), 0),
    "u exp(-u) at most 1/e": (1 / sp.E - U * exp(-U), (0, oo), 1),
    "kappa": (KAPPA * U - (1 - exp(-2 * U)) ** 2, (0, oo), 0),
    "tanh": (U - tanh(U), (0, oo), 0),
    "tangent ratio, denominators cleared": (1 - exp(-U) - U * exp(-U), (0, oo), 0),
    "logarithm below its tangent": (U - sp.log(1 + U), (0, oo), 0),
    "cosine": (sp.cos(U) - 1 + U**2 / 2, (0, 3), 0),
}


def certify(name):
    expr, side, at = GOALS[name]
    return certify_nonnegative(expr, Box({U: side}), touching=[{U: at}])


@pytest.fixture(scope="module")
def certificates():
    return {name: certify(name) for name in GOALS}


@pytest.mark.parametrize("name", GOALS)
def test_the_goals_of_the_ledger_are_certified(certificates, name):
    certificate = certificates[name]
    assert certificate.certified, certificate.reason
    assert certificate.cells <= 60
    assert certificate.verify()


@pytest.mark.parametrize("name", GOALS)
def test_a_certificate_survives_json(certificates, name):
    text = json.dumps(certificates[name].to_dict(), allow_nan=False)
    back = Certificate.from_dict(json.loads(text))
    assert back == certificates[name]
    assert back.verify()


def leaves(certificate):
    """The cells of a certificate's tree with their arguments, read independently of the module."""
    entries = iter(certificate.tree)
    ends = [tuple(None if end is oo else Fraction(str(end)) for end in side) for side in certificate.box.sides.values()]

    def walk(cell):
        entry = next(entries)
        if not entry.startswith("split"):
            return [(cell, entry)]
        i, at = int(entry.split()[1]), Fraction(entry.split()[2])
        left = [*cell[:i], (cell[i][0], at), *cell[i + 1 :]]
        right = [*cell[:i], (at, cell[i][1]), *cell[i + 1 :]]
        return walk(left) + walk(right)

    return walk(ends)


def test_the_cells_tile_the_box(certificates):
    cells = [cell[0] for cell, _ in leaves(certificates["kappa"])]
    assert cells[0][0] == 0
    assert cells[-1][1] is None
    assert all(left[1] == right[0] for left, right in itertools.pairwise(cells))
    plane = certify_nonnegative(QUADRATIC, Box({U: ("1/8", 20), Y: (-5, 5)}))
    found = leaves(plane)
    area = sum((u[1] - u[0]) * (y[1] - y[0]) for (u, y), _ in found)
    assert area == (20 - Fraction(1, 8)) * 10
    assert Counter(name.split()[0] for _, name in found) == plane.methods


@pytest.mark.parametrize(
    "change",
    [
        {"tree": ("natural",)},
        {"tree": ()},
        {"cells": 3},
        {"methods": {"natural": 50}},
        {"expr": GOALS["kappa"][0] - Rational(1, 10**6) * U},
        {"box": Box({U: (0, 50)})},
        {"outcome": "violated"},
        {"outcome": "undecided"},
        {"precision": 24},
        {"touching": ()},
        {"strict": True},
    ],
)
def test_a_tampered_certificate_does_not_verify(certificates, change):
    tampered = dataclasses.replace(certificates["kappa"], **change)
    if change == {"box": Box({U: (0, 50)})}:  # a smaller box is tiled by the same splits, cut off: still true
        assert tampered.verify()
    else:
        assert not tampered.verify()


@pytest.mark.parametrize(
    "entry",
    [
        "split 0 0",
        "split 0 -1",
        "split 1 1",
        "split -1 1",
        "split 0 1/0",
        "split",
        "believe me",
        "touching -1",
        "touching 7",
        "natural",
    ],
)
def test_a_tampered_tree_does_not_verify(certificates, entry):
    tree = certificates["kappa"].tree
    for i in (0, tree.index("monotone")):
        assert not dataclasses.replace(certificates["kappa"], tree=(*tree[:i], entry, *tree[i + 1 :])).verify()
    assert not dataclasses.replace(certificates["kappa"], tree=(*tree, entry)).verify()


def test_a_touching_point_must_be_an_exact_zero_also_when_rechecked(certificates):
    with pytest.raises(ValueError, match="vanish exactly"):
        certify_nonnegative(exp(U) - 1, Box({U: (0, 1)}), touching=[{U: "1/2"}])
    wrong = dataclasses.replace(certificates["kappa"], touching=({U: Rational(1, 2)},))
    with pytest.raises(ValueError, match="vanish exactly"):
        wrong.verify()


@pytest.mark.parametrize(
    ("expr", "box", "touching"),
    [
        ((KAPPA - Rational(1, 10**10)) * U - (1 - exp(-2 * U)) ** 2, {U: (0, oo)}, {U: 0}),
        (exp(Rational(39, 10) * U) - 1 - 4 * U, {U: (0, 50)}, {U: 0}),
        (Rational(36787944, 10**8) - U * exp(-U), {U: (0, oo)}, None),
        (Rational(99, 100) * exp(-(U**2) / 2) - erfc(U / sqrt(2)), {U: (0, oo)}, None),
        (tanh(U) - U, {U: (0, oo)}, {U: 0}),
        (QUADRATIC - Rational(1, 100), {U: (0, 20), Y: (-5, 5)}, None),
        (Rational(10**6) - U, {U: (0, oo)}, None),
    ],
)
def test_a_false_inequality_is_refuted_with_a_rational_witness(expr, box, touching):
    result = certify_nonnegative(expr, Box(box), touching=[] if touching is None else [touching])
    assert result.outcome == "violated"
    assert expr.subs(dict(result.witness)).evalf(40) < 0
    assert result.verify()
    assert Certificate.from_dict(json.loads(json.dumps(result.to_dict()))) == result
    outside = {symbol: -value - 100 for symbol, value in result.witness.items()}
    assert not dataclasses.replace(result, witness=outside).verify()
    assert not dataclasses.replace(result, witness=None).verify()


def test_degenerate_equality_in_two_variables_is_undecided_and_says_where():
    tight = certify_nonnegative(QUADRATIC, Box({U: (0, 20), Y: (-5, 5)}), touching=[{U: 0, Y: 1}], max_cells=300)
    assert tight.outcome == "undecided"
    assert "max_cells" in tight.reason
    (left, right), (low, high) = tight.failing.sides[U], tight.failing.sides[Y]
    assert left < right < Rational(1, 2)
    assert Rational(1, 2) < low < high < Rational(3, 2)
    assert not tight.verify()


def test_away_from_its_equality_it_is_certified_and_eliminating_y_closes_the_gap():
    assert certify_nonnegative(QUADRATIC, Box({U: ("1/8", 20), Y: (-5, 5)})).verify()
    poly = sp.Poly(QUADRATIC, Y)
    a, b, c = poly.all_coeffs()
    discriminant = sp.expand(a * c - b**2 / 4)  # >= 0 with a > 0 gives the inequality for every y
    assert sp.simplify(discriminant - U * (1 - (1 + U) * exp(-U))) == 0
    assert certify("tangent ratio, denominators cleared").certified


def test_a_nondegenerate_equality_in_two_variables_is_certified():
    expr = exp(U - 1) - U + Y**2 * (2 + sp.sin(Y)) + (U - 1) * Y / 2
    result = certify_nonnegative(expr, Box({U: (0, 3), Y: (-2, 2)}), touching=[{U: 1, Y: 0}])
    assert result.certified
    assert result.methods["touching"] >= 1
    assert result.verify()


def test_equality_on_a_face_is_certified():
    expr = (exp(U) - 1 - U) * (1 + Y**2) + U**2 * sp.sin(Y) / 4
    result = certify_nonnegative(expr, Box({U: (0, 4), Y: (-3, 3)}), touching=[{U: 0}])
    assert result.certified
    assert result.verify()


def test_an_interior_equality_of_odd_order_is_not_certified():
    x = sp.Symbol("x", real=True)
    assert certify_nonnegative(x**3, Box({x: (-1, 2)}), touching=[{x: 0}]).outcome == "violated"
    assert certify_nonnegative((x - THIRD) ** 4, Box({x: (-1, 2)}), touching=[{x: THIRD}]).verify()
    assert certify_nonnegative(-((x - 1) ** 3), Box({x: (-1, 1)}), touching=[{x: 1}]).verify()


THIRD = Rational(1, 3)


def test_equality_that_is_not_named_is_undecided():
    square = U**2 - 2 * U * THIRD + THIRD**2
    open_ = certify_nonnegative(square, Box({U: (0, 1)}))
    assert open_.outcome == "undecided"
    assert "touching" in open_.reason
    assert open_.failing.sides[U][0] <= THIRD <= open_.failing.sides[U][1]
    assert certify_nonnegative(square, Box({U: (0, 1)}), touching=[{U: THIRD}]).certified


def test_strictness():
    assert certify_nonnegative(exp(U) - U, Box({U: (0, 5)}), strict=True).verify()
    assert certify_nonnegative(exp(-U), Box({U: (0, 9)}), strict=True).verify()
    assert certify_nonnegative(U, Box({U: (0, 1)}), strict=True).outcome == "violated"
    with pytest.raises(ValueError, match="strict"):
        certify_nonnegative(U, Box({U: (0, 1)}), strict=True, touching=[{U: 0}])


@pytest.mark.parametrize(
    ("expr", "side", "match"),
    [
        (U / (exp(U) - 1), (0, 1), "singular at u=0"),
        (U * sp.log(U) + 1, (0, 1), "singular at u=0"),
        (sp.Float("0.5") * U, (0, 1), "Float"),
        (sp.zeta(2 + U), (0, 1), "zeta"),
        (U + Y, (0, 1), "no interval was given for y"),
    ],
)
def test_what_cannot_be_certified_is_refused_with_a_remedy(expr, side, match):
    with pytest.raises(ValueError, match=match):
        certify_nonnegative(expr, Box({U: side}))


def test_a_singularity_inside_or_a_resisting_half_line_ends_undecided():
    inside = certify_nonnegative(1 / (U - THIRD) ** 2, Box({U: (0, 1)}))
    assert inside.outcome == "undecided"
    assert "may be undefined" in inside.reason
    tail = certify_nonnegative(U * (1 - (1 + U) * exp(-U)), Box({U: (0, oo)}), touching=[{U: 0}])
    assert tail.outcome == "undecided"
    assert "half-line" in tail.reason
    assert tail.failing.sides[U][1] is oo


def test_nondifferentiable_expressions_are_certified_by_their_range():
    x = sp.Symbol("x", real=True)
    assert certify_nonnegative(sp.Max(x, 1 - x) - Rational(49, 100), Box({x: (-3, 3)})).verify()
    assert certify_nonnegative(sp.Max(x, 1 - x) - Rational(51, 100), Box({x: (-3, 3)})).outcome == "violated"


def test_an_instance_within_a_millionth_of_equality():
    ratio = (1 - exp(-2 * U)) ** 2 / U
    near = certify_at_least(ratio, SHARP - Rational(1, 10**6), {U: "0.6282"})
    assert near.certified
    assert str(near.box) == "u in [3141/5000, 3141/5000]"
    assert near.verify()
    assert certify_at_least(ratio, KAPPA - Rational(2, 10**12), {U: MAXIMISER}).verify()
    assert certify_at_least(ratio, KAPPA, {U: MAXIMISER}).outcome == "violated"
    assert certify_at_least(ratio, SHARP, {U: MAXIMISER}).outcome in ("certified", "undecided")
    assert certify_at_least(ratio, "0.8", {U: Rational(1, 2)}).outcome == "violated"
    with pytest.raises(ValueError, match="exact rational"):
        certify_at_least(ratio, 0.8, {U: 1})


def test_boxes_are_exact_sorted_and_printed():
    box = Box({Y: (-5, "0.1"), U: (0, oo)})
    assert str(box) == "u in [0, ∞) × y in [-5, 1/10]"
    assert Box.from_dict(json.loads(json.dumps(box.to_dict()))) == box
    n, low = sp.Symbol("n", integer=True), sp.Symbol("z", negative=True)
    for sides, match in (
        ({U: (0.5, 1)}, "exact rational"),
        ({U: (-1, 1)}, "nonnegative"),
        ({Y: (1, 0)}, "lower <= upper"),
        ({Y: (-oo, 0)}, "finite"),
        ({n: (1, 2)}, "real symbol"),
        ({low: (-1, 1)}, "nonpositive"),
        ({"u": (0, 1)}, "SymPy symbols"),
        ({U: (0, 1), sp.Symbol("u"): (0, 1)}, "different names"),
    ):
        with pytest.raises(ValueError, match=match):
            Box(sides)
    with pytest.raises(ValueError, match="max_cells"):
        certify_nonnegative(U, Box({U: (0, 1)}), max_cells=0)
    with pytest.raises(ValueError, match="touching point"):
        certify_nonnegative(U, Box({U: (0, 1)}), touching=[{Y: 0}])


def test_certificates_are_reproducible_from_a_cold_start(certificates):
    compiled.cache_clear()
    assert certify("kappa") == certificates["kappa"]
