from __future__ import annotations

import sys

import pytest

import sxsim as sx
from sxsim.errors import MissingExtraError
from sxsim.reporting import Language, fonts


def test_english_needs_no_chinese_font(monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(fonts, "_installed", lambda: {"DejaVu Sans"})
    assert fonts.font_families(Language.EN) == ["DejaVu Sans"]


def test_the_best_chinese_font_comes_first_in_chinese_and_last_in_english(monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(fonts, "_installed", lambda: {"SimHei", "Noto Sans CJK SC"})
    assert fonts.font_families(Language.ZH) == ["Noto Sans CJK SC", "DejaVu Sans"]
    assert fonts.font_families(Language.EN) == ["DejaVu Sans", "Noto Sans CJK SC"]


def test_chinese_without_a_font_says_what_to_install(monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(fonts, "_installed", lambda: {"DejaVu Sans"})
    monkeypatch.setattr(fonts, "_look_again", lambda: None)
    with pytest.raises(MissingExtraError, match=r"No font with Chinese characters.*fonts-noto-cjk"):
        fonts.font_families(Language.ZH)


def test_a_font_installed_later_is_found(monkeypatch):
    pytest.importorskip("matplotlib")
    known = {"DejaVu Sans"}
    monkeypatch.setattr(fonts, "_installed", lambda: known)
    monkeypatch.setattr(fonts, "_look_again", lambda: known.add("SimHei"))
    assert fonts.font_families(Language.ZH)[0] == "SimHei"


def test_looking_again_skips_files_that_are_no_fonts(monkeypatch, tmp_path):
    manager = pytest.importorskip("matplotlib.font_manager")
    broken, other = tmp_path / "NotoSansCJK-Broken.ttf", tmp_path / "Roman.ttf"
    broken.write_bytes(b"not a font")
    other.write_bytes(b"not a font")
    tried = []
    add = manager.fontManager.addfont
    monkeypatch.setattr(manager, "findSystemFonts", lambda: [str(broken), str(other)])
    monkeypatch.setattr(manager.fontManager, "addfont", lambda path: (tried.append(path), add(path)))
    fonts._look_again()
    assert tried == [broken]


def test_without_matplotlib_the_extra_is_named(monkeypatch, shanxi):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"Figures need matplotlib.*pip install 'sxsim\[plot\]'"):
        sx.fan_charts(shanxi)
