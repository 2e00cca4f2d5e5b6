"""Scores of Student-t and normal laws in closed form."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from sxsim.analysis.scores.gate import Dims, Labelled, scored
from sxsim.processes.mixture import student_cdf

Array = NDArray[np.float64]


def crps_normal(
    location: Labelled,
    spread: Labelled,
    truth: Labelled,
    *,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return the continuous ranked probability score of a normal law: lower is better.

    ``s (w (2 Phi(w) - 1) + 2 phi(w) - 1/sqrt(pi))`` with ``w = (y - m) / s``.

    Parameters
    ----------
    location, spread, truth
        Mean, standard deviation, and what came.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In the units of the truth.

    Raises
    ------
    RequestError
        The labels differ.

    References
    ----------
    Gneiting and Raftery (2007), https://doi.org/10.1198/016214506000001437

    Examples
    --------
    >>> round(float(crps_normal(0.0, 1.0, 0.0)), 4)
    0.2337
    """
    return crps_student_t(location, spread, np.inf, truth, dim=dim, weights=weights)


def crps_student_t(
    location: Labelled,
    spread: Labelled,
    dof: Labelled,
    truth: Labelled,
    *,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return the continuous ranked probability score of a Student-t law: lower is better.

    With ``w = (y - m) / s``, distribution function F and density f of the standard law,
    ``s (w (2 F(w) - 1) + 2 f(w) (nu + w^2) / (nu - 1) - 2 sqrt(nu) / (nu - 1) B(1/2, nu - 1/2) / B(1/2,
    nu/2)^2)``.

    Parameters
    ----------
    location, spread, dof, truth
        Median, scale, degrees of freedom (infinite for a normal law), and what came.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In the units of the truth; infinite where the law has no mean (one degree of freedom or fewer).

    Raises
    ------
    RequestError
        The labels differ.

    References
    ----------
    Jordan, Krueger and Lerch (2019), https://doi.org/10.18637/jss.v090.i12

    Examples
    --------
    >>> round(float(crps_student_t(0.0, 1.0, 5.0, 0.0)), 4)
    0.257
    """
    inputs = {"location": location, "spread": spread, "dof": dof, "truth": truth}
    return scored(_crps, inputs, dim=dim, weights=weights)


def log_score(
    location: Labelled,
    spread: Labelled,
    dof: Labelled,
    truth: Labelled,
    *,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return the negative log density of a Student-t or normal law at what came: lower is better.

    Parameters
    ----------
    location, spread, dof, truth
        Median, scale, degrees of freedom (infinite for a normal law), and what came.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In natural logarithms.

    Raises
    ------
    RequestError
        The labels differ.

    References
    ----------
    Gneiting and Raftery (2007), https://doi.org/10.1198/016214506000001437

    Examples
    --------
    >>> import numpy as np
    >>> round(float(log_score(0.0, 1.0, np.inf, 0.0)), 4)
    0.9189
    """

    def core(location: Array, spread: Array, dof: Array, truth: Array) -> Array:
        return np.log(spread) - student_log_density((truth - location) / spread, dof)

    inputs = {"location": location, "spread": spread, "dof": dof, "truth": truth}
    return scored(core, inputs, dim=dim, weights=weights)


def student_log_density(z: Array, dof: Array) -> Array:
    """Log density of the standard Student-t law; normal where the degrees of freedom are infinite."""
    nu = np.where(np.isfinite(dof), dof, 1.0)
    constant = special.gammaln((nu + 1) / 2) - special.gammaln(nu / 2) - 0.5 * np.log(nu * np.pi)
    student = constant - (nu + 1) / 2 * np.log1p(z**2 / nu)
    normal = -0.5 * z**2 - 0.5 * np.log(2 * np.pi)
    return np.asarray(np.where(np.isfinite(dof), student, normal))


def _crps(location: Array, spread: Array, dof: Array, truth: Array) -> Array:
    sure = spread == 0
    w = (truth - location) / np.where(sure, 1.0, spread)
    nu = np.where(np.isfinite(dof) & (dof > 1), dof, 2.0)
    pair = np.exp(special.betaln(0.5, nu - 0.5) - 2 * special.betaln(0.5, nu / 2))
    tail = np.where(np.isfinite(dof), (nu + w**2) / (nu - 1), 1.0)
    constant = np.where(np.isfinite(dof), 2 * np.sqrt(nu) / (nu - 1) * pair, 1 / np.sqrt(np.pi))
    density = np.exp(student_log_density(w, dof))
    standard = w * (2 * student_cdf(w, np.asarray(dof)) - 1) + 2 * density * tail - constant
    infinite = np.where(np.isnan(w), np.nan, np.inf)
    scaled = np.where(np.asarray(dof) > 1, spread * standard, infinite)
    return np.asarray(np.where(sure, np.abs(truth - location), scaled))
