# Use: make debug APP=apps/broken/lost_interrupt.c DETERMINISTIC=1 LIMIT=2000 GDBFLAGS="-batch -x apps/broken/lost_interrupt_calls.gdb"
set disassemble-next-line off
set trace-commands on
break disable
commands
  silent
  backtrace 2
  continue
end
break restore
commands
  silent
  backtrace 2
  continue
end
continue
