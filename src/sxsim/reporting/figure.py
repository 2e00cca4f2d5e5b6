"""Fan charts: what was known, how far it may go, what is asked for, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.io.files import write_whole
from sxsim.plan import REVISED
from sxsim.reporting.fonts import font_families, require_matplotlib
from sxsim.reporting.frame import BETWEEN, LEFT, RIGHT, TOP, bottom, draw_frame, source_of
from sxsim.reporting.language import Language
from sxsim.reporting.panel import draw_panel, horizon
from sxsim.reporting.reading import Row, check_result, rows

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

_FORMATS = (".png", ".pdf", ".svg")
_PANEL, _SINGLE_PANEL = (5.4, 3.0), (7.6, 3.8)  # inches, without what stands around
_RESOLUTION = 150


def fan_charts(
    tree: xr.DataTree, targets: Sequence[str] | None = None, *, lang: Language = Language.EN
) -> Figure:
    """Draw one panel per target: history, fan, planned course, target, and what really happened.

    Parameters
    ----------
    tree
        From :func:`sxsim.run`, or read back by :func:`sxsim.open_result`.
    targets
        Ids of targets; the default is every headline target that was assessed, or every assessed one where
        there is no such headline target.
    lang
        Language of all labels. Chinese needs an installed font with Chinese characters.

    Returns
    -------
    matplotlib.figure.Figure
        Belongs to no window and no global state; save it with :func:`sxsim.save_figure`.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed, or Chinese is asked for and no font has it.
    RequestError
        If `tree` is not a result of :func:`sxsim.run`, no target was assessed, or one of those named combines
        several series.
    UnknownNameError
        If a target has another name or was not assessed.

    Examples
    --------
    >>> import sxsim as sx
    >>> tree = sx.run(sx.load_plan("shanxi-2014"), draws=2000, rng=0)
    >>> len(sx.fan_charts(tree, ["H1", "H2"]).axes)
    2
    """
    families = font_families(lang)
    chosen = _chosen(rows(check_result(tree)), targets)

    from matplotlib.figure import Figure

    with neutral({"font.family": families, "axes.unicode_minus": False, "text.parse_math": False}):
        figure = Figure(dpi=_RESOLUTION, facecolor="white")
        columns = 1 if len(chosen) == 1 else 2
        grid = figure.subplots(-(-len(chosen) // columns), columns, squeeze=False)
        years = horizon(tree, chosen)
        drawn: dict[str, Artist] = {}
        for axes, row in zip(grid.ravel(), chosen, strict=False):
            drawn |= draw_panel(axes, tree, row, years, lang)
        for axes in grid.ravel()[len(chosen) :]:
            axes.remove()
        _arrange(figure, grid.shape, len(drawn), source_of(tree, lang))
        draw_frame(figure, tree, drawn, lang)
    return figure


def save_figure(figure: Figure, path: str | Path, *, overwrite: bool = False) -> Path:
    """Save a figure as PNG, PDF or SVG, whole or not at all.

    Parameters
    ----------
    figure
        From :func:`sxsim.fan_charts`.
    path
        The file to write; its ending says which format.
    overwrite
        Whether a file of that name may be replaced.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    ExistingFileError
        If the file exists and `overwrite` is false.
    MissingFileError
        If the folder does not exist.
    RequestError
        If the ending is not one of the three.

    Examples
    --------
    >>> import tempfile
    >>> from matplotlib.figure import Figure
    >>> save_figure(Figure(), Path(tempfile.mkdtemp()) / "fan.png").name
    'fan.png'
    """
    file = Path(path)
    kind = picture_format(file)

    def write(part: Path) -> None:
        with neutral({}):
            figure.savefig(part, format=kind, dpi="figure")

    write_whole({file: write}, overwrite=overwrite)
    return file


def picture_format(path: Path) -> str:
    """Return the format a file's ending asks for, or refuse it."""
    if path.suffix.lower() not in _FORMATS:
        raise RequestError(
            f"{path} does not end in {', '.join(_FORMATS)}.", f"Use a name such as {path.stem or 'fan'}.png."
        )
    return path.suffix.lower().removeprefix(".")


def check_figure(path: Path, lang: Language) -> None:
    """Refuse early what :func:`fan_charts` and :func:`save_figure` would refuse late."""
    require_matplotlib()
    picture_format(path)
    font_families(lang)


def neutral(settings: dict[str, Any]) -> AbstractContextManager[None]:
    """Use matplotlib's own defaults and these settings for a while, whatever the user's are."""
    from matplotlib import style

    return style.context(["default", settings])


def _chosen(assessed: Sequence[Row], targets: Sequence[str] | None) -> list[Row]:
    drawable = [row for row in assessed if row.series and not row.settled and not row.id.endswith(REVISED)]
    several = [row.id for row in drawable if not row.asked.indicator]
    drawable = [row for row in drawable if row.id not in several]
    if targets is not None:
        known = {row.id: row for row in drawable}
        for name in targets:
            if name in several:
                raise RequestError(
                    f"Target {name!r} asks for several series.", "Draw the targets it combines."
                )
            if name not in known:
                raise UnknownNameError(f"There is no assessed target {name!r}.", nearest(name, known))
        drawable = [known[name] for name in targets]
    else:
        drawable = [row for row in drawable if row.headline] or drawable
    if not drawable:
        raise RequestError("There is nothing to draw: no target was assessed.", "See the reasons in /rows.")
    return drawable


def _arrange(figure: Figure, shape: tuple[int, ...], entries: int, source: str) -> None:
    """Give every panel the same size in inches, whatever their number."""
    lines, columns = shape
    wide, high = _SINGLE_PANEL if columns == 1 else _PANEL
    across, down = BETWEEN
    width = LEFT + columns * wide + (columns - 1) * across + RIGHT
    under = bottom(width, entries, source)
    height = TOP + lines * high + (lines - 1) * down + under
    figure.set_size_inches(width, height)
    figure.subplots_adjust(
        left=LEFT / width,
        right=1 - RIGHT / width,
        top=1 - TOP / height,
        bottom=under / height,
        wspace=across / wide,
        hspace=down / high,
    )
