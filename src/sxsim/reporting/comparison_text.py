"""What every scenario adds to the probability of each target, the most first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import xarray as xr

from sxsim.errors import RequestError
from sxsim.labels import SCENARIO, TARGET
from sxsim.plan import Scenario
from sxsim.reporting.effects import effect_text
from sxsim.reporting.language import Language
from sxsim.reporting.layout import natural, paragraph

Gain = tuple[str, float, float]


def render_comparison(
    found: xr.Dataset, *, scenarios: Sequence[Scenario] = (), lang: Language = Language.EN
) -> str:
    """Write a comparison of scenarios: target by target, what each adds to the baseline, the most first.

    Scenarios that cannot be told from the baseline share a line.

    Parameters
    ----------
    found
        From :func:`sxsim.compare`, without a batch.
    scenarios
        Where names are taken from; a scenario that is not among them goes by its id.
    lang
        Language of the words.

    Returns
    -------
    str
        Lines of at most 120 cells, without a final line break.

    Raises
    ------
    RequestError
        `found` is no comparison, or one with a batch.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> planned = plan.scenario("as_planned")
    >>> print(sx.render_comparison(sx.compare(model, plan.targets[0], scenarios=planned)))
    What each scenario adds to the probability under trend
      H1  R&D expenditure over GDP
            as_planned  adds 43.6 points
    """
    check_comparison(found)
    return "\n".join(comparison_lines(found, scenario_names(scenarios, lang), lang))


def comparison_lines(found: xr.Dataset, named: Mapping[str, str], lang: Language) -> list[str]:
    """Lay out a comparison, with names of scenarios by their ids."""
    words, base = lang.words, str(found.attrs["baseline"])
    lines = [words.comparison.format(scenario=named.get(base, base))]
    gains = [(target, gains_of(found, target)) for target in assessed_in(found)]
    if len(gains) > 1:
        gains.append(("", gains_of(found, None)))
    names = [named.get(name, name) for name in found[SCENARIO].values.tolist() if name != base]
    wide, room = natural([target for target, _ in gains]), natural(names)
    for target, mine in gains:
        label = target_name(found, target, lang) if target else words.together_added
        lines += paragraph(label, first=f"{target}{' ' * (wide - natural([target]))}  ", indent=2)
        lines += _lines([(named.get(name, name), d, e) for name, d, e in mine], room, wide + 6, lang)
    return lines


def scenario_names(scenarios: Sequence[Scenario], lang: Language) -> dict[str, str]:
    """Names of scenarios by id."""
    return {one.id: lang.choose(one.label, one.label_zh) for one in scenarios}


def target_name(found: xr.Dataset, target: str, lang: Language) -> str:
    """Return the label of a target in a comparison."""
    one = found.sel({TARGET: target})
    return lang.choose(str(one["label"].item()), str(one["label_zh"].item()))


def assessed_in(found: xr.Dataset) -> list[str]:
    """Return the targets a comparison has numbers for."""
    return [
        str(name)
        for name, why in zip(found[TARGET].values, found["reason"].values, strict=True)
        if not str(why)
    ]


def gains_of(found: xr.Dataset, target: str | None) -> list[Gain]:
    """Return scenario, difference and error for one target, or for all together; the most first."""
    one, prefix = (found, "joint_") if target is None else (found.sel({TARGET: target}), "")
    base = str(found.attrs["baseline"])
    columns = (one[f"{prefix}{name}"].values.tolist() for name in ("difference", "standard_error"))
    gains = zip(one[SCENARIO].values.tolist(), *columns, strict=True)
    return sorted((gain for gain in gains if gain[0] != base), key=lambda gain: -gain[1])


def _lines(gains: Sequence[Gain], room: int, indent: int, lang: Language) -> Iterator[str]:
    """Yield a line for every scenario that changes something, and one for all that do not."""
    same: dict[str, list[str]] = {}
    nothing = effect_text(0.0, 0.0, lang=lang)
    for name, difference, error in gains:
        said = effect_text(difference, error, lang=lang)
        if said == nothing:
            same.setdefault(said, []).append(name)
        else:
            yield f"{' ' * indent}{name}{' ' * (room - natural([name]))}  {said}"
    for said, names in same.items():
        mark = f"{said}{lang.words.colon}"
        yield from paragraph(lang.words.listed.join(names), first=mark, indent=indent)


def check_comparison(found: xr.Dataset) -> None:
    """Refuse anything but a comparison without a batch."""
    if "difference" not in found or "baseline" not in found.attrs:
        raise RequestError("This is no comparison of scenarios.", "Give what sx.compare returned.")
    if further := [str(dim) for dim in found["difference"].dims if dim not in (SCENARIO, TARGET)]:
        raise RequestError(
            f"The comparison has the dimension {further[0]!r}.",
            "Choose one of its members, as in found.sel().",
        )


def whole(data: xr.Dataset, *dims: str) -> xr.Dataset:
    """Give dimensions back of which one label was chosen."""
    return data.expand_dims([dim for dim in dims if dim not in data.dims])
