#!/usr/bin/env python3
"""Boots an image under gdb and sends an NMI once before each instruction of the paths between ring 3 and the kernel.
These run with interrupts masked, so that only an NMI or a debug exception can hit there.

Usage: nmi.py IMAGE.elf CPU

Prints the console of the kernel, and then four lines: how many instructions there are; those that the kernel did not
report as the ones before which the NMI came; those that had flags of ring 3 that would hurt the kernel, where they must
be cleared; and how many had them elsewhere. Exit code 0: the kernel powered the machine off.
"""

import os
import re
import subprocess
import sys
import tempfile

TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "run")
sys.path.insert(0, TOOLS)

import emulator  # noqa: E402
import gdb_port  # noqa: E402

WAYS = ("system_call_entry", "sysenter_entry", "clkdisp_from_user")  # in the program's order
FROM_RING0 = 3  # the last instructions of system_call_entry, which an `int $0x30` of the kernel itself would come to
USER_FLAGS = 0x44500  # AC, NT, DF, TF
SECONDS = 60


def gdb(arguments):
    command = ["gdb", "-nx", "-q", "-batch", *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True,
                          timeout=SECONDS, check=False).stdout


def instructions(image, has_sysenter):
    """Where the NMI should come, by address: whether the flags of ring 3 must be cleared there."""
    found = {}
    for way in WAYS:
        if way == "sysenter_entry" and not has_sysenter:
            continue
        listing = gdb([image, "-ex", f"disassemble '{way}'"])
        lines = re.findall(r"^\s*(0x[0-9a-f]+) <.*>:\s*(\S+)", listing, re.MULTILINE)
        if way == "system_call_entry":
            lines = lines[:-FROM_RING0]
        cleared = False
        for address, operation in lines:
            found[int(address, 16)] = cleared
            cleared = cleared or operation.startswith("popf")
    return found


def press(image, port, addresses):
    """Breakpoints are temporary: an instruction with one would be stepped over first, and the NMI come after it."""
    script = ["set pagination off", "set confirm off", f"target remote 127.0.0.1:{port}"]
    script += ["thbreak nmi_ready", "continue"]
    for address in addresses:
        script += [f"thbreak *{address:#x}", "continue", "monitor nmi"]
    script.append("continue")
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as file:
        file.write("\n".join(script) + "\n")
        file.flush()
        return gdb([image, "-x", file.name])


def run(image, cpu, addresses):
    """Returns what the kernel wrote, and how the machine ended."""
    machine = emulator.Machine(image, clock="deterministic", gdb=gdb_port.GdbPort(), extra=("-cpu", cpu))
    with tempfile.TemporaryFile() as console:
        with emulator.emulator(machine, stdin=subprocess.DEVNULL, stdout=console) as (qemu, _):
            machine.gdb.wait(qemu)
            log = press(image, machine.gdb.number, addresses)
            outcome = emulator.OUTCOME_OF_STATUS.get(qemu.wait(SECONDS))
        console.seek(0)
        text = console.read().decode(errors="replace")
    if outcome != emulator.Outcome.POWERED_OFF:
        print(f"nmi: the machine ended with {outcome}; gdb says:\n{log}", file=sys.stderr)
    return text, outcome


def main(image, cpu):
    addresses = instructions(image, "-sep" not in cpu)
    text, outcome = run(image, cpu, addresses)
    report = r"^non-maskable interrupt in .*\n(?:.*\n){2}  eip ([0-9a-f]{8})  cs  \S+  efl ([0-9a-f]{8})"
    reported = {int(eip, 16): int(flags, 16) for eip, flags in re.findall(report, text, re.MULTILINE)}
    missing = sorted(set(addresses) - set(reported))
    flagged = sorted(at for at, flags in reported.items() if flags & USER_FLAGS)
    unclean = [at for at in flagged if addresses.get(at)]
    print(text)
    print("instructions:", len(addresses))
    print("not reported:", *(f"{address:08x}" for address in missing))
    print("with flags of ring 3:", *(f"{address:08x}" for address in unclean))
    print("with them before:", len(flagged) - len(unclean))
    return int(outcome != emulator.Outcome.POWERED_OFF)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
