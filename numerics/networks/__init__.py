"""One-hidden-layer score networks trained in all layers, and their divergence on a grid."""
