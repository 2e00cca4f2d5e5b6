"""How much of what is uncertain each coming figure will settle: futures are simulated and refitted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.attainment import attainment
from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.fitting import fit
from sxsim.identities import Identity
from sxsim.plan import Plan, Target
from sxsim.processes import GrowthModel
from sxsim.simulation import simulate
from sxsim.simulation.method import check_whole
from sxsim.streams import Seed, provenance, type_of_rng
from sxsim.studies.alert import AlertRule
from sxsim.studies.futures import Told, chances, told_by
from sxsim.studies.release import FirstRelease, Vintages
from sxsim.studies.standing import last_year, refuse_batch

Array = NDArray[np.float64]
Fit = Callable[..., GrowthModel]

_FEWEST = 10.0
COLUMNS = ("resolved", "expected_change", "alert_change", "mean_probability")


def value_of_information(
    plan: Plan,
    as_of: int | None = None,
    *,
    targets: Sequence[str] | None = None,
    observed: Sequence[str] | None = None,
    futures: int = 400,
    draws: int = 1024,
    release: Vintages = FirstRelease(),  # noqa: B008
    rule: AlertRule = AlertRule(),  # noqa: B008
    fit: Fit = fit,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Say how much of what is uncertain about a target the figures of each coming year will settle.

    Futures are drawn from the model, their figures up to a year are added to the history, the model is
    fitted to each of these histories, and asked again. With ``P`` the probability then, and ``p`` its mean,

        resolved = Var(P) / (p (1 - p)),

    the share of the variance of the outcome that is known by then: 0 if nothing, 1 if it is decided. It grows
    with the years, to 1 in the year asked for. Where ``P`` is counted, the variance of the counts is taken
    off. How indicators move together is taken as known today. Where fewer than ten futures are likely to
    turn out the less likely way nothing is said of the share.

    Parameters
    ----------
    plan
        Its history has no batch.
    as_of
        Last year whose figures are known; the default is the plan's ``fit_until``.
    targets
        Ids; the default is every target.
    observed
        Indicators whose figures will come; the default is all that a target depends on. What others tell of
        an indicator that is not observed, because they move together, is not counted.
    futures
        Simulated futures, at least 50.
    draws
        Paths for each future, where a target has no closed form.
    release
        What is known as of the year, see :func:`sxsim.replay`.
    rule
        Thresholds of the alerts.
    fit
        From a history to a model, called like :func:`sxsim.fit` with ``until=`` and ``identities=``.
    rng
        Seed; None takes fresh entropy, recorded in the result.

    Returns
    -------
    xarray.Dataset
        Dims ``(year, target)``, years whose figures are known by then: ``resolved``; ``expected_change``, the
        mean of ``|P - today|``; ``alert_change``, how likely the grade of the probability is another than
        today; ``mean_probability``, which differs from today's where the fit itself would change with the
        years, as on its ladder for short series. Each with ``..._error``, one standard error. By target:
        ``probability`` today, and ``reason`` where nothing, or nothing of the share, can be said.

    Raises
    ------
    RequestError
        Fewer than 50 futures, no draws, a history with a batch, or no year to come.
    UnknownNameError
        A target or an observed indicator has another name.

    References
    ----------
    Raiffa and Schlaifer (1961), Applied Statistical Decision Theory. DeGroot (1962),
    https://doi.org/10.1214/aoms/1177704567

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> found = sx.value_of_information(plan, 2014, targets=["H2"], futures=100, rng=0)
    >>> found.resolved.sel(target="H2", year=[2015, 2018, 2020]).round(1).values.tolist()
    [0.1, 0.6, 1.0]
    """
    check_whole("futures", futures, "Give at least 50.", least=50)
    check_whole("draws", draws, "Give a whole number of at least 1.")
    year = plan.fit_until if as_of is None else as_of
    seed = Seed.of(rng)
    chosen = plan.targets if targets is None else tuple(plan.target(name) for name in targets)
    refuse_batch(chosen, plan.history)
    known = release.known(plan.history, year)
    model = fit(known, until=year, identities=plan.identities)
    asking = Asking(
        plan=plan, model=model, known=known, observed=observed, futures=futures, draws=draws, rule=rule,
        fit=fit, seed=seed,
    )  # fmt: skip
    odds = attainment(model, chosen, rng=seed.entropy).isel({labels.SCENARIO: 0}, drop=True)
    found = settled_by(asking, chosen, odds)
    if not found.sizes[labels.YEAR]:
        raise RequestError(f"No target has a year after {year} to be known.", "Choose an earlier as_of=.")
    return found.assign_attrs(
        provenance(
            seed, "value of information", **model.vintage(), as_of=year, futures=futures, draws=draws,
            release=repr(release),
        )
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """From where the future is looked at, and how; see :func:`value_of_information`."""

    plan: Plan
    model: GrowthModel
    known: xr.Dataset
    observed: Sequence[str] | None
    futures: int
    draws: int
    rule: AlertRule
    fit: Fit
    seed: Seed


def settled_by(asking: Asking, targets: Sequence[Target], odds: xr.Dataset) -> xr.Dataset:
    """Return what each coming year settles of each target, given the odds of today."""
    model, today = asking.model, odds["probability"].to_numpy()
    reasons = [str(why) for why in odds["reason"].values]
    few = {t.id for t, p in zip(targets, today, strict=True) if min(p, 1.0 - p) * asking.futures < _FEWEST}
    last = {t.id: last_year(t) for t, why in zip(targets, reasons, strict=True) if not why}
    ahead = [t for t in targets if last.get(t.id, 0) > model.last_year]
    years = np.arange(model.last_year + 1, max(last.values(), default=model.last_year) + 1)
    told = told_by(model, asking.known, ahead, asking.plan.identities)
    _check_observed(asking.observed, told)
    paths = _paths(asking, told, int(years[-1])) if ahead else xr.Dataset()
    shape = (years.size, len(targets))
    table = {name: np.full(shape, np.nan) for one in COLUMNS for name in (one, f"{one}_error")}
    for i, year in enumerate(years):
        open_ones = [t for t in ahead if last[t.id] >= year]
        later = _refitted(asking, told, paths, int(year))
        for target, found in zip(
            open_ones, chances(later, open_ones, asking.draws, asking.seed), strict=True
        ):
            place = [t.id for t in targets].index(target.id)
            decided = bool(year == last[target.id])
            row = _summary(*found, float(today[place]), asking.rule, few=target.id in few, decided=decided)
            for name, value in row.items():
                table[name][i:, place] = value
    tell = [why or _too_few(t, few, asking.futures) for t, why in zip(targets, reasons, strict=True)]
    dims = (labels.YEAR, labels.TARGET)
    return xr.Dataset(
        {name: (dims, values) for name, values in table.items()}
        | {"probability": (labels.TARGET, today), "reason": (labels.TARGET, tell)},
        coords={labels.YEAR: years, **{n: odds[n].variable for n in (labels.TARGET, "label", "label_zh")}},
    )


def _too_few(target: Target, few: Collection[str], futures: int) -> str:
    return f"{futures} futures are too few for a probability this near 0 or 1" if target.id in few else ""


def _check_observed(observed: Sequence[str] | None, told: Told) -> None:
    for name in observed or ():
        if name not in told.simulated:
            raise UnknownNameError(
                f"observed= names {name!r}, on which no target depends.", nearest(name, told.simulated)
            )


def _paths(asking: Asking, told: Told, until: int) -> xr.Dataset:
    return simulate(
        asking.model, until=until, draws=asking.futures, rng=asking.seed.entropy, indicators=told.simulated
    ).isel({labels.SCENARIO: 0}, drop=True)


def _refitted(asking: Asking, told: Told, paths: xr.Dataset, year: int) -> GrowthModel:
    """Fit all futures up to a year at once; how indicators move together stays as it is known today."""
    names = told.simulated if asking.observed is None else tuple(asking.observed)
    identities: tuple[Identity, ...] = told.identities
    later = asking.fit(told.batch(paths, names, year), until=year, identities=identities)
    rows = [asking.model.names.index(name) for name in later.names]
    return replace(later, correlation=None, dependence=asking.model.dependence.select(rows))


def _summary(
    chance: Array, error: Array, today: float, rule: AlertRule, *, few: bool, decided: bool
) -> dict[str, float]:
    """Return mean and standard error of everything, over futures that are independent draws."""
    if np.isnan(chance).any():
        return {name: np.nan for one in COLUMNS for name in (one, f"{one}_error")}
    n = chance.size
    change, other = np.abs(chance - today), rule.grades(chance) != rule.grades(np.asarray(today))
    share, spread = (1.0, 0.0) if decided else (np.nan, np.nan)
    if not (few or decided):
        share, spread = _resolved(chance, error)
    often = float(other.mean())
    return {
        "resolved": share,
        "resolved_error": spread,
        "expected_change": float(change.mean()),
        "expected_change_error": float(change.std(ddof=1)) / np.sqrt(n),
        "alert_change": often,
        "alert_change_error": float(np.sqrt(often * (1.0 - often) / n)),
        "mean_probability": float(chance.mean()),
        "mean_probability_error": float(chance.std(ddof=1)) / np.sqrt(n),
    }


def _resolved(chance: Array, error: Array) -> tuple[float, float]:
    """Share of the variance resolved, and its error by the jackknife; NaN where all are 0, or 1."""
    parts = np.stack([chance, chance**2, error**2])
    whole, n = parts.sum(axis=1), chance.size
    share = _ratio(whole / n)
    without = _ratio((whole[:, None] - parts) / (n - 1))
    spread = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    return float(np.clip(share, 0.0, 1.0)), float(spread)


def _ratio(means: Array) -> Array:
    first, second, noise = means
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((second - first**2 - noise) / (first * (1.0 - first)))
