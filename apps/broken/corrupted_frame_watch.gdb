# Use: make debug APP=apps/broken/corrupted_frame.c DETERMINISTIC=1 GDBFLAGS="-batch -x apps/broken/corrupted_frame_watch.gdb"
set disassemble-next-line off
set trace-commands on
tbreak clkhandler if clkcountermsec == 55
continue
pipe kstack 3 | tail -n 7
set $of_resched = ((unsigned **) proctab[3].prstkptr)[9]
set $of_sleepms = (unsigned *) $of_resched[0]
watch -l *(void **) $of_sleepms
continue
backtrace 1
pipe kstack 3 | tail -n 8
