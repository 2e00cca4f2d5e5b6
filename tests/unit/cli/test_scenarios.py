from __future__ import annotations

import re

import sxsim as sx


def test_every_scenario_of_the_bundled_plan_is_told(sxsim):
    status, out, err = sxsim("scenarios", "shanxi-2014")
    assert (status, err) == (0, "")
    for one in sx.load_plan("shanxi-2014").scenarios:
        assert f"  {one.label} ({one.id}): " in out
    assert "one of the five yearly changes of GDP known to 2012" in " ".join(out.split())


def test_they_are_told_in_chinese(sxsim):
    out = sxsim("scenarios", "shanxi-2014", "--lang", "zh")[1]
    assert out.startswith("各情景及其假设\n") and "煤炭下行（coal_downturn）" in out


def test_an_unknown_plan_is_one_line(sxsim):
    status, out, err = sxsim("scenarios", "nowhere.toml")
    assert (status, out) == (2, "")
    assert re.match(r"error: The plan file nowhere\.toml does not exist", err)
