"""GrowthModel: everything a simulation needs to know, fitted or put together by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Protocol

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from sxsim import labels
from sxsim.errors import ModelError, UnknownNameError, nearest
from sxsim.identities import Identity, in_order, needed
from sxsim.links import Carrier, Linear
from sxsim.processes.conditions import Conditions, conditions_of
from sxsim.processes.dependence import Dependence, check_dependence
from sxsim.processes.derived import check_identities
from sxsim.processes.figures import KnownPath
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import Mixture, StudentT
from sxsim.processes.one_year import SideBySide
from sxsim.processes.parameter import refuse_free
from sxsim.processes.path_process import PathLaw, refuse_unsound_step, stands_on

Array = NDArray[np.float64]


class Law(Protocol):
    """What may stand as the future of an indicator: a Gaussian process, or a posterior."""

    def marginal(self, step: NDArray[np.int64] | int) -> StudentT | MixtureMarginal:
        """Return the law of the change ``step`` years after the last figure, ``(member,)``."""
        ...

    def drift_share(self, step: NDArray[np.int64] | int) -> Array:
        """Share of that law's variance that comes from the drift not being known, ``(member,)``."""
        ...

    def mixture(self, horizon: int, member: int = 0) -> Mixture:
        """Return the joint law of the next ``horizon`` years of one member."""
        ...


