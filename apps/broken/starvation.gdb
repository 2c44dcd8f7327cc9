# Use: make debug APP=apps/broken/starvation.c DETERMINISTIC=1 LIMIT=2000 GDBFLAGS="-batch -x apps/broken/starvation.gdb"
set disassemble-next-line off
set trace-commands on
tbreak clkhandler if clkcountermsec == 300
continue
ready
pipe bt 4 | tail -n 2
