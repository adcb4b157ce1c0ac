"""What Theorem 1 needs of a data law, datum by datum: the population's loss, per-datum constants, capacity."""
