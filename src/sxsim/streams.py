"""Seed to keyed random streams: who draws what is written in the key, never in the order of calls.

A stream belongs to (seed, role, owner, batch label, block). The owner is an indicator, a lever or an event,
never a scenario, so every scenario is replayed over the same world. Blocks have a fixed width and are
always drawn whole, year by year with draws fastest: the first k of n draws equal a run of k, a longer
horizon keeps the earlier years, and neither threads nor other indicators can change a stream.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import DTypeLike, NDArray

from sxsim.errors import RequestError

BLOCK = 2048
_FORMAT = b"sxsim-1"

type_of_rng = int | SeedSequence | Generator | None


class Role(Enum):
    """What a stream is used for."""

    CELLS = "cells"
    PARAMETERS = "parameters"
    INNOVATIONS = "innovations"
    MIXING = "mixing"
    CORRELATION = "correlation"
    EVENTS = "events"
    STRENGTHS = "strengths"
    REPLICATE = "replicate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seed:
    """One whole number from which every stream of a run follows.

    ``rng=seed.entropy`` repeats the run bit for bit on the same machine with the same library versions.

    Examples
    --------
    >>> Seed.of(0)
    Seed(entropy=0)
    """

    entropy: int

    @staticmethod
    def of(rng: type_of_rng) -> Seed:
        """Read the ``rng`` argument: None (fresh entropy), a whole number, a SeedSequence or a Generator."""
        match rng:
            case None:
                return Seed(entropy=secrets.randbits(128))
            case SeedSequence():
                return Seed(entropy=_join(rng.generate_state(4, np.uint32), 32))
            case Generator():
                return Seed(entropy=_join(rng.integers(0, 2**63, size=2, dtype=np.int64, endpoint=False), 63))
            case bool():
                pass
            case int() | np.integer() if rng >= 0:
                return Seed(entropy=int(rng))
        raise RequestError(
            f"rng={rng!r} is not a seed.",
            "Give a whole number >= 0, a numpy SeedSequence or Generator, or None.",
        )

    def stream(self, role: Role, owner: str, batch: str) -> Stream:
        """Return the streams of one (role, owner, batch label), block by block."""
        fields = (str(self.entropy), role.value, owner, batch)
        return Stream(key=_FORMAT + b"".join(_field(field) for field in fields))

    def generator(self, role: Role, owner: str, batch: str, block: int) -> Generator:
        """Return the generator of one (role, owner, batch label, block)."""
        return generator_of(self.stream(role, owner, batch).words(block))


@dataclass(frozen=True, slots=True)
class Stream:
    """Everything of a key but the block."""

    key: bytes

    def words(self, block: int) -> bytes:
        """Return the 32 bytes from which one block of the stream follows."""
        number = str(block).encode()
        return hashlib.blake2b(self.key + len(number).to_bytes(8, "little") + number, digest_size=32).digest()


def generator_of(words: bytes) -> Generator:
    """Return the generator whose state the words are."""
    return Generator(SFC64(_Keyed(np.frombuffer(words, np.uint64))))  # type: ignore[arg-type]


def provenance(seed: Seed | None, method: str, **more: str | int) -> Mapping[str, str | int]:
    """Return the record every result carries: version, seed, block size, method and what else is known."""
    from sxsim import __version__

    record: dict[str, str | int] = {"sxsim_version": __version__, "method": method, **more}
    if seed is not None:
        record |= {"seed_entropy": str(seed.entropy), "block_size": BLOCK}
    return record


class _Keyed(ISeedSequence):
    """Hands a hash to a bit generator as its state."""

    def __init__(self, words: NDArray[np.uint64]) -> None:
        self._words = words

    def generate_state(self, n_words: int, dtype: DTypeLike = np.uint32) -> NDArray[np.uint32 | np.uint64]:
        return self._words.view(np.dtype(dtype))[:n_words]


def _field(text: str) -> bytes:
    data = unicodedata.normalize("NFC", text).encode()
    return len(data).to_bytes(8, "little") + data


def _join(words: NDArray[np.generic], bits: int) -> int:
    return sum(int(word) << (bits * i) for i, word in enumerate(words))
