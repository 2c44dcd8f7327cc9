"""The CPU's rules for instructions that move and compare data. Sections are those of Intel's manual (SDM), vol. 2."""

import z3

import words
from cpu import AF, CF, DEFINED, DF, OF, PF, REGISTERS, RF, SF, VIF, VIP, VM, ZF

RULES = {}
UNDEFINED = {}  # mnemonic: flags that the manual leaves undefined


def rule(*mnemonics, undefined=0):
    def register(function):
        for mnemonic in mnemonics:
            RULES[mnemonic] = function
            UNDEFINED[mnemonic] = undefined
        return function
    return register


def result_flags(state, result):
    """SF, ZF and PF, by the result (vol. 1, 3.4.3.1)."""
    bits = result.size()
    state.set_flag(ZF, result == 0)
    state.set_flag(SF, z3.Extract(bits - 1, bits - 1, result) == 1)
    ones = z3.Extract(0, 0, result)
    for i in range(1, 8):
        ones = ones ^ z3.Extract(i, i, result)
    state.set_flag(PF, ones == 0)


def any_flag(state, mask):
    state.set_flag(mask, words.unknown("undefined", 1) == 1)


def arithmetic_flags(state, a, b, result, carry, overflow):
    """overflow: its highest bit is set if the sign of the result is wrong."""
    bits = result.size()
    state.set_flag(CF, carry)
    state.set_flag(AF, (a ^ b ^ result) & 0x10 != 0)
    state.set_flag(OF, z3.Extract(bits - 1, bits - 1, overflow) == 1)
    result_flags(state, result)


def add_flags(state, a, b, result):
    arithmetic_flags(state, a, b, result, z3.ULT(result, a), (a ^ result) & (b ^ result))


def subtract_flags(state, a, b, result):
    arithmetic_flags(state, a, b, result, z3.ULT(a, b), (a ^ b) & (a ^ result))


def logic_flags(state, result):
    """OF and CF are cleared, AF is undefined (AND, TEST)."""
    state.set_eflags(words.word(0), CF | OF)
    any_flag(state, AF)
    result_flags(state, result)


@rule("mov")
def mov(state, to, source):
    """MOV. To a general register from a segment register the upper half is 0; to memory, two bytes are written."""
    value = source.read(state)
    if to.is_segment():
        value = z3.Extract(15, 0, value) if value.size() > 16 else value
        state.require(value != 0x08, f"{to.name} gets no code segment that cannot be read")
    elif value.size() < to.bits:
        value = z3.ZeroExt(to.bits - value.size(), value)
    to.write(state, value)


@rule("push")
def push(state, source):
    """PUSH. PUSH ESP pushes the value before. A segment register may write two bytes only: not described here."""
    state.require(z3.BoolVal(not source.is_segment()), "a segment register is not pushed")
    state.push(source.read(state))


@rule("pop")
def pop(state, to):
    """POP. A segment register gets the lower half of the word."""
    value = state.pop()
    to.write(state, z3.Extract(15, 0, value) if to.is_segment() else value)


@rule("pushal")
def pushal(state):
    """PUSHA/PUSHAD. The ESP among them is that before the first push."""
    esp = state.get("esp")
    for name in REGISTERS:
        state.push(esp if name == "esp" else state.get(name))


@rule("popal")
def popal(state):
    """POPA/POPAD. Skips the ESP."""
    for name in reversed(REGISTERS):
        value = state.pop()
        if name != "esp":
            state.set(name, value)


@rule("pushfd")
def pushfd(state):
    """PUSHF/PUSHFD. VM and RF are cleared in the image."""
    state.push(z3.simplify(state.eflags & ~words.word(VM | RF)))


@rule("popfd")
def popfd(state):
    """POPF/POPFD at privilege level 0: all but RF, VM, VIP and VIF may change; VIP, VIF and RF are cleared."""
    value = state.pop()
    state.set_eflags(value, DEFINED & ~(RF | VM | VIP | VIF))
    state.set_eflags(words.word(0), VIP | VIF | RF)


@rule("cld")
def cld(state):
    """CLD."""
    state.set_eflags(words.word(0), DF)


@rule("add")
def add(state, to, source):
    """ADD. An immediate of 8 bits is sign-extended (capstone has done that)."""
    a, b = to.read(state), source.read(state)
    result = z3.simplify(a + b)
    add_flags(state, a, b, result)
    to.write(state, result)


@rule("sub")
def sub(state, to, source):
    """SUB."""
    a, b = to.read(state), source.read(state)
    result = z3.simplify(a - b)
    subtract_flags(state, a, b, result)
    to.write(state, result)


@rule("cmp")
def cmp(state, to, source):
    """CMP: the flags of SUB."""
    a, b = to.read(state), source.read(state)
    subtract_flags(state, a, b, z3.simplify(a - b))


@rule("and", undefined=AF)
def and_(state, to, source):
    """AND."""
    result = z3.simplify(to.read(state) & source.read(state))
    logic_flags(state, result)
    to.write(state, result)


@rule("test", undefined=AF)
def test(state, to, source):
    """TEST: the flags of AND."""
    logic_flags(state, z3.simplify(to.read(state) & source.read(state)))


@rule("shl", undefined=AF | OF)
def shl(state, to, source):
    """SAL/SHL by a constant of 1 to 31; OF is defined for 1 only, and here for none."""
    a, count = to.read(state), source.value
    state.require(z3.BoolVal(0 < count < a.size()), "the count is 1 to 31")
    result = z3.simplify(a << count)
    state.set_flag(CF, z3.Extract(a.size() - count, a.size() - count, a) == 1)
    any_flag(state, AF)
    any_flag(state, OF)
    result_flags(state, result)
    to.write(state, result)


# No proof uses these two, but wrong versions do.


@rule("lea")
def lea(state, to, source):
    """LEA: the address itself."""
    to.write(state, source.address(state))


@rule("nop")
def nop(_state):
    """NOP."""
