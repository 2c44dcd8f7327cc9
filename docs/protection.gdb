# The stops of docs/protection.md. Use: make debug APP=rings.c RING=3 DETERMINISTIC=1 GDBFLAGS="-batch -x docs/protection.gdb"
# In deterministic mode the virtual clock skips to the next tick whenever gdb stops the machine (QEMU 7.2).

define space
  printf "   CR3 %08x, esp0 %08x\n", $cr3, 'detour::arch::main_task'.state.esp0
end

tbreak *upcreate
continue
printf "0. process %d calls upcreate(): CS %02x, prstkbase %08x\n", currpid, $cs, proctab[2].prstkbase
where
kstack 2

tbreak *system_call_entry
continue
printf "1. int $0x30 of process %d: EAX %08x, CS %02x, EFLAGS %08x\n", currpid, $eax, $cs, $eflags
kstack

tbreak *system_call_handlers[0]
continue
printf "2. the handler is called: ECX %08x, the frame\n", $ecx
kstack 3 16
where

tbreak *user_return
continue
stepi 3
printf "3. before iret: EAX %08x, DS %02x\n", $eax, $ds
kstack 3 5
stepi
printf "   after it: EIP %08x, CS %02x, ESP %08x, EFLAGS %08x\n", $eip, $cs, $esp, $eflags
where

tbreak *sysenter_entry
continue
printf "4. sysenter of process %d: EAX %08x, CS %02x, EFLAGS %08x\n", currpid, $eax, $cs, $eflags
printf "   ESP %08x, esp0 %08x; ECX %08x, EDX %08x\n", $esp, 'detour::arch::main_task'.state.esp0, $ecx, $edx
kstack 3 2
bt 3

tbreak *system_call_handlers[0]
continue
printf "5. the handler is called: ECX %08x, the frame\n", $ecx
kstack 3 16

tbreak **(unsigned *)$esp
continue
stepi 5
stepi
printf "6. before sysexit: EAX %08x, ECX %08x, EDX %08x\n", $eax, $ecx, $edx
printf "   after it: EIP %08x, CS %02x, ESP %08x, SS %02x\n", $eip, $cs, $esp, $ss

tbreak *system_call_handlers[10]
continue
tbreak *clkdisp_from_user if currpid == 3 && preempt == 1
continue
printf "7. clkdisp_from_user in process %d at msec %u, ", currpid, clkcountermsec
printf "alarm due at msec %u\n", proctab[3].pralarmtime
space
kstack 3 5

tbreak *clkhandler
continue
printf "8. clkhandler is called\n"
kstack 3 16

tbreak *ctxsw if currpid == 4
continue
printf "9. ctxsw is called: process %d is next\n", currpid
space
bt 3

tbreak *user_return if currpid == 4
continue
printf "10. user_return of process %d at msec %u\n", currpid, clkcountermsec
space
kstack 4 15

tbreak *user_detour_at_tick if currpid == 3 && (int)(clkcountermsec - proctab[3].pralarmtime) >= 0
continue
printf "11. process %d again, at msec %u\n", currpid, clkcountermsec
space
kstack 3 3

tbreak *user_return if currpid == 3
continue
printf "12. user_return of process 3: the frame leads to cbfmanager\n"
kstack 3

tbreak *0xbffff000 if currpid == 3
continue
printf "13. in the return page: EIP %08x, CS %02x, ESP %08x, EAX %08x\n", $eip, $cs, $esp, $eax
detour

tbreak *system_call_entry if currpid == 3 && $eax == 12
continue
printf "14. cbnext, at msec %u\n", clkcountermsec
kstack 3 5
bt 3

tbreak *user_return if currpid == 3
continue
printf "15. user_return: the registers of stop 8 again\n"
kstack 3 15
