/* floating.c - ring 3 has no floating point: its registers would show what other processes have left there */
#include <xinu.h>

__attribute__((noinline)) static void load_float(void)
{
    asm volatile("fld1");
}

process main(void)
{
    printf("floating: fld1\n");
    load_float();
    printf("floating: still here\n");
    return OK;
}
