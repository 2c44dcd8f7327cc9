"""T6: entry code uses no more of the stack than the room that has been checked for.

tools/check/stack_depth.py computes what each C++ function needs below its call, and that with what the entry code has
used by then (INTERRUPT there) it fits into the room. Here that second number is computed from the code itself.
"""

import os
import sys

import z3

import detours
import exceptions
import layout
import words
from machine_code import ROOT

sys.path.insert(0, os.path.join(ROOT, "tools", "check"))

import stack_depth  # noqa: E402

BELOW_FRAME = layout.CLAIMED_BYTES + 4  # kernel/detour/detour.cpp checks that CALLBACK_STACK_ROOM is free below that


def index_of_check(proof, end):
    """Which instruction of the path touches the lowest word of the room."""
    for i, address in enumerate(end.path):
        instruction = proof.code.at(address)
        if instruction.mnemonic == "test" and instruction.text.endswith(", eax"):
            return i
    return None


def within_room(proof, end, at_check):
    """at_check: ESP when the room is checked, from where the proof begins."""
    index = index_of_check(proof, end)
    proof.claim("the room is checked", end, index is not None)
    if index is None:
        return
    room = -proof.code.at(end.path[index]).operands[0].displacement
    proof.claim("what is checked is INTERRUPT_STACK_ROOM", end, room == layout.INTERRUPT_STACK_ROOM)
    proof.claim("nothing is written before the check", end, all(at > index for _, _, at in end.written))
    for call in end.calls:
        _, at_call = words.split(call.state.get("esp"))
        if call.name in stack_depth.INTERRUPT:
            proof.claim(f"{call.name} is called with as much of the room used as stack_depth.py says", end,
                        at_check - at_call == stack_depth.INTERRUPT[call.name])
    proof.claim("entry code stays within the room", end, at_check - end.lowest <= room)


def entries(proof):
    """The clock, IRQs and the jittered clock, from ring 0: 12 bytes are the CPU's, 4 the stub's."""
    clock = detours.Clock(proof)
    for end in clock.ends():
        within_room(proof, end, -12)
    for entry, below, stop in (("irq_entry", [words.unknown("IRQ")], None), ("clkdisp_jittered", [], "clkdisp")):
        for _, end in exceptions.from_ring0(proof, entry, below, stop):
            within_room(proof, end, -12 - 4 * len(below))


def callbacks(proof):
    """What a detour puts below the frame, before and between the callbacks. From there on, CALLBACK_STACK_ROOM is free.
    """
    clock = detours.Clock(proof)
    clock.state.conditions.append(clock.state.eflags & ~words.word(detours.PROCESS_FLAGS) == 0)
    for begin in clock.ends():
        if not clock.is_detour(begin):
            continue
        for end in proof.explore(begin, clock.contract):
            for call in end.calls[2:]:
                _, at_call = words.split(call.state.get("esp"))
                proof.claim(f"{call.name}: no word below those that were checked", end,
                            -layout.INTERRUPT_FRAME_BYTES - at_call <= BELOW_FRAME)


def stack_use(proof):
    """T6."""
    entries(proof)
    callbacks(proof)
    proof.claim("the room of a callback holds an interrupt", detours.Interrupted().state, z3.BoolVal(
        layout.CALLBACK_STACK_ROOM >= layout.INTERRUPT_STACK_ROOM + 12))


THEOREMS = {"T6": ("stack: no path goes below the room that was checked", stack_use)}
