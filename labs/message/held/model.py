"""What the held-back checks of the message lab report on a right kernel; see ../checks/model.py."""


def waiting(given):
    """A message that waits already at the registration counts as arriving then; and once the event has occurred the
    callback will run, even if the message has been fetched by then (R12). prdetour.arrived is there for that."""
    delay = given.between(0, 5, 40)
    return [f"callback 1 at {delay + 1}", "one that waits: callbacks 1", f"callback 2 at {delay + 4}",
            "one that was fetched before: callbacks 2"]


def itself(given):
    """While its message callback runs, a process gets no other, also when it sleeps in it: prdetour.running says which
    kinds run (R11). The event waits for the first clock interrupt after the callback."""
    msec = given.between(0, 10, 40)
    return [f"send at {msec - 4} returns 1",
            f"callback 1 begins at {msec}, depth 1", f"send at {msec + 4} returns 1",
            f"callback 1 ends at {msec + 8}, depth 1", f"the receiver goes on at {msec + 8}",
            f"callback 2 begins at {msec + 9}, depth 1", f"send at {msec + 12} returns 1",
            f"callback 2 ends at {msec + 17}, depth 1",
            f"callback 3 begins at {msec + 18}, depth 1", f"callback 3 ends at {msec + 26}, depth 1"]


def frames(given):
    """How far one frame is from the next depends on the compiler. Only the saved EBPs say it (R13)."""
    lines = []
    for i in range(4):
        first = given.between(3 * i, 0, 200) + 11 + given.between(3 * i + 1, 0, 300)
        lines.append(f"found in word {first + 2 + given.between(3 * i + 2, 0, 300) + 1}")
    return lines


def ends(given):
    """Each word that is read must be on the stack that was given; what is next to it is no memory, perhaps. And
    differences of unsigned numbers wrap (R14)."""
    second = 11 + given.between(0, 0, 300) + 2 + given.between(1, 0, 300)
    return [f"needs {second + 2} words", *(f"{pointer}: word 0" for pointer in (
        "saved stack pointer 0", "a page below the stack", "at its end", "2 words before its end", "0xffffffdc",
        "0xfffffffc", "unaligned"))]


def alone(given):
    """If anything does not fit, the stack is left alone, and the clock delivers the event: it has occurred (R14, R16).
    The word must also be that of the latest sleepms(), which the table has in prdetour.sleeping."""
    lines = []
    for what in ("ctxsw called by another function", "resched called by another function", "resched's frame nowhere",
                 "sleepms's frame nowhere", "the word not that of this sleepms()"):
        lines += [f"{what}: no word of the stack has changed",
                  f"sleepms returns at {given.between(0, 10, 40)}; callbacks: 1"]
    return lines


def states(_given):
    """The receiver is inside sleepms() until it returns from it, whatever prstate says: also when it is awake and does
    not have the CPU yet. Elsewhere there is no word to be found (R13, R16)."""
    return [*(f"{what}: the word by which sleepms() returns has changed" for what in
              ("awake and ready", "awake and suspended")),
            *(f"{what}: no word of the stack has changed" for what in
              ("waiting for a semaphore", "interrupted by the clock"))]


def displaced(given):
    """At the end of sleepms(), does the word still hold cbfreturn? If other code has written to it since, it owns the
    word; then no detour is planted any more (prdetour.slot), and the clock delivers (R14, R16)."""
    return ["send: the word by which sleepms() returns has changed",
            f"sleepms returns at {given.between(0, 10, 40)}; callbacks: 1"]


def wild(given):
    """What sleepms() has preserved must survive any callback: it stays on the stack, in the frame (R9, R17)."""
    edi, esi, ebx = given.number[6:9]
    return ["callbacks: 1", f"eax 1 ebx {ebx:08x} esi {esi:08x} edi {edi:08x}",
            "ebp 0 and esp 0 bytes off, DF clear"]


def masks(_given):
    """The EFLAGS of the frame are those with which sleepms() has returned: store them before you mask interrupts. The
    callback itself always begins with interrupts enabled (R9, R17)."""
    return [f"{who}: the callback begins with IF set and DF clear, the caller goes on with IF {flag}"
            for who, flag in (("enabled", "set"), ("masked", "clear"))]


def both(given):
    """What is due on the return of sleepms() is claimed at once, and run in the order alarm, message, vacation (R19). A
    vacation serves once (R20): detour_at_return() fills in all three words."""
    msec = given.between(0, 10, 40)
    return [*(f"{kind} at {msec}" for kind in ("alarm", "message", "vacation")), f"sleepms returns at {msec}",
            f"sleepms returns at {msec + 5}"]


def returning(given):
    """An event that was not planted may be due when sleepms() returns. So sleepms() ends by asking, and plants its own
    return address (R7, R16): prepare_sleepms_return()."""
    return [f"message at {given.between(0, 3, 30)}", "callbacks before it returns: 1"]


def full(given):
    """Before a detour writes to the stack, CALLBACK_STACK_ROOM bytes must be free below what it writes; if not, the
    process is ended (R21). require_room_below() is there, and so are the sizes of what is written."""
    return [f"with {given.between(0, 1100, 1900)} bytes free: callbacks 1, the process goes on",
            f"with {given.between(1, 515, 570)} bytes free: callbacks 0, the process has ended"]


def sweep(_given):
    """Interrupt each instruction between the wake-up of the receiver and its first one after the callback, in your
    mind: is there one at which a clock interrupt finds a word, a flag or a field that is not yet, or no longer, right?
    An alarm falls due at that very interrupt."""
    return ["messages 900, alarms 900, sleepms returned 900",
            "wrong registers or words: 0; at most one callback of each kind"]
