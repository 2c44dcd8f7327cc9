# Use: make debug APP=apps/broken/null_pointer.c DETERMINISTIC=1 GDBFLAGS="-batch -x apps/broken/null_pointer.gdb"
set disassemble-next-line off
set trace-commands on
break exception_entry
continue
backtrace
frame function number_of
list
print setting
