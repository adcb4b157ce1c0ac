"""Plans for the Rademacher chain, contraction: all signs of all small tables with extreme maps."""

from __future__ import annotations

from collections.abc import Iterable

from theory.statement import Claim
from theory.symbols import lipschitz, rademacher, rademacher_abs, rademacher_abs_image, rademacher_image
from verify.evidence.domain import Array, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.sharpness import Sharpness
from verify.evidence.verdict import Verdict
from verify.models.sign_sums import LARGE, Table, Values, as_table, instance, sign_sums, table_experiment, tables

_MAPS = (lambda a: a, abs, lambda a: max(a, 0))  # identity, modulus, ReLU


def _image_values(_claim: Claim, at: Instance) -> Values:
    table = as_table(at["values"])
    image = tuple(
        tuple(at["lipschitz"] * _MAPS[kind](a) for kind, a in zip(at["maps"], row, strict=True)) for row in table
    )
    before, after = sign_sums(table), sign_sums(image)
    return {
        rademacher: before[0],
        rademacher_abs: before[1],
        rademacher_image: after[0],
        rademacher_abs_image: after[1],
        lipschitz: at["lipschitz"],
    }


IMAGES = table_experiment(
    "images",
    (rademacher, rademacher_abs, rademacher_image, rademacher_abs_image),
    _image_values,
    fields={"maps": Array(shape=("points",), element=Integer(low=0, high=2)), "lipschitz": Integer(low=1, high=4)},
)
_EXCHANGE: Table = ((1, 1), (-1, -1))  # the modulus on the first point makes it {(1, 1), (1, −1)}


def _images(size: int) -> Iterable[Instance]:
    """The extreme 1-Lipschitz maps of {−1, 0, 1} that fix 0 are ±identity and ±modulus; a sign of φ_j is one of ξ_j."""
    for points, functions in ((1, 3), (2, 2 if size < LARGE else 4), (3, 1 if size < LARGE else 2)):
        for table in tables(points, functions):
            for bent in range(points + 1):
                maps = [1] * bent + [0] * (points - bent)
                yield instance(table, maps=maps, lipschitz=1)
    yield from (instance(_EXCHANGE, maps=[1, 0], lipschitz=k) for k in (2, 3))
    yield from (instance(((1,), (0,)), maps=[kind], lipschitz=2) for kind in range(3))


def _images_cover(size: int) -> str:
    most = "two functions on two points, one on three" if size < LARGE else "four on two points, two on three"
    return f"all tables with entries in {{−1, 0, 1}} and extreme 1-Lipschitz maps, up to {most}"


_ALL_IMAGES = Exhaustive(experiment=IMAGES, elements=_images, covers=_images_cover)


PLANS = (
    Plan(claim="R1:contraction", expected=Verdict.PROVED, methods=(_ALL_IMAGES,)),
    Plan(
        claim="R1:contraction-abs",
        expected=Verdict.PROVED,
        methods=(
            _ALL_IMAGES,
            Sharpness(experiment=IMAGES, instance=instance(_EXCHANGE, maps=[1, 0], lipschitz=1), constant="C"),
        ),
    ),
    Plan(claim="R1:abs-factor-one", expected=Verdict.REFUTED, methods=(_ALL_IMAGES,)),
)
