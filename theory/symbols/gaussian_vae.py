"""Symbols of a linear Gaussian autoencoder: its gains and variances, and what it loses."""

from theory.symbols.registry import define, sub

data_variance = define("data_variance", "v_P", "v_P", "variance σ² of the data", kind="positive", mathml=sub("v", "P"))
encoder_gain = define("encoder_gain", "c_E", "c_E", "gain c of the encoder N(cx, v_E)", mathml=sub("c", "E"))
encoder_variance = define(
    "encoder_variance", "v_E", "v_E", "variance τ² of the encoder N(cx, v_E)", kind="positive", mathml=sub("v", "E")
)
decoder_gain = define("decoder_gain", "w_G", "w_G", "gain w of the decoder N(wz + b, v_G)", mathml=sub("w", "G"))
decoder_variance = define(
    "decoder_variance", "v_G", "v_G", "variance v of the decoder N(wz + b, v_G)", kind="positive", mathml=sub("v", "G")
)
vae_gap = define(
    "vae_gap",
    r"\mathbb{E}_{P\otimes\pi\otimes G}\ell-\mathbb{E}\,\hat{\mathbb{E}}\,\ell",
    "E_{P⊗π⊗G}ℓ−train",
    "mean log-loss of independent data and codes less that on the data with their own codes",
)
vae_reconstruction_gap = define(
    "vae_reconstruction_gap",
    r"\mathbb{E}\,\ell(X',Z')-\mathbb{E}\,\hat{\mathbb{E}}\,\ell",
    "test−train",
    "mean log-loss of a fresh datum with its own code less that on the data",
)
