/* xinu.h - everything that course code needs: #include <xinu.h> */
#ifndef XINU_H
#define XINU_H

#include <xinu/config.h>
#include <xinu/types.h>

#include <xinu/bufpool.h>
#include <xinu/clock.h>
#include <xinu/conf.h>
#include <xinu/date.h>
#include <xinu/device.h>
#include <xinu/file.h>
#include <xinu/interrupt.h>
#include <xinu/memory.h>
#include <xinu/name.h>
#include <xinu/net.h>
#include <xinu/pipe.h>
#include <xinu/ports.h>
#include <xinu/process.h>
#include <xinu/queue.h>
#include <xinu/ramdisk.h>
#include <xinu/resched.h>
#include <xinu/saved_stack.h>
#include <xinu/semaphore.h>
#include <xinu/tty.h>
#include <xinu/userspace.h>

#include <xinu/courses/names.h>
#include <xinu/prototypes.h>
#include <xinu/string.h>

/* A course may have its own shell. */
#if __has_include(<shell.h>)
#include <shell.h>
#else
#include <xinu/shell.h>
#endif

/* Where a course keeps the declarations of its own functions. */
#if __has_include(<prototypes.h>)
#include <prototypes.h>
#endif

#endif
