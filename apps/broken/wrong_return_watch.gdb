# Use: make debug APP=apps/broken/wrong_return.c DETERMINISTIC=1 GDBFLAGS="-batch -x apps/broken/wrong_return_watch.gdb"
set disassemble-next-line off
set trace-commands on
break greet if name[0] == 'M'
continue
watch -l *(void **) ($ebp + 4)
continue
backtrace 1
print (char *) to - 12
