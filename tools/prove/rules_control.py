"""The CPU's rules for instructions that change where it goes on. Sections are those of Intel's manual (SDM), vol. 2.

A rule returns where the CPU goes on, as a list of (condition, address); None is the next instruction.
"""

import z3

import words
from cpu import CF, DEFINED, IF, NT, RF, TF, VM, ZF
from rules_data import rule

SELECTOR_KERNEL_CODE, SELECTOR_KERNEL_STACK, SELECTOR_USER_CODE, SELECTOR_DATA = 0x08, 0x10, 0x1B, 0x23

CONDITIONS = {  # Jcc
    "je": lambda f: words.bit(f, ZF),
    "jne": lambda f: z3.Not(words.bit(f, ZF)),
    "jb": lambda f: words.bit(f, CF),
    "jae": lambda f: z3.Not(words.bit(f, CF)),
    "jbe": lambda f: words.bit(f, CF | ZF),
}


def conditional(holds):
    def jump(state, target):
        """Jcc."""
        condition = holds(state.eflags)
        return [(condition, target.value), (z3.Not(condition), None)]
    return jump


for mnemonic, holds in CONDITIONS.items():
    rule(mnemonic)(conditional(holds))


@rule("jmp")
def jmp(_state, target):
    """JMP."""
    return [(z3.BoolVal(True), target.value)]


@rule("ret")
def ret(state):
    """RET, near."""
    return [(z3.BoolVal(True), state.pop())]


@rule("out")
def out(state, port, source):
    """OUT."""
    state.sent.append((len(state.calls), port.value, source.read(state)))


@rule("cli")
def cli(state):
    """CLI at privilege level 0."""
    state.set_eflags(words.word(0), IF)


@rule("sti")
def sti(state):
    """STI at privilege level 0: if IF was clear, no interrupt is taken before the end of the next instruction."""
    was_clear = z3.simplify(state.eflags & IF == 0)
    state.set_eflags(words.word(IF), IF)
    state.inhibited = z3.is_true(was_clear)


@rule("iretd")
def iretd(state):
    """IRET/IRETD from privilege level 0 in protected mode: to the same one, or to 3 with another stack.

    With NT set it would be a switch to another task, with VM set in the image a way to virtual-8086 mode.
    """
    state.require(state.eflags & NT == 0, "iret finds NT clear")
    eip, selector, image = state.pop(), state.pop(), state.pop()
    selector = z3.simplify(z3.Extract(15, 0, selector))
    to_user = selector == SELECTOR_USER_CODE
    state.require(z3.Or(selector == SELECTOR_KERNEL_CODE, to_user), "iret finds a code segment")
    state.require(image & VM == 0, "iret finds VM clear in the frame")
    esp, ss = state.load(state.get("esp")), state.load(state.get("esp") + 4)
    state.left_stack = z3.simplify(state.get("esp") + 8)
    ss = z3.Extract(15, 0, ss)
    state.require(z3.Implies(to_user, ss == SELECTOR_DATA), "iret finds the stack segment of ring 3")
    state.set("esp", z3.If(to_user, esp, state.get("esp")))
    state.set("ss", z3.If(to_user, ss, state.get("ss")))
    for name in ("ds", "es"):  # a segment of the kernel's becomes null in ring 3
        kernels = z3.Or(*[state.get(name) & 0xFFFC == each for each in (SELECTOR_KERNEL_CODE, SELECTOR_KERNEL_STACK)])
        state.set(name, z3.If(z3.And(to_user, kernels), z3.BitVecVal(0, 16), state.get(name)))
    state.set("cs", selector)
    state.set_eflags(image, DEFINED & ~VM)
    return [(z3.BoolVal(True), eip)]


@rule("sysexit")
def sysexit(state):
    """SYSEXIT: to EDX in ring 3, with ESP from ECX; the selectors are fixed distances from IA32_SYSENTER_CS."""
    state.left_stack = state.get("esp")
    state.set("cs", z3.BitVecVal(SELECTOR_USER_CODE, 16))
    state.set("ss", z3.BitVecVal(SELECTOR_DATA, 16))
    state.set("esp", state.get("ecx"))
    return [(z3.BoolVal(True), state.get("edx"))]


def deliver_interrupt(state, eip, handler, kernel_stack=None, error=None):
    """An interrupt or exception through an interrupt gate (INT n; vol. 3, 6.12.1): from ring 3 with a change of stack.

    kernel_stack: TSS.esp0, if ring 3 is interrupted. error: the error code, where there is one.
    """
    flags, cs = state.eflags, z3.ZeroExt(16, state.get("cs"))
    if kernel_stack is not None:
        esp, ss = state.get("esp"), z3.ZeroExt(16, state.get("ss"))
        state.set("esp", kernel_stack)
        state.set("ss", z3.BitVecVal(SELECTOR_KERNEL_STACK, 16))
        state.push(ss)
        state.push(esp)
    state.set("cs", z3.BitVecVal(SELECTOR_KERNEL_CODE, 16))
    for value in (flags, cs, eip, *([error] if error is not None else [])):
        state.push(value)
    state.set_eflags(words.word(0), TF | IF | NT | RF | VM)
    state.eip = handler


def enter_by_sysenter(state, handler, kernel_stack):
    """SYSENTER: IF, VM and RF are cleared; nothing is saved."""
    state.set("cs", z3.BitVecVal(SELECTOR_KERNEL_CODE, 16))
    state.set("ss", z3.BitVecVal(SELECTOR_KERNEL_STACK, 16))
    state.set("esp", kernel_stack)
    state.set_eflags(words.word(0), IF | VM | RF)
    state.eip = handler
