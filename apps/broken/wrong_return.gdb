# Use: make debug APP=apps/broken/wrong_return.c DETERMINISTIC=1 GDBFLAGS="-batch -x apps/broken/wrong_return.gdb"
set disassemble-next-line off
set trace-commands on
break exception_entry
continue
frame 1
print (char[4]) (int) $eip
print (char[4]) (int) $ebp
x/s $esp
