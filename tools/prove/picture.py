"""A counterexample as a picture: the state at the beginning, the way, and the stack at the end."""

import z3

import words
from cpu import REGISTERS

MOST_WORDS = 20


def value(model, expression):
    return model.eval(expression, model_completion=True).as_long()


def registers_of(model, state):
    """The registers of a state, in two lines."""
    parts = [f"{name} {value(model, state.get(name)):08x}" for name in REGISTERS]
    parts.append(f"eflags {value(model, state.eflags):08x}")
    return ["  ".join(parts[:4]), "  ".join(parts[4:])]


def way_of(code, state):
    """The instructions of a path, a line for each stretch without a jump or a call."""
    lines, begin, last = [], None, None
    for address in [*state.path, None]:
        if last is not None and (address != last.next or last.mnemonic == "call"):
            called = called_by(code, last)
            lines.append(f"{code.place(begin)} to {code.place(last.address)}: {called or last.text}")
            begin = None
        if address is not None:
            begin, last = begin or address, code.at(address)
    return lines


def called_by(code, instruction):
    target = getattr(instruction.operands[0], "value", None) if instruction.mnemonic == "call" else None
    return f"calls {code.names[target]}()" if target in code.names else None


def written_words(state):
    """Where the code has written to the stack, with the distance from where the proof begins; the lowest first."""
    found = {}
    for address, count, _ in state.written:
        base, distance = words.split(address)
        if base is not None and count == 4:
            found[distance] = address
    return sorted(found.items())


def stack_of(model, state, names):
    """The stack, high addresses first: what the code has pushed, and what is there at the end."""
    lines = []
    for distance, address in reversed(written_words(state)[:MOST_WORDS]):
        name = names.get(distance, "")
        lines.append(f"{value(model, address):08x}  {distance:+5}  {value(model, state.load(address)):08x}  {name}")
    return lines


INTERRUPT_FRAME = {-4: "EFLAGS", -8: "CS", -12: "EIP",
                   **{-16 - 4 * i: f"{name.upper()}, pushed by pushal" for i, name in enumerate(REGISTERS)}}


def drawn(code, refutation):
    """The text of a counterexample."""
    claim, model = refutation.claim, refutation.model
    state = claim.state
    lines = [f"{refutation.theorem} does not hold: {claim.text}", "", "in this state at the end of the path:"]
    lines += [f"    {line}" for line in registers_of(model, state)]
    lines += ["", "the path:"] + [f"    {line}" for line in way_of(code, state)]
    lines += ["", "the stack (address, distance from where the proof begins, word):"]
    lines += [f"    {line}" for line in stack_of(model, state, INTERRUPT_FRAME)]
    wrong = sides(claim.holds)
    if wrong is not None:
        lines += ["", f"it is {value(model, wrong[0]):08x} and should be {value(model, wrong[1]):08x}"]
    return "\n".join(lines)


def sides(claim):
    """Of an equation, its sides."""
    if z3.is_eq(claim) and z3.is_bv(claim.arg(0)):
        return claim.arg(0), claim.arg(1)
    return None
