"""The kernel's tables as gdb sees them: for the commands of this folder.

Variables are looked up in the kernel's own debug information, and not by the name alone: a ring-3 program has its own
`currpid` and `proctab` (the window). Tables are read whole, because each read of the stopped machine is a packet.
Nothing here trusts what it reads: the kernel may be damaged, which is when it is debugged.
"""

import gdb

import threads

STATES = ("free", "current", "ready", "receiving", "sleeping", "suspended", "waiting", "receiving, timed",
          "current, deferred", "sending", "awaiting a child", "locking")
(FREE, CURRENT, READY, RECEIVING, SLEEPING, SUSPENDED, WAITING, RECEIVING_TIMED, DEFERRED, SENDING, CHILD,
 LOCKING) = range(12)
ALARM, MESSAGE = 1, 2  # kinds of event: CB_ALARM, CB_MESSAGE

USER_BEGIN, USER_END = 0x40000000, 0xC0000000  # <xinu/userspace.h>
RETURN_PAGE = 0xBFFFF000  # code of the kernel that ring 3 executes: arch/x86/entry/return_page.S
WORD = 0xFFFFFFFF

loaded_program = None  # the name of the ring-3 program whose symbols gdb has; programs.py loads them


def kernel_file():
    """gdb's object file of the kernel: the one that `file` or the command line named."""
    main = gdb.current_progspace().filename
    for objfile in gdb.objfiles():
        if main and objfile.filename == main:
            return objfile
    raise gdb.GdbError("gdb has no image; say `file build/kernel/.../NAME.elf`")


def variable(name):
    """A variable of the kernel, by its fully qualified name: `detour::(anonymous namespace)::uptime`."""
    file = kernel_file()
    symbol = file.lookup_global_symbol(name) or file.lookup_static_symbol(name)
    if symbol is None:
        raise gdb.GdbError(f"{file.filename} has no `{name}`: it is no image of this kernel, or has no "
                           "debug information")
    return symbol.value()


def function_address(name):
    """The address of a function or label of the kernel, where a ring-3 program may have one of that name."""
    file = kernel_file()
    symbol = file.lookup_global_symbol(name)
    return symbol_address(name) if symbol is None else int(symbol.value().address)


def memory(address, count):
    """These bytes of the machine's memory."""
    try:
        return bytes(gdb.selected_inferior().read_memory(address, count))
    except gdb.error:
        raise gdb.GdbError(f"cannot read memory at {address:#010x}: is gdb connected to the machine?") from None


def word(address):
    """The 32-bit word at this address."""
    return int.from_bytes(memory(address & WORD, 4), "little")


class Array:
    """A table of the kernel, read at once: a C array or a std::array. Its elements are gdb.Values."""

    def __init__(self, value, length=None):
        kind = value.type.strip_typedefs()
        self.type = kind.target() if kind.code == gdb.TYPE_CODE_ARRAY else kind.template_argument(0)
        self.length = kind.sizeof // self.type.sizeof if length is None else length
        self.address = int(value.address)
        self.bytes = memory(self.address, self.length * self.type.sizeof)

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        if not 0 <= index < self.length:
            raise IndexError(index)
        size = self.type.sizeof
        return gdb.Value(self.bytes[index * size:(index + 1) * size], self.type.strip_typedefs())

    def numbers(self, size, signed=False):
        """The elements as numbers of this many bytes, if they hold nothing else."""
        return [int.from_bytes(self.bytes[at:at + size], "little", signed=signed)
                for at in range(0, len(self.bytes), size)]


def process_limit():
    """NPROC of this kernel."""
    kind = variable("detour::process_links").type.strip_typedefs()
    return kind.sizeof // kind.template_argument(0).sizeof


def processes():
    """The process table."""
    return Array(variable("proctab"), process_limit())


def process(pid):
    """The entry of this process in the process table."""
    entry = variable("proctab")[pid]
    entry.fetch_lazy()
    return entry


def current_pid():
    """currpid; a GdbError if no such process can be."""
    require_booted()
    pid = int(variable("currpid"))
    if not 0 <= pid < process_limit():
        raise gdb.GdbError(f"currpid is {pid}, which is no process: the kernel's variables are damaged")
    return pid


def is_booted():
    """Whether there is a process table yet. The null process is its first entry, and never ends."""
    return int(variable("prcount")) != 0 or name_of(process(0)) != ""


