"""What the held-back checks of the hijack lab report on right solutions; see ../checks/model.py. Those with questions
compute the answers from the student's own image instead: see tools/labs/answers.py."""

ARITHMETIC = 0x8D5  # CF PF AF ZF SF OF
PAGE_FAULT = 14
PAGE = 4096
PRESENT, USER = 1, 4  # bits of a page's entry
BELOW_BASE_EIP, BELOW_BASE_ESP = 28, 16  # of a process that came from ring 3: arch/x86/entry/frames.h
STUB_SAVED = 16  # bytes that a stub of user/lib/stubs.S has pushed


def others(_given):
    """isbadpid() tells whether there is such a process. The caller has saved nothing: it runs. And prstkptr is a word
    like others, which may be wrong: all words that you use must lie on the stack of the process."""
    return ["a sleeping one: found", *(f"{who}: word NULL, redirect SYSERR, detour SYSERR" for who in (
        "itself", "-1", "NPROC", "a stack pointer elsewhere", "not all words on the stack", "one that has ended"))]


def wild(given):
    """Whatever the function does to registers and flags: they must lie on the stack while it runs."""
    edi, esi, ebx, edx, ecx, eax, flags = given.number[:7]
    return ["detour: OK", f"edi {edi:08x} esi {esi:08x} ebx {ebx:08x}", f"edx {edx:08x} ecx {ecx:08x} eax {eax:08x}",
            "ebp is right, esp is 0 bytes off",
            f"flags {flags & ARITHMETIC:03x}, afterwards {flags & ARITHMETIC:03x}, interrupts enabled", "calls: 1"]


def first(given):
    """A new process goes on at its first function, which finds its return address and its arguments above ESP. Your
    way back must leave ESP there."""
    return ["detour: OK", f"arguments {given.between(0, 0, 1000000)} and {given.between(1, 0, 1000000)}; calls: 1"]


def hundred(_given):
    """Where you keep the way back must be free again afterwards; and each detour that waits for the same process needs
    a place of its own. On the stack of the process there is room for both."""
    return ["100 sleeps; calls: 100", "refused: 0", "three at a time: 321, sleepms returns 1"]


def alone(_given):
    """Only a process inside sleepms() has such a word. Elsewhere the same offsets lead to other words. And one that is
    diverted already would come back to your own code for ever."""
    nowhere = [line for who in ("waiting", "ready", "new") for line in
               (f"{who}: word NULL, divert SYSERR", f"{who}: no word of the stack has changed")]
    return ["itself: word NULL, divert SYSERR", "-1: word NULL, divert SYSERR", *nowhere,
            "sleeping: word found, divert OK", "sleeping: the word by which sleepms() returns has changed",
            "a second time: divert SYSERR", "a second time: no word of the stack has changed",
            "sleepms returns 1; calls: 1"]


def verify(_given):
    """A frame counts if it lies on the stack, aligned and above the one before, and if the return address in it lies in
    the function that must have made the call: resched_text to resched_etext, sleepms_text to sleepms_etext."""
    return ["as it is: word found", *(line for what in (
        "ctxsw called elsewhere", "resched called elsewhere", "a frame at 0", "a frame above the stack",
        "an unaligned frame", "a frame that is below", "the end of the stack")
        for line in (f"{what}: word NULL, divert SYSERR", f"{what}: no word of the stack has changed"))]


def edges(_given):
    """Each return of sleepms() counts, that of sleepms(0) and SYSERR, too, and its result is intact. NULL takes the
    vacation back, and is not refused; what is no code is, and changes nothing (R20)."""
    return ["sleepms(0) returns 1, calls: 1", "sleepms of a negative number returns -1, calls: 2", "NULL: OK",
            "sleepms returns 1, calls: 2", "NULL again: OK", "data: SYSERR", "etext: SYSERR",
            "sleepms returns 1, calls: 3"]


def sweep(_given):
    """A new process has interrupts enabled, so that one may come at each instruction of the way there and back. It
    writes below ESP. Is what you need there on the stack, or in a variable that another process changes?"""
    return ["detours 700, landed 700", "wrong registers: 0"]


def sweep_sleep(_given):
    """A clock interrupt may come at each instruction of yours at which interrupts are enabled. Is there one at which
    what it needs is not on the stack, or in a variable that another process changes?"""
    return ["detours 700, diversions 700, sleepms returned 700", "wrong registers: 0"]


def page_fault(subject, machine):
    """Runs to the next page fault: (the error code, EIP) that the CPU has pushed."""
    vector = None
    while vector != PAGE_FAULT:
        machine.run_to(subject.symbol("exception_entry"))
        vector, error, eip = machine.words(machine.registers()["esp"], 3)
    return error, eip


def report(subject):
    """`make grade CHECK=ring3` shows what is printed. "write to ..." or "read of ..." has the address, `eip` the
    instruction, `err` the error code. The address need not be that of word 10: with which one does it begin?"""
    with subject.machine("report-address") as machine:
        error, eip = page_fault(subject, machine)
        return {"report-address": machine.registers()["cr2"], "report-eip": eip, "report-error": error}


def page_entry(machine, directory, address):
    """Of the page of this address: its entry, with those of the three bits that the table's entry has, too."""
    table = machine.word(directory + 4 * (address >> 22))
    entry = machine.word((table & -PAGE) + 4 * (address >> 12 & 0x3FF)) if table & PRESENT else 0
    return entry & (table | -8)


def missing_bit(entry):
    """What keeps ring 3 from writing to a page with this entry."""
    if not entry & PRESENT:
        return "present"
    return "writable" if entry & USER else "user"


def directory(subject, machine):
    """The page directory of the process of ring 3 that runs."""
    return machine.word(subject.symbol("loaded_directory"))


def apart(subject):
    """The report of the second process says in words what kept it off: a page that is not there, or that is the
    kernel's, or that is read-only. The third one and the one that sleeps have pages of their own at the same address;
    it prints what becomes of it. And a process that is in the kernel goes on in ring 3 by an iret: stackshow() shows
    the words that this will pop."""
    with subject.machine("missing-bit") as machine:
        machine.run_to(subject.symbol("handle_sleepms"))
        asleep, pid = directory(subject, machine), machine.word(subject.symbol("currpid"))
        base = machine.word(subject.symbol("proctab") + 128 * pid + 8)  # prstkbase
        word = machine.word(base - BELOW_BASE_ESP) + STUB_SAVED
        way_back = machine.word(word)
        page_fault(subject, machine)
        page_fault(subject, machine)
        missing = missing_bit(page_entry(machine, directory(subject, machine), machine.registers()["cr2"]))
        wrote = machine.run_to(way_back, subject.symbol("handle_write")) != way_back
        slept = machine.word((page_entry(machine, asleep, word) & -PAGE) + word % PAGE) != way_back
        who = {(True, False): "the one that wrote", (False, True): "the one that sleeps", (True, True): "both",
               (False, False): "nobody"}[wrote, slept]
        return {"missing-bit": missing, "led-elsewhere": who, "goes-on-by": base - BELOW_BASE_EIP}
