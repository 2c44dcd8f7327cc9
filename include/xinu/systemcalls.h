/* clang-format off */
/*
 * systemcalls.h - the system calls of ring-3 programs: the one list
 *
 * The kernel's table of handlers (system/ring3/calls.cpp), the stubs of the user library (user/lib/stubs.S), their
 * prototypes (user/include/xinu.h) and the table in docs/protection.md are all made from it. For C, C++ and assembly.
 *
 * The call: number in EAX, arguments in EBX, ESI, EDI (in this order), result in EAX; all other registers are
 * preserved. There are two ways to enter the kernel:
 *
 *     int $0x30   EFLAGS is preserved too
 *     sysenter    ECX = ESP and EDX = EIP to return to; ECX, EDX and EFLAGS are lost, DS and ES return flat
 *
 * An unknown number returns SYSERR. A bad pointer ends the process.
 *
 * sbrk() moves the end of the heap by this many bytes and returns the old end; SYSERR, with nothing changed,
 * if the new end is out of bounds, there is no memory, or the limits do not allow the process so many pages.
 * spawn() returns the id of the new process; SYSERR for the reasons given for upcreate() in
 * include/xinu/prototypes.h, including the limits. Those are set at creation: spawnrequest in
 * <xinu/userspace.h>.
 *
 *          number  result       name      parameters
 */
#define SYSTEM_CALLS(CALL) \
    CALL(  0, pid32,       getpid,   (void)) \
    CALL(  1, void,        exit,     (void)) \
    CALL(  2, devcall,     write,    (did32 device, const char *buffer, uint32 count)) \
    CALL(  3, devcall,     read,     (did32 device, char *buffer, uint32 count)) \
    CALL(  4, syscall,     sleepms,  (int32 msec)) \
    CALL(  5, syscall,     yield,    (void)) \
    CALL(  6, syscall,     send,     (pid32 pid, umsg32 msg)) \
    CALL(  7, umsg32,      receive,  (void)) \
    CALL(  8, umsg32,      recvclr,  (void)) \
    CALL(  9, umsg32,      recvtime, (int32 maxwait)) \
    CALL( 10, syscall,     cbsignal, (uint16 etype, void (*cbf)(void), uint32 val)) \
    CALL( 11, syscall,     dreamvac, (void (*vacation)(void))) \
    CALL( 12, void,        cbnext,   (void)) \
    CALL( 13, syscall,     getprio,  (pid32 pid)) \
    CALL( 14, pri16,       chprio,   (pid32 pid, pri16 newprio)) \
    CALL( 15, syscall,     kill,     (pid32 pid)) \
    CALL( 16, char *,      sbrk,     (int32 increment)) \
    CALL( 17, uint32,      uptime,   (void)) \
    CALL( 18, syscall,     ioperm,   (uint32 first, uint32 count, int32 on)) \
    CALL( 19, pid32,       spawn,    (const struct spawnrequest *request)) \
    CALL( 20, syscall,     halt,     (void))
/* clang-format on */
#ifndef XINU_SYSTEMCALLS_H
#define XINU_SYSTEMCALLS_H

#define SYSTEM_CALL_VECTOR 0x30
#define SYSTEM_CALL_COUNT 21
#define SYSTEM_CALL_CBNEXT 12 /* the number of cbnext, for assembly; checked in system/ring3/calls.cpp */

#endif
