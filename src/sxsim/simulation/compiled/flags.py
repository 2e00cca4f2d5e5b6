"""Hits of eight draws as the bits of one byte: a comparison sets them, a machine instruction counts them."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from sxsim.simulation.compiled.lanes import LANES, lanes_at, spread

_BYTE, _WHOLE = ir.IntType(8), ir.IntType(64)
_GROUPS = ir.VectorType(_BYTE, LANES)


@intrinsic
def clear(context, values, groups, bars, kind, flags, lanes):
    """Clear the flag of every draw whose value stays on the wrong side of its bar.

    Addresses but for the kind and the number of bytes of flags. There are three bars, for the groups 0, 1 and
    2. Kinds are 0 and 1 for "at most" and "at least" where all draws belong to group 0, else 2 and 3.
    """

    def code(context, builder, signature, arguments):
        values, groups, bars, kind, flags, lanes = arguments
        places = [
            builder.inttoptr(builder.add(bars, _WHOLE(8 * i)), ir.DoubleType().as_pointer()) for i in range(3)
        ]
        low, middle, high = (spread(builder, builder.load(place)) for place in places)
        done = builder.append_basic_block("cleared")
        cases = [builder.append_basic_block(f"kind{n}") for n in range(4)]
        switch = builder.switch(kind, cases[0])
        for number, case in enumerate(cases):
            if number:
                switch.add_case(_WHOLE(number), case)
            builder.position_at_end(case)
            with cgutils.for_range(builder, lanes) as loop:
                value = lanes_at(builder, builder.add(values, builder.mul(loop.index, _WHOLE(8 * LANES))))
                bar = low
                if number >= 2:
                    place = builder.add(groups, builder.mul(loop.index, _WHOLE(LANES)))
                    group = builder.load(builder.inttoptr(place, _GROUPS.as_pointer()))
                    group.align = 1
                    bar = builder.select(_are(builder, group, 1), middle, bar)
                    bar = builder.select(_are(builder, group, 2), high, bar)
                clears = builder.fcmp_ordered(">=" if number % 2 else "<=", value, bar)
                place = builder.inttoptr(builder.add(flags, loop.index), _BYTE.as_pointer())
                kept = builder.and_(builder.load(place), builder.bitcast(clears, _BYTE))
                builder.store(kept, place)
            builder.branch(done)
        builder.position_at_end(done)
        return context.get_dummy_value()

    address, number = types.uintp, types.intp
    return types.void(address, address, address, number, address, number), code


@intrinsic
def ones(context, word):
    """Count the flags that are set in eight bytes."""

    def code(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


def _are(builder, group, number):
    return builder.icmp_unsigned("==", group, ir.Constant(_GROUPS, [number] * LANES))
