"""Processes that are not Gaussian: a standard normal number a year in, a path out, one to one."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.errors import ModelError
from sxsim.links import Carrier, Count, Log
from sxsim.processes.one_year import Counted, OneYear, SideBySide
from sxsim.processes.parameter import Parameter, check_parameters, refuse_free
from sxsim.processes.step_back import log_density, shocks_behind
from sxsim.processes.stepping import refuse_unsound, walk

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

DRAWS = 1 << 14
_BUCKET = 8
_SEED = 20140101


@runtime_checkable
class PathLaw(Protocol):
    """What may stand as the future of an indicator without a joint closed form: it is walked year by year.

    ``carrier`` is the scale the levels stand on where only one will do.
    """

    @property
    def carrier(self) -> Carrier | None:
        """Scale of the levels, None for any."""
        ...

    @property
    def closed_form(self) -> bool:
        """Whether ``marginal`` is one; else it is a fixed simulation."""
        ...

    def marginal(self, step: Whole | int, start: Array) -> SideBySide:
        """Return the law of the change ``step`` years after the last figure, given the last levels."""
        ...

    def paths(self, start: float, innovations: Array, pick: Array, member: int = 0) -> Array:
        """Levels ``(year, draw)`` from standard normals and, where parameters are drawn, a uniform a path."""
        ...


def stands_on(needed: Carrier | None, carrier: Carrier) -> bool:
    """Whether a law that needs one scale can live on another: a count grows on the log scale."""
    return needed is None or carrier == needed or (needed == Log() and isinstance(carrier, Count))


class PathProcess:
    """A process that turns one standard normal number a year into a path, each path into one such series.

    To write one, make a frozen dataclass that inherits from this class, with ``parameters`` and ``step``: the
    state a year later, from the state and the year's number, for all draws at once. A state is an array over
    draws, the level on the scale of growth, or a tuple of arrays of which the first is the level; ``begin``
    and ``level`` say otherwise. Paths, their inverse, the likelihood, quantiles, odds and ``sx.fit`` follow;
    what is known in closed form may be written instead: ``simulate``, its inverse ``residuals``, ``loglik``,
    ``one_year``. In a fit the fields that are learned are arrays over draws, like the state.

    The number stands for where in its law a year falls, given the years before (Rosenblatt 1952,
    https://doi.org/10.1214/aoms/1177729394): so indicators of any two laws can be correlated without changing
    the law of either.

    Raises
    ------
    ModelError
        A parameter lies outside its domain; later, a step that is not increasing in the shock, mixes draws,
        or leads to something that is not a number, with the year where it does.

    Examples
    --------
    The more a year's growth exceeds what is usual, the less is left for the next.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, kw_only=True)
    ... class Pull(PathProcess):
    ...     usual: float
    ...     parameters = (Parameter(name="usual", symbol="u", unit="log per year"),)
    ...
    ...     def begin(self, level):
    ...         return level, np.full(level.shape, self.usual)
    ...
    ...     def step(self, state, shock):
    ...         level, growth = state
    ...         growth = self.usual - 0.5 * (growth - self.usual) + 0.1 * shock
    ...         return level + growth, growth
    >>> Pull(usual=0.05).simulate(np.zeros(1), np.array([[1.0], [0.0], [0.0]])).ravel().round(3).tolist()
    [0.15, 0.15, 0.225]
    """

    __slots__ = ()

    parameters: ClassVar[tuple[Parameter, ...]]
    closed_form: ClassVar[bool] = False
    carrier: ClassVar[Carrier | None] = None

    def __post_init__(self) -> None:
        _refuse_hidden(self)
        check_parameters(self)

    def begin(self, level: Array) -> Any:
        """Return the state in the year of the last figure, here its level."""
        return level

    def step(self, state: Any, shock: Array) -> Any:
        """Return the state a year later, given the year's standard normal number; arrays over draws."""
        raise ModelError(
            f"{type(self).__name__} has no step.",
            "Write step(self, state, shock), or simulate, residuals and loglik.",
        )

    def level(self, state: Any) -> Array:
        """Return the level that a state stands for, here the state itself or the first of a tuple."""
        return np.asarray(state[0] if isinstance(state, tuple) else state)

    def simulate(self, start: Array, innovations: Array) -> Array:
        """Levels of the years after ``start`` from standard normal innovations ``(year, ...)``."""
        return walk(self, start, innovations)

    def residuals(self, start: Array, levels: Array) -> Array:
        """Return innovations that make ``simulate`` rebuild ``levels`` ``(year, ...)`` from ``start``."""
        return shocks_behind(self, start, levels)

    def loglik(self, start: Array, levels: Array) -> Array:
        """Log density (or probability) of the years ``(year, ...)`` after ``start``, one number per path."""
        return log_density(self, start, levels)

    def one_year(self, step: int, start: float) -> OneYear:
        """Return the law of the change after ``step`` years, by a fixed simulation."""
        return counted_change(self, step, start)

    def start(self, levels: Array) -> Array:
        """Return the level after a history ``(year, ...)``: its last one."""
        return np.asarray(levels[-1])

    def marginal(self, step: Whole | int, start: Array) -> SideBySide:
        """Return the law of the change ``step`` years after the last figure of each member."""
        refuse_free(self)
        steps, levels = np.broadcast_arrays(np.atleast_1d(step), np.atleast_1d(start))
        return SideBySide(
            laws=tuple(self.one_year(int(s), float(z)) for s, z in zip(steps, levels, strict=True))
        )

    def paths(self, start: float, innovations: Array, pick: Array, member: int = 0) -> Array:
        """Levels ``(year, draw)``; nothing is left to pick, for the parameters are known."""
        del pick, member
        refuse_free(self)
        return self.simulate(np.full(innovations.shape[1:], start), innovations)


def _refuse_hidden(process: Any) -> None:
    """Refuse a field that would hide a method of the same name."""
    names = [field.name for field in fields(process)] if is_dataclass(process) else []
    if hidden := [name for name in names if hasattr(PathProcess, name)]:
        raise ModelError(
            f"{type(process).__name__} has a field {hidden[0]!r}, which hides the method of that name.",
            "Call the field something else.",
        )


def refuse_unsound_step(law: object, level: float) -> None:
    """Refuse a process whose own step falls where the shock rises, or mixes draws."""
    if isinstance(law, PathProcess) and type(law).step is not PathProcess.step:
        refuse_unsound(law, level)


def counted_change(law: Any, step: int, start: float, member: int = 0) -> Counted:
    """Return the law of a change as sorted draws of a fixed simulation over 2^14 quasi-random points.

    What ``one_year`` is for a process without a closed form.

    Parameters
    ----------
    law
        A process, hashable and with ``paths``.
    step, start, member
        Years ahead, last level, and the member of a batch.

    Returns
    -------
    Counted
        With ``at_least``, ``at_most`` and ``quantiles``; the same in every run.

    Examples
    --------
    >>> from sxsim.processes.student_shocks import StudentShocks
    >>> law = counted_change(StudentShocks(drift=0.1, sigma=0.2, dof=5.0), 3, 0.0)
    >>> float(law.quantiles(0.5).round(2))
    0.3
    """
    change = _fixed_paths(law, start, -(-step // _BUCKET) * _BUCKET, member)[step - 1]
    return Counted(values=np.sort(change))


@lru_cache(maxsize=16)
def _fixed_paths(law: PathLaw, start: float, horizon: int, member: int) -> Array:
    from scipy.stats import qmc

    points = qmc.Sobol(horizon + 1, scramble=True, rng=_SEED).random(DRAWS).T
    points = np.clip(points, 2.0**-54, 1.0 - 2.0**-53)
    return law.paths(start, special.ndtri(points[1:]), points[0], member) - start
