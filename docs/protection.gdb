# The stops of docs/protection.md. Use: make debug APP=rings.c RING=3 DETERMINISTIC=1 GDBFLAGS="-batch -x docs/protection.gdb"
# In deterministic mode the virtual clock skips to the next tick whenever gdb stops the machine (QEMU 7.2).

# The words at ESP are $w[0], $w[1] and so on.
define stack
  set $w = (unsigned *) $esp
end
define two
  printf "   %08x: %08x %08x                    ", &$w[$arg0], $w[$arg0], $w[$arg0+1]
end
define three
  printf "   %08x: %08x %08x %08x           ", &$w[$arg0], $w[$arg0], $w[$arg0+1], $w[$arg0+2]
end
define four
  printf "   %08x: %08x %08x %08x %08x  ", &$w[$arg0], $w[$arg0], $w[$arg0+1], $w[$arg0+2], $w[$arg0+3]
end

# user_frame INDEX: a UserFrame
define user_frame
  four $arg0
  echo EDI ESI EBP ESP \\ pushal\n
  four ($arg0+4)
  echo EBX EDX ECX EAX /\n
  three ($arg0+8)
  echo EIP CS EFLAGS\n
  two ($arg0+11)
  echo ESP SS\n
  two ($arg0+13)
  echo DS ES\n
end
define space
  printf "   CR3 %08x, esp0 %08x\n", $cr3, 'detour::arch::main_task'.state.esp0
end

tbreak *upcreate
continue
printf "0. process %d calls upcreate(): CS %02x\n", currpid, $cs
printf "   ESP %08x, prstkbase %08x, prstklen %08x\n", $esp, proctab[1].prstkbase, proctab[1].prstklen
printf "   return address %08x, app_text %08x, etext %08x\n", *(unsigned *)$esp, &'kernel.app_text', &'kernel.etext'
printf "   EBP %08x leads to %08x: the frame of the function given to create()\n", $ebp, *(unsigned *)$ebp

tbreak *system_call_entry
continue
stack
printf "1. int $0x30 of process %d: EAX %08x, CS %02x, EFLAGS %08x\n", currpid, $eax, $cs, $eflags
three 0
echo EIP CS EFLAGS \\ by the CPU\n
two 3
echo ESP SS        /\n
two 5
echo not yet DS, ES\n
printf "   %08x: %08x                             STACKMAGIC, at prstkbase %08x\n", &$w[7], $w[7], proctab[currpid].prstkbase

tbreak *system_call_handlers[0]
continue
stack
printf "2. the handler is called: ECX %08x, the frame\n", $ecx
printf "   %08x: %08x                             return address, into system_call_entry\n", $w, $w[0]
user_frame 1

tbreak *user_return
continue
stepi 3
stack
set $data = $ds
stepi
printf "3. before iret: EAX %08x, DS %02x\n", $eax, $data
three 0
echo EIP CS EFLAGS\n
two 3
echo ESP SS\n
printf "   after it: EIP %08x, CS %02x, ESP %08x, EFLAGS %08x\n", $eip, $cs, $esp, $eflags

tbreak *sysenter_entry
continue
stack
printf "4. sysenter of process %d: EAX %08x, CS %02x, EFLAGS %08x\n", currpid, $eax, $cs, $eflags
printf "   ESP %08x, esp0 %08x; ECX %08x, EDX %08x\n", $esp, 'detour::arch::main_task'.state.esp0, $ecx, $edx

tbreak *system_call_handlers[0]
continue
stack
printf "5. the handler is called: ECX %08x, the frame\n", $ecx
printf "   %08x: %08x                             return address, into sysenter_entry\n", $w, $w[0]
user_frame 1

tbreak **(unsigned *)$esp
continue
stepi 5
stepi
printf "6. before sysexit: EAX %08x, ECX %08x, EDX %08x\n", $eax, $ecx, $edx
printf "   after it: EIP %08x, CS %02x, ESP %08x, SS %02x\n", $eip, $cs, $esp, $ss

tbreak *system_call_handlers[10]
continue
tbreak *clkdisp_from_user if currpid == 2 && 'detour::ticks_left' == 1
continue
stack
printf "7. clkdisp_from_user in process %d at msec %u, alarm due at msec %u\n", currpid, clkcountermsec, proctab[2].pralarmtime
three 0
echo EIP CS EFLAGS\n
two 3
echo ESP SS\n
space

tbreak *clkhandler
continue
stack
printf "8. clkhandler is called\n"
printf "   %08x: %08x                             return address, into clkdisp_from_user\n", $w, $w[0]
user_frame 1

tbreak *ctxsw if currpid == 3
continue
printf "9. ctxsw is called: process %d is next\n", currpid
space

tbreak *user_return if currpid == 3
continue
stack
printf "10. user_return of process %d at msec %u\n", currpid, clkcountermsec
space
user_frame 0

tbreak *user_detour_at_tick if currpid == 2 && (int)(clkcountermsec - proctab[2].pralarmtime) >= 0
continue
stack
printf "11. process %d again, at msec %u\n", currpid, clkcountermsec
space
two 0
echo return address; the frame\n

tbreak *user_return if currpid == 2
continue
stack
printf "12. user_return of process 2: the frame leads to cbfmanager\n"
user_frame 0
set $w = (unsigned *) $w[11]
printf "   and on the stack of ring 3:\n"
three 0
echo alarm, message, vacation\n
four 3
echo EDI ESI EBP ESP\n
four 7
echo EBX EDX ECX EAX\n
three 11
echo EIP CS EFLAGS of the interrupted code\n

tbreak *0xbffff000 if currpid == 2
continue
printf "13. in the return page: EIP %08x, CS %02x, ESP %08x, EAX %08x\n", $eip, $cs, $esp, $eax

tbreak *system_call_entry if currpid == 2 && $eax == 12
continue
stack
printf "14. cbnext, at msec %u\n", clkcountermsec
three 0
echo EIP CS EFLAGS\n
two 3
echo ESP SS\n

tbreak *user_return if currpid == 2
continue
stack
printf "15. user_return: the registers of stop 8 again\n"
user_frame 0
