"""What the held-back checks of the rings lab report on a right kernel; see ../checks/model.py. Those with questions
compute the answers from the student's own kernel instead: see tools/labs/answers.py."""

SYSERR = -1
CALLS = 21  # SYSTEM_CALL_COUNT of <xinu/systemcalls.h>
ARITHMETIC = 0x8D5
DF, NT, AC = 0x400, 0x4000, 0x40000


def first_words(_given):
    """A new process is to find nothing of the kernel in its registers, and the upper halves of selectors count, too:
    entry code writes only the lower ones."""
    return [*(f"{name} 00000000" for name in ("EDI", "ESI", "EBP", "EBX", "EDX", "ECX", "EAX")),
            "whole words: CS 0000001b SS 00000023 DS 00000023 ES 00000023", "above it: 0a0aaaa9"]


def first_flags(_given):
    """In ring 3 interrupts are enabled: IF, and bit 1, which is always set. On the way there, from ctxsw() to iret,
    they are masked."""
    return ["EFLAGS in ring 3: 00000202", "until then: 00000002", "what ctxsw() pops lies directly below: yes"]


def damaged(_given):
    """A sum of two numbers of the file may be beyond 0xffffffff, and then it is small. Compare differences. And what
    you refuse must leave `result` as it was."""
    return ["whole: accepted", *(f"{how}: refused" for how in (
        "the table of headers ends behind the file", "it begins far behind it", "its entries have another size",
        "a part that is nowhere in the file", "a part that ends beyond all addresses",
        "a part that ends behind its space", "code that can be written", "two parts that overlap",
        "two parts in one page", "an entry among the variables", "no code at all", "no part at all")),
        "whole again: accepted"]


def permissions(_given):
    """Each part says whether its pages may be written."""
    return ["reading a constant: it goes on", "writing a variable: it goes on", "writing a constant: it is ended",
            "writing code: it is ended"]


def directory(_given):
    """The kernel's tables are shared, not copied: below USER_BEGIN and from USER_END on, the entries are the same as in
    the kernel's directory. Between them is nothing but the process's own."""
    return ["entries below its space that are not the kernel's: 0", "entries above: 0",
            "entries of its space that the kernel's has, too: 0"]


def softint(given):
    """The error code of this general protection fault is the number of the gate times 8, and 2 for the IDT."""
    vectors = [14, 32, *(given.between(i, 0x31, 255) for i in range(2, 6))]
    return [*(f"int {vector}: exception 13, error code {8 * vector + 2:x}" for vector in vectors), "int 3: exception 3"]


def esp0(_given):
    """UserFrame lies directly below STACKMAGIC. DS and ES are not pushed by the CPU: their places lie above SS."""
    return [f"exception {vector}: SS is pushed 12 bytes below prstkbase" for vector in (0, 3, 0)]


def privileged(_given):
    """The CPU looks at CPL and IOPL: the ring in CS, and two bits of EFLAGS, which are 0."""
    return [f"{name}: exception 13, and it is ended" for name in ("cli", "sti", "hlt", "lgdt", "movcr3", "in", "out")]


def heartbeat(_given):
    """A fault is handled as any other end of a process: all that it had is freed, and the clock goes on meanwhile."""
    return ["programs that are ended: 15", "rounds in which the heart beats: 15",
            "pages that have not come back: 0"]


def ring0(_given):
    """F4 to F7 at the beginning of exception.cpp. The order of the cases matters."""
    return [f"{what}: the process is ended" for what in (
        "its code divides by 0", "the library reads where it says", "the same with interrupts masked",
        "it jumps to where no code is", "a system call reads where it says")]


def cases(_given):
    """The first case that fits counts, in the order of the table at the beginning of exception.cpp."""
    return ["the null process: the kernel is at fault", "ring 3: the process is at fault",
            "the end of a process: the kernel is at fault", "entry code: the process is at fault",
            "the program: the process is at fault", "no code: the process is at fault",
            "the library, and not called by the program: the kernel is at fault",
            "the kernel, with interrupts masked: the kernel is at fault",
            "the kernel, with interrupts enabled: the process is at fault"]


GUARD = "stack overflow: the guard page below the stack"
BEYOND = "stack overflow: beyond the guard page below the stack"


def gap(_given):
    """gap_below_stack() tells where the stack of this ring begins, and how much below it is not mapped. The page
    directly below the stack is the guard page."""
    return [f"a program without end of calls: write to, {GUARD}", f"far below its stack: read of, {BEYOND}",
            f"in ring 0, below the stack: {GUARD}", f"further down: {BEYOND}"]


