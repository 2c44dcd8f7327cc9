"""Words as the solver has them: 32-bit vectors, and the addresses among them as a base and a distance."""

import itertools

import z3

BYTE, WORD = 8, 32

_numbers = itertools.count()


def word(value):
    return z3.BitVecVal(value, WORD)


def unknown(name, bits=WORD):
    """A value that can be anything. No two have the same name."""
    return z3.BitVec(f"{name}#{next(_numbers)}", bits)


def bit(value, mask):
    """Whether any of these bits is set."""
    return value & mask != 0


def signed(value):
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


def split(address):
    """(base, distance) of an address: two with the same base differ by a known number of bytes. base is None for a
    constant."""
    address = z3.simplify(address)
    if z3.is_bv_value(address):
        return None, address.as_long()
    if z3.is_app_of(address, z3.Z3_OP_BADD):
        parts = address.children()
        constants = [part for part in parts if z3.is_bv_value(part)]
        if len(constants) == 1:
            rest = [part for part in parts if not z3.is_bv_value(part)]
            base = rest[0]
            for part in rest[1:]:
                base = base + part
            return base, signed(constants[0].as_long())
    return address, 0


def same(a, b):
    """Whether two bases are one."""
    if a is None or b is None:
        return a is b
    return a.eq(b)
