"""What a replay says, read once for its text and its figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import xarray as xr

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.labels import AS_OF, SCENARIO, TARGET
from sxsim.plan import Relation, When
from sxsim.reporting import numbers
from sxsim.reporting.language import Language
from sxsim.reporting.reading import in_words

CANNOT_SAY, OBSERVED = "cannot say", "observed"
_DECIDED = ("met", "missed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One target as of one year."""

    as_of: int
    probability: float
    error: float
    route: str
    alert: str
    unsure: bool
    reason: str
    figure: float
    figure_year: int
    median: float
    level: float
    change: float
    passing: float
    news: float

    @property
    def settled(self) -> bool:
        """Whether figures have decided it."""
        return self.alert in _DECIDED


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One target through the years, under one scenario."""

    id: str
    label: str
    headline: bool
    unit: str
    benchmark: str
    relation: str
    upper: float
    when: str
    first_year: int
    last_year: int
    outcome: str
    outcome_value: float
    outcome_note: str
    seen: tuple[Seen, ...]

    @property
    def told(self) -> bool:
        """Whether there is a number in any year."""
        return any(math.isfinite(one.probability) for one in self.seen)


def check_replay(data: xr.Dataset) -> xr.Dataset:
    """Refuse what does not come from a replay."""
    if not isinstance(data, xr.Dataset) or data.attrs.get("method") != "replay" or AS_OF not in data.dims:
        raise RequestError("This is not a result of sx.replay.", "Give what sx.replay returns.")
    return data


def stories(data: xr.Dataset, scenario: str | None, lang: Language) -> list[Story]:
    """Return every target under one scenario, the first one by default."""
    known = [str(name) for name in data[SCENARIO].values]
    if scenario is not None and scenario not in known:
        raise UnknownNameError(f"The replay has no scenario {scenario!r}.", nearest(scenario, known))
    one = data.sel({SCENARIO: known[0] if scenario is None else scenario})
    return [_story(one.sel({TARGET: name}), str(name), lang) for name in data[TARGET].values]


def scenario_label(data: xr.Dataset, scenario: str, lang: Language) -> str:
    """Return the name of a scenario."""
    one = data.sel({SCENARIO: scenario})
    return lang.choose(str(one["scenario_label"].item()), str(one["scenario_label_zh"].item())) or scenario


def chosen(told: Sequence[Story], targets: Sequence[str] | None) -> list[Story]:
    """Return the targets asked for; the default is the headline ones with a number, else all with one."""
    known = {story.id: story for story in told if story.told}
    if targets is None:
        return [s for s in known.values() if s.headline] or list(known.values())
    for name in targets:
        if name not in known:
            raise UnknownNameError(f"There is no target {name!r} with a number.", nearest(name, known))
    return [known[name] for name in targets]


def goal(story: Story, lang: Language) -> str:
    """Say which level has to be reached, and when."""
    words = lang.words
    level = next((one.level for one in story.seen if math.isfinite(one.level)), math.nan)
    if story.benchmark:
        shown = story.benchmark
    elif math.isfinite(level):
        shown = measured(numbers.published(level), story, lang)
    else:
        return ""
    forms = {Relation.AT_LEAST.value: words.at_least, Relation.AT_MOST.value: words.at_most}
    if story.relation in forms:
        shown = forms[story.relation].format(level=shown)
    elif math.isfinite(story.upper):
        end = measured(numbers.published(story.upper), story, lang)
        shown = words.between_bounds.format(low=numbers.published(level), high=end)
    when = words.any_year if story.when == When.ANY_YEAR.value else words.each_year
    if story.first_year == story.last_year:
        when = words.in_year
    years = words.span.format(first=story.first_year, last=story.last_year)
    return when.format(level=shown, years=years, year=story.last_year)


def outcome(story: Story, lang: Language) -> str:
    """Say what really happened, as far as it is known."""
    words = lang.words
    parts = [words.verdicts[story.outcome]]
    if math.isfinite(story.outcome_value):
        parts.insert(0, measured(numbers.published(story.outcome_value), story, lang))
    if story.outcome_note:
        parts.append(lang.phrase(story.outcome_note))
    return words.really.format(outcome=words.comma.join(parts))


def measured(number: str, story: Story, lang: Language) -> str:
    """Put the unit of a target behind a number."""
    return numbers.with_unit(number, in_words(story.unit, lang), sign=lang.words.percent_sign)


def chance(seen: Seen, lang: Language, *, sign: str | None = None) -> str:
    """Write a probability in percent as it should be read."""
    error = seen.error if seen.route.startswith("monte-carlo") else 0.0
    mark = lang.words.percent_sign if sign is None else sign
    return numbers.percent(seen.probability, error=error, sign=mark, settled=seen.route == OBSERVED)


def _story(one: xr.Dataset, name: str, lang: Language) -> Story:
    return Story(
        id=name,
        label=lang.choose(str(one["label"].item()), str(one["label_zh"].item())),
        headline=str(one["group"].item()) == "headline",
        unit=str(one["unit"].item()),
        benchmark=lang.choose(str(one["benchmark_label"].item()), str(one["benchmark_label_zh"].item()))
        or str(one["benchmark"].item()),
        relation=str(one["relation"].item()),
        upper=float(one["level_upper"]),
        when=str(one["when"].item()),
        first_year=int(one["first_year"]),
        last_year=int(one["last_year"]),
        outcome=str(one["outcome"].item()),
        outcome_value=float(one["outcome_value"]),
        outcome_note=str(one["outcome_note"].item()),
        seen=tuple(_seen(one.sel({AS_OF: year})) for year in one[AS_OF].values),
    )


def _seen(one: xr.Dataset) -> Seen:
    split = {key: float(one[f"change_{key}"]) if f"change_{key}" in one else math.nan for key in _PARTS}
    return Seen(
        as_of=int(one[AS_OF]),
        probability=float(one["probability"]),
        error=float(one["standard_error"]),
        route=str(one["route"].item()),
        alert=str(one["alert"].item()),
        unsure=bool(one["alert_unsure"]),
        reason=str(one["reason"].item()),
        figure=float(one["last_figure"]),
        figure_year=int(one["last_figure_year"]),
        median=float(one["median"]),
        level=float(one["level"]),
        change=float(one["change"]),
        **split,
    )


_PARTS = ("passing", "news")
