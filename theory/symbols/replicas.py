"""Symbols of what is measured on one trained replica: divergences on a grid, masses of modes, bits per dimension."""

from theory.symbols.registry import define, sub

kl_earlier = define(
    "kl_earlier",
    r"\mathrm{KL}_{\mathrm{earlier}}",
    "KL_earlier",
    "divergence at the earlier of two epochs",
    kind="nonnegative",
    mathml=sub("KL", "earlier"),
)
kl_later = define(
    "kl_later",
    r"\mathrm{KL}_{\mathrm{later}}",
    "KL_later",
    "divergence at the later of two epochs",
    kind="nonnegative",
    mathml=sub("KL", "later"),
)
kl_least = define(
    "kl_least",
    r"\mathrm{KL}_{\min}",
    "KL_min",
    "least divergence at a run's checkpoints between two epochs",
    kind="nonnegative",
    mathml=sub("KL", "min"),
)
kl_most = define(
    "kl_most",
    r"\mathrm{KL}_{\max}",
    "KL_max",
    "largest divergence at a run's checkpoints between two epochs",
    kind="nonnegative",
    mathml=sub("KL", "max"),
)
kl_near = define(
    "kl_near",
    r"\mathrm{KL}_{6}",
    "KL₆",
    "divergence of the run whose modes are 6 apart",
    kind="nonnegative",
    mathml=sub("KL", "6"),
)
kl_far = define(
    "kl_far",
    r"\mathrm{KL}_{30}",
    "KL₃₀",
    "divergence of the run whose modes are 30 apart",
    kind="nonnegative",
    mathml=sub("KL", "30"),
)
kl_narrow = define(
    "kl_narrow",
    r"\mathrm{KL}_{\mathrm{narrow}}",
    "KL_narrow",
    "divergence of the narrower of two networks",
    kind="nonnegative",
    mathml=sub("KL", "narrow"),
)
kl_wide = define(
    "kl_wide",
    r"\mathrm{KL}_{\mathrm{wide}}",
    "KL_wide",
    "divergence of the wider of two networks",
    kind="nonnegative",
    mathml=sub("KL", "wide"),
)
mass_smaller = define(
    "mass_smaller",
    r"p_{\min}",
    "p_min",
    "learned mass of the half-line that has less of it",
    kind="nonnegative",
    mathml=sub("p", "min"),
)
bits_near = define(
    "bits_near",
    r"\mathrm{bpd}_{\mathrm{near}}",
    "bpd_near",
    "held-out bits per dimension of the model of the nearest pair of clusters",
    mathml=sub("bpd", "near"),
)
bits_far = define(
    "bits_far",
    r"\mathrm{bpd}_{\mathrm{far}}",
    "bpd_far",
    "held-out bits per dimension of the model of the farthest pair of clusters",
    mathml=sub("bpd", "far"),
)
