"""What the public checks of the alarm lab report on a right kernel, and what to think about if they do not.

One function a check: it gets the numbers (tools/labs/parameters.py) and returns the lines; its docstring is the hint.
In a line, {3..5} is any number from 3 to 5.
"""

MASK = 0xFFFFFFFF
ARITHMETIC = 0x8D5  # CF PF AF ZF SF OF


def register(given):
    """cbsignal(CB_ALARM, cbf, msec) returns 0, not OK, and sets pretype, pralarmreg, prcbf1, and pralarmtime: the
    counter's value now, plus msec."""
    return ["before pretype 0 pralarmreg 0", "cbsignal returns 0",
            f"after pretype 1 pralarmreg 1 due at {given.between(0, 100, 4000)}", "prcbf1 is the callback"]


def refuse(given):
    """SYSERR for an etype other than 1 and 2, for more than 5000 msec (val is unsigned), and for a second alarm while
    one is outstanding; a call that is refused changes no field (R1)."""
    return ["msec 5001: refused", f"msec {given.between(1, 6000, 0x7fffffff)}: refused", "msec -1: refused",
            "etype 0: refused", f"etype {given.between(2, 3, 60000)}: refused", "after refusals pretype 0 pralarmreg 0",
            "msec 5000: accepted", "a second one: refused", "at the end pretype 1 pralarmreg 1 due at 5000"]


def code(_given):
    """A callback is an address in the text segment; its bounds are declared in include/xinu/prototypes.h (R1)."""
    return ["NULL: refused", "a variable: refused", "the stack: refused", "a function: accepted",
            "inside a function: accepted"]


def deliver(given):
    """At the end of the clock interrupt at which clkcountermsec reaches pralarmtime, the callback runs; then the
    process goes on where it was interrupted (R6, R8)."""
    return [f"callback 1 at {given.between(0, 11, 90)}", "the process goes on; callbacks: 1"]


def once(_given):
    """A registration serves once: pralarmreg and pretype are 0 again before the callback's first instruction (R3,
    R10)."""
    return ["in the callback: pretype 0 pralarmreg 0", "callbacks: 1", "again: accepted",
            "in the callback: pretype 0 pralarmreg 0", "callbacks: 2"]


def process(_given):
    """clkhandler() may switch to another process. Ask only after it has returned, and then the process that is now
    current (R6)."""
    names = "anna", "berta", "clara"
    return [*(f"callback in {name}" for name in names), "all have ended"]


def registers(given):
    """Count the words: what did the CPU push, what did pushal push, what takes each of them off again (R8, R9)?"""
    words = [given.number[i] for i in range(7)]
    return ["callbacks: 1", *(f"{name} {word:08x}" for name, word in
                              zip(("edi", "esi", "ebp", "ebx", "edx", "ecx", "eax"), words)), "esp is 0 bytes off"]


def flags(given):
    """A compare before the interrupt and its jump after it must agree: EFLAGS is part of what is interrupted (R9).
    Which of your instructions between the callback and the end change flags?"""
    return [f"flags {number & ARITHMETIC:03x}, afterwards {number & ARITHMETIC:03x}" for number in given.number[:8]] + \
        ["callbacks: 8"]


def wild(given):
    """R9 beyond the conventions of C: cbfmanager may rely on ESP only, and not on what a callback is to preserve."""
    ebx, esi, edi, ebp = (given.number[i] for i in (3, 1, 0, 2))
    return ["callbacks: 1", f"ebx {ebx:08x} esi {esi:08x} edi {edi:08x} ebp {ebp:08x}", "DF is clear"]


def anywhere(given):
    """The clock comes at any instruction, and again after each detour; the interrupted code must not notice (R9)."""
    x = given.number[0]
    for rounds in range(200000, 0, -1):
        x ^= x << 13 & MASK
        x ^= x >> 17
        x ^= x << 5 & MASK
        x = x + rounds & MASK
    return ["10 or more callbacks", f"result {x:08x}"]


def itself(given):
    """While the callback runs, a newly due alarm of the same process waits until it has returned, and comes at the
    next clock interrupt (R11)."""
    lines = []
    for number in range(1, 9):
        lines.append(f"tick {number}")
        if number <= given.between(0, 3, 6):
            lines += [f"callback {number} begins, depth 1", "callback ends, depth 1"]
    return lines


def wrap(given):
    """clkcountermsec wraps after 49.7 days. Then `now >= due` is wrong; the sign of `now - due` is right (R6)."""
    due = given.between(0, 30, 90)
    return [f"callback 1 at {{{due}..{due + 2}}}", "callbacks: 1"]
