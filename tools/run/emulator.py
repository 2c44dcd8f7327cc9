"""Starts QEMU with an image of the kernel, carries its console, and tells how the run ended.

run(Machine(...)) does it all; emulator() is for callers that talk to QEMU themselves, such as tools/run/debug.py.
"""

import contextlib
import dataclasses
import enum
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading

import console_pump
import disk
import inquiry
import qmp

QEMU = "qemu-system-i386"
OLDEST_QEMU = 6
WINDOWS = ("gtk", "sdl", "cocoa")  # with these names of -display, the best first
PATIENCE = 5  # seconds from SIGTERM to SIGKILL; a recording is completed meanwhile
START = 10  # seconds


class Outcome(enum.IntEnum):
    """How a run ended; the value is the exit code of tools/run/run.py."""

    POWERED_OFF = 0
    PANIC = 10
    REFUSED = 11
    RESET = 12
    TIMEOUT = 13
    EMULATOR = 14
    LIMIT = 15
    USAGE = 64
    INTERRUPTED = 130


# The kernel writes a value to the port of isa-debug-exit, and QEMU ends with 2 * value + 1.
OUTCOME_OF_STATUS = {
    2 * 0x10 + 1: Outcome.POWERED_OFF,
    2 * 0x11 + 1: Outcome.PANIC,
    2 * 0x12 + 1: Outcome.REFUSED,
    2 * 0x13 + 1: Outcome.LIMIT,
    0: Outcome.RESET,  # with -no-reboot, a reset ends QEMU with 0: never take that for success
}

REASONS = {
    Outcome.POWERED_OFF: "powered off",
    Outcome.PANIC: "panic: the kernel stopped itself; its report is above",
    Outcome.REFUSED: "refused: the kernel would not boot; its reason is above",
    Outcome.RESET: "reset: the machine was reset without an order from the kernel (a triple fault?); `make debug` "
                   "stops there",
    Outcome.TIMEOUT: "time-out: the run was ended after {timeout:g} seconds{answer}",
    Outcome.LIMIT: "limit: the run has reached {limit} msec of the machine's own time; where each process was is above",
    Outcome.INTERRUPTED: "interrupted",
}

ANSWERS = {
    True: "; where each process was is above",
    False: "; the kernel does not answer, not even a non-maskable interrupt",
    None: "",  # it was not asked
}

# What QEMU's -icount gets: an instruction takes 2^shift nanoseconds of the machine's time; with sleep=off, a machine
# that waits does not wait in real time. Without -icount, QEMU takes interrupts only between translation blocks: never
# within `n = n + 1`, nor between a comparison and its jump, and the races in a program would not show.
CLOCKS = {
    "interactive": "shift=1",
    "deterministic": "shift=3,sleep=off",
    # records what is typed, which QEMU (7.2) does not take in a recording with sleep=off while it waits
    "typed": "shift=3",
    "count": "shift=0,sleep=off",
    "sweep": "shift=10,sleep=off",
    "real": "",  # no -icount: the TSC is the host's (make bench REAL=1)
}


class EmulatorError(Exception):
    """QEMU is missing, too old, or did not start; the text is one line for the user."""


