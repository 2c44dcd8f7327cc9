# Use: make debug APP=apps/broken/lost_interrupt.c DETERMINISTIC=1 LIMIT=2000 GDBFLAGS="-batch -x apps/broken/lost_interrupt.gdb"
set disassemble-next-line off
set trace-commands on
continue
backtrace
print clkcountermsec
frame function wait_until
info registers eflags
