"""The fit report in the language of the reader."""

from __future__ import annotations

from dataclasses import dataclass, field

from sxsim.fitting import FitReport
from sxsim.fitting.report_page import as_html, as_text
from sxsim.reporting.language import Language
from sxsim.reporting.phrases_fit import fit_in_chinese


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A text that a notebook shows as a table.

    Attributes
    ----------
    text
        For a terminal.
    html
        For a notebook or a page, everything escaped.

    Examples
    --------
    >>> str(Page(text="y: 3 figures", html="<p>y: 3 figures</p>"))
    'y: 3 figures'
    """

    text: str
    html: str = field(repr=False)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def render_fit(report: FitReport, *, lang: Language = Language.EN) -> Page:
    """Write a fit report for people: what each indicator rests on, how its errors look, what to distrust.

    Parameters
    ----------
    report
        From :func:`sxsim.fit_report`.
    lang
        Language of everything but the names.

    Returns
    -------
    Page
        ``print`` it, or let a notebook show its table.

    Examples
    --------
    >>> import sxsim as sx
    >>> model = sx.fit(sx.load_plan("shanxi-2014").history, until=2012)
    >>> page = sx.render_fit(sx.fit_report(model.select(("rd_intensity",))), lang=sx.Language.ZH)
    >>> "自有数据" in str(page)
    True
    """
    parts = (report.data, report.batches, report.absent, report.remarks)
    if lang is Language.EN:
        return Page(text=as_text(*parts), html=as_html(*parts))
    return Page(text=as_text(*parts, fit_in_chinese), html=as_html(*parts, fit_in_chinese))
