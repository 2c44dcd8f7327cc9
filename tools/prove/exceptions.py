"""T1 for all other ways in: IRQs, exceptions, and the jittered clock, from ring 0 and from ring 3."""

import z3

import layout
import words
from contracts import Contracts
from cpu import IF, anything
from detours import Interrupted
from memory import Range, Stack
from rules_control import SELECTOR_DATA, deliver_interrupt
from user import KERNEL_WORDS, User

VECTORS = 256
EXIT_STACK_USED = 64  # bytes of it that the entry code may use before the handler


class BothStacks:
    """The process's stack, and that on which an exception is handled."""

    def __init__(self, process, top, frame_bytes):
        self.process, self.top, self.frame_bytes = process, top, frame_bytes

    def from_up(self, lowest):
        base, at = words.split(lowest)
        if base is not None:
            return self.process.from_up(lowest)
        frame = self.process.from_up(z3.simplify(self.process.at - self.frame_bytes))

        def keeps(address, count):
            base, distance = words.split(address)
            if base is None:
                return at <= distance and distance + count <= self.top
            return frame(address, count)
        return keeps


def sets_of_segments(state):
    """DS and ES as the kernel or ring 3 can have them."""
    for name in ("ds", "es"):
        value = state.get(name)
        state.conditions.append(z3.Or(z3.ULT(value, 4), value == SELECTOR_DATA, value == 0x1B, value == 0x10))


def stubs(proof):
    """Each vector's stub completes the frame, changes no register, and goes to exception_entry or irq_entry."""
    table = proof.code.symbols["interrupt_entry_table"]
    exception, irq = (proof.code.symbols[name] for name in ("exception_entry", "irq_entry"))
    for vector in range(VECTORS):
        state = anything()
        begin, stack = state.copy(), Stack(state.get("esp"))
        state.conditions += stack.conditions()
        state.set_eflags(words.word(0), IF)
        state.eip = proof.code.image.word(table + 4 * vector)
        end, = proof.explore(state, Contracts(stack, proof.claims), stops={exception, irq})
        is_irq = layout.VECTOR_IRQ_BASE <= vector < layout.VECTOR_IRQ_BASE + 16
        pushed = [vector - layout.VECTOR_IRQ_BASE] if is_irq else [vector] if has_error_code(vector) else [vector, 0]
        proof.claim(f"vector {vector} goes to its entry", end, end.eip == (irq if is_irq else exception))
        proof.claim(f"vector {vector} completes its frame", end, z3.And(
            end.get("esp") == begin.get("esp") - 4 * len(pushed),
            *[end.load(end.get("esp") + 4 * i) == value for i, value in enumerate(pushed)],
            *[end.get(name) == begin.get(name) for name in end.registers if name != "esp"]))


def has_error_code(vector):
    """Intel SDM vol. 3, table 6-1."""
    return vector in (8, 10, 11, 12, 13, 14, 17, 21)


def entered(proof, process, entry, words_below, kernel_stack=None):
    """At exception_entry or irq_entry, behind the stub; words_below: what is on the stack below the CPU's words."""
    state = process.state.copy()
    deliver_interrupt(state, process.eip, proof.code.symbols[entry], kernel_stack)
    for value in words_below:
        state.push(value)
    state.written.clear()
    return state


def arguments_of():
    return {"irq_handler": 4, "exception_handler": 4, "pit_restart_jittered": 0}


def from_ring0(proof, entry, words_below, stop=None, on_exit_stack=False):
    """The ends of the paths from there, each with what was interrupted. on_exit_stack: by a fault in a report."""
    process = Interrupted()
    sets_of_segments(process.state)
    stack, at = process.stack, process.state.get("esp")
    bottom, top = (proof.code.symbols[name] for name in ("exit_stack", "exit_stack_top"))
    if on_exit_stack:
        process.state.conditions += [z3.UGT(at, bottom + 1024), z3.ULE(at, top)]
    elif entry == "exception_entry":
        stack = BothStacks(process.stack, top, layout.EXCEPTION_FRAME_BYTES)
        process.state.conditions.append(z3.Or(z3.ULE(at + process.stack.used, bottom), z3.UGT(at, top + 4096)))
        process.state.memory.apart += [Range(None, top - EXIT_STACK_USED, top), Range(at, -1024, process.stack.most)]
    contract = Contracts(stack, proof.claims, arguments_of(), user=True)
    for end in proof.explore(entered(proof, process, entry, words_below), contract,
                             stops={proof.code.symbols[stop]} if stop else ()):
        yield process, end


def returns_unchanged(proof):
    """From ring 0 and from ring 3: all registers, flags, segments and the stack are as they were."""
    exception = ("exception_entry", ("error code", "vector"))
    for (entry, names), on_exit_stack in ((("irq_entry", ("IRQ",)), False), (exception, False), (exception, True)):
        below = [words.unknown(name) for name in names]
        for process, end in from_ring0(proof, entry, below, on_exit_stack=on_exit_stack):
            proof.claim(f"{entry} calls its handler", end, len(end.calls) == 1)
            process.unchanged(proof, end, f"is behind {entry} what it was before")
            segments_are_back(proof, process, end)
        if not on_exit_stack:
            from_ring3(proof, entry, below)


def segments_are_back(proof, process, end):
    for name in ("ds", "es"):
        proof.claim(f"{name.upper()} is what it was", end, end.get(name) == process.state.get(name))


def from_ring3(proof, entry, below):
    """The same, of ring 3."""
    user, stack = User(proof), None
    if entry == "exception_entry":
        top = proof.code.symbols["exit_stack_top"]
        stack = BothStacks(user.stack, top, layout.EXCEPTION_FRAME_BYTES + 8)
        user.state.memory.apart += [Range(None, top - EXIT_STACK_USED, top),
                                    Range(user.kernel_stack, -layout.INTERRUPT_STACK_ROOM, KERNEL_WORDS)]
    contract = Contracts(stack or user.stack, proof.claims, arguments_of(), user=True)
    end, = proof.explore(entered(proof, user, entry, below, user.kernel_stack), contract)
    begin = user.state
    user.leaves_nothing(end, {**begin.registers, "eip": user.eip, "eflags": begin.eflags})
    user.keeps_segments(end)
    user.stack_is_empty(end)


def jittered_clock(proof):
    """It leads to clkdisp with all as the CPU left it."""
    for process, end in from_ring0(proof, "clkdisp_jittered", [], "clkdisp"):
        begin = process.state.copy()
        deliver_interrupt(begin, process.eip, None)
        for name in begin.registers:
            proof.claim(f"{name.upper()} is at clkdisp as the CPU left it", end, end.get(name) == begin.get(name))
        segments_are_back(proof, process, end)
        esp = begin.get("esp")
        for place in range(0, 12, 4):
            proof.claim("the CPU's words are there", end, end.load(esp + place) == begin.load(esp + place))


def other_interrupts(proof):
    """T1, for all ways in but clkdisp."""
    stubs(proof)
    returns_unchanged(proof)
    jittered_clock(proof)


THEOREMS = {"T1b": ("an IRQ or an exception that changes nothing", other_interrupts)}
