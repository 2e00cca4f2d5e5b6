"""How a probability is computed: choices as objects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from numbers import Real
from operator import index

from sxsim.errors import RequestError


class Order(Enum):
    """Which points of a path come first, for questions that are answered by whole quasi-random paths.

    The first coordinates of a quasi-random point fill the unit cube best; the order decides what they carry.

    Examples
    --------
    >>> Sobol(order=Order.BRIDGE).order.value
    'the last year first, then years between known ones'
    """

    PRINCIPAL = "the main directions in which cumulated years vary"
    BRIDGE = "the last year first, then years between known ones"
    YEARS = "years as they come"


@dataclass(frozen=True, kw_only=True, slots=True)
class Exact:
    """Closed form, or integration without simulated paths to a stated error.

    One indicator at one year against a number has a closed form. Several conditions that are linear inside
    Gaussian cells are integrated, by common factors and separation of variables, over scrambled Sobol points
    that are doubled until the error is reached.

    Parameters
    ----------
    error
        Largest numerical error of a probability, above zero and below one.

    Examples
    --------
    >>> Exact()
    Exact(error=1e-05)
    """

    error: float = 1e-5

    def __post_init__(self) -> None:
        if self.error is None:
            raise RequestError("error=None.", "Leave it out, or give a standard error such as 1e-5.")
        check_error(self.error, "error")


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Sobol:
    """Quasi-random integration over scrambled Sobol points; errors come from the independent scrambles.

    Parameters
    ----------
    points
        Points of one scramble, a power of two.
    replicates
        Independent scrambles, at least two.
    until_error
        Double the points until the error of every probability asked for is below; None for ``points``.
    order
        What the first coordinates carry where whole paths are needed: laws that are walked year by year, and
        moving levels between indicators on other scales.

    Examples
    --------
    >>> Sobol(points=2048).replicates
    16
    """

    points: int = 1024
    replicates: int = 16
    until_error: float | None = None
    order: Order = Order.PRINCIPAL

    def __post_init__(self) -> None:
        points = check_whole("points", self.points, "Give a power of two, such as 1024.", least=2)
        if points & (points - 1):
            raise RequestError(f"Sobol(points={points}) is not a power of two.", "Try points=1024.")
        hint = "One scramble leaves no error estimate: give at least 2; 16 is usual."
        check_whole("replicates", self.replicates, hint, least=2)
        check_error(self.until_error)
        if not isinstance(self.order, Order):
            choices = ", ".join(f"sx.{order}" for order in Order)
            raise RequestError(f"order={self.order!r} is not an order.", f"Give one of {choices}.")

    def __repr__(self) -> str:
        """Say what decides the numbers."""
        error = "" if self.until_error is None else f", until_error={self.until_error!r}"
        order = "" if self.order is Order.PRINCIPAL else f", order={self.order}"
        return f"Sobol(points={self.points}, replicates={self.replicates}{error}{order})"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class MonteCarlo:
    """Simulation; works for every question.

    Parameters
    ----------
    draws
        Number of paths; with ``until_error`` the number to begin with.
    antithetic
        Whether every path is followed by its mirror image, all normals with the other sign; pays where a
        target is about as likely as not.
    until_error
        Draw on until no probability has a larger standard error, all together included.
    control
        Whether laws that are walked year by year are helped by events whose probability is known: a Gaussian
        twin on the same draws, and the closed forms of single years. Pairs of mirror images are counted
        without, and so are questions about Gaussian laws alone.
    threads
        Blocks computed side by side; the bits do not depend on it.
    progress
        Whether to show a bar; needs tqdm.

    Raises
    ------
    RequestError
        No draws, no threads, or an error that is not above zero.

    Examples
    --------
    >>> MonteCarlo(until_error=0.002).draws
    100000
    """

    draws: int = 100_000
    antithetic: bool = False
    until_error: float | None = None
    control: bool = True
    threads: int = 1
    progress: bool = False

    def __post_init__(self) -> None:
        check_draws(self.draws)
        check_whole("threads", self.threads, "Give a whole number of at least 1.")
        check_error(self.until_error)

    def __repr__(self) -> str:
        """Say what decides the numbers."""
        more = (", antithetic=True" if self.antithetic else "") + (
            "" if self.until_error is None else f", until_error={self.until_error!r}"
        )
        more += "" if self.control else ", control=False"
        return f"MonteCarlo(draws={self.draws}{more})"


Method = Exact | Sobol | MonteCarlo


def check_method(method: Method | None) -> None:
    """Refuse what is not one of the methods."""
    if method is not None and not isinstance(method, Exact | Sobol | MonteCarlo):
        raise RequestError(
            f"method={method!r} is not a method.",
            "Leave it out, or use sx.Exact(), sx.Sobol() or sx.MonteCarlo(draws=100_000).",
        )


def check_draws(draws: int) -> int:
    """Refuse a number of draws that is not a whole number above zero."""
    return check_whole("draws", draws, "Give a whole number of at least 1, such as 100_000.")


def check_error(error: float | None, name: str = "until_error") -> None:
    """Refuse a precision that is not above zero; there may be none."""
    number = isinstance(error, Real) and not isinstance(error, bool)
    if error is not None and not (number and 0 < error < 1):
        raise RequestError(f"{name}={error!r}.", "Give a standard error above zero, such as 0.002.")


def check_whole(name: str, value: int, hint: str, *, least: int = 1) -> int:
    """Refuse what is not a whole number of at least ``least``."""
    try:
        number = least - 1 if isinstance(value, bool) else index(value)
    except TypeError:
        number = least - 1
    if number < least:
        raise RequestError(f"{name}={value!r}.", hint)
    return number
