# Use: make debug APP=apps/broken/stack_overflow.c DETERMINISTIC=1 GDBFLAGS="-batch -x apps/broken/stack_overflow.gdb"
set disassemble-next-line off
set trace-commands on
break ways
ignore 1 200
continue
backtrace 3
backtrace -8
