# Use: make debug APP=apps/broken/wild_callback.c DETERMINISTIC=1 GDBFLAGS="-batch -x apps/broken/wild_callback_timer.gdb"
set disassemble-next-line off
set trace-commands on
tbreak start_timer
continue
backtrace
frame function remind
print &timer
