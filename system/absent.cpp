// absent.cpp - calls of Xinu that programs make, for what this kernel does not have
#include <xinu.h>

syscall netstart()
{
    kprintf("netstart: this kernel has no network\n");
    return SYSERR;
}