@dataclasses.dataclass
class Machine:
    """What to start. The image is an ELF file for QEMU's own multiboot loader, or an .iso file to boot from."""

    image: str
    memory: int = 128  # MiB
    clock: str = "interactive"  # a key of CLOCKS; "count" makes one TSC tick one instruction; "sweep" makes an
    # instruction take longer than a period of the 8254, which so can interrupt before any instruction
    model: str = "pc"  # or "isapc"
    seed: int = 0  # 0: regular clock interrupts; else the time between them varies, in a sequence of its own per seed
    limit: int = 0  # msec of the machine's own time after which the run ends with a report; 0: none
    single: bool = False  # translate instruction by instruction, so that a log (-d exec,cpu) shows every one
    gdb: object = None  # None: run at once; a GdbPort: wait there for gdb
    disk: str = ""  # the image file of the disk; none without
    extra: tuple = ()  # more arguments for QEMU; paths in them must be absolute, or in links
    console: str = "stdio"  # where the serial line leads: an argument of QEMU's -serial
    screen: str = "none"  # "window": with a VGA, and a window for it and the keyboard; "hidden": without the window
    ends_emulator: bool = True  # the kernel ends QEMU with a status; if not, the machine stays after power-off
    links: dict = dataclasses.field(default_factory=dict)  # files by the names that QEMU has for them
    wrapper: tuple = ()  # a command, with its arguments, that runs QEMU
    replay: str = ""  # more for -icount: ",rr=record,..." or ",rr=replay,..."

    def command(self):
        """QEMU's command line. It names the image `kernel.elf` or `kernel.iso`, in the current folder."""
        if self.image.endswith(".iso"):
            boot = ["-drive", "if=ide,media=cdrom,format=raw,readonly=on,index=2,file=kernel.iso", "-boot", "d"]
        else:
            options = ["debug-exit", *([f"seed={self.seed}"] if self.seed else []),
                       *([f"limit={self.limit}"] if self.limit else [])]
            boot = ["-kernel", "kernel.elf", "-append", " ".join(options)]
        if self.limit:
            boot += ["-global", "hpet.msi=on"]  # the timer that sends the NMI: arch/x86/device/limit.cpp
        # -no-shutdown: under gdb, a triple fault stops the machine, so that it can still be examined.
        debug = ["-S", "-gdb", self.gdb.option(), "-no-shutdown"] if self.gdb else []
        accelerator = ["-accel", "tcg"]
        if self.single:
            accelerator = ["-accel", "tcg,one-insn-per-tb=on"] if qemu_version() >= 9 else \
                ["-accel", "tcg", "-singlestep"]
        end = ["-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"] if self.ends_emulator else ["-no-shutdown"]
        rtc = ["-rtc", "base=2020-01-01,clock=vm"] if self.replay or self.clock != "interactive" else []
        # vapic: a replay of a machine with this aid for guests of KVM may hang. It is off in all runs, as they are one
        # machine.
        icount = ["-icount", CLOCKS[self.clock] + self.replay] if CLOCKS[self.clock] else []
        return [*self.wrapper, QEMU, *accelerator, "-M", self.model, "-cpu", "qemu32", "-global", "apic.vapic=off",
                "-m", str(self.memory), "-nodefaults", "-vga", "none" if self.screen == "none" else "std",
                "-display", window() if self.screen == "window" else "none", "-serial", self.console,
                "-no-reboot", *end, *icount, *rtc, *debug, *boot, *(disk.arguments() if self.disk else []), *self.extra]


@dataclasses.dataclass
class Result:
    outcome: Outcome
    reason: str


@contextlib.contextmanager
def emulator(machine, **streams):
    """A running QEMU, which ends at the latest when the block is left. Yields (process, file of its messages).

    The path of the image is passed to the kernel, and its length changes the number of instructions executed: so QEMU
    always sees the same short name, a link in a folder of its own.
    """
    suffix = ".iso" if machine.image.endswith(".iso") else ".elf"
    with tempfile.TemporaryDirectory(prefix="detour-") as folder, tempfile.TemporaryFile() as messages:
        disks = {disk.DEVICE: machine.disk} if machine.disk else {}
        for name, path in {"kernel" + suffix: machine.image, **disks, **machine.links}.items():
            os.symlink(os.path.abspath(path), os.path.join(folder, name))
        if machine.wrapper:  # it may run QEMU as another user, and as a child of its own
            os.chmod(folder, 0o755)
            streams["start_new_session"] = True
        if machine.gdb:
            streams["pass_fds"] = (*streams.get("pass_fds", ()), machine.gdb.socket.fileno())
        try:
            with machine.gdb.socket if machine.gdb else contextlib.nullcontext():  # it is QEMU's from here on
                process = subprocess.Popen(machine.command(), cwd=folder, stderr=messages, **streams)
        except OSError as error:
            raise EmulatorError(f"cannot start {QEMU}: {error.strerror}; 'make doctor' tells what is missing") from None
        try:
            yield process, messages
        finally:
            stop(process, bool(machine.wrapper))


