"""How a network is trained: `Optimizer`, an argument of `train`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from numerics import checks

OPTIMIZERS = ("sgd", "adam")


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """Stochastic gradient descent or Adam, as PyTorch defines them, on mini-batches.

    ``name``: "sgd", θ −= η g, or "adam", θ −= η m̂/(√v̂ + ε) with bias-corrected running means m̂ of g and v̂ of g².
    ``learning_rate``: η > 0. ``betas``: Adam's decay rates of both means, in [0, 1). ``epsilon``: Adam's ε > 0.
    ``batch_size``: points per step; the last batch of an epoch may be smaller. ValueError or TypeError otherwise.
    Source: Kingma & Ba 2015, algorithm 1.
    """

    name: str
    learning_rate: float
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    batch_size: int = 32

    def __post_init__(self):
        checks.option("name", self.name, OPTIMIZERS)
        betas = checks.array("betas", self.betas, shape=(2,), minimum=0.0).tolist()
        if max(betas) >= 1.0:
            checks.refuse("betas", "be below 1", self.betas, "(0.9, 0.999) is usual")
        for name, value in (
            ("learning_rate", checks.real("learning_rate", self.learning_rate, above=0.0)),
            ("betas", tuple(betas)),
            ("epsilon", checks.real("epsilon", self.epsilon, above=0.0)),
            ("batch_size", checks.integer("batch_size", self.batch_size)),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, optimizer: "Optimizer | str", how: Mapping[str, object]) -> "Optimizer":
        """``optimizer`` if it is one, or the one of that name made of the keywords; errors name the bad argument."""
        if isinstance(optimizer, cls):
            return checks.given("optimizer", cls, optimizer, how)
        checks.option("optimizer", optimizer, OPTIMIZERS)
        return checks.given("optimizer", cls, None, {"name": optimizer, **how})


class OptimizerKeywords(TypedDict, total=False):
    """The keywords of `train` beside the optimizer's name: the other fields of `Optimizer`."""

    learning_rate: float
    betas: tuple[float, float]
    epsilon: float
    batch_size: int
