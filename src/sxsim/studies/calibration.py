"""Does what is announced with p happen in p of all cases, where that can be known?"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.analysis import scores
from sxsim.analysis.attainment import attainment
from sxsim.errors import RequestError
from sxsim.fitting import Prior, fit, walk_prior
from sxsim.plan import Target
from sxsim.processes import Dependence, GrowthModel
from sxsim.simulation import Method, Sobol
from sxsim.simulation.method import check_method, check_whole
from sxsim.streams import Seed, provenance, type_of_rng
from sxsim.studies.simulated_plans import LAST, aims_of, by_event, reached, simulated_plans

Believer = Callable[[xr.Dataset], GrowthModel]

SAME = "same prior"
_METHOD = Sobol(points=256, replicates=2)
_EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
_RESAMPLES = 20


def calibration(
    prior: Prior | None = None,
    *,
    models: Mapping[str, Believer] | None = None,
    plans: int = 1000,
    figures: int = 12,
    horizon: int = 5,
    correlation: float = 0.0,
    replay: bool = False,
    level: float = 0.9,
    method: Method | None = None,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Put the whole line to the test in a simulated world: plans whose truths are drawn from a prior.

    For every plan the drift and the variance of two indicators are drawn from the prior, then ``figures``
    years that are known and ``horizon`` years to come. All plans are fitted as one batch, asked for the
    probability of their targets, and compared with what came. Who believes the very prior the world was made
    from is right by construction: what is announced with p must happen in p of all cases, within the
    bands, and with ``replay`` the probabilities, refitted as each year comes in, must be a martingale.
    Anything else is an error of the library. Other beliefs, such as the default fit, show what they cost in
    a world that is not theirs.

    The targets are: the first indicator at or above its expected level in the last year (event ``level``),
    and never below where it stands today (``every_year``); the second at or below the expected level in the
    last year (``ceiling``); ``all`` of them.

    Parameters
    ----------
    prior
        From which truths are drawn; the default is :func:`sxsim.walk_prior`. In its own world all figures
        count, whatever its ``window``.
    models
        Beliefs by name: functions from a history to a model, such as :func:`sxsim.fit`. The default is a fit
        with the same prior and the true correlation, called ``same prior``.
    plans
        Number of plans; they are independent of each other.
    figures, horizon
        Years that are known, and years to come.
    correlation
        Of the shocks of both indicators, and of their drifts. Answers are exact for 0. Otherwise the fit
        learns each variance from its own series alone, although the other knows something of it.
    replay
        Whether every plan is also fitted again with each year that comes in.
    level
        Probability of the bands of all bins together, for each event.
    method
        How probabilities are computed, as for :func:`sxsim.attainment`; the default takes 512 quasi-random
        points for each plan.
    rng
        Seed of the world and of the points; None takes fresh entropy, recorded in the result.

    Returns
    -------
    xarray.Dataset
        ``event_probability`` over ``(event, model, case)`` and ``event_outcome``; ``event_brier`` with its
        parts and ``event_log_loss`` over ``(event, model)``, as :func:`sxsim.backtest` gives them;
        ``bin_announced``, ``bin_observed``, ``bin_cases``, ``bin_band_low`` and ``bin_band_high`` over
        ``bin``, see :func:`sxsim.scores.reliability_table`; ``seconds``. With ``replay`` also ``replayed``
        over ``origin``, the last year known, and ``update_...``, see :func:`sxsim.scores.updates`.
        :func:`sxsim.reliability_chart` draws it.

    Raises
    ------
    RequestError
        A number out of range, a flat prior, from which nothing can be drawn, or no model that fits.

    References
    ----------
    Talts et al. (2018), https://doi.org/10.48550/arXiv.1804.06788; Augenblick and Rabin (2021),
    https://doi.org/10.1093/qje/qjaa043

    Examples
    --------
    >>> import sxsim as sx
    >>> prior = sx.Prior(drift=0.05, years=4, shape=3, spread=0.1)
    >>> found = sx.calibration(prior, plans=40, horizon=2, rng=0)
    >>> bool(found.event_brier.sel(event="level").item() < 0.25)
    True
    """
    believed = replace(walk_prior() if prior is None else prior, window=None)
    _check(believed, plans, figures, horizon, correlation)
    check_method(method)
    beliefs = _same(believed, correlation) if models is None else _checked(models)
    seed = Seed.of(rng)
    world = simulated_plans(
        believed, plans=plans, figures=figures, horizon=horizon, correlation=correlation, seed=seed
    )
    aims = aims_of(believed.drift, horizon)
    origins = range(LAST, LAST + horizon + 1 if replay else LAST + 1)
    table = judged(world, aims, beliefs, origins, level=level, method=method, seed=seed)
    record = provenance(
        seed, "calibration", prior=repr(believed), plans=plans, figures=figures, horizon=horizon
    )
    return table.assign_attrs(record, correlation=correlation)


