# Use: make debug APP=apps/broken/corrupted_frame.c DETERMINISTIC=1 GDBFLAGS="-batch -x apps/broken/corrupted_frame.gdb"
set disassemble-next-line off
set trace-commands on
break exception_entry
continue
backtrace 2
frame function worker
print $ebp
print clkcountermsec
