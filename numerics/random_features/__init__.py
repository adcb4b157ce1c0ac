"""Random-feature score models: features, schedules, exact moments and losses, gradient flow."""
