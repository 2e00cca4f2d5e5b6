from __future__ import annotations

import builtins

import numpy as np
import pytest

import sxsim as sx
from sxsim.errors import MissingExtraError
from sxsim.studies.libraries import _series_by_series


@pytest.mark.parametrize(
    ("forecaster", "library"),
    [
        (sx.Statsforecast(), "statsforecast"),
        (sx.Statsmodels(), "statsmodels"),
        (sx.Statsmodels(model=sx.StatsmodelsModel.LOCAL_TREND), "statsmodels"),
    ],
)
def test_a_library_that_is_not_installed(table, monkeypatch, forecaster, library):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith(library):
            raise ImportError(name)
        return real(name, *rest)

    def no_module(name):
        raise ImportError(name)

    monkeypatch.setattr("sxsim.studies.libraries.import_module", no_module)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(
        MissingExtraError, match=rf"{library} is not installed\. Install it \(pip install {library}"
    ):
        forecaster(table(y=[10.0, 11.0, 12.5, 12.0, 13.0]), 2)


def test_series_are_asked_one_by_one_and_refusals_stay_empty(panel):
    """Gaps are straight lines; a series that ends early is forecast from its own end; a refusal is NaN."""
    panel["y"][0, -1] = np.nan
    seen = []

    def one(values, steps):
        seen.append((values.size, steps, bool(np.isfinite(values).all())))
        if values[0] < 5:
            raise NotImplementedError("too small")
        return np.tile(np.arange(1.0, steps + 1), (25, 1))

    found = _series_by_series(panel, 2, one).forecast["y"]
    assert seen == [(7, 3, True), (8, 2, True)]
    assert found.sel(province="a").isel(quantile=0).values.tolist() == [2.0, 3.0]
    assert found.sel(province=["b", "c"]).isnull().all()
