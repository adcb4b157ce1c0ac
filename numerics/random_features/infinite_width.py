"""Infinitely many features: the arc-cosine kernel, and its gradient flow on the nodes of a quadrature."""

from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.backends.backend import Backend
from numerics.backends.choice import chosen
from numerics.checks import ArrayValue
from numerics.checks.aliases import Embedding, FloatArray, FloatOrArray, Mixture
from numerics.checks.memory import require_memory, require_sizes
from numerics.mixtures.mixture import read_mixture
from numerics.random_features.flow import flow_decay, flow_factor, flow_times
from numerics.random_features.schedule import Schedule


def arc_cosine_kernel(
    points: ArrayLike,
    other: ArrayLike | None = None,
    *,
    radius: float = 1.0,
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
) -> FloatArray:
    """E_v[σ(v·z) σ(v·z')] for v uniform on the Euclidean sphere of the given radius in R^D: arc-cosine, order 1.

    K(z, z') = (radius²/D) ‖z‖ ‖z'‖ (sin θ + (π − θ) cos θ)/(2π), θ the angle between z and z'.

    ``points``: rows z = (x, e(t)), (n, D). ``other``: rows z', (n', D); the points when None. ``radius`` > 0: a radius
    up to 1/√D keeps ‖v‖₁ ≤ 1, the normalisation of `RandomFeatures`. ``backend``, ``device``, ``dtype``: where it
    is computed, as in `population_quadratic`. Returns (n, n').

    Relative error below 1e-12 for θ ≤ π − 1e-3. Nearer to π the kernel falls like δ³/(3·2π), δ = π − θ, and the
    rounding of δ, some 2⁻⁵² in absolute terms, adds three times its relative size. No special case at θ = 0, π or
    z = 0. ValueError for other shapes.
    Source: Cho and Saul (2009); the infinite-width limit of LLZB eq. (12) for this law of v.
    """
    z = checks.array("points", points, shape=("n", "D"))
    w = z if other is None else checks.array("other", other, shape=("k", z.shape[1]))
    scale = checks.real("radius", radius, above=0.0) ** 2 / z.shape[1]
    if other is None:
        require_sizes("the kernel matrix", lambda number_of_points: 48.0 * number_of_points**2, number_of_points=len(z))
    else:
        require_sizes("the kernel matrix", lambda number_of_points: 48.0 * number_of_points * len(w),
                      number_of_points=len(z))  # fmt: skip
    return scale * chosen(backend, device, dtype).arc_cosine(z, w)


