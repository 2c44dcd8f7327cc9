# Use: make debug APP=apps/broken/missing_eoi.c DETERMINISTIC=1 LIMIT=2000 GDBFLAGS="-batch -x apps/broken/missing_eoi.gdb"
set disassemble-next-line off
set trace-commands on
tbreak clkhandler if clkcountermsec == 300
continue
ps
print ticks
pipe monitor info pic | grep -o "^pic.*isr=.."
