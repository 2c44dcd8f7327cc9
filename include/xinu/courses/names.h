/*
 * names.h - constants, counters and fields of other course terms, for programs that only use them (docs/courses.md)
 *
 * A program that defines one of these itself has its own. Functions are not declared here, because programs declare
 * them, each in its own way: see <xinu/courses.h>.
 */
#ifndef XINU_COURSES_NAMES_H
#define XINU_COURSES_NAMES_H

#include <xinu/clock.h>
#include <xinu/types.h>

/* ---- events: registercbsig(), regcallbacksig(), sigcbreg(), xsigaction(), signalreg() ---- */

#ifndef MYSIGRECV
#define MYSIGRECV 5
#define MYSIGALRM 6
#define MYSIGXCPU 7
#endif
#ifndef XINUSIGRCV
#define XINUSIGRCV 10
#define XINUSIGXTIME 11
#define XINUSIGCHLD 12
#endif
#ifndef XSIGRCV
#define XSIGRCV 1
#define XSIGCHL 2
#define XSIGXTM 3
#endif
#ifndef XSIGIPC
#define XSIGIPC 1
#define XSIGALRM 2
#define XSIGGPF 3
#endif
#ifndef SIGRECV
#define SIGRECV 1
#define SIGXCPU 2
#endif
#ifndef SIGALRM
#define SIGALRM 3
#endif

/* ---- messages ---- */

#ifndef MSG_QUEUE_SIZE
#define MSG_QUEUE_SIZE 10 /* messages that a process can have waiting, of those sent by sendMsg() */
#endif

/* In some terms sendb() has a third argument, the most msec to wait: this is sendbt(). */
#define XINU_FOURTH(first, second, third, fourth, ...) fourth
#define sendb(...) XINU_FOURTH(__VA_ARGS__, sendbt, sendb, sendb, sendb)(__VA_ARGS__)

#ifdef DETOUR_SEND_PROCESSES /* by tools/build/compile_program.sh: create(sendblk, ...) */
syscall sendb();
syscall sendblk();
syscall sendbt();
syscall bsend();
#endif

#ifdef DETOUR_LOCKS
#include <xinu/courses/locks.h>
#endif

/* ---- pipes ---- */

typedef int32 pipid32; /* pipe id */

#ifndef NPIPE
#define NPIPE 10
#endif
#ifndef PIPE_SIZE
#define PIPE_SIZE 256 /* bytes that a pipe holds */
#endif

/* ---- debugging output ---- */

#ifndef XTEST_KPRINTF
#define XTEST_KPRINTF(...) kprintf(__VA_ARGS__)
#endif
#ifndef XDEBUG_KPRINTF
#define XDEBUG_KPRINTF(...) kprintf(__VA_ARGS__)
#endif
#ifndef XINUTEST_PRINT
#define XINUTEST_PRINT(...) kprintf(__VA_ARGS__)
#endif
#ifndef XINUDEBUG
enum { XINUDEBUG = 1 }; /* for `if (XINUDEBUG == 1)`; what is inside #ifdef XINUDEBUG needs the term's kernel */
#endif

/* ---- time ---- */

#ifdef __cplusplus
extern "C" {
#endif

/* Other names of clkcountermsec. */
extern uint32 clktimefine, clktimemilli, clktimemsec, clkcounterfine, clkmsec, ctr1000;

extern uint32 pipcount; /* pipes that there are: pipcreate() */

extern int cpu_time_is_counted; /* the kernel counts CPU time if the program refers to this */

#ifdef DETOUR_CPU_TIME /* by tools/build/compile_program.sh: the program uses prcpuused, or another name of it */
static int *const xinu_cpu_time __attribute__((used)) = &cpu_time_is_counted;
#endif

#ifdef __cplusplus
}
#endif

#endif
