from __future__ import annotations

import pytest

from sxsim.errors import PlanError
from sxsim.io import read_plan

LEVER = '\n[[lever]]\nid = "L2"\nlabel = "L"\n'
SCENARIO = '\n[[scenario]]\nid = "x"\nlabel = "X"\n'
EFFECT = (
    '\n[[effect]]\nlever = "L1"\nindicator = "charging_points"\nsize = 7\n'
    'unit = "units a year"\norigin = "a guess"\n'
)
SHOCK = '\n[[shock]]\nid = "slump"\nlabel = "Slump"\nyear = 2026\n'
RULE = '\n[[rule]]\nid = "r"\nlabel = "R"\nyears = [2026]\ngain = 1\nunit = "units a year"\norigin = "o"\n'
LINK = '\n[[transmission]]\nid = "{id}"\nsource = "green_investment"\ntarget = "charging_points"\n'
LINK += 'elasticity = 1\norigin = "o"\n'
REVISION = '\n[[revision]]\nid = "v"\ntarget = "{target}"\nvalue = 50\nyear = {year}\norigin = "o"\n'


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            EFFECT.replace("L1", "L9"),
            r"\[\[effect\]\] number 2: lever = 'L9' is not the id of any lever\. Kno",
        ),
        (
            EFFECT.replace('lever = "L1"', ""),
            r"number 2: neither lever, shock nor event is given\. Say whose",
        ),
        (
            EFFECT.replace("charging_points", "points"),
            r"\[\[lever\]\] L1: effect = 'points' is not the id of",
        ),
        (EFFECT.replace("= 7", '= "five or so"'), r"size = 'five or so' is not a range\. Write it as in \"5"),
        (
            EFFECT.replace("units a year", "unit a year"),
            r"unit = 'unit a year' is not a known unit\. Did you",
        ),
        (EFFECT.replace('origin = "a guess"', ""), r"number 2: the key 'origin' is missing\. Add origin"),
        (EFFECT + EFFECT, r"\[\[lever\]\] L1: it moves 'charging_points' twice\. Give one effect per"),
        (SCENARIO + 'extends = "as_plan"', r"x: extends = 'as_plan' is not the id of any scenario\. Did you"),
        (
            SHOCK + EFFECT.replace('lever = "L1"', 'shock = "slump"'),
            r"\[\[shock\]\] slump: no scenario takes it\. Name it in the sh",
        ),
        (
            SCENARIO + 'shocks = ["slum"]' + SHOCK + EFFECT.replace('lever = "L1"', 'shock = "slump"'),
            r"x: shocks names 'slum', which is not the id of any shock\. Did you mean 'slump'",
        ),
        (
            SCENARIO + 'shocks = ["slump"]' + SHOCK,
            r"\[\[shock\]\] slump: it has no effect\. Say what it does",
        ),
        (
            SCENARIO + 'without = ["L1"]',
            r"x: without = \['L1'\] stands there without extends\. Say what it is",
        ),
        (
            SCENARIO + 'extends = "as_planned"\nwithout = ["charging"]',
            r"x: without names 'charging', which is not in 'as_planned'\. Did you mean 'charging_points'",
        ),
        (SCENARIO + "pulls = [2]", r"x: pulls = \[2\] is not a list of tables\. Write it as in \[\{ lever"),
        (
            LEVER + SCENARIO + 'pulls = [{ lever = "L2" }]',
            r"x: pulls number 1: pull of lever L2: nobody has said what",
        ),
        (
            SCENARIO + 'pulls = [{ lever = "L7" }]',
            r"x: pulls number 1: lever = 'L7' is not the id of any lever",
        ),
        (
            SCENARIO + 'pulls = [{ leaver = "L7" }]',
            r"x: pulls number 1: unknown key 'leaver'\. Did you mean 'le",
        ),
        (
            EFFECT + SCENARIO + 'pulls = [{ lever = "L1", start = 2031 }]',
            r"\[\[scenario\]\] x: lever L1: start = 2031 lies after the plan's last year, 2030\. It would do",
        ),
        (
            EFFECT + SCENARIO + 'pulls = [{ lever = "L1", delay = -1 }]',
            r"x: pulls number 1: delay = -1 is negative\. Give zero or more",
        ),
        (
            EFFECT + SCENARIO + 'pulls = [{ lever = ["L1", "L1"] }]',
            r"\[\[scenario\]\] x: two changes decide lever L1: Pull.* and Pull.*\. Keep one of the two",
        ),
        (
            LINK.format(id="a")
            + LINK.format(id="b")
            + SCENARIO
            + 'extends = "as_planned"\ntransmissions = ["a", "b"]',
            r"\[\[scenario\]\] x: two changes decide transmission green_investment, charging_points: Tr.*",
        ),
        (
            LINK.format(id="a") + LINK.format(id="a"),
            r"\[\[transmission\]\] a: id = 'a' is used twice\. Give every row its own id",
        ),
        (
            RULE,
            r"\[\[rule\]\] r: neither target nor watched is given\. Give target, or all of watched, track_f",
        ),
        (RULE + 'target = "T9"', r"r: target = 'T9' is not the id of any target\. Known: T1"),
        (RULE + 'target = "T2"', r"r: target = 'T2' has no base value or no fixed level, so there is no way"),
        (
            RULE + 'target = "T1"\nwatched = "charging_points"',
            r"r: target = 'T1' and watched = 'charging_points' are both given\. Keep the target, or",
        ),
        (
            RULE + "track_to = [2030]",
            r"r: track_to = \[2030\] is not a year and its figure\. Write two numbers",
        ),
        (
            REVISION.format(target="T7", year=2026) + SCENARIO + 'revisions = ["v"]',
            r"\[\[scenario\]\] x: revision = 'T7' is not the id of any target\. Known",
        ),
        (
            REVISION.format(target="T1", year=2031) + SCENARIO + 'revisions = ["v"]',
            r"\[\[scenario\]\] x: revision T1: year = 2031 lies after the plan's last year",
        ),
        (
            '\n[[given]]\nid = "g"\nindicator = "points"\norigin = "o"\nfigures = [[2025, 1], [2025, 2]]',
            r"\[\[given\]\] g: figures = \[\[2025, 1\], \[2025, 2\]\] names a year twice\. Keep one",
        ),
    ],
)
def test_scenarios_with_mistakes_are_refused(edited, more, message):
    with pytest.raises(PlanError, match=r"plan\.toml: .*" + message):
        read_plan(edited(add=more))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('ramp = "liner"', r"ramp = 'liner' is not a known ramp\. Did you mean 'linear'"),
        ('ramp = "linear"', r"ramp = 'linear' stands there without ramp_years\. Add ramp_years = "),
        (
            "ramp_years = 3",
            r"ramp_years = 3 means nothing for ramp = 'step'\. .* 'linear' or ramp = 's-curve'",
        ),
        ('ramp = "linear"\nramp_years = 0', r"LinearRamp\(years=0\) is not a number of years"),
        (
            'returns = "power"\nreturns_half = 2',
            r"returns_half = 2\.0 means nothing for returns = 'power'\. Le",
        ),
        ('returns = "power"\nreturns_exponent = 2', r"PowerReturns\(exponent=2\.0\) is not above 0 and at"),
    ],
)
def test_ramps_and_returns_with_mistakes_are_refused(edited, more, message):
    with pytest.raises(PlanError, match=r"plan\.toml: \[\[lever\]\] L2: " + message):
        read_plan(edited(add=LEVER + more))


