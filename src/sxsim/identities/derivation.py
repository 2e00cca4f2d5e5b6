"""Identities at work: derived figures from published ones of their parts, year by year, all draws at once."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass

import numpy as np

from sxsim.errors import ModelError
from sxsim.identities.identity import Identity
from sxsim.identities.terms import Array

_ROUNDING = 1e-12


@dataclass(frozen=True, kw_only=True, slots=True)
class Derivation:
    """What is needed to compute the derived indicators of one member of a batch.

    Attributes
    ----------
    identities
        In an order in which each comes after what it reads in the same year.
    observed
        For every name that is read with a lag its figures before the first row, ``(year,)``, the latest last.
    whole
        Names of the counts, of which the whole part is taken.
    first_year
        Year of the first row.

    Examples
    --------
    >>> stock = Identity(indicator="firms", expression="firms[-1] + certified - lapsed")
    >>> derivation = Derivation(
    ...     identities=(stock,), observed={"firms": np.array([290.0])}, whole=frozenset(), first_year=2013
    ... )
    >>> flows = {"certified": np.array([[80.0], [90.0]]), "lapsed": np.array([[10.0], [20.0]])}
    >>> derivation.all_years(flows)["firms"].tolist()
    [[360.0], [430.0]]
    """

    identities: tuple[Identity, ...]
    observed: Mapping[str, Array]
    whole: frozenset[str]
    first_year: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the derived indicators, in the order in which they are computed."""
        return tuple(identity.indicator for identity in self.identities)

    def all_years(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """Return the derived indicators, ``(year, draw)``, from those of all their parts."""
        shape = next(iter(values.values())).shape
        filled = dict(values) | {name: np.full(shape, np.nan) for name in self.names}
        for t in range(shape[0]):
            self.step(filled, t)
        return {name: filled[name] for name in self.names}

    def step(self, values: MutableMapping[str, Array], t: int) -> None:
        """Fill row ``t`` of the derived indicators from rows up to ``t`` of all, arrays ``(year, draw)``.

        Raises
        ------
        ModelError
            A result is not finite although everything it was computed from is.
        """

        def read(name: str, lag: int) -> Array:
            row = t - lag
            return np.asarray(values[name][row] if row >= 0 else self.observed[name][row])

        for identity in self.identities:
            result = identity.formula.evaluate(read)
            if not np.isfinite(result).all():
                parts = [read(figure.name, figure.lag) for figure in identity.figures]
                self._refuse_broken(identity, result, parts, t)
            if identity.indicator in self.whole:
                result = np.floor(result + _ROUNDING * np.abs(result))
            values[identity.indicator][t] = result

    def _refuse_broken(self, identity: Identity, result: Array, parts: list[Array], t: int) -> None:
        """Refuse results that are no number; a part that is none makes a whole that is none, and says so."""
        known = np.logical_and.reduce([np.isfinite(part) for part in np.broadcast_arrays(*parts)])
        broken = known & ~np.isfinite(result)
        if broken.any():
            raise ModelError(
                f"{str(identity)!r} is no finite number in {np.count_nonzero(broken):,} of {broken.size:,} "
                f"draws in {self.first_year + t}, though its parts are.",
                "A divisor is zero there, or a power no real number: write it so that it always has a value.",
            )
