"""Whole paths from quasi-random points: for questions that are not linear inside Gaussian cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.analysis.event import Event, clears, held_by, leaves
from sxsim.analysis.exact import Answer
from sxsim.analysis.integrals.refine import refined, variance_parts
from sxsim.analysis.integrals.walker import Walker
from sxsim.analysis.question import Question
from sxsim.links import Carrier
from sxsim.processes import GrowthModel
from sxsim.simulation import Exact, Order, Sobol, Twin
from sxsim.streams import Seed

Array = NDArray[np.float64]

_MOST = 1 << 16  # points of one scramble


def path_answer(
    question: Question,
    model: GrowthModel,
    offsets: Mapping[str, Array],
    *,
    method: Sobol,
    seed: Seed,
    split: bool = True,
) -> Answer:
    """P(a question holds) by counting paths that quasi-random points stand for.

    Raises
    ------
    RequestError
        The error asked for is not reached.
    """
    found = refined(_paths(question, model, offsets, Twin.NONE, method.order), method, seed, _MOST)
    answer = Answer(
        probability=found.value,
        standard_error=found.error,
        route="quasi-random paths",
        variance_parameter=np.zeros_like(found.value),
        variance_model=np.zeros_like(found.value),
    )
    return with_parts(answer, question, model, offsets, method=method, seed=seed) if split else answer


def with_parts(
    answer: Answer,
    question: Question,
    model: GrowthModel,
    offsets: Mapping[str, Array],
    *,
    method: Sobol | Exact,
    seed: Seed,
) -> Answer:
    """Return the answer with what of its variance comes from parameters and cells, by paths in two worlds."""
    order = method.order if isinstance(method, Sobol) else Sobol().order
    [first] = _paths(question, model, offsets, Twin.NONE, order, size=1)
    parameter, cells = variance_parts(
        lambda twin: _paths(question, model, offsets, twin, order),
        answer.probability,
        method,
        seed,
        several=any(walker.picks for walker in first.walkers),
    )
    return replace(answer, variance_parameter=parameter, variance_model=cells)


def _paths(
    question: Question,
    model: GrowthModel,
    offsets: Mapping[str, Array],
    twin: Twin,
    order: Order,
    size: int | None = None,
) -> list[HeldPaths]:
    """Return the paths of every member, or of the first ones."""
    event = question.whole
    return [
        HeldPaths.of(event, model, offsets, member=m, order=order, twin=twin)
        for m in range(question.kept.size if size is None else size)
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldPaths:
    """Share of paths of one member on which an event comes true, or does in two worlds.

    Attributes
    ----------
    event, member
        What is asked, and the member of the batch.
    walkers
        The indicators in order of name.
    mix
        Lower triangular mixes of their normals, all as likely, ``(correlation, indicator, indicator)``.
    twin
        What a second world shares.
    carriers, last_year
        Of the model.
    """

    event: Event
    member: int
    walkers: tuple[Walker, ...]
    mix: Array
    twin: Twin
    carriers: Mapping[str, Carrier]
    last_year: int
    known: float = 0.0
    bound: float = 0.0

    @staticmethod
    def of(
        event: Event,
        model: GrowthModel,
        offsets: Mapping[str, Array],
        *,
        member: int,
        order: Order,
        twin: Twin,
    ) -> HeldPaths:
        """Prepare what does not depend on the points."""
        rows = list(leaves(event))
        names = sorted({name for row in rows for name in row.names})
        horizon = max(row.year for row in rows) - model.last_year
        walkers = tuple(
            Walker.of(model[name], model.last_year, horizon, offsets.get(name), member=member, order=order)
            for name in names
        )
        mix = model.dependence.select([model.names.index(name) for name in names]).ordered().factors()
        return HeldPaths(
            event=event,
            member=member,
            walkers=walkers,
            mix=mix,
            twin=twin,
            carriers={name: model[name].carrier for name in names},
            last_year=model.last_year,
        )

    @property
    def worlds(self) -> int:
        """One, or two."""
        return 1 if self.twin is Twin.NONE else 2

    @property
    def doubtful(self) -> bool:
        """Whether the correlation matters and is not known."""
        return len(self.walkers) > 1 and len(self.mix) > 1

    @property
    def dims(self) -> int:
        """Cells, what is not known in each world, and the years of each."""
        picks = sum(walker.picks for walker in self.walkers)
        given = self.doubtful + sum(1 + walker.uncertain for walker in self.walkers)
        years = sum(walker.years for walker in self.walkers)
        return picks + given * (2 if self.twin is Twin.CELLS else 1) + years * self.worlds

    def values(self, points: Array) -> Array:
        """Return 1 for each point whose path does, ``(coordinate, point)``."""
        if not all(np.isfinite(walker.start) for walker in self.walkers):
            return np.full(points.shape[1], np.nan)
        columns, count = iter(points), points.shape[1]
        picks = [next(columns) if walker.picks else np.zeros(count) for walker in self.walkers]
        given = self._given(columns, count)
        again = self._given(columns, count) if self.twin is Twin.CELLS else given
        years = self._years(columns)
        held = np.ones(count, bool)
        for one, normals in zip((given, again)[: self.worlds], years, strict=True):
            held &= self._holds(self._levels(picks, one, normals))
        return held.astype(np.float64)

    def _given(self, columns: Iterator[Array], count: int) -> _Given:
        half = np.full(count, 0.5)
        return _Given(
            mix=self.mix[(next(columns) * len(self.mix)).astype(int)] if self.doubtful else self.mix[:1],
            sigmas=[next(columns) if walker.uncertain else half for walker in self.walkers],
            drifts=[special.ndtri(next(columns)) for _ in self.walkers],
        )

    def _years(self, columns: Iterator[Array]) -> list[list[Array]]:
        """Yearly normals by world and indicator; the most important coordinates of all come first."""
        uniforms: list[list[list[Array]]] = [[[] for _ in self.walkers] for _ in range(self.worlds)]
        for number in range(max(walker.years for walker in self.walkers)):
            for world in uniforms:
                for walker, mine in zip(self.walkers, world, strict=True):
                    if number < walker.years:
                        mine.append(next(columns))
        return [
            [w.build @ special.ndtri(np.stack(mine)) for w, mine in zip(self.walkers, world, strict=True)]
            for world in uniforms
        ]

    def _levels(self, picks: list[Array], given: _Given, years: list[Array]) -> dict[str, Array]:
        """Levels of every indicator, ``(year ahead, point)``."""
        out = {}
        ahead = [normals[walker.gap :] for walker, normals in zip(self.walkers, years, strict=True)]
        for i, walker in enumerate(self.walkers):
            weights = given.mix[:, i, : i + 1].T
            drift = sum(w * d for w, d in zip(weights, given.drifts, strict=False))
            mixed = sum(w * e for w, e in zip(weights, ahead, strict=False))
            normals = np.concatenate([years[i][: walker.gap], np.asarray(mixed)])
            out[walker.name] = walker.levels(picks[i], given.sigmas[i], np.asarray(drift), normals)
        return out

    def _holds(self, levels: Mapping[str, Array]) -> NDArray[np.bool_]:
        """Whether the event comes true on each path."""

        def level(name: str, year: int) -> Array:
            return np.asarray(levels[name][year - self.last_year - 1])

        return held_by(self.event, lambda leaf: clears(leaf, level, self.carriers, self.member), self.member)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Given:
    """Mixes ``(point, indicator, indicator)``, uniforms of sigma and normals of drift by indicator."""

    mix: Array
    sigmas: list[Array]
    drifts: list[Array]
