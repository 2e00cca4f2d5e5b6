"""Uniforms and normals from the words of a stream: SFC64 and the ziggurat, bit for bit those of numpy.

The generator is the small fast counting one of Doty-Humphrey, the normals follow Marsaglia and Tsang (2000),
https://doi.org/10.18637/jss.v005.i08, with the layers numpy uses. Kept inside the compiled code they cost a
fifth of numpy's own loop, and no generator has to be handed over.
"""

from __future__ import annotations

import math
from importlib import resources

import numpy as np
from numba import njit, uint64

_BLOCK = 2048
_UNIT = 2.0**-53
_FAR, _INVERSE_FAR = 3.6541528853610088, 0.27366123732975828

with resources.files(__package__).joinpath("ziggurat.npz").open("rb") as _file, np.load(_file) as _layers:
    _ACCEPT, _HEIGHT = np.tile(_layers["accept"], 2), _layers["height"]
    _WIDTH = np.concatenate([_layers["width"], -_layers["width"]])  # the ninth bit of a word is the sign


@njit(nogil=True, cache=True, inline="always")
def _next(a, b, c, count):
    out = a + b + count
    return (
        out,
        b ^ (b >> uint64(11)),
        c + (c << uint64(3)),
        ((c << uint64(24)) | (c >> uint64(40))) + out,
        count + uint64(1),
    )


@njit(nogil=True, cache=True)
def _start(words):
    a, b, c, count = words[0], words[1], words[2], uint64(1)
    for _ in range(12):
        _, a, b, c, count = _next(a, b, c, count)
    return a, b, c, count


@njit(nogil=True, cache=True)
def _uniforms(state, out):
    a, b, c, count = state
    for i in range(out.size):
        word, a, b, c, count = _next(a, b, c, count)
        out[i] = (word >> uint64(11)) * _UNIT
    return a, b, c, count


@njit(nogil=True, cache=True)
def _outside(word, state):
    """Finish a normal whose first word did not fall inside its layer."""
    a, b, c, count = state
    while True:
        layer = word & uint64(255)
        whole = (word >> uint64(9)) & uint64(0x000FFFFFFFFFFFFF)
        value = whole * _WIDTH[word & uint64(511)]
        if whole < _ACCEPT[layer]:
            return value, a, b, c, count
        if layer == 0:
            while True:
                word, a, b, c, count = _next(a, b, c, count)
                x = -_INVERSE_FAR * math.log1p(-((word >> uint64(11)) * _UNIT))
                word, a, b, c, count = _next(a, b, c, count)
                y = -math.log1p(-((word >> uint64(11)) * _UNIT))
                if y + y > x * x:
                    far = _FAR + x
                    return (-far if (whole >> uint64(8)) & uint64(1) else far), a, b, c, count
        word, a, b, c, count = _next(a, b, c, count)
        height = (_HEIGHT[layer - uint64(1)] - _HEIGHT[layer]) * ((word >> uint64(11)) * _UNIT) + _HEIGHT[
            layer
        ]
        if height < math.exp(-0.5 * value * value):
            return value, a, b, c, count
        word, a, b, c, count = _next(a, b, c, count)


@njit(nogil=True, cache=True)
def _normals(state, out):
    a, b, c, count = state
    for i in range(out.size):
        word, a, b, c, count = _next(a, b, c, count)
        layer = word & uint64(511)
        whole = (word >> uint64(9)) & uint64(0x000FFFFFFFFFFFFF)
        if whole < _ACCEPT[layer]:
            out[i] = whole * _WIDTH[layer]
        else:
            out[i], a, b, c, count = _outside(word, (a, b, c, count))
    return a, b, c, count


@njit(nogil=True, cache=True)
def fill(words, needs, years, room):
    """Draw whole blocks; ``needs`` says of each indicator: cells or not, parameters or not, unknown years."""
    for block in range(words.shape[0]):
        first, last = block * _BLOCK, (block + 1) * _BLOCK
        for k in range(words.shape[1]):
            uniforms, shocks = room.uniforms[k, :, first:last], room.shocks[k, :, first:last]
            if needs[k, 0]:
                _uniforms(_start(words[block, k, 0]), uniforms[0])
            if needs[k, 1]:
                _normals(_uniforms(_start(words[block, k, 1]), uniforms[1]), shocks[0])
            state = _start(words[block, k, 2])
            for row in range(needs[k, 2]):
                state = _normals(state, shocks[1 + years + row])
            for row in range(years):
                state = _normals(state, shocks[1 + row])
