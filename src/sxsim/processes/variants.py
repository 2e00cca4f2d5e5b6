"""Variants of a model on the same random streams: other volatility, other correlation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsim.errors import ModelError, RequestError
from sxsim.processes.dependence import Dependence
from sxsim.processes.model import Grown, GrowthModel
from sxsim.processes.path_process import PathLaw
from sxsim.processes.rescaled import Rescaled

Array = NDArray[np.float64]


def with_volatility(model: GrowthModel, factors: Mapping[str, ArrayLike]) -> GrowthModel:
    """Return the model with the yearly shocks of some indicators multiplied.

    Parameters
    ----------
    model
        Before figures of years to come were given to it.
    factors
        By indicator a multiplier for each year after the model's last, ``(year,)``; later years keep theirs.

    Returns
    -------
    GrowthModel
        With laws that keep every closed form; the model itself where all factors are one.

    Raises
    ------
    UnknownNameError
        The model does not hold an indicator.
    RequestError
        A factor is not a number above zero, or figures were given to the model before.
    ModelError
        A law is walked year by year.

    Examples
    --------
    >>> from sxsim.links import Log
    >>> from sxsim.processes.random_walk import RandomWalk
    >>> walk = RandomWalk(drift=0.0, sigma=0.1)
    >>> y = Grown(name="y", carrier=Log(), law=walk, last_value=1.0, last_year=2012)
    >>> rough = with_volatility(GrowthModel(indicators=(y,), last_year=2012), {"y": [1.0, 2.0]})
    >>> rough["y"].marginal(2).spread.round(4).tolist()
    [[0.2236]]
    """
    _refuse_given(model)
    tables = {name: _factors(model[name], given) for name, given in factors.items()}
    changed = {name: table for name, table in tables.items() if (table != 1.0).any()}
    if not changed:
        return model
    indicators = tuple(
        _rescaled(grown, changed[grown.name], model.last_year) if grown.name in changed else grown
        for grown in model.indicators
    )
    return replace(model, indicators=indicators, correlation=None)


def with_correlation(model: GrowthModel, names: Sequence[str], share: float) -> GrowthModel:
    """Return the model with yearly shocks that are more, or less, correlated among some indicators.

    A share ``s`` above zero mixes a common shock into the named ones, ``sqrt(1 - s) e + sqrt(s) f``: among
    them ``R`` becomes ``(1 - s) R + s``. Below zero each gets a shock of its own instead, with ``s`` turned
    positive, and ``R`` becomes ``(1 - s) R + s I``. Correlations with all others shrink by ``sqrt(1 - s)``,
    because the mixed shock has nothing to do with them; so every result is a correlation matrix.

    Parameters
    ----------
    model
        Before figures of years to come were given to it.
    names
        At least two indicators that share their batch.
    share
        From -1, independence of each other and of all others, to 1, itself excluded; zero changes nothing.

    Raises
    ------
    UnknownNameError
        The model does not hold an indicator.
    RequestError
        Fewer than two names, one twice, different batches, a share outside [-1, 1), or figures were given to
        the model before.

    Examples
    --------
    >>> from sxsim.links import Log
    >>> from sxsim.processes.random_walk import RandomWalk
    >>> walk = RandomWalk(drift=0.0, sigma=0.1)
    >>> two = tuple(Grown(name=n, carrier=Log(), law=walk, last_value=1.0, last_year=2012) for n in "ab")
    >>> model = GrowthModel(indicators=two, last_year=2012, correlation=[[1.0, 0.2], [0.2, 1.0]])
    >>> with_correlation(model, ["a", "b"], 0.5).correlation.round(12).tolist()
    [[1.0, 0.6], [0.6, 1.0]]
    """
    _refuse_given(model)
    rows = [model.names.index(model[name].name) for name in names]
    if len(rows) < 2 or len(set(rows)) < len(rows):
        raise RequestError(
            f"A correlation is changed among {', '.join(names) or 'nothing'}.",
            "Name at least two, each once.",
        )
    _check_batches(model, names)
    if not -1.0 <= share < 1.0:
        raise RequestError(f"share={share!r}.", "Give a number from -1 to 1, itself excluded.")
    if share == 0.0:
        return model
    dependence = replace(model.dependence, draws=_mixed(model.dependence, rows, share))
    return replace(model, dependence=dependence, correlation=None)


def _mixed(dependence: Dependence, rows: Sequence[int], share: float) -> Array:
    """Correlations after a common shock, or shocks of their own, are mixed into some indicators."""
    size = dependence.draws.shape[1]
    kept = np.ones(size)
    kept[list(rows)] = np.sqrt(1.0 - abs(share))
    draws = dependence.draws * np.outer(kept, kept)
    for row in rows if share > 0 else ():
        draws[:, row, list(rows)] += share
    draws[:, range(size), range(size)] = 1.0
    return np.asarray(draws)


def _rescaled(grown: Grown, factors: Array, last_year: int) -> Grown:
    law = grown.law
    if isinstance(law, PathLaw):
        raise ModelError(
            f"{grown.name!r} is walked year by year ({type(law).__name__}); its shocks have no one size.",
            "Change a parameter of the process by hand instead.",
        )
    if isinstance(law, Rescaled):
        longest = max(len(factors), len(law.factors))
        before, now = (np.pad(f, (0, longest - len(f)), constant_values=1.0) for f in (law.factors, factors))
        law, factors = law.base, before * now
    return replace(grown, law=Rescaled(base=law, factors=factors, gaps=last_year - grown.last_years()))


def _factors(grown: Grown, given: ArrayLike) -> Array:
    factors = np.atleast_1d(np.asarray(given, float))
    if factors.ndim != 1 or not (np.isfinite(factors) & (factors > 0)).all():
        raise RequestError(
            f"The volatility of {grown.name!r} is multiplied by {given!r}.",
            "Give one finite number above zero for each year.",
        )
    return factors


def _check_batches(model: GrowthModel, names: Sequence[str]) -> None:
    for name in names[1:]:
        if not model.together(names[0], name):
            raise RequestError(
                f"{names[0]!r} and {name!r} differ in their batch and are independent.",
                "Name indicators of one batch.",
            )


def _refuse_given(model: GrowthModel) -> None:
    if model.conditions:
        raise RequestError(
            f"Figures of {', '.join(model.conditions.figures)} were given to the model before.",
            "Change volatility and correlation first, and give figures then.",
        )
