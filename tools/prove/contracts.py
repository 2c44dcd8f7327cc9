"""What the proofs assume of the code that entry code calls, and what they claim at the moment of the call.

A C++ function keeps EBX, ESI, EDI, EBP and ESP, leaves DF clear, and changes of the stack only what is below its
arguments, these included (System V ABI, Intel386 supplement, 3-11). convention.py proves the first part of it for the
functions of the image. Interrupts are masked when it is called, and when it returns.
"""

import z3

import words
from cpu import AC, ARITHMETIC, DF, IF, NT, REGISTERS, TF
from explore import Claim
from rules_control import SELECTOR_DATA

CHANGED_BY_FUNCTIONS = ("eax", "ecx", "edx")


class Contracts:
    """claims: filled with what must hold at each call. damaging: callbacks write over the whole stack."""

    def __init__(self, stack, claims, arguments=(), effects=(), user=False, damaging=False):
        self.stack, self.claims, self.user, self.damaging = stack, claims, user, damaging
        self.arguments = dict(arguments)  # function: bytes of its arguments on the stack, or [bytes, writes]
        self.effects = dict(effects)  # function: what it writes, as effect(call, state)

    def __call__(self, call, state):
        if call.name in self.arguments:
            return self.function(call, state)
        return self.callback(call, state)

    def function(self, call, state):
        """A function of the kernel."""
        before = call.state
        self.claim(f"{call.name}: DF is clear when it is called", before, before.eflags & DF == 0)
        self.claim(f"{call.name}: interrupts are masked when it is called", before, before.eflags & IF == 0)
        if self.user:
            segments = [before.get(name) == SELECTOR_DATA for name in ("ds", "es")]
            self.claim(f"{call.name}: DS and ES are the kernel's", before, z3.And(*segments))
            self.claim(f"{call.name}: AC, NT and TF are clear", before, before.eflags & (AC | NT | TF) == 0)
        self.return_from(call, state, CHANGED_BY_FUNCTIONS, ARITHMETIC, self.arguments[call.name])
        if call.name in self.effects:
            self.effects[call.name](call, state)
        call.after = state.copy()
        return [state]

    def callback(self, call, state):
        """Code of the process: it may do with all registers but ESP, and with the flags, what it likes (R9)."""
        before = call.state
        self.claim("a callback begins with IF set", before, before.eflags & IF == IF)
        self.claim("a callback begins with DF clear", before, before.eflags & DF == 0)
        self.claim("a callback's return address is behind its call", before,
                   before.load(before.get("esp")) == call.returns_to)
        changed = [name for name in REGISTERS if name != "esp"]
        self.return_from(call, state, changed, ARITHMETIC | IF | DF | NT | AC, 0)
        state.behind_callback = True
        if self.damaging:
            state.memory = state.memory.forget("damaged memory", lambda address, count: False)
        call.after = state.copy()
        return [state]

    def return_from(self, call, state, changed, flags, arguments):
        state.set("esp", state.get("esp") + 4)
        for name in changed:
            state.registers[name] = words.unknown(f"{name} after {call.name}")
        state.set_eflags(words.unknown(f"flags after {call.name}"), flags)
        kept = z3.simplify(state.get("esp") + arguments)
        state.memory = state.memory.forget(f"memory after {call.name}", self.stack.from_up(kept))
        state.eip = call.returns_to
        state.inhibited = False

    def claim(self, text, state, holds):
        self.claims.append(Claim(text, state, z3.simplify(holds)))
