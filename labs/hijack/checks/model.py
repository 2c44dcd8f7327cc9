"""What the public checks of the hijack lab report on right solutions, and what to think about if they do not.

One function a check: it gets the numbers (tools/labs/parameters.py) and returns the lines; its docstring is the hint.
"""

ARITHMETIC = 0x8D5  # CF PF AF ZF SF OF


def landing(given):
    """report_landing() of hijacked.c."""
    edi, esi, ebx, edx, ecx, eax, flags = given.number[:7]
    return [f"edi {edi:08x} esi {esi:08x} ebx {ebx:08x}", f"edx {edx:08x} ecx {ecx:08x} eax {eax:08x}",
            "ebp is right, esp is 0 bytes off",
            f"flags {flags & ARITHMETIC:03x}, afterwards {flags & ARITHMETIC:03x}, interrupts enabled"]


def word(_given):
    """prstkptr of the process table points to the words that ctxsw() has saved; SAVED_RETURN of
    include/xinu/saved_stack.h is the one that its ret will take. It is the same for all processes that do not run."""
    return [f"{who}: found" for who in ("sleeping", "waiting", "ready", "new")]


def redirect(given):
    """The word gets the address of the function. The process keeps sleeping: it is there as soon as it gets the CPU,
    after its full time."""
    return ["redirect: OK", f"sleeper is on another way at {given.between(1, 10, 60)}",
            "sleepms() has not returned"]


def detour(given):
    """The function must lead back: to the address that was in the word. Where do you keep that, and who jumps there,
    with ESP where the ret of ctxsw() would have left it?"""
    msec = given.between(1, 10, 60)
    return ["detour: OK", "calls: 0", f"sleeper is on a detour at {msec}", f"sleepms returns 1 at {msec}; calls: 1"]


def registers(given):
    """ctxsw() has restored all registers and the flags when its ret leads to you. Save them before you call the
    function, and restore them in the end; which instructions change flags, on the way there and back?"""
    return ["detour: OK", "landing is on a detour at {0..1000000}", *landing(given), "calls: 1"]


def find(_given):
    """From SAVED_LINK on, follow the saved EBPs: the frame of ctxsw(), then that of resched(), then that of sleepms(),
    whose return address is the word."""
    return [f"victim {i}: 0 bytes from the right word" for i in range(3)]


def divert(given):
    """When your code begins, sleepms() has returned: EAX is its result, and ESP points above the word. In the end, all
    that a function preserves, EAX and ESP must be what they are then."""
    msec = given.between(1, 10, 60)
    edi, esi, ebx = given.number[6:9]
    return ["divert: OK", f"sleeper has slept until {msec}", f"sleepms returns 1 at {msec}; calls: 1",
            f"edi {edi:08x} esi {esi:08x} ebx {ebx:08x}", "ebp is 0 and esp 0 bytes off"]


def vacation(given):
    """dreamvac() notes the function in prdetour.vacation. At its end, sleepms() asks prepare_sleepms_return() whether
    it is to return to cbfreturn, and detour_at_return() tells cbfreturn what to run (R20)."""
    msec = given.between(0, 10, 60)
    return ["dreamvac: OK", f"vacation in Main process at {msec}", f"sleepms returns 1 at {msec}"]


def once(given):
    """A vacation is taken when it begins (R20). The clock has nothing to do with it."""
    return [f"vacation in Main process at {given.between(0, 5, 30)}", "calls: 1", "calls: 1",
            "without a sleep, calls: 1"]
