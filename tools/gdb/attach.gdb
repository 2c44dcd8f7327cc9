# Read by gdb before it connects to the stopped machine. `continue` starts the kernel; `break main` first to
# stop at the program.
set pagination off
set confirm off
set print pretty on
set disassemble-next-line auto

# Leaving gdb ends the machine, where gdb would detach and let it run on.
python gdb.events.gdb_exiting.connect(lambda _: gdb.execute("kill") if gdb.selected_inferior().pid else None)
