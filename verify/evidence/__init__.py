"""The kinds of evidence: each method turns a claim into evidence, in its own way and at its own strength."""
