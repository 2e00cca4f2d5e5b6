"""Every route against problems with known answers, within 4 of their errors.

Bounds are 4 of the errors of route and answer together. Of 288 comparisons 93 rest on 16 scrambles each
(Student-t with 15 degrees of freedom), 130 on counts (normal), the others on rounding alone: were every route
right, one or more would lie beyond 4 errors with another choice of seeds 10 times in 100 for the scrambles,
once in 100 for the counts. Seeds are fixed, so a failure is a change of a number; the largest seen is 2.8
errors.
"""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx

ERRORS = 4.0
NAMES = sx.cases.names()
DRAWS = 100_000
COUNTED = {"random_event", "any_of_two_and_an_event"}  # only counting tells paths apart
NO_CONJUNCTIONS = {
    "share_of_a_share",
    "nested_part",
    "half_of_ten_at_once",
}  # not linear, or too many of them


def totals(name: str) -> bool:
    return any(isinstance(t.condition, sx.Total) for t in sx.cases.load(name).targets)


NOT_EXACT = COUNTED | NO_CONJUNCTIONS | {name for name in NAMES if totals(name)}


def agree(case: sx.cases.Case, odds: xr.Dataset) -> None:
    """Hold the joint, the probability itself where one target is asked, against the answer."""
    bound = np.hypot(odds.joint_standard_error.item(), case.error)
    assert abs(odds.joint.item() - case.answer) < ERRORS * bound
    if len(case.targets) == 1:
        assert odds.probability.item() == odds.joint.item()


def seed(name: str) -> int:
    return 100 + NAMES.index(name)


def observed_too(paths: xr.Dataset, model: sx.GrowthModel) -> xr.Dataset:
    """Paths that begin with what was observed, as targets may look back."""
    if not model.history.sizes:
        return paths
    past = model.history[list(paths)].broadcast_like(paths.isel(year=0, drop=True))
    return xr.concat([past, paths], "year", data_vars="all", join="outer")


@pytest.mark.parametrize("name", sorted(set(NAMES) - NOT_EXACT))
def test_the_exact_answer_is_the_known_one(name: str) -> None:
    case = sx.cases.load(name)
    odds = sx.attainment(
        case.model, case.targets, scenarios=case.scenario, method=sx.Exact(error=1e-4), rng=seed(name)
    )
    agree(case, odds)
    assert odds.joint_standard_error.item() <= 1e-4


@pytest.mark.parametrize("name", sorted(NOT_EXACT))
def test_what_has_no_exact_answer_says_so(name: str) -> None:
    case = sx.cases.load(name)
    with pytest.raises(sx.SxsimError, match=r"no exact answer|cannot be answered by"):
        sx.attainment(case.model, case.targets, scenarios=case.scenario, method=sx.Exact())


@pytest.mark.parametrize("name", sorted(set(NAMES) - COUNTED))
def test_quasi_random_points_agree(name: str) -> None:
    case = sx.cases.load(name)
    odds = sx.attainment(case.model, case.targets, scenarios=case.scenario, method=sx.Sobol(), rng=seed(name))
    agree(case, odds)


@pytest.mark.parametrize("name", NAMES)
def test_counts_agree(name: str) -> None:
    case, method = sx.cases.load(name), sx.MonteCarlo(draws=DRAWS)
    agree(
        case, sx.attainment(case.model, case.targets, scenarios=case.scenario, method=method, rng=seed(name))
    )


@pytest.mark.parametrize("name", NAMES)
def test_counts_on_finished_paths_agree(name: str) -> None:
    case = sx.cases.load(name)
    last = max(year for one in case.targets for year in one.condition.years)
    paths = sx.simulate(case.model, until=last, draws=DRAWS, scenarios=case.scenario, rng=500 + seed(name))
    agree(case, sx.attainment(observed_too(paths, case.model), case.targets))


@pytest.mark.parametrize("name", NAMES)
def test_the_default_route_agrees(name: str) -> None:
    case = sx.cases.load(name)
    agree(case, sx.attainment(case.model, case.targets, scenarios=case.scenario, rng=seed(name)))
