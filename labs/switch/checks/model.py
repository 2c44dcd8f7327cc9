"""What the public checks of the switch lab report on a right kernel, and what to think about if they do not.

One function a check: it gets the numbers (tools/labs/parameters.py) and returns the lines; its docstring is the hint.
"""

MASK = 0xFFFFFFFF


def arguments(given):
    """The function finds its return address at ESP, and the first argument above it: as after a call. The last argument
    has the highest address."""
    n = given.number
    return ["without arguments", f"one argument: {n[0]:08x}", f"two arguments: {n[1]:08x} {n[2]:08x}",
            f"three arguments: {n[3]:08x} {n[4]:08x} {n[5]:08x}"]


def initret(given):
    """When the first function of a process returns, its `ret` pops the word that is where a caller's return address
    would be: return_to."""
    return [line for i in range(1, given.between(0, 2, 5) + 1)
            for line in ("its function returns to INITRET", f"process {i}: has ended, and its parent has its message")]


def turns(given):
    """What a process has in registers and on its stack is its own. ctxsw() saves on the old stack, stores the stack
    pointer in *old, loads it from *new, and restores in the opposite order."""
    values = [None, given.number[1], given.number[2]]
    lines = []
    for i in range(given.between(0, 4, 8)):
        for number in 1, 2:
            values[number] = values[number] * 1664525 + number & MASK
            lines.append(f"process {number}, round {i}: {values[number]:08x}")
    return [*lines, "both have ended"]


def registers(given):
    """All eight, as they were at the call: also EAX, in which you may have had an address by the time you saved."""
    n = given.number
    return [f"{name} {word:08x}" for name, word in
            zip(("edi", "esi", "ebp", "ebx", "edx", "ecx", "eax"), (n[0], n[1], n[2], n[3], n[4], n[5], n[6]))]


def esp(_given):
    """What is pushed is popped, and `ret` pops one word more; the caller removes the two arguments."""
    return ["here: 0 bytes off", "on the other stack: 0 bytes off"]


def rate(given):
    """clkhandler() runs once per clock interrupt, and there is one each millisecond."""
    return [f"asleep for {given.between(i, 1, 60)}: the counter has gone on by {given.between(i, 1, 60)}"
            for i in range(4)]


def slice(_given):  # pylint: disable=redefined-builtin; the name of a check
    """After QUANTUM clock interrupts, clkhandler() calls resched(), and resched() does not choose the same process
    again if another of its priority is ready."""
    return ["anna has counted: yes", "berta has counted: yes"]


def yields(given):
    """The process that yields goes behind all others of its priority: with three, it has its next turn after two."""
    count = given.between(0, 3, 6)
    turn = "".join(f" {i}" for i in range(1, count + 1))
    return [f"round {i}:{turn}" for i in range(3)]
