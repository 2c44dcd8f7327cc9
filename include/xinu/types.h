/* types.h - Xinu's type names and the results of its calls */
#ifndef XINU_TYPES_H
#define XINU_TYPES_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t byte;
typedef int8_t int8;
typedef int16_t int16;
typedef int32_t int32;
typedef int64_t int64;
typedef uint8_t uint8;
typedef uint16_t uint16;
typedef uint32_t uint32;
typedef uint64_t uint64;

typedef uint8 bool8;   /* TRUE or FALSE */
typedef int32 pid32;   /* process id: an index of proctab */
typedef int32 sid32;   /* semaphore id: an index of semtab */
typedef int16 pri16;   /* process priority: 1 to 32767, larger runs first */
typedef uint32 umsg32; /* a message */
typedef int16 qid16;   /* queue id */
typedef int32 bpid32;  /* buffer pool id */
typedef int32 did32;
typedef uint32 intmask; /* what disable() returns: the caller's interrupt flag (EFLAGS bit 9) */

typedef int32 syscall; /* result of a system call: OK, SYSERR or a value */
typedef int32 devcall;
typedef int32 status;   /* OK or SYSERR */
typedef void interrupt; /* result of an interrupt handler */
typedef int32 process;  /* result of a process's first function */
typedef int32 shellcmd; /* result of a shell command */

/* As C libraries have them. */
typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;

#define TRUE 1
#define FALSE 0
#define NULLCH '\0'
#define NULLSTR ""

#define OK 1
#define SYSERR (-1)
#undef EOF
#define EOF (-2)
#define TIMEOUT (-3)

#endif