def judged(
    world: xr.Dataset,
    aims: Sequence[Target],
    beliefs: Mapping[str, Believer],
    origins: Sequence[int],
    *,
    level: float,
    method: Method | None,
    seed: Seed,
) -> xr.Dataset:
    """Let every belief announce probabilities in each of the years, and compare them with what came."""
    put = partial(_announced, world=world, aims=aims, method=method or _METHOD, rng=seed.entropy)
    along = xr.Variable(labels.ORIGIN, np.asarray(origins))
    said, seconds = [], []
    for believer in beliefs.values():
        clock = time.perf_counter()
        said.append(xr.concat([put(believer, year) for year in origins], dim=along))
        seconds.append(time.perf_counter() - clock)
    replayed = xr.concat(said, dim=xr.Variable("model", list(beliefs)))
    replayed = replayed.transpose(labels.ORIGIN, "event", "model", "case")
    table = _compared(replayed.isel({labels.ORIGIN: 0}, drop=True), reached(world, aims), level, seed)
    if len(origins) > 1:
        changes = scores.updates(replayed, edges=_EDGES, dim="case")
        table |= {"replayed": replayed} | {f"update_{name}": part for name, part in changes.items()}
    return xr.Dataset({**table, "seconds": ("model", seconds)})


def _compared(p: xr.DataArray, outcome: xr.DataArray, level: float, seed: Seed) -> dict[str, xr.DataArray]:
    """Score probabilities ``(event, model, case)``."""
    parts = scores.corp(p, outcome, dim="case", resamples=_RESAMPLES, rng=seed.entropy)
    bins = scores.reliability_table(p, outcome, edges=_EDGES, dim="case", level=level)
    return {
        "event_probability": p,
        "event_outcome": outcome,
        "event_log_loss": scores.log_loss(p, outcome, dim="case"),
        **{f"event_{name}": part for name, part in parts.items()},
        **{f"bin_{name}": part for name, part in bins.items()},
    }


def _announced(
    believer: Believer, year: int, *, world: xr.Dataset, aims: Sequence[Target], method: Method, rng: int
) -> xr.DataArray:
    """Fit what is known by a year, and ask, ``(event, case)``."""
    model = believer(world.sel({labels.YEAR: slice(None, year)}))
    return by_event(attainment(model, aims, method=method, rng=rng)).clip(0.0, 1.0)


def _same(prior: Prior, correlation: float) -> dict[str, Believer]:
    known = Dependence.known([[1.0, correlation], [correlation, 1.0]])

    def same(history: xr.Dataset) -> GrowthModel:
        return replace(fit(history, prior=prior), correlation=None, dependence=known)

    return {SAME: same}


def _checked(models: Mapping[str, Believer]) -> Mapping[str, Believer]:
    if not models:
        raise RequestError("No model was given.", "Leave out models= for a fit with the same prior.")
    for name, one in models.items():
        if not callable(one):
            raise RequestError(
                f"The model {name!r} is a {type(one).__name__}, which fits nothing.",
                "Give sx.fit or another function from a history to a model.",
            )
    return models


def _check(prior: Prior, plans: int, figures: int, horizon: int, correlation: float) -> None:
    check_whole("plans", plans, "Give a whole number of at least 2.", least=2)
    check_whole("figures", figures, "Give a whole number of at least 2.", least=2)
    check_whole("horizon", horizon, "Give a whole number of at least 1.")
    if not -1.0 < correlation < 1.0:
        raise RequestError(f"correlation={correlation!r}.", "Give a number between -1 and 1, both excluded.")
    if not prior.years > 0:
        raise RequestError(
            "Nothing can be drawn from a flat prior.", "Give sx.Prior(...) or sx.fit_prior(panel)."
        )
