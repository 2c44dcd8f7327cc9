/* ports.c - opens one port, the serial line's scratch register, and uses it; argv[1] says what it does then
 */
#include <xinu.h>

#define SCRATCH 0x3FF

static void out(uint16 port, byte value)
{
    asm volatile("outb %0, %1" : : "a"(value), "d"(port));
}

static byte in(uint16 port)
{
    byte value;
    asm volatile("inb %1, %0" : "=a"(value) : "d"(port));
    return value;
}

int main(int argc, char *argv[])
{
    printf("ports: ioperm %d\n", ioperm(SCRATCH, 1, 1));
    printf("ports: beyond %d %d %d\n", ioperm(0x10000, 1, 1), ioperm(0xFFFF, 2, 1), ioperm(0xFFFFFFFF, 2, 1));
    out(SCRATCH, 0x5A);
    printf("ports: wrote 0x5a, read %#x\n", in(SCRATCH));
    if (argc > 1 && strcmp(argv[1], "closed") == 0) {
        printf("ports: closed %d\n", ioperm(SCRATCH, 1, 0));
        in(SCRATCH);
    } else if (argc > 1 && strcmp(argv[1], "wide") == 0) {
        asm volatile("inw %%dx, %%ax" : : "d"(SCRATCH) : "eax"); /* the second byte belongs to another port */
    } else {
        in(SCRATCH - 1);
    }
    printf("ports: goes on\n");
    return OK;
}
