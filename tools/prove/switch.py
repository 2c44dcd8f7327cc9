"""T4: ctxsw, from one process to another and back."""

import z3

import layout
import words
from contracts import Contracts
from cpu import IF, REGISTERS, RF, VIF, VIP, VM, anything
from memory import Beginning, Range, Stack
from theorem import EXAMPLE_STACK

SAVED_BYTES = 4 * layout.SAVED_WORDS
SAVED = [(getattr(layout, f"SAVED_{name.upper()}"), name) for name in REGISTERS if name not in ("esp", "ebp")]
SWITCHED_OFF = IF | RF | VIF | VIP | VM  # of EFLAGS: ctxsw is called with interrupts masked; the others are never set


class Switch:
    """A call of ctxsw(old, new): any registers, any two places for the stack pointers.

    next: the saved stack pointer at *new. Both stacks and both places are different memory.
    """

    def __init__(self, proof, memory, next, saved=(), conditions=()):
        self.state = anything()
        self.state.memory = memory
        esp = self.state.get("esp")
        self.stack = Stack(esp)
        self.next = next
        self.returns_to, self.old, self.new = (words.unknown(name) for name in ("return address", "old", "new"))
        memory.apart += [Range(esp, -SAVED_BYTES, self.stack.most), Range(self.old, 0, 4), Range(self.new, 0, 4)]
        for address, value in ((esp, self.returns_to), (esp + 4, self.old), (esp + 8, self.new), (self.new, next)):
            self.state.memory = self.state.memory.write(address, value)
        for i, value in enumerate(saved):
            self.state.memory = self.state.memory.write(next + 4 * i, value)
        self.state.eip = proof.code.symbols["ctxsw"]
        self.state.set_eflags(words.word(0), SWITCHED_OFF)
        self.state.conditions += [*conditions, *self.stack.conditions(), z3.UGE(self.stack.used, 12)]  # of the call
        self.state.hints = [value == EXAMPLE_STACK + 0x1000 * i
                            for i, value in enumerate((self.old, self.new, next), 1)]
        self.begin = self.state.copy()
        self.end, = proof.explore(self.state, Contracts(self.stack, proof.claims), masked_until="popfd")


def saves(proof, switch):
    """What is on the stack behind it is saved_stack.h's picture, and *old leads there."""
    begin, end = switch.begin, switch.end
    saved = begin.get("esp") - SAVED_BYTES + 4
    at = lambda i: end.memory.read(z3.simplify(saved + 4 * i), 4)  # noqa: E731
    proof.claim("*old is the address of the saved words", end, end.memory.read(switch.old, 4) == saved)
    for i, name in SAVED:
        proof.claim(f"the saved {name.upper()} is the caller's", end, at(i) == begin.get(name))
    proof.claim("the saved EBP of pushal is the address of the link", end,
                at(layout.SAVED_EBP) == saved + 4 * layout.SAVED_LINK)
    proof.claim("the saved EFLAGS are the caller's", end, at(layout.SAVED_EFLAGS) == begin.eflags)
    proof.claim("the link is the caller's EBP", end, at(layout.SAVED_LINK) == begin.get("ebp"))
    proof.claim("the return address is the caller's", end, at(layout.SAVED_RETURN) == switch.returns_to)


def resumes(proof, switch, saved):
    """The other process gets exactly the words that were saved for it."""
    end = switch.end
    for i, name in SAVED:
        proof.claim(f"{name.upper()} is the saved one", end, end.get(name) == saved[i])
    proof.claim("EBP is the link", end, end.get("ebp") == saved[layout.SAVED_LINK])
    proof.claim("EFLAGS are the saved ones", end,
                (end.eflags ^ saved[layout.SAVED_EFLAGS]) & (layout.EFLAGS_OF_PROCESS & ~RF) == 0)
    proof.claim("it goes on at the saved return address", end, end.eip == saved[layout.SAVED_RETURN])
    proof.claim("ESP is behind the saved words", end, end.get("esp") == switch.next + SAVED_BYTES)


def there_and_back(proof):
    """T4: what is restored is what was saved, for any two processes, however long the first one was switched out."""
    memory, next = Beginning(), words.unknown("saved ESP of the other")
    memory.apart.append(Range(next, 0, SAVED_BYTES))
    saved = [words.unknown(f"word {i} of the other") for i in range(layout.SAVED_WORDS)]
    away = Switch(proof, memory, next, saved)
    saves(proof, away)
    resumes(proof, away, saved)
    begin = away.begin
    pointer = z3.simplify(begin.get("esp") - SAVED_BYTES + 4)
    kept = away.end.memory.forget("while it was switched out", away.stack.from_up(pointer))
    end = Switch(proof, kept, pointer, conditions=away.end.conditions).end
    for name in REGISTERS:
        proof.claim(f"{name.upper()} is back", end,
                    end.get(name) == (begin.get("esp") + 4 if name == "esp" else begin.get(name)))
    proof.claim("EFLAGS are back", end, end.eflags == begin.eflags)
    proof.claim("it returns to its caller", end, end.eip == away.returns_to)


def first_function_returns(proof):
    """INITRET: the first function of a process returns to userret, which calls exit(0)."""
    state = anything()
    stack = Stack(state.get("esp"))
    state.conditions += stack.conditions()
    state.eip = proof.code.symbols["userret"]
    contract = Contracts(stack, [], arguments={"exit": 4})
    end, = proof.explore(state, contract, masked_from=99)  # with interrupts as they are
    proof.claim("exit() is called, with 0", end, [call.name for call in end.calls] == ["exit"])
    called = end.calls[0].state
    proof.claim("its argument is 0", called, called.load(called.get("esp") + 4) == 0)


def switch(proof):
    """T4."""
    there_and_back(proof)
    first_function_returns(proof)


THEOREMS = {"T4": ("ctxsw: what is restored is what was saved", switch)}
