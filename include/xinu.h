/* xinu.h - everything that course code needs: #include <xinu.h> */
#ifndef XINU_H
#define XINU_H

#include <xinu/config.h>
#include <xinu/types.h>

#include <xinu/device.h>
#include <xinu/process.h>
#include <xinu/saved_stack.h>
#include <xinu/semaphore.h>
#include <xinu/userspace.h>

#include <xinu/prototypes.h>
#include <xinu/string.h>

#endif
