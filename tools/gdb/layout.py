"""Writes, as JSON, where the process table of an image lies and what it holds: for tools/run/process_threads.py, which
runs outside gdb. `python import layout` in a gdb that has the image."""

import json

import gdb

import kernel_data
from kernel_data import kernel_file, process_limit, symbol_address, variable

FIELDS = "prstate prstkptr prstkbase prstklen prname".split()


def place(kind, name):
    """[offset, size] of a member, in bytes."""
    field = next(field for field in kind.fields() if field.name == name)
    return [field.bitpos // 8, field.type.sizeof]


def layout():
    entry = variable("proctab").type.target()
    registers = variable("detour::user_registers")
    registers_type = registers.type.strip_typedefs().template_argument(0)
    resumption = gdb.Value(symbol_address("ctxsw_resumption")).cast(gdb.lookup_type("uint32").pointer()).dereference()
    return {
        "proctab": symbol_address("proctab"), "entry_size": entry.sizeof, "nproc": process_limit(),
        "fields": {name: place(entry, name) for name in FIELDS},
        "prcount": symbol_address("prcount"), "currpid": symbol_address("currpid"),
        "states": kernel_data.STATES, "resumption": int(resumption),
        "directories": int(registers.address) + place(registers_type, "directory")[0],
        "directory_distance": registers_type.sizeof,
        "user": [kernel_data.USER_BEGIN, kernel_data.USER_END],
    }


print(json.dumps(layout()))
