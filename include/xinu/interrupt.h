/*
 * interrupt.h - for a program that drives a device itself: its interrupt, and the ports of its registers
 */
#ifndef XINU_INTERRUPT_H
#define XINU_INTERRUPT_H

#include <xinu/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Lets the handler at this address, a function void (*)(void), serve the interrupt `xnum` from now on: 32 is the PC's
 * line IRQ 0, 47 is IRQ 15; the line is unmasked. For a driver: set_evec(device->dvirq, (uint32)device->dvintr).
 * Returns OK. SYSERR: no such line, one that the kernel serves itself (the clock 32, the serial line 36, the disk 46,
 * 34, which has no device, and with a screen the keyboard 33), or a handler that is not code.
 *
 * The handler is called with interrupts masked, on the stack of the process that was interrupted, and returns. It may
 * call what does not wait: signal(), send(), ...; what it makes ready runs when it has returned. Saving registers and
 * ending the interrupt at the controllers are the kernel's part. In Xinu, the handler does both, in assembly.
 */
int32 set_evec(uint32 xnum, uint32 handler);

/* What the port of this number reads; writes to it. `count` words of 16 bits, through one port. */
byte inb(uint16 port);
uint16 inw(uint16 port);
uint32 inl(uint16 port);
void outb(uint16 port, byte value);
void outw(uint16 port, uint16 value);
void outl(uint16 port, uint32 value);
void insw(uint16 port, void *buffer, uint32 count);
void outsw(uint16 port, const void *buffer, uint32 count);

#ifdef __cplusplus
}
#endif

#endif
