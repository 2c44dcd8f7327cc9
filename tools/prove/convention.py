"""The calling convention, for every compiled function of the image: it keeps EBX, ESI, EDI, EBP and ESP, and DF clear.

The proofs assume this of what entry code calls. Here it is proved by data flow, which also ends where there are loops:
of each register and each word of the function's own frame it is known whether it still has what a register had at the
beginning, or is an address in the frame, or nothing is known. Where two ways meet, what both agree on stays.

Assumed: what a function calls keeps the convention as well (that is an induction over the depth of calls), and a store
through a pointer hits an object, not a saved register or a return address.
"""

import itertools
import time

import capstone
from capstone import x86

from known import FRAME, Known, Undecided, execute

KEPT = ("ebx", "esi", "edi", "ebp")
MOST_SITES = 6  # of indirect calls in a function, for which both ways are tried
NAME, TEXT = "C", "C and C++ functions keep the calling convention"


class Function:
    """One function, of which check() finds out whether it keeps the convention."""

    def __init__(self, code, begin, parts, callees):
        self.code, self.begin, self.parts, self.callees = code, begin, parts, callees
        self.instructions = {found.address: found for part, end in parts
                             for found in code.disassembler.disasm(code.bytes(part, end - part), part)}
        self.popped_at = {}  # by an indirect call: what its caller takes for granted, see check()

    def is_inside(self, address):
        return any(begin <= address < end for begin, end in self.parts)

    def successors(self, found):
        """Where the function goes on within itself."""
        if found.mnemonic in ("ret", "iretd", "ud2", "hlt"):
            return []
        if found.mnemonic == "call":
            behind = found.address + found.size
            return [behind] if self.returns(found) and not self.is_padding(behind) else []
        if found.mnemonic == "jmp":
            return self.targets(found)
        following = [found.address + found.size]
        if found.group(capstone.CS_GRP_JUMP):
            following += self.targets(found)
        return following

    def is_padding(self, address):
        """Whether nothing but nops follows: behind a call of which the source says that it does not return."""
        while address in self.instructions and self.instructions[address].mnemonic == "nop":
            address += self.instructions[address].size
        return address not in self.instructions or any(address == begin for begin, _ in self.parts)

    def targets(self, found):
        operand = found.operands[0]
        if operand.type == x86.X86_OP_IMM:
            return [operand.imm] if self.is_inside(operand.imm) else []
        if operand.type == x86.X86_OP_MEM and operand.mem.index:
            return self.table(operand.mem.disp & 0xFFFFFFFF)
        return []  # through a pointer: to another function

    def table(self, address):
        """The targets of a switch: words of the image as long as they are in this function."""
        found = []
        while True:
            content = self.code.bytes(address + 4 * len(found), 4)
            target = int.from_bytes(content, "little")
            if len(content) < 4 or not self.is_inside(target):
                return found
            found.append(target)

    def returns(self, found):
        operand = found.operands[0]
        return operand.type != x86.X86_OP_IMM or self.callees.may_return(operand.imm)

    def leaves_by(self, found):
        """Whether this jump is a call in last place; then as before ret, all must be as at the beginning."""
        if found.mnemonic != "jmp":
            return False
        operand = found.operands[0]
        if operand.type == x86.X86_OP_IMM:
            return not self.is_inside(operand.imm)
        return not self.targets(found)

    def popped(self):
        """The bytes of arguments that it takes off the stack: 4, the place of a result that is no word (ret $4), or 0.
        """
        return max((found.operands[0].imm for found in self.instructions.values()
                    if found.mnemonic == "ret" and found.operands), default=0)

    def reachable(self):
        seen, open_ = set(), [self.begin]
        while open_:
            address = open_.pop()
            if address not in seen and address in self.instructions:
                seen.add(address)
                open_ += self.successors(self.instructions[address])
        return seen

    def may_return(self):
        found = [self.instructions[address] for address in self.reachable()]
        return any(each.mnemonic in ("ret", "iretd") or self.leaves_by(each) and (
            each.operands[0].type != x86.X86_OP_IMM or self.callees.may_return(each.operands[0].imm)) for each in found)

    def check(self):
        """Raises Undecided if the convention is not kept, or that cannot be seen.

        Whether an indirect call takes the place of its result off the stack (ret $4), caller and callee agree on by its
        type; so it is enough that the function is right for one choice.
        """
        sites = [address for address in sorted(self.reachable()) if self.instructions[address].mnemonic == "call" and
                 self.instructions[address].operands[0].type != x86.X86_OP_IMM]
        refusals = []
        for choice in itertools.product((0, 4), repeat=min(len(sites), MOST_SITES)):
            self.popped_at = dict(zip(sites, choice))
            try:
                self.follow()
                return
            except Undecided as reason:
                refusals.append(reason)
        raise refusals[0]

    def follow(self):
        before, open_ = {self.begin: Known()}, [self.begin]
        while open_:
            address = open_.pop()
            found = self.instructions.get(address)
            if found is None:
                raise Undecided(f"{self.code.place(address)} is no instruction")
            known = before[address].copy()
            if found.mnemonic == "ret" or self.leaves_by(found):
                self.check_end(found, known)
            execute(self, found, known)
            for following in self.successors(found):
                met = known if following not in before else before[following].meet(known)
                if following not in before or met != before[following]:
                    before[following] = met.copy()
                    open_.append(following)

    def check_end(self, found, known):
        lost = [name for name in KEPT if known.get(name) != (name, 0)]
        if lost or known.get("esp") != (FRAME, 0):
            raise Undecided(f"{self.code.place(found.address)}: {', '.join(lost) or 'esp'} may have changed")


def functions_of(code):
    """[(begin, parts)] of all functions. The compiler puts what is hardly executed into a second part of this name."""
    starts, parts = code.image.function_starts, {}
    for begin, end in zip(starts, starts[1:]):
        name = code.image.function(begin)
        if not name.startswith("("):
            parts.setdefault(name, []).append((begin, end))
    return [(begin, list_of) for list_of in parts.values() for begin, _ in list_of]


def is_compiled(code, begin):
    place = code.image.line(begin)
    return ".S:" not in place and place != "?"


class Callees:
    """What is known of all functions: which of them can return, and what they take off the stack."""

    def __init__(self, code):
        self.functions = [Function(code, begin, parts, self) for begin, parts in functions_of(code)]
        self.lost = set()  # the addresses of those that do not return
        self.pops = {function.begin: function.popped() for function in self.functions}
        found = None
        while found != self.lost:  # with each round, fewer ways go on behind a call
            found = self.lost
            self.lost = {each.begin for each in self.functions if not each.may_return()}

    def may_return(self, address):
        return address not in self.lost

    def popped(self, address):
        return self.pops.get(address, 0)


def report(code, line):
    """Proves it of all functions; prints a line. Returns 1 if one does not keep it, or that cannot be seen."""
    begin, failures = time.monotonic(), []
    every = [each for each in Callees(code).functions if is_compiled(code, each.begin)]
    second = {address for each in every for address in each.reachable() if address != each.begin}
    functions = [each for each in every if each.begin not in second]
    for function in functions:
        try:
            function.check()
        except Undecided as reason:
            failures.append(f"{code.image.function(function.begin)}: {reason}")
    verdict = "DOES NOT HOLD" if failures else f"{len(functions)} functions"
    line(NAME, TEXT, time.monotonic() - begin, verdict)
    for failure in failures:
        print(f"    {failure}")
    return 1 if failures else 0
