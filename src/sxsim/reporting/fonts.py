"""Fonts for figures: one that is always there, and one with Chinese characters where it is installed."""

from __future__ import annotations

import re
from pathlib import Path

from sxsim.errors import MissingExtraError
from sxsim.reporting.language import Language

PLAIN = "DejaVu Sans"  # ships with matplotlib
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Heiti SC",
    "Noto Sans CJK JP",  # the name under which older matplotlib sees the collection of all five regions
    "Arial Unicode MS",
)
_FILES = re.compile(r"noto ?sans ?(cjk|sc)|source ?han ?sans|msyh|pingfang|wqy|simhei", re.IGNORECASE)


def font_families(lang: Language) -> list[str]:
    """Return the fonts to look a character up in, the first one first.

    Raises
    ------
    MissingExtraError
        If Chinese is asked for and no installed font has it, or matplotlib is not installed.
    """
    require_matplotlib()
    chinese = next((name for name in CHINESE if name in _installed()), None)
    if chinese is None and lang is Language.ZH:
        _look_again()
        chinese = next((name for name in CHINESE if name in _installed()), None)
        if chinese is None:
            raise MissingExtraError(
                f"No font with Chinese characters is installed; looked for {', '.join(CHINESE)}.",
                "Install one, for example the package fonts-noto-cjk (Debian, Ubuntu) or "
                "google-noto-sans-cjk-fonts (Fedora), or choose English labels.",
            )
    if chinese is None:
        return [PLAIN]
    return [chinese, PLAIN] if lang is Language.ZH else [PLAIN, chinese]


def require_matplotlib() -> None:
    """Refuse to go on without matplotlib."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise MissingExtraError(
            "Figures need matplotlib, which is not installed.", "Install it: pip install 'sxsim[plot]'."
        ) from None


def _installed() -> set[str]:
    from matplotlib import font_manager

    return {entry.name for entry in font_manager.fontManager.ttflist}


def _look_again() -> None:
    """Add fonts that were installed after matplotlib made its list."""
    from matplotlib import font_manager

    for path in map(Path, font_manager.findSystemFonts()):
        if _FILES.search(path.name):
            try:
                font_manager.fontManager.addfont(path)
            except (OSError, RuntimeError):
                continue