class Rung(Enum):
    """How far an indicator's own figures carry; the value is the explanation."""

    OWN = "own figures lead, drawn towards the prior"
    PRIOR_LEADS = "two to four figures: growth and spread lean on the prior"
    PRIOR_ONLY = "one figure: growth and spread come from the prior alone"
    BRIDGED = "growth learned from another series: an assumption"
    GIVEN = "parameters set by hand"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What the fit of one indicator rests on, per member of its batch."""

    points: NDArray[np.int64]
    first_year: NDArray[np.int64]
    rungs: tuple[Rung, ...]
    own_drift_share: Array
    own_variance_share: Array
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Grown:
    """One indicator of a model.

    Attributes
    ----------
    name
        Variable name; it owns the random streams.
    carrier
        Scale on which it grows.
    law
        How the link-scale level changes after ``last_year``.
    last_value, last_year
        Last published figure and its year; arrays ``(member,)`` where the indicator has a batch, NaN for a
        member without any figure.
    evidence
        What the fit rests on; None for a hand-made indicator.
    common
        Share of the variance of a year's shock that all members of the batch have in common.

    Examples
    --------
    >>> from sxsim.links import Log
    >>> from sxsim.processes.random_walk import RandomWalk
    >>> walk = RandomWalk(drift=0.1, sigma=0.1)
    >>> Grown(name="patents", carrier=Log(), law=walk, last_value=4383, last_year=2012).size
    1
    """

    name: str
    carrier: Carrier
    law: Law | PathLaw
    last_value: ArrayLike
    last_year: ArrayLike
    evidence: Evidence | None = None
    common: float = 0.0

    def __post_init__(self) -> None:
        values = np.asarray(self.last_value, float)
        known = values[np.isfinite(values)] if values.ndim else values
        if not (known.size and ((known > self.carrier.lower) & (known < self.carrier.upper)).all()):
            raise ModelError(
                f"The last value of {self.name!r} is {self.last_value!r}, outside "
                f"({self.carrier.lower:g}, {self.carrier.upper:g}).",
                "Give a value inside, or choose another carrier.",
            )
        if not 0 <= self.common < 1:
            raise ModelError(
                f"{self.name!r} has common={self.common!r}.", "Give a share of the variance in [0, 1)."
            )
        refuse_free(self.law)
        needed = self.law.carrier if isinstance(self.law, PathLaw) else None
        if not stands_on(needed, self.carrier):
            raise ModelError(
                f"{type(self.law).__name__} stands on {needed!r}, {self.name!r} on {self.carrier!r}.",
                f"Give carrier=sx.{needed!r}.",
            )
        refuse_unsound_step(self.law, float(self.carrier.forward(known.flat[0])))

    @property
    def size(self) -> int:
        """Number of members of the batch; 1 without one."""
        return int(np.size(self.last_value))

    @property
    def counts(self) -> bool:
        """Whether its levels are whole numbers."""
        return isinstance(self.law, PathLaw) and isinstance(self.law.carrier, Linear)

    def last_level(self) -> Array:
        """Last figure on the link scale, ``(member,)``."""
        return self.carrier.forward(np.atleast_1d(np.asarray(self.last_value, float)))

    def marginal(self, step: NDArray[np.int64] | int) -> StudentT | MixtureMarginal | SideBySide:
        """Return the law of the change ``step`` years after the last figure, ``(member,)``."""
        if isinstance(self.law, PathLaw):
            return self.law.marginal(step, self.last_level())
        return self.law.marginal(step)

    def last_years(self) -> NDArray[np.int64]:
        """Year of the last figure, ``(member,)``."""
        return np.broadcast_to(np.asarray(self.last_year, np.int64), (self.size,))


@dataclass(frozen=True, kw_only=True, slots=True)
class GrowthModel:
    """Indicators that grow together after ``last_year``.

    Attributes
    ----------
    indicators
        The indicators; kept in the order of their names.
    last_year
        Horizons count from here.
    correlation
        Correlation of the yearly innovations in the order ``indicators`` were given, ``(indicator,
        indicator)``; None for independence. Reads as the posterior mean where a fit knows it only roughly.
    history
        Observed figures up to ``last_year``; empty for a hand-made model.
    absent
        Variables that could not be fitted, with the reason.
    dependence
        What is known of the correlation, in the same order; the default is ``correlation`` and no doubt.
    identities
        What is computed from the indicators instead of being fitted; kept in an order in which each comes
        after what it reads in the same year. Figures before the first year come from ``history``.
    conditions
        Figures it was given for years to come, by :meth:`given`; None without any.

    Raises
    ------
    ModelError
        A name stands twice, the correlation is not a positive definite correlation matrix, or it is not the
        mean of a dependence given beside it. A quantity is fitted and defined by an identity, or an identity
        rests on nothing that is fitted, or reads indicators of different dimensions.
    PlanError
        Two identities define one indicator, or some need each other within a year.
    UnknownNameError
        An identity reads what is not in the model.
    HistoryError
        An identity reads a year before the first figure.

    Examples
    --------
    >>> from sxsim.links import Log
    >>> from sxsim.processes.random_walk import RandomWalk
    >>> walk = RandomWalk(drift=0.1, sigma=0.1)
    >>> patents = Grown(name="patents", carrier=Log(), law=walk, last_value=4383.0, last_year=2012)
    >>> GrowthModel(indicators=(patents,), last_year=2012).names
    ('patents',)
    """

    indicators: tuple[Grown, ...]
    last_year: int
    correlation: Array | None = None
    history: xr.Dataset = field(default_factory=xr.Dataset, compare=False, repr=False)
    absent: Mapping[str, str] = field(default_factory=dict)
    dependence: Dependence = field(default=None, repr=False)  # type: ignore[assignment]
    identities: tuple[Identity, ...] = ()
    conditions: Conditions | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        names = [grown.name for grown in self.indicators]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ModelError(
                f"Indicators stand twice in the model: {', '.join(sorted(twice))}.", "Rename one."
            )
        known = Dependence.known(np.eye(len(names)) if self.correlation is None else self.correlation)
        given = self.dependence or known
        check_dependence(given, names)
        if self.correlation is not None and not np.allclose(known.mean, given.mean):
            raise ModelError("The correlation is not the mean of the dependence.", "Give one of them.")
        order = np.argsort(names, kind="stable") if names else np.zeros(0, int)
        object.__setattr__(self, "indicators", tuple(self.indicators[i] for i in order))
        object.__setattr__(self, "identities", in_order(self.identities))
        object.__setattr__(self, "dependence", given.select(order))
        object.__setattr__(self, "correlation", self.dependence.mean)
        for grown in self.indicators:
            named = self.members(grown.name)
            if grown.size != named:
                raise ModelError(
                    f"{grown.name!r} has {grown.size} members, its history names {named}.",
                    "Give the history, whose coordinates name the members.",
                )
            if (grown.last_years() > self.last_year).any():
                raise ModelError(
                    f"{grown.name!r} is known up to {grown.last_years().max()}, after the model's last year "
                    f"{self.last_year}.",
                    "Raise last_year, or cut the series.",
                )
        check_identities(self)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of what is fitted, in order."""
        return tuple(grown.name for grown in self.indicators)

    @property
    def derived(self) -> tuple[str, ...]:
        """Names of what is computed by identities, each after what it reads in the same year."""
        return tuple(identity.indicator for identity in self.identities)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def __getitem__(self, name: str) -> Grown:
        for one in self.identities:
            if one.indicator == name:
                raise UnknownNameError(
                    f"{name!r} is derived, not fitted: {one}.", "Look up what it is computed from."
                )
        if name not in self.names:
            reason = self.absent.get(name)
            text = f"{name!r} is not in the model" + (f": {reason}." if reason else ".")
            raise UnknownNameError(text, nearest(name, self.names))
        return self.indicators[self.names.index(name)]

    def vintage(self) -> dict[str, str | int]:
        """Return what the figures are: the last year used, and the plan they come from, if any."""
        known = (labels.PLAN, labels.PLAN_DIGEST)
        return {"data_until": self.last_year} | {
            k: self.history.attrs[k] for k in known if k in self.history.attrs
        }

    def select(self, names: tuple[str, ...]) -> GrowthModel:
        """Return the model of some of its indicators; a derived one brings what it is computed from."""
        wanted = needed(self.identities, names)
        chosen = tuple(self[name] for name in sorted(wanted.difference(self.derived)))
        rows = [self.names.index(grown.name) for grown in chosen]
        return GrowthModel(
            indicators=chosen,
            last_year=self.last_year,
            history=self.history,
            absent=self.absent,
            dependence=self.dependence.select(rows),
            identities=tuple(one for one in self.identities if one.indicator in wanted),
            conditions=self.conditions,
        )

    def given(self, path: KnownPath) -> GrowthModel:
        """Return the model that knows figures of years to come: "if GDP follows this path".

        Everything random stays on the same streams, so that a future differs from its twin in the model as it
        was by what the path demands, and indicators that have nothing to do with it not at all. Cells and
        sigma of a given indicator are weighed anew by its figures; the shocks of all others move as far as
        they are correlated with what the path says about its shocks (kriging; Chiles and Delfiner 2012,
        https://doi.org/10.1002/9781118136188, chapter 7). Questions about indicators that are concerned are
        answered by simulation. Where several indicators are given, the cells and sigma of each are weighed by
        its own figures, and what the paths say together about the correlation is not used: exact with one
        given indicator, and with several where sigma and correlation are known and each has one cell. Members
        of a batch are given their own figures alone.

        Parameters
        ----------
        path
            By indicator, figures in published units: a mapping from years to numbers, a pandas Series, or a
            DataArray with the dimension ``year`` and, where members of a batch differ, those of the batch.
            Any years after the model's last, whatever the horizon of a later run.

        Returns
        -------
        GrowthModel
            The same model with ``conditions``; given again, figures add up.

        Raises
        ------
        UnknownNameError
            The model does not hold an indicator that is given.
        RequestError
            A year not after the model's last or given twice, a figure that is missing or outside the range of
            its indicator, labels that are not those of its batch.
        ModelError
            The law cannot follow the figures: nothing is uncertain, its parameters are drawn, it is a count,
            or it is walked year by year and a year is left out.

        Examples
        --------
        >>> import sxsim as sx
        >>> walk = sx.RandomWalk(drift=0.05, sigma=0.1)
        >>> both = tuple(
        ...     sx.Grown(name=name, carrier=sx.Log(), law=walk, last_value=100.0, last_year=2012)
        ...     for name in ("gdp", "patents")
        ... )
        >>> model = sx.GrowthModel(indicators=both, last_year=2012, correlation=[[1.0, 0.8], [0.8, 1.0]])
        >>> boom = model.given({"gdp": {2013: 120.0, 2014: 140.0}})
        >>> sx.simulate(boom, horizon=2, draws=1000, rng=0).gdp.max("draw").values.round(6).tolist()
        [[120.0, 140.0]]
        """
        return replace(self, correlation=None, conditions=conditions_of(self, path))

    def concerned(self, names: Iterable[str]) -> frozenset[str]:
        """Return those among some indicators whose law is another by the figures given."""
        told, parts = self.conditions, {name: needed(self.identities, [name]) for name in names}
        return frozenset(
            name
            for name, read in parts.items()
            if told and any(told.reaches(part) for part in read.difference(self.derived))
        )

    def members(self, name: str) -> int:
        """Return how many members the batch of an indicator has, fitted or derived; 1 without one."""
        return int(np.prod([c.size for c in self.batch(name).values()], dtype=int))

    def batch(self, name: str) -> dict[str, xr.DataArray]:
        """Batch coordinates of an indicator by dimension, in order; empty without a batch."""
        if name not in self.history:
            parts = sorted((needed(self.identities, [name]) - {name}).intersection(self.names))
            return self.batch(parts[0]) if parts else {}
        variable = self.history[name]
        return {str(dim): variable[dim] for dim in variable.dims if dim != labels.YEAR}

    def together(self, name: str, other: str) -> bool:
        """Whether two indicators share their batch; those of different ones are independent."""
        one, two = self.batch(name), self.batch(other)
        return list(one) == list(two) and all(one[dim].equals(two[dim]) for dim in one)

    def __repr__(self) -> str:
        derived = f"; derived: {', '.join(self.derived)}" if self.identities else ""
        told = f"; given: {', '.join(sorted(self.conditions.figures))}" if self.conditions else ""
        return f"<GrowthModel to {self.last_year}: {', '.join(self.names) or 'no indicator'}{derived}{told}>"
