"""Bad input to SDEs, kernels, mixtures, flows and features: each argument of each constructor and function."""

import sympy as sp

import theory
from tests.bad_input import COUNT, EXACT, FLAG, MIX, NAN, OBJECT, OPTION, OU, SIDE, Case, R, checks_of, positional
from theory import features, flow, information, kernel, mixture, rates, symbols
from theory.sde import specialise
from theory.symbols import T, d, t, x

MODE = {
    "kappa": [*EXACT, -1, R(-1, 3)],
    "tau": [*EXACT, -1],
    "parametrization": OPTION,
    "width": [*EXACT, 0, -1],
    "initial": EXACT,
}
MODE_VALID = {"kappa": 1, "tau": 1, "parametrization": "A", "width": 2, "initial": 1}
SDE_FIELDS = {"beta_min": [*EXACT, -1, t, x], "beta_max": [*EXACT, 0, -1, t], "horizon": [*EXACT, 0, -1, t]}
MONOMIALS = {"training": 1 / symbols.tau, "sampling": symbols.tau / symbols.n}
BAD_MONOMIALS = [{"a": bad} for bad in (symbols.tau + 1, -symbols.tau, 0, sp.log(symbols.n), 1 / symbols.tau)]
CASES = {
    "OrnsteinUhlenbeck": Case(call=theory.OrnsteinUhlenbeck),
    "VariancePreserving": Case(
        call=theory.VariancePreserving,
        bad=SDE_FIELDS,
        valid={"beta_min": R(1, 10), "beta_max": 20, "horizon": 1},
        wrong=[("beta_max", {"beta_min": 2, "beta_max": 1})],
    ),
    "SubVariancePreserving": Case(
        call=theory.SubVariancePreserving, bad=SDE_FIELDS, valid={"beta_min": R(1, 10), "beta_max": 20, "horizon": 1}
    ),
    "VarianceExploding": Case(call=theory.VarianceExploding, valid={"base": 25}, bad={"base": [*EXACT, 0, -1, t, x]}),
    "LinearSDE": Case(
        call=theory.LinearSDE,
        valid={"drift": sp.S(-1), "diffusion": sp.S.One},
        bad={
            "drift": [*EXACT, x, sp.log(-t)],
            "diffusion": [*EXACT, 0, x],
            "mean_scale": [*EXACT[1:], t, 2],
            "variance": [*EXACT[1:], t, 1],
        },
    ),
    "specialise": Case(
        call=positional(specialise, "expression", "sde"),
        valid={"expression": t, "sde": OU},
        bad={"sde": OBJECT},
        slow=True,
    ),
    "AbstractLinearSDE.at": Case(call=OU.at, valid={"time": 1}, bad={"time": [*EXACT, -1]}),
    "AbstractLinearSDE.prior_variance": Case(
        call=OU.prior_variance, valid={"horizon": T}, bad={"horizon": [*EXACT, 0, -1]}
    ),
    "GaussianMixture": Case(
        call=theory.GaussianMixture,
        valid={"weights": (R(1, 2), R(1, 2)), "means": (0, 1), "variances": (1, 1)},
        bad={
            "weights": [
                None,
                1,
                "ab",
                (),
                (R(1, 2),),
                (R(1, 2), R(1, 3)),
                (R(3, 2), R(-1, 2)),
                (0.5, 0.5),
                (NAN, 1),
                (None, 1),
                (True, 0),
                {1: 1},
                {R(1, 2)},
                (sp.oo, 1),
                (x, 1 - x),
                (sp.I, 1 - sp.I),
            ],
            "means": [
                None,
                1,
                "ab",
                (),
                (0,),
                (0, (1, 2)),
                ((0, 1), (1,)),
                ((), ()),
                (0.5, 1),
                (NAN, 0),
                (sp.oo, 0),
                (None, 0),
                (x, 0),
                {0, 1},
                (sp.I, 0),
            ],
            "variances": [None, 1, "ab", (), (1,), (-1, 1), (0.5, 1), (NAN, 1), (sp.oo, 1), (True, 1), (x, 1)],
        },
    ),
    "GaussianMixture.two_modes": Case(
        call=theory.GaussianMixture.two_modes,
        valid={"mu": 1, "right_weight": R(1, 3)},
        bad={"mu": [*EXACT, -1, x], "right_weight": [*EXACT, -1, 2, x]},
    ),
    "GaussianMixture.diffused": Case(call=MIX.diffused, valid={"sde": OU}, bad={"sde": OBJECT}),
    "GaussianMixture.at": Case(call=MIX.at, valid={"time": 1}, bad={"time": [*EXACT, -1]}),
    "GaussianMixture.regime_error": Case(
        call=theory.GaussianMixture.two_modes(1).regime_error, valid={"side": "left"}, bad={"side": OPTION}
    ),
    "transition": Case(
        call=kernel.transition,
        valid={"sde": OU, "earlier": 1, "later": 2},
        bad={"sde": OBJECT, "earlier": [*EXACT, -1, 3], "later": [*EXACT, -1, 0]},
    ),
    "compose": Case(
        call=kernel.compose,
        bad={"first": OBJECT, "second": OBJECT},
        valid={"first": kernel.transition(OU, later=1), "second": kernel.transition(OU, earlier=1, later=2)},
    ),
    "coordinates": Case(call=kernel.coordinates, valid={"dimension": 2}, bad={"dimension": COUNT}, slow=True),
    "transition_density": Case(
        call=kernel.transition_density,
        valid={"sde": OU, "dimension": 1},
        slow=True,
        bad={"sde": OBJECT, "dimension": [*OBJECT[:9], 0, -1, 1.5]},
    ),
    "log_transition_density": Case(
        call=kernel.log_transition_density,
        valid={"sde": OU, "dimension": d},
        bad={"sde": OBJECT, "dimension": [*EXACT, 0, -1, R(1, 2)]},
    ),
    "fokker_planck_residual": Case(
        call=kernel.fokker_planck_residual,
        bad={"sde": OBJECT, "density": OBJECT[:-1]},
        valid={"density": kernel.transition_density(OU), "sde": OU},
        slow=True,
    ),
    "log_fokker_planck_residual_d": Case(
        call=kernel.log_fokker_planck_residual_d,
        valid={"sde": OU, "dimension": 2},
        bad={"sde": OBJECT, "dimension": [*EXACT, 0, -1]},
    ),
    "reverse_residual": Case(
        call=kernel.reverse_residual,
        valid={"density": kernel.transition_density(OU), "sde": OU},
        bad={"sde": OBJECT, "density": OBJECT[:-1], "score": OBJECT[1:-1]},
        slow=True,
    ),
    "probability_flow_residual": Case(
        call=kernel.probability_flow_residual,
        valid={"density": kernel.transition_density(OU), "sde": OU},
        bad={"sde": OBJECT, "density": OBJECT[:-1], "score": OBJECT[1:-1]},
        slow=True,
    ),
    "expected_squared_score": Case(
        call=kernel.expected_squared_score,
        valid={"sde": OU, "dimension": d},
        bad={"sde": OBJECT, "dimension": [*EXACT, 0, -1]},
    ),
    "weighting": Case(
        call=kernel.weighting,
        valid={"sde": OU, "kind": "song", "dimension": 1},
        bad={"sde": OBJECT, "kind": OPTION, "dimension": [*EXACT, 0, -1]},
    ),
    **{
        name: Case(call=getattr(flow, name), valid=MODE_VALID, bad=MODE)
        for name in ("mode_solution", "mode_loss", "mode_displacement")
    },
    **{
        name: Case(call=getattr(flow, name), valid={"comparator": 1, **MODE_VALID}, bad={"comparator": EXACT, **MODE})
        for name in ("mode_distance_to", "lyapunov", "lyapunov_dissipation")
    },
    **{
        name: Case(call=getattr(flow, name), valid={"u": 1}, bad={"u": [*EXACT, -1]})
        for name in ("loss_profile", "growth_profile", "comparator_profile")
    },
    "optimal_stopping": Case(
        call=rates.optimal_stopping,
        valid={"terms": MONOMIALS, "alpha": 1, "beta": 0, "free": False},
        bad={
            "terms": [*SIDE, *BAD_MONOMIALS],
            "alpha": [*EXACT, -1, t, sp.pi],
            "beta": [*EXACT, t, sp.pi],
            "free": FLAG,
        },
    ),
    "phase_diagram": Case(
        call=rates.phase_diagram,
        valid={"terms": MONOMIALS, "beta": 0, "free": False},
        bad={"terms": [*SIDE, *BAD_MONOMIALS], "beta": [*EXACT, t, sp.pi], "free": FLAG},
    ),
    "capacity_terms": Case(
        call=rates.capacity_terms,
        valid={"source": 0, "capacity": 1},
        bad={"source": [*EXACT, t, sp.pi, -1, 1], "capacity": [*EXACT, t, sp.pi, -1, 2]},
    ),
    "isotropic_kl": Case(
        call=information.isotropic_kl,
        valid={"shift": 1, "variance": 2, "other_variance": 3, "dimension": d},
        bad={
            name: [*EXACT, t, *extra]
            for name, extra in (
                ("shift", []),
                ("variance", [0, -1]),
                ("other_variance", [0, -1]),
                ("dimension", [0, -1]),
            )
        },
    ),
    "prior_kl": Case(
        call=information.prior_kl,
        valid={"sde": OU, "mean": 1, "variance": 2, "horizon": 3, "dimension": d},
        bad={"sde": OBJECT}
        | {
            name: [*EXACT, t, *extra]
            for name, extra in (("mean", []), ("variance", [-1]), ("horizon", [0, -1]), ("dimension", [0, -1]))
        },
    ),
    "gaussian_channel_information": Case(
        call=information.gaussian_channel_information,
        valid={"sde": OU, "variance": 2, "horizon": 3, "dimension": d},
        bad={"sde": OBJECT}
        | {
            name: [*EXACT, t, *extra]
            for name, extra in (("variance", [-1]), ("horizon", [0, -1]), ("dimension", [0, -1]))
        },
    ),
    "relu": Case(call=features.relu, valid={"argument": 1}, bad={"argument": EXACT}),
    "random_feature_score": Case(
        call=features.random_feature_score,
        valid={"amplitudes": (1, 2), "arguments": (x, 1)},
        bad={
            name: [None, 1, "ab", b"1", {1: 2}, (0.5, 1), (NAN, 1), ("a", "b"), x]
            for name in ("amplitudes", "arguments")
        },
        wrong=[("amplitudes", {"amplitudes": ()}), ("arguments", {"arguments": (1,)})],
    ),
    **{
        name: Case(
            call=getattr(features, name.removesuffix(" (theory)")),
            valid={"mean": x, "std": 1},
            bad={"mean": EXACT, "std": [*EXACT, -1]},
        )
        for name in ("relu_mean (theory)", "relu_second_moment", "activation_probability (theory)")
    },
    "relu_product": Case(
        call=features.relu_product,
        valid={"mean_1": x, "std_1": 1, "mean_2": 0, "std_2": 2, "correlation": 1},
        bad={
            "mean_1": EXACT,
            "std_1": [*EXACT, -1],
            "mean_2": EXACT,
            "std_2": [*EXACT, -1],
            "correlation": [*EXACT, 2, R(-11, 10)],
        },
    ),
    "product_terms": Case(
        call=features.product_terms,
        valid={"a": x, "b": 1, "correlation": R(1, 2)},
        bad={"a": EXACT, "b": EXACT, "correlation": [*EXACT, 2]},
    ),
    "arc_cosine_kernel (theory)": Case(
        call=features.arc_cosine_kernel,
        valid={"norm": 1, "other_norm": 2, "angle": 1, "dimension": 3, "radius": 2},
        bad={
            "norm": [*EXACT, -1],
            "other_norm": [*EXACT, -1],
            "angle": [*EXACT, -1, 4],
            "dimension": [*EXACT, 0, -1],
            "radius": [*EXACT, 0, -1],
        },
    ),
}
globals().update(checks_of(CASES))


def test_a_mixture_with_weights_that_may_sum_to_one_is_kept():
    assert mixture.GaussianMixture((symbols.q, 1 - symbols.q), (0, 1), (1, 1)).weights == (symbols.q, 1 - symbols.q)
