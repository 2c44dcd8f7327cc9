/* float_error.c - a floating-point error ends a process that unmasked it, and no other */
#include "float_state.h"

static process divides(void)
{
    uint16 control = 0x37F & ~4; /* division by zero is no longer masked */
    volatile double divisor = 0;

    asm volatile("fldcw %0" : : "m"(control));
    divisor = 1 / divisor;
    spin(5); /* another instruction may come much later */
    asm volatile("fwait");
    kprintf("it goes on\n");
    return OK;
}

static volatile double zero;

process main(void)
{
    resume(create(divides, 4096, INITPRIO + 1, "divides", 0));
    receive();
    zero = 1 / zero;        /* masked */
    CHECK(is_clean() == 0); /* the status word shows it */
    CHECK(zero > 1e308);
    checks_done();
    return OK;
}
