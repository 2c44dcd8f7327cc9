"""Memory: what it was at the beginning, and what has been done to it since, layer upon layer.

Nothing is known of the beginning, so a proof holds for every content. Addresses are those of the flat segments of the
kernel. A read looks through the layers from the newest one down; where it cannot tell whether a layer concerns it, the
result has both cases, and the solver decides. It need not where a proof assumes that ranges are apart, such as the
stacks of two processes.
"""

import dataclasses
from typing import Callable, Optional

import z3

import words


class Memory:
    """One layer; it never changes."""

    apart: list  # Ranges, no two of which have a byte in common

    def write(self, address, value):
        return Write(self, address, value)

    def are_apart(self, base, distance, count, other):
        """Whether these bytes are in another range than those of a layer."""
        a = self.range_of(base, distance, count)
        return a is not None and other is not None and a is not other

    def range_of(self, base, distance, count):
        return next((each for each in self.apart if each.has(base, distance, count)), None)

    def forget(self, name, keeps):
        return Forgotten(self, name, keeps)

    def read(self, address, count):
        """count bytes, little-endian, as one value."""
        base, distance = words.split(address)
        layer = self
        while isinstance(layer, Write):
            if not words.same(base, layer.base):
                if not self.are_apart(base, distance, count, layer.range):
                    break
                layer = layer.below
                continue
            ahead = distance - layer.distance
            if ahead == 0 and count == layer.count:
                return layer.value
            if -count < ahead < layer.count:
                break
            layer = layer.below
        if isinstance(layer, Forgotten) and layer.keeps(address, count) is True:
            return layer.below.read(address, count)
        read = [layer.byte(z3.simplify(address + i)) for i in range(count)]
        return z3.simplify(z3.Concat(*reversed(read)) if count > 1 else read[0])

    def byte(self, address):
        raise NotImplementedError


@dataclasses.dataclass
class Range:
    """The bytes from base + low to base + high, without the last."""

    base: Optional[z3.BitVecRef]
    low: int
    high: int

    def has(self, base, distance, count):
        return words.same(base, self.base) and self.low <= distance and distance + count <= self.high


class Beginning(Memory):
    """Before the first instruction: any byte at any address."""

    def __init__(self, name="memory"):
        self.apart = []
        self.content = z3.Function(name, z3.BitVecSort(words.WORD), z3.BitVecSort(words.BYTE))

    def byte(self, address):
        return self.content(address)


@dataclasses.dataclass
class Write(Memory):
    below: Memory
    address: z3.BitVecRef
    value: z3.BitVecRef

    def __post_init__(self):
        self.base, self.distance = words.split(self.address)
        self.count = self.value.size() // words.BYTE
        self.value = z3.simplify(self.value)
        self.apart = self.below.apart
        self.range = self.range_of(self.base, self.distance, self.count)

    def byte(self, address):
        base, distance = words.split(address)
        if words.same(base, self.base):
            ahead = distance - self.distance
            return self._byte(ahead) if 0 <= ahead < self.count else self.below.byte(address)
        if self.are_apart(base, distance, 1, self.range):
            return self.below.byte(address)
        result = self.below.byte(address)
        for i in range(self.count):
            result = z3.If(address == self.address + i, self._byte(i), result)
        return result

    def _byte(self, i):
        return z3.simplify(z3.Extract(words.BYTE * i + 7, words.BYTE * i, self.value))


class Forgotten(Memory):
    """Something unknown has written, but not where keeps(address, count) says so: True, False, or a condition."""

    def __init__(self, below, name, keeps: Callable[[z3.BitVecRef, int], object]):
        self.below, self.keeps, self.apart = below, keeps, below.apart
        self.content = z3.Function(str(words.unknown(name)), z3.BitVecSort(words.WORD), z3.BitVecSort(words.BYTE))

    def byte(self, address):
        kept = self.keeps(address, 1)
        if kept is True:
            return self.below.byte(address)
        if kept is False:
            return self.content(address)
        return z3.If(kept, self.below.byte(address), self.content(address))


@dataclasses.dataclass
class Stack:
    """A stack of which `used` bytes are above the address `at`, where the proof begins; nothing wraps."""

    at: z3.BitVecRef
    used: Optional[z3.BitVecRef] = None
    most: int = 1 << 20

    def __post_init__(self):
        if self.used is None:
            self.used = words.unknown("used")
        self.base, self.distance = words.split(self.at)

    def conditions(self):
        """Of the whole proof: the stack is in memory, with room below."""
        return [z3.ULE(self.used, self.most), z3.UGE(self.at, self.most), z3.ULE(self.at, 0xFFFFFFFF - 2 * self.most)]

    def from_up(self, lowest):
        """keeps() of a layer that leaves the stack alone from this address up."""
        _, low = words.split(lowest)
        low -= self.distance

        def keeps(address, count):
            base, distance = words.split(address)
            if words.same(base, self.base):
                distance -= self.distance
                if distance + count <= low:
                    return False
                if low <= distance and distance + count <= 0:
                    return True
                if low <= distance:
                    return z3.ULE(distance + count, self.used)
            return z3.ULT(address - lowest, self.used - low)

        return keeps
