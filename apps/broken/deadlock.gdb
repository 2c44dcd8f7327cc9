# Use: make debug APP=apps/broken/deadlock.c DETERMINISTIC=1 LIMIT=2000 GDBFLAGS="-batch -x apps/broken/deadlock.gdb"
set disassemble-next-line off
set trace-commands on
tbreak clkhandler if clkcountermsec == 300
continue
info threads
semaphores
bt 3
bt 4
print alice.lock
print bob.lock
process 3
info locals
print to->lock
