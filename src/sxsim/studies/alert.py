"""Traffic lights for probabilities, with thresholds that are a convention and say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError

Array = NDArray[np.float64]
Text = NDArray[np.str_]

OBSERVED = "observed"  # the route of what the figures have decided


class Alert(Enum):
    """How a target stands.

    ``MET`` and ``MISSED`` are decided by observed figures; a target for every year that was broken once is
    missed for good. The first three grade a probability, by an :class:`AlertRule`.
    """

    ON_TRACK = "on track"
    AT_RISK = "at risk"
    OFF_TRACK = "off track"
    MET = "met"
    MISSED = "missed"
    CANNOT_SAY = "cannot say"


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertRule:
    """From which probability a target is on track, and from which it is at risk; below, it is off track.

    The default thresholds are the edges of *likely* and *unlikely* on the calibrated scale of the IPCC. They
    are a convention: no threshold follows from the figures.

    A probability with a numerical error is graded at its lower end, so that nothing is called on track by
    luck; where the upper end would be graded otherwise the alert is marked as unsure. Two computations of one
    probability may differ in the mark; they contradict each other without a mark only if their intervals of
    ``errors`` standard errors to either side do not overlap.

    Parameters
    ----------
    on_track, at_risk
        Probabilities, the first above the second.
    errors
        Numerical standard errors to either side that count as the same.

    Raises
    ------
    RequestError
        The thresholds are not probabilities in this order, or ``errors`` is not a number from zero on.

    References
    ----------
    Mastrandrea et al. (2010), Guidance Note for Lead Authors of the IPCC Fifth Assessment Report on
    Consistent Treatment of Uncertainties, table 1.

    Examples
    --------
    >>> AlertRule().grade(0.7), AlertRule().grade(0.5), AlertRule(on_track=0.8).grade(0.7)
    (<Alert.ON_TRACK: 'on track'>, <Alert.AT_RISK: 'at risk'>, <Alert.AT_RISK: 'at risk'>)
    """

    on_track: float = 0.66
    at_risk: float = 0.33
    errors: float = 3.0

    def __post_init__(self) -> None:
        if not 0.0 < self.at_risk < self.on_track < 1.0:
            raise RequestError(
                f"at_risk={self.at_risk!r} and on_track={self.on_track!r} are no thresholds.",
                "Give two probabilities, at_risk below on_track.",
            )
        if not (np.isfinite(self.errors) and self.errors >= 0.0):
            raise RequestError(f"errors={self.errors!r} is no width.", "Give a number from zero on.")

    def grade(self, probability: float) -> Alert:
        """Return the grade of a probability without error."""
        return Alert(str(self.grades(np.asarray(probability, float))))

    def grades(self, probability: Array) -> Text:
        """Return the grades of probabilities, as the values of :class:`Alert`."""
        low = np.where(probability >= self.at_risk, Alert.AT_RISK.value, Alert.OFF_TRACK.value)
        known = np.where(probability >= self.on_track, Alert.ON_TRACK.value, low)
        return np.where(np.isfinite(probability), known, Alert.CANNOT_SAY.value)

    def judge(self, probability: Array, error: Array, route: Text) -> tuple[Text, NDArray[np.bool_]]:
        """Return alerts of one shape with their probabilities, and which of them are unsure."""
        width = self.errors * error
        low, high = self.grades(probability - width), self.grades(probability + width)
        decided = (route == OBSERVED) & np.isfinite(probability)
        verdict = np.where(probability > 0.5, Alert.MET.value, Alert.MISSED.value)
        return np.where(decided, verdict, low), ~decided & (low != high)
