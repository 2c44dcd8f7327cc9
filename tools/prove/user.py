"""T5: ring 3, and every way into the kernel from there and back."""

import z3

import layout
import words
from contracts import Contracts
from cpu import AC, DEFINED, DF, FIXED, IF, IOPL, NT, REGISTERS, TF, VIF, VIP, VM, anything
from memory import Stack
from rules_control import SELECTOR_DATA, SELECTOR_USER_CODE, deliver_interrupt, enter_by_sysenter

NEVER = IOPL | VM | VIF | VIP  # of EFLAGS in ring 3
KERNEL_WORDS = layout.USER_FRAME_BYTES - layout.USER_FRAME_DS + 4  # above TSS.esp0: DS, ES, STACKMAGIC
MOST_BELOW = layout.INTERRUPT_STACK_ROOM
WORDS = {"eip": layout.INTERRUPT_FRAME_EIP, "cs": layout.INTERRUPT_FRAME_CS, "eflags": layout.INTERRUPT_FRAME_EFLAGS,
         "esp": layout.USER_FRAME_ESP, "ss": layout.USER_FRAME_SS,
         **{name: getattr(layout, f"PUSHAL_{name.upper()}") for name in REGISTERS if name != "esp"}}


class User:
    """Any state of a ring-3 process. TSS.esp0 is `kernel_stack`; the frame lies below it, always at the same place."""

    def __init__(self, proof):
        self.proof, self.state, self.eip = proof, anything(), words.unknown("eip")
        state = self.state
        state.set("cs", z3.BitVecVal(SELECTOR_USER_CODE, 16))
        state.set("ss", z3.BitVecVal(SELECTOR_DATA, 16))
        state.set_eflags(words.word(IF), NEVER | IF)
        for name in ("ds", "es"):  # what ring 3 can have there
            value = state.get(name)
            state.conditions.append(z3.Or(z3.ULT(value, 4), value == SELECTOR_DATA, value == SELECTOR_USER_CODE))
        self.kernel_stack = words.unknown("TSS.esp0")
        self.stack = Stack(self.kernel_stack, words.word(KERNEL_WORDS))
        end = max(address + size for _, address, _, size in proof.code.image.segments)
        state.conditions += [*self.stack.conditions(), z3.UGE(self.kernel_stack, end + MOST_BELOW)]  # not in the image
        self.frame = z3.simplify(self.kernel_stack - layout.USER_FRAME_DS)

    def word(self, state, name):
        return state.load(z3.simplify(self.frame + WORDS[name]))

    def held(self, state):
        return {name: self.word(state, name) for name in WORDS}

    def change_frame(self, _call, state):
        """What C++ code may do with the frame: a detour, or its end. What it puts there, ring 3 could have itself."""
        for name, place in WORDS.items():
            if name in ("cs", "ss"):
                continue
            value = words.unknown(f"{name} of the frame")
            if name == "eflags":
                value = value & (DEFINED & ~NEVER) | IF | FIXED
            state.memory = state.memory.write(z3.simplify(self.frame + place), z3.simplify(value))

    def frame_is_the_processes(self, call):
        """At the call, the frame is what the process had."""
        begin, state = self.state, call.state
        for name, value in {**begin.registers, "eip": self.eip, "eflags": begin.eflags}.items():
            self.proof.claim(f"{call.name}: the frame has the process's {name.upper()}", state,
                             self.word(state, name) == value)

    def leaves_nothing(self, end, frame, result=None, flags=True):
        """Every register of ring 3 comes from the frame (EAX from the call's result); no other word of the kernel does.
        """
        claim = self.proof.claim
        for name in REGISTERS:
            value = result if name == "eax" and result is not None else frame[name]
            claim(f"{name.upper()} in ring 3 is the frame's", end, end.get(name) == value)
        claim("EIP in ring 3 is the frame's", end, end.eip == frame["eip"])
        if flags:
            claim("EFLAGS in ring 3 are the frame's", end, end.eflags == frame["eflags"])
        self.is_ring3(end)

    def is_ring3(self, end):
        claim, begin = self.proof.claim, self.state
        claim("CS and SS are ring 3's", end,
              z3.And(end.get("cs") == SELECTOR_USER_CODE, end.get("ss") == SELECTOR_DATA))
        claim("IF is set in ring 3, and IOPL is 0", end, end.eflags & (IF | NEVER) == IF)
        for name in ("ds", "es"):
            claim(f"{name.upper()} is the process's own, or that of all processes", end,
                  z3.Or(end.get(name) == begin.get(name), end.get(name) == SELECTOR_DATA))
        for address, count, _ in end.written:
            if words.split(address)[0] is None:
                continue  # the exit stack
            claim("entry code writes to the kernel stack only", end,
                  z3.ULE(address + MOST_BELOW - self.kernel_stack, MOST_BELOW + KERNEL_WORDS - 4 - count))

    def stack_is_empty(self, end, left=0):
        """left: what sysexit leaves there."""
        self.proof.claim("the kernel stack is empty again", end, end.left_stack == self.kernel_stack - left)

    def keeps_segments(self, end):
        for name in ("ds", "es"):
            self.proof.claim(f"{name.upper()} is the process's again", end, end.get(name) == self.state.get(name))

    def enter(self, entry, error=None):
        state = self.state.copy()
        handler = entry if isinstance(entry, int) else self.proof.code.symbols[entry]
        deliver_interrupt(state, self.eip, handler, self.kernel_stack, error)
        state.written.clear()
        return state


