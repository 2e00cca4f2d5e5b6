"""Eight numbers side by side: the one place where the compiler has to be told what to do.

Each lane multiplies and adds as a loop over scalars would, in the same order; nothing is fused. Addresses and
strides are numbers of bytes.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 8

_DOUBLE, _WHOLE, _PLACE = ir.DoubleType(), ir.IntType(64), ir.IntType(32)
_VECTOR = ir.VectorType(_DOUBLE, LANES)
_ADDRESS, _NUMBER = types.uintp, types.intp
_MIXED = types.void(_ADDRESS, _NUMBER, _ADDRESS, _NUMBER, _NUMBER, _ADDRESS, _NUMBER)


@intrinsic
def mixed_by_one(context, shocks, stride, loads, load_stride, count, out, lanes):
    """``out[i] = sum_j loads[j] * shocks[j, i]`` for so many times eight draws; for one year."""
    return _MIXED, _mixing(each=False)


@intrinsic
def mixed_by_each(context, shocks, stride, loads, load_stride, count, out, lanes):
    """``out[i] = sum_j loads[j, i] * shocks[j, i]`` for so many times eight draws; for one year."""
    return _MIXED, _mixing(each=True)


def _mixing(*, each):
    """Up to eight terms are written out, one loop over draws for each number of them."""

    def code(context, builder, signature, arguments):
        shocks, stride, loads, load_stride, count, out, lanes = arguments
        read = lanes_at if each else _one

        def pair(at):
            return [(lanes_at(builder, at[0]), read(builder, at[1]))]

        done = builder.append_basic_block("mixed")
        cases = [builder.append_basic_block(f"terms{n}") for n in range(LANES + 1)]
        switch = builder.switch(count, cases[0])
        for n, case in enumerate(cases):
            if n:
                switch.add_case(_WHOLE(n), case)
            builder.position_at_end(case)
            places = [builder.add(loads, builder.mul(load_stride, _WHOLE(j))) for j in range(n)]
            known = [] if each else [_one(builder, place) for place in places]
            with cgutils.for_range(builder, lanes) as loop:
                here = builder.mul(loop.index, _WHOLE(8 * LANES))
                at = builder.add(shocks, here)
                if n:
                    total = None
                    for j, place in enumerate(places):
                        load = lanes_at(builder, builder.add(place, here)) if each else known[j]
                        term = builder.fmul(load, lanes_at(builder, at))
                        total = term if total is None else builder.fadd(total, term)
                        at = builder.add(at, stride)
                else:
                    begin = [at, builder.add(loads, here) if each else loads]
                    running = _Running(builder, begin, [stride, load_stride])
                    [total] = _sums(builder, running, count, pair)
                _store(builder, total, builder.add(out, here))
            builder.branch(done)
        builder.position_at_end(done)
        return context.get_dummy_value()

    return code


@intrinsic
def weighted(context, shocks, stride, loads, count, out, lanes):
    """``out[i] = sum_s loads[s] * shocks[s, i]`` for so many times eight draws; for one year and one cell.

    Successive loads stand eight doubles apart.
    """

    def code(context, builder, signature, arguments):
        shocks, stride, loads, count, out, lanes = arguments
        with cgutils.for_range(builder, lanes) as loop:
            here = builder.mul(loop.index, _WHOLE(8 * LANES))
            running = _Running(builder, [builder.add(shocks, here), loads], [stride, _WHOLE(8 * LANES)])
            [total] = _sums(
                builder, running, count, lambda at: [(lanes_at(builder, at[0]), _one(builder, at[1]))]
            )
            _store(builder, total, builder.add(out, here))
        return context.get_dummy_value()

    return types.void(_ADDRESS, _NUMBER, _ADDRESS, _NUMBER, _ADDRESS, _NUMBER), code


@intrinsic
def eight_paths(context, cells, shocks, stride, count, sigma, out, out_stride, years):
    """``out[t, d] = sum_s loads_d[s, t] * shocks[s, d] * sigma[d] + locations_d[t]`` for eight draws d.

    ``cells`` is the address of eight addresses of loads, eight years wide, and then eight of locations. Only
    the first ``years`` of eight are written.
    """

    def code(context, builder, signature, arguments):
        cells, shocks, stride, count, sigma, out, out_stride, years = arguments
        pointers = [
            builder.load(builder.inttoptr(builder.add(cells, _WHOLE(8 * i)), _WHOLE.as_pointer()))
            for i in range(2 * LANES)
        ]
        running = _Running(builder, [shocks, _WHOLE(0)], [stride, _WHOLE(8 * LANES)])

        def products(at):
            return [
                (
                    lanes_at(builder, builder.add(load, at[1])),
                    _one(builder, builder.add(at[0], _WHOLE(8 * d))),
                )
                for d, load in enumerate(pointers[:LANES])
            ]

        totals = _sums(builder, running, count, products)
        paths = []
        for d, (total, location) in enumerate(zip(totals, pointers[LANES:], strict=True)):
            scaled = builder.fmul(total, _one(builder, builder.add(sigma, _WHOLE(8 * d))))
            paths.append(builder.fadd(scaled, lanes_at(builder, location)))
        for year, row in enumerate(_transposed(builder, paths)):
            with builder.if_then(builder.icmp_signed("<", _WHOLE(year), years), likely=True):
                _store(builder, row, builder.add(out, builder.mul(out_stride, _WHOLE(year))))
        return context.get_dummy_value()

    return types.void(_ADDRESS, _ADDRESS, _NUMBER, _NUMBER, _ADDRESS, _ADDRESS, _NUMBER, _NUMBER), code


class _Running:
    """Addresses that advance by their strides."""

    def __init__(self, builder, begin, steps):
        self.begin, self.steps = begin, steps
        self.second = [builder.add(at, step) for at, step in zip(begin, steps, strict=True)]


def _sums(builder, running, count, products):
    """Sums of at least one product each, term by term."""
    first = [builder.fmul(one, other) for one, other in products(running.begin)]
    before = builder.block
    loop, body, done = (builder.append_basic_block(name) for name in ("loop", "body", "done"))
    builder.branch(loop)
    builder.position_at_end(loop)
    number = builder.phi(_WHOLE)
    at = [builder.phi(_WHOLE) for _ in running.begin]
    totals = [builder.phi(_VECTOR) for _ in first]
    builder.cbranch(builder.icmp_signed("<", number, count), body, done)
    builder.position_at_end(body)
    terms = [builder.fmul(one, other) for one, other in products(at)]
    following = [
        builder.add(number, _WHOLE(1)),
        *[builder.add(place, step) for place, step in zip(at, running.steps, strict=True)],
        *[builder.fadd(total, term) for total, term in zip(totals, terms, strict=True)],
    ]
    now = [_WHOLE(1), *running.second, *first]
    for phi, begin, then in zip([number, *at, *totals], now, following, strict=True):
        phi.add_incoming(begin, before)
        phi.add_incoming(then, builder.block)
    builder.branch(loop)
    builder.position_at_end(done)
    return totals


def _transposed(builder, rows):
    """Eight vectors of eight, turned: in each of three rounds pairs of vectors swap blocks of lanes."""
    rows = list(rows)
    for block in (4, 2, 1):
        low = [lane if not lane & block else LANES + lane - block for lane in range(LANES)]
        high = [lane + block if not lane & block else LANES + lane for lane in range(LANES)]
        for i in range(LANES):
            if not i & block:
                one, other = rows[i], rows[i + block]
                rows[i], rows[i + block] = (_shuffled(builder, one, other, mask) for mask in (low, high))
    return rows


def _shuffled(builder, one, other, mask):
    return builder.shuffle_vector(one, other, ir.Constant(ir.VectorType(_PLACE, LANES), mask))


def lanes_at(builder, address):
    """Load eight numbers."""
    value = builder.load(builder.inttoptr(address, _VECTOR.as_pointer()))
    value.align = 8
    return value


def _store(builder, value, address):
    builder.store(value, builder.inttoptr(address, _VECTOR.as_pointer())).align = 8


def _one(builder, address):
    return spread(builder, builder.load(builder.inttoptr(address, _DOUBLE.as_pointer())))


def spread(builder, number):
    """Put one number into all lanes."""
    empty = ir.Constant(_VECTOR, ir.Undefined)
    return _shuffled(builder, builder.insert_element(empty, number, _PLACE(0)), empty, [0] * LANES)
