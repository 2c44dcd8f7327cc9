"""A counterexample as a picture: the state at the beginning, the way, and the stack at the end."""

import z3

import words
from cpu import REGISTERS

MOST_WORDS = 24


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


def lowest_written(state):
    """The distance of the lowest word of the stack that the code has written, from where the proof begins."""
    base, _ = words.split(state.begin.get("esp"))
    written = [words.split(address) for address, _, _ in state.written]
    return min((distance for other, distance in written if words.same(base, other)), default=0)


def origin(code, state, expression):
    """Where a word comes from: a call on the path, or what had it before."""
    if z3.is_bv_value(expression):
        returns = [address for address in state.path if code.at(address).next == expression.as_long()]
        return f"return address of {code.place(returns[0])}" if returns else "a constant"
    if "(memory " in expression.sexpr():
        return "as it was"
    unknowns = {str(each).split("#", maxsplit=1)[0] for each in z3.z3util.get_vars(expression)}
    return ", ".join(sorted(unknowns)) or "memory of the beginning"


def stack_of(code, model, state):
    """The stack, high addresses first: what is there at the end, and where that comes from."""
    lines, esp = [], value(model, state.get("esp"))
    base, _ = words.split(state.begin.get("esp"))
    lowest = lowest_written(state)
    for distance in range(min(lowest + 4 * MOST_WORDS, 8), lowest - 4, -4):
        address = z3.simplify(base + distance) if base is not None else words.word(distance)
        word = state.memory.read(address, 4)
        mark = "  <- ESP" if value(model, address) == esp else ""
        lines.append(f"{value(model, address):08x}  {value(model, word):08x}  {origin(code, state, word)}{mark}")
    return lines


def drawn(code, refutation):
    """The text of a counterexample."""
    claim, model = refutation.claim, refutation.model
    state = claim.state
    lines = [f"{refutation.theorem} does not hold: {claim.text}"]
    for title, each in (("at the beginning of the path", state.begin), ("at its end", state)):
        lines += ["", f"{title}:"] + [f"    {line}" for line in registers_of(model, each)]
    lines += ["", "the path:"] + [f"    {line}" for line in way_of(code, state)]
    lines += ["", "the stack, high addresses first, each word with where it comes from:"]
    lines += [f"    {line}" for line in stack_of(code, model, state)]
    wrong = sides(claim.holds)
    if wrong is not None:
        lines += ["", f"it is {value(model, wrong[0]):08x} and should be {value(model, wrong[1]):08x}"]
    return "\n".join(lines)


def sides(claim):
    """Of an equation, its sides."""
    if z3.is_eq(claim) and z3.is_bv(claim.arg(0)):
        return claim.arg(0), claim.arg(1)
    return None