def clock(proof):
    """The clock interrupts ring 3."""
    user = User(proof)
    effects = {"user_detour_at_tick": user.change_frame}
    contract = Contracts(user.stack, proof.claims, {"clkhandler": 0, "user_detour_at_tick": 4}, effects, user=True)
    end, = proof.explore(user.enter("clkdisp"), contract)
    handler, detour = end.calls
    proof.claim("clkhandler() is called, and then user_detour_at_tick()", end,
                (handler.name, detour.name) == ("clkhandler", "user_detour_at_tick"))
    proof.claim("user_detour_at_tick() gets the frame", detour.state,
                detour.state.load(detour.state.get("esp") + 4) == user.frame)
    user.frame_is_the_processes(detour)
    user.leaves_nothing(end, user.held(detour.after))
    user.keeps_segments(end)
    user.stack_is_empty(end)


def handler_is_called(user, end):
    """The call of a system call's handler; None if there was none, because there is no such call."""
    claim, number = user.proof.claim, user.state.get("eax")
    if not end.calls:
        claim("only a number that is too large calls no handler", end, z3.UGE(number, layout.SYSTEM_CALL_COUNT))
        return None
    call, = end.calls
    table = user.proof.code.symbols["system_call_handlers"]
    claim("a handler of the table is called, that of the number", call.state,
          z3.And(z3.ULT(number, layout.SYSTEM_CALL_COUNT),
                 call.target == user.state.memory.read(table + number * 4, 4)))
    claim("the handler gets the frame in ECX", call.state, call.state.get("ecx") == user.frame)
    return call


def system_call(proof):
    """int $0x30."""
    user = User(proof)
    contract = Contracts(user.stack, proof.claims, {"system_call_handlers": 0},
                         {"system_call_handlers": user.change_frame}, user=True)
    ends = proof.explore(user.enter("system_call_entry"), contract)
    proof.claim("a call is known or not", user.state, len(ends) == 2)
    for end in ends:
        call = handler_is_called(user, end)
        if call:
            user.frame_is_the_processes(call)
            user.leaves_nothing(end, user.held(call.after), call.after.get("eax"))
        else:
            user.leaves_nothing(end, {**user.state.registers, "eip": user.eip, "eflags": user.state.eflags},
                                words.word(0xFFFFFFFF))
        user.keeps_segments(end)
        user.stack_is_empty(end)


def fast_system_call(proof):
    """sysenter: ring 3 has left its ESP in ECX, and where it goes on in EDX."""
    user = User(proof)
    state = user.state.copy()
    enter_by_sysenter(state, proof.code.symbols["sysenter_entry"], user.kernel_stack)
    contract = Contracts(user.stack, proof.claims, {"system_call_handlers": 0},
                         {"system_call_handlers": user.change_frame}, user=True)
    ends = proof.explore(state, contract)
    proof.claim("a call is known or not", user.state, len(ends) == 2)
    for end in ends:
        call = handler_is_called(user, end)
        if call:
            frame = user.held(call.after)
            frame = {**frame, "ecx": frame["esp"], "edx": frame["eip"]}  # by which sysexit returns
            user.leaves_nothing(end, frame, call.after.get("eax"), flags=False)
            proof.claim("ring 3 gets DF, AC, NT and TF clear", end, end.eflags & (DF | AC | NT | TF) == 0)
            user.stack_is_empty(end, layout.USER_FRAME_DS - layout.INTERRUPT_FRAME_EIP)
        else:
            begin = user.state
            frame = {**begin.registers, "esp": begin.get("ecx"), "eip": begin.get("edx"),
                     "eflags": words.word(IF | FIXED)}
            user.leaves_nothing(end, frame, words.word(0xFFFFFFFF))
            user.stack_is_empty(end)
        for name in ("ds", "es"):
            proof.claim(f"{name.upper()} is that of all processes", end, end.get(name) == SELECTOR_DATA)


def return_page(proof):
    """The page that calls a callback of a ring-3 process, in ring 3.

    The kernel leads to its first instruction only, with the callback in EAX and EFLAGS as here.
    """
    user = User(proof)
    state = user.state
    state.eip = proof.code.symbols["user_return_page"]
    state.eflags = words.word(IF | FIXED)
    stack = Stack(state.get("esp"))
    state.conditions += stack.conditions()
    end, = proof.explore(state.copy(), Contracts(stack, proof.claims), masked_from=99)  # never
    callback, cbnext = end.calls
    proof.claim("EAX is called", end, callback.target == state.get("eax"))
    proof.claim("cbnext is called", end, cbnext.state.get("eax") == layout.SYSTEM_CALL_CBNEXT)
    proof.claim("ESP is at the record, as it was", end, cbnext.state.get("esp") == state.get("esp"))


def ring3(proof):
    """T5."""
    for part in (clock, system_call, fast_system_call, return_page):
        part(proof)


THEOREMS = {"T5": ("ring 3: nothing of the kernel's gets there", ring3)}
