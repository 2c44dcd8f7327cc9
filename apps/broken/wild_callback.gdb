# Use: make debug APP=apps/broken/wild_callback.c DETERMINISTIC=1 GDBFLAGS="-batch -x apps/broken/wild_callback.gdb"
set disassemble-next-line off
set trace-commands on
break exception_entry
continue
pipe detour | grep -e claimed -e verdict
frame function on_alarm
print timer
print timer->function
