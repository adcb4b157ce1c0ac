"""The exact mixture that data become under the forward process: its informations, and the losses of scores on it."""
