from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.fitting.doubt import Doubt
from sxsim.processes import Rung
from sxsim.reporting.phrases_fit import fit_in_chinese

LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def report():
    rng = np.random.default_rng(4)
    values = np.exp(rng.normal(0.05, 0.08, (5, 14)).cumsum(axis=1))
    values[3], values[4, :11] = 0.0, np.nan
    calm = np.exp(np.cumsum(np.r_[np.full(10, 0.03) + rng.normal(0, 0.005, 10), 0.5, -0.4, 0.4, -0.6]))
    wide = xr.Dataset(
        {
            "p": (("d", "year"), values),
            "q": ("year", calm),
            "r": ("year", np.r_[np.zeros(2), 3.0, np.full(9, np.nan), 9.0, np.nan]),
            "s": ("year", np.r_[np.full(13, np.nan), 3.0], {"bridge_from": "q", "bridge_sd": 0.1}),
            "t": ("year", np.r_[1.0, 1, 1.1, 1, 60, 1.1, 900, np.full(7, np.nan)]),
            "u": ("year", np.zeros(14)),
        },
        coords={"year": np.arange(1999, 2013)},
    )
    return sx.fit_report(sx.fit(wide))


def test_english_is_the_report_itself(report):
    page = sx.render_fit(report)
    assert str(page) == str(report)
    assert page._repr_html_() == report._repr_html_()


def test_every_word_has_a_chinese_one(report):
    page = sx.render_fit(report, lang=sx.Language.ZH)
    assert LATIN.findall(str(page)) == []
    words = "".join(ElementTree.fromstring(page.html).itertext())
    assert LATIN.findall(words) == []


def test_numbers_are_the_same_in_both_languages(report):
    english, chinese = (str(sx.render_fit(report, lang=lang)) for lang in sx.Language)
    numbers = re.compile(r"[+-]?\d+\.\d+")
    assert sorted(numbers.findall(english)) == sorted(numbers.findall(chinese))


@pytest.mark.parametrize("phrase", [*(d.value for d in Doubt), *(r.value for r in Rung)])
def test_every_fixed_phrase_is_known(phrase):
    assert LATIN.findall(fit_in_chinese(phrase)) == []


@pytest.mark.parametrize(
    "years", [{"a": [1.0, 2.0], "b": [1.0, 3.0]}, {"a": [1.0, 2, 3, 5], "b": [1.0, 3, 4, 4]}]
)
def test_what_indicators_share_is_said_in_chinese(years):
    data = xr.Dataset({k: ("year", v) for k, v in years.items()}, coords={"year": range(len(years["a"]))})
    said = fit_in_chinese(sx.fit_report(sx.fit(data)).remarks[0])
    assert "平均相关" in said
    assert LATIN.findall(said) == []


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("computed, not fitted: r = 100 * a / b", "由恒等式计算，不作拟合：r = 100 * a / b"),
        (
            "computed, not fitted: r = 2 * a (ASSUMPTION: it stays)",
            "由恒等式计算，不作拟合：r = 2 * a（假设：it stays）",
        ),
    ],
)
def test_what_is_derived_is_said_in_chinese(english, chinese):
    assert fit_in_chinese(english) == chinese


def test_what_is_not_known_stays():
    assert fit_in_chinese("said by somebody else") == "said by somebody else"
    assert fit_in_chinese("") == ""
