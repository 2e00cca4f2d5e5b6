from __future__ import annotations

from sxsim import labels


def test_dimensions_have_one_order():
    assert labels.PATH_DIMS == ("scenario", "draw", "year")
    assert labels.ODDS_DIMS == ("scenario", "target")
    assert labels.FORECAST_DIMS == ("quantile", "year")


def test_attributes_are_spelt_as_data_files_spell_them():
    named = {name: value for name, value in vars(labels).items() if name.isupper() and isinstance(value, str)}
    suffix = named.pop("NATIONAL_SUFFIX")
    assert suffix == "_national"
    assert {name: name.lower() for name in named} == named
    assert set(named.values()) >= {
        "units",
        "long_name",
        "long_name_zh",
        "source",
        "kind",
        "role",
        "lower",
        "upper",
    }
    assert set(named.values()) >= {"bridge_from", "bridge_sd", "assumption", "definition", "breaks"}
