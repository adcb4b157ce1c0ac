"""The methods: each turns a claim into evidence, in its own way and at its own strength."""
