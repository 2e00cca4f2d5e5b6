from __future__ import annotations

import sys

import pytest

from sxsim.simulation import choose
from sxsim.simulation.plain import Plain


@pytest.fixture(autouse=True)
def forgetful():
    choose.compiled_steps.cache_clear()
    yield
    choose.compiled_steps.cache_clear()


def test_without_numba_everything_is_done_in_numpy(monkeypatch):
    monkeypatch.setitem(sys.modules, "sxsim.simulation.compiled", None)
    assert choose.compiled_steps() is None
    assert isinstance(choose.steps_for(10**9), Plain)


def test_compiled_steps_that_draw_other_bits_are_not_used(monkeypatch):
    compiled = pytest.importorskip("sxsim.simulation.compiled")
    assert compiled.same_bits()
    monkeypatch.setattr(compiled.bits, "fill", lambda words, needs, years, room: room.uniforms.fill(0.5))
    assert not compiled.same_bits()
    assert choose.compiled_steps() is None


def test_a_short_run_does_not_load_a_compiler(monkeypatch):
    monkeypatch.delitem(sys.modules, "sxsim.simulation.compiled", raising=False)
    assert isinstance(choose.steps_for(1000), Plain)
    assert "sxsim.simulation.compiled" not in sys.modules
