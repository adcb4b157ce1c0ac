"""Makes faults from the source: one per place and kind, found by walking the trees; nothing is drawn here."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain

from tests.faults.fault import Edit, Fault, Source
from tests.faults.reach import LATE, paths
from verify.evidence.verdict import Verdict
from verify.plans import PLANS

CORE = ("kernel", "sde", "mixture", "features", "flow", "information", "normal", "rates")
SWAPS = {"variance": "std", "std": "variance", "drift": "diffusion", "diffusion": "drift"}
SKIPPED = ("numerics/kernels/jit.py", "numerics/statistics/streams.py", "numerics/checks/")
"""What measures nothing: streams, whose faults are made by hand, how kernels are compiled, and refusals."""


def planted() -> list[Fault]:
    """Every fault that can be made, in the order of the files."""
    files = [Source(path) for path in paths()]
    seen = Counter[str]()
    found = []
    for fault in chain.from_iterable(maker(file) for file in files for maker in MAKERS):
        found.append(replace(fault, copy=seen[fault.id]))
        seen[fault.id] += 1
    return found


def _fault(  # noqa: PLR0917
    kind: str, file: Source, node: ast.AST, edit: Edit, what: str = "", claims: tuple[str, ...] = ()
) -> Fault:
    short = re.sub(r"\s+", " ", what or f"{edit.old} → {edit.new or 'nothing'}")
    reached = file.function_at(file.span(node)[0])
    return Fault(kind=kind, where=file.place(node), what=short[:160], edits=(edit,), claims=claims, function=reached)


# Claims --------------------------------------------------------------------------------------------------------------


def _written_claims(file: Source) -> Iterator[tuple[str, dict[str, ast.expr]]]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Claim":
            named = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            if isinstance(named.get("id"), ast.Constant):
                yield named["id"].value, named  # type: ignore[attr-defined]


@cache
def _meant_to_hold() -> frozenset[str]:
    """The claims that are expected to hold: a wrong one that is made more wrong is refuted as before."""
    return frozenset(claim_id for claim_id, plan in PLANS.items() if plan.expected is not Verdict.REFUTED)


def claims(file: Source) -> Iterator[Fault]:
    """Quantifiers strengthened, hypotheses dropped and widened, right sides lowered, exponents and signs changed."""
    if not file.path.startswith("theory/claims/") or any(name in file.path for name in (*LATE, "_figures")):
        return
    yield from _stronger(file)
    for claim_id, named in _written_claims(file):
        if claim_id not in _meant_to_hold() or "UpToConstant" in file.text(named["quantifier"]):
            continue
        hypotheses = named.get("hypotheses")
        if isinstance(hypotheses, ast.Tuple):
            for k, item in enumerate(hypotheses.elts):
                edit = file.without(hypotheses, k)
                yield _fault(
                    "hypothesis dropped", file, item, edit, f"{claim_id} without {file.text(item)}", (claim_id,)
                )
        relation = named.get("relation")
        if isinstance(relation, ast.Call):
            yield from _relation(file, claim_id, relation)


def _stronger(file: Source) -> Iterator[Fault]:
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.keyword):
            continue
        text = file.text(node.value)
        if node.arg == "at_least":
            for new, what in (
                (f"1 - (1 - ({text})) / 2", "half the failure"),
                (f"1 - (1 - ({text})) ** 3", "failure³"),
            ):
                yield _fault("quantifier strengthened", file, node.value, file.edit(node.value, new), f"{text}: {what}")
        elif node.arg == "greater" and not isinstance(node.value, ast.Constant):
            edit = file.edit(node.value, f"10 * ({text})")
            yield _fault("hypothesis widened", file, node.value, edit)
        elif node.arg == "inner" and "ForAll" in text:
            continue


def _relation(file: Source, claim_id: str, relation: ast.Call) -> Iterator[Fault]:
    named = {keyword.arg: keyword.value for keyword in relation.keywords}
    right = named.get("rhs")
    if isinstance(right, ast.Dict):
        for value in right.values:
            text = file.text(value)
            edit = file.edit(value, f"({text}) * sp.Rational(98, 100)")
            yield _fault("right side lowered by 2 %", file, value, edit, claims=(claim_id,))
    for node in ast.walk(relation):
        if isinstance(node, ast.BinOp):
            yield from _operator("claim: exponent or sign", file, node, (claim_id,), only=(ast.Pow, ast.Add, ast.Sub))
        if isinstance(node, ast.Call) and file.text(node.func) == "sp.sqrt":
            edit = file.edit(node, f"({file.text(node.args[0])})")
            yield _fault("claim: exponent or sign", file, node, edit, claims=(claim_id,))


# Formulas ------------------------------------------------------------------------------------------------------------

OTHER: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*"}


def _operator(
    kind: str,
    file: Source,
    node: ast.BinOp,
    claims: tuple[str, ...] = (),
    only: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow),
) -> Iterator[Fault]:
    """The opposite operator, or an exponent that is 1 larger."""
    if not isinstance(node.op, only) or (isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)):
        return
    left, right = file.text(node.left), file.text(node.right)
    if isinstance(node.op, ast.Pow):
        if isinstance(node.right, ast.Constant) and isinstance(node.right.value, int):
            edit = file.edit(node.right, str(node.right.value + 1))
            yield _fault(kind, file, node, edit, f"{left}**{right} → {left}**{node.right.value + 1}", claims)
        return
    new = f"{left} {OTHER[type(node.op)]} ({right})"
    yield _fault(kind, file, node, file.edit(node, new), claims=claims)


_REFUSES = re.compile("check|exact|shown|parameter|require|Error")


def _in_formula(file: Source, node: ast.AST) -> bool:
    """In a function, and in no refusal, text, annotation, default, index or call of a check."""
    around = file.around(node)
    if not any(isinstance(item, ast.FunctionDef) for item in around):
        return False
    for item, outer in zip([node, *around], around, strict=False):
        if isinstance(outer, ast.Raise | ast.JoinedStr | ast.arguments | ast.Subscript | ast.Assert | ast.If):
            if isinstance(outer, ast.If) and item is not outer.test:
                continue
            return False
        if isinstance(outer, ast.Call) and re.search(
            r"check|exact|shown|parameter|require|Error", file.text(outer.func)
        ):
            return False
        if isinstance(outer, ast.FunctionDef) and outer.returns is item:
            return False
    return True


def _formulas(kind: str, file: Source) -> Iterator[Fault]:
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.expr) or not _in_formula(file, node):
            continue
        if isinstance(node, ast.BinOp):
            yield from _operator(kind, file, node)
        elif isinstance(node, ast.Attribute) and node.attr in SWAPS and isinstance(node.ctx, ast.Load):
            edit = file.edit(node, f"{file.text(node.value)}.{SWAPS[node.attr]}")
            yield _fault(kind, file, node, edit)
        elif (
            isinstance(node, ast.UnaryOp)
            and isinstance(node.op, ast.USub)
            and not isinstance(node.operand, ast.Constant)
        ):
            yield _fault(kind, file, node, file.edit(node, f"({file.text(node.operand)})"))


def core(file: Source) -> Iterator[Fault]:
    """Drift, diffusion, ratio, variance, weightings, moments: an operator, an exponent, a sign, one for another."""
    if file.path in {f"theory/{name}.py" for name in CORE}:
        yield from _formulas("core formula", file)


def numeric(file: Source) -> Iterator[Fault]:
    """The same in what is measured for an audit; and one step fewer, and one seed for another."""
    if not file.path.startswith("numerics/") or file.path.startswith(SKIPPED):
        return
    yield from _formulas("numerics", file)
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and file.text(node.func) == "range" and _in_formula(file, node):
            last = node.args[-1] if len(node.args) < 3 else node.args[1]
            yield _fault("numerics", file, node, file.edit(last, f"({file.text(last)}) - 1"))


# Theorems, words and proofs ------------------------------------------------------------------------------------------


def theorems(file: Source) -> Iterator[Fault]:
    """A constant of a theorem lowered by 1 %, a fact dropped, the failure halved."""
    if not file.path.startswith("theory/theorems/"):
        return
    for node in ast.walk(file.tree):
        if not (isinstance(node, ast.Call) and file.text(node.func) == "Theorem"):
            continue
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        name = ast.literal_eval(named["id"]) if isinstance(named.get("id"), ast.Constant) else ""
        says, given, failure = (named.get(key) for key in ("says", "given", "failure"))
        if isinstance(says, ast.Call) and file.text(says.func) in ("at_most", "equals") and len(says.args) == 2:
            text = file.text(says.args[1])
            edit = file.edit(says.args[1], f"({text}) * sp.Rational(99, 100)")
            if text != "0":
                yield _fault("theorem lowered by 1 %", file, says, edit, f"{name}: {text} × 0.99")
        if isinstance(given, ast.Tuple):
            for k, item in enumerate(given.elts):
                edit = file.without(given, k)
                yield _fault("theorem: a fact dropped", file, item, edit, f"{name} without {file.text(item)}")
        if failure is not None:
            yield _fault(
                "theorem: failure halved", file, failure, file.edit(failure, f"({file.text(failure)}) / 2"), name
            )


def words(file: Source) -> Iterator[Fault]:
    """A symbol that means what the next one does; a fact of a hypothesis lost."""
    if file.path not in ("theory/vocabulary/meanings.py", "theory/vocabulary/facts.py"):
        return
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Dict) or len(node.values) < 8:
            continue
        for key, value, other in zip(node.keys, node.values, node.values[1:], strict=False):
            what = f"{file.text(key) if key else ''}: {file.text(value)}"
            if isinstance(value, ast.Tuple) and value.elts:
                edit = file.without(value, len(value.elts) - 1)
                yield _fault("vocabulary", file, value, edit, f"{what}: the last fact is lost")
            elif not isinstance(value, ast.Tuple) and file.text(value) != file.text(other):
                edit = file.edit(value, file.text(other))
                yield _fault("vocabulary", file, value, edit, f"{what} → {file.text(other)}")


def proofs(file: Source) -> Iterator[Fault]:
    """A proof by restatement, another citation, a step or a monotone function left out, a number changed."""
    if not file.path.startswith("verify/proofs/"):
        return
    for function in ast.walk(file.tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        ids = tuple(
            item.args[0].value
            for item in function.decorator_list
            if isinstance(item, ast.Call)
            and file.text(item.func) == "proves"
            and isinstance(item.args[0], ast.Constant)
        )
        if not ids:
            continue
        last = function.body[-1]
        if isinstance(last, ast.Return) and last.value is not None:
            edit = file.edit(last.value, "p.assume(p.goal.says.left, p.goal.says.sign, p.goal.says.right)")
            yield _fault("proof by restatement", file, function, edit, f"{ids[0]}: the goal is assumed", ids)
        yield from _steps(file, function, ids)


def _steps(file: Source, function: ast.FunctionDef, ids: tuple[str, ...]) -> Iterator[Fault]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = file.text(node.func)
            if name == "p.cite" and isinstance(node.args[0], ast.Constant):
                other = "triangle inequality" if "triangle" not in node.args[0].value else "Jensen, root"
                edit = file.edit(node.args[0], repr(other).replace("'", '"'))
                yield _fault("nonsense citation", file, node, edit, f"{ids[0]}: {edit.old} → {edit.new}", ids)
            elif name == "p.rising":
                edit = file.edit(node, file.text(node.args[1]))
                yield _fault("monotone step deleted", file, node, edit, f"{ids[0]}: {edit.old} → {edit.new}", ids)
            elif name in ("p.calc", "p.combine") and len(node.args) > (3 if name == "p.combine" else 2):
                edit = file.removal(list(node.args), len(node.args) - 1)
                yield _fault("proof: the last step deleted", file, node, edit, f"{ids[0]}: without {edit.old}", ids)
        elif isinstance(node, ast.Constant) and type(node.value) is int and not isinstance(node.parent, ast.Subscript):  # type: ignore[attr-defined]
            edit = file.edit(node, str(node.value + 1))
            inside = next((item for item in file.around(node) if isinstance(item, ast.BinOp | ast.Call)), function)
            yield _fault(
                "proof: a number changed",
                file,
                node,
                edit,
                f"{ids[0]}: {node.value} → {node.value + 1} in {file.text(inside)}",
                ids,
            )


MAKERS: tuple[Callable[[Source], Iterator[Fault]], ...] = (claims, core, theorems, words, proofs, numeric)