def stop(process, group=False):
    """Ends this QEMU: SIGTERM, and SIGKILL if that has no effect (a hung one may ignore it). Closes its pipes.

    With group, all processes of its session get the signal: a wrapper hands none on, and waits for QEMU's end.
    """
    def send(number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number) if group else process.send_signal(number)

    if process.poll() is None:
        send(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            send(signal.SIGKILL)
            process.wait()
    for pipe in filter(None, (process.stdin, process.stdout)):
        pipe.close()


def qemu_version():
    """QEMU's major version; 0 if it does not tell."""
    text = subprocess.run([QEMU, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False)
    match = re.search(r"version (\d+)", text.stdout)
    return int(match.group(1)) if match else 0


def window():
    """The kind of window that this QEMU has, for -display."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise EmulatorError("there is no desktop to show a window on (DISPLAY is not set); run without DISPLAY=window")
    text = subprocess.run([QEMU, "-display", "help"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False)
    for kind in WINDOWS:
        if kind in text.stdout.split():
            return kind
    raise EmulatorError(f"this {QEMU} has no window; install Debian's qemu-system-gui, or run without DISPLAY=window")


def start_failure(status, messages):
    """The EmulatorError for a QEMU that ended with a status that is not the kernel's."""
    messages.seek(0)
    lines = [line for line in messages.read().decode(errors="replace").splitlines() if line.strip()]
    if qemu_version() < OLDEST_QEMU:
        return EmulatorError(f"{QEMU} is older than version {OLDEST_QEMU}; install a newer one")
    return EmulatorError(lines[-1] if lines else f"{QEMU} ended with the unexpected status {status}")


@contextlib.contextmanager
def monitored(machine):
    """Yields the machine with a monitor, the file descriptors that QEMU is to inherit for it, and our end of its
    socket."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        extra = (*machine.extra, *qmp.arguments(theirs.fileno()))
        yield dataclasses.replace(machine, extra=extra), (theirs.fileno(),), ours


def run(machine, sink, timeout=None, source=None, feed=True, keyboard=False, inquire=True):
    """Runs the machine to its end and returns a Result; raises EmulatorError.

    sink(bytes) gets the console as it comes. If feed, the file descriptor source (None: nothing) and then Ctrl-D are
    typed at the console; with keyboard, source is our terminal, whose keys all go there, but Ctrl-A X ends the run.
    timeout is in seconds of real time, from the kernel's first word. When it is over, and inquire, the kernel is asked
    for its report.
    """
    limit = console_pump.Limit(timeout, START)
    interrupted, answered, status = False, None, None
    with contextlib.ExitStack() as stack:
        descriptors, monitor = (), None
        inquire &= timeout is not None and not machine.replay and not machine.gdb
        if inquire:  # a replay would not know of the NMI
            machine, descriptors, monitor = stack.enter_context(monitored(machine))
        process, messages = stack.enter_context(emulator(
            machine, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, pass_fds=descriptors))

        def end(*_signal):
            nonlocal interrupted
            interrupted = True
            process.terminate()

        with handled_signals(end):
            in_time = console_pump.pump(process, source, sink, limit, feed,
                                        console_pump.Keyboard(end) if keyboard else None)
            try:
                status = process.wait(limit.left())
            except subprocess.TimeoutExpired:
                in_time = False
            if not in_time and monitor:
                answered = inquiry.where_is_it(monitor, process.stdout.fileno(), sink)
        if interrupted:
            outcome = Outcome.INTERRUPTED
        elif status == 0 and machine.screen == "window":
            return Result(Outcome.INTERRUPTED, "interrupted: the window was closed, or the machine was reset")
        elif not in_time:
            outcome = Outcome.TIMEOUT
        elif status in OUTCOME_OF_STATUS:
            outcome = OUTCOME_OF_STATUS[status]
        else:
            raise start_failure(status, messages)
    return Result(outcome, REASONS[outcome].format(timeout=timeout, limit=machine.limit, answer=ANSWERS[answered]))


@contextlib.contextmanager
def handled_signals(handler):
    """SIGINT, SIGTERM and SIGHUP go to handler inside the block. In threads beside the main one they cannot: signals
    are the affair of the program that started them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, old in previous.items():
            signal.signal(number, old)
