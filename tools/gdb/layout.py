"""Writes, as JSON, where the process table of an image lies and what it holds: for tools/run/process_threads.py, which
runs outside gdb. `python import layout` in a gdb that has the image."""

import json

import gdb

import kernel_data
from kernel_data import kernel_file, process_limit, symbol_address, variable

PROCESS = "prstate prstkptr prstkbase prstklen prname".split()
USER_REGISTERS = "directory fs gs".split()  # of ring-3 processes only


def places(kind, names):
    """{name: [offset, size]} of these members, in bytes."""
    return {field.name: [field.bitpos // 8, field.type.sizeof] for field in kind.fields() if field.name in names}


def layout():
    entry = variable("proctab").type.target()
    registers = variable("detour::user_registers")
    user_entry = registers.type.strip_typedefs().template_argument(0)
    resumption = gdb.Value(symbol_address("ctxsw_resumption")).cast(gdb.lookup_type("uint32").pointer()).dereference()
    return {
        "proctab": symbol_address("proctab"), "entry_size": entry.sizeof, "nproc": process_limit(),
        "fields": {**places(entry, PROCESS), **places(user_entry, USER_REGISTERS)},
        "prcount": symbol_address("prcount"), "currpid": symbol_address("currpid"),
        "states": kernel_data.STATES, "resumption": int(resumption),
        "user_registers": int(registers.address), "user_size": user_entry.sizeof,
        "user": [kernel_data.USER_BEGIN, kernel_data.USER_END],
    }


print(json.dumps(layout()))
