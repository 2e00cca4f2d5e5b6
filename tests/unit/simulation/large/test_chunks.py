from __future__ import annotations

import sys

import numpy as np
import pytest

from sxsim.analysis import Hits
from sxsim.errors import MissingExtraError, RequestError, UnknownNameError
from sxsim.fitting import fit
from sxsim.simulation import Moments, Paths, simulate
from sxsim.simulation.large import sizes_of
from sxsim.streams import BLOCK

pytest.importorskip("dask")


@pytest.mark.parametrize(
    ("chunks", "error", "message"),
    [
        (
            {"year": 4},
            RequestError,
            r"cuts along 'year', but a path .* at once\. Cut along 'draw' or a batch",
        ),
        ({"scenario": 1}, RequestError, r"cuts along 'scenario', but a path is drawn with all its years and"),
        ({"provinze": 1}, UnknownNameError, r"along 'provinze', which no path has\. Did you mean 'province'"),
        (0, RequestError, r"cuts along 'draw' by 0\. Give a whole number of at least 1"),
        (-1, RequestError, r"cuts along 'draw' by -1\."),
        (2.5, RequestError, r"cuts along 'draw' by 2\.5\."),
        (True, RequestError, r"cuts along 'draw' by True\."),
        ("auto", RequestError, r"cuts along 'draw' by 'auto'\."),
        ({"draw": None}, RequestError, r"cuts along 'draw' by None\."),
        ({"province": 0}, RequestError, r"cuts along 'province' by 0\."),
    ],
)
def test_chunks_that_cannot_be_are_refused(panel, chunks, error, message):
    for keep in (Paths(), Moments()):
        with pytest.raises(error, match=message):
            simulate(fit(panel), horizon=1, draws=10, chunks=chunks, keep=keep)


def test_a_batch_dimension_of_an_indicator_left_out_is_unknown(panel, hand):
    with pytest.raises(UnknownNameError, match=r"along 'province', which no path has\. Known: draw\."):
        simulate(hand(), horizon=1, draws=10, chunks={"province": 1})


def test_sizes_are_whole_numbers_by_dimension(panel):
    assert sizes_of(np.int64(7), fit(panel)) == {"draw": 7}
    assert sizes_of({"province": 2}, fit(panel)) == {"province": 2}
    assert sizes_of({}, fit(panel)) == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threads": 4}, r"threads=4 together with chunks=\. Leave it out: the scheduler of dask decides"),
        ({"progress": True}, r"progress=True together with chunks=\. Leave it out, and show dask's own"),
    ],
)
def test_what_a_scheduler_decides_is_not_asked_for(hand, options, message):
    with pytest.raises(RequestError, match=message):
        simulate(hand(), horizon=1, draws=10, chunks=5, **options)


def test_without_dask_the_extra_is_named(hand, monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.array", None)
    message = r"chunks= needs dask, which is not installed\. Install it: pip install 'sxsim\[dask\]'"
    with pytest.raises(MissingExtraError, match=message):
        simulate(hand(), horizon=1, draws=10, chunks=5)


def test_draws_are_rounded_up_to_whole_blocks(hand):
    paths = simulate(hand(), horizon=2, draws=5 * BLOCK + 1, rng=1, chunks=BLOCK + 1)
    assert paths.chunksizes["draw"] == (2 * BLOCK, 2 * BLOCK, BLOCK + 1)
    assert paths.chunksizes["year"] == (2,)


def test_chosen_years_are_all_that_is_kept(hand):
    keep = Paths(years=(2014,))
    here = simulate(hand(), horizon=3, draws=BLOCK + 9, rng=1, keep=keep)
    cut = simulate(hand(), horizon=3, draws=BLOCK + 9, rng=1, keep=keep, chunks=BLOCK)
    assert cut.y.shape == (1, BLOCK + 9, 1)
    assert cut.compute().identical(here)


def test_hits_are_computed_at_once(hand, aim):
    cut = simulate(hand(), horizon=3, draws=100, rng=1, keep=Hits(aim()), chunks=10)
    assert cut.chunksizes == {}
    assert cut.identical(simulate(hand(), horizon=3, draws=100, rng=1, keep=Hits(aim())))
