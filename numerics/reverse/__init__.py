"""The reverse process of a learned score: its SDE- and ODE-density, likelihoods, samples."""
