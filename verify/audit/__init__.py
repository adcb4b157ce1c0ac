"""Audits: every plan and mutant run cell by cell, results, tokens, the ledger as pages."""
