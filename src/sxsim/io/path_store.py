"""A Zarr store that is filled piece by piece, and can be left and taken up again at any moment."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.errors import ExistingFileError, MissingExtraError, MissingFileError

Array = NDArray[np.float64]
Place = tuple[slice, ...]

_DATA, _FINISHED = "data.zarr", "finished"
_LEFT = "partial"  # what a store is called while it is filled, and what zarr calls a file while it writes


@dataclass(frozen=True, kw_only=True, slots=True)
class PathStore:
    """A Zarr store that appears under its name when it is complete.

    Until then it lies in a folder beside it, ``<name>.partial``, with one empty file for every finished
    piece. A store it replaces is put aside at the last moment and removed when the new one is in its place.
    """

    path: Path

    @property
    def partial(self) -> Path:
        """Folder of the store while it is filled."""
        return self.path.with_name(f"{self.path.name}.{_LEFT}")

    def check(self, *, overwrite: bool) -> None:
        """Refuse a missing library or folder, what is not a store, and a store that may not be replaced."""
        try:
            import zarr  # noqa: F401
        except ImportError:
            raise MissingExtraError(
                "store= needs zarr, which is not installed.",
                "Install it: pip install 'sxsim[io]'; or leave out store=.",
            ) from None
        if not self.path.parent.is_dir():
            raise MissingFileError(
                f"{self.path.parent} does not exist as a folder.",
                f"Create it before writing {self.path.name}.",
            )
        if self.path.is_file():
            raise ExistingFileError(f"{self.path} is a file.", "Give the name of a new folder.")
        if self.path.exists() and not _is_store(self.path):
            raise ExistingFileError(
                f"{self.path} is a folder, not a Zarr store.", "Give the name of a new folder inside it."
            )
        if self.partial.exists() and not _is_partial(self.partial):
            raise ExistingFileError(
                f"{self.partial} is in the way.",
                "It is not an unfinished store: move it, or choose another name.",
            )
        if self.path.exists() and not overwrite:
            raise ExistingFileError(
                f"{self.path} is finished.",
                "Open it with xr.open_zarr, choose another name, or allow it with overwrite=True.",
            )

    def attributes(self) -> dict[str, Any] | None:
        """Return the attributes of the store that is being filled; None where nothing has begun."""
        if not (self._finished.is_dir() and self._data.is_dir()):
            return None
        return dict(self._group("r").attrs)

    def begin(self, template: xr.Dataset, chunks: Mapping[str, tuple[int, ...]], dim: str, size: int) -> None:
        """Prepare an empty store like the template, which is made ``size`` long along ``dim``."""
        import zarr

        if self.partial.exists():
            _remove(self.partial)
        self._data.parent.mkdir()
        key = "compressor" if zarr.__version__.startswith("2.") else "compressors"
        encoding = {name: {"chunks": cut, key: None} for name, cut in chunks.items()}
        _plain(template).to_zarr(self._data, mode="w", zarr_format=2, consolidated=False, encoding=encoding)
        group = self._group("r+")
        for name, variable in template.data_vars.items():
            group[str(name)].resize(tuple(size if d == dim else n for d, n in variable.sizes.items()))
        zarr.consolidate_metadata(str(self._data))
        self._finished.mkdir()

    def finished(self) -> set[str]:
        """Names of the pieces that need not be written again."""
        return {path.name for path in self._finished.iterdir()}

    def write(self, piece: str, places: Mapping[str, Place], values: Mapping[str, Array]) -> None:
        """Write the chunks of one piece, then note that it is finished."""
        group = self._group("r+")
        for name, place in places.items():
            group[name][place] = values[name]
        (self._finished / piece).touch()

    def read(self, name: str, place: Place) -> Array:
        """Read some values back while the store is filled."""
        return np.asarray(self._group("r")[name][place])

    def finish(self) -> None:
        """Put the complete store in its place."""
        for left in self._data.rglob(f"*.{_LEFT}"):
            left.unlink()
        old = self.path.with_name(f".{self.path.name}.replaced")
        if self.path.exists():
            _remove(old)
            self.path.rename(old)
        self._data.rename(self.path)
        _remove(old)
        _remove(self.partial)

    def open(self, template: xr.Dataset) -> xr.Dataset:
        """Open the finished store without reading it; through dask where that is installed."""
        chunks = _dask_or_none()
        found: xr.Dataset = xr.open_zarr(self.path, chunks=chunks, decode_times=False, decode_timedelta=False)
        return found.assign_coords(template.coords)

    def _group(self, mode: Literal["r", "r+"]) -> Any:
        import zarr

        return zarr.open_group(str(self._data), mode=mode)

    @property
    def _data(self) -> Path:
        return self.partial / _DATA

    @property
    def _finished(self) -> Path:
        return self.partial / _FINISHED


def _is_store(path: Path) -> bool:
    return (path / ".zgroup").is_file() or (path / "zarr.json").is_file()


def _is_partial(path: Path) -> bool:
    return path.is_dir() and {item.name for item in path.iterdir()} <= {_DATA, _FINISHED}


def _remove(folder: Path) -> None:
    """Remove a folder under another name, so that a half removed one is never taken for a whole one."""
    aside = folder.with_name(f".{folder.name}.removed")
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.rename(aside)
        shutil.rmtree(aside)


def _plain(template: xr.Dataset) -> xr.Dataset:
    """Return it without the encoding of files it came from, and with texts of fixed width."""
    texts = {
        name: (c.dims, c.to_numpy().astype(str), c.attrs)
        for name, c in template.coords.items()
        if c.dtype.kind == "O"
    }
    return template.assign_coords(texts).drop_encoding()


def _dask_or_none() -> dict[str, int] | None:
    try:
        import dask.array  # noqa: F401
    except ImportError:
        return None
    return {}
