"""What the public checks of the rings lab report on a right kernel, and what to think about if they do not.

One function a check: it gets the numbers (tools/labs/parameters.py) and returns the lines; its docstring is the hint.
"""

MASK = 0xFFFFFFFF
WORDS = 3000  # ../ring3/memory.c
SYSERR = -1
PRIORITY_ABOVE = 30  # labs/timing.h


def next_number(number):
    return number * 1664525 + 1013904223 & MASK


def frame(_given):
    """iret pops EIP, CS, EFLAGS, and because the ring changes, ESP and SS. Both selectors end with the ring: 3. Where
    the program begins and where its stack is, are the arguments of prepare_user_stack(). All words of the frame have a
    place in UserFrame (arch/x86/entry/frames.h)."""
    return ["EIP is the entry of the file: yes", "CS 1b, SS 23",
            "ESP is in the highest page of the program's stack: yes"]


def arguments(given):
    """A program begins when ctxsw() returns to user_return, which loads DS and ES, pops eight registers, and executes
    iret. It needs tasks 1 to 4. `make debug CHECK=arguments`, break at user_return, stepi."""
    total = 0
    for text in "arguments", str(given.number[0]), str(given.between(1, 0, 999)):
        for character in text:
            total = 31 * total + ord(character) & MASK
    return ["it has 5 arguments", f"a number made of their characters: {total}", "NULL behind them: yes"]


def refused(_given):
    """Believe no number in the file: compare each with what is left of the file, or of user space, before you add to
    it. The entry lies in a part that can be executed."""
    return ["the file as it is: accepted", "its entry: right, three parts: yes",
            "more bytes in the file than in memory: refused", "a part that ends behind the file: refused",
            "a part in the kernel: refused", "an entry that is in no part: refused",
            "the file as it is, again: accepted"]


def sum_of(words):
    return sum((i + 1) * word for i, word in words.items()) & MASK


def contents(given):
    """A part may begin and end anywhere in a page. The byte at `address` comes from `file_offset`, and for each page
    you copy what the part has in it."""
    constants = sum_of({0: 3, 1023: 14, 1024: 15, WORDS - 1: 92})
    variables = sum_of({0: 65, 1500: 35, WORDS - 1: 89}) + given.between(0, 0, 1000000) & MASK
    return [f"its constants {constants}, its variables {variables}"]


def zeroes(_given):
    """Memory beyond file_bytes is 0: in the last page of the file's bytes, too, and in pages of which the file has
    nothing."""
    return [f"program {i}: bytes of its variables that are to be 0, and are not: 0" for i in range(3)]


def apart(given):
    """Each process has a directory of its own. CR3 has to be that of the process by the time it runs in ring 3."""
    return ["all have a variable at one address: yes",
            *(f"in that of number {i} is {given.between(i, 1, 999999)}" for i in range(3))]


def between(_given):
    """Every switch from one process of ring 3 to another changes CR3, whatever its cause."""
    return ["programs that have come to their end: 3", "they found another value: no"]


def clock(given):
    """An interrupt in ring 3: the CPU takes SS and ESP from the TSS, and pushes five words there. ESP0 is where those
    words end up in UserFrame, with DS and ES above them."""
    return [f"a program computes for {given.between(0, 20, 60)} msec: yes", "in the end it goes on"]


def gates(_given):
    """The DPL of a gate says from which ring `int n` may go through it. Exceptions and interrupts do not ask. Ring 3
    needs system calls and breakpoints; an `int $14` that looks like a page fault it must not have."""
    return ["ring 3 may execute int 3: an interrupt gate, to segment 08",
            "ring 3 may execute int 48: an interrupt gate, to segment 08", "gates for rings 1 and 2: 0"]


def divide(_given):
    """Code of ring 3 cannot have torn the kernel's state: its faults are its own (F2)."""
    return ["a program divides by 0: it is ended", "one loads ES with the kernel's stack segment: it is ended",
            "one does nothing wrong: it goes on"]


def faults(given):
    """The page tables refuse it, and exception 14 comes. What follows is the same as for a division by 0."""
    return ["reading address 0: it is ended", f"writing address {given.between(0, 1, 4095)}: it is ended",
            "reading the kernel's code: it is ended", "writing a variable of the kernel: it is ended",
            "jumping into the kernel: it is ended", "the variable is 4711"]


def access(_given):
    """The error code tells reads from writes. To fetch an instruction is to read; but then the address is that of the
    instruction, which is EIP."""
    return ["reading what is not there: read of", "writing there: write to", "jumping there: execution of",
            "reading the kernel's code: read of", "writing the program's own code: write to"]


def reason(_given):
    """arch/x86/fault/exception_words.hpp has the reasons in their order: the first that is true counts. Whether the
    page is mapped, the error code tells."""
    return ["reading address 0: null pointer", "writing into page 0: null pointer",
            "reading the kernel's code: the kernel's memory", "writing a variable of the kernel: the kernel's memory",
            "writing the program's own code: the page is read-only", "reading what is not there: no such page"]


def calls(given):
    """The number is in EAX; the handler is in system_call_handlers, and gets the frame in ECX. What it returns goes
    where popal will find EAX."""
    return ["getpid() is right: yes", "uptime() is right: yes", f"send() sends {given.between(0, 1, 999999)}",
            "sleepms(3) returns 1", f"sleepms(-1) returns {SYSERR}"]


def unknown(_given):
    """Numbers are unsigned: 0x80000000 is a large one. Compare before you use it as an index."""
    return [*(f"unknown number {i}: {SYSERR}" for i in range(7)), "then it goes on"]


def registers(given):
    """pushal first, before you use any register; popal and iret last. Only the word of EAX may change between."""
    n = [next_number(given.number[0])]
    n.append(next_number(n[0]))
    n.append(next_number(n[1]))
    words = (n[2] + 1, n[0], n[1], n[2] + 2, n[2] + 3, n[2])
    return [*(f"{name} {word & MASK:08x}" for name, word in zip(("ebx", "ecx", "edx", "esi", "edi", "ebp"), words)),
            "esp: 0 bytes off"]


def pointers(given):
    """A program's address is a number. Whether it may read there, its page tables say (arch::user_page)."""
    return ["printing its own text: it goes on", f"printing from address {given.between(0, 1, 4000)}: it is ended",
            "printing the kernel: it is ended", "a request in the kernel: it is ended"]


def window(_given):
    """The kernel can write to more pages than the program can: `for_writing` says for what the range is."""
    return ["printing from the window: it goes on", "typing into the window: it is ended",
            "typing into its own code: it is ended"]


def strings(_given):
    """Nobody knows how long a string is before its NUL is found. Check a piece that lies in one page, copy it, and
    search in the copy."""
    return ["starting a program by its name: yes", "its name is in the kernel: it is ended",
            "its arguments are nowhere: it is ended", "one of them is in the kernel: it is ended"]


def rights(given):
    """may() looks into the capabilities of the caller, in user_spaces. is_own(): the caller itself, or a process whose
    parent it is; and a number can be used again, so that birth counts, too."""
    return [f"without the right to: kill() of another {SYSERR}", "it is there: yes",
            "with it: kill() of another 1", "it is there: no", "kill() of a child 1",
            f"without the right to: a higher priority {SYSERR}", f"with it: a higher priority {PRIORITY_ABOVE}",
            f"a lower priority {PRIORITY_ABOVE}", f"another's lower priority {SYSERR}"]
