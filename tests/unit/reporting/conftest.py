from __future__ import annotations

import pytest

import sxsim as sx


@pytest.fixture(scope="session")
def shanxi():
    """The bundled plan's result under two scenarios."""
    plan = sx.load_plan("shanxi-2014")
    two = [plan.scenario(name) for name in ("trend", "as_planned")]
    return sx.run(plan, scenarios=two, draws=4096, rng=0)


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """The template plan's result: every target assessed, the last year still to come."""
    from sxsim.io import write_template

    plan_file, _ = write_template(tmp_path_factory.mktemp("town") / "town.toml")
    return sx.run(sx.load_plan(plan_file), draws=4096, rng=0)


@pytest.fixture
def changed(shanxi):
    """The Shanxi result with variables of its odds replaced or added."""

    def change(**variables):
        tree = shanxi.copy()
        tree["attainment"] = tree["attainment"].to_dataset().assign(variables)
        return tree

    return change
