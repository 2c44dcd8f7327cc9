# Read by gdb before it connects to the stopped machine. `continue` starts the kernel; `break main` first to
# stop at the program.
set pagination off
set confirm off
set print thread-events off
set print pretty on
set disassemble-next-line auto

# In seconds. On a busy host QEMU may be late with an answer; after gdb's 2 seconds gdb takes it for that to its next
# question, and all that it says from then on is wrong.
set remotetimeout 20

# Leaving gdb ends the machine, where gdb would detach and let it run on.
python gdb.events.gdb_exiting.connect(lambda _: gdb.execute("kill") if gdb.selected_inferior().pid else None)

# Our commands: ps, ready, ... A script of gdb does not know where it lies itself: tools/run/gdb_session.py says so, or
# the image lies below the checkout.
python
import pathlib
def load_extension():
    image = pathlib.Path(gdb.current_progspace().filename or "").resolve()
    places = [pathlib.Path(globals().get("detour_root", ".")), *image.parents]
    for script in (place / "tools" / "gdb" / "extension.py" for place in places):
        if script.is_file():
            return gdb.execute(f"source {script}")
    gdb.write("there is no tools/gdb/extension.py above the image: no `ps` and so on; `source` it by hand\n",
              gdb.STDERR)
load_extension()
end
