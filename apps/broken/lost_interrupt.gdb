# Use: make debug APP=apps/broken/lost_interrupt.c DETERMINISTIC=1 TIMEOUT=2 GDBFLAGS="-batch -x apps/broken/lost_interrupt.gdb"
set disassemble-next-line off
set trace-commands on
continue
backtrace
print clkcountermsec
info registers eflags