def edges(_given):
    """Each of these is the first or the last address for which a reason is true."""
    return ["the last byte of page 0: read of, null pointer",
            "the first byte of page 1: write to, the kernel's memory",
            "the last byte below user space: read of, the kernel's memory",
            "the last byte of the heap's space: write to, no such page",
            f"the first byte behind it: read of, {BEYOND}", f"two pages below the stack: write to, {BEYOND}",
            f"the lowest byte of the page below it: read of, {GUARD}",
            f"the highest byte of that page: execution of, {GUARD}",
            "the window: write to, the page is read-only", "the kernel's stack: read of, the kernel's memory",
            "the last byte of all: read of, no such page"]


def flags(given):
    """Ring 3 may set DF, NT and AC. Compiled code in the kernel relies on DF being clear: enter_from_user. The caller's
    own flags are in the frame, and come back with iret."""
    lines = []
    for i, others in enumerate((0, DF, NT, AC, DF | NT | AC)):
        lines += [f"flags {given.number[i] & ARITHMETIC | others | 0x202:05x}", "result right: yes"]
    return [*lines, "spawn() with DF set starts a process: yes"]


def segments(_given):
    """The kernel needs its own DS and ES, and ring 3 may have anything in them, 0 included: enter_from_user keeps them
    in the frame, leave_to_user brings them back."""
    pairs = ((0x23, 0x1B), (0x1B, 0x23), (0, 0x23), (0x23, 0), (0, 0))
    return [f"DS {ds:02x}, ES {es:02x}, result right: yes" for ds, es in pairs]


def ring0_call(_given):
    """From ring 0 the CPU pushes three words, and not five: that is no UserFrame. CS tells where it comes from."""
    return ["int $0x30 in ring 0: the process is ended", "then one of ring 3 has right results: yes"]


def ranges(_given):
    """address + bytes may be beyond 0xffffffff. Zero bytes are always right. Each page counts, the last one, too."""
    return ["no byte at all, in the kernel: it goes on", "what is not there: it is ended",
            "below the stack: it is ended", "to the end of user space and one byte further: it is ended",
            "around all addresses: it is ended", "to the end of the heap: it goes on", "one byte further: it is ended"]


def names(_given):
    """No byte behind the NUL is the kernel's business, and no string is longer than the room for it."""
    return ["a name that ends with the heap: starts", "one without its NUL: it is ended",
            "one of 63 characters, which no program has: is refused", "one of 64: is refused",
            "one of many: is refused"]


def every(_given):
    """The range ends before the page that is not there, or in it; nothing else counts."""
    return ["of 60 ranges around the end of the heap, 60 are judged as they are to be"]


def ports(given):
    """The map has a bit for each port, 1 for closed; in the beginning all are 1. The CPU finds it when
    load_user_ports() has been called."""
    value = given.between(0, 0, 255)
    return [f"without the right to: {SYSERR}", "all ports: 1", f"one behind the last: {SYSERR}",
            f"far behind it: {SYSERR}", "one port: 1", f"it writes {value} there, and reads {value}"]


def closed(_given):
    """A map belongs to a process. Of a bit's byte, the seven others stay as they are."""
    return ["one has a port: yes", "another that uses it: it is ended", "the one uses it again: it goes on",
            "the next port: it is ended", "a port 8 further: it is ended", "two ports at once: it is ended",
            "when it is closed again: it is ended"]


def kinds(_subject):
    """What comes from a device has nothing to do with the instruction before which it comes. What an instruction does
    not succeed in is an exception. A trap is what an instruction is there for."""
    return {"kind-divide": "exception", "kind-clock": "interrupt", "kind-call": "trap", "kind-page": "exception",
            "kind-key": "interrupt"}


def way_in(subject):
    """`make debug CHECK=calls`, break at system_call_entry: `x/5x $esp`, stepi. The address to go on at is in a gate of
    the IDT, which the kernel fills when it starts, and which no program can reach."""
    with subject.machine("entry-esp") as machine:
        machine.run_to(subject.symbol("system_call_entry"))
        esp = machine.registers()["esp"]
        found = {"decides": "the kernel", "entry-esp": esp, "user-esp-at": esp + 12, "return-to": machine.word(esp)}
        handlers = machine.words(subject.symbol("system_call_handlers"), CALLS)
        return {**found, "handler": next(registers["eip"] for registers in machine.steps()
                                         if registers["eip"] in handlers)}