def infinite_width_nodes(
    mixture: Mixture, schedule: Schedule, embedding: Embedding, *, count: int, labels: str = "sm"
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Quadrature nodes (x, e(t)), weights and labels of a one-dimensional score-matching loss, for `KernelFlow`.

    E_t λ E_{x_t} |f − s|² ≈ Σ_j weights_j |f(nodes_j) − labels_j|²: for each time and component a Gauss–Hermite rule
    with ``count`` nodes, exact for polynomials of degree < 2 count in x (the ReLU's kink limits it to order 1/count).

    ``mixture``: an object with .weights (K,), .means (K,) or (K, 1) and .variances (K,); n data points are n components
    of variance 0. ``labels``: "sm", the marginal score of the mixture, or "dsm", the score of the node's own component:
    for data points, the kernel's score −(x_t − r x_0)/std². Returns (N, 1 + d_e), (N,), (N, 1); times with λ = 0 are
    left out. ValueError if none is left, or where a component is a point mass.
    """
    checks.instance("schedule", schedule, Schedule, "build it with Schedule(…)")
    weights, means, variances = read_mixture("mixture", mixture, 1)
    size = checks.integer("count", count, maximum=200)
    checks.option("labels", labels, ("sm", "dsm"))
    if not callable(embedding):
        checks.refuse("embedding", "be callable", embedding, "pass e.g. constant_embedding()", TypeError)
    z, omega = np.polynomial.hermite_e.hermegauss(size)
    omega = omega / omega.sum()
    rate = schedule.weights * schedule.loss_weight
    used = np.flatnonzero(rate > 0.0)
    if not len(used):
        checks.refuse("schedule", "have a time with positive weight", rate, "pass a loss weight λ > 0")
    e = checks.array("embedding(times)", embedding(schedule.times), shape=(len(schedule.times), "d_e"))
    K, width = len(weights), e.shape[1] + 4

    def cost(count: int, number_of_times: int) -> float:
        return 8.0 * number_of_times * K * count * 3 * width + 32.0 * K * K * count

    require_sizes("the nodes", cost, count=size, number_of_times=len(used))
    parts: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    for j in used:
        mean = schedule.mean_scale[j] * means[:, 0]
        std = np.sqrt(schedule.mean_scale[j] ** 2 * variances + schedule.std[j] ** 2)
        if std.min() < 1.0 / checks.LARGEST:
            checks.refuse("schedule", "have noise wherever a component has none", schedule.std[j], "start after 0")
        x = (mean[:, None] + std[:, None] * z).ravel()
        if labels == "sm":
            gap = (mean - x[:, None]) / std
            exponent = np.log(weights / std) - 0.5 * gap * gap
            share = np.exp(exponent - exponent.max(axis=1, keepdims=True))
            score = (share * gap / std).sum(axis=1) / share.sum(axis=1)
        else:
            score = -(z / std[:, None]).ravel()
        rows = np.concatenate([x[:, None], np.broadcast_to(e[j], (len(x), e.shape[1]))], axis=1)
        parts.append((rows, rate[j] * (weights[:, None] * omega).ravel(), score[:, None]))
    nodes, mass, score = (np.concatenate([part[i] for part in parts]) for i in range(3))
    kept = mass > 0.0  # the outermost weights of a long rule underflow
    return nodes[kept], mass[kept], score[kept]


@dataclass(frozen=True, eq=False)
class KernelFlow(ArrayValue):
    """The scaled gradient flow of infinitely many features on L(f) = Σ_j weights_j ‖f(z_j) − labels_j‖².

    f_τ = f_0 − 2 ∫_0^τ Σ_j weights_j K(·, z_j)(f_s(z_j) − labels_j) ds with the kernel K of `arc_cosine_kernel`: the
    limit m → ∞ of `GradientFlow` ("scaled") with rows v_i uniform on the sphere. (The flow of A stands still there.)
    With Ω = diag(weights), M = Ω^½ K Ω^½ = V diag(κ) Vᵀ and ρ = Ω^½ (f_0 − labels),

    f_τ = K(·, nodes) Ω^½ g(τ),  g(τ) = g(0) − V ((1 − e^{−2κτ})/κ) Vᵀ ρ,
    L(f_τ) = Σ_k ‖(Vᵀρ)_k‖² e^{−4κ_k τ},  ‖f_τ‖²_H = Σ_k κ_k ‖(Vᵀg)_k‖².

    ``nodes``: (n, D) rows (x, e(t)). ``weights``: (n,), positive. ``labels``: (n, d). ``radius``: of the sphere.
    ``initial``: coefficients (n, d) of f_0 = Σ_j K(·, z_j) initial_j; f_0 = 0 when None. ``backend``: where
    the kernel and its decomposition are computed, as in `Quadratic`. Eigenvalues up to 4 n 2⁻⁵²
    κ_max count as 0, as in `Quadratic`: along them nothing moves. Times τ ≥ 0 are a number or (k,); inf gives the
    limit.

    ValueError or TypeError for other shapes, values or times, or too little memory. Source: LLZB, eq. (12) in the limit
    m → ∞ and its Theorem 1; Cho and Saul (2009) for the kernel.
    """

    nodes: FloatArray
    weights: FloatArray
    labels: FloatArray
    _: KW_ONLY
    radius: float = 1.0
    initial: FloatArray | None = None
    backend: Backend | str | None = field(default=None, compare=False)

    def __post_init__(self):
        nodes = checks.array("nodes", self.nodes, shape=("n", "D"))
        n = len(nodes)
        weights = checks.array("weights", self.weights, shape=(n,), minimum=0.0)
        if not weights.all():
            checks.refuse("weights", "be positive", self.weights, "drop the nodes of weight 0")
        labels = checks.array("labels", self.labels, shape=(n, "d"))
        start = np.zeros(labels.shape) if self.initial is None else self.initial
        initial = checks.array("initial", start, shape=labels.shape)
        radius = checks.real("radius", self.radius, above=0.0)
        require_memory("the kernel flow", 64.0 * n * n, name="number of nodes", size=n, cost=lambda k: 64.0 * k * k)
        where = chosen(self.backend)
        values = {
            "backend": where,
            "nodes": nodes,
            "weights": weights,
            "labels": labels,
            "radius": radius,
            "initial": initial,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @cached_property
    def _modes(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """κ with null ones exactly 0, Ω^½ V (n, n), Vᵀρ and Vᵀg(0) (n, d)."""
        root = np.sqrt(self.weights)[:, None]
        where = chosen(self.backend)
        M = arc_cosine_kernel(self.nodes, radius=self.radius, backend=where)
        M *= root
        M *= root.T
        decomposed = where.eigh(M)
        if decomposed is None:
            checks.refuse("nodes", "give a kernel whose spectrum can be computed", self.nodes, "drop near-duplicates")
        kappa, V = decomposed
        kappa = np.where(kappa > 4 * len(kappa) * where.eps * max(float(kappa[-1]), 0.0), kappa, 0.0)
        start = V.T @ (self.initial / root)  # type: ignore[operator]
        residual = kappa[:, None] * start - V.T @ (root * self.labels)
        return kappa, root * V, residual, start

    @property
    def eigenvalues(self) -> FloatArray:
        """The eigenvalues κ of Ω^½ K Ω^½, (n,), increasing, null ones exactly 0."""
        return self._modes[0].copy()

    def _coefficients(self, tau: ArrayLike) -> tuple[tuple[int, ...], FloatArray]:
        """Vᵀg, shape (k, n, d)."""
        shape, times = flow_times(tau)
        kappa, _, residual, start = self._modes
        inverse = np.where(kappa > 0.0, 1.0 / np.where(kappa > 0.0, kappa, 1.0), 0.0)
        require_sizes("the path", lambda number_of_times: 24.0 * number_of_times * start.size,
                      number_of_times=len(times))  # fmt: skip
        return shape, start - flow_factor(times, kappa, inverse)[:, :, None] * residual

    def parameters(self, tau: ArrayLike) -> FloatArray:
        """Coefficients α of f_τ = Σ_j K(·, z_j) α_j: (n, d), or (k, n, d); they are ``initial`` at τ = 0."""
        shape, modes = self._coefficients(tau)
        value = self._modes[1] @ modes
        return value if shape else value[0]

    def outputs(self, tau: ArrayLike) -> FloatArray:
        """f_τ at the nodes: (n, d), or (k, n, d)."""
        shape, modes = self._coefficients(tau)
        kappa, basis, _, _ = self._modes
        value = (basis @ (kappa[:, None] * modes)) / self.weights[:, None]
        return value if shape else value[0]

    def predict(self, points: ArrayLike, tau: ArrayLike) -> FloatArray:
        """f_τ at new points, rows (x, e(t)) of shape (p, D): (p, d), or (k, p, d)."""
        z = checks.array("points", points, shape=("p", self.nodes.shape[1]))
        shape, modes = self._coefficients(tau)
        value = (arc_cosine_kernel(z, self.nodes, radius=self.radius, backend=self.backend) @ self._modes[1]) @ modes
        return value if shape else value[0]

    def loss(self, tau: ArrayLike) -> FloatOrArray:
        """L(f_τ), a sum of nonnegative terms: a float, or (k,)."""
        shape, times = flow_times(tau)
        kappa, _, residual, _ = self._modes
        size = np.sum(residual * residual, axis=1)
        moving = kappa > 0.0
        value = flow_decay(times, kappa[moving]) @ size[moving] + size[~moving].sum()
        return value if shape else float(value[0])

    def norm(self, tau: ArrayLike) -> FloatOrArray:
        """‖f_τ‖_H: a float, or (k,)."""
        return self._length(tau, self._modes[3] * 0.0)

    def distance(self, tau: ArrayLike, comparator: ArrayLike) -> FloatOrArray:
        """‖f_τ − f_c‖_H for f_c = Σ_j K(·, z_j) comparator_j, comparator (n, d): a float, or (k,)."""
        alpha = checks.array("comparator", comparator, shape=self.labels.shape)
        root = np.sqrt(self.weights)[:, None]
        return self._length(tau, (self._modes[1] / root).T @ (alpha / root))

    def _length(self, tau: ArrayLike, start: FloatArray) -> FloatOrArray:
        shape, modes = self._coefficients(tau)
        value = np.sqrt(np.sum(self._modes[0][:, None] * (modes - start) ** 2, axis=(1, 2)))
        return value if shape else float(value[0])
