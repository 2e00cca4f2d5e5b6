from __future__ import annotations

import numpy as np
import pytest

from sxsim import __version__
from sxsim.errors import RequestError
from sxsim.streams import BLOCK, Role, Seed, provenance

KEY = {"role": Role.INNOVATIONS, "owner": "patents", "batch": "", "block": 0}


def words(seed=7, **changes):
    return Seed.of(seed).generator(**(KEY | changes)).integers(2**63, size=4).tolist()


def test_the_same_key_gives_the_same_bits():
    assert words() == words()


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 8},
        {"owner": "papers"},
        {"batch": "Shanxi"},
        {"block": 1},
        *[{"role": role} for role in Role if role is not Role.INNOVATIONS],
    ],
)
def test_another_key_gives_other_bits(changes):
    assert not set(words(**changes)) & set(words())


def test_neighbouring_fields_do_not_run_together():
    assert words(owner="ab", batch="c") != words(owner="a", batch="bc")
    assert words(batch="1", block=2) != words(batch="", block=12)


def test_one_spelling_of_an_owner_is_one_stream():
    assert words(owner="caf\u00e9") == words(owner="cafe\u0301")


def test_one_spelling_of_a_batch_label_is_one_stream():
    assert words(batch="caf\u00e9") == words(batch="cafe\u0301")


def test_a_longer_horizon_keeps_the_earlier_years():
    short, long = (Seed.of(7).generator(**KEY).standard_normal((years, BLOCK)) for years in (2, 3))
    assert (long[:2] == short).all()


def test_blocks_are_of_a_fixed_width():
    assert BLOCK == 2048


def test_zero_is_a_seed():
    assert Seed.of(0) == Seed(entropy=0)
    assert words(seed=0) == words(seed=0)
    assert words(seed=0) != words(seed=1)


@pytest.mark.parametrize("number", [np.int32(7), np.int64(7), np.uint8(7), np.uint64(7)])
def test_whole_numbers_of_numpy_are_seeds(number):
    seed = Seed.of(number)
    assert seed == Seed(entropy=7)
    assert type(seed.entropy) is int


def test_seeds_may_be_larger_than_128_bits():
    assert words(seed=2**200) != words(seed=2**200 + 1)


def test_no_seed_takes_fresh_entropy_that_can_be_repeated():
    first, second = Seed.of(None), Seed.of(None)
    assert first != second
    assert 0 <= first.entropy < 2**128
    assert Seed.of(first.entropy) == first


def test_a_seed_sequence_is_read_without_being_used_up():
    sequence = np.random.SeedSequence(5)
    seed = Seed.of(sequence)
    assert Seed.of(sequence) == seed == Seed.of(np.random.SeedSequence(5))
    assert Seed.of(seed.entropy) == seed
    assert len({Seed.of(child).entropy for child in sequence.spawn(3)} | {seed.entropy}) == 4


def test_a_generator_is_asked_once_and_its_answer_can_be_repeated():
    generator, twin = np.random.default_rng(5), np.random.default_rng(5)
    first = Seed.of(generator)
    assert Seed.of(twin) == first
    assert Seed.of(first.entropy) == first
    twin.bit_generator.state = generator.bit_generator.state
    assert Seed.of(generator) == Seed.of(twin) != first


@pytest.mark.parametrize(
    ("rng", "shown"),
    [
        (True, "True"),
        (False, "False"),
        (np.bool_(True), "True"),
        (-1, "-1"),
        (np.int64(-4), "-4"),
        (1.0, r"1\.0"),
        (np.float64(2.5), r"2\.5"),
        ("7", "'7'"),
        ([1, 2], r"\[1, 2\]"),
        (np.random.RandomState(1), "RandomState"),
    ],
)
def test_refuses_what_is_not_a_seed(rng, shown):
    remedy = r"Give a whole number >= 0, a numpy SeedSequence or Generator, or None\."
    with pytest.raises(RequestError, match=rf"rng=.*{shown}.* is not a seed\. {remedy}"):
        Seed.of(rng)


def test_the_global_generator_is_left_alone():
    before = np.random.get_state()[1].tolist()
    words(seed=None)
    assert np.random.get_state()[1].tolist() == before


def test_every_result_can_say_where_it_came_from():
    record = provenance(Seed.of(2**127), "monte-carlo", last_year=2012)
    assert record == {
        "sxsim_version": __version__,
        "method": "monte-carlo",
        "last_year": 2012,
        "seed_entropy": str(2**127),
        "block_size": 2048,
    }
    assert provenance(None, "exact") == {"sxsim_version": __version__, "method": "exact"}
