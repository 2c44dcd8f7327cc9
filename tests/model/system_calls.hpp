// system_calls.hpp - the real system calls of system/, under names that libc does not have (see CMakeLists.txt)
#pragma once

#include "tests/host/fake_types.hpp"

extern "C" {
xinu_syscall cbsignal(uint16 etype, void (*cbf)(), uint32 val);
xinu_syscall dreamvac(void (*vacation)());
xinu_syscall sleepms(int32 msec);
xinu_syscall yield();
xinu_syscall suspend(pid32 pid);
pri16 resume(pid32 pid);
umsg32 receive();
umsg32 recvclr();
umsg32 recvtime(int32 maxwait);
xinu_syscall xinu_send(pid32 pid, umsg32 message);
xinu_syscall xinu_kill(pid32 pid);

// The program's code, for cbsignal(): only addresses.
extern int text, etext;
void on_alarm();
void on_message();
void on_vacation();
void on_nothing(); // is in no successful call
}
