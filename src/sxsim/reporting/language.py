"""The languages a table or a figure can speak."""

from __future__ import annotations

from enum import Enum

from sxsim.reporting.phrases import in_chinese
from sxsim.reporting.words import Words
from sxsim.reporting.words_en import ENGLISH
from sxsim.reporting.words_zh import CHINESE


class Language(Enum):
    """The language of labels, tables and figures."""

    EN = "en"
    ZH = "zh"

    @property
    def words(self) -> Words:
        """Every label of this language."""
        return ENGLISH if self is Language.EN else CHINESE

    def choose(self, english: str, chinese: str) -> str:
        """Return the label of this language, or the other one where it is missing."""
        first, second = (english, chinese) if self is Language.EN else (chinese, english)
        return first or second

    def phrase(self, text: str) -> str:
        """Translate a remark that sxsim itself wrote; what it does not know stays as it is."""
        return text if self is Language.EN else in_chinese(text)
