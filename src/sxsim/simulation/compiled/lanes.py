"""Eight numbers side by side: the one place where the compiler has to be told what to do."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

LANES = 8

_DOUBLE, _WHOLE, _PLACE = ir.DoubleType(), ir.IntType(64), ir.IntType(32)
_VECTOR = ir.VectorType(_DOUBLE, LANES)
_ADDRESS = types.uintp


@intrinsic
def eight_years(context, loads, shocks, stride, count, sigma, location, out):
    """``out[0:8] = sum_s loads[s, 0:8] * shocks[s * stride] * sigma + location[0:8]``, for one draw.

    Addresses, but for the stride in bytes, the count and sigma. Each lane multiplies and adds as a loop over
    scalars would, s ascending; nothing is fused or reordered.
    """

    def code(context, builder, signature, arguments):
        loads, shocks, stride, count, sigma, location, out = arguments
        total = _sum(builder, (loads, _WHOLE(8 * LANES)), (shocks, stride), count)
        _store(
            builder,
            builder.fadd(builder.fmul(total, _spread(builder, sigma)), _lanes(builder, location)),
            out,
        )
        return context.get_dummy_value()

    return types.void(_ADDRESS, _ADDRESS, types.intp, types.intp, types.float64, _ADDRESS, _ADDRESS), code


@intrinsic
def eight_draws(context, shocks, stride, loads, count, sigma, location, out):
    """``out[0:8] = sum_s shocks[s * stride, 0:8] * loads[8 s] * sigma[0:8] + location``, for one year.

    The loads of a year stand eight doubles apart; otherwise as ``eight_years``.
    """

    def code(context, builder, signature, arguments):
        shocks, stride, loads, count, sigma, location, out = arguments
        total = _sum(builder, (shocks, stride), (loads, _WHOLE(8 * LANES)), count)
        _store(
            builder,
            builder.fadd(builder.fmul(total, _lanes(builder, sigma)), _spread(builder, location)),
            out,
        )
        return context.get_dummy_value()

    return types.void(_ADDRESS, types.intp, _ADDRESS, types.intp, _ADDRESS, types.float64, _ADDRESS), code


def _sum(builder, vectors, scalars, count):
    """Loop of products of eight numbers and one; both advance by their stride in bytes."""
    (vector, vector_step), (scalar, scalar_step) = vectors, scalars

    def product(vector, scalar):
        number = builder.load(builder.inttoptr(scalar, _DOUBLE.as_pointer()))
        return builder.fmul(_lanes(builder, vector), _spread(builder, number))

    first, begin = product(vector, scalar), builder.block
    vector, scalar = builder.add(vector, vector_step), builder.add(scalar, scalar_step)
    loop, body, done = (builder.append_basic_block(name) for name in ("loop", "body", "done"))
    builder.branch(loop)
    builder.position_at_end(loop)
    number, total = builder.phi(_WHOLE), builder.phi(_VECTOR)
    at_vector, at_scalar = builder.phi(_WHOLE), builder.phi(_WHOLE)
    builder.cbranch(builder.icmp_signed("<", number, count), body, done)
    builder.position_at_end(body)
    following = (
        builder.add(number, _WHOLE(1)),
        builder.fadd(total, product(at_vector, at_scalar)),
        builder.add(at_vector, vector_step),
        builder.add(at_scalar, scalar_step),
    )
    for phi, now, then in zip(
        (number, total, at_vector, at_scalar), (_WHOLE(1), first, vector, scalar), following, strict=True
    ):
        phi.add_incoming(now, begin)
        phi.add_incoming(then, body)
    builder.branch(loop)
    builder.position_at_end(done)
    return total


def _lanes(builder, address):
    value = builder.load(builder.inttoptr(address, _VECTOR.as_pointer()))
    value.align = 8
    return value


def _store(builder, value, address):
    builder.store(value, builder.inttoptr(address, _VECTOR.as_pointer())).align = 8


def _spread(builder, number):
    empty = ir.Constant(_VECTOR, ir.Undefined)
    one = builder.insert_element(empty, number, _PLACE(0))
    return builder.shuffle_vector(one, empty, ir.Constant(ir.VectorType(_PLACE, LANES), [0] * LANES))
