"""Polytopes: where functions that are linear on cells are largest, and the cells that ReLU neurons make."""

from __future__ import annotations

from theory.symbols import n
from theory.vocabulary import classes as cl
from theory.vocabulary.classes import embedding, points, sequence, signs
from theory.vocabulary.statements import Fact, Theorem, at_most, equals
from theory.vocabulary.terms import Object

_FUNCTION, _CELLS, _POINT = Object("function"), Object("cells"), Object("point")
_SUMS, _DIAMOND = cl.SignedSums(points, embedding, signs), cl.Diamond(points, embedding)

THEOREMS = (
    Theorem(
        id="largest at a vertex",
        sentence="a function that is linear on each of finitely many bounded polyhedra is, on their union, at most its "
        "largest value at their vertices",
        source="Bertsimas and Tsitsiklis 1997, Theorem 2.8, for each of them",
        formal="Mathlib: ConvexOn.exists_ge_of_mem_convexHull",
        takes=(_FUNCTION, _CELLS, _POINT),
        given=(Fact("linear_on_cells", (_FUNCTION, _CELLS)), Fact("in_cells", (_POINT, _CELLS))),
        says=at_most(cl.PlaneValue(_FUNCTION, _POINT), cl.VertexMax(_FUNCTION, _CELLS)),
    ),
    Theorem(
        id="sums of neurons are linear on cells",
        sentence="(w, b) ↦ Σ ξ_j σ(w x_j + b) is linear where no w x_j + b changes its sign",
        source="definition of the ReLU",
        takes=(sequence, embedding, n),
        says=Fact("linear_on_cells", (_SUMS, _DIAMOND)),
    ),
    Theorem(
        id="a neuron of the line lies in the diamond",
        sentence="|u·e| <= ‖u‖₁‖e‖∞, so that |w| + ‖u‖₁ <= 1 puts (w, u·e) into the hull of (±1, 0) and (0, ±‖e‖∞)",
        source="Hölder's inequality; Rudin 1987, Theorem 3.5",
        takes=(cl.neuron, sequence, embedding, n),
        given=(Fact("line_neuron", (cl.neuron, points)), Fact("shared", (embedding, points))),
        says=Fact("in_cells", (cl.Place(cl.neuron, embedding), _DIAMOND)),
    ),
    Theorem(
        id="vertices of a cut diamond",
        sentence="the lines w x_j + b = 0 meet in 0 only: they cut the diamond into cells whose vertices are 0, the "
        "diamond's own four, and the two points of its boundary on each line",
        source="de Berg, Cheong, van Kreveld and Overmars 2008, section 8.3 (arrangements of lines)",
        takes=(sequence, embedding, n),
        says=equals(cl.VertexMax(_SUMS, _DIAMOND), cl.CornerMax(cl.ALL_CORNERS, points, embedding, signs)),
    ),
)
