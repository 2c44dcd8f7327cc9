/* kprintf(), printf(), kputc() and putchar() on the real console. */
#include <xinu.h>

#include <stdio.h>

process main(void)
{
    int written = kprintf("[%d|%i|%5d|%-5d|%05d|%+d]\n", -42, 42, 42, 42, 42, 42);
    kprintf("[%u|%x|%X|%08x|%#x|%o]\n", 4000000000u, 0xbeef, 0xbeef, 0xbeef, 0xbeef, 8);
    kprintf("[%s|%10s|%-10s|%.3s|%c|%%]\n", "text", "right", "left", "cut off", 'c');
    printf("[%ld|%lld|%llx|%*d]\n", 2147483647L, -9000000000000000000LL, 0x123456789abcdefULL, 6, 7);
    printf("written %d\n", written);
    for (int c = 'a'; c <= 'e'; c++)
        kputc(c);
    putchar('\n');
    return OK;
}
