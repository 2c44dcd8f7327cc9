/*
 * xinu.h - the system's interface for ring-3 programs: #include <xinu/text.h>
#include <xinu.h>
 *
 * A subset of the header of the same name for ring-0 programs, so a source that uses only this subset compiles for both
 * rings. Calls that are missing, such as create() and wait(), do not link. include/xinu/prototypes.h is the contract of
 * each call; include/xinu/systemcalls.h lists those that trap.
 */
#ifndef XINU_H
#define XINU_H

#include <xinu/config.h>
#include <xinu/states.h>
#include <xinu/stdio.h>
#include <xinu/string.h>
#include <xinu/systemcalls.h>
#include <xinu/text.h>
#include <xinu/types.h>
#include <xinu/userspace.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the system calls: a prototype for each in the list; three of them differ from it ---- */

#define exit exit_of_the_list     /* Xinu's programs call exit() or exit(0): see below */
#define cbnext cbnext_of_the_list /* only the return page makes this call */
#define getpid getpid_by_trap     /* the null call, for measurements; by sysenter if the CPU has it */
#define PROTOTYPE(number, result, name, parameters) result name parameters;
SYSTEM_CALLS(PROTOTYPE)
#undef PROTOTYPE
#undef exit
#undef cbnext
#undef getpid

#ifdef __cplusplus
__attribute__((noreturn)) void exit(int code = 0) noexcept; /* ends the calling process; the code is not kept */
#else
void exit(); /* the same */
#endif
pid32 getpid(void); /* the caller's id, without a trap */
pid32 getpid_by_interrupt(void);
pid32 getpid_by_sysenter(void);

/* ---- the window: a part of the kernel's table, read-only; writing it is a page fault ---- */

#define procent publicentry /* course code says struct procent; see <xinu/userspace.h> for its fields */

extern struct procent proctab[];       /* NPROC entries */
extern pid32 currpid;                  /* the running process: always the reader itself */
extern volatile int32 prcount;         /* number of processes, including the null process */
extern volatile uint32 clkcountermsec; /* msec since boot; wraps after 49.7 days */
extern volatile uint32 clktime;        /* seconds since boot */

/* ---- functions of the library ---- */

syscall sleep(int32 seconds); /* blocks; 0 to MAXSECONDS */
uint64 getticks(void);        /* the CPU's time stamp counter */

int kprintf(XINU_TEXT *fmt, ...) __attribute__((format(printf, 1, 2)));
int printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
syscall kputc(byte c);
syscall kgetc(void); /* blocks for a typed character; EOF (-2) for Ctrl-D */
int putchar(int c);
int getchar(void);

char *getmem(uint32 nbytes);                 /* a block, 8-byte aligned, or (char *)SYSERR */
syscall freemem(char *block, uint32 nbytes); /* a block from getmem, with the same size */

/* The bounds of the program, from the linker: take their addresses. */
extern int text, etext, data, edata, bss, ebss, end;

#ifdef __cplusplus
}
#endif

#endif
