"""Score networks trained in all layers, one hidden layer or U-Nets, and their divergence on a grid."""
