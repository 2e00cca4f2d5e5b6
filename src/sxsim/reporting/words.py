"""Every word a table or a figure prints: one field each, so that no language can leave one out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """The labels of one language; names in braces are filled in.

    Attributes
    ----------
    percent_sign
        What follows a number in percent.
    routes, verdicts, rungs, codes, severities
        Names of what the rooms below call by an id or a fixed phrase.
    kinds, forms, effect_units
        Names of what has an assumption, sentences for what is assumed, and what effects are counted in.
    units
        Units as plans write them, in this language; one that is not listed stays as it is.
    """

    # Header and table
    seen: str
    assessed: str
    all_assessed: str
    headline: str
    secondary: str
    row: str
    target: str
    scenario: str
    probability: str
    error: str
    route: str
    spread: str
    between: str
    no_error: str
    at_least: str
    at_most: str
    in_year: str
    within: str
    ends: str
    each_year: str
    any_year: str
    in_all: str
    span: str
    steps: str
    multiple: str
    own_before: str
    own_since: str
    grown_once: str
    grown: str
    word: str
    part: str
    nested: str
    all_parts: str
    any_part: str
    some_parts: str
    goal: str
    moving: str
    needs: str
    really: str
    nearest: str
    aside: str
    assumptions: str
    proxy: str
    bridge: str
    # Joint
    together: str
    headline_set: str
    whole_set: str
    revised_set: str
    all_hit: str
    independent: str
    bounds: str
    between_bounds: str
    # Uncertainty
    split: str
    shock: str
    parameter: str
    model: str
    # Fit
    basis: str
    basis_note: str
    series: str
    figures: str
    growth: str
    shock_size: str
    own: str
    rests_on: str
    # Rows without a number
    not_assessed: str
    reason: str
    aims: str
    # Checks and record
    checks: str
    agreement: str
    no_agreement: str
    arithmetic: str
    same_for: str
    more_findings: str
    no_findings: str
    record: str
    # Scenarios
    matrix: str
    matrix_medians: str
    matrix_errors: str
    matrix_large_errors: str
    matrix_same: str
    comparison: str
    points: str
    effects_title: str
    together_added: str
    all_of: str
    in_detail: str
    scenarios_assume: str
    scenario_head: str
    owner: str
    assumed: str
    as_under: str
    every_indicator: str
    listed: str
    kinds: Mapping[str, str]
    forms: Mapping[str, str]
    effect_units: Mapping[str, str]
    # Figures
    figure_title: str
    history: str
    fan: str
    median: str
    level: str
    benchmark: str
    happened: str
    published_bounds: str
    log_scale: str
    chance: str
    lowest: str
    highest: str
    came: str
    target_level: str
    proxy_tag: str
    bridge_tag: str
    source: str
    adds: str
    takes: str
    plus_minus: str
    no_effect: str
    unsure_effect: str
    # Small things
    percent_sign: str
    comma: str
    semicolon: str
    colon: str
    routes: Mapping[str, str]
    verdicts: Mapping[str, str]
    rungs: Mapping[str, str]
    codes: Mapping[str, str]
    severities: Mapping[str, str]
    units: Mapping[str, str]
