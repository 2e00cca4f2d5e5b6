"""Would it have been right? The line run again from earlier years, and compared with what came."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
import xarray as xr

from sxsim import labels
from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.fitting import fit, walk_prior
from sxsim.fitting.history import read_history
from sxsim.links import Carrier
from sxsim.processes import GrowthModel
from sxsim.simulation.method import check_whole
from sxsim.streams import Seed, provenance, type_of_rng
from sxsim.studies.cases import ASKED, Page, Said, ask, goals_of, page
from sxsim.studies.forecasters import Fitted, PlainWalk
from sxsim.studies.outlook import Forecaster, Outlook
from sxsim.studies.summary import Book, summary
from sxsim.studies.windows import Window, windows


def _walk(history: xr.Dataset) -> GrowthModel:
    """Fit a random walk under the shipped prior, which is read when it is first needed."""
    return fit(history, prior=walk_prior())


MODELS: Mapping[str, Forecaster] = MappingProxyType(
    {
        "default": Fitted(),
        "random walk": Fitted(fit=_walk),
        "random walk, plugged in": PlainWalk(drift=True, on_link=True),
        "naive": PlainWalk(),
    }
)


def backtest(
    history: xr.Dataset | pd.DataFrame,
    *,
    horizon: int = 5,
    origins: Iterable[int] | None = None,
    models: Mapping[str, Forecaster] | None = None,
    reference: str | None = None,
    least: int = 5,
    draws: int = 4096,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Refit at every origin with what was known then, forecast, and score what came.

    Every forecaster sees the figures up to the origin and nothing else, and all are scored on the same cases:
    a case that one of them left unanswered counts for none. Standard errors are clustered by origin, because
    all members live through the same years; see :func:`sxsim.scores.clustered_mean`.

    Besides the figures themselves, targets are put to every forecaster whose levels follow from the history
    alone: its own growth of the last ten years (at least 0.01 a year on the link scale) times -1, .5, 1 and
    1.5, to be reached in the last year (event ``level``) and kept in every year (event ``every_year``).

    Parameters
    ----------
    history
        As for :func:`sxsim.fit`: one variable per indicator over ``year`` and any batch.
    horizon
        Years ahead.
    origins
        Last known years; the default is every year with ``least`` years before it and ``horizon`` after.
    models
        Forecasters by name, such as :class:`sxsim.Fitted`, :class:`sxsim.PlainWalk`,
        :class:`sxsim.FromQuantiles`, :class:`sxsim.Statsforecast` or anything that is called like them. The
        default compares the default fit with a random walk under the shipped prior, a random walk whose
        estimates are plugged in, and the naive forecast.
    reference
        Name of the model that the others are compared with; the default is the last.
    least
        Members with fewer figures at an origin are not scored.
    draws
        Simulated paths for the event ``every_year`` and the scores of whole paths; 0 leaves both out.
    rng
        Seed of these paths; None takes fresh entropy, recorded in the result.

    Returns
    -------
    xarray.Dataset
        ``mean``, ``standard_error``, ``difference`` (model less reference), ``difference_error`` and
        ``skill`` (1 less the ratio to the reference) over ``(score, indicator, model)``; ``by_step`` and
        ``by_step_error`` (year ahead) and ``by_origin``; ``cases`` and ``effective_origins``; ``path_mean``,
        ``path_standard_error``, ``path_difference``, ``path_difference_error`` and ``path_cases`` over
        ``(path_score, indicator, model)``: energy and variogram score of the paths of all years ahead on the
        scale of growth, where all of them were observed; ``pit`` (shares of ten equal bins) and
        ``pit_distance``; ``event_...`` (Brier score with its parts, log loss) over ``(event, indicator,
        model)``; every single target as ``event_probability`` and ``event_outcome`` over ``case``;
        ``failures`` and ``seconds``. With several indicators, ``all`` pools what has no units.
        ``crps`` and ``absolute_error`` are in published units, ``scaled_crps``, ``mase`` and ``msis`` in
        units of the mean absolute yearly change, ``link_crps`` on the scale of growth.

    Raises
    ------
    HistoryError
        The history cannot be used.
    RequestError
        An origin leaves nothing to compare, no model was given, or a number is out of range.
    UnknownNameError
        The reference is not one of the models.

    References
    ----------
    Tashman (2000), https://doi.org/10.1016/S0169-2070(00)00065-0

    Examples
    --------
    >>> import sxsim as sx
    >>> panel = sx.load_panel("provinces-rd-intensity")
    >>> found = sx.backtest(panel, origins=[2012, 2017], horizon=5, draws=0)
    >>> bool(found.skill.sel(score="scaled_crps", model="default").item() > 0.2)
    True
    """
    chosen = dict(MODELS if models is None else models)
    name = _reference(chosen, reference)
    check_whole("horizon", horizon, "Give a whole number of at least 1.")
    check_whole("least", least, "Give a whole number of at least 2.", least=2)
    check_whole("draws", draws, "Give a whole number of at least 0.", least=0)
    door = read_history(history)
    carriers = {series.name: series.carrier for series in door.series}
    seed = Seed.of(rng)
    cut = windows(door, origins, horizon, least)
    pages: dict[tuple[str, int], Page] = {}
    seconds = np.zeros(len(chosen))
    for window in cut:
        found, spent = _origin(window, carriers, list(chosen.values()), draws, seed)
        pages |= {(indicator, window.origin): one for indicator, one in found.items()}
        seconds += spent
    book = Book(
        pages=pages,
        indicators=tuple(carriers),
        origins=tuple(window.origin for window in cut),
        models=tuple(chosen),
        reference=name,
        horizon=horizon,
    )
    table = summary(book)
    named = {"label": labels.LONG_NAME, "label_zh": labels.LONG_NAME_ZH}
    titles = {
        coordinate: ("indicator", [_title(door.data, str(i), name) for i in table["indicator"].values])
        for coordinate, name in named.items()
    }
    record = provenance(seed, "backtest", horizon=horizon, least=least, draws=draws, reference=name)
    return table.assign(seconds=("model", seconds)).assign_coords(titles).assign_attrs(record)


