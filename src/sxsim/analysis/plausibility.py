"""How far a path lies from what the fit expects, before a model is made to follow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special
from scipy.linalg import block_diag

from sxsim.analysis.plausibility_words import Verdict, in_chinese, in_english
from sxsim.errors import RequestError
from sxsim.processes import Figures, Grown, GrowthModel, KnownPath, PathLaw, Told, read_path, told
from sxsim.streams import provenance

Array = NDArray[np.float64]

INDICATOR = "indicator"


def plausibility(model: GrowthModel, path: KnownPath) -> xr.Dataset:
    """Say how unusual a path is for the fit: "if GDP follows this path" may ask for a miracle.

    Parameters
    ----------
    model
        From :func:`sxsim.fit`, or put together by hand; before anything was given to it.
    path
        What :meth:`sxsim.GrowthModel.given` takes: figures in published units by indicator and year.

    Returns
    -------
    xarray.Dataset
        Dims ``(indicator, *batch)``: ``tail_probability``, that of a path that is at least as unusual in the
        years given; ``last_quantile``, where the last figure stands in the law of its year; both in words,
        ``words`` and ``words_zh``. With several indicators whose laws are Gaussian with known parameters,
        ``joint_tail_probability (*batch)`` is that of all paths together, their correlation taken into
        account; the attribute ``joint`` says whether there is one. NaN for a member without any figure.

    Raises
    ------
    RequestError
        The path does not fit the model, its indicators differ in their batch, or figures were given to the
        model before.
    UnknownNameError
        The path names an indicator the model does not hold.
    ModelError
        A law cannot follow its figures.

    Notes
    -----
    In a cell with a known sigma the squared distance ``D^2`` of Mahalanobis has a chi-squared law with as
    many degrees of freedom ``m`` as there are figures; with a sigma that has ``dof`` degrees of freedom
    ``D^2 / m`` has the law ``F(m, dof)``. Tails of the cells are averaged with their weights.

    Examples
    --------
    >>> import sxsim as sx
    >>> walk = sx.RandomWalk(drift=0.05, sigma=0.1)
    >>> gdp = sx.Grown(name="gdp", carrier=sx.Log(), law=walk, last_value=100.0, last_year=2012)
    >>> model = sx.GrowthModel(indicators=(gdp,), last_year=2012)
    >>> boom = sx.plausibility(model, {"gdp": {2013: 120.0, 2014: 150.0}})
    >>> float(boom.tail_probability.sel(indicator="gdp").round(3))
    0.093
    """
    if model.conditions:
        raise RequestError(
            f"The model was given figures of {', '.join(model.conditions.figures)} before.",
            "Give the model as it was, and the whole path.",
        )
    figures = read_path(path, model)
    batch = _batch(model, figures)
    found = {name: _unusual(model[name], one, model.last_year) for name, one in figures.items()}
    verdicts = [_verdicts(model, figures[name], name, one) for name, one in found.items()]
    tables = {
        "tail_probability": [one.tail for one in found.values()],
        "last_quantile": [one.last for one in found.values()],
        "words": [[in_english(one) for one in row] for row in verdicts],
        "words_zh": [[in_chinese(one) for one in row] for row in verdicts],
    }
    shape, dims = [c.size for c in batch.values()], tuple(batch)
    variables = {
        key: ((INDICATOR, *dims), np.array(table).reshape(-1, *shape)) for key, table in tables.items()
    }
    result = xr.Dataset(variables, coords={INDICATOR: list(found), **batch})
    result.attrs = dict(provenance(None, "exact", **model.vintage()))
    result.attrs["joint"] = _apart(found) or "all paths together, their correlation taken into account"
    if _apart(found):
        return result
    return result.assign(joint_tail_probability=(dims, _joint_tail(model, found).reshape(shape)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Unusual:
    """What is said of one indicator, ``(member,)``; and in units of known sigmas, where they are."""

    tail: Array
    last: Array
    said: tuple[Told | None, ...]
    sigmas: tuple[float | None, ...]


def _unusual(grown: Grown, figures: Figures, last_year: int) -> _Unusual:
    said = tuple(told(grown, figures, last_year, member) for member in range(grown.size))
    change = grown.carrier.forward(figures.values[-1]) - grown.last_level()
    last = np.asarray(grown.marginal(int(figures.years[-1]) - grown.last_years()).at_most(change))
    return _Unusual(
        tail=np.array([np.nan if one is None else _tail(grown, one, m) for m, one in enumerate(said)]),
        last=np.where([one is None for one in said], np.nan, last),
        said=said,
        sigmas=tuple(_known_sigma(grown, member) for member in range(grown.size)),
    )


def _tail(grown: Grown, one: Told, member: int) -> float:
    """Probability of a distance at least as large, over all cells."""
    count = len(one.places)
    if isinstance(grown.law, PathLaw):
        return float(special.chdtrc(count, one.distance[0]))
    law = grown.law.mixture(1, member)
    far, known = one.distance / law.scales**2, np.isinf(law.dof)
    dof = np.where(known, 1.0, law.dof)
    tails = np.where(known, special.chdtrc(count, far), special.fdtrc(count, dof, far / count))
    return float((law.weights * tails).sum())


def _known_sigma(grown: Grown, member: int) -> float | None:
    """Sigma of a law of one cell where it is known, and one for numbers that are walked."""
    if isinstance(grown.law, PathLaw):
        return 1.0
    law = grown.law.mixture(1, member)
    return float(law.scales[0]) if len(law.scales) == 1 and np.isinf(law.dof[0]) else None


def _apart(found: Mapping[str, _Unusual]) -> str:
    """Say why there is no tail of all paths together; empty if there is one."""
    if len(found) == 1:
        return "one indicator is given"
    doubtful = [name for name, one in found.items() if None in one.sigmas]
    return f"none: sigma or the cell of {', '.join(doubtful)} is not known" if doubtful else ""


def _joint_tail(model: GrowthModel, found: Mapping[str, _Unusual]) -> Array:
    """Tail of all paths at once, ``(member,)``; an average over what the correlation may be."""
    draws = model.dependence.select([model.names.index(name) for name in found]).draws
    out = np.full(next(iter(found.values())).tail.size, np.nan)
    for member in range(out.size):
        said, scores, loads = [one.said[member] for one in found.values()], [], []
        if None in said:
            continue
        for (name, one), told_ in zip(found.items(), said, strict=True):
            assert told_ is not None
            scores.append(told_.scores[0] / one.sigmas[member])
            loads.append(_loads(told_, model.last_year - int(model[name].last_years()[member])))
        out[member] = np.mean([_distance_tail(np.concatenate(scores), loads, matrix) for matrix in draws])
    return out


def _loads(one: Told, gap: int) -> tuple[Array, Array]:
    """Loads on drift and years of the world, which are shared, and on unknown years before."""
    return np.column_stack([one.drift[0], one.rows[0][:, gap:]]), one.rows[0][:, :gap]


def _distance_tail(y: Array, loads: list[tuple[Array, Array]], matrix: Array) -> float:
    """Tail of the squared distance of what is said from nothing unusual, for one correlation."""
    years = max(shared.shape[1] for shared, _ in loads)
    full = [np.pad(shared, ((0, 0), (0, years - shared.shape[1]))) for shared, _ in loads]
    own = [before @ before.T for _, before in loads]
    spread = np.block(
        [[matrix[g, h] * one @ two.T for h, two in enumerate(full)] for g, one in enumerate(full)]
    )
    spread += block_diag(*own)
    return float(special.chdtrc(len(y), y @ np.linalg.solve(spread, y)))


def _verdicts(model: GrowthModel, figures: Figures, name: str, found: _Unusual) -> list[Verdict]:
    known = model.history[name].attrs if name in model.history else {}
    year = int(figures.years[-1])
    return [
        Verdict(name=name, known=known, value=value, year=year, tail=tail, last=last)
        for value, tail, last in zip(figures.values[-1], found.tail, found.last, strict=True)
    ]


def _batch(model: GrowthModel, figures: Mapping[str, Figures]) -> dict[str, xr.DataArray]:
    """Return the batch that all given indicators share."""
    names = list(figures)
    for name in names[1:]:
        if not model.together(names[0], name):
            raise RequestError(
                f"{names[0]!r} and {name!r} differ in their batch.", "Ask about them in separate calls."
            )
    return model.batch(names[0])
