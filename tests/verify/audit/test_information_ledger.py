"""The verdicts of the second paper's ledger, row by row: what is printed and false, what holds, and how well."""

import pytest

from theory.claims import REGISTRY
from verify.plans import PLANS

# Written from the ledger by hand, not from the plans, a line for each verdict of a row.
LEDGER = {
    "IT1": {"PROVED": "printed one-sided below lower quadratic bernoulli", "REFUTED": "first-law log-loss"},
    "IT2": {"PROVED": "printed single gaussian-gap gaussian-information gaussian-root excess"},
    "IT3": {"PROVED": "printed rate plug-in upper excess"},
    "IT4": {"PROVED": "slope mmse decreasing losses losses-data below above largest data"},
    "IT5": {"REFUTED": "printed", "PROVED": "repaired output one-sided"},
    "IT6": {"REFUTED": "printed marginal", "PROVED": "repaired floor talagrand"},
    "IT7": {"REFUTED": "printed", "PROVED": "repaired floor elbo"},
    "IT8": {"REFUTED": "printed", "PROVED": "gap rate output reconstruction divergence repaired sharp elbo"},
    "IT9": {"REFUTED": "printed", "PROVED": "repaired growth"},
    "IT10": {"REFUTED": "printed sampler", "PROVED": "prior step floor proxy"},
    "IT11": {"PROVED": "printed sharper location memory"},
    "IT12": {"PROVED": "repaired exact split"},
    "IT13": {
        "PROVED": "lambert location best-time affine endpoints twice",
        "SEARCHED": "branch long-time",
        "REFUTED": "data-terms",
    },
    "IT14": {
        "PROVED": "wide-kernel mirrored-time smoothing",
        "SEARCHED": "weighted-loss mixed-kernel batches started-at-data mean-root",
        "EXHAUSTIVE": "grid",
        "REFUTED": "mean-sup",
    },
}


@pytest.mark.parametrize("row", LEDGER)
def test_every_claim_of_a_row_has_the_ledgers_verdict(row):
    stated = {f"{row}:{variant}": verdict for verdict, names in LEDGER[row].items() for variant in names.split()}
    assert {
        claim_id: str(PLANS[claim_id].expected) for claim_id in REGISTRY if REGISTRY[claim_id].family == row
    } == stated