def _title(data: xr.Dataset, indicator: str, attribute: str) -> str:
    return str(data[indicator].attrs.get(attribute, "")) if indicator in data else ""


def _origin(
    window: Window, carriers: Mapping[str, Carrier], models: Sequence[Forecaster], draws: int, seed: Seed
) -> tuple[dict[str, Page], np.ndarray]:
    """Ask every forecaster at one origin and score each indicator."""
    seen = {name: carriers[name] for name in window.scored}
    goals = goals_of(window, seen)
    put = partial(ask, window=window, goals=goals, carriers=seen, draws=draws, rng=seed.entropy)
    said = [_said(model, window, put) for model in models] if seen else []
    found = {n: page(n, carrier, window, goals, said) for n, carrier in seen.items()}
    return found, np.array([one.seconds for one in said] or [0.0] * len(models))


def _said(model: Forecaster, window: Window, put: Callable[[Outlook], tuple[xr.Dataset, ...]]) -> Said:
    clock = time.perf_counter()
    outlook = model(window.history, window.truth.sizes[labels.YEAR])
    quantiles = outlook.quantiles(ASKED)
    spent = time.perf_counter() - clock
    pit, events, paths = put(outlook)
    return Said(quantiles=quantiles, pit=pit, events=events, paths=paths, seconds=spent)


def _reference(models: Mapping[str, Forecaster], reference: str | None) -> str:
    if not models:
        raise RequestError("No model was given.", "Leave out models= for the usual comparison.")
    for name, model in models.items():
        if not callable(model):
            raise RequestError(
                f"The model {name!r} is a {type(model).__name__}, which looks ahead of nothing.",
                "Give sx.Fitted(), sx.PlainWalk() or a callable of history and horizon.",
            )
    name = list(models)[-1] if reference is None else reference
    if name not in models:
        raise UnknownNameError(f"The reference {name!r} is not one of the models.", nearest(name, models))
    return name
