/* floating.c - a floating-point exception that the program unmasks */
#include <xinu.h>

__attribute__((noinline)) static void divide_by_zero(void)
{
    unsigned short control = 0x37F & ~4; /* division by zero */

    asm volatile("fldcw %0; fld1; fldz; fdivrp; fwait" : : "m"(control));
}

process main(void)
{
    printf("floating: 1.0 / 0.0\n");
    divide_by_zero();
    printf("floating: still here\n");
    return OK;
}
