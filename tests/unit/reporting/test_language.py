from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields

import pytest

from sxsim.plan import FindingCode, Severity
from sxsim.processes import Rung
from sxsim.reporting import Language
from sxsim.reporting.words import Words

NAMES = [field.name for field in fields(Words)]


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same_with_the_same_blanks(name):
    english, chinese = (getattr(lang.words, name) for lang in Language)
    if isinstance(english, Mapping):
        assert name == "units" or set(english) == set(chinese)
        return
    assert english and chinese
    assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", chinese))


@pytest.mark.parametrize("lang", Language)
def test_every_choice_of_the_rooms_below_has_a_name(lang):
    assert set(lang.words.codes) == {code.value for code in FindingCode}
    assert set(lang.words.rungs) == {rung.value for rung in Rung}
    assert set(lang.words.severities) == {severity.value for severity in Severity}


def test_a_missing_label_falls_back_to_the_other_language():
    assert Language.ZH.choose("Roads", "公路") == "公路"
    assert Language.ZH.choose("Roads", "") == "Roads"
    assert Language.EN.choose("", "公路") == "公路"


def test_phrases_are_translated_only_into_chinese():
    assert Language.EN.phrase("there is no series 'x'") == "there is no series 'x'"
    assert Language.ZH.phrase("there is no series 'x'") == "没有序列x"
