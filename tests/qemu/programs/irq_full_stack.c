/* Interrupts that find the stack of the process full: each ends that process, and the next ones arrive. */
#include "check.h"

#define PIC_MASTER_DATA 0x21
#define UART 0x3F8
#define UART_MODEM_CONTROL (UART + 4)
#define UART_LINE_STATUS (UART + 5)
#define NORMAL 0x0B /* as the kernel sets it: DTR, RTS, OUT2 */
#define LOOPBACK 0x10

static void out(uint16 port, byte value)
{
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static byte in(uint16 port)
{
    byte value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

/* As deep in a recursion; there is room for the CPU's frame, and no more. */
static void wait_on_full_stack(void)
{
    uint32 low = (uint32)proctab[currpid].prstkbase + 4 - proctab[currpid].prstklen;

    asm volatile("movl %0, %%esp\n\t"
                 "sti\n"
                 "1: jmp 1b"
                 :
                 : "r"(low + 64));
}

/* The device receives what it sends. Interrupts are masked, so that nothing else is sent meanwhile. */
static void type(char key)
{
    out(UART_MODEM_CONTROL, NORMAL | LOOPBACK);
    out(UART, key);
    while ((in(UART_LINE_STATUS)&1) == 0)
        ;
    out(UART_MODEM_CONTROL, NORMAL);
}

static process meets_tick(void)
{
    wait_on_full_stack();
    return OK;
}

static process meets_key(void)
{
    disable();
    out(PIC_MASTER_DATA, in(PIC_MASTER_DATA) | 1); /* no tick before the key */
    type('a');
    wait_on_full_stack();
    return OK;
}

static void run(process (*function)(void))
{
    pid32 pid = create(function, 4096, 30, "full", 0);

    resume(pid);
    CHECK(receive() == (umsg32)pid);
}

process main(void)
{
    run(meets_tick);
    uint32 msec = clkcountermsec;
    CHECK(sleepms(10) == OK && clkcountermsec - msec >= 10);
    run(meets_key);
    out(PIC_MASTER_DATA, in(PIC_MASTER_DATA) & ~1);
    CHECK(kgetc() == 'a');
    intmask mask = disable();
    type('b');
    restore(mask);
    CHECK(kgetc() == 'b');
    CHECK(sleepms(10) == OK);
    checks_done();
    return OK;
}
