"""Votes against the enumeration of all data, and Gaussian means against their laws."""

import itertools
import math

import numpy as np
import pytest

from theory import symbols as sym
from verify.evidence.confrontation import exact_values, number
from verify.models.theorems.information import information
from verify.plans import learning

QUAD = 1e-10  # 160 nodes change the rule by less


def found(terms):
    return {symbol: number(value) for symbol, value in exact_values(terms).items()}


@pytest.mark.parametrize(("count", "p"), [(1, 0.5), (2, 0.3), (5, 0.7), (9, 0.5)])
def test_votes_are_what_enumeration_finds(count, p):
    joint, whole = np.zeros((2, 2)), np.zeros((2, 2**count))
    for k, sample in enumerate(itertools.product((0, 1), repeat=count)):
        chance = math.prod(p if x else 1 - p for x in sample)
        vote = int(2 * sum(sample) > count)
        joint[vote, sample[0]] += chance
        whole[vote, k] += chance
    apart = np.multiply.outer(joint.sum(axis=1), joint.sum(axis=0))
    terms = found(learning.vote_terms({"n": count, "p": p}))
    assert terms[sym.learning_gap] == pytest.approx(apart[0, 1] + apart[1, 0] - joint[0, 1] - joint[1, 0])
    assert terms[sym.mean_root_information] == pytest.approx(math.sqrt(information(joint)))
    assert terms[sym.data_information] == pytest.approx(information(whole))


def test_gaussian_means_have_the_information_of_their_determinants():
    count, sigma = 6, 1.3
    transform = np.vstack([np.eye(count)[0], np.full(count, 1 / count)])
    covariance = sigma**2 * transform @ transform.T
    terms = found(learning.mean_terms({"n": count, "sigma": sigma}))
    by_determinants = np.log(np.prod(np.diag(covariance)) / np.linalg.det(covariance)) / 2
    assert terms[sym.single_information] == pytest.approx(by_determinants)
    difference = np.array([1.0, -1.0])
    fresh = np.diag(covariance).sum()
    assert terms[sym.learning_gap] == pytest.approx(fresh - difference @ covariance @ difference)


def test_the_cumulant_of_the_excess_is_that_of_a_gauss_rule():
    count, sigma, eta = 5, 0.8, 0.4
    width = sigma / math.sqrt(count)

    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    x, w = sigma * nodes[:, None], width * nodes
    mean = weights @ np.exp(-eta * (w * w - 2 * x * w)) @ weights
    square = sigma**2
    direct = math.log(mean) + eta * square / count
    closed = eta * square / count - math.log(1 + 2 * (eta - 2 * square * eta**2) * square / count) / 2
    assert closed == pytest.approx(direct, abs=QUAD)
