"""Plants faults in the packages, one at a time, and looks who notices: the audit alone, or the audit and the tests.

``python -m tests.faults --jobs 2 --out DIR`` runs it whole; `docs/faults.md` has the result.
"""
