"""The numbers that a check is given, and how they get into the image.

They are drawn from a key, so that the same student gets the same numbers at every grading, and nobody can know those of
the held-back checks before. The starter's key is public.
"""

import dataclasses
import hashlib
import hmac
import pathlib
import struct

from lab import LabError

NUMBERS = 12  # GIVEN_NUMBERS of labs/observe.h
MARK = b"detour lab check"  # OBSERVE_MARK
LAYOUT = struct.Struct(f"<16s{2 + NUMBERS}I")  # struct given
PUBLIC_KEY = b"the key of the public checks"
PROGRAM_HEADER = struct.Struct("<8I")  # ELF32: type, offset, vaddr, paddr, filesz, memsz, flags, align
LOADED = 1


@dataclasses.dataclass(frozen=True)
class Given:
    """What model.py gets: the same numbers as the check in the guest."""

    number: tuple

    def between(self, i, low, high):
        """given(i, low, high) of labs/observe.h."""
        return low + self.number[i] % (high - low + 1)


def draw(key, course, student, check):
    """The numbers of this check for this student."""
    stream = b"".join(hmac.new(key, "\0".join((course, student, check, str(block))).encode(), hashlib.sha256).digest()
                      for block in range(2))
    return Given(struct.unpack_from(f"<{NUMBERS}I", stream))


def symbols(image):
    """(name -> the addresses that have it), from the System.map beside the image."""
    found = {}
    for line in pathlib.Path(image).with_suffix(".map").read_text(encoding="utf-8").splitlines():
        address, _, name = line.split(" ", 2)
        found.setdefault(name, []).append(int(address, 16))
    return found


def offset_in_file(content, address):
    """Where the byte of this address is in an ELF file; None if it has none."""
    begin, = struct.unpack_from("<I", content, 28)
    size, count = struct.unpack_from("<HH", content, 42)
    for i in range(count):
        kind, offset, virtual, _, length, *_ = PROGRAM_HEADER.unpack_from(content, begin + i * size)
        if kind == LOADED and virtual <= address <= virtual + length - LAYOUT.size:
            return offset + address - virtual
    return None


def prepared(image, check, nonce, given):
    """The content of the image with what this boot is to do written into it."""
    known = symbols(image)
    places, functions = known.get("lab_given", []), known.get(f"check_{check.function}", [])
    if len(places) != 1 or len(functions) != 1:
        name = "lab_given" if len(places) != 1 else f"check_{check.function}"
        raise LabError(f"{pathlib.Path(image).name}: {name} is there {len(known.get(name, []))} times, not once; a "
                       "file of the hand-in may define it")
    content = bytearray(pathlib.Path(image).read_bytes())
    offset = offset_in_file(content, places[0])
    if offset is None or content[offset:offset + len(MARK)] != MARK:
        raise LabError(f"{image}: lab_given is not where the System.map has it")
    LAYOUT.pack_into(content, offset, MARK, functions[0], nonce, *given.number)
    return bytes(content)
