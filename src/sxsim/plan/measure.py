"""Aims without a number, and mechanisms: the rest of what a plan sets in motion."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.plan.checks import check_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """A direction without a number ("raise the share of ...").

    Raises
    ------
    PlanError
        If the id is unusable.

    Examples
    --------
    >>> Aim(id="A1", label="More clean energy", line=42).line
    42
    """

    id: str
    label: str
    label_zh: str = ""
    text: str = ""
    line: int | None = None
    lead_units: tuple[str, ...] = ()
    indicator: str | None = None

    def __post_init__(self) -> None:
        check_id("aim", self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mechanism:
    """A rule of monitoring, adjustment or allocation, and what a model would represent it by.

    Raises
    ------
    PlanError
        If the id is unusable.

    Examples
    --------
    >>> Mechanism(id="M1", label="Revision", model_object="target revision event").model_object
    'target revision event'
    """

    id: str
    label: str
    label_zh: str = ""
    text: str = ""
    lines: tuple[int, ...] = ()
    model_object: str = ""

    def __post_init__(self) -> None:
        check_id("mechanism", self.id)