def test_scenarios_in_a_circle_are_refused(edited):
    circle = "".join(
        f'\n[[scenario]]\nid = "{one}"\nlabel = "X"\nextends = "{other}"\n'
        for one, other in (("a", "b"), ("b", "c"), ("c", "a"))
    )
    with pytest.raises(
        PlanError,
        match=r"\[\[scenario\]\] c: extends = 'a', but 'a' rests on 'c' itself \(a -> b -> c -> a\)",
    ):
        read_plan(edited(add=circle))


def test_a_target_without_a_fixed_level_cannot_be_revised(edited):
    moving = (
        '\n[[target]]\nid = "T4"\nlabel = "Moving"\nindicator = "renewable_share"\nrelation = ">="\n'
        'benchmark = "charging_points"\nyear = 2030\n'
    )
    revised = REVISION.format(target="T4", year=2026) + SCENARIO + 'revisions = ["v"]'
    with pytest.raises(
        PlanError,
        match=r"\[\[scenario\]\] x: revision T4: the target has no fixed level that could be revised",
    ):
        read_plan(edited(add=moving + revised))


def test_a_revision_stays_within_the_bounds_of_its_indicator(edited):
    wild = REVISION.format(target="T1", year=2026).replace("value = 50", "value = 500")
    with pytest.raises(
        PlanError,
        match=r"x: revision T1: value = 500\.0 lies outside the bounds of 'renewable_share', 0 to 100",
    ):
        read_plan(edited(add=wild + SCENARIO + 'revisions = ["v"]'))