def require_booted():
    if gdb.selected_inferior().pid == 0:
        raise gdb.GdbError("there is no machine; connect gdb to one, or say `make debug`")
    if not is_booted():
        raise gdb.GdbError(f"the kernel has not booted yet, and there are no processes: the CPU is at "
                           f"{location(register('eip'))}. Say `break main` and `continue` first.")


def parse_pid(text, free=False):
    """The process that the user means: a number, or any expression. A GdbError if there is none."""
    require_booted()
    try:
        pid = int(gdb.parse_and_eval(text))
    except (gdb.error, OverflowError) as error:
        raise gdb.GdbError(f"{text} is no process id: {error}") from None
    if not 0 <= pid < process_limit():
        raise gdb.GdbError(f"there is no process {pid}: ids go from 0 to {process_limit() - 1}")
    if not free and int(process(pid)["prstate"]) == FREE:
        raise gdb.GdbError(f"there is no process {pid}; `ps` lists them")
    return pid


def name_of(entry):
    """prname, whatever it holds."""
    name = entry["prname"]
    first, last = name.type.range()
    text = bytes(int(name[i]) & 0xFF for i in range(first, last + 1)).split(b"\0")[0]
    return "".join(chr(c) if 0x20 <= c < 0x7F else "?" for c in text)


def state_name(state):
    state = int(state)
    return STATES[state] if state < len(STATES) else f"state {state}?"


def stack_range(entry):
    """The addresses of a process's stack: (lowest, end). For a ring-3 process, its kernel stack."""
    end = (int(entry["prstkbase"]) + 4) & WORD
    pages = -(-int(entry["prstklen"]) // 4096)  # a stack has whole pages
    return max(end - 4096 * pages, 0), end


def register(name):
    """A register of the CPU, unsigned, whichever thread is selected."""
    with threads.cpu_selected():
        return int(gdb.newest_frame().read_register(name)) & WORD


_addresses = {}  # of labels that were looked up


def symbol_address(name):
    """The address of a label, which needs no debug information."""
    if name not in _addresses:
        _addresses[name] = int(gdb.parse_and_eval(f"(unsigned long)&'{name}'"))
    return _addresses[name]


def known_address(name):
    """The same without asking gdb, where that would make it look for the current frame; None if it is not known."""
    return _addresses.get(name)


def forget_addresses(_=None):
    _addresses.clear()


def in_program(address):
    """Whether this is code of a program, in either ring."""
    return symbol_address("kernel.app_text") <= address < symbol_address("kernel.etext") or \
        USER_BEGIN <= address < RETURN_PAGE


def location(address):
    """A code address in terms of symbols: `resched+0x158`; the number alone if there is none."""
    text = gdb.execute(f"info symbol {address:#x}", to_string=True)
    if text.startswith("No symbol"):
        return f"{address:#010x}"
    return text.split(" in section")[0].replace(" + ", "+").strip()


def function_name(address, pid):
    """The function at a code address of this process, as far as its symbols are known."""
    if USER_BEGIN <= address < USER_END and (loaded_program is None or program_name(pid) != loaded_program):
        return f"{address:#010x}"
    return location(address).split("(")[0]


def user_space(pid):
    """What a process of ring 3 has in addition: see kernel/user/space.hpp."""
    spaces = variable("detour::user_spaces")
    kind = spaces.type.strip_typedefs().template_argument(0)
    return gdb.Value(int(spaces.address) + pid * kind.sizeof).cast(kind.pointer()).dereference()


def program_name(pid):
    """The name of the ring-3 program that a process runs; None for one of ring 0."""
    if int(process(pid)["prring"]) != 3 or int(user_space(pid)["program"]) == 0:
        return None
    name = int(user_space(pid)["program"]["name"])
    return memory(name, 64).split(b"\0")[0].decode(errors="replace")


def embedded_program(pid):
    """The file of the ring-3 program that a process runs, as it lies in the image."""
    program = user_space(pid)["program"]
    return memory(int(program["first"]), int(program["bytes"]))


def uptime():
    """Milliseconds since boot: wake times are in its terms. It wraps after 2^32."""
    return int(variable("detour::(anonymous namespace)::uptime"))


def clock():
    """clkcountermsec, which programs see, and may set."""
    return int(variable("clkcountermsec"))


def signed(number):
    """A difference of two 32-bit times."""
    return (number + 0x80000000 & WORD) - 0x80000000
